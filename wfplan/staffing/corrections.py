"""Curves corrected by what a simulated plan showed: the cut of "audit and cut".

Curves take every interval and channel for itself. A simulated week knows what
they leave out: customers carried over from the interval before, people who are
busy with another channel when a contact comes, and people of another channel
who help out. So each real-time curve is moved along its staff axis until it
says, at the staff of the plan, what was lived there; it stays convex and keeps
its shape. A channel of deferred work is scaled as a whole, because where its
lateness shows is not where hands were missing.

What may be noise moves nothing: a difference counts by how far it exceeds its
standard error (James and Stein). The corrections are a heuristic, valid near
the plan that was simulated (Atlason, Epelman, and Henderson 2004 cut in the
same way); who uses them keeps the best plan by simulation, not the last one.

References
----------
.. [1] Atlason, J., M. A. Epelman, and S. G. Henderson (2004). Call center
       staffing with simulation and cutting plane methods. *Annals of Operations
       Research* 127: 333-358. https://doi.org/10.1023/B:ANOR.0000019095.91642.bb
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import FloatArray, Outcome, StaffNeed

AGREEMENT = 0.02  # of the harm lived: closer than this the curves need no correction
_STEP_SHARE, _STEP_STAFF = 0.3, 1.0  # a curve moves by at most this share of the staff, plus this
_SCALE_MOST = 5.0  # factor on the curves of deferred work, and one over it, in one correction
_LEAST_HARM = 0.02  # harm points of an interval: what a curve says where nothing was lived
_NEIGHBOURS = np.array([0.25, 0.5, 0.25])  # weights in time; one interval alone is mostly noise


def corrected(
    problem: PlanningProblem, need: StaffNeed, staff: FloatArray, outcome: Outcome
) -> StaffNeed:
    """
    The need with curves that agree with what a simulated plan showed.

    Parameters
    ----------
    need
        The curves that the plan was made with. Floors stay as they are.
    staff
        Effective staff of the plan, (channel, interval).
    outcome
        The plan, simulated.
    """
    lived = np.nan_to_num(outcome.by_interval("harm", need.channels))
    noise = np.nan_to_num(outcome.by_interval("harm", need.channels, column="half_width")) / 1.96
    expected = harm_at(need.harm, staff)
    curves = []
    for c, channel in enumerate(problem.channels):
        if not channel.is_realtime:
            curves.append(need.harm[c] * _scale(float(lived[c].sum()), float(expected[c].sum())))
            continue
        target = _believed(expected[c], lived[c], noise[c], need.volume[c] > 0)
        curves.append(_moved(need.harm[c], staff[c], target))
    longest = max(curve.shape[1] for curve in curves)
    padded = [np.pad(curve, ((0, 0), (0, longest - curve.shape[1])), "edge") for curve in curves]
    return replace(need, harm=np.stack(padded))


def disagreement(need: StaffNeed, staff: FloatArray, outcome: Outcome) -> float:
    """How far curves and simulation are apart over the week, as a share of the harm lived."""
    lived = np.nan_to_num(outcome.by_interval("harm", need.channels))
    expected = harm_at(need.harm, staff)
    apart = np.abs(expected.sum(axis=1) - lived.sum(axis=1)).sum()
    return float(apart / max(lived.sum(), 1e-9))


def harm_at(harm: FloatArray, staff: FloatArray) -> FloatArray:
    """Harm points that curves (channel, interval, staff) say at a staff, (channel, interval)."""
    last = harm.shape[2] - 1
    n = np.clip(staff, 0, last)
    below = np.minimum(n.astype(np.int64), max(last - 1, 0))
    at = np.take_along_axis(harm, below[:, :, None], axis=2)[:, :, 0]
    after = np.take_along_axis(harm, np.minimum(below + 1, last)[:, :, None], axis=2)[:, :, 0]
    between: FloatArray = at + (n - below) * (after - at)
    return between


def _scale(lived: float, expected: float) -> float:
    """Factor on the curves of deferred work, half the way in logarithms."""
    if expected <= 0:
        return 1.0
    return float(np.clip(np.sqrt(lived / expected), 1 / _SCALE_MOST, _SCALE_MOST))


def _believed(
    expected: FloatArray, lived: FloatArray, noise: FloatArray, is_open: NDArray[np.bool_]
) -> FloatArray:
    """What each interval's curve should say at the plan: towards what was lived, noise left out."""
    weight = np.convolve(is_open, _NEIGHBOURS, "same")
    apart = _smoothed((lived - expected) * is_open, weight)
    error = np.sqrt(np.convolve((noise * is_open) ** 2, _NEIGHBOURS**2, "same"))
    error = np.divide(error, weight, out=np.zeros_like(error), where=weight > 0)
    sure = 1 - np.divide(error**2, apart**2, out=np.ones_like(apart), where=apart != 0)
    believed: FloatArray = np.maximum(expected + np.maximum(sure, 0.0) * apart, _LEAST_HARM)
    return believed


def _smoothed(values: FloatArray, weight: FloatArray) -> FloatArray:
    """Means over neighbouring open intervals."""
    total = np.convolve(values, _NEIGHBOURS, "same")
    return np.divide(total, weight, out=np.zeros_like(total), where=weight > 0)


def _moved(harm: FloatArray, staff: FloatArray, target: FloatArray) -> FloatArray:
    """Curves (interval, staff) moved along the staff axis to say ``target`` at ``staff``."""
    levels = np.arange(harm.shape[1], dtype=np.float64)
    steps = np.zeros(len(harm))
    for t, row in enumerate(harm):
        if row[0] > 0:
            says_so = np.interp(-target[t], -row, levels)  # rows fall, so minus them rise
            most = _STEP_SHARE * staff[t] + _STEP_STAFF
            steps[t] = np.clip(staff[t] - says_so, -most, most)
    reach = np.arange(harm.shape[1] + ceil(max(steps.max(initial=0.0), 0.0)))
    moved = np.empty((len(harm), len(reach)))
    for t, row in enumerate(harm):
        at = reach - steps[t]
        below = np.maximum(-at, 0.0) * (row[0] - row[1] if len(row) > 1 else 0.0)
        moved[t] = np.interp(at, levels, row) + below
    return moved
