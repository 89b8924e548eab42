"""Properties: any schedule, exported and read back, is the same schedule."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wfplan.domain.external_ids import ExternalIds
from wfplan.domain.schedule_rows import dated_shifts, told_shifts
from wfplan.export import Order, exported, write
from wfplan.rosters import Asked, read_roster, read_told

pytestmark = pytest.mark.slow
MANY, FEW = (
    settings(
        max_examples=count,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    for count in (40, 10)
)


@pytest.fixture
def back(tmp_path_factory):
    """A function: a case exported and read back, as a roster."""

    def read(case, name, *, ids=None, files="*"):
        order = Order(case.problem, case.schedule, ids=ids or ExternalIds())
        folder = tmp_path_factory.mktemp("out")
        write(folder / "export", exported(name, order)[0])
        paths = [folder / "export"] if files == "*" else sorted((folder / "export").glob(files))
        return read_roster(paths, case.problem, Asked(ids=order.ids))

    return read


def without(shifts):
    """Shifts without locks and requests, which other systems have no place for."""
    return tuple(
        shift.model_copy(
            update={
                "is_locked": False,
                "activities": tuple(
                    one.model_copy(update={"activity_id": ""}) for one in shift.activities
                ),
            }
        )
        for shift in shifts
    )


@MANY
@given(data=st.data())
def test_the_long_csv_is_the_same_schedule(data, strategies, back):
    case = data.draw(strategies.schedules())
    assert back(case, "csv").shifts == case.schedule.shifts


@MANY
@given(data=st.data())
def test_the_document_is_the_same_schedule(data, strategies, back):
    case = data.draw(strategies.schedules())
    assert back(case, "json").shifts == case.schedule.shifts


@MANY
@given(data=st.data())
def test_calendars_are_the_same_schedule(data, strategies, back):
    case = data.draw(strategies.schedules())
    assert back(case, "ics").shifts == case.schedule.shifts
    if case.schedule.shifts:
        assert back(case, "ics", files="site_*").shifts == case.schedule.shifts


@FEW
@given(data=st.data())
def test_the_planner_s_workbook_is_the_same_schedule(data, strategies, back):
    case = data.draw(strategies.schedules())
    assert back(case, "xlsx").shifts == case.schedule.shifts


@MANY
@given(data=st.data())
def test_teams_gives_the_same_schedule_but_for_locks_and_requests(
    data, strategies, back, synthetic
):
    case = data.draw(strategies.schedules(teams=("Blue", "Red")))
    ids = synthetic.ids(Order(case.problem, case.schedule), "teams")
    assert back(case, "teams", ids=ids).shifts == without(case.schedule.shifts)


@pytest.mark.parametrize(("name", "file"), [("csv", "schedule.csv"), ("json", "schedule.json")])
@MANY
@given(data=st.data())
def test_what_was_told_comes_back_with_revisions_and_cancellations(
    data, strategies, tmp_path, name, file
):
    case = data.draw(strategies.schedules(is_revised=True))
    before = told_shifts([case.previous])
    told = dated_shifts(case.schedule, before)
    path = tmp_path / file
    path.write_bytes(exported(name, Order(case.problem, case.schedule, told=before))[0][file])
    read = read_told(path, case.problem.agents, case.schedule.timezone)
    assert [(d.shift.shift_id, d.revision, d.state, d.shift.start, d.shift.end, d.shift.shift_date)
            for d in read] == [
        (d.shift.shift_id, d.revision, d.state, d.shift.start, d.shift.end, d.shift.shift_date)
        for d in told
    ]  # fmt: skip
    standing = [d.shift for d in read if d.state != "cancelled"]
    assert standing == [d.shift for d in told if d.state != "cancelled"]
