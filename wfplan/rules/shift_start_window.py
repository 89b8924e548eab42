"""Shift start window: the wall times at which a shift may start.

Source: the contract (``start_window``; its last start is included). Starts
after midnight belong to the date on which they fall, so a window past midnight
is read as two.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from wfplan.horizon import DAY_MIN, Window
from wfplan.rules.base import SOFT, Rule
from wfplan.rules.wording import say_clock, say_minutes, say_moment

if TYPE_CHECKING:
    from wfplan.domain.contracts import Contract
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek


@dataclass(frozen=True, kw_only=True)
class ShiftStartWindow(Rule):
    """Shifts start inside ``window``, minutes after local midnight, both ends included."""

    name: ClassVar[str] = "shift_start_window"
    window: Window
    step_min: int

    @classmethod
    def of(cls, contract: Contract) -> ShiftStartWindow:
        """The rule of a contract."""
        return cls(window=contract.start_window, step_min=contract.start_step_min)

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
        windows: list[Window] = [(first, min(last, DAY_MIN - 1))]
        if last >= DAY_MIN:
            steps = -(-(DAY_MIN - first) // self.step_min)
            windows.append((first + steps * self.step_min - DAY_MIN, last - DAY_MIN))
        kept = tuple(window for window in windows if window[0] <= window[1])
        return replace(limits, start_windows=kept)
