"""Tests for forecasts.uncertainty.handle_law."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from forecasts import forecast
from forecasts.history.series import Series, ordinal
from forecasts.models.handle_time import handle_profile
from forecasts.uncertainty.handle_law import (
    HandleLaw,
    handle_times,
    learn_handle_law,
    with_volume,
)


def history(
    *, step: float = 0.0, deviation: float = 0.0, days: int = 140, mean: float = 12.0, seed: int = 0
) -> Series:
    """Hours with lognormal contacts of CV 1 around 200 s; a level that walks, days that deviate."""
    rng = np.random.default_rng(seed)
    level = np.cumsum(step * rng.standard_normal(days)) + deviation * rng.standard_normal(days)
    contacts = rng.poisson(np.full((days, 24), mean)).astype(float)
    sigma = np.sqrt(np.log(2.0))
    cells = [
        rng.lognormal(np.log(200) - sigma**2 / 2, sigma, int(n)).mean() if n else np.nan
        for n in contacts.flat
    ]
    handle = np.array(cells).reshape(days, 24) * np.exp(level)[:, None]
    start = ordinal(date(2025, 1, 6))
    return Series("v", 60, start + np.arange(days), contacts, contacts, handle)


def of_past(series: Series, cut: int) -> tuple[HandleLaw, np.ndarray]:
    past = series.before(cut)
    profile = handle_profile(past, 8)
    assert profile is not None
    return learn_handle_law(past, profile, 8), profile


def test_a_stable_level_does_not_drift_and_single_contacts_have_their_spread():
    series = history()
    law, _ = of_past(series, int(series.days[-1]) + 1)
    assert law.drift <= 0.001**2
    assert law.day_variance <= 0.02**2
    assert law.spread == pytest.approx(1.0, rel=0.12)
    assert abs(law.level) < 0.02


def test_a_walking_level_is_followed_better_than_by_a_plain_average():
    ours, plain = [], []
    for seed in range(4):
        series = history(step=0.02, seed=seed)
        for cut in series.days[70:-7:7]:
            law, profile = of_past(series, int(cut))
            past, week = series.before(int(cut)), series.window(int(cut), int(cut) + 7)
            weight = week.contacts / week.contacts.sum()
            took = (weight * np.nan_to_num(week.handle_s)).sum()
            ours.append(abs((weight * profile[week.weekdays]).sum() * np.exp(law.level) - took))
            average = (past.contacts * np.nan_to_num(past.handle_s)).sum() / past.contacts.sum()
            plain.append(abs(average - took))
    assert np.mean(ours) < 0.6 * np.mean(plain)


@pytest.mark.parametrize(("step", "deviation"), [(0.0, 0.0), (0.005, 0.03), (0.01, 0.0)])
def test_quantiles_hold_what_they_promise(step, deviation):
    held = []
    for seed in range(4):
        series = history(step=step, deviation=deviation, seed=seed)
        for cut in series.days[60:-7:14]:
            law, profile = of_past(series, int(cut))
            week = series.window(int(cut), int(cut) + 7)
            some = week.contacts > 0
            mean = profile[week.weekdays][some] * np.exp(law.level)
            lead = np.broadcast_to(1 + np.arange(7)[:, None], some.shape)[some]
            low, high = law.quantiles(mean, week.contacts[some], lead)
            held.append(((week.handle_s[some] >= low) & (week.handle_s[some] <= high)).mean())
    assert 0.77 < np.mean(held) < 0.83


def test_more_contacts_make_a_mean_surer_and_more_days_ahead_less_sure():
    law = HandleLaw()
    near, far = np.ones(2, dtype=np.int64), np.full(2, 28)
    few, many = law.variance(np.array([1.0, 100.0]), near)
    assert few > many
    assert (law.variance(np.array([1.0, 100.0]), far) > law.variance(np.ones(2) * 100, near)).all()


def test_contacts_that_take_longer_today_lengthen_today_more_than_tomorrow():
    law = HandleLaw()
    factor = law.given(np.log(1.3), 400.0, np.ones(1, dtype=np.int64), np.array([1, 0]))
    assert 1.0 < factor[1] < factor[0] < 1.3
    unheard = law.given(np.log(1.3), 1.0, np.ones(1, dtype=np.int64), np.array([1, 0]))
    assert (unheard < 1.01).all()


def test_a_correlation_with_volume_is_found_where_there_is_one():
    rng = np.random.default_rng(0)
    series = history()
    busy = rng.standard_normal(series.days.size)
    counts = np.maximum(series.contacts * np.exp(0.2 * busy)[:, None], 0.1)
    longer = series.handle_s * np.exp(0.1 * busy)[:, None]
    both = Series("v", 60, series.days, counts, counts, longer)
    profile = handle_profile(both, 8)
    assert profile is not None
    assert with_volume(both, profile) > 0.5
    assert abs(with_volume(series, handle_profile(series, 8))) < 0.25
    assert np.isnan(with_volume(series.before(int(series.days[5])), profile))


def test_without_handle_times_none_is_made_up():
    days, slots = np.zeros(3, dtype=np.int64), np.zeros(3, dtype=np.int64)
    found = handle_times(None, 8, days, slots, np.ones(3))
    assert np.isnan(found.mean_s).all()
    assert "no handle times" in found.notes()[0]


def test_a_forecast_holds_quantiles_and_a_slow_morning_lengthens_the_afternoon(centre):
    one = centre(ahead=7)
    rng = np.random.default_rng(0)
    noise = rng.lognormal(0, 0.1, len(one.history))
    made = forecast(
        one.history.assign(aht_s=one.history["aht_s"] * noise),
        one.future,
        timezone="Europe/Dublin",
        interval_min=15,
    )
    table = made.intervals
    assert (table["aht_q10"] <= table["aht_s"]).all()
    assert (table["aht_s"] <= table["aht_q90"]).all()
    noon = table["interval_start"].min() + pd.Timedelta(hours=13)
    before = table[table["interval_start"] < noon]
    so_far = before.assign(offered=before["offered_mean"], aht_s=1.4 * before["aht_s"])
    rest = made.reforecast(so_far[["channel", "interval_start", "offered", "aht_s"]], noon)
    old = table[table["interval_start"] >= noon].reset_index(drop=True)
    ratio = rest["aht_s"] / old["aht_s"]
    today = rest["day"] == rest["day"].iloc[0]
    assert 1.01 < ratio[today].mean() < 1.4
    assert 1.0 <= ratio[~today].mean() < ratio[today].mean()
