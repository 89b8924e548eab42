"""Time stamps of reports: ISO, Unix time, and dates with slashes whose order the column shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from wfplan.domain.columns import START
from wfplan.intake.book import BadValueError, shown
from wfplan.intake.values import read_instant

DAY_FIRST, MONTH_FIRST = "day-month", "month-day"

_UNIX = re.compile(r"[0-9]{10}(?:[0-9]{3})?")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})[ T]?([0-9]{2}):?([0-9]{2})(?::?([0-9]{2}))?")
_NAMED_ZONE = re.compile(r"(.*)\[[A-Za-z_]+(?:/[A-Za-z_+\-0-9]+)*\]")  # ...+01:00[Europe/Dublin]
_DAY = re.compile(r"[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}")
_RANGE = re.compile(  # 08:00-08:15 alone; behind a date the hyphen has a blank, or it is an offset
    r"([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\s*[AaPp][Mm])?)\s*[-\u2013]\s*[0-9]{1,2}:[0-9]{2}.*"
    r"|(.+[0-9]:[0-9]{2}(?:\s*[AaPp][Mm])?)\s*[-\u2013]\s+[0-9]{1,2}:[0-9]{2}.*"
)
_DATED = re.compile(
    r"(?P<a>[0-9]{1,4})[./-](?P<b>[0-9]{1,2})[./-](?P<c>[0-9]{1,4}),?[ T]+"
    r"(?P<h>[0-9]{1,2})[:.](?P<m>[0-9]{2})(?:[:.](?P<s>[0-9]{2})(?:\.[0-9]+)?)?"
    r"(?:\s*(?P<half>[AaPp])\.?\s?[Mm]\.?)?\s*(?P<zone>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?"
)


@dataclass(frozen=True)
class ReadStamps:
    """
    Stamps of distinct texts, None where one was refused; aware where they have an offset.

    ``unordered`` are dates of which nothing tells whether day or month comes first: None, too.
    """

    values: tuple[datetime | None, ...]
    refused: dict[int, BadValueError]
    unordered: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()

    @property
    def is_naive(self) -> bool:
        """Whether a stamp has no offset."""
        return any(stamp is not None and stamp.tzinfo is None for stamp in self.values)


def read_stamps(texts: Sequence[str], order: str) -> ReadStamps:
    """
    The moments of a column.

    Parameters
    ----------
    texts
        Its distinct texts.
    order
        ``day-month`` or ``month-day`` where the customer says it; else empty, and the column
        tells by a number above 12 where one stands.
    """
    matches = [_dated(text) for text in texts]
    found = order or order_of(texts)
    unordered = {code for code, match in enumerate(matches) if not found and _needs_order(match)}
    values: list[datetime | None] = []
    refused: dict[int, BadValueError] = {}
    for code, (text, match) in enumerate(zip(texts, matches, strict=True)):
        if code in unordered:
            values.append(None)
            continue
        try:
            values.append(_stamp(text, match, found))
        except BadValueError as bad:
            refused[code] = bad
            values.append(None)
    notes = []
    if any(_UNIX.fullmatch(text) for text in texts):
        notes.append("times are Unix time: read as UTC")
    return ReadStamps(tuple(values), refused, frozenset(unordered), tuple(notes))


def start_of(text: str) -> str:
    """The start of ``08:00 - 08:15``, with or without a date before it; other texts as they are."""
    match = None if _is_iso(text) else _RANGE.fullmatch(text)
    return (match[1] or match[2]).rstrip() if match else text


def is_date(text: str) -> bool:
    """Whether a text is a date with slashes, without a time of day."""
    return bool(_DAY.fullmatch(text))


def order_of(texts: Iterable[str]) -> str:
    """
    Which comes first in dates with slashes, as numbers above 12 show it.

    Empty where none does, or they contradict each other.
    """
    matches = (_dated(text) for text in texts)
    pairs = [
        (int(match["a"]), int(match["b"])) for match in matches if match and _needs_order(match)
    ]
    is_day_first = any(first > 12 for first, _ in pairs)
    is_month_first = any(second > 12 for _, second in pairs)
    if is_day_first == is_month_first:
        return ""
    return DAY_FIRST if is_day_first else MONTH_FIRST


def _dated(text: str) -> re.Match[str] | None:
    """The parts of a date with slashes, points or hyphens; none of one in ISO, which are most."""
    return None if _is_iso(text) else _DATED.fullmatch(text)


def _is_iso(text: str) -> bool:
    """Whether a text begins like 2026-10-19T07:15."""
    return text[4:5] == "-" and text[7:8] == "-" and text[10:11] in ("T", " ")


def _needs_order(match: re.Match[str] | None) -> bool:
    """Whether a date may have its day or its month first."""
    return match is not None and len(match["a"]) < 4


def _stamp(text: str, match: re.Match[str] | None, order: str) -> datetime:
    """One stamp."""
    if not text:
        raise BadValueError("is missing", "fill it in, like 2026-10-19T07:15", "HR102")
    if _is_iso(text):
        named = _NAMED_ZONE.fullmatch(text) if text.endswith("]") else None
        return read_instant(named[1] if named else text, START)
    if _UNIX.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    if compact := _COMPACT.fullmatch(text):
        return _made(text, *(int(part or 0) for part in compact.groups()))
    if match is None:
        return read_instant(text, START)
    a, b, c = (int(match[part]) for part in "abc")
    if len(match["a"]) == 4:
        year, month, day = a, b, c
    else:
        year = c + 2000 if c < 100 else c
        day, month = (a, b) if order == DAY_FIRST else (b, a)
    stamp = _made(text, year, month, day, _hour(match, text), int(match["m"]), int(match["s"] or 0))
    return stamp if not match["zone"] else _with_zone(stamp, match["zone"])


def _with_zone(stamp: datetime, zone: str) -> datetime:
    """A stamp at its offset."""
    offset = "+00:00" if zone in ("Z", "UTC", "GMT") else zone
    return datetime.fromisoformat(f"{stamp.isoformat()}{offset}")


def _hour(match: re.Match[str], text: str) -> int:
    """The hour of the 24-hour clock."""
    hour, half = int(match["h"]), (match["half"] or "").casefold()
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise BadValueError(f"'{shown(text)}' has no such hour", "", "HR108")
    return hour % 12 + (12 if half == "p" else 0)


def _made(text: str, *parts: Any) -> datetime:
    """A stamp of its parts."""
    try:
        return datetime(*parts)
    except (ValueError, OverflowError):
        raise BadValueError(
            f"'{shown(text)}' is no date with a time of day: there is no such day or hour",
            "check day and month; dates under [contacts] says which comes first",
            "HR108",
        ) from None
