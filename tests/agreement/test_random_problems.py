"""R6: the auditor agrees with the planner on any problem, to the last breach and its price.

Every seed is a problem of its own (:mod:`problems`); a failure names its seed.
``WFPLAN_SEEDS=4000:10000`` restarts the long run where it ended.
"""

from __future__ import annotations

import os
from collections import Counter

import pytest

from wfplan.domain.progress import Stop
from wfplan.errors import InfeasibleError
from wfplan.evaluation import audit
from wfplan.rules.registry import SETTABLE
from wfplan.scheduling.solve import solve
from wfplan.scheduling.team.encode import weeks_of
from wfplan.scheduling.team.oracle import rules_cost
from wfplan.scheduling.team.team import assemble

CHUNK = 25


def disagreement(problems, reading, seed):
    """What the auditor holds against the plan of a seed; empty if nothing, None if no plan is."""
    problem, need = problems.random_problem(seed)
    try:
        solution = solve(problem, need, stop=Stop(passes=1), seed=seed)
    except InfeasibleError:
        return None
    horizon, schedule = need.horizon, solution.schedule
    found = [b.why for b in audit(problem, horizon, schedule, need).hard_breaches if b.agent_id]
    team, told = assemble(problem, need), reading.soft_costs(problem, horizon, schedule)
    weeks = weeks_of(team, schedule)
    for i, member in enumerate(team.members):
        shifts = weeks[i].shifts if i in weeks else ()
        said = rules_cost(member, [option for option, _ in shifts])
        if abs(said - told[member.agent_id]) > 1e-6:
            found.append(f"{member.agent_id}: planned at {said}, audited at {told}")
    return found


def settle(problems, reading, seeds):
    """All seeds without a disagreement; how many had no plan."""
    verdicts = {seed: disagreement(problems, reading, seed) for seed in seeds}
    assert {seed: found for seed, found in verdicts.items() if found} == {}
    return sum(found is None for found in verdicts.values())


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 100, CHUNK))
def test_r6_every_plan_passes_the_audit_at_the_price_that_the_planner_named(
    problems, reading, first
):
    stuck = settle(problems, reading, range(first, first + CHUNK))
    assert stuck <= CHUNK / 2, "problems without a plan prove nothing"


@pytest.mark.nightly
def test_r6_ten_thousand_plans_pass_the_audit(problems, reading):
    first, stop = map(int, os.environ.get("WFPLAN_SEEDS", "100:10000").split(":"))
    for begin in range(first, stop, CHUNK):
        settle(problems, reading, range(begin, min(begin + CHUNK, stop)))


def test_every_settable_rule_of_a_person_is_drawn_both_ways(problems):
    drawn = Counter()
    for seed in range(600):
        problem, _ = problems.random_problem(seed)
        settings = [*problem.packs["pack"].rules, *problem.plan_rules]
        drawn.update((one.rule, one.hardness) for one in settings)
    names = [name for name in problems.DRAWS if name in SETTABLE]
    assert min(drawn[name, hardness] for name in names for hardness in ("hard", "soft")) >= 5
