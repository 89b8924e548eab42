"""What changed between two schedules, person by person, in the words of a planner.

Shifts of a date are compared with the shift of that date which overlaps them
most. A shift that is gone and one that is new on another date are one shift
that moved to another day, the nearest first, when they are equally long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from wfplan.domain.schedule import Activity, ActivityCategory, Schedule, Shift

_PAUSES = (ActivityCategory.BREAK, ActivityCategory.MEAL)


class ChangeKind(StrEnum):
    """What became of a shift."""

    ADDED = "added"
    REMOVED = "removed"
    OTHER_DAY = "other day"
    MOVED = "moved"  # as long as before
    LONGER = "longer"
    SHORTER = "shorter"
    ACTIVITIES = "activities"  # from start to end as before, with other work inside
    BREAKS = "breaks only"


@dataclass(frozen=True)
class ShiftChange:
    """A shift before and after; None where there was or is none."""

    kind: ChangeKind
    before: Shift | None
    after: Shift | None

    @property
    def day(self) -> date:
        """The date of the change; of two the earlier."""
        return min(shift.shift_date for shift in (self.before, self.after) if shift is not None)

    def as_dict(self) -> dict[str, Any]:
        """The change as plain values."""
        return {
            "kind": str(self.kind),
            "date": self.day.isoformat(),
            "before": _span(self.before),
            "after": _span(self.after),
        }


@dataclass(frozen=True)
class PersonChange:
    """One person's week before and after; ``paid_before`` and ``paid_after`` are minutes."""

    agent_id: str
    changes: tuple[ShiftChange, ...]
    paid_before: int
    paid_after: int

    @property
    def is_kept(self) -> bool:
        """Whether nothing that she was told has changed, breaks aside."""
        return all(one.kind is ChangeKind.BREAKS for one in self.changes)

    @property
    def paid_min(self) -> int:
        """Paid minutes more."""
        return self.paid_after - self.paid_before

    def as_dict(self) -> dict[str, Any]:
        """The person's changes as plain values."""
        return {
            "agent_id": self.agent_id,
            "is_kept": self.is_kept,
            "paid_min": self.paid_min,
            "changes": [one.as_dict() for one in self.changes],
        }


def person_changes(
    first: Schedule,
    second: Schedule,
    people: Iterable[str],
    dates: Iterable[date] | None = None,
) -> tuple[PersonChange, ...]:
    """
    What changed for each of some people, in their order, nothing for most.

    Parameters
    ----------
    dates
        The dates that are compared; by default all.
    """
    befores, afters = first.by_agent(), second.by_agent()
    seen = None if dates is None else frozenset(dates)

    def of(shifts: Sequence[Shift]) -> list[Shift]:
        return [shift for shift in shifts if seen is None or shift.shift_date in seen]

    found = []
    for who in people:
        before, after = of(befores.get(who, [])), of(afters.get(who, []))
        found.append(
            PersonChange(
                who,
                tuple(sorted(_changes(before, after), key=lambda one: one.day)),
                sum(shift.paid_min for shift in before),
                sum(shift.paid_min for shift in after),
            )
        )
    return tuple(found)


def _changes(before: list[Shift], after: list[Shift]) -> Iterator[ShiftChange]:
    """The changes of one person."""
    pairs, gone, new = _paired(before, after)
    for old, now in pairs:
        kind = _kind(old, now)
        if kind is not None:
            yield ShiftChange(kind, old, now)
    for old in list(gone):
        alike = [now for now in new if _minutes(now) == _minutes(old)]
        if alike:
            now = min(alike, key=lambda one: abs(one.start - old.start))
            gone.remove(old)
            new.remove(now)
            yield ShiftChange(ChangeKind.OTHER_DAY, old, now)
    yield from (ShiftChange(ChangeKind.REMOVED, old, None) for old in gone)
    yield from (ShiftChange(ChangeKind.ADDED, None, now) for now in new)


def _paired(
    before: Sequence[Shift], after: Sequence[Shift]
) -> tuple[list[tuple[Shift, Shift]], list[Shift], list[Shift]]:
    """Shifts of the same date with the one they overlap most, and what is left of both."""
    choices = sorted(
        (
            (-_common(old, now), abs(old.start - now.start), i, j)
            for i, old in enumerate(before)
            for j, now in enumerate(after)
            if old.shift_date == now.shift_date
        )
    )
    mate: dict[int, int] = {}
    for _, _, i, j in choices:
        if i not in mate and j not in mate.values():
            mate[i] = j
    taken = set(mate.values())
    return (
        [(before[i], after[j]) for i, j in sorted(mate.items())],
        [old for i, old in enumerate(before) if i not in mate],
        [now for j, now in enumerate(after) if j not in taken],
    )


def _kind(old: Shift, now: Shift) -> ChangeKind | None:
    """How a shift of one date differs from another; None where it does not."""
    if (old.start, old.end) != (now.start, now.end):
        more = _minutes(now) - _minutes(old)
        if not more:
            return ChangeKind.MOVED
        return ChangeKind.LONGER if more > 0 else ChangeKind.SHORTER
    if _inside(old.activities) == _inside(now.activities):
        return None
    is_same_work = _others(old.activities) == _others(now.activities)
    return ChangeKind.BREAKS if is_same_work else ChangeKind.ACTIVITIES


def _inside(activities: Sequence[Activity]) -> list[tuple[Any, ...]]:
    """What a shift is made of, stretches that only touch joined."""
    parts: list[tuple[Any, ...]] = []
    for one in activities:
        key = (one.code, one.is_paid, one.activity_id)
        if parts and parts[-1][:3] == key:
            parts[-1] = (*key, parts[-1][3], one.end)
        else:
            parts.append((*key, one.start, one.end))
    return parts


def _others(activities: Sequence[Activity]) -> list[tuple[Any, ...]]:
    """What is neither serving contacts nor a pause, with its times."""
    plain = (*_PAUSES, ActivityCategory.WORK)
    return _inside([one for one in activities if one.category not in plain])


def _common(old: Shift, now: Shift) -> float:
    """Minutes that two shifts have in common."""
    return max((min(old.end, now.end) - max(old.start, now.start)).total_seconds() / 60, 0.0)


def _minutes(shift: Shift) -> float:
    """Elapsed minutes of a shift."""
    return (shift.end - shift.start).total_seconds() / 60


def _span(shift: Shift | None) -> list[str] | None:
    """Start and end in UTC."""
    if shift is None:
        return None
    return [moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in (shift.start, shift.end)]
