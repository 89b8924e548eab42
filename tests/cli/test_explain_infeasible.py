"""Tests for ``wfplan explain PLAN infeasible``."""

import pytest

HEADER = "agent_id,kind,weekday,date,start_time,end_time,weight,valid_from,valid_to"


@pytest.fixture
def stuck(plan_folder):
    """A plan in which one person cannot reach her hours."""
    folder = plan_folder()
    (folder / "locks.csv").write_text("agent_id,date,start,end\n", encoding="utf-8")
    rows = [f"A001,unavailable,{day},,00:00,24:00,,," for day in ("mon", "tue", "wed", "thu")]
    (folder / "availability.csv").write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return folder


def test_the_smallest_set_and_the_ways_out_are_told_without_planning(wfplan, stuck, plan_week):
    said = wfplan("explain", str(stuck), "infeasible", "--week", plan_week.isoformat(), "--quiet")
    assert said.code == 0
    assert said.out.startswith("1 person has no legal week under the hard rules.\n\nA001\n")
    assert "without any one of them there is one (proven, " in said.out
    assert "  1. lower min_hours_week of A001 from 35 to " in said.out
    assert "[agents.csv; " in said.out
    assert not (stuck / "runs").exists()


def test_json_carries_members_and_changes(wfplan, stuck, plan_week):
    said = wfplan("explain", str(stuck), "infeasible", "--week", plan_week.isoformat(), "--json")
    result = said.object["result"]
    (conflict,) = result["conflicts"]
    assert not result["is_feasible"]
    assert conflict["agent_ids"] == ["A001"]
    assert {one["rule"] for one in conflict["members"]} >= {"paid_time_week", "availability"}
    (change,) = conflict["relaxations"][0]["changes"]
    assert (change["where"], change["field"], change["before"]) == (
        "agents.csv", "min_hours_week", "35",
    )  # fmt: skip


def test_a_plan_without_a_conflict_says_so(wfplan, plan_folder, plan_week):
    said = wfplan("explain", str(plan_folder()), "infeasible", "--week", plan_week.isoformat())
    assert (said.code, said.out) == (0, "Everybody has a legal week: no conflict.\n")


def test_a_topic_that_there_is_not_is_refused_with_those_that_there_are(wfplan, plan_folder):
    said = wfplan("explain", str(plan_folder()), "infeasibel")
    assert said.code == 2
    assert "did you mean 'infeasible'?" in said.err
