"""What the report says of training, meetings and other time away from contacts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from wfplan.domain.activities import ActivityRequest
from wfplan.domain.problem import RuleSetting
from wfplan.domain.schedule import Activity, ActivityCategory
from wfplan.evaluation import audit, both_sides, given_activities
from wfplan.report import render
from wfplan.report.activities import activity_panel
from wfplan.report.charts_gantt import legend
from wfplan.report.people import people_pages
from wfplan.report.timeline import day_axes

MINUTE = timedelta(minutes=1)


def with_stretch(shift, begin, minutes, request):
    """A shift in which an activity of some minutes takes the place of work."""
    end, parts = begin + minutes * MINUTE, []
    for part in shift.activities:
        if part.start <= begin and end <= part.end:
            given = Activity(code=request.code, category=request.category, is_paid=True,
                             start=begin, end=end, activity_id=request.activity_id)  # fmt: skip
            edges = [part.model_copy(update={"end": begin}), given,
                     part.model_copy(update={"start": end})]  # fmt: skip
            parts += [one for one in edges if one.start < one.end]
        else:
            parts.append(part)
    return shift.model_copy(update={"activities": tuple(parts)})


def plain(text):
    """A text without narrow spaces."""
    return text.replace("\u202f", " ")


def widest(shift):
    """The longest stretch of work of a shift."""
    return max((a for a in shift.activities if a.category == "work"), key=lambda a: a.minutes)


def with_activities(run):
    """The run with a training of three, coaching, a meeting and development, some of it placed."""
    first, *more = people = [s for s in run.solution.schedule.shifts if widest(s).minutes >= 90]
    on_day = [s for s in people if s.shift_date == first.shift_date][:4]
    ids = tuple(shift.agent_id for shift in on_day)
    begin = max(widest(shift).start for shift in on_day[:2])
    common = {"earliest": run.horizon.start, "latest": run.horizon.end}
    training = ActivityRequest(
        activity_id="safety-1", code="TRAINING", category="training", agent_ids=ids[:3], minutes=60,
        is_together=True, group_max=8, facilitators=ids[3:], room="Room 2", **common,
    )  # fmt: skip
    coaching = ActivityRequest(
        activity_id="coaching", code="COACHING", category="training", agent_ids=ids[:2],
        minutes=30, hardness="soft", **common,
    )  # fmt: skip
    chosen = {shift.shift_id: (shift, request) for shift, request in (
        (on_day[0], training), (on_day[1], training), (on_day[3], training))}  # fmt: skip
    changed = {}
    for shift, request in chosen.values():
        spot = begin if any(a.start <= begin and begin + 60 * MINUTE <= a.end
                            for a in shift.activities) else widest(shift).start  # fmt: skip
        changed[shift.shift_id] = with_stretch(shift, spot, 60, request)
    other = next(s for s in more if s.agent_id == ids[0] and s.shift_id not in changed)
    changed[other.shift_id] = with_stretch(other, widest(other).start, 30, coaching)
    shifts = tuple(changed.get(s.shift_id, s) for s in run.solution.schedule.shifts)
    schedule = run.solution.schedule.model_copy(update={"shifts": shifts})
    rule = RuleSetting(rule="development_min", value=60, unit="minutes", scope="agent",
                       scope_value=ids[0], hardness="soft")  # fmt: skip
    problem = run.problem.model_copy(
        update={"activities": (training, coaching), "plan_rules": (*run.problem.plan_rules, rule)}
    )
    return replace(
        run, problem=problem, solution=replace(run.solution, schedule=schedule),
        audit=audit(problem, run.horizon, schedule),
    ), ids  # fmt: skip


@pytest.fixture(scope="module")
def taught(small):
    """A run with activities, and the people in them."""
    return with_activities(small)


def test_the_hours_placed_stand_beside_those_asked_for(taught):
    run, ids = taught
    training, coaching, rule = given_activities(run)
    assert (training.given_h, training.asked_h, training.left_out) == (2.0, 3.0, (ids[2],))
    assert (coaching.given_h, coaching.asked_h, coaching.left_out) == (0.5, 1.0, (ids[1],))
    assert rule.is_of_rule
    assert rule.left_out == (ids[0],)


def test_the_panel_says_who_is_left_out_and_what_is_only_wished_for(taught):
    run, ids = taught
    panel = activity_panel(run)
    assert panel.said == "2.5 of 5.0 person-hours asked for are placed."
    training, coaching, rule = panel.lines
    assert (training.symbol, training.left_out) == ("✗", ids[2])
    assert training.note == "in groups of 8, room Room 2"
    assert f", led by {ids[3]}" in training.sessions[0]
    assert (coaching.symbol, coaching.left_out) == ("◐", ids[1])
    assert coaching.note == "each alone, if it fits"
    assert (rule.name, rule.code) == ("by rule", "DEVELOPMENT")
    assert plain(rule.asked) == "60 min of 1 person"


def test_figures_count_the_time_of_everybody_and_of_teams(taught):
    run, ids = taught
    both = both_sides(run)
    spent = {}
    for shift in run.solution.schedule.shifts:
        minutes = sum(a.minutes for a in shift.activities if a.category == "training")
        if minutes:
            spent[shift.agent_id] = spent.get(shift.agent_id, 0) + minutes
    spent.setdefault(ids[2], 0)  # asked for, not placed
    trained = both.figure("training_min")
    assert trained.average == pytest.approx(sum(spent.values()) / len(spent))
    assert (trained.worst, trained.worst_at) == (0, ids[2])
    team = next(agent.team for agent in run.problem.agents if agent.agent_id == ids[0])
    assert both.figure("training_min", team).average > 0
    assert both.figure("activities_given").average == pytest.approx(0.5)
    assert both.figure("development_min").average == 0


def test_a_run_without_activities_has_no_section_and_no_figures(small):
    shifts = tuple(
        shift.model_copy(update={"activities": tuple(
            part.model_copy(update={"category": ActivityCategory.WORK})
            if part.category == "training" else part for part in shift.activities)})
        for shift in small.solution.schedule.shifts
    )  # fmt: skip
    schedule = small.solution.schedule.model_copy(update={"shifts": shifts})
    without = replace(small, solution=replace(small.solution, schedule=schedule))
    assert activity_panel(without) is None
    assert not {"training_min", "activities_given"} & {f.name for f in both_sides(without).staff}
    text = render(without)
    assert 'id="activities"' not in text
    assert "a-train" not in {style for style, _ in legend(without)}


def test_the_page_shows_activities_by_their_own_colour_and_name(taught):
    run, ids = taught
    text = render(run)
    assert '<a href="#activities">Activities</a>' in text
    assert '<i class="a-train"></i>training' in text
    assert "coaching " in text
    page = next(p for p in people_pages(run, day_axes(run)) if p.agent_id == ids[0])
    assert dict(page.away) == {"coaching": 30, "training": 60}
    assert plain(page.away_text) == "coaching 30 min, training 60 min"
    assert any(", training " in f", {day.breaks}" and "–" in day.breaks for day in page.days)
