"""Split shifts: at most, or at least, so many days of two pieces in a period, history counted.

Source: a works agreement or the plan.

A contract says what a split shift may be (``splits``); without any it has none.
Its length from start to end tells it from other shifts, in the history too.
Periods are those of ``shift_count_period``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wfplan.domain.schedule import ActivityCategory
from wfplan.rules.clock import minutes_between
from wfplan.rules.counts import Hits, count_automaton
from wfplan.rules.days import OFF, Classes
from wfplan.rules.prices import elapsed_minutes
from wfplan.rules.shift_count_period import ShiftCountPeriod

if TYPE_CHECKING:
    from datetime import date

    from wfplan.rules.automaton import DayAutomaton
    from wfplan.rules.person import Person
    from wfplan.rules.prices import IntArray
    from wfplan.rules.week import AgentWeek

_SPLIT, _WHOLE = 1, 2  # classes of shifts


@dataclass(frozen=True, kw_only=True)
class SplitShift(ShiftCountPeriod):
    """At most, or at least, ``count`` split shifts in ``weeks`` weeks."""

    name: ClassVar[str] = "split_shift"
    usual_weeks: ClassVar[int] = 1
    weeks: int = 1

    def counts(self, week: AgentWeek, day: date, kind: str) -> bool:
        """Whether the first shift of a date has a gap; in the past, by its length."""
        for duty in week.duties:
            if duty.day == day:
                return any(a.category is ActivityCategory.TIME_OFF for a in duty.activities)
        lengths = {split.length_min for split in week.contract.splits}
        first = next((p for d, p in zip(week.past_days, week.past, strict=True) if d == day), None)
        return first is not None and (first.end - first.start).total_seconds() / 60 in lengths

    @property
    def said(self) -> str:
        """What is counted, in words."""
        return "split shift"

    def automaton(self, person: Person) -> DayAutomaton:
        """The count of the period so far, what the history holds of it included."""
        classes = _Pieces(person.contract.kinds, (frozenset(),), person=person)
        hits = Hits(frozenset((_SPLIT,)))
        return count_automaton(self, person, classes, hits, self.bound, self.count, self.weeks)


@dataclass(frozen=True, kw_only=True)
class _Pieces(Classes):
    """The planner's reading: a day off, a split shift, a whole one."""

    person: Person

    def classify(
        self, day: int, start_min: IntArray, end_min: IntArray, paid_min: IntArray
    ) -> IntArray:
        """See :class:`wfplan.rules.automaton.SymbolOf`."""
        lengths = elapsed_minutes(self.person, day, start_min, end_min)
        is_split = np.isin(lengths, list(self.person.contract.split_of))
        return np.where(is_split, _SPLIT, _WHOLE) + self.off_symbol(day)

    def of_past(self, person: Person) -> list[int]:
        """The class of each known date before the horizon, oldest first."""
        classes = [OFF] * person.known_days
        for day, past in person.past_by_day.items():
            length = minutes_between(past.start, past.end)
            is_split = length in person.contract.split_of
            classes[(day - person.first_past_day).days] = _SPLIT if is_split else _WHOLE
        return classes
