"""What is kept of a published plan: where it comes from, and what is known of its past.

The one place that says where a published plan lies: a run folder, a schedule's file, the
``published`` table of the plan, or the planning store. What was kept goes into the run folder, so
that a run can be read again when the one it began with is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from wfplan import intake, memory, store
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.published import Published
from wfplan.domain.run_tables import SCHEDULE
from wfplan.domain.schedule import LockedShift, Schedule
from wfplan.errors import Fault, InputError, InputFaultsError
from wfplan.horizon import Horizon

TABLE = "published"
_NOON = time(12)


@dataclass(frozen=True)
class Keeping:
    """
    What a planner wants kept.

    ``keep`` is a run folder, a schedule's file or ``published``; ``as_of`` is read on the
    site's clock where it has no offset; ``locks`` is a table beside the plan's.
    """

    keep: str = ""
    as_of: datetime | None = None
    told: date | None = None
    locks: Path | None = None


NOTHING_KEPT = Keeping()


def kept(
    problem: PlanningProblem, asked: Keeping, plan: Path, week: date | None = None
) -> PlanningProblem:
    """
    The problem that begins with a published plan, its locks included.

    Parameters
    ----------
    week
        A date of the week that is taken from the store; by default the one with ``as_of`` in
        it, or the last that is published.

    Raises
    ------
    InputError
        When there is no such plan, or its table has faults.
    """
    if asked.locks is not None:
        problem = intake.with_locks(problem, asked.locks)
    if not asked.keep:
        return problem
    zone = ZoneInfo(problem.timezone)
    day = week or (asked.as_of.date() if asked.as_of else None)
    published = _published(problem, asked.keep, plan, day)
    as_of = None if asked.as_of is None else intake.as_instant(asked.as_of, zone)
    told = published.told if as_of is None else as_of
    on = asked.told or (None if told else problem.told)
    if on is not None:
        told = datetime.combine(on, _NOON, zone)
    more = {"as_of": as_of, "told": told, "is_kept": True}
    return _with(problem, _whole_weeks(problem, published).model_copy(update=more))


def kept_again(problem: PlanningProblem, folder: Path) -> PlanningProblem:
    """The problem of a run folder, with what that run had kept."""
    manifest = store.read_manifest(folder)
    locks = [LockedShift.model_validate(lock, strict=False) for lock in manifest.get("locks", [])]
    if locks:
        problem = intake.with_more_locks(problem, locks)
    about = manifest.get("kept")
    if not about:
        return problem
    return _with(problem, _read(problem, folder / store.KEPT, about["schedule"], about))


def require_in_week(problem: PlanningProblem, horizon: Horizon) -> None:
    """
    Check that what is kept, and as of when, belongs to the horizon.

    Raises
    ------
    InputError
        When the kept plan says nothing of it, or the moment lies beside it or between slots.
    """
    published = problem.published
    week = f"the {horizon.days} days from {horizon.first_day}"
    for agent in problem.agents:
        outside = [day for day in agent.absent_on if day not in horizon.dates]
        if len(outside) == len(agent.absent_on) > 0:
            raise InputError(
                f"absent={agent.agent_id}@{outside[0]} lies outside {week} that are planned."
            )
    if published is None or not published.is_kept:
        return
    if not any(published.covers(day) for day in horizon.dates):
        first = published.schedule.first_day
        raise InputError(
            f"{published.source} is a plan of the days from {first}, and says nothing of {week}. "
            f"Give --week {first}, or keep the plan of that week."
        )
    if published.as_of is None:
        return
    shown = f"--as-of {horizon.local(published.as_of):%Y-%m-%d %H:%M}"
    if not horizon.start <= published.as_of < horizon.end:
        raise InputError(
            f"{shown} lies outside {week}: before them nothing is past, after them nothing is left "
            "to plan. Leave it out, or plan another --week."
        )
    _refuse_past_locks(problem, published)
    step = timedelta(minutes=horizon.slot_min)
    if (published.as_of - horizon.start) % step:
        slot = horizon.instant_at(horizon.slot_at(published.as_of))
        near = [f"{horizon.local(one):%H:%M}" for one in (slot, slot + step)]
        raise InputError(
            f"{shown} lies between two steps of the plan, which are {horizon.slot_min} minutes: "
            f"use {near[0]} or {near[1]}."
        )


def _refuse_past_locks(problem: PlanningProblem, published: Published) -> None:
    """Refuse further locks on dates that have begun otherwise: nothing there can be settled."""
    agents = {agent.agent_id: agent for agent in problem.agents}
    late: list[Fault] = []
    for lock in problem.locks_added:
        agent = agents[lock.agent_id]
        today = published.local_date(agent)
        before = published.shifts_of(agent, (lock.day,)).get(lock.day)
        is_same = (before and before.start, before and before.end) == (lock.start, lock.end)
        has_begun = before is not None and published.has_begun(before)
        if not is_same and today is not None and (lock.day < today or has_begun):
            was = f"{before.start:%H:%M}-{before.end:%H:%M} UTC" if before else "a day off"
            reason = (
                f"{lock.agent_id} cannot be locked on {lock.day}: by --as-of it has begun as {was}"
            )
            late.append(Fault(reason, column="locks", hint="remove the lock"))
    if late:
        raise InputFaultsError(late)


def _published(problem: PlanningProblem, keep: str, plan: Path, day: date | None) -> Published:
    """The plan that a planner names."""
    if keep == TABLE:
        if problem.published is None:
            return _stored(problem, memory.address_of(plan), day)
        folder = plan if plan.is_dir() else plan.parent
        beside = store.asked_beside(folder / problem.published.source)
        return problem.published.model_copy(
            update={"source": "the published table", "asked": beside}
        )
    path = Path(keep)
    if path.is_dir():
        manifest = store.read_manifest(path)
        if not manifest.get("schedule"):
            raise InputError(f"--keep {keep}: the run has no schedule yet. Run 'wfplan schedule'.")
        about = {"source": keep, "asked": manifest.get("asked") or {}}
        return _read(problem, path / SCHEDULE.file, manifest["schedule"], about)
    if not path.exists():
        raise InputError(
            f"--keep {keep}: there is no such run folder or file. Give a run folder, a "
            "schedule.csv, or 'published' for the plan's own table."
        )
    published = intake.read_whole(path, problem)
    return published.model_copy(update={"source": keep, "asked": store.asked_beside(path)})


def _stored(problem: PlanningProblem, address: str, day: date | None) -> Published:
    """The week that the planning store has, the revision that counts."""
    if not memory.is_there(address):
        raise InputError(
            f"--keep published: the plan has no table of what was published, and there is no "
            f"planning store at {address}. Publish a run first (wfplan publish RUN), or give the "
            "run that people know (--keep RUN)."
        )
    from wfplan.store import database

    name = store.slug_of(problem.name)
    with database.opened(address) as engine, database.reading(engine) as connection:
        if day is None:
            known = database.publications(connection, name)
            first = max((one.first_day for one in known), default=problem.week_of(None))
        else:
            first = problem.week_of(day)
        number = database.current_number(connection, name, first)
        week = database.read_week(connection, name, first, number or None)
    return Published(
        schedule=week.schedule.model_copy(update=dict(week.trace.get("schedule", {}))),
        people=frozenset(one.agent_id for one in week.people),
        consents=(),
        asked=week.about.get("asked") or {},
        source=f"revision {number} of the week from {first}",
        revision=number,
    )


def _read(
    problem: PlanningProblem, path: Path, of_schedule: dict[str, Any], about: dict[str, Any]
) -> Published:
    """A schedule of a run folder, with what is said about it."""
    fields = {**of_schedule, "first_day": date.fromisoformat(of_schedule["first_day"])}
    shifts = store.read_shifts(path, problem.agents, zone_of_others=problem.timezone)
    instants = {
        name: datetime.fromisoformat(about[name]) if about.get(name) else None
        for name in ("told", "as_of")
    }
    told_before = problem.published
    return Published(
        schedule=Schedule(**fields, shifts=shifts),
        **instants,
        consents=told_before.consents if told_before else (),
        people=frozenset(about.get("people") or store.people_of(path.parent, shifts)),
        is_kept=True,
        asked=about.get("asked", {}),
        source=about.get("source", ""),
    )


def _whole_weeks(problem: PlanningProblem, published: Published) -> Published:
    """A plan that speaks of all days of its weeks: who has no shift was to be free."""
    schedule = published.schedule
    last = schedule.first_day + timedelta(days=schedule.days - 1)
    first = problem.week_of(schedule.first_day)
    days = ((last - first).days // 7 + 1) * 7 if problem.days % 7 == 0 else schedule.days
    first = first if problem.days % 7 == 0 else schedule.first_day
    whole = schedule.model_copy(update={"first_day": first, "days": days})
    return published.model_copy(update={"schedule": whole})


def _with(problem: PlanningProblem, published: Published) -> PlanningProblem:
    """The problem with a kept plan; people who are here no more are named."""
    here = {agent.agent_id for agent in problem.agents}
    gone = sorted({shift.agent_id for shift in published.schedule.shifts} - here)
    told = published.consents or (problem.published.consents if problem.published else ())
    left = tuple(
        Fault(f"{agent_id} is in the kept plan but not among the agents: her shifts are lost")
        for agent_id in gone
    )
    published = published.model_copy(update={"consents": told})
    # the plan that is kept was refined; corrections for chance would move people once more
    unrefined = problem.simulation.model_copy(update={"rounds": 0})
    return problem.model_copy(
        update={
            "published": published,
            "simulation": unrefined,
            "warnings": (*problem.warnings, *left),
        }
    )
