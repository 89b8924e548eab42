"""Time for development: what a finished week lacks, and what the planner is asked to place."""

from datetime import date, timedelta

import pytest

from wfplan.domain.activities import ActivityRequest
from wfplan.domain.people import Skill, TimeOff
from wfplan.domain.problem import RulePack, RuleSetting
from wfplan.domain.schedule import Activity, ActivityCategory
from wfplan.errors import InputError
from wfplan.rules import AgentWeek, requests_of
from wfplan.rules.development_min import DevelopmentMin

DAY = (0, "08:00", 480)


def setting(value=60, unit="minutes", **more):
    return RuleSetting(rule="development_min", value=value, unit=unit, **more)


def given(bench, *stretches, specs=(DAY,), problem=None, monday=None, days=7, code="DEVELOPMENT"):
    """A week of shifts with stretches (day, from, minutes) of development cut out of them."""
    monday = monday or bench.MONDAY
    problem = problem or bench.plan()
    shifts = []
    for spec in specs:
        shift = bench.make_shift(spec, monday=monday)
        for day, clock, minutes in stretches:
            begin = bench.wall(day, clock, monday=monday)
            if shift.start <= begin < shift.end:
                shift = cut(shift, begin, begin + timedelta(minutes=minutes), code)
        shifts.append(shift)
    return AgentWeek.of(problem, problem.agents[0], problem.horizon(monday, days), shifts)


def cut(shift, begin, end, code):
    """The shift with an off-queue activity in its only stretch that holds it."""
    parts = []
    for part in shift.activities:
        if not part.start <= begin < part.end:
            parts.append(part)
            continue
        middle = Activity(code=code, category=ActivityCategory.OFF_QUEUE, is_paid=True,
                          start=begin, end=end)  # fmt: skip
        edges = [part.model_copy(update={"end": begin}), middle,
                 part.model_copy(update={"start": end})]  # fmt: skip
        parts += [one for one in edges if one.start < one.end]
    return shift.model_copy(update={"activities": tuple(parts)})


@pytest.mark.parametrize(
    ("stretches", "missing"),
    [
        ([], [60]),
        ([(0, "09:00", 45)], [15]),
        ([(0, "09:00", 60)], []),  # exactly
        ([(0, "09:00", 30), (0, "14:00", 30)], []),  # in two pieces
        ([(0, "09:00", 90)], []),
    ],
)
def test_what_is_missing_in_a_week_is_counted_in_minutes(bench, stretches, missing):
    found = DevelopmentMin(minutes=60).breaches(given(bench, *stretches))
    assert [b.amount for b in found] == missing
    assert all(b.unit == "min" and b.hardness == "hard" for b in found)


def test_the_breach_says_who_what_is_there_and_what_is_asked(bench):
    (found,) = DevelopmentMin(minutes=60).breaches(given(bench, (0, "09:00", 45)))
    assert found.why == (
        "development_min: agent A1 has 45 min for development in the 7 days from "
        "Monday 2026-11-02, 15 min less than the least of 1 h (contract)."
    )


def test_shorter_parts_than_asked_do_not_count(bench):
    week = given(bench, (0, "09:00", 30), (0, "14:00", 30))
    assert DevelopmentMin(minutes=60, part_min=30).breaches(week) == []
    (found,) = DevelopmentMin(minutes=60, part_min=45).breaches(week)
    assert found.amount == 60


def test_other_off_queue_work_is_no_development(bench):
    week = given(bench, (0, "09:00", 60), code="PROJECT")
    assert [b.amount for b in DevelopmentMin(minutes=60).breaches(week)] == [60]


def test_each_planning_week_owes_its_own(bench):
    week = given(bench, (0, "09:00", 120), specs=(DAY, (7, "08:00", 480)), days=14)
    (found,) = DevelopmentMin(minutes=60).breaches(week)
    assert found.at == bench.wall(7, "00:00")


def test_a_stretch_after_midnight_belongs_to_the_week_in_which_it_lies(bench):
    night = (6, "22:00", 480)
    week = given(bench, (7, "01:00", 60), specs=(night, (7, "14:00", 480)), days=14)
    assert [b.at for b in DevelopmentMin(minutes=60).breaches(week)] == [bench.wall(0, "00:00")]


def test_a_week_without_a_shift_owes_nothing(bench):
    assert DevelopmentMin(minutes=60).breaches(given(bench, specs=())) == []


def away(bench, first, last):
    return TimeOff(start=bench.wall(first, "00:00"), end=bench.wall(last, "24:00"))


