"""
Profile likelihood of one coefficient: the others take, at each of its values, what fits best.

The interval holds the values that a likelihood-ratio test does not reject [1]_; unlike one from a
standard error it needs no symmetry, and where events are separated it is open on one side. Its
ends are found by secants on the signed root of the likelihood ratio, which is nearly straight.

References
----------
.. [1] Venzon, D. J., and S. H. Moolgavkar (1988). A method for computing profile-likelihood-based
       confidence intervals. *JRSS C*, 37(1): 87-94. https://doi.org/10.2307/2347496
"""

from __future__ import annotations

from math import erfc, sqrt

import numpy as np

from wfplan.engagement.calibration_likelihood import Fit, FloatArray, Strata, fitted, solved

Z95 = 1.959963984540054
_NEAR = 2e-3  # of the signed root
_LEFT = 1e-6  # twice the log-likelihood that a profile may lack: 3e-7 of the signed root at 1.96
_ROUNDS = 25
_FAR = 12.0


def likelihood_ratio(strata: Strata, best: Fit, column: int, value: float = 0.0) -> float:
    """P-value of the coefficient having a value, by the likelihood-ratio test."""
    drop = best.at.log_likelihood - _profile(strata, best, column, value).at.log_likelihood
    return erfc(sqrt(max(drop, 0.0)))  # chi-square of one degree: P(|Z| > sqrt(2 drop))


def interval(strata: Strata, best: Fit, column: int) -> tuple[float, float]:
    """The 95 % profile-likelihood interval of a coefficient; infinite where it has no end."""
    return _end(strata, best, column, -1.0), _end(strata, best, column, 1.0)


def _profile(strata: Strata, near: Fit, column: int, value: float) -> Fit:
    """The best fit with one coefficient at a value, begun where the curvature points."""
    free = np.arange(strata.columns) != column
    move = value - near.beta[column]
    start = near.beta.copy()
    start[column] = value
    if free.any():
        information = near.at.information
        start[free] -= move * solved(information[np.ix_(free, free)], information[free, column])
    return fitted(strata, start, free, _LEFT)


def _end(strata: Strata, best: Fit, column: int, side: float) -> float:
    """The end of the interval on a side (-1 below, 1 above)."""
    limit = _FAR / max(float(strata.reach()[column]), 1e-12)
    centre = float(best.beta[column])
    step = min(Z95 * _error(best, column), limit)
    inner, inner_root = centre, 0.0
    outer, near = centre + side * step, best
    for _ in range(_ROUNDS):
        near = _profile(strata, near, column, outer)
        drop = best.at.log_likelihood - near.at.log_likelihood
        root = sqrt(2 * max(drop, 0.0))
        if abs(root - Z95) < _NEAR:
            return outer
        if root < Z95 and abs(outer) > limit:
            return side * float("inf")
        slope = (root - inner_root) / (outer - inner) * side
        if root < Z95:
            inner, inner_root = outer, root
        ahead = (Z95 - root) / slope if slope > 0 else step
        outer += side * float(np.clip(ahead, -0.9 * abs(outer - centre), 2 * step))
    return outer


def _error(best: Fit, column: int) -> float:
    """Standard error of a coefficient by the observed information."""
    wanted: FloatArray = np.zeros(len(best.beta))
    wanted[column] = 1.0
    return sqrt(max(float(solved(best.at.information, wanted)[column]), 1e-12))
