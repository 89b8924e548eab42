"""Small readable programs in PuLP, solved with the HiGHS that SciPy brings along.

PuLP 3 (Python 3.11) brings a binary of CBC, PuLP 4 (3.12 and later) brings no
solver at all: here neither is needed. The calls used are those that both know
(3.3 has them beside its old ones): ``add_variable``, ``constraints()``,
``get_constraint_by_name``. What differs is what ``solve`` returns: a status in 3,
an object in 4; so the reading of a solve is kept by the solver itself.

References
----------
.. [1] Huangfu, Q., and J. A. J. Hall (2018). Parallelizing the dual revised
       simplex method. *Mathematical Programming Computation*, 10: 119-142.
       https://doi.org/10.1007/s12532-017-0130-5
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

FloatArray = NDArray[np.float64]

OPTIMAL, LIMIT, INFEASIBLE, UNBOUNDED = range(4)  # statuses of scipy.optimize.milp
_LARGE = 50_000  # coefficients from which the interior point method is faster


@dataclass(frozen=True)
class Reading:
    """
    How a solve ended.

    ``bound`` is the best value proven; no solution of the program is below it.
    ``duals`` are what one more unit of a constraint's right side costs, by name;
    of linear programs only, which leave reduced costs (``dj``) with the variables.
    """

    status: int
    objective: float
    bound: float
    duals: Mapping[str, float]

    @property
    def has_solution(self) -> bool:
        """Whether the variables have values."""
        return isfinite(self.objective)


@dataclass(frozen=True)
class _Arrays:
    """A PuLP problem as arrays: minimise cost x, low <= rows x <= high."""

    variables: Sequence[Any]
    names: Sequence[str]  # of the constraints
    cost: FloatArray
    rows: sparse.csr_array
    low: FloatArray
    high: FloatArray
    lower: FloatArray
    upper: FloatArray
    is_whole: NDArray[np.int64]


def solve(problem: Any, *, seconds: float = inf, is_relaxed: bool = False) -> Reading:
    """
    Solve a PuLP problem that minimises; its variables get their values.

    Parameters
    ----------
    seconds
        The most time to take. Short of it the answer is always the same.
    is_relaxed
        Take whole numbers as real ones: then there are duals.
    """
    from pulp import LpSolver

    class ScipyHighs(LpSolver):  # type: ignore[misc]
        """PuLP's way to our solver."""

        name = "SCIPY_HIGHS"
        reading: Reading

        def available(self) -> bool:
            return True

        def actualSolve(self, lp: Any, **_: Any) -> Any:  # noqa: N802 (PuLP's name)
            from pulp.apis import core

            start = core.clocks() if hasattr(core, "clocks") else None
            self.reading = _solved(_arrays(lp), seconds, is_relaxed)
            status = _pulp_status(self.reading)
            if hasattr(self, "buildStats"):
                return self.buildStats(
                    lp, status, self.reading.has_solution, start=start,
                    best_bound=self.reading.bound,
                )  # fmt: skip
            lp.assignStatus(status)
            return status

    solver = ScipyHighs(msg=False)
    problem.solve(solver)
    return solver.reading


def _pulp_status(reading: Reading) -> int:
    """The status of both PuLPs: optimal, not solved, infeasible, unbounded."""
    return {OPTIMAL: 1, INFEASIBLE: -1, UNBOUNDED: -2}.get(reading.status, 0)


def _arrays(lp: Any) -> _Arrays:
    """A PuLP problem as arrays."""
    variables = lp.variables()
    place = {v.name: n for n, v in enumerate(variables)}
    cost = np.zeros(len(variables))
    for variable, value in lp.objective.items():
        cost[place[variable.name]] = value
    constraints = lp.constraints()
    row, column, values = [], [], []
    low, high = np.full(len(constraints), -inf), np.full(len(constraints), inf)
    for r, constraint in enumerate(constraints):
        right = -constraint.constant
        if constraint.sense >= 0:
            low[r] = right
        if constraint.sense <= 0:
            high[r] = right
        for variable, value in constraint.items():
            row.append(r)
            column.append(place[variable.name])
            values.append(value)
    shape = (len(constraints), len(variables))
    return _Arrays(
        variables=variables,
        names=[constraint.name for constraint in constraints],
        cost=cost,
        rows=sparse.csr_array((np.array(values, dtype=np.float64), (row, column)), shape=shape),
        low=low,
        high=high,
        lower=np.array([_or(v.lowBound, -inf) for v in variables]),
        upper=np.array([_or(v.upBound, inf) for v in variables]),
        is_whole=np.array([v.cat == "Integer" for v in variables], dtype=np.int64),
    )


def _or(value: float | None, default: float) -> float:
    """A bound; PuLP 3 leaves out those that are not there."""
    return default if value is None else float(value)


def _solved(arrays: _Arrays, seconds: float, is_relaxed: bool) -> Reading:
    """The reading of a program; its PuLP variables take the values."""
    from scipy.optimize import Bounds, LinearConstraint, linprog, milp

    if is_relaxed:
        return _relaxed(arrays, linprog)
    options: Any = {} if seconds == inf else {"time_limit": max(seconds, 0.1)}
    found = milp(
        arrays.cost,
        integrality=arrays.is_whole,
        bounds=Bounds(arrays.lower, arrays.upper),
        constraints=LinearConstraint(arrays.rows, arrays.low, arrays.high),
        options=options,
    )
    bound = -inf if found.mip_dual_bound is None else float(found.mip_dual_bound)
    if found.x is None:
        return Reading(int(found.status), inf, bound, {})
    values = np.where(arrays.is_whole == 1, np.round(found.x), found.x)
    _assign(arrays, values)
    return Reading(int(found.status), float(arrays.cost @ values), bound, {})


def _relaxed(arrays: _Arrays, linprog: Any) -> Reading:
    """The linear relaxation, with the duals of all constraints."""
    signs = np.where(np.isfinite(arrays.high), 1.0, -1.0)
    is_equal = arrays.low == arrays.high
    right = np.where(signs > 0, arrays.high, -arrays.low)
    table = sparse.diags_array(signs) @ arrays.rows
    found = linprog(
        arrays.cost,
        A_ub=table[~is_equal] if (~is_equal).any() else None,
        b_ub=right[~is_equal] if (~is_equal).any() else None,
        A_eq=table[is_equal] if is_equal.any() else None,
        b_eq=right[is_equal] if is_equal.any() else None,
        bounds=np.stack([arrays.lower, arrays.upper], axis=1),
        method="highs-ipm" if arrays.rows.nnz > _LARGE else "highs",
    )
    if found.x is None or found.status != OPTIMAL:
        return Reading(int(found.status), inf, -inf, {})
    _assign(arrays, found.x)
    for variable, price in zip(arrays.variables, found.lower.marginals.tolist(), strict=True):
        variable.dj = price
    dual = np.zeros(len(right))
    dual[~is_equal] = found.ineqlin.marginals
    dual[is_equal] = found.eqlin.marginals
    duals = dict(zip(arrays.names, (signs * dual).tolist(), strict=True))
    return Reading(OPTIMAL, float(found.fun), float(found.fun), duals)


def _assign(arrays: _Arrays, values: FloatArray) -> None:
    """Hand the values to the PuLP variables."""
    for variable, value in zip(arrays.variables, values.tolist(), strict=True):
        variable.varValue = value
