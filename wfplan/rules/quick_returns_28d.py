"""Quick returns: rests under 11 hours in any 28 days, where the law allows them at all.

Source: wellbeing. Each quick return of a month goes with 6.6 % more days of
sick leave (1,538 nurses: Vedaa et al., 2017, doi:10.1136/oemed-2016-103920).

Each quick return of the horizon is judged with those of the 28 days that end
with the date on which its later shift starts, history counted. The planner
counts all of the horizon, which in horizons over 28 days is stricter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import SettableRule, common, count_of
from wfplan.rules.clock import local, minutes_between
from wfplan.rules.wording import say_count, say_minutes, say_moment

if TYPE_CHECKING:
    from datetime import date

    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek

QUICK_MIN = 660
WINDOW_DAYS = 28


@dataclass(frozen=True, kw_only=True)
class QuickReturns28d(SettableRule):
    """At most ``most`` rests under 11 hours in 28 days."""

    name: ClassVar[str] = "quick_returns_28d"
    most: int

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> QuickReturns28d:
        """The rule from a setting that counts quick returns."""
        return cls(most=count_of(setting, "returns"), **common(setting))

    @property
    def strictness(self) -> float:
        """Fewer are stricter."""
        return -self.most

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Quick returns of the horizon above the most of their 28 days, one breach each."""
        spans = [(p.start, p.end) for p in week.past] + [(d.start, d.end) for d in week.duties]
        quick = [
            (later, (later - ended).total_seconds() / 60)
            for (_, ended), (later, _) in pairwise(spans)
            if later - ended < timedelta(minutes=QUICK_MIN)
        ]
        days = [week.local(later).date() for later, _ in quick]
        found = []
        for (later, rest), day in zip(quick, days, strict=True):
            window = [d for d in days if d <= day < d + timedelta(days=WINDOW_DAYS)]
            if day < week.dates[0] or len(window) <= self.most:
                continue
            why = (
                f"starts on {say_moment(later, week.timezone)} after {say_minutes(max(rest, 0))} "
                f"of rest, with {say_count(len(window), 'quick return')} in 28 days; "
                f"{self.most} are allowed"
            )
            reason = "history" if window[0] < week.dates[0] else ""
            found.append(self.breach(week, later, 1, "returns", why, reason=reason))
        return found

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Leave to each date what the history of its 28 days has not used."""
        left = self._left(person)
        known = limits.quick_returns_max or left
        return replace(
            limits,
            quick_return_min=QUICK_MIN,
            quick_returns_max=tuple(min(a, b) for a, b in zip(left, known, strict=True)),
            last_end=max((shift.end for shift in person.past), default=None),
        )

    def soften(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Price each quick return above what the history of its 28 days has left."""
        return replace(
            limits,
            quick_return_min=QUICK_MIN,
            quick_returns_free=self._left(person),
            quick_return_price=self.weight,
            last_end=max((shift.end for shift in person.past), default=None),
        )

    def _left(self, person: Person) -> tuple[int, ...]:
        """Quick returns that the horizon may have up to each date."""
        used = _past_returns(person)
        return tuple(
            self.most - sum(0 <= (day - before).days < WINDOW_DAYS for before in used)
            for day in person.dates
        )


def _past_returns(person: Person) -> list[date]:
    """Dates of the quick returns of the history."""
    return [
        local(later.start, person.timezone).date()
        for earlier, later in pairwise(person.past)
        if minutes_between(earlier.end, later.start) < QUICK_MIN
    ]
