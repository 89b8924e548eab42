"""Tests for the rules of measures, risks, wishes and promises."""

from dataclasses import replace
from datetime import date, timedelta
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.domain.people import Availability as Row
from wfplan.domain.people import Skill
from wfplan.rules.high_intensity_max import HighIntensityMax
from wfplan.rules.overload_max import OverloadMax
from wfplan.rules.preference import Preference
from wfplan.rules.promise_change_price import PromiseChangePrice
from wfplan.rules.readiness import Readiness
from wfplan.rules.risk_factor import RiskFactor
from wfplan.rules.skill_validity import SkillValidity

MONDAY, SPRING, AUTUMN = date(2026, 11, 2), date(2026, 3, 23), date(2026, 10, 19)


def day(offset, monday=MONDAY):
    return monday + timedelta(days=offset)


def measured(bench, *specs, problem=None, **measures):
    """A week with measures: minutes by day."""
    view = bench.week(*specs, problem=problem)
    said = {
        name.replace("channel_", "channel:"): {day(d): m for d, m in minutes.items()}
        for name, minutes in measures.items()
    }
    return replace(view, measures=said)


@pytest.mark.parametrize(
    ("rule", "measure", "minutes", "amounts"),
    [
        (HighIntensityMax(most_min=120), "high_intensity_min", {0: 120}, []),
        (HighIntensityMax(most_min=120), "high_intensity_min", {0: 60, 1: 60}, []),
        (HighIntensityMax(most_min=120), "overload_min", {0: 500}, []),
        (HighIntensityMax(most_min=120), "high_intensity_min", {0: 135}, [15]),
        (HighIntensityMax(most_min=120), "high_intensity_min", {0: 240, 3: 121}, [120, 1]),
        (HighIntensityMax(most_min=120), "high_intensity_min", {-1: 500, 2: 130}, [10]),
        (OverloadMax(most_min=150), "overload_min", {0: 150, 1: 149}, []),
        (OverloadMax(most_min=150), "acute_min", {0: 400}, []),
        (OverloadMax(most_min=150), "overload_min", {-3: 400}, []),
        (OverloadMax(most_min=150), "overload_min", {0: 160, 4: 151}, [10, 1]),
        (OverloadMax(most_min=90, span="acute"), "acute_min", {0: 91}, [1]),
        (OverloadMax(most_min=60, span="chronic"), "chronic_min", {6: 75}, [15]),
    ],
)
def test_a_measure_is_held_against_its_cap(bench, rule, measure, minutes, amounts):
    view = measured(bench, **{measure: minutes})
    assert [b.amount for b in rule.breaches(view)] == amounts
    assert bench.tightened(rule, bench.plan()).measure_caps[0].most_min == rule.most_min


@pytest.mark.parametrize(
    ("skills", "amounts"),
    [
        ((Skill(skill="voice"), Skill(skill="chat")), []),
        ((Skill(skill="chat", valid_from=MONDAY),), []),
        ((Skill(skill="chat", valid_to=day(1)),), []),
        ((Skill(skill="voice"),), [30, 45]),
        ((Skill(skill="chat", valid_from=day(1)),), [30]),
        ((Skill(skill="chat", valid_to=MONDAY),), [45]),
    ],
)
def test_work_on_a_channel_needs_its_skill_on_that_date(bench, skills, amounts):
    problem = bench.plan(people=[bench.agent(skills=skills)])
    view = measured(bench, problem=problem, channel_chat={0: 30, 1: 45, 2: 0}, other={0: 99})
    found = SkillValidity().breaches(view)
    assert [b.amount for b in found] == amounts
    assert all(b.why.startswith("skill_validity_from_skill: agent A1 works") for b in found)


@pytest.mark.parametrize(
    ("ready_from", "shift_days", "amounts"),
    [
        (None, (0, 1), []),
        (day(1), (1, 2), []),
        (day(7), (), []),
        (day(1), (0, 1), [480]),
        (day(3), (0, 2, 4), [480, 480]),
        (day(7), (6,), [480]),
    ],
)
def test_nobody_works_before_she_is_ready(bench, ready_from, shift_days, amounts):
    skills = (Skill(skill="voice", ready_from=ready_from),)
    problem = bench.plan(people=[bench.agent(skills=skills)])
    shifts = [(d, "09:00", 480) for d in shift_days]
    assert bench.amounts(Readiness(), *shifts, problem=problem) == amounts


