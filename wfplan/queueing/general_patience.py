"""M/M/n+G: the queue whose contacts hang up after a patience of any law.

Measured patience is not exponential: some balk at the announcement, and those
who have waited long are the more patient. Staff are a real number.

With ``H(x)`` the mean time waited by a contact that nobody answers before
``x``, the offered wait has the density ``exp(rate H(x) - n mu x)`` relative
to the weight ``1 / B(n - 1, a)`` of no wait [1]_ [2]_. The exponent is concave:
its integrals are taken around its peak, which is set to 1, so that nothing
overflows in the deepest overload.

References
----------
.. [1] Baccelli, F., and G. Hebuterne (1981). On queues with impatient customers.
       *Performance '81*, 159-179.
.. [2] Zeltyn, S., and A. Mandelbaum (2005). Call centers with impatient
       customers: many-server asymptotics of the M/M/n+G queue. *Queueing
       Systems* 51: 361-402. https://doi.org/10.1007/s11134-005-3699-8
"""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wfplan.queueing.erlang_b import idle_weights
from wfplan.queueing.measures import QueueMeasures, broadcast, flat
from wfplan.queueing.patience_law import PatienceLaw

FloatArray = NDArray[np.float64]

_DEPTH = 46.0  # log of what is left out, relative to the peak: 1e-20
_PANELS = 16  # on each side of the peak
_NODES: FloatArray
_NODE_WEIGHTS: FloatArray
_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(10)
_STEEPEST = 5.0  # fall of the log density over one panel, which its nodes still follow
_HALVINGS = 60
_NOBODY = 1e-100  # agents: so few never answer
_CHUNK = 400_000  # nodes at once: what memory holds lightly


def steady_state(
    staff: ArrayLike,
    arrivals_per_h: ArrayLike,
    aht_s: ArrayLike,
    patience: PatienceLaw,
    *,
    answer_within_s: ArrayLike = 20.0,
) -> QueueMeasures:
    """
    All measures of the queue.

    Parameters
    ----------
    staff
        Effective agents, >= 0, a real number.
    arrivals_per_h
        Contacts per hour, >= 0.
    aht_s
        Mean handle time, seconds.
    patience
        The law of patience; its mass at 0 are contacts that hang up at once
        when nobody is free.
    answer_within_s
        The time of the service level, seconds.

    Raises
    ------
    InputError
        When a number is negative or not finite, or a handle time is zero.

    Notes
    -----
    Where the contacts of endless patience alone exceed the staff there is no
    steady state: by convention, as in Erlang C, everybody waits, for ever.
    """
    args = broadcast(
        staff=staff, arrivals_per_h=arrivals_per_h, aht_s=aht_s, answer_within_s=answer_within_s
    )
    shape = args["staff"].shape
    n, per_h, aht, within = (flat(a) for a in args.values())
    n = np.where(n > _NOBODY, n, 0.0)
    rate = per_h / 3600
    load = rate * aht
    settles = (load > 0) & (n > 0) & (load * _endless_share(patience) < n)
    table = _integrals(n, rate, aht, within, patience, settles)
    safe = np.where(settles, n, 1.0)
    idle = np.where(settles, load / safe, 0.0) * np.where(settles, idle_weights(n, load), 0.0)
    measures = _measures(table, idle, (n, rate, aht, within), patience, settles)
    return QueueMeasures(**{name: value.reshape(shape) for name, value in measures.items()})


def _endless_share(law: PatienceLaw) -> float:
    """Share of contacts that never hang up."""
    _, level, hazard, _ = law.pieces
    return float(level[-1]) if hazard[-1] == 0 else 0.0


