"""
Effects of special days, learned together: names of a kind, kinds, and channels teach each other.

The log factor of a day is the sum of the effects of its labels. An effect is the mean of its group
(holidays, eves, first days of campaigns) plus what is its own; both are normal around what is
believed before (:mod:`forecasts.special_days.label`), and how far names of a group differ, and one
name from year to year, is learned (empirical Bayes [1]_, by expectation and maximisation with
priors). What other channels know of a label enters as one more observation. A worked holiday tends
towards the quietest weekday, the more so the busier its own: a Sunday loses little. Days far from
what is expected count less (Huber).

References
----------
.. [1] Efron, B., and C. Morris (1975). Data analysis using Stein's estimator and its
       generalizations. *Journal of the American Statistical Association*, 70(350): 311-319.
       https://doi.org/10.1080/01621459.1975.10479864
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, sqrt

import numpy as np

from forecasts.history.series import FloatArray
from forecasts.special_days.evidence import Evidence, Labels
from forecasts.special_days.label import Belief, Label, belief
from forecasts.special_days.pool import QUIET_KINDS, QUIET_SHARE, Elsewhere

_QUIET_SD = 0.4
_STEPS = 5
_FREE_STEPS = 2
_PRIOR_GROUPS = 3.0  # groups that weigh as much as what is believed of theirs
_PRIOR_NAMES = 4.0  # names that weigh as much as what is believed of their differences
_PRIOR_DAYS = 4.0
_REACH_SD = 3.0
Group = tuple[str, int]


@dataclass(frozen=True)
class Part:
    """One label's share of a day's effect: mean and variance of its log factor, and its source."""

    label: Label
    mean: float
    variance: float
    days: int  # past days of this channel that it is learned from
    how: str  # "learned", "other channels", "like others", "guessed" or "stated"
    others: int = 0  # days of other channels, or of others of its kind, for the middle two


@dataclass(frozen=True)
class Effect:
    """What a day's labels do to its volume: factor, variance of its log, and the parts."""

    factor: float = 1.0
    variance: float = 0.0
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Effects:
    """The posterior of all effects of one channel."""

    place: dict[Label | Group | str, int]
    mean: FloatArray
    covariance: FloatArray
    beliefs: dict[Group, Belief]  # with what was learned of their spreads
    days: dict[Label, int]
    elsewhere: dict[Label, int]

    def of(self, labels: Labels, quiet: float = 0.0) -> Effect:
        """The effect of a day's labels together, on a weekday that much above the quietest."""
        if not labels:
            return Effect()
        loads, rest_mean, rest_variance = np.zeros(self.mean.size), 0.0, 0.0
        for label in labels:
            own, mean, variance = self._loads(label, quiet)
            loads, rest_mean = loads + own, rest_mean + mean
            rest_variance += variance
        total = rest_mean + float(loads @ self.mean)
        variance = rest_variance + float(loads @ self.covariance @ loads)
        return Effect(exp(total), variance, tuple(self._part(label, quiet) for label in labels))

    def is_known(self, label: Label) -> bool:
        """Whether anything was seen of a label, or of others of its kind."""
        return label.group in self.place or bool(self.elsewhere.get(label))

    def _part(self, label: Label, quiet: float) -> Part:
        """One label alone."""
        loads, mean, variance = self._loads(label, quiet)
        days, others = self.days.get(label, 0), self.elsewhere.get(label, 0)
        kin = sum(n for other, n in self.days.items() if other.group == label.group)
        how, count = "guessed", 0
        if days:
            how = "learned"
        elif others:
            how, count = "other channels", others
        elif kin:
            how, count = "like others", kin
        return Part(
            label,
            mean + float(loads @ self.mean),
            variance + float(loads @ self.covariance @ loads),
            days,
            how,
            count,
        )

    def _loads(self, label: Label, quiet: float) -> tuple[FloatArray, float, float]:
        """What a label loads on, and mean and variance of what nothing is known of."""
        loads, mean = np.zeros(self.mean.size), 0.0
        known = self.beliefs.get(label.group) or belief(label.group)
        variance = known.day_sd**2
        if label.group in self.place:
            loads[self.place[label.group]] = 1.0
        else:
            mean, variance = mean + known.mean, variance + known.sd**2
        if label in self.place:
            loads[self.place[label]] = 1.0
        else:
            variance += known.between_sd**2
        loads[self.place["quiet"]] = QUIET_KINDS.get(label.kind, 0.0) * quiet
        return loads, mean, variance


def learn(evidence: Evidence, elsewhere: Sequence[Elsewhere] = ()) -> Effects:
    """The effects that labelled days of a history, and other channels, speak for."""
    system = _System.of(evidence, elsewhere)
    beliefs = {group: belief(group) for group in system.members}
    held = np.ones(system.value.size)
    mean, covariance = np.zeros(len(system.names)), np.zeros((len(system.names),) * 2)
    for step in range(_STEPS):
        variance = system.noise.copy()
        variance[: len(system.main)] += [beliefs[group].day_sd ** 2 for group in system.main]
        prior = _prior(system.names, beliefs)
        mean, covariance = _posterior(system.loads, system.value, held / variance, prior)
        left = system.value - system.loads @ mean
        doubt = ((system.loads @ covariance) * system.loads).sum(axis=1)
        if step >= _FREE_STEPS:  # once it is known how far names of a group differ
            reach = _REACH_SD * np.sqrt(variance + doubt)
            held = np.minimum(1.0, reach / np.maximum(np.abs(left), 1e-12))
        beliefs = system.spreads(beliefs, mean, np.diag(covariance), left, doubt)
    counted = Counter(label for found in evidence.labels for label in found)
    others = {one.label: one.days for one in elsewhere}
    return Effects(system.place, mean, covariance, beliefs, dict(counted), others)


