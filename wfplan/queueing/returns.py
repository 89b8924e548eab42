"""When contacts that come back arrive: some time after the one they follow, in opening hours.

The time until a customer comes back is exponential. Who would come back while
the channel is closed comes at any time of its next opening, as in simulation
(:mod:`wfplan.simulation.repeats`).
"""

from __future__ import annotations

from math import ceil, exp, expm1

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

_MEANS_BEFORE = 5.0  # mean delays that are looked back: what is older has come by then


def arrivals(
    begun: FloatArray, after_s: float, interval_s: float, is_open: NDArray[np.bool_]
) -> FloatArray:
    """
    Contacts that come back in every interval, (interval,).

    Parameters
    ----------
    begun
        Contacts of every interval that will be followed by one more, (interval,).
    after_s
        Mean time until it follows, seconds.
    is_open
        Intervals in which the channel takes contacts. What would come after its
        last opening is not counted.
    """
    from scipy.signal import lfilter  # heavy: only who has people come back pays for it

    ratio = interval_s / after_s
    stays = -expm1(-ratio) / ratio  # of those begun in an interval, not yet back at its end
    # Back in the k-th interval after it: stays * (1 - exp(-ratio)) * exp(-ratio)^(k - 1).
    later = lfilter([0.0, -stays * expm1(-ratio)], [1.0, -exp(-ratio)], begun)
    would_come: FloatArray = (1 - stays) * begun + later
    return _in_opening(would_come, is_open)


def weeks_before(after_s: float, interval_s: float, intervals_per_week: int) -> int:
    """Weeks whose contacts still come back now, at least one."""
    return max(1, ceil(_MEANS_BEFORE * after_s / (interval_s * intervals_per_week)))


def _in_opening(would_come: FloatArray, is_open: NDArray[np.bool_]) -> FloatArray:
    """Contacts of closed intervals, spread over the next opening."""
    begins = is_open & ~np.concatenate(([False], is_open[:-1]))
    opening = np.cumsum(begins)  # the number of the opening that has begun last, from 1
    count = int(opening[-1]) if len(opening) else 0
    length = np.bincount(opening[is_open], minlength=count + 2).astype(np.float64)
    waits = np.bincount(opening[~is_open] + 1, would_come[~is_open], minlength=count + 2)
    each = np.divide(waits, length, out=np.zeros(count + 2), where=length > 0)
    found: FloatArray = np.where(is_open, would_come + each[opening], 0.0)
    return found
