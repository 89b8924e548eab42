"""Tests for wfplan.report.sufficiency: the report says whether the history suffices."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wfplan.domain.snapshots import Sufficiency
from wfplan.report.page import render
from wfplan.report.sufficiency import data_panel

KNOWN = (
    Sufficiency("voice", "length of the history", "12 weeks", "10 weeks", "enough"),
    Sufficiency("voice", "season of the year", "12 weeks", "2 years", "with care", "Add <older>."),
    Sufficiency("chat", "handle times", "0%", "half", "not enough", "Add aht_s."),
    Sufficiency("mail", "length of the history", "12 weeks", "10 weeks", "enough"),
)


@pytest.fixture
def run(synthetic, tmp_path):
    made = synthetic.run(tmp_path / "plan.toml")
    return replace(made, demand=replace(made.demand, sufficiency=KNOWN))


def test_the_worst_of_a_channel_is_its_verdict_and_the_worst_lines_come_first(run):
    panel = data_panel(run)
    assert panel.verdicts == ("voice: with care", "chat: not enough", "mail: enough")
    assert [line.channel for line in panel.lines] == ["chat", "voice"]


def test_the_report_shows_what_is_short_and_guards_its_texts(run):
    page = render(run)
    assert "Does the history suffice?" in page
    assert "Add &lt;older&gt;." in page


def test_an_older_run_does_not_know(run):
    older = replace(run, demand=replace(run.demand, sufficiency=()))
    assert data_panel(older) is None
    assert "Does the history suffice?" not in render(older)
