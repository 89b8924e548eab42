"""
Conditional logistic regression: events within people, each person compared with herself alone.

Given how many events a stratum (a person, or a person's month) has, what she is by nature drops
out of the likelihood [1]_: ``L(beta) = prod over strata of exp(sum of x beta over her events) / sum
over all ways to choose as many of her days``. The sum is computed exactly by a recursion over
days [2]_, [3]_, here in the form of independent draws given their number: the conditional
law does not depend on the intercept, so that one is taken with which the observed number is
expected, and every term of the recursion is a probability that neither over- nor underflows.

Arrays: row = person-day, column = covariate, stratum.

References
----------
.. [1] Chamberlain, G. (1980). Analysis of covariance with qualitative data. *Review of Economic
       Studies*, 47(1): 225-238. https://doi.org/10.2307/2297110
.. [2] Gail, M. H., J. H. Lubin, and L. V. Rubinstein (1981). Likelihood calculations for matched
       case-control studies and survival studies with tied death times. *Biometrika*, 68(3):
       703-707. https://doi.org/10.1093/biomet/68.3.703
.. [3] Howard, S. (1972). Discussion of Cox, Regression models and life-tables. *JRSS B*, 34(2):
       210-211.
.. [4] Breslow, N. E., and N. E. Day (1980). *Statistical Methods in Cancer Research*, vol. 1,
       chapter 7. IARC Scientific Publications 32.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

_CELLS_MAX = 4_000_000  # of a block's largest array, 32 MB
_STEPS_MAX = 60
_CONVERGED = 1e-13
_FAR = 12.0  # log odds over a covariate's whole range: no finite maximum was found


@dataclass(frozen=True)
class Evaluation:
    """Log-likelihood, its gradient by stratum (stratum, column), and observed information."""

    log_likelihood: float
    scores: FloatArray
    information: FloatArray


@dataclass(frozen=True)
class Fit:
    """
    Where the likelihood is highest.

    ``is_finite`` is false where it has no maximum: a covariate separates events from other days.
    """

    beta: FloatArray
    at: Evaluation
    is_finite: bool


@dataclass(frozen=True)
class _Block:
    """Strata side by side, padded: x (stratum, day, column), events (stratum, day)."""

    x: FloatArray
    is_event: BoolArray
    is_there: BoolArray
    counts: IntArray  # events of a stratum


@dataclass(frozen=True)
class Strata:
    """
    Person-days by stratum. Strata without an event, or with nothing else, tell nothing and are out.

    Parameters
    ----------
    x
        Covariates, (row, column), finite.
    is_event
        Whether the row is an event, (row,).
    stratum
        The stratum of every row, (row,).
    """

    x: FloatArray
    is_event: BoolArray
    stratum: IntArray
    rows: IntArray = field(init=False)  # rows that tell something
    names: IntArray = field(init=False)  # strata that do, in the order of scores
    _blocks: tuple[_Block, ...] = field(init=False)

    def __post_init__(self) -> None:
        names, code = np.unique(self.stratum, return_inverse=True)
        days = np.bincount(code, minlength=len(names))
        events = np.bincount(code, weights=self.is_event, minlength=len(names)).astype(np.int64)
        tells = (events > 0) & (events < days)
        order = np.lexsort((days, events))
        order = order[tells[order]]
        blocks = tuple(self._blocks_of(code, order, days, events))
        object.__setattr__(self, "rows", np.flatnonzero(tells[code]))
        object.__setattr__(self, "names", names[order])
        object.__setattr__(self, "_blocks", blocks)

    @property
    def columns(self) -> int:
        """Number of covariates."""
        return int(self.x.shape[1])

    @property
    def events(self) -> int:
        """Events that count in the likelihood."""
        return int(np.count_nonzero(self.is_event[self.rows]))

    def only(self, columns: BoolArray) -> Strata:
        """The same with some of the covariates."""
        return Strata(self.x[:, columns], self.is_event, self.stratum)

    def at(self, beta: FloatArray) -> Evaluation:
        """The likelihood at ``beta``, (column,)."""
        k = self.columns
        found = [_evaluated(block, beta) for block in self._blocks]
        return Evaluation(
            float(sum(one.log_likelihood for one in found)),
            np.concatenate([one.scores for one in found]) if found else np.zeros((0, k)),
            np.sum([one.information for one in found], axis=0) if found else np.zeros((k, k)),
        )

    def reach(self) -> FloatArray:
        """The widest range of each covariate within a stratum, (column,)."""
        widest = np.zeros(self.columns)
        for block in self._blocks:
            there = block.is_there[..., None]
            high = np.where(there, block.x, -np.inf).max(axis=1)
            low = np.where(there, block.x, np.inf).min(axis=1)
            widest = np.maximum(widest, (high - low).max(axis=0))
        return widest

    def _blocks_of(
        self, code: IntArray, order: IntArray, days: IntArray, events: IntArray
    ) -> Iterator[_Block]:
        """Strata of like numbers of events side by side, as many as memory holds well."""
        by_code = np.argsort(code, kind="stable")
        starts = np.concatenate(([0], np.cumsum(days)))
        first = 0
        while first < len(order):
            last, longest = first, 0
            for stratum in order[first:]:
                longest = max(longest, int(days[stratum]))
                many = (last + 1 - first) * (events[stratum] + 1)
                too_uneven = events[stratum] > 2 * events[order[first]] + 4
                if last > first and (many * max(longest, self.columns) > _CELLS_MAX or too_uneven):
                    break
                last += 1
            chosen = order[first:last]
            rows = [by_code[starts[s] : starts[s + 1]] for s in chosen]
            yield self._block(rows, events[chosen])
            first = last

    def _block(self, rows: list[IntArray], counts: IntArray) -> _Block:
        """The rows of some strata, padded; covariates as differences from the stratum's mean."""
        shape = len(rows), max(map(len, rows))
        x = np.zeros((*shape, self.columns))
        is_event, is_there = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
        for s, own in enumerate(rows):
            x[s, : len(own)] = self.x[own] - self.x[own].mean(axis=0)
            is_event[s, : len(own)] = self.is_event[own]
            is_there[s, : len(own)] = True
        return _Block(x, is_event, is_there, counts)


