"""Limits of HR that cannot all hold for somebody, by arithmetic alone: the rows are named.

Only what needs no search is said here: hours that no shifts add up to, shifts that no length
of a contract allows. What depends on a week is told by ``wfplan explain infeasible``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from wfplan.domain.contracts import Contract
from wfplan.domain.limits import Constraint
from wfplan.domain.people import Agent
from wfplan.intake.book import FaultBook

_MEALS = ("meal",)
_PAUSES = ("rest", "meal", "gap")
_OF_SHIFTS = ("max_hours_per_day", "min_break_minutes", "min_meal_minutes")
_OF_WEEKS = ("max_hours_per_week", "max_average_hours_per_week", "max_consecutive_days")


@dataclass(frozen=True)
class _Clash:
    """Rows that leave too little, for a sort of people."""

    rows: tuple[Constraint, ...]
    contract: str
    said: str


def check_together(
    rows: Sequence[Constraint],
    agents: Iterable[Agent],
    contracts: Mapping[str, Contract],
    book: FaultBook,
) -> None:
    """A fault for every set of hard rows under which somebody has no legal week."""
    hard = [row for row in rows if row.is_hard and row.rule in (*_OF_SHIFTS, *_OF_WEEKS)]
    by_scope: dict[tuple[str, str], list[Constraint]] = {}
    for row in hard:
        by_scope.setdefault((row.scope, row.scope_value), []).append(row)
    if not by_scope:
        return
    found: dict[_Clash, list[str]] = {}
    for agent in agents:
        contract = contracts.get(agent.contract_type)
        own = [row for name in _scopes(agent) for row in by_scope.get(name, ())]
        if contract is None or not own:
            continue
        for some in _at_once(own):
            clash = _clash(some, agent, contract)
            if clash is not None:
                found.setdefault(clash, []).append(agent.agent_id)
                break
    for clash, ids in found.items():
        _say(clash, ids, book)


def _scopes(agent: Agent) -> list[tuple[str, str]]:
    """The scopes that somebody is in."""
    named = [
        ("all", ""), ("site", agent.site), ("team", agent.team), ("agent", agent.agent_id),
        ("contract_type", agent.contract_type),
    ]  # fmt: skip
    return named + [("skill", name) for name in {skill.skill for skill in agent.skills}]


def _at_once(rows: Sequence[Constraint]) -> Iterable[list[Constraint]]:
    """The rows in force on the first date of each."""
    for day in sorted({row.valid_from or date.min for row in rows}):
        yield [row for row in rows if row.holds(day, day)]


def _clash(rows: Sequence[Constraint], agent: Agent, contract: Contract) -> _Clash | None:
    """Why nobody's week of these hours can keep the rows; None where nothing is in the way."""
    need = agent.min_hours_week
    if need <= 0:
        return None
    strict = _strictest(rows)
    lengths = [n for n in contract.lengths_min if _fits(n, contract, strict)]
    asked = tuple(strict[name] for name in _OF_SHIFTS if name in strict)
    if asked and not lengths:
        return _Clash(asked, contract.name, f"no shift of the contract {contract.name} keeps them")
    longest = max((contract.paid_min(n) for n in lengths), default=0) / 60
    days = contract.work_days_max
    if "max_consecutive_days" in strict:
        run = strict["max_consecutive_days"].value
        days = min(days, ceil(7 * run / (run + 1)))
        asked = (*asked, strict["max_consecutive_days"])
    if asked and days * longest < need:
        said = f"{days} shifts of {longest:g} h are less than the {need:g} hours a week that"
        return _Clash(asked, contract.name, f"{said} the table of agents asks for")
    for name in _OF_WEEKS[:2]:
        if name in strict and strict[name].value < need:
            said = f"the table of agents asks for at least {need:g} hours a week"
            return _Clash((strict[name],), contract.name, said)
    return None


def _strictest(rows: Sequence[Constraint]) -> dict[str, Constraint]:
    """Of each rule the row that asks for most."""
    best: dict[str, Constraint] = {}
    for row in rows:
        known = best.get(row.rule)
        if known is None or row.kind.is_weaker(known.value, row.value):
            best[row.rule] = row
    return best


def _fits(length: int, contract: Contract, strict: Mapping[str, Constraint]) -> bool:
    """Whether a shift of a length keeps the limits of a day."""
    paid = contract.paid_min(length)
    breaks = contract.breaks_of(length)
    most = strict["max_hours_per_day"].value * 60 if "max_hours_per_day" in strict else paid
    given = {
        "min_break_minutes": sum(b.length_min for b in breaks if b.kind in _PAUSES),
        "min_meal_minutes": sum(b.length_min for b in breaks if b.kind in _MEALS),
    }
    return paid <= most and all(
        minutes >= strict[name].value for name, minutes in given.items() if name in strict
    )


def _say(clash: _Clash, ids: Sequence[str], book: FaultBook) -> None:
    """The fault of a clash, at the last of its rows."""
    rows = sorted(clash.rows, key=lambda row: row.line)
    named = " and ".join(f"{row.constraint_id} (line {row.line}, {row.said()})" for row in rows)
    more = f" and {len(ids) - 1} more" if len(ids) > 1 else ""
    book.error(
        f"{named} cannot hold for {ids[0]}{more}: {clash.said}",
        file=rows[-1].file,
        line=rows[-1].line,
        column="value",
        hint="loosen one of the rows, make it soft, or change the contract or the hours",
        code="HR302",
    )
