"""Tests for wfplan.report.failures: who comes back, past against planned, and totals."""

from dataclasses import replace

import numpy as np
import pytest

from wfplan.report import failures, render
from wfplan.staffing import FreshDemand, Repeated, Volume, with_totals
from wfplan.staffing.totals import without_ranges

BEFORE, PLANNED = Volume(4000.0, 600.0, 400.0, 0.2), Volume(4000.0, 40.0, 360.0, 0.03)
FOUND = FreshDemand((Repeated("voice", BEFORE, PLANNED),), is_forecast=True)


@pytest.fixture
def told(monkeypatch, small):
    """A run in which people come back as FOUND says."""
    monkeypatch.setattr(failures, "fresh_demand", lambda *_: FOUND)
    return small


def test_a_sentence_says_how_much_past_failures_made(told):
    panel = failures.failures_panel(told)
    (sentence,) = panel.sentences
    assert sentence == (
        "voice: 20\u202f% of the contacts would come back at the service of the past "
        "(20\u202f% hung up); at the requirement it is 9\u202f%, which spares 600 contacts a week."
    )
    assert "taken out of the history" in panel.note


def test_bars_share_one_scale_and_their_parts_add_up(told):
    past, planned = failures.failures_panel(told).bars
    assert sum(width for _, _, width in past.parts) == pytest.approx(100.0, abs=0.02)
    assert sum(width for _, _, width in planned.parts) == pytest.approx(88.0, abs=0.02)
    assert [style for style, _, _ in past.parts] == ["f-first", "f-redial", "f-again"]
    assert past.cells == ("4,000", "600", "400", "5,000", "20\u202f%")
    assert past.said == "voice, as in the past: 4,000 first contacts, 600 redials, 400 came again"


def test_the_page_shows_them(told):
    page = render(told)
    assert 'id="failures"' in page
    assert 'class="f-redial"' in page


def test_where_nobody_comes_back_there_is_no_panel(small):
    assert failures.failures_panel(small) is None
    assert 'id="failures"' not in render(small)


def test_what_cannot_be_known_is_said(monkeypatch, small):
    monkeypatch.setattr(failures, "fresh_demand", lambda *_: FreshDemand(why_not="Not known."))
    assert failures.failures_panel(small).bars == ()
    assert '<p class="empty">Not known.</p>' in render(small)


def test_a_channel_of_which_nothing_is_expected_is_said():
    none = Volume(0.0, 0.0, 0.0, 0.0)
    assert failures.sentence(Repeated("chat", none, none)) == "chat: nobody is expected."


def test_groups_and_the_site_stand_below_the_week(small):
    grouped = tuple(
        channel.model_copy(update={"group": "live" if channel.is_realtime else ""})
        for channel in small.problem.channels
    )
    problem = small.problem.model_copy(update={"channels": grouped})
    demand = with_totals(problem, without_ranges(small.demand))
    grouped_run = replace(small, problem=problem, demand=demand)
    live, site = failures.total_lines(grouped_run)
    of_live = [c for c, channel in enumerate(grouped) if channel.is_realtime]
    assert live.name == "live"
    assert live.cells[0] == f"{round(demand.offered_mean[of_live].sum()):,}"
    assert site.cells[0] == f"{round(demand.offered_mean.sum()):,}"
    assert len(site.cells) == len(failures.total_heads(grouped_run)) == 2 + 7
    days = np.array([int(cell.replace(",", "")) for cell in site.cells[2:]])
    assert days.sum() == pytest.approx(demand.offered_mean.sum(), abs=4)
    assert "<h3>Totals</h3>" in render(grouped_run)
    assert failures.total_lines(small) == ()
