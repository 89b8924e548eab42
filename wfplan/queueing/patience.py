"""Patience from what a log knows: total waiting over the number who hung up.

For exponential patience this is the maximum-likelihood estimate with the
answered contacts as censored observations.

References
----------
.. [1] Brown, L., et al. (2005). Statistical analysis of a telephone call center.
       *Journal of the American Statistical Association* 100(469): 36-50.
       https://doi.org/10.1198/016214504000001808
"""

from __future__ import annotations

from math import inf

import numpy as np
from numpy.typing import ArrayLike

from wfplan.errors import InputError


def mean_patience_s(total_wait_s: ArrayLike, abandoned: ArrayLike) -> float:
    """
    Mean patience in seconds, infinite where nobody hung up.

    Parameters
    ----------
    total_wait_s
        Seconds waited by all offered contacts, answered or not, per record.
    abandoned
        Contacts that hung up, per record.

    Raises
    ------
    InputError
        When a total is negative or not a number.
    """
    waited, lost = float(np.sum(total_wait_s)), float(np.sum(abandoned))
    if not (waited >= 0 and lost >= 0):
        raise InputError(
            f"total_wait_s = {waited:g} over abandoned = {lost:g} gives no patience: "
            "both must be known and not negative. Leave records without them out."
        )
    return waited / lost if lost > 0 else inf
