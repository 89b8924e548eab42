"""Tests for forecasts.hierarchy: totals of queues, groups and everything."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasts import ForecastError, forecast
from forecasts.hierarchy import groups_of
from forecasts.result import QUANTILES, Forecast
from tests.forecasts.conftest import make_centre

DUBLIN = "Europe/Dublin"
QUEUES = ("billing", "claims", "chat", "post")
TREE = pd.DataFrame(
    {
        "channel": QUEUES,
        "group": ["voice", "voice", "", "written"],
        "site": ["Dublin", "Dublin", "Cork", "Cork"],
    }
)


@cache
def found() -> tuple[Forecast, np.ndarray]:
    """Four queues whose days are busy together; and the busyness."""
    rng = np.random.default_rng(8)
    together = rng.gamma(100, 0.01, 400)
    histories, futures = [], []
    for number, name in enumerate(QUEUES):
        one = make_centre(
            ahead=14, interval_min=60, peak=30.0 + 20 * number, day_cv=0.02, seed=number,
            level=lambda day: together[day.astype(int)],
            weekdays=(0, 1, 2, 3, 4, 5) if number else (0, 1, 2, 3, 4),
        )  # fmt: skip
        histories.append(one.history.assign(channel=name))
        futures.append(one.future.assign(channel=name))
    history, future = (pd.concat(frames, ignore_index=True) for frames in (histories, futures))
    return forecast(history, future, timezone=DUBLIN, interval_min=60), together


def means(totals: pd.DataFrame, level: str) -> pd.Series:
    """Means of a level by start, added up over its names."""
    return totals[totals["level"] == level].groupby("start")["offered_mean"].sum()


@pytest.mark.parametrize("period", ["interval", "day", "week"])
def test_every_level_adds_up_to_the_one_below(period):
    totals = found()[0].totals(TREE, period=period)
    bottom, top = means(totals, "channel"), means(totals, "all")
    assert np.abs(bottom - top).max() < 1e-6
    assert np.abs(means(totals, "site") - top).max() < 1e-6
    chat = totals[(totals["level"] == "channel") & (totals["name"] == "chat")]
    rest = top - chat.set_index("start")["offered_mean"].reindex(top.index).fillna(0.0)
    assert np.abs(means(totals, "group").reindex(top.index).fillna(0.0) - rest).max() < 1e-6


def test_periods_add_up_to_each_other():
    one = found()[0]
    by = {period: one.totals(TREE, period=period) for period in ("interval", "day", "week")}
    sums = {
        period: totals.groupby(["level", "name"])["offered_mean"].sum()
        for period, totals in by.items()
    }
    assert np.abs(sums["interval"] - sums["day"]).max() < 1e-6
    assert np.abs(sums["day"] - sums["week"]).max() < 1e-6
    assert sums["week"]["all", "all"] == pytest.approx(one.intervals["offered_mean"].sum())


def test_channels_are_as_the_tables_of_one_channel_say():
    one = found()[0]
    for period, table in (("day", one.days()), ("week", one.weeks())):
        totals = one.totals(TREE, period=period)
        alone = totals[totals["level"] == "channel"].reset_index(drop=True)
        columns = ["offered_mean", *QUANTILES]
        assert alone[columns].to_numpy() == pytest.approx(table[columns].to_numpy())
    totals = one.totals(period="interval")
    alone = totals[totals["level"] == "channel"].set_index(["name", "start"])
    rows = one.intervals.set_index(["channel", "interval_start"])
    for column in ("offered_mean", *QUANTILES):
        assert alone[column].to_numpy() == pytest.approx(rows[column].reindex(alone.index))


def test_quantiles_of_totals_are_those_of_scenarios_and_no_sums_of_quantiles():
    one = found()[0]
    assert one.correlation[1:, 1:].min() > 0.1
    counts = one.scenarios(800, np.random.default_rng(0))
    local = one.intervals["interval_start"].dt.tz_convert(DUBLIN).dt.date
    totals = one.totals(TREE, period="day").set_index(["level", "name", "start"])
    held, narrower = [], []
    for day in np.unique(local):
        row = totals.loc["all", "all", day]
        if row["offered_mean"] > 0:
            drawn = counts[:, (local == day).to_numpy()].sum(axis=1)
            held.append(((drawn >= row["offered_q10"]) & (drawn <= row["offered_q90"])).mean())
            parts = totals.loc["channel"].xs(day, level="start")
            spread = (parts["offered_q90"] - parts["offered_q10"]).sum()
            narrower.append((row["offered_q90"] - row["offered_q10"]) / spread)
    assert np.mean(held) == pytest.approx(0.8, abs=0.05)
    assert max(narrower) < 1.0


def test_a_week_may_begin_on_another_day():
    one = found()[0]
    monday, sunday = one.totals(period="week"), one.totals(period="week", week_start=6)
    assert {start.weekday() for start in monday["start"]} == {0}
    assert {start.weekday() for start in sunday["start"]} == {6}
    assert monday["offered_mean"].sum() == pytest.approx(sunday["offered_mean"].sum())


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["", "a", "b", "c"]), min_size=4, max_size=4))
def test_sums_hold_for_any_grouping(names):
    totals = found()[0].totals(dict(zip(QUEUES, names, strict=True)), period="day")
    bottom = totals[totals["level"] == "channel"].set_index(["name", "start"])["offered_mean"]
    for (name, start), mean in (
        totals[totals["level"] == "group"].set_index(["name", "start"])["offered_mean"].items()
    ):
        members = [queue for queue, group in zip(QUEUES, names, strict=True) if group == name]
        assert mean == pytest.approx(
            sum(bottom.get((one, start), 0.0) for one in members), abs=1e-6
        )
    assert np.abs(means(totals, "channel") - means(totals, "all")).max() < 1e-6
    assert np.isfinite(totals[["offered_mean", *QUANTILES, "rate_cv"]]).all(axis=None)
    assert (np.diff(totals[list(QUANTILES)], axis=1) >= 0).all()


def test_groups_are_in_the_order_of_the_levels():
    levels = [(group.level, group.name, group.members) for group in groups_of(QUEUES, TREE)]
    assert levels[:4] == [("channel", name, (number,)) for number, name in enumerate(QUEUES)]
    assert levels[4:6] == [("group", "voice", (0, 1)), ("group", "written", (3,))]
    assert set(levels[6:8]) == {("site", "Dublin", (0, 1)), ("site", "Cork", (2, 3))}
    assert levels[8:] == [("all", "all", (0, 1, 2, 3))]


@pytest.mark.parametrize(
    ("hierarchy", "message"),
    [
        (pd.DataFrame({"queue": ["billing"]}), "no column 'channel'"),
        (pd.DataFrame({"channel": ["billing"] * 2, "group": ["a", "b"]}), "'billing' stands there"),
        (pd.DataFrame({"channel": ["billing"], "all": ["a"]}), "'all' is what the total is called"),
        (
            pd.DataFrame({"channel": ["billing", "chat"], "group": ["a", "a"], "site": ["x", "y"]}),
            "group 'a' belongs to 'x' and 'y' of site",
        ),
    ],
)
def test_a_hierarchy_without_one_place_for_a_channel_is_refused(hierarchy, message):
    with pytest.raises(ForecastError, match=message):
        groups_of(QUEUES, hierarchy)


def test_an_unknown_period_is_refused():
    with pytest.raises(ForecastError, match="period = 'month'"):
        found()[0].totals(period="month")
    with pytest.raises(ForecastError, match="week_start = 9"):
        found()[0].totals(week_start=9)
