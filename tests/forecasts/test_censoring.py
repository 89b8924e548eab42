"""Tests for forecasts.history.censoring: demand that was not seen."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecasts import forecast
from forecasts.history.censoring import ceiling, demand_of

DUBLIN = "Europe/Dublin"


def rows(**columns) -> pd.DataFrame:
    return pd.DataFrame(columns)


def minutes(size: int) -> np.ndarray:
    return np.arange(size, dtype=np.int64) * 60


def test_refused_contacts_are_demand():
    found = demand_of(rows(offered=[10.0, 20.0], blocked=[5.0, np.nan]), minutes(2))
    assert found.offered.tolist() == [15.0, 20.0]
    assert found.columns["blocked_share"] == pytest.approx(5 / 35)
    assert "5 contacts that were refused are added" in found.notes[0]


def test_refused_contacts_that_are_among_the_offered_are_not_counted_twice():
    frame = rows(
        offered=[10.0, 20.0], answered=[5.0, 17.0], abandoned=[2.0, 1.0], blocked=[3.0, 2.0]
    )
    found = demand_of(frame, minutes(2))
    assert found.offered.tolist() == [10.0, 20.0]
    assert not found.notes


@pytest.mark.parametrize(("abandoned", "is_said"), [(1.0, False), (4.0, True)])
def test_many_who_hang_up_are_said(abandoned, is_said):
    found = demand_of(rows(offered=[10.0] * 9, abandoned=[abandoned] * 9), minutes(9))
    assert found.columns["abandoned_share"] == pytest.approx(abandoned / 10)
    assert any("hung up" in note for note in found.notes) is is_said


@pytest.mark.parametrize("mean", [0.3, 3.0, 12.0, 40.0, 400.0])
def test_free_demand_has_no_ceiling(mean):
    """200 histories of 12 weeks in which the busiest hour is the same every day."""
    rng = np.random.default_rng(1)
    shape = np.sin(np.linspace(0.1, 3.0, 56))
    for _ in range(40):
        busy = rng.gamma(100, 0.01, (72, 1))
        assert np.isnan(ceiling(rng.poisson(mean * shape * busy).ravel().astype(float)))


@pytest.mark.parametrize("most", [12.0, 30.0, 200.0])
def test_full_lines_are_seen(most):
    rng = np.random.default_rng(2)
    shape = np.sin(np.linspace(0.1, 3.0, 56))
    free = rng.poisson(1.3 * most * shape, (72, 56)).ravel().astype(float)
    capped = np.minimum(free, most)
    assert ceiling(capped) == most
    capped[7] = 1e9
    assert ceiling(capped) == most
    found = demand_of(rows(offered=capped), minutes(capped.size))
    assert f"counts pile up at {most:g}" in found.notes[0]


def test_constant_counts_are_no_full_lines():
    assert np.isnan(ceiling(np.full(500, 40.0)))
    assert np.isnan(ceiling(np.full(10, 40.0)))


def test_a_forecast_counts_refused_contacts_and_says_so(centre):
    made = centre()
    refused = made.history.assign(blocked=made.history["offered"] * 0.5)
    found = forecast(refused, made.future, timezone=DUBLIN)
    assert found.intervals["offered_mean"].sum() == pytest.approx(1.5 * made.rate.sum(), rel=0.05)
    assert found.channels["blocked_share"].iloc[0] == pytest.approx(1 / 3, abs=0.01)
    assert any("refused are added" in note for note in found.notes)
