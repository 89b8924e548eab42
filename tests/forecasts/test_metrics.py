"""Tests for forecasts.backtests.metrics."""

import math

import numpy as np
import pytest

from forecasts.backtests.metrics import coverage, wape


def test_wape_is_the_sum_of_errors_over_the_sum_of_actuals():
    assert wape(np.array([10.0, 0.0, 30.0]), np.array([8.0, 2.0, 30.0])) == pytest.approx(0.1)


def test_wape_of_nothing_is_not_a_number():
    assert math.isnan(wape(np.zeros(3), np.ones(3)))


def test_coverage_includes_the_bounds():
    actual, low, high = np.array([1.0, 2.0, 3.0, 4.0]), np.full(4, 2.0), np.full(4, 3.0)
    assert coverage(actual, low, high) == 0.5
    assert math.isnan(coverage(np.zeros(0), np.zeros(0), np.zeros(0)))
