"""The slots of a coverage, and what the clocks of its people show in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.schedule import ActivityCategory, Shift
from wfplan.horizon import DAY_MIN, Horizon

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Grid:
    """The slots of a coverage: from ``lead`` slots before the horizon to some after it."""

    horizon: Horizon
    lead: int
    slots: int

    @classmethod
    def around(cls, horizon: Horizon) -> Grid:
        """A day before the horizon to a day and a half after it."""
        per_day = DAY_MIN // horizon.slot_min
        return cls(horizon, per_day, horizon.slot_count + per_day * 5 // 2)

    def slot(self, instant: datetime) -> int:
        """The slot of the coverage that contains an instant."""
        return self.lead + self.horizon.slot_at(instant)

    def slot_from(self, instant: datetime) -> int:
        """The first slot that begins at or after an instant."""
        return self.slot(instant) + (0 if self.is_on_slot(instant) else 1)

    def is_on_slot(self, instant: datetime) -> bool:
        """Whether a slot begins at the instant."""
        return self.horizon.instant_at(self.horizon.slot_at(instant)) == instant

    def instant(self, slot: int) -> datetime:
        """The instant at which a slot begins."""
        return self.horizon.instant_at(slot - self.lead)

    def span(self, start: datetime, end: datetime) -> slice:
        """The slots that a span touches, clipped to the grid."""
        last = self.lead - ((self.horizon.start - end) // timedelta(minutes=self.horizon.slot_min))
        return slice(max(self.slot(start), 0), max(min(last, self.slots), 0))

    def slots_on_queue(self, shift: Shift, since: datetime) -> IntArray:
        """The slots from an instant on that the work of a shift touches."""
        parts = [
            np.arange(span.start, span.stop, dtype=np.int64)
            for one in shift.activities
            if one.category is ActivityCategory.WORK and one.end > since
            for span in [self.span(max(one.start, since), one.end)]
        ]
        return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *parts]))

    def wall_min(self, day: date, timezone: str) -> IntArray:
        """What a zone's clock shows at every slot and at the end, in minutes after a midnight."""
        return _wall_min(self, timezone) - DAY_MIN * (day - self.horizon.first_day).days


@lru_cache(maxsize=64)
def _wall_min(grid: Grid, timezone: str) -> IntArray:
    """Wall minutes of every slot and of the end, after midnight of the first date."""
    midnight = datetime.combine(grid.horizon.first_day, datetime.min.time())
    zone = ZoneInfo(timezone)
    shown = (grid.instant(s).astimezone(zone).replace(tzinfo=None) for s in range(grid.slots + 1))
    return np.array([(wall - midnight) // timedelta(minutes=1) for wall in shown], dtype=np.int64)
