"""Forecasts of real demand, week by week as a planner would have made them.

The yardstick is the median of the last six same weekdays. Nothing is tuned to
these series; the limits below leave room on both sides of what was measured.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from forecasts import forecast

pytestmark = [pytest.mark.real, pytest.mark.slow]

WORKDAYS = (0, 1, 2, 3, 4)


@dataclass(frozen=True)
class Real:
    """A real series with the opening hours that are planned for."""

    rows: pd.DataFrame
    timezone: str
    interval_min: int
    is_open: Callable[[np.ndarray, np.ndarray], np.ndarray]  # (weekday, minute)
    holidays: tuple[str, ...] = ()

    @property
    def calendar(self) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "day": [pd.Timestamp(day).date() for day in self.holidays],
                "kind": "holiday",
                "name": "holiday",
            }
        )

    def horizon(self, monday: pd.Timestamp) -> pd.DataFrame:
        first = monday.tz_localize(self.timezone)
        end = (monday + pd.Timedelta(days=7)).tz_localize(self.timezone)
        when = pd.date_range(
            first.tz_convert("UTC"),
            end.tz_convert("UTC"),
            freq=f"{self.interval_min}min",
            inclusive="left",
        )
        local = when.tz_convert(self.timezone)
        is_open = self.is_open(
            local.day_of_week.to_numpy(), (local.hour * 60 + local.minute).to_numpy()
        )
        return pd.DataFrame({"channel": "calls", "interval_start": when, "is_open": is_open})


def read(path: Path, timezone: str, column: str = "calls") -> pd.DataFrame:
    table = pd.read_csv(path, parse_dates=["interval_start"])
    when = table["interval_start"].dt.tz_localize(
        timezone, ambiguous=False, nonexistent="shift_forward"
    )
    counts = table[column].astype(float).groupby(when.dt.tz_convert("UTC")).sum()
    return pd.DataFrame(
        {
            "channel": "calls",
            "interval_start": counts.index,
            "offered": counts.to_numpy(),
            "aht_s": np.nan,
        }
    )


def bank(data: Path) -> Real:
    return Real(
        read(data / "us_bank_2003_5min" / "calls_5min.csv.gz", "America/New_York"),
        "America/New_York",
        30,
        lambda weekday, minute: (weekday < 5) & (minute >= 420) & (minute < 1260),
        ("2003-05-26", "2003-07-04"),
    )


def technion(data: Path) -> Real:
    def is_open(weekday: np.ndarray, minute: np.ndarray) -> np.ndarray:
        week = np.isin(weekday, (6, 0, 1, 2, 3)) & (minute >= 420)
        friday = (weekday == 4) & (minute >= 420) & (minute < 840)
        return week | friday | ((weekday == 5) & (minute >= 1200))

    return Real(
        read(data / "technion_1999_counts" / "calls_6min.csv.gz", "Asia/Jerusalem"),
        "Asia/Jerusalem",
        30,
        is_open,
        ("1999-04-01", "1999-04-07", "1999-04-21", "1999-05-21"),
    )


def county(data: Path) -> Real:
    holidays = pd.read_csv(data / "bernalillo_assessor" / "holidays.csv.gz").iloc[:, 0]
    return Real(
        read(data / "bernalillo_assessor" / "calls_hourly.csv.gz", "America/Denver"),
        "America/Denver",
        60,
        lambda weekday, minute: (weekday < 5) & (minute >= 480) & (minute < 1020),
        tuple(holidays.astype(str)),
    )


def weeks_of(real: Real, first_week: int, lead: int, step: int = 1) -> pd.DataFrame:
    """Open intervals of rolling weeks with forecast, actual and the yardstick's forecast."""
    rows = real.rows
    local = rows["interval_start"].dt.tz_convert(real.timezone).dt.tz_localize(None)
    start = local.min().normalize()
    start += pd.Timedelta(days=-start.day_of_week % 7)
    floor = local.dt.floor(f"{real.interval_min}min")
    by_wall = rows["offered"].groupby(floor).sum()
    off = pd.to_datetime(list(real.holidays))
    found = []
    monday = start + pd.Timedelta(weeks=first_week)
    while monday + pd.Timedelta(days=4) <= local.max():
        cut = monday - pd.Timedelta(weeks=lead - 1)
        future = real.horizon(monday)
        made = forecast(
            rows[local < cut],
            future,
            timezone=real.timezone,
            calendar=real.calendar,
            interval_min=real.interval_min,
        )
        wall = made.intervals["interval_start"].dt.tz_convert(real.timezone).dt.tz_localize(None)
        past = by_wall[by_wall.index < cut]
        past = past[~past.index.normalize().isin(off)]
        key = [past.index.day_of_week, past.index.hour * 60 + past.index.minute]
        median = past.groupby(key).apply(lambda counts: counts.iloc[-6:].median())
        at = pd.MultiIndex.from_arrays([wall.dt.day_of_week, wall.dt.hour * 60 + wall.dt.minute])
        table = made.intervals.assign(
            actual=wall.map(by_wall), median6=median.reindex(at).to_numpy()
        )
        found.append(table[future["is_open"] & ~wall.dt.normalize().isin(off)])
        monday += pd.Timedelta(weeks=step)
    return pd.concat(found).dropna(subset=["actual", "median6"])


def wape_of(table: pd.DataFrame, column: str) -> float:
    return float((table["actual"] - table[column]).abs().sum() / table["actual"].sum())


def coverage_of(table: pd.DataFrame) -> float:
    return float(table["actual"].between(table["offered_q10"], table["offered_q90"]).mean())


@pytest.mark.parametrize("lead", [1, 2, 4])
def test_the_bank_is_forecast_better_than_by_the_median_of_six_weeks(real_data, lead):
    table = weeks_of(bank(real_data), 12, lead)
    assert wape_of(table, "offered_mean") < 0.96 * wape_of(table, "median6")
    assert 0.74 < coverage_of(table) < 0.92


@pytest.mark.parametrize("lead", [1, 4])
def test_a_small_centre_is_forecast_better_than_by_the_median_of_six_weeks(real_data, lead):
    table = weeks_of(technion(real_data), 11, lead, step=2)
    assert wape_of(table, "offered_mean") < 0.98 * wape_of(table, "median6")
    assert 0.74 < coverage_of(table) < 0.86


def test_an_office_driven_by_events_is_forecast_better_than_by_the_median(real_data):
    table = weeks_of(county(real_data), 12, 1, step=4)
    assert wape_of(table, "offered_mean") < 0.95 * wape_of(table, "median6")
    assert 0.73 < coverage_of(table) < 0.87
