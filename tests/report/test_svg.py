"""Tests for wfplan.report.svg."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfplan.report.svg import (
    Scale,
    area_path,
    band_path,
    bar_path,
    cell_path,
    nice_top,
    runs,
    step_path,
)

SCALE = Scale(top=10.0, height=100.0)
values_with_gaps = st.lists(
    st.one_of(st.just(float("nan")), st.floats(min_value=0, max_value=10)), max_size=40
).map(np.array)


def drawn(path: str) -> list[tuple[float, float]]:
    """The points that a path of M, H, V, z visits."""
    points, x, y = [], 0.0, 0.0
    for command, numbers in re.findall(r"([MHVz])([-\d. ]*)", path):
        if command == "M":
            x, y = map(float, numbers.split())
        elif command == "H":
            x = float(numbers)
        elif command == "V":
            y = float(numbers)
        points.append((x, y))
    return points


def test_a_step_line_keeps_each_value_over_its_interval():
    assert step_path(np.array([2.0, 2.0, 5.0]), SCALE) == "M0 80H2V50H3"


def test_a_gap_breaks_the_line():
    path = step_path(np.array([1.0, np.nan, 1.0]), SCALE)
    assert path == "M0 90H1M2 90H3"


@given(values_with_gaps)
def test_a_step_line_has_a_stroke_per_unbroken_run(values):
    values = values.astype(float)
    assert step_path(values, SCALE).count("M") == len(list(runs(np.isfinite(values))))


@given(values_with_gaps)
def test_a_step_line_visits_every_value_in_its_interval(values):
    values = values.astype(float)
    corners = drawn(step_path(values, SCALE))
    for t in np.flatnonzero(np.isfinite(values)):
        y = float(SCALE.y(values)[t])
        assert any(
            a[1] == b[1] == pytest.approx(y) and a[0] <= t and b[0] >= t + 1
            for a, b in pairwise(corners)
        )


def test_a_band_encloses_its_area():
    low, high = np.array([1.0, 1.0, 2.0]), np.array([3.0, 4.0, 4.0])
    corners = drawn(band_path(low, high, SCALE))
    x, y = np.array(corners).T
    area = abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) / 2
    assert area == pytest.approx((2 + 3 + 2) * 10)


def test_an_area_is_a_band_from_zero():
    values = np.array([1.0, 2.0])
    assert area_path(values, SCALE) == band_path(np.zeros(2), values, SCALE)


def test_bars_of_each_sign_are_drawn_apart():
    values, scale = np.array([5.0, -2.5, 0.0, np.nan]), Scale(10.0, 20.0)
    assert bar_path(values, scale, is_down=False) == "M0.08 10h.84v10h-.84z"
    assert bar_path(values, scale, is_down=True) == "M1.08 20h.84v5h-.84z"


def test_values_beyond_the_scale_stay_inside_the_panel():
    assert step_path(np.array([99.0, -5.0]), SCALE) == "M0 0H1V100H2"


@given(st.floats(min_value=1e-6, max_value=1e9))
def test_a_scale_ends_at_a_round_number_not_far_above_the_largest_value(value):
    top = nice_top(value)
    assert value <= top * (1 + 1e-9)
    assert top <= 2 * value * (1 + 1e-9)


def test_nothing_to_show_has_a_scale_too():
    assert nice_top(0.0) == 1.0
    assert nice_top(float("nan")) == 1.0


def test_cells_are_rectangles():
    assert cell_path([(3, 1.5, 2, 0.5)]) == "M3 1.5h2v0.5h-2z"


@given(st.lists(st.booleans(), max_size=50))
def test_runs_cover_exactly_what_is_true(flags):
    mask = np.array(flags, dtype=bool)
    covered = np.zeros(len(mask), dtype=bool)
    for start, end in runs(mask):
        assert start < end
        covered[start:end] = True
    assert (covered == mask).all()
