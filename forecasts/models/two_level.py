"""
Two levels: how many contacts a day brings, and how the day spreads them.

The shape of the day comes from the recent weeks (:mod:`forecasts.profiles`),
the level from up to four times as many, because the day model learns how fast
to forget (:mod:`forecasts.models.day_level`), effects of special days from the
whole history (:mod:`forecasts.calendar`). Nothing here sees a day that is not
in the ``past`` it is given.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.calendar import Calendar, Effect, learn_effects, shut_days
from forecasts.models.day_level import DayLevels, Spread, learn_spread, predict
from forecasts.profiles import Shape, fit_shape
from forecasts.series import BoolArray, FloatArray, IntArray, Series, weekday_of

LEVEL_TIMES = 4  # weeks for the level of the day / weeks for its shape
_OUTAGE_SHARE = 0.1  # a day with less than this of the usual volume is no day of work
_STRANGE_SD = 6.0  # robust standard deviations from the days around


@dataclass(frozen=True)
class Outlook:
    """
    What is expected of the days ahead, and what was set aside to say so.

    ``rate`` is per interval of mean shape, after the effects of the calendar;
    ``variance`` that of its logarithm; both of shape (day ahead,).
    """

    ahead: IntArray
    rate: FloatArray
    variance: FloatArray
    shape: Shape
    spread: Spread
    effects: tuple[Effect, ...]
    strange: tuple[int, ...]
    days_used: IntArray

    @property
    def mean(self) -> FloatArray:
        """Expected contacts per interval, shape (day ahead, slot)."""
        return self.rate[:, None] * self.shape.values[weekday_of(self.ahead)]


def look_ahead(
    past: Series,
    calendar: Calendar,
    mask: BoolArray,
    ahead: IntArray,
    *,
    weeks: int,
    spread: Spread | None = None,
    shut_ahead: frozenset[int] = frozenset(),
) -> Outlook:
    """
    The outlook on days ahead from a past.

    Parameters
    ----------
    mask
        Open slots, (weekday, slot).
    weeks
        Recent weeks that shape the day.
    spread
        Standard deviations of the day model; learned from ``past`` when None.
    shut_ahead
        Days ahead on which the calendar lets nothing open.
    """
    last = int(past.days[past.has_rows][-1])
    served = np.asarray(mask.any(axis=1), dtype=np.bool_)
    plain = _plain_days(past, calendar, served)
    recent = past.window(last + 1 - 7 * weeks, int(past.days[-1]) + 1)
    age = (last - recent.days) / (7.0 * weeks)
    usable = plain[-recent.days.size :]
    shape = fit_shape(recent, mask, usable if usable.any() else recent.has_rows, 0.5**age)

    exposure, arrived = shape.exposure(past), shape.arrived(past)
    mean_exposure = np.median(exposure[plain]) if plain.any() else 0.0
    plain &= exposure > 0.25 * mean_exposure
    strange = plain & _strange(past.days, arrived, exposure, plain)
    plain &= ~strange
    shut = shut_days(calendar, past.days, arrived, exposure, plain) | shut_ahead
    labels = calendar.labels(past.days, served, shut)
    ordinary = plain & np.array([not found for found in labels])
    effects = learn_effects(calendar, past.days, arrived, exposure, labels, ordinary)

    level_days = ordinary & (past.days > last - 7 * weeks * LEVEL_TIMES)
    if not level_days.any():
        level_days = past.has_rows & (exposure > 0)
    stated = np.array([calendar.stated(int(day)) for day in past.days[level_days]])
    weighted = exposure[level_days] * np.maximum(stated, 1e-3)
    inputs = past.days[level_days], arrived[level_days], weighted
    spread = spread or learn_spread(*inputs)
    levels = predict(spread, *inputs, ahead)
    ahead_effects = tuple(
        _effect_of(calendar, effects.of(found, int(day)), int(day))
        for day, found in zip(ahead, calendar.labels(ahead, served, shut), strict=True)
    )
    return _outlook(
        ahead, levels, shape, spread, ahead_effects, past.days[strange], past.days[level_days]
    )


def _outlook(
    ahead: IntArray,
    levels: DayLevels,
    shape: Shape,
    spread: Spread,
    effects: tuple[Effect, ...],
    strange: IntArray,
    used: IntArray,
) -> Outlook:
    """Levels and effects of the days ahead together."""
    factors = np.array([effect.factor for effect in effects])
    extra = np.array([effect.variance for effect in effects])
    return Outlook(
        ahead,
        levels.rate * factors,
        levels.variance + extra,
        shape,
        spread,
        effects,
        tuple(int(day) for day in strange),
        used,
    )


def _effect_of(calendar: Calendar, learned: Effect, day: int) -> Effect:
    """The learned effect of a day times what the calendar states."""
    return Effect(learned.factor * calendar.stated(day), learned.variance, learned.how)


def _plain_days(past: Series, calendar: Calendar, served: BoolArray) -> BoolArray:
    """Days with rows about which there is nothing to be learned from a calendar."""
    labels = calendar.labels(past.days, served, frozenset())
    off = np.array([calendar.is_off(int(day)) for day in past.days], dtype=np.bool_)
    return past.has_rows & ~off & np.array([not found for found in labels], dtype=np.bool_)


def _strange(
    days: IntArray, arrived: FloatArray, exposure: FloatArray, plain: BoolArray
) -> BoolArray:
    """
    Days far from their weekday and from the days around them: outages, bursts.

    A lasting change of level is not strange: the days around share it.
    """
    flags = np.zeros(days.size, dtype=np.bool_)
    at = np.flatnonzero(plain)
    if at.size < 8:
        return flags
    rate, weekdays = arrived[at] / exposure[at], weekday_of(days[at])
    usual = np.array(
        [np.median(rate[weekdays == w]) if (weekdays == w).any() else 0.0 for w in range(7)]
    )
    expected = usual[weekdays] * exposure[at]
    with np.errstate(divide="ignore"):
        log_ratio = np.log((arrived[at] + 0.5) / (expected + 0.5))
    padded = np.pad(log_ratio, 4, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 9)
    around = np.median(np.delete(windows, 4, axis=1), axis=1)
    off = log_ratio - around
    scale = 1.4826 * np.median(np.abs(off))
    reach = _STRANGE_SD * np.maximum(scale, np.sqrt(0.03**2 + 1.0 / np.maximum(expected, 1.0)))
    outage = (expected * np.exp(around) > 20) & (off < np.log(_OUTAGE_SHARE))
    flags[at] = ((np.abs(off) > reach) & (np.abs(off) > 0.25)) | outage
    return flags
