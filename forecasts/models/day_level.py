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

Levels that fade exponentially are Markov chains, so their precision matrix is
banded [4]_: a fit costs time in proportion to the number of days.

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
.. [4] Rue, H., and L. Held (2005). *Gaussian Markov Random Fields: Theory and
       Applications*. Chapman & Hall/CRC, sections 2.3 and 2.4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve, cho_solve_banded, cholesky_banded
from scipy.optimize import minimize
from scipy.special import ive

from forecasts.history.series import BoolArray, FloatArray, IntArray, weekday_of

CONSTANT_SD = 1.0
WEEKDAY_SD = 0.35
FAST_DAYS = 5.0  # a disturbance fades to 1/e in a working week,
SLOW_DAYS = 60.0  # a level in two months
MONTH_WIDTH = 0.35  # correlation length of the month effect, about four days
MONTH_WAVES = 10
_EXCEPTION_SHARE = 0.25  # of the days of the most frequent weekday
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


def learn_spread(
    days: IntArray, arrived: FloatArray, exposure: FloatArray, served: BoolArray | None = None
) -> Spread:
    """
    The standard deviations under which a channel's history is most likely.

    Parameters
    ----------
    days
        Days since 1970-01-01 that have contacts to learn from, ascending.
    arrived, exposure
        Contacts of the day, and the intervals (weighted by shape) they came in.
    served
        Weekdays that count in a month, (weekday,); all when None.
    """
    spread = Spread()
    if days.size < 10 or arrived.sum() <= 0:
        return spread
    chain = _Chain.of(days, served)
    for _ in range(2):
        response, poisson, _ = _working_response(spread, chain, arrived, exposure)
        spread = _most_likely(spread, chain, response, poisson)
    return spread


def predict(
    spread: Spread,
    days: IntArray,
    arrived: FloatArray,
    exposure: FloatArray,
    ahead: IntArray,
    served: BoolArray | None = None,
) -> DayLevels:
    """The level of the days ``ahead``, given the days that have been; both ascending."""
    if not days.size or arrived.sum() <= 0:
        return DayLevels(np.zeros(ahead.size), np.full(ahead.size, WEEKDAY_SD**2))
    response, poisson, centre = _working_response(
        spread, _Chain.of(days, served), arrived, exposure
    )
    weight = np.concatenate([1.0 / (poisson + spread.noise**2), np.zeros(ahead.size)])
    padded = np.concatenate([response - centre, np.zeros(ahead.size)])
    fit = _Fit.of(spread, _Chain.of(np.concatenate([days, ahead]), served), weight, padded)
    last = np.arange(days.size, padded.size)
    rate = np.exp(centre + fit.effect()[last])
    return DayLevels(rate, fit.variance(last) + spread.noise**2)


def month_phase(days: IntArray, served: BoolArray | None = None) -> FloatArray:
    """
    Position in the month, 0 on the first day to 1 after the last.

    With ``served`` (weekday,) only these weekdays count: what is due on a day that is closed
    comes on a day that is open, and the last working day is as far from the end in every month.
    """
    open_days = np.ones(7, dtype=np.bool_) if served is None else served
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    first = months.astype("datetime64[D]").astype(np.int64)
    following = (months + np.timedelta64(1, "M")).astype("datetime64[D]").astype(np.int64)
    before = _open_until(first, open_days)
    passed = _open_until(days, open_days) - before
    phase: FloatArray = passed / (_open_until(following, open_days) - before).astype(np.float64)
    return phase


def served_weekdays(days: IntArray) -> BoolArray:
    """Weekdays that a history has not just by way of exception, (weekday,)."""
    count = np.bincount(weekday_of(days), minlength=7)
    return np.asarray(count > _EXCEPTION_SHARE * count.max(initial=0), dtype=np.bool_)


def _open_until(days: IntArray, served: BoolArray) -> IntArray:
    """Number of days of the served weekdays before each day, since a Monday long ago."""
    passed = np.concatenate([[0], np.cumsum(served)])
    weeks, weekday = np.divmod(days + 3, 7)
    count: IntArray = weeks * passed[7] + passed[weekday]
    return count


@dataclass(frozen=True)
class _Chain:
    """Days in order: what their effects load on, and how far levels fade between them."""

    days: IntArray
    loads: FloatArray  # (day, effect): constant, weekdays, waves of the month
    scale: FloatArray  # (effect,): prior variance; of the waves, per unit of month variance
    is_month: FloatArray  # (effect,): 1 for the waves
    fade: FloatArray  # (2, day - 1): correlation of neighbouring days, fast and slow

    @classmethod
    def of(cls, days: IntArray, served: BoolArray | None = None) -> _Chain:
        """The chain of ascending days."""
        phase = 2.0 * np.pi * month_phase(days, served)[:, None] * np.arange(1, MONTH_WAVES + 1)
        weekdays = (weekday_of(days)[:, None] == np.arange(7)).astype(np.float64)
        loads = np.hstack([np.ones((days.size, 1)), weekdays, np.cos(phase), np.sin(phase)])
        # exp(-2 sin^2(pi x) / width^2) as a Fourier series, without its constant
        wave = 2.0 * ive(np.arange(1, MONTH_WAVES + 1), MONTH_WIDTH**-2)
        scale = np.concatenate([[CONSTANT_SD**2], np.full(7, WEEKDAY_SD**2), wave, wave])
        is_month = np.concatenate([np.zeros(8), np.ones(2 * MONTH_WAVES)])
        apart = np.diff(days).astype(np.float64)
        fade = np.exp(-apart[None, :] / np.array([[FAST_DAYS], [SLOW_DAYS]]))
        return cls(days, loads, scale, is_month, fade)

    def prior(self, spread: Spread) -> FloatArray:
        """Prior variance of the effects that the days load on, shape (effect,)."""
        variance: FloatArray = self.scale * np.where(self.is_month > 0, spread.month**2, 1.0)
        return variance


