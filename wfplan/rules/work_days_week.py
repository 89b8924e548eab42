"""Working days of a week: least and most dates on which a shift starts.

Source: the contract (``work_days_min``, ``work_days_max``); a law pack or the
plan may lower the most. The least falls by one for every whole date of approved
time off, outside employment or without a valid skill, and by its share in a
week that the horizon cuts short; days of that week in the history count towards
the most.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import HARD, MOST, SettableRule, common, days_of
from wfplan.rules.clock import calendar_weeks
from wfplan.rules.counts import Hits, count_automaton
from wfplan.rules.days import Classes
from wfplan.rules.limits import stricter
from wfplan.rules.wording import say_count, say_day

if TYPE_CHECKING:
    from datetime import date

    from wfplan.domain.contracts import Contract
    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.automaton import DayAutomaton
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek


@dataclass(frozen=True, kw_only=True)
class WorkDaysWeek(SettableRule):
    """Between ``least`` and ``most`` working days in each week of the horizon."""

    name: ClassVar[str] = "work_days_week"
    least: int = 0
    most: int

    @classmethod
    def of(cls, contract: Contract) -> WorkDaysWeek:
        """The rule of a contract."""
        return cls(least=contract.work_days_min, most=contract.work_days_max)

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> WorkDaysWeek:
        """The most working days from a setting in days."""
        return cls(
            most=days_of(setting),
            **common(setting),
        )

    @property
    def strictness(self) -> float:
        """Fewer days are stricter."""
        return -self.most

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Weeks with too few or too many working days, and how many."""
        found = []
        free = week.away_days().keys() | week.idle_days()
        for days in week.weeks():
            worked = len({duty.day for duty in week.duties if duty.day in days})
            before = self._before(week, days[0])
            least = self.least * len(days) // 7 - sum(day in free for day in days)
            at, where = week.midnight(days[0]), f"the {len(days)} days from {say_day(days[0])}"
            over = min(before + worked - self.most, worked)
            if over > 0:
                why = f"works on {say_count(worked, 'day')} of {where}"
                why += f" after {say_count(before, 'day')} of its week" if before else ""
                why += f", {over} more than the most of {self.most}"
                reason = "history" if before else ""
                found.append(self.breach(week, at, over, "days", why, reason=reason))
            elif worked < least:
                why = (
                    f"works on {say_count(worked, 'day')} of {where}, "
                    f"{least - worked} fewer than the least of {least}"
                )
                reason = "time_off" if least < self.least else "contract"
                found.append(self.breach(week, at, least - worked, "days", why, reason=reason))
        return found

    @staticmethod
    def _before(week: AgentWeek, first: date) -> int:
        """Days worked in the planning week of the horizon's first date, before it."""
        if first != week.dates[0]:
            return 0
        since = first - timedelta(days=(first.weekday() - week.week_start) % 7)
        return len({day for day in week.past_days if day >= since})

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Bound the working days of each week, and so those of the horizon."""
        weeks = calendar_weeks(person.dates, person.week_start)
        missing = person.whole_days_off.keys() | person.barred_days
        least = [
            max(0, self.least * len(days) // 7 - sum(d in missing for d in days)) for days in weeks
        ]
        back = (person.dates[0].weekday() - person.week_start) % 7
        used = sum((person.dates[0] - day).days <= back for day in person.past_by_day)
        most = [max(self.most - used, 0), *(self.most for _ in weeks[1:])]
        return replace(
            limits,
            work_days_min=max(limits.work_days_min, sum(least)),
            work_days_max=min(limits.work_days_max, sum(most)),
            week_firsts=tuple(days[0] for days in weeks),
            work_days_weeks=stricter(limits.work_days_weeks, tuple(zip(least, most, strict=True))),
        )

    def automaton(self, person: Person) -> DayAutomaton | None:
        """Price the days above a soft most; the limits hold the hard one."""
        if self.hardness == HARD:
            return None
        classes, hits = Classes(person.contract.kinds), Hits(frozenset((1,)))
        return count_automaton(self, person, classes, hits, MOST, self.most, 1)