def fitted(
    strata: Strata,
    start: FloatArray | None = None,
    is_free: BoolArray | None = None,
    near: float = _CONVERGED,
) -> Fit:
    """
    The maximum of the conditional likelihood, by Newton's method with halved steps.

    Parameters
    ----------
    start
        Where to begin, (column,); zero by default.
    is_free
        Covariates that are fitted, (column,); the others keep the value of ``start``.
    near
        Twice the log-likelihood that may be left to gain.
    """
    beta = np.zeros(strata.columns) if start is None else start.copy()
    free = np.ones(strata.columns, dtype=np.bool_) if is_free is None else is_free
    reach = strata.reach()
    at = strata.at(beta)
    for _ in range(_STEPS_MAX):
        score = at.scores.sum(axis=0)[free]
        step = np.zeros_like(beta)
        step[free] = solved(at.information[np.ix_(free, free)], score)
        if float(score @ step[free]) < near:
            return Fit(beta, at, is_finite=True)
        beta, at = _uphill(strata, beta, at, step)
        if np.any(np.abs(beta * reach)[free] > _FAR):
            break
    return Fit(beta, at, is_finite=False)


def solved(information: FloatArray, score: FloatArray) -> FloatArray:
    """The Newton step; the shortest one where the information is singular."""
    scale = np.sqrt(np.maximum(np.diag(information), 1e-300))
    step, *_ = np.linalg.lstsq(information / np.outer(scale, scale), score / scale, rcond=1e-10)
    return np.asarray(step / scale)


def _uphill(
    strata: Strata, beta: FloatArray, at: Evaluation, step: FloatArray
) -> tuple[FloatArray, Evaluation]:
    """The point a step ahead, or less far where the likelihood would fall."""
    for _ in range(30):
        ahead = strata.at(beta + step)
        if ahead.log_likelihood >= at.log_likelihood - 1e-12 * abs(at.log_likelihood):
            return beta + step, ahead
        step = step / 2
    return beta, at


