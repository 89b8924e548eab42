"""What published weeks say of the past: shifts for the rules, loads for the ledger, wishes owed."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from wfplan.domain.people import PastLoad
from wfplan.domain.promises import PastPromise
from wfplan.domain.schedule import PastShift
from wfplan.store.database.contents import away_in, loads_in, owner_of, promises_in, spans_in
from wfplan.store.database.weeks import contents_of, current_revisions

_NIGHT_DAYS = 2  # a shift that runs into a week began so long before it at most
_EVERY_LOAD_DAYS = 7 * 7  # entries of the chronic memory's 42 days, and a week more


@dataclass(frozen=True)
class Past:
    """
    Shifts and ledger entries of published weeks before a date.

    ``promises`` are, by person, wishes asked and granted over these weeks; ``kept`` the same
    counts week by week.
    """

    shifts: tuple[PastShift, ...] = ()
    loads: tuple[PastLoad, ...] = ()
    promises: dict[str, dict[str, float]] | None = None
    kept: tuple[PastPromise, ...] = ()
    weeks: int = 0


def past_of(connection: Connection, plan: str, day: date, back_days: int) -> Past:
    """
    What people were last told of the days before a date.

    Where two published weeks speak of the same date, the one that begins later counts. Of loads
    longer ago than any cap of the ledger looks back, those on hard queues are handed on, and the
    last of each week, which says what was remembered then.
    """
    with _no_collector():
        return _past(connection, plan, day, back_days)


def _past(connection: Connection, plan: str, day: date, back_days: int) -> Past:
    """See :func:`past_of`."""
    shifts: list[PastShift] = []
    loads: list[PastLoad] = []
    promises: dict[str, dict[str, float]] = {}
    kept: list[PastPromise] = []
    weeks, since = 0, day - timedelta(days=_EVERY_LOAD_DAYS)
    eve = day - timedelta(days=_NIGHT_DAYS)
    for revision, first, end, head in _revisions(connection, plan, day, back_days):
        weeks += 1
        of_week = {"is_weighed": first + timedelta(days=head["days"]) > end}
        table = str(head["about"].get("strain_table", ""))
        for stored in contents_of(connection, revision):
            content = json.loads(stored)
            agent_id = owner_of(content)
            away = away_in(content, eve) if end >= eve else {}
            shifts += [
                PastShift.known(
                    {
                        "agent_id": agent_id,
                        "start": start,
                        "end": finish,
                        "paid_min": paid,
                        "away": away.get(start, ()),
                        **of_week,
                    }
                )
                for on, start, finish, paid in spans_in(content)
                if on < end
            ]
            loads += [load for load in loads_in(content, since, table) if load.day < end]
            of_agent, counts = promises.setdefault(agent_id, {}), promises_in(content)
            kept.append(
                PastPromise.known({"agent_id": agent_id, "first_day": first, "counts": counts})
            )
            for name, count in counts.items():
                of_agent[name] = of_agent.get(name, 0.0) + count
    return Past(tuple(shifts), tuple(loads), promises, tuple(kept), weeks)


@contextmanager
def _no_collector() -> Iterator[None]:
    """No look for cycles among hundreds of thousands of objects that have none: half the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _revisions(
    connection: Connection, plan: str, day: date, back_days: int
) -> Iterator[tuple[int, date, date, dict[str, Any]]]:
    """Revisions that count, oldest first, the dates from and up to which each speaks, its head."""
    from_day = day - timedelta(days=back_days)
    rows: list[Any] = current_revisions(connection, plan, before=day)
    for at, row in enumerate(rows):
        first = date.fromisoformat(row.first_day)
        later = (date.fromisoformat(one.first_day) for one in rows[at + 1 :])
        head = json.loads(row.head)
        end = min([day, first + timedelta(days=head["days"]), *later])
        if end > from_day:
            yield row.revision, first, end, head
