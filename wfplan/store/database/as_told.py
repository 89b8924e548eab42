"""
What people were told of each week by the time it began, of all published weeks.

A week that is planned anew while it runs knows who was ill; what stood when it began does not.
Whoever asks what planned work leads to needs the latter (:mod:`wfplan.calibrating`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from wfplan.domain.people import PastLoad
from wfplan.store.database.canonical import instant_text
from wfplan.store.database.contents import loads_in, owner_of, spans_in
from wfplan.store.database.tables import LOG, REVISION, WEEK
from wfplan.store.database.weeks import contents_of


@dataclass(frozen=True)
class ToldWeek:
    """Shifts (person, date, start, end) and entries of the ledger of one week."""

    first_day: date
    shifts: list[tuple[str, date, datetime, datetime]]
    loads: list[PastLoad]


def told_weeks(connection: Connection, plan: str) -> Iterator[ToldWeek]:
    """
    Every published week of a plan, oldest first, as it stood when it began.

    A week that was published only later counts as first published. Where two weeks speak of the
    same date, the one that begins later counts.
    """
    rows = _when_begun(connection, plan)
    for at, row in enumerate(rows):
        first = date.fromisoformat(row.first_day)
        later = (date.fromisoformat(one.first_day) for one in rows[at + 1 : at + 2])
        end = min([first + timedelta(days=json.loads(row.head)["days"]), *later])
        week = ToldWeek(first, [], [])
        for stored in contents_of(connection, row.revision):
            content = json.loads(stored)
            agent_id = owner_of(content)
            week.shifts.extend(
                (agent_id, on, start, finish)
                for on, start, finish, _ in spans_in(content)
                if on < end
            )
            week.loads.extend(load for load in loads_in(content) if load.day < end)
        yield week


def _when_begun(connection: Connection, plan: str) -> list[Any]:
    """The revision of each week that stood when it began, by week."""
    rows = connection.execute(
        select(REVISION.c.revision, REVISION.c.number, REVISION.c.head, WEEK.c.first_day, LOG.c.at)
        .join(WEEK, WEEK.c.week == REVISION.c.week)
        .join(LOG, LOG.c.seq == REVISION.c.log_seq)
        .where(WEEK.c.plan == plan)
        .order_by(WEEK.c.first_day, REVISION.c.number)
    ).all()
    chosen = []
    for _, of_week in groupby(rows, key=lambda row: row.first_day):
        revisions = list(of_week)
        before = [row for row in revisions if row.at <= _begin(row)]
        chosen.append(before[-1] if before else revisions[0])
    return chosen


def _begin(row: Any) -> str:
    """When the week of a revision begins at its site, as the log writes instants."""
    zone = ZoneInfo(json.loads(row.head)["timezone"])
    begin = datetime.combine(date.fromisoformat(row.first_day), time(), zone)
    return instant_text(begin.astimezone(UTC))
