"""
The level of a day: a Poisson mixed model of day totals.

Contacts of day d are Poisson around ``exposure_d * exp(eta_d)``, where eta is
a constant, a weekday effect, a slowly and a quickly drifting level that both
fall back to the constant (damped recency), an effect of the position in the
month (billing, paydays), and the noise of the day. Each is a Gaussian effect
whose standard deviation is learned from the channel's own history by maximum
posterior likelihood: a channel whose level wanders is followed fast, a stable
one is averaged long, and a monthly pattern is believed as far as it is seen.
Mixed models of this kind are the literature's choice for call counts at the
lead times of scheduling [1]_ [2]_; the working response is that of penalised
quasi-likelihood [3]_, with residuals held within reach (Huber), so that zeros
and single strange days do no harm.

References
----------
.. [1] Aldor-Noiman, S., P. D. Feigin, and A. Mandelbaum (2009). Workload
       forecasting for a call center: methodology and a case study. *Annals of
       Applied Statistics*, 3(4): 1403-1447. https://doi.org/10.1214/09-AOAS255
.. [2] Ibrahim, R., and P. L'Ecuyer (2013). Forecasting call center arrivals:
       fixed-effects, mixed-effects, and bivariate models. *Manufacturing &
       Service Operations Management*, 15(1): 72-85.
       https://doi.org/10.1287/msom.1120.0405
.. [3] Breslow, N. E., and D. G. Clayton (1993). Approximate inference in
       generalized linear mixed models. *Journal of the American Statistical
       Association*, 88(421): 9-25.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, lapack
from scipy.optimize import minimize

from forecasts.series import FloatArray, IntArray, weekday_of

CONSTANT_SD = 1.0
WEEKDAY_SD = 0.35
FAST_DAYS = 5.0  # a disturbance fades to 1/e in a working week,
SLOW_DAYS = 60.0  # a level in two months
MONTH_WIDTH = 0.35  # correlation length of the month effect, about four days
_REACH_SD = 3.0
_PRIOR_SD = 1.0  # of the log standard deviations around their start


@dataclass(frozen=True)
class Spread:
    """Standard deviations of the day effects on the log scale (0.05 is 5 %)."""

    noise: float = 0.05
    fast: float = 0.03
    slow: float = 0.08
    month: float = 0.02

    def as_array(self) -> FloatArray:
        """The four values in order."""
        return np.array([self.noise, self.fast, self.slow, self.month])


@dataclass(frozen=True)
class DayLevels:
    """Expected rate per interval of days ahead, and the variance of its logarithm."""

    rate: FloatArray
    variance: FloatArray


def learn_spread(days: IntArray, arrived: FloatArray, exposure: FloatArray) -> Spread:
    """
    The standard deviations under which a channel's history is most likely.

    Parameters
    ----------
    days
        Days since 1970-01-01 that have contacts to learn from.
    arrived, exposure
        Contacts of the day, and the intervals (weighted by shape) they came in.
    """
    spread = Spread()
    if days.size < 10 or arrived.sum() <= 0:
        return spread
    parts = _kernels(days, days)
    for _ in range(2):
        response, poisson, _ = _working_response(spread, parts, days, arrived, exposure)
        spread = _most_likely(spread, parts, response, poisson)
    return spread


def predict(
    spread: Spread, days: IntArray, arrived: FloatArray, exposure: FloatArray, ahead: IntArray
) -> DayLevels:
    """The level of the days ``ahead``, given the days that have been."""
    if not days.size or arrived.sum() <= 0:
        return DayLevels(np.zeros(ahead.size), np.full(ahead.size, WEEKDAY_SD**2))
    parts = _kernels(days, days)
    response, poisson, centre = _working_response(spread, parts, days, arrived, exposure)
    covariance = _signal(spread, parts) + np.diag(poisson + spread.noise**2)
    factor = cho_factor(covariance, lower=True)
    cross = _signal(spread, _kernels(ahead, days))
    mean = centre + cross @ cho_solve(factor, response - centre)
    prior = CONSTANT_SD**2 + WEEKDAY_SD**2 + (spread.as_array()[1:] ** 2).sum()
    explained = (cross * cho_solve(factor, cross.T).T).sum(axis=1)
    variance = np.maximum(prior - explained, 0.0) + spread.noise**2
    return DayLevels(np.exp(mean), variance)


def _kernels(a: IntArray, b: IntArray) -> list[FloatArray]:
    """Correlations of days with days: fixed effects (scaled), fast, slow, month."""
    apart = np.abs(a[:, None] - b[None, :]).astype(np.float64)
    same = weekday_of(a)[:, None] == weekday_of(b)[None, :]
    phase = np.abs(_month_phase(a)[:, None] - _month_phase(b)[None, :])
    return [
        CONSTANT_SD**2 + WEEKDAY_SD**2 * same,
        np.exp(-apart / FAST_DAYS),
        np.exp(-apart / SLOW_DAYS),
        np.exp(-2.0 * (np.sin(np.pi * phase) / MONTH_WIDTH) ** 2),
    ]


def _month_phase(days: IntArray) -> FloatArray:
    """Position in the month, 0 on the first to 1 after the last day."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    first = months.astype("datetime64[D]")
    length = ((months + 1).astype("datetime64[D]") - first).astype(np.float64)
    phase: FloatArray = (dates - first).astype(np.float64) / length
    return phase


