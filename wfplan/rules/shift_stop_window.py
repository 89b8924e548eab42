"""Shift stop window: the wall times at which a shift may end.

Source: the contract (``stop_latest``), a works agreement or the plan (``window`` of a
setting, for whomever and as long as it says), minutes after midnight of the date on
which the shift starts, both ends included.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wfplan.horizon import DAY_MIN, Window
from wfplan.rules.base import SOFT, SettableRule, common, window_of
from wfplan.rules.clock import instant
from wfplan.rules.prices import window_prices
from wfplan.rules.wording import say_clock, say_minutes, say_moment

if TYPE_CHECKING:
    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.prices import IntArray, ShiftPrices
    from wfplan.rules.week import AgentWeek


@dataclass(frozen=True, kw_only=True)
class ShiftStopWindow(SettableRule):
    """Shifts end inside ``window``, minutes after local midnight of their date."""

    name: ClassVar[str] = "shift_stop_window"
    window: Window
    is_contract: bool = True  # the contract's own, not that of a setting

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> ShiftStopWindow:
        """The rule from a setting with a window."""
        return cls(window=window_of(setting), is_contract=False, **common(setting))

    @property
    def strictness(self) -> float:
        """A narrower window is stricter."""
        return self.window[0] - self.window[1]

    @property
    def family(self) -> tuple[object, ...]:
        """Windows hold beside each other."""
        return self.name, self.window

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Shifts that end outside the window, and the minutes to its nearer edge."""
        found = []
        for duty in week.duties:
            wall = week.local(duty.end)
            minute = (wall.date() - duty.day).days * DAY_MIN + wall.hour * 60 + wall.minute
            away = max(self.window[0] - minute, minute - self.window[1])
            if away <= 0:
                continue
            why = (
                f"ends on {say_moment(duty.end, week.timezone)}, {say_minutes(away)} outside the "
                f"ends from {say_clock(self.window[0])} to {say_clock(self.window[1])}"
            )
            reason, hardness = ("lock", SOFT) if duty.is_locked else ("contract", "")
            found.append(
                self.breach(week, duty.end, away, "min", why, reason=reason, hardness=hardness)
            )
        return found

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """
        Hand the window on, and block the time between the last end and the next first start.

        The block says the same as the last end wherever shifts end before the
        first start of the following date.
        """
        if not self.is_contract:
            return limits
        last_end = self.window[1]
        first_start = min((start for start, _ in limits.start_windows), default=0) + DAY_MIN
        spans = tuple(
            (instant(day, last_end, person.timezone), instant(day, first_start, person.timezone))
            for day in (person.dates[0] - timedelta(days=1), *person.dates)
            if last_end < first_start
        )
        return replace(limits, stop_window=self.window, blocked=(*limits.blocked, *spans))

    def prices(self, person: Person) -> ShiftPrices | None:
        """Bar ends outside the window of a hard setting but those of locks; price a soft one."""
        if self.is_contract:
            return None
        first, last = self.window

        def away(start_min: IntArray, end_min: IntArray) -> IntArray:
            return np.maximum(np.maximum(first - end_min, end_min - last), 0)

        return window_prices(self, person, away)
