"""Consecutive days off: the shortest or longest run of dates without a shift, history counted.

Source: a works agreement or the plan; national law may ask for two days off together.

A run that may have begun before what is known, or that reaches the end of the
horizon, is not too short. Whole dates of time off, outside employment or
without a valid skill make a run longer where the least is asked, and part it
where the most is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import LEAST, MOST, SettableRule, common, count_of
from wfplan.rules.counts import Hits, run_automaton
from wfplan.rules.days import OFF, Classes
from wfplan.rules.tally import runs
from wfplan.rules.wording import say_count, say_day

if TYPE_CHECKING:
    from datetime import datetime

    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.automaton import DayAutomaton
    from wfplan.rules.person import Person
    from wfplan.rules.tally import Run
    from wfplan.rules.week import AgentWeek


@dataclass(frozen=True, kw_only=True)
class ConsecutiveDaysOff(SettableRule):
    """At least, or at most, ``days`` days off in a row."""

    name: ClassVar[str] = "consecutive_days_off"
    days: int
    bound: str = LEAST

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> ConsecutiveDaysOff:
        """The rule from a setting in days."""
        return cls(days=count_of(setting, "days"), bound=setting.bound or LEAST, **common(setting))

    @property
    def strictness(self) -> float:
        """Longer shortest runs and shorter longest ones are stricter."""
        return self.days if self.bound == LEAST else -self.days

    @property
    def family(self) -> tuple[object, ...]:
        """Least and most are two rules."""
        return self.name, self.bound

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Runs of days off that are too short or too long, and the days in question."""
        away = week.away_days().keys() | week.idle_days()
        if self.bound == MOST:
            found = runs(week, lambda day, kind: kind == "off" and day not in away, has_kinds=False)
            return [self._too_long(week, run) for run in found if self._over(week, run) > 0]
        found = runs(week, lambda day, kind: kind == "off", has_kinds=False)
        return [
            self._too_short(week, run)
            for run in found
            if len(run.days) < self.days and not (run.is_open_before or run.is_open_after)
        ]

    def _over(self, week: AgentWeek, run: Run) -> int:
        """Days of the horizon above the most."""
        return min(len(run.days) - self.days, sum(day >= week.dates[0] for day in run.days))

    def _too_long(self, week: AgentWeek, run: Run) -> Breach:
        """The breach of a run with too many days off."""
        over = self._over(week, run)
        why = (
            f"has {say_count(len(run.days), 'day')} off in a row, {say_day(run.days[0])} to "
            f"{say_day(run.days[-1])}, {len(run.days) - self.days} more than the most of "
            f"{self.days}"
        )
        return self._told(week, run, week.midnight(run.days[-over]), over, why)

    def _too_short(self, week: AgentWeek, run: Run) -> Breach:
        """The breach of a run with too few days off."""
        missing = self.days - len(run.days)
        why = (
            f"has {say_count(len(run.days), 'day')} off in a row from {say_day(run.days[0])}, "
            f"{missing} fewer than the least of {self.days}"
        )
        return self._told(week, run, week.midnight(max(run.days[-1], week.dates[0])), missing, why)

    def _told(self, week: AgentWeek, run: Run, at: datetime, amount: int, why: str) -> Breach:
        """A breach that says whether the run began in the history."""
        reason = "history" if run.days[0] < week.dates[0] else ""
        return self.breach(week, at, amount, "days", why, reason=reason)

    def automaton(self, person: Person) -> DayAutomaton:
        """Runs of days off, with the one that reaches the eve of the horizon."""
        hits = Hits(frozenset((OFF,)), is_away_counted=self.bound == LEAST)
        classes = Classes(person.contract.kinds)
        return run_automaton(self, person, classes, hits, self.bound, self.days)