def _signal(spread: Spread, parts: list[FloatArray]) -> FloatArray:
    """Covariance of everything but the noise of the day."""
    scales = spread.as_array() ** 2
    total: FloatArray = parts[0] + sum(
        s * part for s, part in zip(scales[1:], parts[1:], strict=True)
    )
    return total


def _working_response(
    spread: Spread,
    parts: list[FloatArray],
    days: IntArray,
    arrived: FloatArray,
    exposure: FloatArray,
) -> tuple[FloatArray, FloatArray, float]:
    """Linearised log rates, their Poisson variances, and their centre."""
    eta = _first_guess(days, arrived, exposure)
    centre = float(np.median(eta))
    signal = _signal(spread, parts)
    response, poisson = eta, np.ones_like(eta)
    for step in range(5):
        mean = np.maximum(exposure * np.exp(eta), 1e-9)
        poisson = 1.0 / np.maximum(mean, 0.05)
        wide = (spread.as_array() ** 2).sum() if step else 0.3**2 + (spread.as_array() ** 2).sum()
        reach = _REACH_SD * np.sqrt(poisson + wide)
        response = eta + np.clip((arrived - mean) / mean, -reach, reach)
        factor = cho_factor(signal + np.diag(poisson + spread.noise**2), lower=True)
        update = centre + signal @ cho_solve(factor, response - centre)
        moved = float(np.abs(update - eta).max())
        eta = np.clip(update, centre - 12.0, centre + 12.0)
        if moved < 1e-4:
            break
    return response, poisson, centre


def _first_guess(days: IntArray, arrived: FloatArray, exposure: FloatArray) -> FloatArray:
    """Log of the median rate of the weekday, kept within sight of the mean of all."""
    rate = arrived / exposure
    overall = float(arrived.sum() / exposure.sum())
    ordinary = min(overall, float(np.median(rate))) if np.median(rate) > 0 else overall
    guess = np.empty(days.size)
    weekdays = weekday_of(days)
    for weekday in np.unique(weekdays):
        on = weekdays == weekday
        guess[on] = max(float(np.median(rate[on])), 0.02 * ordinary)
    return np.log(guess)


def _most_likely(
    start: Spread, parts: list[FloatArray], response: FloatArray, poisson: FloatArray
) -> Spread:
    """Maximum posterior standard deviations for a Gaussian response."""
    prior = np.log(Spread().as_array())
    residual = response - float(np.median(response))

    def loss(logs: FloatArray) -> tuple[float, FloatArray]:
        scales = np.exp(2.0 * logs)
        covariance = parts[0] + sum(s * p for s, p in zip(scales[1:], parts[1:], strict=True))
        covariance = covariance + np.diag(poisson + scales[0])
        factor = cho_factor(covariance, lower=True)
        alpha = cho_solve(factor, residual)
        inverse, _ = lapack.dpotri(factor[0], lower=True)  # the lower triangle
        value = 0.5 * residual @ alpha + np.log(np.diag(factor[0])).sum()
        outer = np.tril(inverse - np.outer(alpha, alpha))
        trace = float(np.trace(outer))
        slopes = [scales[0] * trace]
        slopes += [  # correlations are symmetric with ones on the diagonal
            s * (2.0 * float(np.einsum("ij,ij->", outer, p)) - trace)
            for s, p in zip(scales[1:], parts[1:], strict=True)
        ]
        off = (logs - prior) / _PRIOR_SD
        return float(value + 0.5 * off @ off), np.array(slopes) + off / _PRIOR_SD

    found = minimize(
        loss,
        np.log(start.as_array()),
        jac=True,
        method="L-BFGS-B",
        bounds=[(np.log(0.003), np.log(1.0))] * 4,
        options={"maxiter": 15},
    )
    values: NDArray[np.float64] = np.exp(found.x)
    return Spread(*(float(v) for v in values))
