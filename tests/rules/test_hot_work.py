"""Tests for wfplan.rules.hot_work_max: the boundary, and breaks that keep it at any occupancy."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from wfplan.engagement.hot import HOT_WINDOW_MIN, measure_name, most_in_window
from wfplan.rules.hot_work_max import HotWorkMax, hot_windows

MONDAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("minutes", "amounts"),
    [({0: 120}, []), ({0: 121}, [1]), ({-1: 135, 2: 135}, [15]), ({}, [])],
)
def test_a_date_is_held_against_its_hottest_window(bench, minutes, amounts):
    rule = HotWorkMax(most_min=120)
    of_dates = {MONDAY + timedelta(days=d): float(m) for d, m in minutes.items()}
    view = replace(bench.week(), measures={measure_name(HOT_WINDOW_MIN): of_dates})
    assert [b.amount for b in rule.breaches(view)] == amounts


def test_other_windows_are_other_measures(bench):
    rule = HotWorkMax(most_min=60, part_min=10)
    view = replace(bench.week(), measures={measure_name(HOT_WINDOW_MIN): {MONDAY: 135.0}})
    assert rule.breaches(view) == []
    view = replace(bench.week(), measures={measure_name(70): {MONDAY: 65.0}})
    assert [b.amount for b in rule.breaches(view)] == [5]


def test_the_windows_of_a_plan_are_those_of_its_values(bench):
    from wfplan.domain.problem import RuleSetting

    def setting(**more):
        return RuleSetting(rule="hot_work_max", unit="minutes", **more)

    found = hot_windows([setting(value=120), setting(value=90, part_min=30)])
    assert found == {135, 120}


@pytest.mark.parametrize("hardness", ["hard", "soft"])
def test_with_room_no_stretch_is_longer_than_the_most(bench, hardness):
    """The planner's face keeps the rule where everything is hot."""
    rule = HotWorkMax(most_min=120, hardness=hardness)
    contract = bench.with_breaks(bench.contract(shortest_min=360, longest_min=540))
    problem = bench.plan(contracts={"any": contract})
    limits = bench.tightened(rule, problem)
    for length in limits.lengths_min:
        breaks = limits.contract.breaks_of(length)
        at, spans = 0, []
        for rest in breaks:  # as late as they may be, each
            spans.append((at, rest.latest_min))
            at = rest.latest_min + rest.length_min
        spans.append((at, length))
        lacks = any(price.of_shifts(0, *_one(length)).any() for price in limits.prices)
        assert lacks or most_in_window(spans, HOT_WINDOW_MIN) <= 120 + 1e-9


def _one(length):
    import numpy as np

    start = np.array([480])
    return start, start + length, np.array([length])
