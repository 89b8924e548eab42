"""Properties: any schedule, exported and read back, is the same schedule."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wfplan.export import exported
from wfplan.store import read_shifts

FEW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.slow
@FEW
@given(data=st.data())
def test_the_long_csv_is_the_same_schedule(data, strategies, tmp_path):
    case = data.draw(strategies.schedules())
    path = tmp_path / "schedule.csv"
    path.write_bytes(exported("csv", case.problem, case.schedule)["schedule.csv"])
    assert read_shifts(path, case.problem.agents) == case.schedule.shifts
