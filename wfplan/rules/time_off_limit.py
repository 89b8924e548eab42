"""Time-off limit: how many people may be absent at once.

Source: the plan, a works agreement.

Absences of the time-off table count. Approved ones above the limit break the
rule; a request that would break it beside the approved ones is told as soft:
it is an answer that is due, no fault of the plan. Shifts have no part in it.
The planner's face is an answer: it refuses to plan where approved absences break a hard limit, and
says which requests it has no room for, in the order of the tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wfplan.domain.people import TimeOffStatus
from wfplan.rules.base import HARD, SOFT, common, count_of
from wfplan.rules.team_roster import TeamRule

if TYPE_CHECKING:
    from datetime import datetime

    from wfplan.domain.people import Agent, TimeOff
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
        approved = away[TimeOffStatus.APPROVED]
        too_many = np.maximum(approved - self.most, 0)
        asked = np.maximum(approved + away[TimeOffStatus.REQUESTED] - self.most, 0) - too_many
        as_soft = replace(self, hardness=SOFT)
        return [
            *self.runs(roster, too_many, "staff_h", self._said_of_approved),
            *as_soft.runs(
                roster,
                asked,
                "staff_h",
                lambda worst: (
                    f"{worst} more ask to be away than the {self.most} allowed at once leave room "
                    "for"
                ),
            ),
        ]

    def turned_down(
        self, agents: Sequence[Agent], begin: datetime, end: datetime
    ) -> Iterator[tuple[Agent, TimeOff]]:
        """The requests between two instants that there is no room for, first come first served."""
        here = [agent for agent in agents if self._concerns(agent)]
        kept = [off for a in here for off in a.time_off if off.status is TimeOffStatus.APPROVED]
        for agent in here:
            for off in agent.time_off:
                is_asked = off.status is TimeOffStatus.REQUESTED
                if not is_asked or off.end <= begin or off.start >= end:
                    continue
                if _most_at_once(off, kept) < self.most:
                    kept.append(off)
                else:
                    yield agent, off

    def overfull(
        self, agents: Sequence[Agent], begin: datetime, end: datetime
    ) -> Iterator[TimeOff]:
        """Approved absences between two instants that hard limits leave no room for."""
        kept: list[TimeOff] = []
        for agent in agents if self.hardness == HARD else ():
            for off in agent.time_off if self._concerns(agent) else ():
                if off.status is TimeOffStatus.APPROVED and off.end > begin and off.start < end:
                    inside = off.model_copy(
                        update={"start": max(off.start, begin), "end": min(off.end, end)}
                    )
                    if _most_at_once(inside, kept) >= self.most:
                        yield inside
                    kept.append(inside)

    def _said_of_approved(self, worst: int) -> str:
        return f"{self.most + worst} people are away, {worst} more than the {self.most} allowed"

    def _concerns(self, agent: Agent) -> bool:
        """Whether an agent is in the scope."""
        of_agent = {"site": agent.site, "team": agent.team, "contract": agent.contract_type}
        return self.scope == "all" or of_agent.get(self.scope) == self.scope_value


def _most_at_once(span: TimeOff, others: Sequence[TimeOff]) -> int:
    """The most of other absences at any one moment of a span."""
    begins = [span.start, *(o.start for o in others if span.start < o.start < span.end)]
    return max(sum(o.start <= at < o.end for o in others) for at in begins)
