"""Time-off limit: how many people may be absent at once.

Source: the plan, a works agreement.

Absences of the time-off table count, approved ones and requests; a request
that would break the limit is told as such. Shifts have no part in it: the rule
is checked before a week is planned, and its planner's face is the answer to
requests (which of them can be granted), not a limit of shifts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wfplan.domain.people import TimeOffStatus
from wfplan.rules.base import common, count_of
from wfplan.rules.team_roster import TeamRule

if TYPE_CHECKING:
    from wfplan.domain.people import Agent
    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.team_roster import TeamRoster


@dataclass(frozen=True, kw_only=True)
class TimeOffLimit(TeamRule):
    """At most ``most`` people of a site or team absent at once."""

    name: ClassVar[str] = "time_off_limit"
    planner_face: ClassVar[str] = "which requests can be granted; no limit of shifts"
    most: int
    scope: str = "all"
    scope_value: str = ""

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> TimeOffLimit:
        """The rule from a setting in people; its scope may be a site or a team."""
        return cls(
            most=count_of(setting, "people"),
            scope=setting.scope,
            scope_value=setting.scope_value,
            **common(setting),
        )

    @property
    def strictness(self) -> float:
        """Fewer people are stricter."""
        return -self.most

    @property
    def family(self) -> tuple[object, ...]:
        """Each scope has its own limit."""
        return self.name, self.scope, self.scope_value

    def team_breaches(self, roster: TeamRoster) -> list[Breach]:
        """Runs of minutes with too many people absent, in people times hours."""
        here = [agent for agent in roster.agents if self._concerns(agent)]
        away = {
            status: roster.at_once(
                (off.start, off.end)
                for agent in here
                for off in agent.time_off
                if off.status is status
            )
            for status in TimeOffStatus
        }
        total = away[TimeOffStatus.APPROVED] + away[TimeOffStatus.REQUESTED]
        return self.runs(
            roster,
            np.maximum(total - self.most, 0),
            "staff_h",
            lambda worst: (
                f"{self.most + worst} people are away or ask to be, {worst} more than the "
                f"{self.most} allowed at once"
            ),
        )

    def _concerns(self, agent: Agent) -> bool:
        """Whether an agent is in the scope."""
        of_agent = {"site": agent.site, "team": agent.team, "contract": agent.contract_type}
        return self.scope == "all" or of_agent.get(self.scope) == self.scope_value
