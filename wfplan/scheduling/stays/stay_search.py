"""The search for people who stay on what they serve: best responses, then annealing.

Where :mod:`wfplan.scheduling.search.search` spreads the people of a slot over their
channels, here everybody is on one channel at a time and stays on it for as
long as its rules say. Whoever is planned that way costs no less than spread:
a bound of the spread problem (:mod:`wfplan.scheduling.bound.bound`) holds here too.

Best responses and annealing are those of the search, with the best stays of
every shift inside (:mod:`wfplan.scheduling.stays.stays`) and moves that pass on what
they leave (:mod:`wfplan.scheduling.stays.stay_moves`). A pass depends on the plan
before it, the seed and its number alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from wfplan.compiled import pack
from wfplan.domain.progress import Stop, Watch
from wfplan.errors import InfeasibleError
from wfplan.scheduling.person.pricing import DaysSolver
from wfplan.scheduling.search.anneal import traits_of
from wfplan.scheduling.search.trial import Traits
from wfplan.scheduling.service.coverage import Coverage
from wfplan.scheduling.stays.stay_chain import Chain
from wfplan.scheduling.stays.stay_moves import make_stay_moves
from wfplan.scheduling.stays.stay_proposals import DRAWS, KINDS_OF_MOVE, Draft
from wfplan.scheduling.stays.stays import NOBODY, Memo, StayRules, memo_for
from wfplan.scheduling.stays.tours import Tours, join, leave, value_days
from wfplan.scheduling.team.oracle import Week, week_of
from wfplan.scheduling.team.team import Team

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Shares of new stays, slide, resize, transfer, swap, other day, redraw.
MIX = (0.40, 0.15, 0.12, 0.18, 0.05, 0.05, 0.05)

_SETTLES = 4  # passes of best responses
_STEPS = 20  # shifts that a chain changes at most
_MOVES = 20  # in a visit
_HOT, _COLD = 0.3, 0.05  # temperatures in spreads of what a person is worth
_NOISE = 1.0  # temperatures by which prices are made to differ
_IMPROVES = 1e-6
_UNFIT = -1e15  # value of a shift that no stays fill


@dataclass(frozen=True)
class Stay:
    """An unbroken time on a channel, in slots; the last one excluded."""

    channel: int
    first: int
    last: int


@dataclass(frozen=True)
class Tour:
    """A member's week and what she serves in it."""

    week: Week
    stays: tuple[Stay, ...]


@dataclass(frozen=True)
class Toured:
    """What a search found."""

    tours: tuple[Tour, ...]
    objective: float  # harm points
    passes: int
    coverage: Coverage


def stay_rules(at_least: Sequence[int], at_most: Sequence[int | None], longest: int) -> StayRules:
    """
    Least and most slots of a stay on each channel; None: as long as a shift.

    ``longest`` are the slots of the longest shift.
    """
    most = [longest if slots is None else slots for slots in at_most]
    return StayRules(np.array(at_least, dtype=np.int64), np.array(most, dtype=np.int64))


