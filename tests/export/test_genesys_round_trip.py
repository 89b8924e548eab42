"""Genesys imports, read back as rosters: the same shifts, whatever they are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wfplan.domain.schedule import ActivityCategory
from wfplan.export import exported, write
from wfplan.rosters import Asked, read_roster

FEW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def read_back(synthetic, order, folder):
    """What the folder of an export says."""
    ids = synthetic.ids(order, "genesys")
    write(folder, exported("genesys", replace(order, ids=ids))[0])
    return read_roster([folder], order.problem, Asked(ids=ids))


def by_start(shifts):
    return sorted(shifts, key=lambda one: (one.agent_id, one.start))


@pytest.mark.slow
@FEW
@given(data=st.data())
def test_any_week_comes_back_with_ids_times_codes_pay_and_requests(
    data, synthetic, strategies, tmp_path
):
    case = data.draw(strategies.schedules())
    order = synthetic.order(problem=case.problem, schedule=case.schedule)
    shifts = [
        shift.model_copy(update={"is_locked": False})  # a lock is the plan's
        for shift in case.schedule.shifts
        if any(one.category is not ActivityCategory.TIME_OFF for one in shift.activities)
    ]
    if not shifts:
        return
    assert list(read_back(synthetic, order, tmp_path / "out").shifts) == by_start(shifts)


def test_a_folder_of_an_export_is_read_once(synthetic, tmp_path):
    run = synthetic.run(tmp_path)
    order = synthetic.order(demand=run.demand, need=run.need)
    roster = read_back(synthetic, order, tmp_path / "out")
    assert list(roster.shifts) == by_start(order.schedule.shifts)
    assert roster.left["full days off"] == 2
