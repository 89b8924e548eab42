"""The plain model of a tiny problem for CP-SAT and HiGHS: a variable for every shift of everybody.

Rules are written again from their words, as linear constraints and products:
nothing is shared with the planner, and of the auditor only the list of shifts. Every
constraint is linear, so that a mixed integer program says the same to HiGHS.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations

import numpy as np
from ortools.sat.python import cp_model
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

SCALE = 10_000
FAR = 2**60  # CP-SAT's infinity is beyond
MINUTE = timedelta(minutes=1)


def optima(problem, need, brute) -> tuple[float | None, float | None]:
    """The least objective, without a tail, by CP-SAT and by HiGHS; None where no plan is legal."""
    model = modelled(problem, need, brute)
    return by_cp_sat(model), by_highs(model)


def modelled(problem, need, brute):
    """The model of a problem."""
    model = cp_model.CpModel()
    staff = [[] for _ in range(need.horizon.slot_count)]
    cost = []
    for agent in problem.agents:
        days = [
            [(model.new_bool_var(""), one) for one in brute.shifts_of_day(problem, agent, need, d)]
            for d in range(len(need.horizon.dates))
        ]
        cost += _person(model, problem, agent, need, days)
        for x, shift in (pair for day in days for pair in day):
            for s in np.flatnonzero(brute.on_queue(need, [shift])):
                staff[s].append(x)
    for s, people in enumerate(staff):
        cost.append(_harm(model, need.harm[0, s], people))
    model.minimize(sum(cost))
    return model


def by_cp_sat(model) -> float | None:
    """The least objective by CP-SAT; None where no plan is legal."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = 60
    status = solver.solve(model)
    assert status in (cp_model.OPTIMAL, cp_model.INFEASIBLE), solver.status_name(status)
    return solver.objective_value / SCALE if status == cp_model.OPTIMAL else None


def by_highs(model) -> float | None:
    """The same by HiGHS, from the same rows; None where no plan is legal."""
    proto = model.proto
    low, high = np.array([(v.domain[0], v.domain[1]) for v in proto.variables], dtype=float).T
    cost = np.zeros(len(low))
    np.add.at(cost, list(proto.objective.vars), list(proto.objective.coeffs))
    rows = [c.linear for c in proto.constraints]
    assert all(len(row.domain) == 2 for row in rows), "every constraint is one linear row"
    at = np.repeat(np.arange(len(rows)), [len(row.vars) for row in rows])
    column = [v for row in rows for v in row.vars]
    value = [float(a) for row in rows for a in row.coeffs]
    matrix = csr_array((value, (at, column)), shape=(len(rows), len(low)))
    edges = np.array([tuple(row.domain) for row in rows], dtype=float).reshape(-1, 2)
    edges = np.where(np.abs(edges) > FAR, np.copysign(np.inf, edges), edges)
    found = milp(
        cost,
        integrality=np.ones(len(low)),
        bounds=Bounds(low, high),
        constraints=LinearConstraint(matrix, *edges.T) if rows else (),
        options={"mip_rel_gap": 0.0},
    )
    assert found.status in (0, 2), found.message
    return (found.fun + proto.objective.offset) / SCALE if found.status == 0 else None


def _harm(model, curve, people):
    """Harm of a slot by its heads, whole: convex, so that cuts between whole heads are enough."""
    heads = sum(people)
    harm = model.new_int_var(0, round(curve[0] * SCALE), "")
    levels = [round(value * SCALE) for value in curve]
    for j in range(len(levels) - 1):
        model.add(harm >= levels[j] + (levels[j + 1] - levels[j]) * (heads - j))
    model.add(harm >= levels[-1])
    return harm


