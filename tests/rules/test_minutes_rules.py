"""Tests for the rules of a most or a least of minutes: which of two values is the stricter."""

import pytest

from wfplan.domain.problem import RuleSetting
from wfplan.rules.registry import SETTABLE

NAMES = ("paid_time_day", "split_gap", "contiguous_work", "break_spacing")


def rule(name, minutes, bound, **more):
    setting = RuleSetting(rule=name, value=minutes, unit="minutes", bound=bound, **more)
    return SETTABLE[name].from_setting(setting)


@pytest.mark.parametrize("name", NAMES)
def test_a_shorter_most_and_a_longer_least_are_stricter_and_they_are_two_rules(name):
    assert rule(name, 60, "most").strictness > rule(name, 90, "most").strictness
    assert rule(name, 90, "least").strictness > rule(name, 60, "least").strictness
    assert rule(name, 60, "most").family != rule(name, 60, "least").family


@pytest.mark.parametrize("name", ["contiguous_work", "break_spacing"])
def test_a_value_that_sees_other_breaks_is_another_rule(name):
    assert rule(name, 60, "most", part_min=15).family != rule(name, 60, "most").family
