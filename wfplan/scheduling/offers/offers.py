"""Offers where supply does not fit: chosen greedily, priced anew after each.

Overtime and open shifts compete for the same gaps, so they are made together:
each time what saves customers most per paid hour, as the plan stands with all
offers before it, as long as that is more than the hour costs. One more person
is worth less the more there are, so that an old price is never too low and only
the best one has to be found anew (lazy greedy; Minoux 1978). Time off is offered
as if none of those were taken. Everybody gets one offer of a kind at most, the
least loaded first among equals, and only what the audit lets pass.

References
----------
.. [1] Minoux, M. (1978). Accelerated greedy algorithms for maximizing submodular
       set functions. In *Optimization Techniques*, LNCIS 7: 234-243.
       https://doi.org/10.1007/BFb0006528
"""

from __future__ import annotations

import heapq
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from wfplan.domain.offers import ExtraTimeOffer, Offer, OfferKind, OpenShift, TimeOffOffer
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import StaffNeed
from wfplan.domain.schedule import Schedule, Shift
from wfplan.scheduling.offers.chances import Chance, less, measured, more, undone
from wfplan.scheduling.offers.market import Market
from wfplan.scheduling.person.patterns import agent_space
from wfplan.scheduling.shifts.crews import CHANNELS_MAX, EVERYBODY, Crew, crews_of
from wfplan.scheduling.shifts.templates import day_rules
from wfplan.scheduling.team.decode import shift_of
from wfplan.scheduling.team.oracle import week_of
from wfplan.scheduling.team.own_prices import hour_price
from wfplan.scheduling.team.team import Member

OFFERS_MAX = 20  # of a kind
HOUR_LEAST = 0.5  # harm points that a paid hour weighs at least, where the plan says nothing
_STEP = 0.05  # harm points per hour within which offers are equal
_UNFELT = 0.005
_OPEN = "open"

IsLegal = Callable[[Schedule], bool]


def find_offers(
    problem: PlanningProblem,
    need: StaffNeed,
    schedule: Schedule,
    *,
    is_legal: IsLegal,
    most: int = OFFERS_MAX,
) -> tuple[Offer, ...]:
    """
    Open shifts, overtime and voluntary time off, each kind in order of worth.

    Parameters
    ----------
    is_legal
        Whether a whole schedule, the plan with one offer taken, keeps the hard rules.
    most
        Offers of a kind, at most.
    """
    asked = _Asked(problem, need, schedule, is_legal, most)
    return (*_Extra(asked).offers(), *_Less(asked).offers())


@dataclass(frozen=True)
class _Asked:
    """What offers are asked for."""

    problem: PlanningProblem
    need: StaffNeed
    schedule: Schedule
    is_legal: IsLegal
    most: int


@dataclass(order=True)
class _Entry:
    """Who could be offered something, at the worth that was found last."""

    key: tuple[float, float, str]
    place: int


