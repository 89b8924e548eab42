"""
The tables of the planning store, the same in SQLite and in PostgreSQL.

Instants are text, UTC ISO 8601 with ``Z``; dates are text; contents are JSON in canonical form
(:mod:`wfplan.store.database.canonical`), so that a hash of what was stored can be taken again
from what is read. People are numbers: only ``person`` knows whose they are, and nothing that a
person's number stands beside in ``log`` or ``revision`` is about her alone. So she can be
forgotten without breaking the chain of the log.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

META = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

PERSON = Table(
    "person",
    META,
    Column("person", Integer, primary_key=True),
    Column("agent_id", String(64), unique=True),  # empty once she is forgotten
    Column("forgotten_at", String(20)),
)

LOG = Table(
    "log",
    META,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(20), nullable=False),
    Column("actor", String(128), nullable=False),
    Column("action", String(32), nullable=False),
    Column("about", Text, nullable=False),  # JSON; never a name or an agent_id
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

WEEK = Table(
    "week",
    META,
    Column("week", Integer, primary_key=True),
    Column("plan", String(64), nullable=False),
    Column("first_day", String(10), nullable=False),
    Column("number", Integer, nullable=False),  # of the revision that counts
    UniqueConstraint("plan", "first_day"),
)

REVISION = Table(
    "revision",
    META,
    Column("revision", Integer, primary_key=True),
    Column("week", ForeignKey("week.week"), nullable=False),
    Column("number", Integer, nullable=False),  # from 1, within its week
    Column("log_seq", ForeignKey("log.seq"), nullable=False),
    Column("head", Text, nullable=False),  # JSON: the schedule's frame, what it answers to, sides
    Column("hash", String(64), nullable=False),  # of the head and of everybody's hash
    UniqueConstraint("week", "number"),
)

PUBLISHED = Table(
    "published",
    META,
    Column("revision", ForeignKey("revision.revision"), primary_key=True),
    Column("person", ForeignKey("person.person"), primary_key=True),
    Column("content", Text),  # JSON: shifts, ledger, promises; empty once she is forgotten
    Column("hash", String(64), nullable=False),
    Index("ix_published_person", "person"),
)

LIMIT = Table(
    "hr_row",
    META,
    Column("hr_row", Integer, primary_key=True),
    Column("kind", String(32), nullable=False),  # the table that it is a row of
    Column("key", Text, nullable=False),  # what makes it that row in every later file
    Column("person", ForeignKey("person.person")),
    Column("content", Text, nullable=False),  # JSON: the cells
    Column("source", Text, nullable=False),  # JSON: file, line
    Column("imported", ForeignKey("log.seq"), nullable=False),
    Column("replaced", ForeignKey("log.seq")),  # empty: it holds
    Index("ix_hr_row_kind_replaced", "kind", "replaced"),
    Index("ix_hr_row_person", "person"),
    sqlite_autoincrement=True,  # no number is given twice, whoever is forgotten
)

PROOF = Table(
    "hr_proof",
    META,
    Column("imported", ForeignKey("log.seq"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),  # among the rows of the import
    Column("hash", String(64), nullable=False),  # of the row, which has a salt
)

APPEND_ONLY = ("log", "revision", "hr_proof")
"""Tables of which no row is ever changed or taken away; the database refuses it."""
