"""Schedules: shifts of named people, tiled by activities. Instants are UTC."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise

from pydantic import model_validator

from wfplan.domain.base import Model


class ActivityCategory(StrEnum):
    """What an activity is to capacity and pay; only ``work`` serves contacts."""

    WORK = "work"
    BREAK = "break"
    MEAL = "meal"
    TRAINING = "training"
    MEETING = "meeting"
    OFF_QUEUE = "off_queue"
    TIME_OFF = "time_off"


PAUSES = (ActivityCategory.BREAK, ActivityCategory.MEAL, ActivityCategory.TIME_OFF)
"""What parts a shift: rests, meals and the gaps of split shifts."""


class Activity(Model):
    """
    One stretch of a shift. ``code`` is what a rostering system shows (ON_QUEUE, REST, MEAL).

    ``activity_id`` names the request that asked for it, if one did.
    """

    code: str
    category: ActivityCategory
    is_paid: bool
    start: datetime
    end: datetime
    activity_id: str = ""

    @property
    def minutes(self) -> int:
        """Elapsed minutes."""
        return int((self.end - self.start).total_seconds()) // 60


class Shift(Model):
    """
    One working period of an agent, tiled exactly by its activities.

    ``shift_date`` is the local date, in the agent's zone, on which it starts.
    """

    shift_id: str
    agent_id: str
    shift_date: date
    activities: tuple[Activity, ...]
    is_locked: bool = False

    @model_validator(mode="after")
    def _check(self) -> Shift:
        if not self.activities:
            raise ValueError(f"shift {self.shift_id} has no activities")
        for first, second in pairwise(self.activities):
            if first.end != second.start:
                raise ValueError(
                    f"shift {self.shift_id}: activities do not tile it: {first.code} ends at "
                    f"{first.end.isoformat()}, {second.code} starts at {second.start.isoformat()}"
                )
        if any(activity.end <= activity.start for activity in self.activities):
            raise ValueError(f"shift {self.shift_id} has an activity that ends before it starts")
        return self

    @property
    def start(self) -> datetime:
        """The instant at which the shift begins."""
        return self.activities[0].start

    @property
    def end(self) -> datetime:
        """The instant at which the shift ends."""
        return self.activities[-1].end

    @property
    def pauses(self) -> tuple[Activity, ...]:
        """Its rests, meals and gaps, in order."""
        return tuple(one for one in self.activities if one.category in PAUSES)

    def until(self, instant: datetime) -> Shift:
        """What of it lies before an instant, which lies in it."""
        begun = [one for one in self.activities if one.start < instant]
        last = begun[-1].model_copy(update={"end": min(begun[-1].end, instant)})
        return self.model_copy(update={"activities": (*begun[:-1], last)})

    @property
    def paid_min(self) -> int:
        """Paid elapsed minutes."""
        return sum(activity.minutes for activity in self.activities if activity.is_paid)


class PastShift(Model):
    """
    A worked shift of an earlier week; ``paid_min`` None means all elapsed time was paid.

    ``away`` are its times away from the queue where they are known, apart and in order;
    ``is_weighed`` says that a ledger has all its minutes, those past its week's end included.
    """

    agent_id: str
    start: datetime
    end: datetime
    paid_min: int | None = None
    away: tuple[tuple[datetime, datetime], ...] = ()
    is_weighed: bool = False

    @model_validator(mode="after")
    def _check(self) -> PastShift:
        if self.end <= self.start:
            raise ValueError("the shift ends before it starts")
        return self

    @property
    def paid_minutes(self) -> int:
        """Paid minutes, elapsed ones where the pay is not known."""
        if self.paid_min is not None:
            return self.paid_min
        return int((self.end - self.start).total_seconds()) // 60


class LockedShift(Model):
    """A shift that stays as it is; ``None`` for start and end locks the date as a day off."""

    agent_id: str
    day: date
    start: datetime | None = None
    end: datetime | None = None

    @property
    def is_day_off(self) -> bool:
        """Whether the lock keeps the date free."""
        return self.start is None


class Schedule(Model):
    """The shifts of a planning period, sorted by agent and start."""

    schedule_id: str
    timezone: str
    first_day: date
    days: int
    revision: int = 1
    status: str = "draft"
    shifts: tuple[Shift, ...] = ()

    def by_agent(self) -> dict[str, list[Shift]]:
        """Each agent's shifts in order of start."""
        shifts: dict[str, list[Shift]] = {}
        for shift in sorted(self.shifts, key=lambda s: (s.agent_id, s.start)):
            shifts.setdefault(shift.agent_id, []).append(shift)
        return shifts
