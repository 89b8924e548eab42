"""Activities that somebody asked for: training, coaching, meetings, off-queue work, development."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from wfplan.domain.base import Model
from wfplan.domain.schedule import ActivityCategory
from wfplan.horizon import Window, wall_instant

OFF_QUEUE = (ActivityCategory.TRAINING, ActivityCategory.MEETING, ActivityCategory.OFF_QUEUE)
"""Categories of an activity that is placed inside a shift, paid and away from contacts."""

DEVELOPMENT = "DEVELOPMENT"
"""The code of time for development, of which the rule ``development_min`` counts the minutes."""

Span = tuple[datetime, datetime]


class ActivityRequest(Model):
    """
    An activity to be placed inside shifts, between two instants.

    ``agent_ids`` all attend at once where it is ``is_together`` (a training
    group, a meeting), in sessions of at most ``group_max`` people (0: one
    session of all); otherwise each of them at a time of her own (coaching,
    development), in pieces of at least ``piece_min`` minutes (0: in one piece).
    One of ``facilitators``, if any, takes part in every session; a ``room``, if
    any, holds one session at a time. It is fixed where its window is as long as it.

    Facilitators have the activity in their own shifts, with the same code and id.
    Sessions lie inside shifts and on no break; ``hours`` narrow the window to some
    hours of each date, in wall time of the site (:meth:`spans`).
    """

    activity_id: str
    code: str  # what a rostering system shows: TRAINING, COACHING, DEVELOPMENT
    category: ActivityCategory
    agent_ids: tuple[str, ...] = Field(min_length=1)
    minutes: int = Field(gt=0, le=12 * 60)
    earliest: datetime  # start of the first session, UTC
    latest: datetime  # end of the last session, UTC
    is_together: bool = False
    group_max: int = Field(default=0, ge=0)
    piece_min: int = Field(default=0, ge=0)
    hours: tuple[Window, ...] = ()  # of each date; (): at any time
    facilitators: tuple[str, ...] = ()
    room: str = ""
    hardness: str = Field(default="hard", pattern="^(hard|soft)$")
    weight: float = Field(default=20.0, ge=0)  # harm points per person-hour not placed, where soft

    @model_validator(mode="after")
    def _check(self) -> ActivityRequest:
        if self.category not in OFF_QUEUE:
            raise ValueError(f"activity {self.activity_id}: {self.category} is none to be placed")
        if self.latest - self.earliest < timedelta(minutes=self.minutes):
            raise ValueError(f"activity {self.activity_id} is longer than its window")
        both = sorted(set(self.agent_ids) & set(self.facilitators))
        if both:
            raise ValueError(
                f"activity {self.activity_id}: {both[0]} takes part and leads, which nobody can"
            )
        if len(set(self.agent_ids)) < len(self.agent_ids):
            raise ValueError(f"activity {self.activity_id} names somebody twice")
        if self.is_together and self.piece_min:
            raise ValueError(f"activity {self.activity_id}: people together take no pieces")
        return self

    @property
    def is_fixed(self) -> bool:
        """Whether its window leaves one time only."""
        return self.latest - self.earliest == timedelta(minutes=self.minutes)

    @property
    def session_max(self) -> int:
        """The most people in one session."""
        return (self.group_max or len(self.agent_ids)) if self.is_together else 1

    def spans(self, timezone: str) -> tuple[Span, ...]:
        """
        When sessions may run, in order; each lies inside one of them.

        ``timezone`` is that of the site, whose clock ``hours`` are read on.
        """
        if not self.hours:
            return ((self.earliest, self.latest),)
        zone = ZoneInfo(timezone)
        day, last = (moment.astimezone(zone).date() for moment in (self.earliest, self.latest))
        day -= timedelta(days=1)  # hours of the evening before may pass midnight
        found: list[Span] = []
        while day <= last:
            for window in sorted(self.hours):
                begin, end = (wall_instant(day, minute, timezone) for minute in window)
                begin, end = max(begin, self.earliest), min(end, self.latest)
                if begin >= end:
                    continue
                if found and begin <= found[-1][1]:
                    found[-1] = (found[-1][0], max(found[-1][1], end))
                else:
                    found.append((begin, end))
            day += timedelta(days=1)
        return tuple(found)
