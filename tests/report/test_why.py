"""Tests for wfplan.report.why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from wfplan.domain.people import TimeOff
from wfplan.report.why import serves, shift_intervals, why_free, why_shift


@pytest.fixture
def shift(run):
    return next(s for s in run.solution.schedule.shifts if not s.is_locked)


def with_prices(run, shift, channel, offset, price):
    """The run with one interval of the shift worth something, and all of her time on voice."""
    at = shift_intervals(run, shift).start + offset
    prices = np.zeros_like(run.solution.prices)
    prices[channel, at : at + 4] = price
    share = np.zeros_like(prices)
    share[channel] = 1.0
    solution = replace(run.solution, prices=prices, channel_share={shift.agent_id: share})
    return replace(run, solution=solution), at


def test_a_shift_is_most_needed_in_its_dearest_hour(run, shift):
    priced, at = with_prices(run, shift, 0, 6, 0.5)
    start = run.horizon.local(run.horizon.interval_instant(at))
    text = why_shift(priced, shift)
    assert f"Most needed {start:%H:%M}–{start + timedelta(hours=1):%H:%M} on voice" in text
    assert "saves 2.0 points of harm" in text


def test_a_shift_whose_hours_are_worth_nothing_is_not_explained_away(run, shift):
    priced, _ = with_prices(run, shift, 0, 6, 0.0)
    assert why_shift(priced, shift) == ""


def test_a_locked_shift_says_so_first(run, shift):
    locked = shift.model_copy(update={"is_locked": True})
    assert why_shift(run, locked).startswith("Locked: kept as it was.")


def test_work_against_a_request_is_said(run, shift):
    agents = tuple(
        a.model_copy(
            update={"time_off": (TimeOff(start=shift.start, end=shift.end, status="requested"),)}
        )
        if a.agent_id == shift.agent_id
        else a
        for a in run.problem.agents
    )
    asked = replace(run, problem=run.problem.model_copy(update={"agents": agents}))
    assert "although time off was asked for" in why_shift(asked, shift)


def test_a_share_of_everything_is_a_channel_and_parts_are_listed(run, shift):
    alone, _ = with_prices(run, shift, 1, 0, 0.0)
    assert serves(alone, shift) == "chat"
    share = np.zeros_like(run.solution.prices)
    share[0], share[1] = 0.75, 0.25
    mixed = replace(run, solution=replace(run.solution, channel_share={shift.agent_id: share}))
    assert serves(mixed, shift) == "voice 75\u202f%, chat 25\u202f%"


def test_nothing_is_said_of_people_whom_the_plan_does_not_know(run, shift):
    blank = replace(run, solution=replace(run.solution, channel_share={}))
    assert serves(blank, shift) == ""
    assert why_shift(blank, shift) == ""


def test_a_shift_that_runs_past_the_week_is_read_to_its_end(autumn):
    last = autumn.horizon.end - timedelta(hours=2)
    night = autumn.solution.schedule.shifts[0]
    moved = night.model_copy(
        update={
            "activities": (
                night.activities[0].model_copy(
                    update={"start": last, "end": last + timedelta(hours=6)}
                ),
            )
        }
    )
    within = shift_intervals(autumn, moved)
    assert (within.start, within.stop) == (169 * 4 - 8, 169 * 4)


def test_a_day_off_names_what_keeps_it_free(run):
    agent = run.problem.agents[3]
    monday, wednesday = run.horizon.dates[0], run.horizon.dates[2]

    def why(day, worked_days, paid_min, who=agent):
        return why_free(run, who, day, worked_days=worked_days, paid_min=paid_min, most_min=24 * 60)

    assert why(wednesday, 2, 0) == "Locked as a day off."
    assert why(monday, 4, 0) == "Has 4 of at most 4 working days."
    assert why(monday, 2, 24 * 60 - 30).startswith("Hours are filled")
    assert why(monday, 2, 10 * 60) == ""
    gone = agent.model_copy(update={"end_date": monday - timedelta(days=1)})
    assert why(monday, 0, 0, gone) == "Not employed on this date."


@pytest.mark.parametrize(
    ("status", "text"), [("approved", "Time off."), ("requested", "Free, as asked for.")]
)
def test_time_off_is_told_by_its_status(run, status, text):
    start = run.horizon.day_starts[1]
    off = TimeOff(start=start, end=start + timedelta(days=1), status=status)
    agent = run.problem.agents[0].model_copy(update={"time_off": (off,)})
    day = run.horizon.dates[1]
    assert why_free(run, agent, day, worked_days=0, paid_min=0, most_min=2400) == text
