"""Tests for wfplan.staffing.empowered."""

import numpy as np
import pytest
from scipy.linalg import expm

from wfplan.domain.channels import Channel
from wfplan.domain.problem import Empowered
from wfplan.queueing import erlang_b
from wfplan.staffing import staff_need
from wfplan.staffing.empowered import empowered_minimum, with_escalations

OPEN = np.ones(4, dtype=bool)


@pytest.mark.parametrize("contacts", [10.0, 50.0, 100.0, 200.0])
def test_one_free_with_the_wanted_probability_and_no_more_than_needed(contacts):
    empowered = Empowered(share_of_contacts=0.03, handle_min=20, answer_share=0.95)
    found = empowered_minimum(empowered, np.full(4, contacts), OPEN, 15)
    load = 0.03 * contacts / 15 * 20
    assert (erlang_b.blocking(found, load) <= 0.05).all()
    assert (erlang_b.blocking(found - 1, load) > 0.05).all()


def test_a_stated_number_stands_where_it_is_more():
    found = empowered_minimum(Empowered(staff_min=2), np.zeros(4), OPEN, 15)
    assert found.tolist() == [2, 2, 2, 2]


def test_nobody_is_wanted_where_everything_is_closed():
    shut = np.array([True, False, True, False])
    found = empowered_minimum(Empowered(staff_min=1), np.ones(4), shut, 15)
    assert found.tolist() == [1, 0, 1, 0]


@pytest.mark.parametrize(("contacts", "people"), [(15.0, 5), (7.5, 4), (0.0, 0)])
def test_two_erlangs_of_incidents_need_five_people(contacts, people):
    """B(4, 2) = 0.0952, B(5, 2) = 0.0367; B(3, 1) = 0.0625, B(4, 1) = 0.0154."""
    empowered = Empowered(share_of_contacts=0.1, handle_min=20, answer_share=0.95)
    found = empowered_minimum(empowered, np.full(3, contacts), np.ones(3, dtype=bool), 15)
    assert found.tolist() == [people] * 3
    assert erlang_b.blocking(5, 2.0) == pytest.approx(0.03669724771, abs=1e-11)


def blocked_share(per_interval, people, handle, interval):
    """Exact share that finds all busy, per interval, from an empty start; leaving people finish."""
    size = int(people.max()) + 1
    law, blocked = np.zeros(size), []
    law[0] = 1.0
    for calls, k in zip(per_interval, people.astype(int), strict=True):
        chain = np.zeros((size, size))
        for n in range(size):
            if n < k:
                chain[n, n + 1] = calls / interval
            if n:
                chain[n, n - 1] = n / handle
            chain[n, n] = -chain[n].sum()
        step = expm(chain * interval / 50)
        seen = [law]
        for _ in range(50):
            seen.append(seen[-1] @ step)
        busy = np.array(seen)[:, k:].sum(axis=1)
        blocked.append(float(np.trapezoid(busy, dx=1 / 50)))
        law = seen[-1]
    return np.array(blocked)


def test_people_follow_the_exceptions_in_hand_through_the_day():
    """After a steep fall those of the hour before still hold people; the exact chain agrees."""
    contacts = np.concatenate([np.zeros(8), np.full(8, 40.0), np.full(8, 8.0), np.zeros(8)])
    empowered = Empowered(share_of_contacts=0.1, handle_min=20, answer_share=0.95)
    found = empowered_minimum(empowered, contacts, np.ones(32, dtype=bool), 15)
    steady = erlang_b.required_staff(0.1 * contacts / 15 * 20, blocking_max=0.05)
    assert found[8] < steady[8]
    assert found[16] > steady[16]
    assert found[15] == steady[15]
    exact = blocked_share(0.1 * contacts, found, 20, 15)
    blind = blocked_share(0.1 * contacts, steady.astype(float), 20, 15)
    assert exact[8:24].max() < 0.07
    assert blind[16] > 0.3


def test_more_are_wanted_at_busier_hours(problem_of, demand_of):
    hours = np.zeros(336)
    hours[16:36] = np.linspace(10, 200, 20)
    voice = Channel(name="voice", open=["mon-fri 08:00-18:00"])
    problem = problem_of(voice, empowered=Empowered(share_of_contacts=0.02))
    wanted = staff_need(problem, demand_of(problem, hours)).empowered_min[16:36]
    assert (np.diff(wanted) >= 0).all()
    assert wanted[-1] == 3 * wanted[0] == 6


def test_escalations_are_work_of_every_channel(problem_of, demand_of):
    voice = Channel(name="voice", open=["mon-fri 08:00-18:00"])
    mail = Channel(name="mail", open=["mon-fri 08:00-18:00"], kind="deferred")
    escalated = Empowered(share_of_contacts=0.02, handle_min=20)
    problem = problem_of(voice, mail, empowered=escalated)
    demand = demand_of(problem, 30.0, aht_s=300)
    plain = staff_need(problem_of(voice, mail), demand)
    need = staff_need(problem, demand)
    np.testing.assert_allclose(need.load_erlangs, plain.load_erlangs * (300 + 24) / 300)
    longer = staff_need(problem_of(voice, mail), demand_of(problem, 30.0, aht_s=324))
    np.testing.assert_allclose(need.harm, longer.harm, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(need.volume, plain.volume, rtol=1e-9)


def test_without_escalations_demand_stays_as_it_is(problem_of, demand_of):
    demand = demand_of(problem_of(Channel(name="v", open=["daily 08:00-18:00"])), 30.0)
    assert with_escalations(demand, Empowered(handle_min=30)) is demand