def _person(model, problem, agent, need, days):
    """The rules of one person, by their names; what her soft ones cost."""
    contract = problem.contract_of(agent)
    works = [sum(x for x, _ in day) for day in days]
    for work in works:
        model.add(work <= 1)
    everything = [pair for day in days for pair in day]
    paid = sum(x * shift.paid_min for x, shift in everything)
    model.add(paid <= round(agent.max_hours_week * 60))
    model.add(sum(works) <= contract.work_days_max)
    run = contract.consecutive_days_max
    for d in range(len(works) - run):
        model.add(sum(works[d : d + run + 1]) <= run)
    for (x, one), (y, other) in combinations(everything, 2):
        if one.shift_date < other.shift_date and one.end > other.start:
            model.add(x + y <= 1)
    cost = []
    for rule in problem.plan_rules:
        cost += RULES[rule.rule](model, rule, agent, days)
    return cost


def _pairs(days):
    """Shifts that follow each other with only days off between them, and what lies between."""
    for a in range(len(days)):
        for b in range(a + 1, len(days)):
            for x, one in days[a]:
                for y, other in days[b]:
                    yield x, one, y, other, days[a + 1 : b]


def _follow(model, x, y, between):
    """A variable that is 1 where two shifts follow each other."""
    both = model.new_bool_var("")
    model.add(both >= x + y - 1 - sum(z for day in between for z, _ in day))
    return both


def _gaps(model, rule, days, least, length_of):
    """A least gap between shifts that follow each other: forbidden, or priced by the hour."""
    cost = []
    for x, one, y, other, between in _pairs(days):
        missing = least - length_of(one, other)
        if missing <= 0:
            continue
        if rule.hardness == "hard":
            model.add(x + y - sum(z for day in between for z, _ in day) <= 1)
        else:
            cost.append(_follow(model, x, y, between) * round(rule.weight * missing / 60 * SCALE))
    return cost


def daily_rest(model, rule, agent, days):
    return _gaps(model, rule, days, rule.value * 60, lambda a, b: (b.start - a.end) / MINUTE)


def start_distance(model, rule, agent, days):
    return _gaps(model, rule, days, rule.value * 60, lambda a, b: (b.start - a.start) / MINUTE)


def _each(model, rule, days, wrong_of):
    """Shifts one by one: forbidden, or priced."""
    cost = []
    for x, shift in (pair for day in days for pair in day):
        wrong = wrong_of(shift)
        if wrong > 0 and rule.hardness == "hard":
            model.add(x == 0)
        elif wrong > 0:
            cost.append(x * round(rule.weight * wrong * SCALE))
    return cost


def paid_time_day(model, rule, agent, days):
    return _each(model, rule, days, lambda s: (s.paid_min - rule.value * 60) / 60)


def paid_time_granularity(model, rule, agent, days):
    return _each(model, rule, days, lambda s: s.paid_min % round(rule.value) / 60)


def break_required(model, rule, agent, days):
    def lacks(shift):
        is_long = (shift.end - shift.start) / MINUTE > rule.value * 60
        return int(is_long and all(a.category == "work" for a in shift.activities))

    return _each(model, rule, days, lacks)


def _above(model, rule, count, most, per=1.0):
    """A count at most so large, or the price of what is above it."""
    if rule.hardness == "hard":
        model.add(count <= most)
        return []
    over = model.new_int_var(0, 10**6, "")
    model.add(over >= count - most)
    return [over * round(rule.weight * per * SCALE)]


def paid_time_period(model, rule, agent, days):
    paid = sum(x * shift.paid_min for day in days for x, shift in day)
    return _above(model, rule, paid, round(rule.value * 60), 1 / 60)


def work_days_week(model, rule, agent, days):
    return _above(model, rule, sum(x for day in days for x, _ in day), round(rule.value))


def consecutive_work_days(model, rule, agent, days):
    works = [sum(x for x, _ in day) for day in days]
    run, cost = round(rule.value), []
    for d in range(len(works) - run):  # each further day of a run is one too many
        cost += _above(model, rule, sum(works[d : d + run + 1]), run)
    return cost


RULES = {
    name: function
    for name, function in list(globals().items())
    if name in {
        "daily_rest", "start_distance", "paid_time_day", "paid_time_granularity", "break_required",
        "paid_time_period", "work_days_week", "consecutive_work_days",
    }
}  # fmt: skip
