"""Tests for wfplan.intake.loads: the overload ledger of earlier weeks."""

from datetime import date

import pytest

from wfplan.errors import InputFaultsError
from wfplan.intake import load_plan

HEAD = "agent_id,date,overload_min,acute_min,chronic_min,high_intensity_min\n"


@pytest.fixture
def carried(plan_folder):
    """A plan folder with an overload table of given rows, and its problem."""

    def made(rows, head=HEAD):
        folder = plan_folder()
        plan = folder / "plan.toml"
        text = plan.read_text(encoding="utf-8")
        text = text.replace("[inputs]", '[inputs]\noverload = "overload.csv"', 1)
        plan.write_text(text, encoding="utf-8")
        (folder / "overload.csv").write_text(head + rows, encoding="utf-8")
        return load_plan(folder)

    return made


def test_entries_of_a_run_folder_are_read_as_they_are(carried):
    problem = carried("A001,2026-02-26,60,41.5,30.25,45\nA001,2026-02-27,0,36,29.5,\n")
    first, last = problem.past_loads_of["A001"]
    assert (first.day, first.acute_min, first.hard_min) == (date(2026, 2, 26), 41.5, 45.0)
    assert (last.chronic_min, last.hard_min) == (29.5, 0.0)


def test_people_who_left_are_left_out_and_said(carried):
    problem = carried("GONE,2026-02-27,60,41,30,0\n")
    assert problem.past_loads == ()
    assert any("'GONE' is not in the agents table" in str(w) for w in problem.warnings)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("A001,2026-02-27,1,2,3,0\nA001,2026-02-27,1,2,3,0\n", "two entries on 2026-02-27"),
        ("A001,2036-10-18,1,2,3,0\n", "2036-10-18 is in the future"),
        ("A001,2026-02-27,1,-2,3,0\n", "acute_min"),
        ("A001,2026-02-27,1,,3,0\n", "acute_min"),
    ],
)
def test_what_cannot_be_is_refused(carried, rows, message):
    with pytest.raises(InputFaultsError, match=message):
        carried(rows)
