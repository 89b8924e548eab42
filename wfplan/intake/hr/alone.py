"""HR's tables checked against each other, where there is no plan that they must fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wfplan.domain.problem import RulePack
from wfplan.domain.tables import TABLES
from wfplan.intake.book import FaultBook
from wfplan.intake.constraint_people import Crowd
from wfplan.intake.constraints import read_constraints
from wfplan.intake.grid import Grid
from wfplan.intake.pack_files import shipped_packs
from wfplan.intake.packs import shipped_pack
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
from wfplan.intake.surveys import read_survey
from wfplan.rules.hr_limits import weeks_of


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
    skills = read_skills(sheets.get("skills"), ids, names, book)
    read_availability(sheets.get("availability"), ids, names, book)
    read_time_off(sheets.get("time_off"), ids, lambda one: zones.get(one, "UTC"), book)
    read_history(sheets.get("history"), ids, lambda one: zones.get(one, "UTC"), None, book)
    parts = {"skills": skills}
    people = build_agents(agents, rows, names, parts, book) if agents is not None else ()
    packs = _packs(names.packs)
    crowd = Crowd(people, ids, tuple(names.skills), names.contracts, packs)
    weeks = weeks_of(rule for pack in packs.values() for rule in pack.rules)
    read_constraints(sheets.get("constraints"), crowd, weeks, book)
    read_survey(sheets.get("survey_groups"), crowd, None, book)


def _packs(names: Iterable[str]) -> dict[str, RulePack]:
    """The law packs that come with wfplan, of those that people are said to be under."""
    shipped = shipped_packs()
    found = {name: shipped_pack(name) for name in names if name in shipped}
    return {name: pack for name, pack in found.items() if pack is not None}


def _texts(sheet: Sheet | None, column: str) -> frozenset[str]:
    """The texts of a column: whatever it names is taken to be there."""
    if sheet is None or column not in sheet.columns:
        return frozenset()
    return frozenset(value for value in sheet.columns[column].values if isinstance(value, str))
