"""Day off after: days off that are due after the last of a run of some kinds of shift.

Source: a works agreement or the plan (after nights, say).

A run of the kinds may go on from day to day; once it ends, ``days`` days off
follow before the next shift of any kind. Days off that the horizon cuts short
are not missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import SettableRule, common, count_of, kinds_of
from wfplan.rules.days import OFF, Classes, built
from wfplan.rules.wording import say_count, say_day

if TYPE_CHECKING:
    from datetime import date

    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.automaton import DayAutomaton
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class DayOffAfter(SettableRule):
    """``days`` days off after a run of ``kinds``."""

    name: ClassVar[str] = "day_off_after"
    kinds: tuple[str, ...]
    days: int

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> DayOffAfter:
        """The rule from a setting in days, with its kinds of shift."""
        return cls(days=count_of(setting, "days"), kinds=kinds_of(setting), **common(setting))

    @property
    def strictness(self) -> float:
        """More days off are stricter."""
        return self.days

    @property
    def family(self) -> tuple[object, ...]:
        """Other kinds are another rule."""
        return self.name, frozenset(self.kinds)

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Shifts that come too soon after such a run, and the days off that are missing."""
        found = []
        for run in _last_days(week, self.kinds):
            day, free = run + ONE_DAY, 0
            while week.kinds.get(day) == "off":
                day, free = day + ONE_DAY, free + 1
            if day in week.kinds and day >= week.dates[0] and free < self.days:
                why = (
                    f"works on {say_day(day)}, {say_count(free, 'free day')} after the "
                    f"{week.kinds[run]} shift of {say_day(run)}; {self.days} are due, "
                    f"{self.days - free} missing"
                )
                reason = "history" if run < week.dates[0] else ""
                at = week.midnight(day)
                found.append(self.breach(week, at, self.days - free, "days", why, reason=reason))
        return found

    def automaton(self, person: Person) -> DayAutomaton:
        """The days off that are still due; all of them while the run goes on."""
        reading = Classes(person.contract.kinds, (frozenset(self.kinds),))

        def step(due: int, kind: int) -> tuple[int, float]:
            if kind == OFF:
                return max(due - 1, 0), 0.0
            is_in_run = kind == 1 and due == self.days
            return self.days if kind == 1 else 0, 0.0 if is_in_run else self.toll(due)

        start = 0
        for kind in reading.of_past(person):
            start, _ = step(start, kind)
        return built(self.name, reading, reading.symbols, start, step)


def _last_days(week: AgentWeek, kinds: tuple[str, ...]) -> list[date]:
    """The last dates of runs of some kinds, those of the history whose rest is due included."""
    return [
        day
        for day, kind in week.kinds.items()
        if kind in kinds and week.kinds.get(day + ONE_DAY) not in kinds
    ]
