"""Tests for wfplan.rules.registry."""

from datetime import date
from pathlib import Path

import pytest

import wfplan.rules as rules
from wfplan.domain.problem import RulePack, RuleSetting
from wfplan.errors import InputError
from wfplan.rules.base import Rule
from wfplan.rules.person import Person
from wfplan.rules.registry import SETTABLE, check_settings, rules_of


def names(bench, **more):
    problem = bench.plan(**more)
    return [(rule.name, rule.hardness) for rule in rules_of(problem, problem.agents[0])]


def test_the_rules_of_a_contract_hold_without_any_pack(bench):
    own = {"work_days_week", "consecutive_work_days", "shift_start_window"}
    settable = set(SETTABLE) - own
    held = {name for name, _ in names(bench)}
    assert held == set(rules.RULES) - settable
    assert {"paid_time_week", "availability", "skill_validity", "readiness", "locked"} <= held


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
    assert rule.breaches is not Rule.breaches
    faces = ("tighten", "automaton", "prices", "requests")
    assert any(getattr(rule, face) is not getattr(Rule, face) for face in faces)


@pytest.mark.parametrize("name", sorted(set(SETTABLE) - set(rules.RULES)))
def test_a_rule_of_the_team_has_a_file_a_source_and_says_what_the_planner_does(name):
    rule = SETTABLE[name]
    module = __import__(rule.__module__, fromlist=["x"])
    assert Path(getsource_file(rule)).stem == name
    assert "Source: " in module.__doc__
    assert "planner's face" in " ".join(module.__doc__.split())
    assert rule.planner_face


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


RULES_IN_TIME = (
    "daily_rest", "weekly_rest", "paid_time_day", "paid_time_period", "night_work",
    "break_required", "break_time", "meal", "break_spacing", "contiguous_work",
    "continuous_contact_max", "paid_time_granularity", "overtime_max", "start_distance",
    "start_variance", "high_intensity_max", "overload_max", "split_gap", "hot_work_max",
    "development_min",
)  # fmt: skip
RULES_THAT_COUNT = {
    "work_days_week": "days",
    "consecutive_work_days": "days",
    "consecutive_days_off": "days",
    "days_off_period": "days",
    "day_off_after": "days",
    "day_off_before": "days",
    "promise_change_price": "days",
    "work_weekends_period": "weekends",
    "consecutive_work_weekends": "weekends",
    "shift_count_period": "shifts",
    "late_shifts_week": "shifts",
    "nights_week": "shifts",
    "nonstandard_shifts_max": "shifts",
    "quick_returns_28d": "returns",
    "optional_day": "days",
    "split_shift": "shifts",
    "seats_max": "seats",
    "time_off_limit": "people",
    "activity_concurrency": "people",
    "presence_min": "people",
    "escalation_presence_min": "people",
    "coverage_n_minus_k": "people",
    "changes_week_max": "changes",
}
OTHERS = {"complete_weekend", "rotation", "forbidden_sequence", "required_sequence", "risk_factor",
          "preference", "pairing", "cost_budget", "shift_start_window", "ranking",
          "shift_stop_window", "activity_time_min"}  # fmt: skip


def of(name, value, unit, **more):
    given = {"kinds": ("night", "early"), "weeks": 2}
    given |= {"of": {"optional_day": ("sat",), "start_variance": ("paid",)}.get(name, ("day",))}
    return SETTABLE[name].from_setting(
        RuleSetting(rule=name, value=value, unit=unit, **(given | more))
    )


def test_every_settable_rule_is_set_in_time_or_counts_or_says_otherwise():
    assert {*RULES_IN_TIME, *RULES_THAT_COUNT, *OTHERS} == set(SETTABLE)


@pytest.mark.parametrize("name", RULES_IN_TIME)
def test_settable_rules_read_hours_and_minutes_alike(name):
    assert of(name, 7.5, "hours") == of(name, 450, "min")
    assert of(name, 451, "min").strictness != of(name, 7.5, "hours").strictness
    with pytest.raises(InputError, match=rf"rule {name}: unit = 'days'"):
        of(name, 7, "days")


