"""What a week gives to each person and asks of her, as numbers that can be compared.

Nights, weekends and lates are those that fairness is planned with
(:func:`wfplan.engagement.shift_burdens`). A person could be given such a shift
where one of her contract's fits between what blocks her dates; whoever could
not has no share of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.people import Agent, TimeOffStatus
from wfplan.domain.results import Run
from wfplan.domain.schedule import Shift
from wfplan.engagement import (
    BURDENS,
    BurdenBook,
    Wish,
    burden_book,
    is_clear,
    is_there,
    shift_burdens,
    wishes_of,
)
from wfplan.engagement.fairness import HARD, RESCUE
from wfplan.engagement.rescue import rescue_minutes
from wfplan.horizon import Window, wall_instant
from wfplan.rules import work_limits
from wfplan.rules.limits import WorkLimits

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
SHIFT_BURDENS = 3  # of BURDENS, those that are whole shifts


@dataclass(frozen=True)
class Granted:
    """How many things were asked for, and how many of them were granted."""

    asked: int
    granted: int

    @property
    def share(self) -> float:
        """Granted of asked."""
        return self.granted / self.asked


@dataclass(frozen=True)
class PeopleFacts:
    """The people of a run in the order of the plan, with what the week is for each of them."""

    run: Run

    @cached_property
    def agents(self) -> tuple[Agent, ...]:
        """The people."""
        return tuple(self.run.problem.agents)

    @cached_property
    def shifts(self) -> tuple[Sequence[Shift], ...]:
        """The shifts of each."""
        own = self.run.solution.schedule.by_agent()
        return tuple(own.get(agent.agent_id, []) for agent in self.agents)

    @cached_property
    def limits(self) -> tuple[WorkLimits, ...]:
        """What the hard rules leave of the week of each."""
        run = self.run
        return tuple(work_limits(run.problem, agent, run.horizon) for agent in self.agents)

    @cached_property
    def planned(self) -> FloatArray:
        """Nights, weekend shifts, lates, hours of hard queues and rescue, (person, burden)."""
        found = np.zeros((len(self.agents), len(BURDENS)))
        hard = self.ledger("high_intensity_min", "sum")
        for i, (agent, shifts) in enumerate(zip(self.agents, self.shifts, strict=True)):
            for shift in shifts:
                found[i, :SHIFT_BURDENS] += shift_burdens(agent, shift.start, shift.end)
            found[i, HARD] = hard.get(agent.agent_id, 0.0) / 60
            found[i, RESCUE] = self.rescue.get(agent.agent_id, 0.0) / 60
        return found

    @cached_property
    def rescue(self) -> Mapping[str, float]:
        """Minutes of rescue work of the week, of everybody who is empowered."""
        run = self.run
        asked = run.need.empowered_min
        return rescue_minutes(run.problem, run.need.horizon, run.solution.schedule, asked)

    @cached_property
    def could(self) -> BoolArray:
        """Who could be given what, or was, (person, burden); hard queues: who has served them."""
        can = self.planned > 0
        for i, (agent, limits) in enumerate(zip(self.agents, self.limits, strict=True)):
            can[i, :SHIFT_BURDENS] |= could_work(agent, limits)
        can[:, HARD] |= self._book.carried[:, HARD] > 0
        can[:, RESCUE] |= np.array([a.agent_id in self.rescue for a in self.agents], dtype=np.bool_)
        return can

    @cached_property
    def beyond(self) -> FloatArray:
        """
        What each has more than her fair share, past weeks remembered, (person, burden).

        Shares go by contract hours and days there, among the people of a contract
        type who could be given such work; NaN for the others.
        """
        burden = self._book.carried + self.planned
        return np.where(self.could, burden - self._book.fair(burden, self.could), np.nan)

    @cached_property
    def _book(self) -> BurdenBook:
        weeks = self.run.problem.objective.fairness_weeks
        return burden_book(self.run.problem, self.run.horizon, weeks)

    def ledger(self, column: str, how: str) -> Mapping[str, float]:
        """A column of the ledger by person: its sum or most."""
        if column not in self.run.ledger.columns:
            return {}
        found = self.run.ledger.groupby("agent_id")[column].agg(how)
        return {str(who): float(value) for who, value in found.items()}

    def paid_share(self) -> dict[str, float]:
        """Paid hours of the contract's, of the people who are there on every date."""
        due_weeks = self.run.horizon.days / 7
        return {
            agent.agent_id: sum(shift.paid_min for shift in shifts)
            / (agent.contract_hours_week * 60 * due_weeks)
            for agent, shifts in zip(self.agents, self.shifts, strict=True)
            if is_there(agent, self.run.horizon)
        }

    @cached_property
    def wishes(self) -> Mapping[str, tuple[Wish, ...]]:
        """Wishes of availability that the week speaks of, of everybody."""
        return {
            agent.agent_id: tuple(wishes_of(agent, self.run.horizon.dates, shifts))
            for agent, shifts in zip(self.agents, self.shifts, strict=True)
        }

    def granted_wishes(self) -> dict[str, Granted]:
        """How many wishes were stated and granted, of those who stated any."""
        return {
            who: Granted(len(own), sum(one.is_granted for one in own))
            for who, own in self.wishes.items()
            if own
        }

    def requests(self) -> dict[str, Granted]:
        """Time off that was asked for and not yet approved."""
        horizon, found = self.run.horizon, {}
        for agent, shifts in zip(self.agents, self.shifts, strict=True):
            met = [
                is_clear(shifts, off.start, off.end)
                for off in agent.time_off
                if off.status is TimeOffStatus.REQUESTED
                and off.end > horizon.start
                and off.start < horizon.end
            ]
            if met:
                found[agent.agent_id] = Granted(len(met), sum(met))
        return found


def could_work(agent: Agent, limits: WorkLimits) -> BoolArray:
    """Whether any night, weekend or late shift of her contract fits her dates, (burden,)."""
    can = np.zeros(SHIFT_BURDENS, dtype=np.bool_)
    spans = (*limits.blocked, *limits.absences)
    for day in limits.dates:
        if day in limits.days_off or can.all():
            continue
        for start, end in _choices(
            day, limits.timezone, limits.start_windows, limits.start_step_min, limits.lengths_min
        ):
            if not any(begin < end and start < stop for begin, stop in spans):
                can |= shift_burdens(agent, start, end)
    return can


@lru_cache(maxsize=1 << 10)
def _choices(
    day: date, timezone: str, windows: tuple[Window, ...], step: int, lengths: tuple[int, ...]
) -> tuple[tuple[datetime, datetime], ...]:
    """The shortest and the longest shift from every start of a date; remembered, for all alike."""
    ends = sorted({min(lengths), max(lengths)}) if lengths else []
    return tuple(
        (start, start + timedelta(minutes=length))
        for low, high in windows
        for minute in range(low, high + 1, step)
        for start in [wall_instant(day, minute, timezone)]
        for length in ends
    )
