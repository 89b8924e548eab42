"""Tests for wfplan.report.comparison and its page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wfplan.evaluation import ComparedRow, Reading, compare
from wfplan.report import render_comparison
from wfplan.report.comparison import (
    cell_of,
    change_lines,
    counts_of,
    difference_of,
    hours_of,
    label_of,
    mark_of,
)


def row(first, second, unit="share", **more):
    given = {"side": "customers", "name": "service_level", "scope": "voice"}
    return ComparedRow(unit=unit, is_less_better=False, readings=(first, second), **given | more)


@pytest.fixture(scope="module")
def other(small):
    """The same week without the last shift, and the first one later."""
    moved, *rest, _ = small.solution.schedule.shifts
    by = moved.activities[0].end - moved.activities[0].start
    parts = tuple(
        part.model_copy(update={"start": part.start + by, "end": part.end + by})
        for part in moved.activities
    )
    shifts = (moved.model_copy(update={"activities": parts}), *rest)
    schedule = small.solution.schedule.model_copy(update={"shifts": shifts})
    return replace(small, solution=replace(small.solution, schedule=schedule))


def test_shares_have_one_place_and_differ_in_points():
    one = row(Reading(0.944, 0.9, 0.5, half_width=0.03), Reading(0.95, half_width=0.04))
    assert (
        cell_of(one, one.readings[0]).text.replace("\u202f", " ") == "94.4 % (90.0 %, worst 50.0 %)"
    )
    assert difference_of(one, 1) == "+0.6 ± 5.0"
    assert mark_of(one, 1) == "~"


def test_what_is_the_same_has_a_sign_of_its_own():
    one = row(Reading(4, half_width=0.0), Reading(4, half_width=0.0), unit="people")
    assert (difference_of(one, 1), mark_of(one, 1)) == ("=", "")
    assert difference_of(row(Reading(4), None), 1) == ""
    assert cell_of(one, None).text == "–"


def test_long_waits_are_minutes_in_all_cells_of_a_row():
    one = row(Reading(1200, half_width=60), Reading(120, half_width=60), unit="s")
    cells = [cell_of(one, reading).average.replace("\u202f", " ") for reading in one.readings]
    assert cells == ["20.0 min", "2.0 min"]
    assert difference_of(one, 1).startswith("−18.0 ± 1.4")


def test_counts_and_lines_say_what_changed(small, other):
    (people,) = compare([small, other]).people
    text = counts_of(people)
    assert text.startswith("18 people keep their week, 2 change: shifts 1 removed, 1 moved.")
    zones = {agent.agent_id: agent.timezone for agent in small.problem.agents}
    for person in people.changed:
        (line,) = change_lines(person, zones[person.agent_id])
        assert ("removed" in line) == (person.paid_min < 0)
        assert hours_of(person).startswith("−") == (person.paid_min < 0)


def test_rows_of_all_kinds_have_a_label(small, other):
    found = compare([small, other])
    labels = [label_of([small, other], one) for one in found.rows]
    assert len(labels) == len(set(labels))
    assert "voice service level" in labels
    assert any(text.startswith("full time: late shifts, most") for text in labels)


def test_the_page_has_every_channel_everybody_who_changes_and_no_script(small, other):
    found = compare([small, other])
    text = render_comparison([small, other], found, ["as it was", "as <b>it</b> is"])
    for channel in small.need.channels:
        assert f"<h3>{channel} <small>" in text
    assert text.count('class="change-row"') == 2
    assert "as &lt;b&gt;it&lt;/b&gt; is" in text
    assert "<script" not in text


def test_runs_of_other_weeks_have_no_common_picture(small, autumn):
    found = compare([small, autumn])
    text = render_comparison([small, autumn], found, ["one", "two"])
    assert 'id="coverage"' not in text
    assert "Different weeks" in text
