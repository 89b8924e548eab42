"""Climbing a smooth concave function between bounds: projected limited-memory BFGS.

The two-loop recursion (Nocedal and Wright 2006, doi:10.1007/978-0-387-40065-5, algorithm 7.4)
on the variables that are not held by their bounds, and backtracking along the
projected step (Bertsekas 1982, doi:10.1137/0320018). It does the same as L-BFGS-B,
whose search for active bounds costs more than the function here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.progress import Stop

FloatArray = NDArray[np.float64]
Function = Callable[[FloatArray], tuple[float, FloatArray]]
Pairs = deque[tuple[FloatArray, FloatArray, float]]

_MEMORY = 20
_ENOUGH = 1e-4  # of what the slope promises
_HALVES = 12
_CURVED = 1e-12
_SOME = 1e-300


class Climber:
    """
    Climbs between bounds, and remembers how slopes bent from one climb to the next.

    Functions climbed one after another are taken to be bent alike.
    """

    def __init__(self, low: float, high: FloatArray) -> None:
        self._low, self._high = low, high
        self._pairs: Pairs = deque(maxlen=_MEMORY)

    def climb(self, function: Function, begin: FloatArray, steps: int, stop: Stop) -> FloatArray:
        """
        Better arguments than ``begin`` for a smooth concave function, after some steps.

        ``function`` gives value and slope.
        """
        x = np.clip(begin, self._low, self._high)
        value, slope = function(x)
        for _ in range(steps):
            if stop.is_due:
                break
            free = ((x > self._low) | (slope > 0)) & ((x < self._high) | (slope < 0))
            way = _direction(np.where(free, slope, 0.0), self._pairs, free)
            found = self._walk(function, x, value, slope, way)
            if found is None:
                if not self._pairs:
                    break
                self._pairs.clear()
                continue
            after, better, steeper = found
            moved, bent = after - x, slope - steeper
            curvature = float(moved @ bent)
            if curvature > _CURVED * float(bent @ bent):
                self._pairs.append((moved, bent, curvature))
            x, value, slope = after, better, steeper
        return x

    def _walk(
        self,
        function: Function,
        x: FloatArray,
        value: float,
        slope: FloatArray,
        way: FloatArray,
    ) -> tuple[FloatArray, float, FloatArray] | None:
        """The first of ever shorter steps that gains enough; None where none does."""
        step = 1.0 if self._pairs else 1.0 / max(float(np.linalg.norm(way)), _SOME)
        for _ in range(_HALVES):
            after = np.clip(x + step * way, self._low, self._high)
            better, steeper = function(after)
            if better > value and better >= value + _ENOUGH * float(slope @ (after - x)):
                return after, better, steeper
            step /= 2
        return None


def _direction(slope: FloatArray, pairs: Pairs, free: NDArray[np.bool_]) -> FloatArray:
    """Uphill by what past steps told about the curvature, among what is free."""
    way, shares = slope.copy(), []
    for moved, bent, curvature in reversed(pairs):
        share = float(moved @ way) / curvature
        way -= share * bent
        shares.append(share)
    if pairs:
        _, bent, curvature = pairs[-1]
        way *= curvature / float(bent @ bent)
    for (moved, bent, curvature), share in zip(pairs, reversed(shares), strict=True):
        way += moved * (share - float(bent @ way) / curvature)
    way *= free
    return way if float(way @ slope) > 0 else slope
