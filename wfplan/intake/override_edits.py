"""Override layers added to a plan's table, taken back, and put back; rows are never lost.

The table is checked whole as it would be, with the plan's own checks, before it takes the
place of the old one. Its delimiter and byte order mark stay.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from wfplan.domain.atomic import write_file
from wfplan.domain.cells import BOM, cell
from wfplan.domain.hand_tables import OVERRIDES
from wfplan.domain.overrides import Override
from wfplan.domain.problem import PlanningProblem
from wfplan.errors import Fault, InputFaultsError, UsageError, did_you_mean
from wfplan.intake.book import FaultBook
from wfplan.intake.delimited import DELIMITERS, read_delimited
from wfplan.intake.load import load_plan, overrides_of
from wfplan.intake.reading import PLAN_FILE, Folder, sheet_of
from wfplan.intake.toml_text import read_toml
from wfplan.intake.workbook import is_workbook

_HEADER = re.compile(r"^[ \t]*\[[ \t]*inputs[ \t]*\][ \t]*(#[^\n]*)?\r?$", re.MULTILINE)


@dataclass(frozen=True)
class _Table:
    """The table of layers as its file has it: ``rows`` of texts by column name."""

    plan_file: Path
    name: str
    is_named: bool  # whether the plan file names it
    delimiter: str
    has_mark: bool
    rows: tuple[Mapping[str, str], ...]

    @property
    def path(self) -> Path:
        """The file."""
        return self.plan_file.parent / self.name

    def text(self, rows: Sequence[Mapping[str, str]]) -> str:
        """The file with other rows."""
        buffer = io.StringIO()
        writer = csv.writer(buffer, delimiter=self.delimiter, lineterminator="\n")
        writer.writerow(OVERRIDES.names)
        writer.writerows([row.get(name, "") for name in OVERRIDES.names] for row in rows)
        return buffer.getvalue()


def add_override(
    plan: Path, row: Mapping[str, str], made_at: datetime
) -> tuple[Override, PlanningProblem]:
    """
    Lay one more layer on the forecast of a plan.

    Parameters
    ----------
    row
        Texts by column of the table ``overrides``; an id is made where none is given.

    Raises
    ------
    InputFaultsError
        With all that is wrong with the layer, or with the plan; nothing is written then.
    """
    problem, table = load_plan(plan), _table(plan)
    taken = [one["id"] for one in table.rows]
    texts = {name: " ".join(text.split()) for name, text in row.items()}
    new = {
        **{name: cell(text) for name, text in texts.items()},
        "id": texts.get("id") or _next_id(taken),
        "made_at": cell(made_at),
        "active": "true",
    }
    rows = [*table.rows, new]
    layers = _checked(table, rows, problem, is_added=True)
    _write(table, rows)
    return layers[-1], problem


def set_active(plan: Path, override_id: str, *, is_active: bool) -> Override:
    """
    Take a layer back, or put it back; its row stays.

    Raises
    ------
    UsageError
        When the plan has no such layer, or it is so already.
    """
    problem, table = load_plan(plan), _table(plan)
    known = {layer.override_id: layer for layer in problem.overrides}
    if override_id not in known:
        hint = did_you_mean(override_id, known) or (
            f"they are {', '.join(known)}." if known else "it has none."
        )
        raise UsageError(f"The plan has no layer '{override_id}': {hint}")
    if known[override_id].is_active == is_active:
        state = "active already" if is_active else "taken back already"
        raise UsageError(f"Layer {override_id} is {state}: nothing was written.")
    word = "true" if is_active else "false"
    rows = [{**row, "active": word} if row["id"] == override_id else row for row in table.rows]
    layers = _checked(table, rows, problem, is_added=False)
    _write(table, rows)
    return next(layer for layer in layers if layer.override_id == override_id)


def _table(plan: Path) -> _Table:
    """The plan's table of layers, an empty one where it has none yet."""
    plan_file = plan / PLAN_FILE if plan.is_dir() else plan
    book = FaultBook()
    toml = read_toml(Folder(plan_file.parent, book), plan_file.name, book)
    inputs = toml.content.get("inputs", {}) if toml else {}
    name, is_named = inputs.get("overrides", OVERRIDES.file), "overrides" in inputs
    path = plan_file.parent / name
    if not path.exists():
        return _Table(plan_file, name, is_named, ",", False, ())
    raw = path.read_bytes()
    try:
        if is_workbook(raw) or raw[:4] == b"PAR1" or raw[:2] == b"\x1f\x8b":
            raise UnicodeDecodeError("utf-8", b"", 0, 1, "")
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise UsageError(
            f"{path} is not a CSV file in UTF-8, so no row is added or changed in it: edit it "
            "where it was made, or save it as CSV and name that under [inputs]."
        ) from None
    return _Table(plan_file, name, is_named, *_parsed(text, name))


