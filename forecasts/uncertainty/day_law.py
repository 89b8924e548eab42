"""
How wrong totals of days were: the scale of their errors and the weight of their tails.

A day's busyness is Gamma around 1, its variance that which the day model foresaw, times a scale
that the errors speak for, times a wildness that all days of one forecast share: the inverse of a
chi-square over its degrees of freedom. Busyness then has tails like those of Student's t, for
two reasons that add up: days are wilder than a Gamma law now and then, and a scale learned from
few errors is itself uncertain (the predictive law of a normal variable with unknown variance is
Student's t [1]_). Scale and tails are those of maximum posterior likelihood over past day totals.

Days of one origin err alike, and neighbouring origins look at the same days, so the likelihood
is tempered to the number of independent errors that would say as much about a variance [2]_.

References
----------
.. [1] Gelman, A., et al. (2013). *Bayesian Data Analysis*, 3rd edition, section 3.2.
.. [2] Pauli, F., W. Racugno, and L. Ventura (2011). Bayesian composite marginal likelihoods.
       *Statistica Sinica*, 21(1): 149-164.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.special import chdtri, gammaln, ndtri, stdtrit

from forecasts.backtests.selection import GROUPS
from forecasts.history.series import FloatArray, IntArray

SURE = 1e6  # degrees of freedom from which a law has the tails of a Gamma law
PRIOR_FREEDOM = 6.0  # errors that general experience with day models is worth
SCALES = np.exp(np.linspace(np.log(0.2), np.log(6.0), 18))
FREEDOMS = np.array([3.0, 4.0, 6.0, 10.0, 30.0])
_FREEDOM_PRIOR = np.log(np.array([0.15, 0.2, 0.25, 0.25, 0.15]))
_SCALE_SD = 0.6  # of the log of the scale, before any error is seen
_LEAD_SD = 0.3  # of the log of what weeks of lead differ by
_NODES = 8
_ORIGIN_WEEK = 0.8  # correlation of two origins' errors of one day, per week between them
_DAYS_MOST = 400
_POISSON_VARIANCE = 1e-6


@dataclass(frozen=True)
class DayLaw:
    """
    Scale of the variance of days by week of lead, (group,), and degrees of freedom.

    ``errors`` is the number of independent errors that they were learned from.
    """

    scale: FloatArray = field(default_factory=lambda: np.ones(GROUPS))
    freedom: float = PRIOR_FREEDOM
    errors: float = 0.0

    def widening(self, share: float) -> float:
        """Factor on variances with which a Gamma law has this law's quantile at ``share``."""
        if self.freedom >= SURE:
            return 1.0
        return float((stdtrit(self.freedom, share) / ndtri(share)) ** 2)


@dataclass(frozen=True)
class DayTotals:
    """
    Past totals of days, (day,) each: what came, what was expected, what was known of it.

    ``foreseen`` is the variance of the busyness by the day model, ``inside`` what single
    intervals add to the variance of the total's rate.
    """

    actual: FloatArray
    mean: FloatArray
    foreseen: FloatArray
    inside: FloatArray
    group: IntArray
    origin: IntArray
    date: IntArray

    def of(self, at: IntArray) -> DayTotals:
        """Some of the days."""
        return DayTotals(
            *(
                getattr(self, name)[at]
                for name in ("actual", "mean", "foreseen", "inside", "group", "origin", "date")
            )
        )


