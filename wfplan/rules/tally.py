"""How the auditor's face counts days: kinds of shift, runs and periods of a finished week.

Written apart from the planner's reading (:mod:`wfplan.rules.days`): by date,
with the calendar, one day after another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wfplan.rules.week import AgentWeek

ONE_DAY = timedelta(days=1)
OFF = "off"


@dataclass(frozen=True)
class Run:
    """Dates in a row of one sort; whether it may have begun before or go on after what is known."""

    days: tuple[date, ...]
    is_open_before: bool
    is_open_after: bool


@dataclass(frozen=True)
class Period:
    """Whole planning weeks that overlap the horizon, cut off at its end."""

    days: tuple[date, ...]
    is_known: bool  # whether the history reaches back to its first day
    is_whole: bool  # whether it ends within the horizon


def kind_of(week: AgentWeek, start: datetime, end: datetime) -> str:
    """The kind of a shift, by the clock of the agent."""
    from_min, to_min = clock_of(week, start, end)
    for kind in week.contract.kinds:
        if (
            _within(kind.starts, from_min)
            and _within(kind.ends, to_min)
            and kind.shortest_min <= to_min - from_min <= kind.longest_min
        ):
            return kind.name
    if _night_until(to_min) - _night_until(from_min) >= 3 * 60:
        return "night"
    if to_min > 21 * 60:
        return "late"
    return "early" if from_min < 7 * 60 else "day"


def _night_until(minute: int) -> int:
    """Minutes of the clock between 23:00 and 06:00 from midnight of a date to a minute."""
    days, rest = divmod(minute, 1440)
    return days * 7 * 60 + min(rest, 6 * 60) + max(rest - 23 * 60, 0)


def clock_of(week: AgentWeek, start: datetime, end: datetime) -> tuple[int, int]:
    """What the agent's clock shows at both ends of a shift, in minutes of its first date."""
    begin, finish = week.local(start), week.local(end)
    days = (finish.date() - begin.date()).days
    return begin.hour * 60 + begin.minute, days * 1440 + finish.hour * 60 + finish.minute


def clocks(week: AgentWeek) -> dict[date, tuple[int, int]]:
    """What the clock shows at both ends of the first shift of each date, the past included."""
    shown: dict[date, tuple[int, int]] = {}
    for day, past in zip(week.past_days, week.past, strict=True):
        shown.setdefault(day, clock_of(week, past.start, past.end))
    for duty in week.duties:
        shown.setdefault(duty.day, clock_of(week, duty.start, duty.end))
    return shown


def _within(window: tuple[int, int] | None, minute: int) -> bool:
    """Whether a minute of the clock lies in a window, on this date or one beside it."""
    if window is None:
        return True
    return any(window[0] <= minute + shift <= window[1] for shift in (-1440, 0, 1440))


def day_kinds(week: AgentWeek) -> dict[date, str]:
    """Every known date up to the horizon's last: the kind of its first shift, or ``off``."""
    kinds: dict[date, str] = {}
    for day, past in zip(week.past_days, week.past, strict=True):
        kinds.setdefault(day, kind_of(week, past.start, past.end))
    for duty in week.duties:
        kinds.setdefault(duty.day, kind_of(week, duty.start, duty.end))
    first = week.past_days[0] if week.past else week.dates[0]
    return {day: kinds.get(day, OFF) for day in _dates(first, week.dates[-1])}


def worked_days(week: AgentWeek) -> dict[date, str]:
    """Every known date as ``work`` or ``off``: quicker than its kind."""
    worked = {*week.past_days, *(duty.day for duty in week.duties)}
    first = week.past_days[0] if week.past else week.dates[0]
    return {day: "work" if day in worked else OFF for day in _dates(first, week.dates[-1])}


def runs(
    week: AgentWeek, belongs: Callable[[date, str], bool], *, has_kinds: bool = True
) -> list[Run]:
    """
    Runs of dates that belong, that reach into the horizon or end on its eve.

    Without kinds a date is ``work`` or ``off``.
    """
    kinds = week.kinds if has_kinds else worked_days(week)
    found: list[list[date]] = []
    for day, kind in kinds.items():
        if not belongs(day, kind):
            continue
        if found and day - found[-1][-1] == ONE_DAY:
            found[-1].append(day)
        else:
            found.append([day])
    first, last = next(iter(kinds)), week.dates[-1]
    return [
        Run(tuple(run), run[0] == first, run[-1] == last)
        for run in found
        if run[-1] >= week.dates[0] - ONE_DAY
    ]


def periods(week: AgentWeek, weeks: int) -> list[Period]:
    """Periods of so many planning weeks, counted back from the horizon's last; 0: the horizon."""
    first, last = week.dates[0], week.dates[-1]
    if weeks == 0:
        return [Period(week.dates, True, True)]
    known_from = week.past_days[0] if week.past else first
    end = last
    while (end + ONE_DAY).weekday() != week.week_start:
        end += ONE_DAY
    found: list[Period] = []
    while end >= first:
        begin = end - timedelta(days=7 * weeks - 1)
        days = tuple(_dates(begin, min(end, last)))
        found.append(Period(days, begin >= min(first, known_from), end <= last))
        end = begin - ONE_DAY
    return found[::-1]


def _dates(first: date, last: date) -> Iterable[date]:
    """Dates from one to another, both included."""
    while first <= last:
        yield first
        first += ONE_DAY


def fits(week: AgentWeek, day: date, name: str) -> bool:
    """Whether a known date is of a kind, or ``off``, ``work`` (any shift) or ``any``."""
    kind = week.kinds.get(day)
    if kind is None:
        return False
    return name in ("any", kind) or (name == "work" and kind != OFF)
