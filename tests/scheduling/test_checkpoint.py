"""Tests for wfplan.scheduling.search.checkpoint: resumed is as if never stopped."""

from dataclasses import replace

import numpy as np
import pytest

from wfplan.domain.atomic import CHECKPOINT, check_replaceable, write_file
from wfplan.domain.problem import Objective, Stage
from wfplan.domain.progress import Stop
from wfplan.domain.results import SolveStatus
from wfplan.errors import InputError, OutputError
from wfplan.scheduling import solve
from wfplan.scheduling.search.annealing import RESPONSE_WORK
from wfplan.scheduling.search.checkpoint import Checkpoint
from wfplan.scheduling.team.team import assemble

PASSES = 6


@pytest.fixture(scope="module")
def centre(bench):
    rng = np.random.default_rng(3)
    problem, horizon = bench.random_plan(rng)
    return problem, bench.random_need(rng, problem, horizon)


@pytest.fixture(scope="module")
def whole(centre):
    """The plan of a search that was not stopped."""
    return solve(*centre, stop=Stop(passes=PASSES), seed=4)


def same(one, two):
    return (
        one.schedule == two.schedule
        and one.objective == two.objective
        and one.lower_bound == two.lower_bound
        and one.terms == two.terms
        and one.passes == two.passes
    )


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.2, 1.0, 1.5, 2.5, 4.0, 5.5, 7.0, 8.7])
def test_a_search_that_goes_on_is_to_the_last_bit_the_search_that_never_stopped(
    centre, whole, tmp_path, share
):
    """Stopped after so many best responses a person: inside and between passes of both kinds."""
    work = share * RESPONSE_WORK * len(centre[0].agents)
    stopped = solve(*centre, stop=Stop(passes=PASSES, work=work), seed=4, keep_in=tmp_path)
    assert stopped.passes <= whole.passes
    resumed = solve(*centre, stop=Stop(passes=PASSES), seed=4, keep_in=tmp_path, is_resumed=True)
    assert same(resumed, whole)


@pytest.mark.slow
def test_a_search_may_be_stopped_again_and_again(centre, whole, tmp_path):
    work = 5_000  # more than a pass of so few people takes
    part = solve(*centre, stop=Stop(passes=PASSES, work=work), seed=4, keep_in=tmp_path)
    for _ in range(20):
        if part.passes == whole.passes:
            break
        part = solve(
            *centre, stop=Stop(passes=PASSES, work=work), seed=4, keep_in=tmp_path, is_resumed=True
        )
    assert same(part, whole)


@pytest.mark.slow
def test_a_budget_of_work_gives_the_same_plan_twice(centre):
    work = 300 * len(centre[0].agents)
    one, two = (solve(*centre, stop=Stop(passes=PASSES, work=work), seed=1) for _ in range(2))
    assert same(one, two)
    assert one.status is SolveStatus.STOPPED


@pytest.mark.slow
def test_the_file_is_the_same_whenever_it_is_written(centre, tmp_path):
    for name in ("one", "two"):
        solve(*centre, stop=Stop(passes=PASSES), seed=4, keep_in=tmp_path / name)
    one, two = ((tmp_path / name / CHECKPOINT).read_bytes() for name in ("one", "two"))
    assert one == two


def stopped_at_once(centre, folder):
    solve(*centre, stop=Stop(passes=PASSES, work=1), seed=4, keep_in=folder)


def test_a_state_of_another_problem_is_refused_and_what_differs_is_said(centre, tmp_path):
    problem, need = centre
    stopped_at_once(centre, tmp_path)
    fewer = problem.model_copy(update={"agents": problem.agents[:-1]})
    with pytest.raises(InputError, match=r"search for another problem: the people, "):
        solve(fewer, need, seed=4, keep_in=tmp_path, is_resumed=True)
    more = replace(need, staff_required=need.staff_required + 1)
    with pytest.raises(
        InputError,
        match=r"another problem: the requirement or its curves changed since. A build corrects",
    ):
        solve(problem, more, seed=4, keep_in=tmp_path, is_resumed=True)
    dear = problem.model_copy(update={"objective": Objective(balance=0.25)})
    with pytest.raises(InputError, match=r"another problem: the objective changed since\. Leave"):
        solve(dear, need, seed=4, keep_in=tmp_path, is_resumed=True)
    longer = problem.model_copy(
        update={
            "agents": tuple(a.model_copy(update={"max_hours_week": 60}) for a in problem.agents)
        }
    )
    with pytest.raises(InputError, match="contracts, rules, wishes or history"):
        solve(longer, need, seed=4, keep_in=tmp_path, is_resumed=True)


def test_a_state_of_another_seed_is_refused_with_its_own(centre, tmp_path):
    stopped_at_once(centre, tmp_path)
    with pytest.raises(InputError, match=r"seed 4, not 5\. Go on with --seed 4"):
        solve(*centre, seed=5, keep_in=tmp_path, is_resumed=True)


def test_no_state_or_a_damaged_one_is_refused(centre, tmp_path):
    with pytest.raises(InputError, match=r"search\.npz does not exist: no search was stopped"):
        solve(*centre, seed=4, keep_in=tmp_path, is_resumed=True)
    stopped_at_once(centre, tmp_path)
    path = tmp_path / CHECKPOINT
    whole = path.read_bytes()
    flipped = bytearray(whole)
    for at in range(len(whole) // 2, len(whole) // 2 + 80):  # a header has bytes that nobody reads
        flipped[at] ^= 255
    for damaged in (whole[:-200], b"", b"hello", bytes(flipped)):
        path.write_bytes(damaged)
        with pytest.raises(InputError, match=r"npz is not a state of a search, or is damaged\. L"):
            solve(*centre, seed=4, keep_in=tmp_path, is_resumed=True)
    path.unlink()
    path.mkdir()
    with pytest.raises(InputError, match=r"npz cannot be read: Is a directory\. Leave --resume"):
        solve(*centre, seed=4, keep_in=tmp_path, is_resumed=True)


def test_a_search_in_stages_keeps_no_state(centre, tmp_path):
    problem, need = centre
    staged = problem.model_copy(update={"objective": Objective(stages=(Stage(terms=("floors",)),))})
    with pytest.raises(InputError, match="has stages keeps no state"):
        solve(staged, need, keep_in=tmp_path, is_resumed=True)


def test_a_disk_that_refuses_is_told_before_the_search_and_costs_no_plan_after_it(
    centre, tmp_path, monkeypatch
):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="could not be written"):
        stopped_at_once(centre, tmp_path / "file")
    stopped_at_once(centre, tmp_path)
    team = assemble(*centre)
    checkpoint = Checkpoint(tmp_path, team, every_s=0.0)
    state = checkpoint.read(4)
    checkpoint.keep(state)
    before = checkpoint.path.read_bytes()

    def refuse(path, content):
        raise OutputError("full")

    monkeypatch.setattr("wfplan.scheduling.search.checkpoint.write_file", refuse)
    checkpoint.keep(state)
    checkpoint.close()
    assert checkpoint.path.read_bytes() == before


def test_a_folder_with_nothing_but_a_checkpoint_may_become_a_run(tmp_path):
    write_file(tmp_path / "run" / CHECKPOINT, b"state")
    assert [path.name for path in (tmp_path / "run").iterdir()] == [CHECKPOINT]
    check_replaceable(tmp_path / "run", schema="wfplan-run/1")
    (tmp_path / "run" / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="holds files that are not"):
        check_replaceable(tmp_path / "run", schema="wfplan-run/1")
