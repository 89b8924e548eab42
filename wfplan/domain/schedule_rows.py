"""A schedule as the canonical rows that every export and the run folder share.

One row per activity, in the order agent, start. With the schedule that was
published before, unchanged shifts keep its revision, changed ones get a higher
one, and shifts that are gone stay as one row with the state ``cancelled``:
calendars that imported them would otherwise keep ghosts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from wfplan.domain.cells import csv_text
from wfplan.domain.people import Agent
from wfplan.domain.run_tables import SCHEDULE
from wfplan.domain.schedule import Schedule, Shift


class ShiftState(StrEnum):
    """What a shift is to the person: promised, planned, or taken back."""

    CONFIRMED = "confirmed"
    DRAFT = "draft"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class DatedShift:
    """A shift with the revision in which it last changed, and its state."""

    shift: Shift
    revision: int
    state: ShiftState


def dated_shifts(schedule: Schedule, previous: Schedule | None = None) -> list[DatedShift]:
    """Every shift with revision and state, cancelled ones included, by agent and start."""
    before = {shift.shift_id: shift for shift in previous.shifts} if previous else {}
    risen = max(schedule.revision, previous.revision + 1 if previous else 0)
    state = ShiftState.CONFIRMED if schedule.status == "published" else ShiftState.DRAFT
    dated = [
        DatedShift(shift, previous.revision, state)
        if previous and before.get(shift.shift_id) == shift and previous.status == schedule.status
        else DatedShift(shift, risen, state)
        for shift in schedule.shifts
    ]
    gone = before.keys() - {shift.shift_id for shift in schedule.shifts}
    dated += [DatedShift(before[shift_id], risen, ShiftState.CANCELLED) for shift_id in gone]
    return sorted(dated, key=lambda d: (d.shift.agent_id, d.shift.start, d.shift.shift_id))


def schedule_rows(
    schedule: Schedule,
    agents: Iterable[Agent],
    *,
    site: str = "",
    previous: Schedule | None = None,
) -> list[tuple[object, ...]]:
    """
    Rows with the columns of :data:`wfplan.domain.run_tables.SCHEDULE`, in its order.

    ``site`` stands where an agent has none. Agents that are not known any more
    keep their rows, without name and team, in the schedule's zone.
    """
    known = {agent.agent_id: agent for agent in agents}
    return [
        row
        for dated in dated_shifts(schedule, previous)
        for row in _shift_rows(schedule, dated, known, site)
    ]


def schedule_csv(
    schedule: Schedule,
    agents: Iterable[Agent],
    *,
    site: str = "",
    previous: Schedule | None = None,
) -> str:
    """The long CSV of a schedule: byte order mark, CRLF, nothing that runs as a formula."""
    rows = schedule_rows(schedule, agents, site=site, previous=previous)
    return csv_text(SCHEDULE.names, rows, is_for_spreadsheets=True)


def local_cell(instant: datetime, timezone: str) -> str:
    """``2026-10-24T22:00:00+01:00``."""
    return instant.astimezone(ZoneInfo(timezone)).isoformat(timespec="seconds")


def local_date(instant: datetime, timezone: str) -> date:
    """The local date of an instant."""
    return instant.astimezone(ZoneInfo(timezone)).date()


def _shift_rows(
    schedule: Schedule, dated: DatedShift, known: Mapping[str, Agent], site: str
) -> Iterator[tuple[object, ...]]:
    """One row per activity, or one for a cancelled shift."""
    shift, agent = dated.shift, known.get(dated.shift.agent_id)
    head = (
        schedule.schedule_id,
        dated.revision,
        shift.agent_id,
        agent.name if agent else "",
        (agent.site if agent else "") or site,
        agent.team if agent else "",
        shift.shift_id,
        shift.shift_date,
        str(dated.state),
    )
    timezone = agent.timezone if agent else schedule.timezone
    if dated.state is ShiftState.CANCELLED:
        yield (*head, "", "", None, *_times(shift.start, shift.end, timezone), shift.is_locked, "")
        return
    for activity in shift.activities:
        what = (activity.code, str(activity.category), activity.is_paid)
        when = _times(activity.start, activity.end, timezone)
        yield (*head, *what, *when, shift.is_locked, activity.activity_id)


def _times(start: datetime, end: datetime, timezone: str) -> tuple[object, ...]:
    """Wall times, zone, instants and elapsed minutes."""
    return (
        local_cell(start, timezone),
        local_cell(end, timezone),
        timezone,
        start,
        end,
        int((end - start).total_seconds()) // 60,
    )
