"""The table of activities: what it says, and every fault of it."""

from datetime import UTC, datetime, timedelta

import pytest

from wfplan.errors import InputFaultsError
from wfplan.intake import load_plan
from wfplan.rules import asked_for

HEAD = (
    "activity_id,code,category,who,minutes,start,earliest,latest,hours,attend,group_max,piece_min,"
    "facilitators,room,hardness,weight\n"
)
COLUMNS = HEAD.strip().split(",")
SAFETY = {
    "activity_id": "safety", "category": "training", "who": "A001; A002; A003", "minutes": "60",
    "earliest": "2026-03-02", "latest": "2026-03-06",
}  # fmt: skip


def row(**more):
    """A line of the table, like the training of safety but for some cells."""
    cells = dict.fromkeys(COLUMNS, "") | SAFETY | more
    return ",".join(f'"{cells[column]}"' if cells[column] else "" for column in COLUMNS) + "\n"


@pytest.fixture
def plan(plan_folder):
    """A function that loads a plan with some activities, in a plan that may be changed."""

    def load(*rows, change=lambda text: text):
        folder = plan_folder()
        (folder / "activities.csv").write_text(HEAD + "".join(rows), encoding="utf-8")
        text = (folder / "plan.toml").read_text(encoding="utf-8")
        text = text.replace("[inputs]", '[inputs]\nactivities = "activities.csv"', 1)
        (folder / "plan.toml").write_text(change(text), encoding="utf-8")
        return load_plan(folder)

    return load


def faults(plan, *rows):
    """Line, column and text of every fault of the activities."""
    with pytest.raises(InputFaultsError) as caught:
        plan(*rows)
    assert {fault.file for fault in caught.value.faults} == {"activities.csv"}
    return [(fault.line, fault.column, f"{fault.reason} {fault.hint}") for fault in
            caught.value.faults]  # fmt: skip


def warnings(problem):
    return [w for w in problem.warnings if w.file == "activities.csv"]


def at(day, hour, minute=0):
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def test_a_row_is_an_activity_with_its_window_as_instants(plan):
    (one,) = plan(row(room="Room 1", weight="7", hardness="soft")).activities
    assert (one.activity_id, one.code, one.category, one.minutes) == (
        "safety", "TRAINING", "training", 60,
    )  # fmt: skip
    assert one.agent_ids == ("A001", "A002", "A003")
    assert (one.earliest, one.latest) == (at(2, 0), at(7, 0))  # the last date included
    assert (one.is_together, one.hardness, one.weight, one.room) == (True, "soft", 7, "Room 1")


def test_a_start_settles_when_it_is(plan):
    (one,) = plan(row(start="2026-03-03T10:00", earliest="", latest="")).activities
    assert one.is_fixed
    assert (one.earliest, one.latest) == (at(3, 10), at(3, 11))


def test_a_window_may_be_one_date_or_moments_and_narrowed_to_hours(plan):
    first, second = plan(
        row(latest=""),
        row(activity_id="b", earliest="2026-03-03T09:00", latest="2026-03-03T12:00",
            hours="08:00-10:00, 11:00-13:00"),
    ).activities  # fmt: skip
    assert first.latest == at(3, 0)
    assert second.spans("Europe/Dublin") == ((at(3, 9), at(3, 10)), (at(3, 11), at(3, 12)))


def test_off_queue_work_is_each_person_s_own_in_pieces(plan):
    (one,) = plan(
        row(category="off_queue", code="DEVELOPMENT", minutes="90", piece_min="30")
    ).activities
    assert (one.is_together, one.piece_min, one.code) == (False, 30, "DEVELOPMENT")


def test_coaching_is_led_one_by_one(plan):
    (one,) = plan(row(code="COACHING", attend="each", facilitators="A005; A006")).activities
    assert (one.is_together, one.facilitators, one.session_max) == (False, ("A005", "A006"), 1)


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("team:Red", "A005 A006 A007 A008"),
        ("team: Blue | A008", "A001 A002 A003 A004 A008"),
        ("contract:part_time", "A007 A008"),
        ("all", "A001 A002 A003 A004 A005 A006 A007 A008"),
        ("A001 A002, A003", "A001 A002 A003"),
        ("A002; team:Blue", "A002 A001 A003 A004"),
    ],
)
def test_people_are_named_by_id_team_contract_or_all(plan, who, expected):
    (one,) = plan(row(who=who)).activities
    assert " ".join(one.agent_ids) == expected


