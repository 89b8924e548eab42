"""Tests for wfplan.scheduling.offers: offers taken are legal and save what they say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.scheduling.bench import MONDAY, agent, contract, need, plan
from wfplan.domain.offers import OfferKind
from wfplan.domain.progress import Stop
from wfplan.domain.published import Published
from wfplan.evaluation import audit
from wfplan.horizon import Horizon
from wfplan.scheduling import evaluate, solve
from wfplan.scheduling.offers import find_offers, taken
from wfplan.scheduling.offers.market import Market

CUSTOMERS = ("harm_weighted", "tail_weighted", "floors")


def centre(people=5, staff=8, seed=1, channels=("voice",), **more):
    """A small centre by day, its need and its plan."""
    horizon = Horizon("Europe/Dublin", MONDAY, 7, interval_min=60, slot_min=60)
    hour = np.arange(horizon.interval_count) % 24
    is_open = (hour >= 6) & (hour < 20)
    wanted = need(
        horizon, channels, rng=np.random.default_rng(seed), staff=staff, is_open=is_open,
    )  # fmt: skip
    given = {"contract_hours_week": 20, "min_hours_week": 8, "max_hours_week": 30, **more}
    team = [agent(f"A{n}", *channels, **given) for n in range(people)]
    problem = plan(team, channels, contracts={"any": contract(break_tiers=())})
    return problem, wanted


def planned(problem, wanted):
    return solve(problem, wanted, stop=Stop(passes=2)).schedule


def fewer(schedule):
    """A schedule in which everybody has one shift less."""
    last = {shift.agent_id: shift.shift_id for shift in schedule.shifts}
    kept = tuple(s for s in schedule.shifts if s.shift_id != last[s.agent_id])
    return schedule.model_copy(update={"shifts": kept})


def legal(problem, wanted):
    """The audit's word on whole schedules."""
    return lambda some: not audit(problem, wanted.horizon, some, wanted).hard_breaches


@pytest.fixture(scope="module")
def short():
    """A plan that has too few people, with hours left, and its offers."""
    problem, wanted = centre()
    schedule = fewer(planned(problem, wanted))
    offers = find_offers(problem, wanted, schedule, is_legal=legal(problem, wanted), most=6)
    return problem, wanted, schedule, offers


def of_kind(offers, kind):
    return [one for one in offers if one.kind == kind]


def customers(problem, wanted, schedule):
    """What customers bear under a schedule."""
    terms = evaluate(problem, wanted, schedule).terms
    return sum(terms.get(name, 0.0) for name in CUSTOMERS)


def test_overtime_taken_one_after_another_is_legal_and_saves_what_it_says(short):
    problem, wanted, schedule, offers = short
    extra = [one for one in offers if one.kind != OfferKind.VOLUNTARY_TIME_OFF]
    assert of_kind(extra, OfferKind.OVERTIME)
    alone = of_kind(find_offers(problem, wanted, schedule, is_legal=legal(problem, wanted), most=1),
                    OfferKind.OVERTIME)[0]  # fmt: skip
    before = customers(problem, wanted, schedule)
    first = next(one for one in extra if one.kind == OfferKind.OVERTIME)
    assert first.agent_id == alone.agent_id
    for one in of_kind(extra, OfferKind.OVERTIME):
        after = taken(schedule, one)
        assert legal(problem, wanted)(after)
        assert customers(problem, wanted, after) < before


def test_the_first_offer_saves_the_difference_of_two_readings(short):
    problem, wanted, schedule, offers = short
    first = offers[0]
    if first.kind == OfferKind.OPEN_SHIFT:
        pytest.skip("nobody to take it")
    saved = customers(problem, wanted, schedule) - customers(
        problem, wanted, taken(schedule, first)
    )
    assert first.saves_harm == pytest.approx(saved, rel=0.05)


def test_added_hours_are_those_of_the_shift(short):
    _, _, schedule, offers = short
    paid = {shift.shift_id: shift.paid_min for shift in schedule.shifts}
    for one in of_kind(offers, OfferKind.OVERTIME):
        assert one.costs_hours * 60 == one.shift.paid_min - paid.get(one.replaces, 0)
        assert one.start >= one.shift.start
        assert one.end <= one.shift.end


def test_nobody_is_asked_twice_for_the_same_kind(short):
    _, _, _, offers = short
    for kind in (OfferKind.OVERTIME, OfferKind.VOLUNTARY_TIME_OFF):
        asked = [one.agent_id for one in of_kind(offers, kind)]
        assert len(asked) == len(set(asked))


def one_hole(people, **more):
    """A need for one person for four hours of Monday, and a plan in which nobody works."""
    problem, wanted = centre(people, min_hours_week=0, **more)
    hole = np.zeros_like(wanted.harm)
    hole[0, 8:12, 0] = 30.0
    problem = problem.model_copy(update={"contracts": {"any": contract(break_tiers=())}})
    nobody = planned(problem, wanted).model_copy(update={"shifts": ()})
    return problem, replace(wanted, harm=hole, presence_share=1.0), nobody


