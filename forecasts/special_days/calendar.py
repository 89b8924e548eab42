"""
The calendar of a channel: which days are not ordinary, and under which names.

Kinds are ``holiday``, ``half_holiday`` (a day that is partly worked, such as a holiday's eve by
law), ``closed``, ``event``, ``campaign``, ``payday``, and ``period`` (a school term, a season: any
span of a user). What is not said of a day is learned (:mod:`forecasts.special_days.effects`).

A row may last: ``until`` a date with the same effect on every day, or ``days`` long with an effect
that is learned by day since the first, or, where it is stated, fades in equal steps of its
logarithm. ``lag_days`` later than its date is when its effect begins. Where an event or campaign
says nothing of this, days soon after it may still show an effect, and are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite
from typing import Any

import numpy as np
import pandas as pd

from forecasts.errors import ForecastError
from forecasts.history.series import ordinal
from forecasts.special_days.label import KINDS, Label
from forecasts.special_days.pool import NOTHING_KNOWN, Known

COLUMNS = ("day", "kind", "name", "channel", "factor", "until", "days", "lag_days")
AFTERMATH_DAYS = 3  # looked at after an event that does not say how long it lasts
PAYDAY_DAYS = 2  # the day that pays, and the next
LONGEST_DAYS = 400
LONG_DAYS = 7  # from which on a span is a part of ordinary life, to be learned with it
LATEST_DAYS = 60  # after its date


@dataclass(frozen=True)
class Entry:
    """What a row says of one day; ``factor`` is NaN where it is to be learned."""

    day: int
    kind: str
    name: str
    factor: float
    since: int = 0

    @property
    def label(self) -> Label:
        """Under which its effect is learned."""
        return Label(self.kind, self.name, self.since)


@dataclass(frozen=True)
class Calendar:
    """The entries of one channel by day, and what other channels know of such days."""

    entries: dict[int, tuple[Entry, ...]] = field(default_factory=dict)
    known: Known = NOTHING_KNOWN

    @cached_property
    def off(self) -> frozenset[int]:
        """Days that are a holiday or closed."""
        return frozenset(
            day
            for day, own in self.entries.items()
            if any(entry.kind in ("holiday", "closed") for entry in own)
        )

    def is_off(self, day: int) -> bool:
        """Whether a day is a holiday or closed."""
        return day in self.off

    def is_closed(self, day: int) -> bool:
        """Whether the calendar says that nothing is open."""
        return any(entry.kind == "closed" for entry in self.entries.get(day, ()))

    def stated(self, day: int) -> float:
        """Product of the factors that the calendar states for a day."""
        factors = [e.factor for e in self.entries.get(day, ()) if isfinite(e.factor)]
        return float(np.prod(factors)) if factors else 1.0

    def is_stated(self, day: int) -> bool:
        """Whether the calendar states any effect of a day."""
        return any(isfinite(entry.factor) for entry in self.entries.get(day, ()))

    def own_labels(self, day: int) -> list[Label]:
        """What the entries of a day leave to be learned; of holidays that coincide, the first."""
        own = self.entries.get(day, ())
        once = {e.kind for e in own if isfinite(e.factor) and e.since >= 0} | {"closed"}
        found: list[Label] = []
        for entry in own:
            if isfinite(entry.factor) or entry.kind in once:
                continue
            found.append(entry.label)
            if entry.kind in ("holiday", "half_holiday"):
                once |= {"holiday", "half_holiday"}
        return found


def read_calendar(frame: pd.DataFrame, channels: Iterable[str]) -> dict[str, Calendar]:
    """
    The calendar of every channel.

    Raises
    ------
    ForecastError
        When a kind is unknown, a factor negative or not finite, or a span has no meaning.
    """
    found: dict[str, dict[int, dict[Label, Entry]]] = {channel: {} for channel in channels}
    given: dict[str, set[tuple[int, Label]]] = {channel: set() for channel in channels}
    rows = zip(*(frame.reindex(columns=list(COLUMNS))[name] for name in COLUMNS), strict=True)
    for values in rows:
        row = dict(zip(COLUMNS, values, strict=True))
        kind, channel = str(row["kind"]), row["channel"]
        entries = _entries(row, kind)
        for known, days in found.items():
            is_own = channel == known
            if not is_own and not (pd.isna(channel) or channel == ""):
                continue
            for entry in entries:
                own = days.setdefault(entry.day, {})
                if is_own and (entry.day, entry.label) not in given[known]:
                    own[entry.label] = entry  # a row for one channel beats one for all
                    given[known].add((entry.day, entry.label))
                else:
                    own.setdefault(entry.label, entry)
    return {
        channel: Calendar({day: _without_echo(own) for day, own in days.items() if own})
        for channel, days in found.items()
    }


def checked_frame(calendar: pd.DataFrame | None) -> pd.DataFrame:
    """
    The calendar with all of its columns, empty when there is none.

    Raises
    ------
    ForecastError
        When it has no column of days or of kinds.
    """
    if calendar is None:
        return pd.DataFrame(columns=list(COLUMNS))
    for name in ("day", "kind"):
        if name not in calendar:
            raise ForecastError(f"the calendar has no column '{name}': add it.")
    return calendar.reindex(columns=list(COLUMNS))


def _entries(row: dict[str, Any], kind: str) -> list[Entry]:
    """The days of which a row speaks."""
    day = row["day"]
    if kind not in KINDS:
        raise ForecastError(
            f"calendar: '{kind}' on {day} is not a kind of day: use {', '.join(KINDS)}."
        )
    name = "" if pd.isna(row["name"]) else str(row["name"])
    factor = _factor(row["factor"], day)
    first = _day_number(day, "day", day)
    lag = _count(row["lag_days"], "lag_days", day, 0, LATEST_DAYS) or 0
    days = _count(row["days"], "days", day, 1, LONGEST_DAYS)
    if kind in ("holiday", "half_holiday", "closed") and (lag or days is not None):
        raise ForecastError(
            f"calendar: {kind} '{name}' on {day} has days or lag_days, but does not fade or begin "
            "later: leave both empty, and write until for several days off."
        )
    start = first + lag
    if not pd.isna(row["until"]):
        if days is not None:
            raise ForecastError(
                f"calendar: {kind} '{name}' on {day} has both until and days: keep until for an "
                "effect that is the same on every day, days for one that fades."
            )
        return _span(kind, name, factor, start, _last(row, first, lag))
    if days is not None:
        return _fading(kind, name, factor, start, days)
    if isfinite(factor) or kind not in ("event", "campaign", "payday"):
        return [Entry(start, kind, name, factor)]
    if kind == "payday":
        return _fading(kind, name, factor, start, PAYDAY_DAYS)
    after = [Entry(start + k, kind, name, factor, -k) for k in range(1, AFTERMATH_DAYS + 1)]
    return [Entry(start, kind, name, factor), *after]


def _last(row: dict[str, Any], first: int, lag: int) -> int:
    """The last day of a span."""
    last = _day_number(row["until"], "until", row["day"])
    if not 0 <= last - first < LONGEST_DAYS:
        raise ForecastError(
            f"calendar: {row['kind']} from {row['day']} until {row['until']} is no span of 1 to "
            f"{LONGEST_DAYS} days: check both dates."
        )
    return last + lag


def _span(kind: str, name: str, factor: float, first: int, last: int) -> list[Entry]:
    """Every day of a span, all alike."""
    if last - first >= LONG_DAYS and kind in ("event", "campaign", "payday"):
        kind = "period"
    return [Entry(day, kind, name, factor) for day in range(first, last + 1)]


def _fading(kind: str, name: str, factor: float, first: int, days: int) -> list[Entry]:
    """Days since the first of a row; a stated factor fades in equal steps of its logarithm."""
    steps = np.arange(days)
    factors = factor ** ((days - steps) / days) if factor > 0 else np.full(days, factor)
    return [Entry(first + k, kind, name, float(factors[k]), k) for k in range(days)]


def _without_echo(own: dict[Label, Entry]) -> tuple[Entry, ...]:
    """A day's entries, without days after an event that is still going on or states an effect."""
    going_on = {(e.kind, e.name) for e in own.values() if e.since >= 0}
    return tuple(e for e in own.values() if e.since >= 0 or (e.kind, e.name) not in going_on)


def _factor(value: Any, day: Any) -> float:
    """A stated factor, NaN where it is to be learned."""
    try:
        factor = float("nan") if pd.isna(value) else float(value)
    except (TypeError, ValueError):
        factor = -1.0
    if factor < 0 or factor == float("inf"):
        raise ForecastError(
            f"calendar: the factor {value} of {day} is not a factor on volume: "
            "use 1.2 for a fifth more, 0 for none, or leave it empty to have it learned."
        )
    return factor


def _count(value: Any, column: str, day: Any, least: int, most: int) -> int | None:
    """A whole number of days; None where nothing is said."""
    if pd.isna(value) or value == "":
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if not (least <= number <= most and number == int(number)):
        raise ForecastError(
            f"calendar: {column} = {value} of {day} is not a number of days: "
            f"write a whole number from {least} to {most}, or leave it empty."
        )
    return int(number)


def _day_number(value: Any, column: str, day: Any) -> int:
    """A date as days since 1970-01-01."""
    stamp = pd.to_datetime(value, errors="coerce")
    if pd.isna(stamp):
        raise ForecastError(
            f"calendar: {column} = {value} (row of {day}) is not a date: write it like 2026-10-26."
        )
    return ordinal(stamp.date())