class _Greedy(ABC):
    """Offers one by one, each priced as the plan stands with those before it."""

    def __init__(self, asked: _Asked) -> None:
        self.problem, self.schedule, self.most = asked.problem, asked.schedule, asked.most
        self.market = Market(asked.problem, asked.need, asked.schedule)
        self._is_legal = asked.is_legal
        self._barred: dict[int, frozenset[int]] = {}
        self._found: dict[int, Chance] = {}  # as the plan stands, of the place that is made next
        self.members = self.market.team.members

    def offers(self) -> tuple[Offer, ...]:
        """The offers in the order in which they are made."""
        heap = [entry for place in self.places() if (entry := self.entry(place)) is not None]
        heapq.heapify(heap)
        made: list[Offer] = []
        while heap and not self.is_full(made):
            first = heapq.heappop(heap)
            now = self.entry(first.place)
            if now is None:
                continue
            if heap and now.key > heap[0].key:
                heapq.heappush(heap, now)
                continue
            offer = self.make(now.place)
            if offer is not None:
                made.append(offer)
            if offer is None or self.is_again(now.place):
                heapq.heappush(heap, now)
        return tuple(made)

    def places(self) -> Sequence[int]:
        return range(len(self.members))

    def entry(self, place: int) -> _Entry | None:
        chance = self.chance(place)
        if chance is None:
            return None
        self._found[place] = chance
        sign = -1 if chance.extra_min > 0 else 1
        worth = sign * round(chance.worth / _STEP) * _STEP
        return _Entry((worth, *self.order(place, chance)), place)

    def order(self, place: int, chance: Chance) -> tuple[float, str]:
        return self.load(place), chance.member.agent_id

    def load(self, place: int) -> float:
        """Planned hours as a share of the contract's."""
        agent = self.members[place].agent
        paid = sum(shift.paid_min for shift in self.market.shifts.get(agent.agent_id, []))
        return paid / 60 / agent.contract_hours_week

    @abstractmethod
    def chance(self, place: int) -> Chance | None:
        """The best that could be offered at a place as the plan stands."""

    def is_full(self, made: Sequence[Offer]) -> bool:
        return len(made) >= self.most

    def is_again(self, place: int) -> bool:
        return False

    def make(self, place: int) -> Offer | None:
        """The best chance of a place as an offer; its date is out where the audit refuses it."""
        chance = self._found[place]
        shift = self.shift(chance)
        if not self._is_legal(_changed(self.schedule, chance.old, shift)):
            self._bar(place, chance)
            return None
        taken = measured(self.market, chance, chance.member)
        if not self.is_worth(taken):
            undone(self.market, chance, chance.member)
            self._bar(place, chance)
            return None
        return self.offer(place, taken, shift)

    def _bar(self, place: int, chance: Chance) -> None:
        self._barred[place] = self.barred(place) | {chance.day}

    def barred(self, place: int) -> frozenset[int]:
        """Dates on which nothing more is offered."""
        return self._barred.get(place, frozenset())

    @abstractmethod
    def is_worth(self, taken: Chance) -> bool:
        """Whether an offer is worth making."""

    @abstractmethod
    def offer(self, place: int, taken: Chance, shift: Shift | None) -> Offer:
        """A chance that was taken, as an offer."""

    def shift(self, chance: Chance) -> Shift | None:
        """The shift as it would be."""
        if chance.option < 0:
            return None
        site = self.schedule.schedule_id.rpartition("-")[0]
        made = shift_of(chance.member, chance.option, chance.breaks, self.market.team, site)
        return made if chance.old is None else _named(made, chance.old)

    def hour(self, member: Member) -> float:
        """Harm points that a paid hour weighs."""
        return max(hour_price(self.problem, member.agent), HOUR_LEAST)

    def money(self, member: Member, minutes: int) -> float | None:
        rate = member.agent.cost_per_hour
        return None if rate is None else rate * minutes / 60

    def clock(self, moment: datetime) -> str:
        return f"{self.market.team.grid.horizon.local(moment):%a %H:%M}"

    def peak(self, chance: Chance) -> str:
        return self.clock(self.market.team.grid.instant(chance.peak))

    def group(self, member: Member) -> str:
        """The channels that a member serves."""
        served = self.market.team.serves(member)
        return "+".join(np.array(self.market.team.channels)[served].tolist())


class _Extra(_Greedy):
    """Overtime of people, and open shifts of crews; those have the places after the people."""

    def __init__(self, asked: _Asked) -> None:
        super().__init__(asked)
        problem, need = asked.problem, asked.need
        self._made = {OfferKind.OVERTIME: 0, OfferKind.OPEN_SHIFT: 0}
        by_group = 1 < len(need.channels) <= CHANNELS_MAX
        is_served = any(self.market.team.serves(member).any() for member in self.members)
        crews = crews_of(problem, need, by_group=by_group) if is_served else []
        self._crews = [(crew, self._somebody(crew, need)) for crew in crews]

    def _somebody(self, crew: Crew, need: StaffNeed) -> Member:
        """A person of a crew without a history: her days are those of the contract."""
        one = next(m for m in self.members if m.agent_id == crew.agents[0].agent_id)
        limits = day_rules(self.problem, need.horizon, crew.agents)
        nothing = np.zeros_like(one.burden)
        space = agent_space(limits, self.market.team.grid)
        return replace(one, limits=limits, space=space, burden=nothing)

    def places(self) -> Sequence[int]:
        return range(len(self.members) + len(self._crews))

    def is_open(self, place: int) -> bool:
        return place >= len(self.members)

    def order(self, place: int, chance: Chance) -> tuple[float, str]:
        if self.is_open(place):
            return 2.0, f"{_OPEN}{place:06d}"  # after people with hours left, at equal worth
        return super().order(place, chance)

    def is_again(self, place: int) -> bool:
        return self.is_open(place)

    def is_full(self, made: Sequence[Offer]) -> bool:
        return all(count >= self.most for count in self._made.values())

    def chance(self, place: int) -> Chance | None:
        kind = OfferKind.OPEN_SHIFT if self.is_open(place) else OfferKind.OVERTIME
        if self._made[kind] >= self.most:
            return None
        found = (
            self._open(place)
            if self.is_open(place)
            else more(self.market, place, self.barred(place))
        )
        dear = [one for one in found if self.is_worth(one)]
        return max(dear, key=lambda one: one.worth, default=None)

    def _open(self, place: int) -> Iterator[Chance]:
        """The shift of a crew that is worth most per paid hour, on each date to come."""
        _, member = self._crews[place - len(self.members)]
        space, none = member.space, np.zeros(0, dtype=np.int64)
        priced = self.market.priced(member, none)
        paid = np.array(space.lengths.paid_min)[space.opt_len] / 60
        per_hour = np.where(space.opt_start < self.market.first_slot, -np.inf, priced.value / paid)
        for day in range(len(space.day_ptr) - 1):
            first, last = int(space.day_ptr[day]), int(space.day_ptr[day + 1])
            if first == last or day in self.barred(place) or member.kinds[day] < 0:
                continue
            option = first + int(np.argmax(per_hour[first:last]))
            if per_hour[option] == -np.inf:
                continue
            row = int(space.opt_len[option])
            count = int(space.lengths.break_count[row])
            breaks = tuple(int(at) for at in priced.breaks[option, :count])
            after = week_of(member, [(option, breaks)]).on_queue
            saves = float(priced.gain[after].sum())
            yield Chance(
                member, day, None, option, breaks, none, after, space.lengths.paid_min[row], saves,
                0.0, saves / paid[option], int(after[np.argmax(priced.gain[after])]),
            )  # fmt: skip

    def make(self, place: int) -> Offer | None:
        if not self.is_open(place):
            return super().make(place)
        chance = self._found[place]
        taken = measured(self.market, chance, chance.member)
        return self.offer(place, taken, self.shift(chance))

    def is_worth(self, taken: Chance) -> bool:
        price = self.hour(taken.member) * taken.extra_min / 60
        return taken.saves - taken.own > price

    def offer(self, place: int, taken: Chance, shift: Shift | None) -> Offer:
        assert shift is not None
        is_open = self.is_open(place)
        self._made[OfferKind.OPEN_SHIFT if is_open else OfferKind.OVERTIME] += 1
        hours = taken.extra_min / 60
        if is_open:
            crew, _ = self._crews[place - len(self.members)]
            money = None if crew.cost_per_h is None else crew.cost_per_h * hours
            group = self.group(taken.member) if crew.group == EVERYBODY else crew.group
            why = f"nobody has it; worth most at {self.peak(taken)}"
            return OpenShift(
                OfferKind.OPEN_SHIFT, "", group, crew.contract, shift.start, shift.end,
                taken.saves, hours, money, why, shift,
            )  # fmt: skip
        start, end, how = self._added(taken, shift)
        why = (
            f"{how}; worth most at {self.peak(taken)}; "
            f"planned for {self.load(place):.0%} of her contract"
        )
        agent = taken.member.agent
        return ExtraTimeOffer(
            OfferKind.OVERTIME, agent.agent_id, self.group(taken.member), agent.contract_type,
            start, end, taken.saves, hours, self.money(taken.member, taken.extra_min), why, shift,
            "" if taken.old is None else taken.old.shift_id,
        )  # fmt: skip

    def _added(self, taken: Chance, shift: Shift) -> tuple[datetime, datetime, str]:
        if taken.old is None:
            return shift.start, shift.end, "works one more day"
        if shift.end > taken.old.end:
            return taken.old.end, shift.end, f"stays until {self.clock(shift.end)}"
        return shift.start, taken.old.start, f"comes at {self.clock(shift.start)}"


