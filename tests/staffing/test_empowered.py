"""Tests for wfplan.staffing.empowered."""

import numpy as np

from wfplan.domain.problem import Empowered
from wfplan.queueing import erlang_b
from wfplan.staffing.empowered import empowered_minimum

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
