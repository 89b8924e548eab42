"""Tests for forecasts.uncertainty.so_far and Forecast.reforecast."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import digamma, gammaincinv, ndtr, polygamma
from scipy.stats import gamma, nbinom

from forecasts import ForecastError, forecast
from forecasts.uncertainty.dependence import Dependence
from forecasts.uncertainty.scenarios import Cells
from forecasts.uncertainty.so_far import Seen, busyness, posterior

DUBLIN = "Europe/Dublin"
DAYS, SLOTS = 5, 8


def cells_of(day: float = 0.04, interval: float = 0.0, **options) -> Cells:
    size = DAYS * SLOTS
    day_of = np.repeat(np.arange(DAYS), SLOTS)
    return Cells(
        np.full(size, 50.0),
        np.full(size, day),
        np.full(size, interval),
        day_of,
        Dependence(**({"next_day": 0.6, "fade": 0.9, "slots": 0.0} | options)),
    )


def seen_of(**counts: list[float]) -> Seen:
    """Counts of the first intervals of days, keyed d0, d1 and so on."""
    arrived = np.full(DAYS * SLOTS, np.nan)
    for name, values in counts.items():
        first = int(name[1:]) * SLOTS
        arrived[first : first + len(values)] = values
    return Seen(np.isfinite(arrived).astype(float), arrived)


def exactly(mean, arrived, day_variance, interval_variance) -> tuple[float, float]:
    """Mean and squared CV of the busyness by brute force."""
    busy = np.linspace(1e-4, 8.0, 400_001)
    size = 1 / interval_variance
    weight = gamma.logpdf(busy, 1 / day_variance, scale=day_variance)
    for m, y in zip(mean, arrived, strict=True):
        weight += nbinom.logpmf(y, size, size / (size + m * busy))
    weight = np.exp(weight - weight.max())
    first = (weight * busy).sum() / weight.sum()
    return first, (weight * busy**2).sum() / weight.sum() / first**2 - 1


def test_one_day_without_factors_of_intervals_has_the_conjugate_posterior():
    found = busyness([cells_of()], np.eye(1), [seen_of(d0=[70, 75])])[0]
    assert found.factor[0] == pytest.approx((25 + 145) / (25 + 100), rel=1e-4)
    assert found.variance[0] == pytest.approx(1 / (25 + 145), rel=1e-3)


@pytest.mark.parametrize("within", [0.005, 0.05, 0.4])
@pytest.mark.parametrize("prior", [0.01, 0.2])
@pytest.mark.parametrize("arrived", [[70, 75, 40], [0, 0, 0, 1], [180, 190], [50]])
def test_busyness_is_that_of_the_exact_posterior(within, prior, arrived):
    found = busyness([cells_of(prior, within)], np.eye(1), [seen_of(d0=arrived)])[0]
    mean, variance = exactly(np.full(len(arrived), 50.0), arrived, prior, within)
    assert found.factor[0] == pytest.approx(mean, rel=0.01)
    assert found.variance[0] == pytest.approx(variance, rel=0.06)


def test_moments_of_the_logarithm_are_those_of_the_gamma_posterior():
    mean, variance, *_ = posterior(np.array([40.0]), np.array([60.0]), 0.1, np.zeros(1))
    assert mean == pytest.approx(digamma(70) - np.log(50), abs=1e-5)
    assert variance == pytest.approx(polygamma(1, 70), rel=1e-4)


def test_today_informs_the_days_after_it_less_and_less():
    found = busyness([cells_of()], np.eye(1), [seen_of(d0=[75.0] * SLOTS)])[0]
    assert (np.diff(found.factor) < 0).all()
    assert found.factor[0] == pytest.approx(1.47, abs=0.03)
    assert 1.15 < found.factor[1] < 1.4
    assert found.factor[-1] > 1.05
    assert (np.diff(found.variance) > 0).all()
    assert found.variance[-1] < 0.04


def test_two_days_and_two_channels_agree_with_a_sample_of_what_scenarios_draw():
    """Importance sampling of the joint law that scenarios have (its copula)."""
    rng = np.random.default_rng(1)
    between = np.array([[1.0, 0.7], [0.7, 1.0]])
    cells = cells_of(0.03)
    root = np.linalg.cholesky(cells.dependence.between_days(np.arange(DAYS)))
    white = rng.standard_normal((60_000, 2, DAYS))
    mixed = np.einsum("ij,njd->nid", np.linalg.cholesky(between), white) @ root.T
    busy = gammaincinv(1 / 0.03, ndtr(mixed)) * 0.03
    counts = {0: [62.0, 58.0, 66.0], 1: [55.0]}
    log_weight = np.zeros(len(busy))
    for day, values in counts.items():
        for value in values:
            log_weight += value * np.log(busy[:, 0, day]) - 50 * busy[:, 0, day]
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    expected = np.einsum("n,ncd->cd", weight, busy)
    found = busyness([cells, cells], between, [seen_of(d0=counts[0], d1=counts[1]), seen_of()])
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one.factor, other, atol=0.015)


@given(
    counts=st.lists(st.integers(0, 100_000), min_size=1, max_size=SLOTS),
    day=st.floats(0.0, 4.0),
    within=st.floats(0.0, 3.0),
)
def test_whatever_comes_busyness_is_a_positive_number(counts, day, within):
    found = busyness([cells_of(day, within)], np.eye(1), [seen_of(d1=counts)])[0]
    assert np.isfinite(found.factor).all()
    assert (found.factor >= 0).all()
    assert np.isfinite(found.variance).all()
    assert (found.variance >= 0).all()


def run(centre, **options):
    one = centre(**({"ahead": 14} | options))
    return one, forecast(one.history, one.future, timezone=DUBLIN, interval_min=15)


def so_far_of(table: pd.DataFrame, until: pd.Timestamp, factor: float = 1.0) -> pd.DataFrame:
    before = table[table["interval_start"] < until]
    return before.assign(offered=factor * before["offered_mean"])[
        ["channel", "interval_start", "offered"]
    ]


def test_a_busy_morning_makes_a_busy_afternoon_and_a_busier_tomorrow(centre):
    _, found = run(centre, day_cv=0.2)
    table = found.intervals
    noon = table["interval_start"].min() + pd.Timedelta(hours=13)
    rest = found.reforecast(so_far_of(table, noon, 1.5), noon)
    assert rest["interval_start"].min() == noon
    assert rest["interval_start"].max() == table["interval_start"].max()
    today = rest["day"] == rest["day"].iloc[0]
    assert 1.2 < rest["busyness"].iloc[0] < 1.55
    assert 1.0 < rest.loc[~today, "busyness"].iloc[0] < rest["busyness"].iloc[0]
    old = table[table["interval_start"].isin(rest["interval_start"])].reset_index(drop=True)
    np.testing.assert_allclose(
        rest["offered_mean"], rest["busyness"] * old["offered_mean"], rtol=1e-9
    )
    on = today.to_numpy() & (old["offered_mean"].to_numpy() > 0)
    assert (rest["rate_cv"].to_numpy()[on] < old["rate_cv"].to_numpy()[on]).all()


def test_a_morning_that_nobody_knows_changes_nothing(centre):
    _, found = run(centre)
    noon = found.intervals["interval_start"].min() + pd.Timedelta(hours=13)
    empty = pd.DataFrame({"channel": [], "interval_start": [], "offered": []})
    rest = found.reforecast(empty, noon)
    old = found.intervals[found.intervals["interval_start"] >= noon].reset_index(drop=True)
    np.testing.assert_allclose(rest["busyness"], 1.0, atol=1e-9)
    pd.testing.assert_frame_equal(rest[list(old.columns)], old, rtol=1e-6)


def test_absent_rows_are_unknown_and_closed_intervals_say_nothing(centre):
    _, found = run(centre)
    table = found.intervals
    noon = table["interval_start"].min() + pd.Timedelta(hours=13)
    full = so_far_of(table, noon)
    busy = full[table["offered_mean"][full.index] > 0]
    some = found.reforecast(busy.iloc[::2], noon)
    assert some["busyness"].iloc[0] == pytest.approx(1.0, abs=0.02)
    closed = full.assign(
        offered=np.where(table["offered_mean"][full.index] > 0, full["offered"], 9)
    )
    for column in ("offered_mean", "busyness"):
        np.testing.assert_allclose(
            found.reforecast(closed, noon)[column], found.reforecast(full, noon)[column]
        )


def test_the_interval_under_way_counts_what_has_come_and_what_will(centre):
    _, found = run(centre)
    table = found.intervals
    start = table["interval_start"].min() + pd.Timedelta(hours=13)
    as_of = start + pd.Timedelta(minutes=5)
    so_far = so_far_of(table, as_of)
    expected = float(table.loc[table["interval_start"] == start, "offered_mean"].iloc[0])
    so_far.loc[so_far["interval_start"] == start, "offered"] = 30.0
    rest = found.reforecast(so_far, as_of).iloc[0]
    assert rest["interval_start"] == start
    assert rest["arrived"] == 30.0
    assert rest["offered_mean"] == pytest.approx(
        30.0 + rest["busyness"] * expected * 2 / 3, rel=1e-6
    )
    assert rest["offered_q025"] >= 30.0
    without = so_far[so_far["interval_start"] < start]
    unknown = found.reforecast(without, as_of).iloc[0]
    assert unknown["arrived"] == 0.0
    assert unknown["offered_mean"] == pytest.approx(unknown["busyness"] * expected)


@pytest.mark.parametrize("start", ["2024-12-30", "2025-07-28"])
def test_days_of_clock_changes_are_days_like_others(centre, start):
    """The first horizon begins on 2025-03-24, the second on 2025-10-20; both end with a change."""
    _, found = run(centre, start=start, ahead=7, weekdays=range(7), window=(0, 24 * 60))
    table = found.intervals
    local = table["interval_start"].dt.tz_convert(DUBLIN)
    sunday = (local.dt.day_of_week == 6).to_numpy()
    assert sunday.sum() in (92, 100)
    noon = table["interval_start"][sunday].min() + pd.Timedelta(hours=12)
    rest = found.reforecast(so_far_of(table, noon, 1.2), noon)
    assert len(rest) == sunday.sum() - 48
    assert rest["day"].nunique() == 1
    assert rest["busyness"].iloc[0] > 1.1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"offered": -1.0}, r"so_far\[.*\] offered = '-1.0' is not a count of contacts"),
        ({"offered": np.inf}, r"offered = 'inf' is not a count"),
        ({"channel": "fax"}, r"channel = 'fax' is not forecast: the channels are voice"),
    ],
)
def test_a_bad_row_is_named(centre, change, message):
    _, found = run(centre)
    noon = found.intervals["interval_start"].min() + pd.Timedelta(hours=13)
    so_far = so_far_of(found.intervals, noon).assign(**change)
    with pytest.raises(ForecastError, match=message):
        found.reforecast(so_far, noon)


def test_rows_beside_the_grid_twice_or_without_zone_are_refused(centre):
    _, found = run(centre)
    noon = found.intervals["interval_start"].min() + pd.Timedelta(hours=13)
    so_far = so_far_of(found.intervals, noon)
    with pytest.raises(ForecastError, match="stands there twice"):
        found.reforecast(pd.concat([so_far, so_far]), noon)
    beside = so_far.assign(interval_start=so_far["interval_start"] + pd.Timedelta(minutes=1))
    with pytest.raises(ForecastError, match="begins no interval of the forecast"):
        found.reforecast(beside, noon)
    with pytest.raises(ForecastError, match="no column 'offered'"):
        found.reforecast(so_far.drop(columns="offered"), noon)
    naive = so_far.assign(interval_start=so_far["interval_start"].dt.tz_localize(None))
    with pytest.raises(ForecastError, match="not instants"):
        found.reforecast(naive, noon)


def test_an_instant_outside_the_horizon_or_without_zone_is_refused(centre):
    _, found = run(centre)
    early = found.intervals["interval_start"].min() - pd.Timedelta(hours=1)
    empty = pd.DataFrame({"channel": [], "interval_start": [], "offered": []})
    with pytest.raises(ForecastError, match=r"as_of = .* lies outside the forecast's horizon"):
        found.reforecast(empty, early)
    with pytest.raises(ForecastError, match="lies outside"):
        found.reforecast(empty, early + pd.Timedelta(days=30))
    with pytest.raises(ForecastError, match="no time zone"):
        found.reforecast(empty, pd.Timestamp("2025-04-01 11:30"))
