"""R11 and R12: what must hold between two problems, and that a seed gives one plan."""

from __future__ import annotations

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
