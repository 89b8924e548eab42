"""What is not known when staff are planned: the arrival rate, and who will be there.

The rate of an interval is Gamma distributed around its forecast (counts are
then negative binomial); people scheduled are present independently of each
other, so that the number present is binomial.

References
----------
.. [1] Avramidis, A. N., A. Deslauriers, and P. L'Ecuyer (2004). Modeling daily
       arrivals to a telephone call center. *Management Science* 50(7): 896-908.
       https://doi.org/10.1287/mnsc.1040.0236
.. [2] Golub, G. H., and J. H. Welsch (1969). Calculation of Gauss quadrature
       rules. *Mathematics of Computation* 23: 221-230.
       https://doi.org/10.1090/S0025-5718-69-99647-1
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.special import gammainc, gammaincinv, gammaln

from wfplan.domain.results import FloatArray

CV_LEAST = 1e-4  # below, the rate is known
CV_OF_NODES_LEAST = 1e-7  # keeps the nodes apart
CHANCE_LEAST = 1e-14
ROUNDING_VARIANCE = 1 / 6  # of f (1 - f) over fractions f: what linear interpolation adds


def rate_nodes(rate_cv: FloatArray, points: int) -> tuple[FloatArray, FloatArray]:
    """
    Gauss quadrature of a Gamma rate of mean 1: factors and probabilities.

    Both have the shape of ``rate_cv`` with an axis of ``points`` added.
    Polynomials of the rate up to degree ``2 * points - 1`` are averaged
    exactly [2]_ (generalised Laguerre, from the eigenvalues of its recurrence).
    """
    cv = np.maximum(np.asarray(rate_cv, dtype=np.float64), CV_OF_NODES_LEAST)
    i = np.arange(points)
    jacobi = np.zeros((*cv.shape, points, points))
    jacobi[..., i, i] = 1 + 2 * i * cv[..., None] ** 2
    beside = cv[..., None] * np.sqrt(i[1:] * (1 + (i[1:] - 1) * cv[..., None] ** 2))
    jacobi[..., i[1:], i[:-1]] = jacobi[..., i[:-1], i[1:]] = beside
    factors, vectors = np.linalg.eigh(jacobi)
    return np.maximum(factors, 0.0), vectors[..., 0, :] ** 2


def rate_quantile(rate_cv: FloatArray, share: float) -> FloatArray:
    """Factor on the mean rate that it stays below with probability ``share``."""
    cv = np.asarray(rate_cv, dtype=np.float64)
    shape = 1 / np.maximum(cv, CV_LEAST) ** 2
    return np.where(cv > CV_LEAST, gammaincinv(shape, share) / shape, 1.0)


def expected_excess(mean: FloatArray, cv: FloatArray, level: FloatArray) -> FloatArray:
    """Expected amount by which a Gamma variable of that mean exceeds ``level`` (broadcast)."""
    shape = 1 / np.maximum(cv, CV_LEAST) ** 2
    scaled = shape * level / np.where(mean > 0, mean, 1.0)
    beyond = mean * (1 - gammainc(shape + 1, scaled)) - level * (1 - gammainc(shape, scaled))
    return np.where(mean > 0, np.maximum(beyond, 0.0), 0.0)


def presence_matrix(staff_max: int, presence_share: float) -> csr_array:
    """
    Chances of k people present when j are expected, sparse of shape (j, k), j = 0..staff_max.

    Every row has mean j. Its variance is that of a binomial number of present
    people, ``j * (1 - presence_share)``, less what reading a curve on the
    straight line between whole j adds on average. The shape is a rounded
    constant less a Poisson number of absentees: skewed to the left, as absence
    is. Rows are exact when everybody is always present.
    """
    j = np.arange(staff_max + 1.0)
    variance = np.maximum(j * (1 - presence_share) - ROUNDING_VARIANCE, 0.0)
    variance[: min(2, len(variance))] = 0.0
    whole = np.floor(variance)
    part = 1 - np.sqrt(1 - (variance - whole))  # part + part (1 - part) = the rest
    absent = (whole + part)[:, None]
    reach = int(10 * np.sqrt(variance[-1])) + 20  # ten standard deviations and a little
    k = j[:, None] + np.arange(-reach, min(reach, int(whole[-1]) + 1) + 1.0)
    missing = (j + whole)[:, None] - k
    part = part[:, None]
    chances = (1 - part) * _poisson(missing, absent) + part * _poisson(missing + 1, absent)
    chances[k < 0] = 0.0
    chances += (k == 0) * (1 - chances.sum(axis=1, keepdims=True))
    row, place = np.nonzero(chances > CHANCE_LEAST)
    columns = int(k[-1, -1]) + 1
    return csr_array(
        (chances[row, place], (row, k[row, place].astype(np.int64))), (len(j), columns)
    )


def _poisson(count: FloatArray, mean: FloatArray) -> FloatArray:
    """Chances of that many absentees; none below 0."""
    counted = np.maximum(count, 0.0)
    log_chance = counted * np.log(np.maximum(mean, 1e-300)) - mean - gammaln(counted + 1)
    return np.where(count >= 0, np.exp(log_chance), 0.0)
