"""Tests for wfplan.scheduling.team.decode: from weeks to shifts and back to slots."""

from datetime import timedelta

import numpy as np
import pytest

from wfplan.domain.contracts import Break, BreakTier
from wfplan.domain.progress import Stop, no_watch
from wfplan.domain.schedule import ActivityCategory, LockedShift
from wfplan.scheduling.search.search import Search
from wfplan.scheduling.team.decode import queue_slots, schedule_of
from wfplan.scheduling.team.oracle import week_of
from wfplan.scheduling.team.team import assemble


def planned(bench, seed):
    rng = np.random.default_rng(seed)
    problem, horizon = bench.random_plan(rng)
    search = Search(assemble(problem, bench.random_need(rng, problem, horizon)), seed)
    search.settle(Stop(passes=2), no_watch)
    return problem, search.team, search.weeks


@pytest.mark.parametrize("seed", range(8))
def test_slots_survive_the_way_to_a_schedule_and_back(bench, seed):
    problem, team, weeks = planned(bench, seed)
    schedule = schedule_of(problem, team, weeks)
    by_agent = schedule.by_agent()
    for member, week in zip(team.members, weeks, strict=True):
        shifts = by_agent.get(member.agent_id, [])
        slots = [queue_slots(team.grid, shift) for shift in shifts]
        back = np.concatenate(slots) if slots else np.zeros(0, dtype=np.int64)
        assert back.tolist() == week.on_queue.tolist()


@pytest.mark.parametrize("seed", range(8))
def test_activities_tile_the_shift_with_each_break_in_its_window(bench, seed):
    problem, team, weeks = planned(bench, seed)
    for shift in schedule_of(problem, team, weeks).shifts:
        person = next(a for a in problem.agents if a.agent_id == shift.agent_id)
        length = int((shift.end - shift.start).total_seconds()) // 60
        due = problem.contract_of(person).breaks_of(length)
        taken = [a for a in shift.activities if a.category is not ActivityCategory.WORK]
        assert bench.tiles(shift.activities)
        assert [(a.code, a.minutes, a.is_paid) for a in taken] == [
            (b.kind.upper(), b.length_min, b.is_paid) for b in due
        ]
        for rest, activity in zip(due, taken, strict=True):
            after = (activity.start - shift.start).total_seconds() / 60
            before = (shift.end - activity.end).total_seconds() / 60
            assert rest.earliest_min <= after <= rest.latest_min
            assert before >= rest.before_end_min
        assert shift.paid_min == problem.contract_of(person).paid_min(length)


def night(bench, monday, day, hours=8, tiers=()):
    """One locked night shift from ten in the evening, decoded."""
    start = bench.at(day, "22:00", monday=monday)
    problem = bench.plan(
        [bench.agent("P1")],
        contracts={
            "any": bench.contract(
                shortest_min=60 * hours, longest_min=60 * hours, break_tiers=tiers
            )
        },
        site="Dublin Docks!",
        locks=[
            LockedShift(
                agent_id="P1",
                day=monday + timedelta(days=day),
                start=start,
                end=start + timedelta(hours=hours),
            )
        ],
    )
    team = assemble(problem, bench.need(problem.horizon(monday, 7)))
    middle = [1] if tiers else []
    member = team.members[0]
    option = int(member.space.day_ptr[day])
    (shift,) = schedule_of(problem, team, [week_of(member, [(option, middle)])]).shifts
    return shift, team


@pytest.mark.parametrize(
    ("monday", "day", "wall_end"),
    [
        ("MONDAY", 2, "06:00"),
        ("SPRING", 5, "07:00"),
        ("AUTUMN", 5, "05:00"),
        ("MONDAY", 6, "06:00"),
    ],
)
def test_a_night_lasts_its_elapsed_hours_and_belongs_to_its_evening(bench, monday, day, wall_end):
    monday = getattr(bench, monday)
    shift, team = night(bench, monday, day)
    assert shift.shift_date == monday + timedelta(days=day)
    assert shift.shift_id == f"dublin-docks-P1-{shift.shift_date:%Y%m%d}-1"
    assert shift.end - shift.start == timedelta(hours=8)
    assert team.grid.horizon.local(shift.end).strftime("%H:%M") == wall_end
    assert shift.is_locked


@pytest.mark.parametrize(
    ("earliest", "kinds"), [(0, ["REST", "ON_QUEUE"]), (465, ["ON_QUEUE", "REST"])]
)
def test_a_break_at_the_edge_of_a_shift_leaves_no_empty_work(bench, earliest, kinds):
    rest = Break(
        kind="rest",
        length_min=15,
        is_paid=True,
        earliest_min=earliest,
        latest_min=earliest,
        before_end_min=0,
    )
    work = bench.contract(
        shortest_min=480, longest_min=480, break_tiers=(BreakTier(over_h=4, breaks=(rest,)),)
    )
    problem = bench.plan([bench.agent("P1")], contracts={"any": work})
    team = assemble(problem, bench.need(problem.horizon(bench.MONDAY, 1)))
    first = int(team.members[0].space.lengths.break_slots[0, 0, 1])
    week = week_of(team.members[0], [(0, [first])])
    (shift,) = schedule_of(problem, team, [week]).shifts
    assert [activity.code for activity in shift.activities] == kinds
    assert queue_slots(team.grid, shift).tolist() == week.on_queue.tolist()


def test_the_schedule_is_named_by_site_and_week_and_sorted(bench):
    problem, team, weeks = planned(bench, 2)
    schedule = schedule_of(problem, team, weeks)
    first = team.grid.horizon.first_day
    assert schedule.schedule_id == f"small-centre-{first:%G-W%V}"
    keys = [(shift.agent_id, shift.start) for shift in schedule.shifts]
    assert keys == sorted(keys)
    assert len({shift.shift_id for shift in schedule.shifts}) == len(keys)
    assert schedule.days == 7


def test_a_site_without_a_letter_still_has_a_name(bench):
    problem, team, weeks = planned(bench, 2)
    named = schedule_of(problem.model_copy(update={"site": "***"}), team, weeks)
    assert named.schedule_id.startswith("plan-")
