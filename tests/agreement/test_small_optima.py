"""R9: on tiny problems, trying everything, CP-SAT, HiGHS and the search agree.

Trying everything goes by the auditor's word alone (:mod:`brute`), the plain model
of CP-SAT and HiGHS writes the rules anew (:mod:`plain_model`); the bound never exceeds
the optimum, and no plan is below it.
"""

from __future__ import annotations

from collections import Counter

import pytest

from wfplan.domain.progress import Stop
from wfplan.errors import InfeasibleError
from wfplan.scheduling.solve import solve


def searched(problem, need, seed):
    """The bound and the objective of the search; None where it says that no plan is legal."""
    try:
        found = solve(problem, need, stop=Stop(passes=12), seed=seed)
    except InfeasibleError:
        return None
    return found.lower_bound, found.objective


def compare(problem, need, seed, best):
    """Whether the search found the optimum; the order of bound, optimum and plan holds."""
    found = searched(problem, need, seed)
    assert (found is None) == (best is None), "the search and trying everything disagree"
    if found is None or best is None:
        return "infeasible"
    bound, objective = found
    scale = max(1.0, abs(best))
    assert bound <= best + 1e-6 * scale
    assert best <= objective + 1e-6 * scale
    return "optimal" if objective <= best + 1e-6 * scale else "above"


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 20, 20))
def test_r9_the_search_and_trying_everything_agree_under_any_rules(problems, reading, brute, first):
    verdicts = Counter(
        compare(*problems.tiny_problem(seed), seed, _best(problems, reading, brute, seed))
        for seed in range(first, first + 20)
    )
    assert verdicts["infeasible"] <= 10
    assert verdicts["optimal"] >= 0.8 * (20 - verdicts["infeasible"])


def _best(problems, reading, brute, seed):
    return brute.optimum(*problems.tiny_problem(seed), reading.judged)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 10, 10))
def test_r9_cp_sat_highs_trying_everything_and_the_search_agree(
    problems, reading, brute, plain_model, first
):
    pytest.importorskip("ortools")
    for seed in range(first, first + 10):
        problem, need = problems.tiny_problem(seed, names=sorted(plain_model().RULES), plain=True)
        best = brute.optimum(problem, need, reading.judged)
        _same(plain_model().optima(problem, need, brute), best, seed)
        compare(problem, need, seed, best)


def _same(modelled, best, seed):
    """Whether both solvers of the plain model find the optimum, or that there is none."""
    for found in modelled:
        assert (found is None) == (best is None), seed
        assert best is None or found == pytest.approx(best, abs=0.02), seed  # harm to 1e-4


@pytest.mark.nightly
def test_r9_five_hundred_tiny_problems(problems, reading, brute, plain_model):
    for seed in range(20, 520):
        problem, need = problems.tiny_problem(seed)
        compare(problem, need, seed, brute.optimum(problem, need, reading.judged))
    for seed in range(10, 510):
        problem, need = problems.tiny_problem(seed, names=sorted(plain_model().RULES), plain=True)
        best = brute.optimum(problem, need, reading.judged)
        _same(plain_model().optima(problem, need, brute), best, seed)
        compare(problem, need, seed, best)
