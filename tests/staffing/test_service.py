"""Tests for wfplan.staffing.service: what a staffing gives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, gamma

from wfplan.domain.channels import Channel
from wfplan.domain.problem import Shrinkage
from wfplan.queueing import chat, erlang_a
from wfplan.staffing import staff_need
from wfplan.staffing.service import average, served_shares, service_at, worst

HOURS = ["mon-fri 08:00-18:00"]
VOICE = Channel(name="voice", open=HOURS)
CHAT = Channel(name="chat", open=HOURS, concurrency_rates=(1.0, 1.6, 1.95))
MAIL = Channel(name="mail", open=HOURS, kind="deferred", promise=None)
NOON, NIGHT = 24, 2
EVERYBODY = np.ones(336)


def at(channel, problem_of, demand_of, staff, presence=1.0, offered=60.0, **demand):
    expected = demand_of(problem_of(channel), offered, **demand)
    return service_at(channel, expected, 0, np.full(336, float(staff)), presence * EVERYBODY)


@pytest.mark.parametrize("staff", [0.0, 7.3, 11.0, 14.9])
def test_a_certain_steady_interval_is_erlang_a(problem_of, demand_of, staff):
    found = at(VOICE, problem_of, demand_of, staff, rate_cv=0.0)
    plain = erlang_a.steady_state(staff, 120, 300, 120, answer_within_s=20)
    assert found.in_time[NOON] == pytest.approx(plain.sl_offered, abs=1e-6)
    assert found.abandoned[NOON] == pytest.approx(plain.p_abandon, abs=1e-6)
    expected = 1.0 if staff == 0 else plain.occupancy
    assert found.occupancy[NOON] == pytest.approx(expected, abs=1e-6)
    assert np.isnan(found.in_time[NIGHT])
    assert found.volume[NOON] == 60


@pytest.mark.parametrize("staff", [4.0, 6.5, 8.0])
def test_chats_are_read_between_whole_agents_of_their_chain(problem_of, demand_of, staff):
    found = at(CHAT, problem_of, demand_of, staff, rate_cv=0.0)
    around = np.array([np.floor(staff), np.floor(staff) + 1])
    plain = chat.steady_state(around, 120, 300, 120, concurrency_rates=CHAT.concurrency_rates,
                              answer_within_s=20).queue  # fmt: skip
    for name, values in (
        ("in_time", plain.sl_offered),
        ("abandoned", plain.p_abandon),
        ("occupancy", plain.occupancy),
    ):
        read = np.interp(staff, around, values)
        assert getattr(found, name)[NOON] == pytest.approx(read, abs=1e-6)


def test_shares_are_of_contacts_over_an_uncertain_rate(problem_of, demand_of):
    found = at(VOICE, problem_of, demand_of, 12, rate_cv=0.2)
    law = gamma(25, scale=1 / 25)
    x = np.linspace(law.ppf(1e-12), law.isf(1e-12), 4001)
    plain = erlang_a.steady_state(12, 120 * x, 300, 120)
    weight = law.pdf(x)
    calls = np.trapezoid(x * weight * plain.sl_offered, x)
    assert found.in_time[NOON] == pytest.approx(calls, abs=2e-4)
    assert found.abandoned[NOON] == pytest.approx(
        np.trapezoid(x * weight * plain.p_abandon, x), abs=2e-4
    )
    assert found.occupancy[NOON] == pytest.approx(
        np.trapezoid(weight * plain.occupancy, x), abs=2e-4
    )


@pytest.mark.parametrize("heads", [12, 15])
def test_who_is_there_is_close_to_a_binomial_number(problem_of, demand_of, heads):
    found = at(VOICE, problem_of, demand_of, heads * 0.9, presence=0.9, rate_cv=0.0)
    k = np.arange(heads + 1)
    exact = binom.pmf(k, heads, 0.9) @ erlang_a.steady_state(k, 120, 300, 120).p_abandon
    blind = erlang_a.steady_state(heads * 0.9, 120, 300, 120).p_abandon
    assert found.abandoned[NOON] == pytest.approx(exact, abs=2e-3)
    assert abs(found.abandoned[NOON] - exact) < 0.2 * abs(blind - exact)


@settings(max_examples=20)
@given(staff=st.floats(0, 25), more=st.floats(0, 5), cv=st.floats(0, 0.4))
def test_more_staff_never_serve_worse(problem_of, demand_of, staff, more, cv):
    for channel in (VOICE, CHAT, MAIL):
        few, many = (
            at(channel, problem_of, demand_of, n, rate_cv=cv) for n in (staff, staff + more)
        )
        assert many.in_time[NOON] >= few.in_time[NOON] - 1e-9
        assert many.abandoned[NOON] <= few.abandoned[NOON] + 1e-9
        assert -1e-12 <= few.in_time[NOON] <= 1 + 1e-12


@pytest.mark.parametrize("channel", [VOICE, CHAT])
def test_the_abandonment_floor_gives_the_cap_that_it_was_made_for(problem_of, demand_of, channel):
    problem = problem_of(channel, shrinkage=Shrinkage(absence_share=0.08))
    demand = demand_of(problem, 80.0)
    floor = staff_need(problem, demand).staff_abandonment[0]
    share = problem.shrinkage.presence(demand.horizon)
    found = service_at(channel, demand, 0, floor, share)
    assert found.abandoned[NOON] == pytest.approx(0.05, abs=2e-3)


def test_deferred_work_is_in_time_as_far_as_staff_keep_the_pace(problem_of, demand_of):
    demand = demand_of(problem_of(MAIL), 30.0, rate_cv=0.0)
    need = staff_need(problem_of(MAIL), demand)
    pace = need.load_erlangs[0]
    half = service_at(MAIL, demand, 0, pace / 2, EVERYBODY)
    twice = service_at(MAIL, demand, 0, pace * 2, EVERYBODY)
    assert half.in_time[NOON] == pytest.approx(0.5, abs=1e-3)
    assert half.occupancy[NOON] == pytest.approx(1.0, abs=1e-3)
    assert twice.in_time[NOON] == pytest.approx(1.0, abs=1e-3)
    assert twice.occupancy[NOON] == pytest.approx(0.5, abs=1e-3)
    np.testing.assert_allclose(half.volume, need.volume[0])


def plain_shares(staff, staff_chances, load, weights, chances, patience, horizon, rates):
    """Twin: averages of the queues' measures, one call each (times in handle times of 1 s)."""
    found = np.zeros((3, len(load)))
    for t in range(len(load)):
        for s in range(load.shape[1]):
            for p in range(staff.shape[1]):
                queue = erlang_a.steady_state(
                    staff[t, p], load[t, s] * 3600, 1.0, patience[t],
                    answer_within_s=horizon * patience[t],
                )  # fmt: skip
                busy = 1.0 if staff[t, p] == 0 else queue.occupancy
                for k, value in enumerate((queue.sl_offered, queue.p_abandon, busy)):
                    by = chances[t, s] if k == 2 else weights[t, s]
                    found[k, t] += staff_chances[p] * by * value
    return found


def test_the_kernel_agrees_with_its_twin():
    rng = np.random.default_rng(2)
    chances = np.array([[0.3, 0.7], [1.0, 0.0], [0.5, 0.5]])
    args = (
        np.array([[0.0, 3.4], [8.0, 9.5], [40.0, 44.0]]), np.array([0.25, 0.75]),
        rng.uniform(1, 40, (3, 2)), chances * rng.uniform(0.8, 1.2, (3, 2)), chances,
        np.array([0.4, 1.0, 3.0]), 0.1,
    )  # fmt: skip
    rates = np.array([0.0, 1.0])
    np.testing.assert_allclose(
        served_shares(*args, rates), plain_shares(*args, rates), rtol=1e-9, atol=1e-12
    )


def test_averages_leave_out_what_is_not_known():
    values = np.array([np.nan, 0.4, 0.8])
    assert average(values, np.array([9.0, 1.0, 3.0])) == pytest.approx(0.7)
    assert np.isnan(average(values, np.zeros(3)))
    assert worst(values, is_low_bad=True, counts=np.isfinite(values)) == 1
    assert worst(values, is_low_bad=False, counts=np.isfinite(values)) == 2
