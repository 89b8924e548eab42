"""
Lasting changes of level: steps and ramps of the recent half-year, by size and date.

Day totals, on the log scale and without their weekdays, are split where the means on both sides
differ most (binary segmentation [1]_). A split counts when the difference exceeds what the noise
makes of means of so many days: the noise is taken with its memory (long-run variance of an
autoregression of order one [2]_, and of weekly means), or a level that wanders would be full of
steps. Where a straight line explains a stretch better than a step, it is a ramp.

References
----------
.. [1] Vostrikova, L. Ju. (1981). Detecting "disorder" in multidimensional random processes.
       *Soviet Mathematics Doklady*, 24: 55-59.
.. [2] Andrews, D. W. K. (1991). Heteroskedasticity and autocorrelation consistent covariance
       matrix estimation. *Econometrica*, 59(3): 817-858. https://doi.org/10.2307/2938229
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import exp

import numpy as np
import pandas as pd

from forecasts.history.series import FloatArray, IntArray, date_of, weekday_of

STEP, RAMP = "step", "ramp"
COLUMNS = ("channel", "day", "until", "kind", "change")
LOOK_BACK_DAYS = 182
CHANGE_LEAST = 0.10  # smaller ones matter to nobody
_DAYS_LEAST = 49  # that a history must have, and
_SIDE_LEAST = 8  # days on each side of a step
_STANDARD_ERRORS = 5.0
_HIDDEN_ERRORS = 7.0  # where other steps had to be taken out to see the noise
_LINE_BETTER = 0.9  # squares that a line leaves / squares that a step leaves
_REACH_SD = 4.0
_MEMORY_MOST = 0.95
_CONTACTS_LEAST = 5.0  # a day
_MONTH_DAYS = 30.44


@dataclass(frozen=True)
class LevelChange:
    """
    A change of level: the first day of the new one, or first and last day of a ramp.

    ``change`` is the new level / the old one, less 1.
    """

    kind: str
    day: int
    until: int
    change: float


def level_changes(
    days: IntArray, arrived: FloatArray, exposure: FloatArray
) -> tuple[LevelChange, ...]:
    """
    Steps and ramps of the last half-year, oldest first.

    Parameters
    ----------
    days
        Ordinary days since 1970-01-01, ascending.
    arrived, exposure
        Contacts of the day, and the intervals (weighted by shape and season) they came in.
    """
    recent = days > days.max(initial=0) - LOOK_BACK_DAYS
    days, arrived, exposure = days[recent], arrived[recent], exposure[recent]
    if days.size < _DAYS_LEAST or float(np.median(arrived)) < _CONTACTS_LEAST:
        return ()
    values = _without_weekdays(days, np.log((arrived + 0.5) / exposure))
    steps: list[int] = []
    ramps: list[LevelChange] = []
    _search(days, values, 0, days.size, steps, ramps)
    edges = [0, *sorted(steps), days.size]
    levels = [float(values[a:b].mean()) for a, b in pairwise(edges)]
    found = [
        LevelChange(STEP, int(days[at]), int(days[at]), exp(after - before) - 1)
        for at, (before, after) in zip(edges[1:], pairwise(levels), strict=False)
        if abs(after - before) > np.log1p(CHANGE_LEAST)
    ]
    return tuple(sorted([*found, *ramps], key=lambda change: change.day))


def said_of_levels(changes: Iterable[LevelChange]) -> list[str]:
    """Notes on lasting changes."""
    notes = []
    for change in changes:
        verb = "rose" if change.change > 0 else "fell"
        size = f"{abs(change.change):.0%}".replace("%", " %")
        if change.kind == STEP:
            notes.append(
                f"level {verb} by {size} around {date_of(change.day)}; the forecast follows the "
                "new level"
            )
        else:
            months = max((change.until - change.day) / _MONTH_DAYS, 1.0)
            monthly = (1 + change.change) ** (1 / months) - 1
            notes.append(
                f"level {verb} steadily from {date_of(change.day)} to {date_of(change.until)}, by "
                f"{size} in all, {monthly:+.0%} a month; the forecast does not count on more of it "
                "than its past errors bear out"
            )
    return notes


def levels_frame(channel: str, changes: Iterable[LevelChange]) -> pd.DataFrame:
    """The changes of a channel: channel, day, until, kind, change (share)."""
    rows = [
        (channel, date_of(one.day), date_of(one.until), one.kind, one.change) for one in changes
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _without_weekdays(days: IntArray, values: FloatArray) -> FloatArray:
    """Log levels less the weekday's own, single days held within reach of the days around."""
    weekdays = weekday_of(days)
    around = _running_median(values, 7)
    for _ in range(2):
        off = values - around
        usual = np.array(
            [np.median(off[weekdays == w]) if (weekdays == w).any() else 0.0 for w in range(7)]
        )
        plain = values - usual[weekdays]
        around = _running_median(plain, 7)
    scale = 1.4826 * float(np.median(np.abs(plain - around))) + 1e-9
    held: FloatArray = np.clip(plain, around - _REACH_SD * scale, around + _REACH_SD * scale)
    return held


