"""
Counts of a small queue: Gamma rates per weekday and slot, Poisson contacts.

A cell's rate has a Gamma prior around what the channel's weekdays and slots lead one to expect
(the product of the two margins), worth some weeks of observation; its own weeks, discounted by
age, update it (conjugate, so in closed form). Strength of the prior and discount are those of a
small grid under which the weeks that followed were most likely: each week is scored by the
negative binomial law that the weeks before it imply. Zeros are as informative as contacts, so
intermittent queues need no special care.

References
----------
.. [1] Gelman, A., et al. (2013). *Bayesian Data Analysis*, 3rd edition, section 2.6.
.. [2] Weinberg, J., L. D. Brown, and J. R. Stroud (2007). Bayesian forecasting of an
       inhomogeneous Poisson process with applications to call center data. *Journal of the
       American Statistical Association*, 102(480): 1185-1198.
       https://doi.org/10.1198/016214506000001455
"""

from __future__ import annotations

from itertools import product

import numpy as np
from scipy.special import gammaln

from forecasts.history.series import BoolArray, FloatArray, IntArray, weekday_of

PRIOR_WEEKS = (0.5, 2.0, 8.0, 32.0)
DISCOUNT = (0.8, 0.9, 0.95, 0.99)  # a week
MEAN_MOST = 4.0  # contacts an interval, above which other models say all that this one says
_WEEKS_MOST = 52
_SCORED_WEEKS = 12


def gamma_poisson(
    days: IntArray, counts: FloatArray, mask: BoolArray, ahead: IntArray
) -> FloatArray | None:
    """
    Expected contacts of the days ``ahead``, (day ahead, slot); None for busy or unknown queues.

    ``counts`` (day, slot) of consecutive days hold NaN where nothing is known.
    """
    recent = days > days[-1] - 7 * _WEEKS_MOST
    known = np.isfinite(counts[recent]) & mask[weekday_of(days[recent])]
    if not known.any() or float(counts[recent][known].mean()) > MEAN_MOST:
        return None
    arrived, seen = by_week(days[recent], np.where(known, counts[recent], 0.0), known)
    best, chosen = -np.inf, (8.0, 0.95)
    for prior, discount in product(PRIOR_WEEKS, DISCOUNT):
        found = _log_likelihood(arrived, seen, prior, discount)
        if found > best:
            best, chosen = found, (prior, discount)
    shape, weeks = posterior(arrived, seen, *chosen)
    rate = np.where(mask, shape / np.maximum(weeks, 1e-12), 0.0)
    found_rates: FloatArray = rate[weekday_of(ahead)]
    return found_rates


def by_week(days: IntArray, counts: FloatArray, known: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Contacts and known cells by week of seven days that ends today, (week, weekday, slot)."""
    week = (days[-1] - days) // 7
    arrived = np.zeros((int(week.max()) + 1, 7, counts.shape[1]))
    seen = np.zeros_like(arrived)
    place = week.max() - week, weekday_of(days)
    arrived[place] = counts
    seen[place] = known
    return arrived, seen


def posterior(
    arrived: FloatArray, seen: FloatArray, prior_weeks: float, discount: float
) -> tuple[FloatArray, FloatArray]:
    """Shape and rate parameter of every cell's Gamma law after the last week, (weekday, slot)."""
    age = np.arange(len(arrived))[::-1]
    weight = discount**age
    contacts = np.tensordot(weight, arrived, axes=1)
    weeks = np.tensordot(weight, seen, axes=1)
    shape: FloatArray = contacts + prior_weeks * _margins(contacts, weeks)
    return shape, weeks + prior_weeks


def _margins(contacts: FloatArray, weeks: FloatArray) -> FloatArray:
    """Rates that are a product of a weekday's level and a slot's share, (weekday, slot)."""
    total, exposure = float(contacts.sum()), float(weeks.sum())
    if total <= 0:
        return np.zeros_like(contacts)
    mean = total / exposure
    by_weekday = (contacts.sum(axis=1) + mean) / (weeks.sum(axis=1) + 1.0)
    expected = (by_weekday[:, None] * weeks).sum(axis=0)
    by_slot = (contacts.sum(axis=0) + mean) / (expected + mean)
    margins: FloatArray = by_weekday[:, None] * by_slot[None, :]
    return margins


def _log_likelihood(
    arrived: FloatArray, seen: FloatArray, prior_weeks: float, discount: float
) -> float:
    """Log probability of the last weeks, each given the weeks before it."""
    total = 0.0
    for week in range(max(1, len(arrived) - _SCORED_WEEKS), len(arrived)):
        shape, weeks = posterior(arrived[:week], seen[:week], prior_weeks, discount)
        some = (seen[week] > 0) & (shape > 0)
        size, count = shape[some], arrived[week][some]
        share = weeks[some] / (weeks[some] + 1.0)
        law = gammaln(count + size) - gammaln(size) - gammaln(count + 1.0)
        total += float((law + size * np.log(share) + count * np.log1p(-share)).sum())
    return total
