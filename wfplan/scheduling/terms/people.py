"""What a plan costs its people: strain, overload, burdens above fair shares; and prices for them.

These terms couple people or hang on how many are there. The exact value of a
plan is :meth:`PeopleCosts.measure`. A search sees them by prices that are made
anew between passes (successive linearisation, SCIENCE 4.4):

- a person's day costs its strain by what a minute of it is worth: the price of
  strain, and the multipliers of the caps that it counts towards. The multiplier
  of a cap whose excess has a price lies between 0 and that price and moves with
  how far the plan is above or below the cap. Minutes on hard queues are of one
  day alone: each shift costs what it would lie above that cap, by the largest
  part on hard queues that any plan so far had there;
- the staff of an interval spare the people there: a falling convex curve beside
  the customers' (``relief``);
- burdens cost twice the excess over a fair share, less what one more of them
  raises the shares of others: the gradient of the sum of squares. What was
  carried in costs nothing of its own: a plan pays for what it adds, and earns
  what it evens out.

Fairness is convex in the numbers of burdens, so that what these gradients say of
any plan underestimates it: with a constant they are part of the certified bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wfplan.engagement.fairness import BURDENS, HARD, RESCUE
from wfplan.engagement.ledger import MEASURES, remembered
from wfplan.scheduling.service.coverage import Coverage
from wfplan.scheduling.service.objective import CostCurves
from wfplan.scheduling.team.oracle import Week
from wfplan.scheduling.team.people_facts import KEPT
from wfplan.scheduling.team.sessions import with_sessions
from wfplan.scheduling.team.team import Member, Team
from wfplan.scheduling.terms.duties import SHIFT_BURDENS, Duties, DutyBook
from wfplan.scheduling.terms.strain import Strain
from wfplan.staffing.curves import convex_minorant

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_CAP_STEP = 1.0  # a cap missed by a tenth moves its multiplier by this many tenths of its price
_CAP_STEP_FIXED = 4.0  # the same where everybody's week stays as it is
_DAMPING = 0.5


@dataclass(frozen=True)
class PeopleCost:
    """
    What a plan costs its people, in minutes and burdens, and in harm points.

    ``measures`` are minutes, (measure, person, day), in the order of MEASURES;
    ``burdens`` (person, burden) with what was carried in, ``above`` what of it
    lies above a fair share, ``can`` who can be given it at all.
    """

    measures: FloatArray
    burdens: FloatArray
    above: FloatArray
    can: NDArray[np.bool_]
    over_min: FloatArray  # (measure,) minutes above caps, all people and dates
    people_over: int  # who are above a cap on some date
    strain_min: float
    strain: float  # harm points from here on
    overload: float
    fairness: FloatArray  # (burden,), beyond what the burdens carried in come to alone

    @property
    def points(self) -> float:
        """Harm points in all."""
        return self.strain + self.overload + float(self.fairness.sum())


@dataclass(frozen=True)
class Multipliers:
    """What is remembered from pass to pass: prices of caps and damped excess over fair shares."""

    cap: FloatArray  # (measure but the last, person, day) harm points per minute
    above: FloatArray  # (person, burden)
    relief: FloatArray  # (channel, interval) what staff spared people where they were measured


class PeopleCosts:
    """
    The people's side of one search: exact costs, and prices between passes.

    ``priced`` are the members with the prices of the pass in their options,
    ``extra`` those prices, (option,) each, None where there are none.
    """

    def __init__(self, team: Team) -> None:
        self.team = team
        self.facts = team.facts
        self.curves: CostCurves = team.curves
        self.priced: list[Member] = list(team.members)
        self.extra: list[FloatArray | None] = [None] * len(team.members)
        self.is_silent = self.facts.is_silent
        self.multipliers = self.no_multipliers()
        self._relief = self.multipliers.relief
        self._duties = DutyBook(team)
        self._can: NDArray[np.bool_] | None = None
        self._hard_seen: dict[int, FloatArray] = {}
        self._measured: tuple[tuple[int, ...], PeopleCost] | None = None

    def appoint(self, team: Team, changed: Sequence[int]) -> None:
        """Take over a team some of whose members have other sessions; prices stay as they are."""
        self.team = team
        for i in changed:
            self.priced[i] = _with_prices(team.members[i], self.extra[i])

    def points(self, weeks: Sequence[Week], coverage: Coverage) -> float:
        """Harm points of a plan's strain, overload and unfairness."""
        return 0.0 if self.is_silent else self.measure(weeks, coverage).points

    def duties(self, weeks: Sequence[Week]) -> Duties:
        """Who is on queue when."""
        return self._duties.of(weeks)

    def measure(self, weeks: Sequence[Week], coverage: Coverage) -> PeopleCost:
        """What the people's side of a plan comes to, exactly."""
        key = (*map(id, weeks), id(coverage), int(coverage.slots.clock[0]))
        if self._measured is None or self._measured[0] != key:
            cost = self.cost_of(self._duties.of(weeks), Strain.of(self.team, coverage))
            self._measured = key, cost
        return self._measured[1]

    def cost_of(self, duties: Duties, strain: Strain) -> PeopleCost:
        """The same of any duties."""
        facts, shape = self.facts, (duties.worked.shape[0], duties.worked.shape[1])
        load = strain.minutes(duties)
        hard = strain.hard_minutes(duties)
        measures = np.zeros((len(MEASURES), *shape))
        for m, kept in enumerate(KEPT):
            measures[m] = hard if m == len(MEASURES) - 1 else load
            if kept:
                measures[m] = _memories(load, kept, facts.carried_min[m])
        over = np.maximum(measures - facts.cap_min[:, :, None], 0.0)
        burdens, above = self._burdens(duties, hard, strain)
        return PeopleCost(
            measures=measures,
            burdens=burdens,
            above=above,
            can=self._can_do() if facts.fairness else np.zeros(burdens.shape, dtype=np.bool_),
            over_min=over.sum(axis=(1, 2)),
            people_over=int((over > 0).any(axis=(0, 2)).sum()),
            strain_min=float(load.sum()),
            strain=facts.strain_price * float(load.sum()),
            overload=float((over.sum(axis=2) * facts.cap_price).sum()),
            fairness=facts.fairness * ((above**2).sum(axis=0) - self._carried_in()),
        )

    def reprice(self, weeks: Sequence[Week], coverage: Coverage) -> bool:
        """
        Move the multipliers by what a plan comes to and price the next pass by them.

        Returns whether any price has changed.
        """
        if self.is_silent:
            return False
        cost = self.measure(weeks, coverage)
        moved = self._moved(cost, self.multipliers, _CAP_STEP)
        self.multipliers = replace(moved, relief=self._relief)
        return self.price(weeks, coverage)

    def price(self, weeks: Sequence[Week], coverage: Coverage) -> bool:
        """Price a pass by the multipliers as they are; whether there is any price."""
        had = any(one is not None for one in self.extra) or self.curves is not self.team.curves
        gradient, has_strain = self._gradient(), bool(self.facts.strain_price)
        has_strain |= bool(self.multipliers.cap.any() or self._has_hard_caps)
        if not (had or has_strain or gradient.any()):
            return False
        duties = self._duties.of(weeks)
        strain = Strain.of(self.team, coverage)
        per_min = self._per_min(strain.day_weights(duties), self.multipliers.cap)
        on_queue = _on_queue_share(self.team, weeks)
        for i, member in enumerate(self.team.members):
            extra = np.zeros(member.space.option_count)
            if has_strain:
                extra += self._strain_prices(i, strain, per_min, on_queue)
            if gradient[i].any():
                extra += self._burden_prices(i, strain, gradient[i], on_queue)
            self.extra[i] = extra if extra.any() else None
            self.priced[i] = _with_prices(member, self.extra[i])
        self._relief = strain.relief(duties, per_min) if has_strain else self._relief * 0.0
        self.curves = self.relieved(self._relief)
        return True

    def spare(
        self, known: Multipliers, duties: Duties, strain: Strain, cost: PeopleCost
    ) -> tuple[Multipliers, CostCurves]:
        """What a plan makes of multipliers, and curves that tell what staff spare its people."""
        moved = self._moved(cost, known, _CAP_STEP_FIXED)
        per_min = self._per_min(strain.day_weights(duties), moved.cap)
        return moved, self.relieved(strain.relief(duties, per_min))

    def extra_of(self, i: int, week: Week) -> float:
        """Harm points by which the prices of the pass raise what a member's week costs."""
        extra = self.extra[i]
        if extra is None or not week.shifts:
            return 0.0
        return float(extra[[option for option, _ in week.shifts]].sum())

    def bounded(self) -> tuple[Team, float]:
        """
        The team with the additive underestimate of fairness, and its constant.

        Nobody is away for a session in it: who serves all the time costs no more.

        For any numbers m from 0 up the square of an excess e is at least
        ``2 m e - m**2``, and an excess at least burden less fair share, which is
        linear in everybody's burdens.
        """
        if not self.facts.fairness:
            return with_sessions(self.team, ()), 0.0
        m = self.multipliers.above.copy()
        m[:, SHIFT_BURDENS:] = 0.0
        price, book, can = self.facts.fairness, self.facts.book, self._can_do()
        members = []
        gradient = self._gradient(m)
        for i, member in enumerate(self.team.members):
            extra = self._duties.kinds(i) @ gradient[i, :SHIFT_BURDENS]
            free = member.free or member
            members.append(_with_prices(free, extra if extra.any() else None))
        beyond = book.carried - book.fair(book.carried, can)
        constant = price * float((m * (2 * beyond - m)).sum() - self._carried_in().sum())
        return replace(self.team, members=tuple(members)), constant

    def restore(self, multipliers: Multipliers, weeks: Sequence[Week], coverage: Coverage) -> None:
        """Go on with remembered multipliers, from a plan."""
        self.multipliers = multipliers
        if not self.is_silent:
            self.price(weeks, coverage)

    def no_multipliers(self) -> Multipliers:
        """Nothing remembered."""
        people, days = len(self.team.members), len(self.team.day_edges) - 1
        intervals = self.team.grid.horizon.interval_count
        return Multipliers(
            np.zeros((len(MEASURES) - 1, people, days)),
            np.zeros((people, len(BURDENS))),
            np.zeros((len(self.team.channels), intervals)),
        )

    @property
    def _has_hard_caps(self) -> bool:
        """Whether anybody's minutes on hard queues have a cap that costs something."""
        return bool((np.isfinite(self.facts.cap_min[-1]) & (self.facts.cap_price[-1] > 0)).any())

    def _moved(self, cost: PeopleCost, known: Multipliers, step: float) -> Multipliers:
        """Multipliers after a plan: caps by how far it is off them, excess damped."""
        cap, top = self.facts.cap_min[:-1, :, None], self.facts.cap_price[:-1, :, None]
        off = np.where(np.isfinite(cap), cost.measures[:-1] / cap - 1, -np.inf)
        moved = known.cap + step * top * np.maximum(off, -1.0)
        above = known.above * _DAMPING + cost.above * (1 - _DAMPING)
        return Multipliers(np.clip(moved, 0.0, top), above, known.relief)

    def _burdens(
        self, duties: Duties, hard_min: FloatArray, strain: Strain
    ) -> tuple[FloatArray, FloatArray]:
        """Burdens with memory, and what of them lies above fair shares; zeros if nobody asks."""
        if not self.facts.fairness:
            nothing = np.zeros((len(self.team.members), len(BURDENS)))
            return nothing, nothing
        rescue_h = strain.rescue_minutes(duties).sum(axis=1) / 60
        planned = np.column_stack([duties.counts, hard_min.sum(axis=1) / 60, rescue_h])
        burdens = self.facts.book.carried + planned
        can = self._can_do()
        return burdens, np.where(
            can, np.maximum(burdens - self.facts.book.fair(burdens, can), 0.0), 0.0
        )

    def _carried_in(self) -> FloatArray:
        """Squares of what lies above fair shares of what was carried in, (burden,)."""
        if not self.facts.fairness:
            return np.zeros(len(BURDENS))
        book, can = self.facts.book, self._can_do()
        above = np.maximum(book.carried - book.fair(book.carried, can), 0.0)
        squares: FloatArray = np.where(can, above**2, 0.0).sum(axis=0)
        return squares

    def _can_do(self) -> NDArray[np.bool_]:
        """Who can be given which burden in the horizon, (person, burden)."""
        if self._can is None:
            team = self.team
            rows = []
            for i, member in enumerate(team.members):
                serves_hard = (team.serves(member) * self.facts.is_hard).any()
                has_shift = member.space.option_count > 0
                kinds = self._duties.kinds(i).any(axis=0)
                rescues = any(k >= 0 and team.kinds[k].is_empowered for k in member.kinds)
                able = [bool(serves_hard) and has_shift, rescues and has_shift]
                rows.append(np.append(kinds, able))
            self._can = np.array(rows, dtype=np.bool_).reshape(len(rows), len(BURDENS))
        return self._can

    def _gradient(self, above: FloatArray | None = None) -> FloatArray:
        """Harm points of one more burden of each kind for each person, (person, burden)."""
        m = self.multipliers.above if above is None else above
        if not self.facts.fairness:
            return np.zeros_like(m)
        book, can = self.facts.book, self._can_do()
        shares = book.fair_shares(can)
        weighted = np.zeros((int(book.group.max(initial=-1)) + 1, m.shape[1]))
        np.add.at(weighted, book.group, shares * m)
        return np.where(can, 2 * self.facts.fairness * (m - weighted[book.group]), 0.0)

    def _per_min(self, day_weights: FloatArray, cap: FloatArray) -> FloatArray:
        """Harm points of a minute of strain on each day, (person, day), run of days included."""
        price = np.full(day_weights.shape, self.facts.strain_price)
        for m, kept in enumerate(KEPT[:-1]):
            price += _ahead(cap[m], kept)
        return price * day_weights

    def _strain_prices(
        self, i: int, strain: Strain, per_min: FloatArray, on_queue: FloatArray
    ) -> FloatArray:
        """Strain and hard queues in the options of a member, at her days' prices, (option,)."""
        member = self.team.members[i]
        day = _day_of_options(member)
        price = per_min[i, day] * strain.between(i, member, day) * on_queue[i]
        cap, above = self.facts.cap_min[-1, i], self.facts.cap_price[-1, i]
        if above and np.isfinite(cap):
            hard = strain.hard_between(i, member, day) * on_queue[i]
            hard = np.maximum(hard, self._hard_seen.get(i, 0.0))
            self._hard_seen[i] = hard
            price += above * np.maximum(hard - cap, 0.0)
        return np.asarray(price, dtype=np.float64)

    def _burden_prices(
        self, i: int, strain: Strain, gradient: FloatArray, on_queue: FloatArray
    ) -> FloatArray:
        """Burdens in the options of a member, (option,)."""
        price = self._duties.kinds(i) @ gradient[:SHIFT_BURDENS]
        member = self.team.members[i]
        if gradient[HARD]:
            hard = strain.hard_between(i, member, _day_of_options(member)) / 60
            price = price + gradient[HARD] * hard * on_queue[i]
        if gradient[RESCUE]:
            rescue = strain.rescue_between(i, member, _day_of_options(member)) / 60
            price = price + gradient[RESCUE] * rescue * on_queue[i]
        return np.asarray(price, dtype=np.float64)

    def relieved(self, minutes: FloatArray) -> CostCurves:
        """The customers' curves with what staff spare the people there, (channel, interval)."""
        if not minutes.any():
            return self.team.curves
        relief = np.ascontiguousarray(minutes[:, :, None] * self.facts.strain_curves)
        convex_minorant(relief.reshape(-1, relief.shape[2]))
        return replace(self.team.curves, relief=relief)


