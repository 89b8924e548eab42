"""
Which models to believe, and how far: a blend per week of lead, from out-of-sample errors.

Models are averaged with weights that fall with their absolute errors from past origins [1]_ [2]_.
Errors that no model could have avoided (Poisson noise at that volume) are not held against any.
Few origins say little, so weights start from what is known in general: every model alike, plain
averages of recent weeks a little. A guard compares the blend, weighed for each origin by the
others only, with the best plain average: where that was better by more than noise, it is used.

References
----------
.. [1] Bates, J. M., and C. W. J. Granger (1969). The combination of forecasts. *Operational
       Research Quarterly*, 20(4): 451-468. https://doi.org/10.1057/jors.1969.103
.. [2] Timmermann, A. (2006). Forecast combinations. *Handbook of Economic Forecasting* 1:
       135-196. https://doi.org/10.1016/S1574-0706(05)01004-9
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import gammaln

from forecasts.history.series import FloatArray, IntArray
from forecasts.models.recent_weeks import YARDSTICKS

GROUPS = 4  # weeks of lead that are told apart: 1, 2, 3, and 4 or more
SHARPNESS = 6.0  # of weights, per relative loss that could have been avoided
_AVOIDABLE_LEAST = 0.25  # of the loss of the best model
_PRIOR_ORIGINS = 4.0  # origins that weigh as much as what is known before
_OTHER_WEEKS = 0.5  # what an error at another lead says about this one
# What is believed before: models of the day with a weekday, a level and the month in full, as in
# the literature at these leads; those that mostly follow the last weeks, or one shape, less.
_PRIORS = {
    "mixed model": 1.0,
    "regression": 1.0,
    "smoothing": 0.4,
    "low-rank profile": 0.3,
    "gamma-poisson": 0.2,
    "double-seasonal": 0.15,
}
_PLAIN_PRIOR = 0.05
_RARE = 0.7  # contacts a cell, below which most are empty
_GUARD_ORIGINS = 8
_NOISE_SD = 2.5  # standard errors by which a plain average must be better to be used,
_NOISE_SD_ALONE = 3.5  # and at one week of lead alone


@dataclass(frozen=True)
class Blend:
    """Weights of models by week of lead, (model, group); columns sum to 1."""

    models: tuple[str, ...]
    weights: FloatArray
    guarded: tuple[bool, ...] = (False,) * GROUPS

    @classmethod
    def before_errors(cls, models: Iterable[str]) -> Blend:
        """What is believed where nothing could be trials."""
        names = tuple(models)
        prior = _prior(names)
        return cls(names, np.tile((prior / prior.sum())[:, None], (1, GROUPS)))

    def mean(self, candidates: dict[str, FloatArray], group: IntArray) -> FloatArray:
        """
        The blend of means (day, slot), for days in some week of lead, (day,).

        Models that say nothing now leave their weight to the others.
        """
        names = [name for name in self.models if name in candidates]
        rows = np.array([self.models.index(name) for name in names])
        weight = self.weights[rows][:, group]
        total = weight.sum(axis=0)
        weight = np.where(total > 0, weight, 1.0) / np.where(total > 0, total, len(names))
        blended: FloatArray = np.einsum(
            "kd,kds->ds", weight, np.array([candidates[name] for name in names])
        )
        return blended


@dataclass(frozen=True)
class Trials:
    """
    What models said of past cells: ``said`` (model, cell), the rest (cell,).

    ``group`` is the week of lead, ``origin`` numbers the origins.
    """

    models: tuple[str, ...]
    said: FloatArray
    actual: FloatArray
    group: IntArray
    origin: IntArray


@dataclass(frozen=True)
class Choice:
    """The blend, its out-of-sample means of the tested cells, and the table of losses."""

    blend: Blend
    mean: FloatArray
    wape: FloatArray  # (model, group), NaN where nothing was tested
    blend_wape: FloatArray  # (group,)


def week_of_lead(lead_days: IntArray) -> IntArray:
    """The group of days that lie some days after the last one known (1 is the next)."""
    group: IntArray = np.clip((lead_days - 1) // 7, 0, GROUPS - 1)
    return group


def choose(trials: Trials) -> Choice:
    """The blend that past origins speak for."""
    loss, floor, total = _losses(trials)
    origins = loss.shape[0]
    everything = loss.sum(axis=0), floor.sum(axis=0), total.sum(axis=0)
    weights = _weights(trials.models, *everything, origins)
    mean = np.empty(trials.actual.size)
    for origin in range(origins):  # each is weighed by the others
        own = _weights(
            trials.models,
            everything[0] - loss[origin],
            everything[1] - floor[origin],
            everything[2] - total[origin],
            origins - 1,
        )
        on = trials.origin == origin
        mean[on] = (own[:, trials.group[on]] * trials.said[:, on]).sum(axis=0)
    weights, mean, guarded = _guarded(trials, weights, mean, loss)
    wrong = np.array(
        [np.bincount(trials.group, np.abs(one - trials.actual), GROUPS) for one in trials.said]
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        wape = np.where(everything[2] > 0, wrong / everything[2], np.nan)
        missed = np.bincount(trials.group, np.abs(mean - trials.actual), GROUPS)
        blend_wape = np.where(everything[2] > 0, missed / everything[2], np.nan)
    return Choice(Blend(trials.models, weights, guarded), mean, wape, blend_wape)


def table_of(channel: str, choice: Choice | None, blend: Blend) -> pd.DataFrame:
    """
    Which model weighs how much, and how wrong it was: a row per week of lead and model.

    Columns channel, week (1 to 4, the last for all that follow), model (``blend`` is all of them
    together), weight and wape (shares; NaN where nothing was tested).
    """
    rows = []
    for group in range(GROUPS):
        tested = choice is not None and bool(np.isfinite(choice.blend_wape[group]))
        for row, name in enumerate(blend.models):
            wape = float(choice.wape[row, group]) if choice and tested else float("nan")
            rows.append((channel, group + 1, name, float(blend.weights[row, group]), wape))
        together = float(choice.blend_wape[group]) if choice and tested else float("nan")
        rows.append((channel, group + 1, "blend", 1.0, together))
    return pd.DataFrame(rows, columns=["channel", "week", "model", "weight", "wape"])


def _prior(models: tuple[str, ...]) -> FloatArray:
    """Weights before any error is seen, not normalised."""
    return np.array([_PRIORS.get(name, _PLAIN_PRIOR) for name in models])


def _losses(trials: Trials) -> tuple[FloatArray, FloatArray, FloatArray]:
    """
    Losses (origin, model, group), Poisson noise and contacts (origin, group).

    Absolute errors; squared ones where most cells are empty.
    """
    origins = int(trials.origin.max()) + 1
    place = trials.origin * GROUPS + trials.group
    size, shape = origins * GROUPS, (origins, GROUPS)
    missed = np.abs(trials.said - trials.actual)
    usual = trials.said.mean(axis=0)
    noise = poisson_noise(usual)
    if trials.actual.mean() < _RARE:  # absolute errors would ask for the median, which is 0
        missed, noise = missed**2, usual
    rows = [np.bincount(place, one, size).reshape(shape) for one in missed]
    floor = np.bincount(place, noise, size).astype(np.float64).reshape(shape)
    total = np.bincount(place, trials.actual, size).astype(np.float64).reshape(shape)
    return np.stack(rows, axis=1), floor, total


def poisson_noise(mean: FloatArray) -> FloatArray:
    """Mean absolute deviation of Poisson counts from their mean (exact for whole means)."""
    m = np.maximum(mean, 1e-12)
    whole = np.floor(m)
    noise: FloatArray = 2.0 * np.exp((whole + 1) * np.log(m) - m - gammaln(whole + 1))
    return noise


def _weights(
    models: tuple[str, ...], loss: FloatArray, floor: FloatArray, total: FloatArray, origins: int
) -> FloatArray:
    """Weights (model, group) from summed losses."""
    others = _OTHER_WEEKS * (np.ones((GROUPS, GROUPS)) - np.eye(GROUPS)) + np.eye(GROUPS)
    scale = np.where(total > 0, total, 1.0)
    known = (total > 0).astype(np.float64)
    share = (loss / scale * known) @ others / np.maximum(known @ others, 1e-12)
    noise = (floor / scale * known) @ others / np.maximum(known @ others, 1e-12)
    best = share.min(axis=0)
    avoidable = np.maximum(best - noise, _AVOIDABLE_LEAST * best)
    regret = (share - best) / np.where(avoidable > 0, avoidable, 1.0)
    trust = origins / (origins + _PRIOR_ORIGINS)
    weights = _prior(models)[:, None] * np.exp(-SHARPNESS * trust * regret)
    normal: FloatArray = weights / weights.sum(axis=0)
    return normal


def _guarded(
    trials: Trials, weights: FloatArray, mean: FloatArray, loss: FloatArray
) -> tuple[FloatArray, FloatArray, tuple[bool, ...]]:
    """
    The plain average instead of the blend, where it was better by more than noise.

    Each week of lead alone by a wide margin, because neighbouring origins err alike, then all
    together.
    """
    plain = [k for k, name in enumerate(trials.models) if name in YARDSTICKS]
    power = 2 if trials.actual.mean() < _RARE else 1
    place = trials.origin * GROUPS + trials.group
    missed = np.bincount(place, np.abs(mean - trials.actual) ** power, loss.shape[0] * GROUPS)
    seen = np.bincount(place, minlength=loss.shape[0] * GROUPS).reshape(-1, GROUPS) > 0
    ours = missed.reshape(-1, GROUPS)
    every = slice(0, GROUPS)
    tests = [(slice(g, g + 1), _NOISE_SD_ALONE) for g in range(GROUPS)] + [(every, _NOISE_SD)]
    for groups, noise_sd in tests:
        tried = seen[:, groups].any(axis=1)
        if not plain or tried.sum() < _GUARD_ORIGINS:
            continue
        best = plain[int(loss[:, plain][:, :, groups].sum(axis=(0, 2)).argmin())]
        worse = (ours - loss[:, best])[tried, groups].sum(axis=1)
        if worse.mean() > max(0.0, noise_sd * float(worse.std(ddof=1)) / np.sqrt(worse.size)):
            weights, mean, ours = weights.copy(), mean.copy(), ours.copy()
            weights[:, groups] = np.arange(len(trials.models))[:, None] == best
            on = np.isin(trials.group, np.arange(GROUPS)[groups])
            mean[on] = trials.said[best, on]
            ours[:, groups] = loss[:, best, groups]
    by_plain = weights[plain].max(axis=0) == 1.0 if plain else np.zeros(GROUPS, dtype=np.bool_)
    return weights, mean, tuple(bool(one) for one in by_plain)
