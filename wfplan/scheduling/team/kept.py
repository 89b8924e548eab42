"""A kept plan in the limits of its people: what they begin with, and what a change costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from wfplan.domain.change_price import change_price
from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.published import Change, Published, knows_pauses
from wfplan.domain.schedule import ActivityCategory, Shift
from wfplan.rules.limits import KeptShift, LockedDay, Pause, WorkLimits

_KINDS = {
    ActivityCategory.BREAK: "rest",
    ActivityCategory.MEAL: "meal",
    ActivityCategory.TIME_OFF: "gap",
}


def with_kept_shifts(problem: PlanningProblem, agent: Agent, limits: WorkLimits) -> WorkLimits:
    """A person's limits with the shifts that stand of a kept plan; the same where none is kept."""
    published = problem.published
    if published is None or not published.is_kept:
        return limits
    kept = tuple(
        _kept(published, day, shift, change_price(problem, agent, day, Change.PAUSES))
        for day, shift in published.standing(agent, limits.dates).items()
    )
    begun = {one.day for one in kept if one.done_until is not None}
    locked = tuple(lock for lock in limits.locked if not _is_past(published, agent, lock, begun))
    return replace(limits, kept=kept, as_of=published.as_of, locked=locked)


def _kept(published: Published, day: date, shift: Shift, moved: float) -> KeptShift:
    """A shift that stands, as the planner sees it."""
    as_of = published.as_of
    has_begun = as_of is not None and shift.start < as_of
    return KeptShift(
        day=day,
        start=shift.start,
        end=shift.end,
        paid_min=shift.paid_min,
        pauses=_pauses(shift) if knows_pauses(shift) else None,
        done_until=as_of if has_begun else None,
        moved_pauses=moved,
    )


def _pauses(shift: Shift) -> tuple[Pause, ...]:
    return tuple(
        Pause(
            kind=_KINDS[pause.category],
            start_min=int((pause.start - shift.start) / timedelta(minutes=1)),
            length_min=pause.minutes,
            is_paid=pause.is_paid,
        )
        for pause in shift.pauses
    )


def _is_past(published: Published, agent: Agent, lock: LockedDay, begun: set[date]) -> bool:
    """Whether what a lock settles has happened, so or otherwise."""
    as_of = published.as_of
    if as_of is None:
        return False
    if lock.start is None:
        return lock.day in begun or lock.day < as_of.astimezone(ZoneInfo(agent.timezone)).date()
    return lock.day in begun or lock.start < as_of
