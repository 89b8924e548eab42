"""
How long contacts will take: the level of handle times, how it drifts, how far a mean may stray.

The log of a day's mean handle time beside its profile is a level that walks at random, the day's
own deviation, and the sampling error of its contacts: a local level model, filtered by Kalman's
recursion [1]_. Drift and deviation are those of a small grid under which the days, each forecast
from those before it, were most likely; without drift the level is a plain average. Quantiles are
of an interval's mean handle time: what is not known of the level, the day's deviation, and the
sampling error at that volume; their shape is that which past intervals had around forecasts made
before them.

References
----------
.. [1] Durbin, J., and S. J. Koopman (2012). *Time Series Analysis by State Space Methods*, 2nd
       edition, sections 2.1 and 2.2. Oxford University Press.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from forecasts.history.series import BoolArray, FloatArray, IntArray, Series, weekday_of
from forecasts.models.handle_time import handle_profile

DRIFTS = (0.0, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.04)  # SD of the level's step, a day
DEVIATIONS = (0.005, 0.01, 0.02, 0.04, 0.08, 0.16)  # SD of a day beside the level
_NORMAL = 1.2815515655446004  # of which 10 % lie above
_FIRST_VARIANCE = 0.3**2
_DRIFT_PRIOR = -0.5  # log prior, for every step of the grid: levels hardly drift
_PRIOR_CELLS = 200.0
_PRIOR_DAYS = 20.0
_DAYS_LEAST = 10
_REACH_SD = 4.0


@dataclass(frozen=True)
class HandleLaw:
    """
    What is known of a channel's handle times beside their profile.

    ``level`` is the log of their level over that of the profile, ``level_variance`` how unsure
    it is on the last day known, ``drift`` what a day adds to that variance; ``day_variance`` is
    that of a day's deviation, ``spread`` the coefficient of variation of single contacts.
    ``low`` and ``high`` are the standardised quantiles at 10 and 90 %.
    """

    level: float = 0.0
    level_variance: float = 0.05**2
    drift: float = 0.005**2
    day_variance: float = 0.03**2
    spread: float = 1.0
    low: float = -_NORMAL
    high: float = _NORMAL

    def variance(self, contacts: FloatArray, lead_days: IntArray) -> FloatArray:
        """Variance of the log of an interval's mean handle time, (row,)."""
        known = self.level_variance + self.drift * lead_days + self.day_variance
        variance: FloatArray = known + self.spread**2 / np.maximum(contacts, 1.0)
        return variance

    def quantiles(
        self, mean_s: FloatArray, contacts: FloatArray, lead_days: IntArray
    ) -> tuple[FloatArray, FloatArray]:
        """Seconds at 10 and 90 % of intervals with that expectation, (row,) each."""
        deviation = np.sqrt(np.log1p(self.variance(contacts, lead_days)))
        middle = mean_s * np.exp(-0.5 * deviation**2)
        low = np.minimum(middle * np.exp(self.low * deviation), mean_s)
        return low, np.maximum(middle * np.exp(self.high * deviation), mean_s)

    def given(
        self, log_ratio: float, contacts: float, lead_days: IntArray, today: IntArray
    ) -> FloatArray:
        """
        Factors on handle times after contacts that took ``exp(log_ratio)`` times the expected.

        ``today`` is 1 for rows of the day of these contacts, 0 for later ones, (row,); the level
        is carried on, the day's deviation is not.
        """
        level = self.level_variance + self.drift * float(lead_days.min(initial=0))
        total = level + self.day_variance + self.spread**2 / max(contacts, 1.0)
        gain = (level + self.day_variance * today) / total
        factor: FloatArray = np.exp(gain * log_ratio)
        return factor


