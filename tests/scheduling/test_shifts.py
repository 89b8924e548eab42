"""Tests for wfplan.scheduling.shifts: covers against published and brute-force optima."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.scheduling.bench import MONDAY, agent, contract, need, plan
from wfplan.domain.contracts import BreakTier
from wfplan.errors import InfeasibleError, InputError
from wfplan.horizon import Horizon
from wfplan.scheduling.shifts import ShiftQuestion, design_shifts

POST_OFFICE = (17, 13, 15, 19, 14, 16, 11)
"""Full-time employees needed Monday to Sunday (Winston, Operations Research, section 3.5)."""


def horizon_of(days=7, minutes=60):
    return Horizon("Europe/Dublin", MONDAY, days, interval_min=minutes, slot_min=minutes)


def wants(horizon, per_channel, presence=1.0, **more):
    """A need for staff given as {channel: (interval,)}."""
    channels = tuple(per_channel)
    asked = np.array([per_channel[name] for name in channels], dtype=np.float64)
    base = need(horizon, channels, presence=presence, **more)
    return replace(base, staff_required=asked)


def by_day(horizon, first_hour, last_hour, counts):
    """The same number of staff in every hour from the first to the last of a day."""
    asked = np.zeros(horizon.interval_count)
    for d, count in enumerate(counts):
        asked[24 * d + first_hour : 24 * d + last_hour] = count
    return asked


def office(**more):
    """A contract with one shift, from nine to five without a break."""
    given = {"shortest_min": 480, "longest_min": 480, "start_window": (540, 540), "break_tiers": ()}
    return contract(**given | more)


def one_a_week(hours=40.0):
    return agent("A1", contract_hours_week=hours, max_hours_week=hours)


def read_lp(text):
    """A CPLEX-LP file as (cost, rows, low, high, whole numbers, names); a plain reader."""
    sections = re.split(r"\n(Subject To|Bounds|Generals|Binaries|End)\n?", "\n" + text)
    parts = dict(zip(sections[1::2], sections[2::2], strict=True))
    names: dict[str, int] = {}

    def terms(expression):
        found = re.findall(r"([+-]?)\s*(\d[\d.e+-]*\s)?\s*([A-Za-z_][^\s]*)", expression)
        for sign, number, name in found:
            value = float(number or 1) * (-1 if sign == "-" else 1)
            yield names.setdefault(name, len(names)), value

    cost = dict(terms(sections[0].partition("OBJ:")[2]))
    rows = []
    for line in re.split(r"\n(?=\S+: )", parts["Subject To"]):
        body = line.partition(": ")[2].replace("\n", " ")
        left, sense, right = re.match(r"(.*?)\s*(<=|>=|=)\s*(-?[\d.e+]+)\s*$", body).groups()
        rows.append((dict(terms(left)), sense, float(right)))
    whole = set(parts.get("Generals", "").split()) | set(parts.get("Binaries", "").split())
    table = np.zeros((len(rows), len(names)))
    low, high = np.full(len(rows), -np.inf), np.full(len(rows), np.inf)
    for r, (row, sense, right) in enumerate(rows):
        for n, value in row.items():
            table[r, n] = value
        if sense != "<=":
            low[r] = right
        if sense != ">=":
            high[r] = right
    upper = np.array([1.0 if n in parts.get("Binaries", "").split() else np.inf for n in names])
    prices = np.array([cost.get(n, 0.0) for n in range(len(names))])
    return prices, table, low, high, np.array([n in whole for n in names]), upper


def optimum(text):
    """The optimum of an LP file, by another way than ours."""
    cost, table, low, high, whole, upper = read_lp(text)
    found = milp(
        cost, integrality=whole.astype(int), bounds=Bounds(0, upper),
        constraints=LinearConstraint(table, low, high),
    )  # fmt: skip
    return found.fun


def test_the_post_office_needs_23_people_where_days_off_follow_each_other():
    """Winston's (5,7)-cyclic staffing problem: 22 1/3 in the relaxation, 23 whole people."""
    horizon = horizon_of()
    staff = wants(horizon, {"voice": by_day(horizon, 9, 17, POST_OFFICE)})
    problem = plan([one_a_week()], contracts={"any": office()})
    design = design_shifts(problem, staff, ShiftQuestion(least="people", is_together=True))
    assert design.people == 23
    assert design.gap < 0.01


