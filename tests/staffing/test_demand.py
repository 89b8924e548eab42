"""Tests for wfplan.staffing.demand."""

from dataclasses import replace
from datetime import date
from math import inf

import numpy as np
import pandas as pd
import pytest

from wfplan.domain.channels import Channel
from wfplan.errors import InputError
from wfplan.staffing import demand_forecast
from wfplan.staffing.demand import without_gaps

MONDAY = date(2026, 3, 2)
VOICE = Channel(name="voice", open=["mon-fri 08:00-18:00"])
EMAIL = Channel(name="email", open=["mon-fri 08:00-18:00"], kind="deferred")
NOON, NIGHT = 24, 2


def forecast(problem, **columns):
    """A forecast of 10 contacts everywhere."""
    starts = pd.DatetimeIndex(problem.horizon(MONDAY).interval_starts).tz_localize("UTC")
    values = {
        "offered_mean": 10.0,
        "offered_q10": 6.0,
        "offered_q50": 10.0,
        "offered_q90": 14.0,
        "aht_s": 300.0,
        "rate_cv": 0.1,
    } | columns
    parts = [
        pd.DataFrame({"channel": c.name, "interval_start": starts, **values})
        for c in problem.channels
    ]
    channels = pd.DataFrame({"channel": [c.name for c in problem.channels], "day_share": 0.6})
    return pd.concat(parts, ignore_index=True), channels, ("said before",)


def history(**columns):
    starts = pd.date_range("2026-02-02", "2026-03-20", freq="30min", tz="UTC")
    frame = pd.DataFrame({"channel": "voice", "interval_start": starts, "offered": 10.0})
    return frame.assign(**columns)


def demand(problem, **columns):
    return demand_forecast(problem, problem.horizon(MONDAY), *forecast(problem, **columns))


def test_tables_become_arrays_over_channels_and_intervals(problem_of):
    problem = problem_of(VOICE, EMAIL)
    intervals, channels, notes = forecast(problem)
    shuffled = intervals.sample(frac=1, random_state=3)
    shuffled.loc[shuffled["channel"] == "email", "offered_mean"] = 3.0
    found = demand_forecast(problem, problem.horizon(MONDAY), shuffled, channels, notes)
    assert found.channels == ("voice", "email")
    assert found.offered_mean[:, NOON].tolist() == [10, 3]
    assert found.offered_q90[0, NOON] == 14
    assert found.day_share.tolist() == [0.6, 0.6]
    assert found.notes[0] == "said before"


def test_nobody_calls_a_closed_channel_but_mail_arrives_at_night(problem_of):
    found = demand(problem_of(VOICE, EMAIL))
    assert found.offered_mean[:, NIGHT].tolist() == [0, 10]
    assert found.is_open[:, NIGHT].tolist() == [False, False]
    assert found.is_open[:, NOON].tolist() == [True, True]


def test_the_handle_time_of_the_plan_stands_before_the_forecast(problem_of):
    stated = VOICE.model_copy(update={"aht_s": 180.0})
    assert (demand(problem_of(stated), aht_s=np.nan).aht_s == 180).all()


def test_missing_handle_times_are_the_usual_one(problem_of):
    problem = problem_of(VOICE)
    intervals, channels, notes = forecast(problem)
    intervals.loc[5:20, "aht_s"] = np.nan
    found = demand_forecast(problem, problem.horizon(MONDAY), intervals, channels, notes)
    assert found.aht_s[0] == pytest.approx(300)


def test_no_handle_time_at_all_is_an_error_that_says_what_to_write(problem_of):
    with pytest.raises(InputError, match=r"channels.voice.aht_s is not given.*write aht_s = 300"):
        demand(problem_of(VOICE), aht_s=np.nan)


def test_patience_is_total_waiting_over_those_who_hung_up(problem_of):
    problem = problem_of(VOICE, contacts=history(abandoned=0.5, wait_s=6.0))
    assert demand(problem).patience_s.tolist() == [120.0]


