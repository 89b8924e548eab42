"""Tests for wfplan.scheduling.team.own_prices: what a ranking does to wishes."""

from dataclasses import replace

import numpy as np
import pytest

from wfplan.domain.people import Availability
from wfplan.domain.problem import Objective, RuleSetting
from wfplan.domain.progress import Stop
from wfplan.evaluation import audit
from wfplan.scheduling.solve import solve
from wfplan.scheduling.team.own_prices import wish_weights
from wfplan.scheduling.team.team import assemble

LATE = tuple(
    Availability(kind="avoid", weekday=d, start_min=17 * 60, end_min=24 * 60, weight=1.0)
    for d in range(7)
)


def two_people(bench, *order, days=1):
    """One early and one late shift a day are wanted; both people avoid the evening."""
    rules = [
        RuleSetting(rule="ranking", value=5, unit="times", hardness="soft", of=order),
    ] * bool(order)
    work = bench.contract(
        shortest_min=480, longest_min=480, start_window=(480, 960), start_step_min=480,
        break_tiers=(),
    )  # fmt: skip
    problem = bench.plan(
        [bench.agent(name, availability=LATE) for name in ("P1", "P2")],
        contracts={"any": work}, plan_rules=tuple(rules),
        objective=Objective(balance=0.0, paid_hour=0.0, change_per_day=0, overload_per_h=0),
    )  # fmt: skip
    need = bench.need(problem.horizon(bench.MONDAY, days), staff=2, presence=1.0)
    harm = np.zeros_like(need.harm)
    minute = need.horizon.interval_minutes
    harm[:, (minute >= 480) & (minute < 1440)] = [50.0, 0.0, 0.0]
    return problem, replace(need, harm=harm)


def test_weights_of_a_ranking_multiply_what_wishes_cost(bench):
    problem, need = two_people(bench, "P2")
    dates = need.horizon.dates
    assert wish_weights(problem, dates) == {"P2": 5.0, "P1": 1.0}
    plain, _ = two_people(bench)
    assert wish_weights(plain, dates) == {}
    ranked, equal = assemble(problem, need), assemble(plain, need)
    for i, weight in enumerate((1.0, 5.0)):
        assert ranked.members[i].burden == pytest.approx(weight * equal.members[i].burden)


@pytest.mark.slow
@pytest.mark.parametrize("first", ["P1", "P2"])
def test_the_first_in_rank_gets_the_shift_that_both_wish_for(bench, first):
    problem, need = two_people(bench, first)
    found = solve(problem, need, stop=Stop(passes=4), seed=1)
    starts = {shift.agent_id: shift.start.hour for shift in found.schedule.shifts}
    assert sorted(starts.values()) == [8, 16]
    assert starts[first] == 8
    assert found.lower_bound <= found.objective + 1e-6
    told = audit(problem, need.horizon, found.schedule, need).breaches
    assert not [b for b in told if b.rule == "ranking"]