def _measures(
    table: dict[str, FloatArray],
    idle: FloatArray,
    queue: tuple[FloatArray, FloatArray, FloatArray, FloatArray],
    law: PatienceLaw,
    settles: NDArray[np.bool_],
) -> dict[str, FloatArray]:
    """Measures from integrals over the offered wait; conventions where there is no steady state."""
    n, rate, aht, within = queue
    silent = rate == 0
    everything = np.where(settles, idle * table["scale"] + rate * table["all"], 1.0)
    per = np.where(settles & np.isfinite(everything), rate / everything, 0.0)
    stuck = ~settles & ~silent
    ever = _endless_share(law)
    lost = np.where(stuck, 1 - ever, np.minimum(per * table["lost"], 1.0))
    served = np.where(stuck, np.where(n > 0, ever, 0.0), 1 - lost)
    p_wait = np.where(stuck, 1.0, np.minimum(per * table["all"], 1.0))
    level = np.where(stuck, 0.0, np.clip(1 - p_wait + per * table["served_in_time"], 0.0, 1.0))
    wait = np.where(stuck, law.mean_s, per * table["waited"])
    some = np.where(served > 0, served, np.nan)
    served_wait = np.where(
        stuck, np.where(n > 0, np.inf, np.nan), per * table["served_wait"] / some
    )
    beyond = law.still_waiting(within) * np.where(stuck, 1.0, np.minimum(per * table["later"], 1.0))
    busy = np.where(stuck, 1.0, rate * aht * served / np.where(n > 0, n, np.nan))
    return {
        "p_wait": p_wait,
        "p_abandon": lost,
        "mean_wait_all_s": wait,
        "mean_wait_served_s": served_wait,
        "sl_offered": level,
        "sl_served": np.clip(level / some, 0.0, 1.0),
        "p_wait_beyond": beyond,
        "occupancy": np.where(silent, 0.0, np.where(n > 0, np.minimum(busy, 1.0), np.nan)),
        "mean_queue": np.where(silent, 0.0, rate * np.where(silent, 0.0, wait)),
    }


