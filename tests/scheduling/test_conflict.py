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
from wfplan.scheduling.conflict import conflicts_of_people as find_conflicts
from wfplan.scheduling.conflict import long_text, require_legal_weeks
from wfplan.scheduling.conflict.people import relaxed_for_people
from wfplan.scheduling.person.grid import Grid
from wfplan.scheduling.person.patterns import agent_space
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
    """A name, a plan in which P1 has no legal week, the rules in the way, what is cheapest."""
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
            {"paid_time_week", "availability", "shift_length"},
            "lower min_hours_week of P1 from 24 to 16",
        ),
        "locks": (
            bench.plan(
                [bench.agent("P1")],
                locks=[lock(bench, "P1", 0, "14:00", 480), lock(bench, "P1", 1, "07:00", 480)],
                **usual,
            ),
            {"locked", "daily_rest"},
            "release the lock of Monday 2 November 14:00-22:00 of P1",
        ),
        "breaks": (
            bench.plan(
                [bench.agent("P1", min_hours_week=24)],
                **usual | {"contracts": {"any": bench.contract(**CONTRACT | {"break_tiers": ()})}},
            ),
            {"paid_time_week", "work_days_week", "break_required", "shift_length"},
            "lower min_hours_week of P1 from 24 to 20",
        ),
        "days": (
            bench.plan(
                [bench.agent("P1", min_hours_week=30)],
                **usual | {"contracts": {"any": bench.contract(**CONTRACT, work_days_max=3)}},
            ),
            {"paid_time_week", "work_days_week", "shift_length"},
            "lower min_hours_week of P1 from 30 to 24",
        ),
        "run": (
            bench.plan(
                [bench.agent("P1")],
                past_shifts=long,
                locks=[lock(bench, "P1", 0, "08:00", 480)],
                **usual,
            ),
            {"locked", "consecutive_work_days"},
            "release the lock of Monday 2 November 08:00-16:00 of P1",
        ),
    }


def refusal(bench, problem, days=7):
    """The error of a plan that somebody has no week in."""
    need = bench.need(problem.horizon(bench.MONDAY, days))
    with pytest.raises(InfeasibleError) as caught:
        require_legal_weeks(assemble(problem, need))
    return caught.value


def only_conflict(bench, problem, days=7):
    """The conflict of the only person without a week, proven, with ways out that were solved."""
    (conflict,) = find_conflicts(problem, problem.horizon(bench.MONDAY, days))
    assert conflict.is_irreducible
    assert conflict.relaxations
    costs = [one.cost for one in conflict.relaxations]
    assert costs == sorted(costs)
    return conflict


@pytest.mark.parametrize("name", ["hours", "locks", "breaks", "days", "run"])
def test_the_message_names_the_person_what_is_in_the_way_and_the_cheapest_way_out(bench, name):
    problem, rules, cheapest = stuck_plans(bench)[name]
    error = refusal(bench, problem)
    first, line, way_out, last = str(error).splitlines()
    assert first == "1 person has no legal week under the hard rules:"
    assert line.startswith("P1: no week has all of this: ")
    assert way_out == f"    Cheapest way out: {cheapest}."
    assert last.endswith("wfplan explain PLAN infeasible")
    assert {one["rule"] for one in error.conflicts[0]["members"]} == rules
    assert not {"[", "None"} & set(str(error).split())


@pytest.mark.parametrize("name", ["hours", "locks", "breaks", "days", "run"])
def test_with_the_cheapest_change_everybody_has_a_week(bench, name):
    problem, _, cheapest = stuck_plans(bench)[name]
    horizon = problem.horizon(bench.MONDAY, 7)
    relaxed, changes = relaxed_for_people(problem, horizon)
    assert [one.text for one in changes] == [cheapest]
    assert find_conflicts(relaxed, horizon) == ()
    require_legal_weeks(assemble(relaxed, bench.need(horizon)))


