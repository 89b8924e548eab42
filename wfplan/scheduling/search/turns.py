"""Turns: those whom rules couple are moved one at a time, at prices made anew for each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wfplan.scheduling.search.anneal import Mover

if TYPE_CHECKING:
    from wfplan.domain.progress import Stop
    from wfplan.scheduling.search.search import Search

_VISITS = 4  # of everybody in a pass


def take_turns(
    search: Search,
    mover: Mover,
    coupled: set[int],
    moves: int,
    temperature: float,
    stop: Stop,
) -> bool:
    """
    So many moves in all; whether there was time for them.

    With everybody else fixed, the prices of a coupled person's moments are
    exact (:mod:`wfplan.scheduling.team.tally`). The others move as they always do.
    """
    rng = np.random.default_rng([search.seed, search.passes])
    people = len(search.weeks)
    each = max(moves // people // _VISITS, 1)
    free = np.array([i for i in range(people) if i not in coupled], dtype=np.int64)
    for _ in range(_VISITS):
        for i in rng.permutation(sorted(coupled)).tolist():
            own = search.tally.own(i)
            if search.is_due(stop) or own is None:
                return False
            mover.move_one(search.coverage, i, each, temperature, own)
            search.tally.put(i, mover.week(i))
            search.work += each
        mover.move_some(search.coverage, free, each * len(free), temperature)
        search.work += each * len(free)
    return True
