"""Tests for wfplan.scheduling.team.encode: from a schedule back to the search's weeks."""

from datetime import timedelta

import numpy as np
import pytest

from wfplan.domain.progress import Stop, no_watch
from wfplan.evaluation import audit
from wfplan.scheduling import evaluate, solve
from wfplan.scheduling.search.search import Search
from wfplan.scheduling.team.decode import schedule_of
from wfplan.scheduling.team.encode import weeks_of
from wfplan.scheduling.team.oracle import week_of
from wfplan.scheduling.team.team import assemble


def planned(bench, seed):
    rng = np.random.default_rng(seed)
    problem, horizon = bench.random_plan(rng)
    need = bench.random_need(rng, problem, horizon)
    search = Search(assemble(problem, need), seed)
    search.settle(Stop(passes=2), no_watch)
    return problem, need, search


@pytest.mark.parametrize("seed", range(8))
def test_a_schedule_comes_back_as_the_weeks_that_made_it(bench, seed):
    problem, _, search = planned(bench, seed)
    back = weeks_of(search.team, schedule_of(problem, search.team, search.weeks))
    for i, week in enumerate(search.weeks):
        if not week.shifts:
            assert i not in back
            continue
        assert sorted(back[i].shifts) == sorted(week.shifts)
        assert sorted(back[i].on_queue) == sorted(week.on_queue)
        assert back[i].cost == pytest.approx(week.cost)


def test_somebody_whose_shift_is_none_of_her_options_is_left_out(bench):
    problem, _, search = planned(bench, 1)
    schedule = schedule_of(problem, search.team, search.weeks)
    moved = schedule.shifts[0]
    later = [
        a.model_copy(update={"start": a.start + timedelta(minutes=1),
                             "end": a.end + timedelta(minutes=1)})
        for a in moved.activities
    ]  # fmt: skip
    odd = moved.model_copy(update={"activities": tuple(later)})
    changed = schedule.model_copy(update={"shifts": (odd, *schedule.shifts[1:])})
    place = [m.agent_id for m in search.team.members].index(moved.agent_id)
    known = weeks_of(search.team, schedule)
    assert set(known) - set(weeks_of(search.team, changed)) == {place}


@pytest.mark.parametrize("seed", range(6))
def test_a_search_that_begins_with_a_plan_ends_no_worse(bench, seed):
    problem, need, search = planned(bench, seed)
    before = evaluate(problem, need, schedule_of(problem, search.team, search.weeks))
    after = solve(problem, need, stop=Stop(passes=2), start=before.schedule)
    assert after.objective <= before.objective + 1e-6


def test_an_illegal_plan_is_not_kept_only_because_it_is_cheap(bench):
    """Somebody who works every day of the week is worth more than any legal week."""
    problem, need, search = planned(bench, 2)
    team = search.team
    space = team.members[0].space
    first = [int(a) for a, b in zip(space.day_ptr[:-1], space.day_ptr[1:], strict=True) if b > a]

    def starts(option):
        kind = space.opt_len[option]
        return tuple(
            int(b[1]) for b in space.lengths.break_slots[kind][: space.lengths.break_count[kind]]
        )

    every_day = week_of(team.members[0], [(o, starts(o)) for o in first])
    again = Search(team, 0)
    again.begin_with({**dict(enumerate(search.weeks)), 0: every_day})
    again.settle(Stop(passes=3), no_watch)
    found = audit(problem, need.horizon, schedule_of(problem, team, again.weeks))
    assert not found.hard_breaches
