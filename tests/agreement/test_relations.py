"""R11 and R12: what must hold between two problems, and that a seed gives one plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from wfplan.domain.progress import Stop
from wfplan.errors import InfeasibleError
from wfplan.scheduling.solve import solve


@pytest.mark.slow
@pytest.mark.parametrize("seed", [3, 8, 21])
def test_r12_the_same_seed_gives_the_same_plan_to_the_byte(problems, seed):
    def planned():
        problem, need = problems.random_problem(seed)
        try:
            found = solve(problem, need, stop=Stop(passes=2), seed=seed)
        except InfeasibleError as error:
            return str(error)
        return found.schedule.model_dump_json(), found.objective, found.lower_bound

    assert planned() == planned()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 5, 10, 12])
def test_r11_a_rule_more_never_improves_the_optimum_and_the_order_changes_nothing(
    problems, reading, brute, seed
):
    problem, need = problems.tiny_problem(seed)
    best = brute.optimum(problem, need, reading.judged)
    fewer = problem.model_copy(update={"plan_rules": problem.plan_rules[1:]})
    looser = brute.optimum(fewer, need, reading.judged)
    if best is not None:
        assert looser is not None
        assert looser <= best + 1e-9
    turned = problem.model_copy(
        update={"agents": problem.agents[::-1], "plan_rules": problem.plan_rules[::-1]}
    )
    assert brute.optimum(turned, need, reading.judged) == pytest.approx(best)


def solved(problem, need, passes=6):
    """What the search finds; None where no plan is legal."""
    try:
        return solve(problem, need, stop=Stop(passes=passes), seed=0)
    except InfeasibleError:
        return None


def assert_not_better(of_wider, of_narrower):
    """What is proven of the wider problem is below every plan of the narrower one."""
    if of_narrower is not None:
        assert of_wider is not None, "a narrower problem has a plan and the wider one has none"
        scale = max(1.0, abs(of_narrower.objective))
        assert of_wider.lower_bound <= of_narrower.objective + 1e-6 * scale


RELATED = range(40, 52)


@pytest.mark.slow
@pytest.mark.parametrize("seed", RELATED)
def test_r11_a_rule_fewer_proves_no_more(problems, seed):
    problem, need = problems.tiny_problem(seed)
    wider = problem.model_copy(update={"plan_rules": problem.plan_rules[1:]})
    assert_not_better(solved(wider, need), solved(problem, need))


@pytest.mark.slow
@pytest.mark.parametrize("seed", RELATED)
def test_r11_a_person_fewer_never_serves_customers_better(problems, seed):
    """Who has left owes nothing: her hours and rules are no part of the smaller problem."""
    problem, need = problems.tiny_problem(seed)
    idle = problem.agents[-1].model_copy(update={"min_hours_week": 0.0, "availability": ()})
    free = problem.model_copy(
        update={
            "agents": (*problem.agents[:-1], idle),
            "plan_rules": (),
            "past_shifts": (),
            "locks": (),
        }
    )
    fewer = free.model_copy(update={"agents": free.agents[:-1]})
    if fewer.agents:
        assert_not_better(solved(free, need), solved(fewer, need))


@pytest.mark.slow
@pytest.mark.parametrize("seed", RELATED)
def test_r11_names_are_nothing_but_names(problems, seed):
    problem, need = problems.tiny_problem(seed)
    new = {agent.agent_id: f"Z{i}" for i, agent in enumerate(problem.agents)}

    def renamed(rows):
        return tuple(r.model_copy(update={"agent_id": new[r.agent_id]}) for r in rows)

    other = problem.model_copy(
        update={
            "agents": renamed(problem.agents),
            "past_shifts": renamed(problem.past_shifts),
            "locks": renamed(problem.locks),
            "plan_rules": tuple(
                rule.model_copy(update={"scope_value": new[rule.scope_value]})
                if rule.scope == "agent"
                else rule
                for rule in problem.plan_rules
            ),
        }
    )
    other = type(problem)(**{name: getattr(other, name) for name in type(other).model_fields})
    one, same = solved(problem, need), solved(other, need)
    assert (one is None) == (same is None)
    if one is not None and same is not None:
        assert same.objective == pytest.approx(one.objective, abs=1e-9)
        assert same.lower_bound == pytest.approx(one.lower_bound, abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("seed", RELATED)
def test_r11_nobody_wanted_is_no_harm(problems, seed):
    problem, need = problems.tiny_problem(seed)
    quiet = replace(need, harm=np.zeros_like(need.harm), volume=np.zeros_like(need.volume))
    calm = problem.model_copy(update={"plan_rules": ()})
    found = solved(calm, quiet)
    if found is not None:
        assert found.objective == pytest.approx(found.lower_bound, abs=1e-6)
        assert found.objective <= 1e-6


@pytest.mark.slow
@pytest.mark.parametrize("seed", RELATED)
def test_r11_twice_the_people_and_the_work_cost_at_most_twice(problems, seed):
    """Two sites of the same people and demand, planned as one: pooling never hurts."""
    problem, need = problems.tiny_problem(seed)
    twins = tuple(a.model_copy(update={"agent_id": f"T{a.agent_id}"}) for a in problem.agents)
    both = type(problem)(
        **{name: getattr(problem, name) for name in type(problem).model_fields}
        | {
            "agents": problem.agents + twins,
            "plan_rules": tuple(r for r in problem.plan_rules if r.scope != "agent"),
            "past_shifts": (),
            "locks": (),
        }
    )
    single = both.model_copy(update={"agents": problem.agents})
    levels = need.harm.shape[2]
    at = np.arange(2 * levels - 1) / 2
    double = np.array(
        [[2 * np.interp(at, np.arange(levels), curve) for curve in channel]
         for channel in need.harm]
    )  # fmt: skip
    found = solved(single, need)
    doubled = solved(both, replace(need, harm=double, volume=2 * need.volume))
    if found is not None:
        assert doubled is not None
        scale = max(1.0, abs(found.objective))
        assert doubled.lower_bound <= 2 * found.objective + 1e-6 * scale
