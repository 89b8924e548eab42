"""
The log: everything that was done to the store, each entry chained to the one before by its hash.

Whoever changes, drops or reorders an entry breaks the chain (Haber and Stornetta 1991). Entries
never hold a name or an ``agent_id``; a person is the number that only the table ``person``
resolves.

References
----------
.. [1] Haber, S., and W. S. Stornetta (1991). How to time-stamp a digital document. *Journal of
       Cryptology*, 3: 99-111. https://doi.org/10.1007/BF00196791
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from wfplan.store.database.canonical import (
    NOTHING,
    canonical,
    digest,
    instant_text,
    storable,
)
from wfplan.store.database.tables import LOG

ACTOR_MOST = 128


@dataclass(frozen=True)
class Entry:
    """One thing that was done: when, by whom, what; ``about`` is canonical JSON."""

    seq: int
    at: str
    actor: str
    action: str
    about: str
    previous: str
    hash: str

    @property
    def is_sound(self) -> bool:
        """Whether the entry is what its hash was taken of."""
        return self.hash == _hash(
            self.previous, self.seq, self.at, self.actor, self.action, self.about
        )


def note(
    connection: Connection, action: str, about: Mapping[str, Any], *, actor: str, at: datetime
) -> int:
    """Add an entry; its number. What is in order is the number: clocks go wrong."""
    actor = storable(actor, ACTOR_MOST)
    last = connection.execute(
        select(LOG.c.seq, LOG.c.hash).order_by(LOG.c.seq.desc()).limit(1)
    ).one_or_none()
    seq, previous = (last.seq + 1, last.hash) if last else (1, NOTHING)
    when, text = instant_text(at), canonical(about)
    found = _hash(previous, seq, when, actor, action, text)
    connection.execute(
        insert(LOG).values(
            seq=seq, at=when, actor=actor, action=action, about=text, previous=previous, hash=found
        )
    )
    return seq


def entries(connection: Connection) -> Iterator[Entry]:
    """The whole log, oldest first."""
    for row in connection.execute(select(LOG).order_by(LOG.c.seq)):
        yield Entry(*row)


def broken_links(connection: Connection) -> list[str]:
    """What is wrong with the chain, in words."""
    found, previous, expected = [], NOTHING, 1
    for entry in entries(connection):
        if entry.seq != expected:
            found.append(f"log entry {expected} is missing")
        elif entry.previous != previous:
            found.append(f"log entry {entry.seq} does not follow the one before it")
        if not entry.is_sound:
            found.append(f"log entry {entry.seq} was changed after it was written")
        previous, expected = entry.hash, entry.seq + 1
    return found


def _hash(previous: str, seq: int, at: str, actor: str, action: str, about: str) -> str:
    return digest(previous, str(seq), at, actor, action, about)
