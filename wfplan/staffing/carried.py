"""Work in hand: what an interval inherits from the ones before it.

In a steady state the work in hand is arrivals times handle time at once. In
truth it follows with a delay of about one handle time: after opening there is
less of it, after a steep fall more. The modified offered load is the mean work
in hand if nobody had to wait, ``m' = arrivals - m / AHT`` for exponential
handle times [1]_ [2]_. Each interval is judged by the steady state that goes
with its own work in hand; the contacts that live through it are those that
arrive.

References
----------
.. [1] Jennings, O. B., A. Mandelbaum, W. A. Massey, and W. Whitt (1996). Server
       staffing to meet time-varying demand. *Management Science* 42(10):
       1383-1394. https://doi.org/10.1287/mnsc.42.10.1383
.. [2] Massey, W. A., and W. Whitt (1997). Peak congestion in multi-server
       service systems with slowly varying arrival rates. *Queueing Systems*
       25: 157-172 (the steady state of the queue at the modified offered load).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from wfplan.domain.results import FloatArray
from wfplan.queueing.offered_load import modified

MOMENTS = (0.5 - sqrt(3) / 6, 0.5 + sqrt(3) / 6)  # of an interval: Gauss, two points
STEADY = 0.01  # of the variance of work in hand: less of a drift is none


@dataclass(frozen=True)
class WorkInHand:
    """
    Erlangs in hand, if nobody had to wait.

    ``mean`` is the mean of each interval, (interval,); ``moments`` the values
    at two moments of it, (interval, 2), and ``weights`` the share of arrivals
    over work in hand that each stands for, so that weighted work adds up to
    the offered load. Where work in hand hardly drifts, one moment stands for
    all and the other weighs nothing.
    """

    mean: FloatArray
    moments: FloatArray
    weights: FloatArray


def in_hand_s(aht_s: FloatArray, concurrency_rates: Sequence[float]) -> FloatArray:
    """
    How long a contact stays with its agent when hands are full, seconds.

    The handle time where an agent holds one contact; with several at once
    each lasts longer, and work in hand follows arrivals more slowly.
    """
    slower = len(concurrency_rates) / concurrency_rates[-1]
    return np.asarray(aht_s * slower, dtype=np.float64)


def work_in_hand(
    load_erlangs: FloatArray, held_s: FloatArray, interval_s: float, rate_cv: ArrayLike = 0.0
) -> WorkInHand:
    """
    The work in hand of a week that the weeks before resembled.

    Parameters
    ----------
    load_erlangs
        Offered load, arrivals times handle time, shape (interval,).
    held_s
        How long a contact stays in hand (:func:`in_hand_s`), seconds, shape (interval,).
    rate_cv
        Coefficient of variation of the rate: the less certain, the more drift is none.
    """
    comes = load_erlangs > 0
    found = modified(load_erlangs / held_s * 3600, held_s, interval_s, start_erlangs=None)
    mean = np.where(comes, found.mean_erlangs, 0.0)
    away = np.roll(found.end_erlangs, 1) - load_erlangs
    passed = np.multiply.outer(interval_s / held_s, MOMENTS)
    moments = load_erlangs[:, None] + away[:, None] * np.exp(-passed)
    variance = mean + (np.asarray(rate_cv) * mean) ** 2
    is_steady = (moments[:, 1] - moments[:, 0]) ** 2 <= 4 * STEADY * variance
    moments[is_steady] = mean[is_steady, None]
    moments[~comes] = 0.0
    halves = np.where(is_steady[:, None], (1.0, 0.0), (0.5, 0.5))
    weights = halves * np.divide(
        load_erlangs[:, None], moments, out=np.zeros(moments.shape), where=moments > 0
    )
    return WorkInHand(mean, moments, weights)
