"""The shift of eight hours that benchmarks of stores and exports give to everybody."""

from __future__ import annotations

from datetime import date, timedelta

from wfplan.domain.schedule import Activity, ActivityCategory, Shift
from wfplan.horizon import wall_instant

ZONE = "Europe/Dublin"
_PARTS = (
    (120, "ON_QUEUE", ActivityCategory.WORK, True),
    (15, "REST", ActivityCategory.BREAK, True),
    (105, "ON_QUEUE", ActivityCategory.WORK, True),
    (30, "MEAL", ActivityCategory.MEAL, False),
    (120, "ON_QUEUE", ActivityCategory.WORK, True),
    (15, "REST", ActivityCategory.BREAK, True),
    (75, "ON_QUEUE", ActivityCategory.WORK, True),
)


def shift_of(agent_id: str, day: date, begin_min: int) -> Shift:
    """A shift that begins at a minute of a date; paid but for its meal."""
    at, activities = wall_instant(day, begin_min, ZONE), []
    for minutes, code, category, is_paid in _PARTS:
        end = at + timedelta(minutes=minutes)
        activities.append(
            Activity(code=code, category=category, is_paid=is_paid, start=at, end=end)
        )
        at = end
    return Shift(shift_id=f"big-{agent_id}-{day:%Y%m%d}-1", agent_id=agent_id, shift_date=day,
                 activities=tuple(activities))  # fmt: skip