@pytest.mark.parametrize("name", RULES_THAT_COUNT)
def test_settable_rules_count_whole_things(name):
    unit = RULES_THAT_COUNT[name]
    assert of(name, 3, unit) == of(name, 3, unit.removesuffix("s"))
    assert of(name, 3, unit).strictness != of(name, 2, unit).strictness
    with pytest.raises(InputError, match=rf"rule {name}: unit = 'hours'.*"):
        of(name, 3, "hours")
    with pytest.raises(InputError, match=rf"rule {name}: value = 2.5"):
        of(name, 2.5, unit)


@pytest.mark.parametrize(
    ("name", "value", "unit", "more", "message"),
    [
        ("complete_weekend", 1, "weekends", {}, r"would allow half weekends\. Write 0"),
        ("rotation", 1, "days", {}, r"valid_from is not said"),
        ("rotation", 0, "days", {"valid_from": date(2026, 1, 5)}, r"value = 0 is no length"),
        ("rotation", 1, "hours", {"valid_from": date(2026, 1, 5)}, r"does not count days"),
        ("forbidden_sequence", 0, "count", {"kinds": ("late",)}, r"names too few kinds"),
        ("required_sequence", 0, "count", {"kinds": ()}, r"Name 2 or more"),
        ("day_off_after", 1, "days", {"kinds": ()}, r"Name 1 or more, such as 'night'"),
        ("risk_factor", 0, "count", {"kinds": (), "of": ()}, r"nothing that must not be given"),
        ("preference", 80, "percent", {}, r"unit = 'percent' is not a share"),
        ("preference", 80, "share", {}, r"value = 80 is not a share from 0 to 1"),
        ("pairing", 1, "together", {"of": ("A1",)}, r"is no pair"),
        ("pairing", 1, "days", {"of": ("A1", "A2")}, r"Write 'together' or 'apart'"),
        ("cost_budget", 0, "EUR", {}, r"value = 0 is not above 0"),
        ("activity_concurrency", 2, "people", {"of": ()}, r"of names no activity"),
        ("overload_max", 90, "min", {"of": ("accute",)}, r"did you mean 'acute'\?"),
        ("optional_day", 1, "days", {"of": ("saturday",)}, r"no weekday. Write one of mon, tue"),
        ("overtime_max", -1, "hours", {}, r"is not an amount of overtime"),
    ],
)
def test_a_parameter_that_means_nothing_is_named(name, value, unit, more, message):
    with pytest.raises(InputError, match=rf"rule {name}: .*{message}"):
        of(name, value, unit, **more)


@pytest.mark.parametrize(
    ("rule", "unit", "more", "message"),
    [
        (
            "day_off_after",
            "days",
            {"kinds": ("nigth",)},
            r"'nigth'.*did you mean 'night'",
        ),
        ("forbidden_sequence", "count", {"kinds": ("late", "of")}, r"kinds names 'of'"),
        ("nights_week", "shifts", {"scope": "site", "scope_value": "Crok"}, r"did you mean 'Cork'"),
        ("nights_week", "shifts", {"scope": "skill", "scope_value": "fax"}, r"There are voice\."),
        ("risk_factor", "count", {"of": ("vocie",)}, r"of names 'vocie'.*did you mean 'voice'"),
        ("pairing", "apart", {"of": ("A1", "B9")}, r"of names 'B9', which is not there"),
    ],
)
def test_names_that_a_setting_speaks_of_are_there(bench, rule, unit, more, message):
    setting = RuleSetting(rule=rule, value=1, unit=unit, **more)
    problem = bench.plan(people=[bench.agent(site="Cork")], rules=[setting])
    with pytest.raises(InputError, match=rf"rule {rule}: .*{message}"):
        check_settings(problem)
    if "kinds" in more:
        with pytest.raises(InputError, match=message):
            bench.limits_of(problem)


def test_a_kind_of_a_contract_is_a_name_to_speak_of(bench):
    work = bench.contract(kinds=({"name": "twilight", "starts": (960, 1080)},))
    setting = RuleSetting(rule="shift_count_period", value=1, unit="shifts", kinds=("twilight",))
    problem = bench.plan(work=work, rules=[setting])
    check_settings(problem)
    (rule,) = [r for r in rules_of(problem, problem.agents[0]) if r.name == "shift_count_period"]
    shifts = [(0, "16:00", 240), (1, "18:00", 240), (2, "18:15", 240)]
    assert bench.amounts(rule, *shifts, problem=problem) == [1]


@pytest.mark.parametrize("name", ["off", "work", "any"])
def test_a_kind_cannot_be_called_what_means_a_day(bench, name):
    with pytest.raises(ValueError, match=rf"'{name}' means a day, not a kind of shift"):
        bench.contract(kinds=({"name": name},))


