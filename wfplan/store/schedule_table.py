"""A schedule read back from its long CSV, hand edits included.

``start_utc`` and ``end_utc`` count. Wall times and minutes may be emptied to
have them worked out; where they stand and say something else, the file is at
fault, because nobody could know which of the two was meant. Names, sites and
teams come from the plan and are not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from wfplan.domain.people import Agent
from wfplan.domain.schedule import Activity, ActivityCategory, Schedule, Shift
from wfplan.domain.schedule_rows import ShiftState, local_date
from wfplan.domain.tables import SCHEDULE
from wfplan.errors import did_you_mean
from wfplan.store.reading import Faults, Row, read_rows

_CATEGORIES = tuple(str(category) for category in ActivityCategory)
_STATES = tuple(str(state) for state in ShiftState)


def read_schedule(
    path: Path,
    agents: Iterable[Agent],
    *,
    schedule_id: str,
    timezone: str,
    first_day: date,
    days: int,
    revision: int = 1,
    status: str = "draft",
) -> Schedule:
    """
    The schedule in a long CSV; cancelled shifts are left out.

    Raises
    ------
    InputFaultsError
        With every row that cannot be read, contradicts itself or names nobody
        of the plan.
    """
    faults = Faults(str(path))
    known = {agent.agent_id: agent for agent in agents}
    rows = [
        row
        for row in read_rows(path, SCHEDULE, faults)
        if row["state"] != ShiftState.CANCELLED and _is_sound(row, known, faults)
    ]
    rows.sort(key=lambda row: (row["agent_id"], row["shift_id"], _start(row)))
    shifts = [
        shift
        for _, group in groupby(rows, key=lambda row: (row["agent_id"], row["shift_id"]))
        if (shift := _shift(list(group), known, faults))
    ]
    _require_one_person_per_shift(rows, faults)
    faults.raise_any()
    return Schedule(
        schedule_id=schedule_id,
        timezone=timezone,
        first_day=first_day,
        days=days,
        revision=revision,
        status=status,
        shifts=tuple(sorted(shifts, key=lambda s: (s.agent_id, s.start))),
    )


def _is_sound(row: Row, known: Mapping[str, Agent], faults: Faults) -> bool:
    """Whether a row says one thing, and of somebody whom the plan knows."""
    count = len(faults.found)
    _require_word(row, "agent_id", known, faults)
    _require_word(row, "activity_category", _CATEGORIES, faults)
    _require_word(row, "state", _STATES, faults)
    for name in ("activity_code", "paid"):
        if row[name] in ("", None):
            faults.add("the cell is empty", line=row.line, column=name)
    if row["agent_id"] in known:
        for end in ("start", "end"):
            _require_same_time(row, end, faults)
        _require_same_minutes(row, faults)
    return len(faults.found) == count


def _require_word(row: Row, column: str, words: Iterable[str], faults: Faults) -> None:
    """Note a value that is not one of the known ones."""
    value = row[column]
    if value not in words:
        hint = did_you_mean(value, words) or "use one that the plan knows"
        faults.add("this is not known here", line=row.line, column=column, value=value, hint=hint)


def _require_same_time(row: Row, end: str, faults: Faults) -> None:
    """Note a time that is missing, or that wall time and UTC give differently."""
    try:
        instant = _instant(row, end)
    except ValueError as error:
        faults.add(str(error), line=row.line, column=f"{end}_local")
        return
    if instant is None:
        faults.add("the cell is empty", line=row.line, column=f"{end}_utc")
    elif row[f"{end}_utc"] and row[f"{end}_local"] and row[f"{end}_utc"] != _local(row, end):
        faults.add(
            f"{end}_local and {end}_utc are different instants",
            line=row.line,
            column=f"{end}_local",
            value=row[f"{end}_local"],
            hint=f"empty {end}_local, or change both",
        )


def _require_same_minutes(row: Row, faults: Faults) -> None:
    """Note minutes that are not the time from start to end."""
    try:
        start, end = _instant(row, "start"), _instant(row, "end")
    except ValueError:
        return
    if row["minutes"] is not None and start and end:
        elapsed = int((end - start).total_seconds()) // 60
        if row["minutes"] != elapsed:
            faults.add(
                f"{elapsed} minutes lie between start and end",
                line=row.line,
                column="minutes",
                value=str(row["minutes"]),
                hint="empty the cell, or change the times",
            )


def _instant(row: Row, end: str) -> datetime | None:
    """The instant of an end of a row, from UTC or else from the wall time."""
    instant: datetime | None = row[f"{end}_utc"]
    return instant or _local(row, end)


def _local(row: Row, end: str) -> datetime | None:
    """The instant that a wall time with an offset gives."""
    text = row[f"{end}_local"]
    if not text:
        return None
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        local = None
    if local is None or local.tzinfo is None:
        raise ValueError(f"'{text[:40]}' is not a wall time like 2026-10-19T08:00:00+01:00")
    return local.astimezone(UTC)


def _start(row: Row) -> datetime:
    """The start of a sound row."""
    start = _instant(row, "start")
    assert start is not None
    return start


def _shift(rows: list[Row], known: Mapping[str, Agent], faults: Faults) -> Shift | None:
    """The shift of some rows in order of start."""
    first = rows[0]
    timezone = known[first["agent_id"]].timezone
    day = local_date(_start(first), timezone)
    for row in rows:
        if row["shift_date"] != day:
            faults.add(
                f"the shift starts on {day} in {timezone}",
                line=row.line,
                column="shift_date",
                value=str(row["shift_date"]),
            )
    try:
        return Shift(
            shift_id=first["shift_id"],
            agent_id=first["agent_id"],
            shift_date=day,
            activities=tuple(_activity(row) for row in rows),
            is_locked=any(row["locked"] for row in rows),
        )
    except ValidationError as error:
        for detail in error.errors():
            faults.add(detail["msg"].removeprefix("Value error, "), line=first.line)
        return None


def _activity(row: Row) -> Activity:
    """The activity of a sound row."""
    fields: dict[str, Any] = {end: _instant(row, end) for end in ("start", "end")}
    return Activity(
        code=row["activity_code"],
        category=ActivityCategory(row["activity_category"]),
        is_paid=row["paid"],
        **fields,
    )


def _require_one_person_per_shift(rows: list[Row], faults: Faults) -> None:
    """Note a shift id that two people have."""
    owners: dict[str, Row] = {}
    for row in rows:
        owner = owners.setdefault(row["shift_id"], row)
        if owner["agent_id"] != row["agent_id"]:
            faults.add(
                f"line {owner.line} gives this shift to another person",
                line=row.line,
                column="shift_id",
                value=row["shift_id"],
            )