def test_readiness_for_one_channel_is_none_for_another(bench):
    skills = (Skill(skill="voice"), Skill(skill="chat", ready_from=day(2)))
    problem = bench.plan(people=[bench.agent(skills=skills)])
    view = measured(bench, (0, "09:00", 480), problem=problem, channel_chat={0: 60, 2: 60},
                    channel_voice={0: 420})  # fmt: skip
    (found,) = Readiness().breaches(view)
    assert found.amount == 60
    assert found.why == (
        "readiness_from_skill: agent A1 works 1 h on chat on Monday 2026-11-02, before she is "
        "ready for it (skills table)."
    )
    assert bench.tightened(Readiness(), problem).days_off == frozenset()


@pytest.mark.parametrize(
    ("shifts", "amounts"),
    [
        ([(0, "06:00", 480)], []),
        ([(0, "15:00", 480)], []),
        ([(0, "17:59", 480)], []),  # two hours and 59 minutes of the night
        ([(0, "18:00", 480)], [1]),  # three hours exactly
        ([(0, "22:00", 480), (2, "22:00", 480)], [1, 1]),
        ([(0, "00:00", 240)], [1]),
    ],
)
def test_a_risk_is_a_shift_of_its_kind(bench, shifts, amounts):
    assert bench.amounts(RiskFactor(kinds=("night",)), *shifts) == amounts


def test_a_channel_can_be_a_risk(bench):
    rule = RiskFactor(channels=("complaints",))
    view = measured(bench, channel_complaints={0: 45, 1: 0})
    assert [(b.amount, b.unit) for b in rule.breaches(view)] == [(45, "min")]
    assert bench.tightened(rule, bench.plan()).barred_channels == {"complaints"}
    assert rule.prices(bench.person(bench.plan())) is None


WISHES = (
    Row(kind="avoid", weekday=0, start_min=1080, end_min=1440),
    Row(kind="prefer", weekday=1, start_min=480, end_min=960),
    Row(kind="avoid", day=day(2), start_min=1320, end_min=1320 + 480),
    Row(kind="avoid", weekday=6, start_min=0, end_min=480),
)


@pytest.mark.parametrize(
    ("share", "shifts", "amounts"),
    [
        (1.0, [(0, "09:00", 480)], []),
        (1.0, [(1, "08:00", 480)], []),  # the preferred window exactly
        (1.0, [(4, "22:00", 480)], []),
        (1.0, [(0, "14:00", 480)], [240]),
        (1.0, [(1, "06:00", 480)], [120]),
        (1.0, [(2, "21:00", 480)], [420]),
        (0.5, [(0, "14:00", 480)], []),  # half exactly
        (0.5, [(0, "16:00", 480)], [120]),
        (0.5, [(0, "16:00", 480), (4, "09:00", 480)], []),
    ],
)
def test_the_share_of_time_that_keeps_wishes_is_counted(bench, share, shifts, amounts):
    problem = bench.plan(people=[bench.agent(availability=WISHES)])
    assert bench.amounts(Preference(share=share), *shifts, problem=problem) == amounts


@settings(max_examples=25, deadline=None)
@given(
    start=st.integers(0, 95),
    length=st.integers(1, 48),
    offset=st.integers(0, 6),
    monday=st.sampled_from([MONDAY, SPRING, AUTUMN]),
    share=st.sampled_from([1.0, 0.75]),
)
def test_the_price_of_a_shift_against_wishes_is_that_of_its_breach(
    bench, start, length, offset, monday, share
):
    clock = f"{start // 4:02d}:{start % 4 * 15:02d}"
    rows = (*WISHES, Row(kind="prefer", weekday=5, start_min=1200, end_min=1800))
    problem = bench.plan(people=[bench.agent(availability=rows)])
    begin = bench.wall(offset, clock, monday=monday)
    if bench.wall(offset, "00:00", monday=monday) > begin:
        return
    view = bench.week((offset, clock, 15 * length), problem=problem, monday=monday)
    ends = view.clocks[day(offset, monday)]
    if bench.wall(offset, f"{ends[1] // 60:02d}:{ends[1] % 60:02d}", monday=monday) != (
        view.duties[0].end
    ):
        return  # an hour of the clock that comes twice
    rule = Preference(share=share, hardness="soft", weight=2.0)
    shift = [bench.array([minute]) for minute in (*ends, 15 * length)]
    if ends[0] != start * 15:
        return  # a wall time that the spring night skips
    (price,) = rule.prices(bench.person(problem, monday=monday)).of_shifts(offset, *shift)
    assert price == pytest.approx(sum(rule.price(b.amount, b.unit) for b in rule.breaches(view)))


