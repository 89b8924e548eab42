"""Structural facts of a schedule: what must hold before any work rule has a meaning.

These checks take the objects as they come: schedules may have been read from a
file or built without validation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise

from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import Breach
from wfplan.domain.schedule import Schedule, Shift
from wfplan.horizon import Horizon
from wfplan.rules.clock import local
from wfplan.rules.wording import say_day, say_minutes, say_moment

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Facts:
    """A schedule beside the plan and the week that it should be of."""

    problem: PlanningProblem
    horizon: Horizon
    schedule: Schedule

    @cached_property
    def agents(self) -> dict[str, Agent]:
        """The agents of the plan by id."""
        return {agent.agent_id: agent for agent in self.problem.agents}

    @cached_property
    def shifts(self) -> list[Shift]:
        """The shifts that have activities, in order of agent and start."""
        whole = (shift for shift in self.schedule.shifts if shift.activities)
        return sorted(whole, key=lambda shift: (shift.agent_id, shift.start))

    def timezone(self, agent_id: str) -> str:
        """The zone of an agent; the site's for a stranger."""
        agent = self.agents.get(agent_id)
        return agent.timezone if agent else self.horizon.timezone


def structural_breaches(facts: Facts) -> list[Breach]:
    """All structural faults of a schedule, each a hard breach under the name of its check."""
    return [breach for check in CHECKS.values() for breach in check(facts)]


def _fault(name: str, agent_id: str, at: datetime, amount: float, unit: str, why: str) -> Breach:
    return Breach(name, "hard", agent_id, at, float(amount), unit, f"{name}: {why}.")


def _week_matches(facts: Facts) -> Iterator[Breach]:
    schedule, horizon = facts.schedule, facts.horizon
    if (schedule.first_day, schedule.days) != (horizon.first_day, horizon.days):
        why = (
            f"the schedule is of {schedule.days} days from {say_day(schedule.first_day)}, the plan "
            f"of {horizon.days} days from {say_day(horizon.first_day)}"
        )
        yield _fault("schedule_week", "", horizon.start, 1, "schedules", why)


def _agents_known(facts: Facts) -> Iterator[Breach]:
    for shift in facts.shifts:
        if shift.agent_id not in facts.agents:
            at = say_moment(shift.start, facts.horizon.timezone)
            why = f"shift {shift.shift_id} of {at} is of {shift.agent_id}, who is not in the plan"
            yield _fault("agent_known", shift.agent_id, shift.start, 1, "shifts", why)


def _ids_unique(facts: Facts) -> Iterator[Breach]:
    seen: set[str] = set()
    for shift in facts.shifts:
        if shift.shift_id in seen:
            why = f"shift id {shift.shift_id} is used again, by a shift of agent {shift.agent_id}"
            yield _fault("shift_id_unique", shift.agent_id, shift.start, 1, "shifts", why)
        seen.add(shift.shift_id)


def _shifts_apart(facts: Facts) -> Iterator[Breach]:
    until: dict[str, datetime] = {}
    for shift in facts.shifts:
        ended = until.get(shift.agent_id)
        if ended is not None and shift.start < ended:
            common = (min(ended, shift.end) - shift.start) / MINUTE
            at = say_moment(shift.start, facts.timezone(shift.agent_id))
            why = (
                f"agent {shift.agent_id} has two shifts at once from {at}, "
                f"{say_minutes(common)} in common"
            )
            yield _fault("shifts_apart", shift.agent_id, shift.start, common, "min", why)
        until[shift.agent_id] = max(shift.end, ended or shift.end)


def _tiled(facts: Facts) -> Iterator[Breach]:
    for shift in facts.schedule.shifts:
        if not shift.activities:
            why = f"shift {shift.shift_id} of agent {shift.agent_id} has no activities"
            yield _fault("shift_tiled", shift.agent_id, facts.horizon.start, 1, "shifts", why)
    for shift in facts.shifts:
        off = sum(abs((b.start - a.end) / MINUTE) for a, b in pairwise(shift.activities))
        off += sum(max((a.start - a.end) / MINUTE, 0) for a in shift.activities)
        empty = sum(a.start == a.end for a in shift.activities)
        if off or empty:
            at = say_moment(shift.start, facts.timezone(shift.agent_id))
            why = (
                f"the activities of shift {shift.shift_id} of agent {shift.agent_id} from {at} do "
                f"not tile it: {say_minutes(off)} of gaps and overlaps, {empty} empty"
            )
            yield _fault("shift_tiled", shift.agent_id, shift.start, off or empty, "min", why)


def _dates(facts: Facts) -> Iterator[Breach]:
    known = set(facts.horizon.dates)
    for shift in facts.shifts:
        day = local(shift.start, facts.timezone(shift.agent_id)).date()
        if shift.shift_date != day:
            why = (
                f"shift {shift.shift_id} of agent {shift.agent_id} is dated "
                f"{say_day(shift.shift_date)} and starts on {say_day(day)}"
            )
            days = abs((shift.shift_date - day).days)
            yield _fault("shift_date", shift.agent_id, shift.start, days, "days", why)
        if day not in known:
            first, last = facts.horizon.dates[0], facts.horizon.dates[-1]
            why = (
                f"shift {shift.shift_id} of agent {shift.agent_id} starts on {say_day(day)}, "
                f"outside {say_day(first)} to {say_day(last)}"
            )
            days = max((first - day).days, (day - last).days)
            yield _fault("shift_in_week", shift.agent_id, shift.start, days, "days", why)


def _on_grid(facts: Facts) -> Iterator[Breach]:
    start, slot = facts.horizon.start, timedelta(minutes=facts.horizon.slot_min)
    nothing = timedelta()
    for shift in facts.shifts:
        edges = [shift.start, *(activity.end for activity in shift.activities)]
        off = [edge for edge in edges if (edge - start) % slot != nothing]
        if off:
            minutes = ((off[0] - start) % slot) / MINUTE
            why = (
                f"shift {shift.shift_id} of agent {shift.agent_id} has {len(off)} edges off the "
                f"grid of {facts.horizon.slot_min} min, the first at "
                f"{say_moment(off[0], facts.timezone(shift.agent_id))}"
            )
            yield _fault("slot_grid", shift.agent_id, off[0], minutes, "min", why)


CHECKS: dict[str, Callable[[Facts], Iterator[Breach]]] = {
    "schedule_week": _week_matches,
    "agent_known": _agents_known,
    "shift_id_unique": _ids_unique,
    "shifts_apart": _shifts_apart,
    "shift_tiled": _tiled,
    "shift_date": _dates,
    "slot_grid": _on_grid,
}
"""The structural checks by name; ``shift_date`` also finds shifts outside the week."""
