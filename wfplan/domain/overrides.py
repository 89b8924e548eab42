"""The planner's hand: layers that change a forecast, each with its author and its reason.

A change is written ``+10%``, ``=12/interval``, ``=1200/day``, ``copy 2026-W41`` or
``copy 2026-W41 +5%``. Layers lie on top of each other in the order of their table: a
percentage is of what lies below, a value and a week replace it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from wfplan.domain.base import Model
from wfplan.domain.cells import unguarded
from wfplan.horizon import Window

PERCENT_LARGEST = 1000.0
VALUE_LARGEST = 1e6  # contacts

_NUMBER = r"\d+(?:\.\d+)?"
_PERCENT = re.compile(rf"(?P<percent>[+-]?\s*{_NUMBER})\s*%")
_VALUE = re.compile(rf"=?\s*(?P<value>-?{_NUMBER})\s*(?:/|\s(?:an?|per)\s)\s*(?P<per>interval|day)")
_COPY = re.compile(rf"copy\s+(?P<week>\d{{4}}-w\d{{1,2}})(?:\s*(?P<percent>[+-]\s*{_NUMBER})\s*%)?")
_BARE = re.compile(rf"=?\s*{_NUMBER}")
_SEVERAL = re.compile(r"=.*%|%.*=|%.*%|copy.*=|copy.*copy", re.DOTALL)
_COMMA = re.compile(r"(\d),(\d)")
_HINT = "write +10%, =12/interval, =1200/day, copy 2026-W41 or copy 2026-W41 +5%"


class ChangeKind(StrEnum):
    """What a change does with what lies below it."""

    PERCENT = "percent"
    INTERVAL = "interval"  # a value of each interval
    DAY = "day"  # a total of each day
    COPY = "copy"  # a week of the history


class Change(Model):
    """
    What a layer does: ``amount`` is percent, or contacts an interval or a day.

    Of a copy, ``monday`` begins the week and ``amount`` is what is added in percent.
    """

    kind: ChangeKind
    amount: float = 0.0
    monday: date | None = None

    @property
    def text(self) -> str:
        """The change as it is written."""
        if self.kind is ChangeKind.PERCENT:
            return f"{self.amount:+.10g}%"
        if self.monday is None:
            return f"={self.amount:.10g}/{self.kind}"
        year, week, _ = self.monday.isocalendar()
        return f"copy {year}-W{week:02}" + (f" {self.amount:+.10g}%" if self.amount else "")


class Override(Model):
    """
    One layer: a change of a channel (empty: all) from date to date, both included.

    ``times`` are windows of wall time on each of the dates; none means all day. A layer that
    is not active is kept and shown, and changes nothing.
    """

    override_id: str
    change: Change
    first: date
    last: date
    author: str
    reason: str
    channel: str = ""
    times: tuple[Window, ...] = ()
    made_at: datetime | None = None
    is_active: bool = True

    def is_about(self, channel: str) -> bool:
        """Whether the layer changes a channel."""
        return self.channel in ("", channel)

    @property
    def days(self) -> tuple[date, ...]:
        """The dates that it is about."""
        count = (self.last - self.first).days + 1
        return tuple(self.first + timedelta(days=n) for n in range(count))

    @property
    def replaces(self) -> bool:
        """Whether what lies below has no say any more."""
        return self.change.kind is not ChangeKind.PERCENT


class BadChangeError(ValueError):
    """A text that is no change: why, and how to go on."""

    def __init__(self, reason: str, hint: str = _HINT) -> None:
        self.reason, self.hint = reason, hint
        super().__init__(f"{reason}; {hint}")


def read_change(text: str) -> Change:
    """
    The change of a text.

    Raises
    ------
    BadChangeError
        When it is none, says two things at once, or says too much or too little.
    """
    text = unguarded(text.strip())
    word = " ".join(text.casefold().split())
    if match := _PERCENT.fullmatch(word):
        return Change(kind=ChangeKind.PERCENT, amount=_percent(match["percent"], text))
    if match := _VALUE.fullmatch(word):
        value = float(match["value"])
        if not 0 <= value <= VALUE_LARGEST:
            span = f"contacts cannot be fewer than 0 or more than {VALUE_LARGEST:g}"
            raise BadChangeError(f"'{text}' cannot be: {span}", "correct the value")
        return Change(kind=ChangeKind(match["per"]), amount=value)
    if match := _COPY.fullmatch(word):
        percent = match["percent"]
        amount = _percent(percent, text) if percent else 0.0
        return Change(kind=ChangeKind.COPY, amount=amount, monday=_monday(match["week"]))
    raise _no_change(word, text)


def _no_change(word: str, text: str) -> BadChangeError:
    """Why a text is no change."""
    if _COMMA.search(word):
        return BadChangeError(f"'{text}' has a decimal comma", "write a point, like +2.5%")
    if _SEVERAL.search(word):
        hint = "write two rows: the later one lies on top of the other"
        return BadChangeError(f"'{text}' says two things at once", hint)
    if _BARE.fullmatch(word):
        number = word.removeprefix("=").strip()
        hint = f"write ={number}/interval, ={number}/day or +{number}%"
        return BadChangeError(f"'{text}' does not say of what", hint)
    return BadChangeError(f"'{text}' is not a change")


def _percent(text: str, whole: str) -> float:
    """A percentage that a forecast can be changed by."""
    percent = float(text.replace(" ", ""))
    if not -100 <= percent <= PERCENT_LARGEST:
        span = f"use -100% to +{PERCENT_LARGEST:g}%"
        raise BadChangeError(f"'{whole}' leaves no forecast", span)
    return percent


def _monday(text: str) -> date:
    """The Monday of an ISO week such as ``2026-w41``."""
    year, week = (int(part) for part in text.split("-w"))
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError:
        raise BadChangeError(f"there is no week {text.upper()}", "check the week") from None


@dataclass(frozen=True)
class LayerDay:
    """What one layer made of the contacts of a channel on a date."""

    channel: str
    day: date
    layer: str  # an override's id, external, scenario or hand edit
    change: str
    before: float  # contacts
    after: float
    author: str = ""
    reason: str = ""
