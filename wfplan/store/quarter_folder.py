"""A quarter as a folder: its tables, its page, what was asked; week by week the runs beside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from wfplan.domain.atomic import write_file
from wfplan.domain.cells import csv_text
from wfplan.domain.columns import Column, Table
from wfplan.domain.columns import ColumnType as Type
from wfplan.domain.quarters import PEOPLE, SERVICE, TABLES, Quarter
from wfplan.errors import Fault, InputFaultsError, OutputError, UsageError

QUARTER_SCHEMA = "wfplan-quarter/1"
QUARTER_PAGE = "quarter.html"
ABOUT = "quarter.json"


def open_quarter(
    folder: Path, asked: Mapping[str, Any], *, is_resumed: bool, is_forced: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    What is kept of a quarter: rows about people and about service; empty of a new one.

    Raises
    ------
    OutputError
        When something else is there, or a quarter that nobody asked to go on with.
    UsageError
        When the quarter there was asked for otherwise.
    """
    about = _about(folder)
    if about is None:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise OutputError(
                f"{folder} holds something that is no quarter, so nothing is written there. Give "
                "another --out, or empty it yourself."
            )
        is_resumed = False
    elif not is_resumed and not is_forced:
        raise OutputError(
            f"{folder} holds a quarter already. --resume goes on with it, --force plans it anew, "
            "and --out writes another."
        )
    if about is not None and is_resumed:
        _require_same(folder, about["asked"], asked)
    write_file(folder / ABOUT, _json({"schema": QUARTER_SCHEMA, "asked": dict(asked)}))
    if not is_resumed:
        return _empty(PEOPLE), _empty(SERVICE)
    return _read(folder, PEOPLE), _read(folder, SERVICE)


def is_quarter(folder: Path) -> bool:
    """Whether a folder is one of a quarter."""
    return _about(folder) is not None


def quarters_under(root: Path) -> list[Path]:
    """The quarters in a folder, itself one, too."""
    found = [path.parent for path in root.rglob(ABOUT)] if root.is_dir() else []
    return sorted(folder for folder in found if is_quarter(folder))


def write_quarter(found: Quarter, folder: Path, *, page: str | None) -> list[Path]:
    """Write the tables of a quarter, and its page; each file is the old one or the new one."""
    frames = dict(zip(TABLES, (found.people, found.service, found.spreads), strict=True))
    files = {table.file: _csv(frame).encode() for table, frame in frames.items()}
    if page is not None:
        files[QUARTER_PAGE] = page.encode()
    for name, content in files.items():
        write_file(folder / name, content)
    return [folder / name for name in files]


def _about(folder: Path) -> dict[str, Any] | None:
    """What a quarter's folder says of itself; None of another folder."""
    try:
        content: Any = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    is_ours = isinstance(content, dict) and content.get("schema") == QUARTER_SCHEMA
    return content if is_ours and isinstance(content.get("asked"), dict) else None


def _require_same(folder: Path, was: Mapping[str, Any], asked: Mapping[str, Any]) -> None:
    """Refuse to go on with a quarter in another way."""
    other = [f"{name} {was.get(name)}, not {value}" for name, value in asked.items()
             if was.get(name) != value]  # fmt: skip
    if other:
        raise UsageError(
            f"{folder} was planned with {'; '.join(other)}: go on with the same options, or plan "
            "it anew with --force or elsewhere with --out."
        )


def _read(folder: Path, table: Table) -> pd.DataFrame:
    """A table that was written here before."""
    path = folder / table.file
    if not path.exists():
        return _empty(table)
    try:
        frame = pd.read_csv(path, dtype=_types(table), keep_default_na=False, na_values={
            name: [""] for name, kind in _types(table).items() if kind != "str"})  # fmt: skip
        for column in table.columns:
            if column.type is Type.DATE:
                frame[column.name] = [date.fromisoformat(one) for one in frame[column.name]]
        return frame[list(table.names)]
    except (OSError, ValueError, KeyError) as error:
        hint = "leave out --resume and plan the quarter anew with --force"
        fault = Fault(f"the table cannot be read ({type(error).__name__})", file=str(path),
                      hint=hint)  # fmt: skip
        raise InputFaultsError([fault]) from error


def _empty(table: Table) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in _types(table).items()})


def _types(table: Table) -> dict[str, str]:
    return {column.name: _type(column) for column in table.columns}


def _type(column: Column) -> str:
    if column.type is Type.COUNT:
        return "int64"
    return "float64" if column.type is Type.NUMBER else "str"


def _csv(frame: pd.DataFrame) -> str:
    """A frame as CSV, unknown values empty."""
    columns = [
        [None if gone else one for one, gone in zip(column.tolist(), column.isna(), strict=True)]
        for column in (frame[name] for name in frame)
    ]
    return csv_text([str(name) for name in frame], zip(*columns, strict=True))


def _json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
