"""What shifts are worth to customers, as a plan stands: the prices that offers are made at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import StaffNeed
from wfplan.domain.schedule import ActivityCategory, Schedule, Shift
from wfplan.scheduling.person.patterns import AgentSpace
from wfplan.scheduling.person.worth import value_shifts
from wfplan.scheduling.team.couples import Own
from wfplan.scheduling.team.decode import CATEGORIES, queue_slots
from wfplan.scheduling.team.encode import weeks_of
from wfplan.scheduling.team.oracle import Shifts
from wfplan.scheduling.team.team import Member, Team, assemble
from wfplan.scheduling.terms.customers import customer_cost
from wfplan.scheduling.terms.duties import duties_of
from wfplan.scheduling.terms.people import PeopleCosts
from wfplan.scheduling.terms.settled import settle

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_PLAIN = {*CATEGORIES.values(), ActivityCategory.WORK}


@dataclass(frozen=True)
class Priced:
    """Every option of a space: what it saves customers, (option,), and its best breaks."""

    value: FloatArray
    breaks: IntArray  # (option, break)
    gain: FloatArray  # (slot,) of one more person on queue


class Market:
    """The people of a plan on queue; offers that are made change it."""

    def __init__(self, problem: PlanningProblem, need: StaffNeed, schedule: Schedule) -> None:
        self.team: Team = assemble(problem, need)
        self.first_slot = self.team.grid.slot_from(problem.as_of) if problem.as_of else 0
        self.coverage = self.team.coverage(0.0)
        self.shifts = schedule.by_agent()
        members = {member.agent_id: member for member in self.team.members}
        for shift in schedule.shifts:
            if shift.agent_id in members:
                self.put(members[shift.agent_id], self.on_queue(shift))
        settle(PeopleCosts(self.team), self.coverage, duties_of(self.team, schedule))
        self._weeks = weeks_of(self.team, schedule)

    def week(self, i: int) -> Shifts | None:
        """The options that a member works; None where her shifts are none of hers."""
        member = self.team.members[i]
        if not self.shifts.get(member.agent_id):
            return ()
        week = self._weeks.get(i)
        return None if week is None else week.shifts

    def shift_on(self, member: Member, option: int) -> Shift | None:
        """The shift that a member's option is; None where more is done in it than contacts."""
        start = self.team.grid.instant(int(member.space.opt_start[option]))
        shift = next(s for s in self.shifts[member.agent_id] if s.start == start)
        is_plain = all(part.category in _PLAIN for part in shift.activities)
        return shift if is_plain and not shift.is_locked else None

    def on_queue(self, shift: Shift) -> IntArray:
        """The slots in which a shift serves contacts."""
        return queue_slots(self.team.grid, shift)

    def put(self, member: Member, slots: IntArray) -> None:
        """Put a member on queue."""
        for kind, some in self.team.by_kind(member, slots):
            self.coverage.add(kind, some)

    def take(self, member: Member, slots: IntArray) -> None:
        """Take a member off queue."""
        for kind, some in self.team.by_kind(member, slots):
            self.coverage.remove(kind, some)

    def cost(self) -> float:
        """What customers bear with everybody spread anew, in harm points."""
        self.coverage.reprice()
        return customer_cost(self.team, self.coverage)

    def priced(self, member: Member, without: IntArray, space: AgentSpace | None = None) -> Priced:
        """What every option saves, of a member who is not there in some slots."""
        self.take(member, without)
        gain = self.team.gain_of(member, self.coverage.gains).copy()
        self.put(member, without)
        space = space or member.space
        value = np.empty(space.option_count)
        breaks = np.zeros((space.option_count, space.lengths.break_slots.shape[1]), dtype=np.int64)
        value_shifts(
            gain, np.zeros(len(gain)), space.opt_start, space.opt_len, space.lengths.slots,
            space.lengths.break_count, space.lengths.break_slots, space.lengths.break_kind,
            Own.nothing(len(gain)).rest, value, breaks,
        )  # fmt: skip
        return Priced(value, breaks, gain)
