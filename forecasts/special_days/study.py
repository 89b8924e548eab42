"""What a history and its calendar say of the days ahead: the one entrance for models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from forecasts.history.series import BoolArray, FloatArray, IntArray, Series, weekday_of
from forecasts.special_days.around import Labels, Surroundings
from forecasts.special_days.calendar import Calendar
from forecasts.special_days.day_shape import DayShapes, learn_shapes
from forecasts.special_days.effects import Effect, Effects, learn
from forecasts.special_days.evidence import Evidence, Usual, measured, usual
from forecasts.special_days.month import positions, rules_that_matter
from forecasts.special_days.pool import pool

_WORKED_SHARE = 0.2  # of the usual volume, from which on a day off was worked
_STATED_LEAST = 0.05  # of a stated factor, below which a day says nothing of ordinary ones
_KEPT_BETWEEN = (0.5, 2.0)  # effects that single intervals may be cleared of


@dataclass(frozen=True)
class Study:
    """
    Special days of a history, and of the days ahead.

    ``ordinary`` are the days that levels learn from, ``weight`` what effects did to their volume,
    ``counts`` (day, slot) those of ordinary days without effects and NaN on all others;
    ``effects`` (day ahead,) what is to come, ``shapes`` what it does to slots.
    """

    ordinary: BoolArray
    weight: FloatArray
    counts: FloatArray
    ahead: IntArray
    labels: tuple[Labels, ...]
    effects: tuple[Effect, ...]
    shapes: DayShapes

    @property
    def variance(self) -> FloatArray:
        """Variance of the log of the effects, (day ahead,)."""
        return np.array([effect.variance for effect in self.effects])

    def applied(self, mean: FloatArray) -> FloatArray:
        """Contacts expected on ordinary days (day ahead, slot), with the effects of theirs."""
        factors = np.array([effect.factor for effect in self.effects])
        found: FloatArray = mean * factors[:, None]
        for row, labels in enumerate(self.labels):
            weekday = int(weekday_of(self.ahead[row : row + 1])[0])
            by_slot = self.shapes.factors(labels, weekday) if labels else None
            if by_slot is not None:
                total, shaped = found[row].sum(), found[row] * by_slot
                found[row] = shaped * (total / shaped.sum() if shaped.sum() > 0 else 1.0)
        return found


def study(
    past: Series,
    calendar: Calendar,
    shape: FloatArray,
    arrived: FloatArray,
    exposure: FloatArray,
    plain: BoolArray,
    ahead: IntArray,
    shut_ahead: frozenset[int] = frozenset(),
) -> Study:
    """
    What a history says of special days.

    Parameters
    ----------
    shape
        The usual shapes of the day, (weekday, slot), 0 where closed.
    arrived, exposure
        Contacts of each day, and the sum of its shape over the slots that it has.
    plain
        Days that are fit to be learned from, and are no day off.
    shut_ahead
        Days ahead on which nothing opens.
    """
    served = np.asarray((shape > 0).any(axis=1), dtype=np.bool_)
    shut = shut_days(calendar, past.days, arrived, exposure, plain)
    shut = shut.difference(ahead.tolist()) | shut_ahead
    around = Surroundings(calendar, served, shut)
    labels, labels_ahead = around.labels(past.days), around.labels(ahead)
    stated = np.array([calendar.stated(int(day)) for day in past.days])
    weighted = exposure * np.maximum(stated, _STATED_LEAST)
    plain = plain & (stated >= _STATED_LEAST)
    ordinary, clear = _ordinary(plain, labels)
    usually = usual(past.days, arrived, weighted, clear, ordinary)
    place = positions(int(past.days[0]), int(ahead[-1]), around)
    off = np.where(clear, usually.off, np.nan)
    rules = rules_that_matter(place, off, usually.noise)
    if rules:
        labels = _with_rules(labels, past.days, place.of, rules, served)
        labels_ahead = _with_rules(labels_ahead, ahead, place.of, rules, served)
        ordinary, clear = _ordinary(plain, labels)
        usually = usual(past.days, arrived, weighted, clear, ordinary)
    evidence = measured(labels, past.days, arrived, weighted, usually)
    effects = learn(evidence, calendar.known.before(int(past.days[-1]) + 1))
    soft = _soft_effects(effects, labels)
    weight = stated * soft
    low, high = _KEPT_BETWEEN
    kept = ordinary & (stated == 1.0) & (soft >= low) & (soft <= high)
    counts = np.where(kept[:, None], past.counts / np.maximum(soft, low)[:, None], np.nan)
    worked = past.has_rows & (weighted > 0) & ~np.isin(past.days, list(shut))
    quiet = _quietest(usually, served)
    wanted = frozenset(label for found in labels_ahead for label in found)
    return Study(
        ordinary,
        weight,
        counts,
        ahead,
        tuple(labels_ahead),
        tuple(
            _ahead(calendar, effects, found, int(day), usually)
            for day, found in zip(ahead, labels_ahead, strict=True)
        ),
        learn_shapes(past, shape, labels, worked, clear, quiet, wanted),
    )


def collect(series: Series, calendar: Calendar, mask: BoolArray) -> Evidence:
    """
    A channel's evidence on the days of its calendar, for others to learn from.

    ``mask`` are its open slots, (weekday, slot). Cheap: shapes are plain means.
    """
    shape = _plain_shape(series, mask)
    present = np.isfinite(series.counts) & mask[series.weekdays]
    exposure = np.where(present, shape[series.weekdays], 0.0).sum(axis=1)
    arrived = np.where(present, series.counts, 0.0).sum(axis=1)
    plain = plain_days(series, calendar, mask) & (exposure > 0)
    shut = shut_days(calendar, series.days, arrived, exposure, plain)
    served = np.asarray(mask.any(axis=1), dtype=np.bool_)
    labels = Surroundings(calendar, served, shut).labels(series.days)
    ordinary, clear = _ordinary(plain, labels)
    stated = np.array([calendar.stated(int(day)) for day in series.days])
    weighted = exposure * np.maximum(stated, _STATED_LEAST)
    usually = usual(series.days, arrived, weighted, clear, ordinary)
    return measured(labels, series.days, arrived, weighted, usually)


def with_pooled(
    calendars: Mapping[str, Calendar], evidences: Mapping[str, Evidence]
) -> dict[str, Calendar]:
    """The calendars of all channels, each with what the others know of its days."""
    known = pool(evidences)
    return {
        name: replace(one, known=known[name]) if name in known else one
        for name, one in calendars.items()
    }


def plain_days(past: Series, calendar: Calendar, mask: BoolArray) -> BoolArray:
    """Days with rows that are no day off, and of which nothing strong is to be learned, (day,)."""
    served = np.asarray(mask.any(axis=1), dtype=np.bool_)
    labels = Surroundings(calendar, served).labels(past.days)
    off = np.array([calendar.is_off(int(day)) for day in past.days], dtype=np.bool_)
    return past.has_rows & ~off & _ordinary(np.ones_like(off), labels)[0]


def shut_days(
    calendar: Calendar,
    days: IntArray,
    arrived: FloatArray,
    exposure: FloatArray,
    plain: BoolArray,
) -> frozenset[int]:
    """Holidays and closed days of a history on which hardly anything came, or nothing is known."""
    off = {day for day in calendar.entries if calendar.is_off(day)}
    typical = float(np.median(arrived[plain])) if plain.any() else 0.0
    worked = days[(exposure > 0) & (arrived > _WORKED_SHARE * typical)]
    return frozenset(off - set(worked.tolist()))


def _ordinary(plain: BoolArray, labels: list[Labels]) -> tuple[BoolArray, BoolArray]:
    """Plain days whose labels are soft at most, and those without any, (day,) each."""
    hard = np.array([any(not label.is_soft for label in found) for found in labels], dtype=np.bool_)
    clear = np.array([not found for found in labels], dtype=np.bool_)
    return plain & ~hard, plain & clear


def _with_rules(
    labels: list[Labels], days: IntArray, of: object, rules: tuple[str, ...], served: BoolArray
) -> list[Labels]:
    """Labels with those of positions in the month."""
    assert callable(of)
    return [
        (*found, *of(int(day), rules)) if served[(day + 3) % 7] else found
        for day, found in zip(days, labels, strict=True)
    ]


def _soft_effects(effects: Effects, labels: list[Labels]) -> FloatArray:
    """What soft labels did to past days, (day,)."""
    factors = np.ones(len(labels))
    known: dict[Labels, float] = {}
    for at, found in enumerate(labels):
        soft = tuple(label for label in found if label.is_soft)
        if soft:
            if soft not in known:
                known[soft] = effects.of(soft).factor
            factors[at] = known[soft]
    return factors


def _ahead(
    calendar: Calendar, effects: Effects, labels: Labels, day: int, usually: Usual
) -> Effect:
    """
    What is learned of a day ahead times what the calendar states.

    Where it states anything, nothing is guessed on top: whoever knew so much knew the rest.
    """
    if calendar.is_stated(day):
        labels = tuple(label for label in labels if effects.is_known(label))
    learned = effects.of(labels, float(usually.quiet_now[(day + 3) % 7]))
    return replace(learned, factor=learned.factor * calendar.stated(day))


def _quietest(usually: Usual, served: BoolArray) -> int:
    """The served weekday that brings least."""
    return int(np.argmax(np.where(served, usually.quiet_now, -np.inf)))


def _plain_shape(series: Series, mask: BoolArray) -> FloatArray:
    """Mean contacts by weekday and slot relative to their mean, (weekday, slot)."""
    shape = np.zeros(mask.shape)
    for weekday in np.flatnonzero(mask.any(axis=1)):
        rows = series.counts[series.weekdays == weekday]
        seen = np.isfinite(rows)
        mean = np.where(seen, rows, 0.0).sum(axis=0) / np.maximum(seen.sum(axis=0), 1)
        total = mean[mask[weekday]].mean()
        shape[weekday] = np.where(mask[weekday], mean / total if total > 0 else 1.0, 0.0)
    return shape
