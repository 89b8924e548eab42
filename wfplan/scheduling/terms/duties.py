"""Who is on queue when, and under what: everybody's weeks as flat arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.schedule import Schedule
from wfplan.engagement import shift_burdens
from wfplan.engagement.fairness import LATE_END_MIN, NIGHT, NIGHT_LEAST_MIN
from wfplan.horizon import DAY_MIN
from wfplan.scheduling.team.decode import queue_slots
from wfplan.scheduling.team.oracle import Week
from wfplan.scheduling.team.team import Member, Team

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

SHIFT_BURDENS = 3  # nights, weekends, lates: the burdens that are counted in shifts
_DUSK_MIN, _DAWN_MIN = NIGHT[0], NIGHT[1] - DAY_MIN
_EMPTY = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Duties:
    """
    Slots on queue of all people, a row each, with the day on which their shift began.

    Behind them those that shifts of the week before work in the horizon, from ``carried_from``
    on: no plan changes them, and the first day bears them.
    ``counts`` are shifts of each burden, (person, SHIFT_BURDENS), ``worked``
    (person, day) the dates on which a shift begins.
    """

    person: IntArray
    slot: IntArray
    day: IntArray
    counts: FloatArray
    worked: BoolArray
    carried_from: int


@dataclass(frozen=True)
class _Own:
    """One person's part of the duties."""

    slot: IntArray
    day: IntArray
    counts: FloatArray
    days: IntArray


class DutyBook:
    """The duties of a team's weeks; what has not changed since the last time is remembered."""

    def __init__(self, team: Team) -> None:
        self.team = team
        self._known: dict[int, tuple[Week, _Own]] = {}
        self._kinds: dict[int, BoolArray] = {}

    def of(self, weeks: Sequence[Week]) -> Duties:
        """The duties of everybody's week."""
        own = []
        for i, week in enumerate(weeks):
            known = self._known.get(i)
            if known is None or known[0] is not week:
                known = self._known[i] = (week, self._of_week(i, week))
            own.append(known[1])
        return _joined(self.team, own)

    def kinds(self, i: int) -> BoolArray:
        """Whether each option of a member is a burden, (option, SHIFT_BURDENS)."""
        if i not in self._kinds:
            self._kinds[i] = _option_kinds(self.team, self.team.members[i])
        return self._kinds[i]

    def _of_week(self, i: int, week: Week) -> _Own:
        if not week.shifts:
            return _Own(_EMPTY, _EMPTY, np.zeros(SHIFT_BURDENS), _EMPTY)
        space = self.team.members[i].space
        options = np.array([option for option, _ in week.shifts], dtype=np.int64)
        days = np.searchsorted(space.day_ptr, options, side="right") - 1
        shift = np.searchsorted(space.opt_start[options], week.on_queue, side="right") - 1
        counts = self.kinds(i)[options].sum(axis=0, dtype=np.float64)
        return _Own(week.on_queue, days[shift], counts, days)


def duties_of(team: Team, schedule: Schedule) -> Duties:
    """The duties of a schedule, whether or not its shifts are anybody's options."""
    shifts = schedule.by_agent()
    first, days = team.grid.horizon.first_day, len(team.day_edges) - 1
    own = []
    for member in team.members:
        zone = ZoneInfo(member.agent.timezone)
        slots, day_of, counts, at_work = [_EMPTY], [_EMPTY], np.zeros(SHIFT_BURDENS), []
        for shift in shifts.get(member.agent_id, []):
            day = (shift.start.astimezone(zone).date() - first).days
            if not 0 <= day < days:
                continue
            on_queue = queue_slots(team.grid, shift)
            slots.append(on_queue)
            day_of.append(np.full(len(on_queue), day, dtype=np.int64))
            counts = counts + shift_burdens(member.agent, shift.start, shift.end)
            at_work.append(day)
        worked = np.array(sorted(set(at_work)), dtype=np.int64)
        own.append(_Own(np.concatenate(slots), np.concatenate(day_of), counts, worked))
    return _joined(team, own)


def _joined(team: Team, own: Sequence[_Own]) -> Duties:
    worked = np.zeros((len(own), len(team.day_edges) - 1), dtype=np.bool_)
    for i, one in enumerate(own):
        worked[i, one.days] = True
    person, slot = team.facts.night
    return Duties(
        person=np.append(np.repeat(np.arange(len(own)), [len(one.slot) for one in own]), person),
        slot=np.concatenate([_EMPTY, *(one.slot for one in own), slot]),
        day=np.concatenate([_EMPTY, *(one.day for one in own), np.zeros_like(slot)]),
        counts=np.array([one.counts for one in own]).reshape(len(own), SHIFT_BURDENS),
        worked=worked,
        carried_from=sum(len(one.slot) for one in own),
    )


def _option_kinds(team: Team, member: Member) -> BoolArray:
    """Whether each option of a member is a burden, (option, SHIFT_BURDENS)."""
    space, grid = member.space, team.grid
    start, end = space.opt_start, space.opt_start + space.lengths.slots[space.opt_len]
    wall = grid.wall_min(grid.horizon.first_day, member.agent.timezone)
    clock = wall[:-1] % DAY_MIN
    night = np.concatenate([[0], np.cumsum((clock >= _DUSK_MIN) | (clock < _DAWN_MIN))])
    day = wall[start] // DAY_MIN
    is_night = (night[end] - night[start]) * grid.horizon.slot_min >= NIGHT_LEAST_MIN
    is_weekend = (day + grid.horizon.first_day.weekday()) % 7 >= 5
    is_late = (wall[end] - day * DAY_MIN > LATE_END_MIN) & ~is_night
    return np.column_stack([is_night, is_weekend, is_late])
