"""Activities in a finished schedule: who has them as asked, together, led and in a room."""

from datetime import timedelta

import pytest

from wfplan.domain.activities import ActivityRequest
from wfplan.domain.people import TimeOff
from wfplan.domain.schedule import Activity, ActivityCategory
from wfplan.rules import ActivityPlacement, AgentWeek, TeamRoster, asked_for
from wfplan.rules.activity_concurrency import ActivityConcurrency
from wfplan.rules.contiguous_work import ContiguousWork
from wfplan.rules.continuous_contact_max import ContinuousContactMax

TRAINING = ActivityCategory.TRAINING
PEOPLE = ("A1", "A2", "A3", "T1", "T2")


def asked(bench, **more):
    """Training of an hour for A1 and A2, on Monday from 8 to 12."""
    what = {
        "activity_id": "safety", "code": "TRAINING", "category": TRAINING,
        "agent_ids": ("A1", "A2"), "minutes": 60, "earliest": bench.wall(0, "08:00"),
        "latest": bench.wall(0, "12:00"), "is_together": True,
    }  # fmt: skip
    return ActivityRequest(**(what | more))


def shift_with(bench, agent_id, *stretches, monday=None):
    """A shift from 8 to 16 on each day of the stretches (day, from, minutes, activity)."""
    monday = monday or bench.MONDAY
    shifts = []
    for day in sorted({stretch[0] for stretch in stretches}):
        begin = bench.wall(day, "08:00", monday=monday)
        end, at, parts = begin + timedelta(hours=8), begin, []
        for _, clock, minutes, name, *kind in [s for s in stretches if s[0] == day]:
            first = bench.wall(day, clock, monday=monday)
            last = first + timedelta(minutes=minutes)
            parts += _work(at, first)
            category = kind[0] if kind else TRAINING
            parts.append(Activity(code="TRAINING", category=category, is_paid=True, start=first,
                                  end=last, activity_id=name))  # fmt: skip
            at = last
        parts += _work(at, end)
        shift = bench.make_shift((day, "08:00", 480), agent_id=agent_id, monday=monday)
        shifts.append(shift.model_copy(update={"activities": tuple(parts)}))
    return shifts


def _work(begin, end):
    if end <= begin:
        return []
    return [Activity(code="ON_QUEUE", category="work", is_paid=True, start=begin, end=end)]


@pytest.fixture
def found(bench):
    """A function: what is wrong with the stretches of each person, as (hours, agent, why)."""

    def find(requests, monday=None, **stretches):
        monday = monday or bench.MONDAY
        problem = bench.plan(
            people=[bench.agent(name) for name in PEOPLE], activities=tuple(requests)
        )
        shifts = [
            shift
            for name, own in stretches.items()
            for shift in shift_with(bench, name, *own, monday=monday)
        ]
        horizon = problem.horizon(monday)
        roster = TeamRoster.of(problem, horizon, shifts)
        breaches = ActivityPlacement().team_breaches(roster, asked_for(problem, horizon))
        assert all((b.rule, b.unit) == ("activity_placement", "staff_h") for b in breaches)
        return [(b.amount, b.agent_id, b.why.split(": ", 2)[2]) for b in breaches]

    return find


NINE = (0, "09:00", 60, "safety")


def test_an_activity_that_is_given_as_asked_breaks_nothing(bench, found):
    assert found([asked(bench)], A1=[NINE], A2=[NINE]) == []


def test_what_a_person_lacks_is_counted_in_person_hours(bench, found):
    assert found([asked(bench)], A1=[NINE]) == [
        (1.0, "A2", "A2 has 0 min of 1 h (activities table).")
    ]
    missing = found([asked(bench)])
    assert [(hours, who) for hours, who, _ in missing] == [(1.0, "A1"), (1.0, "A2")]


