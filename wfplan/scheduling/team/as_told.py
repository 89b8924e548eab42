"""Schedules of a kept plan: what stands of it, and a new one in the words of the old.

A shift that is as people were told keeps its id and its activities to the letter; what
was done of one that runs stays, whatever becomes of the rest.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.published import Change, Published, change_between, knows_pauses
from wfplan.domain.schedule import Activity, Schedule, Shift
from wfplan.horizon import Horizon


def standing(problem: PlanningProblem, horizon: Horizon) -> Schedule:
    """The shifts of a kept plan that nothing has changed yet, for the dates of a horizon."""
    published = problem.published
    assert published is not None
    shifts = (
        shift
        for agent in problem.agents
        for shift in published.standing(agent, horizon.dates).values()
    )
    return published.schedule.model_copy(
        update={
            "first_day": horizon.first_day,
            "days": horizon.days,
            "shifts": tuple(sorted(shifts, key=lambda shift: (shift.agent_id, shift.start))),
        }
    )


def as_told(problem: PlanningProblem, schedule: Schedule) -> Schedule:
    """A schedule whose shifts are told as those of the kept plan were, as far as they are kept."""
    published = problem.published
    assert published is not None
    agents = {agent.agent_id: agent for agent in problem.agents}
    dates = tuple(sorted({shift.shift_date for shift in schedule.shifts}))
    known: dict[str, dict[date, Shift]] = {}
    shifts = []
    for shift in schedule.shifts:
        agent = agents[shift.agent_id]
        if shift.agent_id not in known:
            known[shift.agent_id] = published.standing(agent, dates)
        before = known[shift.agent_id].get(_date_of(shift, agent))
        shifts.append(shift if before is None else _told(published, before, shift))
    head = published.schedule.model_dump(include={"schedule_id", "revision", "status"})
    return schedule.model_copy(update={**head, "shifts": tuple(shifts)})


def _date_of(shift: Shift, agent: Agent) -> date:
    return shift.start.astimezone(ZoneInfo(agent.timezone)).date()


def _told(published: Published, before: Shift, after: Shift) -> Shift:
    """A shift as its kept one was told, as far as the two agree."""
    if published.is_over(before):
        return before
    is_same = change_between(before, after) is Change.NONE and knows_pauses(before)
    if is_same and _sessions(before) == _sessions(after):
        return before.model_copy(update={"is_locked": after.is_locked})
    activities = after.activities
    if published.is_running(before):
        assert published.as_of is not None
        activities = _going_on(before, after, published.as_of)
    return after.model_copy(update={"shift_id": before.shift_id, "activities": activities})


def _sessions(shift: Shift) -> list[Activity]:
    """What somebody asked for in a shift."""
    return [one for one in shift.activities if one.activity_id]


def _going_on(before: Shift, after: Shift, as_of: datetime) -> tuple[Activity, ...]:
    """What was done of a shift, and what is to come of it."""
    done = before.until(as_of).activities
    ahead = [one for one in after.activities if one.end > as_of]
    if not ahead:
        return done
    first = ahead[0].model_copy(update={"start": max(ahead[0].start, as_of)})
    same = {"start", "end"}
    if done[-1].model_dump(exclude=same) == first.model_dump(exclude=same):
        joined = done[-1].model_copy(update={"end": first.end})
        return (*done[:-1], joined, *ahead[1:])
    return (*done, first, *ahead[1:])
