"""How noisy a day is: by chance alone the share of busy time differs from day to day.

A queue remembers: a busy minute follows a busy minute. The average over a
horizon therefore varies more than independent contacts would, by the
asymptotic variance of the birth-death chain.

References
----------
.. [1] Roubos, A., G. Koole, and R. Stolletz (2012). Service-level variability of
       inbound call centers. *Manufacturing & Service Operations Management*
       14(3): 402-413. https://doi.org/10.1287/msom.1120.0382
.. [2] Whitt, W. (1992). Asymptotic formulas for Markov processes with
       applications to simulation. *Operations Research* 40(2): 279-291
       (the sum over the states). https://doi.org/10.1287/opre.40.2.279
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, inf, lgamma, log, nan, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wfplan.errors import InputError, require
from wfplan.queueing.measures import broadcast

FloatArray = NDArray[np.float64]

_STATES = 20_000_000  # of a chain: a gigabyte
_NEGLIGIBLE_LOG = 60.0  # below the largest weight: states that add nothing


@dataclass(frozen=True)
class Fluctuation:
    """Noise of the share of time in which everybody is busy; fields of the arguments' shape."""

    p_wait: FloatArray  # the long-run share
    asymptotic_variance_s: FloatArray  # variance of the average over a horizon, times the horizon
    correlation_time_s: FloatArray  # horizon over this: how many independent looks it is worth

    def sd_over(self, horizon_s: ArrayLike) -> FloatArray:
        """
        Standard deviation of the average over ``horizon_s`` seconds.

        Asymptotic: trust it where the horizon is many correlation times.
        """
        horizon = np.asarray(horizon_s, dtype=np.float64)
        require(
            horizon > 0,
            "horizon_s{at} = {horizon:g} is not a time above 0: give a day as 36000.",
            horizon=horizon,
        )
        sd: FloatArray = np.sqrt(self.asymptotic_variance_s / horizon)
        return sd


def all_busy(
    staff: ArrayLike, arrivals_per_h: ArrayLike, aht_s: ArrayLike, patience_s: ArrayLike
) -> Fluctuation:
    """
    Noise of "everybody is busy", the state in which contacts have to wait.

    Parameters
    ----------
    staff
        Effective agents, >= 0. Between two whole numbers the measures are read
        on the straight line, as for one more agent part of the time.
    arrivals_per_h
        Contacts per hour, >= 0.
    aht_s
        Mean handle time, seconds.
    patience_s
        Mean patience, seconds; may be infinite where the load is below the staff
        (else everybody is busy for ever, and the correlation time undefined).

    Raises
    ------
    InputError
        When a number is negative or not finite, or a handle time is zero.
    """
    args = broadcast(staff=staff, arrivals_per_h=arrivals_per_h, aht_s=aht_s, patience_s=patience_s)
    shape = args["staff"].shape
    rows = np.array(
        [_between(*values) for values in zip(*(a.flat for a in args.values()), strict=True)]
    ).reshape(-1, 3)
    p_wait, p_idle, variance = (column.reshape(shape) for column in rows.T)
    spread = 2 * p_wait * p_idle
    undefined = np.full(shape, nan)
    time = np.divide(variance, spread, out=undefined, where=spread > 0)
    return Fluctuation(p_wait, variance, time)


def _between(staff: float, per_h: float, aht_s: float, patience_s: float) -> FloatArray:
    """:func:`_whole` on the line between the whole numbers around ``staff``."""
    few, part = floor(staff), staff - floor(staff)
    found = _whole(few, per_h / 3600, aht_s, patience_s)
    if part > 0:
        found = (1 - part) * found + part * _whole(few + 1, per_h / 3600, aht_s, patience_s)
    return found


def _whole(staff: int, rate: float, aht_s: float, patience_s: float) -> FloatArray:
    """Shares of time with all and not all busy, and the variance of their average x horizon."""
    load = rate * aht_s
    if staff == 0:
        return np.array([1.0, 0.0, 0.0])
    if load == 0:
        return np.array([0.0, 1.0, 0.0])
    hang_up = aht_s / patience_s if patience_s > 0 else inf
    if _never_idle(staff, load, hang_up):
        return np.array([1.0, 0.0, 0.0])
    lowest, weights, tail = _weights(staff, load, hang_up)
    split = max(staff - lowest, 0)
    below, above = weights[:split], weights[split:]
    total = weights.sum() + tail
    beyond = np.cumsum(above[::-1])[::-1] - above + tail  # of P(N > k), smallest terms first
    idle = (np.cumsum(below) ** 2 / below).sum() / total
    busy = (beyond**2 / above).sum() / total
    if tail > 0:  # beyond falls like the weights: another geometric sum
        busy += (load / (staff - load)) ** 2 * tail / total
    p_wait, p_idle = (above.sum() + tail) / total, below.sum() / total
    return np.array([p_wait, p_idle, 2 / rate * (p_wait**2 * idle + p_idle**2 * busy)])


def _never_idle(staff: int, load: float, hang_up: float) -> bool:
    """Whether the queue stays so far from empty that a free agent does not matter."""
    if load < staff or hang_up == inf:
        return False
    if hang_up == 0:
        return True
    full, offered = staff / hang_up, load / hang_up  # per patience
    rise = (offered - full) * log(offered) - lgamma(offered + 1) + lgamma(full + 1)
    return rise > _NEGLIGIBLE_LOG


def _weights(staff: int, load: float, hang_up: float) -> tuple[int, FloatArray, float]:
    """The first state that matters, weights from there on, and that of all states beyond them."""
    top = _longest(staff, load, hang_up)
    if top > _STATES:
        raise InputError(
            f"staff = {staff} with a load of {load:g} erlangs and a patience of {1 / hang_up:g} "
            f"handle times keep queues of up to {top} contacts: more than can be followed. Use an "
            "infinite patience, or a load that is not as close to the staff."
        )
    j = np.arange(1.0, top + 1)
    waiting = np.maximum(j - staff, 0.0)
    deaths = np.minimum(j, staff) + np.where(waiting > 0, hang_up, 0.0) * waiting
    logs = np.concatenate(([0.0], np.cumsum(np.log(load / deaths))))
    logs -= logs.max()
    matter = np.flatnonzero(logs > -_NEGLIGIBLE_LOG)
    weights = np.exp(logs[matter[0] : matter[-1] + 1])
    all_matter = hang_up == 0 and matter[-1] == staff
    endless = weights[-1] * load / (staff - load) if all_matter else 0.0
    return int(matter[0]), weights, float(endless)


def _longest(staff: int, load: float, hang_up: float) -> int:
    """A state far enough above the mode that nothing beyond it matters; the last one if endless."""
    if hang_up in (0.0, inf):
        return staff
    mode = staff + max(load - staff, 0.0) / hang_up
    geometric = _NEGLIGIBLE_LOG / log(staff / load) if load < staff else inf
    gaussian = 1.2 * sqrt(2 * _NEGLIGIBLE_LOG * load / hang_up) + _NEGLIGIBLE_LOG
    return ceil(mode + min(geometric, gaussian) + 2)
