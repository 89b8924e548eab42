"""Room for breaks: windows narrowed until every placement keeps a distance rule.

The planner places each break of a shift on its own, anywhere in its window.
A rule about the time between them is kept by narrowing the windows of each
length of shift: first to the starts that belong to some placement that keeps
the rule (arc consistency on a chain of difference constraints [1]_), then,
where two windows could still be used against each other, by taking the same
from both. Lengths without any such placement are dropped. What is left is
stricter than the rule, never laxer.

A soft rule takes what room there is in the same way. Where a length has none
its breaks are fixed where they miss the rule by the fewest minutes, which its
shifts then cost.

References
----------
.. [1] Dechter, R., I. Meiri, and J. Pearl (1991). Temporal constraint networks.
       *Artificial Intelligence*, 49: 61-95.
       https://doi.org/10.1016/0004-3702(91)90006-6
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wfplan.domain.contracts import BreakTier
from wfplan.rules.limits import only_lengths
from wfplan.rules.prices import lack_prices

if TYPE_CHECKING:
    from wfplan.domain.contracts import Break, Contract
    from wfplan.rules.base import SettableRule
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person


@dataclass(frozen=True)
class Distances:
    """
    Minutes that may lie between the breaks of a shift, ends included.

    ``is_to_ends`` counts the time from the start of the shift to its first
    break, and from the last to its end, too. Breaks shorter than ``part_min``
    are not seen.
    """

    least: int = 0
    most: int = 10**6
    is_to_ends: bool = False
    part_min: int = 0

    def narrowed(self, breaks: tuple[Break, ...], length: int, step: int) -> _Fit:
        """The breaks with windows in which any placement keeps the distances; None for no room."""
        seen = [i for i, rest in enumerate(breaks) if rest.length_min >= self.part_min]
        if not seen:
            return breaks if not self.is_to_ends or self.least <= length <= self.most else None
        spans = self._spans([breaks[i] for i in seen], length)
        sizes = [breaks[i].length_min for i in seen]
        if not self._is_consistent(spans, sizes):
            return None
        for i in range(len(spans) - 1):
            self._part(spans[i], spans[i + 1], sizes[i], step)
            if not self._is_consistent(spans, sizes):
                return None
        new = dict(zip(seen, spans, strict=True))
        return tuple(
            rest.model_copy(update={"earliest_min": new[i][0], "latest_min": new[i][1]})
            if i in new
            else rest
            for i, rest in enumerate(breaks)
        )

    def nearest(
        self, breaks: tuple[Break, ...], length: int, step: int
    ) -> tuple[tuple[Break, ...], int]:
        """The breaks fixed where they miss the distances by least, and by how many minutes."""
        seen = [i for i, rest in enumerate(breaks) if rest.length_min >= self.part_min]
        ways: dict[int, tuple[int, tuple[int, ...]]] = {0: (0, ())}  # by the end of the last break
        for n, i in enumerate(seen):
            rest, following = breaks[i], {}
            last = min(rest.latest_min, length - rest.before_end_min - rest.length_min)
            is_counted = n > 0 or self.is_to_ends
            for at in range(-(-rest.earliest_min // step) * step, last + 1, step):
                following[at + rest.length_min] = min(
                    (wrong + (self._wrong(at - end) if is_counted else 0), (*places, at))
                    for end, (wrong, places) in ways.items()
                )
            ways = following
        wrong, places = min(
            (
                (wrong + (self._wrong(length - end) if self.is_to_ends else 0), places)
                for end, (wrong, places) in ways.items()
            ),
            default=(0, ()),
        )
        fixed = list(breaks)
        for i, at in zip(seen, places, strict=False):
            fixed[i] = breaks[i].model_copy(update={"earliest_min": at, "latest_min": at})
        return tuple(fixed), wrong

    def _wrong(self, minutes: int) -> int:
        """Minutes by which a stretch misses the distances; one without any is none."""
        return max(minutes - self.most, self.least - minutes, 0) if minutes > 0 else 0

    def _spans(self, breaks: list[Break], length: int) -> list[list[int]]:
        """Earliest and latest start of each break, the ends of the shift observed."""
        spans = [
            [b.earliest_min, min(b.latest_min, length - b.before_end_min - b.length_min)]
            for b in breaks
        ]
        if self.is_to_ends:
            spans[0] = [max(spans[0][0], self.least), min(spans[0][1], self.most)]
            after = length - breaks[-1].length_min
            spans[-1] = [
                max(spans[-1][0], after - self.most),
                min(spans[-1][1], after - self.least),
            ]
        return spans

    def _is_consistent(self, spans: list[list[int]], sizes: list[int]) -> bool:
        """Leave only starts that belong to some placement; whether there are any."""
        for i in range(1, len(spans)):
            spans[i][0] = max(spans[i][0], spans[i - 1][0] + sizes[i - 1] + self.least)
            spans[i][1] = min(spans[i][1], spans[i - 1][1] + sizes[i - 1] + self.most)
        for i in range(len(spans) - 2, -1, -1):
            spans[i][0] = max(spans[i][0], spans[i + 1][0] - sizes[i] - self.most)
            spans[i][1] = min(spans[i][1], spans[i + 1][1] - sizes[i] - self.least)
        return all(first <= last for first, last in spans)

    def _part(self, one: list[int], other: list[int], size: int, step: int) -> None:
        """Take from both windows what lets a pair of their starts break the rule."""
        over = other[1] - one[0] - size - self.most
        if over > 0:
            one[0], other[1] = _shared(over, one[1] - one[0], other[1] - other[0], step, one[0],
                                       other[1])  # fmt: skip
        under = self.least - (other[0] - one[1] - size)
        if under > 0:
            room = other[1] - other[0]
            other[0], one[1] = _shared(under, room, one[1] - one[0], step, other[0], one[1])


_Fit = tuple["Break", ...] | None
"""Breaks with narrowed windows, or None where there is no room."""


def _shared(
    amount: int, room: int, other_room: int, step: int, rises: int, falls: int
) -> tuple[int, int]:
    """Raise one edge and lower another by an amount together, half and half where there is room."""
    half = -(-amount // (2 * step)) * step
    up = max(min(half, room), amount - other_room)
    return rises + up, falls - (amount - up)


def with_room(limits: WorkLimits, person: Person, distances: Distances) -> WorkLimits:
    """The limits with the contract's break windows narrowed for each length, or without it."""
    fits: dict[int, tuple[Break, ...]] = {}
    dropped = set()
    for length in sorted({*limits.lengths_min, *person.locked_lengths}):
        breaks = limits.contract.breaks_of(length)
        fit = distances.narrowed(breaks, length, person.slot_min)
        if fit is None:
            dropped.add(length)
        fits[length] = breaks if fit is None else fit
    fitted = replace(limits, contract=_with_tiers(limits.contract, fits))
    return only_lengths(fitted, person, lambda length: length not in dropped)


