"""The cover of a demand by shifts as arrays, and which few templates to offer for it.

A column is a template that a crew works on a date, a row a set of channels in a
slot (Dantzig 1954). Which templates are worth offering is read from the linear
relaxation over all of them: those that it uses least are left out by and by,
and it is solved again, as long as what is left covers the demand.

References
----------
.. [1] Dantzig, G. B. (1954). A comment on Edie's "Traffic delays at toll booths".
       *Operations Research*, 2(3): 339-341. https://doi.org/10.1287/opre.2.3.339
.. [2] Thompson, G. M. (1995). Improved implicit optimal modeling of the labor shift
       scheduling problem. *Management Science*, 41(4): 595-607.
       https://doi.org/10.1287/mnsc.41.4.595
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from wfplan.scheduling.shifts.crews import Crew, Wanted
from wfplan.scheduling.shifts.templates import ShiftTemplate

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

SHORT_H = 20.0  # paid hours that a missing hour on queue weighs, where people are too few
TIE_PEOPLE_H = 0.01  # a person weighs so many hours where hours are to be least
TIE_HOUR_PEOPLE = 1e-4  # and an hour so many people where people are
_SHRINK = 0.75  # of the templates are kept at a time
_LET_IN, _EXCHANGES = 4, 12  # templates that are let in at a time, and how often
_LARGE = 400_000  # coefficients
_UNUSED = 1e-6
_COVERED = 1e-6


@dataclass(frozen=True, eq=False)
class Cover:
    """
    Columns and rows of a cover.

    ``on`` says which columns are on queue in a slot, (slot, column). Rows are
    the strictest of those slots that the same columns cover: ``row_set`` is the
    index of their set of channels, ``row_slot`` a slot, ``row_heads`` people
    wanted, ``row_slots`` how many slots it stands for.
    """

    crews: tuple[Crew, ...]
    wanted: tuple[Wanted, ...]
    templates: tuple[ShiftTemplate, ...]
    days: int
    crew: IntArray  # (column,)
    template: IntArray  # (column,)
    day: IntArray  # (column,)
    on: sparse.csr_array
    row_set: IntArray
    row_slot: IntArray
    row_heads: IntArray
    row_slots: IntArray
    slot_h: float

    @cached_property
    def paid_h(self) -> FloatArray:
        """Paid hours of every column."""
        hours = np.array([one.paid_min / 60 for one in self.templates])
        return hours[self.template] if len(hours) else np.zeros(0)

    @cached_property
    def shape(self) -> IntArray:
        """Number of the shape (start, length) of every column."""
        shapes = sorted({one.shape for one in self.templates})
        place = {shape: n for n, shape in enumerate(shapes)}
        return np.array([place[one.shape] for one in self.templates], dtype=np.int64)[self.template]

    @cached_property
    def rows(self) -> sparse.csr_array:
        """Which columns count in which row, (row, column)."""
        able = np.zeros((len(self.wanted), len(self.crews)), dtype=np.bool_)
        for n, wanted in enumerate(self.wanted):
            able[n, list(wanted.crews)] = True
        table = self.on[self.row_slot].tocoo()
        keep = able[self.row_set[table.row], self.crew[table.col]]
        return sparse.csr_array(
            (np.ones(int(keep.sum())), (table.row[keep], table.col[keep])), shape=table.shape
        )

    def taken(self, keep: BoolArray) -> Cover:
        """The cover with some of its columns only."""
        return Cover(
            self.crews, self.wanted, self.templates, self.days, self.crew[keep],
            self.template[keep], self.day[keep], self.on[:, np.flatnonzero(keep)],
            self.row_set, self.row_slot, self.row_heads, self.row_slots, self.slot_h,
        )  # fmt: skip

    def uncovered(self) -> IntArray:
        """Rows that no column covers."""
        return np.flatnonzero(np.diff(self.rows.indptr) == 0)


def cover_of(
    crews: Sequence[Crew],
    wanted: Sequence[Wanted],
    options: Sequence[Sequence[tuple[ShiftTemplate, int, IntArray]]],
    *,
    days: int,
    slots: int,
    slot_h: float,
) -> Cover:
    """The cover of what is wanted by the templates of each crew, (crew, option)."""
    templates = sorted({template for some in options for template, _, _ in some})
    place = {template: n for n, template in enumerate(templates)}
    columns = [
        (k, place[template], day, on)
        for k, some in enumerate(options)
        for template, day, on in some
    ]
    lengths = [len(on) for _, _, _, on in columns]
    at = np.concatenate([on for _, _, _, on in columns]) if columns else np.zeros(0, dtype=np.int64)
    column = np.repeat(np.arange(len(columns)), lengths)
    table = sparse.csr_array((np.ones(len(at)), (at, column)), shape=(slots, len(columns)))
    table.sort_indices()
    row_set, row_slot, row_heads, row_slots = _strictest(table, wanted)
    return Cover(
        tuple(crews), tuple(wanted), tuple(templates), days,
        np.array([one[0] for one in columns], dtype=np.int64),
        np.array([one[1] for one in columns], dtype=np.int64),
        np.array([one[2] for one in columns], dtype=np.int64),
        table, row_set, row_slot, row_heads, row_slots, slot_h,
    )  # fmt: skip


def _strictest(
    table: sparse.csr_array, wanted: Sequence[Wanted]
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """For every set the slot that asks for most among those that the same columns cover."""
    alike: dict[bytes, list[int]] = {}
    for slot in range(table.shape[0]):
        covering = table.indices[table.indptr[slot] : table.indptr[slot + 1]]
        alike.setdefault(covering.tobytes() or slot.to_bytes(4, "big"), []).append(slot)
    rows = [
        (n, max(slots, key=lambda s: (one.heads[s], -s)), sum(one.heads[s] > 0 for s in slots))
        for n, one in enumerate(wanted)
        for slots in alike.values()
    ]
    kept = sorted((n, s, count) for n, s, count in rows if wanted[n].heads[s] > 0)
    sets, at, count = (np.array(part, dtype=np.int64) for part in zip(*kept, strict=True))
    heads = np.array([wanted[n].heads[s] for n, s, _ in kept], dtype=np.int64)
    return sets, at, heads, count


@dataclass(frozen=True)
class Aim:
    """
    What is to be least: ``hours``, ``people`` or ``money``, and what else holds.

    ``is_as_is`` keeps to the people there are; what they cannot cover is short.
    ``is_loose`` leaves out what speaks of hours a week: its optimum is a bound.
    Crews of a skill group are often less than a person: they have no least hours.
    """

    least: str = "hours"
    is_as_is: bool = False
    is_together: bool = False  # days off of a person follow each other
    is_loose: bool = False
    has_least: bool = True  # people work the hours that their contracts promise at least

    def column_cost(self, cover: Cover) -> FloatArray:
        """Cost of a person on every column."""
        if self.least == "people":
            return cover.paid_h * TIE_HOUR_PEOPLE
        if self.least == "money":
            rates = np.array([crew.cost_per_h or 0.0 for crew in cover.crews])
            cost: FloatArray = cover.paid_h * rates[cover.crew]
            return cost
        return cover.paid_h

    @property
    def person_cost(self) -> float:
        """Cost of a person who works at all."""
        return 1.0 if self.least == "people" else TIE_PEOPLE_H


@dataclass(frozen=True)
class Relaxed:
    """The linear relaxation: its value, people on every column, and people short in every row."""

    value: float
    people: FloatArray
    short: FloatArray
    duals: FloatArray


def relaxed(cover: Cover, aim: Aim) -> Relaxed:
    """
    The cover by parts of people; what cannot be covered is short at a high price.

    Variables: people on columns, people of crews, people short in rows.
    """
    from scipy.optimize import linprog

    columns, crews, rows = len(cover.crew), len(cover.crews), len(cover.row_slot)
    price = SHORT_H * cover.slot_h * cover.row_slots * hour_cost(cover, aim)
    cost = np.concatenate([aim.column_cost(cover), np.full(crews, aim.person_cost), price])
    limits = _crew_rows(cover, aim)
    parts: Any = [[None, -sparse.eye_array(rows)], [_people_rows(cover, aim), None]]
    others: Any = sparse.block_array(parts)
    table: Any = sparse.hstack([_columns(cover, limits), others])
    right = np.concatenate([-cover.row_heads.astype(np.float64), np.zeros(limits.shape[0])])
    have = [len(crew.agents) if aim.is_as_is else None for crew in cover.crews]
    bounds: Any = [(0, None)] * columns + [(0, most) for most in have] + [(0, None)] * rows
    found: Any = linprog(  # type: ignore[call-overload]
        cost, A_ub=table.tocsr(), b_ub=right, bounds=bounds, method=_method(table)
    )
    people, short = found.x[:columns], found.x[columns + crews :]
    return Relaxed(float(found.fun), people, short, found.ineqlin.marginals)


def _method(table: Any) -> str:
    """Interior points for large programs, where the simplex method takes long."""
    return "highs-ipm" if table.nnz > _LARGE else "highs"


def _columns(cover: Cover, limits: sparse.csr_array) -> sparse.csr_array:
    """Columns in the rows of the relaxation, those of crews below those of the cover."""
    return sparse.vstack([-cover.rows, limits]).tocsr()


def _reduced_costs(cover: Cover, aim: Aim, found: Relaxed) -> FloatArray:
    """What a person on each column would change at the prices of a relaxation, (column,)."""
    table = _columns(cover, _crew_rows(cover, aim))
    reduced: FloatArray = aim.column_cost(cover) - table.T @ found.duals
    return reduced


def hour_cost(cover: Cover, aim: Aim) -> float:
    """What an hour of anybody weighs in the unit of the aim, at most."""
    if aim.least == "people":
        return 1.0
    if aim.least == "money":
        return max((crew.cost_per_h or 0.0 for crew in cover.crews), default=1.0) or 1.0
    return 1.0


def _crew_rows(cover: Cover, aim: Aim) -> sparse.csr_array:
    """
    Columns in the limits of crews: each date, days a week, hours at most and at least.

    Days off that follow each other are left to the program that is written.
    """
    crews, days, count = len(cover.crews), cover.days, len(cover.crew)
    at = np.arange(count)
    each = np.ones(count)
    parts = [
        sparse.csr_array((each, (cover.crew * days + cover.day, at)), shape=(crews * days, count)),
        sparse.csr_array((each, (cover.crew, at)), shape=(crews, count)),
        sparse.csr_array((cover.paid_h, (cover.crew, at)), shape=(crews, count)),
        sparse.csr_array((-cover.paid_h, (cover.crew, at)), shape=(crews, count)),
    ]
    return sparse.vstack(parts[: _limits(aim)]).tocsr()


def _limits(aim: Aim) -> int:
    """How many of the limits of crews hold."""
    if aim.is_loose:
        return 2
    return 4 if aim.has_least else 3


def _people_rows(cover: Cover, aim: Aim) -> Any:
    """People of crews in the same limits."""
    crews = len(cover.crews)
    work_days = np.array([float(days_max(crew, cover)) for crew in cover.crews])
    least, most = np.array([hours_of(crew, cover) for crew in cover.crews]).T
    dates = sparse.csr_array(np.repeat(np.eye(crews), cover.days, axis=0))
    parts = [-dates, -sparse.diags_array(work_days), -sparse.diags_array(most),
             sparse.diags_array(least)]  # fmt: skip
    table: Any = sparse.vstack(parts[: _limits(aim)])
    return table.tocsr()


def days_max(crew: Crew, cover: Cover) -> float:
    """Days that a person of a crew works in the horizon, at most."""
    return crew.work_days_max * max(cover.days / 7, 1)


def hours_of(crew: Crew, cover: Cover) -> tuple[float, float]:
    """Least and most paid hours of a person of a crew in the horizon; whole weeks ask for least."""
    return crew.hours_least * (cover.days // 7), crew.hours_most * max(cover.days / 7, 1)


def choose(cover: Cover, aim: Aim, most: int) -> Cover:
    """
    The cover with a short list of templates that still cover everything.

    At most ``most`` shapes (start and length) where so few were found to cover
    it, else a few more. Those that the relaxation uses least are left out by and
    by; then others are let in at its prices, as long as that makes it cheaper.
    """
    now = relaxed(cover, aim)
    chosen, short = cover, now.short.sum() + _COVERED
    while True:
        used = _by_use(chosen, now)
        fewer = chosen.taken(np.isin(chosen.shape, used[: max(most, int(len(used) * _SHRINK))]))
        found = relaxed(fewer, aim)
        if found.short.sum() > short:
            return chosen.taken(np.isin(chosen.shape, used))
        chosen, now = fewer, found
        if len(used) <= most:
            return _exchanged(cover, aim, chosen, now, most)


def _exchanged(cover: Cover, aim: Aim, chosen: Cover, now: Relaxed, most: int) -> Cover:
    """Templates let in and others left out, as long as the relaxation gets cheaper."""
    for _ in range(_EXCHANGES):
        gain = -np.minimum(_reduced_costs(cover, aim, now), 0.0)
        worth = np.bincount(cover.shape, gain)
        worth[np.unique(chosen.shape)] = 0.0
        new = np.argsort(-worth, kind="stable")[:_LET_IN]
        new = new[worth[new] > _UNUSED]
        if not len(new):
            break
        shapes = np.union1d(np.unique(chosen.shape), new)
        wider = cover.taken(np.isin(cover.shape, shapes))
        used = _by_use(wider, relaxed(wider, aim))[:most]
        other = cover.taken(np.isin(cover.shape, used))
        found = relaxed(other, aim)
        if found.value >= now.value - _UNUSED * abs(now.value):
            break
        chosen, now = other, found
    return chosen


def _by_use(cover: Cover, found: Relaxed) -> IntArray:
    """Shapes that a relaxation uses, those of most hours first."""
    hours = np.bincount(cover.shape, found.people * cover.paid_h)
    used = np.flatnonzero(hours > _UNUSED)
    order: IntArray = used[np.argsort(-hours[used], kind="stable")]
    return order
