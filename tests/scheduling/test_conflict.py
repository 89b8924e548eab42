"""Tests for wfplan.scheduling.conflict: who has no legal week, and what would help."""

from datetime import timedelta

import numpy as np
import pytest

from wfplan.domain.contracts import Break, BreakTier
from wfplan.domain.people import Availability, TimeOff
from wfplan.domain.problem import RuleSetting
from wfplan.domain.schedule import LockedShift, PastShift
from wfplan.errors import InfeasibleError
from wfplan.rules import work_limits
from wfplan.scheduling.conflict import _has_week, _loosened, require_legal_weeks
from wfplan.scheduling.person.grid import Grid
from wfplan.scheduling.person.patterns import agent_space
from wfplan.scheduling.team.oracle import Oracle
from wfplan.scheduling.team.team import assemble

REST = Break(kind="rest", length_min=15, is_paid=True, earliest_min=120, latest_min=240)
CONTRACT = {
    "shortest_min": 240,
    "longest_min": 480,
    "length_step_min": 240,
    "break_tiers": (BreakTier(over_h=6, breaks=(REST,)),),
}


def lock(bench, agent_id, day, clock="", minutes=0):
    on = bench.MONDAY + timedelta(days=day)
    if not clock:
        return LockedShift(agent_id=agent_id, day=on)
    start = bench.at(day, clock)
    end = start + timedelta(minutes=minutes)
    return LockedShift(agent_id=agent_id, day=on, start=start, end=end)


def never(weekdays):
    return tuple(
        Availability(kind="unavailable", weekday=d, start_min=0, end_min=1440) for d in weekdays
    )


def stuck_plans(bench):
    """A name, a plan in which P1 has no legal week, what fits, and words that help."""
    usual = {"contracts": {"any": bench.contract(**CONTRACT)}, "packs": {"eu": bench.EU}}
    usual["site_packs"] = ("eu",)
    away = bench.agent("P1", availability=never(range(5)), min_hours_week=24)
    long = [
        PastShift(agent_id="P1", start=bench.at(d, "08:00"), end=bench.at(d, "16:00"))
        for d in range(-6, 0)
    ]
    return {
        "hours": (
            bench.plan([away], **usual),
            "at least 24 paid hours are wanted, at most 16 fit",
            {"min_hours_week", "availability"},
        ),
        "locks": (
            bench.plan(
                [bench.agent("P1")],
                locks=[lock(bench, "P1", 0, "14:00", 480), lock(bench, "P1", 1, "07:00", 480)],
                **usual,
            ),
            "her hard rules leave no week at all",
            {"release her locks", "daily rest"},
        ),
        "breaks": (
            bench.plan(
                [bench.agent("P1", min_hours_week=24)],
                **usual | {"contracts": {"any": bench.contract(**CONTRACT | {"break_tiers": ()})}},
            ),
            "at least 24 paid hours are wanted, at most 20 fit",
            {"min_hours_week", "give long shifts a break"},
        ),
        "days": (
            bench.plan(
                [bench.agent("P1", min_hours_week=30)],
                **usual | {"contracts": {"any": bench.contract(**CONTRACT, work_days_max=3)}},
            ),
            "at least 30 paid hours are wanted, at most 24 fit",
            {"min_hours_week", "raise work_days_max"},
        ),
        "run": (
            bench.plan(
                [bench.agent("P1")],
                past_shifts=long,
                locks=[lock(bench, "P1", 0, "08:00", 480)],
                **usual,
            ),
            "her hard rules leave no week at all",
            {"release her locks"},
        ),
    }


@pytest.mark.parametrize("name", ["hours", "locks", "breaks", "days", "run"])
def test_the_message_names_the_person_what_fits_and_what_helps(bench, name):
    problem, what, helps = stuck_plans(bench)[name]
    need = bench.need(problem.horizon(bench.MONDAY, 7))
    with pytest.raises(InfeasibleError) as caught:
        require_legal_weeks(assemble(problem, need))
    message = str(caught.value)
    assert message.startswith("1 person has no legal week under the hard rules:\nP1: ")
    assert what in message
    for words in helps:
        assert words in message
    assert "[" not in message
    assert "None" not in message


