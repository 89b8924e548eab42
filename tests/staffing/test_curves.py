"""Tests for wfplan.staffing.curves."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from wfplan.queueing import chat, erlang_a
from wfplan.staffing.curves import abandoned_rows, convex_minorant


def plain_minorant(row):
    """Twin: at every point the lowest chord over it, of the running minimum."""
    low = np.minimum.accumulate(row)
    size = len(low)
    found = low.copy()
    for a in range(size):
        for b in range(a + 2, size):
            inside = np.arange(a + 1, b)
            chord = low[a] + (low[b] - low[a]) * (inside - a) / (b - a)
            found[inside] = np.minimum(found[inside], chord)
    return found


@given(st.lists(st.floats(0, 100, width=16), min_size=1, max_size=14))
def test_the_minorant_is_the_lowest_chord_everywhere(values):
    rows = np.array([values])
    expected = plain_minorant(rows[0])
    gap = convex_minorant(rows)
    if values[0] <= 0:
        assert not rows.any()
        return
    np.testing.assert_allclose(rows[0], expected, atol=1e-9)
    widest = np.max(np.array(values) - expected) / values[0]
    assert widest / 2 - 1e-9 <= gap <= widest + 1e-9  # closed in two steps


def test_a_convex_curve_stays_as_it_is():
    rows = np.array([[8.0, 4.0, 2.0, 1.0, 0.5, 0.0]])
    assert convex_minorant(rows) == 0
    assert rows.tolist() == [[8.0, 4.0, 2.0, 1.0, 0.5, 0.0]]


def test_rows_are_averages_of_what_hangs_up():
    load = np.array([[4.0, 6.0], [0.0, 0.0], [20.0, 30.0]])
    chances = np.array([[0.25, 0.75], [0.5, 0.5], [0.9, 0.1]])
    rows = abandoned_rows(load, chances, np.full(3, 0.5), np.array([0.0, 1.0]), 60)
    staff = np.arange(61)
    for t in range(3):
        plain = sum(
            chance * a * erlang_a.steady_state(staff, a * 12, 300, 150).p_abandon
            for a, chance in zip(load[t], chances[t], strict=True)
        )
        np.testing.assert_allclose(rows[t], plain, rtol=1e-10, atol=1e-11)


def test_rows_of_chats_are_averages_of_what_leaves():
    rates = (1.0, 1.6, 1.95)
    rows = abandoned_rows(
        np.array([[9.0]]), np.ones((1, 1)), np.array([0.5]), np.array([0.0, *rates]), 20
    )
    plain = chat.steady_state(np.arange(21), 108, 300, 150, concurrency_rates=rates)
    np.testing.assert_allclose(rows[0], 9 * plain.queue.p_abandon, rtol=1e-9, atol=1e-11)


@given(
    load=st.floats(0.05, 150),
    calm=st.floats(0.02, 20),
    cut=st.integers(1, 3),
)
def test_curves_are_convex_to_the_last_digits_before_anything_is_done(load, calm, cut):
    rates = np.array([0.0, 1.0, 1.6, 1.95])[: cut + 1]
    rows = abandoned_rows(
        np.array([[load]]), np.ones((1, 1)), np.array([calm]), rates, int(load) + 30
    )
    assert convex_minorant(rows) < (1e-9 if cut == 1 else 2e-2)


def test_a_team_of_thousands_is_computed_on_a_grid_that_nobody_notices():
    load = 4000.0
    rows = abandoned_rows(
        np.array([[load]]), np.ones((1, 1)), np.array([0.4]), np.array([0.0, 1.0]), 4600
    )
    staff = np.arange(3500, 4600, 7)
    exact = load * erlang_a.steady_state(staff, load * 12, 300, 120).p_abandon
    knee = load * float(erlang_a.steady_state(load, load * 12, 300, 120).p_abandon)
    assert np.abs(rows[0, staff] - exact).max() < 2e-3 * knee
    assert convex_minorant(rows) < 1e-9
