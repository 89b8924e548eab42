"""A law of patience as a survival curve: who would still be waiting after a time.

Between its points the curve falls at a constant rate (an exponential piece),
which is what a table of a fitted law and a Kaplan-Meier curve have in common.
Two points at one time are a jump; a first point below 1 is a mass of callers
who do not wait at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import inf, isfinite, isinf, log1p, sqrt
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gamma, ndtr

from wfplan.errors import InputError

FloatArray = NDArray[np.float64]

_POINTS = 801  # of a tabled law: its curve is met to about 1e-4


@dataclass(frozen=True, eq=False)
class PatienceLaw:
    """
    Survival of patience: P(a contact would wait longer than a time).

    Parameters
    ----------
    times_s
        Seconds, from 0, never falling; a time that stands twice is a jump.
    survival
        Shares still there just after each time, never rising, in [0, 1]. The
        curve falls at a constant rate between two points, and beyond the last
        point at the rate of the last piece. A piece that ends in 0 stays level
        until its end, where everybody left hangs up.

    Raises
    ------
    InputError
        When the points are no survival curve.
    """

    times_s: FloatArray
    survival: FloatArray

    def __post_init__(self) -> None:
        times = np.array(self.times_s, dtype=np.float64)
        survival = np.array(self.survival, dtype=np.float64)
        _check(times, survival)
        for name, array in (("times_s", times), ("survival", survival)):
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    @classmethod
    def exponential(cls, mean_s: float, *, balking: float = 0.0) -> Self:
        """Exponential patience; ``balking`` is the share that does not wait at all."""
        stay = 1 - _share("balking", balking)
        if isinf(mean_s) and mean_s > 0:
            return cls(np.array([0.0]), np.array([stay]))
        _above_zero("mean_s", mean_s)
        return cls(np.array([0.0, mean_s]), np.array([stay, stay * np.exp(-1.0)]))

    @classmethod
    def deterministic(cls, after_s: float) -> Self:
        """Everybody hangs up after the same time."""
        _above_zero("after_s", after_s)
        return cls(np.array([0.0, after_s]), np.array([1.0, 0.0]))

    @classmethod
    def lognormal(cls, mean_s: float, cv: float) -> Self:
        """Log-normal patience with a coefficient of variation (standard deviation over mean)."""
        _above_zero("mean_s", mean_s)
        _above_zero("cv", cv)
        sigma = sqrt(log1p(cv * cv))
        z = np.linspace(-8.0, 8.0, _POINTS)
        times = mean_s * np.exp(sigma * z - sigma * sigma / 2)
        return cls(np.append(0.0, times), np.append(1.0, ndtr(-z)))

    @classmethod
    def weibull(cls, mean_s: float, shape: float) -> Self:
        """Weibull patience: ``shape`` below 1 means ever more patient callers, 1 is exponential."""
        _above_zero("mean_s", mean_s)
        _above_zero("shape", shape)
        scale = mean_s / gamma(1 + 1 / shape)
        hazard = np.append(0.0, np.geomspace(1e-6, 60.0, _POINTS))
        return cls(scale * hazard ** (1 / shape), np.exp(-hazard))

    @classmethod
    def from_kaplan_meier(
        cls, times_s: ArrayLike, survival: ArrayLike, *, tail_mean_s: float = inf
    ) -> Self:
        """
        The law behind a Kaplan-Meier curve.

        Parameters
        ----------
        times_s
            Seconds at which somebody hung up, rising; at 0 those who balk.
        survival
            The estimate just after each time.
        tail_mean_s
            Mean patience of those who outlast the curve; beyond the last time
            the data say nothing. Not used where the curve reaches 0.
        """
        times, share = np.atleast_1d(times_s).astype(float), np.atleast_1d(survival).astype(float)
        if len(times) == 0 or times[0] > 0:
            times, share = np.append(0.0, times), np.append(1.0, share)
        if share[-1] > 0:
            times, share = np.append(times, times[-1] + 1), np.append(share, share[-1])
            if isfinite(tail_mean_s):
                _above_zero("tail_mean_s", tail_mean_s)
                times[-1] = times[-2] + tail_mean_s
                share[-1] *= np.exp(-1.0)
        return cls(times, share)

    @property
    def mean_s(self) -> float:
        """Mean patience in seconds; infinite where some never hang up."""
        return float(self.waited_s(inf))

    def still_waiting(self, time_s: ArrayLike) -> FloatArray:
        """Share that would still wait just after ``time_s`` seconds."""
        time = np.asarray(time_s, dtype=np.float64)
        starts, level, hazard, _ = self.pieces
        i = np.searchsorted(starts, time, side="right") - 1
        share: FloatArray = level[i] * np.exp(-_product(hazard[i], time - starts[i]))
        return share

    def waited_s(self, time_s: ArrayLike) -> FloatArray:
        """Mean seconds waited by a contact that nobody answers before ``time_s``."""
        time = np.asarray(time_s, dtype=np.float64)
        starts, level, hazard, waited = self.pieces
        i = np.searchsorted(starts, time, side="right") - 1
        since = time - starts[i]
        steep = hazard[i] > 0
        rate = np.where(steep, hazard[i], 1.0)
        length = np.where(steep, -np.expm1(-_product(rate, since)) / rate, since)
        total: FloatArray = waited[i] + _product(level[i], length)
        return total

    def coarser(self, points: int) -> PatienceLaw:
        """
        The law read at about so many points, evenly spaced in survival; jumps and ends are kept.

        A queue costs time per point, and a fitted curve has one per contact that hung up.
        """
        if points < 2:
            raise InputError(f"points = {points} make no curve: keep at least 2.")
        times, survival = self.times_s, self.survival
        if points >= len(times):
            return self
        wanted = np.linspace(survival[0], survival[-1], points)
        even = np.minimum(np.searchsorted(-survival, -wanted), len(times) - 1)
        jumps = np.flatnonzero(np.diff(times) == 0)
        kept = np.unique(np.concatenate(([0, len(times) - 1], even, jumps, jumps + 1)))
        return PatienceLaw(times[kept], survival[kept])

    @cached_property
    def pieces(self) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Starts of the pieces, and there: survival, hazard, mean waited up to it."""
        times, survival = self.times_s, self.survival
        length = np.diff(times)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            hazard = -np.diff(np.log(survival)) / length
        hazard = np.where(np.isfinite(hazard), hazard, 0.0)
        long = np.append(length > 0, True)
        beyond = hazard[length > 0][-1:] if survival[-1] > 0 else np.zeros(0)
        starts, level = times[long], survival[long]
        rate = np.append(hazard[length > 0], beyond if len(beyond) else 0.0)
        steep = rate[:-1] > 0
        safe = np.where(steep, rate[:-1], 1.0)
        span = np.diff(starts)
        grown = level[:-1] * np.where(steep, -np.expm1(-safe * span) / safe, span)
        return starts, level, rate, np.append(0.0, np.cumsum(grown))