def test_21_people_are_enough_where_they_need_not():
    """Burns and Carter: the larger of the busiest day and all days over five."""
    horizon = horizon_of()
    staff = wants(horizon, {"voice": by_day(horizon, 9, 17, POST_OFFICE)})
    problem = plan([one_a_week()], contracts={"any": office()})
    design = design_shifts(problem, staff, ShiftQuestion(least="people"))
    assert design.people == max(max(POST_OFFICE), -(-sum(POST_OFFICE) // 5)) == 21


@pytest.mark.parametrize("seed", range(6))
def test_the_least_paid_hours_are_those_of_trying_everything(seed):
    rng = np.random.default_rng(seed)
    horizon = horizon_of(days=1)
    asked = np.zeros(24)
    asked[6:12] = rng.integers(0, 3, 6)
    asked[8] = 2
    shape = {"shortest_min": 120, "longest_min": 240, "length_step_min": 120, "break_tiers": ()}
    problem = plan([one_a_week()], contracts={"any": contract(**shape, start_window=(360, 540))})
    design = design_shifts(problem, wants(horizon, {"voice": asked}), ShiftQuestion(least="hours"))
    shifts = [(start, length) for start in range(6, 10) for length in (2, 4)]
    best = np.inf
    for counts in product(range(3), repeat=len(shifts)):
        on = np.zeros(24)
        for count, (start, length) in zip(counts, shifts, strict=True):
            on[start : start + length] += count
        if (on >= asked).all():
            best = min(best, sum(c * length for c, (_, length) in zip(counts, shifts, strict=True)))
    assert design.paid_h == best


def groups_plan():
    """People for voice, for chat and for both, with shifts of four hours."""
    shape = {"shortest_min": 240, "longest_min": 240, "start_window": (480, 720), "break_tiers": ()}
    people = [agent("A1", "voice"), agent("A2", "chat"), agent("A3", "voice", "chat")]
    return plan(people, ("voice", "chat"), contracts={"any": contract(**shape)})


def test_groups_are_enough_for_every_set_of_channels():
    """Half a person of voice and half of chat are one person who serves both."""
    horizon = horizon_of(days=1)
    voice, chat = np.zeros(24), np.zeros(24)
    voice[8:12], chat[8:12] = 1.5, 0.5
    staff = wants(horizon, {"voice": voice, "chat": chat})
    design = design_shifts(groups_plan(), staff, ShiftQuestion(by_group=True))
    assert design.paid_h == 8.0  # 2 people for 2.0 of work, one of them for both
    used = {one.crew for one in design.crews if one.people}
    assert "voice+chat,any" in used
    assert all(row.scheduled >= row.whole for row in design.rows)


def test_presence_turns_effective_staff_into_whole_people():
    horizon = horizon_of(days=1)
    asked = np.zeros(24)
    asked[9:17] = 1.9  # 2.1 people of whom nine tenths are present
    staff = wants(horizon, {"voice": asked}, presence=0.9)
    design = design_shifts(
        plan([one_a_week()], contracts={"any": office()}), staff, ShiftQuestion()
    )
    (shift,) = design.shifts
    assert shift.people == (3,)
    assert design.required_h == pytest.approx(8 * 1.9 / 0.9)
    assert design.rounding_h == pytest.approx(8 * (3 - 1.9 / 0.9))


def full_day(seed=0):
    """A plan and a need with breaks, several templates and a rough demand."""
    horizon = horizon_of(minutes=60)
    rng = np.random.default_rng(seed)
    asked = np.zeros(horizon.interval_count)
    for d in range(7):
        asked[24 * d + 7 : 24 * d + 19] = rng.uniform(1, 4, 12)
    break_free = contract(break_tiers=(BreakTier(over_h=20, breaks=()),))
    problem = plan([one_a_week()], contracts={"any": break_free})
    return problem, wants(horizon, {"voice": asked})


def test_the_lp_text_read_back_has_the_same_optimum():
    problem, staff = full_day()
    design = design_shifts(problem, staff, ShiftQuestion(templates_max=6, start_every_min=60))
    text = design.lp_text()
    assert "work(any,day_0700_6h,mon)" in text
    assert "cover(everybody,mon_0700): " in text
    assert optimum(text) == pytest.approx(design.objective, rel=1e-3)
    assert optimum(text) >= design.bound - 1e-6


def test_the_mps_text_has_every_variable_of_the_program():
    problem, staff = full_day()
    design = design_shifts(problem, staff, ShiftQuestion(templates_max=6, start_every_min=60))
    text = design.mps_text()
    assert text.startswith("*SENSE:Minimize")
    assert {one.name for one in design.program.problem.variables()} <= set(text.split())


def test_a_dearer_row_costs_its_dual_in_the_relaxation():
    """The price of a row is the slope of the relaxation."""
    from wfplan.scheduling.shifts.solver import solve

    problem, staff = full_day()
    design = design_shifts(problem, staff, ShiftQuestion(templates_max=6, start_every_min=60))
    program = design.program.problem
    before = solve(program, is_relaxed=True)
    name, price = next((n, p) for n, p in before.duals.items() if n.startswith("cover") and p > 0.1)
    row = program.get_constraint_by_name(name)
    row.changeRHS(-row.constant + 1e-4)
    after = solve(program, is_relaxed=True)
    assert (after.objective - before.objective) / 1e-4 == pytest.approx(price, rel=1e-3)


def test_no_more_templates_are_worked_than_may_be_offered():
    problem, staff = full_day(1)
    few = design_shifts(problem, staff, ShiftQuestion(templates_max=3, start_every_min=60))
    many = design_shifts(problem, staff, ShiftQuestion(templates_max=30, start_every_min=60))
    assert few.shapes <= 3
    assert many.paid_h <= few.paid_h
    assert few.bound_all <= many.objective + 1e-6


def test_the_people_there_are_leave_the_rest_uncovered():
    horizon = horizon_of(days=1)
    asked = np.zeros(24)
    asked[9:17] = 3
    problem = plan([agent("A1"), agent("A2")], contracts={"any": office()})
    design = design_shifts(problem, wants(horizon, {"voice": asked}), ShiftQuestion(is_as_is=True))
    assert design.people == 2
    assert design.short_h == 8.0


def test_a_night_shift_of_the_last_day_covers_the_first_morning():
    """The same week follows itself."""
    horizon = horizon_of()
    asked = by_day(horizon, 0, 6, [1] * 7)
    night = office(start_window=(22 * 60, 22 * 60))
    problem = plan([one_a_week()], contracts={"any": night})
    design = design_shifts(problem, wants(horizon, {"voice": asked}), ShiftQuestion())
    assert [one.people for one in design.shifts] == [(1,) * 7]
    assert design.shifts[0].template == "night_2200_8h"


def test_hours_that_no_template_covers_are_named():
    horizon = horizon_of(days=1)
    asked = np.zeros(24)
    asked[7:17] = 1.2
    problem = plan([one_a_week()], contracts={"any": office()})
    with pytest.raises(
        InfeasibleError, match=r"everybody: Mon 02 Nov 07:00, Mon 02 Nov 08:00 want"
    ):
        design_shifts(problem, wants(horizon, {"voice": asked}), ShiftQuestion())


def test_too_few_templates_are_said():
    horizon = horizon_of(days=1)
    asked = np.zeros(24)
    asked[6:18] = 1
    problem = plan([one_a_week()])
    with pytest.raises(InfeasibleError, match="1 templates cannot cover"):
        design_shifts(problem, wants(horizon, {"voice": asked}), ShiftQuestion(templates_max=1))


def test_money_needs_costs_and_a_week_needs_work():
    horizon = horizon_of(days=1)
    asked = np.zeros(24)
    asked[9:17] = 1
    problem = plan([one_a_week()], contracts={"any": office()})
    with pytest.raises(InputError, match="cost_per_hour"):
        design_shifts(problem, wants(horizon, {"voice": asked}), ShiftQuestion(least="money"))
    with pytest.raises(InputError, match="nothing to cover"):
        design_shifts(problem, wants(horizon, {"voice": 0 * asked}), ShiftQuestion())
