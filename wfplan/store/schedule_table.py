"""A schedule read back from its long CSV, hand edits included.

``start_utc`` and ``end_utc`` count. Wall times and minutes may be emptied to
have them worked out; where they stand and say something else, the file is at
fault, because nobody could know which of the two was meant. Names, sites and
teams come from the plan and are not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

from pydantic import ValidationError

from wfplan.domain.people import Agent
from wfplan.domain.published import only_span
from wfplan.domain.run_tables import SCHEDULE
from wfplan.domain.schedule import Activity, ActivityCategory, Schedule, Shift
from wfplan.domain.schedule_rows import DatedShift, ShiftState, local_date
from wfplan.errors import did_you_mean
from wfplan.store.reading import Faults, Row, read_rows

_CATEGORIES = {str(category): category for category in ActivityCategory}
_ACTIVITY_FIELDS = set(Activity.model_fields)
"""What pydantic notes of an activity made of all its fields: one note for all of them."""


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
    return Schedule(
        schedule_id=schedule_id,
        timezone=timezone,
        first_day=first_day,
        days=days,
        revision=revision,
        status=status,
        shifts=read_shifts(path, agents),
    )


def read_shifts(
    path: Path, agents: Iterable[Agent], *, zone_of_others: str = ""
) -> tuple[Shift, ...]:
    """
    The shifts of a long CSV, by agent and start; see :func:`read_schedule`.

    People who are not known are refused, unless a zone for them is given.
    """
    faults = Faults(str(path))
    rows = read_rows(path, SCHEDULE, faults)
    return shifts_of(rows, agents, faults, zone_of_others=zone_of_others)


def shifts_of(
    rows: Iterable[Row], agents: Iterable[Agent], faults: Faults, *, zone_of_others: str = ""
) -> tuple[Shift, ...]:
    """The shifts of typed rows, by agent and start; see :func:`read_shifts`."""
    known = _zones(agents, zone_of_others)
    rows = [
        row
        for row in rows
        if row["state"] != ShiftState.CANCELLED and _is_sound(row, known, faults)
    ]
    _require_one_person_per_shift(rows, faults)
    rows.sort(key=lambda row: (row["agent_id"], row["shift_id"], _start(row)))
    shifts = [
        shift
        for _, group in groupby(rows, key=lambda row: (row["agent_id"], row["shift_id"]))
        if (shift := _shift(list(group), known, faults))
    ]
    faults.raise_any()
    return tuple(sorted(shifts, key=lambda s: (s.agent_id, s.start)))


def told_of(
    rows: Iterable[Row], agents: Iterable[Agent], faults: Faults, *, zone_of_others: str
) -> tuple[DatedShift, ...]:
    """
    What a table says was told: shifts with revision and state, cancelled ones included.

    Of a cancelled one nothing but its span is known. People whom nobody knows any more
    are in the given zone.

    Raises
    ------
    InputFaultsError
        With every fault of the rows.
    """
    rows = list(rows)
    known = _zones(agents, zone_of_others)
    standing = [row for row in rows if row["state"] != ShiftState.CANCELLED]
    first = {row["shift_id"]: row for row in reversed(standing)}
    kept = [
        DatedShift(shift, first[shift.shift_id]["revision"],
                   ShiftState(first[shift.shift_id]["state"]))
        for shift in shifts_of(standing, agents, faults, zone_of_others=zone_of_others)
    ]  # fmt: skip
    gone = [
        DatedShift(shift, row["revision"], ShiftState.CANCELLED)
        for row in rows
        if row["state"] == ShiftState.CANCELLED and (shift := _gone(row, known, faults))
    ]
    faults.raise_any()
    return tuple(sorted((*kept, *gone), key=lambda d: (d.shift.agent_id, d.shift.start)))


def _gone(row: Row, known: Mapping[str, str], faults: Faults) -> Shift | None:
    """The span of a cancelled shift."""
    for end in ("start", "end"):
        _require_same_time(row, end, faults)
    span = _instant(row, "start"), _instant(row, "end")
    if span[0] is None or span[1] is None:
        return None
    if span[1] <= span[0]:
        faults.add("the shift ends before it starts", line=row.line, column="end_utc")
        return None
    return Shift(
        shift_id=row["shift_id"],
        agent_id=row["agent_id"],
        shift_date=row["shift_date"],
        activities=(only_span(span[0], span[1]),),
        is_locked=bool(row["locked"]),
    )


def _zones(agents: Iterable[Agent], of_others: str) -> Mapping[str, str]:
    """The zones of people by id, with one for others where it is given."""
    known = {agent.agent_id: agent.timezone for agent in agents}
    return _Zones(known, of_others) if of_others else known


class _Zones(dict[str, str]):
    """The zones of people, those of others being one and the same."""

    def __init__(self, known: Mapping[str, str], of_others: str) -> None:
        super().__init__(known)
        self._of_others = of_others

    def __missing__(self, agent_id: str) -> str:
        return self._of_others

    def __contains__(self, agent_id: object) -> bool:
        return True


def _is_sound(row: Row, known: Mapping[str, str], faults: Faults) -> bool:
    """Whether a row says one thing, and of somebody whom the plan knows."""
    count = len(faults.found)
    if row["agent_id"] not in known:
        near = did_you_mean(row["agent_id"], known) or "the plan has no such person"
        faults.add(
            "this person is not known",
            line=row.line,
            column="agent_id",
            value=row["agent_id"],
            hint=near,
        )
    for name in ("activity_code", "activity_category", "paid"):
        if row[name] in ("", None):
            faults.add("the cell is empty", line=row.line, column=name)
    for end in ("start", "end"):
        _require_same_time(row, end, faults)
    _require_same_minutes(row, faults)
    return len(faults.found) == count


def _require_same_time(row: Row, end: str, faults: Faults) -> None:
    """Note a time that is missing, or that wall time and UTC give differently."""
    local, utc = row[f"{end}_local"], row[f"{end}_utc"]
    if local is None and utc is None:
        faults.add("the cell is empty", line=row.line, column=f"{end}_utc")
    elif local and utc and local != utc:
        faults.add(
            f"{end}_local and {end}_utc are different instants",
            line=row.line,
            column=f"{end}_local",
            value=local.isoformat(),
            hint=f"empty the one that is old; {end}_local needs its offset, like +01:00",
        )


def _require_same_minutes(row: Row, faults: Faults) -> None:
    """Note minutes that are not the time from start to end."""
    start, end = _instant(row, "start"), _instant(row, "end")
    if row["minutes"] is None or start is None or end is None:
        return
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
    instant: datetime | None = row[f"{end}_utc"] or row[f"{end}_local"]
    return instant


def _start(row: Row) -> datetime:
    """The start of a sound row."""
    start = _instant(row, "start")
    assert start is not None
    return start


def _end(row: Row) -> datetime:
    """The end of a sound row."""
    end = _instant(row, "end")
    assert end is not None
    return end


def _shift(rows: list[Row], known: Mapping[str, str], faults: Faults) -> Shift | None:
    """The shift of some rows in order of start."""
    first = rows[0]
    timezone = known[first["agent_id"]]
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
    """The activity of a sound row, whose cells have their types."""
    return Activity.model_construct(
        _ACTIVITY_FIELDS,
        code=row["activity_code"],
        category=_CATEGORIES[row["activity_category"]],
        is_paid=row["paid"],
        start=_start(row),
        end=_end(row),
        activity_id=row.get("activity_id", ""),
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
