"""Whole people from parts of people: an answer where the whole program is too large to solve.

Every column keeps its whole part; then shifts are added one by one, each time the
one that fills most of what is missing for its cost, and at last those that nobody
misses are taken out again (greedy set cover; Chvatal 1979).

References
----------
.. [1] Chvatal, V. (1979). A greedy heuristic for the set-covering problem.
       *Mathematics of Operations Research*, 4(3): 233-235.
       https://doi.org/10.1287/moor.4.3.233
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wfplan.scheduling.shifts.cover import Aim, Cover, days_max, hours_of

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_WHOLE = 1e-6
_LIKED = 1e-3  # parts of people decide between shifts that fill equally much


def rounded(cover: Cover, aim: Aim, parts: FloatArray) -> IntArray:
    """
    Whole people on every column that cover every row, from parts of people.

    With the people there are, as many rows as they can.
    """
    cost = aim.column_cost(cover) + aim.person_cost / np.maximum(_days(cover), 1)
    people = np.floor(parts + _WHOLE).astype(np.int64)
    liked = parts - people
    rows, columns = cover.rows, cover.rows.tocsc()
    missing = cover.row_heads - rows @ people
    fills = np.asarray(rows.T @ (missing > 0).astype(np.float64))
    room = _Room(cover, people) if aim.is_as_is else None
    while (missing > 0).any():
        value = np.where(fills > _WHOLE, (fills + _LIKED * liked) / cost, 0.0)
        if room:
            value = np.where(room.is_left, value, 0.0)
        n = int(np.argmax(value))
        if value[n] <= 0:
            break
        people[n] += 1
        if room:
            room.take(n)
        liked[n] -= 1
        touched = columns.indices[columns.indptr[n] : columns.indptr[n + 1]]
        full = touched[missing[touched] == 1]
        missing[touched] -= 1
        fills -= np.asarray(rows[full].sum(axis=0)).ravel() if len(full) else 0.0
    return _spared(cover, cost, people, -missing)


class _Room:
    """Which columns somebody of the crew there is has a day and hours left for."""

    def __init__(self, cover: Cover, people: IntArray) -> None:
        self._cover = cover
        crews, days = len(cover.crews), cover.days
        have = np.array([len(crew.agents) for crew in cover.crews])
        self._by_day = np.repeat(have[:, None], days, axis=1)
        self._days = np.floor(have * np.array([days_max(crew, cover) for crew in cover.crews]))
        self._hours = have * np.array([hours_of(crew, cover)[1] for crew in cover.crews])
        self.is_left = np.ones(len(people), dtype=np.bool_)
        for n in np.flatnonzero(people).tolist():
            self.take(n, int(people[n]))
        for k in range(crews):
            self._settle(k)

    def take(self, n: int, count: int = 1) -> None:
        """Use some of it."""
        cover, k = self._cover, int(self._cover.crew[n])
        self._by_day[k, cover.day[n]] -= count
        self._days[k] -= count
        self._hours[k] -= count * cover.paid_h[n]
        self._settle(k)

    def _settle(self, k: int) -> None:
        cover, mine = self._cover, np.flatnonzero(self._cover.crew == k)
        self.is_left[mine] = (
            (self._by_day[k, cover.day[mine]] > 0)
            & (self._days[k] >= 1)
            & (self._hours[k] >= cover.paid_h[mine] - _WHOLE)
        )


def _days(cover: Cover) -> FloatArray:
    """Days of work that a person of every column's crew has."""
    return np.array([days_max(crew, cover) for crew in cover.crews])[cover.crew]


def _spared(cover: Cover, cost: FloatArray, people: IntArray, over: IntArray) -> IntArray:
    """The people without shifts that no row misses, dearest first."""
    columns = cover.rows.tocsc()
    for n in np.argsort(-cost, kind="stable").tolist():
        touched = columns.indices[columns.indptr[n] : columns.indptr[n + 1]]
        spare = int(min(people[n], over[touched].min(initial=people[n])))
        if spare > 0:
            people[n] -= spare
            over[touched] -= spare
    return people
