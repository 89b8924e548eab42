"""Tests for wfplan.staffing.tables: curves read from a table are the curves computed one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.staffing import tables
from wfplan.staffing.curves import abandoned_rows
from wfplan.staffing.uncertainty import rate_nodes

VOICE = np.array([0.0, 1.0])
CHAT = np.array([0.0, 1.0, 1.6, 1.95])


def week(scale, calm, ratio, seed=4, intervals=300, points=9):
    """Loads, chances and patiences of intervals that differ by a little."""
    rng = np.random.default_rng(seed)
    mean = scale * rng.uniform(0.02, 1, intervals)
    factors, chances = rate_nodes(np.full(intervals, 0.12), points)
    return mean[:, None] * factors, chances, calm * ratio ** rng.uniform(0, 1, intervals)


@pytest.mark.parametrize("rates", [VOICE, CHAT])
@pytest.mark.parametrize(
    ("scale", "calm", "ratio"),
    [(2, 0.05, 1.2), (30, 0.4, 1.0), (30, 0.4, 1.15), (60, 1.0, 3.5), (8, 8.0, 1.3)],
)
def test_the_table_is_exact_to_a_millionth_of_the_knee(monkeypatch, rates, scale, calm, ratio):
    load, chances, patience = week(scale, calm, ratio)
    top = int(load.max() / rates[-1] + 6 * np.sqrt(load.max())) + 5
    monkeypatch.setattr(tables, "WORTH", 0.0)
    found = tables.abandoned_curves(load, chances, patience, rates, top)
    exact = abandoned_rows(load, chances, patience, rates, top)
    mean = (load * chances).sum(axis=1)
    knee = exact[np.arange(len(mean)), (mean / rates[-1]).astype(int)]
    assert (np.abs(found - exact).max(axis=1) < 1e-6 * knee).all()


def test_few_queues_are_computed_one_by_one():
    load, chances, patience = week(30, 0.4, 1.15, intervals=5)
    found = tables.abandoned_curves(load, chances, patience, VOICE, 60)
    np.testing.assert_array_equal(found, abandoned_rows(load, chances, patience, VOICE, 60))


def test_patiences_that_lie_far_apart_are_computed_one_by_one(monkeypatch):
    load, chances, patience = week(5, 0.1, 40.0, intervals=60)
    monkeypatch.setattr(tables, "WORTH", 0.0)
    found = tables.abandoned_curves(load, chances, patience, VOICE, 20)
    np.testing.assert_array_equal(found, abandoned_rows(load, chances, patience, VOICE, 20))


def test_a_table_that_would_not_fit_is_not_made(monkeypatch):
    load, chances, patience = week(5, 0.4, 1.1, intervals=60)
    monkeypatch.setattr(tables, "WORTH", 0.0)
    monkeypatch.setattr(tables, "CELLS_MOST", 100)
    found = tables.abandoned_curves(load, chances, patience, VOICE, 20)
    np.testing.assert_array_equal(found, abandoned_rows(load, chances, patience, VOICE, 20))


def test_no_contacts_at_all_are_no_contacts():
    nothing = np.zeros((400, 3))
    found = tables.abandoned_curves(nothing, nothing + 1 / 3, np.full(400, 0.4), VOICE, 4)
    assert not found.any()


@settings(max_examples=30)
@given(low=st.floats(0.01, 50), ratio=st.floats(1.0, 4.0))
def test_grids_of_patience_read_smooth_functions(low, ratio):
    calm = tables._calm_points(np.array([low, low * ratio]))
    at = low * ratio ** np.linspace(0, 1, 9)
    beside = tables._lagrange(np.log(calm), np.log(at))
    np.testing.assert_allclose(beside.sum(axis=1), 1, rtol=1e-6)
    np.testing.assert_allclose(beside @ np.sqrt(calm), np.sqrt(at), rtol=1e-4)
