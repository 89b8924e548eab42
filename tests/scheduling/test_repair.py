"""Tests for wfplan.scheduling.coupling.repair and the choice that it asks CP-SAT for."""

import numpy as np
import pytest

from wfplan.domain.problem import RuleSetting
from wfplan.domain.progress import Stop, no_watch
from wfplan.scheduling.coupling import repair as repairing
from wfplan.scheduling.coupling.choosing import Choosing
from wfplan.scheduling.coupling.columns import every_week, some_weeks
from wfplan.scheduling.coupling.sat import Chosen
from wfplan.scheduling.person.legal import cost_of
from wfplan.scheduling.search.search import Search
from wfplan.scheduling.team.team import assemble


def search_of(bench, *rules, people=3, days=2, **more):
    hours = {"min_hours_week": 4, "contract_hours_week": 12, "max_hours_week": 12}
    team = [bench.agent(f"A{i}", **hours) for i in range(people)]
    work = bench.contract(start_window=(480, 840), start_step_min=120)
    problem = bench.plan(team, plan_rules=rules, contracts={"any": work}, **more)
    horizon = problem.horizon(bench.MONDAY, days)
    return Search(assemble(problem, bench.need(horizon)), 0)


def all_alike(search):
    """Everybody has the first person's best week."""
    week = search.oracle.best(search.team.members[0], search.gain(search.team.members[0]))[1]
    for i in range(len(search.weeks)):
        search.put_in(i, week)
    return week


SEATS = RuleSetting(rule="seats_max", value=1, unit="seats")
MEALS = RuleSetting(rule="activity_concurrency", value=1, unit="people", of=("meal",))


@pytest.mark.slow
@pytest.mark.parametrize("rules", [(SEATS,), (MEALS,), (SEATS, MEALS)])
def test_cp_sat_alone_mends_what_is_broken(bench, rules):
    search = search_of(bench, *rules)
    all_alike(search)
    assert search.tally.broken > 0
    repairing._round(search, np.random.default_rng(0), people=3, seed=0)
    assert search.tally.broken == 0
    for member, week in zip(search.team.members, search.weeks, strict=True):
        chosen = np.full(len(member.space.day_ptr) - 1, -1, dtype=np.int64)
        for option, starts in week.shifts:
            day = int(np.searchsorted(member.space.day_ptr, option, side="right")) - 1
            chosen[day] = option
            row = member.space.opt_len[option]
            windows = member.space.lengths.break_slots[row][: len(starts)]
            assert all(a <= at <= b for at, (_, a, b) in zip(starts, windows, strict=True))
        assert cost_of(member.space.legal, chosen) < np.inf


@pytest.mark.slow
def test_the_same_repair_is_the_same_plan(bench):
    plans = []
    for _ in range(2):
        search = search_of(bench, SEATS, MEALS)
        all_alike(search)
        found, _ = repairing.repair(search, Stop(), no_watch)
        plans.append([week.shifts for week in found.weeks])
    assert plans[0] == plans[1]


def test_a_choice_that_cp_sat_does_not_make_leaves_the_plan_as_it_was(bench, monkeypatch):
    search = search_of(bench, SEATS)
    week = all_alike(search)
    monkeypatch.setattr(repairing, "choose", lambda *_, **__: None)
    repairing._round(search, np.random.default_rng(0), people=3, seed=0)
    assert all(one is week for one in search.weeks)


def test_a_choice_that_is_worse_is_not_taken(bench, monkeypatch):
    search = search_of(bench, SEATS)
    search.respond_all(Stop())
    weeks, before = list(search.weeks), (search.tally.broken, search.objective())

    def first_columns(model, **_):
        return Chosen(frozenset(group[-1] for group in model.groups), 0, is_best=False)

    monkeypatch.setattr(repairing, "choose", first_columns)
    monkeypatch.setattr(repairing, "_neighbourhood", lambda *_: [0, 1, 2])
    repairing._round(search, np.random.default_rng(0), people=3, seed=0)
    after = search.tally.broken, search.objective()
    assert after <= before or [w.shifts for w in search.weeks] == [w.shifts for w in weeks]


def test_all_weeks_are_all_legal_weeks(bench):
    search = search_of(bench)
    member = search.team.members[0]
    gain = search.gain(member)
    weeks = every_week(member, gain, repairing._nothing(len(gain)))
    ends = member.space.day_ptr
    days = [np.array([-1, *range(ends[d], ends[d + 1])]) for d in range(2)]
    legal = sum(
        cost_of(member.space.legal, np.array([a, b])) < np.inf for a in days[0] for b in days[1]
    )
    assert len({week.shifts for week in weeks}) == len(weeks) == legal
    drawn = some_weeks(
        member, search.oracle, gain, [repairing._nothing(len(gain))] * 20, np.random.default_rng(0)
    )
    known = {tuple(option for option, _ in week.shifts) for week in weeks}
    assert len(drawn) > 1
    assert {tuple(option for option, _ in week.shifts) for week in drawn} <= known


def test_a_known_plan_is_a_hint_and_reads_back(bench):
    search = search_of(bench, SEATS, MEALS)
    week = all_alike(search)
    old = {i: search.take_out(i) for i in range(3)}
    for i in old:
        search.tally.put(i, search.weeks[i])
    choosing = Choosing(search.tally, search.coverage, {i: [week] for i in old})
    choosing.hint(old)
    found = choosing.decode(Chosen(frozenset(choosing.model.hint), 0, is_best=False))
    assert {i: one.shifts for i, one in found.items()} == dict.fromkeys(old, week.shifts)
