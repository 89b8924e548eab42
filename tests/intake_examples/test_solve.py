"""Every example solves at once: nothing hard is broken and next to nothing is missing."""

from __future__ import annotations

import numpy as np
import pytest

from wfplan import pipeline, runs
from wfplan.domain.progress import Stop
from wfplan.intake.examples import EXAMPLES

pytestmark = pytest.mark.slow

FEW_PASSES = 4


@pytest.fixture(scope="module", params=sorted(EXAMPLES))
def run(request, folders):
    """The example's week after a short search, simulated and audited; nothing is written."""
    control = pipeline.Control(stop=Stop(passes=FEW_PASSES))
    run = runs.begin(folders[request.param] / "plan.toml")
    for stage in pipeline.LINE:
        run = pipeline.take(run, stage, control)
    return run


def test_the_audit_finds_no_hard_breach(run):
    assert run.audit.hard_breaches == ()


def test_the_floors_of_all_channels_are_reached_but_for_crumbs(run):
    need, staff = run.need, run.solution.staff
    missing = np.maximum(need.staff_required - staff, 0).sum()
    assert missing <= 0.01 * need.staff_required.sum()


def test_empowered_people_and_the_fewest_heads_are_there_whenever_it_is_open(run):
    hours = run.horizon.interval_min / 60
    empowered = np.maximum(run.need.empowered_min - run.solution.empowered, 0).sum() * hours
    heads = np.maximum(run.need.staff_min.max(axis=0) - run.solution.heads, 0).sum() * hours
    assert empowered <= 2.0
    assert heads == pytest.approx(0.0, abs=0.5)


def test_customers_get_what_they_are_promised_and_nobody_is_run_hot(run):
    for channel in run.problem.channels:
        level = run.outcome.value("service_level", channel.name)
        target = channel.answer_share if channel.is_realtime else channel.due_share
        assert level >= target
    assert run.outcome.value("occupancy") <= 0.85
