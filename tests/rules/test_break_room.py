"""Tests for wfplan.rules.break_room and the rules whose planner's face it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise, product
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.domain.contracts import Break, BreakTier
from wfplan.domain.schedule import Activity, ActivityCategory, Shift
from wfplan.rules import AgentWeek
from wfplan.rules.base import LEAST, MOST
from wfplan.rules.break_room import Distances
from wfplan.rules.break_spacing import BreakSpacing
from wfplan.rules.break_time import BreakTime
from wfplan.rules.contiguous_work import ContiguousWork
from wfplan.rules.continuous_contact_max import ContinuousContactMax
from wfplan.rules.meal import Meal

STEP = 15


def rest(earliest, latest, length=15, before_end=0, **more):
    kind, is_paid = more.pop("kind", "rest"), more.pop("is_paid", True)
    return Break(kind=kind, length_min=length, is_paid=is_paid, earliest_min=earliest,
                 latest_min=latest, before_end_min=before_end, **more)  # fmt: skip


def placements(breaks, length):
    """All ways to begin the breaks inside their windows and the shift."""
    starts = [
        [
            s
            for s in range(b.earliest_min, b.latest_min + 1, STEP)
            if s + b.length_min + b.before_end_min <= length
        ]
        for b in breaks
    ]
    return list(product(*starts))


def keeps(distances, breaks, starts, length):
    """Whether a placement keeps the distances, one by one."""
    seen = [(s, s + b.length_min) for s, b in zip(starts, breaks, strict=True)
            if b.length_min >= distances.part_min]  # fmt: skip
    gaps = [b[0] - a[1] for a, b in pairwise(seen)]
    if distances.is_to_ends:
        gaps += [seen[0][0], length - seen[-1][1]] if seen else [length]
    return all(distances.least <= gap <= distances.most for gap in gaps)


@st.composite
def tiers(draw):
    """Up to three breaks with windows apart."""
    breaks, at = [], 0
    for _ in range(draw(st.integers(0, 3))):
        earliest = at + STEP * draw(st.integers(1, 5))
        latest = earliest + STEP * draw(st.integers(0, 6))
        size = draw(st.sampled_from([15, 30]))
        breaks.append(rest(earliest, latest, size))
        at = latest + size
    return tuple(breaks), at + STEP * draw(st.integers(0, 6))


@settings(max_examples=150, deadline=None)
@given(
    tier=tiers(),
    least=st.sampled_from([0, 30, 60, 90]),
    most=st.sampled_from([60, 90, 150, 240, 10**6]),
    is_to_ends=st.booleans(),
    part_min=st.sampled_from([0, 30]),
)
def test_every_placement_left_keeps_the_rule_and_a_length_falls_only_if_none_does(
    tier, least, most, is_to_ends, part_min
):
    breaks, length = tier
    distances = Distances(least, most, is_to_ends, part_min)
    fit = distances.narrowed(breaks, length, STEP)
    legal = {p for p in placements(breaks, length) if keeps(distances, breaks, p, length)}
    if fit is None:
        assert not legal
    else:
        left = set(placements(fit, length))
        assert left
        assert left <= legal


def test_two_windows_give_way_half_and_half():
    """120 minutes at most between breaks: 165 could lie there, so each window loses its part."""
    fit = Distances(most=120).narrowed((rest(60, 120), rest(180, 240)), 480, STEP)
    assert [(b.earliest_min, b.latest_min) for b in fit] == [(90, 120), (180, 225)]


def breaks_at(bench, problem, length, starts):
    """A view of a day with breaks at given minutes."""
    work = problem.contract_of(problem.agents[0])
    begin = bench.wall(0, "06:00")
    parts, at = [], 0
    for begins, pause in zip(starts, work.breaks_of(length), strict=True):
        parts += [(at, begins, "work", True),
                  (begins, begins + pause.length_min, pause.kind, pause.is_paid)]  # fmt: skip
        at = begins + pause.length_min
    parts.append((at, length, "work", True))
    kinds = {"work": "work", "rest": "break", "meal": "meal"}
    activities = tuple(
        Activity(code=kind, category=ActivityCategory(kinds[kind]), is_paid=is_paid,
                 start=begin + timedelta(minutes=a), end=begin + timedelta(minutes=b))
        for a, b, kind, is_paid in parts
        if a < b
    )  # fmt: skip
    shift = Shift(shift_id="s", agent_id="A1", shift_date=bench.MONDAY, activities=activities)
    agent = problem.agents[0]
    return AgentWeek.of(problem, agent, problem.horizon(bench.MONDAY), [shift])


DAY = BreakTier(over_h=4, breaks=(
    rest(75, 150), rest(180, 255, 30, kind="meal", is_paid=False), rest(300, 420, before_end=15),
))  # fmt: skip


@pytest.mark.parametrize(
    "rule",
    [
        ContiguousWork(minutes=150),
        ContiguousWork(minutes=105),
        ContiguousWork(minutes=75, bound=LEAST),
        ContiguousWork(minutes=240, part_min=30),
        BreakSpacing(minutes=120),
        BreakSpacing(minutes=90, bound=LEAST),
        ContinuousContactMax(most_min=135),
    ],
)
def test_narrowed_windows_hold_only_placements_without_a_breach(bench, rule):
    work = bench.contract(shortest_min=240, longest_min=570, length_step_min=30, break_tiers=(DAY,))
    problem = bench.plan(work=work)
    limits = bench.tightened(rule, problem)
    verdicts = set()
    for length in (240, *range(360, 571, 30)):  # between them the contract's breaks have no room
        legal = {
            starts
            for starts in placements(work.breaks_of(length), length)
            if not rule.breaches(breaks_at(bench, problem, length, starts))
        }
        if length in limits.lengths_min:
            left = placements(limits.contract.breaks_of(length), length)
            assert set(left) <= legal
            assert left
            assert limits.contract.paid_min(length) == work.paid_min(length)
        else:
            assert not legal
        verdicts.add(length in limits.lengths_min)
    assert True in verdicts


def test_a_soft_rule_narrows_where_it_can_and_drops_nothing(bench):
    work = bench.contract(shortest_min=240, longest_min=570, length_step_min=30, break_tiers=(DAY,))
    rule, problem = ContiguousWork(minutes=105, hardness="soft"), bench.plan(work=work)
    hard, soft = bench.tightened(rule, problem), bench.softened(rule, problem)
    assert (
        soft.lengths_min == bench.tightened(Meal(least_min=30, over_min=600), problem).lengths_min
    )
    assert len(hard.lengths_min) < len(soft.lengths_min)
    for length in set(hard.lengths_min) & set(range(240, 571, 30)):
        assert soft.contract.breaks_of(length) == hard.contract.breaks_of(length)


@pytest.mark.parametrize(
    ("rule", "starts", "amounts"),
    [
        (ContiguousWork(minutes=150), (120, 270, 420), []),
        (ContiguousWork(minutes=150), (150, 240, 360), []),  # 150 exactly
        (ContiguousWork(minutes=150), (150, 240, 420), []),
        (ContiguousWork(minutes=120), (150, 240, 360), [30]),
        (ContiguousWork(minutes=90), (75, 180, 300), [75]),  # 165 at the end
        (ContiguousWork(minutes=60), (75, 180, 300), [15, 30, 30, 105]),
        (ContiguousWork(minutes=90, bound=LEAST), (75, 180, 300), [15]),
        (ContiguousWork(minutes=90, bound=LEAST), (90, 195, 315), []),
        (ContiguousWork(minutes=200, part_min=30), (90, 195, 315), [55]),
        (BreakSpacing(minutes=90), (75, 180, 300), []),
        (BreakSpacing(minutes=90), (75, 195, 315), [15]),
        (BreakSpacing(minutes=60), (75, 180, 300), [30, 30]),
        (BreakSpacing(minutes=100, bound=LEAST), (75, 180, 300), [10, 10]),
        (BreakSpacing(minutes=90, bound=LEAST), (75, 180, 300), []),
        (ContinuousContactMax(most_min=165), (75, 180, 300), []),
        (ContinuousContactMax(most_min=150), (75, 180, 300), [15]),
        (ContinuousContactMax(most_min=100), (105, 210, 345), [5, 5, 20]),
    ],
)
def test_stretches_are_measured_between_breaks(bench, rule, starts, amounts):
    problem = bench.plan(work=bench.contract(break_tiers=(DAY,)))
    view = breaks_at(bench, problem, 480, starts)
    assert [b.amount for b in rule.breaches(view)] == amounts


@pytest.mark.parametrize(
    ("rule", "length", "amounts"),
    [
        (BreakTime(least_min=60, over_min=360), 480, []),
        (BreakTime(least_min=61, over_min=360), 480, [1]),
        (BreakTime(least_min=60, over_min=450), 480, []),  # 450 paid: not more than the threshold
        (BreakTime(least_min=75, over_min=449), 480, [15]),
        (BreakTime(least_min=60, over_min=360, part_min=20), 480, [30]),
        (BreakTime(least_min=15, over_min=100), 240, [15]),
        (BreakTime(least_min=30, over_min=360, part_min=30), 480, []),
        (Meal(least_min=30, over_min=300), 480, []),
        (Meal(least_min=45, over_min=300), 480, [15]),
        (Meal(least_min=45, over_min=480), 480, []),
        (Meal(least_min=30, over_min=120), 240, [30]),
        (Meal(least_min=30, window=(540, 600)), 480, []),  # at 09:00 exactly
        (Meal(least_min=30, window=(660, 780)), 480, [120]),
        (Meal(least_min=45, window=(570, 780)), 480, [15, 30]),
    ],
)
def test_breaks_and_meals_are_long_enough_and_in_time(bench, rule, length, amounts):
    problem = bench.plan(work=bench.contract(break_tiers=(DAY,)))
    starts = [b.earliest_min for b in problem.contract_of(problem.agents[0]).breaks_of(length)]
    view = breaks_at(bench, problem, length, starts)
    assert [b.amount for b in rule.breaches(view)] == amounts


@pytest.mark.parametrize(
    "rule",
    [BreakTime(least_min=30, over_min=210), BreakTime(least_min=75, over_min=400),
     Meal(least_min=30, over_min=200), Meal(least_min=45, over_min=400)],
)  # fmt: skip
def test_lengths_fall_exactly_where_their_breaks_are_too_short(bench, rule):
    work = bench.contract(shortest_min=180, longest_min=540, length_step_min=30, break_tiers=(DAY,))
    problem = bench.plan(work=work)
    kept = bench.tightened(rule, problem).lengths_min
    for length in range(180, 541, 30):
        starts = [b.earliest_min for b in work.breaks_of(length)]
        found = rule.breaches(breaks_at(bench, problem, length, starts))
        assert (length in kept) == (not found)
        soft = replace(rule, hardness="soft", weight=4.0)
        person = bench.person(problem)
        begin, end, paid = ([n] for n in (360, 360 + length, work.paid_min(length)))
        (price,) = soft.prices(person).of_shifts(0, *map(bench.array, (begin, end, paid)))
        assert price == pytest.approx(sum(soft.price(b.amount, b.unit) for b in found))


def test_a_meal_by_the_clock_is_forbidden_or_priced_beside_its_window(bench):
    hard = bench.tightened(Meal(least_min=1, window=(660, 840), over_min=300), bench.plan())
    (clock,) = hard.meal_clocks
    assert clock.over_min == 300
    assert clock.price(bench.array([659, 660, 840, 841])).tolist() == [inf, 0, 0, inf]
    rule = Meal(least_min=1, window=(1380, 1500), hardness="soft", weight=4.0)
    (clock,) = bench.softened(rule, bench.plan()).meal_clocks
    # from 23:00 to 01:00, on whichever date
    assert clock.price(bench.array([1350, 1380, 60, 1500, 1530, 90])).tolist() == [2, 0, 0, 0, 2, 2]


def test_breaks_without_room_are_fixed_where_they_miss_a_soft_rule_by_least(bench):
    work = bench.contract(break_tiers=(DAY,))
    problem = bench.plan(work=work)
    for rule in (
        ContiguousWork(minutes=60, hardness="soft", weight=3.0),
        ContiguousWork(minutes=200, bound=LEAST, hardness="soft", weight=3.0),
        BreakSpacing(minutes=45, hardness="soft", weight=3.0),
        ContinuousContactMax(most_min=75, hardness="soft", weight=3.0),
    ):
        limits = bench.softened(rule, problem)
        fixed = limits.contract.breaks_of(540)
        assert all(one.earliest_min == one.latest_min for one in fixed)
        starts = tuple(one.earliest_min for one in fixed)
        windows = [range(one.earliest_min, one.latest_min + 1, 15) for one in DAY.breaks]
        costs = {}
        for places in product(*windows):
            view = breaks_at(bench, problem, 540, places)
            costs[places] = sum(rule.price(b.amount, b.unit) for b in rule.breaches(view))
        assert costs[starts] == pytest.approx(min(costs.values()))
        begin, end, paid = 360, 900, work.paid_min(540)
        (price,) = limits.prices[-1].of_shifts(0, *(bench.array([n]) for n in (begin, end, paid)))
        assert price == pytest.approx(costs[starts])
        assert price > 0


def test_a_message_names_the_stretch(bench):
    problem = bench.plan(work=bench.contract(break_tiers=(DAY,)))
    (found,) = ContiguousWork(minutes=150).breaches(breaks_at(bench, problem, 540, (75, 180, 300)))
    assert found.why == (
        "contiguous_work_from_contract: agent A1 works 3 h 45 min without a break from Monday "
        "2026-11-02 11:15, 1 h 15 min more than the most of 2 h 30 min (contract)."
    )
    assert ContiguousWork(minutes=1).bound == MOST
