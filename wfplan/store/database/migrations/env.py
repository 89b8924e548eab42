"""Runs migrations on the connection that is handed over; alembic asks for this file."""

from __future__ import annotations

from alembic import context

from wfplan.store.database.tables import META

context.configure(connection=context.config.attributes["connection"], target_metadata=META)
context.run_migrations()
