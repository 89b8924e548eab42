"""Promise: moving a shift that was published costs more the shorter the notice; consent is free.

Source: fair-workweek laws (14 days of notice), a works agreement; stable
schedules raised productivity by 5 % in a trial of 28 shops (Kesavan, Lambert,
Williams and Pendem, 2022, doi:10.1287/mnsc.2021.4291).

The change of a date is the minutes of the clock that lie in one of the shifts,
published and planned, and not in both. It counts in full on the day itself,
and less in proportion to the notice, to nothing from ``notice_days`` on. The
notice runs from the date on which the people learn of the plan; where that is
not known there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wfplan.rules.base import HARD, SettableRule, common, days_of
from wfplan.rules.clock import local
from wfplan.rules.prices import PricedShifts
from wfplan.rules.tally import clock_of
from wfplan.rules.wording import say_count, say_day, say_minutes

if TYPE_CHECKING:
    from datetime import date

    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.person import Person
    from wfplan.rules.prices import FloatArray, IntArray, ShiftPrices
    from wfplan.rules.week import AgentWeek


@dataclass(frozen=True, kw_only=True)
class PromiseChangePrice(SettableRule):
    """Changes of published dates cost up to ``weight`` an hour, less with notice."""

    name: ClassVar[str] = "promise_change_price"
    notice_days: int

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> PromiseChangePrice:
        """The rule from a setting in days of notice; hard forbids changes without that notice."""
        return cls(notice_days=days_of(setting), **common(setting))

    @property
    def strictness(self) -> float:
        """Longer notice is stricter."""
        return self.notice_days

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Dates that were changed at short notice, and the minutes of change that count."""
        found = []
        for day in week.dates:
            if day not in week.published or day in week.consents:
                continue
            promised = week.published[day]
            was = clock_of(week, *promised) if promised else None
            now = week.clocks.get(day)
            changed = len(_minutes(was) ^ _minutes(now))
            notice = (day - week.local(week.told).date()).days if week.told else 0
            counted = changed * (1 - min(max(notice, 0), self.notice_days) / self.notice_days)
            if counted > 0:
                why = (
                    f"has {say_minutes(changed)} changed on {say_day(day)}, published otherwise, "
                    f"at {say_count(max(notice, 0), 'day')} of notice; {self.notice_days} are free"
                )
                found.append(self.breach(week, week.midnight(day), counted, "min", why))
        return found

    def prices(self, person: Person) -> ShiftPrices | None:
        """Price the minutes of change of each published date; a hard rule forbids them."""
        if not person.published:
            return None

        def of_shifts(
            day: int, start_min: IntArray, end_min: IntArray, paid_min: IntArray
        ) -> FloatArray:
            rate, begin, end = self._promised(person, person.dates[day])
            both = np.clip(np.minimum(end_min, end) - np.maximum(start_min, begin), 0, None)
            changed = rate * ((end_min - start_min) + (end - begin) - 2 * both)
            if self.hardness == HARD:
                return np.where(changed > 0, np.inf, 0.0)
            return np.asarray(self.price(1, "min") * changed)

        def of_day_off(day: int) -> float:
            rate, begin, end = self._promised(person, person.dates[day])
            return self.toll(rate * (end - begin), "min")

        return PricedShifts(of_shifts, of_day_off)

    def _promised(self, person: Person, day: date) -> tuple[float, int, int]:
        """The share of a change that counts on a date, and the published minutes of the clock."""
        if day not in person.published or day in person.consents:
            return 0.0, 0, 0
        span = person.published[day]
        begin = end = 0
        if span is not None:
            begin = person.wall_minute(span[0])
            days = local(span[1], person.timezone).date() - local(span[0], person.timezone).date()
            end = person.wall_minute(span[1]) + 1440 * (days // timedelta(days=1))
        if person.told is None:
            return 1.0, begin, end
        notice = (day - local(person.told, person.timezone).date()).days
        return 1 - min(max(notice, 0), self.notice_days) / self.notice_days, begin, end


def _minutes(shift: tuple[int, int] | None) -> set[int]:
    """The minutes of the clock that a shift covers."""
    return set(range(*shift)) if shift else set()
