"""Tests for wfplan.evaluation.bus_factor, exposure and promises, by hand."""

from dataclasses import replace

import numpy as np
import pytest

from tests import synthetic
from wfplan.evaluation import WeekOfPromises, both_sides, with_agreement
from wfplan.evaluation.bus_factor import bus_factor, fewest
from wfplan.evaluation.exposure import AGREEMENT, ledger_off


@pytest.mark.parametrize(
    ("able", "asked", "absences"),
    [
        ([1, 1, 1], 2.0, 2),  # one may go, the second is missed
        ([1, 1, 1], 3.0, 1),
        ([1, 1, 1], 3.5, 0),  # below already
        ([2, 0.5, 0.5], 1.0, 2),
        ([2, 0.5, 0.5], 1.1, 1),  # the best one is enough
        ([1, 1, 1], 0.0, -1),
    ],
)
def test_the_fewest_absences_take_the_most_able(able, asked, absences):
    found = fewest(np.array(able, dtype=float)[:, None], np.array([asked]))
    assert found.tolist() == [absences]


def test_a_run_has_counts_for_everybody_and_figures_of_load(run):
    promises = WeekOfPromises(run)
    assert set(promises.counts) == {agent.agent_id for agent in run.problem.agents}
    assert all({"wishes", "granted"} <= set(own) for own in promises.counts.values())
    assert "bus_factor" in {figure.name for figure in both_sides(run).staff} or (
        bus_factor(run).least is None
    )


def test_ledgers_that_differ_are_a_breach_and_those_that_agree_a_check(run):
    own = {agent.agent_id: 0.0 for agent in run.problem.agents}
    plan = replace(run.solution, overload_min=own)
    off = ledger_off(run.problem, run.need, plan)
    agreeing = replace(plan, overload_min=off)  # the distance from nothing is what it is
    found = with_agreement(run.audit, run.problem, run.need, agreeing)
    assert AGREEMENT in found.checked
    assert found.breaches == run.audit.breaches
    wrong = replace(plan, overload_min={who: minutes + 600 for who, minutes in off.items()})
    broken = with_agreement(run.audit, run.problem, run.need, wrong)
    assert {b.rule for b in broken.breaches} >= {AGREEMENT}
    assert "fault of the program" in broken.breaches[0].why


@pytest.fixture
def run(tmp_path):
    return synthetic.run(tmp_path)
