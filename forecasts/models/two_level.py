"""
Two levels: how many contacts a day brings, and how the day spreads them.

The shape of the day comes from the recent weeks (:mod:`forecasts.history.shape`),
the level from up to four times as many, because the day model learns how fast
to forget (:mod:`forecasts.models.day_level`), effects of special days from the
whole history (:mod:`forecasts.special_days.study`). Nothing here sees a day that is not
in the ``past`` it is given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from forecasts.history.series import BoolArray, FloatArray, IntArray, Series, weekday_of
from forecasts.history.shape import Shape, fit_shape
from forecasts.models.candidates import LEVEL_TIMES, candidates, day_levels
from forecasts.models.day_level import Spread
from forecasts.models.low_rank import low_rank_shapes
from forecasts.special_days.calendar import Calendar
from forecasts.special_days.effects import Effect
from forecasts.special_days.study import plain_days, study

LONG_TIMES = 3  # weeks of the longer memory of the day's shape / weeks of the shorter
_OUTAGE_SHARE = 0.1  # a day with less than this of the usual volume is no day of work
_STRANGE_SD = 6.0  # robust standard deviations from the days around


@dataclass(frozen=True)
class Outlook:
    """
    What is expected of the days ahead, and what was set aside to say so.

    ``candidates`` are what single models expect, after the effects of the
    calendar, (day ahead, slot); ``variance`` that of the log of the day's level.
    """

    ahead: IntArray
    candidates: dict[str, FloatArray]
    variance: FloatArray
    shape: Shape
    spread: Spread
    effects: tuple[Effect, ...]
    strange: tuple[int, ...]
    days_used: IntArray


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
    plain = plain_days(past, calendar, mask)
    shape, by_rank = _shapes(past, mask, plain, weeks)
    exposure, arrived = shape.exposure(past), shape.arrived(past)
    mean_exposure = np.median(exposure[plain]) if plain.any() else 0.0
    plain &= exposure > 0.25 * mean_exposure
    strange = plain & _strange(past.days, arrived, exposure, plain)
    plain &= ~strange
    special = study(past, calendar, shape.values, arrived, exposure, plain, ahead, shut_ahead)
    level_days = special.ordinary if special.ordinary.any() else past.has_rows & (exposure > 0)
    weighted = exposure[level_days] * np.maximum(special.weight[level_days], 1e-3)
    levels = day_levels(
        past.days[level_days], arrived[level_days], weighted, ahead, weeks=weeks, spread=spread
    )
    found = candidates(levels, past.days, special.counts, shape, by_rank, ahead)
    used = past.days[level_days]
    return Outlook(
        ahead,
        {name: special.applied(mean) for name, mean in found.items()},
        levels.variance + special.variance,
        shape,
        levels.spread,
        special.effects,
        tuple(int(day) for day in past.days[strange]),
        used[used > used[-1] - 7 * weeks * LEVEL_TIMES],
    )


def _shapes(
    past: Series, mask: BoolArray, plain: BoolArray, weeks: int
) -> tuple[Shape, FloatArray | None]:
    """
    The shape of the day, and one of low rank where there are days enough for it.

    The mean of a shape of recent weeks and one of three times as many, which
    hedges between what is new and what is noise.
    """
    last = int(past.days[past.has_rows][-1])
    found = []
    for span in (7 * weeks, 7 * weeks * LONG_TIMES):
        window = past.window(last + 1 - span, int(past.days[-1]) + 1)
        usable = plain[-window.days.size :]
        age = (last - window.days) / span
        found.append((window, usable if usable.any() else window.has_rows, 0.5**age))
        if int(past.days[0]) > last - 7 * weeks:
            break
    shapes = [fit_shape(window, mask, usable, weight) for window, usable, weight in found]
    window, usable, weight = found[-1]
    by_rank = None
    if past.slots > 1:
        by_rank = low_rank_shapes(
            window.counts[usable], window.weekdays[usable], weight[usable], mask
        )
    mean = np.mean([shape.values for shape in shapes], axis=0)
    return replace(shapes[0], values=mean), by_rank


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
