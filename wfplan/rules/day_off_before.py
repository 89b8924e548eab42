"""Day off before: days off that are due before the first of a run of some kinds of shift.

Source: a works agreement or the plan (before nights, say).

``days`` days off lie before the first shift of a run; days before what is
known are taken as free.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import SettableRule, common, count_of, kinds_of
from wfplan.rules.days import OFF, Classes, built
from wfplan.rules.wording import say_count, say_day

if TYPE_CHECKING:
    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.automaton import DayAutomaton
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek

ONE_DAY = timedelta(days=1)
IN_RUN = -1


@dataclass(frozen=True, kw_only=True)
class DayOffBefore(SettableRule):
    """``days`` days off before a run of ``kinds``."""

    name: ClassVar[str] = "day_off_before"
    kinds: tuple[str, ...]
    days: int

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> DayOffBefore:
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
        """Runs that begin too soon after another shift, and the days off that are missing."""
        found = []
        for day in week.dates:
            eve = day - ONE_DAY
            if week.kinds[day] not in self.kinds or week.kinds.get(eve) in self.kinds:
                continue
            while week.kinds.get(eve) == "off":
                eve -= ONE_DAY
            free = (day - eve).days - 1
            if eve in week.kinds and free < self.days:
                why = (
                    f"begins {week.kinds[day]} shifts on {say_day(day)}, "
                    f"{say_count(free, 'free day')} after the shift of {say_day(eve)}; "
                    f"{self.days} are due, {self.days - free} missing"
                )
                reason = "history" if eve < week.dates[0] else ""
                at, missing = week.midnight(day), self.days - free
                found.append(self.breach(week, at, missing, "days", why, reason=reason))
        return found

    def automaton(self, person: Person) -> DayAutomaton:
        """The days off so far, or that a run goes on."""
        reading = Classes(person.contract.kinds, (frozenset(self.kinds),))

        def step(free: int, kind: int) -> tuple[int, float]:
            if kind == OFF:
                return min(max(free, 0) + 1, self.days), 0.0
            if kind != 1:
                return 0, 0.0
            return IN_RUN, 0.0 if free == IN_RUN else self.toll(self.days - free)

        start = self.days
        for kind in reading.of_past(person):
            start, _ = step(start, kind)
        return built(self.name, reading, reading.symbols, start, step)
