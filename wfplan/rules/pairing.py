"""Pairing: people who work together, apart, or never without their mentor.

Source: the plan, a works agreement (a newcomer beside a mentor; two people kept apart).

``together``: whenever the first is inside a shift, so is each other (a
newcomer and her mentor, in this order). ``apart``: no two of them are inside a
shift at once. Judged minute by minute, inside the horizon. The planner's face
is a price on the minutes of one person where the other stands, in turns; CP-SAT
polishes pairs whose weeks are rigid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wfplan.errors import InputError
from wfplan.rules.base import common
from wfplan.rules.coupling import PRESENT, HeadCount, constant, of_agents, signs
from wfplan.rules.team_roster import TeamRule, spans_there

if TYPE_CHECKING:
    from wfplan.domain.problem import PlanningProblem, RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.horizon import Horizon
    from wfplan.rules.team_roster import IntArray, TeamRoster


@dataclass(frozen=True, kw_only=True)
class Pairing(TeamRule):
    """``agents`` work together (the first with each other one), or apart."""

    name: ClassVar[str] = "pairing"
    planner_face: ClassVar[str] = "price of one person's minutes where the other works; CP-SAT"
    agents: tuple[str, ...]
    is_together: bool = True

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> Pairing:
        """The rule; ``of`` are the agents, and the unit is ``together`` or ``apart``."""
        if len(setting.of) < 2:
            raise InputError(
                f"rule {setting.rule}: of = {list(setting.of)} is no pair. Name two agents or "
                "more; together, the newcomer comes first and her mentors after her."
            )
        if len(set(setting.of)) < len(setting.of):
            raise InputError(
                f"rule {setting.rule}: of = {list(setting.of)} names an agent twice. "
                "Name each once."
            )
        unit = setting.unit.strip().lower()
        if unit not in ("together", "apart"):
            raise InputError(
                f"rule {setting.rule}: unit = '{setting.unit}' is not said of a pair. "
                "Write 'together' or 'apart'."
            )
        return cls(agents=setting.of, is_together=unit == "together", **common(setting))

    @property
    def strictness(self) -> float:
        """Of one pair there is one rule; of soft ones the dearer holds."""
        return self.weight

    @property
    def family(self) -> tuple[object, ...]:
        """Other pairs are other rules."""
        return self.name, self.agents, self.is_together

    def head_counts(self, problem: PlanningProblem, horizon: Horizon) -> tuple[HeadCount, ...]:
        """Apart: at most one at once. Together: the first less each other one, at most none."""
        first, *others = self.agents
        groups: list[tuple[dict[str, int], int, str]] = [
            ({first: 1, other: -1}, 0, f"{first} without {other}") for other in others
        ]
        if not self.is_together:
            groups = [(dict.fromkeys(self.agents, 1), 1, " and ".join(self.agents))]
        return tuple(
            HeadCount(
                what,
                signs(problem, horizon.dates, of_agents(sign)),
                PRESENT,
                constant(most, horizon),
            )
            for sign, most, what in groups
        )

    def team_breaches(self, roster: TeamRoster) -> list[Breach]:
        """Runs of minutes apart, or together, in hours."""
        present = [
            np.minimum(roster.at_once(spans_there(roster.shifts.get(a, ()))), 1)
            for a in self.agents
        ]
        if not self.is_together:
            names = " and ".join(self.agents)
            together = np.maximum(np.sum(present, axis=0) - 1, 0)
            return self._told(roster, together, f"{names} work at once, and must not")
        found = []
        for other, at_work in zip(self.agents[1:], present[1:], strict=True):
            alone = np.maximum(present[0] - at_work, 0)
            found += self._told(roster, alone, f"{self.agents[0]} works without {other}")
        return found

    def _told(self, roster: TeamRoster, wrong: IntArray, what: str) -> list[Breach]:
        """Runs of minutes on which it is so."""
        return self.runs(roster, wrong, "h", lambda worst: what)
