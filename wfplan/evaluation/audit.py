"""The audit: every rule for every agent, and the rules of the team, on a finished schedule.

Independent of the planner: nothing of :mod:`wfplan.scheduling` is imported, and
of the rules only the faces that read a finished week.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import Audit, Breach, StaffNeed
from wfplan.domain.schedule import Schedule, Shift
from wfplan.evaluation.structure import CHECKS, Facts, structural_breaches
from wfplan.horizon import Horizon
from wfplan.rules import (
    RULES,
    TEAM_RULES,
    TEAM_SETTABLE,
    ActivityPlacement,
    AgentWeek,
    TeamRoster,
    TeamWeek,
    asked_for,
    rules_of,
    team_rules_of,
)
from wfplan.rules.base import SOFT

FloatArray = NDArray[np.float64]

CHECKED = (
    *CHECKS,
    "shift_in_week",
    *RULES,
    *dict.fromkeys(rule.name for rule in (*TEAM_RULES, *TEAM_SETTABLE)),
    ActivityPlacement.name,
)
"""Everything that an audit checks, in the order in which it is reported."""


def audit(
    problem: PlanningProblem,
    horizon: Horizon,
    schedule: Schedule,
    need: StaffNeed | None = None,
    measures: Mapping[str, Mapping[str, Mapping[date, float]]] | None = None,
) -> Audit:
    """
    What a schedule breaks: structure, then person by person, then the team.

    Parameters
    ----------
    need
        Least heads per interval. Without it the least staff of channels is
        read from the plan, in their opening hours, and least empowered people
        from ``[empowered].staff_min``.
    measures
        Minutes that the overload ledger holds, by agent, measure and date;
        without them rules about overload and hard queues find nothing.

    Returns
    -------
    Audit
        The names that were checked, and the breaches, hard ones first, then by
        instant and agent.

    Raises
    ------
    InputError
        When a law pack or a rule value of the plan cannot be read.
    """
    facts = Facts(problem, horizon, schedule)
    found = structural_breaches(facts)
    shifts = facts.shifts
    of_agent: dict[str, list[int]] = {}
    for i, shift in enumerate(shifts):
        of_agent.setdefault(shift.agent_id, []).append(i)
    for agent in problem.agents:
        own = [shifts[i] for i in of_agent.get(agent.agent_id, ())]
        known = (measures or {}).get(agent.agent_id)
        week = AgentWeek.of(problem, agent, horizon, own, measures=known)
        for rule in rules_of(problem, agent, horizon.dates):
            found += rule.breaches(week)
    staff_min, empowered_min = _asked(problem, horizon, need)
    team = TeamWeek.of(problem, horizon, shifts, staff_min, empowered_min)
    for team_rule in TEAM_RULES:
        found += team_rule.breaches(team)
    settable = team_rules_of(problem, horizon.dates)
    activities = asked_for(problem, horizon)
    roster = TeamRoster.of(problem, horizon, shifts if settable or activities else ())
    for rule in settable:
        found += rule.team_breaches(roster)
    found += ActivityPlacement().team_breaches(roster, activities)
    left = _left_early(problem, shifts)
    told = [replace(b, hardness=SOFT) if (b.agent_id, b.at) in left else b for b in found]
    return Audit(checked=CHECKED, breaches=tuple(sorted(told, key=_rank)))


def _left_early(problem: PlanningProblem, shifts: Sequence[Shift]) -> set[tuple[str, datetime]]:
    """
    Who had to leave which shift before the plan was made anew, by its start.

    What such a shift lacks has happened, and no plan can mend it: it is told softly.
    """
    as_of = problem.published.as_of if problem.published else None
    missed = {agent.agent_id: agent.absent_on for agent in problem.agents if agent.absent_on}
    return {
        (shift.agent_id, shift.start)
        for shift in shifts
        if as_of is not None
        and shift.end <= as_of
        and shift.shift_date in missed.get(shift.agent_id, ())
    }


def _asked(
    problem: PlanningProblem, horizon: Horizon, need: StaffNeed | None
) -> tuple[FloatArray, FloatArray]:
    """Least heads per channel and interval, and least empowered heads per interval."""
    if need is not None:
        return need.staff_min, need.empowered_min
    is_open = np.array(
        [
            horizon.open_intervals(channel.open, problem.opening_by_date(channel))
            for channel in problem.channels
        ]
    )
    least = np.array([channel.staff_min for channel in problem.channels], dtype=np.float64)
    is_any_open = np.logical_or.reduce(is_open, axis=0)
    empowered = np.where(is_any_open, float(problem.empowered.staff_min), 0.0)
    return is_open * least[:, None], empowered


def _rank(breach: Breach) -> tuple[bool, str, str, str]:
    """Hard before soft, then by instant, agent and rule."""
    return breach.hardness != "hard", breach.at.isoformat(), breach.agent_id, breach.rule
