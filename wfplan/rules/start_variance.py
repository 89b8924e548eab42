"""Start variance: the starts of a period, or its paid hours a shift, lie within a window.

Source: wellbeing (irregular starts go with worse sleep), a works agreement or the plan.

The spread is the latest minus the earliest wall time of start in each period
(a planning week, unless ``weeks`` says otherwise), history counted. Starts
after midnight are early ones. With ``of = ["paid"]`` it is the spread of the paid
time of shifts: both together keep starts and lengths alike. Only what the horizon
adds to the spread of the history is held against it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wfplan.errors import InputError
from wfplan.rules.automaton import FORBIDDEN, DayAutomaton
from wfplan.rules.base import HARD, SettableRule, common, minutes_of
from wfplan.rules.days import Classes, Periods
from wfplan.rules.tally import Period, periods
from wfplan.rules.wording import say_clock, say_day, say_minutes

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek

START, PAID = "start", "paid"


@dataclass(frozen=True, kw_only=True)
class StartVariance(SettableRule):
    """Starts, or paid times, of ``weeks`` weeks (0: the horizon) at most ``spread_min`` apart."""

    name: ClassVar[str] = "start_variance"
    spread_min: int
    weeks: int = 1
    measure: str = START

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> StartVariance:
        """
        The rule from a setting in hours or minutes.

        Raises
        ------
        InputError
            When ``of`` names something else than ``start`` or ``paid``.
        """
        if setting.of not in ((), (START,), (PAID,)):
            raise InputError(
                f"rule {setting.rule}: of = {list(setting.of)} has no variance here. Name "
                "'start' or 'paid'; for both, write the rule twice."
            )
        return cls(
            spread_min=minutes_of(setting),
            weeks=setting.weeks or 1,
            measure=setting.of[0] if setting.of else START,
            **common(setting),
        )

    @property
    def strictness(self) -> float:
        """A smaller spread is stricter."""
        return -self.spread_min

    @property
    def family(self) -> tuple[object, ...]:
        """Another period is another rule, and so is what is measured."""
        return self.name, self.weeks, self.measure

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Periods whose starts or paid times lie too far apart, and the minutes beyond it."""
        found = []
        for period in periods(week, self.weeks):
            starts = self._measured(week, period)
            before = [minute for day, minute in starts.items() if day < week.dates[0]]
            granted = max(self.spread_min, max(before, default=0) - min(before, default=0))
            first, last = min(starts.values(), default=0), max(starts.values(), default=0)
            over = last - first - granted
            if over <= 0:
                continue
            span = f"starts between {say_clock(first)} and {say_clock(last)}"
            if self.measure == PAID:
                span = f"has {say_minutes(first)} to {say_minutes(last)} of paid time a shift"
            why = (
                f"{span} in the "
                f"{len(period.days)} days from {say_day(period.days[0])}, {say_minutes(over)} more "
                f"than the spread of {say_minutes(granted)} allowed"
            )
            reason = "history" if before else ""
            at = week.midnight(max(period.days[0], week.dates[0]))
            found.append(self.breach(week, at, over, "min", why, reason=reason))
        return found

    def _measured(self, week: AgentWeek, period: Period) -> dict[date, int]:
        """What is measured of the first shift of each date of a period."""
        if self.measure == START:
            return {day: week.clocks[day][0] for day in period.days if day in week.clocks}
        paid: dict[date, int] = {}
        for day, past in zip(week.past_days, week.past, strict=True):
            paid.setdefault(day, past.paid_minutes)
        for duty in week.duties:
            paid.setdefault(duty.day, duty.paid_min)
        return {day: paid[day] for day in period.days if day in paid}

    def automaton(self, person: Person) -> DayAutomaton:
        """The earliest and the latest start of the period so far: a state for each such pair."""
        periods = Periods.of(person, self.weeks)
        begins = tuple(int(day > 0 and day in periods.begins) for day in range(len(person.dates)))
        of_all = _starts_of if self.measure == START else _paid_of
        clock = np.array(of_all(person))
        of_classes = _StartClasses if self.measure == START else _PaidClasses
        reading = of_classes(person.contract.kinds, marks=begins, starts=tuple(clock.tolist()))
        past = reading.of_past(person)
        behind = min(-periods.begins[0], len(past))
        before = [kind - 1 for kind in past[len(past) - behind :] if kind > 0]
        granted = max(self.spread_min, clock[max(before)] - clock[min(before)] if before else 0)

        next_state, cost, number = self._pairs(clock, granted)
        anew = np.tile(next_state[0], (len(next_state), 1))
        return DayAutomaton(
            next_state=np.hstack([next_state, anew]),
            cost=np.hstack([cost, np.zeros(anew.shape)]),
            final_cost=np.zeros(len(next_state)),
            start=int(number[min(before), max(before)]) if before else 0,
            symbol=reading,
            rule=self.name,
        )

    def _pairs(
        self, clock: NDArray[np.int64], granted: float
    ) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
        """
        States of the pairs of earliest and latest start, 0 for none yet.

        Returns the state after each class of day and its harm points, (state,
        class), and the number of each pair, (earliest, latest).
        """
        low, high = np.triu_indices(len(clock))
        is_kept = clock[high] - clock[low] <= (granted if self.hardness == HARD else inf)
        low, high = low[is_kept], high[is_kept]
        number = np.full((len(clock), len(clock)), FORBIDDEN)
        number[low, high] = np.arange(len(low)) + 1
        kind = np.arange(len(clock))
        wider = np.minimum.outer(low, kind), np.maximum.outer(high, kind)
        known = np.maximum(self.spread_min, clock[high] - clock[low])[:, None]
        over = np.maximum(clock[wider[1]] - clock[wider[0]] - known, 0)
        is_shut = (over > 0) & (self.hardness == HARD)
        stays = np.arange(len(low) + 1)[:, None]
        works = np.vstack([number[kind, kind], np.where(is_shut, FORBIDDEN, number[wider])])
        cost = np.zeros((len(low) + 1, len(clock) + 1))
        cost[1:, 1:] = np.where(is_shut, 0.0, self.price(1, "min") * over)
        return np.hstack([stays, works]), cost, number


