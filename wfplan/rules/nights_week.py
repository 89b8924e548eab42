"""Nights of a week: at most so many, history counted.

Source: a works agreement, wellbeing (the risk of injury rises with each night in a row: Folkard and
Tucker, 2003, doi:10.1093/occmed/kqg047).
A night has three hours or more between 23:00 and 06:00, or is what the
contract's kind ``night`` says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from wfplan.rules.shift_count_period import ShiftCountPeriod


@dataclass(frozen=True, kw_only=True)
class NightsWeek(ShiftCountPeriod):
    """At most ``count`` nights in each planning week."""

    name: ClassVar[str] = "nights_week"
    usual_weeks: ClassVar[int] = 1
    units: ClassVar[tuple[str, ...]] = ("nights",)
    usual_kinds: ClassVar[tuple[str, ...]] = ("night",)
    kinds: tuple[str, ...] = ("night",)
    weeks: int = 1
