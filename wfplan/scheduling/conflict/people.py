"""Who has no week, why, and what would help: everybody's own rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from wfplan.domain.conflicts import Conflict, Relaxation
from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.horizon import Horizon
from wfplan.rules import WorkLimits, work_limits
from wfplan.scheduling.conflict.core import core_of
from wfplan.scheduling.conflict.describe import described
from wfplan.scheduling.conflict.relaxing import Relaxer
from wfplan.scheduling.conflict.smallest import is_irreducible
from wfplan.scheduling.conflict.trial import Trial, Weeks

RELAXATIONS = 3  # that are looked for
_UNSAID = (
    "her rules leave no week, and no set of them could be named; "
    "take her out of agents, and tell the maintainers"
)


def conflicts_of_people(
    problem: PlanningProblem, horizon: Horizon, *, relaxations: int = RELAXATIONS
) -> tuple[Conflict, ...]:
    """The conflict of everybody who has no legal week, one for each person."""
    weeks = Weeks.of(horizon)
    return explained(problem, people_stuck(problem, weeks), weeks, relaxations=relaxations)


def people_stuck(problem: PlanningProblem, weeks: Weeks) -> list[Agent]:
    """Everybody who has no legal week."""
    known = _Alike()
    horizon = weeks.grid.horizon
    return [
        agent
        for agent in problem.agents
        if not known.has_week(work_limits(problem, agent, horizon), weeks)
    ]


def relaxed_for_people(
    problem: PlanningProblem, horizon: Horizon
) -> tuple[PlanningProblem, tuple[Relaxation, ...]]:
    """The plan in which everybody has a week by the cheapest changes found, and these."""
    weeks, made = Weeks.of(horizon), []
    for agent in people_stuck(problem, weeks):
        trial = Trial(problem, agent, weeks)
        core = core_of(trial)
        for way_out in Relaxer(trial, core).cheapest(1) if core else ():
            problem = way_out.of(problem)
            made.append(way_out.relaxation)
    return problem, tuple(made)


def explained(
    problem: PlanningProblem,
    stuck: Iterable[Agent],
    weeks: Weeks,
    *,
    relaxations: int = RELAXATIONS,
) -> tuple[Conflict, ...]:
    """Why people who have no week have none; people in the same plight are looked at once."""
    known: dict[tuple[WorkLimits, Agent], Conflict] = {}
    conflicts = []
    for agent in stuck:
        limits = work_limits(problem, agent, weeks.grid.horizon)
        nobody = {"agent_id": "X", "name": "", "email": "", "cost_per_hour": None}
        key = (replace(limits, agent_id=""), agent.model_copy(update=nobody))
        if key not in known:
            known[key] = _conflict(problem, agent, weeks, relaxations)
        conflicts.append(_of(known[key], agent.agent_id))
    return tuple(conflicts)


def _conflict(problem: PlanningProblem, agent: Agent, weeks: Weeks, relaxations: int) -> Conflict:
    """The conflict of one person."""
    before, trial = weeks.solves, Trial(problem, agent, weeks)
    core = core_of(trial)
    if not core:
        return Conflict((agent.agent_id,), (), (), is_irreducible=False, note=_UNSAID)
    is_proven, solves = is_irreducible(core, trial.has_week), weeks.solves - before
    members = described(trial, core)
    ways_out = Relaxer(trial, core).cheapest(relaxations)
    found = tuple(one.relaxation for one in ways_out)
    note = "" if found else "no change of one row or value, nor of a few together, gives her a week"
    if found and all(len(one.changes) > 1 for one in found):
        note = "There are more conflicts behind this one; the ways out resolve all of them."
    return Conflict((agent.agent_id,), members, found, is_proven, solves, note)


def _of(conflict: Conflict, agent_id: str) -> Conflict:
    """The conflict of somebody in the same plight."""
    (first,) = conflict.agent_ids
    if first == agent_id:
        return conflict

    def said(text: str) -> str:
        return with_id(text, first, agent_id)

    return replace(
        conflict,
        agent_ids=(agent_id,),
        members=tuple(replace(one, agent_id=agent_id) for one in conflict.members),
        relaxations=tuple(
            replace(
                one,
                changes=tuple(
                    replace(change, agent_id=agent_id, text=said(change.text))
                    for change in one.changes
                ),
            )
            for one in conflict.relaxations
        ),
    )


def with_id(text: str, old: str, new: str) -> str:
    """A text about somebody else."""
    return " ".join(new if word == old else word for word in text.split(" "))


class _Alike:
    """Whether limits leave a week, looked for once for all people who have the same."""

    def __init__(self) -> None:
        self._known: dict[WorkLimits, bool] = {}

    def has_week(self, limits: WorkLimits, weeks: Weeks) -> bool:
        anybody = replace(limits, agent_id="")
        if anybody not in self._known:
            self._known[anybody] = weeks.shifts(limits) is not None
        return self._known[anybody]


def ids(conflicts: Sequence[Conflict]) -> tuple[str, ...]:
    """The people of some conflicts."""
    return tuple(dict.fromkeys(one for conflict in conflicts for one in conflict.agent_ids))
