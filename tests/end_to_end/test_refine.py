"""The week planned again with what its simulation showed: rounds, what is kept, the way back."""

import json
from dataclasses import replace

import pytest

from tests import tinyplan
from wfplan import pipeline, runs, store
from wfplan.domain.progress import Control, Stop

pytestmark = pytest.mark.slow
STAGES = ("forecast", "staff", "schedule", "simulate")


def control(**stop):
    return Control(stop=Stop(**{"passes": 4, **stop}))


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    return tinyplan.write(tmp_path_factory.mktemp("refine"))


@pytest.fixture(scope="module")
def simulated(plan):
    run = runs.begin(plan)
    for stage in STAGES:
        run = pipeline.take(run, stage, control())
    return run


def test_the_week_that_costs_least_as_lived_is_kept(simulated):
    run = pipeline.take(runs.in_rounds(simulated, 2), "refine", control())
    kept = [look for look in run.rounds if look.is_kept]
    assert 1 <= len(run.rounds) <= 3
    assert len(kept) == 1
    assert kept[0].lived == min(look.lived for look in run.rounds)
    assert run.solution.objective == kept[0].planned
    again = pipeline.take(run, "audit", control())
    assert not again.audit.hard_breaches


def test_no_rounds_leave_the_week_as_it_is(simulated):
    run = pipeline.take(runs.in_rounds(simulated, 0), "refine", control())
    assert [look.is_kept for look in run.rounds] == [True]
    assert run.solution.schedule is simulated.solution.schedule
    assert run.need is simulated.need


def test_a_planner_who_stops_keeps_the_week_that_is_there(simulated):
    stopped = control()
    stopped.stop.interrupt.set()
    run = pipeline.take(runs.in_rounds(simulated, 2), "refine", stopped)
    assert run.solution.schedule is simulated.solution.schedule
    assert run.solution.status == "partial"


def test_rounds_survive_the_folder_and_fall_when_the_week_is_simulated_anew(
    simulated, plan, tmp_path
):
    run = pipeline.take(runs.in_rounds(simulated, 1), "refine", control())
    folder = store.write_parts(replace(run, plan_path=plan), tmp_path / "run")
    back = runs.go_on(folder)
    assert back.rounds == run.rounds
    assert json.loads((folder / "manifest.json").read_text())["rounds"]
    assert pipeline.take(back, "simulate", control()).rounds == ()


def test_refining_needs_a_simulated_week(plan):
    with pytest.raises(Exception, match="run 'wfplan staff'"):
        pipeline.take(runs.begin(plan), "refine", control())
