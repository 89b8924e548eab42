"""The program of a day or two: who has which shift, with everybody's breaks left open.

An integer program on the costs of the slots as the search has them. People who may
have the same at the same cost are counted together. Breaks are no part of what is
chosen: of every kind of person and shift it is counted how many begin a break where,
so that no window is left (implicit breaks: Bechtold and Jacobs 1990,
doi:10.1287/mnsc.36.11.1339; Aykin 1996, doi:10.1287/mnsc.42.4.591). With that the
relaxation is nearly whole, where one over finished shifts is far from it. The spread of
people over channels is part of it too.

Of the shifts only those are tried that the relaxation has at all (relaxation induced
neighbourhood: Berthold 2014, doi:10.1007/s10601-013-9139-1, RENS), which takes a third of
the time and loses next to nothing. Whole are at first the shifts alone; then they stay
and the breaks are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wfplan.scheduling.blend.candidates import Candidates
from wfplan.scheduling.blend.sums import Found, Limits, Sums
from wfplan.scheduling.service.coverage import Coverage
from wfplan.scheduling.team.oracle import Shifts
from wfplan.scheduling.team.team import Team

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_NEAR = 6  # staff around what there are at which every one more has a price of its own
_ENOUGH = 0.2  # of what the relaxation saves: a choice this near is good enough
_TRIFLE = 1e-9
_NODES = 100  # for the breaks of given shifts, which are nearly whole by themselves
_SMALL = 12  # people whose breaks may be far from whole: shifts and breaks are chosen at once
_NOTHING = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class _Shift:
    """The variables of a shift of one kind of people."""

    who: int  # row that adds up who has it
    first: tuple[int, ...]  # earliest start of each break
    begins: tuple[tuple[int, ...], ...]  # how many begin it where, (break, start)


@dataclass(frozen=True)
class Choice:
    """The shifts of everybody free, by their place in the team, and harm points saved."""

    shifts: Mapping[int, Shifts]
    saved: float


class Program:
    """
    Some people's choice of shifts for some days.

    Parameters
    ----------
    coverage
        The people on queue without those who choose.
    free
        What those who choose may have, by their place in the team.
    staff
        Effective staff of the plan as it stands, (slot, channel).
    """

    def __init__(
        self, team: Team, coverage: Coverage, days: Sequence[int], free: Mapping[int, Candidates],
        staff: FloatArray,
    ) -> None:  # fmt: skip
        self.team, self.coverage, self.days, self.free = team, coverage, list(days), free
        self._staff, self._sums = staff, Sums()
        self._heads: dict[tuple[int, int], int] = {}  # (slot, group): row of who serve there
        self._trusted: dict[int, int] = {}  # slot: row of empowered people
        self._shifts: dict[tuple[object, ...], _Shift] = {}
        self._already = 0.0  # saved by those who stay
        alike: dict[tuple[object, ...], list[int]] = {}
        for i, one in free.items():
            kinds = tuple(team.members[i].kinds[d] for d in self.days)
            alike.setdefault((id(team.members[i].space), kinds, *one.key), []).append(i)
        self._columns = [(people, self._count_choices(people)) for people in alike.values()]
        self._spread_people()

    def best(self, rise: float, seconds: float, enough: float = _ENOUGH) -> Choice | None:
        """
        A choice that costs less than now, if one is found.

        ``rise`` is what those who choose add to the coverage's cost as they are. No
        choice is better by more than a share, ``enough``, of what the relaxation saves,
        unless a limit is met before.
        """
        sums = self._sums
        now = rise - self._already + sum(float(one.cost[one.now]) for one in self.free.values())
        relaxed = sums.relaxed()
        least = relaxed.value
        saving = now - least
        if saving <= _TRIFLE * abs(now) + _TRIFLE:
            return None
        limits = Limits(seconds, near=enough * saving / max(abs(least), _TRIFLE))
        columns = np.array([c for _, columns in self._columns for c in columns], dtype=np.int64)
        found = self._best_of(columns, relaxed, limits, now)
        if found.value >= now - _TRIFLE and len(self.free) <= _SMALL:
            everything = np.concatenate([columns, self._breaks()])
            found = sums.best(everything, _NOTHING, np.zeros(0), replace(limits, nodes=_NODES))
        if found.variables is None or found.value >= now - _TRIFLE:
            return None
        shifts = self._read(np.rint(found.variables).astype(np.int64))
        return Choice(shifts, now - found.value)

    def _best_of(self, columns: IntArray, relaxed: Found, limits: Limits, now: float) -> Found:
        """Whole shifts of those that the relaxation has, then whole breaks for them."""
        assert relaxed.variables is not None
        unused = columns[relaxed.variables[columns] < _TRIFLE]
        found = self._sums.best(columns, unused, np.zeros(len(unused)), limits)
        if found.variables is None or found.value >= now - _TRIFLE:
            return found
        counts = np.rint(found.variables[columns])
        return self._sums.best(
            self._breaks(), columns, counts, replace(limits, near=0.0, nodes=_NODES)
        )

    def _breaks(self) -> IntArray:
        """The variables that say where breaks begin."""
        every = [v for one in self._shifts.values() for places in one.begins for v in places]
        return np.array(every, dtype=np.int64)

    def __len__(self) -> int:
        """The variables."""
        return len(self._sums.cost)

    def _count_choices(self, people: list[int]) -> list[int]:
        """A count of each candidate of people who may have the same."""
        sums, one, first = self._sums, self.free[people[0]], people[0]
        everybody = sums.row(len(people), len(people))
        columns = []
        for options, cost in zip(one.options.tolist(), one.cost.tolist(), strict=True):
            column = sums.variable(cost, len(people))
            sums.put(everybody, column, 1.0)
            columns.append(column)
            for day, option in zip(self.days, options, strict=True):
                if option >= 0 and self._kind(first, day) >= 0:
                    sums.put(self._shift(first, day, option).who, column, -1.0)
        return columns

    def _kind(self, i: int, day: int) -> int:
        return self.team.members[i].kinds[day]

    def _shift(self, i: int, day: int, option: int) -> _Shift:
        """The variables of a member's shift; people of her kind share them."""
        space, kind = self.team.members[i].space, self._kind(i, day)
        start, row = int(space.opt_start[option]), int(space.opt_len[option])
        slots = int(space.lengths.slots[row])
        windows = space.lengths.break_slots[row, : space.lengths.break_count[row]]
        key = kind, start, slots, windows.tobytes()
        if key not in self._shifts:
            self._shifts[key] = self._new_shift(kind, start, slots, windows)
        return self._shifts[key]

    def _new_shift(self, kind: int, start: int, slots: int, windows: IntArray) -> _Shift:
        sums = self._sums
        count, who = sums.variable(), sums.row(0.0, 0.0)
        sums.put(who, count, 1.0)
        for s in range(start, start + slots):
            self._attend(kind, s, count, 1.0)
        begins = []
        for length, first, last in windows.tolist():
            everybody = sums.row(0.0, 0.0)
            sums.put(everybody, count, -1.0)
            places = tuple(sums.variable() for _ in range(first, last + 1))
            for at, place in enumerate(places, start + first):
                sums.put(everybody, place, 1.0)
                for s in range(at, at + length):
                    self._attend(kind, s, place, -1.0)
            begins.append(places)
        return _Shift(who, tuple(windows[:, 1].tolist()), tuple(begins))

    def _attend(self, kind: int, s: int, variable: int, sign: float) -> None:
        """Have so many of a kind on queue in a slot, or off."""
        coverage, one = self.coverage, self.team.kinds[kind]
        t = coverage.interval_of[s]
        if t < 0:
            return
        self._sums.cost[variable] += sign * coverage.head_price * coverage.slot_share
        self._sums.put(self._row_of_heads(s, one.group), variable, -sign * one.mass)
        if one.is_empowered and coverage.empowered_min[t] > 0:
            self._sums.put(self._row_of_trusted(s), variable, -sign)

    def _row_of_heads(self, s: int, group: int) -> int:
        """No more of a group serve in a slot than are there, who stay included."""
        if (s, group) not in self._heads:
            present = self.coverage.slots.present[:, s].tolist()
            stay = sum(
                kind.mass * count
                for kind, count in zip(self.team.kinds, present, strict=True)
                if kind.group == group
            )
            self._heads[s, group] = self._sums.row(-np.inf, stay)
        return self._heads[s, group]

    def _row_of_trusted(self, s: int) -> int:
        """No more empowered people count in a slot than are there or are wanted."""
        if s not in self._trusted:
            coverage = self.coverage
            wanted = float(coverage.empowered_min[coverage.interval_of[s]])
            price = coverage.empowered_price * coverage.slot_share
            there = float(coverage.empowered[s])
            counted = self._sums.variable(-price, wanted)
            self._trusted[s] = self._sums.row(-np.inf, there)
            self._sums.put(self._trusted[s], counted, 1.0)
            self._already += price * min(there, wanted)
        return self._trusted[s]

    def _spread_people(self) -> None:
        """Let the people of every slot serve the channels that they can."""
        sums, team = self._sums, self.team
        groups = sorted({kind.group for kind in team.kinds})
        for s in sorted({s for s, _ in self._heads}):
            there = [(group, self._row_of_heads(s, group)) for group in groups]
            for c in range(len(team.channels)):
                needed = self._row_of_staff(c, s)
                for group, heads in there:
                    if team.speed[group, c] > 0:
                        serving = sums.variable()
                        sums.put(heads, serving, 1.0)
                        sums.put(needed, serving, -float(team.speed[group, c]))

    def _row_of_staff(self, c: int, s: int) -> int:
        """A channel's staff in a slot, and what they save piece by piece."""
        coverage = self.coverage
        curve = coverage.cost[c, coverage.interval_of[s]] * coverage.slot_share
        row = self._sums.row(-np.inf, 0.0)
        for width, saved in pieces(curve, int(self._staff[s, c])):
            self._sums.put(row, self._sums.variable(-saved, width), 1.0)
        level = float(coverage.staff[s, c])
        self._already += float(curve[0] - np.interp(level, np.arange(len(curve)), curve))
        return row

    def _read(self, counts: IntArray) -> dict[int, Shifts]:
        """Everybody's shift: who may keep hers does, breaks as they come."""
        given: dict[int, Shifts] = {}
        for people, columns in self._columns:
            left = counts[columns]
            keeping = []
            for i in people:
                if left[self.free[i].now] > 0:
                    left[self.free[i].now] -= 1
                    keeping.append(i)
            others = iter(np.repeat(np.arange(len(left)), left).tolist())
            for i in people:
                row = self.free[i].now if i in keeping else next(others)
                options = self.free[i].options[row].tolist()
                given[i] = tuple(
                    (option, self._breaks_of(i, day, option, counts))
                    for day, option in zip(self.days, options, strict=True)
                    if option >= 0
                )
        return given

    def _breaks_of(self, i: int, day: int, option: int, counts: IntArray) -> tuple[int, ...]:
        """The next breaks that are left for a shift of a member's kind."""
        if self._kind(i, day) < 0:
            space = self.team.members[i].space
            row = space.opt_len[option]
            earliest = space.lengths.break_slots[row, : space.lengths.break_count[row], 1]
            return tuple(earliest.tolist())
        shift, starts = self._shift(i, day, option), []
        for first, places in zip(shift.first, shift.begins, strict=True):
            at = int(np.argmax(counts[list(places)]))
            counts[places[at]] -= 1
            starts.append(first + at)
        return tuple(starts)


def pieces(curve: FloatArray, near: int) -> list[tuple[float, float]]:
    """
    Pieces of a falling convex curve from 0 on: their widths, and what one more saves in them.

    Far from ``near`` some levels are one piece.
    """
    last = len(curve) - 1
    knots = sorted({0, *range(max(near - _NEAR, 0), min(near + _NEAR, last) + 1), last})
    widths = np.diff(knots)
    found: list[tuple[float, float]] = []
    for width, saved in zip(
        widths.tolist(), (-np.diff(curve[knots]) / widths).tolist(), strict=True
    ):
        if saved <= _TRIFLE:
            continue
        if found and abs(found[-1][1] - saved) < _TRIFLE:
            found[-1] = found[-1][0] + width, saved
        else:
            found.append((float(width), saved))
    return found
