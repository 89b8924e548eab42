"""What a planner without software would forecast, with the spread that it showed before.

Same weekdays, same slots, no handling of holidays: the last value, the mean of four, the median
of six, the mean of eight. Their quantiles come from their own past errors at the same lead, on
the square-root scale, where counts have equal variances.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np

from tests.benchmarks.forecasts.material import Material

LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
YARDSTICKS: dict[str, tuple[int, Callable[..., np.ndarray]]] = {
    "last": (1, np.nanmean),
    "mean of 4": (4, np.nanmean),
    "median of 6": (6, np.nanmedian),
    "mean of 8": (8, np.nanmean),
}
_PAST_WEEKS = 12


def point(material: Material, name: str, cut: int, days: np.ndarray) -> np.ndarray:
    """The yardstick's forecast of days from what came before ``cut``, (day, slot)."""
    count, mean = YARDSTICKS[name]
    known = (material.days < cut) & np.isfinite(material.grid).any(axis=1)
    found = np.full((days.size, material.grid.shape[1]), np.nan)
    for weekday in np.unique((days + 3) % 7):
        past = material.grid[known & ((material.days + 3) % 7 == weekday)][-count:]
        if len(past):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)  # slots that are never open
                found[(days + 3) % 7 == weekday] = mean(past, axis=0)
    return found


def quantiles(
    material: Material, name: str, cut: int, days: np.ndarray, middle: np.ndarray
) -> np.ndarray:
    """Quantiles at :data:`LEVELS` of days from the first of ``days`` on, (level, day, slot)."""
    ahead = int(days[0]) - cut
    errors = []
    for back in range(1, _PAST_WEEKS + 1):
        earlier = days - 7 * back
        earlier = earlier[(earlier >= material.days[0]) & (earlier < cut)]
        origin = int(days[0]) - 7 * back - ahead
        if not earlier.size or origin <= material.days[0] + 7:
            continue
        actual = material.grid[earlier - material.days[0]]
        errors.append((rooted(actual) - rooted(point(material, name, origin, earlier))).ravel())
    pooled = np.concatenate(errors) if errors else np.zeros(1)
    pooled = pooled[np.isfinite(pooled)]
    spread = np.quantile(pooled if pooled.size else np.zeros(1), LEVELS)
    return np.maximum(np.maximum(rooted(middle) + spread[:, None, None], 0.0) ** 2 - 0.25, 0.0)


def rooted(counts: np.ndarray) -> np.ndarray:
    """Counts on the scale on which their variances are equal."""
    return np.sqrt(counts + 0.25)
