"""Between the search's weeks and schedules: shifts with their activities, and back to slots."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.problem import PlanningProblem
from wfplan.domain.schedule import Activity, ActivityCategory, Schedule, Shift
from wfplan.scheduling.person.grid import Grid
from wfplan.scheduling.team.oracle import Week
from wfplan.scheduling.team.team import Member, Team

IntArray = NDArray[np.int64]

ON_QUEUE = "ON_QUEUE"


def schedule_of(problem: PlanningProblem, team: Team, weeks: Sequence[Week]) -> Schedule:
    """The schedule of everybody's weeks, sorted by agent and start."""
    horizon = team.grid.horizon
    site = re.sub(r"[^a-z0-9]+", "-", (problem.site or problem.name).lower()).strip("-") or "plan"
    shifts = [
        shift_of(member, option, breaks, team, site)
        for member, week in zip(team.members, weeks, strict=True)
        for option, breaks in week.shifts
    ]
    return Schedule(
        schedule_id=f"{site}-{horizon.first_day:%G-W%V}",
        timezone=problem.timezone,
        first_day=horizon.first_day,
        days=horizon.days,
        shifts=tuple(sorted(shifts, key=lambda s: (s.agent_id, s.start))),
    )


CATEGORIES = {
    "rest": ActivityCategory.BREAK,
    "meal": ActivityCategory.MEAL,
    "gap": ActivityCategory.TIME_OFF,
}


def shift_of(member: Member, option: int, breaks: Sequence[int], team: Team, site: str) -> Shift:
    """A shift with its activities: on queue between its breaks and sessions."""
    space, grid = member.space, team.grid
    kind, first = int(space.opt_len[option]), int(space.opt_start[option])
    last = first + int(space.lengths.slots[kind])
    parts = [*_breaks(member, kind, first, breaks, grid), *_sessions(member, first, last, team)]
    activities, at = [], first
    for start, stop, part in sorted(parts, key=lambda one: one[0]):
        activities += _on_queue(grid, at, start)
        activities.append(part)
        at = stop
    activities += _on_queue(grid, at, last)
    day = grid.instant(first).astimezone(ZoneInfo(member.limits.timezone)).date()
    locked = {lock.day for lock in member.limits.locked}
    return Shift(
        shift_id=f"{site}-{member.agent_id}-{day:%Y%m%d}-1",
        agent_id=member.agent_id,
        shift_date=day,
        activities=tuple(activities),
        is_locked=day in locked,
    )


Part = tuple[int, int, Activity]
"""First slot and end of what is no service, and what it is."""


def _breaks(
    member: Member, kind: int, first: int, breaks: Sequence[int], grid: Grid
) -> Iterator[Part]:
    """The breaks of a shift."""
    for part, start in zip(member.space.lengths.breaks[kind], breaks, strict=True):
        at = first + start
        stop = at + part.length_min // grid.horizon.slot_min
        yield (
            at,
            stop,
            Activity(
                code=part.kind.upper(),
                category=CATEGORIES[part.kind],
                is_paid=part.is_paid,
                start=grid.instant(at),
                end=grid.instant(stop),
            ),
        )


def _sessions(member: Member, first: int, last: int, team: Team) -> Iterator[Part]:
    """The sessions that lie in a shift."""
    for one in member.away:
        if first <= one.first and one.stop <= last:
            request = team.asked[one.request].request
            yield (
                one.first,
                one.stop,
                Activity(
                    code=request.code,
                    category=request.category,
                    is_paid=True,
                    start=team.grid.instant(one.first),
                    end=team.grid.instant(one.stop),
                    activity_id=request.activity_id,
                ),
            )


def _on_queue(grid: Grid, first: int, last: int) -> list[Activity]:
    """Work from one slot to another; none where a break begins or ends the shift."""
    if last <= first:
        return []
    start, end = grid.instant(first), grid.instant(last)
    return [Activity(code=ON_QUEUE, category=ActivityCategory.WORK, is_paid=True,
                     start=start, end=end)]  # fmt: skip


def queue_slots(grid: Grid, shift: Shift) -> IntArray:
    """The slots in which a shift serves contacts."""
    parts = [
        np.arange(*_inside(grid, activity.start, activity.end))
        for activity in shift.activities
        if activity.category is ActivityCategory.WORK
    ]
    return np.concatenate(parts).astype(np.int64) if parts else np.zeros(0, dtype=np.int64)


def _inside(grid: Grid, start: datetime, end: datetime) -> tuple[int, int]:
    """First slot that begins at or after the start, and the slot in which the end lies."""
    first = grid.slot(start) + (0 if grid.is_on_slot(start) else 1)
    return max(first, 0), min(max(grid.slot(end), 0), grid.slots)
