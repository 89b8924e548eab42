"""
A channel of which nobody has come yet: not a single contact is not none for ever.

After n intervals without a contact a rate of up to 3 / n an interval is as likely as 1 in 20
to have shown nothing (rule of three [1]_).

References
----------
.. [1] Hanley, J. A., and A. Lippman-Hand (1983). If nothing goes wrong, is everything all right?
       *Journal of the American Medical Association*, 249(13): 1743-1745.
       https://doi.org/10.1001/jama.1983.03330370053031
"""

from __future__ import annotations

import numpy as np
from scipy.stats import poisson

from forecasts.history.series import BoolArray, FloatArray, Series

_CERTAIN = -np.log(0.05)  # 3, nearly


def silent_rate(series: Series, mask: BoolArray) -> float:
    """Contacts an interval that are still possible with 95 % certainty; 0 where any came."""
    seen = np.isfinite(series.counts) & mask[series.weekdays]
    if not seen.any() or float(series.counts[np.isfinite(series.counts)].sum()) > 0:
        return 0.0
    return float(_CERTAIN / seen.sum())


def with_silence(
    made: dict[str, FloatArray], rate: float, is_open: BoolArray
) -> dict[str, FloatArray]:
    """Quantiles of rows, raised to those of a rate that has shown nothing, (row,) each."""
    if rate <= 0:
        return made
    shares = {"offered_q90": 0.9, "offered_q975": 0.975}
    upper = {name: float(poisson.ppf(share, rate)) for name, share in shares.items()}
    return {
        name: np.maximum(values, np.where(is_open, upper.get(name, 0.0), 0.0))
        for name, values in made.items()
    }


def said_of_silence(rate: float, is_open: BoolArray) -> list[str]:
    """What to say of a channel without a single contact."""
    if rate <= 0:
        return []
    most = f"up to {rate * is_open.sum():.3g} in the whole period would still be no surprise"
    return [
        f"its history has not one contact, so none are forecast; {most} (rule of three, 19 in 20)"
    ]
