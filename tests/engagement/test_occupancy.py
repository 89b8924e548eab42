"""Tests for wfplan.engagement.occupancy: how busy a plan expects its people to be."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from wfplan.domain.channels import Channel
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import StaffNeed
from wfplan.engagement import occupancy_curves, planned_occupancy
from wfplan.horizon import Horizon
from wfplan.queueing import erlang_a


def small(harm, load, **channel):
    """One interval of an hour with a harm curve and a load."""
    horizon = Horizon("UTC", date(2026, 6, 1), 1, interval_min=60)
    shape = (1, horizon.interval_count)
    nothing = np.zeros(shape)
    need = StaffNeed(
        horizon=horizon, channels=("voice",),
        harm=np.broadcast_to(harm, (*shape, len(harm))).copy(),
        volume=np.ones(shape), load_erlangs=np.full(shape, load), staff_promise=nothing.copy(),
        staff_occupancy=nothing.copy(), staff_abandonment=nothing.copy(),
        staff_tail=nothing.copy(), staff_due=nothing.copy(), staff_required=nothing.copy(),
        binding=np.full(shape, "none"), staff_min=nothing.copy(),
        empowered_min=np.zeros(shape[1]), presence_share=1.0,
    )  # fmt: skip
    problem = PlanningProblem(
        name="Small", timezone="UTC",
        channels=(Channel(name="voice", open=["daily 00:00-24:00"], **channel),),
    )  # fmt: skip
    return problem, need


def test_occupancy_is_that_of_erlang_a():
    """Curves whose harm is proportional to abandonment give a(1 - P(Ab))/n exactly."""
    staff = np.arange(1, 16)
    lost = erlang_a.steady_state(staff, 200.0, 180.0, 120.0)
    harm = np.concatenate([[1.0], lost.p_abandon]) * 40
    problem, need = small(harm, 200 * 180 / 3600)
    for n, exact in zip(staff, lost.occupancy, strict=True):
        found = planned_occupancy(problem, need, np.full((1, 24), float(n)))
        assert found[0, 0] == pytest.approx(exact)
    assert occupancy_curves(problem, need)[0, 0, 1:] == pytest.approx(lost.occupancy)


def test_more_staff_are_never_busier_and_nobody_is_busier_than_busy():
    problem, need = small(np.array([10.0, 6.0, 3.0, 1.0, 0.0]), 2.5)
    levels = np.linspace(0, 6, 61)
    busy = [planned_occupancy(problem, need, np.full((1, 24), x))[0, 0] for x in levels]
    assert max(busy) <= 1
    assert (np.diff(busy) <= 1e-12).all()


def test_no_load_has_no_occupancy_and_concurrency_shares_the_work():
    problem, need = small(np.array([10.0, 0.0, 0.0]), 0.0)
    assert np.isnan(planned_occupancy(problem, need, np.ones((1, 24)))).all()
    assert not occupancy_curves(problem, need).any()
    problem, need = small(np.array([10.0, 0.0, 0.0]), 1.2, concurrency_rates=(1.0, 2.0))
    found = planned_occupancy(problem, need, np.full((1, 24), 2.0))
    assert found[0, 0] == pytest.approx(0.3)
    assert replace(need, load_erlangs=need.load_erlangs * 0).load_erlangs.sum() == 0
