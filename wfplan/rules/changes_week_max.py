"""Changes of a week: the most dates on which somebody's published shift may become another.

Source: a works agreement, wellbeing (the HR table's ``max_changes_after_publish``);
stable schedules raised productivity (see :mod:`wfplan.rules.promise_change_price`).

A date counts where its shift starts or ends otherwise than was published, or where
there is a shift and none was published, or the other way round; breaks that move do
not count, nor does a date whose change the person agreed to. Each planning week is
counted by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wfplan.rules.base import SettableRule, common, count_of
from wfplan.rules.clock import calendar_weeks, local
from wfplan.rules.days import built
from wfplan.rules.tally import clock_of
from wfplan.rules.wording import say_count, say_day

if TYPE_CHECKING:
    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.automaton import DayAutomaton
    from wfplan.rules.days import IntArray
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek

KEPT, CHANGED, WEEK_BEGINS = 0, 1, 2


@dataclass(frozen=True, kw_only=True)
class ChangesWeekMax(SettableRule):
    """At most ``most`` dates of a planning week are changed after they were published."""

    name: ClassVar[str] = "changes_week_max"
    most: int

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> ChangesWeekMax:
        """The rule from a setting that counts changes."""
        return cls(most=count_of(setting, "changes"), **common(setting))

    @property
    def strictness(self) -> float:
        """Fewer changes are stricter."""
        return -self.most

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Changed dates above the most, one breach each."""
        found = []
        for days in week.weeks():
            changed = []
            for day in days:
                if day not in week.published or day in week.consents:
                    continue
                promised = week.published[day]
                was = clock_of(week, *promised) if promised else None
                if was != week.clocks.get(day):
                    changed.append(day)
            for number, day in enumerate(changed[self.most :], self.most + 1):
                why = (
                    f"has {say_count(number, 'changed date')} of what was published by "
                    f"{say_day(day)}; {self.most} a week are allowed"
                )
                found.append(self.breach(week, week.midnight(day), 1, "changes", why))
        return found

    def automaton(self, person: Person) -> DayAutomaton | None:
        """The changes of the week so far; None where nothing was published."""
        if not person.published:
            return None
        reading = _Changes(
            tuple(_promise(person, day) for day in person.dates),
            tuple(day[0] == one for day in calendar_weeks(person.dates, person.week_start)
                  for one in day),
        )  # fmt: skip

        def step(count: int, symbol: int) -> tuple[int, float]:
            begins, change = divmod(symbol, WEEK_BEGINS)
            count = 0 if begins else count
            return min(count + change, self.most), self.toll(bool(change) and count >= self.most)

        return built(self.name, reading, 2 * WEEK_BEGINS, 0, step)


@dataclass(frozen=True)
class _Changes:
    """
    Reads each day as kept or changed, and whether a planning week begins with it.

    ``promised`` are the minutes of the clock that were published for each date: none of
    them where it may be anything, ``()`` where it was to be free.
    """

    promised: tuple[tuple[int, ...] | None, ...]
    begins: tuple[bool, ...]

    def classify(
        self, day: int, start_min: IntArray, end_min: IntArray, paid_min: IntArray
    ) -> IntArray:
        """See :class:`wfplan.rules.automaton.SymbolOf`."""
        promise, base = self.promised[day], WEEK_BEGINS * self.begins[day]
        if promise is None:
            return np.full(len(start_min), base, dtype=np.int64)
        if not promise:
            return np.full(len(start_min), base + CHANGED, dtype=np.int64)
        is_kept = (start_min == promise[0]) & (end_min == promise[1])
        return np.where(is_kept, KEPT, CHANGED).astype(np.int64) + base

    def off_symbol(self, day: int) -> int:
        """See :class:`wfplan.rules.automaton.SymbolOf`."""
        return WEEK_BEGINS * self.begins[day] + (CHANGED if self.promised[day] else KEPT)


def _promise(person: Person, day: date) -> tuple[int, ...] | None:
    """Minutes of the clock that were published for a date."""
    if day not in person.published or day in person.consents:
        return None
    span = person.published[day]
    if span is None:
        return ()
    days = local(span[1], person.timezone).date() - local(span[0], person.timezone).date()
    end = person.wall_minute(span[1]) + 1440 * (days // timedelta(days=1))
    return person.wall_minute(span[0]), end
