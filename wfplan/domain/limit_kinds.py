"""The closed list of what HR's limits are about: unit, range, and which side is the stricter one.

Without pydantic, so that the commands which only print the list begin at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LimitKind:
    """
    A rule of the closed list: its unit and range, and which side is the stricter one.

    ``refused`` says why it cannot be honoured yet, where it cannot.
    """

    name: str
    unit: str
    low: float
    high: float
    meaning: str
    is_most: bool = True
    refused: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether it counts whole things."""
        return self.unit in ("count", "days")

    def is_weaker(self, value: float, other: float) -> bool:
        """Whether one value asks for less than another."""
        return value > other if self.is_most else value < other


def _least(name: str, unit: str, low: float, high: float, meaning: str) -> LimitKind:
    return LimitKind(name, unit, low, high, meaning, is_most=False)


_KINDS = (
    LimitKind("max_occupancy", "ratio", 0.5, 0.98,
              "busy / (busy + available) in an interval, of the channels that the people serve"),
    _least("min_rest_between_shifts", "hours", 8, 16, "from the end of a shift to the next start"),
    _least("min_weekly_rest", "hours", 24, 72, "longest unbroken rest in any 7 days"),
    LimitKind("max_hours_per_day", "hours", 4, 13, "paid work"),
    LimitKind("max_hours_per_week", "hours", 8, 60, "paid work of each planning week"),
    LimitKind("max_average_hours_per_week", "hours", 8, 60,
              "over the law pack's reference period, with history"),
    LimitKind("max_consecutive_days", "count", 1, 12, "working days in a row"),
    LimitKind("max_consecutive_nights", "count", 1, 7, "night shifts in a row"),
    LimitKind("max_late_shifts_per_week", "count", 0, 7,
              "shifts that end after 21:00, or as the contract's kind late says"),
    LimitKind("max_quick_returns_per_28_days", "count", 0, 14, "rests under 11 hours"),
    _least("min_full_weekends_off_per_4_weeks", "count", 0, 4,
           "weekends without a shift on Saturday or Sunday"),
    LimitKind("max_start_time_spread_per_week", "minutes", 0, 720, "latest minus earliest start"),
    LimitKind("max_continuous_contact", "minutes", 30, 300,
              "on queue with no break or off-queue activity"),
    _least("min_break_minutes", "minutes", 0, 120, "breaks and meals of every shift together"),
    _least("min_meal_minutes", "minutes", 0, 120, "meals of every shift together"),
    _least("min_off_queue_share", "ratio", 0, 0.5,
           "training, coaching, meetings / paid time of each week"),
    _least("training_minutes_per_week", "minutes", 0, 600, "training, placed inside shifts"),
    _least("coaching_minutes_per_4_weeks", "minutes", 0, 600,
           "coaching, a quarter of it in each week"),
    LimitKind("max_high_intensity_minutes_per_day", "minutes", 0, 600,
              "on queues whose strain_weight is 1.25 or more"),
    _least("min_preferred_share", "ratio", 0, 1, "scheduled minutes that keep stated preferences"),
    LimitKind("max_changes_after_publish", "count", 0, 20,
              "dates of a person and week whose published shift becomes another"),
    _least("min_notice_before_publish", "days", 0, 60,
           "from the day on which a plan is published to its first date"),
    LimitKind("max_fatigue_score", "index", 1, 4, "the score of FORMATS B.5",
              refused="wfplan has no fatigue score yet"),
)  # fmt: skip

LIMIT_KINDS: Mapping[str, LimitKind] = {kind.name: kind for kind in _KINDS}
"""The closed list of rules that a row of ``constraints`` may set, by name."""
