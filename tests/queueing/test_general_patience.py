"""Tests for wfplan.queueing.general_patience."""

from dataclasses import fields
from heapq import heapreplace
from itertools import pairwise
from math import exp, inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from wfplan.errors import InputError
from wfplan.queueing import erlang_a, erlang_b, erlang_c, general_patience
from wfplan.queueing.measures import QueueMeasures
from wfplan.queueing.patience_law import PatienceLaw

MIXED = PatienceLaw(  # some balk, a hazard that falls, a jump at a message
    np.array([0.0, 20.0, 60.0, 60.0, 200.0]), np.array([0.93, 0.75, 0.6, 0.5, 0.35])
)


def assert_close(found: QueueMeasures, exact: QueueMeasures, *, rel: float, atol: float) -> None:
    for field in fields(QueueMeasures):
        np.testing.assert_allclose(
            getattr(found, field.name), getattr(exact, field.name),
            rtol=rel, atol=atol, err_msg=field.name,
        )  # fmt: skip


def assert_exponential_is_erlang_a(count: int, seed: int) -> None:
    """Two implementations that share nothing but Erlang B: series over the queue, wait integral."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        load, aht = 10 ** rng.uniform(-2, 4), rng.uniform(30, 1000)
        patience = aht * 10 ** rng.uniform(-3, 3)
        near, far = rng.uniform(0.9, 1.1), rng.uniform(0.01, 2)
        staff = load * np.array([near, far])
        arguments = (staff, load / aht * 3600, aht)
        within = rng.uniform(0, 200)
        series = erlang_a.steady_state(*arguments, patience, answer_within_s=within)
        integral = general_patience.steady_state(
            *arguments, PatienceLaw.exponential(patience), answer_within_s=within
        )
        assert_close(integral, series, rel=1e-9, atol=1e-12)


def test_exponential_patience_is_erlang_a_up_to_ten_thousand_agents():
    assert_exponential_is_erlang_a(60, seed=3)


@pytest.mark.slow
def test_two_thousand_random_real_teams_agree_with_the_series():
    assert_exponential_is_erlang_a(1000, seed=4)


def test_endless_patience_is_erlang_c_and_in_overload_everybody_waits_for_ever():
    staff = [0.0, 5.0, 20.0, 20.5, 25.0, 60.0]
    endless = general_patience.steady_state(staff, 400, 180, PatienceLaw.exponential(inf))
    patient = erlang_c.steady_state(staff, 400, 180)
    for field in fields(QueueMeasures):
        found, exact = getattr(endless, field.name), getattr(patient, field.name)
        np.testing.assert_allclose(found[1:], exact[1:], rtol=1e-9, atol=1e-14)


@given(staff=st.floats(0.5, 200), load=st.floats(0.1, 300), after=st.floats(0.5, 2000))
def test_one_patience_for_all_is_the_closed_form(staff, load, after):
    """M/M/n+D (Baccelli and Hebuterne 1981): two exponential integrals."""
    rate, full = load / 180, staff / 180
    growth = (rate - full) * after
    if growth > 600:
        return
    before = after if abs(growth) < 1e-9 else np.expm1(growth) / (rate - full)
    j = before + exp(growth) / full
    idle = erlang_b.idle_weights(np.array(staff), np.array(load))[0]
    epsilon = load / staff * idle  # 1 / B(n - 1, a)
    found = general_patience.steady_state(staff, load * 20, 180, PatienceLaw.deterministic(after))
    if not np.isfinite(epsilon):
        assert found.p_wait == 0
        return
    assert found.p_wait == pytest.approx(rate * j / (epsilon + rate * j), rel=1e-8)
    lost = rate * exp(growth) / full / (epsilon + rate * j)
    assert found.p_abandon == pytest.approx(lost, rel=1e-8, abs=1e-15)


def test_the_deepest_overload_of_one_patience_for_all_serves_what_it_can():
    law = PatienceLaw.deterministic(3600)
    found = general_patience.steady_state(1000, 120_000, 300, law)
    assert found.p_abandon == pytest.approx(0.9, rel=1e-9)
    assert found.mean_wait_served_s == pytest.approx(3600, rel=1e-3)
    assert found.occupancy == pytest.approx(1)


def test_when_nobody_stays_the_queue_is_erlang_b():
    nobody_waits = PatienceLaw(np.array([0.0]), np.array([0.0]))
    found = general_patience.steady_state([3.0, 12.5], 200, 180, nobody_waits)
    np.testing.assert_allclose(found.p_abandon, erlang_b.blocking([3.0, 12.5], 10.0), rtol=1e-12)
    assert found.mean_wait_all_s == pytest.approx([0, 0], abs=1e-12)


def test_balkers_thin_the_stream_while_all_are_busy():
    """Birth-death twin: births fall to the share that stays as soon as all are busy."""
    staff, rate, mu, theta, stay = 8, 10 / 180, 1 / 180, 1 / 90, 0.7
    k = np.arange(1, 400)
    births = np.where(k - 1 < staff, rate, rate * stay)
    deaths = np.minimum(k, staff) * mu + np.maximum(k - staff, 0) * theta
    law = np.concatenate(([1.0], np.cumprod(births / deaths)))
    law /= law.sum()
    busy = law[staff:]
    lost = busy.sum() * (1 - stay) + theta * (np.arange(len(busy)) @ busy) / rate
    found = general_patience.steady_state(
        staff, rate * 3600, 180, PatienceLaw.exponential(90, balking=1 - stay)
    )
    assert found.p_wait == pytest.approx(busy.sum(), rel=1e-10)
    assert found.p_abandon == pytest.approx(lost, rel=1e-10)
    assert found.mean_queue == pytest.approx(np.arange(len(busy)) @ busy, rel=1e-10)


@pytest.mark.parametrize("load", [4.0, 9.0, 20.0])
def test_every_measure_is_the_plain_integral_over_the_offered_wait(load):
    """The formulas of Zeltyn and Mandelbaum with general-purpose quadrature and no tricks."""
    staff, rate, full, within = 9.5, load / 180, 9.5 / 180, 30.0

    def integral(of, start: float, end: float) -> float:
        cuts = [start, *(t for t in (20.0, 30.0, 60.0, 200.0) if start < t < end), end]
        return sum(
            quad(lambda x: of(x) * np.exp(rate * MIXED.waited_s(x) - full * x), a, b, epsrel=1e-11)[
                0
            ]
            for a, b in pairwise(cuts)
        )

    far = 3000.0
    epsilon = load / staff * (1 / erlang_b.blocking(staff, load) - 1)
    j = integral(lambda x: 1.0, 0, far)
    total = epsilon + rate * j
    served = 1 - (1 + (rate - full) * j) / total
    found = general_patience.steady_state(staff, load * 20, 180, MIXED, answer_within_s=within)
    assert found.p_wait == pytest.approx(rate * j / total, rel=1e-9)
    assert found.p_abandon == pytest.approx(1 - served, rel=1e-9)
    late = rate * integral(MIXED.still_waiting, within, far) / total
    assert found.sl_offered == pytest.approx(served - late, rel=1e-8)
    still = MIXED.still_waiting(within) * rate * integral(lambda x: 1.0, within, far) / total
    assert found.p_wait_beyond == pytest.approx(still, rel=1e-8)
    waited = rate * integral(MIXED.waited_s, 0, far) / total
    assert found.mean_wait_all_s == pytest.approx(waited, rel=1e-8)
    of_served = rate * integral(lambda x: x * MIXED.still_waiting(x), 0, far) / total / served
    assert found.mean_wait_served_s == pytest.approx(of_served, rel=1e-8)


def simulated(staff: int, rate: float, mu: float, contacts: int, seed: int) -> dict[str, float]:
    """First come, first served, one contact after the other, with log-normal patience."""
    rng = np.random.default_rng(seed)
    arrivals = np.cumsum(rng.exponential(1 / rate, contacts))
    handle = rng.exponential(1 / mu, contacts)
    sigma = np.sqrt(np.log1p(1.5**2))
    patience = rng.lognormal(np.log(120) - sigma**2 / 2, sigma, contacts)
    free_at = [0.0] * staff
    offered = np.empty(contacts)
    for i, (now, long, calm) in enumerate(zip(arrivals, handle, patience, strict=True)):
        offered[i] = max(free_at[0] - now, 0.0)
        if offered[i] <= calm:
            heapreplace(free_at, now + offered[i] + long)
    answered = offered <= patience
    return {
        "p_wait": (offered > 0).mean(),
        "p_abandon": 1 - answered.mean(),
        "mean_wait_all_s": np.minimum(offered, patience).mean(),
        "sl_offered": (answered & (offered <= 20)).mean(),
    }


@pytest.mark.slow
def test_a_simulation_of_log_normal_patience_agrees_within_its_noise():
    law = PatienceLaw.lognormal(120, 1.5)
    exact = general_patience.steady_state(10, 200, 180, law)
    runs = [simulated(10, 200 / 3600, 1 / 180, 60_000, seed) for seed in range(8)]
    for name in runs[0]:
        values = np.array([run[name] for run in runs])
        error = values.std(ddof=1) / np.sqrt(len(values))
        assert abs(values.mean() - getattr(exact, name)) <= 4 * error, name


def test_the_mean_alone_does_not_tell_how_many_hang_up():
    """The hazard near 0 does (Zeltyn and Mandelbaum 2005): same mean, other law, other loss."""
    lost = [
        float(general_patience.steady_state(10, 200, 180, law).p_abandon)
        for law in (
            PatienceLaw.weibull(120, 0.5),
            PatienceLaw.exponential(120),
            PatienceLaw.deterministic(120),
        )
    ]
    assert lost[0] > 1.2 * lost[1] > 1.5 * lost[2]


def test_nobody_on_duty_and_nobody_calling():
    m = general_patience.steady_state([0, 0, 5], [200, 0, 0], 180, MIXED)
    assert m.p_abandon.tolist() == [1, 0, 0]
    assert m.sl_offered.tolist() == [0, 1, 1]
    assert m.mean_wait_all_s == pytest.approx([MIXED.mean_s, 0, 0])
    assert np.isnan(m.occupancy[0])
    assert m.p_wait_beyond[0] == pytest.approx(float(MIXED.still_waiting(20)))


def test_callers_who_never_leave_stop_a_team_that_they_alone_exceed():
    stays = PatienceLaw(np.array([0.0, 30.0, 60.0]), np.array([1.0, 0.6, 0.6]))  # six in ten stay
    m = general_patience.steady_state([5.9, 6.0, 6.5], 200, 180, stays)
    assert m.sl_offered[:2].tolist() == [0, 0]
    assert np.isinf(m.mean_wait_all_s[:2]).all()
    assert np.isfinite(m.mean_wait_all_s[2])


def test_arguments_broadcast_and_large_arrays_are_worked_off_in_parts():
    law = PatienceLaw.lognormal(120, 1.0)
    staff, rate = np.linspace(1, 60, 40)[:, None], np.array([10.0, 600.0, 900.0])
    table = general_patience.steady_state(staff, rate, 180, law)
    assert table.sl_offered.shape == (40, 3)
    one = general_patience.steady_state(staff[33, 0], 600.0, 180, law)
    assert table.sl_offered[33, 1] == pytest.approx(float(one.sl_offered), rel=1e-12)


@pytest.mark.slow
def test_extreme_inputs_give_numbers_in_range():
    rng = np.random.default_rng(8)
    size = 20_000
    aht = 10 ** rng.uniform(-1, 4, size)
    load = 10 ** rng.uniform(-6, 5, size)
    staff = np.where(rng.random(size) < 0.5, load * rng.uniform(0.8, 1.2, size), 0)
    staff = np.where(staff == 0, 10 ** rng.uniform(-6, 4, size), staff)
    for law in (MIXED, PatienceLaw.deterministic(5), PatienceLaw.exponential(1e-3, balking=0.5)):
        m = general_patience.steady_state(
            staff, load / aht * 3600, aht, law, answer_within_s=10 ** rng.uniform(-2, 4, size)
        )
        for share in (m.p_wait, m.p_abandon, m.sl_offered, m.p_wait_beyond, m.occupancy):
            assert ((share >= 0) & (share <= 1)).all()
        assert (m.mean_wait_all_s <= law.mean_s * (1 + 1e-9)).all()


def test_a_bad_input_is_named_with_its_interval():
    with pytest.raises(InputError, match=r"arrivals_per_h\[1\] = -5 is not a number >= 0"):
        general_patience.steady_state(3, [20, -5], 180, MIXED)