@pytest.mark.parametrize("name", ["hours", "locks", "breaks", "days", "run"])
def test_every_single_rule_that_is_named_really_admits_a_week(bench, name):
    problem, _, _ = stuck_plans(bench)[name]
    team = assemble(problem, bench.need(problem.horizon(bench.MONDAY, 7)))
    member, oracle = team.members[0], Oracle()
    with pytest.raises(InfeasibleError) as caught:
        require_legal_weeks(team)
    named = 0
    for words, limits in _loosened(member.limits):
        admits = _has_week(member, limits, team.grid, oracle)
        assert admits == (words in str(caught.value))
        named += admits
    assert named


def test_a_weekly_rest_that_is_given_up_asks_for_nothing_any_more(bench):
    """Six long days are locked, so that no span has its rest."""
    work = bench.contract(**CONTRACT | {"work_days_max": 7, "consecutive_days_max": 7})
    locks = [lock(bench, "P1", d, "08:00", 480) for d in range(7)]
    problem = bench.plan(
        [bench.agent("P1", max_hours_week=60)],
        contracts={"any": work},
        locks=locks,
        plan_rules=[r for r in bench.EU.rules if r.rule == "weekly_rest"],
    )
    with pytest.raises(InfeasibleError, match=r"shorten the weekly rest \(weekly_rest\)"):
        require_legal_weeks(assemble(problem, bench.need(problem.horizon(bench.MONDAY, 7))))


def test_a_daily_rest_that_is_given_up_does_not_forget_the_last_shift(bench):
    """What is in the way here is the weekly rest: a shorter daily rest is not said to help."""
    past = [
        PastShift(agent_id="P1", start=bench.at(d, "08:00"), end=bench.at(d, "20:00"))
        for d in range(-6, 0)
    ]
    problem = bench.plan(
        [bench.agent("P1")],
        contracts={"any": bench.contract(**CONTRACT | {"work_days_max": 7})},
        past_shifts=past,
        locks=[lock(bench, "P1", 0, "12:00", 240)],
        packs={"eu": bench.EU},
        site_packs=("eu",),
    )
    with pytest.raises(InfeasibleError) as caught:
        require_legal_weeks(assemble(problem, bench.need(problem.horizon(bench.MONDAY, 7))))
    assert "daily rest" not in str(caught.value)
    assert "release her locks" in str(caught.value)


def test_two_rules_that_are_in_the_way_together_are_said_to_be_so(bench):
    off = TimeOff(start=bench.at(0, "00:00"), end=bench.at(7, "00:00"), is_paid=False)
    person = bench.agent("P1", time_off=(off,), min_hours_week=0)
    locked = [lock(bench, "P1", 0, "14:00", 480), lock(bench, "P1", 1, "07:00", 480)]
    problem = bench.plan(
        [person],
        contracts={"any": bench.contract(**CONTRACT)},
        locks=locked,
        packs={"eu": bench.EU},
        site_packs=("eu",),
    )
    with pytest.raises(InfeasibleError, match="release her locks") as caught:
        require_legal_weeks(assemble(problem, bench.need(problem.horizon(bench.MONDAY, 7))))
    assert "availability" not in str(caught.value)  # the locks lie too close even then


def test_many_stuck_people_are_counted_and_twenty_shown(bench):
    people = [bench.agent(f"P{i}", availability=never(range(7))) for i in range(23)]
    people = [p.model_copy(update={"min_hours_week": 10.0}) for p in people]
    problem = bench.plan(people)
    with pytest.raises(InfeasibleError) as caught:
        require_legal_weeks(assemble(problem, bench.need(problem.horizon(bench.MONDAY, 7))))
    lines = str(caught.value).splitlines()
    assert lines[0] == "23 people have no legal week under the hard rules:"
    assert len(lines) == 3  # for one reason
    assert lines[1].startswith("P0, P1, P2, ")
    assert "P19: " in lines[1]
    assert lines[-1] == "... and 3 more people"


