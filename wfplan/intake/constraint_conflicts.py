"""Limits of HR that cannot all hold for somebody, by arithmetic alone: the rows are named.

Only what needs no search is said here: hours that no shifts add up to, shifts that no length
of a contract allows. The rows that are named are a smallest set: without any one of them there
is a week. What depends on a week (availability, rests, locks, the past) is asked before the
search, for everybody's own week, and told by ``wfplan explain infeasible``.
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
_OF_HOURS = ("max_hours_per_week", "max_average_hours_per_week")
_JUDGED = (
    "max_hours_per_day", "min_break_minutes", "min_meal_minutes", *_OF_HOURS,
    "max_consecutive_days", "min_full_weekends_off_per_4_weeks",
)  # fmt: skip
WEEK_DAYS, WEEKENDS, LITTLE = 7, 4, 1e-9


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
    hard = [row for row in rows if row.is_hard and row.rule in _JUDGED]
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
    """The smallest set of rows under which somebody has no week; None where there is one."""
    need = agent.min_hours_week
    strict = _strictest(rows)
    if need <= 0 or _most_hours(strict, contract) >= need - LITTLE:
        return None
    for name in list(strict):  # a deletion filter: what is not in the way is taken out
        fewer = {rule: row for rule, row in strict.items() if rule != name}
        if _most_hours(fewer, contract) < need - LITTLE:
            strict = fewer
    if not strict:
        return None  # the contract alone is in the way, which is told elsewhere
    most = _most_hours(strict, contract)
    said = f"they leave {most:g} hours a week at most, and the table of agents asks for {need:g}"
    if not _lengths(strict, contract):
        said = f"no shift of the contract {contract.name} keeps them"
    return _Clash(tuple(strict.values()), contract.name, said)


def _most_hours(strict: Mapping[str, Constraint], contract: Contract) -> float:
    """The most paid hours of a week under some rows, by a bound that no week can pass."""
    value = {name: row.value for name, row in strict.items()}
    days = contract.work_days_max
    if "max_consecutive_days" in value:
        run = value["max_consecutive_days"]
        days = min(days, ceil(WEEK_DAYS * run / (run + 1)))
    if value.get("min_full_weekends_off_per_4_weeks", 0) >= WEEKENDS:
        days = min(days, WEEK_DAYS - 2)
    longest = max((contract.paid_min(n) for n in _lengths(strict, contract)), default=0)
    hours = days * longest / 60
    week = min(value.get(name, hours) for name in _OF_HOURS)
    return min(hours, week)


def _lengths(strict: Mapping[str, Constraint], contract: Contract) -> list[int]:
    """The lengths of shifts that some rows allow."""
    return [n for n in contract.lengths_min if _fits(n, contract, strict)]


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
