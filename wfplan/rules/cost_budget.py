"""Cost budget: the most that the shifts of a planning week may cost.

Source: the plan (``cost_per_hour`` of the agents, in the plan's currency).

The cost of a shift is its paid hours times the agent's rate, in the week in
which it starts; people without a rate cost nothing here. The planner's face is
a price on each paid hour, raised until the budget is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar
from zoneinfo import ZoneInfo

import numpy as np

from wfplan.errors import InputError
from wfplan.horizon import wall_instant
from wfplan.rules.base import common
from wfplan.rules.coupling import Spending
from wfplan.rules.team_roster import TeamRule
from wfplan.rules.wording import say_day

if TYPE_CHECKING:
    from datetime import date

    from wfplan.domain.problem import PlanningProblem, RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.team_roster import TeamRoster


@dataclass(frozen=True, kw_only=True)
class CostBudget(TeamRule):
    """At most ``most`` of the plan's currency in each planning week."""

    name: ClassVar[str] = "cost_budget"
    planner_face: ClassVar[str] = "price of a paid hour, raised until the budget is kept"
    most: float

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> CostBudget:
        """The rule from a setting in the plan's currency (or ``money``)."""
        if not 0 < setting.value < float("inf"):
            raise InputError(f"rule {setting.rule}: value = {setting.value:g} is not above 0.")
        return cls(most=setting.value, **common(setting))

    @property
    def strictness(self) -> float:
        """Less money is stricter."""
        return -self.most

    def spending(self, problem: PlanningProblem) -> Spending:
        """What an hour of each agent costs."""
        rates = np.array([agent.cost_per_hour or 0.0 for agent in problem.agents])
        return Spending(rates, self.most)

    def team_breaches(self, roster: TeamRoster) -> list[Breach]:
        """Weeks that cost too much, and the money above the budget."""
        rates = {a.agent_id: a.cost_per_hour or 0.0 for a in roster.agents}
        zones = {a.agent_id: ZoneInfo(a.timezone) for a in roster.agents}
        cost: dict[date, float] = {}
        for agent_id, shifts in roster.shifts.items():
            for shift in shifts:
                day = shift.start.astimezone(zones[agent_id]).date()
                first = day - timedelta(days=(day.weekday() - roster.problem.week_start) % 7)
                money = rates[agent_id] * shift.paid_min / 60
                cost[first] = cost.get(first, 0.0) + money
        currency = roster.problem.currency
        return [
            self.told(
                wall_instant(max(first, roster.horizon.first_day), 0, roster.horizon.timezone),
                spent - self.most,
                currency,
                f"the week from {say_day(first)} costs {spent:,.2f} {currency}, "
                f"{spent - self.most:,.2f} more than the budget of {self.most:,.2f}",
            )
            for first, spent in sorted(cost.items())
            if spent > self.most + 1e-9
        ]
