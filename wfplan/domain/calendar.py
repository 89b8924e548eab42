"""Dated facts about demand and opening: days off, events, campaigns, pay days, terms."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from pydantic import Field

from wfplan.domain.base import Model
from wfplan.horizon import Window

DAYS_MOST = 400  # that a row lasts
LAG_DAYS_MOST = 60  # after its date


class DayKind(StrEnum):
    """What a calendar row says of its date."""

    HOLIDAY = "holiday"
    HALF_HOLIDAY = "half_holiday"
    CLOSED = "closed"
    EVENT = "event"
    CAMPAIGN = "campaign"
    PAYDAY = "payday"
    PERIOD = "period"


class CalendarDay(Model):
    """
    One row of the calendar.

    An empty ``channel`` means all channels. ``factor`` is the stated effect on
    volume (1.2 is a fifth more), ``None`` when the forecast should learn it.
    ``open`` replaces the opening hours of the date. A row that lasts has ``until``, the last date
    with the same effect, or ``days`` over which the effect fades; ``lag_days`` is how much later
    than its date the effect begins.
    """

    day: date
    kind: DayKind
    name: str = ""
    channel: str = ""
    factor: float | None = Field(default=None, ge=0, le=20)
    open: tuple[Window, ...] | None = None
    until: date | None = None
    days: int | None = Field(default=None, ge=1, le=DAYS_MOST)
    lag_days: int = Field(default=0, ge=0, le=LAG_DAYS_MOST)

    @property
    def dates(self) -> tuple[date, ...]:
        """The dates that the row names: its own, and all up to ``until``."""
        last = self.until or self.day
        return tuple(self.day + timedelta(days=k) for k in range((last - self.day).days + 1))

    @property
    def is_closed(self) -> bool:
        """Whether nothing is open on that date."""
        return self.kind is DayKind.CLOSED
