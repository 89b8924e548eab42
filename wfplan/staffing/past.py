"""The past of a plan as frames for a backtest, and what a backtest found as tables of ours."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from wfplan.domain.backtests import DAYS, MODELS, SCORES, ForecastBacktest
from wfplan.domain.problem import PlanningProblem
from wfplan.errors import InputError
from wfplan.horizon import Horizon
from wfplan.staffing.frames import arrives, forecast_frames

_LOOK_BACK_WEEKS = 26  # before the first origin, for the yardsticks and their errors


def past_frames(
    problem: PlanningProblem, before: Horizon, weeks: int
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """
    History before a horizon, its calendar, and when it was open, by the plan's hours.

    Returns
    -------
    history, opening, calendar
        As :func:`wfplan.staffing.forecast_frames` gives them; ``opening`` holds the last ``weeks``
        and as many before as yardsticks look at.

    Raises
    ------
    InputError
        When there are no contacts before the horizon.
    """
    history, _, calendar = forecast_frames(problem, before)
    if history.empty:
        raise InputError(
            f"there are no contacts before {before.first_day}: a backtest needs what came. Add "
            "older rows to the contacts."
        )
    starts = history["interval_start"].dt.tz_convert(problem.timezone)
    first, last = starts.min().date(), starts.max().date()
    first = max(first, last - timedelta(weeks=weeks + _LOOK_BACK_WEEKS))
    past = Horizon(problem.timezone, first, (last - first).days + 1, problem.interval_min)
    instants = pd.DatetimeIndex(past.interval_starts).tz_localize("UTC")
    seen = set(history["channel"])
    pieces = [
        pd.DataFrame(
            {
                "channel": channel.name,
                "interval_start": instants,
                "is_open": arrives(problem, channel, past, history),
            }
        )
        for channel in problem.channels
        if channel.name in seen
    ]
    return history, pd.concat(pieces, ignore_index=True), calendar


def backtest_result(
    problem: PlanningProblem,
    history: pd.DataFrame,
    found: dict[str, pd.DataFrame],
    *,
    counts: tuple[int, int],
    notes: tuple[str, ...],
) -> ForecastBacktest:
    """
    What a backtest found, under the names of our tables.

    ``found`` are the frames of a backtest by name of our table; ``counts`` are the origins that
    were planned and those that were made.
    """
    new = {"lead": "lead_weeks", "floor": "noise_floor"}
    tables = {name: frame.rename(columns=new) for name, frame in found.items()}
    gains = tables.pop("gains").rename(columns={"half_width": "gain_half_width"})
    gains = gains.assign(grain="interval")
    keys = ["channel", "lead_weeks", "grain", "method"]
    scores = tables[SCORES.name].merge(gains, on=keys, how="left")
    tables[SCORES.name] = scores.reindex(columns=list(SCORES.names))
    tables[MODELS.name] = tables[MODELS.name].reindex(columns=list(MODELS.names))
    of_days = tables[DAYS.name]
    more = [name for name in of_days.columns if name not in DAYS.names]
    tables[DAYS.name] = of_days.reindex(columns=[*DAYS.names, *more])
    local = history["interval_start"].dt.tz_convert(problem.timezone)
    daily = history.assign(day=local.dt.date).groupby(["channel", "day"], sort=False)["offered"]
    present = set(history["channel"])
    return ForecastBacktest(
        plan=problem.name,
        channels=tuple(c.name for c in problem.channels if c.name in present),
        interval_min=problem.interval_min,
        first_day=local.min().date(),
        last_day=local.max().date(),
        planned=counts[0],
        origins=counts[1],
        tables=tables,
        daily=daily.sum().reset_index(),
        notes=notes,
    )
