"""
Day profiles of low rank: what the days of a channel have in common, by singular values.

Days are taken on the square-root scale, each to length 1, so that only their shape counts. The
first few singular vectors span the shapes; a weekday's coordinates are those of its own days,
shrunk towards all days as far as days of one weekday differ among themselves [2]_.

References
----------
.. [1] Shen, H., and J. Z. Huang (2008). Interday forecasting and intraday updating of call
       center arrivals. *Manufacturing & Service Operations Management*, 10(3): 391-410.
       https://doi.org/10.1287/msom.1070.0179
.. [2] Efron, B., and C. Morris (1973). Stein's estimation rule and its competitors. *Journal of
       the American Statistical Association*, 68(341): 117-130.
"""

from __future__ import annotations

import numpy as np

from forecasts.history.series import BoolArray, FloatArray, IntArray

RANK = 3
DAYS_LEAST = 8


def low_rank_shapes(
    counts: FloatArray,
    weekdays: IntArray,
    weights: FloatArray,
    mask: BoolArray,
    *,
    rank: int = RANK,
) -> FloatArray | None:
    """
    Shapes of the weekdays, (weekday, slot), of mean 1 over the open slots of ``mask``.

    Parameters
    ----------
    counts
        Contacts (day, slot) of days that count; NaN where unknown.
    weekdays, weights
        Of the days, (day,).

    Returns
    -------
    FloatArray or None
        None where there are too few days, or weekdays without any.
    """
    open_weekdays = np.flatnonzero(mask.any(axis=1))
    slots = np.flatnonzero(mask.any(axis=0))
    if len(counts) < DAYS_LEAST or not set(open_weekdays) <= set(weekdays.tolist()):
        return None
    days = _unit_days(counts[:, slots], weekdays, mask[:, slots])
    root = np.sqrt(weights)[:, None]
    _, _, vectors = np.linalg.svd(root * days, full_matrices=False)
    scores = days @ vectors[:rank].T
    shapes = np.zeros(mask.shape)
    for weekday in open_weekdays:
        place = _coordinates(scores, weights, weekdays == weekday)
        shape = np.where(mask[weekday, slots], np.maximum(place @ vectors[:rank], 0.0) ** 2, 0.0)
        mean = float(shape[mask[weekday, slots]].mean())
        shapes[weekday, slots] = shape / mean if mean > 0 else mask[weekday, slots]
    return shapes


def _unit_days(counts: FloatArray, weekdays: IntArray, mask: BoolArray) -> FloatArray:
    """Days of length 1 on the root scale; unknown cells are the mean of their weekday."""
    known = np.isfinite(counts) & mask[weekdays]
    filled = np.where(known, counts, 0.0)
    for weekday in np.unique(weekdays):
        on = weekdays == weekday
        seen = known[on].sum(axis=0)
        usual = filled[on].sum(axis=0) / np.maximum(seen, 1)
        filled[on] = np.where(known[on], filled[on], usual)
    roots = np.sqrt(filled)
    length = np.sqrt((roots**2).sum(axis=1, keepdims=True))
    unit: FloatArray = roots / np.maximum(length, 1e-12)
    return unit


def _coordinates(scores: FloatArray, weights: FloatArray, own: BoolArray) -> FloatArray:
    """A weekday's mean scores, shrunk towards those of all days, (vector,)."""
    everyone = (weights[:, None] * scores).sum(axis=0) / weights.sum()
    mean = (weights[own, None] * scores[own]).sum(axis=0) / weights[own].sum()
    count = float(weights[own].sum() ** 2 / (weights[own] ** 2).sum())
    within = scores[own].var(axis=0) if own.sum() > 1 else scores.var(axis=0)
    between = np.maximum((mean - everyone) ** 2 - within / count, 0.0)
    share = between / np.maximum(between + within / count, 1e-15)
    place: FloatArray = everyone + share * (mean - everyone)
    return place
