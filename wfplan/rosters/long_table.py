"""
Layout ``table``: the columns of ``schedule.csv``, one row per activity.

As CSV, Parquet, or the sheet ``Schedule`` of a workbook, where moments may be dates of the
spreadsheet: those of ``start_utc`` and ``end_utc`` are UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wfplan.domain.people import Agent
from wfplan.domain.run_tables import SCHEDULE
from wfplan.domain.schedule_rows import DatedShift, ShiftState
from wfplan.errors import InputFaultsError
from wfplan.intake import columnar, files
from wfplan.intake.book import FaultBook
from wfplan.intake.grid import Grid
from wfplan.intake.long_table import LONG_TABLE
from wfplan.intake.naming import same_word
from wfplan.rosters.given import GivenShift, Part, Reading, Spot
from wfplan.rosters.known import Known
from wfplan.rosters.sources import Source
from wfplan.store.reading import Faults, Row, rows_of, rows_of_text
from wfplan.store.schedule_table import shifts_of, told_of


def fits(source: Source) -> bool:
    """Whether a table has the columns that no other one has together."""
    return source.has_columns(LONG_TABLE, sheet=SCHEDULE.name)


def read(sources: Sequence[Source], known: Known, book: FaultBook) -> Reading:
    """The shifts of tables, cancelled ones left out."""
    reading = Reading()
    for source in sources:
        faults = Faults(source.name)
        try:
            rows = _rows(source, faults, book)
            gone = {row["shift_id"] for row in rows if row["state"] == ShiftState.CANCELLED}
            reading.left["cancelled shifts"] += len(gone)
            rows = [row for row in rows if row["state"] != ShiftState.CANCELLED]
            ours = [row for row in rows if _is_known(row, source, known)]
            shifts = shifts_of(ours, known.problem.agents, faults)
        except InputFaultsError as error:
            book.faults += error.faults
            continue
        lines = {row["shift_id"]: row.line for row in reversed(ours)}
        for shift in shifts:
            parts = tuple(
                Part(one.category, one.start, one.end, one.code, one.is_paid, one.activity_id)
                for one in shift.activities
            )
            spot = Spot(source.name, lines[shift.shift_id], "start_utc")
            reading.shifts.append(
                GivenShift(shift.agent_id, shift.start, shift.end, spot, parts, shift.shift_id,
                           shift.is_locked, is_exact=True)
            )  # fmt: skip
    return reading


def told(source: Source, agents: Sequence[Agent], zone: str, book: FaultBook) -> list[DatedShift]:
    """
    What a table says was told: shifts with revision and state, cancelled ones included.

    Of a cancelled one nothing but its span is known; ``zone`` is of people whom nobody knows.
    """
    faults = Faults(source.name)
    try:
        rows = _rows(source, faults, book)
        return list(told_of(rows, agents, faults, zone_of_others=zone))
    except InputFaultsError as error:
        book.faults += error.faults
        return []


def _is_known(row: Row, source: Source, known: Known) -> bool:
    """Whether the person of a row is in the plan."""
    spot = Spot(source.name, row.line, "agent_id")
    return known.agent(row["agent_id"], "", spot) is not None


def _rows(source: Source, faults: Faults, book: FaultBook) -> list[Row]:
    """The typed rows of a table of any kind."""
    if source.is_workbook or columnar.is_parquet(source.content):
        grid = source.grid(SCHEDULE.name, SCHEDULE.names, book)
        return rows_of(_lines(grid), SCHEDULE, faults)
    text = files.decoded(source.content)
    for note in text.notes:
        book.warn(note, file=source.name)
    return rows_of_text(text.text, SCHEDULE, faults)


def _lines(grid: Grid) -> Iterator[tuple[int, list[str]]]:
    """The header of a grid and its rows; moments without an offset are UTC, or left to UTC."""
    names = [same_word(word) for word in grid.header]
    yield grid.header_line, names
    columns = [[cells.texts[code] for code in cells.codes] for cells in grid.columns]
    for row, line in enumerate(grid.lines.tolist()):
        yield (
            line,
            [_moment(name, column[row]) for name, column in zip(names, columns, strict=True)],
        )


def _moment(name: str, text: str) -> str:
    """A cell, if of a moment with its offset; a spreadsheet's own moments have none."""
    if not name.endswith(("_utc", "_local")) or len(text) < len("2026-10-19T07:00"):
        return text
    if text.endswith("Z") or "+" in text[10:] or "-" in text[10:]:
        return text
    return f"{text}Z" if name.endswith("_utc") else ""
