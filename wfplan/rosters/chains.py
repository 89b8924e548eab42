"""Stretches of time that nobody has put into shifts: those that touch are one shift."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from wfplan.domain.schedule import ActivityCategory
from wfplan.intake.book import FaultBook
from wfplan.rosters.assembling import blame, merged
from wfplan.rosters.given import GivenShift, Part, Spot

Stretch = tuple[Part, Spot]


def chained(agent_id: str, stretches: Sequence[Stretch], book: FaultBook) -> list[GivenShift]:
    """
    The shifts of a person, by start: stretches that touch or lie inside each other are one.

    Time off alone is no shift. A break without work around it, or two things at once, is a
    fault.
    """
    chains: list[list[Stretch]] = []
    for one in sorted(stretches, key=lambda s: (s[0].start, not s[0].is_work, s[0].end)):
        if chains and one[0].start <= max(part.end for part, _ in chains[-1]):
            chains[-1].append(one)
        else:
            chains.append([one])
    return [_shift(agent_id, chain) for chain in chains if _is_sound(agent_id, chain, book)]


def _shift(agent_id: str, chain: Sequence[Stretch]) -> GivenShift:
    """A shift from the first start to the last end."""
    parts = [part for part, _ in chain]
    works = merged([part for part in parts if part.is_work])
    return GivenShift(
        agent_id=agent_id,
        start=parts[0].start,
        end=max(part.end for part in parts),
        spot=chain[0][1],
        parts=(*works, *(part for part in parts if not part.is_work)),
    )


def _is_sound(agent_id: str, chain: Sequence[Stretch], book: FaultBook) -> bool:
    """Whether stretches say one thing at a time, with work among them."""
    kinds = {part.category for part, _ in chain}
    if kinds == {ActivityCategory.TIME_OFF}:
        return False
    if kinds <= {ActivityCategory.BREAK, ActivityCategory.MEAL}:
        reason = f"no shift of {agent_id} lies around this {chain[0][0].category}"
        hint = "add the row of the shift, or remove this one"
        _blame(chain[0][1], "activity", reason, hint, "HR109", book)
        return False
    is_sound = True
    for is_work in (True, False):
        same = [one for one in chain if one[0].is_work is is_work]
        for (first, at), (second, spot) in pairwise(same):
            if second.start < first.end:
                reason = f"{agent_id} does two things at once (see line {at.line})"
                _blame(spot, "start", reason, "keep one of the rows", "HR110", book)
                is_sound = False
    return is_sound


def _blame(spot: Spot, column: str, reason: str, hint: str, code: str, book: FaultBook) -> None:
    """Note a fault at a stretch."""
    blame(book, Spot(spot.file, spot.line, spot.column or column), reason, hint, code)
