"""Annealing: moves of one or two people by the ten thousand, on weeks kept as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wfplan.compiled import pack, words
from wfplan.scheduling.person.legal import LegalDays, cost_of
from wfplan.scheduling.search.moves import KINDS_OF_MOVE, make_moves
from wfplan.scheduling.search.trial import Traits, Trial, Weeks
from wfplan.scheduling.service.coverage import Coverage
from wfplan.scheduling.team.couples import Own
from wfplan.scheduling.team.oracle import Week, week_of
from wfplan.scheduling.team.team import Member, Team

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Shares of the kinds of moves, in their order.
MIX = (0.40, 0.18, 0.05, 0.10, 0.03, 0.04, 0.02, 0.10, 0.01, 0.06, 0.01)


_PRICE_AT = 7 * LegalDays._fields.index("price") + 4  # word that says where the prices lie


#: Temperatures of shifts and of breaks: shifts are judged beside breaks that are placed well.
_HEAT = np.array([1.0, 0.3])


class Mover:
    """
    Small moves on the weeks of a team, beside the coverage that they make.

    ``option`` (person, day) and ``breaks`` (person, day, break) are everybody's
    weeks; -1 is a day off.
    """

    def __init__(self, team: Team, weeks: Sequence[Week]) -> None:
        self.team = team
        self.mix = np.cumsum(MIX) / np.sum(MIX)
        self._legal = [member.space.legal for member in team.members]
        self._traits = traits_of(team)
        days, slots, people = len(team.day_edges) - 1, team.grid.slots, len(team.members)
        rows = max((len(one.len_slots) for one in self._traits), default=0)
        most = max((one.break_slots.shape[1] for one in self._traits), default=0)
        self._weeks = Weeks(
            legal=_table(self._legal),
            who=_table(self._traits),
            option=np.full((people, days), -1, dtype=np.int64),
            breaks=np.zeros((people, days, most), dtype=np.int64),
            rules=np.zeros(people),
            is_changed=np.zeros(people, dtype=np.bool_),
        )
        self._trial = Trial(
            chance=np.zeros(1, dtype=np.uint64),
            option=np.zeros((2, days), dtype=np.int64),
            breaks=np.zeros((2, days, most), dtype=np.int64),
            days=np.zeros(max(days, 2), dtype=np.int64),
            mark=np.zeros(slots, dtype=np.int64),
            touched=np.zeros(2 * slots, dtype=np.int64),
            worth=np.zeros(slots + 1),
            is_wanted=np.zeros((2, rows + 1), dtype=np.bool_),
            row_value=np.zeros((2, rows + 1)),
            row_option=np.zeros((2, rows + 1), dtype=np.int64),
            tally=np.zeros((KINDS_OF_MOVE, 3), dtype=np.int64),
        )
        self._packed: tuple[Any, ...] = tuple(
            map(pack, (self._weeks, *self._legal[:1], *self._traits[:1], self._trial))
        )
        for i, week in enumerate(weeks):
            self.learn(i, week)

    @property
    def option(self) -> IntArray:
        """Everybody's shifts, (person, day)."""
        return self._weeks.option

    @property
    def breaks(self) -> IntArray:
        """Where everybody's breaks begin, (person, day, break)."""
        return self._weeks.breaks

    @property
    def tally(self) -> IntArray:
        """Moves tried, legal and accepted, (kind of move, 3)."""
        return self._trial.tally

    def learn(self, i: int, week: Week) -> None:
        """Take over a week that a member was given."""
        ends = self.team.members[i].space.day_ptr
        self.option[i], self.breaks[i] = -1, 0
        for option, breaks in week.shifts:
            d = int(np.searchsorted(ends, option, side="right")) - 1
            self.option[i, d] = option
            self.breaks[i, d, : len(breaks)] = breaks
        self._weeks.rules[i] = cost_of(self._legal[i], self.option[i])
        self._weeks.is_changed[i] = True

    def week(self, i: int) -> Week:
        """A member's week as it stands."""
        worked = np.flatnonzero(self.option[i] >= 0)
        return week_of(
            self.team.members[i], [(int(self.option[i, d]), self.breaks[i, d]) for d in worked]
        )

    def tidy(self, i: int) -> None:
        """Wipe what is left of a member's earlier breaks, which moves may look at."""
        spaces, table = self.team.members[i].space, self.breaks[i]
        for d, option in enumerate(self.option[i]):
            count = spaces.lengths.break_count[spaces.opt_len[option]] if option >= 0 else 0
            table[d, count:] = 0

    def reprice(self, legal: Sequence[LegalDays]) -> None:
        """Take over other prices of everybody's shifts; all else of their days stays as it is."""
        for i, days in enumerate(legal):
            if days is not self._legal[i]:
                self._weeks.legal[i, _PRICE_AT] = days.price.ctypes.data
                self._weeks.rules[i] = cost_of(days, self.option[i])
                self._legal[i] = days

    def begin(self, seed: Sequence[int]) -> None:
        """Draw what comes from a seed."""
        self._trial.chance[:] = np.random.SeedSequence(seed).generate_state(1, np.uint64)

    def move(self, coverage: Coverage, moves: int, temperature: float) -> float:
        """
        So many moves of people drawn at random; by how much the objective rose.

        ``temperature`` is in harm points.
        """
        if not self._legal:
            return 0.0
        return self._move(coverage, self._packed[0], moves, temperature)

    def move_some(
        self, coverage: Coverage, members: IntArray, moves: int, temperature: float
    ) -> float:
        """The same for some of the members, who exchange shifts with one another only."""
        if not len(members):
            return 0.0
        some = Weeks._make(table[members] for table in self._weeks)
        rise = self._move(coverage, pack(some), moves, temperature)
        for whole, part in zip(self._weeks, some, strict=True):
            whole[members] = part
        return rise

    def move_one(
        self, coverage: Coverage, i: int, moves: int, temperature: float, own: Own
    ) -> float:
        """Moves of one member, whose moments have prices beside her wishes."""
        member, traits = self.team.members[i], self._traits[i]
        rest = own.rest + member.rest_price if member.away else own.rest
        priced = traits._replace(burden_sum=_sums(member.burden + own.burden), rest_sum=_sums(rest))
        one = Weeks._make(table[i : i + 1] for table in self._weeks)
        one.who[0] = _row(priced, self._traits[0])
        rise = self._move(coverage, pack(one), moves, temperature)
        one.who[0] = _row(traits, self._traits[0])
        return rise

    def _move(self, coverage: Coverage, weeks: Any, moves: int, temperature: float) -> float:
        packed: list[Any] = [coverage.packed, weeks, *self._packed[1:]]
        packed += [self.mix, temperature * _HEAT, moves]
        rise: float = make_moves(*packed)
        return rise

    def changed(self) -> list[int]:
        """The members whose weeks have changed since the last call."""
        changed = np.flatnonzero(self._weeks.is_changed)
        self._weeks.is_changed[:] = False
        return [int(i) for i in changed]


