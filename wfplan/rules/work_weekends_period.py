"""Working weekends of a period: at most or at least so many, history counted.

Source: a works agreement, the contract or the plan (weekend work goes with
work-family conflict, SCIENCE 4.1).

A weekend is a Saturday and the Sunday after it; it is worked when a shift
starts on either. It belongs to the period of the first date worked. Periods
are read as in :mod:`wfplan.rules.shift_count_period`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.counts import WeekendHits, count_automaton
from wfplan.rules.days import Classes
from wfplan.rules.shift_count_period import ShiftCountPeriod
from wfplan.rules.tally import OFF

if TYPE_CHECKING:
    from datetime import date

    from wfplan.rules.automaton import DayAutomaton
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek


@dataclass(frozen=True, kw_only=True)
class WorkWeekendsPeriod(ShiftCountPeriod):
    """At most, or at least, ``count`` weekends with work in ``weeks`` weeks."""

    name: ClassVar[str] = "work_weekends_period"
    usual_weeks: ClassVar[int] = 4
    noun: ClassVar[str] = "weekend"
    weeks: int = 4

    def counts(self, week: AgentWeek, day: date, kind: str) -> bool:
        """Whether a weekend is worked from this date on."""
        if kind in (OFF, "") or day.weekday() < 5:
            return False
        return day.weekday() == 5 or week.kinds.get(day - timedelta(days=1), OFF) == OFF

    @property
    def said(self) -> str:
        """What is counted, in words."""
        return "working weekend"

    def reach(self, week: AgentWeek, days: list[date]) -> int:
        """How many weekends can be worked on some dates at most."""
        eve = week.kinds.get(days[0] - timedelta(days=1), OFF)
        is_begun = days[0].weekday() == 6 and eve == OFF
        return is_begun + sum(day.weekday() == 5 for day in days)

    def automaton(self, person: Person) -> DayAutomaton:
        """The weekends of the period so far, what the history holds of it included."""
        hits = WeekendHits(frozenset((1,)))
        classes = Classes(person.contract.kinds)
        return count_automaton(self, person, classes, hits, self.bound, self.count, self.weeks)
