"""Tests for wfplan.intake.examples.demand: the invented calls look like calls."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from wfplan.intake.examples import EXAMPLES

REALTIME = [
    ("bank", "voice"),
    ("omnichannel", "voice"),
    ("omnichannel", "chat"),
    ("night", "voice"),
]


@pytest.fixture(scope="module")
def contacts(folders) -> dict[str, pd.DataFrame]:
    tables = {}
    for kind, folder in folders.items():
        table = pd.read_csv(folder / "contacts.csv.gz", parse_dates=["interval_start"])
        local = table["interval_start"].dt.tz_convert("Europe/Dublin")
        tables[kind] = table.assign(
            day=local.dt.date, hour=local.dt.hour, weekday=local.dt.day_of_week
        )
    return tables


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_what_was_offered_was_answered_or_abandoned(kind, contacts):
    table = contacts[kind]
    assert (table["offered"] == table["answered"] + table["abandoned"]).all()
    assert (table["answered_in_target"] <= table["answered"]).all()
    assert (table["aht_s"].isna() == (table["answered"] == 0)).all()
    assert not table.duplicated(["channel", "interval_start"]).any()


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_volumes_are_those_of_the_centre(kind, contacts):
    example = EXAMPLES[kind]
    weekly = contacts[kind].groupby("channel")["offered"].sum() / example.history_weeks
    for shape in example.shapes:
        assert weekly[shape.channel] == pytest.approx(shape.contacts_per_week, rel=0.08)


@pytest.mark.parametrize(("kind", "channel"), REALTIME)
def test_patience_can_be_read_from_waits_and_abandons(kind, channel, contacts):
    """Total waiting over abandons estimates the mean patience (SCIENCE 2.2)."""
    table = contacts[kind].query("channel == @channel")
    patience_s = (table["wait_s"] * table["offered"]).sum() / table["abandoned"].sum()
    truth = next(s.patience_s for s in EXAMPLES[kind].shapes if s.channel == channel)
    assert patience_s == pytest.approx(truth, rel=0.06)


@pytest.mark.parametrize(("kind", "channel"), REALTIME)
def test_customers_met_an_ordinary_centre(kind, channel, contacts):
    total = (
        contacts[kind]
        .query("channel == @channel")[["offered", "abandoned", "answered_in_target"]]
        .sum()
    )
    assert 0.03 < total["abandoned"] / total["offered"] < 0.15
    assert 0.55 < total["answered_in_target"] / total["offered"] < 0.90


def test_mondays_are_high_and_the_week_declines(contacts):
    daily = contacts["bank"].groupby(["day", "weekday"])["offered"].sum().reset_index()
    ordinary = daily[~daily["day"].astype(str).isin(["2026-08-03", "2026-08-04", "2026-08-19"])]
    mean = ordinary.groupby("weekday")["offered"].mean()
    assert mean[0] > 1.08 * mean[[1, 2, 3, 4]].mean()
    assert mean[[1, 2]].mean() > mean[[3, 4]].mean() > mean[5]


def test_a_working_day_has_two_humps(contacts):
    weekdays = contacts["bank"].query("weekday < 5 and channel == 'voice'")
    by_hour = weekdays.groupby("hour")["offered"].mean()
    assert by_hour[10] > 1.15 * by_hour[12]
    assert by_hour[14] > 1.05 * by_hour[12]
    assert by_hour[20] < 0.5 * by_hour[10]


def test_the_day_factor_makes_counts_over_dispersed(contacts):
    """Day totals vary by some 8 % of their mean; Poisson alone would give 1.8 %."""
    daily = contacts["bank"].groupby(["day", "weekday"])["offered"].sum().reset_index()
    ordinary = daily[~daily["day"].astype(str).isin(["2026-08-03", "2026-08-04", "2026-08-19"])]
    cv = ordinary.groupby("weekday")["offered"].agg(lambda x: x.std() / x.mean())
    assert 0.04 < cv.mean() < 0.12


def test_a_bank_holiday_is_quiet_and_short_and_the_day_after_busy(contacts):
    daily = contacts["bank"].groupby("day")["offered"].sum()
    daily.index = pd.to_datetime(daily.index)
    mondays, tuesdays = (daily[daily.index.day_of_week == w] for w in (0, 1))
    assert daily["2026-08-03"] < 0.6 * mondays.median()
    assert daily["2026-08-04"] > 1.0 * tuesdays.median()
    hours = contacts["bank"].query("day.astype('str') == '2026-08-03'", engine="python")["hour"]
    assert (hours.min(), hours.max()) == (10, 15)


def test_handle_times_are_minutes_long_and_longest_in_the_evening(contacts):
    voice = contacts["night"].query("channel == 'voice' and answered > 0")
    by_hour = voice.groupby("hour")[["aht_s", "answered"]].apply(
        lambda g: np.average(g["aht_s"], weights=g["answered"])
    )
    assert by_hour.between(200, 330).all()
    assert by_hour[[19, 20, 21]].mean() > 1.08 * by_hour[[7, 8, 9]].mean()


def test_the_night_never_closes_and_the_autumn_sunday_of_the_demo_counts_once(contacts):
    assert len(contacts["night"].query("channel == 'voice'")) == 63 * 96
    sunday = contacts["omnichannel"].query("channel == 'voice'")
    sunday = sunday[sunday["day"].astype(str) == "2026-10-25"]
    assert len(sunday) == 6 * 4