def learn_day_law(days: DayTotals, next_day: float, fade: float, origin_days: IntArray) -> DayLaw:
    """
    The law that past day totals speak for.

    Parameters
    ----------
    next_day, fade
        Correlation of neighbouring days, and what is left of it with every further day.
    origin_days
        Last day known of every day's origin, (day,).
    """
    if days.actual.size < 2:
        return DayLaw()
    if days.actual.size > _DAYS_MOST:
        at = np.linspace(0, days.actual.size - 1, _DAYS_MOST).astype(np.int64)
        days, origin_days = days.of(at), origin_days[at]
    errors = independent_errors(days, next_day, fade, origin_days)
    tempered = errors / days.actual.size
    table = _log_likelihoods(days)  # (day, scale, freedom)
    prior = -0.5 * (np.log(SCALES) / _SCALE_SD) ** 2
    overall = tempered * table.sum(axis=0) + prior[:, None] + _FREEDOM_PRIOR
    weight = np.exp(overall - overall.max())
    weight /= weight.sum()
    log_scale = float(weight.sum(axis=1) @ np.log(SCALES))
    inverse = float(weight.sum(axis=0) @ (1.0 / FREEDOMS))
    scale = np.full(GROUPS, np.exp(log_scale))
    chosen = table @ weight.sum(axis=0)  # (day, scale)
    for group in np.unique(days.group):
        on = days.group == group
        near = -0.5 * ((np.log(SCALES) - log_scale) / _LEAD_SD) ** 2
        part = tempered * chosen[on].sum(axis=0) + near
        weighted = np.exp(part - part.max())
        scale[group] = np.exp(weighted @ np.log(SCALES) / weighted.sum())
    freedom = 1.0 / (inverse + 1.0 / (errors + PRIOR_FREEDOM))
    return DayLaw(scale, freedom, errors)


def independent_errors(
    days: DayTotals, next_day: float, fade: float, origin_days: IntArray
) -> float:
    """Independent errors whose mean square would be as uncertain as that of these days."""
    apart = np.abs(days.date[:, None] - days.date[None, :]).astype(np.float64)
    alike = np.where(apart == 0, 1.0, next_day * fade ** np.maximum(apart - 1.0, 0.0))
    weeks = np.abs(origin_days[:, None] - origin_days[None, :]) / 7.0
    variance = days.foreseen + days.inside
    signal = variance / (variance + 1.0 / np.maximum(days.mean, 1e-9))
    alike = alike * _ORIGIN_WEEK**weeks * np.sqrt(signal[:, None] * signal[None, :])
    alike[np.arange(len(alike)), np.arange(len(alike))] = 1.0
    # Poisson noise says nothing of the rate: days count as far as their errors are of the rate
    return (
        float((signal**2).sum()) ** 2
        / float((signal[:, None] ** 2 * signal[None, :] ** 2 * alike**2).sum())
        * float((signal**2).mean())
    )


def wildness(freedom: float, count: int = _NODES) -> FloatArray:
    """Equally likely values of the wildness, ascending, (node,)."""
    if freedom >= SURE:
        return np.ones(count)
    shares = (np.arange(count) + 0.5) / count
    return np.asarray(freedom / chdtri(freedom, shares), dtype=np.float64)


def _log_likelihoods(days: DayTotals) -> FloatArray:
    """Log likelihood of day totals, (day, scale, freedom)."""
    found = np.empty((days.actual.size, SCALES.size, FREEDOMS.size))
    for number, freedom in enumerate(FREEDOMS):
        nodes = wildness(float(freedom))
        variance = days.foreseen[:, None, None] * SCALES[None, :, None] * nodes
        variance = variance + days.inside[:, None, None]
        logs = log_chance(days.actual[:, None, None], days.mean[:, None, None], variance)
        most = logs.max(axis=2)
        found[:, :, number] = most + np.log(np.exp(logs - most[..., None]).mean(axis=2))
    return found


def log_chance(actual: FloatArray, mean: FloatArray, variance: FloatArray) -> FloatArray:
    """Log probability of counts that are negative binomial with that variance of the rate."""
    size = 1.0 / np.maximum(variance, _POISSON_VARIANCE / np.maximum(mean, 1e-9))
    law = gammaln(actual + size) - gammaln(size) - gammaln(actual + 1.0)
    found: FloatArray = (
        law + actual * (np.log(mean) - np.log(size + mean)) - size * np.log1p(mean / size)
    )
    return found