@pytest.mark.parametrize("name", ["hours", "locks", "breaks", "days", "run"])
def test_the_long_text_says_every_member_with_its_source_and_every_way_out(bench, name):
    problem, rules, cheapest = stuck_plans(bench)[name]
    conflict = only_conflict(bench, problem)
    text = long_text([conflict])
    assert "without any one of them there is one (proven, " in text
    for member in conflict.members:
        assert f"- {member.text} [{member.label}; {member.source}]" in text
    assert f"  1. {cheapest} [" in text
    assert {one.rule for one in conflict.members} == rules


def test_a_rest_that_gives_way_is_told_with_the_day_before_which_it_is_short(bench):
    problem, _, _ = stuck_plans(bench)["locks"]
    texts = [one.text for one in only_conflict(bench, problem).relaxations]
    assert "let daily_rest (plan) before Tuesday 3 November be 9 h instead of 11 h for P1" in texts


def test_a_run_that_began_in_the_history_is_told_with_its_shifts(bench):
    problem, _, _ = stuck_plans(bench)["run"]
    member = only_conflict(bench, problem).members[1]
    assert member.label == "consecutive_work_days_from_history"
    assert member.text == (
        "at most 6 working days in a row, after 6 shifts of the history, "
        "Tuesday 27 October to Sunday 1 November"
    )


def test_a_weekly_rest_that_locks_leave_no_room_for_is_named(bench):
    work = bench.contract(**CONTRACT | {"work_days_max": 7, "consecutive_days_max": 7})
    locks = [lock(bench, "P1", d, "08:00", 480) for d in range(7)]
    problem = bench.plan(
        [bench.agent("P1", max_hours_week=60)],
        contracts={"any": work},
        locks=locks,
        plan_rules=[r for r in bench.EU.rules if r.rule == "weekly_rest"],
    )
    conflict = only_conflict(bench, problem)
    assert {one.rule for one in conflict.members} == {"locked", "weekly_rest"}
    assert len(conflict.members) < 8  # not all of the locks are needed
    assert conflict.relaxations[0].text.startswith("release the lock of ")


def test_what_does_not_help_is_not_said_to_help(bench):
    """What is in the way here is the weekly rest: the daily rest is not named."""
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
    text = long_text([only_conflict(bench, problem)])
    assert "daily_rest" not in text
    assert "release the lock" in text


def test_two_conflicts_of_one_person_are_resolved_together(bench):
    """Locks too close to each other, and hours that do not fit: a change for each."""
    away = bench.agent("P1", availability=never(range(2, 7)), min_hours_week=24)
    problem = bench.plan(
        [away],
        contracts={"any": bench.contract(**CONTRACT)},
        locks=[lock(bench, "P1", 0, "14:00", 480), lock(bench, "P1", 1, "07:00", 480)],
        packs={"eu": bench.EU},
        site_packs=("eu",),
    )
    relaxed, (relaxation,) = relaxed_for_people(problem, problem.horizon(bench.MONDAY, 7))
    assert {one.rule for one in relaxation.changes} == {"locked", "paid_time_week"}
    assert find_conflicts(relaxed, problem.horizon(bench.MONDAY, 7)) == ()


def test_people_in_the_same_plight_share_a_line(bench):
    people = [bench.agent(f"P{i}", availability=never(range(7))) for i in range(23)]
    people = [p.model_copy(update={"min_hours_week": 10.0}) for p in people]
    error = refusal(bench, bench.plan(people))
    lines = str(error).splitlines()
    assert lines[0] == "23 people have no legal week under the hard rules:"
    assert len(lines) == 4  # for one reason
    assert lines[1].startswith("P0, P1, P2, ")
    assert " and 11 more: no week has all of this: " in lines[1]
    assert "lower min_hours_week of P0, P1, " in lines[2]
    assert [one["agent_ids"] for one in error.conflicts] == [[f"P{i}"] for i in range(23)]


def test_a_team_with_legal_weeks_passes_without_a_word(bench):
    rng = np.random.default_rng(3)
    problem, horizon = bench.random_plan(rng)
    require_legal_weeks(assemble(problem, bench.random_need(rng, problem, horizon)))
    assert find_conflicts(problem, horizon) == ()


