"""Tests for wfplan.staffing.hand and external: layers on a forecast."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasts import count_quantiles
from wfplan.domain.overrides import Override, read_change
from wfplan.domain.results import DemandForecast
from wfplan.intake import load_plan
from wfplan.staffing import (
    day_totals,
    in_scenario,
    scenario_layer,
    with_external,
    with_overrides,
)

MONDAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def problem(tiny_plan):
    return load_plan(tiny_plan)


@pytest.fixture(scope="module")
def demand(problem):
    """Voice with 9 an interval in opening hours, mail with 2; 12 % uncertain."""
    horizon = problem.horizon(MONDAY)
    is_open = np.array([horizon.open_intervals(one.open) for one in problem.channels])
    mean = is_open * np.array([[9.0], [2.0]])
    cv = is_open * 0.12
    low, middle, high = count_quantiles(mean, cv**2)
    return DemandForecast(
        horizon, ("voice", "email"), is_open, mean, low, middle, high, is_open * 240.0, cv,
        np.array([0.5, 0.5]), np.array([120.0, np.inf]), offered_statistical=mean,
    )  # fmt: skip


def laid(problem, demand, *layers):
    problem = problem.model_copy(update={"overrides": layers})
    return with_overrides(problem, demand, count_quantiles)


def layer(change, days=1, channel="voice", times=(), name="A", *, active=True):
    return Override(
        override_id=name, change=read_change(change), first=MONDAY,
        last=MONDAY + timedelta(days=days - 1), author="ada", reason="mailing", channel=channel,
        times=times, is_active=active,
    )  # fmt: skip


def test_a_percentage_changes_its_dates_times_and_channel_only(problem, demand):
    after = laid(problem, demand, layer("+10%", times=((600, 660),)))
    ratio = after.offered_mean / np.where(demand.offered_mean > 0, demand.offered_mean, 1)
    where = np.flatnonzero(ratio[0] > 1.01)
    assert demand.horizon.interval_minutes[where].tolist() == [600, 615, 630, 645]
    assert ratio[0, where] == pytest.approx(1.1)
    assert (after.offered_mean[1] == demand.offered_mean[1]).all()
    (day,) = after.layers
    assert (day.layer, day.channel, day.day, day.author) == ("A", "voice", MONDAY, "ada")
    assert day.after - day.before == pytest.approx(4 * 0.9)


def test_a_day_total_keeps_the_shape_and_adds_up(problem, demand):
    after = laid(problem, demand, layer("+50%", times=((600, 660),)), layer("=500/day", days=2))
    totals = day_totals(after.offered_mean, demand.horizon)
    assert totals[0, :2] == pytest.approx([500, 500])
    hour = demand.horizon.interval_minutes == 600
    before = demand.horizon.interval_minutes == 540
    first = demand.horizon.interval_days == 0
    assert after.offered_mean[0, hour & first] == pytest.approx(
        1.5 * after.offered_mean[0, before & first]
    )


def test_layers_lie_on_top_of_each_other_in_order(problem, demand):
    up, to = layer("+50%"), layer("=400/day", name="B")
    below, above = (laid(problem, demand, *order) for order in ((to, up), (up, to)))
    assert day_totals(below.offered_mean, demand.horizon)[0, 0] == pytest.approx(600)
    assert day_totals(above.offered_mean, demand.horizon)[0, 0] == pytest.approx(400)
    for found in (below, above):
        first, second = found.layers
        assert first.after == pytest.approx(second.before)


def test_a_layer_that_was_taken_back_changes_nothing(problem, demand):
    after = laid(problem, demand, layer("+50%", active=False))
    assert (after.offered_mean == demand.offered_mean).all()
    assert after.layers == ()


def test_a_copied_week_is_what_came_in_it(problem, demand):
    after = laid(problem, demand, layer("copy 2026-W08 +10%", days=5))
    contacts = problem.contacts[problem.contacts["channel"] == "voice"]
    local = contacts["interval_start"].dt.tz_convert(problem.timezone).dt.date
    came = [contacts.loc[local == date(2026, 2, 16) + timedelta(days=d), "offered"].sum()
            for d in range(5)]  # fmt: skip
    totals = day_totals(after.offered_mean, demand.horizon)[0]
    assert totals[:5] == pytest.approx(1.1 * np.array(came))


def test_a_stated_value_keeps_the_uncertainty_of_the_rate(problem, demand):
    after = laid(problem, demand, layer("=36/interval"))
    on = (demand.horizon.interval_days == 0) & demand.is_open[0]
    assert after.offered_mean[0, on] == pytest.approx(36)
    assert (after.rate_cv == demand.rate_cv).all()
    wanted = count_quantiles(np.full(on.sum(), 36.0), np.full(on.sum(), 0.12**2))
    for name, values in zip(("q10", "q50", "q90"), wanted, strict=True):
        assert getattr(after, f"offered_{name}")[0, on] == pytest.approx(values)
    assert (after.offered_q90[:, ~on] == demand.offered_q90[:, ~on]).all()


def test_nobody_comes_at_closed_hours_whatever_is_stated(problem, demand):
    after = laid(problem, demand, layer("=36/interval", days=7, channel=""))
    assert (after.offered_mean[~demand.is_open] == 0).all()
    sunday = layer("+10%").model_copy(update={"first": date(2026, 3, 8), "last": date(2026, 3, 8)})
    (note,) = laid(problem, demand, sunday).notes
    assert "changes nothing in this week" in note


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["+10%", "-100%", "=0/day", "=7/interval", "=300/day", "+1000%",
                             "copy 2026-W08"]),
            st.sampled_from(["", "voice", "email"]),
            st.integers(1, 9),
            st.sampled_from([(), ((0, 1440),), ((1320, 1560),), ((600, 615),)]),
        ),
        max_size=5,
    )
)  # fmt: skip
def test_whatever_is_laid_on_it_a_forecast_stays_one(problem, demand, asked):
    layers = [layer(change, days, channel, times, f"L{n}")
              for n, (change, channel, days, times) in enumerate(asked)]  # fmt: skip
    after = laid(problem, demand, *layers)
    for values in (after.offered_mean, after.offered_q10, after.offered_q90, after.rate_cv):
        assert np.isfinite(values).all()
        assert (values >= 0).all()
    assert (after.offered_q10 <= after.offered_q50).all()
    assert (after.offered_q50 <= after.offered_q90).all()
    totals = day_totals(after.offered_mean, demand.horizon)
    last = {(day.channel, day.day): day.after for day in after.layers}
    for (channel, day), value in last.items():
        place = demand.channels.index(channel), (day - MONDAY).days
        assert totals[place] == pytest.approx(value)


def test_a_scenario_is_the_topmost_layer(problem, demand):
    below = laid(problem, demand, layer("+10%"))
    after = scenario_layer(below, in_scenario(below, ("volume=+10%",)))
    assert [one.layer for one in after.layers[:1]] == ["A"]
    assert {one.layer for one in after.layers[1:]} == {"scenario"}


def external(problem, rows, **wishes):
    frame = pd.DataFrame(rows, columns=["channel", "interval_start", "offered", "made_at"])
    frame = frame.assign(source="office", aht_s=np.nan, low=np.nan, high=np.nan)
    for name in ("interval_start", "made_at"):
        frame[name] = pd.to_datetime(frame[name], utc=True)
    wish = problem.forecast.model_copy(update={"use": "external", **wishes})
    return problem.model_copy(update={"external": frame, "forecast": wish})


def test_the_newest_forecast_from_elsewhere_is_planned_with_and_ours_where_it_ends(problem, demand):
    start = pd.Timestamp("2026-03-02T10:00Z")
    rows = [
        ("voice", start, 20.0, None),
        ("voice", start, 30.0, "2026-02-20T00:00Z"),
        ("voice", start, 40.0, "2026-03-05T00:00Z"),  # made when it was too late
    ]
    after = with_external(external(problem, rows), demand, count_quantiles)
    at = int((start - pd.Timestamp(demand.horizon.start)) / pd.Timedelta(minutes=15))
    assert after.offered_mean[0, at] == 30.0
    others = np.arange(demand.horizon.interval_count) != at
    assert (after.offered_mean[0, others] == demand.offered_mean[0, others]).all()
    assert after.offered_statistical is not None
    assert (after.offered_statistical == demand.offered_mean).all()
    assert any("leaves out 199 intervals" in note for note in after.notes)
    assert [one.layer for one in after.layers] == ["external"]
    assert after.rate_cv[0, at] == demand.rate_cv[0, at]


def test_the_uncertainty_of_a_forecast_from_elsewhere_is_learnt_from_its_past(problem, demand):
    voice = problem.contacts[problem.contacts["channel"] == "voice"]
    rng = np.random.default_rng(3)
    local = voice["interval_start"].dt.tz_convert(problem.timezone).dt.date
    wild = {day: rng.gamma(4.0, 0.25) for day in sorted(set(local))}  # half a mean off, by day
    usual = float(voice["offered"].mean())
    past = [("voice", start, usual * wild[day], None)
            for start, day in zip(voice["interval_start"], local, strict=True)]  # fmt: skip
    ahead = [("voice", pd.Timestamp("2026-03-02T10:00Z"), 9.0, None)]
    after = with_external(external(problem, past + ahead), demand, count_quantiles)
    at = np.flatnonzero(after.rate_cv[0] != demand.rate_cv[0])
    assert at.size == 1
    assert 0.3 < float(after.rate_cv[0, at[0]]) < 0.8
    assert after.day_share[0] > 0.7


def test_a_plan_that_does_not_ask_for_it_keeps_its_own_forecast(problem, demand):
    rows = [("voice", "2026-03-02T10:00Z", 99.0, None)]
    own = external(problem, rows, use="own")
    assert (with_external(own, demand, count_quantiles).offered_mean == demand.offered_mean).all()
    assert replace(demand).layers == ()
