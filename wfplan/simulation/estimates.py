"""What many replications say of a ratio: its value, how sure it is, and how much weeks differ.

A measure is a ratio of sums over replications. Its half-width is that of the
95 % interval by the delta method, from the sums, squares and cross products of
numerator and denominator. They are kept centred and are added up pairwise [1]_:
memory does not grow with replications, and what never varies has no half-width.

References
----------
.. [1] Chan, T. F., G. H. Golub, and R. J. LeVeque (1983). Algorithms for computing
       the sample variance: analysis and recommendations. *The American
       Statistician*, 37(3): 242-247. https://doi.org/10.1080/00031305.1983.10483115
.. [2] Agresti, A., and B. A. Coull (1998). Approximate is better than "exact" for
       interval estimation of binomial proportions. *The American Statistician*,
       52(2): 119-126. https://doi.org/10.1080/00031305.1998.10480550
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from wfplan.simulation.frames import FloatArray

LEVEL = 0.95
_NOTHING = 1e-14  # of a sum of squares: rounding, not variation
_NOTHING_OF_MEAN = 1e-15


@dataclass(frozen=True)
class Moments:
    """
    Sums, and second central moments, of ``n`` numerators and denominators, cell by cell.

    Sums of counts are whole numbers and so exact.
    """

    n: int
    top: FloatArray  # sum
    bottom: FloatArray
    top_top: FloatArray  # sum of squares and products about the means
    top_bottom: FloatArray
    bottom_bottom: FloatArray


def moments(top: FloatArray, bottom: FloatArray) -> Moments:
    """
    Moments of a block of replications.

    Parameters
    ----------
    top
        Numerators, (replication, ...).
    bottom
        Denominators of the same shape; without the axis of replications where
        they are the same in all.
    """
    n, zero = len(top), np.zeros(1)
    total = top.sum(axis=0)
    apart = top - total / n
    squares = (apart * apart).sum(axis=0)
    if bottom.ndim < top.ndim:
        return Moments(n, total, n * bottom, squares, zero, zero)
    total_bottom = bottom.sum(axis=0)
    apart_bottom = bottom - total_bottom / n
    products = (apart * apart_bottom).sum(axis=0)
    squares_bottom = (apart_bottom * apart_bottom).sum(axis=0)
    return Moments(n, total, total_bottom, squares, products, squares_bottom)


def merged(a: Moments, b: Moments) -> Moments:
    """The moments of two blocks together."""
    weight = a.n * b.n / (a.n + b.n)
    step, step_bottom = b.top / b.n - a.top / a.n, b.bottom / b.n - a.bottom / a.n
    return Moments(
        a.n + b.n,
        a.top + b.top,
        a.bottom + b.bottom,
        a.top_top + b.top_top + step * step * weight,
        a.top_bottom + b.top_bottom + step * step_bottom * weight,
        a.bottom_bottom + b.bottom_bottom + step_bottom * step_bottom * weight,
    )


def ratio(found: Moments, when_empty: float) -> tuple[FloatArray, FloatArray]:
    """Ratio of sums and its half-width; NaN half-widths of a single replication."""
    n, empty = found.n, found.bottom == 0
    bottom = np.where(empty, 1.0, found.bottom)
    value = np.where(empty, when_empty, found.top / bottom)
    if n < 2:
        return value, np.full_like(value, np.nan)
    scale = found.top_top + value**2 * found.bottom_bottom
    rest = scale - 2 * value * found.top_bottom
    rounding = np.maximum(_NOTHING * scale, (_NOTHING_OF_MEAN * found.top) ** 2 / n)
    rest = np.where(rest > rounding, rest, 0.0)
    half_width = student(n) * np.sqrt(rest * n / (n - 1)) / bottom
    return value, np.where(empty, 0.0, half_width)


def proportion(found: Moments) -> tuple[FloatArray, FloatArray]:
    """
    Share of replications in which something held, and its half-width.

    The interval of Agresti and Coull [2]_, which leaves room for what has not
    happened yet: a promise that was kept in all of a hundred weeks may still
    be broken in one of forty.
    """
    n = found.n
    value: FloatArray = found.top / n
    if n < 2:
        return value, np.full_like(value, np.nan)
    square = float(ndtri((1 + LEVEL) / 2)) ** 2
    middle = (n * value + square / 2) / (n + square)
    return value, np.sqrt(square * middle * (1 - middle) / (n + square))


def student(n: int) -> float:
    """Quantile of Student's law for a 95 % interval from ``n`` values."""
    return float(stdtrit(n - 1, (1 + LEVEL) / 2))


def quantiles(values: FloatArray, levels: tuple[float, ...]) -> list[FloatArray]:
    """Sample quantiles over the last axis, each a value that occurred."""
    last = values.shape[-1] - 1
    at = [round(level * last) for level in levels]
    parted = np.partition(values, sorted(set(at)), axis=-1)
    return [parted[..., i] for i in at]


OCTAVES, STEPS = 21, 8
WAIT_EDGES_S: FloatArray = np.concatenate(
    ([0.0], (2.0 ** np.arange(OCTAVES)[:, None] * (1 + np.arange(STEPS) / STEPS)).ravel(),
     [2.0**OCTAVES])
)  # fmt: skip
"""Upper edges of the bins of waits, in seconds: none, up to one, then eight steps per doubling."""


def bin_quantile(bins: NDArray[np.integer], level: float) -> FloatArray:
    """Quantile of a histogram over ``WAIT_EDGES_S``, linear inside a bin; 0 when empty."""
    below = np.cumsum(bins, axis=-1, dtype=np.int64)
    wanted = level * below[..., -1]
    at = (below < wanted[..., None]).sum(axis=-1)
    inside = np.take_along_axis(bins, at[..., None], axis=-1)[..., 0].astype(np.int64)
    before = np.take_along_axis(below, at[..., None], axis=-1)[..., 0] - inside
    share = (wanted - before) / np.maximum(inside, 1)
    low, high = WAIT_EDGES_S[np.maximum(at - 1, 0)], WAIT_EDGES_S[at]
    return np.where(at == 0, 0.0, low + share * (high - low))
