"""
From out-of-sample errors to a distribution: days first, then what lies within them.

The law of days is learned from day totals (:mod:`forecasts.uncertainty.day_law`). What single
intervals vary beside their day is then set so that the central 80 % of intervals hold 80 % of the
past counts, and a last factor so that 95 % hold 95 %, in the sense of the non-randomised
probability integral transform for counts [1]_. So intervals, days and weeks promise what one law
implies, and scenarios are drawn from it. Few independent errors change little.

References
----------
.. [1] Czado, C., T. Gneiting, and L. Held (2009). Predictive model assessment for count data.
       *Biometrics*, 65(4): 1254-1261. https://doi.org/10.1111/j.1541-0420.2009.01191.x
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from forecasts.backtests.origins import Errors
from forecasts.backtests.selection import week_of_lead
from forecasts.history.series import FloatArray, IntArray
from forecasts.uncertainty.day_law import DayLaw, DayTotals, learn_day_law
from forecasts.uncertainty.dependence import DayErrors, Dependence, learn_dependence
from forecasts.uncertainty.distribution import (
    HIGH,
    INTERVAL_VARIANCE,
    LOW,
    TAIL_HIGH,
    TAIL_LOW,
    Uncertainty,
    by_moments,
    held_share,
    whole_days,
)

_CELLS_MOST = 3000
_CELLS_LEAST = 50
_PRIOR_ERRORS = 5.0  # independent errors that weigh as much as what is known before
_STEPS = 9


@dataclass(frozen=True)
class Learned:
    """The distribution of a channel, its dependence, and the errors of its days."""

    unsure: Uncertainty
    dependence: Dependence = field(default_factory=Dependence)
    days: DayErrors | None = None


def learn(errors: Errors, slots: int, interval_min: int) -> Learned:
    """What out-of-sample errors say of the next ones; general experience where there are none."""
    if not errors.size or not errors.origin.size or errors.mean.sum() <= 0:
        law = DayLaw()
        within = np.full(slots, INTERVAL_VARIANCE if slots > 1 else 0.0)
        return Learned(Uncertainty(law, within, _tail_of_days(law)))
    first = by_moments(errors, slots, interval_min)
    dependence, of_days = learn_dependence(errors, first)
    totals, known = day_totals(errors, first, dependence.slots)
    law = learn_day_law(totals, dependence.next_day, dependence.fade, known)
    unsure = Uncertainty(law, first.interval, _tail_of_days(law))
    if not whole_days(errors):
        unsure = _with_cells(unsure, errors)
    return Learned(unsure, dependence, of_days)


def day_totals(errors: Errors, unsure: Uncertainty, slots: float) -> tuple[DayTotals, IntArray]:
    """
    Past totals of days and the last day known before each; days without expectation left out.

    ``slots`` is the correlation of neighbouring intervals.
    """
    numbers, at = np.unique(errors.day, return_inverse=True)
    first = np.unique(at, return_index=True)[1]

    def total(values: FloatArray) -> FloatArray:
        return np.bincount(at, values, numbers.size).astype(np.float64)

    mean = total(errors.mean)
    safe = np.maximum(mean, 1e-9)
    within = total(unsure.interval[errors.slot] * errors.mean**2) * (1 + slots) / (1 - slots)
    days = DayTotals(
        total(errors.actual),
        mean,
        total(errors.variance * errors.mean) / safe,
        within / safe**2,
        week_of_lead(errors.lead[first]),
        errors.origin[first],
        errors.date[first],
    )
    some = np.flatnonzero(mean > 0)
    return days.of(some), (errors.date[first] - errors.lead[first])[some]


def _tail_of_days(law: DayLaw) -> float:
    """How much wider days are at 95 % than the Gamma law that fits them at 80 %."""
    return law.widening(TAIL_HIGH) / law.widening(HIGH)


def _with_cells(unsure: Uncertainty, errors: Errors) -> Uncertainty:
    """Variances within the day, and the tail, with which intervals hold what they promise."""
    some = errors.thinned(_CELLS_MOST)
    on = some.mean > 0
    if on.sum() < _CELLS_LEAST:
        return unsure
    actual, mean = some.actual[on], some.mean[on]
    day = unsure.day_part(some.variance, week_of_lead(some.lead))[on]
    within = unsure.interval[some.slot][on]
    both = day + within + day * within
    of_day, of_cell = (part * mean / (1.0 + both * mean) for part in (day, within))
    # days speak as independent errors do, cells by the part of their variance that is their own
    independent = unsure.law.errors * float((of_day**2).mean())
    independent += np.unique(errors.day).size * float((of_cell**2).mean())
    trust = independent / (independent + _PRIOR_ERRORS)

    def fitted(law: Callable[[float], FloatArray], shares: tuple[float, float]) -> float:
        return _fitted(actual, mean, law, shares)

    scale = float(np.exp(trust * fitted(lambda k: day + k * within * (1 + day), (LOW, HIGH))))
    variance = day + scale * within * (1 + day)
    usual = np.log(unsure.tail) * float((day / both).mean())
    seen = fitted(lambda k: k * variance, (TAIL_LOW, TAIL_HIGH))
    tail = float(np.exp(trust * seen + (1 - trust) * usual))
    return replace(unsure, interval=scale * unsure.interval, tail=max(tail, 1.0))


def _fitted(
    actual: FloatArray,
    mean: FloatArray,
    law: Callable[[float], FloatArray],
    shares: tuple[float, float],
) -> float:
    """The logarithm of the factor with which a central interval holds its share of counts."""
    low, high = np.log(0.05), np.log(4.0)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        held = held_share(actual, mean, law(float(np.exp(middle))), shares)
        low, high = (middle, high) if held < shares[1] - shares[0] else (low, middle)
    return float((low + high) / 2)
