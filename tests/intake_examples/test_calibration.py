"""People and demand of an example fit each other: a week that is neither trivial nor hopeless."""

from __future__ import annotations

import numpy as np
import pytest

from wfplan import pipeline, runs
from wfplan.intake.examples import EXAMPLES

pytestmark = pytest.mark.slow

ON_QUEUE_SHARE = 0.93  # of paid time: paid rests are no service


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_contract_hours_are_a_tenth_or_two_above_what_is_required(kind, folders):
    run = runs.begin(folders[kind] / "plan.toml")
    for stage in ("forecast", "staff"):
        run = pipeline.take(run, stage, pipeline.Control())
    required_h = run.need.staff_required.sum() * run.horizon.interval_min / 60
    paid_h = sum(agent.contract_hours_week for agent in run.problem.agents)
    effective_h = paid_h * ON_QUEUE_SHARE * run.need.presence_share
    assert 1.03 < effective_h / required_h < 1.25


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_no_interval_asks_for_more_empowered_people_than_there_are(kind, folders):
    run = runs.begin(folders[kind] / "plan.toml")
    for stage in ("forecast", "staff"):
        run = pipeline.take(run, stage, pipeline.Control())
    empowered = sum(terms.empowered for terms in EXAMPLES[kind].terms)
    is_open = run.demand.is_open.any(axis=0)
    assert (run.need.empowered_min[is_open] >= 1).all()
    assert np.max(run.need.empowered_min) <= 0.45 * empowered