def learn_handle_law(past: Series, profile: FloatArray, weeks: int) -> HandleLaw:
    """
    The law that past handle times around their ``profile`` (weekday, slot) show.

    ``weeks`` recent weeks, and twice as many before them, are looked at.
    """
    expected = profile[past.weekdays]
    known = (past.contacts > 0) & np.isfinite(past.handle_s) & (past.handle_s > 0)
    known &= np.isfinite(expected) & (expected > 0)
    if known.any():
        last = int(past.days[known.any(axis=1)][-1])
        known &= (past.days > last - 21 * weeks)[:, None]
    at = np.flatnonzero(known.any(axis=1))
    if at.size < 2:
        return HandleLaw()
    contacts = np.where(known, past.contacts, 0.0)[at]
    ratio = np.where(known, past.handle_s / np.where(known, expected, 1.0), 1.0)[at]
    spread = _spread(np.log(ratio), contacts)
    reach = _REACH_SD * np.sqrt(spread**2 / np.maximum(contacts, 1.0) + 0.1**2)
    ratio = np.clip(ratio, np.exp(-reach), 1.0 + reach)
    weight = contacts * expected[at]
    total = weight.sum(axis=1)
    days = np.log((weight * ratio).sum(axis=1) / total)
    noise = spread**2 / contacts.sum(axis=1)
    apart = np.diff(past.days[at], prepend=past.days[at][0]).astype(np.float64)
    drift, deviation = _most_likely(days, noise, apart)
    _, level, variance, before = _filtered(days, noise, apart, drift, deviation)
    law = HandleLaw(float(level), float(variance), drift**2, deviation**2, spread)
    some = known[at] & (np.arange(at.size) > at.size // 4)[:, None]
    return _shaped(law, ratio, contacts, before, some)


def with_volume(past: Series, profile: FloatArray) -> float:
    """
    Correlation of days' handle times with their contacts, each beside its weekday's median.

    Shrunk towards 0 as far as days are few; NaN where there are too few to say.
    """
    known = (past.contacts > 0) & np.isfinite(past.handle_s) & np.isfinite(past.counts)
    at = np.flatnonzero(known.any(axis=1))
    if at.size < _DAYS_LEAST:
        return float("nan")
    contacts = np.where(known, past.contacts, 0.0)[at]
    expected = (contacts * profile[past.weekdays[at]]).sum(axis=1)
    took = (contacts * np.where(known, past.handle_s, 0.0)[at]).sum(axis=1)
    both = np.log(np.array([took / np.maximum(expected, 1e-9), np.nansum(past.counts[at], axis=1)]))
    if not np.isfinite(both).all():
        return float("nan")
    for weekday in range(7):
        on = past.weekdays[at] == weekday
        if on.any():
            both[:, on] -= np.median(both[:, on], axis=1, keepdims=True)
    ranks = both.argsort(axis=1).argsort(axis=1).astype(np.float64)
    ranks -= ranks.mean(axis=1, keepdims=True)
    rank = float((ranks[0] * ranks[1]).sum() / np.sqrt((ranks**2).sum(axis=1).prod()))
    return rank * at.size / (at.size + _PRIOR_DAYS)


def _spread(log_ratio: FloatArray, contacts: FloatArray) -> float:
    """Coefficient of variation of one contact, from intervals' means, robustly."""
    some = contacts > 0
    scaled = np.sqrt(contacts[some]) * np.abs(log_ratio[some] - np.median(log_ratio[some]))
    return float(np.clip(1.4826 * np.median(scaled), 0.1, 3.0))


def _most_likely(days: FloatArray, noise: FloatArray, apart: FloatArray) -> tuple[float, float]:
    """Drift and deviation under which every day, forecast from those before, was most likely."""
    best, chosen = -np.inf, (DRIFTS[0], DEVIATIONS[2])
    for (step, drift), deviation in product(enumerate(DRIFTS), DEVIATIONS):
        found = _filtered(days, noise, apart, drift, deviation)[0] + _DRIFT_PRIOR * step
        if found > best:
            best, chosen = found, (drift, deviation)
    return chosen


def _filtered(
    days: FloatArray, noise: FloatArray, apart: FloatArray, drift: float, deviation: float
) -> tuple[float, float, float, FloatArray]:
    """Log likelihood, last level, its variance, and the level that each day was forecast with."""
    level, variance, total = 0.0, _FIRST_VARIANCE, 0.0
    before = np.empty(days.size)
    for at in range(days.size):
        variance += drift**2 * apart[at]
        before[at] = level
        foreseen = variance + noise[at] + deviation**2
        error = days[at] - level
        held = float(np.clip(error, -_REACH_SD * foreseen**0.5, _REACH_SD * foreseen**0.5))
        total -= 0.5 * (np.log(foreseen) + held**2 / foreseen)
        gain = variance / foreseen
        level += gain * held
        variance *= 1.0 - gain
    return total, level, variance, before


def _shaped(
    law: HandleLaw, ratio: FloatArray, contacts: FloatArray, before: FloatArray, some: BoolArray
) -> HandleLaw:
    """The law with the quantiles that intervals had around what was forecast before them."""
    if not some.any():
        return law
    lead = np.ones(1, dtype=np.int64)
    deviation = np.sqrt(np.log1p(law.variance(contacts, lead)))
    error = np.log(np.maximum(ratio, 1e-6)) - before[:, None] + 0.5 * deviation**2
    standard = (error / deviation)[some]
    trust = standard.size / (standard.size + _PRIOR_CELLS)
    low, high = np.quantile(standard, [0.1, 0.9])
    return HandleLaw(
        law.level,
        law.level_variance,
        law.drift,
        law.day_variance,
        law.spread,
        float(min(trust * low - (1 - trust) * _NORMAL, -0.3)),
        float(max(trust * high + (1 - trust) * _NORMAL, 0.3)),
    )


@dataclass(frozen=True)
class HandleTimes:
    """
    Handle times of rows in seconds: expected, and quantiles of an interval's mean, (row,) each.

    NaN where the history has none. ``with_volume`` is the correlation with contacts, by day.
    """

    mean_s: FloatArray
    low_s: FloatArray
    high_s: FloatArray
    law: HandleLaw
    with_volume: float

    def columns(self) -> dict[str, FloatArray]:
        """Columns of a forecast."""
        return {"aht_s": self.mean_s, "aht_q10": self.low_s, "aht_q90": self.high_s}

    def notes(self) -> tuple[str, ...]:
        """What to say where nothing is known."""
        if np.isfinite(self.mean_s).any():
            return ()
        return ("no handle times in the history; they must come from the plan (aht_s)",)


def handle_times(
    past: Series | None, weeks: int, day: IntArray, slot: IntArray, contacts: FloatArray
) -> HandleTimes:
    """
    The handle times of rows with that many expected contacts, (row,) each.

    ``weeks`` recent weeks shape the profile.
    """
    profile = handle_profile(past, weeks) if past else None
    if past is None or profile is None:
        none = np.full(day.size, np.nan)
        return HandleTimes(none, none, none, HandleLaw(), float("nan"))
    law = learn_handle_law(past, profile, weeks)
    mean = profile[weekday_of(day), slot] * np.exp(law.level)
    low, high = law.quantiles(mean, contacts, np.maximum(day - int(past.days[-1]), 1))
    return HandleTimes(mean, low, high, law, with_volume(past, profile))
