"""Why something that must be placed has no place, in the words of a planner.

What stands in the way is looked for from the narrowest to the widest: the legal shifts of
single people in its window, their other activities, a moment at which all can meet, its
facilitators, its room.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wfplan.scheduling.activities.placing import touches
from wfplan.scheduling.activities.worths import WorthOracle

if TYPE_CHECKING:
    from wfplan.scheduling.activities.placing import Placer

BoolArray = NDArray[np.bool_]

_NAMED = 8  # people in one line


def describe_stuck(placer: Placer, stuck: Mapping[tuple[int, int], int]) -> str:
    """
    The message of a plan without a place for what must be placed.

    ``stuck`` are the slots that are missing, by request and place of the person.
    """
    requests = sorted({k for k, _ in stuck})
    lines = [_line(placer, k, [i for r, i in stuck if r == k]) for k in requests]
    what = "1 activity has" if len(lines) == 1 else f"{len(lines)} activities have"
    return (
        f"{what} no place under the hard rules (activity_placement):\n"
        + "\n".join(lines)
        + "\nWiden the window or the hours, take people out, or let it be soft (hardness = soft)."
    )


def _line(placer: Placer, k: int, people: Sequence[int]) -> str:
    """One request: who has no place, and what stands in the way."""
    one = placer.asked[k].request
    reasons = "; ".join(_reasons(placer, k, people))
    return f"{one.code} '{one.activity_id}' for {_ids(placer, people)}: {reasons}"


def _reasons(placer: Placer, k: int, people: Sequence[int]) -> Iterator[str]:
    """What stands in the way of a request."""
    one, moments = placer.asked[k], _Moments(placer, k)
    everybody = list(one.people) if one.is_whole else list(people)
    alone = {i: moments.of(i, is_free=True) for i in everybody}
    never = [i for i in everybody if not alone[i].any()]
    if never:
        yield f"no legal shift of {_ids(placer, never)} holds it in its window (work rules)"
        return
    now = {i: moments.of(i, is_free=False) for i in everybody}
    taken = [i for i in everybody if not now[i].any()]
    if taken:
        yield f"other activities take all the time of {_ids(placer, taken)} in its window"
        return
    together = np.all(list(now.values()), axis=0) if one.is_whole else np.any(
        list(now.values()), axis=0
    )  # fmt: skip
    if not together.any():
        count = np.sum(list(now.values()), axis=0)
        best = int(np.argmax(count))
        absent = [i for i in everybody if not now[i][best]]
        moment = placer.search.team.grid.horizon.local(placer.search.team.grid.instant(best))
        yield (
            f"there is no moment at which all can meet: at best {int(count[best])} of "
            f"{len(everybody)} from {moment:%a %d %b %H:%M}, without {_ids(placer, absent)}"
        )
        return
    if one.is_led and not one.outsiders:
        led = np.any([moments.of(i, is_free=False) for i in one.leaders], axis=0)
        if not (together & led).any():
            yield f"none of its facilitators ({_ids(placer, one.leaders)}) can be there then"
            return
        together = together & led
    if one.request.room and not (together & placer.starts(k)).any():
        yield f"the room {one.request.room} is taken whenever they can meet"
        return
    yield "no week of theirs holds it beside their other activities, rules and breaks"


class _Moments:
    """When people can begin a session of one request."""

    def __init__(self, placer: Placer, k: int) -> None:
        self._team, self._oracle = placer.search.team, WorthOracle()
        one = placer.asked[k]
        self._size = one.size if not one.is_single else one.piece
        is_open = one.is_open & ~touches(~one.is_open, self._size)
        self._starts = one.is_start if self._size == one.size else is_open

    def of(self, i: int, *, is_free: bool) -> BoolArray:
        """The slots in which one person can begin, without her other sessions or with them."""
        member = self._team.members[i]
        member = (member.free or member) if is_free else member
        nothing = np.zeros(self._team.grid.slots)
        worths = self._oracle.of(member, nothing, None, self._starts, self._size)
        can: BoolArray = np.isfinite(worths.value)
        return can


def _ids(placer: Placer, people: Sequence[int]) -> str:
    """The ids of some people, the first few by name."""
    ids = [placer.search.team.members[i].agent_id for i in people]
    more = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    return ", ".join(ids[:_NAMED]) + more
