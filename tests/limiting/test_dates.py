"""Limits that begin or end inside the planned week hold for all of it, for planner and audit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from wfplan.rules import AgentWeek, rules_of
from wfplan.rules.registry import work_limits

LONG = [(0, "08:00", 540)]
SHORT = [(0, "08:00", 480)]


def days(past, first, last):
    """Dates of validity, by days of the planned week; None where it is open."""
    start = past.first_day
    return {
        "valid_from": None if first is None else start + timedelta(days=first),
        "valid_to": None if last is None else start + timedelta(days=last),
    }


def is_kept(bench, problem, specs):
    """What both faces of the day's hours say of a week; they must say the same."""
    agent = problem.agents[0]
    horizon = problem.horizon(bench.MONDAY)
    shifts = [bench.make_shift(spec) for spec in specs]
    week = AgentWeek.of(problem, agent, horizon, shifts)
    found = [breach for rule in rules_of(problem, agent, horizon.dates)
             if rule.name == "paid_time_day" for breach in rule.breaches(week)]  # fmt: skip
    assert bench.admits(work_limits(problem, agent, horizon), shifts) is not bool(found)
    return not found


@pytest.mark.parametrize(
    ("first", "last", "is_in_force"),
    [
        (None, None, True),
        (6, None, True),  # from the last date on
        (7, None, False),  # from the next week on
        (None, 0, True),  # up to the first date
        (None, -1, False),  # up to the eve
        (2, 3, True),
    ],
)
def test_a_row_in_force_on_a_date_of_the_week_holds_for_all_of_it(
    bench, past_of, row, first, last, is_in_force
):
    dated = row("max_hours_per_day", 8, **days(past_of(), first, last))
    problem, _ = past_of(dated).known()
    assert is_kept(bench, problem, SHORT)
    assert is_kept(bench, problem, LONG) is not is_in_force


@pytest.mark.parametrize(("before", "after"), [(8, 9), (9, 8)])
def test_of_two_rows_that_follow_each_other_inside_the_week_the_stricter_holds(
    bench, past_of, row, before, after
):
    rows = [
        row("max_hours_per_day", before, **days(past_of(), None, 2)),
        row("max_hours_per_day", after, constraint_id="C2", **days(past_of(), 3, None)),
    ]
    problem, _ = past_of(*rows).known()
    assert is_kept(bench, problem, SHORT)
    assert not is_kept(bench, problem, LONG)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (3, None, "C1 begins on 2026-11-05"),
        (None, 3, "C1 ends before 2026-11-06"),
        (1, 3, "C1 holds from 2026-11-03 to 2026-11-05 only"),
        (0, 6, ""),
        (-7, None, ""),
        (7, None, ""),
    ],
)
def test_it_is_said_where_a_row_begins_or_ends_inside_the_week(past_of, row, first, last, words):
    past = past_of()
    dated = row("max_hours_per_day", 8, **days(past, first, last))
    past.problem = past.problem.model_copy(update={"constraints": (dated,)})
    problem, _ = past.known()
    said = [one.reason for one in problem.warnings if "of several rows" in one.reason]
    assert said == (
        [f"{words}: held from 2026-11-02 to 2026-11-08, of several rows the stricter"]
        if words
        else []
    )
