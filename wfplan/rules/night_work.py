"""Night work: the average paid hours of a night worker's shifts in 24 hours.

Source: Directive 2003/88/EC, article 8 (an average of 8 hours in any 24).

A night shift has three hours or more between 23:00 and 06:00 local time. The
audit averages the night shifts of the horizon. The planner is stricter on
purpose: it keeps every single night shift inside the average. A soft rule
speaks of each night shift by itself, to both: a short night makes no long one
cheaper.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wfplan.rules.base import SOFT, SettableRule, common, minutes_of
from wfplan.rules.clock import instant, minutes_between
from wfplan.rules.prices import PricedShifts
from wfplan.rules.wording import say_count, say_day, say_minutes, say_moment

if TYPE_CHECKING:
    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.prices import FloatArray, IntArray, ShiftPrices
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
        """The minutes by which the average night shift, or each where soft, is too long."""
        nights = [duty for duty in week.duties if night_minutes(week, duty) >= NIGHT_SHARE_MIN]
        if self.hardness == SOFT:
            return [b for duty in nights if (b := self._too_long(week, duty)) is not None]
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

    def _too_long(self, week: AgentWeek, duty: Duty) -> Breach | None:
        """The breach of one night shift."""
        over = duty.paid_min - self.average_min
        if over <= 0:
            return None
        why = (
            f"has {say_minutes(duty.paid_min)} of paid time in the night shift from "
            f"{say_moment(duty.start, week.timezone)}, {say_minutes(over)} more than the "
            f"{say_minutes(self.average_min)} wanted"
        )
        return self.breach(week, duty.start, over, "min", why)

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Cap the paid minutes of every night shift."""
        cap = min(limits.paid_night_shift_max, self.average_min)
        return replace(limits, paid_night_shift_max=cap)

    def prices(self, person: Person) -> ShiftPrices | None:
        """Price the minutes of each night shift above a soft average."""
        if self.hardness != SOFT:
            return None

        def of_shifts(
            day: int, start_min: IntArray, end_min: IntArray, paid_min: IntArray
        ) -> FloatArray:
            night = night_elapsed(person, day, start_min, end_min)
            over = np.clip(paid_min - self.average_min, 0, None)
            return np.where(night >= NIGHT_SHARE_MIN, self.price(1, "min") * over, 0.0)

        return PricedShifts(of_shifts)


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


def night_elapsed(person: Person, day: int, start_min: IntArray, end_min: IntArray) -> IntArray:
    """The planner's reading of the same: elapsed minutes of shifts of a date, (shift,)."""
    on, zone = person.dates[day], person.timezone
    found = np.zeros(len(start_min), dtype=np.int64)
    nights = [(24 * 60 * d + NIGHT_BEGINS_H * 60, 24 * 60 * (d + 1) + NIGHT_ENDS_H * 60)
              for d in (-1, 0, 1)]  # fmt: skip
    for first, last in nights:
        begin, end = np.maximum(start_min, first), np.minimum(end_min, last)
        for at in np.flatnonzero(begin < end):
            a, b = instant(on, int(begin[at]), zone), instant(on, int(end[at]), zone)
            found[at] += max(minutes_between(a, b), 0)
    return found