def test_limits_know_what_was_published(bench):
    setting = RuleSetting(
        rule="promise_change_price", value=14, unit="days", hardness="soft", weight=2
    )
    problem = bench.plan(rules=[setting])
    agent, horizon = problem.agents[0], problem.horizon(bench.MONDAY)
    assert rules.work_limits(problem, agent, horizon).prices == ()
    span = (bench.wall(0, "08:00"), bench.wall(0, "16:00"))
    known = Person.of(problem, agent, horizon, published={bench.MONDAY: span})
    (prices,) = rules.work_limits(problem, agent, horizon, known).prices
    assert (prices.of_day_off(0), prices.of_day_off(1)) == (16.0, 0.0)


def test_a_rule_holds_for_the_people_of_its_scope(bench):
    def held(**scope):
        setting = RuleSetting(rule="nights_week", value=2, unit="shifts", **scope)
        person = bench.agent(site="Cork", team="red", contract_type="any")
        return ("nights_week", "hard") in names(bench, people=[person], rules=[setting])

    assert held()
    for scope, value in (
        ("site", "Cork"),
        ("team", "red"),
        ("contract", "any"),
        ("skill", "voice"),
        ("agent", "A1"),
    ):
        assert held(scope=scope, scope_value=value)
        assert not held(scope=scope, scope_value="other")


def test_a_rule_holds_for_horizons_that_have_a_date_of_its_validity(bench):
    setting = RuleSetting(
        rule="daily_rest",
        value=12,
        unit="hours",
        valid_from=date(2026, 11, 8),
        valid_to=date(2026, 11, 15),
    )
    problem = bench.plan(rules=[setting])
    for monday, rest in ((date(2026, 11, 2), 720), (date(2026, 11, 9), 720),
                         (date(2026, 10, 26), 0), (date(2026, 11, 16), 0)):  # fmt: skip
        assert bench.limits_of(problem, monday=monday).daily_rest_min == rest
        dates = problem.horizon(monday).dates
        held = {rule.name for rule in rules_of(problem, problem.agents[0], dates)}
        assert ("daily_rest" in held) == (rest > 0)


def test_rules_about_other_things_do_not_drive_each_other_out(bench):
    both = [
        RuleSetting(rule="break_time", value=30, unit="min", over_h=6),
        RuleSetting(rule="break_time", value=45, unit="min", over_h=9),
        RuleSetting(rule="break_time", value=40, unit="min", over_h=9),
        RuleSetting(rule="shift_count_period", value=2, unit="shifts", kinds=("late",)),
        RuleSetting(rule="shift_count_period", value=1, unit="shifts", kinds=("night",)),
    ]
    problem = bench.plan(rules=both)
    held = rules_of(problem, problem.agents[0])
    assert [(r.least_min, r.over_min) for r in held if r.name == "break_time"] == [
        (30, 360),
        (45, 540),
    ]
    assert [r.kinds for r in held if r.name == "shift_count_period"] == [("late",), ("night",)]


def test_limits_carry_automata_and_prices_of_hard_and_soft_rules(bench):
    settings = [
        RuleSetting(rule="nights_week", value=2, unit="shifts"),
        RuleSetting(rule="complete_weekend", value=0, unit="count", hardness="soft", weight=4),
        RuleSetting(rule="risk_factor", value=0, unit="count", kinds=("night",)),
        RuleSetting(rule="start_distance", value=22, unit="hours", hardness="soft", weight=2),
    ]
    limits = bench.limits_of(bench.plan(rules=settings))
    assert [one.rule for one in limits.automata] == ["nights_week", "complete_weekend"]
    assert len(limits.prices) == 1
    (gap,) = limits.gap_prices
    assert (gap.is_from_start, gap.of(21 * 60), gap.of(22 * 60)) == (True, 2.0, 0.0)


def test_dates_are_those_of_the_agent_s_own_zone(bench):
    problem = bench.plan(people=[bench.agent(timezone="Asia/Tokyo")])
    limits = bench.limits_of(problem)
    assert limits.dates == tuple(date(2026, 11, day) for day in range(2, 9))
    week = bench.week((0, "01:00", 480), problem=problem)
    assert (week.duties[0].day, week.duties[0].minute) == (date(2026, 11, 2), 60)
