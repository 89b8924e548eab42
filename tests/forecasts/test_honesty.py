"""The distribution as a whole: nothing of the future, nothing impossible, promises kept."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forecasts import forecast
from forecasts.result import QUANTILES

DUBLIN = "Europe/Dublin"


def test_the_future_does_not_change_a_forecast(centre):
    one = centre(days=56, ahead=7, interval_min=60)
    rng = np.random.default_rng(0)
    later = one.future[["channel", "interval_start"]].assign(offered=one.later, aht_s=200.0)
    shuffled = later.assign(offered=rng.permutation(one.later) * 7 + 3, aht_s=900.0)
    alone, *others = (
        forecast(
            pd.concat([one.history, *known]).sample(frac=1.0, random_state=1),
            one.future,
            timezone=DUBLIN,
            interval_min=60,
        )
        for known in ([], [later], [shuffled])
    )
    for other in others:
        pd.testing.assert_frame_equal(alone.intervals, other.intervals)
        pd.testing.assert_frame_equal(alone.channels, other.channels)
        drawn = [one.scenarios(3, np.random.default_rng(0)) for one in (alone, other)]
        np.testing.assert_array_equal(*drawn)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    counts=st.lists(
        st.sampled_from([0.0, 0.0, 0.3, 1.0, 2.0, 40.0, 1e4, 1e9]), min_size=24, max_size=400
    ),
    absent=st.integers(2, 40),
    aht=st.sampled_from([np.nan, 0.0, 1e-3, 300.0, 1e7]),
)
def test_whatever_came_before_nothing_is_negative_or_unknown(counts, absent, aht):
    when = pd.date_range("2025-03-20", periods=len(counts), freq="2h", tz="UTC")
    rows = pd.DataFrame({"channel": "v", "interval_start": when, "offered": counts, "aht_s": aht})
    rows = rows[np.arange(len(rows)) % absent != 1]
    future = pd.DataFrame(
        {
            "channel": "v",
            "interval_start": pd.date_range(when[-1].ceil("D"), periods=84, freq="2h", tz="UTC"),
            "is_open": np.arange(84) % 12 > 2,
        }
    )
    found = forecast(rows, future, timezone="UTC", interval_min=120)
    for table in (found.intervals, found.days(), found.weeks()):
        values = table[["offered_mean", *QUANTILES]].to_numpy()
        assert np.isfinite(values).all()
        assert (values >= 0).all()
        assert (np.diff(values[:, 1:], axis=1) >= 0).all()
    assert (found.intervals["rate_cv"] >= 0).all()
    drawn = found.scenarios(5, np.random.default_rng(0))
    assert np.isfinite(drawn).all()
    assert (drawn >= 0).all()
    noon = future["interval_start"].iloc[6]
    so_far = future.iloc[:6].assign(offered=7.0)[["channel", "interval_start", "offered"]]
    rest = found.reforecast(so_far, noon)
    numbers = rest[["offered_mean", *QUANTILES, "rate_cv", "busyness"]].to_numpy()
    assert np.isfinite(numbers).all()
    assert (numbers >= 0).all()


def outcomes(centre, seeds: range) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Forecasts of centres with a known law: intervals, days and weeks with what came; floors."""
    pieces, errors, floors = [], [], []
    for seed in seeds:
        one = centre(days=112, ahead=14, interval_min=60, peak=160.0, day_cv=0.08, seed=seed)
        found = forecast(one.history, one.future, timezone=DUBLIN, interval_min=60)
        cells = found.intervals.assign(came=one.later, rate=one.rate)
        cells["day"] = cells["interval_start"].dt.tz_convert(DUBLIN).dt.date
        on = cells["rate"] > 0
        errors.append((cells["came"] - cells["offered_mean"]).abs()[on].sum())
        floors.append((cells["came"] - cells["rate"]).abs()[on].sum())
        total = cells.groupby("day")["came"].sum()
        days = found.days().assign(came=lambda t, total=total: t["day"].map(total))
        weeks = found.weeks()
        monday = [d - pd.Timedelta(days=d.weekday()) for d in total.index]
        weeks["came"] = weeks["week"].map(total.groupby(monday).sum())
        for level, table in (("interval", cells[on]), ("day", days), ("week", weeks)):
            kept = table[table["offered_mean"] > 0]
            pieces.append(kept[["came", "offered_mean", *QUANTILES]].assign(level=level))
    return pd.concat(pieces), np.array(errors), np.array(floors)


def shares(table: pd.DataFrame, level: str) -> tuple[float, float]:
    """Coverage of 80 and 95 % intervals at one level."""
    some = table[table["level"] == level]
    of_80 = some["came"].between(some["offered_q10"], some["offered_q90"]).mean()
    return of_80, some["came"].between(some["offered_q025"], some["offered_q975"]).mean()


@pytest.mark.slow
@pytest.mark.nightly
def test_a_centre_whose_law_is_known_is_forecast_near_its_floor_with_honest_intervals(centre):
    table, errors, floors = outcomes(centre, range(24))
    assert errors.sum() < 1.05 * floors.sum()
    for level, slack in (("interval", 0.03), ("day", 0.045)):
        of_80, of_95 = shares(table, level)
        assert of_80 == pytest.approx(0.80, abs=slack)
        assert of_95 == pytest.approx(0.95, abs=slack)
    # days that share nothing are taken to share a little, as levels are seldom known so well
    assert min(shares(table, "week")) > 0.75


def test_scenarios_agree_with_quantiles_at_every_level(centre):
    one = centre(days=84, ahead=14, interval_min=60)
    found = forecast(one.history, one.future, timezone=DUBLIN, interval_min=60)
    drawn = found.scenarios(1500, np.random.default_rng(0))
    day = found.intervals["interval_start"].dt.tz_convert(DUBLIN).dt.date
    monday = day.map(lambda d: d - pd.Timedelta(days=d.weekday()))
    for table, name, of_row in ((found.days(), "day", day), (found.weeks(), "week", monday)):
        inside = {"80": [], "95": []}
        for row in table[table["offered_mean"] > 0].itertuples():
            total = drawn[:, (of_row == getattr(row, name)).to_numpy()].sum(axis=1)
            inside["80"].append(((total >= row.offered_q10) & (total <= row.offered_q90)).mean())
            inside["95"].append(((total >= row.offered_q025) & (total <= row.offered_q975)).mean())
        assert np.mean(inside["80"]) == pytest.approx(0.80, abs=0.03)
        assert np.mean(inside["95"]) == pytest.approx(0.95, abs=0.02)
