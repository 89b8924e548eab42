"""Tests for wfplan.report.fairness: the ends in words, and dots that can be compared."""

from __future__ import annotations

import pytest

from wfplan.evaluation import Sharing, fairness
from wfplan.report import render
from wfplan.report.fairness import EDGE, fairness_in_words, fairness_page


def sharing(matter, values, **more):
    given = {"group": "full_time", "unit": "shifts", "people": len(values)}
    return Sharing(matter=matter, values=values, **given | more)


@pytest.fixture(scope="module")
def page(run):
    return fairness_page(run, fairness(run))


def test_every_contract_of_a_matter_has_a_row_with_its_ends(run, page):
    found = {panel.name: panel for panel in page.panels}
    rows = {row.group: row for row in found["Weekend shifts"].rows}
    assert set(rows) == {a.contract_type.replace("_", " ") for a in run.problem.agents}
    for one in fairness(run):
        if one.matter == "weekends":
            row = rows[one.group.replace("_", " ")]
            assert (row.least.value, row.most.value) == (f"{one.least:.0f}", f"{one.most:.0f}")


def test_few_people_at_an_end_are_named_and_many_are_counted(small):
    names = {agent.agent_id: agent.name for agent in small.problem.agents}
    who = sorted(names)
    values = dict.fromkeys(who, 0.0) | {who[0]: 2.0}
    (panel,) = fairness_page(small, [sharing("nights", values)]).panels
    (row,) = panel.rows
    assert row.most.people == ((who[0], names[who[0]]),)
    assert (row.least.people, row.least.more) == ((), "19 people")
    assert [dot.x for dot in row.dots] == [EDGE, 100 - EDGE]
    assert row.dots[0].r > row.dots[1].r
    assert row.said == "20 people: least 0, median 0, most 2"


def test_one_person_is_compared_with_nobody(small):
    who = small.problem.agents[0].agent_id
    (panel,) = fairness_page(small, [sharing("nights", {who: 2.0})]).panels
    assert panel.rows[0].is_alone
    assert panel.rows[0].note == "1 person"


def test_strips_of_a_matter_have_one_scale_and_wishes_the_whole_one(small):
    first = sharing("wishes", {"A": 0.5}, unit="share", asked=2, granted=1)
    (panel,) = fairness_page(small, [first]).panels
    assert panel.rows[0].dots[0].x == 50
    lates = [sharing("lates", {"A": 1.0, "B": 1.0}), sharing("lates", {"C": 4.0}, group="part")]
    (panel,) = fairness_page(small, lates).panels
    assert [row.dots[0].x for row in panel.rows] == [28.0, 94.0]


def test_who_is_left_out_or_has_too_much_is_said_by_id(small):
    found = [
        sharing("wishes", {"A": 0.0, "B": 1.0}, unit="share", left_out=("A",), asked=3, granted=2),
        sharing("nights", {"A": 4.0, "B": 0.0}, too_much=("A",)),
    ]
    text = "\n".join(fairness_in_words(found))
    assert "1 person got nothing of what they asked for, while others did." in text
    assert "full time: A got nothing of the wishes they asked for" in text
    assert "full time: A: a whole shift above the fair share of night shifts" in text
    page = fairness_page(small, found)
    assert all(is_fault for _, is_fault in page.sentences)
    assert [sum(dot.is_fault for dot in panel.rows[0].dots) for panel in page.panels] == [1, 1]


def test_a_fair_week_says_so(small):
    found = [sharing("wishes", {"A": 1.0, "B": 1.0}, unit="share", asked=2, granted=2)]
    page = fairness_page(small, found)
    assert not any(is_fault for _, is_fault in page.sentences)
    assert "all the same" in page.panels[0].rows[0].evenness
    assert page.absent.startswith("There are no requested time off, night shifts")


def test_the_page_has_the_section_and_nobody_has_none(run, empty):
    assert 'id="fair"' in render(run)
    assert "Nothing to share: nobody is planned." in render(empty)
