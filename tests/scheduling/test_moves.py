"""Tests for wfplan.scheduling.search.moves and wfplan.scheduling.search.anneal."""

import numpy as np
import pytest

from wfplan.domain.progress import Stop, no_watch
from wfplan.evaluation import audit
from wfplan.scheduling.conflict import require_legal_weeks
from wfplan.scheduling.person.legal import cost_of
from wfplan.scheduling.search.anneal import Mover
from wfplan.scheduling.search.moves import BOTH, CROSS, GIVE, KINDS_OF_MOVE, RUN
from wfplan.scheduling.search.search import Search
from wfplan.scheduling.team.team import assemble


def settled(bench, seed):
    rng = np.random.default_rng(seed)
    problem, horizon = bench.random_plan(rng)
    need = bench.random_need(rng, problem, horizon)
    team = assemble(problem, need)
    require_legal_weeks(team)
    search = Search(team, seed)
    search.settle(Stop(passes=1), no_watch)
    return problem, horizon, need, search


def moved(search, seed):
    mover = Mover(search.team, search.weeks)
    mover.begin((seed,))
    return mover


def from_the_beginning(search, weeks):
    """The objective of weeks, everybody put into an empty coverage: the slow twin."""
    team = search.team
    coverage = team.coverage(search.eta)
    for member, week in zip(team.members, weeks, strict=True):
        for kind, slots in team.by_kind(member, week.on_queue):
            coverage.add(kind, slots)
    personal = sum(week.cost for week in weeks)
    return coverage.total_cost() + team.curves.tail_constant(search.eta) + personal


@pytest.mark.slow
@pytest.mark.parametrize("kind", range(KINDS_OF_MOVE))
def test_the_rise_that_moves_report_is_that_of_the_objective(bench, kind):
    accepted = 0
    for seed in range(16):
        _, _, _, search = settled(bench, seed)
        mover = moved(search, seed)
        mover.mix = np.cumsum(np.eye(KINDS_OF_MOVE)[kind])
        before = from_the_beginning(search, search.weeks)
        for step in range(60):
            rise = mover.move(search.coverage, 1 + step % 5, (0.01, 5.0, 50.0)[seed % 3])
            for changed in mover.changed():
                search.weeks[changed] = mover.week(changed)
            after = from_the_beginning(search, search.weeks)
            assert after - before == pytest.approx(rise, abs=1e-9 * max(1.0, abs(before)))
            before = after
        assert search.objective() == pytest.approx(before, rel=1e-9)
        assert mover.tally.sum() == mover.tally[kind].sum()
        accepted += mover.tally[kind, 2]
        if seed > 2 and accepted:
            break
    assert accepted > 0 or kind == GIVE


def shifts_by_day(mover):
    """Day, first slot and length of every shift, whoever has it."""
    found = []
    for member, options in zip(mover.team.members, mover.option, strict=True):
        space = member.space
        for day in np.flatnonzero(options >= 0):
            o = options[day]
            found.append((day, space.opt_start[o], space.lengths.slots[space.opt_len[o]]))
    return sorted(found)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [BOTH, GIVE, CROSS, RUN])
def test_an_exchange_moves_no_shift(bench, kind):
    """Two people may have each other's shifts; when somebody is at work stays what it was."""
    for seed in range(6):
        _, _, _, search = settled(bench, seed)
        mover = moved(search, seed)
        mover.mix = np.cumsum(np.eye(KINDS_OF_MOVE)[kind])
        before = shifts_by_day(mover)
        mover.move(search.coverage, 2000, 50.0)
        assert shifts_by_day(mover) == before


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_weeks_that_were_moved_about_are_legal(bench, seed):
    problem, horizon, need, search = settled(bench, seed)
    mover = moved(search, seed)
    for _ in range(10):
        mover.move(search.coverage, 40 * len(search.weeks), 20.0)
        for i, member in enumerate(search.team.members):
            assert cost_of(member.space.legal, mover.option[i]) < np.inf
    weeks = [mover.week(i) for i in range(len(search.weeks))]
    schedule = bench.schedule_of(problem, search.team, weeks)
    hard = [b.why for b in audit(problem, horizon, schedule, need).hard_breaches if b.agent_id]
    assert not hard


@pytest.mark.slow
def test_a_hundred_thousand_moves_do_not_drift(bench):
    """R10: what the moves keep is what a fresh count gives."""
    _, _, _, search = settled(bench, 5)
    mover = moved(search, 5)
    value, people = search.objective(), len(search.weeks)
    for n in range(100_000 // 500):
        value += mover.move(search.coverage, 500, 0.5 + n % 7)
    search.weeks[:] = [mover.week(i) for i in range(people)]
    assert search.objective() == pytest.approx(value, rel=1e-9)
    assert from_the_beginning(search, search.weeks) == pytest.approx(value, rel=1e-9)


@pytest.mark.slow
def test_a_search_goes_on_from_its_state_as_if_it_had_not_stopped(bench):
    states = []
    _, _, _, first = settled(bench, 3)
    whole = first.refine(Stop(passes=5), no_watch, keep=states.append)
    _, _, _, second = settled(bench, 3)
    resumed = second.refine(Stop(passes=5), no_watch, states[1])
    assert [w.shifts for w in resumed.weeks] == [w.shifts for w in whole.weeks]
    assert resumed.objective == whole.objective


def test_at_no_temperature_no_move_makes_a_plan_worse(bench):
    _, _, _, search = settled(bench, 2)
    mover = moved(search, 2)
    for _ in range(30):
        assert mover.move(search.coverage, 10, 1e-9) <= 1e-6


def test_the_same_seed_makes_the_same_moves(bench):
    weeks = []
    for _ in range(2):
        _, _, _, search = settled(bench, 4)
        mover = moved(search, 9)
        mover.move(search.coverage, 500, 1.0)
        weeks.append([mover.week(i).shifts for i in range(len(search.weeks))])
    assert weeks[0] == weeks[1]
    mover.begin((10,))
    mover.move(search.coverage, 500, 1.0)
    assert [mover.week(i).shifts for i in range(len(search.weeks))] != weeks[0]
