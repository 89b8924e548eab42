"""Tests for wfplan.scheduling.conflict.locks: locks that no week can hold are refused."""

from datetime import timedelta

import pytest

from wfplan.domain.people import Skill, TimeOff
from wfplan.domain.problem import RuleSetting
from wfplan.domain.schedule import LockedShift, PastShift
from wfplan.errors import InfeasibleError
from wfplan.scheduling.conflict import refused_locks, require_locks

REST = RuleSetting(rule="daily_rest", value=11, unit="hours", source="EU, Art. 3")


def lock(bench, agent_id, day, clock, minutes=480):
    start = bench.at(day, clock)
    return LockedShift(
        agent_id=agent_id,
        day=bench.MONDAY + timedelta(days=day),
        start=start,
        end=start + timedelta(minutes=minutes),
    )


def refused(bench, people, locks, **more):
    problem = bench.plan(people, locks=locks, plan_rules=(REST,), **more)
    return refused_locks(problem, problem.horizon(bench.MONDAY, 7))


def test_a_lock_too_soon_after_the_history_is_refused_with_the_shift(bench):
    past = PastShift(agent_id="P1", start=bench.at(-1, "22:00"), end=bench.at(0, "06:00"))
    (one,) = refused(
        bench, [bench.agent("P1")], [lock(bench, "P1", 0, "09:00")], past_shifts=[past]
    )
    assert one.text == (
        "P1: the lock of Monday 2 November 09:00-17:00: 11 h of rest between two shifts, after "
        "the shift of the history that ended Monday 2 November 06:00 (daily_rest_from_history)"
    )


def test_a_lock_inside_time_off_is_refused_with_the_time_off(bench):
    off = TimeOff(start=bench.at(1, "00:00"), end=bench.at(3, "00:00"))
    person = bench.agent("P1", time_off=(off,))
    (one,) = refused(bench, [person], [lock(bench, "P1", 2, "09:00")])
    assert [member.rule for member in one.members] == ["locked", "time_off"]
    assert one.text.endswith("the time off of 3-4 November (time_off)")


def test_a_lock_on_a_date_without_a_skill_is_refused(bench):
    skill = Skill(skill="voice", valid_to=bench.MONDAY + timedelta(days=1))
    person = bench.agent("P1").model_copy(update={"skills": (skill,)})
    (one,) = refused(bench, [person], [lock(bench, "P1", 4, "09:00")])
    assert one.text.endswith(
        "she may work only with voice to Tuesday 3 November (skill_required_from_skill)"
    )


def test_locks_that_cannot_stand_together_are_refused_together(bench):
    locks = [lock(bench, "P1", 0, "14:00"), lock(bench, "P1", 1, "07:00")]
    (one,) = refused(bench, [bench.agent("P1")], locks)
    assert one.locks == tuple(locks)
    assert one.text.endswith("11 h of rest between two shifts (daily_rest)")


def test_all_refused_locks_are_told_at_once(bench):
    off = TimeOff(start=bench.at(1, "00:00"), end=bench.at(3, "00:00"))
    people = [bench.agent(name, time_off=(off,)) for name in ("P1", "P2", "P3")]
    locks = [lock(bench, "P1", 1, "09:00"), lock(bench, "P2", 2, "09:00"),
             lock(bench, "P3", 4, "09:00")]  # fmt: skip
    problem = bench.plan(people, locks=locks)
    with pytest.raises(InfeasibleError, match=r"^2 locks break a hard rule:\nP1: .*\nP2: .*\nRele"):
        require_locks(problem, problem.horizon(bench.MONDAY, 7))


def test_locks_that_can_stand_pass_whatever_hours_ask(bench):
    """Hours that cannot be reached are no fault of a lock."""
    person = bench.agent("P1", min_hours_week=40, contract_hours_week=40, max_hours_week=40)
    work = {"contracts": {"any": bench.contract(work_days_max=2)}}
    assert refused(bench, [person], [lock(bench, "P1", 0, "09:00")], **work) == ()
