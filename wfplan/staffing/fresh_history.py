"""Contact history as first contacts: what came of its own accord, interval by interval.

A past week of bad service holds customers who called again; forecast as it was
seen, it would ask for staff to answer them once more. So the contacts that
earlier ones made (after hanging up within minutes, with the same matter over
days) are taken out *before* the forecast. Over the history as a whole they add
up to what the shares of the plan say, ``fresh_c = total_c - sum over d of
total_d (lost_d R[d, c] + (1 - lost_d) F[d, c])``; within it they lie where the
delays put them.

Counts of an interval are split by the expected share of repeats, which is the
conditional mean of first contacts when both are Poisson; that share is read
over neighbouring intervals and pulled towards the day's where contacts are few.

What goes to the forecast are first contacts at the scale of all contacts, that
is divided by the first contacts' share of the whole history: the counts of
ordinary weeks stay as random as counts are, which the uncertainty relies on.

References
----------
.. [1] Ding, S., M. Remerova, R. van der Mei, and B. Zwart (2013). Fluid
       approximation of a call center model with redials and reconnects.
       https://arxiv.org/abs/1311.6248
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import FloatArray
from wfplan.errors import InputError
from wfplan.horizon import Horizon
from wfplan.queueing import returns
from wfplan.staffing.frames import opening

KNOWN_SHARE = 0.5  # of a channel's contacts whose fate must be known
FRESH_LEAST = 0.05  # of a channel's contacts: below, first contacts keep their own scale
REPEATS_MOST = 0.98  # of an interval's contacts
_ALIKE = 20.0  # contacts of an interval that weigh as much as what its day says
_NEIGHBOURS = np.array([0.25, 0.5, 0.25])
_COUNTS = ("offered", "answered", "answered_in_target")

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class FreshHistory:
    """
    A history of first contacts, at the scale of all contacts, without the column abandoned.

    ``scale`` turns a forecast of ``history`` into one of first contacts,
    (channel,); None where first contacts are not told apart: then ``history``
    is as it was, and ``why_not`` says why where somebody comes back.
    """

    history: pd.DataFrame
    scale: FloatArray | None = None
    why_not: str = ""


@dataclass(frozen=True)
class Past:
    """
    What the history says of every channel and interval, (channel, interval).

    ``lost`` are contacts that hung up, filled in where not known; ``known`` is
    (channel,): whether it is known of most contacts.
    """

    horizon: Horizon
    offered: FloatArray
    lost: FloatArray
    known: BoolArray

    @property
    def lost_share(self) -> FloatArray:
        """Share of all contacts that hung up, (channel,); NaN where not known."""
        total = self.offered.sum(axis=1)
        share = np.divide(self.lost.sum(axis=1), total, out=np.zeros(len(total)), where=total > 0)
        return np.where(self.known, np.minimum(share, 1.0), np.nan)


def fresh_history(
    problem: PlanningProblem, horizon: Horizon, history: pd.DataFrame
) -> FreshHistory:
    """
    The history that the forecast is to see.

    Parameters
    ----------
    history
        As of :func:`wfplan.staffing.frames.forecast_frames`: what was before the horizon.

    Raises
    ------
    InputError
        When more contacts hung up on a day than came.
    """
    if not comes_back(problem) or history.empty:
        return FreshHistory(history)
    past = past_of(problem, horizon, history)
    unknown = [
        channel.name
        for c, channel in enumerate(problem.channels)
        if not past.known[c] and any(channel.repeats.values())
    ]
    if unknown:
        return FreshHistory(history, why_not=_not_known(unknown))
    repeats = _repeats_of(problem, past)
    total = past.offered.sum(axis=1)
    most = REPEATS_MOST * total
    if (repeats.sum(axis=1) > most + 1e-9).any():
        worst = int(np.argmax(repeats.sum(axis=1) - most))
        return FreshHistory(history, why_not=_too_many(problem.channels[worst].name))
    kept = 1 - _repeat_share(past, repeats)
    share = np.divide(
        (past.offered * kept).sum(axis=1), total, out=np.ones(len(total)), where=total > 0
    )
    scale = np.maximum(share, FRESH_LEAST)
    return FreshHistory(_times(history, problem, past.horizon, kept / scale[:, None]), scale)


def comes_back(problem: PlanningProblem) -> bool:
    """Whether the plan says that customers come back."""
    return any(any(c.redial.values()) or any(c.recontact.values()) for c in problem.channels)


def matrix(problem: PlanningProblem, name: str) -> FloatArray:
    """Shares of ``redial`` or ``recontact``, (channel, channel): from row to column."""
    names = [channel.name for channel in problem.channels]
    rows = [[channel.repeats[name].get(to, 0.0) for to in names] for channel in problem.channels]
    return np.array(rows, dtype=np.float64).reshape(len(names), len(names))


def past_of(problem: PlanningProblem, horizon: Horizon, history: pd.DataFrame) -> Past:
    """
    The history on the grid of its own days.

    Raises
    ------
    InputError
        When more contacts hung up on a day than came.
    """
    first = pd.Timestamp(history["interval_start"].min()).tz_convert(problem.timezone).date()
    days = max((horizon.first_day - first).days, 1)
    past = Horizon(problem.timezone, first, days, problem.interval_min)
    shape = len(problem.channels), past.interval_count
    place = _places(history, problem, past)
    offered = _summed(place, history["offered"].to_numpy(np.float64), shape)
    if "abandoned" not in history:
        is_deferred = np.array([not channel.is_realtime for channel in problem.channels])
        return Past(past, offered, np.zeros(shape), is_deferred | ~offered.any(axis=1))
    lost = history["abandoned"].to_numpy(np.float64)
    counted = np.isfinite(lost)
    _refuse_more_lost_than_came(problem, past, place, history, counted)
    seen = _summed(place, np.where(counted, history["offered"].to_numpy(np.float64), 0.0), shape)
    gone = _summed(place, np.where(counted, lost, 0.0), shape)
    for c, channel in enumerate(problem.channels):
        if not channel.is_realtime:
            gone[c], seen[c] = 0.0, offered[c]
    share = _smoothed(past, gone, seen)
    known = seen.sum(axis=1) >= KNOWN_SHARE * offered.sum(axis=1)
    return Past(past, offered, gone + share * (offered - seen), known)


def come_back(
    problem: PlanningProblem,
    horizon: Horizon,
    is_open: BoolArray,
    lost: FloatArray,
    served: FloatArray,
    *,
    before: int | None = None,
) -> FloatArray:
    """
    Redials and recontacts where they arrive, (channel, interval).

    Parameters
    ----------
    is_open, lost, served
        Of every channel and interval.
    before
        So many of these intervals, the first, are what the weeks before were like; all of them
        where not said, 0 where nobody came before.
    """
    found = np.zeros(lost.shape)
    interval_s = horizon.interval_min * 60.0
    count = horizon.interval_count
    like = np.arange(count if before is None else min(before, count))
    for d, channel in enumerate(problem.channels):
        for shares, begun, after_s in (
            (channel.redial, lost[d], channel.redial_after_min * 60),
            (channel.recontact, served[d], channel.recontact_after_h * 3600),
        ):
            if not any(shares.values()):
                continue
            weeks = returns.weeks_before(after_s, interval_s, max(len(like), 1))
            rows = np.concatenate([np.tile(like, weeks), np.arange(count)])
            for c, to in enumerate(problem.channels):
                if share := shares.get(to.name, 0.0):
                    came = returns.arrivals(
                        share * begun[rows], after_s, interval_s, is_open[c][rows]
                    )
                    found[c] += came[len(rows) - count :]
    return found


def _repeats_of(problem: PlanningProblem, past: Past) -> FloatArray:
    """Repeats where they arrived, in sum as many as the plan's shares make of the history."""
    served = past.offered - past.lost
    is_open = np.array([opening(problem, channel, past.horizon) for channel in problem.channels])
    is_open |= past.offered > 0
    week = 7 * 1440 // past.horizon.interval_min
    found = come_back(problem, past.horizon, is_open, past.lost, served, before=week)
    due = past.lost.sum(axis=1) @ matrix(problem, "redial")
    due += served.sum(axis=1) @ matrix(problem, "recontact")
    came = found.sum(axis=1)
    scaled: FloatArray = (
        found * np.divide(due, came, out=np.zeros(len(due)), where=came > 0)[:, None]
    )
    return scaled