class StaySearch:
    """A plan under construction: everybody's week, what she serves when, and the coverage."""

    def __init__(
        self, team: Team, rules: StayRules, seed: int, *, head_price: float = 0.0, eta: float = 0.0
    ) -> None:
        """Begin with nobody at work, under the costs of a tail level."""
        self.team, self.rules, self.seed = team, rules, seed
        self.coverage = team.coverage(eta)
        self.coverage.price_heads(head_price)
        self.passes = 0
        slots = self.coverage.slots
        self._counted = (slots.spread, slots.staff, slots.heads, slots.empowered, slots.present)
        self._carried = tuple(array.copy() for array in self._counted)
        self._solver = DaysSolver()
        self._traits = traits_of(team)
        self._mix = np.cumsum(MIX) / np.sum(MIX)
        self._tours, memo, chain, draft = _memory(team, self._traits)
        self._packed_tours, self._rules = pack(self._tours), pack(rules)
        self._memo, self._chain, self._draft = pack(memo), pack(chain), pack(draft)
        self._worth = draft.worth
        self._who = [pack(one) for one in self._traits]
        self._legal = [pack(member.space.legal) for member in team.members]

    def begin_with(self, weeks: Mapping[int, Week]) -> None:
        """Put members' weeks in, by their place in the team, and let them serve what is best."""
        for i, week in weeks.items():
            chosen = np.full(len(self.team.day_edges) - 1, -1, dtype=np.int64)
            for option, _ in week.shifts:
                ends = self.team.members[i].space.day_ptr
                chosen[int(np.searchsorted(ends, option, side="right")) - 1] = option
            leave(self.coverage.packed, self._packed_tours, i)
            self._join(i, chosen)

    def settle(self, stop: Stop, watch: Watch) -> None:
        """A few passes of best responses; the first always ends, so that there is a plan."""
        last, saved = self.passes + _SETTLES, np.inf
        while self.passes < last and saved > _IMPROVES:
            before, rng = self.objective(), np.random.default_rng([self.seed, self.passes])
            for i in rng.permutation(len(self.team.members)):
                if self.passes and stop.is_due:
                    return
                self._respond(int(i))
            saved = before - self.objective() if self.passes else np.inf
            self.passes += 1
            watch("search", {"pass": self.passes, "best": self.objective()})

    def refine(self, stop: Stop, watch: Watch) -> Toured:
        """Annealing for what is left of the budget; the best plan."""
        scale = self._scale()
        best, kept = self.objective(), self._copy()
        first, began = self.passes, stop.elapsed_s
        while self.passes < stop.passes and not stop.is_due:
            done = (self.passes - first) / (stop.passes - first)
            timed = (stop.elapsed_s - began) / (stop.seconds - began)
            heat = _HOT * (_COLD / _HOT) ** max(done, timed)
            self._anneal(heat * scale, stop)
            cost = self.objective()
            if cost < best - _IMPROVES:
                best, kept = cost, self._copy()
            watch("search", {"pass": self.passes, "best": best})
        for array, old in zip(self._tours, kept, strict=True):
            array[...] = old
        self._count()
        return Toured(self.tours(), self.objective(), self.passes, self.coverage)

    def reprice(self, cost: FloatArray) -> None:
        """Take other costs, (channel, interval, staff)."""
        self.coverage.take_costs(cost)

    def objective(self) -> float:
        """Harm points of the plan: coverage, wishes, rules and paid time."""
        return self.coverage.total_cost() + sum(
            self._week(i).cost for i in range(len(self.team.members))
        )

    def tours(self) -> tuple[Tour, ...]:
        """Everybody's week with its stays."""
        return tuple(
            Tour(self._week(i), stays_of(self._tours.serving[i]))
            for i in range(len(self.team.members))
        )

    def _week(self, i: int) -> Week:
        option, breaks = self._tours.option[i], self._tours.breaks[i]
        worked = np.flatnonzero(option >= 0)
        return week_of(self.team.members[i], [(int(option[d]), breaks[d]) for d in worked])

    def _respond(self, i: int) -> None:
        """Give a member the best week there is for her, with its stays."""
        member, who = self.team.members[i], self._traits[i]
        legal, at = member.space.legal, self.coverage.packed
        leave(at, self._packed_tours, i)
        worth = self._worth[: member.space.option_count]
        value_days(at, self._legal[i], self._who[i], self._rules, self._memo, worth)
        worth += who.paid_cost * legal.paid  # the solver takes the price of paid time off
        chosen = self._solver.best(legal, np.maximum(worth, _UNFIT), member.paid_cost).chosen
        if chosen is None or (worth[chosen[chosen >= 0]] == -np.inf).any():
            raise InfeasibleError(
                f"{member.agent_id}: none of her legal weeks has shifts that the least and most "
                "time on each channel can fill. Shorten the least time on a channel, or give her "
                "other shift lengths or breaks."
            )
        self._join(i, chosen)

    def _join(self, i: int, chosen: IntArray) -> None:
        join(
            self.coverage.packed, self._packed_tours, i, self._legal[i], self._who[i],
            self._rules, self._memo, chosen,
        )  # fmt: skip

    def _anneal(self, temperature: float, stop: Stop) -> None:
        """Visit everybody at a temperature, in harm points."""
        rng = np.random.default_rng([self.seed, self.passes])
        for i in rng.permutation(len(self.team.members)):
            if stop.is_due:
                break
            make_stay_moves(
                self.coverage.packed, self._packed_tours, int(i), self._legal[i], self._who[i],
                self._rules, self._memo, self._draft, self._chain, self._mix,
                rng.random((_MOVES, DRAWS)), float(temperature), _NOISE,
            )  # fmt: skip
        self._count()
        self.passes += 1

    def _count(self) -> None:
        """Count anew who serves what, so that nothing drifts."""
        at = self.coverage.slots
        for array, carried in zip(self._counted, self._carried, strict=True):
            array[...] = carried
        for serving, kind_at in zip(self._tours.serving, self._tours.kind_at, strict=True):
            s = np.flatnonzero(serving >= 0)
            k, c = kind_at[s], serving[s]
            group, mass = at.kind_group[k], at.kind_mass[k]
            at.spread[s, group, c] += mass
            at.staff[s, c] += mass * at.speed[group, c]
            at.heads[s] += 1
            at.empowered[s] += at.kind_empowered[k]
            at.present[k, s] += 1

    def _copy(self) -> tuple[IntArray, ...]:
        return tuple(array.copy() for array in self._tours)

    def _scale(self) -> float:
        """By how much it varies what the next person on a channel saves, in harm points."""
        at = self.coverage.slots
        known = at.interval_of >= 0
        interval, staff = at.interval_of[known][:, None], at.staff[known]
        channel, level = np.arange(staff.shape[1]), staff.astype(np.int64)
        last = at.cost.shape[2] - 1
        here = at.cost[channel, interval, np.minimum(level, last)]
        more = at.cost[channel, interval, np.minimum(level + 1, last)]
        return float(np.std(here - more)) * at.slot_share


