"""
What is kept of one person's published week: shifts, ledger, promises, as JSON and back.

A shift is ``[shift_id, shift_date, is_locked, start, [[code, category, is_paid, seconds,
activity_id], ...]]``: activities tile it, so their lengths say when they are. A salt stands
beside, so that the hash which outlives a forgotten person tells nothing.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from wfplan.domain.people import PastLoad
from wfplan.domain.schedule import Activity, ActivityCategory, Shift
from wfplan.store.database.canonical import canonical, instant_text

_SALT_END = len(f'["{secrets.token_hex(16)}",')
_LOAD = ("overload_min", "acute_min", "chronic_min", "hard_min")


@dataclass(frozen=True)
class PersonWeek:
    """
    What one person was told of a week, and what it weighs.

    ``promises`` are counts by name, such as wishes asked and granted.
    """

    agent_id: str
    shifts: tuple[Shift, ...] = ()
    loads: tuple[PastLoad, ...] = ()
    promises: Mapping[str, float] = field(default_factory=dict)


def packed(week: PersonWeek) -> str:
    """One person's week as canonical JSON, without a salt: equal weeks have equal texts."""
    return canonical(
        {
            "agent_id": week.agent_id,
            "shifts": [_shift_row(one) for one in sorted(week.shifts, key=lambda s: s.start)],
            "loads": [
                [one.day.isoformat(), *(round(getattr(one, name), 6) for name in _LOAD)]
                for one in sorted(week.loads, key=lambda load: load.day)
            ],
            "promises": dict(week.promises),
        }
    )


def salted(text: str) -> str:
    """The text with a salt before it: JSON of a list of both."""
    return f'["{secrets.token_hex(16)}",{text}]'


def unsalted(stored: str) -> str:
    """The text without its salt."""
    return stored[_SALT_END:-1]


def unpacked(stored: str) -> PersonWeek:
    """One person's week as it was stored."""
    content = json.loads(stored)
    agent_id = owner_of(content)
    shifts = tuple(_shift(agent_id, row) for row in content[1]["shifts"])
    return PersonWeek(agent_id, shifts, tuple(loads_in(content)), promises_in(content))


def owner_of(content: Any) -> str:
    """Whose week stored JSON is."""
    return str(content[1]["agent_id"])


def spans_in(content: Any) -> Iterator[tuple[date, datetime, datetime, int]]:
    """Date, start, end and paid minutes of the shifts in stored JSON."""
    for _, day, _, start, activities in content[1]["shifts"]:
        begin, seconds, paid = datetime.fromisoformat(start), 0, 0
        for row in activities:  # by the million: sums of generators take twice as long
            seconds += row[3]
            if row[2]:
                paid += row[3]
        yield date.fromisoformat(day), begin, begin + timedelta(seconds=seconds), paid // 60


def away_in(content: Any, since: date) -> dict[datetime, tuple[tuple[datetime, datetime], ...]]:
    """Times away from the queue of the shifts in stored JSON from a date on, by their start."""
    found = {}
    for row in content[1]["shifts"]:
        if row[1] >= since.isoformat():
            shift = _shift("", row)
            found[shift.start] = tuple(
                (one.start, one.end)
                for one in shift.activities
                if one.category is not ActivityCategory.WORK
            )
    return found


def loads_in(content: Any, since: date = date.min, table: str = "") -> Iterator[PastLoad]:
    """
    Entries of the ledger in stored JSON, weighed by the ``table`` of their week.

    Before ``since`` only those on hard queues, and the last one.
    """
    agent_id, rows, from_day = owner_of(content), content[1]["loads"], since.isoformat()
    for at, (day, overload, acute, chronic, hard) in enumerate(rows, start=1):
        if day >= from_day or at == len(rows) or hard:
            yield PastLoad.known(
                {
                    "agent_id": agent_id,
                    "day": date.fromisoformat(day),
                    "overload_min": overload,
                    "acute_min": acute,
                    "chronic_min": chronic,
                    "hard_min": hard,
                    "table": table,
                }
            )


def promises_in(content: Any) -> Mapping[str, float]:
    """Counts of what was asked and granted in stored JSON."""
    found: Mapping[str, float] = content[1]["promises"]
    return found


def _shift_row(shift: Shift) -> list[Any]:
    """A shift as a row."""
    activities = [
        [one.code, str(one.category), one.is_paid, _seconds(one), one.activity_id]
        for one in shift.activities
    ]
    start = instant_text(shift.start)
    return [shift.shift_id, shift.shift_date.isoformat(), shift.is_locked, start, activities]


def _seconds(activity: Activity) -> int:
    return round((activity.end - activity.start).total_seconds())


def _shift(agent_id: str, row: list[Any]) -> Shift:
    """A shift from its row."""
    shift_id, day, is_locked, start, rows = row
    at, activities = datetime.fromisoformat(start), []
    for code, category, is_paid, seconds, activity_id in rows:
        end = at + timedelta(seconds=seconds)
        activities.append(
            Activity(
                code=code, category=ActivityCategory(category), is_paid=is_paid,
                start=at, end=end, activity_id=activity_id,
            )
        )  # fmt: skip
        at = end
    return Shift(
        shift_id=shift_id, agent_id=agent_id, shift_date=date.fromisoformat(day),
        activities=tuple(activities), is_locked=is_locked,
    )  # fmt: skip