def _memories(load: FloatArray, kept: float, start: FloatArray) -> FloatArray:
    """The memory of daily minutes after each day, (person, day)."""
    decay = kept ** np.arange(1, load.shape[1] + 1)
    memories: FloatArray = remembered(load, kept) + start[:, None] * decay
    return memories


def _ahead(price: FloatArray, kept: float) -> FloatArray:
    """What a minute of a day costs by all later days' memories, (person, day)."""
    total = np.zeros_like(price)
    value = np.zeros(len(price))
    for d in reversed(range(price.shape[1])):
        value = kept * value + price[:, d]
        total[:, d] = (1 - kept) * value
    return total


def _day_of_options(member: Member) -> IntArray:
    """The day of each option, (option,)."""
    days = len(member.space.day_ptr) - 1
    return np.repeat(np.arange(days), np.diff(member.space.day_ptr))


def _on_queue_share(team: Team, weeks: Sequence[Week]) -> FloatArray:
    """The part of her shifts that each member is on queue, (person,); 1 without a shift."""
    share = np.ones(len(weeks))
    for i, (member, week) in enumerate(zip(team.members, weeks, strict=True)):
        if week.shifts:
            options = [option for option, _ in week.shifts]
            share[i] = (
                len(week.on_queue) / member.space.lengths.slots[member.space.opt_len[options]].sum()
            )
    return share


def _with_prices(member: Member, extra: FloatArray | None) -> Member:
    """The member with prices beside those of her options."""
    if extra is None:
        return member
    legal = member.space.legal
    legal = legal._replace(price=np.ascontiguousarray(legal.price + extra))
    return replace(member, space=replace(member.space, legal=legal, is_priced=True))