def test_a_team_with_legal_weeks_passes_without_a_word(bench):
    rng = np.random.default_rng(3)
    problem, horizon = bench.random_plan(rng)
    require_legal_weeks(assemble(problem, bench.random_need(rng, problem, horizon)))


def test_rules_of_sequences_are_named_when_they_are_in_the_way(bench):
    """Five days of work leave no week its four days off in a row of two."""
    work = bench.contract(**CONTRACT | {"work_days_min": 5})
    rules = tuple(
        RuleSetting(rule=name, value=value, unit="days", bound="least")
        for name, value in (("days_off_period", 3), ("consecutive_days_off", 2))
    )
    problem = bench.plan([bench.agent("P1")], contracts={"any": work}, plan_rules=rules)
    need = bench.need(problem.horizon(bench.MONDAY, 7))
    with pytest.raises(InfeasibleError) as caught:
        require_legal_weeks(assemble(problem, need))
    message = str(caught.value)
    assert "loosen days_off_period" in message
    assert "lower work_days_min (work_days_week)" in message
    assert "loosen consecutive_days_off" not in message


def test_the_week_that_cannot_hold_its_hours_is_named(bench):
    """Two weeks of 24 hours; the second leaves her two days of eight, the first has room."""
    locks = [lock(bench, "P1", day) for day in range(7, 12)]
    problem = bench.plan(
        [bench.agent("P1", min_hours_week=24)],
        contracts={"any": bench.contract(**CONTRACT)},
        locks=locks,
    )
    need = bench.need(problem.horizon(bench.MONDAY, 14))
    with pytest.raises(InfeasibleError) as caught:
        require_legal_weeks(assemble(problem, need))
    message = str(caught.value)
    assert "P1: the week from 2026-11-09 cannot hold the 24 paid hours" in message
    assert "at most" not in message
    assert "lower min_hours_week" in message
    assert "release her locks" in message


FAMILIES = {  # a rule, and what makes it leave no week
    "quick_returns_28d": (
        {"value": 0, "unit": "returns"},
        {"locks": [(0, "14:00", 480), (1, "07:00", 480)]},
    ),
    "risk_factor": (
        {"value": 1, "unit": "count", "kinds": ("day",)},
        {"locks": [(0, "09:00", 480)]},
    ),
    "preference": ({"value": 1.0, "unit": "share"}, {"locks": [(0, "09:00", 480)], "avoid": True}),
    "night_work": ({"value": 6, "unit": "hours"}, {"locks": [(0, "22:00", 480)]}),
    "meal": (
        {"value": 30, "unit": "minutes", "window": (1200, 1260)},
        {"locks": [(0, "07:00", 480)]},
    ),
    "break_time": (
        {"value": 120, "unit": "minutes", "over_h": 6.0},
        {"locks": [(0, "07:00", 480)]},
    ),
    "contiguous_work": ({"value": 60, "unit": "minutes"}, {"locks": [(0, "07:00", 480)]}),
    "continuous_contact_max": ({"value": 60, "unit": "minutes"}, {"locks": [(0, "07:00", 480)]}),
    "break_spacing": (
        {"value": 300, "unit": "minutes", "bound": "least"},
        {"locks": [(0, "07:00", 480)]},
    ),
    "paid_time_granularity": ({"value": 7, "unit": "hours"}, {"locks": [(0, "07:00", 480)]}),
    "overtime_max": ({"value": 0, "unit": "hours"}, {"locks": [(0, "07:00", 480)], "hours": 4}),
    "paid_time_period": ({"value": 4, "unit": "hours"}, {"locks": [(0, "07:00", 480)]}),
    "paid_time_day": ({"value": 5, "unit": "hours"}, {"locks": [(0, "07:00", 480)]}),
    "start_variance": (
        {"value": 60, "unit": "minutes"},
        {"locks": [(0, "07:00", 480), (2, "14:00", 480)]},
    ),
    "forbidden_sequence": (
        {"value": 1, "unit": "count", "kinds": ("work", "work")},
        {"locks": [(0, "07:00", 480), (1, "07:00", 480)]},
    ),
}


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_every_family_of_rules_is_named_when_it_is_in_the_way(bench, name):
    values, about = FAMILIES[name]
    hours = about.get("hours", 30)
    rows = [Availability(kind="avoid", weekday=d, start_min=0, end_min=1440) for d in range(7)]
    person = bench.agent(
        "P1",
        contract_hours_week=hours,
        max_hours_week=40,
        availability=tuple(rows) if about.get("avoid") else (),
    )
    problem = bench.plan(
        [person],
        contracts={"any": bench.contract(start_window=(360, 1320))},
        locks=[lock(bench, "P1", *one) for one in about["locks"]],
        plan_rules=(RuleSetting(rule=name, **values),),
    )
    with pytest.raises(InfeasibleError, match=name) as caught:
        require_legal_weeks(
            assemble(problem, bench.need(problem.horizon(bench.MONDAY, 7))), problem
        )
    assert "enough alone" in str(caught.value)
    assert "release her locks" in str(caught.value)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (
            RuleSetting(rule="shift_start_window", value=1, unit="count", window=(0, 60)),
            "widen the window of starts (shift_start_window)",
        ),
        (
            RuleSetting(rule="shift_stop_window", value=1, unit="count", window=(0, 60)),
            "or the window of ends (shift_stop_window)",
        ),
        (
            RuleSetting(rule="split_shift", value=1, unit="shifts", bound="least"),
            "loosen split_shift",
        ),
        (
            RuleSetting(rule="paid_time_period", value=60, unit="hours", bound="least"),
            "raise or lower the average hours (paid_time_period)",
        ),
    ],
)
def test_rules_of_the_plan_s_own_windows_and_leasts_are_named(bench, rule, words):
    problem = bench.plan([bench.agent("P1", min_hours_week=8)], plan_rules=(rule,))
    team = assemble(problem, bench.need(problem.horizon(bench.MONDAY, 7)))
    with pytest.raises(InfeasibleError) as caught:
        require_legal_weeks(team, problem)
    assert words in str(caught.value)


