"""Tests of kept plans: what stands, what has happened, and what a change costs."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from wfplan.domain.activities import ActivityRequest
from wfplan.domain.change_price import change_price
from wfplan.domain.progress import Stop
from wfplan.domain.published import Change, Consent, Published, change_between
from wfplan.domain.schedule import ActivityCategory, LockedShift
from wfplan.evaluation import audit, kept_changes
from wfplan.horizon import wall_instant
from wfplan.scheduling import evaluate, solve
from wfplan.staffing import with_scenario

ZONE = "Europe/Dublin"


def told(bench, seed, monday=None, people=6):
    """A small centre whose week has been planned, its need and the plan."""
    monday = monday or bench.MONDAY
    long = bench.contract(shortest_min=360, longest_min=480, length_step_min=60)
    agents = [bench.agent(f"A{i}") for i in range(people)]
    problem = bench.plan(agents, contracts={"any": long}, interval_min=60)
    horizon = problem.horizon(monday)
    need = bench.need(horizon, rng=np.random.default_rng(seed), staff=5)
    return problem, need, solve(problem, need, stop=Stop(passes=3), seed=seed)


def kept(problem, plan, **more):
    """The problem that begins with a plan."""
    published = Published(schedule=plan.schedule, is_kept=True, asked=plan.asked, **more)
    return problem.model_copy(update={"published": published})


def moment(day, minute):
    return wall_instant(day, minute, ZONE)


def raised(need, by=1.5):
    """A need with more harm wherever staff are few."""
    return replace(need, harm=need.harm * by, volume=need.volume * by)


def mondays(bench):
    return (bench.MONDAY, bench.SPRING, bench.AUTUMN)


@pytest.mark.parametrize("seed", range(4))
def test_nothing_changes_where_nothing_has_changed(bench, seed):
    problem, need, plan = told(bench, seed)
    again = solve(kept(problem, plan), need, seed=seed + 7)
    assert again.schedule.shifts == plan.schedule.shifts


@pytest.mark.parametrize("seed", range(3))
def test_nothing_changes_in_the_middle_of_the_week_either(bench, seed):
    problem, need, plan = told(bench, seed)
    as_of = moment(bench.MONDAY + timedelta(days=2), 11 * 60)
    again = solve(kept(problem, plan, as_of=as_of, told=as_of), need, seed=seed)
    assert again.schedule.shifts == plan.schedule.shifts


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("week", range(3))
def test_what_lies_before_the_moment_stays_to_the_letter(bench, seed, week):
    monday = mondays(bench)[week]
    problem, need, plan = told(bench, seed, monday)
    as_of = moment(monday + timedelta(days=6 if week else 3), 11 * 60)
    again = solve(kept(problem, plan, as_of=as_of, told=as_of), raised(need), seed=seed)
    before = [one for s in plan.schedule.shifts for one in s.activities if one.end <= as_of]
    after = [one for s in again.schedule.shifts for one in s.activities if one.end <= as_of]
    assert before == after
    begun = {s.shift_id: s.start for s in plan.schedule.shifts if s.start < as_of}
    assert begun == {s.shift_id: s.start for s in again.schedule.shifts if s.start < as_of}
    assert not audit(problem, need.horizon, again.schedule, need).hard_breaches


def test_somebody_absent_in_the_middle_of_her_shift_keeps_what_she_did(bench):
    problem, need, plan = told(bench, 1)
    shift = next(s for s in plan.schedule.shifts if s.shift_date > bench.MONDAY)
    as_of = shift.start + timedelta(hours=2)
    begun = with_scenario(
        kept(problem, plan, as_of=as_of, told=as_of),
        [f"absent={shift.agent_id}@{shift.shift_date}"],
    )
    again = solve(begun, need)
    (left,) = [s for s in again.schedule.shifts if s.shift_id == shift.shift_id]
    assert left.activities == shift.until(as_of).activities
    assert left.end == as_of
    (row,) = [
        r
        for r in kept_changes(begun, again.schedule)
        if (r.agent_id, r.day) == (shift.agent_id, shift.shift_date)
    ]
    assert (row.because, row.price, row.what) == ("absent", 0.0, Change.SHORTER)
    assert not audit(begun, need.horizon, again.schedule, need).hard_breaches


def test_the_dates_of_somebody_absent_are_free_and_others_are_not(bench):
    problem, need, plan = told(bench, 2)
    day = plan.schedule.shifts[0].shift_date
    who = plan.schedule.shifts[0].agent_id
    away = with_scenario(kept(problem, plan), [f"absent={who}@{day}"])
    agent = next(a for a in away.agents if a.agent_id == who)
    assert change_price(away, agent, day) == 0
    assert change_price(away, agent, day + timedelta(days=1)) > 0
    again = solve(away, need)
    assert not [s for s in again.schedule.shifts if (s.agent_id, s.shift_date) == (who, day)]


def test_a_shift_over_midnight_that_runs_keeps_its_start(bench):
    night = bench.contract(start_window=(1200, 1320), longest_min=480, shortest_min=360)
    problem = bench.plan([bench.agent(f"A{i}") for i in range(3)], contracts={"any": night})
    horizon = problem.horizon(bench.MONDAY)
    need = bench.need(horizon, rng=np.random.default_rng(3), staff=3)
    plan = solve(problem, need, stop=Stop(passes=3))
    running = next(s for s in plan.schedule.shifts if s.shift_date > bench.MONDAY)
    as_of = moment(running.shift_date + timedelta(days=1), 60)
    assert running.start < as_of < running.end
    again = solve(kept(problem, plan, as_of=as_of, told=as_of), raised(need))
    (now,) = [s for s in again.schedule.shifts if s.shift_id == running.shift_id]
    assert now.start == running.start
    assert now.until(as_of).activities == running.until(as_of).activities


def test_locks_stay_whatever_else_changes(bench):
    problem, need, plan = told(bench, 4)
    first = plan.schedule.shifts[0]
    lock = LockedShift(
        agent_id=first.agent_id, day=first.shift_date, start=first.start, end=first.end
    )
    locked = kept(problem, plan).model_copy(update={"locks": (lock,)})
    again = solve(locked, raised(need, 3.0))
    (now,) = [s for s in again.schedule.shifts if s.shift_id == first.shift_id]
    assert (now.start, now.end) == (first.start, first.end)


def test_a_change_costs_less_with_notice_but_never_less_than_the_floor(bench):
    problem, _, plan = told(bench, 0)
    agent, day = problem.agents[0], bench.MONDAY
    prices = [
        change_price(kept(problem, plan, told=moment(day - timedelta(days=n), 720)), agent, day)
        for n in range(31)
    ]
    assert prices == sorted(prices, reverse=True)
    goals = problem.objective
    assert prices[0] == goals.change_per_day
    assert prices[-1] == pytest.approx(goals.change_per_day * goals.change_least_share)
    breaks = change_price(kept(problem, plan, told=moment(day, 0)), agent, day, Change.PAUSES)
    assert breaks == pytest.approx(goals.change_per_day * goals.change_breaks_share)


def test_consent_makes_a_change_free(bench):
    problem, _, plan = told(bench, 0)
    agent, day = problem.agents[0], bench.MONDAY
    agreed = kept(problem, plan, consents=(Consent(agent_id=agent.agent_id, day=day),))
    assert change_price(agreed, agent, day) == 0
    assert change_price(agreed, agent, day + timedelta(days=1)) > 0


def test_a_changed_date_is_counted_once_and_as_it_is_listed(bench):
    problem, need, plan = told(bench, 5)
    begun = kept(problem, plan)
    again = solve(begun, raised(need, 60.0))
    rows = kept_changes(begun, again.schedule)
    assert rows
    assert len({(r.agent_id, r.day) for r in rows}) == len(rows)
    (term,) = [t for t in again.parts if t.name == "changes"]
    assert term.points == pytest.approx(sum(r.price for r in rows))
    was = {(s.agent_id, s.shift_date): s for s in plan.schedule.shifts}
    now = {(s.agent_id, s.shift_date): s for s in again.schedule.shifts}
    differing = {
        key for key in was.keys() | now.keys()
        if change_between(was.get(key), now.get(key)) is not Change.NONE
    }  # fmt: skip
    assert differing == {(r.agent_id, r.day) for r in rows}


@pytest.mark.parametrize("seed", range(3))
def test_a_repair_is_never_worse_than_leaving_everything_as_it_was(bench, seed):
    problem, need, plan = told(bench, seed)
    begun, more = kept(problem, plan), raised(need, 2.0)
    again = solve(begun, more)
    assert again.objective <= evaluate(begun, more, plan.schedule).objective + 1e-6


def test_dearer_changes_change_less(bench):
    problem, need, plan = told(bench, 6)
    counts = []
    for price in (0.5, 50.0, 1e6):
        goals = problem.objective.model_copy(update={"change_per_day": price})
        begun = kept(problem.model_copy(update={"objective": goals}), plan)
        counts.append(len(kept_changes(begun, solve(begun, raised(need, 60.0)).schedule)))
    assert counts[0] > counts[2] == 0
    assert counts[0] >= counts[1]


def test_people_who_left_are_listed_and_new_ones_are_planned_freely(bench):
    problem, need, plan = told(bench, 3)
    people = frozenset(agent.agent_id for agent in problem.agents)
    new = bench.agent("N1")
    gone = problem.agents[0].agent_id
    changed = kept(problem, plan, people=people).model_copy(
        update={"agents": (*problem.agents[1:], new)}
    )
    assert changed.published is not None
    assert changed.published.shifts_of(new, (bench.MONDAY,)) == {}
    again = solve(changed, need)
    rows = kept_changes(changed, again.schedule)
    left = {r.day for r in rows if r.agent_id == gone}
    assert left == {s.shift_date for s in plan.schedule.shifts if s.agent_id == gone}
    assert {r.because for r in rows if r.agent_id == gone} == {"left"}
    assert not [r for r in rows if r.agent_id == "N1"]
    assert [s for s in again.schedule.shifts if s.agent_id == "N1"]


def test_absences_are_read_with_their_dates(bench):
    problem, _, _ = told(bench, 0)
    away = with_scenario(problem, ["absent=A1@2026-11-03..2026-11-05,A2"])
    assert [a.agent_id for a in away.agents if a.absent_on] == ["A1"]
    agent = next(a for a in away.agents if a.agent_id == "A1")
    assert agent.absent_on == (date(2026, 11, 3), date(2026, 11, 4), date(2026, 11, 5))
    assert "A2" not in {a.agent_id for a in away.agents}


@pytest.mark.parametrize("text", ["absent=A1@", "absent=A1@2026-11-05..2026-11-03", "absent=A1@x"])
def test_an_absence_without_dates_is_refused_with_what_to_write(bench, text):
    from wfplan.errors import InputError

    problem, _, _ = told(bench, 0, people=2)
    with pytest.raises(InputError, match=r"names no dates: write absent=A1@2026-10-21"):
        with_scenario(problem, [text])


def test_the_lock_of_somebody_absent_is_released_with_a_word(bench):
    problem, _, plan = told(bench, 0)
    shift = plan.schedule.shifts[0]
    lock = LockedShift(agent_id=shift.agent_id, day=shift.shift_date)
    locked = problem.model_copy(update={"locks": (lock,)})
    away = with_scenario(locked, [f"absent={shift.agent_id}@{shift.shift_date}"])
    assert away.locks == ()
    assert "is released: she is absent then" in str(away.warnings[-1])


@pytest.mark.parametrize("seed", range(3))
def test_nothing_changes_with_sessions_either(bench, seed):
    problem, _, _ = told(bench, seed, people=5)
    training = ActivityRequest(
        activity_id="T1",
        code="TRAINING",
        category=ActivityCategory.TRAINING,
        agent_ids=("A0", "A1", "A2"),
        minutes=60,
        earliest=moment(bench.MONDAY, 8 * 60),
        latest=moment(bench.MONDAY + timedelta(days=4), 17 * 60),
        is_together=True,
    )
    problem = problem.model_copy(update={"activities": (training,)})
    need = bench.need(problem.horizon(bench.MONDAY), rng=np.random.default_rng(seed), staff=5)
    plan = solve(problem, need, stop=Stop(passes=3), seed=seed)
    assert any(a.activity_id == "T1" for s in plan.schedule.shifts for a in s.activities)
    again = solve(kept(problem, plan), need, seed=seed + 3)
    assert again.schedule.shifts == plan.schedule.shifts
