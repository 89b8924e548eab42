"""What an exporter is given, and what exporters have in common."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from wfplan.domain.external_ids import ExternalIds
from wfplan.domain.offers import OpenShift
from wfplan.domain.people import Agent, TimeOff, TimeOffStatus
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import DemandForecast, FloatArray, StaffNeed
from wfplan.domain.schedule import Schedule
from wfplan.domain.schedule_rows import DatedShift, dated_shifts, is_same_work
from wfplan.horizon import Horizon

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")
_KEPT = 48
_HASHED = 12


class Change(StrEnum):
    """What a shift is beside what was told before."""

    NEW = "new"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Note:
    """Something that a target cannot carry, or that whoever imports must know."""

    text: str
    agent_ids: tuple[str, ...] = ()
    shift_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exported:
    """
    What an exporter makes of an order: files by name, and what must be said of them.

    With ``refusals`` nothing is written: each says what is wrong and how to go on. ``is_whole``
    says that all shifts are in it although only what changed was asked for.
    """

    files: Mapping[str, bytes]
    notes: tuple[Note, ...] = ()
    refusals: tuple[str, ...] = ()
    is_whole: bool = False


@dataclass(frozen=True)
class Order:
    """
    A schedule to be exported, with the plan that it belongs to and what was told before.

    ``told`` is all that was told of these days, earlier cancellations included; ``since`` is
    what the target has: with it, only what differs from that is exported. ``told_at`` says when
    revisions were published. ``settings`` are the target's own, checked by it.
    """

    problem: PlanningProblem
    schedule: Schedule
    told: tuple[DatedShift, ...] = ()
    since: tuple[DatedShift, ...] | None = None
    told_at: Mapping[int, datetime] = field(default_factory=dict)
    ids: ExternalIds = field(default_factory=ExternalIds)
    settings: Any = None
    is_publishing: bool = False  # the target shows it to people at once
    demand: DemandForecast | None = None
    need: StaffNeed | None = None
    staff: FloatArray | None = None  # (channel, interval), effective staff that the shifts give
    open_shifts: tuple[OpenShift, ...] = ()

    @cached_property
    def shifts(self) -> list[DatedShift]:
        """
        The shifts to be written, with revision and state, by agent and start.

        All of them, cancelled ones included; with ``since``, those that differ from it.
        """
        return [one for one in self.all_shifts if self.is_written(one)]

    @cached_property
    def all_shifts(self) -> list[DatedShift]:
        """All shifts with revision and state, by agent and start; cancelled ones included."""
        return dated_shifts(self.schedule, self.told)

    @property
    def is_delta(self) -> bool:
        """Whether only what changed is written."""
        return self.since is not None

    def is_written(self, dated: DatedShift) -> bool:
        """Whether a shift is to be written: one that the target has as it is, is not."""
        return self.since is None or self.change_of(dated) is not Change.UNCHANGED

    def change_of(self, dated: DatedShift) -> Change:
        """What a shift is beside what the target has; without ``since``, beside what was told."""
        old = self.before.get(dated.shift.shift_id)
        if old is None or old.is_cancelled:
            return Change.UNCHANGED if dated.is_cancelled else Change.NEW
        if dated.is_cancelled:
            return Change.CANCELLED
        is_same = is_same_work(old.shift, dated.shift) and old.state is dated.state
        return Change.UNCHANGED if is_same else Change.CHANGED

    @cached_property
    def counts(self) -> Mapping[Change, int]:
        """How many shifts are new, changed, cancelled and as they were."""
        found = Counter(self.change_of(dated) for dated in self.all_shifts)
        return {change: found[change] for change in Change}

    @cached_property
    def before(self) -> Mapping[str, DatedShift]:
        """What the target has, by shift; without ``since``, what was told."""
        before = self.told if self.since is None else self.since
        return {dated.shift.shift_id: dated for dated in before}

    @property
    def made_at(self) -> datetime:
        """When the schedule was published; of a draft, the time of the plan's knowledge."""
        return self.told_at.get(self.schedule.revision, self.as_of)

    def written_at(self, dated: DatedShift) -> datetime:
        """When a shift was told as it is; where it was not, the time of the plan's knowledge."""
        return self.told_at.get(dated.revision, self.as_of)

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
        """
        Approved time off of a person that touches the schedule's days.

        None with ``since``: nobody knows what of it the target has.
        """
        if self.is_delta:
            return []
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