@pytest.mark.parametrize("soft", ["overtime_max", "paid_time_period"])
def test_soft_prices_of_weeks_stand_when_the_hours_of_weeks_are_given_up(bench, soft):
    """What is tried without her weekly hours still has weeks for the soft rule to price."""
    rule = RuleSetting(rule=soft, value=6, unit="hours", hardness="soft", weeks=1)
    problem = bench.plan([bench.agent("P1")], plan_rules=(rule,))
    horizon = problem.horizon(bench.MONDAY, 14)
    limits = work_limits(problem, problem.agents[0], horizon, without={"paid_time_week"})
    legal = agent_space(limits, Grid.around(horizon)).legal
    assert limits.paid_weeks == ()
    assert (legal.week_price > 0).any(axis=1).tolist() == [True, True]


def test_rules_that_only_together_leave_no_week_are_named_and_no_others(bench):
    """Two rules bar every shift and two ask for some: one of each is enough to be stuck."""
    barred, asked = ("paid_time_day", "risk_factor"), ("paid_time_week", "work_days_week")
    settings = (
        RuleSetting(rule="paid_time_day", value=1, unit="hours"),
        RuleSetting(rule="risk_factor", value=1, unit="count", kinds=("day", "early", "late")),
        RuleSetting(rule="daily_rest", value=11, unit="hours"),
    )
    problem = bench.plan(
        [bench.agent("P1", min_hours_week=8)],
        contracts={"any": bench.contract(work_days_min=1)},
        plan_rules=settings,
    )
    team = assemble(problem, bench.need(problem.horizon(bench.MONDAY, 7)))
    with pytest.raises(InfeasibleError) as caught:
        require_legal_weeks(team, problem)
    message = str(caught.value)
    assert "these leave no week together" in message
    assert sum(name in message.split("may stay:")[1] for name in barred) == 1
    assert sum(name in message.split("may stay:")[1] for name in asked) == 1
    assert "daily_rest" not in message
    with pytest.raises(InfeasibleError, match="loosen several, or take her out of agents"):
        require_legal_weeks(team)
