"""Abandonment of many nearly equal intervals, read from one table of loads and patiences.

A week has thousands of loads (intervals, their moments, the nodes of their
rates) but few that differ by much: what hangs up is a smooth function of twice
the square root of the load, on the scale of 1, and of the logarithm of
patience over handle time. It is computed on a grid of both and read between:
six-point Lagrange interpolation in the load, Chebyshev points in patience. The
error is below 1e-6 of the load that hangs up at the knee (see the tests).
"""

from __future__ import annotations

from math import ceil, log

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from wfplan.domain.results import FloatArray
from wfplan.staffing.curves import abandoned_rows

STEP = 1 / 12  # of the grid, in twice the square root of the load
POINTS = 6  # of the grid that a load is read from
CELLS_MOST = 10_000_000  # of a table: 80 MB
ALIKE = 1e-7  # of a patience: what lies nearer is one
WORTH = 2.0  # times fewer queues than without a table, at least
RATIO_MOST = 4.0  # of the longest patience to the shortest: beyond, no table


def abandoned_curves(
    load: FloatArray,
    chances: FloatArray,
    patience_in_aht: FloatArray,
    rates: FloatArray,
    staff_max: int,
) -> FloatArray:
    """As :func:`wfplan.staffing.curves.abandoned_rows`, by a table where that is less work."""
    counts = (load > 0) & (chances > 0)
    calm = _calm_points(patience_in_aht)
    most = float(load.max(initial=0.0))
    grid = (STEP * np.arange(ceil(2 * np.sqrt(most) / STEP) + POINTS) / 2) ** 2
    is_less = WORTH * len(grid) * len(calm) <= np.count_nonzero(counts)
    if len(calm) == 0 or not is_less or len(grid) * staff_max > CELLS_MOST:
        return abandoned_rows(load, chances, patience_in_aht, rates, staff_max)
    reads = _reads(load, np.where(counts, chances, 0.0), len(grid))
    beside = _lagrange(np.log(calm), np.log(patience_in_aht))
    certain = np.ones((len(grid), 1))
    rows = np.zeros((len(load), staff_max + 1))
    for patience, weight in zip(calm, beside.T, strict=True):
        same = np.full(len(grid), patience)
        table = abandoned_rows(grid[:, None], certain, same, rates, staff_max)
        rows += weight[:, None] * (reads @ table)
    return np.maximum(rows, 0.0)  # polynomials overshoot a curve's end by the last digits


def _calm_points(patience_in_aht: FloatArray) -> FloatArray:
    """Patiences to compute: Chebyshev points of their logarithms; none where they lie too far."""
    low, high = float(patience_in_aht.min()), float(patience_in_aht.max())
    if not 0 < high <= RATIO_MOST * low:
        return np.zeros(0)
    if high - low <= ALIKE * low:
        return np.array([np.sqrt(low * high)])
    count = 3 + ceil(4 * log(high / low))
    place = np.cos(np.pi * (np.arange(count) + 0.5) / count)
    found: FloatArray = np.sqrt(low * high) * (high / low) ** (place / 2)
    return found


def _reads(load: FloatArray, chances: FloatArray, size: int) -> csr_array:
    """Weights of the grid's loads in every interval, sparse of shape (interval, grid)."""
    row, node = np.nonzero(chances)
    place = 2 * np.sqrt(load[row, node]) / STEP
    first = np.clip(np.floor(place).astype(np.int64) - POINTS // 2 + 1, 0, size - POINTS)
    weights = _lagrange(np.arange(POINTS, dtype=np.float64), place - first)
    weights *= chances[row, node][:, None]
    columns = first[:, None] + np.arange(POINTS)
    rows = np.repeat(row, POINTS)
    return csr_array((weights.reshape(-1), (rows, columns.reshape(-1))), (len(load), size))


def _lagrange(points: FloatArray, at: FloatArray) -> FloatArray:
    """Lagrange polynomials of some points, (value, point)."""
    away = at[:, None] - points
    apart = points[:, None] - points + np.eye(len(points))
    others: NDArray[np.bool_] = ~np.eye(len(points), dtype=np.bool_)
    return np.array(
        [np.prod(away[:, rest], axis=1) / np.prod(apart[i][rest]) for i, rest in enumerate(others)]
    ).T
