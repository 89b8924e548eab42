"""Tests for wfplan.report.words."""

from __future__ import annotations

from html import unescape

import pytest

from wfplan.evaluation import both_sides
from wfplan.report import in_words, render
from wfplan.report.sides import name_of


def test_the_words_are_those_of_the_page(run):
    words, page = in_words(run), unescape(render(run))
    assert words.headline.sentence in page
    assert words.status in page
    assert words.bound in page
    for side in words.sides:
        assert f"<h3>{side.title}</h3>" in page
        for row in (row for group in side.groups for row in group.rows):
            assert f">{row.what}</th>" in page


@pytest.mark.parametrize(
    ("name", "scope", "said"),
    [
        ("service_level", "voice", "voice service level"),
        ("service_level", "email", "email done in time"),
        ("service_level", "", "all channels, service level"),
        ("failing_run_min", "voice", "voice longest rescue stretch"),
        ("over_occupancy_min", "voice", "voice over occupancy"),
        ("hours_outside", "", "people outside their hours"),
    ],
)
def test_a_figure_has_a_name_without_units_and_underscores(run, name, scope, said):
    both = both_sides(run)
    figures = {(f.name, f.scope): f for f in (*both.customers, *both.staff)}
    assert name_of(run.problem, figures[name, scope]) == said
