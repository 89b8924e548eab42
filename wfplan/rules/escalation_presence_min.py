"""Least presence of empowered people: tools, authority and expertise on duty.

Source: the plan (``[empowered]``), per open interval. Empowered heads are
counted on their own: the same person may be serving a channel meanwhile.
Soft, with a price.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from wfplan.domain.results import Breach
from wfplan.rules.base import SOFT
from wfplan.rules.team_week import Shortfall, TeamWeek, breaches_of_runs

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
