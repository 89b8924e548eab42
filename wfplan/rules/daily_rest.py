"""Daily rest: elapsed time off between two shifts of one agent, history counted.

Source: Directive 2003/88/EC, article 3 (11 consecutive hours), by way of the law packs.
Rest is elapsed time: in the spring night an hour of the clock is missing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
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
class DailyRest(SettableRule):
    """At least ``rest_min`` minutes between the end of a shift and the next start."""

    name: ClassVar[str] = "daily_rest"
    rest_min: int

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> DailyRest:
        """The rule from a setting in hours or minutes."""
        return cls(rest_min=minutes_of(setting), **common(setting))

    @property
    def strictness(self) -> float:
        """Longer rest is stricter."""
        return self.rest_min

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Pairs of shifts that lie too close, and the minutes of rest missing."""
        spans = [(duty.start, duty.end, duty.is_locked) for duty in week.duties]
        if week.past:
            spans.insert(0, (week.past[-1].start, max(p.end for p in week.past), False))
        found = []
        for i, ((_, ended, was_locked), (starts, _, is_locked)) in enumerate(pairwise(spans)):
            rest = (starts - ended).total_seconds() / 60
            if rest >= self.rest_min:
                continue
            why = (
                f"starts on {say_moment(starts, week.timezone)}, {say_minutes(max(rest, 0))} after "
                f"the shift that ends on {say_moment(ended, week.timezone)}; "
                f"{say_minutes(self.rest_min)} of rest are due, "
                f"{say_minutes(self.rest_min - rest)} are missing"
            )
            reason = self._reason(week, ended, starts)
            if was_locked and is_locked:
                reason = "lock"
            if week.past and i == 0:
                reason = "history"
            missing = self.rest_min - rest
            found.append(self.breach(week, starts, missing, "min", why, reason=reason))
        return found

    def _reason(self, week: AgentWeek, ended: datetime, starts: datetime) -> str:
        """``dst`` where the clock shows rest enough and a clock change took it away."""
        shown = week.local(starts).replace(tzinfo=None) - week.local(ended).replace(tzinfo=None)
        return "dst" if shown.total_seconds() / 60 >= self.rest_min else ""

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Ask for the rest between shifts, and after the last shift of the history."""
        rest = max(limits.daily_rest_min, self.rest_min)
        last_end = max((shift.end for shift in person.past), default=None)
        earliest = last_end + timedelta(minutes=rest) if last_end else None
        return replace(limits, daily_rest_min=rest, earliest_start=earliest, last_end=last_end)

    def soften(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Price the hours of rest that are missing, those after the history among them."""
        last_end = max((shift.end for shift in person.past), default=None)
        gap = GapPrice(self.name, self.rest_min, per_h=self.weight)
        return replace(limits, gap_prices=(*limits.gap_prices, gap), last_end=last_end)
