"""Variables and rows of a mixed-integer program, put together one by one, and HiGHS on them.

HiGHS is the solver that comes with SciPy (Huangfu and Hall 2018,
doi:10.1007/s12532-017-0130-5). Within a limit of nodes it gives the same answer on
every run; a limit of time is only there for a planner who is waiting.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csc_array

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Limits:
    """When a search for the best whole solution may end."""

    seconds: float = np.inf
    nodes: int = 1
    near: float = 0.0  # of the value: a solution that no other one beats by more is good enough


@dataclass
class Sums:
    """A program that minimises; variables are at least 0."""

    cost: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)  # of each variable
    low: list[float] = field(default_factory=list)  # of each row
    high: list[float] = field(default_factory=list)
    _rows: list[int] = field(default_factory=list)
    _places: list[int] = field(default_factory=list)
    _factors: list[float] = field(default_factory=list)

    def variable(self, cost: float = 0.0, most: float = np.inf) -> int:
        """A new variable."""
        self.cost.append(cost)
        self.most.append(most)
        return len(self.cost) - 1

    def row(self, low: float, high: float) -> int:
        """A new row, without any variable as yet."""
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def put(self, row: int, variable: int, factor: float) -> None:
        """Have a variable in a row."""
        self._rows.append(row)
        self._places.append(variable)
        self._factors.append(factor)

    def relaxed(self) -> Found:
        """The best solution where nothing need be whole."""
        low, high, table = np.array(self.low), np.array(self.high), self._table()
        is_equal = low == high
        found = cast(Any, linprog)(
            np.array(self.cost),
            A_ub=table[~is_equal],
            b_ub=high[~is_equal],
            A_eq=table[is_equal],
            b_eq=high[is_equal],
            bounds=np.stack([np.zeros(len(self.most)), np.array(self.most)], axis=1),
            method="highs-ipm",
        )
        return Found(float(found.fun), found.x) if found.status == 0 else Found(np.inf, None)

    def best(self, whole: IntArray, fixed: IntArray, at: FloatArray, limits: Limits) -> Found:
        """
        The best solution found in which some variables are ``whole``.

        Those that are ``fixed`` are what they are ``at``.
        """
        most, least = np.array(self.most), np.zeros(len(self.most))
        most[fixed] = least[fixed] = at
        integrality = np.zeros(len(most), dtype=np.int64)
        integrality[whole] = 1
        options: Any = {"node_limit": limits.nodes, "mip_rel_gap": limits.near}
        if limits.seconds < np.inf:
            options["time_limit"] = limits.seconds
        found = milp(
            np.array(self.cost),
            integrality=integrality,
            bounds=Bounds(least, most),
            constraints=LinearConstraint(self._table(), np.array(self.low), np.array(self.high)),
            options=options,
        )
        return Found(np.inf, None) if found.x is None else Found(float(found.fun), found.x)

    def _table(self) -> csc_array:
        """The factors, (row, variable)."""
        shape = (len(self.low), len(self.cost))
        return csc_array((self._factors, (self._rows, self._places)), shape=shape)


@dataclass(frozen=True)
class Found:
    """The value of a solution and its variables; infinite and None where there is none."""

    value: float
    variables: FloatArray | None
