"""Published weeks that an import breaks: what they kept before it, and no longer do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from wfplan import evaluation, memory, store
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import Breach
from wfplan.errors import Fault, Severity

if TYPE_CHECKING:
    from wfplan.domain.schedule import Schedule

_SHOWN = 10


@dataclass(frozen=True)
class Broken:
    """The hard limits that a published week breaks from an import on."""

    first_day: date
    revision: int
    breaches: tuple[Breach, ...]

    def as_dict(self) -> dict[str, Any]:
        """The week as ``--json`` gives it."""
        return {
            "week": self.first_day.isoformat(),
            "revision": self.revision,
            "breaches": [breach.as_dict() for breach in self.breaches],
        }

    def told(self) -> list[Fault]:
        """What the planner is told: what breaks, and how to go on."""
        year, week, _ = self.first_day.isocalendar()
        where = f"published week of {self.first_day}, revision {self.revision}"
        hint = f"plan it anew: wfplan build PLAN --week {year}-W{week:02} --keep published"
        said = [
            Fault(breach.why.rstrip("."), where, severity=Severity.WARNING)
            for breach in self.breaches[:_SHOWN]
        ]
        count, people = len(self.breaches), len({breach.agent_id for breach in self.breaches})
        total = f"{count} hard limits of {people} people are broken by what was imported"
        return [*said, Fault(total, where, hint=hint, severity=Severity.WARNING)]


def newly_broken(
    address: str, before: PlanningProblem, after: PlanningProblem, today: date
) -> tuple[Broken, ...]:
    """
    Weeks published by a plan, from this one on, with the hard limits that only ``after`` breaks.

    Both problems are asked without what the store remembers of past weeks, so that only what the
    import says makes a difference.
    """
    found = []
    for (first_day, number), schedule in _published(address, after.name, today).items():
        horizon = after.horizon(first_day, schedule.days)
        was = {_key(one) for one in evaluation.audit(before, horizon, schedule).hard_breaches}
        now = evaluation.audit(after, horizon, schedule).hard_breaches
        new = tuple(one for one in now if _key(one) not in was)
        if new:
            found.append(Broken(first_day, number, new))
    return tuple(found)


def has_weeks(address: str, name: str, today: date) -> bool:
    """Whether a plan has published a week that is not over."""
    return bool(_published(address, name, today))


def _key(breach: Breach) -> tuple[object, ...]:
    return breach.rule, breach.agent_id, breach.at, breach.amount


def _published(address: str, name: str, today: date) -> Mapping[tuple[date, int], Schedule]:
    """The current revisions of the weeks that are not over, by first day and number."""
    if not memory.is_there(address):
        return {}
    from wfplan.store import database

    plan = store.slug_of(name)
    with database.opened(address) as engine, database.reading(engine) as connection:
        return {
            (one.first_day, one.number): database.read_week(
                connection, plan, one.first_day, one.number
            ).schedule
            for one in database.publications(connection, plan)
            if one.is_current and one.first_day + timedelta(days=one.days) > today
        }