@dataclass(frozen=True)
class _System:
    """Observations (observation,) and what they load on, (observation, effect)."""

    names: list[Label | Group | str]
    place: dict[Label | Group | str, int]
    members: dict[Group, list[Label]]
    loads: FloatArray
    value: FloatArray
    noise: FloatArray
    main: list[Group]  # the group that an own day's spread belongs to

    @classmethod
    def of(cls, evidence: Evidence, elsewhere: Sequence[Elsewhere]) -> _System:
        """What a channel's own days and those of others say."""
        told = [label for found in evidence.labels for label in found]
        labels = list(dict.fromkeys([*told, *(one.label for one in elsewhere)]))
        groups = list(dict.fromkeys(label.group for label in labels))
        names: list[Label | Group | str] = ["quiet", *groups, *labels]
        place = {name: k for k, name in enumerate(names)}
        return cls(
            names,
            place,
            {group: [label for label in labels if label.group == group] for group in groups},
            _observed(evidence, elsewhere, place),
            np.concatenate([evidence.value, [one.mean for one in elsewhere]]),
            np.concatenate([evidence.noise, [one.variance for one in elsewhere]]),
            [_main(found).group for found in evidence.labels],
        )

    def spreads(
        self,
        beliefs: dict[Group, Belief],
        mean: FloatArray,
        variance: FloatArray,
        left: FloatArray,
        doubt: FloatArray,
    ) -> dict[Group, Belief]:
        """What is believed of all groups, given effects, and what they leave of observations."""
        found = {}
        for group, labels in self.members.items():
            at, own = self.place[group], [self.place[label] for label in labels]
            rows = [k for k, one in enumerate(self.main) if one == group]
            whole = float((mean[at] - beliefs[group].mean) ** 2 + variance[at])
            squares = mean[own] ** 2 + variance[own]
            found[group] = _spread(group, whole, squares, left[rows], doubt[rows], self.noise[rows])
        return found


def _main(labels: Labels) -> Label:
    """The label of a day whose days differ most."""
    return max(labels, key=lambda label: (belief(label.group).day_sd, belief(label.group).sd))


def _observed(
    evidence: Evidence, elsewhere: Sequence[Elsewhere], place: dict[Label | Group | str, int]
) -> FloatArray:
    """What observations load on, (observation, effect)."""
    loads = np.zeros((evidence.value.size + len(elsewhere), len(place)))
    for row, found in enumerate(evidence.labels):
        for label in found:
            loads[row, [place[label.group], place[label]]] = 1.0
            loads[row, place["quiet"]] += QUIET_KINDS.get(label.kind, 0.0) * evidence.quiet[row]
    for row, one in enumerate(elsewhere, start=evidence.value.size):
        loads[row, [place[one.label.group], place[one.label]]] = 1.0
    return loads


def _prior(
    names: list[Label | Group | str], beliefs: dict[Group, Belief]
) -> tuple[FloatArray, FloatArray]:
    """Means and variances of all effects before anything is seen."""
    mean, variance = np.zeros(len(names)), np.zeros(len(names))
    for k, name in enumerate(names):
        if isinstance(name, Label):
            variance[k] = beliefs[name.group].between_sd ** 2
        elif isinstance(name, str):
            mean[k], variance[k] = QUIET_SHARE, _QUIET_SD**2
        else:
            mean[k], variance[k] = beliefs[name].mean, beliefs[name].sd ** 2
    return mean, variance


def _posterior(
    loads: FloatArray, value: FloatArray, weight: FloatArray, prior: tuple[FloatArray, FloatArray]
) -> tuple[FloatArray, FloatArray]:
    """Mean and covariance of the effects, from observations with precisions ``weight``."""
    precision = loads.T @ (weight[:, None] * loads) + np.diag(1.0 / prior[1])
    covariance: FloatArray = np.asarray(np.linalg.inv(precision), dtype=np.float64)
    mean: FloatArray = covariance @ (loads.T @ (weight * value) + prior[0] / prior[1])
    return mean, covariance


def _spread(
    group: Group,
    whole: float,
    own: FloatArray,
    left: FloatArray,
    doubt: FloatArray,
    noise: FloatArray,
) -> Belief:
    """
    What is believed of a group, its spreads learned as far as days speak for them.

    ``whole`` is the expected square of what the group has for itself, ``own`` (name,) of what its
    names have; ``left``, ``doubt`` and ``noise`` are of its observations, (observation,).
    """
    before = belief(group)
    sd = sqrt((whole + _PRIOR_GROUPS * before.sd**2) / (1.0 + _PRIOR_GROUPS))
    between = float(own.sum()) + _PRIOR_NAMES * before.between_sd**2
    between /= own.size + _PRIOR_NAMES
    limit = 4 * ((_REACH_SD * before.day_sd) ** 2 + noise)
    excess = float((np.minimum(left**2, limit) + doubt - noise).sum())
    day = (excess + _PRIOR_DAYS * before.day_sd**2) / (left.size + _PRIOR_DAYS)
    return Belief(before.mean, sd, sqrt(between), sqrt(max(day, 1e-6)))
