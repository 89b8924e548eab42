"""
Every model's view of the days ahead, from one past that has been cleaned once.

Levels of the day times a shape (two levels), a level times a shape of low rank, and models that
speak of every interval directly. None sees special days; their effects are multiplied on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.history.series import FloatArray, IntArray, weekday_of
from forecasts.history.shape import Shape
from forecasts.models.day_level import Spread, learn_spread, predict, served_weekdays
from forecasts.models.double_seasonal import double_seasonal
from forecasts.models.gamma_poisson import gamma_poisson
from forecasts.models.recent_weeks import YARDSTICKS, recent_weeks
from forecasts.models.regression import month_factors, regressed_rates
from forecasts.models.smoothing import smoothed_rates
from forecasts.models.steps import step_logs
from forecasts.models.trend import trend_logs
from forecasts.models.year_season import year_season

LEVEL_TIMES = 4  # weeks for the mixed model of the level / weeks for the shape of the day
MIXED, SMOOTHED, REGRESSED = "mixed model", "smoothing", "regression"
LOW_RANK, DOUBLE_SEASONAL, GAMMA_POISSON = "low-rank profile", "double-seasonal", "gamma-poisson"
RARE_HALF_LIFE_DAYS = 56.0
_DAYS_LEAST = 21  # from which on models beside the mixed one are tried
_CONTACTS_LEAST = 3.0  # a day, below which logarithms of a day's contacts say nothing


@dataclass(frozen=True)
class Levels:
    """Rates per interval of mean shape by model, (day ahead,), and what the mixed model doubts."""

    rates: dict[str, FloatArray]
    variance: FloatArray
    spread: Spread


def day_levels(
    days: IntArray,
    arrived: FloatArray,
    exposure: FloatArray,
    ahead: IntArray,
    *,
    weeks: int,
    spread: Spread | None,
) -> Levels:
    """The level of the days ahead by every model that has enough to learn from."""
    season = year_season(days, arrived, exposure, np.concatenate([days, ahead]))
    exposure, to_come = exposure * season[: days.size], season[days.size :]
    trend = np.exp(trend_logs(days, arrived, exposure, np.concatenate([days, ahead])))
    level, grown = exposure * trend[: days.size], trend[days.size :]
    steps = np.exp(step_logs(days, arrived, level))
    exposure, level = exposure * steps, level * steps
    recent = days > days[-1] - 7 * weeks * LEVEL_TIMES
    inputs = days[recent], arrived[recent], level[recent]
    served = served_weekdays(days)
    spread = spread or learn_spread(*inputs, served)
    mixed = predict(spread, *inputs, ahead, served)
    rates = {MIXED: mixed.rate * grown}
    if np.median(inputs[1]) == 0:  # most days are empty: their logarithms know no mean
        weight = 0.5 ** ((days[-1] - inputs[0]) / RARE_HALF_LIFE_DAYS)
        rate = float((weight * inputs[1]).sum() / (weight * exposure[recent]).sum())
        rates[MIXED] = np.full(ahead.size, rate)
    if days.size >= _DAYS_LEAST and float(np.median(arrived)) >= _CONTACTS_LEAST:
        month = month_factors(days, arrived, exposure, np.concatenate([days, ahead]), served)
        plain = smoothed_rates(days, arrived, exposure * month[: days.size], ahead)
        rates[SMOOTHED] = plain * month[days.size :]
        rates[REGRESSED] = regressed_rates(days, arrived, level, ahead, served) * grown
    most = 10.0 * float((arrived / exposure).max())  # an extrapolation beyond is a fault
    held = {name: np.clip(rate, 0.0, most) * to_come for name, rate in rates.items()}
    return Levels(held, mixed.variance, spread)


def candidates(
    levels: Levels,
    days: IntArray,
    counts: FloatArray,
    shape: Shape,
    by_rank: FloatArray | None,
    ahead: IntArray,
) -> dict[str, FloatArray]:
    """
    Expected contacts by model, (day ahead, slot).

    ``counts`` (day, slot) of consecutive ``days`` hold NaN on all but ordinary days;
    ``by_rank`` is a shape of low rank, (weekday, slot).
    """
    weekdays = weekday_of(ahead)
    profile = shape.values[weekdays]
    found = {name: rate[:, None] * profile for name, rate in levels.rates.items()}
    mixed = found[MIXED]
    if int(np.isfinite(counts).any(axis=1).sum()) < _DAYS_LEAST:
        return found
    if by_rank is not None:
        level = np.mean(list(levels.rates.values()), axis=0)
        found[LOW_RANK] = level[:, None] * by_rank[weekdays]
    for name, model in ((DOUBLE_SEASONAL, double_seasonal), (GAMMA_POISSON, gamma_poisson)):
        direct = model(days, counts, shape.mask, ahead)
        if direct is not None:
            found[name] = direct
    for name in YARDSTICKS:
        plain = recent_weeks(name, days, counts, ahead)
        found[name] = np.where(np.isfinite(plain), plain, mixed) * shape.mask[weekdays]
    return found
