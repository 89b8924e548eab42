"""Tests for wfplan.staffing.totals: channels, groups and the site add up, by day and week."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.domain.channels import Channel
from wfplan.domain.forecast_tables import FORECAST_TOTALS
from wfplan.staffing import channel_groups, current_totals, in_scenario, totals_of, with_totals
from wfplan.staffing.totals import QUANTILES, without_ranges

HOURS = ["mon-fri 08:00-18:00"]
BILLING = Channel(name="billing", group="voice", open=HOURS)
CLAIMS = Channel(name="claims", group="voice", open=["mon-sat 10:00-14:00"])
POST = Channel(name="post", open=HOURS, kind="deferred")


@pytest.fixture(scope="module")
def week(problem_of, demand_of):
    problem = problem_of(BILLING, CLAIMS, POST, site="Dublin")
    rng = np.random.default_rng(2)
    return problem, demand_of(problem, rng.gamma(2, 10, (3, 14 * 48)), days=14)


def table_of(problem, demand):
    return with_totals(problem, demand).tables[FORECAST_TOTALS.name]


def of(table, level, span):
    rows = table[(table["level"] == level) & (table["span"] == span)]
    return rows.set_index(["name", "first_day"])["offered_mean"]


def assert_adds_up(problem, demand):
    table = table_of(problem, without_ranges(demand))
    assert list(table.columns) == list(FORECAST_TOTALS.names)
    for span in ("day", "week"):
        channels, groups, site = (of(table, level, span) for level in ("channel", "group", "site"))
        voice = channels["billing"] + channels["claims"]
        assert np.abs(groups["voice"] - voice).max() < 1e-6
        assert np.abs(site["Dublin"] - voice - channels["post"]).max() < 1e-6
    for level in ("channel", "group", "site"):
        by = [of(table, level, span).groupby("name").sum() for span in ("day", "week")]
        assert np.abs(by[0] - by[1]).max() < 1e-6
    assert of(table, "site", "week").sum() == pytest.approx(demand.offered_mean.sum(), abs=1e-6)
    quantiles = table[list(QUANTILES)].to_numpy(np.float64)
    assert np.isfinite(quantiles).all()
    assert (np.diff(quantiles, axis=1) >= 0).all()
    assert (quantiles >= 0).all()
    return table


def test_every_level_and_span_adds_up(week):
    table = assert_adds_up(*week)
    assert len(table) == (14 + 2) * (3 + 1 + 1)
    closed = table[(table["name"] == "billing") & (table["first_day"] == date(2026, 3, 7))]
    assert closed[["offered_mean", "offered_q90"]].to_numpy().tolist() == [[0.0, 0.0]]


@settings(max_examples=10)
@given(st.lists(st.sampled_from(["volume=+10%", "volume.claims=-40%", "aht=+5%"]), max_size=3))
def test_scenarios_keep_the_sums(week, changes):
    problem, demand = week
    assert_adds_up(problem, in_scenario(demand, changes))


@settings(max_examples=10)
@given(st.floats(0, 1e5), st.integers(0, 2), st.integers(0, 14 * 48 - 1))
def test_a_single_value_changed_by_hand_keeps_the_sums(week, value, c, t):
    problem, demand = week
    counts = demand.offered_mean.copy()
    counts[c, t] = value
    assert_adds_up(problem, replace(demand, offered_mean=counts))


def test_ranges_of_the_forecast_are_kept_and_follow_the_sum(week):
    problem, demand = week
    mean = demand.offered_mean[:, :336].sum()
    told = pd.DataFrame(
        [
            (
                "site",
                "Dublin",
                "week",
                date(2026, 3, 2),
                mean,
                *(mean * np.array([0.7, 0.8, 1, 1.2, 1.3])),
            )
        ],
        columns=list(FORECAST_TOTALS.names),
    )
    aware = replace(demand, tables={FORECAST_TOTALS.name: told})
    table = table_of(problem, in_scenario(aware, ["volume=+10%"]))
    row = table[(table["level"] == "site") & (table["first_day"] == date(2026, 3, 2))].iloc[-1]
    assert row["offered_mean"] == pytest.approx(1.1 * mean)
    assert row["offered_q10"] == pytest.approx(0.8 * 1.1 * mean)
    assert row["offered_q975"] == pytest.approx(1.3 * 1.1 * mean)


def test_where_nothing_is_told_days_of_a_channel_err_together_and_channels_apart(
    problem_of, demand_of
):
    problem = problem_of(BILLING, CLAIMS.model_copy(update={"open": BILLING.open}))
    demand = without_ranges(demand_of(problem, 50.0, rate_cv=0.1, day_share=1.0))
    table = table_of(problem, demand).set_index(["level", "name", "span", "first_day"])
    for key, cv in ((("channel", "billing"), 0.1), (("group", "voice"), 0.1 / 2**0.5)):
        row = table.loc[(*key, "week", date(2026, 3, 2))]
        spread = (row["offered_q90"] - row["offered_q10"]) / row["offered_mean"]
        assert spread == pytest.approx(2 * 1.2816 * cv, rel=0.05)


def test_an_old_run_without_totals_knows_their_means_alone(week):
    problem, demand = week
    table = table_of(problem, demand)
    assert table["offered_mean"].sum() > 0
    assert table.loc[table["offered_mean"] > 0, list(QUANTILES)].isna().all(axis=None)
    assert set(current_totals(demand, 0)["level"]) == {"channel"}


def test_without_a_site_the_plan_names_the_whole(problem_of):
    channel, site = totals_of(problem_of(POST))
    assert (channel.level, channel.name) == ("channel", "post")
    assert (site.level, site.name, site.members) == ("site", "Test", (0,))


def test_the_hierarchy_goes_to_the_forecast_as_a_table(week):
    assert channel_groups(week[0]).to_dict("list") == {
        "channel": ["billing", "claims", "post"],
        "group": ["voice", "voice", ""],
        "site": ["Dublin"] * 3,
    }
