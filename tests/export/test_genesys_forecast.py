"""Tests for wfplan.export.genesys.forecast."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from wfplan.domain.results import DemandForecast
from wfplan.export import exported
from wfplan.export.genesys.forecast import contacts, heads, places
from wfplan.export.genesys.parts import Stretch
from wfplan.horizon import INTERVALS_MIN, Horizon

AUTUMN, SPRING, SUMMER = date(2026, 10, 19), date(2026, 3, 23), date(2026, 6, 8)
CHANGING = (date(2026, 11, 1), date(2026, 3, 8))  # in New York, on the first day of its weeks
QUARTER = timedelta(minutes=15)
counts = st.floats(0, 1e4, allow_nan=False)


@pytest.mark.parametrize("interval_min", INTERVALS_MIN)
@settings(max_examples=30)
@given(data=st.data())
def test_resampled_contacts_and_their_work_keep_their_sums(interval_min, data):
    size = 24 * 60 // interval_min
    offered = data.draw(arrays(np.float64, size, elements=counts))
    aht_s = data.draw(arrays(np.float64, size, elements=st.floats(1, 3600)))
    count, mean_s = contacts(offered, aht_s, interval_min)
    assert count.shape == mean_s.shape == (96,)
    assert count.sum() == pytest.approx(offered.sum(), rel=1e-12)
    assert count @ mean_s == pytest.approx(offered @ aht_s, rel=1e-9)


def test_an_hour_is_four_equal_quarters():
    count, mean_s = contacts(np.array([8.0]), np.array([200.0]), 60)
    assert count.tolist() == [2.0] * 4
    assert mean_s.tolist() == [200.0] * 4


def test_five_minutes_are_added_and_weighed():
    count, mean_s = contacts(np.array([1.0, 2.0, 3.0]), np.array([100.0, 100.0, 200.0]), 5)
    assert count.tolist() == [6.0]
    assert mean_s.tolist() == [150.0]


def test_ten_minutes_lie_across_quarters():
    count, _ = contacts(np.array([4.0, 2.0, 6.0]), np.full(3, 60.0), 10)
    assert count.tolist() == [5.0, 7.0]


def test_handle_times_that_are_not_known_are_the_mean_where_somebody_calls():
    offered, aht_s = np.array([3.0, 1.0, 2.0, 0.0]), np.array([100.0, 300.0, np.nan, np.nan])
    count, mean_s = contacts(offered, aht_s, 15)
    assert count.tolist() == offered.tolist()
    assert mean_s.tolist() == [100.0, 300.0, 150.0, 0.0]


def test_nothing_known_is_nothing():
    count, mean_s = contacts(np.array([0.0, np.nan]), np.array([np.nan, np.nan]), 15)
    assert count.tolist() == mean_s.tolist() == [0.0, 0.0]


def test_of_staff_a_quarter_wants_the_most_of_its_minutes():
    assert heads(np.array([3.0, 5.0, 4.0]), 5).tolist() == [5.0]
    assert heads(np.array([3.0, 5.0]), 30).tolist() == [3.0, 3.0, 5.0, 5.0]


@pytest.mark.parametrize("first_day", [AUTUMN, SPRING, SUMMER, *CHANGING])
@pytest.mark.parametrize(
    "zone", ["Europe/Dublin", "Australia/Lord_Howe", "Asia/Kathmandu", "America/New_York"]
)
@pytest.mark.parametrize("weeks", [1, 2])
def test_an_array_is_seven_days_a_week_and_one_of_elapsed_quarters(zone, first_day, weeks):
    horizon = Horizon(zone, first_day, 7 * weeks, 15)
    where = places(horizon, Stretch(first_day, weeks))
    assert len(where) == (7 * weeks + 1) * 96
    inside = where[: horizon.interval_count]
    assert inside.tolist() == list(range(len(inside)))  # each once, in order
    for i in range(len(inside), len(where)):
        at = horizon.start + i * QUARTER
        then = horizon.start + int(where[i]) * QUARTER
        local, before = (moment.astimezone(ZoneInfo(zone)) for moment in (at, then))
        assert before.date() == local.date() - timedelta(days=7)
        is_changing = any(
            one.replace(hour=0).utcoffset() != one.replace(hour=23).utcoffset()
            for one in (local, before)
        )
        assert before.time() == local.time() or is_changing


def test_the_second_import_of_a_long_plan_begins_where_the_first_ends():
    horizon = Horizon("Europe/Dublin", AUTUMN, 56, 30)
    first, second = (
        places(horizon, Stretch(day, w)) for day, w in ((AUTUMN, 6), (date(2026, 11, 30), 2))
    )
    start = datetime(2026, 11, 30, tzinfo=UTC)
    assert second[0] == (start - horizon.start) // QUARTER
    assert first[-92:].tolist() == second[:92].tolist()  # the day more; clocks changed in between


@pytest.fixture
def made(synthetic, tmp_path):
    """A function: forecast, import and need of a made-up run with changed numbers."""

    def make(**changes):
        run = synthetic.run(tmp_path)
        demand, need = run.demand, run.need
        order = synthetic.order(demand=replace(demand, **changes), need=need)
        files, notes = exported("genesys", replace(order, ids=synthetic.ids(order, "genesys")))
        documents = [json.loads(files[f"genesys_{n}.json"]) for n in ("forecast", "import")]
        return *documents, run, notes

    return make


def test_a_forecast_of_a_week_of_169_hours_counts_them_all(made):
    forecast, _, run, _ = made()
    assert (forecast["weekCount"], forecast["canUseForScheduling"]) == (1, True)
    assert run.demand.horizon.interval_count == 169
    for c, group in enumerate(forecast["planningGroups"]):
        offered = group["offeredPerInterval"]
        assert len(offered) == len(group["averageHandleTimeSecondsPerInterval"]) == 768
        assert sum(offered[: 169 * 4]) == pytest.approx(run.demand.offered_mean[c].sum())
        monday = offered[: 23 * 4]
        assert offered[169 * 4 :] == monday  # the day after the week, as far as it goes


def test_a_group_is_a_channel_with_its_id(made, synthetic):
    forecast, schedule, run, _ = made()
    ids = synthetic.ids(synthetic.order(), "genesys")
    wanted = [ids.of("genesys", "channel", name) for name in run.demand.channels]
    assert [one["planningGroupId"] for one in forecast["planningGroups"]] == wanted
    entities = schedule["headcountForecast"]["entities"]
    assert [one["planningGroupId"] for one in entities] == wanted


def test_the_requirement_is_heads_with_and_without_shrinkage(made):
    _, schedule, run, _ = made()
    headcount = schedule["headcountForecast"]
    assert headcount["referenceStartDate"] == "2026-10-18T23:00:00.000Z"  # midnight in Dublin
    for c, entity in enumerate(headcount["entities"]):
        there = entity["requiredWithoutShrinkagePerInterval"]
        assert len(there) == len(entity["requiredPerInterval"]) == 768
        assert there[: 4 * 169 : 4] == pytest.approx(run.need.staff_required[c].tolist())
        on_queue = np.array(entity["requiredPerInterval"])
        assert on_queue * run.need.presence_share == pytest.approx(np.array(there))


def test_numbers_that_are_none_do_not_reach_the_file(made, synthetic, tmp_path):
    demand: DemandForecast = synthetic.run(tmp_path).demand
    forecast, *_ = made(aht_s=np.full_like(demand.aht_s, np.nan))
    assert {0.0} == {
        second
        for group in forecast["planningGroups"]
        for second in group["averageHandleTimeSecondsPerInterval"]
    }


def test_the_clock_change_and_the_day_more_are_told(made):
    *_, notes = made()
    text = "\n".join(note.text for note in notes)
    assert "clocks change on 2026-10-25" in text
    assert "2026-10-25 is followed by a copy of 2026-10-19" in text