def test_the_breach_names_the_activity_and_is_as_hard_as_it(bench):
    one = asked(bench, hardness="soft")
    problem = bench.plan(people=[bench.agent("A1"), bench.agent("A2")], activities=(one,))
    roster = TeamRoster.of(problem, problem.horizon(bench.MONDAY), [])
    found = ActivityPlacement().team_breaches(roster, (one,))
    assert {b.hardness for b in found} == {"soft"}
    assert found[0].why == (
        "activity_placement: TRAINING 'safety' from Monday 2026-11-02 08:00: "
        "A1 has 0 min of 1 h (activities table)."
    )


@pytest.mark.parametrize(("clock", "is_fine"), [("11:00", True), ("11:15", False),
                                                ("08:00", True)])  # fmt: skip
def test_a_session_ends_inside_the_window(bench, found, clock, is_fine):
    there = (0, clock, 60, "safety")
    wrong = found([asked(bench, agent_ids=("A1",))], A1=[there])
    assert [hours for hours, _, _ in wrong] == ([] if is_fine else [1.0, 1.0])


def test_the_hours_of_the_day_narrow_the_window(bench, found):
    late = asked(bench, agent_ids=("A1",), latest=bench.wall(2, "00:00"), hours=((600, 720),))
    assert found([late], A1=[(1, "10:00", 60, "safety")]) == []
    assert [h for h, _, _ in found([late], A1=[(1, "09:45", 60, "safety")])] == [1.0, 1.0]


def test_more_minutes_than_asked_are_too_many(bench, found):
    ((hours, _, why),) = found([asked(bench, agent_ids=("A1",))], A1=[(0, "09:00", 90, "safety")])
    assert hours == 0.5
    assert "1 h 30 min where 1 h do" in why


def test_who_was_not_asked_is_in_nobody_s_session(bench, found):
    ((hours, who, why),) = found([asked(bench)], A1=[NINE], A2=[NINE], A3=[NINE])
    assert (hours, who) == (1.0, "A3")
    assert "was not asked" in why


def test_people_together_share_the_session_from_start_to_end(bench, found):
    ((hours, _, why),) = found([asked(bench)], A1=[NINE], A2=[(0, "09:15", 60, "safety")])
    assert hours == 1.0
    assert "A2 are not with the others, who meet from Monday 2026-11-02 09:00" in why


def test_groups_may_meet_at_different_times_and_a_larger_one_at_once_is_two(bench, found):
    groups = asked(bench, agent_ids=("A1", "A2", "A3"), group_max=2)
    two = {"A1": [NINE], "A2": [NINE]}
    assert found([groups], **two, A3=[(0, "10:00", 60, "safety")]) == []
    assert found([groups], **two, A3=[NINE]) == []  # nobody leads them, and there is no room
    led = groups.model_copy(update={"facilitators": ("T1", "T2")})
    assert len(found([led], **two, A3=[NINE], T1=[NINE])) == 1
    assert found([led], **two, A3=[NINE], T1=[NINE], T2=[NINE]) == []
    ((hours, _, why),) = found(
        [groups.model_copy(update={"room": "B"})], **two, A3=[NINE]
    )  # fmt: skip
    assert hours == 1.0
    assert "the room B is still taken by 'safety'" in why


def test_pieces_are_long_enough_or_do_not_count(bench, found):
    parts = asked(bench, agent_ids=("A1",), is_together=False, piece_min=30)
    halves = [(0, "09:00", 30, "safety"), (0, "11:00", 30, "safety")]
    assert found([parts], A1=halves) == []
    three = [(0, "09:00", 30, "safety"), (0, "10:00", 15, "safety"), (0, "11:00", 15, "safety")]
    ((hours, _, why),) = found([parts], A1=three)
    assert hours == 0.5
    assert "and 30 min in pieces that are too short" in why
    whole = parts.model_copy(update={"piece_min": 0})
    assert [h for h, _, _ in found([whole], A1=halves)] == [1.0]
    touching = [(0, "09:00", 30, "safety"), (0, "09:30", 30, "safety")]
    assert found([whole], A1=touching) == []


