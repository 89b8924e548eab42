"""Figures of a week: the average, and beside it the tail and the worst there is.

A figure with a target is judged twice, on its average and on its worst case,
so that good means cannot hide bad hours or single people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from math import isfinite, nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
TAIL_SHARE = 0.10
_EPS = 1e-9


class Verdict(StrEnum):
    """Whether a target is kept, and how far down the tail."""

    MET = "met"
    AVERAGE_ONLY = "on average only"
    MISSED = "missed"
    NO_TARGET = "no target"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """
    One measure of a week, of a channel, a contract type or everybody (``scope`` empty).

    ``tail`` is the worse 10th percentile over intervals or people, ``worst``
    the worst of them and ``best`` the best; NaN where they have no meaning.
    ``worst_at`` is the interval's UTC start or the agent's id.
    """

    name: str
    scope: str = ""
    unit: str
    average: float
    median: float = nan
    tail: float = nan
    worst: float = nan
    best: float = nan
    worst_at: str = ""
    target: float = nan
    is_less_better: bool = False
    is_for_everyone: bool = False
    definition: str = ""

    @property
    def verdict(self) -> Verdict:
        """
        Met when average and tail keep the target; missed when the average does not.

        A target that holds for everyone is met when the worst keeps it, else missed.
        """
        if not isfinite(self.target) or not isfinite(self.average):
            return Verdict.NO_TARGET
        if self.is_for_everyone:
            return Verdict.MET if self._keeps(self.worst) else Verdict.MISSED
        if not self._keeps(self.average):
            return Verdict.MISSED
        is_tail_kept = not isfinite(self.tail) or self._keeps(self.tail)
        return Verdict.MET if is_tail_kept else Verdict.AVERAGE_ONLY

    def _keeps(self, value: float) -> bool:
        sign = -1 if self.is_less_better else 1
        return sign * (value - self.target) >= -_EPS

    def as_dict(self) -> dict[str, Any]:
        """The figure with its verdict, numbers that are not known as None."""
        plain = {
            key: None if isinstance(value, float) and not isfinite(value) else value
            for key, value in asdict(self).items()
        }
        return {**plain, "verdict": str(self.verdict)}


@dataclass(frozen=True)
class BothSides:
    """What the week means to customers and to staff; neither is left out."""

    customers: tuple[Figure, ...]
    staff: tuple[Figure, ...]

    @property
    def failing_sides(self) -> tuple[str, ...]:
        """The sides with a missed target, or with nothing known: no plan to publish as it is."""
        return tuple(
            side
            for side, figures in (("customers", self.customers), ("staff", self.staff))
            if not any(isfinite(f.average) for f in figures)
            or any(f.verdict is Verdict.MISSED for f in figures)
        )

    def figure(self, name: str, scope: str = "") -> Figure:
        """The figure of that name and scope."""
        return next(f for f in (*self.customers, *self.staff) if (f.name, f.scope) == (name, scope))

    def as_dict(self) -> dict[str, Any]:
        """Both sides as plain values."""
        return {
            "customers": [figure.as_dict() for figure in self.customers],
            "staff": [figure.as_dict() for figure in self.staff],
            "failing_sides": list(self.failing_sides),
        }


def over_people(
    name: str,
    unit: str,
    values: Mapping[str, float],
    definition: str,
    *,
    scope: str = "",
    target: float = nan,
    is_less_better: bool = True,
    average: float | None = None,
) -> Figure:
    """A figure over people by id, with whom it is worst; a target holds for each of them."""
    if not values:
        return Figure(
            name=name, scope=scope, unit=unit, average=nan, target=target,
            is_less_better=is_less_better, definition=definition,
        )  # fmt: skip
    numbers = np.array(list(values.values()), dtype=np.float64)
    pick = max if is_less_better else min
    worst_at = pick(sorted(values), key=values.__getitem__)
    return Figure(
        name=name,
        scope=scope,
        unit=unit,
        average=float(numbers.mean()) if average is None else average,
        median=float(np.median(numbers)),
        tail=float(np.quantile(numbers, 1 - TAIL_SHARE if is_less_better else TAIL_SHARE)),
        worst=values[worst_at],
        best=float(numbers.min() if is_less_better else numbers.max()),
        worst_at=worst_at,
        target=target,
        is_less_better=is_less_better,
        is_for_everyone=True,
        definition=definition,
    )
