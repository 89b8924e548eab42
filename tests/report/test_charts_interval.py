"""Tests for wfplan.report.charts_interval."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from wfplan.report.charts_interval import NET_PX, STAFF_PX, interval_charts
from wfplan.report.data import Measures, channel_series
from wfplan.report.timeline import day_axes


@pytest.fixture(scope="module")
def charts(run):
    return interval_charts(day_axes(run), channel_series(run, Measures(run.outcome)))


def chart_of(charts, channel, day):
    return next(c for c in charts if c.channel == channel and c.axis.index == day)


def test_there_is_a_chart_of_every_day_and_channel(charts):
    assert len({chart.key for chart in charts}) == len(charts) == 4 * 7


def test_a_closed_day_is_empty_and_says_so(charts):
    sunday = chart_of(charts, "voice", 6)
    assert sunday.is_empty
    assert sunday.summary == "voice is closed on Sun 7 Jun."
    assert not chart_of(charts, "voice", 0).is_empty


def test_a_channel_keeps_its_scales_over_the_week(charts):
    for channel in ("voice", "chat", "email", "social"):
        marks = {chart.staff_marks for chart in charts if chart.channel == channel}
        assert len(marks) == 1


def test_the_scale_begins_at_zero_and_its_steps_are_even(charts):
    marks = charts[0].staff_marks
    values = [float(mark.label.replace(",", "")) for mark in marks]
    assert values[0] == 0
    assert marks[0].y == STAFF_PX
    assert marks[-1].y == pytest.approx(0)
    assert len({round(d, 6) for d in np.diff(values)}) == 1


def test_the_summary_gives_the_hours_of_the_day(run, charts):
    chart = chart_of(charts, "voice", 1)
    hour = run.horizon.interval_min / 60
    required = run.need.staff_required[0, chart.axis.shown].sum() * hour
    assert f"{required:.1f} required" in chart.summary
    assert "most is missing at" in chart.summary


def test_over_and_under_are_drawn_where_they_are(run):
    series = channel_series(run, Measures(run.outcome))[0]
    axis = day_axes(run)[0]
    flat = replace(series, required=np.where(series.is_open, 5.0, 0.0))
    shown = axis.shown
    staff = np.where(series.is_open, 5.0, 0.0)
    staff[shown.start + 10], staff[shown.start + 20] = 9.0, 2.0
    chart = interval_charts([axis], [replace(flat, scheduled=staff)])[0]
    assert chart.over.startswith("M10.08 ")
    assert chart.over.count("M") == 1
    assert chart.under.startswith(f"M20.08 {NET_PX}h")
    assert chart.under.count("M") == 1


def test_a_backlog_has_a_scale_of_contacts_and_no_target(run):
    table = run.outcome.measures
    outcome = type(run.outcome)(run.horizon, table[table["measure"] != "due_share"], 10)
    series = channel_series(run, Measures(outcome))[2]
    chart = interval_charts(day_axes(run), [series])[0]
    assert chart.service_title == "Backlog"
    assert chart.target_y is None
    assert all("%" not in mark.label for mark in chart.service_marks)


def test_closed_hours_are_marked(charts, run):
    chart = chart_of(charts, "voice", 0)
    opens = int(np.flatnonzero(run.demand.is_open[0, chart.axis.shown])[0])
    assert chart.closed.startswith(f"M0 0h{opens}v1")
