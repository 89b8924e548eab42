"""
What is expected of a week, from its plan: where :mod:`forecasts` are made.

The history as first contacts, the forecast of them, what comes back, and what the planner and
scenarios lay on it; the rest of a week of which a part has come; forecasts of the past. How good
those that were planned with turned out is in :mod:`wfplan.hindsight`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pandas as pd

import forecasts
from wfplan import hindsight, staffing
from wfplan.domain import backtests, forecast_tables
from wfplan.domain.backtests import ForecastBacktest
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.progress import Control
from wfplan.domain.results import DemandForecast
from wfplan.errors import InputError
from wfplan.simulation.parallel import PROCESSES, THREADS, in_order
from wfplan.store import RunParts

MANY_CHANNELS = 12  # from which on processes are worth their start


def demand(run: RunParts, control: Control) -> DemandForecast:
    """Demand of the week per channel, with its uncertainty."""
    found, fresh = _found(run, control)
    return _demand(run, found, fresh, found.intervals, run.problem.as_of)


def demand_as_of(run: RunParts, as_of: datetime) -> DemandForecast:
    """Demand of a week of which a part has come: what came, and what that says of the rest."""
    so_far = staffing.contacts_so_far(run.problem, run.horizon, as_of)
    found, fresh = _found(run, Control())
    channels = set(found.intervals["channel"])
    rows = so_far.frame(run.problem, run.horizon)
    try:
        rest = found.reforecast(rows[rows["channel"].isin(channels)], pd.Timestamp(so_far.as_of))
    except forecasts.ForecastError as error:
        raise InputError(str(error)) from error
    keys = ["channel", "interval_start"]
    kept = found.intervals.set_index(keys)
    kept.update(rest.set_index(keys)[[name for name in kept if name in rest]])
    before = _demand(run, found, fresh, found.intervals, so_far.as_of)
    after = _demand(run, found, fresh, kept.reset_index(), so_far.as_of)
    return staffing.with_so_far(run.problem, after, before, so_far, rest)


def backtest(
    run: RunParts, control: Control, *, origins: int, leads: Sequence[int]
) -> ForecastBacktest:
    """How good forecasts of the weeks before a run's week would have been."""
    history, opening, calendar = staffing.past_frames(run.problem, run.horizon, origins)

    def goes_on(done: int, count: int) -> bool:
        control.watch("backtest", {"done": done, "of": count})
        return not control.stop.interrupt.is_set()

    try:
        found = forecasts.backtest(
            history,
            opening,
            timezone=run.problem.timezone,
            calendar=calendar,
            interval_min=run.problem.interval_min,
            weeks=run.problem.forecast.weeks,
            origins=origins,
            leads=leads,
            week_start=run.problem.week_start,
            watch=goes_on,
        )
    except forecasts.ForecastError as error:
        raise InputError(str(error)) from error
    tables = {
        backtests.SCORES.name: found.scores(),
        backtests.HOURS.name: found.by_hour(),
        backtests.CALIBRATION.name: found.calibration(),
        backtests.MODELS.name: found.winners(),
        backtests.DAYS.name: found.days,
        "gains": found.gains(),
    }
    theirs = hindsight.external_beside(run.problem, found)
    tables |= {backtests.EXTERNAL.name: theirs} if len(theirs) else {}
    counts = (found.planned, found.origins)
    return staffing.backtest_result(run.problem, history, tables, counts=counts, notes=found.notes)


def _found(run: RunParts, control: Control) -> tuple[forecasts.Forecast, staffing.FreshHistory]:
    """The forecast of what the history says of the week."""
    history, future, calendar = staffing.forecast_frames(run.problem, run.horizon)
    fresh = staffing.fresh_history(run.problem, run.horizon, history)
    try:
        found = forecasts.forecast(
            fresh.history,
            future,
            timezone=run.problem.timezone,
            calendar=calendar,
            interval_min=run.problem.interval_min,
            weeks=run.problem.forecast.weeks,
            run=_by_channel(control, len(run.problem.channels)),
            profiles=staffing.profile_frame(run.problem),
        )
    except forecasts.ForecastError as error:
        raise InputError(str(error)) from error
    return found, fresh


def _demand(
    run: RunParts,
    found: forecasts.Forecast,
    fresh: staffing.FreshHistory,
    intervals: pd.DataFrame,
    since: datetime | None,
) -> DemandForecast:
    """A forecast with all that is laid on it; scenarios change it from ``since`` on."""
    first = staffing.demand_forecast(
        run.problem,
        run.horizon,
        intervals,
        found.channels,
        found.notes,
        _beside(found, run.problem),
    )
    demand = staffing.with_repeats(run.problem, first, fresh)
    demand = staffing.with_external(run.problem, demand, forecasts.count_quantiles)
    demand = staffing.with_overrides(run.problem, demand, forecasts.count_quantiles)
    demand = staffing.with_tails(demand, first)
    changed = staffing.in_scenario(demand, run.problem.scenario, since)
    demand = staffing.scenario_layer(demand, changed)
    known = hindsight.sufficiency(run.problem, run.horizon)
    return replace(staffing.with_totals(run.problem, demand), sufficiency=known)


def _beside(found: forecasts.Forecast, problem: PlanningProblem) -> Mapping[str, pd.DataFrame]:
    """What a forecast says beside its intervals, by name of the run's table."""
    groups, week_start = staffing.channel_groups(problem), problem.week_start
    totals = [
        found.totals(groups, period="day"),
        found.totals(groups, period="week", week_start=week_start),
    ]
    added = pd.concat(totals).rename(columns={"period": "span", "start": "first_day"})
    means = found.intervals.groupby("channel")["offered_mean"]
    floors = {name: forecasts.metrics.noise_floor(one.to_numpy()) for name, one in means}
    models = found.models.assign(noise_floor=found.models["channel"].map(floors))
    kept = {
        forecast_tables.FORECAST_TOTALS: added[added["level"] != "all"],
        forecast_tables.FORECAST_MODELS: models,
        forecast_tables.FORECAST_SET_ASIDE: found.set_aside,
        forecast_tables.FORECAST_SPECIAL_DAYS: found.special_days,
    }
    return {table.name: frame.reindex(columns=table.names) for table, frame in kept.items()}


def _by_channel(control: Control, channels: int) -> Callable[..., Iterable[Any]]:
    """
    What applies a function to every channel: a ``map``, with the same numbers whoever works.

    A forecast is no compiled engine, so threads would wait for each other: a few channels are
    done one after another, many in processes.
    """
    cluster = control.cluster
    if cluster == THREADS:
        if channels < MANY_CHANNELS or control.workers == 1:
            return map
        cluster = PROCESSES

    def side_by_side(work: Callable[..., Any], tasks: Iterable[Any]) -> Iterator[Any]:
        return in_order(_apply, work, tasks, workers=control.workers, cluster=cluster)

    return side_by_side


def _apply(work: Callable[..., Any], task: Any) -> Any:
    """One channel's work."""
    return work(task)
