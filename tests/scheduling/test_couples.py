"""Rules that couple people: each alone, at its exact boundary, and against all plans there are."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from wfplan.domain.channels import Channel
from wfplan.domain.contracts import Break, BreakTier
from wfplan.domain.problem import RuleSetting
from wfplan.domain.progress import Stop
from wfplan.errors import InfeasibleError
from wfplan.evaluation.audit import audit
from wfplan.rules import TeamRoster, team_rules_of
from wfplan.scheduling.person.legal import cost_of
from wfplan.scheduling.search.search import Search
from wfplan.scheduling.solve import evaluate, solve
from wfplan.scheduling.team.decode import schedule_of
from wfplan.scheduling.team.oracle import week_of
from wfplan.scheduling.team.tally import Tally
from wfplan.scheduling.team.team import assemble


def rule(name, value=0, unit="people", **more):
    return RuleSetting(rule=name, value=value, unit=unit, **more)


def centre(bench, *rules, people=4, hours=(20, 40), **more):
    """People who all serve voice, at 10 an hour."""
    low, high = hours
    team = [
        bench.agent(f"A{i}", cost_per_hour=10.0, min_hours_week=low, max_hours_week=high,
                    contract_hours_week=high)
        for i in range(people)
    ]  # fmt: skip
    return bench.plan(team, plan_rules=rules, **more)


def solved(bench, problem, *, days=7, passes=4):
    horizon = problem.horizon(bench.MONDAY, days)
    need = bench.need(horizon)
    solution = solve(problem, need, stop=Stop(passes=passes))
    found = audit(problem, horizon, solution.schedule, need)
    return solution, found


HOLD = {
    "seats": [rule("seats_max", 2, "seats")],
    "seats of a site": [rule("seats_max", 2, "seats", scope="site", scope_value="")],
    "one at a meal": [rule("activity_concurrency", 1, of=("meal",))],
    "one at a rest or a meal": [rule("activity_concurrency", 1, of=("break", "MEAL"))],
    "two on queue": [rule("activity_concurrency", 2, of=("work",))],
    "apart": [rule("pairing", unit="apart", of=("A0", "A1", "A2"))],
    "together": [rule("pairing", unit="together", of=("A0", "A1", "A2"))],
    "budget": [rule("cost_budget", 900.0, "EUR")],
    "two at noon": [rule("presence_min", 2, window="10:00-14:00")],
    "n minus one": [rule("coverage_n_minus_k", 1)],
}


@pytest.mark.parametrize("name", HOLD)
def test_a_hard_rule_of_the_team_is_kept(bench, name):
    problem = centre(bench, *HOLD[name], people=6 if name == "n minus one" else 4)
    if name == "n minus one":
        channels = (Channel(name="voice", open=["daily 10:00-15:00"]),)
        problem = problem.model_copy(update={"channels": channels})
    free, found_free = solved(bench, problem.model_copy(update={"plan_rules": ()}))
    before = audit(problem, problem.horizon(bench.MONDAY), free.schedule).hard_breaches
    assert found_free.hard_breaches == ()
    assert any(b.rule == HOLD[name][0].rule for b in before) or name == "budget", "too easy"
    kept, found = solved(bench, problem)
    assert found.hard_breaches == ()
    assert kept.lower_bound <= kept.objective + 1e-6
    assert kept.terms["team_rules"] == 0


def test_seats_that_just_do_are_filled_and_one_hour_less_is_refused(bench):
    """Seven days of twelve hours, from the first start to the last stop, hold 84 seat-hours."""
    shifts = bench.contract(shortest_min=240, longest_min=240, break_tiers=(), work_days_max=7,
                            consecutive_days_max=7)  # fmt: skip
    exact = centre(bench, rule("seats_max", 1, "seats"), people=3, hours=(28, 28),
                   contracts={"any": shifts})  # fmt: skip
    kept, found = solved(bench, exact)
    assert found.hard_breaches == ()
    assert sum(s.paid_min for s in kept.schedule.shifts) == 84 * 60
    more = centre(bench, rule("seats_max", 1, "seats"), people=4, hours=(28, 28),
                  contracts={"any": shifts})  # fmt: skip
    with pytest.raises(InfeasibleError, match=r"seats_max .*at least 112\.0 hours, and 84\.0 fit"):
        solved(bench, more)


def test_a_budget_that_least_hours_use_up_is_kept_and_a_cent_less_is_refused(bench):
    kept, found = solved(bench, centre(bench, rule("cost_budget", 800.0, "EUR")))
    assert found.hard_breaches == ()
    assert sum(s.paid_min for s in kept.schedule.shifts) == 80 * 60
    with pytest.raises(InfeasibleError, match=r"cost_budget .*cost 800\.00, more than the 799\.99"):
        solved(bench, centre(bench, rule("cost_budget", 799.99, "EUR")))


def test_more_heads_than_can_be_there_are_refused_with_the_hour(bench):
    hard = rule("presence_min", 5, window="10:00-11:00")
    with pytest.raises(InfeasibleError, match=r"presence_min .*5 people on queue .*allow it"):
        solved(bench, centre(bench, hard, hours=(0, 40)), days=2)
    everybody = hard.model_copy(update={"value": 4.0})
    _, found = solved(bench, centre(bench, everybody, hours=(0, 40)), days=2)
    assert found.hard_breaches == ()


def test_a_soft_rule_costs_what_the_auditor_counts_times_its_weight(bench):
    soft = rule("seats_max", 1, "seats", hardness="soft", weight=3.0)
    solution, found = solved(bench, centre(bench, soft))
    counted = sum(b.amount for b in found.breaches if b.rule == "seats_max")
    assert counted > 0
    assert solution.terms["team_rules"] == pytest.approx(3.0 * counted)
    assert any("seats_max" in miss for miss in solution.misses)


def test_a_dear_soft_rule_is_broken_less_than_a_cheap_one(bench):
    def broken(weight):
        soft = rule("pairing", unit="apart", of=("A0", "A1"), hardness="soft", weight=weight)
        _, found = solved(bench, centre(bench, soft))
        return sum(b.amount for b in found.breaches if b.rule == "pairing")

    assert broken(1000.0) < broken(0.0)


def test_a_schedule_is_read_with_the_soft_rules_that_it_breaks(bench):
    soft = rule("seats_max", 1, "seats", hardness="soft", weight=3.0)
    problem = centre(bench, soft)
    horizon = problem.horizon(bench.MONDAY)
    need = bench.need(horizon)
    solution = solve(problem, need, stop=Stop(passes=3))
    reading = evaluate(problem, need, solution.schedule)
    assert reading.objective == pytest.approx(solution.objective)
    assert reading.terms["team_rules"] == pytest.approx(solution.terms["team_rules"])


def random_rules(rng, names):
    """One to three hard rules of the team."""
    made = [
        lambda: rule("seats_max", int(rng.integers(1, 3)), "seats"),
        lambda: rule("pairing", unit="apart", of=tuple(rng.permutation(names)[:2])),
        lambda: rule("pairing", unit="together", of=tuple(rng.permutation(names)[:2])),
        lambda: rule("activity_concurrency", int(rng.integers(0, 2)), of=("meal",)),
        lambda: rule("activity_concurrency", 1, of=("work",)),
        lambda: rule("presence_min", 1, window=f"{int(rng.integers(8, 11)):02d}:00-12:00"),
        lambda: rule("cost_budget", float(rng.integers(8, 25)) * 10, "EUR"),
        lambda: rule("coverage_n_minus_k", int(rng.integers(0, 2))),
    ]
    return tuple(made[k]() for k in rng.permutation(len(made))[: int(rng.integers(1, 4))])


def tiny(bench, seed, people_most):
    """Two people or three, two days, two starts, two lengths, a meal with two places."""
    rng = np.random.default_rng(seed)
    meal = Break(kind="meal", length_min=60, is_paid=False, earliest_min=120, latest_min=180)
    work = bench.contract(
        shortest_min=240, longest_min=360, length_step_min=120, start_window=(480, 600),
        start_step_min=120, break_tiers=(BreakTier(over_h=5, breaks=(meal,)),),
    )  # fmt: skip
    people = [
        bench.agent(f"A{i}", min_hours_week=float(rng.integers(0, 3)) * 4, max_hours_week=10,
                    contract_hours_week=10, cost_per_hour=10.0)
        for i in range(int(rng.integers(2, people_most + 1)))
    ]  # fmt: skip
    names = [one.agent_id for one in people]
    problem = bench.plan(
        people, contracts={"any": work}, slot_min=60, plan_rules=random_rules(rng, names)
    )  # fmt: skip
    opened = Channel(name="voice", open=["daily 10:00-12:00"])
    problem = problem.model_copy(update={"channels": (opened,)})
    horizon = problem.horizon(bench.MONDAY, 2)
    return problem, horizon, bench.need(horizon, rng=rng, staff=3)


def all_weeks(member):
    """Every legal week of a member with every placement of its breaks."""
    space = member.space
    days = [[-1, *range(*space.day_ptr[d : d + 2])] for d in range(len(space.day_ptr) - 1)]
    for chosen in product(*days):
        if cost_of(space.legal, np.array(chosen, dtype=np.int64)) == np.inf:
            continue
        options = [o for o in chosen if o >= 0]
        windows = [
            product(*(range(first, last + 1) for _, first, last in
                      space.lengths.break_slots[space.opt_len[o], : space.lengths.break_count[
                          space.opt_len[o]]]))
            for o in options
        ]  # fmt: skip
        for starts in product(*windows):
            yield week_of(member, list(zip(options, starts, strict=True)))


def plans_that_keep(problem, horizon, need):
    """The least cost of the plans that keep the rules, by the auditor; infinite for none."""
    team = assemble(problem, need)
    rules = team_rules_of(problem, horizon.dates)
    best = np.inf
    for weeks in product(*(list(all_weeks(member)) for member in team.members)):
        roster = TeamRoster.of(problem, horizon, schedule_of(problem, team, weeks).shifts)
        if not any(one.team_breaches(roster) for one in rules):
            search = Search(team, 0)
            for i, week in enumerate(weeks):
                search.put_in(i, week)
            best = min(best, search.coverage.total_cost() + sum(week.cost for week in weeks))
    return best


def check_against_all_plans(bench, seed, people_most):
    problem, horizon, need = tiny(bench, seed, people_most)
    problem = problem.model_copy(
        update={"objective": problem.objective.model_copy(update={"balance": 0.0})}
    )
    best = plans_that_keep(problem, horizon, need)
    try:
        solution = solve(problem, need, stop=Stop(passes=6), seed=seed)
    except InfeasibleError:
        assert best == np.inf, f"seed {seed}: a plan was there"
        return False
    assert best < np.inf, f"seed {seed}: no plan keeps the rules"
    assert audit(problem, horizon, solution.schedule, need).hard_breaches == ()
    assert solution.lower_bound <= best + 1e-6
    assert solution.objective >= best - 1e-6
    return solution.objective <= best * 1.02 + 1e-6


@pytest.mark.slow
def test_a_plan_is_found_exactly_where_there_is_one(bench):
    for seed in range(6):
        check_against_all_plans(bench, seed, people_most=2)


@pytest.mark.nightly
def test_a_plan_is_found_exactly_where_there_is_one_on_many(bench):
    near = [check_against_all_plans(bench, seed, people_most=3) for seed in range(6, 250)]
    assert sum(near) > 0


def test_prices_of_moments_are_what_a_week_changes_in_the_cost(bench):
    """The price of a week, given everybody else, is the cost with it less the cost without."""
    rules = [
        rule("seats_max", 1, "seats", hardness="soft", weight=2.0),
        rule("activity_concurrency", 0, of=("meal",), hardness="soft", weight=5.0),
        rule("pairing", unit="together", of=("A0", "A1"), hardness="soft", weight=7.0),
        rule("presence_min", 2, hardness="soft", weight=11.0),
    ]
    problem = centre(bench, *rules)
    team = assemble(problem, bench.need(problem.horizon(bench.MONDAY)))
    search, tally = Search(team, 0), Tally(team)
    search.respond_all(Stop())
    for i, week in enumerate(search.weeks):
        tally.put(i, week)
    for i, week in enumerate(search.weeks):
        price = tally.toll(i, week, tally.own(i))
        whole = tally.soft_cost
        tally.put(i, week_of(team.members[i], []))
        assert price == pytest.approx(whole - tally.soft_cost)
        assert price == pytest.approx(tally.toll(i, week, tally.own(i)))
        tally.put(i, week)
        assert tally.soft_cost == pytest.approx(whole)


def test_a_part_of_a_team_counts_itself_alone(bench):
    problem = centre(bench, rule("seats_max", 1, "seats"), rule("cost_budget", 5.0, "EUR"))
    team = assemble(problem, bench.need(problem.horizon(bench.MONDAY)))
    part = replace(team, members=team.members[1:3], couples=team.couples.part([1, 2]))
    tally = Tally(part)
    assert tally.couples.sign.shape[1] == 2
    assert tally.couples.budgets[0].rate.tolist() == [10.0, 10.0]
    assert tally.coupled() == {0, 1}
