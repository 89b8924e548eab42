"""Annealing: moves of single people by the ten thousand, on weeks kept as arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wfplan.scheduling.coverage import Coverage
from wfplan.scheduling.moves import KINDS_OF_MOVE, make_moves
from wfplan.scheduling.oracle import Week, week_of
from wfplan.scheduling.team import Member, Team
from wfplan.scheduling.trial import Traits, Trial

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Shares of break, slide, resize, transfer, swap, other day, redraw.
MIX = (0.32, 0.17, 0.06, 0.12, 0.06, 0.09, 0.18)


class Mover:
    """
    Small moves on the weeks of a team, beside the coverage that they make.

    ``option`` (person, day) and ``breaks`` (person, day, break) are everybody's
    weeks; -1 is a day off.
    """

    def __init__(self, team: Team, weeks: Sequence[Week]) -> None:
        self.team = team
        self.legal = [member.space.legal for member in team.members]  # with prices of a pass
        self.mix = np.cumsum(MIX) / np.sum(MIX)
        self._traits = _traits_of(team)
        days, slots = len(team.day_edges) - 1, team.grid.slots
        rows = max((len(one.len_slots) for one in self._traits), default=0)
        most = max((one.break_slots.shape[1] for one in self._traits), default=0)
        self.option = np.full((len(team.members), days), -1, dtype=np.int64)
        self.breaks = np.zeros((len(team.members), days, most), dtype=np.int64)
        self.is_changed = np.zeros(len(team.members), dtype=np.bool_)
        self._trial = Trial(
            option=np.zeros(days, dtype=np.int64),
            breaks=np.zeros((days, most), dtype=np.int64),
            days=np.zeros(2, dtype=np.int64),
            mark=np.zeros(slots, dtype=np.int64),
            touched=np.zeros(4 * slots, dtype=np.int64),
            worth=np.zeros(slots + 1),
            row_value=np.zeros((2, rows + 1)),
            row_option=np.zeros((2, rows + 1), dtype=np.int64),
            tally=np.zeros((KINDS_OF_MOVE, 3), dtype=np.int64),
        )
        for i, week in enumerate(weeks):
            self.learn(i, week)

    @property
    def tally(self) -> IntArray:
        """Moves tried, legal and accepted, (kind of move, 3)."""
        return self._trial.tally

    def learn(self, i: int, week: Week) -> None:
        """Take over a week that a member was given."""
        ends = self.team.members[i].space.day_ptr
        self.option[i] = -1
        for option, breaks in week.shifts:
            d = int(np.searchsorted(ends, option, side="right")) - 1
            self.option[i, d] = option
            self.breaks[i, d, : len(breaks)] = breaks
        self.is_changed[i] = True

    def week(self, i: int) -> Week:
        """A member's week as it stands."""
        worked = np.flatnonzero(self.option[i] >= 0)
        return week_of(
            self.team.members[i], [(int(self.option[i, d]), self.breaks[i, d]) for d in worked]
        )

    def move(self, coverage: Coverage, i: int, draws: FloatArray, temperature: float) -> float:
        """
        Try a move of member i for each row of draws; by how much the objective rose.

        ``temperature`` is in harm points, ``draws`` uniform numbers, (move, DRAWS).
        """
        before = self.tally[:, 2].sum()
        rise: float = make_moves(
            coverage.slots, self.legal[i], self._traits[i], self._trial,
            self.option[i], self.breaks[i], self.mix, draws, float(temperature),
        )  # fmt: skip
        self.is_changed[i] |= bool(self.tally[:, 2].sum() > before)
        return rise

    def changed(self) -> list[int]:
        """The members whose weeks have changed since the last call."""
        changed = np.flatnonzero(self.is_changed)
        self.is_changed[:] = False
        return [int(i) for i in changed]


def _traits_of(team: Team) -> list[Traits]:
    """What the moves know of each member; what people have in common they share."""
    kinds: dict[tuple[int, ...], IntArray] = {}
    burdens: dict[bytes, FloatArray] = {}
    day_of = np.searchsorted(team.day_edges[1:-1], np.arange(team.grid.slots), side="right")
    origin = np.array(team.day_edges[:-1], dtype=np.int64)
    return [_traits(member, kinds, burdens, day_of, origin) for member in team.members]


def _traits(
    member: Member,
    kinds: dict[tuple[int, ...], IntArray],
    burdens: dict[bytes, FloatArray],
    day_of: NDArray[np.intp],
    origin: IntArray,
) -> Traits:
    space, key = member.space, member.burden.tobytes()
    if member.kinds not in kinds:
        kinds[member.kinds] = np.array(member.kinds, dtype=np.int64)[day_of]
    if key not in burdens:
        burdens[key] = np.concatenate([[0.0], np.cumsum(member.burden)])
    return Traits(
        opt_row=space.opt_len,
        len_slots=space.lengths.slots,
        len_paid=space.len_paid,
        break_count=space.lengths.break_count,
        break_slots=space.lengths.break_slots,
        burden_sum=burdens[key],
        paid_cost=float(member.paid_cost),
        kind_at=kinds[member.kinds],
        origin=origin,
    )
