"""Tests for wfplan.staffing.scenarios: texts read together, columns, orders."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfplan.errors import InputFaultsError
from wfplan.intake import load_plan
from wfplan.staffing import (
    Scenario,
    all_changes,
    columns_of,
    in_order,
    in_scenario,
    read_scenarios,
    slugs,
    together,
    with_scenario,
)


@pytest.fixture(scope="module")
def problem(tiny_plan):
    named = {"flu_week": ("volume=+10%", "absent=A001,A002"), "calm": ("volume=-5%",)}
    return load_plan(tiny_plan).model_copy(update={"scenarios": named})


def faults(texts, problem):
    with pytest.raises(InputFaultsError) as caught:
        read_scenarios(texts, problem)
    return [str(fault) for fault in caught.value.faults]


def test_a_text_is_one_change_several_or_a_name_of_the_plans(problem):
    one, two, three = read_scenarios(
        ["volume=+10%", " aht.voice = +5 %; absent=A002, A001 ;", "flu_week"], problem
    )
    assert one == Scenario("volume=+10%", ("volume=+10%",))
    assert two.changes == ("aht.voice=+5%", "absent=A001,A002")
    assert three == Scenario("flu_week", ("volume=+10%", "absent=A001,A002"))


def test_all_faults_of_all_texts_are_told_together(problem):
    told = faults(
        ["volum=+5%", "aht.voic=+5%; absent=A0001", "volume=+10%; volume=+20%", "flu_wek", " ; "],
        problem,
    )
    assert len(told) == 6
    text = "\n".join(told)
    for part in (
        "'volum=+5%' is not a scenario",
        "'aht.voic=+5%' names no channel of the plan: did you mean 'voice'?",
        "absent=A0001: there is no such agent: did you mean 'A001'?",
        "volume=+10% and volume=+20% both say what volume is.",
        "'flu_wek' is no change, and no scenario of the plan ([scenarios]): did you mean",
        "is an empty scenario",
    ):
        assert part in text


def test_the_same_scenario_twice_is_one_too_many(problem):
    assert faults(["volume=+10%", "volume=10%"], problem) == [
        "'volume=10%' is given twice (it is the same as 'volume=+10%'): leave one out."
    ]
    assert "is given twice: leave one out" in faults(["calm", "calm"], problem)[0]
    assert len(faults(["flu_week", "absent=A002; volume=+10%; absent=A001"], problem)) == 1


def test_all_together_has_every_change_once(problem):
    found = read_scenarios(["flu_week", "aht=+5%", "absent=A002,A003"], problem)
    every = together(found)
    assert every is not None
    assert every.changes == ("volume=+10%", "aht=+5%", "absent=A001,A002,A003")
    assert [one.name for one in columns_of(found)][-1] == "all together"
    assert all_changes(found) == every.changes


def test_what_contradicts_itself_has_no_together(problem):
    found = read_scenarios(["volume=+10%", "volume=+20%", "aht=+5%"], problem)
    assert together(found) is None
    assert columns_of(found) == found
    with pytest.raises(InputFaultsError, match="give one of them, or compare them with --each"):
        all_changes(found)


def test_one_channel_comes_on_top_of_all(problem):
    (one,) = read_scenarios(["volume=+10%; volume.voice=+10%"], problem)
    assert one.changes == ("volume.voice=+10%", "volume=+10%")


CHANGES = ("volume=+7%", "volume.voice=-13%", "aht=+11%", "aht.voice=+3%", "absent=A001,A003")


def test_no_order_of_changes_has_a_meaning(problem, synthetic, tmp_path):
    demand = synthetic.run(tmp_path).demand
    first, every = in_scenario(demand, CHANGES), with_scenario(problem, CHANGES)
    for order in permutations(CHANGES):
        other = in_scenario(demand, order)
        assert np.array_equal(other.offered_mean, first.offered_mean)
        assert np.array_equal(other.aht_s, first.aht_s, equal_nan=True)
        under = with_scenario(problem, order)
        assert (under.agents, under.scenario) == (every.agents, every.scenario)
        assert in_order(order) == in_order(CHANGES)


def test_changes_multiply(synthetic, tmp_path):
    demand = synthetic.run(tmp_path).demand
    changed = in_scenario(demand, ["volume=+10%", "volume.voice=-50%", "aht=+100%"])
    by = np.array([[0.55 if name == "voice" else 1.1] for name in demand.channels])
    np.testing.assert_allclose(changed.offered_q90, demand.offered_q90 * by)
    np.testing.assert_allclose(changed.aht_s, demand.aht_s * 2)
    assert in_scenario(demand, ()) is demand


def test_what_has_happened_does_not_change(synthetic, tmp_path):
    demand = synthetic.run(tmp_path).demand
    horizon, step = demand.horizon, timedelta(minutes=demand.horizon.interval_min)
    for since in (horizon.interval_instant(40), horizon.interval_instant(41) - step / 3):
        changed = in_scenario(demand, ["volume=+10%", "aht=+100%"], since)
        np.testing.assert_allclose(changed.offered_mean[:, :40], demand.offered_mean[:, :40])
        np.testing.assert_allclose(changed.offered_mean[:, 40:], demand.offered_mean[:, 40:] * 1.1)
        np.testing.assert_allclose(changed.aht_s[:, 40:], demand.aht_s[:, 40:] * 2)
        np.testing.assert_allclose(changed.aht_s[:, :40], demand.aht_s[:, :40])


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("volume=+10%", "volume-plus-10"),
        ("aht.voice=-5%; absent=A017,B2", "aht-voice-minus-5-absent-a017-b2"),
        ("flu_week", "flu_week"),
        ("all together", "all-together"),
        ("%%", "scenario"),
    ],
)
def test_a_folder_is_named_like_its_scenario(name, slug):
    assert slugs([Scenario(name, ())]) == (slug,)


@given(st.lists(st.text(st.sampled_from("Aa=+-1%. "), min_size=1), min_size=1, max_size=12))
def test_no_two_scenarios_share_a_folder(names):
    found = slugs([Scenario(name, ()) for name in names])
    assert len(set(found)) == len(names)
    assert all(len(slug) <= 70 and "/" not in slug and not slug.startswith(".") for slug in found)
