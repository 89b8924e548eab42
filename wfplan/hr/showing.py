"""What the planning store holds of HR's tables, and where each row came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wfplan.errors import InputError, did_you_mean
from wfplan.intake.hr import hr_tables

if TYPE_CHECKING:
    from wfplan.store.database import Entry, HrRow

PRIVATE = ("name", "email")


@dataclass(frozen=True)
class Shown:
    """A row that holds, without what tells who somebody is, and its import."""

    table: str
    cells: Mapping[str, str]
    file: str
    line: int
    at: str
    actor: str

    def as_dict(self) -> dict[str, Any]:
        """The row as ``--json`` gives it."""
        return {**vars(self), "cells": dict(self.cells)}


def show(address: str, what: str = "") -> list[Shown]:
    """
    The rows of a table, or about one person; all rows where nothing is asked.

    Raises
    ------
    InputError
        When there is no store, or neither a table nor a person of that name.
    """
    from wfplan.store import database

    with database.opened(address) as engine, database.reading(engine) as connection:
        kinds = [what] if what in hr_tables() else list(database.kinds_of(connection))
        held = {kind: database.rows_of(connection, kind) for kind in kinds}
        imports = {entry.seq: entry for entry in database.entries(connection)}
    rows = [
        _shown(kind, row, imports.get(row.imported))
        for kind, found in held.items()
        for row in found
        if not what or what == kind or what in (row.agent_id, row.cells.get("scope_value"))
    ]
    if what and not rows and what not in hr_tables():
        people = {row.agent_id for found in held.values() for row in found}
        hint = did_you_mean(what, {*people, *hr_tables()} - {""})
        raise InputError(
            f"the store has neither a table nor a person '{what}'; "
            f"{hint or 'wfplan hr show lists the tables.'}"
        )
    return rows


def _shown(kind: str, row: HrRow, entry: Entry | None) -> Shown:
    """A row with its provenance."""
    cells = {name: text for name, text in row.cells.items() if name not in PRIVATE}
    at, actor = (entry.at, entry.actor) if entry is not None else ("", "")
    return Shown(kind, cells, row.file, row.line, at, actor)