@dataclass(frozen=True)
class _Fit:
    """Posterior of the effects, given responses (day,) with precisions ``weight``."""

    chain: _Chain
    factor: FloatArray  # banded Cholesky factor of the levels' precision
    gram: tuple[FloatArray, bool]  # Cholesky factor of the precision of the other effects
    weight: FloatArray
    response: FloatArray
    effects: FloatArray  # (effect,): posterior means
    log_likelihood: float

    @classmethod
    def of(cls, spread: Spread, chain: _Chain, weight: FloatArray, response: FloatArray) -> _Fit:
        """Levels integrated out by their band, the other effects by a small matrix."""
        variance = np.array([[spread.fast**2], [spread.slow**2]])
        band = _precision(chain.fade, variance, weight)
        factor = cholesky_banded(band, check_finite=False)
        both = np.hstack([chain.loads, response[:, None]])
        weighted = weight[:, None] * both
        cleared = weighted - weight[:, None] * _level_of(factor, weighted)
        prior = chain.prior(spread)
        size = prior.size
        normal = chain.loads.T @ cleared
        gram = cho_factor(np.diag(1.0 / prior) + normal[:, :size], lower=True, check_finite=False)
        effects = cho_solve(gram, normal[:, size], check_finite=False)
        square = float(response @ cleared[:, size] - normal[:, size] @ effects)
        some = weight > 0
        log_det = 2.0 * np.log(factor[-1]).sum() + 2.0 * np.log(np.diag(gram[0])).sum()
        log_det += np.log(prior).sum() - np.log(weight[some]).sum()
        log_det += response.size * np.log(variance).sum() + np.log1p(-(chain.fade**2)).sum()
        return cls(chain, factor, gram, weight, response, effects, -0.5 * (square + log_det))

    def effect(self) -> FloatArray:
        """Posterior mean of everything but the noise of the day, shape (day,)."""
        known = self.chain.loads @ self.effects
        rest = (self.weight * (self.response - known))[:, None]
        total: FloatArray = known + _level_of(self.factor, rest)[:, 0]
        return total

    def variance(self, at: IntArray) -> FloatArray:
        """Posterior variance of the same, for days at some positions, shape (position,)."""
        unit = np.zeros((self.weight.size, at.size))
        unit[at, np.arange(at.size)] = 1.0
        level = _level_of(self.factor, unit)
        left = self.chain.loads[at] - level.T @ (self.weight[:, None] * self.chain.loads)
        known = (left * cho_solve(self.gram, left.T).T).sum(axis=1)
        variance: FloatArray = level[at, np.arange(at.size)] + known
        return np.maximum(variance, 0.0)


def _precision(fade: FloatArray, variance: FloatArray, weight: FloatArray) -> FloatArray:
    """
    Precision of the fast and the slow level, interleaved, in upper banded form.

    Each level alone is a stationary Markov chain; a day's response sees their sum.
    """
    size = weight.size
    lost = 1.0 / (1.0 - fade**2)
    own = np.ones((2, size))
    own[:, 1:] += fade**2 * lost
    own[:, :-1] += fade**2 * lost
    band = np.zeros((3, 2 * size))
    band[2] = (own / variance + weight).T.ravel()
    band[1, 1::2] = weight
    band[0, 2:] = (-fade * lost / variance).T.ravel()
    return band


def _level_of(factor: FloatArray, values: FloatArray) -> FloatArray:
    """Sum of the two levels per day when both see ``values``, (day, column)."""
    both = np.repeat(values, 2, axis=0)
    states = cho_solve_banded((factor, False), both, overwrite_b=True, check_finite=False)
    total: FloatArray = states[0::2] + states[1::2]
    return total


def _working_response(
    spread: Spread, chain: _Chain, arrived: FloatArray, exposure: FloatArray
) -> tuple[FloatArray, FloatArray, float]:
    """Linearised log rates, their Poisson variances, and their centre."""
    eta = _first_guess(chain.days, arrived, exposure)
    centre = float(np.median(eta))
    response, poisson = eta, np.ones_like(eta)
    for step in range(5):
        mean = np.maximum(exposure * np.exp(eta), 1e-9)
        poisson = 1.0 / np.maximum(mean, 0.05)
        wide = float((spread.as_array() ** 2).sum()) + (0.0 if step else 0.3**2)
        reach = _REACH_SD * np.sqrt(poisson + wide)
        response = eta + np.clip((arrived - mean) / mean, -reach, reach)
        fit = _Fit.of(spread, chain, 1.0 / (poisson + spread.noise**2), response - centre)
        update = centre + fit.effect()
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


def _most_likely(start: Spread, chain: _Chain, response: FloatArray, poisson: FloatArray) -> Spread:
    """Maximum posterior standard deviations for a Gaussian response."""
    prior = np.log(Spread().as_array())
    residual = response - float(np.median(response))

    def loss(logs: FloatArray) -> float:
        spread = Spread(*(float(value) for value in np.exp(logs)))
        fit = _Fit.of(spread, chain, 1.0 / (poisson + spread.noise**2), residual)
        return 0.5 * float((((logs - prior) / _PRIOR_SD) ** 2).sum()) - fit.log_likelihood

    found = minimize(
        loss,
        np.log(start.as_array()),
        method="L-BFGS-B",
        bounds=[(np.log(0.003), np.log(1.0))] * 4,
        options={"maxiter": 15, "ftol": 1e-5},
    )
    return Spread(*(float(value) for value in np.exp(found.x)))