class _Less(_Greedy):
    """Time off that customers hardly notice."""

    def chance(self, place: int) -> Chance | None:
        cheap = [one for one in less(self.market, place, self.barred(place)) if self.is_worth(one)]
        return min(cheap, key=lambda one: (one.worth, one.extra_min), default=None)

    def order(self, place: int, chance: Chance) -> tuple[float, str]:
        return float(chance.extra_min), chance.member.agent_id  # the most hours first

    def is_worth(self, taken: Chance) -> bool:
        """Whether customers lose less than the hours weigh."""
        return -taken.saves + taken.own < self.hour(taken.member) * -taken.extra_min / 60

    def offer(self, place: int, taken: Chance, shift: Shift | None) -> Offer:
        old, agent = taken.old, taken.member.agent
        assert old is not None
        start, end, how = old.start, old.end, "has the shift free"
        if shift is not None and shift.end < old.end:
            start, how = shift.end, f"leaves at {self.clock(shift.end)}"
        elif shift is not None:
            end, how = shift.start, f"comes at {self.clock(shift.start)}"
        lost = f"{-taken.saves:.2f} harm points" if taken.saves < -_UNFELT else "nothing"
        why = f"{how}; customers lose {lost}"
        return TimeOffOffer(
            OfferKind.VOLUNTARY_TIME_OFF, agent.agent_id, self.group(taken.member),
            agent.contract_type, start, end, taken.saves, taken.extra_min / 60,
            self.money(taken.member, taken.extra_min), why, shift, old.shift_id,
        )  # fmt: skip


def taken(schedule: Schedule, offer: Offer) -> Schedule:
    """A schedule in which an offer to a person has been taken."""
    old = next((shift for shift in schedule.shifts if shift.shift_id == offer.replaces), None)
    return _changed(schedule, old, offer.shift)


def _changed(schedule: Schedule, old: Shift | None, new: Shift | None) -> Schedule:
    """A schedule with one shift in place of another."""
    shifts = [shift for shift in schedule.shifts if old is None or shift.shift_id != old.shift_id]
    if new is not None:
        shifts.append(new)
    ordered = tuple(sorted(shifts, key=lambda shift: (shift.agent_id, shift.start)))
    return schedule.model_copy(update={"shifts": ordered})


def _named(shift: Shift, old: Shift) -> Shift:
    """A changed shift keeps the name of the old one."""
    return shift.model_copy(update={"shift_id": old.shift_id})
