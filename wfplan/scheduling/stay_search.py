"""The search for people who stay on what they serve: best responses, then annealing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.progress import Stop, Watch
from wfplan.scheduling.anneal import _traits_of
from wfplan.scheduling.coverage import Coverage
from wfplan.scheduling.moves import DRAWS, KINDS_OF_MOVE
from wfplan.scheduling.pricing import DaysSolver
from wfplan.scheduling.slots import total_cost
from wfplan.scheduling.stay_moves import Chain, Tours, join, leave, make_stay_moves, value_days
from wfplan.scheduling.stays import NOBODY, StayRules, memo_for
from wfplan.scheduling.team import Team
from wfplan.scheduling.trial import Trial

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Shares of stays and breaks, slide, resize, transfer, swap, other day, redraw.
MIX = (0.40, 0.15, 0.12, 0.18, 0.05, 0.05, 0.05)
STEPS = 8


class StaySearch:
    def __init__(self, team: Team, rules: StayRules, seed: int, coverage: Coverage) -> None:
        self.team, self.rules, self.seed = team, rules, seed
        self.coverage = coverage
        self.traits = _traits_of(team)
        days, slots = len(team.day_edges) - 1, team.grid.slots
        people = len(team.members)
        rows = max((len(one.len_slots) for one in self.traits), default=0)
        most = max((one.break_slots.shape[1] for one in self.traits), default=0)
        longest = max((int(one.len_slots.max()) for one in self.traits), default=0)
        breaks = max((int(one.break_count.max()) for one in self.traits), default=0)
        options = max(member.space.option_count for member in team.members)
        self.memo = memo_for(slots, len(team.channels), longest, breaks)
        self.worth = np.zeros(options)
        self.tours = Tours(
            option=np.full((people, days), -1, dtype=np.int64),
            first=np.zeros((people, days), dtype=np.int64),
            last=np.zeros((people, days), dtype=np.int64),
            breaks=np.zeros((people, days, most), dtype=np.int64),
            count=np.zeros((people, days), dtype=np.int64),
            windows=np.zeros((people, days, most, 3), dtype=np.int64),
            serving=np.full((people, slots), NOBODY, dtype=np.int64),
            kind_at=np.stack([one.kind_at for one in self.traits]),
        )
        self.chain = Chain(
            person=np.zeros(STEPS, dtype=np.int64),
            day=np.zeros(STEPS, dtype=np.int64),
            breaks=np.zeros((STEPS, most), dtype=np.int64),
            serving=np.zeros((STEPS, slots), dtype=np.int64),
        )
        self.trial = Trial(
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
        self.solver = DaysSolver()
        self.mix = np.cumsum(MIX) / np.sum(MIX)

    def objective(self) -> float:
        return float(total_cost(self.coverage.slots))

    def respond(self, i: int) -> float:
        member, who = self.team.members[i], self.traits[i]
        legal, at = member.space.legal, self.coverage.slots
        saved = leave(at, self.tours, i)
        worth = self.worth[: member.space.option_count]
        value_days(at, legal, who, self.rules, self.memo, worth)
        found = self.solver.best(legal, worth + who.paid_cost * legal.paid, member.paid_cost)
        if found.chosen is None:
            raise RuntimeError("no legal days")
        return saved + join(
            at, self.tours, i, legal, who, self.rules, self.memo, found.chosen
        )

    def anneal(self, temperature: float, noise: float, moves: int, rng: np.random.Generator,
               stop: Stop) -> float:
        rise = 0.0
        for i in rng.permutation(len(self.team.members)):
            if stop.is_due:
                break
            member = self.team.members[i]
            rise += make_stay_moves(
                self.coverage.slots, self.tours, int(i), member.space.legal, self.traits[i],
                self.rules, self.memo, self.trial, self.chain, self.worth, self.mix,
                rng.random((moves, DRAWS)), float(temperature), float(noise),
            )  # fmt: skip
        return rise
