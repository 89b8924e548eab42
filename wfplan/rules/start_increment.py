"""Start increment: shifts start in whole steps after the opening of the start window.

Source: the contract (``start_step_min``), counted on the clock from ``start_window``.
A start that the spring change moves on counts where the clock would have been.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from wfplan.horizon import DAY_MIN
from wfplan.rules.base import SOFT, Rule
from wfplan.rules.wording import say_clock, say_minutes, say_moment

if TYPE_CHECKING:
    from wfplan.domain.contracts import Contract
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek, Duty


@dataclass(frozen=True, kw_only=True)
class StartIncrement(Rule):
    """Starts lie ``step_min`` minutes apart from ``anchor_min`` after local midnight."""

    name: ClassVar[str] = "start_increment"
    step_min: int
    anchor_min: int

    @classmethod
    def of(cls, contract: Contract) -> StartIncrement:
        """The rule of a contract."""
        return cls(step_min=contract.start_step_min, anchor_min=contract.start_window[0])

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Shifts that start between two steps, and the minutes past the earlier one."""
        found = []
        for duty in week.duties:
            past = (duty.minute - self.anchor_min) % DAY_MIN % self.step_min
            if past == 0 or self._moved_on(week, duty):
                continue
            why = (
                f"starts on {say_moment(duty.start, week.timezone)}, {say_minutes(past)} past a "
                f"start; starts are every {say_minutes(self.step_min)} from "
                f"{say_clock(self.anchor_min)}"
            )
            reason, hardness = ("lock", SOFT) if duty.is_locked else ("contract", "")
            found.append(
                self.breach(week, duty.start, past, "min", why, reason=reason, hardness=hardness)
            )
        return found

    def _moved_on(self, week: AgentWeek, duty: Duty) -> bool:
        """Whether the clock change skipped the wall time that the shift was meant to start at."""
        wall = week.local(duty.start)
        before = week.local(week.midnight(duty.day)).utcoffset() or timedelta()
        skipped = (wall.utcoffset() or timedelta()) - before
        if skipped <= timedelta():
            return False
        meant = wall.replace(tzinfo=None) - skipped
        is_real = week.local(duty.start - skipped).replace(tzinfo=None) == meant
        minute = meant.hour * 60 + meant.minute
        return not is_real and (minute - self.anchor_min) % DAY_MIN % self.step_min == 0

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Starts in steps from the beginning of each start window."""
        return replace(limits, start_step_min=self.step_min)
