"""The shape of a day: how a day's contacts spread over its open slots.

A shape has mean 1 over the open slots of its weekday, so that level x shape is
a rate per interval. Weekdays that are open at the same hours share a base
shape; each adds its own deviation, as far as that predicted days which were
left out when it was fitted (leave-one-day-out). Both are smoothed along the
day by a second-difference penalty (Whittaker [1]_), whose strength is chosen
by the same kind of prediction, so busy channels are hardly smoothed and quiet
ones much. Single intervals are held within reach of what their day and slot
lead one to expect.

References
----------
.. [1] Eilers, P. H. C. (2003). A perfect smoother. *Analytical Chemistry*,
       75(14): 3631-3636. https://doi.org/10.1021/ac034173t
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from forecasts.history.series import BoolArray, FloatArray, IntArray, Series

_PENALTIES = (0.0, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1e3, 1e4, 1e5)
_REACH_SD = 3.5  # how far a single interval may lie from its expectation
_SAME_HOURS = 0.8  # shared slots / all slots of two weekdays that pool their shapes
_BURST_CONTACTS = 3.0  # median of a slot from which on medians can be trusted
_BURST_TIMES = 4.0  # times what slot and day lead one to expect


@dataclass(frozen=True)
class Shape:
    """
    Shapes per weekday, (weekday, slot), 0 outside ``mask``.

    ``borrowed`` are weekdays and ``guessed`` slots of weekdays that the
    history has never seen, filled from other weekdays and from neighbours.
    """

    values: FloatArray
    mask: BoolArray
    borrowed: tuple[int, ...] = ()
    guessed: tuple[tuple[int, int], ...] = ()

    def exposure(self, series: Series) -> FloatArray:
        """Sum of the shape over the slots that each day really has, shape (day,)."""
        present = np.isfinite(series.counts) & self.mask[series.weekdays]
        exposure: FloatArray = np.where(present, self.values[series.weekdays], 0.0).sum(axis=1)
        return exposure

    def arrived(self, series: Series) -> FloatArray:
        """Contacts of each day in the slots of the shape, shape (day,)."""
        present = np.isfinite(series.counts) & self.mask[series.weekdays]
        arrived: FloatArray = np.where(present, series.counts, 0.0).sum(axis=1)
        return arrived


def fit_shape(series: Series, mask: BoolArray, usable: BoolArray, weights: FloatArray) -> Shape:
    """
    The shapes of all weekdays, from the days that are usable.

    Parameters
    ----------
    mask
        Open slots, (weekday, slot).
    usable, weights
        Which days count, and how much, (day,).
    """
    values = np.zeros(mask.shape)
    alone: list[int] = []
    for group in _groups(mask):
        days = usable & np.isin(series.weekdays, group)
        if days.any():
            values[group] = _fit_group(series, mask, group, days, weights)
        else:
            alone += group
    for weekday in alone:
        values[weekday] = _borrowed(values, mask, weekday)
    known = set(series.weekdays[usable].tolist())
    borrowed = [w for w in map(int, np.flatnonzero(mask.any(axis=1))) if w not in known]
    guessed = _fill_unseen(values, series, mask, usable)
    return Shape(np.where(mask, values, 0.0), mask, tuple(borrowed), guessed)


@lru_cache(maxsize=64)
def _basis(runs: tuple[int, ...]) -> tuple[FloatArray, FloatArray]:
    """Eigenvalues and eigenvectors of the second-difference penalty on runs of slots."""
    size = sum(runs)
    penalty = np.zeros((size, size))
    first = 0
    for run in runs:
        if run > 2:
            difference = np.diff(np.eye(run), n=2, axis=0)
            penalty[first : first + run, first : first + run] = difference.T @ difference
        first += run
    values, vectors = np.linalg.eigh(penalty)
    return np.maximum(values, 0.0), vectors


def _runs(slots: IntArray) -> tuple[int, ...]:
    """Lengths of the stretches of consecutive slots."""
    breaks = np.flatnonzero(np.diff(slots) != 1) + 1
    return tuple(int(n) for n in np.diff(np.concatenate([[0], breaks, [slots.size]])))


def _groups(mask: BoolArray) -> list[list[int]]:
    """Weekdays that are open at nearly the same hours."""
    groups: list[list[int]] = []
    for weekday in np.flatnonzero(mask.any(axis=1)):
        for group in groups:
            both = mask[weekday] & mask[group[0]]
            either = mask[weekday] | mask[group[0]]
            if both.sum() >= _SAME_HOURS * either.sum():
                group.append(int(weekday))
                break
        else:
            groups.append([int(weekday)])
    return groups


def _fit_group(
    series: Series, mask: BoolArray, group: list[int], days: BoolArray, weights: FloatArray
) -> FloatArray:
    """Shapes of weekdays with the same hours, (weekday of the group, slot)."""
    slots = np.flatnonzero(mask[group].any(axis=0))
    counts = series.counts[np.ix_(days, slots)]
    weekdays, weight = series.weekdays[days], weights[days]
    valid = np.isfinite(counts) & mask[np.ix_(weekdays, slots)]
    counts = np.where(valid, counts, 0.0)
    values, vectors = _basis(_runs(slots))
    level, raw, held = _held_counts(counts, valid, weight, weekdays)

    base = _smooth_base(raw, held, valid, level, weight, values, vectors)
    scale = np.sqrt(np.maximum(base, 1e-3 * max(float(base.mean()), 1e-12)))
    with np.errstate(invalid="ignore", divide="ignore"):
        relative = held / level[:, None]
    deviation = np.where(valid & (level > 0)[:, None], (relative - base) / scale, np.nan)
    shapes = np.zeros((len(group), mask.shape[1]))
    for row, weekday in enumerate(group):
        own = deviation[(weekdays == weekday) & (level > 0)]
        shift = _deviation(own, weight[(weekdays == weekday) & (level > 0)], values, vectors)
        shapes[row, slots] = np.maximum(base + scale * shift, 0.05 * base)
    return shapes


def _held_counts(
    counts: FloatArray, valid: BoolArray, weight: FloatArray, weekdays: IntArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Level per day, raw base shape, and counts held within reach of their product."""
    own = {int(w): weekdays == w for w in np.unique(weekdays)}
    held = _without_bursts(counts, valid, own)
    level = held.sum(axis=1) / np.maximum(valid.sum(axis=1), 1)
    for _ in range(3):
        base = _ratio(held, valid, level, weight)
        by_weekday = np.empty_like(counts)
        for on in own.values():
            enough = on.sum() >= 3
            by_weekday[on] = _ratio(held[on], valid[on], level[on], weight[on]) if enough else base
        shape_seen = np.where(valid, by_weekday, 0.0).sum(axis=1)
        level = np.where(shape_seen > 0, held.sum(axis=1) / np.maximum(shape_seen, 1e-12), 0.0)
        expected = level[:, None] * by_weekday
        spread = np.where(valid, (counts - expected) ** 2 / np.maximum(expected, 0.05), np.nan)
        ordered = np.sort(spread[np.isfinite(spread)])
        kept = ordered[: max(1, int(0.98 * ordered.size))]
        reach = _REACH_SD * np.sqrt(np.maximum(expected, 0.05) * max(1.0, float(kept.mean())))
        held = np.where(valid, np.clip(counts, expected - reach, expected + reach), 0.0)
        held = np.maximum(held, 0.0)
    return level, _ratio(held, valid, level, weight), held


