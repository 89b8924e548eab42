"""Shift start window: the wall times at which a shift may start.

Source: the contract (``start_window``; its last start is included), a works
agreement or the plan (``window`` of a setting, for whomever and as long as it says). Starts
after midnight belong to the date on which they fall, so a window past midnight
is read as two.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wfplan.horizon import DAY_MIN, Window
from wfplan.rules.base import SOFT, SettableRule, common, window_of
from wfplan.rules.prices import window_prices
from wfplan.rules.wording import say_clock, say_minutes, say_moment

if TYPE_CHECKING:
    from wfplan.domain.contracts import Contract
    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.prices import IntArray, ShiftPrices
    from wfplan.rules.week import AgentWeek


@dataclass(frozen=True, kw_only=True)
class ShiftStartWindow(SettableRule):
    """Shifts start inside ``window``, minutes after local midnight, both ends included."""

    name: ClassVar[str] = "shift_start_window"
    window: Window
    step_min: int = 0  # of the contract's own; a setting has none

    @classmethod
    def of(cls, contract: Contract) -> ShiftStartWindow:
        """The rule of a contract."""
        return cls(window=contract.start_window, step_min=contract.start_step_min)

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> ShiftStartWindow:
        """The rule from a setting with a window."""
        return cls(window=window_of(setting), **common(setting))

    @property
    def strictness(self) -> float:
        """A narrower window is stricter."""
        return self.window[0] - self.window[1]

    @property
    def family(self) -> tuple[object, ...]:
        """Windows hold beside each other."""
        return self.name, self.window

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Shifts that start outside the window, and the minutes to its nearest edge."""
        first, last = self.window
        found = []
        for duty in week.duties:
            minute = (duty.minute - first) % DAY_MIN
            if minute <= last - first:
                continue
            away = min(minute - (last - first), DAY_MIN - minute)
            why = (
                f"starts on {say_moment(duty.start, week.timezone)}, {say_minutes(away)} outside "
                f"the starts from {say_clock(first)} to {say_clock(last)}"
            )
            reason, hardness = ("lock", SOFT) if duty.is_locked else ("contract", "")
            found.append(
                self.breach(week, duty.start, away, "min", why, reason=reason, hardness=hardness)
            )
        return found

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Split a window that passes midnight; each part begins at one of its starts."""
        first, last = self.window
        if not self.step_min:
            return limits
        windows: list[Window] = [(first, min(last, DAY_MIN - 1))]
        if last >= DAY_MIN:
            steps = -(-(DAY_MIN - first) // self.step_min)
            windows.append((first + steps * self.step_min - DAY_MIN, last - DAY_MIN))
        kept = tuple(window for window in windows if window[0] <= window[1])
        return replace(limits, start_windows=kept)

    def prices(self, person: Person) -> ShiftPrices | None:
        """Bar starts outside the window of a hard setting but those of locks; price a soft one."""
        if self.step_min:
            return None
        first, last = self.window

        def away(start_min: IntArray, end_min: IntArray) -> IntArray:
            minute = (start_min - first) % DAY_MIN
            out = np.minimum(minute - (last - first), DAY_MIN - minute)
            return np.where(minute > last - first, out, 0)

        return window_prices(self, person, away)
