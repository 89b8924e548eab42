"""
Positions in the month that matter: pay days, last and first working days, every second Friday.

Smooth monthly patterns are a matter of the models. What is looked for here are single days, which
no smooth curve follows. A rule is believed when, day after day, what its earlier days had taught
would have brought the later ones nearer (prequential evidence [1]_) by far more than chance; so a
channel without a monthly cycle has none. Rules are tried in turn, the strongest first.

References
----------
.. [1] Dawid, A. P. (1984). Statistical theory: the prequential approach. *Journal of the Royal
       Statistical Society A*, 147(2): 278-292. https://doi.org/10.2307/2981683
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr

from forecasts.history.series import BoolArray, FloatArray, IntArray, weekday_of
from forecasts.special_days.around import Surroundings
from forecasts.special_days.label import MONTH, Label, belief

RULES_MOST = 3
PAY_DATES = (15, 25)
_FRIDAY = 4
_DAYS_LEAST = 6  # occurrences of a rule
_CHANCE = 0.004  # of a rule that is none
_EFFECT_LEAST = 0.02
_REACH_SD = 5.0
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


@dataclass(frozen=True)
class Positions:
    """Which of consecutive days fall under which rule, (rule, day)."""

    first: int
    rules: tuple[str, ...]
    holds: BoolArray

    def of(self, day: int, chosen: tuple[str, ...]) -> tuple[Label, ...]:
        """The labels of a day under chosen rules."""
        at = day - self.first
        if not 0 <= at < self.holds.shape[1]:
            return ()
        return tuple(
            Label(MONTH, name) for name in chosen if self.holds[self.rules.index(name)][at]
        )


def positions(first: int, last: int, surroundings: Surroundings) -> Positions:
    """The rules and the days from ``first`` to ``last`` under each of them."""
    days = np.arange(first - 62, last + 62, dtype=np.int64)  # whole months around the days
    weekdays = weekday_of(days)
    works = (weekdays <= _FRIDAY) & surroundings.served[weekdays]
    for day in surroundings.calendar.entries:
        if days[0] <= day <= days[-1] and surroundings.calendar.is_off(day):
            works[day - days[0]] = False
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    month = months.astype(np.int64)
    date = days - months.astype("datetime64[D]").astype(np.int64) + 1
    found: dict[str, BoolArray] = {}
    at = np.flatnonzero(works)
    ranks = _ranks(month[at])
    back = _ranks(month[at][::-1])[::-1]
    for text, rank, number in (
        ("last working day of the month", back, 0),
        ("second to last working day of the month", back, 1),
        ("first working day of the month", ranks, 0),
        ("second working day of the month", ranks, 1),
    ):
        found[text] = _flags(days.size, at[rank == number])
    for pay in PAY_DATES:
        paid = _last_before(at, np.flatnonzero(date == pay))
        found[f"{pay}th, or the working day before"] = _flags(days.size, paid)
        found[f"working day after the {pay}th's pay"] = _flags(days.size, _next_after(at, paid))
    for weekday in (2, 3, 4):
        odd = works & (weekdays == weekday) & (((days + 3) // 7) % 2 == 1)
        found[f"every second {_WEEKDAYS[weekday]}"] = odd
    inside = (days >= first) & (days <= last)
    return Positions(first, tuple(found), np.array(list(found.values()))[:, inside])


def rules_that_matter(positions: Positions, off: FloatArray, noise: float) -> tuple[str, ...]:
    """
    The rules that the history speaks for, the strongest first.

    ``off`` (day,) is the log of ordinary days against their measure, NaN on all others.
    """
    left = off.copy()
    chosen: list[str] = []
    holds = positions.holds[:, : left.size]
    for _ in range(RULES_MOST):
        evidence = [
            (_chance(left[on & np.isfinite(left)], noise), name)
            for name, on in zip(positions.rules, holds, strict=True)
            if name not in chosen
        ]
        chance, best = min(evidence)
        if chance > _CHANCE:
            break
        chosen.append(best)
        on = holds[positions.rules.index(best)]
        left[on] -= np.nanmedian(left[on])
    return tuple(chosen)


def _chance(values: FloatArray, noise: float) -> float:
    """The chance that earlier days of a rule help with later ones as much, if it were none."""
    if values.size < _DAYS_LEAST or abs(float(np.median(values))) < _EFFECT_LEAST:
        return 1.0
    reach = _REACH_SD * np.sqrt(noise)
    held = np.clip(values, -reach, reach)
    prior_days = noise / belief((MONTH, 0)).sd ** 2
    learned = np.cumsum(held)[:-1] / (np.arange(1, held.size) + prior_days)
    gain = np.abs(held[1:]) - np.abs(held[1:] - learned)
    spread = float(gain.std(ddof=1)) + 0.1 * np.sqrt(noise)
    t = float(gain.mean()) / spread * np.sqrt(gain.size)
    return float(stdtr(gain.size - 1, -t))


def _ranks(months: IntArray) -> IntArray:
    """Position of every element within its run of equal months."""
    starts = np.concatenate([[0], np.flatnonzero(np.diff(months)) + 1])
    lengths = np.diff(np.concatenate([starts, [months.size]]))
    ranks: IntArray = np.arange(months.size) - np.repeat(starts, lengths)
    return ranks


def _flags(size: int, at: IntArray) -> BoolArray:
    """True at some positions."""
    flags = np.zeros(size, dtype=np.bool_)
    flags[at] = True
    return flags


def _last_before(working: IntArray, at: IntArray) -> IntArray:
    """The last working positions at or before others."""
    place = np.searchsorted(working, at, side="right") - 1
    found: IntArray = working[place[place >= 0]]
    return found


def _next_after(working: IntArray, at: IntArray) -> IntArray:
    """The first working positions after others."""
    place = np.searchsorted(working, at, side="right")
    found: IntArray = working[place[place < working.size]]
    return found
