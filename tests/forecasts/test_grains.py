"""Tests for forecasts.history.grains and what becomes of long rows in a forecast."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecasts import forecast
from forecasts.history.grains import COARSE_MIN, Coarse, grains, spread, utc_days
from forecasts.history.series import LocalTime

DUBLIN = "Europe/Dublin"


def local(start: str, periods: int, step: str, zone: str = "UTC") -> LocalTime:
    when = pd.date_range(pd.Timestamp(start, tz=zone), periods=periods, freq=step)
    return LocalTime.of(pd.Series(when.tz_convert("UTC")), zone)


def joined(*parts: LocalTime) -> LocalTime:
    return LocalTime(
        *(np.concatenate([getattr(p, n) for p in parts]) for n in ("day", "minute", "utc_min"))
    )


def day_totals(made, zone: str = DUBLIN) -> pd.DataFrame:
    day = made.history["interval_start"].dt.tz_convert(zone).dt.normalize()
    total = made.history.groupby(day)["offered"].sum()
    return pd.DataFrame(
        {
            "channel": "voice",
            "interval_start": total.index.tz_convert("UTC"),
            "offered": total.to_numpy(),
        }
    )


def hours(made) -> pd.DataFrame:
    start = made.history["interval_start"].dt.floor("60min")
    return made.history.assign(interval_start=start).groupby(
        ["channel", "interval_start"], as_index=False
    ).agg(offered=("offered", "sum"), aht_s=("aht_s", "mean"))  # fmt: skip


def error(made, history: pd.DataFrame, **options) -> float:
    """Error of the forecast rates against the true ones."""
    found = forecast(history, made.future, timezone=DUBLIN, **options).intervals
    return float(np.abs(found["offered_mean"] - made.rate).sum() / made.rate.sum())


@pytest.mark.parametrize("grain", [g for g in COARSE_MIN if g % 5 == 0 and g < 1440])
def test_rows_longer_than_the_interval_are_told_by_their_grid(grain):
    rows = local("2025-01-06", 14 * 1440 // grain, f"{grain}min")
    assert (grains(rows, 5) == (grain if grain > 5 else 0)).all()


def test_old_hours_and_new_quarters_are_told_apart():
    rows = joined(local("2025-01-06", 24 * 60, "60min"), local("2025-03-07", 96 * 20, "15min"))
    found = grains(rows, 15)
    assert (found[: 24 * 60] == 60).all()
    assert (found[24 * 60 :] == 0).all()


def test_new_day_totals_after_old_hours_are_told_apart():
    rows = joined(local("2025-01-06", 24 * 30, "60min"), local("2025-02-05", 30, "D"))
    found = grains(rows, 60)
    assert (found[: 24 * 30] == 0).all()
    assert (found[24 * 30 :] == 1440).all()


def test_sparse_fine_rows_are_not_taken_for_long_ones():
    rng = np.random.default_rng(1)
    rows = local("2025-01-06", 96 * 400, "15min")
    keep = rng.random(96 * 400) < 0.02
    assert (grains(LocalTime(rows.day[keep], rows.minute[keep], rows.utc_min[keep]), 15) == 0).all()


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "Asia/Kolkata", "Australia/Lord_Howe"])
def test_hours_of_utc_in_zones_of_parts_of_an_hour_are_hours(zone):
    when = pd.Series(pd.date_range("2025-01-06", periods=24 * 14, freq="60min", tz="UTC"))
    assert (grains(LocalTime.of(when, zone), 15) == 60).mean() > 0.95


def test_totals_at_midnight_of_utc_belong_to_the_date_they_name():
    when = pd.Series(pd.date_range("2025-01-06", periods=14, freq="D", tz="UTC"))
    moved = utc_days(LocalTime.of(when, "America/New_York"))
    assert (moved.minute == 0).all()
    assert moved.day[0] == np.datetime64("2025-01-06").astype(int)


def test_spreading_keeps_totals_and_leaves_closed_slots_unknown():
    profile = np.zeros((7, 24))
    profile[:, 9:12] = [1.0, 2.0, 1.0]
    day = np.array([20094, 20095])
    coarse = Coarse(1440, day, np.zeros(2, int), np.array([40.0, 0.0]), np.array([300.0, np.nan]),
                    np.array([40.0, 0.0]))  # fmt: skip
    counts, handle, handled = spread(coarse, profile, 24, np.arange(20094, 20096))
    assert counts[0, 9:12].tolist() == [10.0, 20.0, 10.0]
    assert counts[1, 9:12].tolist() == [0.0, 0.0, 0.0]
    assert np.isnan(counts[:, :9]).all()
    assert handle[0, 10] == pytest.approx(300.0)
    assert handled.sum() == pytest.approx(40.0)


def test_a_day_without_open_hours_spreads_its_contacts_evenly():
    coarse = Coarse(120, np.array([20094]), np.array([60]), np.array([8.0]), np.array([np.nan]),
                    np.zeros(1))  # fmt: skip
    counts, _, _ = spread(coarse, np.zeros((7, 24)), 24, np.array([20094]))
    assert counts[0, 1:3].tolist() == [4.0, 4.0]


def test_hours_make_a_forecast_of_quarters_that_knows_the_day(centre):
    made = centre()
    found = forecast(hours(made), made.future, timezone=DUBLIN)
    assert any("only rows of 60 minutes; they are spread" in note for note in found.notes)
    assert error(made, hours(made)) < 0.08


def test_old_hours_are_used_beside_new_quarters(centre):
    made = centre()
    new = made.history["interval_start"] >= "2025-03-10"
    old = hours(made)
    old = old[old["interval_start"] < "2025-03-10"]
    mixed = pd.concat([old, made.history[new]])
    found = forecast(mixed, made.future, timezone=DUBLIN)
    assert any("from 2025-01-06 to 2025-03-08 are longer" in note for note in found.notes)
    assert error(made, mixed) < 0.06
    assert found.channels["weeks_used"].iloc[0] > 8


def test_day_totals_are_spread_like_a_sibling(centre):
    made, chat = centre(), centre(seed=3, peak=10.0).history.assign(channel="chat")
    history = pd.concat([day_totals(made), chat])
    found = forecast(history, made.future, timezone=DUBLIN)
    assert "spread over intervals like those of 'chat'" in found.notes[0]
    assert error(made, history) < 0.08


def test_day_totals_alone_are_spread_evenly_and_doubted_aloud(centre):
    made = centre()
    found = forecast(day_totals(made), made.future, timezone=DUBLIN)
    assert "this forecast knows nothing of the time of day" in found.notes[0]
    assert found.intervals["offered_mean"].sum() == pytest.approx(made.rate.sum(), rel=0.05)
    low, high = found.intervals["offered_q025"], found.intervals["offered_q975"]
    inside = (made.later >= low) & (made.later <= high)
    assert inside[made.rate > 0].mean() > 0.9
    assert found.set_aside.empty


@pytest.mark.parametrize("first", ["2025-02-03", "2025-09-01"])
def test_clock_changes_do_not_move_day_totals(centre, first):
    made = centre(start=first, days=70, weekdays=range(7), window=(0, 1440))
    found = forecast(day_totals(made), made.future, timezone=DUBLIN)
    assert found.intervals["offered_mean"].sum() == pytest.approx(made.rate.sum(), rel=0.06)
