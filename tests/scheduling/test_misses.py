"""Tests for wfplan.scheduling.terms.misses: what a plan could not do, in words."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from wfplan.domain.people import Availability
from wfplan.scheduling import evaluate
from wfplan.scheduling.team.team import assemble
from wfplan.scheduling.terms.misses import describe_misses


def misses(bench, people, *, present=(), **changes):
    """The misses of a plan in which the people of ``present`` are on queue all day."""
    problem = bench.plan(people, ("voice", "chat"), timezone="UTC")
    need = bench.need(problem.horizon(bench.MONDAY, 1), ("voice", "chat"), presence=1.0)
    team = assemble(problem, replace(need, **{k: v(need) for k, v in changes.items()}))
    coverage = team.coverage(0.0)
    slots = np.arange(team.grid.lead, team.grid.lead + team.grid.horizon.slot_count)
    for i in present:
        coverage.add(team.members[i].kinds[0], slots)
    return describe_misses(team, coverage)


def floor_at(hours, wanted, kind="promise"):
    """A floor in some hours of voice."""

    def required(need):
        table = np.zeros(need.harm.shape[:2])
        table[0, hours] = wanted
        return table

    def binding(need):
        names = np.full(need.harm.shape[:2], "none", dtype="<U12")
        names[0, hours] = kind
        return names

    return {"staff_required": required, "binding": binding}


def test_a_plan_that_reaches_everything_has_no_misses(bench):
    assert misses(bench, [bench.agent("P1", timezone="UTC")]) == ()


def test_a_missed_floor_says_where_how_much_and_why(bench):
    people = [bench.agent("P1", timezone="UTC"), bench.agent("P2", timezone="UTC")]
    lines = misses(bench, people, present=[0], **floor_at([9, 10, 11], [1.0, 2.5, 2.0]))
    assert len(lines) == 1
    assert lines[0].startswith(
        "voice: promise floor missed in 2 of 3 intervals, 2.5 staff-hours in all; "
        "worst Mon 02 Nov 10:00, 1.5 short of 2.5 (2 people "
    )


def test_the_hours_of_one_floor_are_not_counted_for_another(bench):
    first, second = floor_at([9, 10], 2.0, "promise"), floor_at([9, 10, 11, 12], 2.0)

    def binding(need):
        names = second["binding"](need)
        names[0, [9, 10]] = "occupancy"
        return names

    changes = {"staff_required": second["staff_required"], "binding": binding}
    lines = misses(bench, [bench.agent("P1", timezone="UTC")], **changes)
    assert [line.split(", ")[0] for line in lines] == [
        "voice: occupancy floor missed in 2 of 2 intervals",
        "voice: promise floor missed in 2 of 2 intervals",
    ]
    assert first["binding"](bench.need(assemble_horizon(bench), ("voice", "chat")))[0, 9]


def assemble_horizon(bench):
    return bench.plan([]).horizon(bench.MONDAY, 1)


def test_people_who_cannot_serve_the_channel_are_no_reason_given(bench):
    """Only the chat agent could be there, and she does not serve voice."""
    away = tuple(
        Availability(kind="unavailable", weekday=d, start_min=0, end_min=1440) for d in range(7)
    )
    people = [
        bench.agent("P1", "voice", timezone="UTC", availability=away),
        bench.agent("P2", "chat", timezone="UTC"),
    ]
    (line,) = misses(bench, people, **floor_at([10], 1.0))
    assert "nobody's contract, availability and skills allow that hour" in line


def test_missing_heads_and_missing_empowered_people_have_lines_of_their_own(bench):
    def least(need):
        table = np.zeros(need.harm.shape[:2])
        table[1, 8:10] = 1.0
        return table

    def empowered(need):
        return np.where(np.arange(24) == 12, 2.0, 0.0)

    people = [
        bench.agent("P1", "chat", "empowered", timezone="UTC"),
        bench.agent("P2", "chat", timezone="UTC"),
    ]
    lines = misses(bench, people, staff_min=least, empowered_min=empowered)
    assert lines[0].startswith("chat: least heads missed in 2 of 2 intervals, 2.0 staff-hours")
    assert lines[1].startswith("empowered people on duty missed in 1 of 1 intervals")
    assert "(1 person may work that hour" in lines[1]


def test_less_than_a_tenth_of_a_staff_hour_in_all_is_no_miss(bench):
    person = [bench.agent("P1", timezone="UTC")]
    assert misses(bench, person, present=[0], **floor_at([10], 1.09)) == ()
    assert len(misses(bench, person, present=[0], **floor_at([10], 1.11))) == 1


@pytest.mark.parametrize(("monday", "wall"), [("SPRING", "02:00"), ("AUTUMN", "01:00")])
def test_the_worst_hour_is_told_in_wall_time_over_a_clock_change(bench, monday, wall):
    monday = getattr(bench, monday)
    problem = bench.plan([bench.agent("P1")])
    horizon = problem.horizon(monday + timedelta(days=6), 1)
    need = bench.need(horizon, floor=0.0)
    hour = 1 if wall == "02:00" else 2  # the second hour of spring, the third of autumn
    required = np.zeros((1, horizon.interval_count))
    required[0, hour] = 3.0
    need = replace(need, staff_required=required, binding=np.where(required > 0, "promise", "none"))
    (line,) = evaluate(problem, need, empty(problem, horizon)).misses
    assert f" {wall}, 3.0 short of 3.0" in line


def empty(problem, horizon):
    from wfplan.domain.schedule import Schedule

    return Schedule(
        schedule_id="empty",
        timezone=problem.timezone,
        first_day=horizon.first_day,
        days=horizon.days,
    )
