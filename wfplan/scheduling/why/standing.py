"""The plan as it stands, ready to be asked: changed on trial, priced, and put back.

People are spread over channels as the plan is read, for the least of what it costs. A
change moves people only in the slots that it touches; its price is read with the tail
at its own level, so that it is that of the objective but for the spread of slots that
nobody touched, which are as good as before to first order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import DemandForecast, StaffNeed
from wfplan.domain.schedule import Schedule
from wfplan.scheduling.search.anneal import Mover
from wfplan.scheduling.search.search import Search
from wfplan.scheduling.team.couples import Own
from wfplan.scheduling.team.decode import queue_slots
from wfplan.scheduling.team.encode import known_of
from wfplan.scheduling.team.oracle import Week
from wfplan.scheduling.team.sessions import missing_cost
from wfplan.scheduling.team.team import Member, Team, assemble
from wfplan.scheduling.terms.customers import slot_harm, tail_level
from wfplan.scheduling.terms.settled import settle
from wfplan.scheduling.why.choice import Choice, held, in_own_numbers, option_on, restricted
from wfplan.staffing import ExpectedService

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

_PRICED = 4  # times that multipliers move at the plan as it stands
_CHANGES = (
    "spread", "staff", "idle", "heads", "empowered", "present", "clock", "stamp",
    "gain", "gain_stamp", "loss", "loss_stamp",
)  # fmt: skip
_IMPROVES = 1e-6
_MOVES, _STEPS = 12_000, 12  # small moves of some people, in steps that are ever colder
_WARM, _COLD = 0.3, 0.03  # of what a person's worth varies by


class Mark:
    """A state of the plan to go back to."""

    def __init__(self, search: Search) -> None:
        slots = search.coverage.slots
        self.arrays = {name: getattr(slots, name).copy() for name in _CHANGES}
        self.weeks = list(search.weeks)


class Standing:
    """
    A plan with everybody's week in it.

    People whose shifts are none of their options any more (a schedule edited by hand)
    count where they are on queue; ``strays`` are their places in the team.
    """

    def __init__(
        self,
        problem: PlanningProblem,
        need: StaffNeed,
        demand: DemandForecast,
        schedule: Schedule,
    ) -> None:
        self.problem, self.need, self.demand, self.schedule = problem, need, demand, schedule
        team = assemble(problem, need)
        self.search = Search(team, 0)
        known, sessions = known_of(team, schedule)
        strays = _strays(team, schedule, set(known))
        self.strays = frozenset(strays)
        self.search.begin_with({**known, **strays}, sessions)
        self.team: Team = self.search.team  # with people away for their sessions
        self.place = {member.agent_id: i for i, member in enumerate(self.team.members)}
        people, coverage = self.search.people, self.search.coverage
        settle(people, coverage, people.duties(self.weeks))
        for _ in range(_PRICED):
            self.search.people.reprice(self.search.weeks, self.search.coverage)
        coverage.value_at(people.curves.at_level(tail_level(self.team, coverage)))
        for kind in range(len(self.team.kinds)):
            self.search.coverage.gains(kind)
        self.begun = Mark(self.search)
        self.tidy_state = self.begun  # a state whose spread depends on nothing but who is there
        self._tidy_at = -1  # the clock of the coverage when it was last spread anew

    @property
    def weeks(self) -> list[Week]:
        """Everybody's week as it is now."""
        return self.search.weeks

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Whatever is changed inside the block is put back."""
        mark = Mark(self.search)
        try:
            yield
        finally:
            self.back_to(mark)

    def back_to(self, mark: Mark) -> None:
        """Have a state again."""
        self._tidy_at = -1
        slots = self.search.coverage.slots
        for name, kept in mark.arrays.items():
            np.copyto(getattr(slots, name), kept)
        for i, week in enumerate(mark.weeks):
            if self.weeks[i] is not week:
                self.search.tally.put(i, week)
                self.weeks[i] = week

    def respond(self, i: int) -> float:
        """A person's best response, unless her week is as good; what it saves."""
        member, old = self.team.members[i], self.weeks[i]
        if i in self.strays:
            return 0.0
        self.search.take_out(i)
        gain, own = self.search.gain(member), self.search.tally.own(i)
        worth = self.worth_of(i, old, gain, own)
        value, week = self.search.oracle.best(self.search.people.priced[i], gain, own)
        if week is None or value <= worth + _IMPROVES:
            self.search.put_in(i, old)
            return 0.0
        self.search.put_in(i, self._unpriced(i, week))
        return value - worth

    def stir(self, people: Sequence[int], chosen: Sequence[tuple[int, Choice]], turn: int) -> None:
        """Small moves of some people together, cooling, choices kept: more than responses find."""
        everybody = {*people, *(i for i, _ in chosen)} - self.strays
        some = np.array(sorted(everybody), dtype=np.int64)
        if not len(some) or self.search.tally.coupled():
            return
        mover = self._mover
        for i in some:
            mover.learn(int(i), self.weeks[i])
        priced = self.search.people.priced
        legal = [member.space.legal for member in priced]
        for i, choice in chosen:
            legal[i] = held(priced[i], choice)
        mover.reprice(legal)
        mover.begin((turn,))
        mover.changed()
        for temperature in np.geomspace(_WARM / turn, _COLD, _STEPS) * self._spread:
            mover.move_some(self.search.coverage, some, _MOVES // _STEPS, float(temperature))
        for i in mover.changed():
            self.weeks[i] = mover.week(i)
            mover.tidy(i)
            self.search.tally.put(i, self.weeks[i])

    @cached_property
    def _mover(self) -> Mover:
        """What makes small moves of everybody."""
        return Mover(self.team, self.weeks)

    @cached_property
    def _spread(self) -> float:
        """How much what a person is worth varies from slot to slot, in harm points."""
        return self.search.spread()

    def force(self, i: int, choice: Choice) -> bool:
        """Give a person her best week with a choice; whether there is one."""
        old, member = self.search.take_out(i), self.team.members[i]
        week = self.best_with(i, choice)
        if week is not None and is_inside(member, old, choice):
            gain, own = self.search.gain(member), self.search.tally.own(i)
            if self.worth_of(i, week, gain, own) <= self.worth_of(i, old, gain, own) + _IMPROVES:
                week = old
        self.search.put_in(i, week or old)
        return week is not None

    def has(self, i: int, choice: Choice) -> bool:
        """Whether a person's week is legal and has a choice."""
        member, week = self.team.members[i], self.weeks[i]
        return i in self.strays or is_inside(member, week, choice)

    def best_with(self, i: int, choice: Choice) -> Week | None:
        """The best week with a choice of a person who is taken out, if there is one."""
        gain = self.search.gain(self.team.members[i])
        own = self._own(i, choice)
        member, ids = restricted(self.search.people.priced[i], choice)
        _, week = self.search.oracle.best(member, gain, own)
        if week is None or not _holds(week, choice):
            return None
        return self._unpriced(i, replace(week, shifts=in_own_numbers(week.shifts, ids)))

    def _own(self, i: int, choice: Choice) -> Own | None:
        """The prices of a person's moments; no break where the choice wants her on queue."""
        own = self.search.tally.own(i)
        if choice.covers is None:
            return own
        nothing = Own.nothing(self.team.grid.slots)
        own = own or nothing
        rest = own.rest.copy()
        first, last = choice.covers
        rest[:, first : last + 1] += self.search.tally.steep
        return own._replace(rest=rest)

    def worth_of(self, i: int, week: Week, gain: FloatArray, own: Own | None) -> float:
        """What a week of a person who is taken out is worth at the prices of the search."""
        worth = float(gain[week.on_queue].sum()) - week.cost
        return worth - self.search.people.extra_of(i, week) - self.search.tally.toll(i, week, own)

    def _unpriced(self, i: int, week: Week) -> Week:
        """The week without the passing prices of the search in its cost."""
        return replace(week, cost=week.cost - self.search.people.extra_of(i, week))

    def tidy(self) -> None:
        """
        Spread people anew in the slots where others are on queue than in the tidy state.

        What comes out depends on who is there and not on the way to it, as in the plan itself.
        """
        coverage, begun = self.search.coverage, self.tidy_state.arrays
        if int(coverage.slots.clock[0]) == self._tidy_at:
            return
        at, present = coverage.slots, coverage.slots.present.copy()
        differs = np.flatnonzero((present != begun["present"]).any(axis=0))
        same = np.setdiff1d(np.arange(present.shape[1]), differs)
        for name in ("spread", "staff", "idle", "heads", "empowered"):
            getattr(at, name)[same] = begun[name][same]
            getattr(at, name)[differs] = 0.0
        at.present[:, differs] = 0
        for kind in self._order:
            there = present[kind, differs]
            for least in range(int(there.max(initial=0))):
                coverage.add(kind, differs[there > least])
        self._tidy_at = int(at.clock[0])

    def cost(self) -> float:
        """Harm points of the plan as it is now, the tail at its own level."""
        self.tidy()
        own = self.coupled() + sum(week.cost for week in self.weeks)
        return self.customers() + own + self.people()

    def coupled(self) -> float:
        """Of that rules that couple people, and activities that are not placed."""
        return self.search.tally.cost + missing_cost(self.team, self.search.sessions)

    def customers(self) -> float:
        """Of that harm, tail, floors and presence."""
        curves = self.team.curves
        harm, volume = slot_harm(self.team, self.search.coverage)
        tail = curves.settings.balance * curves.tail(harm, volume) * float(volume.sum())
        return self.search.coverage.total_cost(self._plain) + tail

    def people(self) -> float:
        """Of that strain, caps and fairness."""
        return self.search.people.points(self.weeks, self.search.coverage)

    @cached_property
    def _order(self) -> list[int]:
        """Kinds in the order in which a coverage spreads them."""
        kinds = self.team.kinds
        return sorted(range(len(kinds)), key=lambda k: astuple(kinds[k]))

    @cached_property
    def _plain(self) -> FloatArray:
        """Costs in which nothing counts as tail, (channel, interval, staff)."""
        curves = self.team.curves
        return curves.at_weights(np.zeros(curves.volume.shape))

    @cached_property
    def service(self) -> ExpectedService:
        """The contacts, to be put before staff."""
        return ExpectedService.of(self.problem, self.demand)

    @cached_property
    def on_queue(self) -> BoolArray:
        """Who is on queue where in the plan, (person, slot)."""
        there = np.zeros((len(self.team.members), self.team.grid.slots), dtype=np.bool_)
        for row, week in zip(there, self.begun.weeks, strict=True):
            row[week.on_queue] = True
        return there

    @cached_property
    def can_be(self) -> BoolArray:
        """In which slots people have any shift, by rules of single days, (person, slot)."""
        known: dict[int, BoolArray] = {}
        rows = []
        for member in self.team.members:
            key = id(member.space)
            if key not in known:
                known[key] = _reach(member, self.team.grid.slots)
            rows.append(known[key])
        return np.array(rows, dtype=np.bool_).reshape(len(rows), self.team.grid.slots)

    @cached_property
    def kind_at(self) -> IntArray:
        """What people are to the coverage on each date of the site, (person, day)."""
        return np.array([member.kinds for member in self.team.members], dtype=np.int64)


def is_inside(member: Member, week: Week, choice: Choice) -> bool:
    """Whether a week has what is chosen."""
    found = option_on(member, week.shifts, choice.day)
    if found is None:
        return choice.is_off or not choice.must_work
    return bool(choice.keeps(member.space)[found[0]]) and _holds(week, choice)


def _holds(week: Week, choice: Choice) -> bool:
    """Whether the week is on queue where the choice asks for it."""
    if choice.covers is None:
        return True
    first, last = choice.covers
    inside = (week.on_queue >= first) & (week.on_queue <= last)
    return int(inside.sum()) == last - first + 1


def _reach(member: Member, slots: int) -> BoolArray:
    """The slots that some option of a member holds."""
    steps = np.zeros(slots + 1, dtype=np.int64)
    np.add.at(steps, member.space.opt_start, 1)
    np.add.at(steps, member.space.legal.end, -1)
    reach: BoolArray = np.cumsum(steps)[:slots] > 0
    return reach


def _strays(team: Team, schedule: Schedule, known: set[int]) -> dict[int, Week]:
    """People with shifts that are none of their options, on queue where they are."""
    shifts = schedule.by_agent()
    strays = {}
    for i, member in enumerate(team.members):
        own = shifts.get(member.agent_id, [])
        if own and i not in known:
            parts: Sequence[IntArray] = [queue_slots(team.grid, shift) for shift in own]
            burden = sum(member.burden[team.grid.span(s.start, s.end)].sum() for s in own)
            strays[i] = Week((), np.unique(np.concatenate(parts)), float(burden))
    return strays
