"""Locks that no week can hold: each with the rules that it breaks, all of them at once.

A lock is judged beside the person's other rules, history, time off and skills, but
not beside what asks for work (least hours or days): alone first, then all locks
of a person together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wfplan.domain.conflicts import ConflictMember
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.schedule import LockedShift
from wfplan.errors import InfeasibleError
from wfplan.horizon import Horizon
from wfplan.scheduling.conflict.demands import LEAST, SHAPES, Demand
from wfplan.scheduling.conflict.describe import described
from wfplan.scheduling.conflict.smallest import filtered, smallest
from wfplan.scheduling.conflict.trial import Trial, Weeks

_SHOWN = 20


@dataclass(frozen=True)
class RefusedLock:
    """A lock, or several of one person that cannot stand together, and what they break."""

    locks: tuple[LockedShift, ...]
    members: tuple[ConflictMember, ...]  # the locks among them

    @property
    def text(self) -> str:
        """Person, date, and why."""
        mine = [one.text for one in self.members if one.rule == "locked"]
        why = [f"{one.text} ({one.label})" for one in self.members if one.rule != "locked"]
        who = self.locks[0].agent_id
        refused = " and ".join(mine)
        return f"{who}: {refused}: " + ("; ".join(why) or "no shift of that length has its breaks")


def refused_locks(problem: PlanningProblem, horizon: Horizon) -> tuple[RefusedLock, ...]:
    """Every lock of a horizon that breaks a hard rule, alone or with others of the person."""
    weeks = Weeks.of(horizon)
    found: list[RefusedLock] = []
    for agent in problem.agents:
        if any(lock.day in horizon.dates for lock in problem.locks_of.get(agent.agent_id, ())):
            found += _refused(Trial(problem, agent, weeks))
    return tuple(found)


def require_locks(problem: PlanningProblem, horizon: Horizon) -> None:
    """
    Check that every lock can stand.

    Raises
    ------
    InfeasibleError
        Naming each lock that cannot, the rule that it breaks, and why.
    """
    refused = refused_locks(problem, horizon)
    if not refused:
        return
    lines = [one.text for one in refused[:_SHOWN]]
    if len(refused) > _SHOWN:
        lines.append(f"... and {len(refused) - _SHOWN} more")
    count = "1 lock breaks" if len(refused) == 1 else f"{len(refused)} locks break"
    raise InfeasibleError(
        f"{count} a hard rule:\n" + "\n".join(lines) + "\nRelease them, or change what they break."
    )


def _refused(trial: Trial) -> Iterator[RefusedLock]:
    """The locks of one person that cannot stand."""
    locks = [one for one in trial.demands if one.rule.name == "locked"]
    others = [one for one in trial.demands if one.rule.name != "locked" and one.side != LEAST]
    standing = []
    for lock in locks:
        if trial.has_week([lock, *others]):
            standing.append(lock)
        else:
            yield _reason(trial, [lock], others)
    while standing and not trial.has_week([*standing, *others]):
        reason = _reason(trial, standing, others)
        yield reason
        standing = [one for one in standing if one.row not in reason.locks]


def _reason(trial: Trial, locks: Sequence[Demand], others: Sequence[Demand]) -> RefusedLock:
    """The smallest conflict of some locks with the other rules."""
    shapes = [one for one in others if one.rule.name in SHAPES]
    rest = [one for one in others if one.rule.name not in SHAPES]
    core = smallest([*locks, *rest], lambda some: trial.has_week([*some, *shapes]))
    core = filtered((*core, *shapes), trial.has_week)
    rows = [one.row for one in core if isinstance(one.row, LockedShift)]
    return RefusedLock(tuple(rows), described(trial, core))
