"""The planner's reading of the single-person rules: what one person's week may be.

Each rule tightens these limits; the stricter value of all rules holds. The
oracle of :mod:`wfplan.scheduling.person.week` plans inside them. The auditor's face
of the rules never looks at this module.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from wfplan.domain.contracts import Contract
from wfplan.horizon import DAY_MIN, Window
from wfplan.rules.automaton import DayAutomaton
from wfplan.rules.prices import FloatArray, IntArray, ShiftPrices

if TYPE_CHECKING:
    from collections.abc import Callable

    from wfplan.rules.person import Person

NO_LIMIT = 10**6
Bounds = tuple[int, int]
"""Least and most of something, both included."""


def stricter(known: tuple[Bounds, ...], more: tuple[Bounds, ...]) -> tuple[Bounds, ...]:
    """Bounds of each week that keep both; no bounds of weeks are none at all."""
    if not known:
        return more
    pairs = zip(known, more, strict=True)
    return tuple((max(low, least), min(high, most)) for (low, high), (least, most) in pairs)


@dataclass(frozen=True)
class LockedDay:
    """A date that is settled: a shift from start to end, or a day off (both None)."""

    day: date
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True)
class Pause:
    """A break of a shift as it lies: kind, minutes after the shift's start, length, pay."""

    kind: str
    start_min: int
    length_min: int
    is_paid: bool


@dataclass(frozen=True)
class KeptShift:
    """
    A published shift with which a kept plan begins, on a date.

    ``pauses`` are None where nobody knows them. What lies before ``done_until`` has
    happened (None: nothing of it): the date then holds this shift, or one that only goes on
    otherwise. Where breaks alone lie elsewhere that costs ``moved_pauses`` harm points.
    """

    day: date
    start: datetime
    end: datetime
    paid_min: int
    pauses: tuple[Pause, ...] | None
    done_until: datetime | None = None
    moved_pauses: float = 0.0


@dataclass(frozen=True)
class GapPrice:
    """
    What it costs when two shifts of a person follow each other too closely.

    The gap runs from the end of the earlier shift, or from its start, to the
    start of the later one, in elapsed minutes. Below ``below_min`` it costs
    ``each`` harm points and ``per_h`` for each hour that is missing.
    """

    rule: str
    below_min: int
    is_from_start: bool = False
    each: float = 0.0
    per_h: float = 0.0

    def of(self, gap_min: float) -> float:
        """Harm points of a gap."""
        missing = self.below_min - gap_min
        return self.each + self.per_h * missing / 60 if missing > 0 else 0.0


@dataclass(frozen=True)
class PaidPrice:
    """
    What paid time above ``above_min`` costs an hour, in dates ``first`` to ``stop`` (index).

    Where it ``is_below``, it is what is missing to those minutes that costs.
    """

    rule: str
    first: int
    stop: int
    above_min: int
    per_h: float
    is_below: bool = False


@dataclass(frozen=True)
class MeasureCap:
    """
    The most minutes that a measure of the ledger may have on any date.

    ``per_h`` are harm points per hour above it; None where the rule is hard:
    what the measure is depends on everybody's weeks, so that no plan can
    promise it, and the search pays what a missing person costs.
    """

    rule: str
    measure: str
    most_min: float
    per_h: float | None = None


@dataclass(frozen=True)
class MealClock:
    """
    When meals of shifts longer than ``over_min`` begin by the clock, both ends included.

    An hour beside the window costs ``per_h`` harm points; infinite ones forbid it.
    """

    window: Window
    over_min: int
    per_h: float = inf

    def price(self, minute: IntArray) -> FloatArray:
        """Harm points of meals that begin at such wall minutes of a date, (meal,)."""
        first, last = self.window
        turns = minute + np.array([[-DAY_MIN], [0], [DAY_MIN]])
        away = np.maximum(np.maximum(first - turns, turns - last), 0).min(axis=0)
        return np.where(away > 0, self.per_h * np.maximum(away, 1) / 60, 0.0)