def _product(rate: FloatArray, time: FloatArray) -> FloatArray:
    """Rate x time, where nothing for ever is nothing."""
    ends = (rate == 0) | (time == 0)
    return np.where(ends, 0.0, np.where(ends, 1.0, rate) * np.where(ends, 1.0, time))


def _check(times: FloatArray, survival: FloatArray) -> None:
    """Refuse points that are no survival curve."""
    if times.ndim != 1 or times.shape != survival.shape or len(times) == 0:
        raise InputError(
            f"times_s of shape {times.shape} and survival of shape {survival.shape} are no curve: "
            "give one survival per time, at least that at time 0."
        )
    if times[0] != 0 or not (np.isfinite(times).all() and (np.diff(times) >= 0).all()):
        raise InputError(
            f"times_s from {times[0]:g} to {times[-1]:g} do not rise from 0: sort them, and begin "
            "with time 0 (survival 1, or less where some do not wait at all)."
        )
    share = (survival >= 0) & (survival <= 1)
    share[1:] &= np.diff(survival) <= 0
    if not share.all():
        at = int(np.argmin(share))
        raise InputError(
            f"survival[{at}] = {survival[at]:g} is not a share that falls over time: give the part "
            "that is still waiting, not the part that has gone."
        )


def _above_zero(name: str, value: float) -> None:
    if not (isfinite(value) and value > 0):
        raise InputError(f"{name} = {value:g} is not a finite number above 0.")


def _share(name: str, value: float) -> float:
    if not 0 <= value < 1:
        raise InputError(f"{name} = {value:g} is not in [0, 1): write 5 % as 0.05.")
    return value
