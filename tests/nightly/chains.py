"""Exact answers from Markov chains that are written down state by state: slow and obvious."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array
from scipy.sparse.linalg import spsolve

State = tuple[int, ...]
Moves = Callable[[State], Iterable[tuple[State, float]]]


def stationary(start: State, moves: Moves) -> tuple[list[State], NDArray[np.float64]]:
    """All states that can be reached, and the share of time in each."""
    index, todo = {start: 0}, [start]
    rows, columns, rates = [], [], []
    while todo:
        state = todo.pop()
        for target, rate in moves(state):
            if rate <= 0:
                continue
            if target not in index:
                index[target] = len(index)
                todo.append(target)
            i, j = index[state], index[target]
            rows += [j, i]
            columns += [i, i]
            rates += [rate, -rate]
    size = len(index)
    flow = csc_array((rates, (rows, columns)), shape=(size, size)).tolil()
    flow[0, :] = 1.0  # instead of one balance equation, shares that sum to 1
    share = spsolve(flow.tocsc(), np.eye(1, size)[0])
    return list(index), share


def limited(
    per_s: float, aht_s: float, patience_s: float, staff: int, waiting_max: int
) -> dict[str, float]:
    """M/M/n+M in which only so many may wait."""

    def moves(state: State) -> Iterator[tuple[State, float]]:
        (k,) = state
        if k < staff + waiting_max:
            yield (k + 1,), per_s
        if k:
            yield (k - 1,), min(k, staff) / aht_s + max(k - staff, 0) / patience_s

    states, share = stationary((0,), moves)
    queue = sum(p * max(k - staff, 0) for (k,), p in zip(states, share, strict=True))
    blocked = sum(p for (k,), p in zip(states, share, strict=True) if k == staff + waiting_max)
    busy = sum(p for (k,), p in zip(states, share, strict=True) if k >= staff)
    return {
        "p_blocked": blocked,
        "p_wait": busy - blocked,
        "p_abandon": queue / patience_s / per_s,
        "mean_wait_all_s": queue / per_s,
    }


def chats(
    per_s: float, aht_s: float, patience_s: float, staff: int, rates: Sequence[float]
) -> dict[str, float]:
    """
    Chats that go to whoever has fewest in hand, and stay there.

    The state is how many people hold 0, 1, ... K chats, and how many wait.
    """
    most, room = len(rates), 150

    def moves(state: State) -> Iterator[tuple[State, float]]:
        hands, waiting = state[:-1], state[-1]

        def moved(level: int, step: int) -> State:
            changed = list(hands)
            changed[level] -= 1
            changed[level + step] += 1
            return (*changed, 0)

        if hands[-1] == staff:
            if waiting < room:
                yield (*hands, waiting + 1), per_s
        else:
            yield moved(next(k for k, people in enumerate(hands) if people), 1), per_s
        if waiting:
            yield (*hands, waiting - 1), staff * rates[-1] / aht_s + waiting / patience_s
            return
        for level in range(1, most + 1):
            if hands[level]:
                yield moved(level, -1), hands[level] * rates[level - 1] / aht_s

    states, share = stationary((staff, *([0] * most), 0), moves)
    queue = sum(p * state[-1] for state, p in zip(states, share, strict=True))
    full = sum(p for state, p in zip(states, share, strict=True) if state[-2] == staff)
    return {
        "p_wait": full,
        "p_abandon": queue / patience_s / per_s,
        "mean_wait_all_s": queue / per_s,
    }


def n_model(
    per_s: tuple[float, float],
    aht_s: float,
    patience_s: tuple[float, float],
    staff: tuple[int, int],
) -> tuple[dict[str, float], dict[str, float]]:
    """
    Two classes: the first has people of its own and overflows to those who serve both.

    People of both skills take the second class first. The state is who is busy
    in each group and how many wait of each class.
    """
    (only, both), room = staff, 60

    def moves(state: State) -> Iterator[tuple[State, float]]:
        a, b, first, second = state
        if a < only:
            yield (a + 1, b, first, second), per_s[0]
        elif b < both:
            yield (a, b + 1, first, second), per_s[0]
        elif first < room:
            yield (a, b, first + 1, second), per_s[0]
        if b < both:
            yield (a, b + 1, first, second), per_s[1]
        elif second < room:
            yield (a, b, first, second + 1), per_s[1]
        if a:
            yield ((a, b, first - 1, second) if first else (a - 1, b, first, second)), a / aht_s
        if b:
            after = (a, b - 1, first, second)
            if second:
                after = (a, b, first, second - 1)
            elif first:
                after = (a, b, first - 1, second)
            yield after, b / aht_s
        if first:
            yield (a, b, first - 1, second), first / patience_s[0]
        if second:
            yield (a, b, first, second - 1), second / patience_s[1]

    states, share = stationary((0, 0, 0, 0), moves)
    found = []
    for c in range(2):
        queue = sum(p * state[2 + c] for state, p in zip(states, share, strict=True))
        stuck = sum(
            p
            for (a, b, *_), p in zip(states, share, strict=True)
            if b == both and (c == 1 or a == only)
        )
        found.append(
            {
                "p_wait": stuck,
                "p_abandon": queue / patience_s[c] / per_s[c],
                "mean_wait_all_s": queue / per_s[c],
            }
        )
    return found[0], found[1]


def redials(
    per_s: float,
    aht_s: float,
    patience_s: float,
    staff: int,
    again: tuple[float, float],
    after_s: float,
) -> dict[str, float]:
    """
    M/M/n+M with an orbit: the shares ``again`` of the lost and of the served come back.

    The state is how many are there and how many will call again, each after an
    exponential time.
    """
    room, orbit = staff + 60, 60
    lost_again, served_again = again

    def moves(state: State) -> Iterator[tuple[State, float]]:
        k, away = state
        if k < room:
            yield (k + 1, away), per_s
        served, lost = min(k, staff) / aht_s, max(k - staff, 0) / patience_s
        # Where the orbit is full, which never is, they are let go.
        yield (k - 1, min(away + 1, orbit)), served * served_again + lost * lost_again
        yield (k - 1, away), served * (1 - served_again) + lost * (1 - lost_again)
        if away and k < room:
            yield (k + 1, away - 1), away / after_s

    states, share = stationary((0, 0), moves)
    queue = sum(p * max(k - staff, 0) for (k, _), p in zip(states, share, strict=True))
    away = sum(p * r for (_, r), p in zip(states, share, strict=True))
    total = per_s + away / after_s
    return {
        "p_abandon": queue / patience_s / total,
        "mean_wait_all_s": queue / total,
        "amplification": total / per_s,
    }
