"""What is said of HR's files on the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wfplan.domain.tables import TABLES
from wfplan.errors import UsageError, did_you_mean
from wfplan.intake.delimited import DELIMITERS
from wfplan.intake.naming import same_word

HR_TABLES = (
    "agents",
    "skills",
    "availability",
    "time_off",
    "history",
    "constraints",
    "survey_groups",
)
LEFT_OUT = "-"
EXTRA = {"agents": ("fte", "first_name", "last_name")}
"""Columns of exports that are turned into columns of a table."""
DATE_ORDERS = ("dmy", "mdy", "ymd")


def hr_tables() -> tuple[str, ...]:
    """The tables that HR may hand over."""
    return tuple(name for name in HR_TABLES if name in TABLES)


@dataclass(frozen=True)
class Asked:
    """Files (each with its table, or an empty text), and how to read them."""

    files: tuple[tuple[str, Path], ...]
    maps: Mapping[str, str] = field(default_factory=dict)  # caption in one word, column
    layout: str = ""
    full_time_hours: float | None = None
    is_comma: bool = False
    date_order: str = ""
    delimiter: str = ""


def asked_of(
    files: Sequence[str],
    maps: Sequence[str] = (),
    *,
    layout: str = "",
    full_time_hours: float | None = None,
    is_comma: bool = False,
    date_order: str = "",
    delimiter: str = "",
) -> Asked:
    """
    The files and settings that somebody typed.

    Raises
    ------
    UsageError
        When a map has no column, names one that no table has, or an order of dates or a delimiter
        is none.
    """
    if date_order and date_order not in DATE_ORDERS:
        raise UsageError(f"--date-format {date_order} is none of dmy, mdy and ymd.")
    mark = {word: sign for sign, word in DELIMITERS.items()}.get(delimiter, delimiter)
    if mark and mark not in DELIMITERS:
        raise UsageError(f"--delimiter {delimiter} is none of {', '.join(DELIMITERS.values())}.")
    pairs = dict(_pair(text) for text in maps)
    found = tuple(_file(text) for text in files)
    return Asked(found, pairs, layout, full_time_hours, is_comma, date_order, mark)


def _file(text: str) -> tuple[str, Path]:
    """``agents=staff.csv``, or a file alone."""
    table, mark, path = text.partition("=")
    if not mark or Path(text).exists():
        return "", Path(text)
    name = same_word(table)
    if name not in hr_tables():
        hint = did_you_mean(name, hr_tables()) or f"the tables are {', '.join(hr_tables())}"
        raise UsageError(f"{text}: '{table}' is no table of HR; {hint}.")
    if not path:
        raise UsageError(f"{text} names no file: write {name}=FILE.")
    return name, Path(path)


def _pair(text: str) -> tuple[str, str]:
    """``Scheduled Weekly Hours=contract_hours_week`` as caption and column."""
    caption, mark, column = text.rpartition("=")
    word, name = same_word(caption), same_word(column) or column.strip()
    if not mark or not word or not name:
        raise UsageError(
            f'--map "{text}" is not CAPTION=COLUMN, as in "Scheduled Weekly '
            'Hours=contract_hours_week"; CAPTION=- leaves a column out.'
        )
    known = {column for table in hr_tables() for column in (*TABLES[table].names,
             *EXTRA.get(table, ()))}  # fmt: skip
    if name != LEFT_OUT and name not in known:
        hint = did_you_mean(name, known) or "'wfplan schema agents' lists the columns"
        raise UsageError(f"--map \"{text}\": no table of HR has a column '{name}'; {hint}.")
    return word, name
