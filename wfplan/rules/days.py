"""How the planner's face reads days: kinds of shift, periods, and automata from a step.

A rule says what one day does to its state; :func:`built` follows the states
that can be reached and writes them down as a :class:`DayAutomaton`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.contracts import KIND_NAMES
from wfplan.horizon import DAY_MIN
from wfplan.rules.automaton import FORBIDDEN, DayAutomaton
from wfplan.rules.clock import WEEK_DAYS

if TYPE_CHECKING:
    from wfplan.domain.contracts import ShiftKind
    from wfplan.rules.automaton import SymbolOf
    from wfplan.rules.person import Person

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
State = TypeVar("State", bound=Hashable)

OFF = 0
_NIGHT_OF_CLOCK = ((-60, 360), (1380, 1800), (2820, 3240))
_NIGHT_MIN, _EARLY_BEFORE, _LATE_AFTER = 180, 7 * 60, 21 * 60


@dataclass(frozen=True)
class Classes:
    """
    Classes of a date: 0 is a day off, then one for each group of kinds, then any other shift.

    Without groups there is one class of shifts. ``marks`` say what is special
    about each date of the horizon; the symbol is the class plus ``width``
    times the mark.
    """

    kinds: tuple[ShiftKind, ...]
    groups: tuple[frozenset[str], ...] = ()
    marks: tuple[int, ...] = ()

    @property
    def width(self) -> int:
        """Number of classes."""
        return len(self.groups) + 2

    @property
    def symbols(self) -> int:
        """Number of symbols."""
        return self.width * (max(self.marks, default=0) + 1)

    def classify(
        self, day: int, start_min: IntArray, end_min: IntArray, paid_min: IntArray
    ) -> IntArray:
        """See :class:`wfplan.rules.automaton.SymbolOf`."""
        return self.of_shifts(start_min, end_min) + self.off_symbol(day)

    def off_symbol(self, day: int) -> int:
        """See :class:`wfplan.rules.automaton.SymbolOf`."""
        return self.width * self.marks[day] if self.marks else OFF

    def of_shifts(self, start_min: IntArray, end_min: IntArray) -> IntArray:
        """The class of each shift, (shift,)."""
        if not self.groups:
            return np.ones(len(start_min), dtype=np.int64)
        names, codes = kind_codes(self.kinds, start_min, end_min)
        class_of = [
            next((g for g, group in enumerate(self.groups) if name in group), len(self.groups))
            for name in names
        ]
        return np.asarray(class_of, dtype=np.int64)[codes] + 1

    def of_past(self, person: Person) -> list[int]:
        """The class of each known date before the horizon, oldest first."""
        classes = np.full(person.known_days, OFF)
        days, start_min, end_min = person.past_clock
        classes[days] = self.of_shifts(start_min, end_min)
        return [int(one) for one in classes]


def kind_codes(
    kinds: Sequence[ShiftKind], start_min: IntArray, end_min: IntArray
) -> tuple[tuple[str, ...], IntArray]:
    """Names of the kinds of shift, and the number of the first that fits each shift, (shift,)."""
    names = [kind.name for kind in kinds]
    fits = [_fits(kind, start_min, end_min) for kind in kinds]
    night = np.zeros(len(start_min))
    for first, last in _NIGHT_OF_CLOCK:
        night += np.clip(np.minimum(end_min, last) - np.maximum(start_min, first), 0, None)
    usual = (
        night >= _NIGHT_MIN,
        end_min > _LATE_AFTER,
        start_min < _EARLY_BEFORE,
        np.ones(len(start_min), dtype=np.bool_),
    )
    names += KIND_NAMES
    return tuple(names), np.argmax(np.array([*fits, *usual]), axis=0)


def _fits(kind: ShiftKind, start_min: IntArray, end_min: IntArray) -> BoolArray:
    """Whether each shift is of a kind of the contract, (shift,)."""
    length = end_min - start_min
    fits = (kind.shortest_min <= length) & (length <= kind.longest_min)
    for window, minute in ((kind.starts, start_min), (kind.ends, end_min)):
        if window is not None:
            first, last = window
            fits &= (minute - first) % DAY_MIN <= last - first
    return np.asarray(fits)


@dataclass(frozen=True)
class Periods:
    """
    Periods of whole planning weeks, counted backwards from the last week of the horizon.

    ``begins`` are day indices; the first may lie before the horizon.
    """

    begins: tuple[int, ...]
    is_whole: bool  # whether the last period ends with the horizon

    @classmethod
    def of(cls, person: Person, weeks: int) -> Periods:
        """Periods of so many weeks; 0 is the horizon itself."""
        days = len(person.dates)
        if weeks == 0:
            return cls((0,), True)
        first = -((person.dates[0].weekday() - person.week_start) % WEEK_DAYS)
        count = -(-(days - first) // WEEK_DAYS)
        first -= WEEK_DAYS * (-count % weeks)
        begins = tuple(range(first, days, WEEK_DAYS * weeks))
        return cls(begins, begins[-1] + WEEK_DAYS * weeks == days)


def built(
    rule: str,
    symbol: SymbolOf,
    symbols: int,
    start: State,
    step: Callable[[State, int], tuple[State, float]],
    final: Callable[[State], float] = lambda state: 0.0,
) -> DayAutomaton:
    """
    The automaton of a step: state and symbol to the state after the day and its harm points.

    Infinite harm points forbid the day.
    """
    number: dict[State, int] = {start: 0}
    queue = [start]
    next_state: list[list[int]] = []
    cost: list[list[float]] = []
    for state in queue:
        moves = [step(state, s) for s in range(symbols)]
        for after, price in moves:
            if price < inf and after not in number:
                number[after] = len(number)
                queue.append(after)
        next_state.append([number[a] if price < inf else FORBIDDEN for a, price in moves])
        cost.append([price if price < inf else 0.0 for _, price in moves])
    return DayAutomaton(
        next_state=np.array(next_state, dtype=np.int64),
        cost=np.array(cost, dtype=np.float64),
        final_cost=np.array([final(state) for state in queue], dtype=np.float64),
        start=0,
        symbol=symbol,
        rule=rule,
    )
