"""Tests for wfplan.staffing.presence and channel_need: what is lost by hour of the week."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfplan.domain.channels import Channel
from wfplan.domain.problem import Shrinkage, ShrinkageKind
from wfplan.staffing import staff_need
from wfplan.staffing.channel_need import ChannelNeed, in_staff_to_plan
from wfplan.staffing.presence import Presence

HOURS = ["mon-fri 08:00-18:00"]
VOICE = Channel(name="voice", open=HOURS, answer_most_s=90)
CHAT = Channel(name="chat", open=HOURS, concurrency_rates=(1.0, 1.6), answer_most_s=90)
EMAIL = Channel(name="email", open=HOURS, kind="deferred")
COACHING = ShrinkageKind(kind="coaching", share=0.2, hours=["mon-fri 14:00-16:00"])
ALWAYS = ShrinkageKind(kind="systems", share=0.04)
NOON, COACHED = 24, 29
FLOORS = ("staff_promise", "staff_occupancy", "staff_abandonment", "staff_tail", "staff_due")


def test_presence_is_equal_where_nothing_has_hours_of_its_own(problem_of, demand_of):
    problem = problem_of(VOICE, shrinkage=Shrinkage(kinds=(ALWAYS,)))
    presence = Presence.of(problem.shrinkage, demand_of(problem, 20.0))
    assert presence.mean == problem.shrinkage.presence_share
    assert (presence.staff_per_person == 1).all()


def test_planning_counts_in_the_mean_of_the_open_week(problem_of, demand_of):
    problem = problem_of(VOICE, shrinkage=Shrinkage(kinds=(COACHING,)))
    demand = demand_of(problem, 20.0)
    presence = Presence.of(problem.shrinkage, demand)
    plain = 0.95 * 0.97
    assert presence.mean == pytest.approx(plain * (0.8 + 0.2 * 0.8))  # two hours of ten
    assert presence.share[NOON] == pytest.approx(plain)
    assert presence.share[COACHED] == pytest.approx(0.8 * plain)


def test_an_interval_that_loses_more_asks_for_more_of_the_same_staff(problem_of, demand_of):
    """Nobody's absence is random here: as many people must serve at every hour."""
    shrinkage = Shrinkage(absence_share=0, unplanned_share=0, kinds=(COACHING,))
    problem = problem_of(VOICE, CHAT, EMAIL, shrinkage=shrinkage)
    demand = demand_of(problem, 40.0)
    need = staff_need(problem, demand)
    present = staff_need(problem_of(VOICE, CHAT, EMAIL, shrinkage=Shrinkage(
        absence_share=0, unplanned_share=0)), demand)  # fmt: skip
    for name in ("staff_promise", "staff_occupancy", "staff_tail", "staff_due"):
        people = getattr(need, name) * shrinkage.presence(demand.horizon) / need.presence_share
        np.testing.assert_allclose(people, getattr(present, name), rtol=1e-9, err_msg=name)
    assert need.staff_required[0, COACHED] > 1.2 * need.staff_required[0, NOON]
    heads = need.staff_required[0, COACHED] / need.presence_share
    assert heads > present.staff_required[0, COACHED] / 0.8  # who is out is random


def test_equal_loss_at_every_hour_is_the_same_by_whatever_name(problem_of, demand_of):
    all_week = ShrinkageKind(kind="coaching", share=0.03, hours=["daily 00:00-24:00"])
    one = problem_of(VOICE, EMAIL, shrinkage=Shrinkage(unplanned_share=0.03))
    other = problem_of(VOICE, EMAIL, shrinkage=Shrinkage(unplanned_share=0, kinds=(all_week,)))
    a, b = (staff_need(p, demand_of(p, 40.0)) for p in (one, other))
    np.testing.assert_allclose(a.harm, b.harm, rtol=1e-12, atol=1e-12)
    for name in FLOORS:
        np.testing.assert_allclose(getattr(a, name), getattr(b, name), rtol=1e-12)
    assert a.presence_share == pytest.approx(b.presence_share, rel=1e-12)


@given(factors=st.lists(st.floats(0.5, 2.0), min_size=3, max_size=3))
def test_curves_in_staff_to_plan_are_the_same_curves_read_elsewhere(factors):
    people = np.arange(41)
    curves = np.stack([s * np.maximum(30 - people, 0.0) ** 2 for s in (1, 2, 3)])
    floors = dict.fromkeys(("promise", "occupancy", "abandonment", "tail", "due"), np.full(3, 9.0))
    zero = np.zeros(3)
    need = ChannelNeed(harm=curves, volume=zero, load_erlangs=zero, **floors, convexity_gap=0.0)
    by = np.array(factors)
    found = in_staff_to_plan(need, by)
    staff = np.arange(found.harm.shape[1])
    for t in range(3):
        expected = np.interp(staff / by[t], people, curves[t])
        np.testing.assert_allclose(found.harm[t], expected, rtol=1e-12, atol=1e-9)
    assert (np.diff(found.harm, n=2, axis=1) >= -1e-9 * curves.max()).all()
    np.testing.assert_allclose(found.promise, 9 * by)
    assert found.harm.shape[1] > found.promise.max()
    assert found.harm[:, -1].max() < 1e-3


def test_where_every_person_counts_as_one_the_need_stays_as_it_is():
    zero = np.zeros(2)
    need = ChannelNeed(np.ones((2, 3)), zero, zero, zero, zero, zero, zero, zero, 0.0)
    assert in_staff_to_plan(need, np.ones(2)) is need
