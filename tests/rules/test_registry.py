"""Tests for wfplan.rules.registry."""

from datetime import date
from pathlib import Path

import pytest

import wfplan.rules as rules
from wfplan.domain.problem import RulePack, RuleSetting
from wfplan.errors import InputError
from wfplan.rules.base import Rule
from wfplan.rules.registry import SETTABLE, rules_of


def names(bench, **more):
    problem = bench.plan(**more)
    return [(rule.name, rule.hardness) for rule in rules_of(problem, problem.agents[0])]


def test_the_rules_of_a_contract_hold_without_any_pack(bench):
    assert {name for name, _ in names(bench)} == set(rules.RULES) - {
        "shift_stop_window",
        "paid_time_day",
        "daily_rest",
        "weekly_rest",
        "paid_time_period",
        "night_work",
        "break_required",
    }


def test_a_pack_of_the_site_and_one_of_the_person_hold_together(bench):
    own = RulePack(id="own", version="1", rules=bench.settings(daily_rest=12, weekly_rest=24))
    problem = bench.plan(people=[bench.agent(rule_pack="own")], packs=[bench.EU])
    problem = problem.model_copy(update={"packs": {"eu": bench.EU, "own": own}})
    limits = bench.limits_of(problem)
    assert (limits.daily_rest_min, limits.weekly_rest_min) == (720, 2100)
    assert limits.paid_night_shift_max == 480


def test_a_soft_value_beyond_the_hard_one_is_audited_and_not_planned(bench):
    soft = RuleSetting(rule="daily_rest", value=14, unit="hours", hardness="soft")
    problem = bench.plan(packs=[bench.EU], rules=[soft])
    found = [r for r in rules_of(problem, problem.agents[0]) if r.name == "daily_rest"]
    assert sorted((r.hardness, r.rest_min) for r in found) == [("hard", 660), ("soft", 840)]
    assert bench.limits_of(problem).daily_rest_min == 660
    weaker = soft.model_copy(update={"value": 9.0})
    assert names(bench, packs=[bench.EU], rules=[weaker]).count(("daily_rest", "soft")) == 0


def test_the_source_of_a_value_goes_with_it(bench):
    strict = RuleSetting(rule="daily_rest", value=12, unit="h", source="works agreement 4")
    problem = bench.plan(packs=[bench.EU], rules=[strict])
    (rule,) = [r for r in rules_of(problem, problem.agents[0]) if r.name == "daily_rest"]
    assert (rule.rest_min, rule.source) == (720, "works agreement 4")


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        (
            "daily_rst",
            r"rule 'daily_rst' has no value that can be set. did you mean 'daily_rest'\?",
        ),
        ("locked", r"rule 'locked' has no value that can be set. .*"),
    ],
)
def test_a_setting_of_no_rule_is_refused(bench, setting, message):
    problem = bench.plan(rules=[RuleSetting(rule=setting, value=11, unit="hours")])
    with pytest.raises(InputError, match=message):
        bench.limits_of(problem)


def test_an_unknown_pack_is_refused_with_the_ones_there_are(bench):
    problem = bench.plan(people=[bench.agent(rule_pack="eu2")], packs=[bench.EU])
    with pytest.raises(InputError, match=r"agent A1: rule pack 'eu2' .*\(eu\)\. did you mean 'eu'"):
        bench.limits_of(problem)


def test_the_order_of_the_rules_does_not_change_the_limits(bench):
    settings = bench.settings(daily_rest=12, weekly_rest=36, break_required=5, paid_time_day=9)
    one = bench.limits_of(bench.plan(packs=[bench.EU], rules=settings))
    other = bench.limits_of(bench.plan(packs=[bench.EU], rules=settings[::-1]))
    assert one == other


@pytest.mark.parametrize("name", sorted(rules.RULES))
def test_a_rule_has_a_file_of_its_name_both_faces_and_a_source(name):
    rule = rules.RULES[name]
    assert issubclass(rule, Rule)
    assert Path(getsource_file(rule)).stem == name
    module = __import__(rule.__module__, fromlist=["x"])
    assert "Source: " in module.__doc__
    assert {"breaches", "tighten"} <= vars(rule).keys()


def getsource_file(rule):
    return __import__(rule.__module__, fromlist=["x"]).__file__


def test_the_auditor_s_view_knows_nothing_of_the_planner_s():
    import wfplan.rules.team_week as team
    import wfplan.rules.week as week

    for module in (week, team):
        source = Path(module.__file__).read_text(encoding="utf-8")
        assert "wfplan.rules.person" not in source.split('"""', 2)[-1]
        assert "wfplan.rules.limits" not in source
        assert "wfplan.scheduling" not in source


def test_settable_rules_read_hours_and_minutes_alike():
    for name, rule in SETTABLE.items():
        if name in ("work_days_week", "consecutive_work_days"):
            continue
        hours = rule.from_setting(RuleSetting(rule=name, value=7.5, unit="hours"))
        minutes = rule.from_setting(RuleSetting(rule=name, value=450, unit="min"))
        assert hours == minutes
        stricter = rule.from_setting(RuleSetting(rule=name, value=451, unit="min"))
        assert stricter.strictness != hours.strictness


def test_dates_are_those_of_the_agent_s_own_zone(bench):
    problem = bench.plan(people=[bench.agent(timezone="Asia/Tokyo")])
    limits = bench.limits_of(problem)
    assert limits.dates == tuple(date(2026, 11, day) for day in range(2, 9))
    week = bench.week((0, "01:00", 480), problem=problem)
    assert (week.duties[0].day, week.duties[0].minute) == (date(2026, 11, 2), 60)
