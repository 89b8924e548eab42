"""The oracle among shifts that somebody has been seen to work: small, and so fast.

Between two passes of the whole oracle the known shifts of a person are combined
anew, with their breaks placed anew, at new prices. What is found is legal, but
nothing is proven by it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wfplan.scheduling.person.legal import LegalDays
from wfplan.scheduling.person.pricing import DaysSolver
from wfplan.scheduling.person.worth import value_shifts
from wfplan.scheduling.team.couples import Own
from wfplan.scheduling.team.oracle import Week, week_of
from wfplan.scheduling.team.team import Member

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class KnownShifts:
    """The shifts of one member that some known week of hers has."""

    def __init__(self, member: Member) -> None:
        self.member = member
        self._known: set[int] = set()
        self._options: IntArray = np.zeros(0, dtype=np.int64)
        self._legal: LegalDays = member.space.legal
        self._narrow()  # who has no shift yet has none to choose from

    def learn(self, week: Week) -> None:
        """Know the shifts of a week."""
        self._known.update(option for option, _ in week.shifts)

    def best(self, solver: DaysSolver, gain: FloatArray) -> Week | None:
        """The best week of known shifts at the prices, None when there is none."""
        if len(self._options) < len(self._known):
            self._narrow()
        space, at = self.member.space, self._options
        value = np.empty(len(at))
        breaks = np.zeros((len(at), space.lengths.break_slots.shape[1]), dtype=np.int64)
        value_shifts(
            gain, self.member.burden, self._legal.start, space.opt_len[at], space.lengths.slots,
            space.lengths.break_count, space.lengths.break_slots, space.lengths.break_kind,
            Own.nothing(len(gain)).rest, value, breaks,
        )  # fmt: skip
        chosen = solver.best(self._legal, value, self.member.paid_cost).chosen
        if chosen is None:
            return None
        return week_of(self.member, [(int(at[o]), breaks[o]) for o in chosen if o >= 0])

    def _narrow(self) -> None:
        whole = self.member.space.legal
        at = np.array(sorted(self._known), dtype=np.int64)
        self._options = at
        self._legal = whole._replace(
            day_ptr=np.searchsorted(at, whole.day_ptr).astype(np.int64),
            start=whole.start[at],
            end=whole.end[at],
            paid=whole.paid[at],
            symbol=whole.symbol[at],
            price=whole.price[at],
        )