def with_wished_room(
    rule: SettableRule, limits: WorkLimits, person: Person, distances: Distances
) -> WorkLimits:
    """The limits with break windows narrowed where they have room, and prices where they do not."""
    fits: dict[int, tuple[Break, ...]] = {}
    lacks: dict[int, int] = {}
    for length in sorted({*limits.lengths_min, *person.locked_lengths}):
        breaks, step = limits.contract.breaks_of(length), person.slot_min
        fit = distances.narrowed(breaks, length, step)
        if fit is None or not all(_is_on_grid(rest, length, step) for rest in fit):
            fit, lacks[length] = distances.nearest(breaks, length, step)
        fits[length] = fit
    price = lack_prices(rule, person, lambda _, length: lacks.get(length, 0))
    return replace(
        limits,
        contract=_with_tiers(limits.contract, fits),
        prices=(*limits.prices, price) if any(lacks.values()) else limits.prices,
    )


def _is_on_grid(rest: Break, length: int, step: int) -> bool:
    """Whether a break can begin on a step of its window."""
    last = min(rest.latest_min, length - rest.before_end_min - rest.length_min)
    return -(-rest.earliest_min // step) <= last // step


def _with_tiers(contract: Contract, breaks: dict[int, tuple[Break, ...]]) -> Contract:
    """The contract with a tier for each length whose breaks have other windows."""
    if all(contract.breaks_of(length) == found for length, found in breaks.items()):
        return contract
    splits = contract.split_of
    tiers = tuple(
        BreakTier(over_h=(length - 1) / 60, breaks=found)
        for length, found in breaks.items()
        if length not in splits
    )
    splits |= {
        length: splits[length].model_copy(update={"breaks": found})
        for length, found in breaks.items()
        if length in splits
    }
    return contract.model_copy(update={"break_tiers": tiers, "splits": tuple(splits.values())})
