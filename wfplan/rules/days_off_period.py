"""Days off in a period: at least or at most so many dates without a shift, history counted.

Source: the contract, a works agreement or the plan.

Periods are read as in :mod:`wfplan.rules.shift_count_period`. Whole dates of
time off, outside employment or without a valid skill are days off where the
least is asked, and are not counted where the most is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import LEAST, common, count_of
from wfplan.rules.counts import Hits, count_automaton
from wfplan.rules.days import OFF, Classes
from wfplan.rules.shift_count_period import ShiftCountPeriod

if TYPE_CHECKING:
    from datetime import date

    from wfplan.domain.problem import RuleSetting
    from wfplan.rules.automaton import DayAutomaton
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek


@dataclass(frozen=True, kw_only=True)
class DaysOffPeriod(ShiftCountPeriod):
    """At least, or at most, ``count`` days off in ``weeks`` weeks (0: the horizon)."""

    name: ClassVar[str] = "days_off_period"
    noun: ClassVar[str] = "day"
    bound: str = LEAST

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> DaysOffPeriod:
        """The rule from a setting in days."""
        return cls(
            count=count_of(setting, "days"),
            bound=setting.bound or LEAST,
            weeks=setting.weeks,
            **common(setting),
        )

    def counts(self, week: AgentWeek, day: date, kind: str) -> bool:
        """Whether a date is a day off that counts."""
        if kind != "off":
            return False
        return self.bound == LEAST or not (day in week.away_days() or day in week.idle_days())

    @property
    def said(self) -> str:
        """What is counted, in words."""
        return "free day"

    def automaton(self, person: Person) -> DayAutomaton:
        """The count of the period so far, what the history holds of it included."""
        hits = Hits(frozenset((OFF,)), is_away_counted=self.bound == LEAST)
        classes = Classes(person.contract.kinds)
        return count_automaton(self, person, classes, hits, self.bound, self.count, self.weeks)