def _starts_of(person: Person) -> tuple[int, ...]:
    """Wall minutes at which a shift of the horizon or of its past may start, rising."""
    contract = person.contract
    first, last = contract.start_window
    starts = {minute % 1440 for minute in range(first, last + 1, contract.start_step_min)}
    starts.update(person.past_clock[1].tolist())
    starts |= {person.wall_minute(lock.start) for lock in person.locks if lock.start is not None}
    return tuple(sorted(starts))


def _paid_of(person: Person) -> tuple[int, ...]:
    """Paid minutes that a shift of the horizon or of its past may have, rising."""
    paid = {person.contract.paid_min(length) for length in person.contract.lengths_min}
    paid |= {person.contract.paid_min(length) for length in person.locked_lengths}
    paid.update(past.paid_minutes for past in person.past_by_day.values())
    return tuple(sorted(paid))


@dataclass(frozen=True)
class _StartClasses(Classes):
    """A class for each start; a start that is not known is of the class of the next one."""

    starts: tuple[int, ...] = field(default=())

    @property
    def width(self) -> int:
        """Number of classes."""
        return len(self.starts) + 1

    def of_shifts(
        self, start_min: NDArray[np.int64], end_min: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """The class of each shift, (shift,)."""
        at = np.searchsorted(np.array(self.starts), start_min)
        return np.minimum(at, len(self.starts) - 1) + 1


@dataclass(frozen=True)
class _PaidClasses(_StartClasses):
    """A class for each paid time of a shift."""

    def classify(
        self,
        day: int,
        start_min: NDArray[np.int64],
        end_min: NDArray[np.int64],
        paid_min: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """See :class:`wfplan.rules.automaton.SymbolOf`."""
        return self.of_shifts(paid_min, end_min) + self.off_symbol(day)

    def of_past(self, person: Person) -> list[int]:
        """The class of each known date before the horizon, oldest first."""
        paid = {day: past.paid_minutes for day, past in person.past_by_day.items()}
        classes = [0] * person.known_days
        for day, minutes in paid.items():
            at = (day - person.first_past_day).days
            classes[at] = self.starts.index(minutes) + 1
        return classes
