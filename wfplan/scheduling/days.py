"""Days: which sequences of days on and off are legal, as a small layered automaton."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]

State = tuple[int, int]  # days worked, working days in a row
Moves = list[
    dict[State, tuple[State | None, State | None]]
]  # per day: after a day on, after one off


@lru_cache(maxsize=4096)
def days_automaton(
    has_options: tuple[bool, ...],
    forced_on: tuple[bool, ...],
    days_min: int,
    days_max: int,
    consecutive_max: int,
    run_before: int,
) -> tuple[IntArray, IntArray, IntArray]:
    """
    Next states for a day on and a day off, (day, state), -1 where none is legal.

    State 0 begins. A state stands for all beginnings after which the same
    sequences are legal, so there are few; every state left at the end is legal.
    ``run_before`` are the working days in a row on the eve. The third array is
    the most days on that can still follow, (day + 1, state).
    """
    days = len(has_options)
    layer = {(0, run_before)}
    moves: Moves = []
    for d in range(days):
        steps: dict[State, tuple[State | None, State | None]] = {}
        for worked, run in sorted(layer):
            can_work = has_options[d] and worked < days_max and run < consecutive_max
            steps[worked, run] = (
                (worked + 1, run + 1) if can_work else None,
                None if forced_on[d] else (worked, 0),
            )
        moves.append(steps)
        layer = {step for pair in steps.values() for step in pair if step}
    rows = _merged(moves, {state for state in layer if state[0] >= days_min})
    table = np.full((2, days, max(map(len, rows), default=0) or 1), -1, dtype=np.int64)
    for d, row in enumerate(rows):
        for q, following in enumerate(row):
            table[:, d, q] = following
    most = _most_days_on(table)
    for array in (table, most):
        array.setflags(write=False)
    return table[0], table[1], most


def _most_days_on(table: IntArray) -> IntArray:
    """The most days on from each state to the end, (day + 1, state)."""
    _, days, states = table.shape
    most = np.zeros((days + 1, states), dtype=np.int64)
    for d in reversed(range(days)):
        for q in range(states):
            on, off = table[:, d, q]
            most[d, q] = max(
                most[d + 1, on] + 1 if on >= 0 else 0, most[d + 1, off] if off >= 0 else 0
            )
    return most


def _merged(moves: Moves, legal_ends: set[State]) -> list[list[tuple[int, int]]]:
    """Per day the rows of next states, states with the same future made one."""
    number = dict.fromkeys(legal_ends, 0)
    tables: list[list[tuple[int, int]]] = []
    for steps in reversed(moves):
        rows: dict[tuple[int, int], int] = {}
        named: dict[State, int] = {}
        for state, (on, off) in steps.items():
            row = (number.get(on, -1) if on else -1, number.get(off, -1) if off else -1)
            if row != (-1, -1):
                named[state] = rows.setdefault(row, len(rows))
        tables.append(list(rows))
        number = named
    return tables[::-1]
