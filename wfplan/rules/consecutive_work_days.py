"""Consecutive working days: the longest run of dates on which shifts start, history counted.

Source: the contract (``consecutive_days_max``); a law pack or the plan may lower it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import SettableRule, days_of
from wfplan.rules.clock import local
from wfplan.rules.wording import say_count, say_day

if TYPE_CHECKING:
    from datetime import date

    from wfplan.domain.contracts import Contract
    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class ConsecutiveWorkDays(SettableRule):
    """At most ``most`` working days in a row."""

    name: ClassVar[str] = "consecutive_work_days"
    most: int

    @classmethod
    def of(cls, contract: Contract) -> ConsecutiveWorkDays:
        """The rule of a contract."""
        return cls(most=contract.consecutive_days_max)

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> ConsecutiveWorkDays:
        """The rule from a setting in days."""
        return cls(
            most=days_of(setting), hardness=setting.hardness, source=setting.source or "plan"
        )

    @property
    def strictness(self) -> float:
        """Shorter runs are stricter."""
        return -self.most

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Runs that reach into the horizon and are too long, and the days above the most."""
        worked = sorted({*week.past_days, *(duty.day for duty in week.duties)})
        runs: list[list[date]] = []
        for day in worked:
            if runs and day - runs[-1][-1] == ONE_DAY:
                runs[-1].append(day)
            else:
                runs.append([day])
        found = []
        for run in runs:
            over = len(run) - self.most
            if over > 0 and run[-1] >= week.dates[0]:
                first_over = max(run[self.most], week.dates[0])
                why = (
                    f"works {say_count(len(run), 'day')} in a row, {say_day(run[0])} to "
                    f"{say_day(run[-1])}, {over} more than the most of {self.most}"
                )
                reason = "history" if run[0] < week.dates[0] else ""
                at = week.midnight(first_over)
                found.append(self.breach(week, at, over, "days", why, reason=reason))
        return found

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Cap the runs, and count the run that ends on the eve of the horizon."""
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
