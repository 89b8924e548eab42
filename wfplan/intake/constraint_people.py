"""Whom HR's limits are about: the people of a plan by scope, and the law that holds for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from wfplan.domain.limits import Constraint
from wfplan.domain.people import Agent
from wfplan.domain.problem import RulePack, RuleSetting
from wfplan.errors import did_you_mean
from wfplan.intake.book import FaultBook, shown
from wfplan.intake.reading import Sheet

_COLUMN = {"site": "site", "team": "team", "agent": "agent_id", "contract_type": "contract_type"}


@dataclass(frozen=True)
class Crowd:
    """The people of a plan, good or not (``ids``), its channels, and its law packs."""

    agents: tuple[Agent, ...]
    ids: Collection[str]
    channels: tuple[str, ...]
    contracts: Collection[str]
    packs: Mapping[str, RulePack] = field(default_factory=dict)
    site_packs: tuple[str, ...] = ()

    @cached_property
    def of_scope(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """Ids of the people of every scope and name that somebody is in."""
        found: dict[tuple[str, str], set[str]] = {}
        for agent in self.agents:
            names = [(scope, str(getattr(agent, column))) for scope, column in _COLUMN.items()]
            names += [("skill", skill.skill) for skill in agent.skills]
            for name in names:
                found.setdefault(name, set()).add(agent.agent_id)
        return {name: frozenset(ids) for name, ids in found.items()}

    @cached_property
    def _pack_of(self) -> Mapping[str, str | None]:
        return {agent.agent_id: agent.rule_pack for agent in self.agents}

    @cached_property
    def _names(self) -> Mapping[str, frozenset[str]]:
        """The names that each scope can have; looked up for every row of a table."""
        known: dict[str, set[str]] = {
            "contract_type": set(self.contracts), "skill": set(self.channels),
            "agent": set(self.ids),
        }  # fmt: skip
        for scope, name in self.of_scope:
            if name:
                known.setdefault(scope, set()).add(name)
        return {scope: frozenset(names) for scope, names in known.items()}

    def names(self, scope: str) -> frozenset[str]:
        """The names that a scope can have."""
        return self._names.get(scope, frozenset())

    def laws_of(self, row: Constraint) -> tuple[RuleSetting, ...]:
        """The values of the packs of everybody, and of a pack that all have whom a row is about."""
        packs = {self._pack_of.get(agent_id) for agent_id in whom(row, self)}
        own = packs.pop() if len(packs) == 1 else None
        names = dict.fromkeys((*self.site_packs, *filter(None, [own])))
        return tuple(one for name in names if name in self.packs for one in self.packs[name].rules)


def whom(row: Constraint, crowd: Crowd) -> frozenset[str]:
    """Ids of the people that a row is about."""
    if row.scope == "all":
        return frozenset(agent.agent_id for agent in crowd.agents)
    return crowd.of_scope.get((row.scope, row.scope_value), frozenset())


def check_known(
    sheet: Sheet, line: int, row: Mapping[str, Any], crowd: Crowd, book: FaultBook
) -> None:
    """The scope of a row names somebody of the plan."""
    scope, name = row["scope"], row["scope_value"]
    if scope == "all":
        if name:
            reason = f"'{shown(name)}' says whom, and the scope is all"
            hint = "leave it empty, or write site, team, agent, contract_type or skill as scope"
            sheet.blame(book, line, "scope_value", reason, value=name, hint=hint, code="HR109")
        return
    if not name:
        reason, hint = "is missing", f"write which {scope.replace('_type', '')} the row is about"
        sheet.blame(book, line, "scope_value", reason, hint=hint, code="HR102")
        return
    known = crowd.names(scope)
    if not known or name in known:
        return
    some = ", ".join(sorted(known)[:8]) + (", ..." if len(known) > 8 else "")
    hint = did_you_mean(name, known) or (
        "add the person to the table of agents, or take the row out"
        if scope == "agent"
        else f"there are {some}"
    )
    reason = f"nobody is in the {scope.replace('_type', '')} '{shown(name)}'"
    if scope == "agent":
        reason = f"'{shown(name)}' is not in the agents table"
    sheet.blame(book, line, "scope_value", reason, value=name, hint=hint, code="HR111")
