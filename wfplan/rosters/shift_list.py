"""
Layout ``shifts``: a list of shifts, as spreadsheets hold them (``wfplan schema roster``).

A row is a shift, with one break in ``break_start`` and ``break_end`` where it
has one; or it is an ``activity`` of a shift (a meal, a training), and rows of
one person that touch or lie inside each other are one shift. Times are wall
time of the site, or have an offset. A list without breaks is taken as it is:
the audit says what is missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wfplan.domain.contracts import Contract
from wfplan.domain.input_tables import ROSTER
from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.schedule import ActivityCategory
from wfplan.intake.book import BadValueError, FaultBook
from wfplan.intake.people import known_agent
from wfplan.intake.reading import Sheet, sheet_of
from wfplan.intake.wall import at_minute, instant
from wfplan.rosters.assembling import SHIFT_MAX, break_of
from wfplan.rosters.chains import Stretch, chained
from wfplan.rosters.given import Part, Reading, Spot
from wfplan.rosters.known import Known
from wfplan.rosters.sources import Source

WORDS = frozenset({"agent_id", "start", "end"})
"""Columns by which a list of shifts is known."""

Row = dict[str, Any]


class _BadCellError(BadValueError):
    """A value that cannot be, and the column it stands in."""

    def __init__(self, column: str, reason: str, hint: str, code: str = "HR109") -> None:
        self.column = column
        super().__init__(reason, hint, code)


def fits(source: Source) -> bool:
    """Whether a table has the columns of a list of shifts."""
    return source.has_columns(WORDS, sheet=ROSTER.name)


def read(sources: Sequence[Source], known: Known, book: FaultBook) -> Reading:
    """The shifts of lists."""
    reading = Reading()
    for source in sources:
        sheet = sheet_of(source.grid(ROSTER.name, ROSTER.names, book), ROSTER, book)
        if sheet.has_required and not len(sheet.lines):
            book.error("has no rows: nobody works", file=sheet.file, line=1)
        agents = known.agents
        for agent_id, stretches in sorted(_stretches(sheet, agents, known.problem, book).items()):
            reading.shifts += chained(agent_id, stretches, book)
            off = sum(part.category is ActivityCategory.TIME_OFF for part, _ in stretches)
            reading.left["rows of time off"] += off
    return reading


def _stretches(
    sheet: Sheet, agents: Mapping[str, Agent], problem: PlanningProblem, book: FaultBook
) -> dict[str, list[Stretch]]:
    """What the rows say, by agent; rows with a fault are left out."""
    found: dict[str, list[Stretch]] = defaultdict(list)
    zone = ZoneInfo(problem.timezone)
    for line, row in sheet.rows():
        if not known_agent(sheet, line, row["agent_id"], agents, book):
            continue
        contract = problem.contract_of(agents[row["agent_id"]])
        try:
            parts = _of_row(row, zone, contract)
        except BadValueError as bad:
            column = bad.column if isinstance(bad, _BadCellError) else "start"
            book.bad(bad, file=sheet.file, line=line, column=column)
        else:
            found[row["agent_id"]] += [(part, Spot(sheet.file, line)) for part in parts]
    return found


def _of_row(row: Row, zone: ZoneInfo, contract: Contract) -> list[Part]:
    """A row as one stretch, with its break as a second one."""
    start = _start(row, zone)
    end = _later("end", row, start, zone)
    category = ActivityCategory(row["activity"] or ActivityCategory.WORK)
    _check_span("end", start, end)
    is_paid = row["paid"] if category is not ActivityCategory.WORK else None
    parts = [Part(category, start, end, is_paid=is_paid)]
    given = [name for name in ("break_start", "break_end") if row[name] is not None]
    if not given:
        return parts
    if len(given) == 1:
        raise _BadCellError(
            given[0], f"{given[0]} is given alone", "give start and end of a break, or neither",
            "HR102",
        )  # fmt: skip
    pause = _later("break_start", row, start, zone, may_touch=True)
    back = _later("break_end", row, pause, zone)
    _check_span("break_end", pause, back)
    if back > end:
        raise _BadCellError(
            "break_start", "the break lies outside of its shift", "check the times of both"
        )
    kind, is_paid = break_of(contract, int((back - pause).total_seconds()) // 60)
    return [*parts, Part(kind, pause, back, is_paid=is_paid)]


def _start(row: Row, zone: ZoneInfo) -> datetime:
    """The instant at which a row begins."""
    if not isinstance(row["start"], int):
        return instant(row["start"], zone)
    if row["date"] is None:
        raise _BadCellError(
            "date", "start is a time of day, and the row has no date",
            "give the date in a column, or write the start like 2026-10-19T08:00", "HR102",
        )  # fmt: skip
    return at_minute(row["date"], row["start"], zone)


def _later(
    column: str, row: Row, after: datetime, zone: ZoneInfo, *, may_touch: bool = False
) -> datetime:
    """The instant of a cell that lies after another; a time of day may be on the next date."""
    value: int | datetime = row[column]

    def is_after(moment: datetime) -> bool:
        return moment > after or (may_touch and moment == after)

    if isinstance(value, int):
        day = after.astimezone(zone).date()
        found = at_minute(day, value, zone)
        return found if is_after(found) else at_minute(day + timedelta(days=1), value, zone)
    found = instant(value, zone)
    if not is_after(found) and value.tzinfo is None:
        # The second of two equal wall times: a night shift that ends in the repeated hour.
        found = value.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if not is_after(found):
        before = "break_start" if column == "break_end" else "start"
        raise _BadCellError(column, f"{column} is not after {before}", "check times and dates")
    return found


def _check_span(column: str, start: datetime, end: datetime) -> None:
    """Whole minutes, and no more than a day of them."""
    if start.second or end.second:
        raise _BadCellError(column, "times are whole minutes", "leave the seconds away", "HR108")
    if end - start > SHIFT_MAX:
        hours = (end - start).total_seconds() / 3600
        raise _BadCellError(
            column, f"the row lasts {hours:.1f} hours, the most are 24", "check the dates"
        )