def _repeat_share(past: Past, repeats: FloatArray) -> FloatArray:
    """Share of every interval's contacts that came back, in sum as many as ``repeats``."""
    share = np.clip(_smoothed(past.horizon, repeats, past.offered), 0.0, REPEATS_MOST)
    due = repeats.sum(axis=1)
    for _ in range(50):  # a few where nothing reaches the most
        came = (past.offered * share).sum(axis=1)
        off = np.divide(due, came, out=np.ones(len(due)), where=came > 0)
        if np.abs(off - 1).max(initial=0.0) < 1e-12:
            break
        share = np.minimum(share * off[:, None], REPEATS_MOST)
    return share


def _smoothed(horizon: Horizon, part: FloatArray, of: FloatArray) -> FloatArray:
    """Ratios over neighbouring intervals, pulled to the day's and that to the channel's."""
    days = horizon.interval_days
    found = np.zeros(of.shape)
    for c, (some, all_of_it) in enumerate(zip(part, of, strict=True)):
        whole = all_of_it.sum()
        usual = some.sum() / whole if whole > 0 else 0.0
        day_some = np.bincount(days, some, horizon.days)
        day_all = np.bincount(days, all_of_it, horizon.days)
        of_day = ((day_some + _ALIKE * usual) / (day_all + _ALIKE))[days]
        near_some = np.convolve(some, _NEIGHBOURS, "same")
        near_all = np.convolve(all_of_it, _NEIGHBOURS, "same")
        found[c] = (near_some + _ALIKE * of_day) / (near_all + _ALIKE)
    return found