def test_people_of_a_skill_have_it_in_the_window(plan):
    (one,) = plan(row(who="skill:email")).activities
    assert one.agent_ids
    assert set(one.agent_ids) < {f"A00{n}" for n in range(1, 9)}


def test_who_leads_does_not_take_part_though_of_the_team(plan):
    (one,) = plan(row(who="team:Red", facilitators="A005")).activities
    assert one.agent_ids == ("A006", "A007", "A008")


def test_people_of_a_team_who_cannot_come_are_left_out_and_it_is_said(plan):
    problem = plan(row(who="team:Blue", start="2026-03-05T10:00", earliest="", latest=""))
    (one,) = problem.activities
    assert one.agent_ids == ("A001", "A002", "A003")
    (said,) = warnings(problem)
    assert "1 cannot take part and are left out: A004 has approved time off then" in said.reason


FIXED = {"earliest": "", "latest": ""}


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        ({"who": "A001; A0O2"}, "who", "'A0O2' is not in the agents table did you mean 'A002'"),
        ({"facilitators": "B1"}, "facilitators", "'B1' is not in the agents table"),
        ({"who": "team:Blu"}, "who", "nobody has the team 'Blu' did you mean 'Blue'"),
        ({"who": "skill:fax"}, "who", "nobody has the skill 'fax' there are"),
        ({"who": "group:Blue"}, "who", "'group:' is no kind of group write team:"),
        ({"who": ";"}, "who", "names nothing"),
        ({"minutes": "50"}, "minutes", "50 is not a multiple of 15 minutes"),
        ({"minutes": "0"}, "minutes", "outside 1 to 720"),
        ({"start": "2026-03-03T10:00"}, "start", "start is given, and a window as well"),
        ({"earliest": "", "latest": ""}, "earliest", "it is not said when"),
        ({"earliest": "2026-03-03T10:00", "latest": ""}, "latest", "is missing"),
        ({"latest": "2026-02-27"}, "latest", "ends before it begins"),
        ({"earliest": "2026-03-03T10:00", "latest": "2026-03-03T10:45"}, "latest",
         "window of 45 minutes is shorter than the activity of 60"),
        ({"earliest": "2026-03-03T10:05"}, "earliest", "no multiple of 15 minutes"),
        ({"start": "2026-03-03T10:10"} | FIXED, "start", "no multiple of 15 minutes"),
        ({"hours": "10:00-10:45"}, "hours", "the hours of the window hold no 60 minutes"),
        ({"hours": "noon"}, "hours", "are not hours"),
        ({"piece_min": "30"}, "piece_min", "together take no pieces"),
        ({"category": "off_queue", "piece_min": "90"}, "piece_min", "longer than all 60"),
        ({"attend": "each", "group_max": "2"}, "group_max", "is in no group"),
        ({"facilitators": "A002"}, "facilitators", "A002 is asked to take part and to lead"),
        ({"who": "team:Red", "facilitators": "team:Red"}, "who", "nobody is left beside"),
        ({"category": "lunch"}, "category", "is not one of training, meeting, off_queue"),
        ({"start": "2026-03-05T10:00", "who": "A004"} | FIXED, "who",
         "A004 has approved time off then"),
        ({"start": "2026-03-06T10:00", "who": "A006"} | FIXED, "who",
         "A006 is locked to other hours, or to a day off"),
        ({"start": "2026-03-02T15:30", "who": "A001"} | FIXED, "who",
         "A001 is locked to other hours"),
        ({"start": "2026-03-02T08:30", "who": "A002", "minutes": "15"} | FIXED, "who",
         "A002 is not available then"),
        ({"start": "2026-03-03T23:00", "who": "A001"} | FIXED, "who",
         "A001 has no shift that reaches it by the contract 'full_time'"),
        ({"start": "2022-03-03T10:00", "who": "A001"} | FIXED, "who",
         "A001 does not work here then"),
        ({"start": "2026-03-05T10:00", "facilitators": "A004"} | FIXED, "facilitators",
         "A004 has approved time off then"),
        ({"start": "2026-03-03T10:00", "attend": "each", "facilitators": "A005"} | FIXED,
         "facilitators", "3 sessions of 60 minutes with 1 to lead them take longer"),
        ({"start": "2026-03-03T10:00", "group_max": "2", "room": "R"} | FIXED, "room",
         "2 sessions of 60 minutes with the only room take longer"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line_and_what_to_do(plan, cells, column, message):
    ((line, where, text),) = faults(plan, row(activity_id="fine", who="A008"), row(**cells))
    assert (line, where) == (3, column)
    assert message in text


def test_all_faults_are_told_at_once(plan):
    found = faults(
        plan, row(), row(), row(activity_id="b", minutes="50", who="A009"),
        row(activity_id="c", piece_min="7", start="2026-03-03T10:00"),
    )  # fmt: skip
    assert sorted((line, column) for line, column, _ in found) == [
        (3, "activity_id"), (4, "minutes"), (4, "who"), (5, "piece_min"), (5, "piece_min"),
        (5, "start"),
    ]  # fmt: skip


def test_two_settled_sessions_want_neither_the_same_person_nor_the_same_room(plan):
    first = row(start="2026-03-03T10:00", room="R", **FIXED)
    later = row(activity_id="b", who="A003; A005", start="2026-03-03T10:30", room="R", **FIXED)
    people, room = faults(plan, first, later)
    assert people[:2] == room[:2] == (3, "start")
    assert "A003 is wanted at the same time by 'safety' (see line 2)" in people[2]
    assert "the room 'R' is wanted at the same time by 'safety'" in room[2]
    after = row(activity_id="b", who="A003; A005", start="2026-03-03T11:00", room="R", **FIXED)
    assert len(plan(first, after).activities) == 2
    wished = row(activity_id="b", who="A003", start="2026-03-03T10:30", hardness="soft", **FIXED)
    assert len(plan(first, wished).activities) == 2


def test_one_facilitator_of_two_settled_sessions_is_a_fault_and_one_of_two_is_none(plan):
    first = row(who="A001", start="2026-03-03T10:00", facilitators="A005", **FIXED)
    later = row(activity_id="b", who="A002", start="2026-03-03T10:00", facilitators="A005", **FIXED)
    ((_, _, text),) = faults(plan, first, later)
    assert "A005 is wanted at the same time" in text
    other = later.replace("A005", "A005; A006")
    assert len(plan(first, other).activities) == 2


@pytest.mark.parametrize(
    ("window", "message", "is_planned"),
    [
        (("2026-02-16", "2026-02-20"), "it is over before 2026-03-02", False),
        (("2026-03-16", "2026-03-20"), "it lies after the week of 2026-03-02", False),
        (("2026-03-02", "2026-03-20"), "its window goes on after the week of 2026-03-02", True),
        (("2026-02-20", "2026-03-04"), "its window begins before the week of 2026-03-02", True),
    ],
)
def test_activities_outside_the_week_that_is_planned_next_are_pointed_at(
    plan, plan_week, window, message, is_planned
):
    problem = plan(row(earliest=window[0], latest=window[1]))
    (said,) = warnings(problem)
    assert message in said.reason
    assert bool(asked_for(problem, problem.horizon(plan_week))) == is_planned


def test_wall_time_of_a_clock_change_is_read_as_the_clocks_show_it(plan):
    (one,) = plan(row(earliest="2026-03-29", latest="2026-03-29", hours="09:00-10:00")).activities
    assert one.latest - one.earliest == timedelta(hours=23)
    assert one.spans("Europe/Dublin") == ((at(29, 8), at(29, 9)),)
    ((_, column, text),) = faults(plan, row(start="2026-03-29T01:30", **FIXED))
    assert column == "start"
    assert "does not exist in Europe/Dublin" in text


def test_people_whose_own_row_has_a_fault_are_no_fault_of_the_activity(plan_folder):
    folder = plan_folder()
    (folder / "activities.csv").write_text(HEAD + row(who="A001"), encoding="utf-8")
    for file, old, new in (
        ("plan.toml", "[inputs]", '[inputs]\nactivities = "activities.csv"'),
        ("agents.csv", "A001,Ada Quinn,ada", "A001,Ada Quinn,ada@"),
    ):
        text = (folder / file).read_text(encoding="utf-8")
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputFaultsError) as caught:
        load_plan(folder)
    assert {fault.file for fault in caught.value.faults} == {"agents.csv"}, caught.value
