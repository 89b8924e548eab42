"""
What was published, looked at and brought back: nothing of the line is needed for it.

How a week gets there is in :mod:`wfplan.publishing`.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from wfplan import intake
from wfplan.errors import InputError, UsageError
from wfplan.store import database, slug_of
from wfplan.store.database import Publication, WeekToPublish

_WEEK_DAYS = 7


@dataclass(frozen=True)
class Signature:
    """Who does something to the store, when and why."""

    actor: str
    at: datetime
    reason: str = ""

    @classmethod
    def now(cls, reason: str = "") -> Signature:
        """Of whoever is at work, at this moment."""
        intake.require_no_health(reason, "--reason")
        return cls(database.actor(), datetime.now(UTC), reason)


def plan_of(name: str) -> str:
    """The name under which a plan's weeks are published."""
    return slug_of(name)


def published(address: str, plan: str, day: date | None = None) -> list[Publication]:
    """Every revision of a plan's weeks; of those only that begin with a date or hold it."""
    with database.opened(address) as engine, database.reading(engine) as connection:
        found = database.publications(connection, plan)
    return [one for one in found if day is None or 0 <= (day - one.first_day).days < _WEEK_DAYS]


def read(address: str, plan: str, first_day: date, number: int | None = None) -> WeekToPublish:
    """A published week, the revision that counts by default."""
    with database.opened(address) as engine, database.reading(engine) as connection:
        return database.read_week(connection, plan, first_day, number)


def history(
    address: str, plan: str, first_day: date, days: int
) -> list[tuple[Publication, WeekToPublish]]:
    """
    Every revision that speaks of some of the days from a date on, in the order of publishing.

    Revisions that were emptied are left out.
    """
    end, found = first_day + timedelta(days=days), []
    with database.opened(address) as engine, database.reading(engine) as connection:
        for made in database.publications(connection, plan):
            if made.first_day < end and first_day < made.first_day + timedelta(days=made.days):
                with suppress(InputError):
                    week = database.read_week(connection, plan, made.first_day, made.number)
                    found.append((made, week))
    return sorted(found, key=lambda one: datetime.fromisoformat(one[0].at))


def planned_on(address: str, made: Publication) -> list[date]:
    """Weeks after a revision that was made just now, which were published without knowing it."""
    if not made.is_new:
        return []
    later = {one.first_day for one in published(address, made.plan)}
    return sorted(day for day in later if day > made.first_day)


def rollback(
    address: str, plan: str, first_day: date, to: int | None, signature: Signature
) -> Publication:
    """
    Bring a revision of a week back as a new one; by default the one before the last.

    Raises
    ------
    UsageError
        When the week has one revision only.
    """
    with database.opened(address) as engine, database.writing(engine) as connection:
        if to is None:
            known = database.publications(connection, plan, first_day)
            if len(known) == 1:
                raise UsageError(
                    f"the week from {first_day} was published once only: there is nothing to "
                    "bring back. Build it again with --keep published, or publish another run."
                )
            to = known[-2].number if known else 1
        return database.rollback(
            connection,
            plan,
            first_day,
            to,
            actor=signature.actor,
            at=signature.at,
            reason=signature.reason,
        )
