"""Tests for wfplan.evaluation.tails."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfplan.evaluation.tails import (
    bad_contact_share,
    kept,
    longest_stretch,
    opening_breaks,
    tail_mean,
)
from wfplan.horizon import Horizon

ZONE = "Europe/Dublin"
MONDAY = date(2026, 11, 2)


def test_the_mean_decides_where_nothing_is_promised_or_known():
    level, often = np.array([0.9, 0.7, nan]), np.array([0.1, 0.9, 0.9])
    assert kept(level, often, 0.8, None).tolist() == [True, False, False]
    assert kept(level, often, 0.8, 0.8).tolist() == [False, True, False]
    assert kept(level, np.full(3, nan), 0.8, 0.8).tolist() == [True, False, False]


def test_an_opening_of_a_day_is_not_cut():
    horizon = Horizon(ZONE, MONDAY, 2, 60)
    is_open = np.zeros(48, dtype=bool)
    is_open[12:36] = True
    assert np.flatnonzero(opening_breaks(is_open, horizon)).tolist() == [12]


@pytest.mark.parametrize(
    ("contacts", "bad", "share"), [(3, 0.05, 0.139), (3, 0.10, 0.259), (10, 0.05, 0.393), (3, 0, 0)]
)
def test_the_share_of_customers_with_a_bad_contact_is_as_published(contacts, bad, share):
    assert bad_contact_share(bad, contacts) == pytest.approx(share, abs=5e-4)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=40))
def test_the_longest_stretch_is_the_longest_run_of_the_list(pairs):
    marks = np.array([is_in for is_in, _ in pairs], dtype=bool)
    breaks = np.array([is_broken for _, is_broken in pairs], dtype=bool)
    parts = np.cumsum(breaks)
    runs = [
        len(list(group))
        for (is_in, _), group in groupby(zip(marks.tolist(), parts.tolist(), strict=True))
        if is_in
    ]
    length, first = longest_stretch(marks, breaks)
    assert length == max(runs, default=0)
    assert marks[first : first + length].all()


@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0.5, 100)), min_size=1, max_size=20),
    st.floats(0.05, 1.0),
)
def test_the_tail_mean_lies_between_the_mean_and_the_worst(pairs, share):
    rate, weight = map(np.array, zip(*pairs, strict=True))
    tail = tail_mean(rate, weight, share)
    assert (rate * weight).sum() / weight.sum() - 1e-9 <= tail <= rate.max() + 1e-9
    assert tail_mean(rate, weight, 1.0) == pytest.approx((rate * weight).sum() / weight.sum())


def test_the_tail_mean_of_nothing_is_not_known():
    assert isnan(tail_mean(np.array([nan]), np.array([1.0])))
    assert isnan(tail_mean(np.array([0.5]), np.array([0.0])))


def test_published_worst_tenth_of_two_allocations():
    """SCIENCE finding 2: ten intervals of equal size, the worst is the worst tenth."""
    rates, calls = np.array([0.266, *[0.03] * 9]), np.ones(10)
    assert tail_mean(rates, calls) == pytest.approx(0.266)