def test_patience_is_fitted_before_the_horizon_only(problem_of):
    table = history(abandoned=0.5, wait_s=6.0)
    table.loc[table["interval_start"] >= "2026-03-02", "wait_s"] = 600.0
    assert demand(problem_of(VOICE, contacts=table)).patience_s.tolist() == [120.0]


def test_a_stated_patience_stands(problem_of):
    stated = VOICE.model_copy(update={"patience_s": 90.0})
    assert demand(problem_of(stated, contacts=history())).patience_s.tolist() == [90.0]


def test_deferred_contacts_do_not_hang_up(problem_of):
    assert demand(problem_of(EMAIL)).patience_s.tolist() == [inf]


@pytest.mark.parametrize(
    ("columns", "note"),
    [
        ({}, "no columns abandoned and wait_s"),
        ({"abandoned": 0.0, "wait_s": 5.0}, "only 0 contacts hung up"),
        ({"abandoned": np.nan, "wait_s": 5.0}, "only 0 contacts hung up"),
    ],
)
def test_a_patience_that_cannot_be_fitted_is_assumed_and_said(problem_of, columns, note):
    found = demand(problem_of(VOICE, contacts=history(**columns)))
    assert found.patience_s.tolist() == [120.0]
    assert note in found.notes[-1]


def test_waits_in_milliseconds_are_held_back_and_said(problem_of):
    found = demand(problem_of(VOICE, contacts=history(abandoned=0.5, wait_s=6000.0)))
    assert found.patience_s.tolist() == [7200.0]
    assert "Check the unit of wait_s" in found.notes[-1]


def test_intervals_that_the_forecast_leaves_out_have_no_demand(problem_of):
    problem = problem_of(VOICE)
    intervals, channels, notes = forecast(problem)
    kept = intervals.drop(index=NOON)
    found = demand_forecast(problem, problem.horizon(MONDAY), kept, channels, notes)
    assert found.offered_mean[0, NOON] == 0
    assert found.aht_s[0, NOON] == pytest.approx(300)


def test_an_unknown_day_share_is_read_with_caution(problem_of):
    problem = problem_of(VOICE)
    intervals, _, notes = forecast(problem)
    unknown = pd.DataFrame({"channel": ["voice"], "day_share": [np.nan]})
    found = demand_forecast(problem, problem.horizon(MONDAY), intervals, unknown, notes)
    assert found.day_share.tolist() == [1.0]


def test_a_channel_without_demand_needs_no_handle_time(problem_of):
    found = demand(problem_of(VOICE), aht_s=np.nan, offered_mean=0.0)
    assert not found.offered_mean.any()


def test_a_channel_that_the_forecast_leaves_out_is_planned_as_if_nobody_came(problem_of):
    fax = Channel(name="fax", open=["mon-fri 08:00-18:00"], aht_s=200)
    problem = problem_of(VOICE, fax)
    intervals, channels, notes = forecast(problem)
    known = intervals[intervals["channel"] == "voice"]
    found = demand_forecast(problem, problem.horizon(MONDAY), known, channels, notes)
    assert not found.offered_mean[1].any()
    assert (found.aht_s[1] == 200).all()
    assert any(note.startswith("fax: the contact history has no rows") for note in found.notes)
    assert not any(note.startswith("voice: the contact history has no") for note in found.notes)


def test_what_smoothing_leaves_of_nobody_is_nobody(problem_of):
    found = demand(problem_of(VOICE), offered_mean=1e-18, offered_q90=1e-17)
    assert not found.offered_mean.any()
    assert not found.offered_q90.any()
    assert not found.rate_cv.any()
    assert demand(problem_of(VOICE), offered_mean=1e-6).offered_mean.any()


def test_unknown_handle_times_are_the_mean_of_the_known_ones(problem_of, demand_of):
    demand = demand_of(problem_of(VOICE, EMAIL), 10.0)
    times = demand.aht_s.copy()
    times[0, :100], times[0, 100], times[1] = np.nan, 635.0, np.nan
    found = without_gaps(replace(demand, aht_s=times)).aht_s
    assert found[0, 5] == pytest.approx(300 + 335 / 236)
    assert found[0, 100] == 635
    assert (found[1] == 1).all()
