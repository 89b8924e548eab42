"""Nonstandard shifts: at most so many outside the usual hours in a period, history counted.

Source: a works agreement, wellbeing.

A shift is standard when it starts on Monday to Friday and lies inside the
usual hours of the clock, 07:00 to 20:00 unless ``window`` says otherwise.
Periods are read as in :mod:`wfplan.rules.shift_count_period`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wfplan.rules.base import MOST, common, count_of
from wfplan.rules.counts import SATURDAY, SUNDAY, WEEKEND, Hits, count_automaton
from wfplan.rules.days import Classes
from wfplan.rules.shift_count_period import ShiftCountPeriod
from wfplan.rules.tally import OFF

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from numpy.typing import NDArray

    from wfplan.domain.problem import RuleSetting
    from wfplan.horizon import Window
    from wfplan.rules.automaton import DayAutomaton
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek

USUAL_HOURS = (7 * 60, 20 * 60)
OUTSIDE = 2


@dataclass(frozen=True, kw_only=True)
class NonstandardShiftsMax(ShiftCountPeriod):
    """At most ``count`` shifts outside ``window`` or on weekends in ``weeks`` weeks."""

    name: ClassVar[str] = "nonstandard_shifts_max"
    window: Window = USUAL_HOURS
    weeks: int = 4

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> NonstandardShiftsMax:
        """The rule from a setting in shifts."""
        return cls(
            count=count_of(setting, "shifts"),
            bound=setting.bound or MOST,
            window=setting.window or USUAL_HOURS,
            weeks=setting.weeks or 4,
            **common(setting),
        )

    @property
    def family(self) -> tuple[object, ...]:
        """Other hours, periods or sides are rules of their own."""
        return self.name, self.bound, self.window, self.weeks

    def counts(self, week: AgentWeek, day: date, kind: str) -> bool:
        """Whether a date has a shift outside the usual hours."""
        if kind in (OFF, ""):
            return False
        begin, end = week.clocks[day]
        return day.weekday() >= 5 or begin < self.window[0] or end > self.window[1]

    @property
    def said(self) -> str:
        """What is counted, in words."""
        return "nonstandard shift"

    def automaton(self, person: Person) -> DayAutomaton:
        """The count of the period so far, what the history holds of it included."""
        classes = _HourClasses(person.contract.kinds, window=self.window)
        hits = _WeekendsToo(frozenset((OUTSIDE,)))
        return count_automaton(self, person, classes, hits, self.bound, self.count, self.weeks)


@dataclass(frozen=True)
class _HourClasses(Classes):
    """Class 1 inside the usual hours, 2 outside them."""

    window: Window = USUAL_HOURS

    @property
    def width(self) -> int:
        """Number of classes."""
        return 3

    def of_shifts(
        self, start_min: NDArray[np.int64], end_min: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """The class of each shift, (shift,)."""
        is_inside = (start_min >= self.window[0]) & (end_min <= self.window[1])
        return np.where(is_inside, 1, OUTSIDE)


class _WeekendsToo(Hits):
    """Shifts outside the usual hours, and any on a Saturday or a Sunday."""

    weekend: ClassVar[Mapping[int, int]] = WEEKEND

    def of_day(self, kind: int, mark: int) -> bool:
        """See :class:`wfplan.rules.counts.Hits`."""
        return kind in self.classes or (kind > 0 and bool(mark & (SATURDAY | SUNDAY)))
