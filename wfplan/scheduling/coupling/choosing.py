"""A few people's weeks chosen together: columns of legal weeks under the rules that couple people.

The weeks of everybody else stand. What a slot costs with so many of a kind on
queue is taken from the coverage, kind by kind: exact where people of one kind
meet, an estimate from below where kinds could stand in for each other. Whoever
chooses prices the outcome anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from wfplan.rules.base import HARD
from wfplan.scheduling.coupling.sat import Chosen, Curve, Model, Row
from wfplan.scheduling.service.coverage import Coverage
from wfplan.scheduling.team.oracle import Week, week_of
from wfplan.scheduling.team.tally import Tally
from wfplan.scheduling.team.team import Member

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_RANGE = 1_000_000  # integers that all costs but those of hard rules span
_CENTS = 10_000  # money in whole numbers is in these parts
_HARD = -1  # the price of a hard row until the others are known

Terms = dict[int, int]
"""Factors of literals in a sum."""


@dataclass
class _Shift:
    """A shift of some columns, its literal, and those of its breaks by their start."""

    option: int
    day: int
    literal: int
    spans: list[tuple[int, int, int, int]]  # literal, first slot, size and code of what is not work
    starts: list[dict[int, int]] = field(default_factory=list)  # per break: literal of each start


class Choosing:
    """The choice of one column for each of some members, as a model for CP-SAT."""

    def __init__(
        self, tally: Tally, coverage: Coverage, columns: Mapping[int, Sequence[Week]]
    ) -> None:
        """Take everybody else's tally and coverage, and columns by place in the team."""
        self.tally, self.columns = tally, columns
        self.couples, self.team = tally.couples, tally.team
        self.model = Model()
        self.weeks: dict[int, list[int]] = {}
        self.shifts: dict[int, dict[tuple[int, tuple[int, ...]], _Shift]] = {}
        tables = _cost_tables(tally, coverage, list(columns))
        self.scale = _RANGE / max(self._spread(tables), 1e-9)
        for i, weeks in columns.items():
            self._add_member(i, weeks)
        self._add_counts()
        self._add_budgets()
        self._price_hard_rows()
        self._add_coverage(tables)

    def hint(self, weeks: Mapping[int, Week]) -> None:
        """Begin with the members' weeks as they stand, as far as they are columns."""
        told: set[int] = set()
        for i, week in weeks.items():
            known = [column.shifts for column in self.columns[i]]
            if week.shifts not in known:
                return
            told.add(self.weeks[i][known.index(week.shifts)])
            for option, starts in week.shifts:
                shift = self.shifts[i][self._key(option, starts)]
                told.add(shift.literal)
                told |= {some[at] for some, at in zip(shift.starts, starts, strict=False)}
        self.model.hint = sorted(told)

    def decode(self, chosen: Chosen) -> dict[int, Week]:
        """The members' weeks of a choice."""
        found = {}
        for i, weeks in self.columns.items():
            n = next(n for n, literal in enumerate(self.weeks[i]) if literal in chosen.literals)
            parts = []
            for option, starts in weeks[n].shifts:
                shift = self.shifts[i][self._key(option, starts)]
                placed = [
                    next(at for at, literal in some.items() if literal in chosen.literals)
                    for some in shift.starts
                ]
                parts.append((option, placed or starts))
            found[i] = week_of(self.team.members[i], parts)
        return found

    def _key(self, option: int, starts: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
        """Shifts are told apart by their breaks only where these are not placed anew."""
        return (option, ()) if self.couples.sees_breaks else (option, starts)

    def _spread(self, tables: Sequence[FloatArray]) -> float:
        """Harm points between the dearest and the cheapest choice, at most."""
        total = sum(float((table.max(axis=0) - table.min(axis=0)).sum()) for table in tables)
        for weeks in self.columns.values():
            costs = [week.cost for week in weeks]
            total += max(costs) - min(costs)
        return total

    def _add_member(self, i: int, weeks: Sequence[Week]) -> None:
        """One literal for each column, one for each shift, and those of its breaks."""
        model, member = self.model, self.team.members[i]
        least = min(week.cost for week in weeks)
        self.weeks[i] = [model.literal(round((w.cost - least) * self.scale)) for w in weeks]
        model.groups.append(tuple(self.weeks[i]))
        users: dict[tuple[int, tuple[int, ...]], list[int]] = {}
        for literal, week in zip(self.weeks[i], weeks, strict=True):
            for option, starts in week.shifts:
                users.setdefault(self._key(option, starts), []).append(literal)
        self.shifts[i] = {}
        for (option, starts), literals in users.items():
            shift = self._shift(member, option, starts)
            model.sums.append((shift.literal, *literals))
            model.sums += [(shift.literal, *some.values()) for some in shift.starts]
            self.shifts[i][option, starts] = shift

    def _shift(self, member: Member, option: int, placed: tuple[int, ...]) -> _Shift:
        space, model = member.space, self.model
        row, first = int(space.opt_len[option]), int(space.opt_start[option])
        day = int(np.searchsorted(space.day_ptr, option, side="right")) - 1
        shift = _Shift(option, day, model.literal(), [])
        for b in range(int(space.lengths.break_count[row])):
            size, earliest, latest = (int(v) for v in space.lengths.break_slots[row, b])
            code = 2 + int(space.lengths.break_kind[row, b])
            if not self.couples.sees_breaks:
                shift.spans.append((shift.literal, first + placed[b], size, code))
                continue
            starts = {
                at: model.literal()
                for at in range(earliest, latest + 1)
                if not np.isin(member.away_slots, range(first + at, first + at + size)).any()
            }
            shift.starts.append(starts)
            shift.spans += [(n, first + at, size, code) for at, n in starts.items()]
        return shift

    def _terms(self, factor: Callable[[int, int, int], int]) -> list[Terms]:
        """
        What the members add to a sum in every slot.

        ``factor`` is what a member's shift of a day counts in a code.
        """
        terms: list[Terms] = [{} for _ in range(self.team.grid.slots)]
        for i, shifts in self.shifts.items():
            space = self.team.members[i].space
            away = set(self.team.members[i].away_slots.tolist())
            for shift in shifts.values():
                work = factor(i, shift.day, 1)
                first = int(space.opt_start[shift.option])
                last = first + int(space.lengths.slots[space.opt_len[shift.option]])
                if work:
                    for s in set(range(first, last)) - away:
                        terms[s][shift.literal] = work
                for literal, begin, size, code in shift.spans:
                    change = factor(i, shift.day, code) - work
                    for s in range(begin, begin + size) if change else ():
                        terms[s][literal] = terms[s].get(literal, 0) + change
        return terms

    def _counted(self, k: int, i: int, day: int, code: int) -> int:
        """How a member counts for one count."""
        return int(self.couples.sign[k, i, day] * self.couples.seen[k, code])

    def _on_queue(self, kind: int, i: int, day: int, code: int) -> int:
        """Whether a member is one of a kind on queue."""
        return int(code == 1 and self.team.members[i].kinds[day] == kind)

    def _add_counts(self) -> None:
        """Rows for every count that the members can break, equal ones once."""
        couples = self.couples
        known: dict[tuple[tuple[tuple[int, int], ...], int, bool], int] = {}
        for k, (rule, _) in enumerate(couples.counts):
            terms = self._terms(partial(self._counted, k))
            price = _HARD
            if rule.hardness != HARD:
                price = round(float(couples.soft_price[k]) * self.scale)
            room = couples.limit[k] - self.tally.count[k]
            for s, some in enumerate(terms):
                if sum(max(v, 0) for v in some.values()) > room[s] and price:
                    key = (tuple(some.items()), int(room[s]), price == _HARD)
                    known[key] = known.get(key, 0) + price
        for (items, bound, _), price in known.items():
            self.model.rows.append(
                Row(tuple(n for n, _ in items), tuple(v for _, v in items), bound, price)
            )

    def _add_budgets(self) -> None:
        """Rows for the money of every planning week."""
        for n, budget in enumerate(self.couples.budgets):
            is_hard = budget.rule.hardness == HARD
            price = round(budget.rule.price(1 / _CENTS, "money") * self.scale)
            for week in range(len(self.tally.spent[n])):
                literals, factors = [], []
                for i, shifts in self.shifts.items():
                    lengths = self.team.members[i].space.lengths
                    rows = self.team.members[i].space.opt_len
                    for shift in shifts.values():
                        if budget.week_of[shift.day] == week:
                            paid = lengths.paid_min[int(rows[shift.option])]
                            literals.append(shift.literal)
                            factors.append(round(budget.rate[i] * paid / 60 * _CENTS))
                left = round((budget.most - float(self.tally.spent[n][week])) * _CENTS)
                self.model.rows.append(
                    Row(tuple(literals), tuple(factors), left, _HARD if is_hard else price)
                )

    def _price_hard_rows(self) -> None:
        """Let a hard row cost more than all else together."""
        soft = sum(
            row.price * max(sum(max(v, 0) for v in row.factors) - row.bound, 0)
            for row in self.model.rows
            if row.price > 0
        )
        dear = 2 * _RANGE + soft
        self.model.rows = [
            replace(row, price=-row.price * dear) if row.price < 0 else row
            for row in self.model.rows
        ]

    def _add_coverage(self, tables: Sequence[FloatArray]) -> None:
        """Convex costs of the people of each kind on queue, slots of equal sums together."""
        for kind, table in enumerate(tables):
            terms = self._terms(partial(self._on_queue, kind))
            known: dict[tuple[tuple[int, int], ...], FloatArray] = {}
            for s, some in enumerate(terms):
                if some:
                    key = tuple(some.items())
                    known[key] = known.get(key, np.zeros(len(table))) + table[:, s]
            for items, cost in known.items():
                if np.ptp(cost) > 0:
                    self.model.curves.append(
                        Curve(
                            tuple(n for n, _ in items),
                            tuple(v for _, v in items),
                            tuple(round(float(c) * self.scale) for c in cost),
                        )
                    )


def _cost_tables(tally: Tally, coverage: Coverage, members: Sequence[int]) -> list[FloatArray]:
    """What slots cost with so many of the members of each kind on queue, (people + 1, slot)."""
    team = tally.team
    of_kind = [
        sum(kind in team.members[i].kinds for i in members) for kind in range(len(team.kinds))
    ]
    everywhere = np.arange(team.grid.slots)
    tables = []
    for kind, most in enumerate(of_kind):
        table = np.zeros((most + 1, len(everywhere)))
        for n in range(most):
            saved = coverage.gains(kind).copy()
            saved[team.interval_of < 0] = 0.0
            # a head who saves more than the one before would make the costs no convex curve
            before = table[n - 1] - table[n] if n else saved
            table[n + 1] = table[n] - np.minimum(saved, before)
            coverage.add(kind, everywhere)
        for _ in range(most):
            coverage.remove(kind, everywhere)
        tables.append(table)
    return tables
