"""HR's tables checked against each other, where there is no plan that they must fit."""

from __future__ import annotations

from collections.abc import Mapping

from wfplan.domain.tables import TABLES
from wfplan.intake.book import FaultBook
from wfplan.intake.grid import Grid
from wfplan.intake.past import read_history
from wfplan.intake.people import (
    PlanNames,
    agent_ids,
    agent_rows,
    build_agents,
    read_availability,
    read_skills,
    read_time_off,
)
from wfplan.intake.reading import Sheet, sheet_of


def check_alone(grids: Mapping[str, Grid], book: FaultBook) -> None:
    """Every fault that shows without channels, contracts and contacts of a plan."""
    sheets = {name: sheet_of(grid, TABLES[name], book) for name, grid in grids.items()}
    agents = sheets.get("agents")
    names = PlanNames(
        timezone="UTC",
        site="",
        channels=(),
        skills=_texts(sheets.get("skills"), "skill"),
        contracts=_texts(agents, "contract_type"),
        packs=_texts(agents, "rule_pack"),
        last_day=None,
    )
    rows = agent_rows(agents, names, book) if agents is not None else {}
    ids = agent_ids(agents)
    zones = {agent_id: row["timezone"] or "UTC" for agent_id, (_, row) in rows.items()}
    read_skills(sheets.get("skills"), ids, names, book)
    read_availability(sheets.get("availability"), ids, names, book)
    read_time_off(sheets.get("time_off"), ids, lambda one: zones.get(one, "UTC"), book)
    read_history(sheets.get("history"), ids, lambda one: zones.get(one, "UTC"), None, book)
    if agents is not None:
        build_agents(agents, rows, names, {}, book)


def _texts(sheet: Sheet | None, column: str) -> frozenset[str]:
    """The texts of a column: whatever it names is taken to be there."""
    if sheet is None or column not in sheet.columns:
        return frozenset()
    return frozenset(value for value in sheet.columns[column].values if isinstance(value, str))