def test_each_date_off_takes_a_seventh(bench):
    problem = bench.plan(people=[bench.agent(time_off=(away(bench, 1, 3),))], rules=[setting(70)])
    (found,) = DevelopmentMin(minutes=70).breaches(given(bench, problem=problem))
    assert found.amount == pytest.approx(40)
    assert "development_min_from_time_off" in found.why
    (request,) = requests_of(problem, problem.horizon(bench.MONDAY))
    assert request.minutes == 45  # 40 in slots of 15


@pytest.mark.parametrize("monday", ["MONDAY", "SPRING", "AUTUMN"])
def test_the_planner_is_asked_for_what_each_person_s_week_owes(bench, monday):
    monday = getattr(bench, monday)
    problem = bench.plan(
        people=[bench.agent("A1"), bench.agent("A2", team="red")],
        rules=[setting(90, hardness="soft", weight=7, scope="team", scope_value="red")],
    )
    (request,) = requests_of(problem, problem.horizon(monday))
    assert (request.agent_ids, request.code, request.minutes) == (("A2",), "DEVELOPMENT", 90)
    assert (request.hardness, request.weight, request.piece_min) == ("soft", 7, 30)
    assert request.earliest == bench.wall(0, "00:00", monday=monday)
    assert request.latest == bench.wall(7, "00:00", monday=monday)


def test_every_person_and_week_has_a_request_of_her_own(bench):
    problem = bench.plan(people=[bench.agent("A1"), bench.agent("A2")], rules=[setting()])
    requests = requests_of(problem, problem.horizon(bench.MONDAY, 14))
    assert len({one.activity_id for one in requests}) == len(requests) == 4


def test_a_pack_of_one_person_asks_for_her_alone(bench):
    own = RulePack(id="own", version="1", rules=(setting(),))
    problem = bench.plan(people=[bench.agent("A1", rule_pack="own"), bench.agent("A2")])
    problem = problem.model_copy(update={"packs": {"own": own}})
    requests = requests_of(problem, problem.horizon(bench.MONDAY))
    assert [one.agent_ids for one in requests] == [("A1",)]


def test_who_cannot_work_at_all_is_asked_nothing(bench):
    idle = bench.agent(skills=(Skill(skill="voice", valid_from=date(2027, 1, 1)),))
    off = bench.agent("A2", time_off=(away(bench, 0, 6),))
    problem = bench.plan(people=[idle, off], rules=[setting()])
    assert requests_of(problem, problem.horizon(bench.MONDAY)) == ()


def asked(bench, **more):
    what = {
        "activity_id": "dev", "code": "DEVELOPMENT", "category": ActivityCategory.OFF_QUEUE,
        "agent_ids": ("A1",), "minutes": 45, "earliest": bench.wall(1, "08:00"),
        "latest": bench.wall(2, "18:00"),
    }  # fmt: skip
    return ActivityRequest(**(what | more))


def test_development_asked_for_by_name_is_part_of_what_is_owed(bench):
    problem = bench.plan(rules=[setting()], activities=(asked(bench),))
    named, rest = requests_of(problem, problem.horizon(bench.MONDAY))
    assert (named.minutes, rest.minutes) == (45, 15)
    whole = problem.model_copy(update={"activities": (asked(bench, minutes=60),)})
    assert len(requests_of(whole, whole.horizon(bench.MONDAY))) == 1
    wished = problem.model_copy(update={"activities": (asked(bench, hardness="soft"),)})
    assert [one.minutes for one in requests_of(wished, wished.horizon(bench.MONDAY))] == [45, 60]


def test_a_soft_rule_asks_for_what_the_hard_one_leaves(bench):
    problem = bench.plan(rules=[setting(), setting(90, hardness="soft")])
    requests = requests_of(problem, problem.horizon(bench.MONDAY))
    assert [(one.minutes, one.hardness) for one in requests] == [(60, "hard"), (30, "soft")]


def test_an_activity_is_planned_as_far_as_its_window_lies_in_the_horizon(bench):
    inside = asked(bench)
    before = asked(bench, earliest=bench.wall(-3, "08:00"))
    beyond = asked(bench, latest=bench.wall(9, "18:00"))
    gone = asked(bench, earliest=bench.wall(-3, "08:00"), latest=bench.wall(0, "00:30"))
    problem = bench.plan(activities=(inside, before, beyond, gone))
    horizon = problem.horizon(bench.MONDAY)
    same, cut_off, waiting = requests_of(problem, horizon)
    assert same == inside
    assert (cut_off.earliest, cut_off.hardness) == (horizon.start, "hard")
    assert (waiting.latest, waiting.hardness) == (horizon.end, "soft")


def test_more_than_a_day_s_worth_is_a_wrong_unit(bench):
    with pytest.raises(InputError, match=r"value = 60 hours a week is more .* Is the unit right"):
        DevelopmentMin.from_setting(setting(60, "hours"))
