"""Luck from keys: uniforms, and the laws of handle times and patience.

Every contact has a key of 64 random bits; whatever is random about it, and the
keys of the contacts that follow from it, are functions of that key and a
counter. The same contact so has the same luck under every schedule, whatever
happened before it. The bits are those of splitmix64 [1]_ started at the key,
normal quantiles are those of algorithm AS 241 [2]_, gamma variates come by
rejection [3]_.

References
----------
.. [1] Steele, G. L., D. Lea, and C. H. Flood (2014). Fast splittable
       pseudorandom number generators. *OOPSLA 2014*: 453-472.
       https://doi.org/10.1145/2660193.2660195
.. [2] Wichura, M. J. (1988). Algorithm AS 241: the percentage points of the
       normal distribution. *Applied Statistics*, 37(3): 477-484.
       https://doi.org/10.2307/2347330
.. [3] Marsaglia, G., and W. W. Tsang (2000). A simple method for generating
       gamma variables. *ACM Transactions on Mathematical Software*, 26(3):
       363-372. https://doi.org/10.1145/358407.358414
"""

from __future__ import annotations

from math import log, sqrt

import numpy as np

from wfplan.compiled import part
from wfplan.simulation.frames import whole

FIXED, EXPONENTIAL, LOGNORMAL, GAMMA = 0, 1, 2, 3
LAWS = ("fixed", "exponential", "lognormal", "gamma")

HANDLE, PATIENCE, BALK, CALLBACK, ESCALATES = map(whole, range(5))
TURNS, DELAY, CHILD, OPENING = map(whole, (8, 16, 24, 32))
"""Counters of what is drawn from a contact's key; the last three plus the cause of a follower."""

_RETRIES = 64  # counters from here on belong to rejections


def shape(law: str, cv: float) -> float:
    """The parameter of a law with mean 1 and a coefficient of variation."""
    if law == "lognormal":
        return sqrt(log(1 + cv * cv))
    return 1 / (cv * cv) if law == "gamma" else 0.0


@part
def bits(key: np.uint64, counter: int) -> np.uint64:
    """64 bits for a key and a counter."""
    z = key + np.uint64(0x9E3779B97F4A7C15) * (np.uint64(counter) + np.uint64(1))
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@part
def uniform(key: np.uint64, counter: int) -> float:
    """A uniform of (0, 1) for a key and a counter."""
    return (float(bits(key, counter) >> np.uint64(11)) + 0.5) * (1 / 9007199254740992.0)


@part
def factor(law: int, shape: float, key: np.uint64, counter: int) -> float:
    """A variate of mean 1."""
    if law == LOGNORMAL:
        z = _normal_quantile(uniform(key, counter))
        return float(np.exp(shape * z - shape * shape / 2))
    if law == EXPONENTIAL:
        return float(-np.log(uniform(key, counter)))
    if law == GAMMA:
        return _gamma(shape, key, counter) / shape
    return 1.0


@part
def _gamma(shape: float, key: np.uint64, counter: int) -> float:
    """A variate of the Gamma law of scale 1; small shapes by way of the shape plus 1."""
    lift = 1.0
    if shape < 1:
        lift = uniform(key, counter) ** (1 / shape)
        shape += 1
    d = shape - 1 / 3
    c = 1 / np.sqrt(9 * d)
    at = _RETRIES * (1 + counter)
    while True:
        z = _normal_quantile(uniform(key, at))
        v = (1 + c * z) ** 3
        if v > 0 and np.log(uniform(key, at + 1)) < z * z / 2 + d - d * v + d * np.log(v):
            return float(d * v * lift)
        at += 2


@part
def _normal_quantile(p: float) -> float:
    """The standard normal quantile to 16 digits."""
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * (((((((2509.0809287301226727 * r + 33430.575583588128105) * r
            + 67265.770927008700853) * r + 45921.953931549871457) * r
            + 13731.693765509461125) * r + 1971.5909503065514427) * r
            + 133.14166789178437745) * r + 3.387132872796366608) / (((((((
            5226.495278852854561 * r + 28729.085735721942674) * r
            + 39307.89580009271061) * r + 21213.794301586595867) * r
            + 5394.1960214247511077) * r + 687.1870074920579083) * r
            + 42.313330701600911252) * r + 1.0)  # fmt: skip
    r = np.sqrt(-np.log(p if q < 0 else 1 - p))
    return -_tail_quantile(r) if q < 0 else _tail_quantile(r)


@part
def _tail_quantile(r: float) -> float:
    """The quantile whose tail has the probability exp(-r r)."""
    if r <= 5:
        r -= 1.6
        return (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r
            + 0.24178072517745061177) * r + 1.27045825245236838258) * r
            + 3.64784832476320460504) * r + 5.7694972214606914055) * r
            + 4.6303378461565452959) * r + 1.42343711074968357734) / (((((((
            1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r
            + 0.0151986665636164571966) * r + 0.14810397642748007459) * r
            + 0.68976733498510000455) * r + 1.6763848301838038494) * r
            + 2.05319162663775882187) * r + 1.0)  # fmt: skip
    r -= 5
    return (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r
        + 0.0012426609473880784386) * r + 0.026532189526576123093) * r
        + 0.29656057182850489123) * r + 1.7848265399172913358) * r
        + 5.4637849111641143699) * r + 6.6579046435011037772) / (((((((
        2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r
        + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r
        + 0.0148753612908506148525) * r + 0.13692988092273580531) * r
        + 0.59983220655588793769) * r + 1.0)  # fmt: skip
