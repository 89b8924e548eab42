"""Whole days: the shifts of everybody on one day, chosen anew together.

Where shifts begin on few hours and last what they last, small moves get stuck: a
shift that moves by an hour wants those of several colleagues moved, and everybody's
breaks. A day that stands by itself is small enough to be chosen as a whole
(:mod:`wfplan.scheduling.blend.program`): a large neighbourhood (Shaw 1998,
doi:10.1007/3-540-49481-2_30). What a day gives is kept where the plan's own cost falls.

Which days somebody works is left to annealing, which goes on in between at a low
temperature from the best plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wfplan.scheduling.blend.candidates import Candidates, candidates, chosen_of
from wfplan.scheduling.blend.program import Program
from wfplan.scheduling.search.anneal import Mover
from wfplan.scheduling.team.oracle import Shifts, week_of
from wfplan.scheduling.team.team import Team

if TYPE_CHECKING:
    from wfplan.domain.progress import Stop, Watch
    from wfplan.scheduling.search.search import Search

FloatArray = NDArray[np.float64]

_ANNEALED = 0.25  # of the time for annealing, before the first turn
_PASSES_A_TURN = 8  # of the search, where passes are the budget
_MOVES = 3_200  # small moves of everybody between two turns
_FEW = 40.0  # options of a person on a day, on average: with more, small moves do as well
_PEOPLE = 250  # at most in one program
_OPTIONS = 30  # of a person on a day in it at most; times the days for two
_TOGETHER = 2  # days, after the first turn
_SECONDS = 60.0  # for one day at most
_WORK = 100  # small moves that a variable of a program counts as
_IMPROVES = 1e-6


@dataclass
class WholeDays:
    """
    When a search turns to whole days, and which ones.

    ``from_pass`` and ``from_share`` of the time end the annealing before it.
    A first turn has every day by itself, those that follow have two together.
    """

    is_used: bool
    from_pass: int
    from_share: float
    is_begun: bool = False

    @classmethod
    def of(cls, team: Team, first: int, last: int) -> WholeDays:
        """For a search that anneals from one pass to another; only where shifts are rigid."""
        if not is_rigid(team):
            return cls(False, last, 1.0)
        turns = (last - first) // _PASSES_A_TURN
        if not team.couples.is_empty:
            turns = min(turns, 1)
        return cls(True, last - turns, _ANNEALED)

    def is_turn(self, share: float) -> bool:
        """Whether whole days are to be chosen, a share of the annealing being done."""
        return self.is_used and share >= 1.0

    def choose(
        self, search: Search, mover: Mover, temperature: float, stop: Stop, watch: Watch
    ) -> bool:
        """
        Choose days anew, in random order; whether there was time for all.

        After the first turn small moves go on for a while before, from the best plan,
        and days are chosen in pairs.
        """
        rng = np.random.default_rng([search.seed, search.passes])
        days = rng.permutation(len(search.team.day_edges) - 1).tolist()
        together = 1
        if self.is_begun or search.passes > self.from_pass:
            _move_on(search, mover, temperature, stop)
            together = _TOGETHER
        groups = [sorted(days[n : n + together]) for n in range(0, len(days), together)]
        for done, group in enumerate(groups):
            if search.is_due(stop):
                return False
            left = max(stop.seconds - stop.elapsed_s, 0.0)
            _choose_days(search, group, rng, min(left, _SECONDS))
            watch("pass", {"pass": search.passes + 1, "share": (done + 1) / len(groups)})
        self.is_begun = True
        self.is_used = search.team.couples.is_empty  # else annealing goes on, person by person
        return True


def is_rigid(team: Team) -> bool:
    """Whether people have few shifts to choose from."""
    options = sum(member.space.option_count for member in team.members)
    days = len(team.members) * (len(team.day_edges) - 1)
    return bool(days) and 0 < options <= _FEW * days


def _move_on(search: Search, mover: Mover, temperature: float, stop: Stop) -> None:
    """Some small moves of everybody from the plan as it stands."""
    for i, week in enumerate(search.weeks):
        mover.learn(i, week)
    mover.reprice([member.space.legal for member in search.people.priced])
    mover.begin((search.seed, search.passes))
    for _ in search.weeks:
        if search.is_due(stop):
            break
        mover.move(search.coverage, _MOVES, temperature)
        search.work += _MOVES
    for i in mover.changed():
        mover.tidy(i)
        search.weeks[i] = mover.week(i)
        search.tally.put(i, search.weeks[i])


def _choose_days(search: Search, days: list[int], rng: np.random.Generator, seconds: float) -> None:
    """Choose the shifts of some days anew and keep them where the plan's cost falls."""
    search.coverage.reprice()
    before, spent = search.true_cost(), search.coverage.total_cost()
    staff, free = search.coverage.staff.copy(), _free(search, days, rng)
    if not free:
        return
    weeks = {i: search.weeks[i] for i in free}
    rest = {i: _without(search.team, i, week.shifts, days) for i, week in weeks.items()}
    for i, shifts in rest.items():
        _give(search, i, shifts)
    program = Program(search.team, search.coverage, days, free, staff)
    search.work += _WORK * len(program)
    choice = program.best(spent - search.coverage.total_cost(), seconds)
    for i, shifts in choice.shifts.items() if choice else ():
        _give(search, i, tuple(sorted((*rest[i], *shifts))))
    search.coverage.reprice()
    if choice is None or search.true_cost() >= before - _IMPROVES:
        for i, week in weeks.items():
            search.take_out(i)
            search.put_in(i, week)
        search.coverage.reprice()


def _free(search: Search, days: list[int], rng: np.random.Generator) -> dict[int, Candidates]:
    """What free people may have on some days, where that is more than one thing."""
    team, coupled = search.team, search.tally.coupled()
    price, most = _prices(search), _OPTIONS * len(days) ** 2
    free = {}
    for i in rng.permutation(len(team.members)).tolist():
        member, chosen = search.people.priced[i], chosen_of(team.members[i], search.weeks[i].shifts)
        if i in coupled or member.away:
            continue
        one = candidates(member, chosen, days, team.gain_of(member, price.__getitem__), most)
        if (chosen[days] >= 0).any() or len(one.options) > 1:
            free[i] = one
        if len(free) == _PEOPLE:
            break
    return dict(sorted(free.items()))


def _prices(search: Search) -> list[FloatArray]:
    """What one of each kind is worth in every slot, by what a bit of staff is worth there."""
    coverage, team = search.coverage, search.team
    staff, heads = coverage.prices(), coverage.head_price * coverage.slot_share
    return [
        (staff * team.speed[kind.group][:, None]).max(axis=0) * kind.mass - heads
        for kind in team.kinds
    ]


def _without(team: Team, i: int, shifts: Shifts, days: list[int]) -> Shifts:
    """A member's shifts but for those of some days."""
    ends = team.members[i].space.day_ptr
    return tuple(
        shift for shift in shifts if not any(ends[d] <= shift[0] < ends[d + 1] for d in days)
    )


def _give(search: Search, i: int, shifts: Shifts) -> None:
    search.take_out(i)
    search.put_in(i, week_of(search.team.members[i], shifts))