def test_offers_do_not_fill_the_same_hole_twice():
    """One person is missing for four hours: the first offer fills that, be it whose it may."""
    problem, wanted, nobody = one_hole(3, max_hours_week=30)
    offers = find_offers(problem, wanted, nobody, is_legal=legal(problem, wanted), most=8)
    (only,) = offers
    assert only.kind == OfferKind.OVERTIME
    assert (only.start, only.costs_hours) == (wanted.horizon.interval_instant(8), 4.0)


def test_a_hole_that_nobody_may_fill_becomes_one_open_shift():
    problem, wanted, nobody = one_hole(1, contract_hours_week=2, max_hours_week=2)
    offers = find_offers(problem, wanted, nobody, is_legal=legal(problem, wanted), most=8)
    (only,) = offers
    assert only.kind == OfferKind.OPEN_SHIFT
    market = Market(problem, wanted, nobody)
    before = market.cost()
    market.put(market.team.members[0], market.on_queue(only.shift))
    assert only.saves_harm == pytest.approx(before - market.cost())


def test_people_without_hours_left_are_not_asked():
    problem, wanted = centre(people=3, contract_hours_week=16, max_hours_week=16)
    schedule = planned(problem, wanted)
    offers = find_offers(problem, wanted, schedule, is_legal=legal(problem, wanted), most=5)
    for one in of_kind(offers, OfferKind.OVERTIME):
        hours = sum(s.paid_min for s in taken(schedule, one).by_agent()[one.agent_id]) / 60
        assert hours <= 16


def test_time_off_is_offered_where_there_are_too_many_people():
    problem, wanted = centre(people=6, staff=2, min_hours_week=4)
    rich = replace(wanted, harm=wanted.harm * 0.01)
    schedule = planned(problem, wanted)
    offers = find_offers(problem, rich, schedule, is_legal=legal(problem, rich), most=4)
    free = of_kind(offers, OfferKind.VOLUNTARY_TIME_OFF)
    assert free
    for one in free:
        after = taken(schedule, one)
        assert legal(problem, rich)(after)
        assert one.costs_hours < 0
        lost = customers(problem, rich, after) - customers(problem, rich, schedule)
        assert lost <= 0.5 * -one.costs_hours + 1e-6


def test_what_the_audit_refuses_is_not_offered(short):
    problem, wanted, schedule, _ = short
    offers = find_offers(problem, wanted, schedule, is_legal=lambda some: False, most=3)
    assert {one.kind for one in offers} <= {OfferKind.OPEN_SHIFT}


def test_locked_shifts_stay_as_they_are(short):
    problem, wanted, schedule, _ = short
    locked = tuple(s.model_copy(update={"is_locked": True}) for s in schedule.shifts)
    fixed = schedule.model_copy(update={"shifts": locked})
    offers = find_offers(problem, wanted, fixed, is_legal=legal(problem, wanted), most=3)
    assert not [one for one in offers if one.replaces]


def test_at_equal_worth_the_least_loaded_is_asked_first():
    """Two people alike but for their hours; one more hour is worth the same of both."""
    horizon = Horizon("Europe/Dublin", MONDAY, 7, interval_min=60, slot_min=60)
    hour = np.arange(horizon.interval_count) % 24
    is_open = (hour >= 6) & (hour < 20)
    wanted = need(horizon, is_open=is_open, staff=9)
    level = np.maximum(60.0 - 6 * np.arange(10), 0) * is_open[:, None]
    wanted = replace(wanted, harm=level[None])
    more = {"contract_hours_week": 20, "max_hours_week": 40, "min_hours_week": 4}
    problem = plan(
        [agent("A1", **more), agent("A2", **more | {"contract_hours_week": 30})],
        contracts={"any": contract(break_tiers=())},
    )
    schedule = planned(problem, wanted)
    one_less = fewer(fewer(schedule))
    offers = find_offers(problem, wanted, one_less, is_legal=legal(problem, wanted), most=2)
    asked = [one.agent_id for one in of_kind(offers, OfferKind.OVERTIME)]
    hours = {
        agent_id: sum(s.paid_min for s in shifts)
        for agent_id, shifts in one_less.by_agent().items()
    }
    load = {"A1": hours.get("A1", 0) / 20, "A2": hours.get("A2", 0) / 30}
    assert asked == sorted(asked, key=load.__getitem__)
    assert len(asked) == 2


def test_nothing_is_offered_of_what_has_happened(short):
    problem, wanted, schedule, _ = short
    moment = wanted.horizon.interval_instant(3 * 24 + 12)
    published = Published(schedule=schedule, is_kept=True, as_of=moment, told=moment)
    kept = problem.model_copy(update={"published": published})
    offers = find_offers(kept, wanted, schedule, is_legal=lambda some: True, most=20)
    assert {one.kind for one in offers} >= {OfferKind.OVERTIME, OfferKind.OPEN_SHIFT}
    assert all(one.start >= moment for one in offers)
