"""Preference: the least share of a person's scheduled time that keeps her wishes.

Source: the availability table (``prefer``, ``avoid``; the HR table's ``min_preferred_share``).

A minute goes against a wish when it lies in an ``avoid`` window, or outside
the ``prefer`` windows of a date that has any; windows past midnight reach into
the next date. The price per slot of each wish, by its weight, is part of the
plan's objective: this rule asks for a share beside it. A hard one is judged over
all shifts; the planner is stricter on purpose and keeps it in each. A soft one
speaks of each shift by itself, to both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wfplan.domain.people import AvailabilityKind
from wfplan.rules.base import SOFT, SettableRule, common, share_of
from wfplan.rules.clock import instant, minutes_between
from wfplan.rules.prices import PricedShifts
from wfplan.rules.wording import say_day, say_minutes, say_moment

if TYPE_CHECKING:
    from datetime import date, datetime

    from wfplan.domain.people import Availability
    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.person import Person
    from wfplan.rules.prices import FloatArray, IntArray, ShiftPrices
    from wfplan.rules.week import AgentWeek, Duty

_WISHES = (AvailabilityKind.PREFER, AvailabilityKind.AVOID)


@dataclass(frozen=True, kw_only=True)
class Preference(SettableRule):
    """At least ``share`` of the scheduled minutes keep the wishes."""

    name: ClassVar[str] = "preference"
    share: float

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> Preference:
        """The rule from a setting that is a share from 0 to 1."""
        return cls(share=share_of(setting), **common(setting))

    @property
    def strictness(self) -> float:
        """A larger share is stricter."""
        return self.share

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Minutes against wishes above the share of the horizon, or of each shift where soft."""
        if not any(row.kind in _WISHES for row in week.agent.availability):
            return []
        if self.hardness == SOFT:
            return [b for duty in week.duties if (b := self._of_shift(week, duty)) is not None]
        total = sum(duty.length_min for duty in week.duties)
        against = sum(_against(week, duty.start, duty.end, duty.day) for duty in week.duties)
        over = against - (1 - self.share) * total
        if over <= 1e-9:
            return []
        why = (
            f"works {say_minutes(against)} of {say_minutes(total)} against wishes in the "
            f"{len(week.dates)} days from {say_day(week.dates[0])}, {say_minutes(over)} more than "
            f"a share of {self.share:g} leaves"
        )
        return [self.breach(week, week.midnight(week.dates[0]), over, "min", why)]

    def _of_shift(self, week: AgentWeek, duty: Duty) -> Breach | None:
        """The breach of one shift."""
        against = _against(week, duty.start, duty.end, duty.day)
        over = against - (1 - self.share) * duty.length_min
        if over <= 1e-9:
            return None
        why = (
            f"works {say_minutes(against)} of {say_minutes(duty.length_min)} against wishes from "
            f"{say_moment(duty.start, week.timezone)}, {say_minutes(over)} more than a share of "
            f"{self.share:g} leaves"
        )
        return self.breach(week, duty.start, over, "min", why)

    def prices(self, person: Person) -> ShiftPrices | None:
        """Price the minutes of each shift against wishes, above the share that may be."""
        rows = [row for row in person.agent.availability if row.kind in _WISHES]
        if not rows:
            return None

        def of_shifts(
            day: int, start_min: IntArray, end_min: IntArray, paid_min: IntArray
        ) -> FloatArray:
            against = _against_per_minute(rows, person, person.dates[day])
            so_far = np.concatenate([[0.0], np.cumsum(against)])
            zero = instant(person.dates[day], 0, person.timezone)
            edges = [
                np.array(
                    [
                        minutes_between(zero, instant(person.dates[day], int(m), person.timezone))
                        for m in minutes
                    ],
                    dtype=np.int64,
                )
                for minutes in (start_min, end_min)
            ]
            over = so_far[edges[1]] - so_far[edges[0]] - (1 - self.share) * (edges[1] - edges[0])
            wrong = np.where(over > 1e-9, over, 0.0)
            if self.hardness == SOFT:
                return np.asarray(self.price(1, "min") * wrong)
            return np.where(wrong > 0, np.inf, 0.0)

        return PricedShifts(of_shifts)


def _said(rows: list[Availability], kind: AvailabilityKind, day: date) -> list[Availability]:
    """The wishes of a kind for a date; those of the date itself win."""
    speaking = [row for row in rows if row.kind is kind and row.applies(day)]
    return [row for row in speaking if row.day is not None] or speaking


def _speaking(rows: list[Availability], kind: AvailabilityKind, day: date) -> list[Availability]:
    """The planner's reading of the same."""
    dated = [row for row in rows if row.kind is kind and row.day == day]
    weekly = [r for r in rows if r.kind is kind and r.day is None and r.weekday == day.weekday()]
    in_date = [
        row
        for row in weekly
        if (row.valid_from or day) <= day and (row.valid_to is None or day <= row.valid_to)
    ]
    return dated or in_date


def _against_per_minute(rows: list[Availability], person: Person, day: date) -> FloatArray:
    """Whether each elapsed minute from a date's midnight, for three dates, is against a wish."""
    zero = instant(day, 0, person.timezone)
    days = [day + timedelta(days=d) for d in range(-1, 3)]
    edges = [minutes_between(zero, instant(d, 0, person.timezone)) for d in days]
    against = np.zeros(edges[-1] + 2 * 1440)
    for d, begin, end in zip(days[1:], edges[1:], edges[2:], strict=False):
        if _speaking(rows, AvailabilityKind.PREFER, d):
            against[begin:end] = 1.0
    for value, kind in ((0.0, AvailabilityKind.PREFER), (1.0, AvailabilityKind.AVOID)):
        for d in days:
            for row in _speaking(rows, kind, d):
                a, b = (
                    minutes_between(zero, instant(d, m, person.timezone))
                    for m in (row.start_min, row.end_min)
                )
                against[max(a, 0) : max(b, 0)] = value
    return against


def _against(week: AgentWeek, start: datetime, end: datetime, day: date) -> float:
    """Minutes of a shift against wishes, one by one."""
    rows = list(week.agent.availability)
    dates = [day + timedelta(days=d) for d in (-1, 0, 1)]
    windows = {
        kind: [
            (week.wall(d, row.start_min), week.wall(d, row.end_min))
            for d in dates
            for row in _said(rows, kind, d)
        ]
        for kind in _WISHES
    }
    wished = {d: bool(_said(rows, AvailabilityKind.PREFER, d)) for d in dates}
    wrong = 0
    while start < end:
        is_in = {kind: any(a <= start < b for a, b in spans) for kind, spans in windows.items()}
        is_bound = wished[week.local(start).date()] and not is_in[AvailabilityKind.PREFER]
        wrong += is_in[AvailabilityKind.AVOID] or is_bound
        start += timedelta(minutes=1)
    return float(wrong)
