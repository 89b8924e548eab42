"""Missing history is loud: for everybody, and for those who have gaps; nobody is named."""

from __future__ import annotations

from datetime import timedelta

import pytest

from wfplan.domain.people import TimeOff

PEOPLE = [f"A{n:03}" for n in range(1, 9)]
WEEKS = 4


def weeks_of(past, agent_id, weeks):
    """A shift on the Wednesday of each of some weeks before the planned one."""
    return [past.worked(agent_id, past.day(7 * week - 2)) for week in weeks]


def everybody(past, but=()):
    return [
        shift
        for agent_id in PEOPLE
        if agent_id not in but
        for shift in weeks_of(past, agent_id, range(1, WEEKS + 1))
    ]


def said(problem):
    return [str(one) for one in problem.warnings if one.code == "HR301"]


def gap_of(problem):
    """The warning of people's gaps, of which there is one at most."""
    found = [one for one in said(problem) if "employed in the" in one]
    return found[0] if found else ""


def with_agent(past, agent_id, **more):
    agents = tuple(
        agent.model_copy(update=more) if agent.agent_id == agent_id else agent
        for agent in past.problem.agents
    )
    past.problem = past.problem.model_copy(update={"agents": agents})


def test_a_whole_history_leaves_nothing_but_what_it_is_too_short_for(past):
    problem, _ = past.known(everybody(past))
    assert gap_of(problem) == ""
    assert ["4 weeks before 2026-03-02 are known" in one for one in said(problem)] == [True]


@pytest.mark.parametrize(
    ("weeks", "gap"),
    [
        ((), "1 has no shifts at all"),
        ((1, 2), "1 has shifts that begin later than those of others"),
        ((3, 4), "1 has shifts that stop before the planned week"),
        ((1, 2, 4), "1 has whole weeks without a shift in between"),
        ((2, 3, 4), "1 has shifts that stop before the planned week"),
        ((1, 2, 3, 4), ""),
    ],
)
def test_a_gap_of_one_person_is_counted_and_nobody_named(past, weeks, gap):
    problem, _ = past.known([*everybody(past, ["A003"]), *weeks_of(past, "A003", weeks)])
    found = gap_of(problem)
    assert gap in found if gap else found == ""
    assert "A003" not in found
    assert not gap or "of 8 people employed in the 4 weeks before" in found


def test_several_people_with_several_gaps_stand_in_one_line(past):
    history = [*everybody(past, ["A001", "A002", "A003"]), *weeks_of(past, "A003", (2, 4))]
    found = gap_of(past.known(history)[0])
    assert "2 have no shifts at all" in found
    assert "1 has shifts that stop before the planned week" in found
    assert "1 has whole weeks without a shift in between" in found


def test_who_was_hired_last_week_needs_no_history_before(past):
    with_agent(past, "A003", hire_date=past.day(5))
    assert gap_of(past.known(everybody(past, ["A003"]))[0]) == ""
    with_agent(past, "A003", hire_date=past.day(7))
    assert "1 has no shifts at all" in gap_of(past.known(everybody(past, ["A003"]))[0])


def test_a_staff_that_begins_with_the_week_is_not_warned_at_all(past):
    for agent_id in PEOPLE:
        with_agent(past, agent_id, hire_date=past.first_day)
    assert said(past.known()[0]) == []


@pytest.mark.parametrize(("days", "is_explained"), [(5, True), (4, False)])
def test_approved_time_off_explains_a_week_without_a_shift(past, days, is_explained):
    monday = past.day(14)
    off = TimeOff(
        start=past.worked("A003", monday, "00:00").start,
        end=past.worked("A003", monday + timedelta(days=days), "00:00").start,
        status="approved",
        is_paid=True,
    )
    with_agent(past, "A003", time_off=(off,))
    history = [*everybody(past, ["A003"]), *weeks_of(past, "A003", (1, 3, 4))]
    assert (gap_of(past.known(history)[0]) == "") is is_explained


def test_what_the_store_knows_is_no_gap(past):
    for week in range(1, WEEKS + 1):
        past.publish(week, [past.told("A003", past.day(7 * week - 2))])
    assert gap_of(past.known(everybody(past, ["A003"]))[0]) == ""


def test_without_any_shift_one_line_says_so(past):
    (line,) = said(past.known()[0])
    assert "no shifts of past weeks are known" in line
    assert "paid_time_period (16)" in line
