"""People as numbers, and how one of them is forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from wfplan.store.database.canonical import instant_text
from wfplan.store.database.tables import LIMIT, PERSON, PUBLISHED


def numbers_of(connection: Connection, agent_ids: Iterable[str]) -> dict[str, int]:
    """The number of every agent, made where there is none yet."""
    wanted = sorted(set(agent_ids))
    rows = connection.execute(
        select(PERSON.c.agent_id, PERSON.c.person).where(PERSON.c.agent_id.is_not(None))
    )
    known = {str(agent_id): int(person) for agent_id, person in rows}
    new = [{"agent_id": agent_id} for agent_id in wanted if agent_id not in known]
    if new:
        connection.execute(insert(PERSON), new)
        return numbers_of(connection, wanted)
    return {agent_id: known[agent_id] for agent_id in wanted}


def agents_of(connection: Connection) -> dict[int, str]:
    """The agent of every number that is not forgotten."""
    rows = connection.execute(
        select(PERSON.c.person, PERSON.c.agent_id).where(PERSON.c.agent_id.is_not(None))
    )
    return {int(person): str(agent_id) for person, agent_id in rows}


def forget_number(connection: Connection, person: int, at: datetime) -> tuple[int, int]:
    """
    Take away all that is about one person; published weeks and rows of limits that it was in.

    The hashes of her published weeks stay, so that the weeks of others can still be verified;
    they were salted, so that nothing can be guessed from them.
    """
    weeks = connection.execute(
        update(PUBLISHED)
        .where(PUBLISHED.c.person == person, PUBLISHED.c.content.is_not(None))
        .values(content=None)
    ).rowcount
    rows = connection.execute(delete(LIMIT).where(LIMIT.c.person == person)).rowcount
    without_numbers(connection, [person], at)
    return weeks, rows


def without_numbers(connection: Connection, people: Sequence[int], at: datetime) -> None:
    """Take away whose some numbers are."""
    connection.execute(
        update(PERSON)
        .where(PERSON.c.person.in_(people))
        .values(agent_id=None, forgotten_at=instant_text(at))
    )
