"""Shifts of past weeks, from which rests, averages and runs of days carry over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from wfplan.domain.schedule import PastShift
from wfplan.errors import did_you_mean
from wfplan.intake.book import BadValueError, FaultBook
from wfplan.intake.people import note_invalid
from wfplan.intake.reading import Sheet
from wfplan.intake.wall import instant

FUTURE = timedelta(weeks=8)  # a shift this long after the last contact has a wrong year
SHIFT_MAX = timedelta(hours=24)

Row = dict[str, Any]


def read_history(
    sheet: Sheet | None,
    agents: Collection[str],
    zone_of: Callable[[str], str],
    last_day: date | None,
    book: FaultBook,
) -> list[PastShift]:
    """Past shifts of the people of the plan, as instants; those of leavers are left out."""
    if sheet is None:
        return []
    found: dict[str, list[tuple[int, PastShift]]] = defaultdict(list)
    gone: dict[str, int] = {}
    for line, row in sheet.rows():
        agent_id = row["agent_id"]
        if agents and agent_id not in agents:
            gone.setdefault(agent_id, line)
            continue
        shift = _past_shift(row, zone_of(agent_id), sheet.file, line, book)
        if shift is not None:
            found[agent_id].append((line, shift))
            day = shift.start.astimezone(ZoneInfo(zone_of(agent_id))).date()
            _check_past(sheet, line, shift, day, last_day, book)
    say_gone(sheet, "shifts", gone, agents, book)
    _check_overlaps(sheet, found, book)
    return [shift for shifts in found.values() for _, shift in shifts]


def _past_shift(row: Row, timezone: str, file: str, line: int, book: FaultBook) -> PastShift | None:
    """The past shift of a row."""
    zone = ZoneInfo(timezone)
    try:
        start, end = instant(row["start"], zone), instant(row["end"], zone)
        if end <= start and row["end"].tzinfo is None:
            # The second of two equal wall times: a night shift that ends in the repeated hour.
            end = row["end"].replace(tzinfo=zone, fold=1).astimezone(start.tzinfo)
        shift = PastShift(agent_id=row["agent_id"], start=start, end=end, paid_min=row["paid_min"])
    except BadValueError as bad:
        book.bad(bad, file=file, line=line, column="start", value=row["start"])
        return None
    except ValidationError as error:
        note_invalid(error, file, line, book)
        return None
    return shift


def _check_past(
    sheet: Sheet, line: int, shift: PastShift, day: date, last_day: date | None, book: FaultBook
) -> None:
    """A past shift is no longer than a day, pays no more than it lasts, and is past."""
    minutes = int((shift.end - shift.start).total_seconds()) // 60
    problem = None
    if shift.end - shift.start > SHIFT_MAX:
        problem = ("end", f"the shift lasts {minutes / 60:.1f} hours", "check the dates")
    elif shift.paid_min is not None and shift.paid_min > minutes:
        problem = (
            "paid_min",
            f"{shift.paid_min} paid minutes are more than the shift's {minutes}",
            "check paid_min: it is in minutes",
        )
    elif last_day is not None and day > last_day + FUTURE:
        problem = (
            "start",
            f"{day} is in the future: the contacts end on {last_day}",
            "check the year; a shift to come belongs into locks",
        )
    if problem:
        column, reason, hint = problem
        sheet.blame(book, line, column, reason, hint=hint, code="HR109")


def say_gone(
    sheet: Sheet, what: str, gone: Mapping[str, int], agents: Iterable[str], book: FaultBook
) -> None:
    """A warning for everybody who has a past here and is no longer in the plan."""
    for agent_id, line in gone.items():
        book.warn(
            f"'{agent_id}' is not in the agents table: the {what} were left out",
            file=sheet.file,
            line=line,
            column="agent_id",
            value=agent_id,
            hint=did_you_mean(agent_id, agents),
            code="HR111",
        )


def _check_overlaps(
    sheet: Sheet, found: Mapping[str, list[tuple[int, PastShift]]], book: FaultBook
) -> None:
    """Nobody worked two shifts at once; sorts the shifts by their start."""
    for agent_id, shifts in found.items():
        shifts.sort(key=lambda item: (item[1].start, item[0]))
        for (before, first), (line, second) in pairwise(shifts):
            if second.start < first.end:
                sheet.blame(
                    book,
                    line,
                    "start",
                    f"{agent_id} works two shifts at once (see line {before})",
                    hint="keep one of the rows",
                    code="HR110",
                )