@dataclass(frozen=True)
class WorkLimits:
    """
    What one agent's week may be: minutes are elapsed unless they are paid.

    Dates are the agent's local dates on which a shift starts. ``blocked`` are
    UTC spans in which no minute of a shift may lie. Each of ``weekly_rest_spans``
    wants an unbroken rest of at least ``weekly_rest_min``, of which
    ``weekly_rest_inside_min`` lie in the span; the rest of the last shift ends
    with the horizon, that of the first begins at ``last_end``, or long ago
    where there was none. ``weekly_rest_due`` is the end of the first span
    (None: no such rule in the horizon).
    """

    agent_id: str
    timezone: str
    contract: Contract
    dates: tuple[date, ...]
    lengths_min: tuple[int, ...]
    start_windows: tuple[Window, ...]  # wall minutes of allowed starts, end included
    start_step_min: int
    paid_week_min: int = 0  # at least, paid minutes of the horizon
    paid_week_max: int = NO_LIMIT  # at most
    week_firsts: tuple[date, ...] = ()  # first dates of the planning weeks of the horizon
    paid_weeks: tuple[Bounds, ...] = ()  # paid minutes of each of those weeks
    paid_day_max: int = 24 * 60
    paid_night_shift_max: int = 24 * 60  # of a shift with 3 h or more between 23:00 and 06:00
    work_days_min: int = 0  # of the horizon
    work_days_max: int = NO_LIMIT
    work_days_weeks: tuple[Bounds, ...] = ()  # and of each of the planning weeks
    consecutive_days_max: int = NO_LIMIT
    run_days_before: int = 0  # working days in a row that end on the eve of the horizon
    daily_rest_min: int = 0
    earliest_start: datetime | None = None  # daily rest after the last shift of the history
    last_end: datetime | None = None  # when that last shift ended
    start_distance_min: int = 0  # between the starts of two shifts that follow each other
    last_start: datetime | None = None  # when the last shift of the history started
    weekly_rest_min: int = 0
    weekly_rest_due: datetime | None = None
    weekly_rest_inside_min: int = 0  # the part of the rest that must lie in each of its spans
    weekly_rest_spans: tuple[tuple[datetime, datetime], ...] = ()  # windows that still want one
    wished_rest_min: int = 0  # as the weekly rest, but a span without it costs a price
    wished_rest_inside_min: int = 0
    wished_rest_spans: tuple[tuple[datetime, datetime], ...] = ()
    wished_rest_price: float = 0.0  # harm points; spans that overlap one without are not asked
    stop_window: Window | None = None  # wall minutes of allowed shift ends, both included
    barred_lengths: frozenset[int] = frozenset()  # of locked shifts that a hard rule bars
    break_over_min: int | None = None  # shifts longer than this must contain a break
    blocked: tuple[tuple[datetime, datetime], ...] = ()
    absences: tuple[tuple[datetime, datetime], ...] = ()  # those that block a locked shift, too
    days_off: frozenset[date] = frozenset()  # not employed, no valid skill, whole-day time off
    locked: tuple[LockedDay, ...] = ()
    kept: tuple[KeptShift, ...] = ()  # what a kept plan begins with
    as_of: datetime | None = None  # no other shift begins before it
    automata: tuple[DayAutomaton, ...] = ()  # rules of sequences and counts of days
    prices: tuple[ShiftPrices, ...] = ()  # soft rules of single shifts; inf where one is forbidden
    gap_prices: tuple[GapPrice, ...] = ()  # soft rules of the gaps between shifts
    paid_prices: tuple[PaidPrice, ...] = ()  # soft rules of the paid time of a week or period
    quick_return_min: int = 0  # a shorter rest is a quick return
    quick_returns_max: tuple[int, ...] = ()  # at most, from the first date up to each one
    quick_returns_free: tuple[int, ...] = ()  # without a price, likewise
    quick_return_price: float = 0.0  # harm points of each one beyond those
    meal_clocks: tuple[MealClock, ...] = ()
    barred_channels: frozenset[str] = frozenset()  # work that the person must not be given
    shunned_channels: frozenset[str] = frozenset()  # and what others are given first
    measure_caps: tuple[MeasureCap, ...] = ()  # at most so many minutes on any date


def only_lengths(
    limits: WorkLimits, person: Person, is_allowed: Callable[[int], bool]
) -> WorkLimits:
    """The limits without the lengths of shifts that a hard rule bars, those of locks among them."""
    barred = {length for length in person.locked_lengths if not is_allowed(length)}
    return replace(
        limits,
        lengths_min=tuple(length for length in limits.lengths_min if is_allowed(length)),
        barred_lengths=limits.barred_lengths | barred,
    )