PROMISE = PromiseChangePrice(notice_days=14, hardness="soft", weight=4.0)


def promised(bench, *specs, told=None, consents=(), monday=MONDAY, **published):
    """A week beside what was published: ``d0=("08:00", 480)`` or None by day."""
    spans = {
        day(int(name[1:]), monday): None
        if spec is None
        else (
            bench.wall(int(name[1:]), spec[0], monday=monday),
            bench.wall(int(name[1:]), spec[0], monday=monday) + timedelta(minutes=spec[1]),
        )
        for name, spec in published.items()
    }
    view = bench.week(*specs, monday=monday)
    person = bench.person(bench.plan(), monday=monday)
    known = {"published": spans, "told": told, "consents": frozenset(consents)}
    return replace(view, **known), replace(person, **known)


@pytest.mark.parametrize(
    ("planned", "published", "notice", "amount"),
    [
        ((0, "08:00", 480), {"d0": ("08:00", 480)}, 0, 0),
        (None, {"d0": None}, 0, 0),
        ((0, "08:00", 480), {"d1": None}, 0, 0),  # that date was not published
        ((0, "10:00", 480), {"d0": ("08:00", 480)}, 14, 0),  # notice exactly
        ((0, "10:00", 480), {"d0": ("08:00", 480)}, 0, 240),
        ((0, "10:00", 480), {"d0": ("08:00", 480)}, 7, 120),
        ((0, "08:00", 600), {"d0": ("08:00", 480)}, 0, 120),
        (None, {"d0": ("08:00", 480)}, 0, 480),
        ((0, "08:00", 480), {"d0": None}, 0, 480),
        ((0, "18:00", 480), {"d0": ("08:00", 480)}, 0, 960),
    ],
)
def test_a_change_counts_more_the_shorter_the_notice(bench, planned, published, notice, amount):
    told = bench.wall(-notice, "12:00")
    specs = [planned] if planned else []
    view, person = promised(bench, *specs, told=told, **published)
    found = PROMISE.breaches(view)
    assert sum(b.amount for b in found) == pytest.approx(amount)
    prices = PROMISE.prices(person)
    if planned:
        clock = view.clocks[MONDAY]
        (price,) = prices.of_shifts(0, *(bench.array([m]) for m in (*clock, 480)))
    else:
        price = prices.of_day_off(0)
    assert price == pytest.approx(4.0 * amount / 60)
    hard = PromiseChangePrice(notice_days=14).prices(person)
    assert (hard.of_day_off(0) == inf) == (published.get("d0") is not None and notice < 14)


def test_consent_makes_a_change_free(bench):
    view, person = promised(bench, (0, "10:00", 480), d0=("08:00", 480), consents=[MONDAY])
    assert PROMISE.breaches(view) == []
    assert PROMISE.prices(person).of_day_off(0) == 0
    view, _ = promised(bench, (0, "10:00", 480), d0=("08:00", 480))
    (found,) = PROMISE.breaches(view)
    assert found.why == (
        "promise_change_price: agent A1 has 4 h changed on Monday 2026-11-02, published otherwise, "
        "at 0 days of notice; 14 are free (contract)."
    )


@pytest.mark.parametrize("monday", [SPRING, AUTUMN])
def test_a_published_night_of_a_clock_change_is_no_change(bench, monday):
    view, person = promised(bench, (5, "22:00", 480), monday=monday, d5=("22:00", 480))
    assert PROMISE.breaches(view) == []
    clock = view.clocks[day(5, monday)]
    assert PROMISE.prices(person).of_shifts(5, *(bench.array([m]) for m in (*clock, 480))) == 0


def test_without_a_published_plan_nothing_is_priced(bench):
    assert PROMISE.prices(bench.person(bench.plan())) is None
    assert bench.amounts(PROMISE, (0, "08:00", 480)) == []
