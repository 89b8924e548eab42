"""
What channels of one centre know of the same special days, for each of them to learn from.

A first pass over the channels collects the evidence of each, this pools it; the forecast of one
channel then needs nothing of the others but what is pooled. The part that is alike is what counts:
how far channels differ on the same days is learned, and adds to the doubt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from forecasts.history.series import FloatArray, IntArray
from forecasts.special_days.evidence import Evidence
from forecasts.special_days.label import Label, belief

QUIET_SHARE = 0.9  # a worked holiday moves that far towards the quietest weekday, on the log scale
QUIET_KINDS = {"holiday": 1.0, "half_holiday": 0.4}
_BETWEEN_SD = 0.15  # of the log effects of one day on two channels, before any is seen
_BETWEEN_DAYS = 6.0  # labels that weigh as much as that
_BETWEEN_LEAST_SD = 0.05
_TOGETHER = 3.0  # channels of one centre know at most as much as so many independent ones


@dataclass(frozen=True)
class Elsewhere:
    """What other channels say of a label: mean log factor, its variance, and their days."""

    label: Label
    mean: float
    variance: float
    days: int


@dataclass(frozen=True)
class Pooled:
    """Single observations of all channels, all of shape (observation,)."""

    labels: tuple[Label, ...]
    label: IntArray
    channel: IntArray
    value: FloatArray
    noise: FloatArray
    known_from: IntArray
    between: float  # variance between channels


@dataclass(frozen=True)
class Known:
    """What one channel may know from the others."""

    pooled: Pooled | None = None
    channel: int = -1

    def before(self, day: int) -> tuple[Elsewhere, ...]:
        """What the other channels had shown before a day."""
        if self.pooled is None:
            return ()
        pooled = self.pooled
        use = (pooled.channel != self.channel) & (pooled.known_from <= day)
        return _summed(pooled, use)


NOTHING_KNOWN = Known()


def pool(evidences: Mapping[str, Evidence]) -> dict[str, Known]:
    """What each channel may know from the others; nothing where there is only one."""
    if len(evidences) < 2:
        return dict.fromkeys(evidences, NOTHING_KNOWN)
    numbers: dict[Label, int] = {}
    rows: list[tuple[int, int, float, float, int]] = []
    for channel, evidence in enumerate(evidences.values()):
        for k, labels in enumerate(evidence.labels):
            hard = [label for label in labels if not label.is_soft]
            if len(hard) > 1 or (not hard and len(labels) != 1):
                continue
            label = (hard or list(labels))[0]
            share = QUIET_KINDS.get(label.kind, 0.0) * QUIET_SHARE
            value = float(evidence.value[k] - share * evidence.quiet[k])
            number = numbers.setdefault(label, len(numbers))
            noise = float(evidence.noise[k]) + belief(label.group).day_sd ** 2
            rows.append((number, channel, value, noise, int(evidence.known_from[k])))
    if not rows:
        return dict.fromkeys(evidences, NOTHING_KNOWN)
    whole = np.array([(row[0], row[1], row[4]) for row in rows], dtype=np.int64).T
    values, noises = np.array([row[2:4] for row in rows], dtype=np.float64).T
    between = _between(whole[0], whole[1], values, noises, len(numbers), len(evidences))
    pooled = Pooled(tuple(numbers), whole[0], whole[1], values, noises, whole[2], between)
    return {channel: Known(pooled, number) for number, channel in enumerate(evidences)}


def _summed(pooled: Pooled, use: np.ndarray) -> tuple[Elsewhere, ...]:
    """Precision-weighted means by label over channels."""
    size = len(pooled.labels)
    channels = int(pooled.channel.max()) + 1
    place = pooled.label[use] * channels + pooled.channel[use]
    weight = np.bincount(place, 1 / pooled.noise[use], size * channels).reshape(size, channels)
    total = np.bincount(place, pooled.value[use] / pooled.noise[use], size * channels)
    count = np.bincount(pooled.label[use], minlength=size)
    some = weight > 0
    mean = np.where(some, total.reshape(size, channels) / np.where(some, weight, 1.0), 0.0)
    precision = np.where(some, 1 / (1 / np.where(some, weight, 1.0) + pooled.between), 0.0)
    sums = precision.sum(axis=1)
    return tuple(
        Elsewhere(
            pooled.labels[k],
            float((precision[k] * mean[k]).sum() / sums[k]),
            # a channel of its own differs once more
            max(1.0 / float(sums[k]), pooled.between / _TOGETHER) + pooled.between,
            int(count[k]),
        )
        for k in np.flatnonzero(sums > 0)
    )


def _between(
    label: IntArray,
    channel: IntArray,
    value: FloatArray,
    noise: FloatArray,
    labels: int,
    channels: int,
) -> float:
    """Variance between channels of the log effect of the same label, by moments, shrunk."""
    place = label * channels + channel
    weight = np.bincount(place, 1 / noise, labels * channels).reshape(labels, channels)
    total = np.bincount(place, value / noise, labels * channels).reshape(labels, channels)
    excess, freedom = 0.0, 0.0
    for k in range(labels):
        on = weight[k] > 0
        if on.sum() < 2:
            continue
        means, variances = total[k][on] / weight[k][on], 1 / weight[k][on]
        excess += float(((means - means.mean()) ** 2).sum() - variances.mean() * (on.sum() - 1))
        freedom += float(on.sum() - 1)
    found = (excess + _BETWEEN_DAYS * _BETWEEN_SD**2) / (freedom + _BETWEEN_DAYS)
    return max(found, _BETWEEN_LEAST_SD**2)
