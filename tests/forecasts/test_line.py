"""Tests for forecasts.line: the forecast of a horizon as its callers see it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasts import Forecast, ForecastError, forecast

DUBLIN = "Europe/Dublin"
COUNTS = [
    "offered_mean",
    "offered_q025",
    "offered_q10",
    "offered_q50",
    "offered_q90",
    "offered_q975",
]
NUMBERS = [*COUNTS, "aht_s", "aht_q10", "aht_q90", "rate_cv"]
UNKNOWN = float("nan")


def run(made, **options) -> Forecast:
    options = {"timezone": DUBLIN, "interval_min": 15, **options}
    return forecast(made.history, made.future, **options)


def local(frame: pd.DataFrame, timezone: str = DUBLIN) -> pd.Series:
    return frame["interval_start"].dt.tz_convert(timezone)


def day_total(found: Forecast, day: str) -> float:
    on = local(found.intervals).dt.date == pd.Timestamp(day).date()
    return float(found.intervals.loc[on, "offered_mean"].sum())


def assert_sound(found: Forecast, future: pd.DataFrame) -> None:
    """What holds of every forecast, whatever it was made from."""
    table = found.intervals
    if any("no handle times" in note for note in found.notes):
        table = table.fillna(dict.fromkeys(("aht_s", "aht_q10", "aht_q90"), 0.0))
    assert list(table.columns) == ["channel", "interval_start", *NUMBERS]
    pd.testing.assert_frame_equal(
        table[["channel", "interval_start"]], future[["channel", "interval_start"]]
    )
    assert np.isfinite(table[NUMBERS]).all(axis=None)
    assert (table[NUMBERS] >= 0).all(axis=None)
    assert (np.diff(table[COUNTS[1:]], axis=1) >= 0).all()
    closed = ~future["is_open"].to_numpy(bool)
    assert (table.loc[closed, COUNTS] == 0).all(axis=None)
    assert found.channels["day_share"].between(0, 1).all()


@pytest.mark.slow
def test_a_known_law_is_forecast_close_to_its_noise_floor(centre):
    """SCIENCE: WAPE of known rates is sqrt(2/pi) sqrt(1/m + cv^2), contact-weighted."""
    errors, floors, volume = 0.0, 0.0, 0.0
    for seed in range(6):
        made = centre(seed=seed)
        found = run(made).intervals["offered_mean"].to_numpy()
        open_ = made.rate > 0
        errors += np.abs(made.later - found).sum()
        m = made.rate[open_]
        floors += (m * np.sqrt(2 / np.pi * (1 / m + 0.05**2))).sum()
        volume += made.later.sum()
    assert errors / volume < 1.05 * floors / volume


def test_every_row_of_the_horizon_gets_every_number_in_its_order(centre):
    made = centre()
    shuffled = made.future.sample(frac=1, random_state=3).reset_index(drop=True)
    assert_sound(forecast(made.history, shuffled, timezone=DUBLIN, interval_min=15), shuffled)


@pytest.mark.slow
def test_eighty_percent_intervals_hold_eighty_percent_of_later_counts(centre):
    held, count = 0, 0
    for seed in range(12):
        made = centre(seed=seed, day_cv=0.12, days=112)
        found = run(made).intervals
        open_ = made.rate > 0
        low, high = found["offered_q10"].to_numpy(), found["offered_q90"].to_numpy()
        held += int(((made.later >= low) & (made.later <= high))[open_].sum())
        count += int(open_.sum())
    assert 0.75 < held / count < 0.85


@pytest.mark.slow
def test_rate_uncertainty_and_its_share_by_day_are_recovered(centre):
    """Only whole days are busy or quiet here: the cv is that of the days, and all is shared."""
    squares, shares = [], []
    for seed in range(8):
        made = centre(seed=seed, day_cv=0.15, days=280)
        found = run(made)
        open_ = made.rate > 0
        squares.append(float((found.intervals["rate_cv"][open_] ** 2).mean()))
        shares.append(float(found.channels["day_share"].iloc[0]))
    assert np.sqrt(np.mean(squares)) == pytest.approx(0.15, rel=0.1)
    assert np.mean(shares) > 0.85


def test_nothing_at_or_after_the_origin_changes_the_forecast(centre):
    made = centre()
    origin = made.future["interval_start"].min()
    later = made.future.loc[made.future["is_open"], ["channel", "interval_start"]]
    rng = np.random.default_rng(5)
    for offered in (rng.permutation(len(later)).astype(float), np.full(len(later), -1e9)):
        leaking = pd.concat([made.history, later.assign(offered=offered, aht_s=9e9)])
        assert (leaking["interval_start"] >= origin).any()
        found = forecast(leaking, made.future, timezone=DUBLIN, interval_min=15)
        pd.testing.assert_frame_equal(found.intervals, run(made).intervals)


def test_the_order_of_history_rows_does_not_matter(centre):
    made = centre()
    shuffled = made.history.sample(frac=1, random_state=1)
    found = forecast(shuffled, made.future, timezone=DUBLIN, interval_min=15)
    pd.testing.assert_frame_equal(found.intervals, run(made).intervals)


def test_channels_do_not_touch_each_other(centre):
    voice, chat = centre(), centre(seed=2, peak=5.0)
    both = forecast(
        pd.concat([voice.history, chat.history.assign(channel="chat")]),
        pd.concat([voice.future, chat.future.assign(channel="chat")], ignore_index=True),
        timezone=DUBLIN,
        interval_min=15,
    )
    on = both.intervals["channel"] == "chat"
    alone = run(chat).intervals.assign(channel="chat")
    pd.testing.assert_frame_equal(both.intervals[on].reset_index(drop=True), alone)
    assert list(both.channels["channel"]) == ["voice", "chat"]


def test_finer_rows_are_summed(centre):
    fine = centre(interval_min=5, peak=15.0)
    coarse = fine.history.assign(interval_start=fine.history["interval_start"].dt.floor("15min"))
    summed = coarse.groupby(["channel", "interval_start"], as_index=False).agg(
        offered=("offered", "sum"), aht_s=("aht_s", "mean")
    )
    future = centre(interval_min=15).future
    a = forecast(fine.history, future, timezone=DUBLIN, interval_min=15)
    b = forecast(summed, future, timezone=DUBLIN, interval_min=15)
    pd.testing.assert_frame_equal(a.intervals, b.intervals)


@pytest.mark.parametrize("first", ["2025-03-30", "2025-04-02", "2025-04-05"])
def test_a_week_may_begin_on_any_weekday(centre, first):
    days = (pd.Timestamp(first) - pd.Timestamp("2025-01-06")).days
    made = centre(days=days)
    found = run(made)
    assert_sound(found, made.future)
    assert found.intervals["offered_mean"].sum() == pytest.approx(made.rate.sum(), rel=0.1)


def test_the_hour_that_autumn_repeats_gets_the_same_rate_twice(centre):
    made = centre(start="2025-08-04", days=83, weekdays=range(7), window=(0, 1440), peak=60.0)
    assert len(made.future) == 7 * 96 + 4
    found = run(made)
    assert_sound(found, made.future)
    night = local(found.intervals)
    repeated = found.intervals[(night.dt.day == 26) & (night.dt.hour == 1)]
    assert len(repeated) == 8
    first, second = repeated["offered_mean"].to_numpy().reshape(2, 4)
    np.testing.assert_allclose(first, second)


def test_the_hour_that_spring_skips_leaves_the_rest_of_the_day_alone(centre):
    made = centre(start="2025-01-06", days=83, weekdays=range(7), window=(0, 1440), peak=60.0)
    assert len(made.future) == 7 * 96 - 4
    found = run(made)
    assert_sound(found, made.future)
    assert found.intervals["offered_mean"].sum() == pytest.approx(made.rate.sum(), rel=0.06)


def test_a_repeated_hour_in_the_history_is_not_counted_as_a_double_rate(centre):
    made = centre(start="2025-10-20", days=21, weekdays=range(7), window=(0, 1440), peak=200.0)
    found = run(made).intervals
    night = local(made.future).dt.hour.to_numpy() == 1
    ratio = found["offered_mean"][night].sum() / made.rate[night].sum()
    assert ratio == pytest.approx(1.0, abs=0.08)


def test_an_absent_day_is_not_a_day_without_contacts(centre):
    made = centre()
    without = made.history[local(made.history).dt.date != pd.Timestamp("2025-03-12").date()]
    found = forecast(without, made.future, timezone=DUBLIN, interval_min=15).intervals
    plain = run(made).intervals
    assert found["offered_mean"].sum() == pytest.approx(plain["offered_mean"].sum(), rel=0.02)


def test_absent_intervals_inside_a_day_are_not_zeros(centre):
    made = centre()
    wall = local(made.history)
    hole = (wall.dt.hour.isin([10, 11, 12])) & (wall.dt.day_of_week == 2)
    found = forecast(made.history[~hole], made.future, timezone=DUBLIN, interval_min=15)
    ahead = local(made.future)
    on = (ahead.dt.hour.isin([10, 11, 12]) & (ahead.dt.day_of_week == 2)).to_numpy()
    total = found.intervals["offered_mean"][on].sum()
    assert total == pytest.approx(made.rate[on].sum(), rel=0.1)
    assert any("hours without history on Wednesdays" in note for note in found.notes)


def test_a_day_of_zeros_in_a_busy_channel_is_an_outage_and_is_said(centre):
    made = centre()
    down = local(made.history).dt.date == pd.Timestamp("2025-03-12").date()
    broken = made.history.assign(offered=made.history["offered"].mask(down, 0.0))
    found = forecast(broken, made.future, timezone=DUBLIN, interval_min=15)
    assert any("outages (2025-03-12)" in note for note in found.notes)
    plain = run(made).intervals["offered_mean"].sum()
    assert found.intervals["offered_mean"].sum() == pytest.approx(plain, rel=0.02)


@pytest.mark.parametrize("at", [1000, -5])
def test_one_count_of_a_billion_changes_nothing_and_is_said(centre, at):
    made = centre()
    spiked = made.history.copy()
    spiked.loc[spiked.index[at], "offered"] = 1e9
    found = forecast(spiked, made.future, timezone=DUBLIN, interval_min=15)
    assert any("1 impossible counts were set aside" in note for note in found.notes)
    np.testing.assert_allclose(
        found.intervals["offered_mean"], run(made).intervals["offered_mean"], rtol=0.03
    )


def test_a_lasting_change_of_level_is_followed(centre):
    def higher(day: np.ndarray) -> np.ndarray:
        return np.where(day >= 70, 1.4, 1.0)

    made = centre(level=higher)
    found = run(made).intervals["offered_mean"].sum()
    assert found == pytest.approx(made.rate.sum(), rel=0.08)


@pytest.mark.parametrize(("days", "is_said"), [(21, False), (28, True)])
def test_a_forecast_far_from_its_history_says_so(centre, days, is_said):
    made = centre()
    later = made.future.assign(
        interval_start=made.future["interval_start"] + pd.Timedelta(days=days)
    )
    found = forecast(made.history, later, timezone=DUBLIN, interval_min=15)
    assert any("lie between history and forecast" in note for note in found.notes) is is_said


@pytest.mark.parametrize(("days", "widest"), [(2, 0.2), (7, 0.07)])
def test_a_short_history_is_forecast_with_more_doubt_and_a_note(centre, days, widest):
    made = centre()
    first = made.history["interval_start"].min()
    short = made.history[made.history["interval_start"] < first + pd.Timedelta(days=days)]
    found = forecast(short, made.future, timezone=DUBLIN, interval_min=15)
    assert_sound(found, made.future)
    assert any("allows 0 test forecasts" in note for note in found.notes)
    open_ = made.future["is_open"].to_numpy()
    assert found.intervals["rate_cv"][open_].mean() > widest
    assert (
        found.intervals["rate_cv"][open_].mean()
        > 1.3 * run(made).intervals["rate_cv"][open_].mean()
    )
    assert found.channels["wape_backtest"].isna().all()


def test_a_channel_without_a_single_contact_gets_zeros(centre):
    made = centre()
    empty = made.history.assign(offered=0.0, aht_s=np.nan)
    found = forecast(empty, made.future, timezone=DUBLIN, interval_min=15)
    assert_sound(found, made.future)
    assert (found.intervals["offered_mean"] == 0).all()


def test_an_intermittent_queue_keeps_its_mean(centre):
    totals, truth = 0.0, 0.0
    for seed in range(5):
        made = centre(peak=0.05, seed=seed, day_cv=0.0)
        found = run(made)
        assert_sound(found, made.future)
        totals += found.intervals["offered_mean"].sum()
        truth += made.rate.sum()
    assert totals == pytest.approx(truth, rel=0.15)


def test_a_source_that_drops_zeros_is_noticed(centre):
    made = centre(peak=2.0)
    dropped = made.history[made.history["offered"] > 0]
    found = forecast(dropped, made.future, timezone=DUBLIN, interval_min=15)
    assert any("leaves out intervals without contacts" in note for note in found.notes)
    assert found.intervals["offered_mean"].sum() == pytest.approx(made.rate.sum(), rel=0.12)


def test_hours_that_the_history_has_never_seen_are_filled_and_said(centre):
    made = centre()
    later = centre(window=(7 * 60, 22 * 60)).future
    found = forecast(made.history, later, timezone=DUBLIN, interval_min=15)
    new = (local(later).dt.hour == 21) & later["is_open"]
    assert (found.intervals["offered_mean"][new] > 0).all()
    assert any("hours without history on Mondays" in note for note in found.notes)


def test_a_weekday_without_history_borrows_and_doubts(centre):
    made, all_week = centre(), centre(weekdays=range(7))
    found = forecast(made.history, all_week.future, timezone=DUBLIN, interval_min=15)
    sunday = (local(all_week.future).dt.day_of_week == 6) & all_week.future["is_open"]
    monday = (local(all_week.future).dt.day_of_week == 0) & all_week.future["is_open"]
    assert (found.intervals["offered_mean"][sunday] > 0).all()
    cv = found.intervals["rate_cv"]
    assert cv[sunday].mean() > 2 * cv[monday].mean()
    assert any("no Sundays in the recent history" in note for note in found.notes)


def test_a_stated_factor_scales_its_day_only(centre, calendar):
    made = centre()
    campaign = calendar(("2025-04-01", "campaign", "mailing", 1.5))
    plain, found = run(made), run(made, calendar=campaign)
    assert day_total(found, "2025-04-01") == pytest.approx(1.5 * day_total(plain, "2025-04-01"))
    assert day_total(found, "2025-04-02") == pytest.approx(day_total(plain, "2025-04-02"))
    assert not found.notes


def test_a_past_campaign_with_a_stated_factor_is_divided_out(centre, calendar):
    def mailed(day: np.ndarray) -> np.ndarray:
        return np.where((day >= 63) & (day < 84), 2.0, 1.0)

    made = centre(level=mailed)
    days = [str((pd.Timestamp("2025-01-06") + pd.Timedelta(days=d)).date()) for d in range(63, 84)]
    rows = calendar(*[(day, "campaign", "mailing", 2.0) for day in days])
    found = run(made, calendar=rows).intervals["offered_mean"].sum()
    assert found == pytest.approx(made.rate.sum(), rel=0.06)


def test_a_holiday_is_learned_from_past_holidays_of_its_name(centre, calendar):
    quiet_days = (28, 56)

    def quiet(day: np.ndarray) -> np.ndarray:
        return np.where(np.isin(day, (*quiet_days, 84)), 0.4, 1.0)

    made = centre(level=quiet)
    rows = calendar(
        ("2025-02-03", "holiday", "Saint Brigid", UNKNOWN),
        ("2025-03-03", "holiday", "Saint Brigid", UNKNOWN),
        ("2025-03-31", "holiday", "Saint Brigid", UNKNOWN),
    )
    found = run(made, calendar=rows)
    on = local(made.future).dt.date.astype(str) == "2025-03-31"
    assert day_total(found, "2025-03-31") == pytest.approx(made.rate[on].sum(), rel=0.25)
    note, after = found.notes
    assert "2025-03-31: holiday 'Saint Brigid': learned from 2 past days, factor 0.4" in note
    assert "2025-04-01: after worked holiday 'Saint Brigid': learned from 2 past days" in after


def test_a_holiday_that_nothing_is_known_of_is_taken_for_the_quietest_weekday(centre, calendar):
    made = centre()
    found = run(made, calendar=calendar(("2025-03-31", "holiday", "First", UNKNOWN)))
    ratio = day_total(found, "2025-03-31") / day_total(run(made), "2025-03-31")
    assert ratio == pytest.approx(0.5 / 1.3, rel=0.1)
    assert any("2025-03-31: holiday 'First' has no past day" in note for note in found.notes)
    open_ = made.future["is_open"] & (local(made.future).dt.day == 31)
    assert found.intervals["rate_cv"][open_].mean() > 0.3


def test_the_day_after_a_closed_day_is_busier(centre, calendar):
    def after(day: np.ndarray) -> np.ndarray:
        return np.where(np.isin(day, (29, 57)), 1.3, 1.0)

    made = centre(level=after)
    closed = local(made.history).dt.date.astype(str).isin(["2025-02-03", "2025-03-03"])
    future = made.future.copy()
    future.loc[local(future).dt.day == 31, "is_open"] = False
    rows = calendar(
        *[(day, "holiday", "H", UNKNOWN) for day in ("2025-02-03", "2025-03-03", "2025-03-31")]
    )
    history = made.history[~closed]
    found = forecast(history, future, timezone=DUBLIN, interval_min=15, calendar=rows)
    plain = forecast(history, future, timezone=DUBLIN, interval_min=15)
    assert day_total(found, "2025-03-31") == 0
    assert 1.12 < day_total(found, "2025-04-01") / day_total(plain, "2025-04-01") < 1.35


def test_a_closed_day_of_the_calendar_gets_nothing(centre, calendar):
    made = centre()
    found = run(made, calendar=calendar(("2025-04-01", "closed", "", UNKNOWN)))
    assert day_total(found, "2025-04-01") == 0
    assert day_total(found, "2025-04-02") > 0


def test_handle_times_follow_the_time_of_day(centre):
    made = centre()
    evening = local(made.history).dt.hour >= 17
    history = made.history.assign(aht_s=made.history["aht_s"].where(~evening, 360.0))
    found = forecast(history, made.future, timezone=DUBLIN, interval_min=15).intervals
    hour = local(made.future).dt.hour
    assert found["aht_s"][hour == 10].mean() == pytest.approx(300, rel=0.03)
    assert found["aht_s"][hour == 20].mean() == pytest.approx(360, rel=0.05)


def test_handle_times_that_nobody_knows_are_not_made_up(centre):
    made = centre()
    found = forecast(
        made.history.drop(columns="aht_s"), made.future, timezone=DUBLIN, interval_min=15
    )
    assert found.intervals["aht_s"].isna().all()
    assert any("no handle times in the history; they must come" in note for note in found.notes)


def test_the_result_cannot_be_reassigned(centre):
    found = run(centre(days=28))
    with pytest.raises(AttributeError):
        found.notes = ()  # type: ignore[misc]


@settings(max_examples=25, deadline=None)
@given(
    counts=st.lists(st.integers(0, 40) | st.just(10**9), min_size=1, max_size=60),
    holes=st.lists(st.booleans(), min_size=60, max_size=60),
    gap=st.integers(0, 40),
    opens=st.integers(0, 23),
)
def test_any_small_history_gives_a_sound_forecast(counts, holes, gap, opens):
    when = pd.date_range("2025-03-20", periods=len(counts), freq="4h", tz="UTC")
    keep = [not hole for hole in holes[: len(counts)]]
    if not any(keep):
        keep[0] = True
    history = pd.DataFrame(
        {"channel": "c", "interval_start": when, "offered": np.array(counts, float)}
    )[keep]
    start = when[-1].normalize() + pd.Timedelta(days=1 + gap)
    ahead = pd.date_range(start, periods=168, freq="60min")
    is_open = (ahead.hour >= opens) | (ahead.hour % 4 == 0)
    future = pd.DataFrame({"channel": "c", "interval_start": ahead, "is_open": is_open})
    try:
        found = forecast(history, future, timezone="UTC", interval_min=60)
    except ForecastError as error:
        refused = str(error)
    else:
        refused = ""
        assert_sound(found, future)
    assert not refused or "never seen" in refused


def _bad_channel(made):
    made.history["channel"] = "chat"


def _bad_count(made):
    made.history.loc[7, "offered"] = -3.0


def _text(made):
    made.history["offered"] = made.history["offered"].astype(object)
    made.history.loc[7, "offered"] = "many"


def _bad_number(made):
    made.history.loc[7, "offered"] = np.nan


def _bad_handle(made):
    made.history.loc[7, "aht_s"] = np.inf


def _twice(made):
    made.history.loc[8, "interval_start"] = made.history.loc[7, "interval_start"]


def _wall_times(made):
    made.history["interval_start"] = made.history["interval_start"].dt.tz_localize(None)


def _no_offered(made):
    del made.history["offered"]


def _off_grid(made):
    made.history["interval_start"] += pd.Timedelta(minutes=5)


def _off_grid_future(made):
    made.future["interval_start"] += pd.Timedelta(minutes=5)


def _future_twice(made):
    made.future.loc[1, "interval_start"] = made.future.loc[0, "interval_start"]


def _other_hours(made):
    wall = made.future["interval_start"].dt.tz_convert(DUBLIN)
    made.future["is_open"] = wall.dt.hour < 3


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (_bad_channel, r"channel 'voice' has no contact history before 2025-03-30 23:00 UTC"),
        (_bad_count, r"history\[7\] offered = -3 is not a count of contacts"),
        (_text, r"history\[7\] offered = 'many' is not a number: write counts"),
        (_bad_number, r"history\[7\] offered = nan is not a count of contacts"),
        (_bad_handle, r"history\[7\] aht_s = inf is not a handle time"),
        (_twice, r"history\[8\] 'voice' at .* stands there twice"),
        (_wall_times, r"history: interval_start holds datetime64.*, not instants"),
        (_no_offered, r"history has no column 'offered'"),
        (_off_grid, r"row every 15 minutes \(such as .*07:05 local time\), which straddle"),
        (_off_grid_future, r"future\[0\] begins at 00:05 local time"),
        (_future_twice, r"future\[1\] 'voice' at .* stands there twice"),
        (_other_hours, r"channel 'voice' opens only at hours that its contact history has never"),
    ],
)
def test_a_bad_frame_is_named_with_its_place(centre, break_it, message):
    made = centre(days=28 + 56)
    break_it(made)
    with pytest.raises(ForecastError, match=message):
        run(made)


def test_an_empty_horizon_is_refused(centre):
    made = centre(days=14)
    with pytest.raises(ForecastError, match="future has no rows"):
        forecast(made.history, made.future.iloc[:0], timezone=DUBLIN, interval_min=15)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"timezone": "Europe/Dubln"}, "timezone = 'Europe/Dubln' is not an IANA time zone"),
        ({"interval_min": 7}, "interval_min = 7 is not an interval length"),
        ({"weeks": 0}, "weeks = 0: a forecast looks at 1 week or more"),
    ],
)
def test_a_setting_without_meaning_is_refused(centre, options, message):
    with pytest.raises(ForecastError, match=message):
        run(centre(days=14), **options)


@pytest.mark.parametrize(
    ("kind", "factor", "message"),
    [
        ("holliday", 1.0, "'holliday' on 2025-04-01 is not a kind of day"),
        ("event", -1.0, r"factor -1\.0 of 2025-04-01 is not a factor on volume"),
    ],
)
def test_a_bad_calendar_row_is_named(centre, calendar, kind, factor, message):
    with pytest.raises(ForecastError, match=message):
        run(centre(days=14), calendar=calendar(("2025-04-01", kind, "", factor)))


def test_a_calendar_without_days_is_refused(centre):
    with pytest.raises(ForecastError, match="the calendar has no column 'day'"):
        run(centre(days=14), calendar=pd.DataFrame({"kind": ["holiday"]}))
