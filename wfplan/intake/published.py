"""What people were told of the dates that are planned anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from wfplan.domain.people import Agent
from wfplan.domain.published import Consent, Published
from wfplan.domain.schedule import Activity, ActivityCategory, Schedule, Shift
from wfplan.intake.book import BadValueError, FaultBook
from wfplan.intake.locks import shift_span
from wfplan.intake.people import known_agent
from wfplan.intake.reading import Sheet
from wfplan.intake.wall import at_minute

_NOON = 12 * 60


def read_published(
    sheet: Sheet | None,
    agents: Mapping[str, Agent],
    known: Collection[str],
    zone: ZoneInfo,
    told: date | None,
    book: FaultBook,
) -> Published | None:
    """
    The published schedule and who agreed to changes of it; None without any.

    ``known`` are the ids of all people; ``agents`` those whose own row has no
    fault. ``told`` is the date on which they learn of the new plan.
    """
    if sheet is None:
        return None
    shifts: list[Shift] = []
    consents: list[Consent] = []
    seen: dict[tuple[str, date], int] = {}
    for line, row in sheet.rows():
        agent_id, day = key = row["agent_id"], row["date"]
        if not known_agent(sheet, line, agent_id, known, book):
            continue
        if key in seen:
            reason = f"{agent_id} was already told of {day} in line {seen[key]}"
            hint = "keep the row that was published last"
            sheet.blame(book, line, "date", reason, value=day, hint=hint, code="HR110")
        elif agent_id in agents:
            shifts += _shift(sheet, line, row, agents[agent_id], book)
            consents += [Consent(agent_id=agent_id, day=day)] if row["consent"] else []
        seen.setdefault(key, line)
    if not seen:
        return None
    first, last = (pick(day for _, day in seen) for pick in (min, max))
    return Published(
        schedule=Schedule(
            schedule_id="published",
            timezone=zone.key,
            first_day=first,
            days=(last - first).days + 1,
            shifts=tuple(sorted(shifts, key=lambda s: (s.agent_id, s.start))),
        ),
        told=None if told is None else at_minute(told, _NOON, zone),
        consents=tuple(consents),
    )


def _shift(
    sheet: Sheet, line: int, row: dict[str, Any], agent: Agent, book: FaultBook
) -> list[Shift]:
    """The shift of a row; none for a day off, or where it has a fault."""
    try:
        start, end = shift_span(row, agent.timezone)
    except BadValueError as bad:
        book.bad(bad, file=sheet.file, line=line, column="start")
        return []
    return [] if start is None or end is None else [_work(agent.agent_id, row["date"], start, end)]


def _work(agent_id: str, day: date, start: datetime, end: datetime) -> Shift:
    """A shift of which nothing but its span is known."""
    work = Activity(code="WORK", category=ActivityCategory.WORK, is_paid=True, start=start, end=end)
    shift_id = f"published-{agent_id}-{day:%Y%m%d}"
    return Shift(shift_id=shift_id, agent_id=agent_id, shift_date=day, activities=(work,))
