"""What an exporter is given, and what exporters have in common."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from wfplan.domain.people import Agent, TimeOff, TimeOffStatus
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.schedule import Schedule
from wfplan.domain.schedule_rows import DatedShift, dated_shifts
from wfplan.horizon import Horizon

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")
_KEPT = 48
_HASHED = 12


@dataclass(frozen=True)
class Order:
    """A schedule to be exported, with the plan that it belongs to and what was told before."""

    problem: PlanningProblem
    schedule: Schedule
    previous: Schedule | None = None

    @cached_property
    def shifts(self) -> list[DatedShift]:
        """All shifts with revision and state, by agent and start; cancelled ones included."""
        return dated_shifts(self.schedule, self.previous)

    @cached_property
    def agents(self) -> dict[str, Agent]:
        """The people of the plan by id, in order of id."""
        return {a.agent_id: a for a in sorted(self.problem.agents, key=lambda a: a.agent_id)}

    @cached_property
    def as_of(self) -> datetime:
        """
        The instant of the knowledge behind the plan: the last contact of the history.

        It stands where a format wants a time of writing, since the clock would
        make the same plan export differently every time.
        """
        contacts = self.problem.contacts
        if "interval_start" in contacts and len(contacts):
            last: datetime = contacts["interval_start"].max().to_pydatetime().replace(microsecond=0)
            return last
        return self._horizon.start

    @cached_property
    def _horizon(self) -> Horizon:
        return self.problem.horizon(self.schedule.first_day, self.schedule.days)

    def site_of(self, agent: Agent | None) -> str:
        """Where somebody works."""
        return (agent.site if agent else "") or self.problem.site

    def time_off(self, agent: Agent) -> list[TimeOff]:
        """Approved time off of a person that touches the schedule's days."""
        horizon = self._horizon
        return sorted(
            (
                time_off
                for time_off in agent.time_off
                if time_off.status is TimeOffStatus.APPROVED
                and time_off.start < horizon.end
                and time_off.end > horizon.start
            ),
            key=lambda time_off: time_off.start,
        )


def fit_id(text: str) -> str:
    """The text when it is an id (64 letters, digits, ``. _ -``), else one with a hash."""
    if _ID.fullmatch(text):
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()[:_HASHED]
    return f"{_UNFIT.sub('-', text)[:_KEPT].strip('-')}-{digest}"


def file_names(prefix: str, keys: Iterable[str], suffix: str) -> dict[str, str]:
    """A file name per key; keys that differ only in case, or are no ids, get a hash."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for key in keys:
        name = fit_id(key)
        if name.casefold() in taken:
            name = f"{name[:_KEPT]}-{hashlib.sha256(key.encode()).hexdigest()[:_HASHED]}"
        taken.add(name.casefold())
        names[key] = f"{prefix}{name}{suffix}"
    return names
