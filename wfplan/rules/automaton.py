"""Day automata with costs: which sequences of days a rule admits, and at what price.

Rules that speak of sequences and counts of days become one deterministic
automaton each; hard rules forbid transitions, soft ones price them
(cost-regular constraints [1]_, [2]_). Their product reads a horizon once for
all of them and keeps only states that can be reached and from which the
horizon can be ended, merged where no continuation tells them apart [3]_.

Shifts of a date are classified by their wall times: minutes after the local
midnight of the date on which they start; an end beyond 1440 is on the next date.

References
----------
.. [1] Pesant, G. (2004). A regular language membership constraint for finite
       sequences of variables. *CP 2004*, LNCS 3258: 482-495.
       https://doi.org/10.1007/978-3-540-30201-8_36
.. [2] Demassey, S., G. Pesant, and L.-M. Rousseau (2006). A cost-regular based
       hybrid column generation approach. *Constraints*, 11: 315-333.
       https://doi.org/10.1007/s10601-006-9003-7
.. [3] Moore, E. F. (1956). Gedanken-experiments on sequential machines.
       *Automata Studies*, Annals of Mathematics Studies 34: 129-153.
       https://doi.org/10.1515/9781400882618-006
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

FORBIDDEN = -1
_DIGITS = 9  # harm points closer than 1e-9 are one price


class SymbolOf(Protocol):
    """How a rule reads a date: the class of each shift, and that of a day without one."""

    def classify(
        self, day: int, start_min: IntArray, end_min: IntArray, paid_min: IntArray
    ) -> IntArray:
        """The symbol of each shift of the day-th date of the horizon, (shift,)."""
        ...

    def off_symbol(self, day: int) -> int:
        """The symbol of the day-th date of the horizon without a shift."""
        ...


@dataclass(frozen=True, eq=False)
class DayOptions:
    """The shifts that a date offers: wall minutes of start and end, paid minutes, (shift,)."""

    start_min: IntArray
    end_min: IntArray
    paid_min: IntArray


@dataclass(frozen=True, eq=False)
class DayAutomaton:
    """
    Which sequences of days a rule admits, and at what price.

    Attributes
    ----------
    next_state
        The state after a day, (state, symbol); -1 where the rule forbids it.
    cost
        Harm points of the day, (state, symbol).
    final_cost
        Harm points of ending the horizon, (state,); inf where it may not end.
    start
        The state before the first date, history counted.
    symbol
        How dates are read.
    rule
        Names of the rules, joined by ``+``.
    """

    next_state: IntArray
    cost: FloatArray
    final_cost: FloatArray
    start: int
    symbol: SymbolOf
    rule: str

    @property
    def state_count(self) -> int:
        """Number of states."""
        return len(self.final_cost)

    def price_of(self, symbols: Sequence[int]) -> float:
        """Harm points of a horizon of days; inf where the rule forbids it."""
        state, total = self.start, 0.0
        for symbol in symbols:
            total += float(self.cost[state, symbol])
            state = int(self.next_state[state, symbol])
            if state == FORBIDDEN:
                return inf
        return total + float(self.final_cost[state])


@dataclass(frozen=True, eq=False)
class JointSymbols:
    """Two readings of a date as one: pairs of symbols, those that change the same under one."""

    first: SymbolOf
    second: SymbolOf
    width: int  # symbols of the second reading
    pairs: IntArray  # first * width + second of each pair that occurs, rising
    merged: IntArray  # the symbol of each pair

    def classify(
        self, day: int, start_min: IntArray, end_min: IntArray, paid_min: IntArray
    ) -> IntArray:
        """See :class:`SymbolOf`; only for shifts that were among the options."""
        first = self.first.classify(day, start_min, end_min, paid_min)
        second = self.second.classify(day, start_min, end_min, paid_min)
        return self.merged[np.searchsorted(self.pairs, first * self.width + second)]

    def off_symbol(self, day: int) -> int:
        """See :class:`SymbolOf`."""
        pair = self.first.off_symbol(day) * self.width + self.second.off_symbol(day)
        return int(self.merged[np.searchsorted(self.pairs, pair)])


def product(
    automata: Sequence[DayAutomaton], days: int, options: Sequence[DayOptions] | DayOptions
) -> DayAutomaton:
    """
    One automaton that forbids what any of them forbids and costs what they cost together.

    Parameters
    ----------
    automata
        At least one.
    days
        Dates of the horizon.
    options
        The shifts of each date, or of every date alike. A day off is always
        possible here; a rule that wants it otherwise forbids it.

    Returns
    -------
    DayAutomaton
        Minimal for sequences of any of its symbols. Where no sequence of the
        horizon is admitted, a single state from which nothing goes on.
    """
    each = [options] * days if isinstance(options, DayOptions) else list(options)
    assert len(each) == days, "one set of options for each date"
    joint, read = automata[0], _readings(automata[0], each)
    joint = minimised(_trimmed(joint, [np.unique(one) for one in read]))
    for more in automata[1:]:
        joint, read = _joined(joint, read, more, _readings(more, each))
    return joint


def minimised(automaton: DayAutomaton) -> DayAutomaton:
    """The automaton with states merged that no sequence of symbols tells apart (Moore)."""
    is_shut = automaton.next_state == FORBIDDEN
    facts = np.column_stack([automaton.final_cost, np.where(is_shut, 0, automaton.cost), is_shut])
    label = _labels(np.round(facts, _DIGITS) + 0.0)
    while True:
        follows = np.where(automaton.next_state >= 0, label[automaton.next_state], FORBIDDEN)
        finer = _labels(np.column_stack([label, follows]))
        if finer.max() == label.max():
            break
        label = finer
    _, keep = np.unique(label, return_index=True)
    following = automaton.next_state[keep]
    return DayAutomaton(
        next_state=np.where(following >= 0, label[following], FORBIDDEN),
        cost=automaton.cost[keep],
        final_cost=automaton.final_cost[keep],
        start=int(label[automaton.start]),
        symbol=automaton.symbol,
        rule=automaton.rule,
    )


def _readings(automaton: DayAutomaton, options: Sequence[DayOptions]) -> list[IntArray]:
    """Per date the symbol of each shift, and last that of a day off."""
    return [
        np.append(
            automaton.symbol.classify(day, one.start_min, one.end_min, one.paid_min),
            automaton.symbol.off_symbol(day),
        )
        for day, one in enumerate(options)
    ]


def _joined(
    left: DayAutomaton, left_read: list[IntArray], right: DayAutomaton, right_read: list[IntArray]
) -> tuple[DayAutomaton, list[IntArray]]:
    """The minimal product of two, as far as the horizon can use it, and how it reads the dates."""
    wide, width = right.state_count, right.next_state.shape[1]
    both = [p * width + q for p, q in zip(left_read, right_read, strict=True)]
    pairs = np.unique(np.concatenate(both))
    read = [np.searchsorted(pairs, one) for one in both]
    a, b = np.divmod(pairs, width)
    p, q = np.divmod(np.arange(left.state_count * wide), wide)
    next_p, next_q = left.next_state[np.ix_(p, a)], right.next_state[np.ix_(q, b)]
    is_open = (next_p >= 0) & (next_q >= 0)
    whole = DayAutomaton(
        next_state=np.where(is_open, next_p * wide + next_q, FORBIDDEN),
        cost=left.cost[np.ix_(p, a)] + right.cost[np.ix_(q, b)],
        final_cost=left.final_cost[p] + right.final_cost[q],
        start=left.start * wide + right.start,
        symbol=JointSymbols(left.symbol, right.symbol, width, pairs, np.arange(len(pairs))),
        rule=f"{left.rule}+{right.rule}",
    )
    small = minimised(_trimmed(whole, [np.unique(one) for one in read]))
    merged = _labels(np.vstack([small.next_state, np.round(small.cost, _DIGITS)]).T)
    _, keep = np.unique(merged, return_index=True)
    joint = replace(
        small,
        next_state=small.next_state[:, keep],
        cost=small.cost[:, keep],
        symbol=JointSymbols(left.symbol, right.symbol, width, pairs, merged),
    )
    return joint, [merged[one] for one in read]


def _trimmed(automaton: DayAutomaton, by_day: Sequence[IntArray]) -> DayAutomaton:
    """Only states and transitions on a way from the start to an end of the horizon."""
    live = _live_states(automaton, by_day)
    if not live[0].any():
        return _nothing(automaton)
    used = np.zeros(automaton.next_state.shape, dtype=np.bool_)
    for day, symbols in enumerate(by_day):
        following = automaton.next_state[:, symbols]
        used[:, symbols] |= live[day][:, None] & (following >= 0) & live[day + 1][following]
    keep = np.flatnonzero(np.any(live, axis=0))
    number = np.full(automaton.state_count, FORBIDDEN)
    number[keep] = np.arange(len(keep))
    is_used = used[keep]
    can_end = live[-1][keep]
    return DayAutomaton(
        next_state=np.where(is_used, number[automaton.next_state[keep]], FORBIDDEN),
        cost=np.where(is_used, automaton.cost[keep], 0.0),
        final_cost=np.where(can_end, automaton.final_cost[keep], inf),
        start=int(number[automaton.start]),
        symbol=automaton.symbol,
        rule=automaton.rule,
    )


def _live_states(automaton: DayAutomaton, by_day: Sequence[IntArray]) -> list[BoolArray]:
    """Per midnight the states reached from the start that can still end well, (state,) each."""
    reached = [np.zeros(automaton.state_count, dtype=np.bool_)]
    reached[0][automaton.start] = True
    for symbols in by_day:
        following = automaton.next_state[np.ix_(reached[-1], symbols)]
        after = np.zeros(automaton.state_count, dtype=np.bool_)
        after[following[following >= 0]] = True
        reached.append(after)
    live = [reached[-1] & np.isfinite(automaton.final_cost)]
    for symbols, before in zip(reversed(by_day), reversed(reached[:-1]), strict=True):
        following = automaton.next_state[:, symbols]
        live.append(before & ((following >= 0) & live[-1][following]).any(axis=1))
    return live[::-1]


def _nothing(automaton: DayAutomaton) -> DayAutomaton:
    """The automaton that admits no horizon."""
    width = automaton.next_state.shape[1]
    return DayAutomaton(
        next_state=np.full((1, width), FORBIDDEN),
        cost=np.zeros((1, width)),
        final_cost=np.full(1, inf),
        start=0,
        symbol=automaton.symbol,
        rule=automaton.rule,
    )


def _labels(rows: NDArray[np.generic]) -> IntArray:
    """A number for each different row, (row,)."""
    _, label = np.unique(rows, axis=0, return_inverse=True)
    return np.asarray(label.reshape(-1), dtype=np.int64)
