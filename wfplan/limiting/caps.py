"""
Caps of occupancy by HR's rows, on the channels that the people they are about serve.

Whoever serves a channel shares its occupancy, so that a cap of some holds for all of them. Of a
person's hard rows the strictest counts, of the soft ones the one for fewer people; of a channel
the strictest of its people's and its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from wfplan.domain.limits import Constraint
from wfplan.errors import Fault, Severity
from wfplan.limiting.people import is_in, served
from wfplan.rules.hr_limits import OF_CHANNELS
from wfplan.rules.precedence import BREADTH

if TYPE_CHECKING:
    from wfplan.domain.people import Agent
    from wfplan.domain.problem import PlanningProblem
    from wfplan.horizon import Horizon


def capped(problem: PlanningProblem, horizon: Horizon) -> tuple[PlanningProblem, tuple[Fault, ...]]:
    """The problem with the caps in force in a week, and what is to be said of them."""
    first, last = horizon.dates[0], horizon.dates[-1]
    rows = [r for r in problem.constraints if r.rule == OF_CHANNELS and r.holds(first, last)]
    if not rows:
        return problem, ()
    groups: dict[tuple[str, ...], list[Agent]] = defaultdict(list)
    for agent in problem.agents:
        held = _held(agent, rows)
        groups[tuple(row.constraint_id for row in held)].append(agent)
    by_id = {row.constraint_id: row for row in rows}
    caps: dict[str, Constraint] = {}
    for ids, people in groups.items():
        own = [by_id[one] for one in ids]
        if own:
            strict = min(own, key=lambda row: row.value)
            for name in served(problem, people, horizon):
                known = caps.get(name)
                caps[name] = strict if known is None or strict.value < known.value else known
    return _with(problem, {name: row.value for name, row in caps.items()}), _said(
        problem, horizon, rows, caps
    )


def with_caps(problem: PlanningProblem, most: Mapping[str, float]) -> PlanningProblem:
    """The problem with caps of some channels, where they are below the channels' own."""
    return _with(problem, most)


def _held(agent: Agent, rows: Iterable[Constraint]) -> list[Constraint]:
    """The rows that count for somebody: the hard ones, and the narrowest soft ones."""
    own = [row for row in rows if is_in(agent, row.scope, row.scope_value)]
    soft = [row for row in own if not row.is_hard and row.source != "law"]
    narrow = min((_breadth(row) for row in soft), default=0)
    return [row for row in own if row not in soft or _breadth(row) == narrow]


def _breadth(row: Constraint) -> int:
    """How wide the scope of a row is."""
    return BREADTH["contract" if row.scope == "contract_type" else row.scope]


def _with(problem: PlanningProblem, most: Mapping[str, float]) -> PlanningProblem:
    channels = tuple(
        channel.model_copy(
            update={"occupancy_max": min(channel.occupancy_max or 1.0, most[channel.name])}
        )
        if channel.name in most
        else channel
        for channel in problem.channels
    )
    return problem.model_copy(update={"channels": channels})


def _said(
    problem: PlanningProblem,
    horizon: Horizon,
    rows: Iterable[Constraint],
    caps: Mapping[str, Constraint],
) -> tuple[Fault, ...]:
    """Rows without effect, and those that reach people whom they do not name."""
    faults = []
    for row in rows:
        people = [a for a in problem.agents if is_in(a, row.scope, row.scope_value)]
        names = served(problem, people, horizon)
        if not names:
            text = f"{row.constraint_id}: nobody of {row.who} serves a channel with an occupancy"
        elif row.scope != "all" and any(caps.get(name) is row for name in names):
            shared = ", ".join(name for name in names if caps.get(name) is row)
            text = (
                f"{row.constraint_id} ({row.who}): {shared} is planned at an occupancy of "
                f"{row.value:g} at most for everybody who serves it, for they share it"
            )
        else:
            continue
        faults.append(Fault(text, row.file, row.line, severity=Severity.WARNING))
    return tuple(faults)
