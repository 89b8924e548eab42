"""What tables and columns are, and the columns that many tables share.

Instants are UTC in run folders (ISO 8601 with ``Z``); in plan folders a time
stamp with an offset or ``Z`` is an instant, one without is wall time. ``unit``
says what a number counts; an empty unit is a bare count or a text.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ColumnType(StrEnum):
    """How the text of a cell is read."""

    TEXT = "text"
    ID = "id"  # [A-Za-z0-9._-]{1,64}
    EMAIL = "e-mail"
    ZONE = "time zone"  # IANA name
    NUMBER = "number"
    COUNT = "whole number"
    DATE = "date"  # 2026-10-19
    INSTANT = "instant"  # 2026-10-19T07:15Z, or wall time without an offset
    MOMENT = "date or instant"
    TIME = "time"  # 07:15; 24:00 is the end of the day
    TIME_OR_INSTANT = "time or instant"
    TRUTH = "true or false"
    CHOICE = "one of"
    HOURS = "hours"  # 10:00-16:00, several with a comma between
    CHANGE = "change"  # +10%, =1200/day, copy 2026-W41
    LIST = "list"  # A001; A002: a semicolon or a bar between


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its type and unit, whether it must be filled, and what it means."""

    name: str
    type: ColumnType
    meaning: str
    example: str
    unit: str = ""
    is_required: bool = False
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    default: str = ""  # what an empty cell means, in words

    @property
    def type_text(self) -> str:
        """The type with its choices and range, for people."""
        if self.choices:
            return f"{self.type} {', '.join(self.choices)}"
        if self.low is None and self.high is None:
            return str(self.type)
        if self.high is None:
            return f"{self.type} from {self.low:g}"
        return f"{self.type} {self.low or 0:g} to {self.high:g}"

    def as_dict(self) -> dict[str, Any]:
        """The column as ``wfplan schema --json`` gives it."""
        return {
            "name": self.name,
            "type": str(self.type),
            "unit": self.unit,
            "required": self.is_required,
            "choices": list(self.choices),
            "low": self.low,
            "high": self.high,
            "default": self.default,
            "meaning": self.meaning,
            "example": self.example,
        }


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a plan (``input``), a run, a backtest, or of any file (``given``)."""

    name: str
    place: str  # "input", "run", "backtest" or "given"
    file: str
    meaning: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that must be there."""
        return tuple(column.name for column in self.columns if column.is_required)

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    def as_dict(self) -> dict[str, Any]:
        """The table as ``wfplan schema --json`` gives it."""
        return {
            "name": self.name,
            "place": self.place,
            "file": self.file,
            "meaning": self.meaning,
            "columns": [column.as_dict() for column in self.columns],
        }

    def as_text(self, width: int = 100) -> str:
        """The table as ``wfplan schema TABLE`` prints it."""
        places = {"input": "plan folder, [inputs]", "run": "run folder", "backtest": "backtest"}
        where = places.get(self.place, "any file")
        lines = [f"{self.name} ({self.file}; {where})"]
        lines += textwrap.wrap(self.meaning, width, initial_indent="  ", subsequent_indent="  ")
        label = max(len(name) for name in self.names) + 2
        for column in self.columns:
            lines += _column_lines(column, label, width)
        return "\n".join(lines)


def _column_lines(column: Column, label: int, width: int) -> list[str]:
    """A column as a line of type and unit, and a wrapped paragraph of meaning."""
    mark = "*" if column.is_required else " "
    unit = f", {column.unit}" if column.unit else ""
    default = f" Empty: {column.default}." if column.default else ""
    indent = " " * (label + 2)
    return [
        f"{mark} {column.name:<{label}}{column.type_text}{unit}",
        *textwrap.wrap(
            f"{column.meaning}{default} Example: {column.example}",
            width,
            initial_indent=indent,
            subsequent_indent=indent,
        ),
    ]


AGENT = Column(
    "agent_id", ColumnType.ID, "Who: the id of the agents table.", "A001", is_required=True
)
CHANNEL = Column("channel", ColumnType.TEXT, "A channel of the plan.", "voice", is_required=True)
START = Column(
    "interval_start",
    ColumnType.INSTANT,
    "When the interval begins.",
    "2026-10-19T07:15:00Z",
    is_required=True,
)


def number(name: str, meaning: str, example: str, unit: str, **more: Any) -> Column:
    """A column of numbers that are not negative."""
    return Column(name, ColumnType.NUMBER, meaning, example, unit, **{"low": 0.0, **more})


def count(name: str, meaning: str, example: str, unit: str, **more: Any) -> Column:
    """A column of whole numbers that are not negative."""
    return Column(name, ColumnType.COUNT, meaning, example, unit, **{"low": 0.0, **more})
