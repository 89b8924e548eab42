"""A forecast from elsewhere in place of ours: its means, and how wrong it may be.

How wrong is learnt from what it said before and what came then, where that is at least
some weeks; else it is what its own bounds say, else what our forecast says of itself.
"""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import numpy as np
import pandas as pd

from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import DemandForecast, FloatArray
from wfplan.horizon import Horizon
from wfplan.staffing.hand import EXTERNAL, Quantiles, layer_days, with_means
from wfplan.staffing.totals import without_ranges

_DAYS_LEAST = 14  # of past forecasts, to learn from
_CONTACTS_LEAST = 200.0
_WIDTH_80 = 2.5631  # standard deviations between the 10 % and the 90 % point of a normal law


def with_external(
    problem: PlanningProblem, demand: DemandForecast, quantiles: Quantiles
) -> DemandForecast:
    """
    Demand as the plan's external forecast has it, where the plan says so; ours where it ends.

    What was there before is kept as ``offered_statistical``, whoever is followed.
    """
    demand = replace(demand, offered_statistical=demand.offered_mean)
    if problem.forecast.use != EXTERNAL:
        return demand
    rows = rows_for(problem, demand.horizon)
    past = past_rows(problem, demand.horizon)
    means, cvs = demand.offered_mean.copy(), demand.rate_cv.copy()
    aht_s, share, notes = demand.aht_s.copy(), demand.day_share.copy(), list(demand.notes)
    for c, name in enumerate(demand.channels):
        table = _on_grid(rows[rows["channel"] == name], demand.horizon)
        there = np.isfinite(table["offered"]) & (demand.is_open[c] | (demand.offered_mean[c] > 0))
        means[c, there] = table["offered"][there]
        known = there & np.isfinite(table["aht_s"]) & (table["aht_s"] > 0)
        aht_s[c, known] = table["aht_s"][known]
        learnt = _learnt(past[past["channel"] == name], demand.horizon)
        bounds = _bounds_cv(table)
        if learnt is not None:
            cvs[c, there], share[c] = learnt
        elif (stated := there & np.isfinite(bounds)).any():
            cvs[c, stated] = bounds[stated]
        notes += _notes(name, demand, c, there, is_learnt=learnt is not None)
    layers = layer_days(demand, demand.offered_mean, means, EXTERNAL)
    changed = with_means(demand, means, cvs, quantiles)
    return replace(
        without_ranges(changed), aht_s=aht_s, day_share=share, notes=tuple(notes),
        layers=(*demand.layers, *layers),
    )  # fmt: skip


def rows_for(problem: PlanningProblem, horizon: Horizon) -> pd.DataFrame:
    """The newest rows of the plan's source that were made before a horizon begins."""
    rows = _of_source(problem)
    start = pd.Timestamp(horizon.start)
    ahead = rows[(rows["interval_start"] >= start) & ~(rows["made_at"] > start)]
    return _newest(ahead)


def past_rows(problem: PlanningProblem, horizon: Horizon) -> pd.DataFrame:
    """
    The newest rows made before each past interval, with what came then.

    Columns channel, interval_start, offered (said), actual; only intervals that the history
    has, before the horizon.
    """
    rows = _of_source(problem)
    past = rows[~(rows["made_at"] > rows["interval_start"])]
    past = _newest(past[past["interval_start"] < pd.Timestamp(horizon.start)])
    grain = f"{horizon.interval_min}min"
    said, came = (_on_intervals(frame, grain) for frame in (past, problem.contacts))
    both = pd.DataFrame({"offered": said, "actual": came}).dropna()
    return both.reset_index()


def _on_intervals(rows: pd.DataFrame, grain: str) -> pd.Series:
    """Contacts by channel and interval."""
    starts = pd.to_datetime(rows["interval_start"], utc=True).dt.floor(grain)
    return rows.groupby([rows["channel"], starts])["offered"].sum(min_count=1)


def _of_source(problem: PlanningProblem) -> pd.DataFrame:
    """The rows of the source that the plan names, all where it names none."""
    rows = problem.external
    return rows[rows["source"] == problem.forecast.source] if problem.forecast.source else rows


def _newest(rows: pd.DataFrame) -> pd.DataFrame:
    """Of several rows for an interval the last made; one without a date is the oldest."""
    ordered = rows.sort_values("made_at", kind="stable", na_position="first")
    newest = ordered.drop_duplicates(["channel", "interval_start"], keep="last")
    return newest.sort_values(["channel", "interval_start"], ignore_index=True)


def _on_grid(rows: pd.DataFrame, horizon: Horizon) -> dict[str, FloatArray]:
    """Columns as arrays (interval,); counts of finer rows add up, NaN where there is none."""
    elapsed = (rows["interval_start"] - pd.Timestamp(horizon.start)).dt.total_seconds()
    place = np.floor_divide(elapsed.to_numpy(), horizon.interval_min * 60).astype(np.int64)
    inside = (place >= 0) & (place < horizon.interval_count)
    rows, place = rows[inside], place[inside]
    grouped = rows.assign(work=rows["aht_s"] * rows["offered"]).groupby(place)
    sums = grouped[["offered", "low", "high", "work"]].sum(min_count=1)
    sums["aht_s"] = sums["work"] / sums["offered"].where(sums["offered"] > 0)
    whole = sums.reindex(np.arange(horizon.interval_count))
    return {name: whole[name].to_numpy(np.float64) for name in ("offered", "low", "high", "aht_s")}


def _bounds_cv(table: dict[str, FloatArray]) -> FloatArray:
    """Variation of the rate that stated bounds speak of, without the noise of counts."""
    mean = table["offered"]
    spread = (table["high"] - table["low"]) / _WIDTH_80
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = (spread**2 - mean) / mean**2
    return np.sqrt(np.maximum(np.where(mean > 0, variance, np.nan), 0.0))


def _learnt(past: pd.DataFrame, horizon: Horizon) -> tuple[float, float] | None:
    """Variation of the rate and the share of it that days have in common, from past errors."""
    day = past["interval_start"].dt.tz_convert(horizon.timezone).dt.date
    days = past.groupby(day)[["offered", "actual"]].sum()
    if len(days) < _DAYS_LEAST or past["actual"].sum() < _CONTACTS_LEAST:
        return None
    cell, whole = (_rate_variance(frame) for frame in (past, days))
    if cell <= 0:
        return sqrt(max(whole, 0.0)), 1.0
    return sqrt(max(cell, whole)), min(max(whole / cell, 0.0), 1.0)


def _rate_variance(rows: pd.DataFrame) -> float:
    """Relative variance of the rate around what was said, by moments; counts are Poisson on it."""
    said, came = (rows[name].to_numpy(np.float64) for name in ("offered", "actual"))
    squares = float((said**2).sum())
    return max(float(((came - said) ** 2 - came).sum()) / squares, 0.0) if squares > 0 else 0.0


def _notes(
    name: str, demand: DemandForecast, c: int, there: np.ndarray, *, is_learnt: bool
) -> list[str]:
    """Where the forecast from elsewhere ends, and whose uncertainty it has."""
    wanted = demand.is_open[c] | (demand.offered_mean[c] > 0)
    missing = int((wanted & ~there).sum())
    if not there.any():
        return [f"{name}: the external forecast has no rows of this week, so ours stands."]
    notes = []
    if missing:
        notes.append(f"{name}: the external forecast leaves out {missing} intervals; ours stands.")
    if not is_learnt:
        notes.append(
            f"{name}: fewer than {_DAYS_LEAST} days of what the external forecast said before "
            "can be compared with what came, so its uncertainty is what it states, or ours."
        )
    return notes
