"""Break time: the minutes of breaks and meals that a long shift has together.

Source: a law pack (UK WTR 1998, regulation 12: 20 minutes over six hours; DE
ArbZG section 4: 30 minutes over six and 45 over nine, in parts of 15 or more).

The shift is measured in elapsed time without its unpaid breaks, as those laws
count working time; breaks shorter than ``part_min`` do not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from wfplan.domain.schedule import ActivityCategory
from wfplan.rules.base import SOFT, SettableRule, common, minutes_of
from wfplan.rules.limits import only_lengths
from wfplan.rules.prices import lack_prices
from wfplan.rules.wording import say_minutes, say_moment

if TYPE_CHECKING:
    from wfplan.domain.contracts import Contract
    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.prices import ShiftPrices
    from wfplan.rules.week import AgentWeek

PAUSES = (ActivityCategory.BREAK, ActivityCategory.MEAL, ActivityCategory.TIME_OFF)


@dataclass(frozen=True, kw_only=True)
class BreakTime(SettableRule):
    """``least_min`` minutes of breaks in shifts with more than ``over_min`` of paid time."""

    name: ClassVar[str] = "break_time"
    least_min: int
    over_min: int
    part_min: int = 0

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> BreakTime:
        """The rule from a setting in hours or minutes."""
        return cls(
            least_min=minutes_of(setting),
            over_min=round(setting.over_h * 60),
            part_min=setting.part_min,
            **common(setting),
        )

    @property
    def strictness(self) -> float:
        """More minutes are stricter."""
        return self.least_min

    @property
    def family(self) -> tuple[object, ...]:
        """Another threshold is another rule."""
        return self.name, self.over_min, self.part_min

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Long shifts with too short breaks, and the minutes missing."""
        found = []
        for duty in week.duties:
            if duty.paid_min <= self.over_min:
                continue
            pauses = [
                (a.end - a.start).total_seconds() / 60
                for a in duty.activities
                if a.category in PAUSES
            ]
            taken = sum(minutes for minutes in pauses if minutes >= self.part_min)
            if taken < self.least_min:
                why = (
                    f"has {say_minutes(taken)} of breaks in the shift from "
                    f"{say_moment(duty.start, week.timezone)}, "
                    f"{say_minutes(self.least_min - taken)} less than the "
                    f"{say_minutes(self.least_min)} due over {say_minutes(self.over_min)}"
                )
                missing = self.least_min - taken
                told = {"reason": "contract"}
                found.append(self.breach(week, duty.start, missing, "min", why, **told))
        return found

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Drop the lengths whose breaks are too short."""
        return only_lengths(limits, person, lambda n: self._lacks(limits.contract, n) <= 0)

    def prices(self, person: Person) -> ShiftPrices | None:
        """Price the minutes that a soft rule lacks."""
        return lack_prices(self, person, self._lacks) if self.hardness == SOFT else None

    def _lacks(self, contract: Contract, length: int) -> int:
        """Minutes of breaks that a shift of a length lacks under a contract."""
        if contract.paid_min(length) <= self.over_min:
            return 0
        counted = (
            b.length_min for b in contract.breaks_of(length) if b.length_min >= self.part_min
        )
        return self.least_min - sum(counted)
