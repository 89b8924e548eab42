"""What people were told before: the published shifts, when a new plan reaches them, who agreed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from wfplan.domain.base import Model
from wfplan.domain.people import Agent
from wfplan.domain.schedule import Schedule

Span = tuple[datetime, datetime]


class Consent(Model):
    """A change of a date that the person agreed to beforehand."""

    agent_id: str
    day: date


class Published(Model):
    """
    A schedule that people know, and the notice of changes to it.

    ``told`` is when they learn of the new plan; None: without any notice.
    """

    schedule: Schedule
    told: datetime | None = None
    consents: tuple[Consent, ...] = ()

    @cached_property
    def _shifts(self) -> Mapping[str, list[Span]]:
        spans: dict[str, list[Span]] = {}
        for shift in self.schedule.shifts:
            spans.setdefault(shift.agent_id, []).append((shift.start, shift.end))
        return spans

    def days_of(self, agent: Agent, dates: tuple[date, ...]) -> dict[date, Span | None]:
        """The shift of each published date of an agent, None for a day off."""
        zone, first = ZoneInfo(agent.timezone), self.schedule.first_day
        last = first + timedelta(days=self.schedule.days)
        days: dict[date, Span | None] = {day: None for day in dates if first <= day < last}
        for span in sorted(self._shifts.get(agent.agent_id, [])):
            day = span[0].astimezone(zone).date()
            if days.get(day, span) is None:
                days[day] = span
        return days

    def consents_of(self, agent: Agent) -> frozenset[date]:
        """The dates whose change an agent agreed to."""
        return frozenset(c.day for c in self.consents if c.agent_id == agent.agent_id)

    def notice_days(self, day: date, zone: ZoneInfo) -> int:
        """Days from when people learn of the new plan to a date; 0 where that is not known."""
        if self.told is None:
            return 0
        return max((day - self.told.astimezone(zone).date()).days, 0)
