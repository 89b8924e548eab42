"""Tests for wfplan.report.charts_gantt."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from wfplan.domain.schedule import Activity, PastShift, Schedule, Shift
from wfplan.report.charts_gantt import NO_TEAM, ROW_PX, gantts, teams_of
from wfplan.report.timeline import day_axes

BAR = re.compile(r"M(\d+) (\d+)h(\d+)v")


@pytest.fixture(scope="module")
def charts(run):
    return gantts(run, day_axes(run))


def test_everybody_who_works_on_a_day_is_shown_once(run, charts):
    for chart in charts:
        shown = [row.agent_id for team in chart.teams for row in team.rows]
        day = run.horizon.dates[chart.axis.index]
        assert sorted(shown) == sorted(
            s.agent_id for s in run.solution.schedule.shifts if s.shift_date == day
        )
        assert chart.people == len(shown)


def test_people_of_a_team_are_sorted_by_start(charts):
    for chart in charts:
        for team in chart.teams:
            lefts = [
                min(int(x) for _, path in row.paths for x, _, _ in BAR.findall(path))
                for row in team.rows
            ]
            assert lefts == sorted(lefts)
            assert team.height == ROW_PX * len(team.rows)


def test_bars_are_as_long_as_the_shift(run, charts):
    length = {
        (s.agent_id, s.shift_date): (s.end - s.start) / timedelta(minutes=1)
        for s in run.solution.schedule.shifts
    }
    for chart in charts:
        for row in (row for team in chart.teams for row in team.rows):
            drawn = sum(int(w) for _, path in row.paths for _, _, w in BAR.findall(path))
            assert drawn == length[row.agent_id, run.horizon.dates[chart.axis.index]]


def test_breaks_are_told_from_work(charts):
    styles = {style for c in charts for t in c.teams for r in t.rows for style, _ in r.paths}
    assert {"a-work", "a-rest", "a-meal"} <= styles


def test_a_title_gives_the_times_of_shift_and_breaks(charts):
    title = charts[0].teams[0].rows[0].title
    assert re.match(r"A\d+: \d\d:\d\d–\d\d:\d\d, rest \d\d:\d\d", title)


def test_a_day_on_which_nobody_works_has_no_team(charts):
    assert charts[6].teams == ()
    assert charts[6].people == 0


def test_a_night_shift_is_shown_on_both_of_its_days(autumn):
    agent = autumn.problem.agents[0]
    start = autumn.horizon.day_starts[6] - timedelta(hours=2)
    end = start + timedelta(hours=8)
    night = Shift(
        shift_id="n1",
        agent_id=agent.agent_id,
        shift_date=autumn.horizon.dates[5],
        activities=(
            Activity(code="ON_QUEUE", category="work", is_paid=True, start=start, end=end),
        ),
    )
    schedule = Schedule(
        schedule_id="s",
        timezone="Europe/Dublin",
        first_day=autumn.horizon.first_day,
        days=7,
        shifts=(night,),
    )
    solution = type(autumn.solution)(**{**vars(autumn.solution), "schedule": schedule})
    run = type(autumn)(**{**vars(autumn), "solution": solution})
    saturday, sunday = gantts(run, day_axes(run))[5:7]
    widths = [
        int(w)
        for chart in (saturday, sunday)
        for t in chart.teams
        for r in t.rows
        for _, path in r.paths
        for _, _, w in BAR.findall(path)
    ]
    assert widths == [120, 360]
    assert sunday.teams[0].rows[0].title == f"{agent.agent_id}: 22:00–05:00 (+1)"


def test_the_night_before_the_week_is_shown_to_its_end(autumn):
    agent = autumn.problem.agents[0]
    start = autumn.horizon.start - timedelta(hours=3)
    past = PastShift(agent_id=agent.agent_id, start=start, end=start + timedelta(hours=8))
    problem = autumn.problem.model_copy(update={"past_shifts": (past,)})
    run = type(autumn)(**{**vars(autumn), "problem": problem})
    monday, tuesday = gantts(run, day_axes(run))[:2]
    title = f"{agent.agent_id}: 21:00–05:00 (+1)"
    shown = [r for t in monday.teams for r in t.rows if r.title.startswith(title)]
    assert [BAR.findall(path)[0][::2] for r in shown for _, path in r.paths[:1]] == [("0", "300")]
    assert not any(title in r.title for t in tuesday.teams for r in t.rows)


def test_people_without_a_team_stand_together(run):
    bare = tuple(a.model_copy(update={"team": ""}) for a in run.problem.agents)
    problem = run.problem.model_copy(update={"agents": bare})
    teamless = type(run)(**{**vars(run), "problem": problem})
    assert teams_of(teamless) == (NO_TEAM,)
    assert [t.name for t in gantts(teamless, day_axes(run))[0].teams] == [NO_TEAM]
