"""Tests for wfplan.scheduling.stays.stays."""

import numpy as np
import pytest

from wfplan.compiled import kernel
from wfplan.scheduling.stays.stays import NOBODY, StayRules, memo_for, trace_stays, weigh_stays


@kernel
def best_fill(first, length, windows, count, rules, memo, serving, breaks):
    """The program and its trace, for Python to call."""
    weigh_stays(first, length, windows, count, rules, memo)
    value = memo.top[count, length]
    if value > -np.inf:
        trace_stays(first, length, windows, count, rules, memo, serving, breaks)
    return value


def every_fill(length, windows, rules, is_open, before=NOBODY, at=0):
    """Every sequence of stays and breaks that fills a shift: the slow, obvious twin."""
    if at == length:
        if not windows:
            yield ()
        return
    if windows:
        size, earliest, latest = windows[0]
        if earliest <= at <= latest and at + size <= length:
            for rest in every_fill(length, windows[1:], rules, is_open, NOBODY, at + size):
                yield ((NOBODY, at, size), *rest)
    for c in range(len(rules.at_least)):
        is_limited = rules.at_most[c] < 12
        for n in range(rules.at_least[c], min(rules.at_most[c], length - at) + 1):
            if is_open[at : at + n, c].all() and not (is_limited and before == c):
                for rest in every_fill(length, windows, rules, is_open, c, at + n):
                    yield ((c, at, n), *rest)


def worth(fill, gain):
    return sum(gain[at : at + n, c].sum() for c, at, n in fill if c != NOBODY)


def made_up(rng):
    """A shift with its breaks, rules and savings."""
    length, channels, first = int(rng.integers(3, 9)), int(rng.integers(1, 4)), 2
    count = int(rng.integers(0, 3))
    windows = np.zeros((2, 3), dtype=np.int64)
    for b in range(count):
        earliest = int(rng.integers(0, 4)) + 3 * b
        windows[b] = 1, earliest, earliest + int(rng.integers(0, 3))
    at_least = rng.integers(1, 4, channels)
    at_most = np.where(rng.random(channels) < 0.5, 12, at_least + rng.integers(0, 3, channels))
    gain = np.round(rng.normal(size=(length, channels)), 3)
    is_open = rng.random((length, channels)) < 0.9
    return first, length, windows, count, StayRules(at_least, at_most), gain, is_open


def memo_of(first, gain, is_open):
    memo = memo_for(first + len(gain), gain.shape[1], 12, 2)
    memo.since[first] = first
    for s in range(len(gain)):
        memo.total[first + s + 1] = memo.total[first + s] + gain[s]
        memo.since[first + s + 1] = np.where(is_open[s], memo.since[first + s], first + s + 1)
    return memo


def test_the_best_stays_are_those_of_all_ways_to_fill_a_shift():
    rng, filled = np.random.default_rng(0), 0
    for _ in range(400):
        first, length, windows, count, rules, gain, is_open = made_up(rng)
        memo = memo_of(first, gain, is_open)
        serving = np.full(first + length, -9, dtype=np.int64)
        breaks = np.zeros(2, dtype=np.int64)
        value = best_fill(first, length, windows, count, rules, memo, serving, breaks)
        parts = [tuple(row) for row in windows[:count].tolist()]
        fills = list(every_fill(length, parts, rules, is_open))
        if not fills:
            assert value == -np.inf
            continue
        filled += 1
        assert value == pytest.approx(max(worth(fill, gain) for fill in fills), abs=1e-9)
        on = serving[first:]
        assert value == pytest.approx(sum(gain[s, c] for s, c in enumerate(on) if c >= 0))
        for (size, earliest, latest), begin in zip(parts, breaks, strict=False):
            assert earliest <= begin <= latest
            assert (on[begin : begin + size] == NOBODY).all()
    assert filled > 100


def test_a_stay_of_one_channel_is_never_longer_than_allowed():
    gain = np.tile([[1.0, 0.0]], (8, 1))
    rules = StayRules(np.array([2, 1]), np.array([3, 12]))
    memo = memo_of(0, gain, np.ones((8, 2), dtype=np.bool_))
    serving, breaks = np.zeros(8, dtype=np.int64), np.zeros(2, dtype=np.int64)
    windows = np.zeros((2, 3), dtype=np.int64)
    assert best_fill(0, 8, windows, 0, rules, memo, serving, breaks) == pytest.approx(6.0)
    assert serving.tolist().count(1) == 2


def test_a_shift_shorter_than_every_stay_cannot_be_filled():
    rules = StayRules(np.array([4]), np.array([12]))
    memo = memo_of(0, np.ones((3, 1)), np.ones((3, 1), dtype=np.bool_))
    serving, breaks = np.zeros(3, dtype=np.int64), np.zeros(2, dtype=np.int64)
    windows = np.zeros((2, 3), dtype=np.int64)
    assert best_fill(0, 3, windows, 0, rules, memo, serving, breaks) == -np.inf
