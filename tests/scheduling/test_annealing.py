"""Tests for wfplan.scheduling.search.annealing: budgets, looks, blocks, coolings, states."""

from dataclasses import replace

import numpy as np
import pytest

from wfplan.domain.progress import ENDLESS, Stop, no_watch
from wfplan.domain.results import SolveStatus
from wfplan.scheduling import solve
from wfplan.scheduling.search import annealing
from wfplan.scheduling.search.annealing import RESPONSE_WORK, pass_moves, planned_passes
from wfplan.scheduling.search.search import Search
from wfplan.scheduling.team.team import assemble


@pytest.fixture
def centre(bench):
    """A small centre whose people are busy: their strain has prices."""
    rng = np.random.default_rng(3)
    problem, horizon = bench.random_plan(rng)
    need = bench.random_need(rng, problem, horizon)
    load = rng.uniform(0.3, 1.2, need.load_erlangs.shape) * 4 * (need.volume > 0)
    return problem, replace(need, load_erlangs=load)


def begun(centre):
    search = Search(assemble(*centre), 3)
    return search, search.settle(Stop(passes=3), no_watch)


def temperatures(search, stop, state):
    found = []

    def watch(stage, figures):
        if stage == "search":
            found.append(figures["temperature"])

    search.refine(stop, watch, state)
    return found


def test_moves_alone_are_passes_that_fit_and_cool_down(centre):
    search, state = begun(centre)
    people, first = len(search.weeks), state.began.passes
    work = first * people * RESPONSE_WORK + 12.5 * pass_moves(people)
    stop = Stop(passes=ENDLESS, work=work)
    assert planned_passes(search, stop, state) == first + 12
    assert planned_passes(search, Stop(passes=7, work=work), state) == 7
    assert planned_passes(search, Stop(passes=ENDLESS), state) == ENDLESS
    found = temperatures(search, stop, state)
    assert len(found) == 12
    assert found[-1] < 0.2 * max(found)
    assert search.found(stop).status is SolveStatus.SETTLED


@pytest.mark.slow
def test_the_cooling_fits_the_seconds_that_are_given(centre):
    search, state = begun(centre)
    stop = Stop(passes=ENDLESS, seconds=1.0)
    found = temperatures(search, stop, state)
    assert found[-1] < 0.6 * max(found)
    assert stop.elapsed_s < 60


@pytest.mark.slow
@pytest.mark.parametrize("block", [2, 1000])
def test_a_busy_centre_goes_on_from_any_state_as_if_it_had_not_stopped(centre, monkeypatch, block):
    """Prices of strain, several looks in a pass, blocks of people and coolings included."""
    monkeypatch.setattr(annealing, "_BLOCK", block)
    monkeypatch.setattr(annealing, "_LOOK_MOVES", 1000)
    monkeypatch.setattr("wfplan.scheduling.search.heat._COOLING", 1 / 4)
    states = []
    search, state = begun(centre)
    assert not search.people.is_silent
    whole = search.refine(Stop(passes=15), no_watch, state, states.append)
    assert states[-1].turn > 0
    for known in states[:-1:3]:
        again, _ = begun(centre)
        resumed = again.refine(Stop(passes=15), no_watch, known)
        assert [w.shifts for w in resumed.weeks] == [w.shifts for w in whole.weeks]
        assert resumed.objective == whole.objective


@pytest.mark.slow
def test_a_busy_centre_stopped_by_work_is_resumed_to_the_same_plan(centre, tmp_path):
    whole = solve(*centre, stop=Stop(passes=6), seed=4)
    for share in (1.5, 2.5, 12.0):
        work = share * RESPONSE_WORK * len(centre[0].agents)
        solve(*centre, stop=Stop(passes=6, work=work), seed=4, keep_in=tmp_path)
        resumed = solve(*centre, stop=Stop(passes=6), seed=4, keep_in=tmp_path, is_resumed=True)
        assert resumed.schedule == whole.schedule
        assert resumed.objective == whole.objective


@pytest.mark.slow
def test_what_is_shown_is_what_the_plan_costs_or_a_little_more(centre):
    shown = []

    def watch(stage, figures):
        if stage == "search":
            shown.append(figures["best"])

    plan = solve(*centre, stop=Stop(passes=8), watch=watch)
    assert shown == sorted(shown, reverse=True)
    assert plan.objective <= shown[-1] * 1.02
