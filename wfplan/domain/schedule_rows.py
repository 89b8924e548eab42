"""A schedule as the canonical rows that every export and the run folder share.

One row per activity, in the order agent, start. Where something was told before, unchanged
shifts keep the revision in which they last changed, changed ones get a higher one, and shifts
that are gone stay as one row with the state ``cancelled``: calendars that imported them would
otherwise keep ghosts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
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

    @property
    def is_cancelled(self) -> bool:
        """Whether it was taken back."""
        return self.state is ShiftState.CANCELLED


def dated_shifts(schedule: Schedule, told: Sequence[DatedShift] = ()) -> list[DatedShift]:
    """
    Every shift with revision and state, cancelled ones included, by agent and start.

    ``told`` is what was told before, earlier cancellations included. A promised shift that
    stands unchanged in a draft stays promised: nobody was told anything else.
    """
    before = {dated.shift.shift_id: dated for dated in told}
    risen = max(schedule.revision, 1 + max((dated.revision for dated in told), default=0))
    state = ShiftState.CONFIRMED if schedule.status == "published" else ShiftState.DRAFT
    dated = [_dated(shift, before.get(shift.shift_id), risen, state) for shift in schedule.shifts]
    here = {shift.shift_id for shift in schedule.shifts}
    dated += [
        old if old.is_cancelled else DatedShift(old.shift, risen, ShiftState.CANCELLED)
        for shift_id, old in before.items()
        if shift_id not in here
    ]
    return sorted(dated, key=lambda d: (d.shift.agent_id, d.shift.start, d.shift.shift_id))


def told_shifts(history: Iterable[Schedule]) -> tuple[DatedShift, ...]:
    """What was told by schedules of the same days, the oldest first."""
    told: Sequence[DatedShift] = ()
    for schedule in history:
        told = dated_shifts(schedule, told)
    return tuple(told)


def is_same_work(first: Shift, second: Shift) -> bool:
    """Whether two shifts are the same to the person: who, when and what, locks aside."""
    return (first.agent_id, first.shift_date, first.activities) == (
        second.agent_id,
        second.shift_date,
        second.activities,
    )


def _dated(shift: Shift, old: DatedShift | None, risen: int, state: ShiftState) -> DatedShift:
    """A shift that stands, by what was told of it before."""
    if old is None or old.is_cancelled or not is_same_work(old.shift, shift):
        return DatedShift(shift, risen, state)
    if old.state in (state, ShiftState.CONFIRMED):
        return DatedShift(shift, old.revision, old.state)
    return DatedShift(shift, risen, state)


def schedule_rows(
    schedule: Schedule,
    agents: Iterable[Agent],
    *,
    site: str = "",
    told: Sequence[DatedShift] = (),
) -> list[tuple[object, ...]]:
    """
    Rows with the columns of :data:`wfplan.domain.run_tables.SCHEDULE`, in its order.

    ``site`` stands where an agent has none. Agents that are not known any more
    keep their rows, without name and team, in the schedule's zone.
    """
    return list(rows_of(dated_shifts(schedule, told), schedule, agents, site))


def rows_of(
    shifts: Iterable[DatedShift], schedule: Schedule, agents: Iterable[Agent], site: str
) -> Iterator[tuple[object, ...]]:
    """The rows of some shifts of a schedule, one after another; see :func:`schedule_rows`."""
    known = {agent.agent_id: agent for agent in agents}
    return (row for dated in shifts for row in _shift_rows(schedule, dated, known, site))


def schedule_csv(
    schedule: Schedule,
    agents: Iterable[Agent],
    *,
    site: str = "",
    told: Sequence[DatedShift] = (),
) -> str:
    """The long CSV of a schedule: byte order mark, CRLF, nothing that runs as a formula."""
    rows = schedule_rows(schedule, agents, site=site, told=told)
    return csv_text(SCHEDULE.names, rows, is_for_spreadsheets=True)


def local_cell(instant: datetime, timezone: str) -> str:
    """``2026-10-24T22:00:00+01:00``."""
    return _local(instant.astimezone(UTC), timezone)


@lru_cache(2**16)  # shifts begin and end with one another
def _local(instant: datetime, timezone: str) -> str:
    """The same of an instant in UTC: wall times that occur twice are equal to one another."""
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
