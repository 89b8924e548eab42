"""Tests for forecasts.uncertainty.scenarios."""

from __future__ import annotations

import numpy as np
import pytest

from forecasts.uncertainty.dependence import Dependence
from forecasts.uncertainty.scenarios import Cells, draw, total_variance

DAYS, SLOTS = 7, 12


def cells_of(mean: float = 40.0, day: float = 0.04, interval: float = 0.02, **options) -> Cells:
    size = DAYS * SLOTS
    return Cells(
        np.full(size, mean),
        np.full(size, day),
        np.full(size, interval),
        np.repeat(np.arange(DAYS), SLOTS),
        Dependence(**options),
    )


def one(cells: Cells, count: int, seed: int) -> np.ndarray:
    """Scenarios of one channel."""
    return next(draw([cells], np.eye(1), count, np.random.default_rng(seed)))


def test_scenarios_have_the_mean_and_the_variance_of_the_forecast():
    cells = cells_of()
    found = one(cells, 4000, 1)
    variance = 0.04 + 0.02 + 0.04 * 0.02
    assert found.mean() == pytest.approx(40, rel=0.02)
    assert found.var() == pytest.approx(40 + variance * 40**2, rel=0.06)


@pytest.mark.parametrize("length", [1, 7])
def test_totals_of_scenarios_vary_as_the_quantiles_assume(length):
    cells = cells_of(next_day=0.6, fade=0.95, slots=0.3)
    found = one(cells, 6000, 2)
    groups = cells.day // length
    numbers, mean, variance = total_variance(cells, groups)
    totals = np.array([found[:, groups == number].sum(axis=1) for number in numbers])
    np.testing.assert_allclose(totals.mean(axis=1), mean, rtol=0.03)
    expected = mean + variance * mean**2
    assert totals.var(axis=1).mean() == pytest.approx(expected.mean(), rel=0.08)


def test_channels_vary_together_as_they_are_said_to():
    cells = cells_of(mean=500.0, interval=0.0001)
    both = draw([cells, cells], np.array([[1.0, 0.8], [0.8, 1.0]]), 3000, np.random.default_rng(3))
    totals = [counts[:, :SLOTS].sum(axis=1) for counts in both]
    assert np.corrcoef(*totals)[0, 1] == pytest.approx(0.78, abs=0.05)


def test_what_is_certain_is_poisson():
    found = one(cells_of(day=0.0, interval=0.0), 3000, 4)
    assert found.var() == pytest.approx(40, rel=0.03)


def test_the_same_seed_draws_the_same_scenarios():
    a, b = (one(cells_of(), 3, 5) for _ in range(2))
    np.testing.assert_array_equal(a, b)
