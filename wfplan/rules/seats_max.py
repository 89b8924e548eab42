"""Seats: the most people at work at once, of a site or of all.

Source: the plan (desks, licences, the fire register).

Everybody inside a shift takes a seat, breaks included. The planner's face is a
price on each interval in which the seats are taken, kept by the search.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wfplan.rules.base import common, count_of
from wfplan.rules.coupling import PRESENT, HeadCount, constant, signs
from wfplan.rules.team_roster import TeamRule, spans_there

if TYPE_CHECKING:
    from wfplan.domain.problem import PlanningProblem, RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.horizon import Horizon
    from wfplan.rules.team_roster import TeamRoster


@dataclass(frozen=True, kw_only=True)
class SeatsMax(TeamRule):
    """At most ``most`` people at once in ``site`` (empty: anywhere)."""

    name: ClassVar[str] = "seats_max"
    planner_face: ClassVar[str] = "price of an interval, by the heads of the site"
    most: int
    site: str = ""

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> SeatsMax:
        """The rule from a setting in seats; its scope may be a site."""
        site = setting.scope_value if setting.scope == "site" else ""
        return cls(most=count_of(setting, "seats"), site=site, **common(setting))

    @property
    def strictness(self) -> float:
        """Fewer seats are stricter."""
        return -self.most

    @property
    def family(self) -> tuple[object, ...]:
        """Each site has its own seats."""
        return self.name, self.site

    def head_counts(self, problem: PlanningProblem, horizon: Horizon) -> tuple[HeadCount, ...]:
        """Everybody of the site, from start to end of her shifts, gaps left out."""
        here = signs(problem, horizon.dates, lambda agent, _: int(self.site in ("", agent.site)))
        what = f"people at {self.site}" if self.site else "people at work"
        return (HeadCount(what, here, PRESENT, constant(self.most, horizon)),)

    def team_breaches(self, roster: TeamRoster) -> list[Breach]:
        """Runs of minutes with too many people, in people times hours."""
        here = [a.agent_id for a in roster.agents if self.site in ("", a.site)]
        heads = roster.at_once(span for a in here for span in spans_there(roster.shifts[a]))
        where = f" at {self.site}" if self.site else ""
        return self.runs(
            roster,
            np.maximum(heads - self.most, 0),
            "seat_h",
            lambda worst: f"{self.most + worst} people need one of {self.most} seats{where}",
        )
