"""The forecast's tables as arrays over (channel, interval), with what staffing needs besides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import inf, isfinite

import numpy as np
import pandas as pd

from wfplan.domain.channels import Channel
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import DemandForecast, FloatArray
from wfplan.errors import InputError
from wfplan.horizon import Horizon
from wfplan.queueing.patience import mean_patience_s
from wfplan.staffing.frames import opening

PATIENCE_DEFAULT_S = 120.0
PATIENCE_RANGE_S = (5.0, 7200.0)  # fits outside are artefacts of how the log counts
NOBODY = 1e-9  # contacts an interval: what smoothing leaves of a time at which none ever came
_COUNTS = (
    "offered_mean", "offered_q025", "offered_q10", "offered_q50", "offered_q90", "offered_q975",
)  # fmt: skip
ABANDONED_LEAST = 30  # below, a fit says little


def demand_forecast(
    problem: PlanningProblem,
    horizon: Horizon,
    intervals: pd.DataFrame,
    channels: pd.DataFrame,
    notes: tuple[str, ...] = (),
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> DemandForecast:
    """
    Arrays of the horizon from the tables of a forecast.

    Parameters
    ----------
    intervals
        ``channel, interval_start, offered_mean, offered_q10, offered_q50,
        offered_q90, aht_s, rate_cv``; absent intervals count as no demand.
    channels
        ``channel, day_share``.
    notes
        What the forecast has to say; what is assumed here is added.
    tables
        What it says beside its intervals, by name of the run's table.

    Raises
    ------
    InputError
        When a channel with demand has no handle time, in history or in the plan.
    """
    names = tuple(channel.name for channel in problem.channels)
    is_open = np.array([opening(problem, c, horizon) for c in problem.channels], dtype=bool)
    is_open = is_open.reshape(len(names), horizon.interval_count)
    serves = is_open | np.array([[not c.is_realtime] for c in problem.channels]).reshape(-1, 1)
    table = {
        column: _pivot(intervals, column, names, horizon)
        for column in (*_COUNTS, "rate_cv")
        if column in intervals
    }
    comes = serves & (np.nan_to_num(table["offered_mean"]) > NOBODY)
    counts = {
        column: np.where(comes, np.nan_to_num(values), 0.0) for column, values in table.items()
    }
    said = [*notes, *_never_came(names, intervals)]
    aht = _pivot(intervals, "aht_s", names, horizon)
    aht_s = _all_handle_times(problem, aht, counts["offered_mean"])
    share = channels.set_index("channel")["day_share"] if len(channels) else pd.Series(dtype=float)
    return DemandForecast(
        horizon=horizon,
        channels=names,
        is_open=is_open,
        offered_mean=counts["offered_mean"],
        offered_q10=counts["offered_q10"],
        offered_q50=counts["offered_q50"],
        offered_q90=counts["offered_q90"],
        offered_q025=counts.get("offered_q025"),
        offered_q975=counts.get("offered_q975"),
        tables=dict(tables or {}),
        aht_s=aht_s,
        aht_q10=_handle_quantile("aht_q10", problem, horizon, intervals, aht_s),
        aht_q90=_handle_quantile("aht_q90", problem, horizon, intervals, aht_s),
        rate_cv=counts["rate_cv"],
        day_share=np.array([_day_share(share, name) for name in names]),
        patience_s=np.array([_patience_s(problem, c, horizon, said) for c in problem.channels]),
        notes=tuple(said),
    )


def without_gaps(demand: DemandForecast) -> DemandForecast:
    """Demand whose unknown handle times are the mean of the channel's known ones."""
    known = np.isfinite(demand.aht_s)
    count = known.sum(axis=1, keepdims=True)
    usual = np.where(known, demand.aht_s, 0.0).sum(axis=1, keepdims=True) / np.maximum(count, 1)
    filled = np.where(known, demand.aht_s, np.where(count > 0, usual, 1.0))
    return replace(demand, aht_s=filled)


def _never_came(names: tuple[str, ...], intervals: pd.DataFrame) -> list[str]:
    """A note for every channel of which the forecast knows nothing."""
    silent = set(names) - set(intervals["channel"])
    return [
        f"{name}: the contact history has no rows of it, so it is planned as if nobody came. If "
        f'it is new, state under [channels.{name}] what it is like: like = "voice", say, and '
        "like_share = 0.2 or offered_week = 900."
        for name in names
        if name in silent
    ]


