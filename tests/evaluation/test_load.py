"""Tests for wfplan.evaluation.bus_factor, exposure and promises, by hand."""

from dataclasses import replace

import numpy as np
import pytest

from tests import synthetic
from wfplan.domain.results import Load
from wfplan.evaluation import WeekOfPromises, both_sides, with_agreement
from wfplan.evaluation.bus_factor import bus_factor, fewest
from wfplan.evaluation.exposure import AGREEMENT, ledger_off, most_off


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
    promises = WeekOfPromises.of(run)
    assert set(promises.counts) == {agent.agent_id for agent in run.problem.agents}
    assert all({"wishes", "granted"} <= set(own) for own in promises.counts.values())
    assert "bus_factor" in {figure.name for figure in both_sides(run).staff} or (
        bus_factor(run).least is None
    )


def test_ledgers_that_differ_are_a_breach_and_those_that_agree_a_check(run):
    nothing = {agent.agent_id: Load(0.0, 0.0, 0.0) for agent in run.problem.agents}
    off = ledger_off(run.problem, run.need, replace(run.solution, load=nothing))
    agreeing = replace(run.solution, load=off)  # the distance from nothing is what it is
    found = with_agreement(run.audit, run.problem, run.need, agreeing)
    assert AGREEMENT in found.checked
    assert found.breaches == run.audit.breaches


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("overload_min", "overload of the plan"),
        ("acute_min", "acute overload"),
        ("chronic_min", "chronic overload"),
    ],
)
def test_each_part_of_the_ledger_is_compared(run, name, said):
    nothing = {agent.agent_id: Load(0.0, 0.0, 0.0) for agent in run.problem.agents}
    off = ledger_off(run.problem, run.need, replace(run.solution, load=nothing))
    wrong = {who: own._replace(**{name: getattr(own, name) * 1.02 + 1}) for who, own in off.items()}
    plan = replace(run.solution, load=wrong)
    broken = with_agreement(run.audit, run.problem, run.need, plan)
    found = [breach for breach in broken.breaches if breach.rule == AGREEMENT]
    assert len(found) == len(wrong)
    assert all(f"the {said} that" in breach.why for breach in found)
    assert all("fault of the program" in breach.why for breach in found)


@pytest.mark.parametrize(
    ("planned", "name", "weeks", "most"),
    [
        (100.0, "overload_min", 1, 1.0),
        (900.0, "overload_min", 1, 5.0),
        (9000.0, "overload_min", 4, 20.0),
        (50.0, "acute_min", 1, 0.5),
        (200.0, "chronic_min", 1, 5 / 7),
        (0.0, "acute_min", 1, 0.01),
    ],
)
def test_one_in_a_hundred_and_five_minutes_are_both_the_most(planned, name, weeks, most):
    assert most_off(planned, name, weeks) == pytest.approx(most)


@pytest.fixture
def run(tmp_path):
    return synthetic.run(tmp_path)
