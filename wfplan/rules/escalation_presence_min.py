"""Least presence of empowered people: tools, authority and expertise on duty.

Source: the plan (``[empowered]``), per open interval. Empowered heads are
counted on their own: the same person may be serving a channel meanwhile.
Soft, with a price. As a rule of the plan (:class:`EscalationFloor`) it is hard or
soft, by scope and hours; the planner's face is a price on each moment with too
few of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from wfplan.domain.results import Breach
from wfplan.rules.base import SOFT
from wfplan.rules.presence_min import PresenceFloor
from wfplan.rules.team_roster import skills_on
from wfplan.rules.team_week import Shortfall, TeamWeek, breaches_of_runs

if TYPE_CHECKING:
    from datetime import date

    from wfplan.domain.people import Agent
    from wfplan.domain.problem import PlanningProblem

_EPS = 1e-9


@dataclass(frozen=True)
class EscalationPresenceMin:
    """Every open interval has its least empowered heads."""

    name: ClassVar[str] = "escalation_presence_min"
    hardness: str = SOFT
    source: str = "[empowered] of the plan"

    def breaches(self, week: TeamWeek) -> list[Breach]:
        """Runs of intervals with too few empowered heads, and the staff-hours missing."""
        shortfalls = [
            Shortfall(need - heads, f"{need:g} empowered people were asked for")
            if need - heads > _EPS
            else Shortfall(0.0, "")
            for need, heads in zip(
                week.empowered_min.tolist(), week.empowered.tolist(), strict=True
            )
        ]
        return breaches_of_runs(week, self.name, self.source, shortfalls)


@dataclass(frozen=True, kw_only=True)
class EscalationFloor(PresenceFloor):
    """At least ``least`` empowered people on queue at every open moment."""

    name: ClassVar[str] = "escalation_presence_min"

    def _who(self, problem: PlanningProblem) -> str:
        """Who counts, in words."""
        return f"empowered {super()._who(problem)}"

    def _counts(self, problem: PlanningProblem, agent: Agent, day: date) -> bool:
        """Whether an agent's shift of a date counts."""
        is_empowered = problem.empowered.skill in skills_on(agent, day)
        return is_empowered and super()._counts(problem, agent, day)