def _pivot(
    intervals: pd.DataFrame, column: str, names: tuple[str, ...], horizon: Horizon
) -> FloatArray:
    """One column of the forecast as an array over (channel, interval), NaN where absent."""
    values = np.full((len(names), horizon.interval_count), np.nan)
    starts = pd.to_datetime(intervals["interval_start"], utc=True)
    elapsed_s = (starts - pd.Timestamp(horizon.start)).dt.total_seconds().to_numpy()
    place = np.floor_divide(elapsed_s, horizon.interval_min * 60).astype(np.int64)
    row = pd.Index(names).get_indexer(pd.Index(intervals["channel"]))
    inside = (row >= 0) & (place >= 0) & (place < horizon.interval_count)
    values[row[inside], place[inside]] = intervals[column].to_numpy(dtype=np.float64)[inside]
    return values


def _handle_times(channel: Channel, forecast_s: FloatArray, offered: FloatArray) -> FloatArray:
    """Handle times of a channel, the plan's where it states them."""
    if channel.aht_s is not None:
        return np.full(len(forecast_s), channel.aht_s)
    known = np.isfinite(forecast_s) & (forecast_s > 0)
    if not known.any():
        if offered.any():
            raise InputError(
                f"channels.{channel.name}.aht_s is not given and the contact history has no handle "
                "time: staff cannot be computed. Add the column aht_s (seconds) to the contacts, "
                f"or write aht_s = 300 under [channels.{channel.name}]."
            )
        return np.full(len(forecast_s), 1.0)
    weight = np.where(known, np.maximum(offered, 1e-9), 0.0)
    usual = float(np.average(np.where(known, forecast_s, 0.0), weights=weight))
    return np.where(known, forecast_s, usual)


def _all_handle_times(
    problem: PlanningProblem, forecast_s: FloatArray, offered: FloatArray
) -> FloatArray:
    """Handle times of every channel, (channel, interval)."""
    found = [_handle_times(c, forecast_s[n], offered[n]) for n, c in enumerate(problem.channels)]
    return np.array(found).reshape(offered.shape)


def _handle_quantile(
    column: str,
    problem: PlanningProblem,
    horizon: Horizon,
    intervals: pd.DataFrame,
    aht_s: FloatArray,
) -> FloatArray | None:
    """A quantile of handle times, if the forecast has it; what the plan states is certain."""
    if column not in intervals:
        return None
    values = _pivot(intervals, column, tuple(c.name for c in problem.channels), horizon)
    stated = np.array([c.aht_s is not None for c in problem.channels]).reshape(-1, 1)
    return np.where(stated | ~np.isfinite(values), aht_s, values)


def _day_share(share: pd.Series, name: str) -> float:
    """The part of the rate's variance that a day has in common; 1 where unknown (cautious)."""
    value = float(share.get(name, 1.0))
    return min(max(value, 0.0), 1.0) if isfinite(value) else 1.0


def _patience_s(
    problem: PlanningProblem, channel: Channel, horizon: Horizon, said: list[str]
) -> float:
    """Mean patience: the plan's, else fitted from contacts before the horizon."""
    if not channel.is_realtime:
        return inf
    if channel.patience_s != "fit":
        return float(channel.patience_s)
    contacts = problem.contacts
    if not {"abandoned", "wait_s", "offered"} <= set(contacts.columns):
        said.append(
            f"{channel.name}: the history has no columns abandoned and wait_s, so a mean patience "
            f"of {PATIENCE_DEFAULT_S:g} s is assumed; set patience_s to what you know."
        )
        return PATIENCE_DEFAULT_S
    past = pd.to_datetime(contacts["interval_start"], utc=True) < pd.Timestamp(horizon.start)
    rows = contacts.loc[past & (contacts["channel"] == channel.name)]
    rows = rows.dropna(subset=["abandoned", "wait_s", "offered"])
    lost = float(rows["abandoned"].sum())
    if lost < ABANDONED_LEAST:
        said.append(
            f"{channel.name}: only {lost:g} contacts hung up in the history, too few to fit their "
            f"patience; {PATIENCE_DEFAULT_S:g} s is assumed."
        )
        return PATIENCE_DEFAULT_S
    fitted = mean_patience_s(rows["offered"] * rows["wait_s"], rows["abandoned"])
    kept = min(max(fitted, PATIENCE_RANGE_S[0]), PATIENCE_RANGE_S[1])
    if kept != fitted:
        said.append(
            f"{channel.name}: total waiting over contacts that hung up gives a mean patience of "
            f"{fitted:.3g} s, which no log of waits in seconds shows; {kept:g} s is used. "
            "Check the unit of wait_s."
        )
    return kept