def stays_of(serving: IntArray) -> tuple[Stay, ...]:
    """The stays of what a person serves in each slot; breaks part them."""
    edges = [0, *(np.flatnonzero(np.diff(serving)) + 1), len(serving)]
    return tuple(
        Stay(int(serving[first]), int(first), int(last))
        for first, last in pairwise(edges)
        if serving[first] >= 0
    )


def _memory(team: Team, traits: Sequence[Traits]) -> tuple[Tours, Memo, Chain, Draft]:
    """Working memory of the kernels; nobody is at work."""

    def whole(*shape: int, value: int = 0) -> IntArray:
        return np.full(shape, value, dtype=np.int64)

    people, days, slots = len(traits), len(team.day_edges) - 1, team.grid.slots
    rows = max((len(one.len_slots) for one in traits), default=0)
    most = max((one.break_slots.shape[1] for one in traits), default=0)
    longest = max((int(one.len_slots.max(initial=0)) for one in traits), default=0)
    breaks = max((int(one.break_count.max(initial=0)) for one in traits), default=0)
    kind_at = np.array([one.kind_at for one in traits], dtype=np.int64).reshape(people, slots)
    tours = Tours(
        whole(people, days, value=-1), whole(people, days), whole(people, days),
        whole(people, days, most), whole(people, days), whole(people, days, most, 3),
        whole(people, slots, value=NOBODY), kind_at,
    )  # fmt: skip
    chain = Chain(
        whole(_STEPS), whole(_STEPS), whole(_STEPS), whole(_STEPS), whole(days),
        whole(_STEPS, most), whole(_STEPS, slots),
    )  # fmt: skip
    options = max((member.space.option_count for member in team.members), default=0)
    draft = Draft(
        option=whole(days), days=whole(2), worth=np.zeros(options),
        row_value=np.zeros((2, rows + 1)), row_option=whole(2, rows + 1),
        tally=whole(KINDS_OF_MOVE, 3),
    )  # fmt: skip
    return tours, memo_for(slots, len(team.channels), longest, breaks), chain, draft
