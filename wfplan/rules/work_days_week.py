"""Working days of a week: least and most dates on which a shift starts.

Source: the contract (``work_days_min``, ``work_days_max``); a law pack or the
plan may lower the most. The least falls by one for every whole date of approved
time off, outside employment or without a valid skill, and by its share in a
week that the horizon cuts short.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import SettableRule, common, days_of
from wfplan.rules.clock import calendar_weeks
from wfplan.rules.limits import stricter
from wfplan.rules.wording import say_count, say_day

if TYPE_CHECKING:
    from wfplan.domain.contracts import Contract
    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
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
            least = self.least * len(days) // 7 - sum(day in free for day in days)
            at, where = week.midnight(days[0]), f"the {len(days)} days from {say_day(days[0])}"
            if worked > self.most:
                why = (
                    f"works on {say_count(worked, 'day')} of {where}, "
                    f"{worked - self.most} more than the most of {self.most}"
                )
                found.append(self.breach(week, at, worked - self.most, "days", why))
            elif worked < least:
                why = (
                    f"works on {say_count(worked, 'day')} of {where}, "
                    f"{least - worked} fewer than the least of {least}"
                )
                reason = "time_off" if least < self.least else "contract"
                found.append(self.breach(week, at, least - worked, "days", why, reason=reason))
        return found

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Bound the working days of each week, and so those of the horizon."""
        weeks = calendar_weeks(person.dates, person.week_start)
        missing = person.whole_days_off.keys() | person.barred_days
        least = [
            max(0, self.least * len(days) // 7 - sum(d in missing for d in days)) for days in weeks
        ]
        return replace(
            limits,
            work_days_min=max(limits.work_days_min, sum(least)),
            work_days_max=min(limits.work_days_max, self.most * len(weeks)),
            week_firsts=tuple(days[0] for days in weeks),
            work_days_weeks=stricter(
                limits.work_days_weeks, tuple((low, self.most) for low in least)
            ),
        )
