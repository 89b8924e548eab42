"""Start variance: the starts of a period lie within a window of the clock.

Source: wellbeing (irregular starts go with worse sleep), a works agreement or the plan.

The spread is the latest minus the earliest wall time of start in each period
(a planning week, unless ``weeks`` says otherwise), history counted. Starts
after midnight are early ones. Only what the horizon adds to the spread of the
history is held against it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wfplan.rules.automaton import FORBIDDEN, DayAutomaton
from wfplan.rules.base import HARD, SettableRule, common, minutes_of
from wfplan.rules.days import Classes, Periods
from wfplan.rules.tally import periods
from wfplan.rules.wording import say_clock, say_day, say_minutes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek


@dataclass(frozen=True, kw_only=True)
class StartVariance(SettableRule):
    """Starts of ``weeks`` weeks (0: the horizon) at most ``spread_min`` minutes apart."""

    name: ClassVar[str] = "start_variance"
    spread_min: int
    weeks: int = 1

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> StartVariance:
        """The rule from a setting in hours or minutes."""
        return cls(spread_min=minutes_of(setting), weeks=setting.weeks or 1, **common(setting))

    @property
    def strictness(self) -> float:
        """A smaller spread is stricter."""
        return -self.spread_min

    @property
    def family(self) -> tuple[object, ...]:
        """Another period is another rule."""
        return self.name, self.weeks

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Periods whose starts lie too far apart, and the minutes beyond the window."""
        found = []
        for period in periods(week, self.weeks):
            starts = {day: week.clocks[day][0] for day in period.days if day in week.clocks}
            before = [minute for day, minute in starts.items() if day < week.dates[0]]
            granted = max(self.spread_min, max(before, default=0) - min(before, default=0))
            first, last = min(starts.values(), default=0), max(starts.values(), default=0)
            over = last - first - granted
            if over <= 0:
                continue
            why = (
                f"starts between {say_clock(first)} and {say_clock(last)} in the "
                f"{len(period.days)} days from {say_day(period.days[0])}, {say_minutes(over)} more "
                f"than the spread of {say_minutes(granted)} allowed"
            )
            reason = "history" if before else ""
            at = week.midnight(max(period.days[0], week.dates[0]))
            found.append(self.breach(week, at, over, "min", why, reason=reason))
        return found

    def automaton(self, person: Person) -> DayAutomaton:
        """The earliest and the latest start of the period so far: a state for each such pair."""
        periods = Periods.of(person, self.weeks)
        begins = tuple(int(day > 0 and day in periods.begins) for day in range(len(person.dates)))
        clock = np.array(_starts_of(person))
        reading = _StartClasses(person.contract.kinds, marks=begins, starts=tuple(clock.tolist()))
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
