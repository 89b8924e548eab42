"""Offered load in time: the contacts that would be in service if nobody ever waited.

Work lags behind arrivals by about a handle time, so the load of an interval is
not its own rate times the handle time: it lags on the way up and lasts on the
way down. Rates are constant within an interval; everything here is then exact.
Index order of arrays: (..., interval).

References
----------
.. [1] Eick, S. G., W. A. Massey, and W. Whitt (1993). The physics of the
       M(t)/G/infinity queue. *Operations Research* 41(4): 731-742.
       https://doi.org/10.1287/opre.41.4.731
.. [2] Green, L. V., P. J. Kolesar, and J. Soares (2001). Improving the SIPP
       approach for staffing service systems that have cyclic demands.
       *Operations Research* 49(4): 549-564.
       https://doi.org/10.1287/opre.49.4.549.11228
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from wfplan.errors import InputError
from wfplan.queueing.measures import broadcast

FloatArray = NDArray[np.float64]

ALIKE_CV = 1e-6  # a spread of handle times below which they are all alike


@dataclass(frozen=True)
class OfferedLoad:
    """Loads in erlangs, shape (..., interval)."""

    mean_erlangs: FloatArray  # over the time of the interval
    end_erlangs: FloatArray  # when it ends


def modified(
    arrivals_per_h: ArrayLike,
    aht_s: ArrayLike,
    interval_s: float,
    *,
    start_erlangs: ArrayLike | None = 0.0,
) -> OfferedLoad:
    """
    Load with exponential handle times: ``m' = rate - m / aht``.

    Parameters
    ----------
    arrivals_per_h, aht_s
        Contacts per hour and mean handle time in seconds; broadcast to (..., interval).
    interval_s
        Length of an interval, seconds.
    start_erlangs
        Load when the horizon begins, shape (...); None for a horizon that
        repeats itself for ever, as a week does.

    Raises
    ------
    InputError
        When a number is negative or not finite, or a time is zero.
    """
    rate, aht = _arguments(arrivals_per_h, aht_s, interval_s)
    steady = rate * aht
    elapsed = interval_s / aht
    kept = np.exp(-elapsed)
    gained = steady * -np.expm1(-elapsed)
    if start_erlangs is None:
        after = np.cumprod(kept[..., ::-1], axis=-1)[..., ::-1]  # from the start of an interval
        later = np.concatenate((after[..., 1:], np.ones((*after.shape[:-1], 1))), axis=-1)
        load = (gained * later).sum(axis=-1) / -np.expm1(-elapsed.sum(axis=-1))
    else:
        start = broadcast(start_erlangs=start_erlangs)["start_erlangs"]
        load = np.broadcast_to(start, rate.shape[:-1])
    begin, end = np.empty(rate.shape), np.empty(rate.shape)
    for t in range(rate.shape[-1]):
        begin[..., t] = load
        load = load * kept[..., t] + gained[..., t]
        end[..., t] = load
    mean = steady + (begin - steady) * -np.expm1(-elapsed) / elapsed
    return OfferedLoad(mean_erlangs=mean, end_erlangs=end)


def general(
    arrivals_per_h: ArrayLike, aht_s: ArrayLike, interval_s: float, *, handle_cv: float
) -> OfferedLoad:
    """
    Load with lognormal handle times, from an empty system.

    Parameters
    ----------
    arrivals_per_h, aht_s, interval_s
        As in :func:`modified`; a contact keeps the handle time of the interval it arrives in.
    handle_cv
        Standard deviation of handle times over their mean; 0 for handle times
        that are all alike.

    Raises
    ------
    InputError
        When a number is negative or not finite, or a time is zero.

    Notes
    -----
    ``m(t)`` is the integral of ``rate(t - u) P(S > u)`` [1]_: each interval adds its
    rate times a difference of ``E[min(S, x)]``, and to the mean over a later
    interval a second difference of its integral.
    """
    rate, aht = _arguments(arrivals_per_h, aht_s, interval_s)
    if not (np.isfinite(handle_cv) and handle_cv >= 0):
        raise InputError(
            f"handle_cv = {handle_cv:g} is not a spread of handle times: give 0 for handle times "
            "that are all alike, about 1 for the usual ones."
        )
    intervals = np.arange(rate.shape[-1])
    ages = (intervals[:, None] - intervals) * float(interval_s)  # (interval, interval of arrival)
    end, mean = np.empty(rate.shape), np.empty(rate.shape)
    for place in np.ndindex(rate.shape[:-1]):
        times = aht[place]
        until, area_until = _in_service(ages + interval_s, times, handle_cv)
        since, area_since = _in_service(ages, times, handle_cv)
        area_before = _in_service(ages - interval_s, times, handle_cv)[1]
        end[place] = (until - since) @ rate[place]
        mean[place] = (area_until - 2 * area_since + area_before) @ rate[place] / interval_s
    return OfferedLoad(mean_erlangs=mean, end_erlangs=end)


def lagged_rates(
    arrivals_per_h: ArrayLike,
    aht_s: ArrayLike,
    interval_s: float,
    *,
    worst: bool = False,
    periodic: bool = False,
) -> FloatArray:
    """
    Contacts per hour of each interval a mean handle time ago, shape (..., interval).

    Parameters
    ----------
    arrivals_per_h, aht_s, interval_s
        As in :func:`modified`.
    worst
        The largest rate in the shifted interval ("lag max") instead of its
        mean ("lag average").
    periodic
        Whether the end of the horizon comes before its beginning; else nobody called before.

    Raises
    ------
    InputError
        When a number is negative or not finite, or a time is zero.

    Notes
    -----
    To be staffed as if each were a steady state; with it the stationary formulas
    miss fewer targets when demand moves [2]_.
    """
    rate, aht = _arguments(arrivals_per_h, aht_s, interval_s)
    rate, count = rate * 3600, rate.shape[-1]
    before = int(np.ceil((aht / interval_s).max(initial=0.0))) + 1
    past = np.arange(-before, count)
    earlier = rate[..., past % max(count, 1)] if periodic else rate[..., np.maximum(past, 0)]
    earlier = earlier if periodic else np.where(past < 0, 0.0, earlier)
    shift = before - aht / interval_s + np.arange(count)  # where the window begins, in intervals
    first = np.floor(shift).astype(np.int64)
    inside = shift - first
    one = np.take_along_axis(earlier, first, axis=-1)
    two = np.take_along_axis(earlier, np.minimum(first + 1, before + count - 1), axis=-1)
    if worst:
        return np.where(inside > 0, np.maximum(one, two), one)
    return one + inside * (two - one)


def _arguments(
    arrivals_per_h: ArrayLike, aht_s: ArrayLike, interval_s: float
) -> tuple[FloatArray, FloatArray]:
    """Arrivals per second and handle times, of one shape with an interval axis."""
    if not 0 < interval_s < inf:
        raise InputError(
            f"interval_s = {interval_s:g} is not a length of time: give seconds above 0, as 900."
        )
    args = broadcast(arrivals_per_h=arrivals_per_h, aht_s=aht_s)
    if not args["aht_s"].ndim:
        raise InputError("arrivals_per_h has no interval: give a value per interval.")
    return args["arrivals_per_h"] / 3600, args["aht_s"]


def _in_service(
    age_s: NDArray[np.floating], aht_s: FloatArray, cv: float
) -> tuple[FloatArray, FloatArray]:
    """``E[min(S, x)]`` and its integral from 0 to x, 0 where x is not positive."""
    x = np.maximum(age_s, 0.0)
    if cv < ALIKE_CV:
        within = np.minimum(x, aht_s)
        return within, within * (x - within / 2)
    variance = np.log1p(cv**2)
    centre = (np.log(np.where(x > 0, x, 1.0) / aht_s) + variance / 2) / sqrt(variance)
    centre = np.where(x > 0, centre, -inf)
    below = [ndtr(centre - k * sqrt(variance)) for k in range(3)]  # shares of S^k below x
    first, second = aht_s * below[1], aht_s**2 * (1 + cv**2) * below[2]
    return first + x * (1 - below[0]), x * first - second / 2 + x**2 / 2 * (1 - below[0])
