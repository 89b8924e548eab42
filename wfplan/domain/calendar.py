"""Dated facts about demand and opening: holidays, closed days, events, campaigns."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import Field

from wfplan.domain.base import Model
from wfplan.horizon import Window


class DayKind(StrEnum):
    """What a calendar row says of its date."""

    HOLIDAY = "holiday"
    CLOSED = "closed"
    EVENT = "event"
    CAMPAIGN = "campaign"


class CalendarDay(Model):
    """
    One row of the calendar.

    An empty ``channel`` means all channels. ``factor`` is the stated effect on
    volume (1.2 is a fifth more), ``None`` when the forecast should learn it.
    ``open`` replaces the opening hours of the date.
    """

    day: date
    kind: DayKind
    name: str = ""
    channel: str = ""
    factor: float | None = Field(default=None, ge=0, le=20)
    open: tuple[Window, ...] | None = None

    @property
    def is_closed(self) -> bool:
        """Whether nothing is open on that date."""
        return self.kind is DayKind.CLOSED
