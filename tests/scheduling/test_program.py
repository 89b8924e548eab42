"""Tests for wfplan.scheduling.blend.program and sums."""

import numpy as np
import pytest

from wfplan.domain.progress import Stop, no_watch
from wfplan.horizon import Horizon
from wfplan.scheduling.blend.candidates import candidates, chosen_of
from wfplan.scheduling.blend.program import Program, pieces
from wfplan.scheduling.blend.sums import Limits, Sums
from wfplan.scheduling.search.search import Search
from wfplan.scheduling.team.oracle import week_of
from wfplan.scheduling.team.team import assemble

MANY = 30


def settled(problem, need, seed):
    search = Search(assemble(problem, need), seed)
    search.settle(Stop(passes=1), no_watch)
    search.coverage.reprice()
    return search


def days_of(search, days):
    """The program of everybody's days, the coverage without it, and what is left of weeks."""
    team, staff, before = search.team, search.coverage.staff.copy(), search.coverage.total_cost()
    nothing = np.zeros(team.grid.slots)
    free, rest = {}, {}
    for i, member in enumerate(team.members):
        ends, shifts = member.space.day_ptr, search.weeks[i].shifts
        free[i] = candidates(member, chosen_of(member, shifts), days, nothing, MANY)
        rest[i] = [s for s in shifts if not any(ends[d] <= s[0] < ends[d + 1] for d in days)]
        search.take_out(i)
        search.put_in(i, week_of(member, rest[i]))
    program = Program(team, search.coverage, days, free, staff)
    return program, before - search.coverage.total_cost(), rest


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_what_a_choice_is_said_to_save_is_what_the_plan_saves(bench, seed):
    rng = np.random.default_rng(seed)
    problem, horizon = bench.random_plan(rng)
    search = settled(problem, bench.random_need(rng, problem, horizon), seed)
    for days in ([1], [5], [0, 3]):
        before, weeks = search.objective(), list(search.weeks)
        program, rise, rest = days_of(search, days)
        choice = program.best(rise, np.inf)
        for i, week in enumerate(weeks):
            given = (*rest[i], *choice.shifts[i]) if choice else week.shifts
            search.take_out(i)
            search.put_in(i, week_of(search.team.members[i], sorted(given)))
        search.coverage.reprice()
        saved = choice.saved if choice else 0.0
        assert before - search.objective() == pytest.approx(saved, abs=1e-6)
        assert saved >= 0


def two_people(bench, seed):
    """Two people with a few shifts and one break, three channel-hours that want them."""
    rng = np.random.default_rng(seed)
    tiers = (bench.BreakTier(over_h=1, breaks=(bench.REST,)),)
    short = bench.contract(
        shortest_min=240, longest_min=300, length_step_min=60, start_window=(480, 600),
        break_tiers=tiers,
    )  # fmt: skip
    people = [bench.agent("A1", "voice"), bench.agent("A2", "voice", "chat")]
    problem = bench.plan(people, ("voice", "chat"), contracts={"any": short}, interval_min=30)
    horizon = Horizon("Europe/Dublin", bench.MONDAY, 7, interval_min=30)
    need = bench.need(horizon, ("voice", "chat"), rng=rng, staff=2, presence=1.0)
    return problem, need


@pytest.mark.parametrize("seed", range(4))
def test_no_choice_of_shifts_and_breaks_is_better(bench, seed):
    problem, need = two_people(bench, seed)
    search = settled(problem, need, seed)
    before = search.objective()
    program, rise, rest = days_of(search, [2])
    choice = program.best(rise, np.inf, enough=0.0)
    found = before - (choice.saved if choice else 0.0)
    assert found == pytest.approx(least_objective(search, program.free, rest), abs=1e-6)


def least_objective(search, free, rest):
    """The least objective over all shifts with all their breaks, one by one."""
    whole = []
    for i, one in free.items():
        space, mine = search.team.members[i].space, []
        for (option,) in one.options.tolist():
            if option < 0:
                mine.append(())
                continue
            windows = space.lengths.break_slots[space.opt_len[option]]
            mine += [((option, (at,)),) for at in range(windows[0, 1], windows[0, 2] + 1)]
        whole.append([week_of(search.team.members[i], [*rest[i], *shift]) for shift in mine])
    best = np.inf
    for first in whole[0]:
        search.take_out(0)
        search.put_in(0, first)
        search.take_out(1)
        gain = search.gain(search.team.members[1])
        alone = search.objective() - search.weeks[1].cost
        best = min(best, *(alone + week.cost - gain[week.on_queue].sum() for week in whole[1]))
    return best


def test_a_curve_is_cut_where_its_slope_changes():
    curve = np.array([20.0, 14.0, 8.0, 5.0, 2.0, 2.0])
    assert pieces(curve, 2) == [(2.0, 6.0), (2.0, 3.0)]


def test_far_from_the_staff_that_there_are_a_curve_is_cut_less_often():
    curve = np.cumsum(np.arange(30.0)[::-1])[::-1]
    found = pieces(curve, 20)
    assert found[0][0] == 14.0
    assert sum(width * saved for width, saved in found) == pytest.approx(curve[0] - curve[-1])


def test_whole_numbers_cost_more_than_parts():
    sums = Sums()
    pair = [sums.variable(-3.0, 1.0), sums.variable(-2.0, 1.0)]
    row = sums.row(-np.inf, 1.5)
    for one in pair:
        sums.put(row, one, 1.0)
    assert sums.relaxed().value == pytest.approx(-4.0)
    found = sums.best(np.array(pair), np.zeros(0, dtype=np.int64), np.zeros(0), Limits())
    assert found.value == pytest.approx(-3.0)
    fixed = sums.best(np.array(pair), np.array(pair[:1]), np.zeros(1), Limits())
    assert fixed.variables.tolist() == pytest.approx([0.0, 1.0])


def test_a_program_without_a_solution_says_so():
    sums = Sums()
    one = sums.variable(1.0, 1.0)
    sums.put(sums.row(2.0, 2.0), one, 1.0)
    assert sums.relaxed().value == np.inf
    assert (
        sums.best(np.array([one]), np.zeros(0, dtype=np.int64), np.zeros(0), Limits()).variables
        is None
    )
