"""Tests for what the plan folder says of promises, readiness and the names that rules speak of."""

from datetime import date

import pytest

from wfplan.domain.people import Skill
from wfplan.errors import InputFaultsError
from wfplan.intake import load_plan
from wfplan.rules.person import Person

MONDAY = date(2026, 3, 2)


@pytest.fixture
def plan(plan_folder):
    """A function that loads a plan with published shifts and more rules."""

    def load(published="", rules="", told=""):
        folder = plan_folder()
        text = (folder / "plan.toml").read_text(encoding="utf-8")
        if published:
            head = "agent_id,date,start,end,consent\n"
            (folder / "published.csv").write_text(head + published, encoding="utf-8")
            text = text.replace("[inputs]", '[inputs]\npublished = "published.csv"', 1)
        if told:
            text = text.replace("[rules]", f"[rules]\ntold = {told}", 1)
        (folder / "plan.toml").write_text(text + rules, encoding="utf-8")
        return load_plan(folder)

    return load


ROWS = "A001,2026-03-02,08:00,16:30,\nA001,2026-03-04,22:00,06:00,true\nA002,2026-03-05,,,\n"


def test_published_shifts_reach_both_faces_of_the_rules(plan):
    problem = plan(ROWS, told='"2026-02-23"')
    first, second = problem.agents[:2]
    horizon = problem.horizon(MONDAY)
    known = Person.of(problem, first, horizon)
    begin, end = known.published[MONDAY]
    assert (end - begin).total_seconds() == 8.5 * 3600
    night = known.published[date(2026, 3, 4)]
    assert (night[1] - night[0]).total_seconds() == 8 * 3600
    assert known.published[date(2026, 3, 3)] is None  # between the first and the last date
    assert date(2026, 3, 6) not in known.published
    assert known.consents == {date(2026, 3, 4)}
    assert known.told.date() == date(2026, 2, 23)
    assert Person.of(problem, second, horizon).published[date(2026, 3, 5)] is None


def test_a_plan_without_published_shifts_has_none(plan):
    assert plan().published is None


@pytest.mark.parametrize(
    ("published", "told", "message"),
    [
        ("A001,2026-03-02,08:00,,\n", "", "only one of start and end"),
        ("A001,2026-03-02,,,\nA001,2026-03-02,,,\n", "", "already told of 2026-03-02 in line 2"),
        ("A099,2026-03-02,,,\n", "", "A099"),
        ("", '"soon"', r"rules\.told.* is not a date"),
    ],
)
def test_promises_that_cannot_be_are_refused(plan, published, told, message):
    with pytest.raises(InputFaultsError, match=message):
        plan(published, told=told)


def test_the_skills_table_says_who_is_ready(plan_folder):
    folder = plan_folder()
    rows = "agent_id,skill,ready_from\n" + "".join(
        f"A00{i},voice,{'2026-03-04' if i == 3 else ''}\n" for i in range(1, 9)
    )
    more = "A001,email,\nA001,empowered,\n"
    (folder / "skills.csv").write_text(rows + more, encoding="utf-8")
    agents = {agent.agent_id: agent for agent in load_plan(folder).agents}
    (skill,) = agents["A003"].skills
    assert skill == Skill(skill="voice", ready_from=date(2026, 3, 4))
    assert agents["A002"].skills[0].ready_from is None


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ('rule = "nights_week"\nunit = "shifts"\nscope = "team"\nscope_value = "Bleu"', "Blue"),
        ('rule = "risk_factor"\nunit = "count"\nof = ["voise"]', "voice"),
        ('rule = "shift_count_period"\nunit = "shifts"\nkinds = ["nigt"]', "night"),
        ('rule = "nights_week"\nunit = "nights"\nscope = "agent"\nscope_value = "A01"', "A01"),
    ],
)
def test_rules_that_speak_of_what_is_not_there_are_named_with_their_line(plan, rule, message):
    with pytest.raises(InputFaultsError, match=message) as caught:
        plan(rules=f"\n[[rules.set]]\n{rule}\nvalue = 2\n")
    assert "which is not there" in str(caught.value)
    assert "plan.toml:" in str(caught.value)
