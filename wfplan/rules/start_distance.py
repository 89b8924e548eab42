"""Start distance: the least time from the start of a shift to the start of the next.

Source: a works agreement or the plan. It is elapsed time, as rest is: in the
spring night an hour of the clock is missing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import SettableRule, common, minutes_of
from wfplan.rules.limits import GapPrice
from wfplan.rules.wording import say_minutes, say_moment

if TYPE_CHECKING:
    from datetime import datetime

    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek


@dataclass(frozen=True, kw_only=True)
class StartDistance(SettableRule):
    """At least ``least_min`` minutes between two starts that follow each other."""

    name: ClassVar[str] = "start_distance"
    least_min: int

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> StartDistance:
        """The rule from a setting in hours or minutes."""
        return cls(least_min=minutes_of(setting), **common(setting))

    @property
    def strictness(self) -> float:
        """Longer distances are stricter."""
        return self.least_min

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Pairs of starts that lie too close, and the minutes missing."""
        starts = [duty.start for duty in week.duties]
        if week.past:
            starts.insert(0, week.past[-1].start)
        found = []
        for i, (first, second) in enumerate(pairwise(starts)):
            missing = self.least_min - (second - first).total_seconds() / 60
            if missing <= 0:
                continue
            why = (
                f"starts on {say_moment(second, week.timezone)}, "
                f"{say_minutes(self.least_min - missing)} after the start on "
                f"{say_moment(first, week.timezone)}; {say_minutes(self.least_min)} are due, "
                f"{say_minutes(missing)} are missing"
            )
            reason = "history" if week.past and i == 0 else self._reason(week, first, second)
            found.append(self.breach(week, second, missing, "min", why, reason=reason))
        return found

    def _reason(self, week: AgentWeek, first: datetime, second: datetime) -> str:
        """``dst`` where the clock shows distance enough and a clock change took it away."""
        shown = week.local(second).replace(tzinfo=None) - week.local(first).replace(tzinfo=None)
        return "dst" if shown.total_seconds() / 60 >= self.least_min else ""

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Ask for the distance between starts, and after the last one of the history."""
        return replace(
            limits,
            start_distance_min=max(limits.start_distance_min, self.least_min),
            last_start=_last_start(person),
        )

    def soften(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Price the hours of distance that are missing."""
        gap = GapPrice(self.name, self.least_min, is_from_start=True, per_h=self.weight)
        gaps = (*limits.gap_prices, gap)
        return replace(limits, gap_prices=gaps, last_start=_last_start(person))


def _last_start(person: Person) -> datetime | None:
    """When the last shift of the history started."""
    return max((shift.start for shift in person.past), default=None)