def _evaluated(block: _Block, beta: FloatArray) -> Evaluation:
    """Log-likelihood, scores and information of a block of strata."""
    chance = _chances(block, beta)  # (stratum, day)
    ahead = _backward(chance, block.counts)  # (day + 1, stratum, chosen so far)
    total = ahead[0, :, 0]
    hit = np.log(np.where(block.is_event, chance, 1.0)).sum(axis=1)
    miss = np.log1p(-np.where(block.is_event, 0.0, chance)).sum(axis=1)
    chosen, with_others = _forward(block.x, chance, ahead, total)
    mean = np.einsum("sd,sdk->sk", chosen, block.x)
    happened = np.einsum("sd,sdk->sk", block.is_event.astype(np.float64), block.x)
    cross = np.einsum("sdk,sdl->kl", with_others, block.x, optimize=True)
    own = np.einsum("sd,sdk,sdl->kl", chosen, block.x, block.x, optimize=True)
    information = own + cross + cross.T - mean.T @ mean
    return Evaluation(float((hit + miss - np.log(total)).sum()), happened - mean, information)


def _chances(block: _Block, beta: FloatArray) -> FloatArray:
    """Chances of events with which each stratum expects as many as it has, (stratum, day)."""
    eta = block.x @ beta
    wanted = block.counts[:, None].astype(np.float64)
    days = block.is_there.sum(axis=1, keepdims=True)
    level = np.log(wanted / (days - wanted)) - np.max(
        np.where(block.is_there, eta, -np.inf), axis=1, keepdims=True
    )
    for _ in range(8):  # any finite level gives the same likelihood; a near one, safe numbers
        chance = np.where(block.is_there, _expit(level + eta), 0.0)
        slope = (chance * (1 - chance)).sum(axis=1, keepdims=True)
        gap = wanted - chance.sum(axis=1, keepdims=True)
        level = level + np.clip(gap / np.maximum(slope, 1e-12), -2.0, 2.0)
    return np.where(block.is_there, np.clip(_expit(level + eta), 1e-12, 1 - 1e-9), 0.0)


def _expit(value: FloatArray) -> FloatArray:
    return np.asarray(0.5 * (1 + np.tanh(0.5 * value)))


def _backward(chance: FloatArray, counts: IntArray) -> FloatArray:
    """P(the days from here on bring the number to that of the stratum), by number so far."""
    strata, days = chance.shape
    most = int(counts.max())
    ahead = np.zeros((days + 1, strata, most + 1))
    ahead[days, np.arange(strata), counts] = 1.0
    for day in range(days - 1, -1, -1):
        p = chance[:, day, None]
        ahead[day] = (1 - p) * ahead[day + 1]
        ahead[day, :, :-1] += p * ahead[day + 1, :, 1:]
    return ahead


def _forward(
    x: FloatArray, chance: FloatArray, ahead: FloatArray, total: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """
    What is expected given the number of events of each stratum.

    Returns
    -------
    tuple
        Chance that a day is an event, (stratum, day); and expected sum of the covariates of
        events before it, where it is one, (stratum, day, column).
    """
    strata, days, columns = x.shape
    most = ahead.shape[2] - 1
    chosen, with_others = np.zeros((strata, days)), np.zeros((strata, days, columns))
    state = np.zeros((strata, most + 1, 1 + columns))  # probability, and its share of sums
    state[:, 0, 0] = 1.0
    for day in range(days):
        p = chance[:, day, None, None]
        taken = state[:, :-1] * p
        then = np.matmul(ahead[day + 1, :, None, 1:], taken)[:, 0] / total[:, None]
        chosen[:, day], with_others[:, day] = then[:, 0], then[:, 1:]
        state = state * (1 - p)
        taken[:, :, 1:] += taken[:, :, :1] * x[:, day, None, :]
        state[:, 1:] += taken
    return chosen, with_others
