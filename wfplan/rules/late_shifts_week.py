"""Late shifts of a week: at most so many, history counted.

Source: a works agreement, wellbeing (the HR table's ``max_late_shifts_per_week``).
A late shift ends after 21:00, or as the contract's kind ``late`` says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from wfplan.rules.shift_count_period import ShiftCountPeriod


@dataclass(frozen=True, kw_only=True)
class LateShiftsWeek(ShiftCountPeriod):
    """At most ``count`` late shifts in each planning week."""

    name: ClassVar[str] = "late_shifts_week"
    usual_weeks: ClassVar[int] = 1
    usual_kinds: ClassVar[tuple[str, ...]] = ("late",)
    kinds: tuple[str, ...] = ("late",)
    weeks: int = 1
