"""The first planning store: people, the log, published weeks, HR's limits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_APPEND_ONLY = ("log", "revision", "hr_proof")
_OTHER = "NEW.content IS NOT NULL OR NEW.hash <> OLD.hash"
_PG_REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME; END $$
"""


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "person",
        sa.Column("person", sa.Integer, primary_key=True),
        sa.Column("agent_id", sa.String(64), unique=True),
        sa.Column("forgotten_at", sa.String(20)),
    )
    op.create_table(
        "log",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(20), nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "week",
        sa.Column("week", sa.Integer, primary_key=True),
        sa.Column("plan", sa.String(64), nullable=False),
        sa.Column("first_day", sa.String(10), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.UniqueConstraint("plan", "first_day", name="uq_week_plan_first_day"),
    )
    op.create_table(
        "revision",
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("week", sa.Integer, sa.ForeignKey("week.week"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("log_seq", sa.Integer, sa.ForeignKey("log.seq"), nullable=False),
        sa.Column("head", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.UniqueConstraint("week", "number", name="uq_revision_week_number"),
    )
    _tables_of_people()
    for table in _APPEND_ONLY:
        _refuse_changes(table)
    _refuse_other_contents()


def _tables_of_people() -> None:
    """Published weeks and limits of single people."""
    op.create_table(
        "published",
        sa.Column("revision", sa.Integer, sa.ForeignKey("revision.revision"), primary_key=True),
        sa.Column("person", sa.Integer, sa.ForeignKey("person.person"), primary_key=True),
        sa.Column("content", sa.Text),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("ix_published_person", "published", ["person"])
    op.create_table(
        "hr_row",
        sa.Column("hr_row", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("person", sa.Integer, sa.ForeignKey("person.person")),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("imported", sa.Integer, sa.ForeignKey("log.seq"), nullable=False),
        sa.Column("replaced", sa.Integer, sa.ForeignKey("log.seq")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "hr_proof",
        sa.Column("imported", sa.Integer, sa.ForeignKey("log.seq"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("ix_hr_row_kind_replaced", "hr_row", ["kind", "replaced"])
    op.create_index("ix_hr_row_person", "hr_row", ["person"])


def _refuse_changes(table: str) -> None:
    """Have the database refuse that a row is changed or taken away."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END"
            )
        return
    if table == _APPEND_ONLY[0]:
        op.execute(_PG_REFUSE)
    op.execute(
        f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _refuse_other_contents() -> None:
    """Have the database refuse that a person's published week becomes anything but empty."""
    if op.get_bind().dialect.name == "sqlite":
        raised = "SELECT RAISE(ABORT, 'rows of published are only ever added')"
        op.execute(
            f"CREATE TRIGGER published_no_update BEFORE UPDATE ON published WHEN {_OTHER} "
            f"BEGIN {raised}; END"
        )
        op.execute(
            f"CREATE TRIGGER published_no_delete BEFORE DELETE ON published BEGIN {raised}; END"
        )
        return
    op.execute(
        f"CREATE TRIGGER published_no_update BEFORE UPDATE ON published FOR EACH ROW "
        f"WHEN ({_OTHER}) EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER published_no_delete BEFORE DELETE OR TRUNCATE ON published "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
