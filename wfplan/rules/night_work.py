"""Night work: the average paid hours of a night worker's shifts in 24 hours.

Source: Directive 2003/88/EC, article 8 (an average of 8 hours in any 24).

A night shift has three hours or more between 23:00 and 06:00 local time. The
audit averages the night shifts of the horizon. The planner is stricter on
purpose: it keeps every single night shift inside the average.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import SettableRule, common, minutes_of
from wfplan.rules.wording import say_count, say_day, say_minutes

if TYPE_CHECKING:
    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek, Duty

NIGHT_BEGINS_H, NIGHT_ENDS_H = 23, 6
NIGHT_SHARE_MIN = 180
_ONE_HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class NightWork(SettableRule):
    """Night shifts pay ``average_min`` minutes at most, on average."""

    name: ClassVar[str] = "night_work"
    average_min: int

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> NightWork:
        """The rule from a setting in hours or minutes."""
        return cls(
            average_min=minutes_of(setting),
            **common(setting),
        )

    @property
    def strictness(self) -> float:
        """A lower average is stricter."""
        return -self.average_min

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """The minutes by which the average night shift is too long."""
        nights = [duty for duty in week.duties if night_minutes(week, duty) >= NIGHT_SHARE_MIN]
        paid = sum(duty.paid_min for duty in nights)
        if paid <= self.average_min * len(nights):
            return []
        average = paid / len(nights)
        over = average - self.average_min
        why = (
            f"has {say_count(len(nights), 'night shift')} from {say_day(nights[0].day)} with "
            f"{say_minutes(average)} of paid time on average, {say_minutes(over)} more than the "
            f"{say_minutes(self.average_min)} allowed"
        )
        return [self.breach(week, nights[0].start, over, "min", why)]

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Cap the paid minutes of every night shift."""
        cap = min(limits.paid_night_shift_max, self.average_min)
        return replace(limits, paid_night_shift_max=cap)


def night_minutes(week: AgentWeek, duty: Duty) -> float:
    """Elapsed minutes of a shift between 23:00 and 06:00 of the agent's clock."""
    if duty.minute >= NIGHT_ENDS_H * 60 and duty.minute + duty.length_min <= NIGHT_BEGINS_H * 60:
        return 0.0
    total, at = timedelta(), duty.start
    while at < duty.end:
        wall = week.local(at)
        to_next = _ONE_HOUR - timedelta(minutes=wall.minute, seconds=wall.second)
        until = min(at + to_next, duty.end)
        if wall.hour >= NIGHT_BEGINS_H or wall.hour < NIGHT_ENDS_H:
            total += until - at
        at = until
    return total.total_seconds() / 60
