"""One text for one value: ``40.0`` is ``40``, ``Yes`` is ``true``, ``8:00`` is ``08:00``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from wfplan.domain.columns import Column, ColumnType
from wfplan.intake.book import BadValueError
from wfplan.intake.values import reader


def canonical_texts(texts: tuple[str, ...], column: Column) -> tuple[str, ...]:
    """The texts of a column with those that can be read in one form; the others as they are."""
    write = _WRITERS.get(column.type)
    if write is None:
        return texts
    read = reader(column)
    return tuple(_text(text, read, write) for text in texts)


def _text(text: str, read: Callable[[str], Any], write: Callable[[Any], str]) -> str:
    """One text in the form of its value."""
    if not text:
        return text
    try:
        return write(read(text))
    except BadValueError:
        return text


def _number(value: float) -> str:
    return repr(int(value)) if value == int(value) else repr(value)


def _moment(value: date | datetime) -> str:
    """A date, a wall time, or an instant in UTC."""
    if not isinstance(value, datetime):
        return value.isoformat()
    if value.tzinfo is None:
        return value.isoformat(timespec="minutes" if not value.second else "seconds")
    utc = value.astimezone(UTC).replace(tzinfo=None)
    return utc.isoformat(timespec="minutes" if not utc.second else "seconds") + "Z"


def _clock(value: int) -> str:
    return f"{value // 60:02}:{value % 60:02}"


_WRITERS: dict[ColumnType, Callable[[Any], str]] = {
    ColumnType.NUMBER: _number,
    ColumnType.COUNT: str,
    ColumnType.DATE: _moment,
    ColumnType.INSTANT: _moment,
    ColumnType.MOMENT: _moment,
    ColumnType.TIME: _clock,
    ColumnType.TRUTH: lambda value: "true" if value else "false",
    ColumnType.CHOICE: str,
}
