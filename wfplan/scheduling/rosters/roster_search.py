"""The search of rosters: best responses, swaps, a dive from the linear master, new rows for some.

Best responses of one person at a time make a first legal roster, however little time there
is, and swaps (:mod:`wfplan.scheduling.rosters.swaps`) a better one in a tenth of the budget
at most. The dive fixes the rows that the master likes best, a few people at a time, and
generates what the others then miss (diving with pricing; Sadykov et al. 2019,
doi:10.1287/ijoc.2018.0822); it has at most half of what is left, and is left out where the
horizon has more than eight weeks. The rest goes to neighbourhoods: few people on many days,
or many on few, are dived for anew beside the others (Pisinger and Ropke 2010,
doi:10.1007/978-1-4419-1665-5_13), unless the bound of their master says at once that
nothing can be gained. Between them there are swaps again, as long as they save more.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.progress import Stop, Watch
from wfplan.scheduling.rosters.recombine import Master, Mixture, Mixtures, Pool, generate
from wfplan.scheduling.rosters.roster import Roster
from wfplan.scheduling.rosters.rows import RowOracle
from wfplan.scheduling.rosters.swaps import Swaps

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_SWAPS = 20_000  # for each day of each person
_SWAP_SHARE = 0.1  # of the budget, before all dives
_HOT, _WARM = 3.0, (0.5, 2.5)  # typical wishes at which swaps begin, first and between dives
_TURNS = 10  # neighbourhoods between swaps
_LITTLE = 1e-3  # of the cost: swaps that save less are not made again at once
_REHEAT_SHARE = 0.03  # of the budget that is left, for swaps between dives
_WHOLE = 0.999  # a weight from which on a row is decided
_SHARE = 0.15  # of the people left whose rows are fixed at a time
_ROUNDS_FIRST, _ROUNDS_NEXT = 300, 8  # of columns before and between fixings
_PASSES = 4
_SWEEPS = 30  # of mixing before the first master
_NOISE = 0.1  # of weights, so that dives differ
_DIVE_DAYS = 56  # of the longest horizon that is dived for at once
_TRIFLE = 1e-6
_LENGTHS = (7, 10, 14, 21, 28)  # days of neighbourhoods; short ones have more people
_FIRST_SHARE = 0.5  # of the budget that is left, for the first dive of everybody
_FEW = 3.0  # people of a neighbourhood
_ROOT_SHARE = 0.05  # of the budget for branch and bound over all columns of the root
_RELAX_SHARE = 0.4  # of the budget that is left for the columns of a master
_LOOSE = 0.1  # a master further from its bound than that is no guide
_DIVE_SHARE = 0.01  # of the budget that a neighbourhood should take


class RosterSearch:
    """A roster under construction; ``rows`` (person, day) are its cells and ``cost`` its cost."""

    def __init__(self, roster: Roster, seed: int = 0) -> None:
        self.roster = roster
        self.oracle = RowOracle(roster)
        self.rng = np.random.default_rng(seed)
        self.rows = np.zeros((len(roster.people), roster.days), dtype=np.int64)
        self.cost, self.bound = np.inf, -np.inf
        self.step = _step(roster)
        # (day, cell) where masters of everybody ended, nan where there was none yet
        self.price = np.full((roster.days, roster.cells), np.nan)

    def settle(self, stop: Stop, watch: Watch) -> None:
        """
        Best responses; the first pass always ends.

        Raises
        ------
        ValueError
            When somebody has no legal row.
        """
        counts = np.zeros((self.roster.days, self.roster.cells + 1), dtype=np.int64)
        days = np.arange(self.roster.days)
        for n in range(_PASSES):
            for i in self.rng.permutation(len(self.rows)):
                if n and stop.is_due:
                    return
                if n:
                    counts[days, self.rows[i]] -= 1
                _, row = self.oracle.best(int(i), self._one_more(counts[:, 1:]))
                if row is None:
                    raise ValueError(f"people[{i}] has no legal row.")
                self.rows[i] = row
                counts[days, row] += 1
            self.cost = self.roster.cost(self.rows)
            watch("search", {"best": self.cost, "pass": n})

    def refine(self, stop: Stop, watch: Watch) -> None:
        """
        Swaps, then dives for everybody, then for neighbourhoods, until the bound or the budget.

        The passes of ``stop`` are neighbourhoods here.
        """
        everybody = np.arange(len(self.rows))
        days = self.roster.days
        self._swap(stop.part(1.0, _SWAP_SHARE), _HOT)
        watch("search", {"best": self.cost})
        if stop.is_due:
            return
        if days > _DIVE_DAYS:
            pool = Pool(self.roster)
            self.price = self._mixed(Master(pool, self.rows, everybody.tolist(), (0, days)), stop)
        else:
            part = stop.part(1.0, _FIRST_SHARE)
            self.bound = self._dive(everybody, (0, days), part, is_first=True)
        watch("search", {"best": self.cost, "bound": self.bound})
        self._improve(stop, watch)

    def _improve(self, stop: Stop, watch: Watch) -> None:
        """Dives for neighbourhoods, which grow while they are quick, and swaps now and then."""
        days, everybody = self.roster.days, np.arange(len(self.rows))
        lengths = [one for one in _LENGTHS if one < days] + [days] * (days <= _DIVE_DAYS)
        size = {one: 2 * _FEW * (lengths[-1] / one) ** 2 for one in lengths}  # people
        gained = 0.0
        for turn in range(stop.passes):
            if stop.is_due or self.cost - self.bound <= self.step - _TRIFLE:
                break
            if turn % _TURNS == 0:
                self._reheat(stop, gained)
                gained = 0.0
            length = lengths[self.rng.integers(len(lengths))]
            began, before = stop.elapsed_s, self.cost
            some = min(len(everybody), max(2, round(size[length] * self.rng.uniform(0.5, 1.5))))
            free = self.rng.choice(everybody, size=some, replace=False)
            self._dive(free, self._stretch(length), stop)
            gained += before - self.cost
            if self.cost < before:
                watch("search", {"best": self.cost, "bound": self.bound})
            is_quick = stop.elapsed_s - began < _DIVE_SHARE * stop.seconds
            grown = size[length] * (1.05 if is_quick else 0.9)
            size[length] = min(max(grown, _FEW), 2.0 * len(everybody))

    def _reheat(self, stop: Stop, gained: float) -> None:
        """Swaps, again and again while they save more than neighbourhoods since the last ones."""
        saved = np.inf
        while saved > max(gained, _LITTLE * abs(self.cost)) and not stop.is_due:
            before = self.cost
            self._swap(stop.part(1.0, _REHEAT_SHARE), self.rng.uniform(*_WARM))
            saved = before - self.cost

    def _stretch(self, length: int) -> tuple[int, int]:
        """So many days, or fewer where they are at the border of the horizon."""
        days = self.roster.days
        first = int(self.rng.integers(-(length // 2), days - length // 2)) if length < days else 0
        return max(first, 0), min(first + length, days)

    def _swap(self, stop: Stop, hot: float) -> None:
        """Let people change places, from the roster at hand and so many typical wishes on."""
        swaps = Swaps(self.roster, self.rows, int(self.rng.integers(2**32)))
        swaps.anneal(stop, _SWAPS * self.rows.size, hot)
        self._take(swaps.rows)

    def _dive(
        self, free: IntArray, window: tuple[int, int], stop: Stop, *, is_first: bool = False
    ) -> float:
        """
        Dive for new rows of some people; returns the bound of all rosters that differ so.

        The first dives look for prices and a bound too, and end no sooner for being in vain.
        """
        pool, left = Pool(self.roster), [int(i) for i in free]
        for i in left:
            pool.add(i, self.rows[i])
        master = Master(pool, self.rows, left, window)
        fixed = np.setdiff1d(np.arange(len(self.rows)), left)
        others = master.else_cost + sum(self.roster.row_cost(i, self.rows[i]) for i in fixed)
        cutoff = np.inf if is_first else self.cost - self.step + _TRIFLE - others
        price = self.price[window[0] : window[1]]
        if np.isnan(price).any():
            price = self._mixed(master, stop)
        found = generate(
            master, self.oracle, stop.part(1.0, _RELAX_SHARE), rounds=_ROUNDS_FIRST,
            price=price, cutoff=cutoff,
        )  # fmt: skip
        bound, value = found.bound + others, found.mixture.value + others
        if not len(fixed):
            self.price[window[0] : window[1]] = found.mixture.price
        if found.bound > cutoff or value - bound > _LOOSE * abs(value):
            return bound
        self._descend(pool, left, window, found.mixture, stop, 0.0 if is_first else _NOISE)
        missing = self.cost - self.step - bound
        if missing > -_TRIFLE and not stop.is_due:
            share = _ROOT_SHARE if is_first else _DIVE_SHARE
            seconds = max(1.0, share * (stop.seconds - stop.elapsed_s))
            best = master.best_of(found.mixture.price, missing + _TRIFLE, seconds)
            if best is not None:
                rows = self.rows.copy()
                rows[left] = best
                self._take(rows)
        return bound

    def _mixed(self, master: Master, stop: Stop) -> FloatArray:
        """Prices of mixtures, whose rows become columns; rounded they may be the roster."""
        mixtures = Mixtures(master, self.oracle, self.rows)
        for sweep in range(_SWEEPS):
            if not stop.is_due:
                mixtures.sweep(2.0 / (sweep + 3), self.rng)
        price = mixtures.price
        self._take(mixtures.rounded(self.rows, self.rng))
        return price

    def _descend(
        self,
        pool: Pool,
        left: Sequence[int],
        window: tuple[int, int],
        mixture: Mixture,
        stop: Stop,
        noise: float,
    ) -> None:
        """Fix the rows of some people after the others, from a mixture on."""
        rows = self.rows.copy()
        left = self._fix(rows, left, mixture, noise)
        while left:
            master = Master(pool, rows, left, window)
            found = generate(master, self.oracle, stop, rounds=_ROUNDS_NEXT, price=mixture.price)
            mixture = found.mixture
            left = self._fix(rows, left, mixture, noise)
        self._take(rows)

    def _take(self, rows: IntArray) -> None:
        """Let rows be the roster unless they cost more."""
        cost = self.roster.cost(rows)
        if cost <= self.cost + _TRIFLE:
            self.rows, self.cost = rows, cost

    def _fix(
        self, rows: IntArray, left: Sequence[int], mixture: Mixture, noise: float
    ) -> list[int]:
        """Give those people their rows who are most decided; returns the others."""
        order = np.argsort(-(mixture.weight + noise * self.rng.random(len(left))), kind="stable")
        least = max(1, int(_SHARE * len(left)))
        fixed = {int(n) for rank, n in enumerate(order) if rank < least}
        fixed |= {int(n) for n in np.flatnonzero(mixture.weight >= _WHOLE)}
        for n in fixed:
            rows[left[n]] = mixture.rows[n]
        return [i for n, i in enumerate(left) if n not in fixed]

    def _one_more(self, counts: IntArray) -> FloatArray:
        """Harm points of one more person in each cell, (day, cell)."""
        curve = self.roster.cover_cost
        now = np.minimum(counts, curve.shape[2] - 2)[:, :, None]
        more = np.take_along_axis(curve, now + 1, axis=2) - np.take_along_axis(curve, now, axis=2)
        return np.asarray(more[:, :, 0])


def _step(roster: Roster) -> float:
    """The least difference of two costs that are not the same: costs are often whole numbers."""
    costs = [roster.cover_cost.ravel()]
    for person in roster.people:
        costs += [person.wish.ravel(), person.paid_cost]
        for one in person.automata:
            costs += [one.cost.ravel(), one.final_cost]
    values = np.concatenate(costs)
    values = values[np.isfinite(values)]
    if (values != np.round(values)).any():
        return 0.0
    return float(np.gcd.reduce(values.astype(np.int64)))
