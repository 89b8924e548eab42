"""Tests for wfplan.report.data."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfplan.domain.results import Outcome
from wfplan.report.data import Measures, channel_series, page_data, safe_json
from wfplan.report.timeline import day_axes

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_embedded_json_cannot_end_its_element_and_says_the_same(value):
    text = safe_json(value)
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == value


def test_a_number_that_is_not_one_is_refused():
    with pytest.raises(ValueError, match="Out of range"):
        safe_json({"value": float("nan")})


def test_measures_are_found_by_channel_and_interval(run):
    measures = Measures(run.outcome)
    table = run.outcome.measures
    row = table[
        (table["measure"] == "service_level")
        & (table["channel"] == "chat")
        & table["interval_start"].notna()
    ].iloc[40]
    elapsed = row["interval_start"] - pd.Timestamp(run.horizon.start)
    interval = int(elapsed / pd.Timedelta(minutes=run.horizon.interval_min))
    assert measures.grid("service_level", "chat")[interval] == row["value"]
    assert measures.grid("service_level", "chat", "q10")[interval] == row["q10"]
    assert measures.week("service_level", "chat").value == run.outcome.value(
        "service_level", "chat"
    )


def test_what_the_simulation_does_not_say_is_unknown(run):
    measures = Measures(run.outcome)
    assert np.isnan(measures.week("happiness").value)
    assert np.isnan(measures.grid("happiness", "voice")).all()
    assert not measures.has("happiness", "voice")


def test_measures_agree_with_the_outcome_on_a_week_with_a_clock_change(autumn):
    by_interval = autumn.outcome.by_interval("occupancy", autumn.demand.channels)
    measures = Measures(autumn.outcome)
    for c, channel in enumerate(autumn.demand.channels):
        np.testing.assert_array_equal(measures.grid("occupancy", channel), by_interval[c])


def test_closed_intervals_have_no_service_and_idle_ones_no_difference(run):
    voice = channel_series(run, Measures(run.outcome))[0]
    is_closed = ~voice.is_open & (voice.offered == 0)
    assert is_closed.any()
    assert np.isnan(voice.service[is_closed]).all()
    is_idle = is_closed & (voice.scheduled == 0)
    assert np.isnan(voice.net[is_idle]).all()
    assert np.isfinite(voice.net[voice.is_open]).all()


@pytest.mark.parametrize(
    ("dropped", "measure", "name"),
    [
        ((), "due_share", "Done in time"),
        (("due_share",), "backlog", "Backlog"),
        (("due_share", "backlog"), "service_level", "Done in time"),
    ],
)
def test_deferred_work_shows_the_best_measure_there_is(run, dropped, measure, name):
    table = run.outcome.measures
    outcome = Outcome(run.horizon, table[~table["measure"].isin(dropped)], 10)
    email = channel_series(run, Measures(outcome))[2]
    assert (email.service_measure, email.service_name) == (measure, name)


def test_deferred_work_reads_its_share_under_the_name_of_the_service_level_too(run):
    table = run.outcome.measures.replace({"measure": {"due_share": "service_level"}})
    email = channel_series(run, Measures(Outcome(run.horizon, table, 10)))[2]
    assert email.service_measure == "service_level"
    assert email.service_name == "Done in time"
    assert email.target == 0.95


def test_the_page_holds_every_shown_interval_of_every_channel(autumn):
    days, series = day_axes(autumn), channel_series(autumn, Measures(autumn.outcome))
    data = json.loads(page_data(autumn, days, series))
    assert len(data["times"]) == autumn.horizon.interval_count == 169 * 4
    assert [c["name"] for c in data["channels"]] == ["voice", "chat", "email", "social"]
    for channel in data["channels"]:
        lengths = {len(v) for v in channel.values() if isinstance(v, list)}
        assert lengths == {autumn.horizon.interval_count}
    assert data["days"][6] == {
        "label": "Sun 25 Oct (25 hours)",
        "first": 576,
        "last": 676,
    }


def test_numbers_of_the_page_are_rounded_as_they_are_read(run):
    days, series = day_axes(run), channel_series(run, Measures(run.outcome))
    voice = json.loads(page_data(run, days, series))["channels"][0]
    np.testing.assert_allclose(voice["required"], run.need.staff_required[0], atol=0.0501)
    assert all(v is None or v == round(v, 3) for v in voice["level"])


def test_an_open_channel_without_any_outcome_is_drawn_without_service(run):
    bare = replace(run, outcome=Outcome(run.horizon, run.outcome.measures.iloc[:0], 10))
    voice = channel_series(bare, Measures(bare.outcome))[0]
    assert np.isnan(voice.service).all()
    assert np.isnan(voice.occupancy).all()
