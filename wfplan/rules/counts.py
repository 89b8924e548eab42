"""Automata of runs and counts of days, for the planner's face of the rules that need them.

The four forms of the cost-regular literature's stretch and counting rules:
runs of at most or at least so many days, and at most or at least so many days
of a period. Steps are charged with the rule's toll where it becomes certain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import HARD, MOST
from wfplan.rules.days import OFF, Classes, Periods, built

if TYPE_CHECKING:
    from wfplan.rules.automaton import DayAutomaton
    from wfplan.rules.base import SettableRule
    from wfplan.rules.person import Person

PERIOD_BEGINS = 1  # bit of a mark: a period begins on this date
AWAY = 2  # bit of a mark: whole-day time off, not employed, or no valid skill
SATURDAY, SUNDAY = 4, 8  # bits of a mark; the first for other weekdays, too
WEEKEND = {5: SATURDAY, 6: SUNDAY}


@dataclass(frozen=True)
class Hits:
    """Which days count: classes of a date, and whether a date away may be one of them."""

    classes: frozenset[int]
    is_away_counted: bool = True
    weekend: ClassVar[Mapping[int, int]] = {}

    @property
    def bits(self) -> Mapping[int, int]:
        """The bit of the mark of each weekday that is told apart."""
        return self.weekend

    def of_day(self, kind: int, mark: int) -> bool:
        """Whether a day of that class and mark counts."""
        return kind in self.classes and (self.is_away_counted or not mark & AWAY)

    def after(self, memory: bool, kind: int, mark: int) -> tuple[bool, bool]:
        """Whether a day counts, and what to remember of it."""
        return self.of_day(kind, mark), False

    def most_ahead(self, memory: bool, marks: Sequence[int]) -> int:
        """How many of some dates can count at most."""
        return len(marks)


class WeekendHits(Hits):
    """The first date worked of each weekend; the memory is whether the Saturday was worked."""

    weekend: ClassVar[Mapping[int, int]] = WEEKEND

    def after(self, memory: bool, kind: int, mark: int) -> tuple[bool, bool]:
        """See :class:`Hits`."""
        is_worked = kind in self.classes
        is_first = bool(mark & SATURDAY) or (bool(mark & SUNDAY) and not memory)
        return is_worked and is_first, is_worked and bool(mark & SATURDAY)

    def most_ahead(self, memory: bool, marks: Sequence[int]) -> int:
        """See :class:`Hits`."""
        begun = bool(marks[0] & SUNDAY) and not memory
        return begun + sum(bool(mark & SATURDAY) for mark in marks)


@dataclass(frozen=True, kw_only=True)
class WeekdayHits(Hits):
    """Days that count on some weekdays only."""

    weekdays: frozenset[int]

    @property
    def bits(self) -> Mapping[int, int]:
        """See :class:`Hits`."""
        return dict.fromkeys(self.weekdays, SATURDAY)

    def after(self, memory: bool, kind: int, mark: int) -> tuple[bool, bool]:
        """See :class:`Hits`."""
        return kind in self.classes and bool(mark & SATURDAY), False

    def most_ahead(self, memory: bool, marks: Sequence[int]) -> int:
        """See :class:`Hits`."""
        return sum(bool(mark & SATURDAY) for mark in marks)


def marked(
    classes: Classes,
    person: Person,
    periods: Periods | None = None,
    bits: Mapping[int, int] | None = None,
) -> Classes:
    """The classes with the marks of the dates away, and of later ones on which periods begin."""
    away = person.whole_days_off.keys() | person.barred_days
    begins = periods.begins if periods else ()
    marks = tuple(
        PERIOD_BEGINS * (d > 0 and d in begins)
        + AWAY * (day in away)
        + (bits or {}).get(day.weekday(), 0)
        for d, day in enumerate(person.dates)
    )
    return replace(classes, marks=marks)


def past_marks(person: Person, bits: Mapping[int, int]) -> list[int]:
    """The marks of the weekdays of the known dates before the horizon, oldest first."""
    first = person.dates[0].toordinal() - person.known_days
    return [bits.get((first + d - 1) % 7, 0) for d in range(person.known_days)]


def run_automaton(
    rule: SettableRule, person: Person, classes: Classes, hits: Hits, bound: str, limit: int
) -> DayAutomaton:
    """Runs of days that count, at most or at least so long; the history's run goes on."""
    reading = marked(classes, person)
    past = [hits.of_day(kind, 0) for kind in classes.of_past(person)]
    run = past[::-1].index(False) if False in past else len(past)
    is_known = run < len(past)

    def step_most(run: int, symbol: int) -> tuple[int, float]:
        mark, kind = divmod(symbol, reading.width)
        if not hits.of_day(kind, mark):
            return 0, 0.0
        return min(run + 1, limit), rule.toll(run >= limit)

    def step_least(run: int, symbol: int) -> tuple[int, float]:
        mark, kind = divmod(symbol, reading.width)
        if hits.of_day(kind, mark):
            return min(run + 1, limit), 0.0
        is_cut_short = bool(mark & AWAY) and kind == OFF
        return 0, rule.toll(limit - run) if run > 0 and not is_cut_short else 0.0

    if bound == MOST:
        return built(rule.name, reading, reading.symbols, min(run, limit), step_most)
    start = min(run, limit) if is_known else limit
    return built(rule.name, reading, reading.symbols, start, step_least)


Count = tuple[int, bool]
"""Days that counted in the period so far, and what the hits remember."""


def count_automaton(
    rule: SettableRule,
    person: Person,
    classes: Classes,
    hits: Hits,
    bound: str,
    limit: int,
    weeks: int,
) -> DayAutomaton:
    """Days that count in each period, at most or at least so many, history counted."""
    periods = Periods.of(person, weeks)
    reading = marked(classes, person, periods, hits.bits)

    def step(state: Count, symbol: int) -> tuple[Count, float]:
        mark, kind = divmod(symbol, reading.width)
        count, memory = state
        missing = limit - count if mark & PERIOD_BEGINS else 0
        count = 0 if mark & PERIOD_BEGINS else count
        is_hit, memory = hits.after(memory, kind, mark)
        wrong = is_hit and count >= limit if bound == MOST else missing
        return (min(count + is_hit, limit), memory), rule.toll(wrong)

    def final(state: Count) -> float:
        return rule.toll(limit - state[0]) if bound != MOST and periods.is_whole else 0.0

    start = _count_before(rule, person, classes, hits, bound, limit, periods, reading.marks)
    return built(rule.name, reading, reading.symbols, start, step, final)


def _count_before(
    rule: SettableRule,
    person: Person,
    classes: Classes,
    hits: Hits,
    bound: str,
    limit: int,
    periods: Periods,
    marks: tuple[int, ...],
) -> Count:
    """What the history holds of the first period; the limit where its least is not judged."""
    past = classes.of_past(person)
    behind = -periods.begins[0]
    count, memory = 0, False
    for d, (kind, mark) in enumerate(
        zip(past, past_marks(person, hits.bits), strict=True), -len(past)
    ):
        is_hit, memory = hits.after(memory, kind, mark)
        count += is_hit and d >= -behind
    if bound != MOST and behind > 0:
        ahead = marks[: periods.begins[1]] if len(periods.begins) > 1 else marks
        is_lost = rule.hardness == HARD and count + hits.most_ahead(memory, ahead) < limit
        if len(past) < behind or is_lost:
            count = limit
    return min(count, limit), memory