def _parsed(text: str, name: str) -> tuple[str, bool, tuple[Mapping[str, str], ...]]:
    """Delimiter, byte order mark and rows of a table; columns stay texts."""
    has_mark, text = text.startswith(BOM), text.removeprefix(BOM)
    grid = read_delimited(text, name, OVERRIDES.names, FaultBook())
    first = next((line for line in text.splitlines() if line.strip()), ",")
    delimiter = max(DELIMITERS, key=first.count)
    names = [caption.strip().casefold() for caption in grid.header]
    columns = [[cells.texts[code] for code in cells.codes] for cells in grid.columns]
    rows = zip(*columns, strict=True)
    return delimiter, has_mark, tuple(dict(zip(names, row, strict=True)) for row in rows)


def _next_id(taken: Sequence[str]) -> str:
    """The first free id: L001, L002, ..."""
    number = 1 + max((int(name[1:]) for name in taken if re.fullmatch(r"L\d{1,9}", name)),
                     default=0)  # fmt: skip
    return f"L{number:03}"


def _checked(
    table: _Table, rows: Sequence[Mapping[str, str]], problem: PlanningProblem, *, is_added: bool
) -> tuple[Override, ...]:
    """The layers of rows; faults of one that is added are said of the options that gave it."""
    book = FaultBook()
    grid = read_delimited(table.text(rows), table.name, OVERRIDES.names, book)
    sheet = sheet_of(grid, OVERRIDES, book)
    layers = overrides_of(sheet, problem, book)
    last = int(grid.lines[-1]) if len(grid.lines) else 0
    faults = [
        replace(fault, file="", line=None, column=_option(fault.column))
        if is_added and fault.line == last
        else fault
        for fault in book.sorted_faults()
    ]
    if faults:
        raise InputFaultsError(faults)
    return layers


def _option(column: str) -> str:
    """The option that gives a column."""
    return f"--{column}" if column else ""


def _write(table: _Table, rows: Sequence[Mapping[str, str]]) -> None:
    """The table, and its name in the plan file where that has none yet."""
    mark = BOM if table.has_mark else ""
    plan_text = None if table.is_named else _with_input(table)
    write_file(table.path, (mark + table.text(rows)).encode("utf-8"))
    if plan_text is not None:
        write_file(table.plan_file, plan_text)


def _with_input(table: _Table) -> bytes:
    """The plan file with the table named under ``[inputs]``; comments and order stay."""
    raw = table.plan_file.read_bytes()
    text = raw.decode("utf-8", errors="surrogateescape")
    header = _HEADER.search(text)
    line = f'overrides = "{table.name}"'
    at = text.find("\n", header.start()) + 1 if header else 0
    if not at:
        reason = "has its [inputs] where no line can be added"
        hint = f"write it there yourself: {line}"
        raise InputFaultsError([Fault(reason, str(table.plan_file), hint=hint)])
    end = "\r\n" if text[:at].endswith("\r\n") else "\n"
    return f"{text[:at]}{line}{end}{text[at:]}".encode("utf-8", errors="surrogateescape")
