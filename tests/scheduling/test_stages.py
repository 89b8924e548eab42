"""Tests for wfplan.scheduling.terms.stages: what comes first is kept within its tolerance."""

from dataclasses import replace

import numpy as np
import pytest

from wfplan.domain.problem import Objective, Stage, TermGroup
from wfplan.domain.progress import Stop
from wfplan.evaluation import audit
from wfplan.scheduling import evaluate, solve
from wfplan.scheduling.terms.terms import GROUPS, group_points

CARE = Objective(
    stages=("floors", {"terms": ("customers",), "tolerance": 0.05, "slack": 0.5}, "fairness",
            "wishes"),
    fairness=1.0,
    strain_per_h=0.5,
)  # fmt: skip


def staged(bench, seed, goals=CARE):
    rng = np.random.default_rng(seed)
    problem, horizon = bench.random_plan(rng)
    problem = problem.model_copy(update={"objective": goals})
    need = bench.random_need(rng, problem, horizon)
    load = rng.uniform(0.2, 1.0, need.load_erlangs.shape) * (need.volume > 0)
    return problem, horizon, replace(need, load_erlangs=load)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 6, 14])
def test_no_later_stage_worsens_an_earlier_one_beyond_its_tolerance(bench, seed):
    problem, horizon, need = staged(bench, seed)
    plan = solve(problem, need, stop=Stop(passes=8), seed=seed)
    assert [goal.terms for goal in plan.goals[:4]] == [
        ("floors",), ("customers",), ("fairness",), ("wishes",),
    ]  # fmt: skip
    for goal, stage in zip(plan.goals, problem.objective.stages, strict=False):
        assert goal.final <= goal.limit + 1e-6
        room = max(stage.tolerance * abs(goal.points), stage.slack)
        assert goal.limit == pytest.approx(goal.points + room)
        assert goal.final == pytest.approx(group_points(plan.parts, stage.terms))
    read = evaluate(problem, need, plan.schedule)
    assert read.objective == pytest.approx(plan.objective, abs=1e-6)
    assert plan.lower_bound <= plan.objective
    assert not [b for b in audit(problem, horizon, plan.schedule).hard_breaches if b.agent_id]


@pytest.mark.slow
def test_what_comes_first_is_served_first(bench):
    """The same centre with wishes before customers and customers before wishes."""
    points = {}
    for order in (("wishes", "customers"), ("customers", "wishes")):
        stages = tuple(Stage(terms=(name,), tolerance=0.0, slack=0.0) for name in order)
        problem, _, need = staged(bench, 6, Objective(stages=stages, preference_per_h=2.0))
        plan = solve(problem, need, stop=Stop(passes=8), seed=6)
        points[order] = {
            group: group_points(plan.parts, (group,))
            for group in (TermGroup.WISHES, TermGroup.CUSTOMERS)
        }
    wishes, customers = points["wishes", "customers"], points["customers", "wishes"]
    assert wishes[TermGroup.WISHES] <= customers[TermGroup.WISHES] + 1e-6
    assert customers[TermGroup.CUSTOMERS] <= wishes[TermGroup.CUSTOMERS] + 1e-6


def test_every_term_belongs_to_one_group(bench):
    problem, _, need = staged(bench, 1, Objective())
    plan = solve(problem, need, stop=Stop(passes=1))
    named = [name for names in GROUPS.values() for name in names]
    assert sorted(named) == sorted(t.name for t in plan.parts if t.points is not None)
    assert set(GROUPS) == set(TermGroup)
    assert group_points(plan.parts, tuple(TermGroup)) == pytest.approx(plan.objective)


def test_a_stage_is_its_name_or_a_table():
    goals = Objective.model_validate_json(
        '{"stages": ["floors", {"terms": ["wishes", "money"]}]}', strict=True
    )
    assert goals.stages[0] == Stage(terms=(TermGroup.FLOORS,), tolerance=0.01, slack=1.0)
    assert goals.stages[1].terms == (TermGroup.WISHES, TermGroup.MONEY)
