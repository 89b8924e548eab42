"""Tests of forecasts.forecast on other grains than those of a plan: hours, days, rare contacts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecasts import Forecast, forecast

DAY_MIN = 1440


def history(days: int, interval_min: int, counts, zone: str = "UTC") -> pd.DataFrame:
    end = pd.Timestamp("2023-01-02", tz=zone) + pd.DateOffset(days=days)
    step = "D" if interval_min == DAY_MIN else f"{interval_min}min"
    when = pd.date_range(pd.Timestamp("2023-01-02", tz=zone), end, freq=step, inclusive="left")
    return pd.DataFrame(
        {"channel": "c", "interval_start": when.tz_convert("UTC"), "offered": counts(len(when))}
    )


def run(past: pd.DataFrame, interval_min: int, zone: str = "UTC", days: int = 28) -> Forecast:
    first = past["interval_start"].max().tz_convert(zone).normalize() + pd.DateOffset(days=1)
    step = "D" if interval_min == DAY_MIN else f"{interval_min}min"
    when = pd.date_range(first, first + pd.DateOffset(days=days), freq=step, inclusive="left")
    future = pd.DataFrame({"channel": "c", "interval_start": when.tz_convert("UTC")})
    return forecast(past, future.assign(is_open=True), timezone=zone, interval_min=interval_min)


def poisson(mean: float):
    return lambda size: np.random.default_rng(5).poisson(mean, size).astype(float)


@pytest.mark.parametrize("interval_min", [120, 480, DAY_MIN])
def test_long_intervals_are_forecast_like_short_ones(interval_min):
    found = run(history(120, interval_min, poisson(80.0)), interval_min)
    assert found.intervals["offered_mean"].mean() == pytest.approx(80, rel=0.04)


def test_days_of_23_and_25_hours_are_days():
    """Dublin changes its clocks in March and October; a day's total is not spread by it."""
    hours = history(420, 60, poisson(10.0), "Europe/Dublin")
    found = run(hours, DAY_MIN, "Europe/Dublin")
    assert found.intervals["offered_mean"].mean() == pytest.approx(240, rel=0.03)
    assert found.notes == (
        "c: no handle times in the history; they must come from the plan (aht_s).",
    )


@pytest.mark.slow
def test_a_season_of_three_years_is_forecast_ahead():
    day = np.arange(1096)
    wave = 1 + 0.4 * np.sin(2 * np.pi * day / 365.25)
    found = run(history(1096, DAY_MIN, lambda size: np.round(500 * wave[:size])), DAY_MIN)
    ahead = 500 * (1 + 0.4 * np.sin(2 * np.pi * np.arange(1096, 1124) / 365.25))
    np.testing.assert_allclose(found.intervals["offered_mean"], ahead, rtol=0.06)


def test_a_queue_that_grows_sixtyfold_is_followed():
    def growing(size: int) -> np.ndarray:
        rate = 20 * 60 ** (np.arange(size) / size)
        return np.random.default_rng(1).poisson(rate).astype(float)

    found = run(history(900, DAY_MIN, growing), DAY_MIN)
    assert found.intervals["offered_mean"].iloc[:7].mean() == pytest.approx(1200, rel=0.1)


def test_rare_bursts_keep_their_mean():
    rng = np.random.default_rng(0)

    def rare(size: int) -> np.ndarray:
        return np.where(rng.random(size) < 0.1, rng.poisson(5, size), 0).astype(float)

    past = history(700, DAY_MIN, rare)
    found = run(past, DAY_MIN).intervals["offered_mean"].mean()
    assert found == pytest.approx(past["offered"].iloc[-180:].mean(), rel=0.5)
