"""Rules that couple people, on the grid of a team.

Every such rule counts heads of some people in some parts of their shifts, or
money (:mod:`wfplan.rules.coupling`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wfplan.rules import team_rules_of
from wfplan.rules.base import HARD
from wfplan.rules.coupling import NO_LIMIT, PARTS, PAUSES, PRESENT

if TYPE_CHECKING:
    from wfplan.domain.problem import PlanningProblem
    from wfplan.rules import TeamRule
    from wfplan.rules.coupling import HeadCount
    from wfplan.scheduling.person.grid import Grid

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class Own(NamedTuple):
    """What moments cost one person beside her wishes, in harm points, as others stand."""

    burden: FloatArray  # (slot,) of being on shift
    rest: FloatArray  # (kind, slot) of a rest, a meal, the gap of a split shift, beyond that

    @classmethod
    def nothing(cls, slots: int) -> Own:
        """No price at any moment."""
        return cls(np.zeros(slots), np.zeros((len(PAUSES), slots)))


@dataclass(frozen=True)
class Budget:
    """Money that a planning week may cost."""

    rule: TeamRule
    rate: FloatArray  # (member,) per paid hour
    most: float
    week_of: IntArray  # (date,)


@dataclass(frozen=True, eq=False)
class Couples:
    """
    The counts and budgets of a team.

    ``sign`` is (count, member, date), ``limit`` (count, slot), ``seen`` (count, code).
    """

    counts: tuple[tuple[TeamRule, HeadCount], ...]
    budgets: tuple[Budget, ...]
    sign: IntArray
    seen: IntArray
    limit: IntArray
    hour_share: float  # of an hour that a slot is

    @classmethod
    def of(cls, problem: PlanningProblem, grid: Grid) -> Couples:
        """The rules of a problem that couple people; members are its agents, in their order."""
        horizon = grid.horizon
        rules = team_rules_of(problem, horizon.dates)
        counts = [(rule, one) for rule in rules for one in rule.head_counts(problem, horizon)]
        limit = np.full((len(counts), grid.slots), NO_LIMIT, dtype=np.int64)
        inside = slice(grid.lead, grid.lead + horizon.slot_count)
        for row, (_, one) in zip(limit, counts, strict=True):
            row[inside] = np.repeat(one.most, horizon.slots_per_interval)
        firsts = [problem.week_of(day) for day in horizon.dates]
        weeks = sorted(set(firsts))
        week_of = np.array([weeks.index(first) for first in firsts], dtype=np.int64)
        spending = [(rule, rule.spending(problem)) for rule in rules]
        nobody = np.zeros((0, len(problem.agents), len(horizon.dates)), dtype=np.int64)
        seen = [[0, *(int(part in one.parts) for part in PARTS)] for _, one in counts]
        return cls(
            counts=tuple(counts),
            budgets=tuple(
                Budget(rule, one.rate, one.most, week_of) for rule, one in spending if one
            ),
            sign=np.stack([one.sign for _, one in counts]) if counts else nobody,
            seen=np.array(seen, dtype=np.int64).reshape(len(counts), 1 + len(PARTS)),
            limit=limit,
            hour_share=horizon.slot_min / 60,
        )

    def part(self, members: Sequence[int]) -> Couples:
        """The same for some of the members: what all others count for is left out."""
        chosen = list(members)
        budgets = tuple(replace(one, rate=one.rate[chosen]) for one in self.budgets)
        return replace(self, sign=self.sign[:, chosen], budgets=budgets)

    @property
    def is_empty(self) -> bool:
        """Whether nothing couples people."""
        return not self.counts and not self.budgets

    @cached_property
    def is_hard(self) -> BoolArray:
        """Which counts are of hard rules, (count,)."""
        return np.array([rule.hardness == HARD for rule, _ in self.counts], dtype=np.bool_)

    @cached_property
    def soft_price(self) -> FloatArray:
        """Harm points of a head too many in a slot, (count,); 0 of hard rules."""
        prices = [rule.price(self.hour_share, "h") for rule, _ in self.counts]
        return np.where(self.is_hard, 0.0, np.array(prices, dtype=np.float64))

    @cached_property
    def of_member(self) -> list[IntArray]:
        """The counts that a member is in, by her place in the team."""
        concerned: BoolArray = np.any(self.sign != 0, axis=2)
        return [np.flatnonzero(concerned[:, i]) for i in range(self.sign.shape[1])]

    @cached_property
    def sees_breaks(self) -> bool:
        """Whether some count tells work, rests and meals apart; gaps stay where they are."""
        there = self.seen[:, 1 : 1 + len(PRESENT)]
        return bool((there != there[:, :1]).any())