def test_a_facilitator_leads_each_session_and_one_at_a_time(bench, found):
    coaching = asked(bench, is_together=False, facilitators=("T1",), minutes=30)
    first, second = (0, "09:00", 30, "safety"), (0, "09:30", 30, "safety")
    led = [(0, "09:00", 60, "safety")]
    assert found([coaching], A1=[first], A2=[second], T1=led) == []
    ((hours, _, why),) = found([coaching], A1=[first], A2=[first], T1=led)
    assert hours == 0.5
    assert "none of T1 is in the session of A2" in why
    late = [(0, "09:00", 45, "safety")]
    assert [h for h, _, _ in found([coaching], A1=[first], A2=[second], T1=late)] == [0.5]


def test_a_room_holds_one_session_at_a_time_whoever_asked(bench, found):
    one = asked(bench, agent_ids=("A1",), room="B")
    other = asked(bench, activity_id="team", agent_ids=("A2",), room="B")
    assert found([one, other], A1=[NINE], A2=[(0, "10:00", 60, "team")]) == []
    ((hours, _, why),) = found([one, other], A1=[NINE], A2=[(0, "09:45", 60, "team")])
    assert hours == 0.25
    assert "the room B is still taken by 'safety'" in why
    elsewhere = other.model_copy(update={"room": "C"})
    assert found([one, elsewhere], A1=[NINE], A2=[(0, "09:45", 60, "team")]) == []


def test_a_break_that_bears_the_name_is_no_session(bench, found):
    pause = (0, "09:00", 60, "safety", ActivityCategory.BREAK)
    assert [h for h, _, _ in found([asked(bench)], A1=[NINE], A2=[pause])] == [1.0]


@pytest.mark.parametrize("monday", ["SPRING", "AUTUMN"])
def test_on_the_day_of_a_clock_change_hours_are_those_of_the_clock(bench, found, monday):
    monday = getattr(bench, monday)
    first, last = (bench.wall(day, "00:00", monday=monday) for day in (6, 7))
    one = asked(bench, agent_ids=("A1",), hours=((540, 660),), earliest=first, latest=last)
    assert found([one], monday, A1=[(6, "10:00", 60, "safety")]) == []
    assert len(found([one], monday, A1=[(6, "10:15", 60, "safety")])) == 2


def test_who_is_away_for_all_of_it_is_asked_nothing(bench):
    off = TimeOff(start=bench.wall(0, "00:00"), end=bench.wall(1, "00:00"))
    part = TimeOff(start=bench.wall(0, "08:00"), end=bench.wall(0, "11:00"))
    team = [bench.agent("A1", time_off=(off,)), bench.agent("A2", time_off=(part,))]
    problem = bench.plan(people=team, activities=(asked(bench),))
    (one,) = asked_for(problem, problem.horizon(bench.MONDAY))
    assert one.agent_ids == ("A2",)


def test_an_activity_that_nobody_can_lead_falls_away(bench):
    led = asked(bench, facilitators=("T1",))
    problem = bench.plan(people=[bench.agent("A1"), bench.agent("A2")], activities=(led,))
    assert asked_for(problem, problem.horizon(bench.MONDAY)) == ()


def test_concurrency_counts_the_people_in_sessions(bench):
    shifts = [s for name in PEOPLE[:3] for s in shift_with(bench, name, NINE)]
    problem = bench.plan(people=[bench.agent(name) for name in PEOPLE])
    roster = TeamRoster.of(problem, problem.horizon(bench.MONDAY), shifts)
    (found,) = ActivityConcurrency(most=2, codes=("training",)).team_breaches(roster)
    assert found.amount == 1.0
    assert not ActivityConcurrency(most=3, codes=("TRAINING",)).team_breaches(roster)


def test_a_session_is_work_without_contacts_for_the_rules_of_breaks(bench):
    """It ends the time on queue at a stretch, and is no break."""
    (shift,) = shift_with(bench, "A1", (0, "11:00", 60, "safety"))
    problem = bench.plan()
    week = AgentWeek.of(problem, problem.agents[0], problem.horizon(bench.MONDAY), [shift])
    assert ContinuousContactMax(most_min=240).breaches(week) == []
    assert [b.amount for b in ContinuousContactMax(most_min=225).breaches(week)] == [15.0]
    assert [b.amount for b in ContiguousWork(minutes=450).breaches(week)] == [30.0]