def _without_bursts(counts: FloatArray, valid: BoolArray, own: dict[int, BoolArray]) -> FloatArray:
    """Counts without the intervals that stand out from both their slot and their day."""
    seen = np.where(valid, counts, np.nan)
    held = counts.copy()
    for on in own.values():
        slots = np.flatnonzero(valid[on].any(axis=0))
        usual = _median(seen[np.ix_(on, slots)].T)
        busy = slots[usual >= _BURST_CONTACTS]
        if on.sum() < 3 or busy.size < 5:
            continue
        day = seen[np.ix_(on, busy)] / usual[usual >= _BURST_CONTACTS]
        some = np.isfinite(day).any(axis=1)
        ratio = np.ones(int(on.sum()))
        ratio[some] = _median(day[some])
        limit = _BURST_TIMES * np.maximum(ratio[:, None], 0.1) * usual[usual >= _BURST_CONTACTS]
        held[np.ix_(on, busy)] = np.minimum(held[np.ix_(on, busy)], limit)
    return held


def _median(rows: FloatArray) -> FloatArray:
    """Median of the known values of each row, which has some; sorts once, NaN last."""
    ordered = np.sort(rows, axis=1)
    known = np.isfinite(rows).sum(axis=1)
    at = np.arange(rows.shape[0])
    middle: FloatArray = (ordered[at, (known - 1) // 2] + ordered[at, known // 2]) / 2
    return middle


def _ratio(
    counts: FloatArray, valid: BoolArray, level: FloatArray, weight: FloatArray
) -> FloatArray:
    """Weighted contacts over weighted levels per slot, mean 1 over the slots."""
    seen = (weight[:, None] * level[:, None] * valid).sum(axis=0)
    total = (weight[:, None] * counts).sum(axis=0)
    shape: FloatArray = np.where(seen > 0, total / np.maximum(seen, 1e-300), np.nan)
    known = np.flatnonzero(seen > 0)
    mean = float(shape[known].mean()) if known.size else 0.0
    if mean <= 0:
        return np.ones(counts.shape[1])
    shape = shape / mean
    if known.size < shape.size:
        shape = np.interp(np.arange(shape.size), known, shape[known])
    return shape


def _smooth_base(
    raw: FloatArray,
    held: FloatArray,
    valid: BoolArray,
    level: FloatArray,
    weight: FloatArray,
    values: FloatArray,
    vectors: FloatArray,
) -> FloatArray:
    """The base shape, smoothed as much as lets one half of the days predict the other."""
    if held.shape[0] < 2:
        half = [np.ones(held.shape[0], dtype=np.bool_)] * 2
        penalties: tuple[float, ...] = (30.0,)
    else:
        odd = np.arange(held.shape[0]) % 2 == 1
        half, penalties = [odd, ~odd], _PENALTIES
    parts = [_ratio(held[on], valid[on], level[on], weight[on]) for on in half]
    scale = np.maximum(raw, 0.02 * max(float(raw.mean()), 1e-12))
    best, chosen = np.inf, penalties[0]
    for penalty in penalties:
        smooth = [_whittaker_sqrt(part, penalty, values, vectors) for part in parts]
        error = sum(
            float((((a - b) ** 2) / scale).sum())
            for a, b in ((smooth[0], parts[1]), (smooth[1], parts[0]))
        )
        if error < best * (1 - 1e-9):
            best, chosen = error, penalty
    # half of the days need about twice the smoothing of all of them
    base = _whittaker_sqrt(raw, chosen / 2, values, vectors)
    mean = float(base.mean())
    return base / mean if mean > 0 else np.ones_like(base)


def _whittaker_sqrt(
    shape: FloatArray, penalty: float, values: FloatArray, vectors: FloatArray
) -> FloatArray:
    """A shape smoothed on the square-root scale, where counts have equal variances."""
    if penalty == 0.0:
        return shape
    root = vectors @ ((vectors.T @ np.sqrt(shape)) / (1.0 + penalty * values))
    smooth: FloatArray = np.maximum(root, 0.0) ** 2
    return smooth


def _deviation(
    days: FloatArray, weight: FloatArray, values: FloatArray, vectors: FloatArray
) -> FloatArray:
    """A weekday's own deviation from the base, as far as it predicts days left out."""
    size = vectors.shape[0]
    if days.shape[0] < 2 or weight.sum() <= 0:
        return np.zeros(size)
    weighted = np.where(np.isfinite(days), weight[:, None], 0.0)
    seen = weighted.sum(axis=0)
    mean = np.where(
        seen > 0, (weighted * np.nan_to_num(days)).sum(axis=0) / np.maximum(seen, 1e-300), 0.0
    )
    full = np.where(np.isfinite(days), days, mean)
    modes, mean_modes = full @ vectors, mean @ vectors
    share = (weight / weight.sum())[:, None]
    others = (mean_modes - share * modes) / np.maximum(1.0 - share, 1e-12)
    best, chosen = 0.0, np.zeros(size)
    for penalty in _PENALTIES:
        smooth = others / (1.0 + penalty * values)
        norm = float((smooth**2).sum())
        if norm <= 0:
            continue
        fit = float((modes * smooth).sum())
        shrink = min(max(fit / norm, 0.0), 1.0)
        gain = 2 * shrink * fit - shrink**2 * norm
        if gain > best:
            best, chosen = gain, shrink / (1.0 + penalty * values)
    deviation: FloatArray = vectors @ (chosen * mean_modes)
    return deviation


def _borrowed(values: FloatArray, mask: BoolArray, weekday: int) -> FloatArray:
    """A shape for a weekday without history, from the weekday with the most hours in common."""
    common = [(int((mask[w] & mask[weekday] & (values[w] > 0)).sum()), w) for w in range(7)]
    most, lender = max(common)
    shape: FloatArray = mask[weekday].astype(np.float64)
    if most == 0:
        return shape
    known = np.flatnonzero(mask[lender])
    nearest = known[np.abs(np.arange(mask.shape[1])[:, None] - known).argmin(axis=1)]
    shape *= values[lender, nearest]
    return shape


def _fill_unseen(
    values: FloatArray, series: Series, mask: BoolArray, usable: BoolArray
) -> tuple[tuple[int, int], ...]:
    """Fill open slots that no usable day of the weekday has, and return them."""
    seen = np.isfinite(series.counts) & usable[:, None]
    ever = np.zeros(mask.shape, dtype=np.bool_)
    for weekday in range(7):
        ever[weekday] = seen[series.weekdays == weekday].any(axis=0)
    guessed = []
    for weekday in map(int, np.flatnonzero(mask.any(axis=1))):
        missing = np.flatnonzero(mask[weekday] & ~ever[weekday])
        known = np.flatnonzero(mask[weekday] & ever[weekday])
        if not missing.size or not known.size:
            continue
        for slot in missing:
            lenders = [w for w in range(7) if ever[w, slot] and values[w, known].sum() > 0]
            ratios = [
                values[w, slot] * values[weekday, known].sum() / values[w, known].sum()
                for w in lenders
            ]
            near = known[np.argmin(np.abs(known - slot))]
            values[weekday, slot] = float(np.mean(ratios)) if ratios else values[weekday, near]
            guessed.append((weekday, int(slot)))
    return tuple(guessed)
