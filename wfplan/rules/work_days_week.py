"""Working days of a week: least and most dates on which a shift starts.

Source: the contract (``work_days_min``, ``work_days_max``); a law pack or the
plan may lower the most. The least falls by one for every whole date of approved
time off, outside employment or without a valid skill.

Of a week that the horizon cuts short only the dates in it are judged. Days worked
before it count towards both bounds; where the history does not reach back to the
week's first date, the dates before the horizon are taken to have held their share
of the least. Of the least only so many days are asked as the dates after the
horizon on which she could work do not leave. A least that the dates before have
put out of reach is told softly and binds no plan.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.availability import is_open
from wfplan.rules.base import HARD, MOST, SOFT, SettableRule, common, days_of
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
    from wfplan.rules.person import PartWeek, Person
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
        for days in week.weeks():
            worked = len({duty.day for duty in week.duties if duty.day in days})
            _, before, _, _ = week.before(days)
            least, reach = self._least(week, days)
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
                told = {"reason": "time_off" if least < self.least else "contract"}
                if sum(is_open(week, day) for day in days) < least:
                    told = {"reason": "availability"}
                if least > reach:
                    why += ", and the days before leave no way to reach it"
                    told = {"reason": "history", "hardness": SOFT}
                found.append(self.breach(week, at, least - worked, "days", why, **told))
        return found

    def _least(self, week: AgentWeek, days: tuple[date, ...]) -> tuple[int, int]:
        """The auditor's reading: least days of a week, and how many its dates can hold."""
        whole = week.whole_week(days)
        free = set(whole) - week.away_days(whole).keys() - week.idle_days(whole)
        gone, worked, _, is_known = week.before(days)
        had = worked if is_known else max(worked, -(-self.least * gone // 7))
        later = sum(day > days[-1] for day in free)
        here = sum(day in free for day in days)
        least = self.least - (len(whole) - len(free)) - had - later
        return least, here if gone else len(days)

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Bound the working days of each week, and so those of the horizon."""
        weeks = calendar_weeks(person.dates, person.week_start)
        around = [person.around(days) for days in weeks]
        least = [self._asked(person, days, one) for days, one in zip(weeks, around, strict=True)]
        most = [max(self.most - one.days_worked, 0) for one in around]
        return replace(
            limits,
            work_days_min=max(limits.work_days_min, sum(least)),
            work_days_max=min(limits.work_days_max, sum(most)),
            week_firsts=tuple(days[0] for days in weeks),
            work_days_weeks=stricter(limits.work_days_weeks, tuple(zip(least, most, strict=True))),
        )

    def _asked(self, person: Person, days: tuple[date, ...], around: PartWeek) -> int:
        """Days of a week that its dates in the horizon owe; none where that is out of reach."""
        missing = person.covered(around.whole).keys() | person.barred(around.whole)
        share = ceil(self.least * around.before / 7)
        had = around.days_worked if around.is_known else max(around.days_worked, share)
        owed = max(self.least - len(missing) - had - around.days_ahead, 0)
        is_lost = around.before > 0 and owed > sum(day not in missing for day in days)
        return 0 if is_lost else owed

    def automaton(self, person: Person) -> DayAutomaton | None:
        """Price the days above a soft most; the limits hold the hard one."""
        if self.hardness == HARD:
            return None
        classes, hits = Classes(person.contract.kinds), Hits(frozenset((1,)))
        return count_automaton(self, person, classes, hits, MOST, self.most, 1)
