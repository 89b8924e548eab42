"""
What is kept of one person's published week: shifts, ledger, promises, as JSON and back.

A shift is ``[shift_id, shift_date, is_locked, start, [[code, category, is_paid, seconds,
activity_id], ...]]``: activities tile it, so their lengths say when they are. A salt stands
beside, so that the hash which outlives a forgotten person tells nothing.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from wfplan.domain.people import PastLoad
from wfplan.domain.schedule import Activity, ActivityCategory, Shift
from wfplan.store.database.canonical import canonical, instant_text

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
    """The text with a salt before it, a line apart."""
    return f"{secrets.token_hex(16)}\n{text}"


def unsalted(stored: str) -> str:
    """The text without its salt."""
    return stored.partition("\n")[2]


def unpacked(stored: str) -> PersonWeek:
    """One person's week as it was stored."""
    content: dict[str, Any] = json.loads(unsalted(stored))
    agent_id = content["agent_id"]
    loads = tuple(
        PastLoad(
            agent_id=agent_id, day=date.fromisoformat(day), **dict(zip(_LOAD, values, strict=True))
        )
        for day, *values in content["loads"]
    )
    shifts = tuple(_shift(agent_id, row) for row in content["shifts"])
    return PersonWeek(agent_id, shifts, loads, content["promises"])


def spans(stored: str) -> tuple[str, list[tuple[datetime, datetime, int]]]:
    """Whose week it is, and start, end and paid minutes of its shifts."""
    content: dict[str, Any] = json.loads(unsalted(stored))
    found = []
    for _, _, _, start, activities in content["shifts"]:
        begin = datetime.fromisoformat(start)
        seconds = sum(row[3] for row in activities)
        paid = sum(row[3] for row in activities if row[2])
        found.append((begin, begin + timedelta(seconds=seconds), paid // 60))
    return content["agent_id"], found


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
