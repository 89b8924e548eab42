"""Tests for wfplan.staffing.empowered."""

import numpy as np
import pytest

from wfplan.domain.channels import Channel
from wfplan.domain.problem import Empowered
from wfplan.queueing import erlang_b
from wfplan.staffing import staff_need
from wfplan.staffing.empowered import empowered_minimum, with_escalations

OPEN = np.ones(4, dtype=bool)


def test_one_free_with_the_wanted_probability_and_no_more_than_needed():
    empowered = Empowered(share_of_contacts=0.03, handle_min=20, answer_share=0.95)
    contacts = np.array([10.0, 50.0, 100.0, 200.0])
    found = empowered_minimum(empowered, contacts, OPEN, 15)
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


def test_two_erlangs_of_incidents_need_five_people():
    """B(4, 2) = 0.0952, B(5, 2) = 0.0367; B(3, 1) = 0.0625, B(4, 1) = 0.0154."""
    empowered = Empowered(share_of_contacts=0.1, handle_min=20, answer_share=0.95)
    found = empowered_minimum(empowered, np.array([15.0, 7.5, 0.0]), np.ones(3, dtype=bool), 15)
    assert found.tolist() == [5, 4, 0]
    assert erlang_b.blocking(5, 2.0) == pytest.approx(0.03669724771, abs=1e-11)


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