def _running_median(values: FloatArray, width: int) -> FloatArray:
    """Median of the values around each, at the ends of those that there are."""
    half = width // 2
    padded = np.pad(values, half, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, width)
    medians: FloatArray = np.median(windows, axis=1)
    return medians


def _search(
    days: IntArray,
    values: FloatArray,
    first: int,
    end: int,
    steps: list[int],
    ramps: list[LevelChange],
) -> None:
    """Changes between two positions, by splitting where the sides differ most."""
    part = values[first:end]
    if part.size < 2 * _SIDE_LEAST:
        return
    at, jump = _best_step(part)
    step = np.where(np.arange(part.size) < at, part[:at].mean(), part[at:].mean())
    line, rise = _line(days[first:end], part)
    left_by_step = float(((part - step) ** 2).sum())
    left_by_line = float(((part - line) ** 2).sum())
    if left_by_line < _LINE_BETTER * left_by_step:
        error = _long_run_sd(part - line) * np.sqrt(12.0 / part.size)  # of a rise end to end
        if abs(rise) > max(_STANDARD_ERRORS * error, np.log1p(CHANGE_LEAST)):
            change = exp(rise) - 1
            ramps.append(LevelChange(RAMP, int(days[first]), int(days[end - 1]), change))
            return
    unit = float(np.sqrt(1 / at + 1 / (part.size - at)))
    error = _STANDARD_ERRORS * unit * _long_run_sd(part - step)
    hidden = _HIDDEN_ERRORS * unit * _long_run_sd(_rest_of_steps(part, 2), steps=3)
    if abs(jump) <= max(min(error, hidden), np.log1p(CHANGE_LEAST)):
        return
    steps.append(first + at)
    _search(days, values, first, first + at, steps, ramps)
    _search(days, values, first + at, end, steps, ramps)


def _best_step(part: FloatArray) -> tuple[int, float]:
    """Where the means before and after differ most, in standard errors, and by how much."""
    size = part.size
    at = np.arange(_SIDE_LEAST, size - _SIDE_LEAST + 1)
    before = np.cumsum(part)[at - 1] / at
    after = (part.sum() - before * at) / (size - at)
    score = np.abs(after - before) / np.sqrt(1 / at + 1 / (size - at))
    best = int(np.argmax(score))
    return int(at[best]), float(after[best] - before[best])


def _line(days: IntArray, part: FloatArray) -> tuple[FloatArray, float]:
    """The straight line through a stretch, and its rise from end to end."""
    time = (days - days.mean()) / max(1.0, float(days[-1] - days[0]))
    slope = float((time * part).sum() / max(float((time**2).sum()), 1e-12))
    line: FloatArray = part.mean() + slope * time
    return line, slope


def _rest_of_steps(part: FloatArray, depth: int) -> FloatArray:
    """What halving at the best step leaves, and halving again: noise without several steps."""
    if not depth or part.size < 2 * _SIDE_LEAST:
        rest: FloatArray = part - part.mean()
        return rest
    at, _ = _best_step(part)
    halves = [_rest_of_steps(half, depth - 1) for half in (part[:at], part[at:])]
    return np.concatenate(halves)


def _long_run_sd(rest: FloatArray, steps: int = 1) -> float:
    """
    Standard deviation that means of many days inherit, by memory and by weekly means.

    Memory is underestimated by every mean that was fitted, so it is corrected for ``steps``.
    """
    sd = float(np.sqrt((rest**2).mean()))
    if sd <= 0:
        return 1e-9
    lag = float((rest[1:] * rest[:-1]).sum() / (rest**2).sum())
    bias = (1.0 + steps) * (1.0 + 3.0 * max(lag, 0.0)) / rest.size
    memory = min(max(lag + bias, 0.0), _MEMORY_MOST)
    by_memory = sd * float(np.sqrt((1 + memory) / (1 - memory)))
    weeks = rest[rest.size % 7 :].reshape(-1, 7).mean(axis=1)
    by_weeks = float(np.sqrt(7.0 * (weeks**2).mean()))
    return max(by_memory, by_weeks)
