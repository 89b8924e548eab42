"""Tests for wfplan.scheduling.search.whole_days."""

import numpy as np
import pytest

from wfplan.domain.problem import RuleSetting
from wfplan.domain.progress import Stop, no_watch
from wfplan.evaluation import audit
from wfplan.horizon import Horizon
from wfplan.scheduling.conflict import require_legal_weeks
from wfplan.scheduling.search.anneal import Mover
from wfplan.scheduling.search.search import Search
from wfplan.scheduling.search.whole_days import WholeDays, is_rigid
from wfplan.scheduling.team.decode import schedule_of
from wfplan.scheduling.team.team import assemble


def rigid_centre(bench, people=6, **more):
    """Shifts of four or eight hours that begin on the hour, two channels."""
    rigid = bench.contract(shortest_min=240, longest_min=480, length_step_min=240)
    skills = (("voice",), ("chat",), ("voice", "chat"))
    agents = [bench.agent(f"A{i}", *skills[i % 3]) for i in range(people)]
    problem = bench.plan(agents, ("voice", "chat"), contracts={"any": rigid}, **more)
    horizon = Horizon("Europe/Dublin", bench.MONDAY, 7, interval_min=60)
    rng = np.random.default_rng(5)
    need = bench.need(horizon, ("voice", "chat"), rng=rng, floor=2.0)
    return problem, need


def settled(problem, need, seed=0):
    team = assemble(problem, need)
    require_legal_weeks(team)
    search = Search(team, seed)
    state = search.settle(Stop(passes=4), no_watch)
    return search, state


def test_shifts_of_two_lengths_on_the_hour_are_rigid_and_those_of_many_are_not(bench):
    problem, need = rigid_centre(bench)
    assert is_rigid(assemble(problem, need))
    many = bench.contract(length_step_min=15, start_step_min=15)
    free = bench.plan(problem.agents, ("voice", "chat"), contracts={"any": many})
    assert not is_rigid(assemble(free, need))


def test_a_team_of_nobody_is_not_rigid(bench):
    problem, need = rigid_centre(bench, people=0)
    assert not is_rigid(assemble(problem, need))


@pytest.mark.slow
def test_days_chosen_anew_are_legal_and_never_cost_more(bench):
    problem, need = rigid_centre(bench)
    search, _ = settled(problem, need)
    costs = [search.true_cost()]

    def watch(stage, figures):
        costs.append(search.true_cost())

    days = WholeDays(True, 10, 1.0)
    assert days.choose(search, None, 0.0, Stop(), watch)
    assert len(costs) == 8
    assert costs[-1] < costs[0] - 1e-6
    assert (np.diff(costs) <= 1e-6).all()
    schedule = schedule_of(problem, search.team, search.weeks)
    assert audit(problem, need.horizon, schedule, need).hard_breaches == ()


def test_people_whom_a_rule_couples_keep_their_days(bench):
    seats = RuleSetting(rule="seats_max", value=3, unit="count")
    problem, need = rigid_centre(bench, plan_rules=(seats,))
    search, _ = settled(problem, need)
    assert search.tally.coupled()
    weeks = list(search.weeks)
    WholeDays(True, 10, 1.0).choose(search, None, 0.0, Stop(), no_watch)
    assert [week.shifts for week in search.weeks] == [week.shifts for week in weeks]


@pytest.mark.slow
def test_a_budget_of_passes_ends_with_whole_days_where_shifts_are_rigid(bench, monkeypatch):
    problem, need = rigid_centre(bench)
    turns = []
    choose = WholeDays.choose

    def counted(self, search, *rest):
        turns.append(search.passes)
        return choose(self, search, *rest)

    monkeypatch.setattr(WholeDays, "choose", counted)
    search, state = settled(problem, need)
    found = search.refine(Stop(passes=state.passes + 9), no_watch, state)
    assert turns == [state.passes + 8]
    assert found.passes == state.passes + 9


@pytest.mark.slow
def test_the_same_seed_gives_the_same_days(bench):
    problem, need = rigid_centre(bench)
    plans = []
    for _ in range(2):
        search, state = settled(problem, need, seed=3)
        plans.append(search.refine(Stop(passes=state.passes + 9), no_watch, state))
    assert plans[0].objective == plans[1].objective
    assert [w.shifts for w in plans[0].weeks] == [w.shifts for w in plans[1].weeks]


def test_days_are_left_alone_once_the_search_is_interrupted(bench):
    problem, need = rigid_centre(bench)
    search, _ = settled(problem, need)
    stop = Stop()
    told = []

    def watch(stage, figures):
        told.append(figures["share"])
        stop.interrupt.set()

    assert not WholeDays(True, 10, 1.0).choose(search, None, 0.0, stop, watch)
    assert told == [pytest.approx(1 / 7)]
    assert all(week.shifts for week in search.weeks)


@pytest.mark.slow
def test_after_the_first_turn_days_are_chosen_in_pairs_from_the_best_plan(bench):
    problem, need = rigid_centre(bench)
    search, state = settled(problem, need)
    told = []

    def watch(stage, figures):
        told.append(figures["share"])

    mover = Mover(search.team, search.weeks)
    days = WholeDays(True, search.passes, 1.0, is_begun=True)
    assert days.choose(search, mover, 1e-3, Stop(), watch)
    assert told == pytest.approx([1 / 4, 2 / 4, 3 / 4, 1])
    assert search.true_cost() < state.best_cost
    schedule = schedule_of(problem, search.team, search.weeks)
    assert audit(problem, need.horizon, schedule, need).hard_breaches == ()
