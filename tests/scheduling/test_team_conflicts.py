"""Tests for wfplan.scheduling.team_conflicts: rules that couple people and leave no plan."""

from datetime import timedelta

import pytest

from wfplan.domain.people import TimeOff
from wfplan.domain.problem import RuleSetting
from wfplan.domain.schedule import LockedShift
from wfplan.scheduling import find_conflicts


def rule(name, value, unit, **more):
    return RuleSetting(rule=name, value=value, unit=unit, **more)


def lock(bench, agent_id, day, clock="", minutes=240):
    on = bench.MONDAY + timedelta(days=day)
    if not clock:
        return LockedShift(agent_id=agent_id, day=on)
    start = bench.at(day, clock)
    end = start + timedelta(minutes=minutes)
    return LockedShift(agent_id=agent_id, day=on, start=start, end=end)


def cases(bench):
    """A name, a plan without any plan for the team, the rules in the way."""
    plain = bench.contract(
        longest_min=240, shortest_min=240, break_tiers=(), work_days_max=1, start_window=(480, 480)
    )
    work = {"contracts": {"any": plain}}
    two = [bench.agent("P1"), bench.agent("P2")]
    off = TimeOff(start=bench.at(0, "00:00"), end=bench.at(7, "00:00"))
    both = [lock(bench, name, 0, "08:00") for name in ("P1", "P2")]
    return {
        "seats": (
            bench.plan(two, locks=both, plan_rules=[rule("seats_max", 1, "seats")], **work),
            ["seats_max", "locked", "locked"],
        ),
        "apart": (
            bench.plan(
                two, locks=both, plan_rules=[rule("pairing", 1, "apart", of=("P1", "P2"))], **work
            ),
            ["pairing", "locked", "locked"],
        ),
        "absences": (
            bench.plan(
                [bench.agent(name, time_off=(off,)) for name in ("P1", "P2", "P3")],
                plan_rules=[rule("time_off_limit", 2, "people")], **work,
            ),
            ["time_off_limit", "time_off", "time_off", "time_off"],
        ),
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", ["seats", "apart", "absences"])
def test_the_rule_is_named_with_the_rows_of_people_that_it_meets(bench, name):
    problem, rules = cases(bench)[name]
    horizon = problem.horizon(bench.MONDAY, 7)
    (conflict,) = find_conflicts(problem, horizon)
    assert [one.rule for one in conflict.members] == rules
    assert conflict.is_irreducible
    assert conflict.relaxations
    assert all(one.is_verified for one in conflict.relaxations)


@pytest.mark.slow
def test_without_any_of_the_members_there_is_a_plan(bench):
    problem, _ = cases(bench)["seats"]
    horizon = problem.horizon(bench.MONDAY, 7)
    for gone in ({"locks": problem.locks[:1]}, {"locks": problem.locks[1:]}, {"plan_rules": ()}):
        assert find_conflicts(problem.model_copy(update=gone), horizon) == ()


@pytest.mark.slow
def test_the_cheapest_way_out_is_one_lock_or_one_seat(bench):
    problem, _ = cases(bench)["seats"]
    (conflict,) = find_conflicts(problem, problem.horizon(bench.MONDAY, 7))
    texts = [one.text for one in conflict.relaxations]
    assert texts[0] == "release the lock of Monday 2 November 08:00-12:00 of P1"
    assert "let seats_max be 2 seats instead of 1 seat" in texts
