"""Consecutive working days: the longest or shortest run of dates with a shift, history counted.

Source: the contract (``consecutive_days_max``); a law pack or the plan may lower it,
ask for a shortest run, or speak of the runs of some kinds of shift (nights, say).

A run that may have begun before what is known, that reaches the end of the
horizon, or that ends before a whole date of time off, outside employment or
without a valid skill is not too short.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import HARD, MOST, SettableRule, common, days_of
from wfplan.rules.clock import local
from wfplan.rules.counts import Hits, run_automaton
from wfplan.rules.days import Classes
from wfplan.rules.tally import OFF, Run, runs
from wfplan.rules.wording import say_count, say_day

if TYPE_CHECKING:
    from datetime import datetime

    from wfplan.domain.contracts import Contract
    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.automaton import DayAutomaton
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class ConsecutiveWorkDays(SettableRule):
    """At most, or at least, ``most`` working days in a row; ``kinds`` empty: any shift."""

    name: ClassVar[str] = "consecutive_work_days"
    most: int
    bound: str = MOST
    kinds: tuple[str, ...] = ()

    @classmethod
    def of(cls, contract: Contract) -> ConsecutiveWorkDays:
        """The rule of a contract."""
        return cls(most=contract.consecutive_days_max)

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> ConsecutiveWorkDays:
        """The rule from a setting in days."""
        return cls(
            most=days_of(setting),
            bound=setting.bound or MOST,
            kinds=setting.kinds,
            **common(setting),
        )

    @property
    def strictness(self) -> float:
        """Shorter longest runs and longer shortest ones are stricter."""
        return -self.most if self.bound == MOST else self.most

    @property
    def family(self) -> tuple[object, ...]:
        """Longest and shortest runs, and those of some kinds, are rules of their own."""
        return self.name, self.bound, frozenset(self.kinds)

    @property
    def _is_limit(self) -> bool:
        """Whether the limits of a week hold the rule, not an automaton."""
        return self.bound == MOST and not self.kinds and self.hardness == HARD

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Runs that are too long or too short, and the days of the horizon in question."""
        found = runs(
            week,
            lambda day, kind: kind in self.kinds if self.kinds else kind != OFF,
            has_kinds=bool(self.kinds),
        )
        if self.bound == MOST:
            return [self._too_long(week, run) for run in found if self._over(week, run) > 0]
        away = week.away_days().keys() | week.idle_days()
        return [
            self._too_short(week, run)
            for run in found
            if len(run.days) < self.most
            and not (run.is_open_before or run.is_open_after)
            and not (run.days[-1] + ONE_DAY in away and week.kinds[run.days[-1] + ONE_DAY] == OFF)
        ]

    def _over(self, week: AgentWeek, run: Run) -> int:
        """Days of the horizon above the most."""
        return min(len(run.days) - self.most, sum(day >= week.dates[0] for day in run.days))

    def _too_long(self, week: AgentWeek, run: Run) -> Breach:
        """The breach of a run with too many days."""
        over = self._over(week, run)
        why = (
            f"works {self._said(len(run.days))} in a row, {say_day(run.days[0])} to "
            f"{say_day(run.days[-1])}, {len(run.days) - self.most} more than the most of "
            f"{self.most}"
        )
        return self._told(week, run, week.midnight(run.days[-over]), over, why)

    def _too_short(self, week: AgentWeek, run: Run) -> Breach:
        """The breach of a run with too few days."""
        missing = self.most - len(run.days)
        why = (
            f"works {self._said(len(run.days))} in a row from {say_day(run.days[0])}, "
            f"{missing} fewer than the least of {self.most}"
        )
        return self._told(week, run, week.midnight(max(run.days[-1], week.dates[0])), missing, why)

    def _said(self, days: int) -> str:
        """So many days, of the kinds that the rule speaks of."""
        return say_count(days, f"{' or '.join(self.kinds)} day" if self.kinds else "day")

    def _told(self, week: AgentWeek, run: Run, at: datetime, amount: int, why: str) -> Breach:
        """A breach that says whether the run began in the history."""
        reason = "history" if run.days[0] < week.dates[0] else ""
        return self.breach(week, at, amount, "days", why, reason=reason)

    def automaton(self, person: Person) -> DayAutomaton | None:
        """Runs of working days; None for the hard longest run of any shift, which limits hold."""
        if self._is_limit:
            return None
        groups = (frozenset(self.kinds),) if self.kinds else ()
        classes = Classes(person.contract.kinds, groups)
        return run_automaton(self, person, classes, Hits(frozenset((1,))), self.bound, self.most)

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Cap the runs of any shift, and count the run that ends on the eve of the horizon."""
        if not self._is_limit:
            return limits
        eve, run = person.dates[0] - ONE_DAY, 0
        for shift in reversed(person.past):
            day = local(shift.start, person.timezone).date()
            if day == eve - run * ONE_DAY:
                run += 1
            elif day < eve - run * ONE_DAY:
                break
        return replace(
            limits,
            consecutive_days_max=min(limits.consecutive_days_max, self.most),
            run_days_before=run,
        )
