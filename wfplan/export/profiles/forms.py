"""How a mapping profile writes a value: units of time, dates by a pattern, numbers, words.

Patterns are the directives of ``strftime`` that are the same in every language; ``%-d`` leaves the
leading zero out on every machine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from wfplan.domain.cells import instant_cell
from wfplan.export.profiles.sources import Kind, Scope

Form = Callable[[object, Scope], object]
"""Writes a value of a scope."""

FORMS: Mapping[Kind, tuple[str, ...]] = {
    Kind.INSTANT: ("utc", "unix", "unix_ms", "local", "local_offset"),
    Kind.DATE: ("iso",),
    Kind.MINUTES: ("minutes", "hours", "seconds", "clock"),
    Kind.NUMBER: ("number", "text"),
    Kind.TEXT: ("text", "number"),
    Kind.TRUTH: ("truth", "number", "text"),
}
"""How each kind can be written, the first where nothing is said."""
ZONES = ("person", "schedule", "utc")
_DIRECTIVE = re.compile(r"%(-?)(.?)")
_PLACES = {"Y": 4, "y": 2, "m": 2, "d": 2, "H": 2, "I": 2, "M": 2, "S": 2, "j": 3}
_DATES = "Yymdj%"
_TIMES = "YymdjHIMSpz%"
_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,17}")


class NoNumberError(Exception):
    """A text that is no number, where the system takes numbers only."""


def form_of(kind: Kind, how: str, zone: str) -> Form:
    """
    The form of a kind by its name or pattern, in a zone.

    Raises
    ------
    ValueError
        When there is none of that name; the message says which there are.
    """
    how = how or FORMS[kind][0]
    if "%" in how and kind in (Kind.INSTANT, Kind.DATE):
        _require_pattern(how, _TIMES if kind is Kind.INSTANT else _DATES)
        return _patterned(how, zone) if kind is Kind.INSTANT else _dated(how)
    if how not in FORMS[kind]:
        patterns = ", or a pattern such as '%d.%m.%Y'"
        more = patterns if kind in (Kind.INSTANT, Kind.DATE) else ""
        raise ValueError(f"is no form of it; {', '.join(FORMS[kind])}{more} are")
    return _NAMED[kind, how](zone)


def zone_of(scope: Scope, zone: str) -> ZoneInfo:
    """The zone of a name: the person's, the schedule's, UTC, or one of the IANA's."""
    if zone in ("", "person"):
        return scope.zone
    return ZoneInfo({"schedule": scope.order.schedule.timezone, "utc": "UTC"}.get(zone, zone))


def number_of(text: str) -> int:
    """
    The whole number that a text is.

    Raises
    ------
    NoNumberError
        When it is none, or would not be the same again as a text.
    """
    if not _NUMBER.fullmatch(text):
        raise NoNumberError(text)
    return int(text)


def _require_pattern(pattern: str, directives: str) -> None:
    """Refuse directives that there are not."""
    for minus, letter in _DIRECTIVE.findall(pattern):
        if letter not in directives or not letter or (minus and letter not in _PLACES):
            known = " ".join(f"%{one}" for one in directives)
            raise ValueError(f"has %{minus}{letter}, which is no directive; {known} are")


def written(moment: datetime, pattern: str) -> str:
    """A local moment by a pattern."""
    return _DIRECTIVE.sub(lambda found: _directive(moment, found[1], found[2]), pattern)


def _directive(moment: datetime, minus: str, letter: str) -> str:
    """One directive of a pattern."""
    values = {
        "Y": moment.year, "y": moment.year % 100, "m": moment.month, "d": moment.day,
        "H": moment.hour, "I": (moment.hour - 1) % 12 + 1, "M": moment.minute,
        "S": moment.second, "j": moment.timetuple().tm_yday,
    }  # fmt: skip
    match letter:
        case "%":
            return "%"
        case "p":
            return "AM" if moment.hour < 12 else "PM"
        case "z":
            return moment.strftime("%z")[:5]
    return str(values[letter]) if minus else f"{values[letter]:0{_PLACES[letter]}d}"


def _patterned(pattern: str, zone: str) -> Form:
    def form(value: object, scope: Scope) -> str:
        assert isinstance(value, datetime)
        return written(value.astimezone(zone_of(scope, zone)), pattern)

    return form


def _dated(pattern: str) -> Form:
    def form(value: object, scope: Scope) -> str:
        assert isinstance(value, date)
        return written(datetime(value.year, value.month, value.day), pattern)

    return form


def _local(zone: str) -> Form:
    """``2026-10-24T22:00:00``, without a zone."""

    def form(value: object, scope: Scope) -> str:
        assert isinstance(value, datetime)
        wall = value.astimezone(zone_of(scope, zone)).replace(tzinfo=None)
        return wall.isoformat(timespec="seconds")

    return form


def _local_offset(zone: str) -> Form:
    """``2026-10-24T22:00:00+01:00``."""

    def form(value: object, scope: Scope) -> str:
        assert isinstance(value, datetime)
        return value.astimezone(zone_of(scope, zone)).isoformat(timespec="seconds")

    return form


def _of_instant(how: Callable[[datetime], object]) -> Callable[[str], Form]:
    def form(value: object, scope: Scope) -> object:
        assert isinstance(value, datetime)
        return how(value.astimezone(UTC))

    return lambda zone: form


def _of_whole(how: Callable[[int], object]) -> Callable[[str], Form]:
    def form(value: object, scope: Scope) -> object:
        assert isinstance(value, int)
        return how(value)

    return lambda zone: form


def _of_text(how: Callable[[str], object]) -> Callable[[str], Form]:
    return lambda zone: lambda value, scope: how(str(value))


def _hours(minutes: int) -> object:
    """Hours: whole ones as such, others to four places, from which minutes come back."""
    return minutes // 60 if minutes % 60 == 0 else round(minutes / 60, 4)


_NAMED: Mapping[tuple[Kind, str], Callable[[str], Form]] = {
    (Kind.INSTANT, "utc"): _of_instant(instant_cell),
    (Kind.INSTANT, "unix"): _of_instant(lambda at: int(at.timestamp())),
    (Kind.INSTANT, "unix_ms"): _of_instant(lambda at: int(at.timestamp()) * 1000),
    (Kind.INSTANT, "local"): _local,
    (Kind.INSTANT, "local_offset"): _local_offset,
    (Kind.DATE, "iso"): lambda zone: lambda value, scope: str(value),
    (Kind.MINUTES, "minutes"): _of_whole(int),
    (Kind.MINUTES, "hours"): _of_whole(_hours),
    (Kind.MINUTES, "seconds"): _of_whole(lambda minutes: minutes * 60),
    (Kind.MINUTES, "clock"): _of_whole(lambda minutes: f"{minutes // 60}:{minutes % 60:02d}"),
    (Kind.NUMBER, "number"): _of_whole(int),
    (Kind.NUMBER, "text"): _of_text(str),
    (Kind.TEXT, "text"): _of_text(str),
    (Kind.TEXT, "number"): _of_text(number_of),
    (Kind.TRUTH, "truth"): _of_whole(bool),
    (Kind.TRUTH, "number"): _of_whole(int),
    (Kind.TRUTH, "text"): _of_whole(lambda truth: "true" if truth else "false"),
}
