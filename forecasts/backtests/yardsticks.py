"""
The yardsticks with a spread: plain averages of recent weeks, and how wrong they were before.

Their quantiles come from their own errors at the same lead in earlier weeks, on the square-root
scale, where counts have equal variances (Bartlett, M. S. (1936). The square root transformation
in analysis of variance. *Supplement to the Journal of the Royal Statistical Society*, 3(1):
68-78. https://doi.org/10.2307/2983678).
"""

from __future__ import annotations

import numpy as np

from forecasts.history.series import FloatArray, IntArray
from forecasts.models.recent_weeks import recent_weeks

LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
_PAST_WEEKS = 12


def yardstick(
    name: str, days: IntArray, counts: FloatArray, ahead: IntArray, cut: int
) -> FloatArray:
    """
    Mean and quantiles at :data:`LEVELS` of the days ahead, (value, day ahead, slot).

    Parameters
    ----------
    days, counts
        Consecutive days and their counts, (day, slot), NaN where unknown; nothing from ``cut`` on
        is looked at.
    ahead
        Consecutive days from ``cut`` on.
    """
    known = days < cut
    days, counts = days[known], counts[known]
    middle = recent_weeks(name, days, counts, ahead)
    errors = [np.zeros(1)]
    for back in range(7, 7 * _PAST_WEEKS + 1, 7):
        earlier = ahead - back
        came = earlier[(earlier >= days[0]) & (earlier < cut)]
        before = days < cut - back
        if came.size and before.any():
            said = recent_weeks(name, days[before], counts[before], came)
            missed = _rooted(counts[came - days[0]]) - _rooted(said)
            errors.append(missed[np.isfinite(missed)])
    spread = np.quantile(np.concatenate(errors), LEVELS)
    bands = np.maximum(_rooted(middle) + spread[:, None, None], 0.0) ** 2 - 0.25
    return np.concatenate([middle[None], np.maximum(bands, 0.0)])


def _rooted(counts: FloatArray) -> FloatArray:
    """Counts on the scale on which their variances are equal."""
    return np.sqrt(counts + 0.25)
