"""Employment: shifts start between the hire date and the end date of an agent.

Source: the agents table (``hire_date``, ``end_date``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import Rule
from wfplan.rules.wording import say_day

if TYPE_CHECKING:
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek


@dataclass(frozen=True, kw_only=True)
class Employment(Rule):
    """No shift before the hire date or after the end date."""

    name: ClassVar[str] = "employment"
    source: str = "agents table"

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Shifts outside employment, and the days between."""
        agent = week.agent
        found = []
        for duty in week.duties:
            if agent.hire_date and duty.day < agent.hire_date:
                days = (agent.hire_date - duty.day).days
                edge = f"before the hire date {agent.hire_date}"
            elif agent.end_date and duty.day > agent.end_date:
                days = (duty.day - agent.end_date).days
                edge = f"after the end date {agent.end_date}"
            else:
                continue
            why = f"has a shift on {say_day(duty.day)}, {days} days {edge}"
            found.append(self.breach(week, duty.start, days, "days", why, reason="contract"))
        return found

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Dates outside employment are days off."""
        outside = [day for day in limits.dates if not person.agent.is_employed(day)]
        return replace(limits, days_off=limits.days_off.union(outside))
