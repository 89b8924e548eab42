"""Tests for wfplan.engagement.hot: the hottest window, against counting minute by minute."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.engagement.hot import most_in_window


def minute_by_minute(spans, window):
    hot = [0] * 2000
    for first, last in spans:
        for minute in range(first, last):
            hot[minute] = 1
    return max(sum(hot[at : at + window]) for at in range(2000))


@pytest.mark.parametrize(
    ("spans", "most"),
    [
        ([], 0),
        ([(0, 120)], 120),
        ([(0, 121)], 121),
        ([(0, 300)], 135),
        ([(0, 120), (135, 255)], 120),  # two hours, a quarter off, two hours: the boundary
        ([(0, 120), (134, 255)], 121),
        ([(0, 60), (75, 135)], 120),
        ([(0, 60), (61, 300)], 135),  # after the pause it is hot throughout
    ],
)
def test_the_hottest_window_by_hand(spans, most):
    assert most_in_window(spans, 135) == pytest.approx(most)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(1, 90), min_size=1, max_size=10), st.integers(20, 200))
def test_it_is_what_counting_minute_by_minute_finds(lengths, window):
    spans, at = [], 0
    for n, length in enumerate(lengths):
        if n % 2 == 0:
            spans.append((at, at + length))
        at += length
    assert most_in_window(spans, window) == pytest.approx(minute_by_minute(spans, window))
