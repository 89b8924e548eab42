"""Models against published or hand-computed cases, each by a slow and obvious twin."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from forecasts.history.series import ordinal, weekday_of
from forecasts.models import double_seasonal, regression
from forecasts.models.day_level import month_phase
from forecasts.models.low_rank import low_rank_shapes
from forecasts.models.smoothing import Constants, State, _step

MONDAY = ordinal(date(2025, 1, 6))


def one(level: float, trend: float, season: float, damping: float) -> Constants:
    return Constants(*(np.array([value]) for value in (level, trend, season, damping)))


def test_a_damped_trend_is_that_of_the_component_form():
    """
    Hyndman and Athanasopoulos (2021), Forecasting: Principles and Practice, section 8.2.

    Level l_t = a y_t + (1 - a)(l_{t-1} + phi b_{t-1}); slope b_t = b* (l_t - l_{t-1}) +
    (1 - b*) phi b_{t-1}; forecast l_t + (phi + ... + phi^h) b_t.
    """
    alpha, beta, phi = 0.4, 0.3, 0.9
    values = [15.09, 15.42, 15.79, 16.26, 16.52, 16.77, 17.05]
    level, slope = 15.0, 0.3
    state = State(np.array([level]), np.array([slope]), np.zeros((7, 1)))
    for value in values:
        _step(state, one(alpha, beta, 0.0, phi), value, 0, reach=1e9)
        before, level = level, alpha * value + (1 - alpha) * (level + phi * slope)
        slope = beta * (level - before) + (1 - beta) * phi * slope
    assert state.level[0] == pytest.approx(level, rel=1e-12)
    assert state.trend[0] == pytest.approx(slope, rel=1e-12)
    for ahead in (1, 5, 14):
        expected = level + sum(phi**i for i in range(1, ahead + 1)) * slope
        found = state.ahead(one(alpha, beta, 0.0, phi), ahead, np.zeros(1))
        assert found[0] == pytest.approx(expected, rel=1e-12)


def taylor_by_days(roots, weekdays, level, daily, weekly, constants):
    """
    Taylor's double season with each day's errors taken at once, cell by cell.

    Taylor (2003), equations of level, daily and weekly season, in the form of error correction:
    each state is given its share of what the states before it have left.
    """
    alpha, delta, omega = constants
    for day, weekday in enumerate(weekdays):
        errors = [
            roots[day, slot] - (level + daily[slot] + weekly[weekday][slot])
            for slot in range(roots.shape[1])
        ]
        mean = sum(errors) / len(errors)
        level += alpha * mean
        for slot, error in enumerate(errors):
            of_day = delta * (error - mean)
            daily[slot] += of_day
            weekly[weekday][slot] += omega * (error - of_day - alpha * mean)
    return level, daily, weekly


def test_the_double_season_is_that_of_a_slow_twin():
    rng = np.random.default_rng(3)
    weekdays = weekday_of(MONDAY + np.arange(60))
    roots = 5 + rng.normal(0.0, 1.0, (60, 4))
    constants = (0.1, 0.05, 0.3)
    first, on = roots[:21], weekdays[:21]
    level = float(first.mean())
    daily = [float(first[:, slot].mean() - level) for slot in range(4)]
    weekly = [
        [float(first[on == w, slot].mean() - level - daily[slot]) for slot in range(4)]
        for w in range(7)
    ]
    expected = taylor_by_days(roots, weekdays, level, daily, weekly, constants)
    found = double_seasonal.run(roots, weekdays, np.array([constants]))
    assert found[0][0] == pytest.approx(expected[0], rel=1e-12)
    np.testing.assert_allclose(found[1][0], expected[1], atol=1e-12)
    np.testing.assert_allclose(found[2][0], expected[2], atol=1e-12)


def test_harmonic_regression_recovers_known_coefficients():
    """Four years, 200,000 contacts a day: log rate = 12.2 + weekday + 0.08 cos - 0.05 sin."""
    days = MONDAY + np.arange(4 * 365, dtype=np.int64)
    angle = 2 * np.pi * month_phase(days)
    weekday = np.array([0.3, 0.1, 0.0, -0.1, 0.0, -0.1, -0.2])
    logs = 12.2 + weekday[weekday_of(days)] + 0.08 * np.cos(angle) - 0.05 * np.sin(angle)
    loads, penalty = regression._loads(days, np.ones(7, dtype=bool))
    effects, _ = regression._fitted(loads, logs, np.ones(days.size), penalty)
    assert effects[0] + effects[1:8].mean() == pytest.approx(12.2, abs=0.002)
    np.testing.assert_allclose(effects[1:8] - effects[1:8].mean(), weekday, atol=0.002)
    np.testing.assert_allclose(effects[8:10], [0.08, -0.05], atol=0.002)
    np.testing.assert_allclose(effects[10:], 0.0, atol=0.002)


def test_shapes_of_low_rank_are_those_of_the_truncated_decomposition_by_hand():
    """One weekday, so nothing is shrunk: the mean day projected on the first vectors (1, 2)."""
    rng = np.random.default_rng(5)
    counts = rng.poisson(50 * (1 + np.sin(np.linspace(0.2, 2.9, 6))), (20, 6)).astype(float)
    mask = np.zeros((7, 6), dtype=bool)
    mask[2] = True
    units = np.array([np.sqrt(day) / np.linalg.norm(np.sqrt(day)) for day in counts])
    values, vectors = np.linalg.eigh(units.T @ units)
    for rank in (1, 2):
        first = vectors[:, np.argsort(values)[::-1][:rank]]
        root = first @ (first.T @ units.mean(axis=0))
        expected = root**2 / (root**2).mean()
        found = low_rank_shapes(counts, np.full(20, 2), np.ones(20), mask, rank=rank)
        np.testing.assert_allclose(found[2], expected, rtol=1e-9)
