"""Activities that somebody asked for: training, coaching, meetings, off-queue work, development."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import Field, model_validator

from wfplan.domain.base import Model
from wfplan.domain.schedule import ActivityCategory

OFF_QUEUE = (ActivityCategory.TRAINING, ActivityCategory.MEETING, ActivityCategory.OFF_QUEUE)
"""Categories of an activity that is placed inside a shift, paid and away from contacts."""


class ActivityRequest(Model):
    """
    An activity to be placed inside shifts, between two instants.

    ``agent_ids`` all attend at once where it is ``is_together`` (a training
    group, a meeting), in sessions of at most ``group_max`` people (0: one
    session of all); otherwise each of them at a time of her own (coaching,
    development), in pieces of at least ``piece_min`` minutes (0: in one piece).
    One of ``facilitators``, if any, takes part in every session; a ``room``, if
    any, holds one session at a time. It is fixed where its window is as long as it.
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
        return self

    @property
    def is_fixed(self) -> bool:
        """Whether its window leaves one time only."""
        return self.latest - self.earliest == timedelta(minutes=self.minutes)