def _integrals(
    n: FloatArray,
    rate: FloatArray,
    aht: FloatArray,
    within: FloatArray,
    law: PatienceLaw,
    wanted: NDArray[np.bool_],
) -> dict[str, FloatArray]:
    """Integrals over the offered wait of every queue, in units of the density at its peak."""
    names = ("scale", "all", "lost", "served_in_time", "later", "waited", "served_wait")
    table = {name: np.zeros(len(n)) for name in names}
    grid = _grid(law)
    chunk = max(1, _CHUNK // ((2 * _PANELS + len(grid) + 2) * len(_NODES)))
    rows = np.flatnonzero(wanted)
    for start in range(0, len(rows), chunk):
        at = rows[start : start + chunk]
        found = _chunk_integrals(rate[at], n[at] / aht[at], within[at], law, grid)
        for name, values in found.items():
            table[name][at] = values
    return table


def _grid(law: PatienceLaw) -> FloatArray:
    """Times between which the law falls by no more than a factor e, as far as it matters."""
    starts, _, hazard, _ = law.pieces
    spans = np.append(np.diff(starts), np.inf)
    times = [starts]
    for i in np.flatnonzero(hazard * np.where(hazard > 0, spans, 0.0) > 1):
        steps = min(ceil(min(hazard[i] * spans[i], _DEPTH)), int(_DEPTH))
        times.append(starts[i] + np.arange(1, steps + 1) * min(spans[i] / steps, 1 / hazard[i]))
    return np.unique(np.concatenate(times))


def _chunk_integrals(
    rate: FloatArray, full: FloatArray, within: FloatArray, law: PatienceLaw, grid: FloatArray
) -> dict[str, FloatArray]:
    """The integrals by Gauss-Legendre panels; ``full`` is the completion rate of all agents."""
    peak = _peak(full / rate, law)
    top = rate * law.waited_s(peak) - full * peak
    low, high = _window(rate, full, law, peak, top)
    owner, left, right = _panels(low, peak, high, within, grid)
    fall = np.abs(
        rate[owner] * (law.waited_s(right) - law.waited_s(left)) - full[owner] * (right - left)
    )
    owner, left, right = _split(owner, left, right, np.ceil(fall / _STEEPEST).astype(np.int64))
    half = (right - left) / 2
    x = (left + half)[:, None] + half[:, None] * _NODES
    of = owner[:, None]
    waited, stay = law.waited_s(x), law.still_waiting(x)
    weight = half[:, None] * _NODE_WEIGHTS * np.exp(rate[of] * waited - full[of] * x - top[of])
    early = (x <= within[of]).astype(np.float64)

    def total(integrand: FloatArray) -> FloatArray:
        sums = np.zeros(len(rate))
        np.add.at(sums, owner, (weight * integrand).sum(axis=1))
        return sums

    return {
        "scale": np.exp(-top),
        "all": total(np.ones(x.shape)),
        "lost": total(1 - stay),
        "served_in_time": total(stay * early),
        "later": total(1 - early),
        "waited": total(waited),
        "served_wait": total(x * stay),
    }


def _peak(share: FloatArray, law: PatienceLaw) -> FloatArray:
    """The wait at which those who stay no longer exceed what the staff complete."""
    starts, level, hazard, _ = law.pieces
    above = np.searchsorted(-level, -share, side="left")
    i = np.maximum(above - 1, 0)
    ends = np.append(starts[1:], np.inf)[i]
    steep = hazard[i] > 0
    ratio = np.where(steep & (above > 0), level[i] / share, 1.0)
    reach = np.where(steep, starts[i] + np.log(ratio) / np.where(steep, hazard[i], 1.0), ends)
    return np.where(above > 0, np.minimum(reach, ends), 0.0)


def _window(
    rate: FloatArray, full: FloatArray, law: PatienceLaw, peak: FloatArray, top: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Around the peak, where the density is not negligible."""

    def beyond(x: FloatArray) -> NDArray[np.bool_]:
        return np.asarray(top - (rate * law.waited_s(x) - full * x) > _DEPTH)

    reach = _DEPTH / full
    while (short := ~beyond(peak + reach)).any():
        reach = np.where(short, 2 * reach, reach)
    near, far = peak, peak + reach
    out, inside = np.zeros(peak.shape), peak
    for _ in range(_HALVINGS):
        middle, other = (near + far) / 2, (out + inside) / 2
        outside, negligible = beyond(middle), beyond(other)
        near, far = np.where(outside, near, middle), np.where(outside, middle, far)
        out, inside = np.where(negligible, other, out), np.where(negligible, inside, other)
    return out, far


def _panels(
    low: FloatArray, peak: FloatArray, high: FloatArray, within: FloatArray, grid: FloatArray
) -> tuple[NDArray[np.intp], FloatArray, FloatArray]:
    """Owner, left and right end of every panel: even ones, cut at the law's points and the time."""
    even = np.linspace(0.0, 1.0, _PANELS + 1)
    low, peak, high = low[:, None], peak[:, None], high[:, None]
    cuts = np.concatenate(
        [
            low + (peak - low) * even,
            peak + (high - peak) * even,
            np.clip(within[:, None], low, high),
            np.clip(np.broadcast_to(grid, (len(low), len(grid))), low, high),
        ],
        axis=1,
    )
    cuts.sort(axis=1)
    owner, at = np.nonzero(cuts[:, 1:] > cuts[:, :-1])
    return owner, cuts[owner, at], cuts[owner, at + 1]


def _split(
    owner: NDArray[np.intp], left: FloatArray, right: FloatArray, parts: NDArray[np.int64]
) -> tuple[NDArray[np.intp], FloatArray, FloatArray]:
    """Panels in equal parts."""
    parts = np.maximum(parts, 1)
    first = np.repeat(np.cumsum(parts) - parts, parts)
    step = np.repeat((right - left) / parts, parts)
    begin = np.repeat(left, parts) + (np.arange(parts.sum()) - first) * step
    return np.repeat(owner, parts), begin, begin + step