def test_the_day_that_time_off_gives_back_is_the_least_that_is_enough(bench):
    off = TimeOff(start=bench.at(1, "00:00"), end=bench.at(4, "00:00"), is_paid=False)
    person = bench.agent("P1", time_off=(off,))
    problem = bench.plan(
        [person],
        contracts={"any": bench.contract(**CONTRACT)},
        locks=[lock(bench, "P1", 3, "08:00", 480)],
    )
    conflict = only_conflict(bench, problem)
    assert [one.label for one in conflict.members] == ["locked", "time_off"]
    assert [one.text for one in conflict.relaxations] == [
        "release the lock of Thursday 5 November 08:00-16:00 of P1",
        "withdraw Thursday 5 November from the time off of 3-5 November of P1",
        "withdraw the time off of 3-5 November of P1",
    ]


def test_the_week_that_cannot_hold_its_hours_is_named(bench):
    """Two weeks of 24 hours; the second leaves her two days of eight, the first has room."""
    locks = [lock(bench, "P1", day) for day in range(7, 12)]
    problem = bench.plan(
        [bench.agent("P1", min_hours_week=24)],
        contracts={"any": bench.contract(**CONTRACT)},
        locks=locks,
    )
    conflict = only_conflict(bench, problem, 14)
    hours = next(one for one in conflict.members if one.rule == "paid_time_week")
    assert hours.text == (
        "at least 24 h paid in the week from Monday 9 November (min_hours_week = 24)"
    )
    assert sum(one.text.startswith("the locked day off of ") for one in conflict.members) == 5


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


@pytest.mark.parametrize("name", FAMILIES)
def test_a_rule_that_bars_a_lock_is_named_beside_it(bench, name):
    values, about = FAMILIES[name]
    rows = [Availability(kind="avoid", weekday=0, start_min=0, end_min=1440)]
    person = bench.agent(
        "P1",
        contract_hours_week=about.get("hours", 40),
        min_hours_week=0,
        max_hours_week=40,
        availability=tuple(rows) if about.get("avoid") else (),
    )
    problem = bench.plan(
        [person],
        contracts={"any": bench.contract(start_window=(360, 1320))},
        locks=[lock(bench, "P1", *one) for one in about["locks"]],
        plan_rules=(RuleSetting(rule=name, **values),),
    )
    conflict = only_conflict(bench, problem)
    assert [one.rule for one in conflict.members] == ["locked"] * len(about["locks"]) + [name]
    assert conflict.relaxations[0].text.startswith("release the lock of Monday 2 November ")
    assert any(name in one.text for one in conflict.relaxations)


@pytest.mark.parametrize(
    ("rule", "cheapest"),
    [
        (
            RuleSetting(rule="shift_start_window", value=1, unit="count", window=(0, 60)),
            "lower min_hours_week of P1 from 8 to 0",
        ),
        (
            RuleSetting(rule="shift_stop_window", value=1, unit="count", window=(0, 60)),
            "lower min_hours_week of P1 from 8 to 0",
        ),
        (
            RuleSetting(rule="split_shift", value=1, unit="shifts", bound="least"),
            "let split_shift (plan) be 0 shifts instead of 1 shift for P1",
        ),
        (
            RuleSetting(rule="paid_time_period", value=38, unit="hours", bound="least"),
            "let paid_time_period (plan) be 37 h 30 min instead of 38 h for P1",
        ),
    ],
)
def test_rules_of_the_plan_s_own_windows_and_leasts_are_named(bench, rule, cheapest):
    problem = bench.plan([bench.agent("P1", min_hours_week=8)], plan_rules=(rule,))
    conflict = only_conflict(bench, problem)
    assert rule.rule in {one.rule for one in conflict.members}
    assert conflict.relaxations[0].text == cheapest


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
    barred, asked = {"paid_time_day", "risk_factor"}, {"paid_time_week", "work_days_week"}
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
    named = {one.rule for one in only_conflict(bench, problem).members}
    assert len(named & barred) == 1
    assert len(named & asked) == 1
    assert "daily_rest" not in named