def _places(
    history: pd.DataFrame, problem: PlanningProblem, past: Horizon
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Channel and interval of every row."""
    names = [channel.name for channel in problem.channels]
    row = pd.Index(names).get_indexer(pd.Index(history["channel"])).astype(np.int64)
    elapsed = history["interval_start"] - pd.Timestamp(past.start)
    at = (elapsed // timedelta(minutes=past.interval_min)).to_numpy(np.int64)
    return row, np.clip(at, 0, past.interval_count - 1)


def _summed(
    place: tuple[NDArray[np.int64], NDArray[np.int64]], values: FloatArray, shape: tuple[int, int]
) -> FloatArray:
    """Values added up where they belong."""
    flat = np.bincount(place[0] * shape[1] + place[1], values, shape[0] * shape[1])
    return flat.reshape(shape).astype(np.float64)


def _times(
    history: pd.DataFrame, problem: PlanningProblem, past: Horizon, factor: FloatArray
) -> pd.DataFrame:
    """
    The history with all counts of an interval times its factor; whole counts stay whole.

    What rounding takes from one interval it gives to the next, so that sums stay.

    Who hung up is left out: it has done its part, and is no share of first contacts.
    """
    row, at = _places(history, problem, past)
    by = factor[row, at]
    history = history.drop(columns="abandoned", errors="ignore")
    found = history.assign(**{name: history[name] * by for name in _COUNTS if name in history})
    offered = found["offered"].to_numpy(np.float64).copy()
    for c in np.unique(row):
        rows = np.flatnonzero(row == c)
        if (history["offered"].to_numpy()[rows] % 1 == 0).all():
            in_time = rows[np.argsort(at[rows], kind="stable")]
            so_far = np.floor(np.cumsum(offered[in_time]) + 0.5)
            offered[in_time] = np.diff(so_far, prepend=0.0)
    return found.assign(offered=offered)


def _refuse_more_lost_than_came(
    problem: PlanningProblem,
    past: Horizon,
    place: tuple[NDArray[np.int64], NDArray[np.int64]],
    history: pd.DataFrame,
    counted: BoolArray,
) -> None:
    """Refuse days on which more contacts hung up than came; single intervals may shift some."""
    shape = len(problem.channels), past.days
    on = place[0], past.interval_days[place[1]]
    came = _summed(on, np.where(counted, history["offered"], 0.0), shape)
    gone = _summed(on, np.where(counted, history["abandoned"], 0.0), shape)
    wrong = gone > came * (1 + 1e-9)
    wrong &= np.array([[channel.is_realtime] for channel in problem.channels])
    if wrong.any():
        c, day = (int(i) for i in np.argwhere(wrong)[0])
        more = f" ({int(wrong.sum())} days)" if wrong.sum() > 1 else ""
        raise InputError(
            f"contacts of {problem.channels[c].name} on {past.dates[day]}: abandoned = "
            f"{gone[c, day]:g} is more than offered = {came[c, day]:g}, so first contacts cannot "
            "be told from those who called again. Offered counts everybody who came, the "
            f"abandoned included: check both columns, or leave abandoned out.{more}"
        )


def _not_known(names: list[str]) -> str:
    """Why first contacts are not known."""
    return (
        f"{', '.join(names)}: the forecast is of all contacts, customers who came back included, "
        "because the contact history does not say how many hung up: past failures are planned for "
        "again. Add the column abandoned to the contacts"
    )


def _too_many(name: str) -> str:
    """Why the plan's shares cannot be those of the history."""
    return (
        f"{name}: the forecast is of all contacts, customers who came back included, because "
        "redial and recontact of the plan explain more contacts than there were: lower them"
    )
