"""Paid time of several weeks under bounds of each week and of all of them.

Between two weeks the oracle has to know how much of the budget is used, as far
as it matters. Of the totals that can still end well, a stretch from ``free_low``
to ``free_high`` leaves later weeks all the freedom that their own bounds give
them, and no price: those are one state, kept as ``free_high``. Where the bounds of all weeks
follow from those of each, that is every total, and the weeks do not meet at all.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]


def merged_totals(
    low: IntArray,
    high: IntArray,
    paid_low: int,
    paid_high: int,
    free_of_price: int,
    free_from: int = 0,
) -> IntArray:
    """
    Totals at the start of each week and at the end, (week + 1, 5).

    Columns: least and most total that can end well, the stretch of totals that
    is one state (empty where the first exceeds the second), and the least total
    that stands for itself or for the stretch.

    Parameters
    ----------
    low, high
        Paid time of each week at least and at most, (week,).
    free_of_price, free_from
        The most and the least paid time of all weeks for which no soft rule asks a price.
    """
    before_low, before_high = _before(low), _before(high)
    after_low, after_high = low.sum() - before_low, high.sum() - before_high
    least = np.maximum(before_low, paid_low - after_high)
    most = np.minimum(before_high, paid_high - after_low)
    free_low = np.maximum(least, max(paid_low, free_from) - after_low)
    free_high = np.minimum(most, min(paid_high, free_of_price) - after_high)
    free_low[-1], free_high[-1] = least[-1], most[-1]  # prices are paid by then
    origin = np.where((free_low == least) & (free_low <= free_high), free_high, least)
    return np.ascontiguousarray(np.stack([least, most, free_low, free_high, origin], axis=1))


def _before(values: IntArray) -> IntArray:
    """The sum of what lies before each week, and of all, (week + 1,)."""
    return np.concatenate([[0], np.cumsum(values)]).astype(np.int64)