def _table(rows: Sequence[tuple[Any, ...]]) -> IntArray:
    """A table of the words of tuples, which kernels read as if all were of the first one's type."""
    if not rows:
        return np.zeros((0, 1), dtype=np.int64)
    return np.array([_row(row, rows[0]) for row in rows], dtype=np.int64)


def _row(row: tuple[Any, ...], like: tuple[Any, ...]) -> list[int]:
    """The words of a tuple of the type of another one."""
    assert list(map(_type, row)) == list(map(_type, like))
    return words(row)


def _type(one: object) -> tuple[object, ...]:
    """What kernels have to know of a field to read it."""
    if isinstance(one, np.ndarray):
        return one.ndim, one.dtype, one.flags.c_contiguous and one.flags.writeable
    return (isinstance(one, float), isinstance(one, bool | np.bool_))


def traits_of(team: Team) -> list[Traits]:
    """What the moves know of each member; what people have in common they share."""
    kinds: dict[tuple[int, ...], IntArray] = {}
    burdens: dict[bytes, FloatArray] = {}
    day_of = np.searchsorted(team.day_edges[1:-1], np.arange(team.grid.slots), side="right")
    origin = np.array(team.day_edges[:-1], dtype=np.int64)
    rest_sum = _sums(Own.nothing(team.grid.slots).rest)
    return [_traits(one, kinds, burdens, day_of, origin, rest_sum) for one in team.members]


def _traits(
    member: Member,
    kinds: dict[tuple[int, ...], IntArray],
    burdens: dict[bytes, FloatArray],
    day_of: NDArray[np.intp],
    origin: IntArray,
    rest_sum: FloatArray,
) -> Traits:
    space, key = member.space, member.burden.tobytes()
    if member.kinds not in kinds:
        kinds[member.kinds] = np.array(member.kinds, dtype=np.int64)[day_of]
    if key not in burdens:
        burdens[key] = _sums(member.burden)
    kind_at = kinds[member.kinds]
    if member.away:
        kind_at, rest_sum = kind_at.copy(), _sums(member.rest_price)
        kind_at[member.away_slots] = -1
    return Traits(
        opt_row=space.opt_len,
        len_slots=space.lengths.slots,
        len_paid=space.len_paid,
        break_count=space.lengths.break_count,
        break_slots=space.lengths.break_slots,
        break_kind=space.lengths.break_kind,
        burden_sum=burdens[key],
        rest_sum=rest_sum,
        paid_cost=float(member.paid_cost),
        kind_at=kind_at,
        origin=origin,
        day_span=_spans(space.legal),
    )


def _spans(legal: LegalDays) -> IntArray:
    """First slot of any shift of each date, and the end of the last one, (day, 2)."""
    spans = np.zeros((len(legal.day_ptr) - 1, 2), dtype=np.int64)
    for d, (first, last) in enumerate(pairwise(legal.day_ptr)):
        if last > first:
            spans[d] = legal.start[first], legal.end[first:last].max()
    return spans


def _sums(values: FloatArray) -> FloatArray:
    """Sums of values from slot to slot, beginning with 0."""
    sums = np.zeros((*values.shape[:-1], values.shape[-1] + 1))
    np.cumsum(values, axis=-1, out=sums[..., 1:])
    return sums
