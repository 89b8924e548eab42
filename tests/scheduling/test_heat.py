"""Tests for wfplan.scheduling.search.heat."""

import pytest

from wfplan.scheduling.search.heat import Heat


def test_the_temperature_rises_until_a_pass_undoes_what_was_settled_and_falls_from_there():
    heat = Heat.begin(2.0, 100.0)
    first = heat.at(0.0)
    for _ in range(5):
        heat = heat.after(0.01, is_enough=False)
    assert heat.at(0.01) == pytest.approx(first * 1.3**5)
    heat = heat.after(0.01, is_enough=True)
    assert heat.at(0.0) == pytest.approx(first * 1.3**5)
    assert heat.at(0.0) > heat.at(0.3) > heat.at(0.6) > heat.at(1.0) > 0
    assert heat.after(0.01, is_enough=False) == heat


def test_without_time_the_temperature_does_not_rise_for_long():
    heat = Heat.begin(2.0, 100.0).after(0.2, is_enough=False)
    assert not heat.is_rising


def test_a_plan_that_nobody_can_improve_has_no_temperature():
    assert Heat.begin(0.0, 0.0).after(0.5, is_enough=False).at(0.7) == 0.0


def test_a_long_budget_cools_down_several_times_each_time_from_less_far_up():
    heat = Heat.begin(2.0, 100.0).after(0.01, is_enough=True).planned(1 / 1800)
    assert heat.coolings == 3
    assert heat.planned(0.1) == heat
    assert [heat.turn(share) for share in (0.0, 0.32, 0.34, 0.67, 1.0)] == [0, 0, 1, 2, 2]
    ends = [heat.at(share) for share in (1 / 3 - 1e-9, 2 / 3 - 1e-9, 1.0)]
    assert ends == pytest.approx([heat.hot / 10] * 3, rel=1e-6)
    assert heat.at(0.0) > heat.at(0.34) > heat.at(0.32)


def test_a_short_budget_cools_down_once():
    heat = Heat.begin(2.0, 100.0).planned(1 / 1800)
    assert heat.coolings == 0  # nobody plans before it is hot enough
    assert heat.after(0.01, is_enough=True).planned(1 / 20).coolings == 1
