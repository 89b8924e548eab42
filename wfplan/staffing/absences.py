"""Absences of a scenario: people who do not come at all, or on some of their dates.

An absence is written ``A017``, ``A017@2026-10-21`` or ``A017@2026-10-21..2026-10-23``; its
dates are those on which her shifts begin. Where a published plan is kept, somebody who
does not come at all stays among the people: what she has worked stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.errors import Fault

_LONGEST = 366  # dates of one absence


def who_of(absence: str) -> str:
    """The person of an absence."""
    return absence.partition("@")[0].strip()


def faults_of_dates(absences: Iterable[str]) -> Iterator[str]:
    """What is wrong with the dates of absences, a sentence each."""
    for absence in absences:
        if "@" in absence and not _dates(absence):
            yield (
                f"absent={absence} names no dates: write absent={who_of(absence)}@2026-10-21, or "
                f"absent={who_of(absence)}@2026-10-21..2026-10-23, the first date first."
            )


def without_absent(problem: PlanningProblem, absences: Sequence[str]) -> PlanningProblem:
    """The problem without people who do not come, on the dates on which they do not."""
    gone = {who_of(one) for one in absences if "@" not in one}
    missed = {who_of(one): set[date]() for one in absences if "@" in one}
    for one in absences:
        if "@" in one:
            missed[who_of(one)].update(_dates(one))
    published = problem.published
    if published is not None and published.is_kept:
        first = published.schedule.first_day - timedelta(days=1)
        week = {first + timedelta(days=d) for d in range(published.schedule.days + 2)}
        missed |= {name: missed.get(name, set()) | week for name in gone}
        gone = set()
    missed = {name: days for name, days in missed.items() if name not in gone}
    released = tuple(
        Fault(
            f"the lock of {lock.agent_id} on {lock.day} is released: she is absent then",
            column="locks",
        )
        for lock in problem.locks
        if lock.day in missed.get(lock.agent_id, ())
    )
    agents = (_missing(agent, missed) for agent in problem.agents if agent.agent_id not in gone)
    locks = tuple(
        lock
        for lock in problem.locks
        if lock.agent_id not in gone and lock.day not in missed.get(lock.agent_id, ())
    )
    return problem.model_copy(
        update={
            "agents": tuple(agents),
            "locks": locks,
            "warnings": (*problem.warnings, *released),
        }
    )


def _missing(agent: Agent, missed: dict[str, set[date]]) -> Agent:
    """An agent with the dates on which she does not come; her least hours are not asked then."""
    days = missed.get(agent.agent_id)
    if not days:
        return agent
    every = tuple(sorted({*agent.absent_on, *days}))
    return agent.model_copy(update={"absent_on": every, "min_hours_week": 0.0})


def _dates(absence: str) -> list[date]:
    """The dates of an absence; none where they cannot be read."""
    first, _, last = absence.partition("@")[2].strip().partition("..")
    try:
        begin = date.fromisoformat(first.strip())
        end = date.fromisoformat(last.strip()) if last else begin
    except ValueError:
        return []
    count = (end - begin).days + 1
    return [begin + timedelta(days=d) for d in range(count)] if count <= _LONGEST else []
