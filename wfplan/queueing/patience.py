"""Patience from what a log knows: who hung up after which wait, and who was answered before.

An answered contact had a patience beyond its wait: a censored observation.
Leaving it out makes callers look far less patient than they are. A contact
that is answered at once never waited and says nothing, so it is left out:
counted, it would hide those who balk.

References
----------
.. [1] Brown, L., et al. (2005). Statistical analysis of a telephone call center.
       *Journal of the American Statistical Association* 100(469): 36-50.
       https://doi.org/10.1198/016214504000001808
.. [2] Kaplan, E. L., and P. Meier (1958). Nonparametric estimation from incomplete
       observations. *Journal of the American Statistical Association* 53(282):
       457-481. https://doi.org/10.1080/01621459.1958.10501452
.. [3] Lawless, J. F. (2003). *Statistical Models and Methods for Lifetime Data*,
       2nd ed., Wiley, section 4.1 (the interval for an exponential mean).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaincinv

from wfplan.errors import InputError, require
from wfplan.queueing.patience_law import PatienceLaw

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class ExponentialPatience:
    """An estimated mean patience and how sure it is; infinite where nobody hung up."""

    mean_s: float
    hung_up: int
    standard_error_s: float
    low_s: float  # of the confidence interval
    high_s: float


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


def exponential_patience(
    wait_s: ArrayLike, hung_up: ArrayLike, *, confidence: float = 0.95
) -> ExponentialPatience:
    """
    Maximum-likelihood mean of an exponential patience, with its interval.

    Parameters
    ----------
    wait_s
        Seconds that each contact waited, >= 0.
    hung_up
        Whether the wait ended by hanging up (else by an answer), per contact.
    confidence
        Of the interval, in (0, 1).

    Raises
    ------
    InputError
        When waits and ends do not match or a wait is negative or not a number.

    Notes
    -----
    The interval is that of a Poisson count of hang-ups over the time waited
    [3]_: it holds for few of them, and for none gives a least mean patience.
    """
    if not 0 < confidence < 1:
        raise InputError(f"confidence = {confidence:g} is not in (0, 1): write 95 % as 0.95.")
    waits, gone = _observed(wait_s, hung_up)
    waited, count = float(waits.sum()), int(gone.sum())
    mean = mean_patience_s(waited, count)
    outside = (1 - confidence) / 2
    most = float(gammaincinv(count + 1, 1 - outside))
    least = float(gammaincinv(count, outside)) if count else 0.0
    return ExponentialPatience(
        mean_s=mean,
        hung_up=count,
        standard_error_s=mean / sqrt(count) if count else inf,
        low_s=waited / most,
        high_s=waited / least if least > 0 else inf,
    )


def kaplan_meier(wait_s: ArrayLike, hung_up: ArrayLike) -> PatienceLaw:
    """
    The law of patience behind observed waits, without assuming its shape [2]_.

    Parameters
    ----------
    wait_s
        Seconds that each contact waited, >= 0.
    hung_up
        Whether the wait ended by hanging up (else by an answer), per contact.

    Returns
    -------
    PatienceLaw
        Points at the waits at which somebody hung up. Beyond the last of them
        the law goes on with the exponential mean of all observations. With
        thousands of points, hand its ``coarser(200)`` to a queue.

    Raises
    ------
    InputError
        When waits and ends do not match, a wait is negative or not a number,
        or nobody waited.
    """
    from scipy.stats import CensoredData, ecdf  # heavy: only who fits a curve pays for it

    waits, gone = _observed(wait_s, hung_up)
    asked = (waits > 0) | gone
    waits, gone = waits[asked], gone[asked]
    if len(waits) == 0:
        raise InputError(
            "wait_s holds nobody who waited: patience shows only in contacts that found everybody "
            "busy. Take a longer part of the log."
        )
    curve = ecdf(CensoredData.right_censored(waits, ~gone)).sf
    times, survival = curve.quantiles, curve.probabilities
    falls = np.diff(survival, prepend=1.0) < 0
    return PatienceLaw.from_kaplan_meier(
        times[falls], survival[falls], tail_mean_s=mean_patience_s(waits, gone)
    )


def _observed(wait_s: ArrayLike, hung_up: ArrayLike) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Waits and their ends in one dimension, checked."""
    waits = np.asarray(wait_s, dtype=np.float64).reshape(-1)
    gone = np.asarray(hung_up).reshape(-1)
    if waits.shape != gone.shape:
        raise InputError(
            f"wait_s has {len(waits)} contacts and hung_up {len(gone)}: give one end per wait."
        )
    require(
        (waits >= 0) & np.isfinite(waits),
        "wait_s{at} = {wait:g} is not a wait in seconds, >= 0: leave the contact out.",
        wait=waits,
    )
    ends = gone.astype(np.bool_)
    require(
        ends == gone,
        "hung_up{at} = {end} is neither true nor false: give 1 for a contact that hung up.",
        end=gone,
    )
    return waits, ends
