"""What tails and runs of a series are: functions of arrays (interval,), NaN where nothing is known.

CVaR is the weighted mean of the worst share (Rockafellar and Uryasev, Journal of
Risk 2 (2000) 21-41, https://doi.org/10.21314/JOR.2000.038).
"""

from __future__ import annotations

from math import exp, nan

import numpy as np
from numpy.typing import NDArray

from wfplan.evaluation.figures import TAIL_SHARE
from wfplan.horizon import DAY_MIN, Horizon

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
CONTACTS_PER_QUARTER = 3.0
_EPS = 1e-9


def failing(level: FloatArray, target: float) -> BoolArray:
    """Intervals whose mean service level is below the target."""
    return np.isfinite(level) & (np.nan_to_num(level, nan=1.0) < target - _EPS)


def kept(
    level: FloatArray, promise_kept: FloatArray, target: float, promise: float | None
) -> BoolArray:
    """
    Intervals that reach the target in a share of weeks of ``promise`` or more.

    The mean decides where no promise is asked for, or how often it is kept is
    not known.
    """
    on_average = np.isfinite(level) & ~failing(level, target)
    if promise is None:
        return on_average
    is_often = np.nan_to_num(promise_kept) >= promise - _EPS
    return np.where(np.isfinite(promise_kept), np.isfinite(level) & is_often, on_average)


def bad_contact_share(bad_share: float, contacts: float = CONTACTS_PER_QUARTER) -> float:
    """
    Share of customers with at least one bad contact: ``1 - exp(-kappa p)``.

    With a Poisson number of contacts of mean ``contacts`` (kappa), each bad
    with probability ``bad_share`` (p). Concave in p: a headline, nothing to
    minimise, for misery heaped on few customers would look best.
    """
    return 1 - exp(-contacts * bad_share)


def tail_mean(rate: FloatArray, weight: FloatArray, share: float = TAIL_SHARE) -> float:
    """Weighted mean of the largest rates that hold ``share`` of the weight (CVaR)."""
    known = np.isfinite(rate) & (weight > 0)
    if not known.any():
        return nan
    order = np.argsort(-rate[known], kind="stable")
    rates, weights = rate[known][order], weight[known][order]
    left = share * weights.sum() - (np.cumsum(weights) - weights)
    taken = np.clip(left, 0.0, weights)
    return float((rates * taken).sum() / taken.sum())


def longest_stretch(is_in: BoolArray, is_broken: BoolArray) -> tuple[int, int]:
    """
    Length and first index of the longest unbroken run of true elements.

    ``is_broken`` are the elements before which a run ends, whatever comes; 0, 0
    where nothing is true, the first of several of the same length.
    """
    best, first, length = (0, 0), 0, 0
    for at in np.flatnonzero(is_in).tolist():
        is_new = at != first + length or is_broken[at]
        first, length = (at, 1) if is_new else (first, length + 1)
        best = max(best, (length, -first))
    return best[0], -best[1]


def opening_breaks(is_open: BoolArray, horizon: Horizon) -> BoolArray:
    """
    Intervals before which one day's opening ends, (interval,).

    An opening that passes midnight is one; one of more than a day is cut at
    every local midnight.
    """
    starts = np.flatnonzero(np.diff(np.concatenate(([False], is_open)).astype(np.int8)) == 1)
    ends = np.flatnonzero(np.diff(np.concatenate((is_open, [False])).astype(np.int8)) == -1) + 1
    breaks = np.zeros(len(is_open), dtype=np.bool_)
    breaks[starts] = True
    midnights = horizon.day_slots[:-1] // horizon.slots_per_interval
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if (end - start) * horizon.interval_min > DAY_MIN:
            breaks[midnights[(midnights > start) & (midnights < end)]] = True
    return breaks
