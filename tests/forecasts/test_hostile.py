"""Hostile histories: each gives a sound forecast with a stated fallback, or one clear error."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forecasts import Forecast, ForecastError, forecast

COUNTS = ["offered_q025", "offered_q10", "offered_q50", "offered_q90", "offered_q975"]


def frame(counts, start: str = "2025-01-06", step: str = "60min", **more) -> pd.DataFrame:
    when = pd.date_range(start, periods=len(counts), freq=step, tz="UTC")
    columns = {"channel": "c", "interval_start": when, "offered": counts, **more}
    return pd.DataFrame(columns)


def horizon(history: pd.DataFrame, days: int = 7, step: str = "60min") -> pd.DataFrame:
    last = history["interval_start"].max().normalize() + pd.Timedelta(days=1)
    when = pd.date_range(last, periods=days * 24, freq=step)
    return pd.DataFrame({"channel": "c", "interval_start": when, "is_open": True})


def run(history: pd.DataFrame, future: pd.DataFrame | None = None, **options) -> Forecast:
    options = {"timezone": "UTC", "interval_min": 60, **options}
    return forecast(history, horizon(history) if future is None else future, **options)


def assert_sound(found: Forecast) -> None:
    table = found.intervals
    numbers = table[["offered_mean", *COUNTS, "rate_cv"]]
    assert np.isfinite(numbers).all(axis=None)
    assert (numbers >= 0).all(axis=None)
    assert (np.diff(table[COUNTS], axis=1) >= 0).all()
    for totals in (found.days(), found.weeks()):
        assert np.isfinite(totals[["offered_mean", *COUNTS]]).all(axis=None)
    scenarios = found.scenarios(3, np.random.default_rng(1))
    assert np.isfinite(scenarios).all()
    assert (scenarios >= 0).all()


def calm(days: int, mean: float = 20.0) -> np.ndarray:
    return np.random.default_rng(7).poisson(mean, days * 24).astype(float)


@pytest.mark.parametrize("days", [1, 2, 5, 14])
def test_a_short_history_gives_a_wide_forecast_that_says_so(days):
    found = run(frame(calm(days)))
    assert_sound(found)
    assert found.intervals["offered_mean"].mean() == pytest.approx(20, rel=0.2)
    assert any(f"the history of {days} days allows" in note for note in found.notes)


@pytest.mark.parametrize("spike", [1e9, 1e12])
@pytest.mark.parametrize("days", [2, 30])
def test_one_spike_is_set_aside_however_short_the_history(days, spike):
    counts = calm(days)
    counts[days * 12] = spike
    found = run(frame(counts))
    assert_sound(found)
    assert found.intervals["offered_mean"].max() < 60
    assert found.set_aside["offered"].tolist() == [spike]


@pytest.mark.parametrize("scale", [1e-9, 1e5, 1e9])
def test_all_sizes_of_counts_are_forecast(scale):
    found = run(frame(calm(40) * scale))
    assert_sound(found)
    assert found.intervals["offered_mean"].mean() == pytest.approx(20 * scale, rel=0.05)


def test_parts_of_contacts_are_estimates_and_that_is_said():
    found = run(frame(calm(40) * 0.37))
    assert_sound(found)
    assert any("are no whole numbers" in note for note in found.notes)


def test_rows_in_any_order_with_any_index_and_categories_are_the_same_forecast():
    history = frame(calm(40))
    plain = run(history)
    odd = history.sample(frac=1, random_state=2)
    odd.index = [0] * len(odd)
    odd["channel"] = odd["channel"].astype("category")
    odd["offered"] = odd["offered"].astype("Int64")
    pd.testing.assert_frame_equal(run(odd).intervals, plain.intervals)


def test_aware_timestamps_of_mixed_offsets_are_instants():
    history = frame(calm(40))
    plain = run(history)
    zones = ("Europe/Dublin", "Asia/Kolkata")
    mixed = [w.tz_convert(zones[n % 2]) for n, w in enumerate(history["interval_start"])]
    objects = history.assign(interval_start=pd.Series(mixed, dtype=object))
    found = run(objects, horizon(history))
    pd.testing.assert_frame_equal(found.intervals, plain.intervals)


def test_an_empty_history_names_the_channel():
    with pytest.raises(ForecastError, match="channel 'c' has no contact history before"):
        run(frame(calm(1)).iloc[:0], horizon(frame(calm(1))))


def test_rows_of_the_future_are_not_looked_at_and_that_is_said():
    history, later = frame(calm(40)), frame(calm(10), start="2025-02-15")
    found = run(pd.concat([history, later]), horizon(history))
    assert any("240 rows of the history lie at or after" in note for note in found.notes)
    pd.testing.assert_frame_equal(found.intervals, run(history).intervals)


def test_all_faults_of_both_frames_are_told_at_once():
    history = frame(calm(3)).astype({"offered": object})
    future = horizon(history)
    history.loc[3, "offered"] = "many"
    history.loc[5, "offered"] = -2.0
    history.loc[9, "channel"] = None
    history["aht_s"] = np.inf
    future.loc[1, "interval_start"] = future.loc[0, "interval_start"]
    with pytest.raises(ForecastError) as told:
        run(history, future)
    text = str(told.value)
    assert text.startswith("5 faults:\n- future[1] 'c' at")
    for part in (
        "history[9] has no channel: name it.",
        "history[3] offered = 'many' is not a number",
        "history[5] offered = -2 is not a count of contacts",
        "history[0] aht_s = inf is not a handle time in seconds: leave it empty if unknown. (72",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"offered": np.inf}, "offered = inf is not a count of contacts"),
        ({"offered": np.nan}, "offered = nan is not a count of contacts"),
        ({"offered": 1e13}, r"offered = 1e\+13 is not a count of contacts"),
        ({"offered": 2**64 - 1}, r"offered = 1.84467e\+19 is not a count"),
        ({"offered": 1 + 2j}, r"offered = '\(1\+2j\)' is not a number"),
        ({"offered": pd.Timedelta(minutes=5)}, "offered = '.*' is not a number"),
        ({"interval_start": "2025-01-06 09:00"}, "such as '2025-01-06 09:00', not instants"),
        ({"interval_start": 20094}, "interval_start holds int64 such as '20094', not instants"),
        ({"answered": -1.0}, "answered = -1 is not a quantity"),
    ],
)
def test_a_hostile_column_is_named(change, message):
    with pytest.raises(ForecastError, match=message):
        run(frame(calm(2)).assign(**change), horizon(frame(calm(2))))


def test_a_mistyped_year_is_named():
    history = frame(calm(2))
    history.loc[4, "interval_start"] = pd.Timestamp("1925-01-06 04:00", tz="UTC")
    with pytest.raises(ForecastError, match=r"history\[4\] lies 100 years before the last row"):
        run(history)


def test_a_column_that_stands_twice_is_named():
    history = frame(calm(2))
    twice = pd.concat([history, history[["offered"]]], axis=1)
    with pytest.raises(ForecastError, match="history has the column 'offered' twice"):
        run(twice, horizon(history))


def test_open_or_not_must_be_said_in_true_and_false():
    history = frame(calm(2))
    with pytest.raises(ForecastError, match=r"future\[0\] does not say .*is_open = 'no'"):
        run(history, horizon(history).assign(is_open="no"))


values = st.one_of(
    st.integers(0, 30),
    st.sampled_from([0.0, 0.0, 0.5, 1e9, 1e12, 1e-300, 1e13, -1.0, float("nan"), float("inf")]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    counts=st.lists(values, min_size=1, max_size=90),
    step=st.sampled_from(["5min", "45min", "60min", "240min", "1D", "7D"]),
    interval_min=st.sampled_from([30, 60, 1440]),
    zone=st.sampled_from(["UTC", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe"]),
    start=st.sampled_from(["2025-03-20", "2025-10-20", "2024-02-28 22:30"]),
)
def test_a_hostile_history_gives_a_sound_forecast_or_a_clear_error(
    counts, step, interval_min, zone, start
):
    history = frame(np.array(counts, dtype=np.float64), start, step)
    day = history["interval_start"].max().tz_convert(zone).normalize() + pd.DateOffset(days=1)
    stride = "D" if interval_min == 1440 else f"{interval_min}min"
    when = pd.date_range(day, day + pd.DateOffset(days=7), freq=stride, inclusive="left")
    future = pd.DataFrame(
        {"channel": "c", "interval_start": when.tz_convert("UTC"), "is_open": True}
    )
    is_bad = not np.isfinite(counts).all() or min(counts) < 0 or max(counts) > 1e12
    try:
        found = run(history, future, timezone=zone, interval_min=interval_min)
    except ForecastError as error:
        refused = str(error)
    else:
        refused = ""
        assert not is_bad
        assert_sound(found)
    assert not is_bad or "is not a count of contacts" in refused
