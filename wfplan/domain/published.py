"""What people were told before: the published shifts, when a new plan reaches them, who agreed.

A published plan that *is kept* is where the new one begins: its shifts come back
with their breaks, every change of them has a price, and what lies before
``as_of`` has happened and stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from wfplan.domain.base import Model
from wfplan.domain.people import Agent
from wfplan.domain.schedule import Activity, ActivityCategory, Schedule, Shift

Span = tuple[datetime, datetime]

ONLY_SPAN = "WORK"
"""Code of a shift of which nothing but its span is known."""


def only_span(start: datetime, end: datetime) -> Activity:
    """The one activity of a shift of which nothing but its span is known."""
    return Activity(
        code=ONLY_SPAN, category=ActivityCategory.WORK, is_paid=True, start=start, end=end
    )


class Consent(Model):
    """A change of a date that the person agreed to beforehand."""

    agent_id: str
    day: date


class Published(Model):
    """
    A schedule that people know, and the notice of changes to it.

    ``told`` is when they learn of the new plan; None: without any notice.
    ``people`` are those who were told of it; None: everybody. ``asked`` are hashes of
    what it was an answer to, by part, where that is known. ``revision`` is its number in
    the planning store, where it comes from there.
    """

    schedule: Schedule
    told: datetime | None = None
    consents: tuple[Consent, ...] = ()
    people: frozenset[str] | None = None
    is_kept: bool = False
    as_of: datetime | None = None
    asked: Mapping[str, str] = {}
    source: str = ""  # where it was read, in words
    revision: int | None = None

    @cached_property
    def _by_agent(self) -> Mapping[str, list[Shift]]:
        return self.schedule.by_agent()

    @cached_property
    def _agreed(self) -> Mapping[str, frozenset[date]]:
        days: dict[str, set[date]] = {}
        for consent in self.consents:
            days.setdefault(consent.agent_id, set()).add(consent.day)
        return {agent_id: frozenset(of_agent) for agent_id, of_agent in days.items()}

    def covers(self, day: date) -> bool:
        """Whether people were told what a date holds."""
        first = self.schedule.first_day
        return first <= day < first + timedelta(days=self.schedule.days)

    def shifts_of(self, agent: Agent, dates: tuple[date, ...]) -> dict[date, Shift | None]:
        """What an agent was told of some dates, None for a day off; nothing of other dates."""
        if self.people is not None and agent.agent_id not in self.people:
            return {}
        zone = ZoneInfo(agent.timezone)
        days: dict[date, Shift | None] = {day: None for day in dates if self.covers(day)}
        for shift in self._by_agent.get(agent.agent_id, []):
            day = shift.start.astimezone(zone).date()
            if day in days and days[day] is None:
                days[day] = shift
        return days

    def days_of(self, agent: Agent, dates: tuple[date, ...]) -> dict[date, Span | None]:
        """The shift of each published date of an agent, None for a day off."""
        known = self.shifts_of(agent, dates)
        return {day: (one.start, one.end) if one else None for day, one in known.items()}

    def consents_of(self, agent: Agent) -> frozenset[date]:
        """The dates whose change is free: the agent agreed to it, or does not come anyway."""
        return self._agreed.get(agent.agent_id, frozenset()).union(agent.absent_on)

    def notice_days(self, day: date, zone: ZoneInfo) -> int:
        """Days from when people learn of the new plan to a date; 0 where that is not known."""
        if self.told is None:
            return 0
        return max((day - self.told.astimezone(zone).date()).days, 0)

    def local_date(self, agent: Agent) -> date | None:
        """The agent's date at ``as_of``."""
        return self.as_of.astimezone(ZoneInfo(agent.timezone)).date() if self.as_of else None

    def has_begun(self, shift: Shift) -> bool:
        """Whether a shift begins before ``as_of``."""
        return self.as_of is not None and shift.start < self.as_of

    def is_over(self, shift: Shift) -> bool:
        """Whether all of a shift lies before ``as_of``."""
        return self.as_of is not None and shift.end <= self.as_of

    def is_running(self, shift: Shift) -> bool:
        """Whether a shift runs at ``as_of``."""
        return self.as_of is not None and shift.start < self.as_of < shift.end

    def standing(self, agent: Agent, dates: tuple[date, ...]) -> dict[date, Shift]:
        """
        The shifts of an agent that stand until something changes them.

        On a date on which she turned out to be absent only what was done before
        ``as_of`` does.
        """
        left: dict[date, Shift] = {}
        for day, shift in self.shifts_of(agent, dates).items():
            if shift is None:
                continue
            if day not in agent.absent_on or self.is_over(shift):
                left[day] = shift
            elif self.is_running(shift):
                assert self.as_of is not None
                left[day] = shift.until(self.as_of)
        return left


def knows_pauses(shift: Shift) -> bool:
    """Whether a published shift says where its breaks lie."""
    return all(activity.code != ONLY_SPAN for activity in shift.activities)


class Change(StrEnum):
    """What becomes of a published date."""

    NONE = "none"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    LONGER = "longer"
    SHORTER = "shorter"
    PAUSES = "breaks"


def change_between(before: Shift | None, after: Shift | None) -> Change:
    """
    What becomes of a date's shift.

    One that keeps an end is longer or shorter; breaks are compared where they are known.
    """
    if before is None or after is None:
        return (
            Change.REMOVED if before is not None
            else Change.ADDED if after is not None
            else Change.NONE
        )  # fmt: skip
    if (before.start, before.end) == (after.start, after.end):
        was, now = ([(p.start, p.end) for p in shift.pauses] for shift in (before, after))
        return Change.PAUSES if knows_pauses(before) and was != now else Change.NONE
    if before.start != after.start and before.end != after.end:
        return Change.MOVED
    is_longer = after.end - after.start > before.end - before.start
    return Change.LONGER if is_longer else Change.SHORTER
