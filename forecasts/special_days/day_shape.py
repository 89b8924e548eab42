"""
How special days spread over their hours: as usual, like the quietest weekday, or in a way of their
own, as far as past days of the same kind or name speak for it.

Each past day is a multinomial draw given its total; the three shapes are weighed by their
likelihoods (of the own one, without the day that is judged), tempered by how much more than chance
ordinary days differ from their shape. The own shape of a name starts from that of its kind. Without
past days a shape is the usual one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from forecasts.history.series import BoolArray, FloatArray, IntArray, Series
from forecasts.special_days.evidence import Labels
from forecasts.special_days.label import AROUND, Label

_KINDS = ("holiday", "half_holiday", "period", "event", "campaign")
_POOLED_KINDS = ("holiday", "half_holiday", *AROUND)
_DAYS_LEAST = 2
_CONTACTS_LEAST = 200.0
_DAYS_MOST = 60
_TEMPER = 0.5  # of a likelihood whose scale is known: neighbouring slots are off together
_ORDINARY_DAYS = 60  # that say how far days differ from their shape
_PRIOR = (0.9, 0.05, 0.05)  # usual, quiet, own
_OWN_CONTACTS = 10.0  # per slot, that weigh as much as those of past days
_SMOOTH_MIN = 60.0
Key = Label | str


@dataclass(frozen=True)
class DayShapes:
    """Factors on the slots of special days, by name or kind: weights and shares, (slot,)."""

    usual: FloatArray  # shape values, (weekday, slot)
    quiet: FloatArray  # shape of the quietest weekday, (slot,)
    found: dict[Key, tuple[float, float, FloatArray]]  # weights of quiet and own; own factors

    def factors(self, labels: Labels, weekday: int) -> FloatArray | None:
        """Factors on the slots of a day that keep its total; None where it is as usual."""
        for label in labels:
            for key in (label, label.kind):
                if key in self.found:
                    return self._mixed(self.found[key], weekday)
        return None

    def _mixed(self, one: tuple[float, float, FloatArray], weekday: int) -> FloatArray:
        """The mixture of the three shapes relative to the usual one."""
        quiet_weight, own_weight, own = one
        usual = self.usual[weekday]
        total = usual.sum()
        if total <= 0:
            return np.ones(usual.size)
        inside = usual > 0
        share = usual / total
        quiet = _share(self.quiet * inside, share)
        mine = _share(own * share, share)
        mixed = (1 - quiet_weight - own_weight) * share + quiet_weight * quiet + own_weight * mine
        factors: FloatArray = np.where(inside, mixed / np.where(inside, share, 1.0), 1.0)
        return factors


def learn_shapes(
    past: Series,
    usual: FloatArray,
    labels: list[Labels],
    use: BoolArray,
    ordinary: BoolArray,
    quiet_weekday: int,
    wanted: frozenset[Label],
) -> DayShapes:
    """
    The shapes of special days, from a history and its usual shapes (weekday, slot).

    ``use`` are the days that were worked, ``ordinary`` those without labels, (day,); ``wanted``
    are the labels to come.
    """
    found: dict[Key, tuple[float, float, FloatArray]] = {}
    shapes = DayShapes(usual, usual[quiet_weekday], found)
    if past.slots < 2 or not wanted:
        return shapes
    kinds = {label.kind for label in wanted}
    days_of: dict[Key, list[int]] = {}
    for at, own in enumerate(labels):
        if not use[at]:
            continue
        for label in own:
            if label in wanted and label.kind in _KINDS and label.since >= 0:
                days_of.setdefault(label, []).append(at)
            if label.kind in kinds and label.kind in _POOLED_KINDS:
                days_of.setdefault(label.kind, []).append(at)
    excess = _excess(past, usual, ordinary) if days_of else 1.0
    for key in sorted(days_of, key=lambda one: isinstance(one, Label)):  # kinds before names
        at_days = np.array(days_of[key][-_DAYS_MOST:])
        kind = found.get(key.kind) if isinstance(key, Label) else None
        before = kind[2] if kind is not None and kind[1] > 0.5 else np.ones(past.slots)
        weighed = _weighed(past, usual, at_days, quiet_weekday, excess, before)
        if weighed is not None:
            found[key] = weighed
    return shapes


def _excess(past: Series, usual: FloatArray, ordinary: BoolArray) -> float:
    """How many times as much as by chance the slots of ordinary days are off their shape."""
    at = np.flatnonzero(ordinary)[-_ORDINARY_DAYS:]
    expected = usual[past.weekdays[at]]
    seen = np.isfinite(past.counts[at]) & (expected > 0)
    counts, expected = np.where(seen, past.counts[at], 0.0), np.where(seen, expected, 0.0)
    sums = expected.sum(axis=1)
    expected *= (counts.sum(axis=1) / np.where(sums > 0, sums, 1.0))[:, None]
    usable = expected > 0
    if usable.sum() < 2:
        return 1.0
    chi = (counts - expected)[usable] ** 2 / expected[usable]
    return max(1.0, float(np.minimum(chi, 9 * np.median(chi) + 1).mean()))


def _weighed(
    past: Series,
    usual: FloatArray,
    at: IntArray,
    quiet_weekday: int,
    excess: float,
    before: FloatArray,
) -> tuple[float, float, FloatArray] | None:
    """
    Weights of the quiet and the own shape, and the own shape's factors on the usual one.

    ``before`` are factors (slot,) that the own ones start from.
    """
    weekdays = past.weekdays[at]
    expected = usual[weekdays]
    seen = np.isfinite(past.counts[at]) & (expected > 0)
    counts = np.where(seen, past.counts[at], 0.0)
    totals = counts.sum(axis=1)
    keep = totals > 0
    if keep.sum() < _DAYS_LEAST or totals.sum() < _CONTACTS_LEAST:
        return None
    counts, seen, totals, expected = counts[keep], seen[keep], totals[keep], expected[keep]
    expected = np.where(seen, expected, 0.0)
    expected *= (totals / expected.sum(axis=1))[:, None]
    smooth = _smoother(past.slots, past.interval_min)
    weight = _OWN_CONTACTS * excess
    all_counts, all_expected = counts.sum(axis=0), expected.sum(axis=0)

    def own(without: int | None) -> FloatArray:
        top = all_counts - (counts[without] if without is not None else 0.0)
        bottom = all_expected - (expected[without] if without is not None else 0.0)
        factors: FloatArray = (smooth(top) + weight * before) / (smooth(bottom) + weight)
        return factors

    quiet = np.where(seen, usual[quiet_weekday], 0.0)
    scores = np.log(np.array(_PRIOR))
    for day in range(len(counts)):
        usual_share = expected[day] / totals[day]
        shares = (
            usual_share,
            _share(quiet[day], usual_share),
            _share(own(day) * usual_share, usual_share),
        )
        scores += _TEMPER / excess * np.array([_likelihood(counts[day], share) for share in shares])
    weights = np.exp(scores - scores.max())
    weights /= weights.sum()
    return float(weights[1]), float(weights[2]), own(None)


def _share(values: FloatArray, usual: FloatArray) -> FloatArray:
    """Values as shares, with a little of the usual ones, so that nothing is impossible."""
    total = values.sum()
    if total <= 0:
        return usual
    share: FloatArray = 0.98 * values / total + 0.02 * usual
    return share


def _likelihood(counts: FloatArray, share: FloatArray) -> float:
    """Log likelihood of counts under shares."""
    on = counts > 0
    return float((counts[on] * np.log(np.maximum(share[on], 1e-12))).sum())


def _smoother(slots: int, interval_min: int) -> Callable[[FloatArray], FloatArray]:
    """A mean of neighbouring slots within about an hour."""
    apart = np.abs(np.arange(slots)[:, None] - np.arange(slots)[None, :]) * float(interval_min)
    kernel = np.exp(-0.5 * (apart / _SMOOTH_MIN) ** 2)
    kernel /= kernel.sum(axis=1, keepdims=True)

    def smooth(values: FloatArray) -> FloatArray:
        smoothed: FloatArray = kernel @ values
        return smoothed

    return smooth
