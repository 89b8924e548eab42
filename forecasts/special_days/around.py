"""Days that are special because of others: before and after holidays, bridges, long closures."""

from __future__ import annotations

from dataclasses import dataclass

from forecasts.history.series import BoolArray, IntArray
from forecasts.special_days.calendar import Calendar
from forecasts.special_days.label import (
    AFTER_CLOSED,
    AFTER_LONG,
    AFTER_OPEN,
    AFTER_UNSERVED,
    BRIDGE,
    EVE,
    SECOND_AFTER,
    Label,
)

Labels = tuple[Label, ...]
_BACK_DAYS = 5  # two days come after a closed one across a weekend, not across a week
_LONG_DAYS = 2  # usually worked days, from which on a closure is long
_SATURDAY = 5


@dataclass(frozen=True)
class Surroundings:
    """A calendar, the weekdays that are ``served`` (7,), and the days on which nobody worked."""

    calendar: Calendar
    served: BoolArray
    shut: frozenset[int] = frozenset()

    def labels(self, days: IntArray) -> list[Labels]:
        """What there is to be learned about days."""
        near = {day + by for day in self.calendar.entries for by in range(-1, _BACK_DAYS + 1)}
        return [self.of(day) if day in near else () for day in map(int, days)]

    def of(self, day: int) -> Labels:
        """What there is to be learned about one day."""
        labels = self.calendar.own_labels(day)
        if self.calendar.is_off(day) or not self.is_served(day):
            return tuple(labels)
        return (*labels, *self._around(day))

    def is_served(self, day: int) -> bool:
        """Whether the weekday of a day has opening hours."""
        return bool(self.served[(day + 3) % 7])

    def _around(self, day: int) -> list[Label]:
        """What a served day owes to the holidays around it."""
        labels: list[Label] = []
        is_off, name = self.calendar.is_off, self._name
        if is_off(day + 1) and self.is_served(day + 1):
            labels.append(Label(EVE, name(day + 1)))
        back = [day - by for by in range(1, _BACK_DAYS + 1)]
        before = [one for one in back if self.is_served(one)]
        if before and is_off(before[0]):
            kind = AFTER_CLOSED if before[0] in self.shut else AFTER_OPEN
            labels.append(Label(kind, name(before[0])))
        elif len(before) > 1 and before[1] in self.shut and is_off(before[1]):
            labels.append(Label(SECOND_AFTER, name(before[1])))
        elif before and (missed := [one for one in back if one > before[0] and is_off(one)]):
            labels.append(Label(AFTER_UNSERVED, name(missed[0])))
        if self._is_bridge(day):
            labels.append(Label(BRIDGE))
        if self._closed_before(day) >= _LONG_DAYS:
            labels.append(Label(AFTER_LONG))
        return labels

    def _is_bridge(self, day: int) -> bool:
        """Whether a day stands alone between a holiday and a weekend."""
        is_off = self.calendar.is_off
        return not self._is_weekend(day) and (
            (is_off(day - 1) and not self._is_weekend(day - 1) and self._is_weekend(day + 1))
            or (is_off(day + 1) and not self._is_weekend(day + 1) and self._is_weekend(day - 1))
        )

    def _is_weekend(self, day: int) -> bool:
        """Whether a day is a Saturday or Sunday, or of a weekday without service."""
        return (day + 3) % 7 >= _SATURDAY or not self.is_served(day)

    def _closed_before(self, day: int) -> int:
        """Usually worked days of the closure that ended on the day before."""
        count, back = 0, day - 1
        while (back in self.shut and self.calendar.is_off(back)) or not self.is_served(back):
            count += self.is_served(back)
            back -= 1
            if day - back > 60:
                break
        return count

    def _name(self, day: int) -> str:
        """What a day off is called, wherever in the week it lies."""
        names = [e.name for e in self.calendar.entries.get(day, ()) if e.kind != "closed"]
        return Label("holiday", names[0]).base.name if names else ""
