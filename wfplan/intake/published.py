"""What people were told of the dates that are planned anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from wfplan.domain.input_tables import PUBLISHED
from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.published import Consent, Published, only_span
from wfplan.domain.run_tables import SCHEDULE
from wfplan.domain.schedule import Activity, ActivityCategory, Schedule, Shift
from wfplan.intake.book import BadValueError, FaultBook
from wfplan.intake.locks import shift_span
from wfplan.intake.long_table import is_long_table
from wfplan.intake.people import known_agent
from wfplan.intake.reading import Folder, Sheet, read_table
from wfplan.intake.wall import at_minute, instant

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
    if sheet.table is SCHEDULE:
        return _whole(sheet, agents, zone, told, book)
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


def read_whole(path: Path, problem: PlanningProblem) -> Published:
    """
    What was published, from a file: a whole schedule, or the columns of ``published``.

    Raises
    ------
    InputFaultsError
        With every fault of the file.
    """
    book = FaultBook()
    schema = SCHEDULE if is_long_table(path) else PUBLISHED
    sheet = read_table(Folder(Path(), book), str(path), schema)
    agents = {agent.agent_id: agent for agent in problem.agents}
    found = read_published(sheet, agents, agents, ZoneInfo(problem.timezone), None, book)
    if found is None and sheet is not None and sheet.has_required:
        book.error("has no rows: nothing was published", file=str(path), line=1)
    book.raise_if_any()
    assert found is not None
    return found


def _whole(
    sheet: Sheet,
    agents: Mapping[str, Agent],
    zone: ZoneInfo,
    told: date | None,
    book: FaultBook,
) -> Published | None:
    """A whole schedule, one row per activity; people who are here no more are in it, too."""
    rows: dict[tuple[str, str], list[tuple[int, dict[str, Any]]]] = {}
    for line, row in sheet.rows():
        if row["state"] != "cancelled":
            rows.setdefault((row["agent_id"], row["shift_id"]), []).append((line, row))
    shifts = [one for of_shift in rows.values() if (one := _tiled(sheet, of_shift, zone, book))]
    if not shifts:
        return None
    days = [shift.shift_date for shift in shifts]
    first_row = next(iter(rows.values()))[0][1]
    return Published(
        schedule=Schedule(
            schedule_id=first_row["schedule_id"],
            timezone=zone.key,
            first_day=min(days),
            days=(max(days) - min(days)).days + 1,
            revision=first_row["revision"],
            status="published" if first_row["state"] == "confirmed" else "draft",
            shifts=tuple(sorted(shifts, key=lambda s: (s.agent_id, s.start))),
        ),
        told=None if told is None else at_minute(told, _NOON, zone),
        people=frozenset(agent_id for agent_id, _ in rows),
        source=sheet.file,
    )


def _tiled(
    sheet: Sheet, rows: list[tuple[int, dict[str, Any]]], zone: ZoneInfo, book: FaultBook
) -> Shift | None:
    """The shift of some rows; None where they make none."""
    line, first = rows[0]
    try:
        activities = [_activity(row, zone) for _, row in rows]
        return Shift(
            shift_id=first["shift_id"],
            agent_id=first["agent_id"],
            shift_date=first["shift_date"],
            activities=tuple(sorted(activities, key=lambda one: one.start)),
            is_locked=any(row["locked"] for _, row in rows),
        )
    except (ValidationError, BadValueError) as error:
        reason = str(error) if isinstance(error, BadValueError) else _first_fault(error)
        hint = "take schedule.csv as wfplan wrote it"
        sheet.blame(book, line, "shift_id", reason, value=first["shift_id"], hint=hint)
        return None


def _first_fault(error: ValidationError) -> str:
    return error.errors()[0]["msg"].removeprefix("Value error, ")


def _activity(row: dict[str, Any], zone: ZoneInfo) -> Activity:
    """The activity of a row, from UTC or else from the wall time."""
    ends = {}
    for end in ("start", "end"):
        stamp = row[f"{end}_utc"] or row[f"{end}_local"]
        if stamp is None:
            raise BadValueError(f"{end}_utc is empty", "give the instant", "HR102")
        ends[end] = instant(stamp, zone)
    if not row["activity_code"] or not row["activity_category"]:
        raise BadValueError("an activity has no code or category", "fill the cell", "HR102")
    more = {"activity_id": row["activity_id"]} if row.get("activity_id") else {}
    return Activity(
        code=row["activity_code"],
        category=ActivityCategory(row["activity_category"]),
        is_paid=bool(row["paid"]),
        **ends,
        **more,
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
    shift_id = f"published-{agent_id}-{day:%Y%m%d}"
    return Shift(shift_id=shift_id, agent_id=agent_id, shift_date=day,
                 activities=(only_span(start, end),))  # fmt: skip
