"""A backtest of two channels, made up: three origins, two leads, whole days of ten hours."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from wfplan.domain import backtests
from wfplan.domain.backtests import OURS, ForecastBacktest

CHANNELS = ("voice", "chat <b>")
METHODS = (OURS, "same weekday last", "mean of 4 weeks")
FIRST = date(2026, 3, 2)

OURS = tuple(table for table in backtests.TABLES if table is not backtests.EXTERNAL)


def synthetic_backtest(*, origins: int = 3, planned: int = 3) -> ForecastBacktest:
    """The tables of a backtest whose forecast is better than averages by 2 points."""
    scores = [
        (channel, lead, grain, method, 0.10 + 0.02 * m, 0.8, 0.06, 0.07, 0.01, 0.8, 0.95, 0.08,
         0.02 * m if m and grain == "interval" else np.nan,
         0.005 if m and grain == "interval" else np.nan, 9000.0, 210, origins)
        for channel in CHANNELS
        for lead in (1, 2)
        for grain in ("interval", "day")
        for m, method in enumerate(METHODS)
    ]  # fmt: skip
    hours = [
        (channel, lead, weekday, hour, 50.0 + hour, 0.1 + 0.01 * weekday, 0.02 * (hour - 12), 0.08)
        for channel in CHANNELS
        for lead in (1, 2)
        for weekday in range(6)
        for hour in range(8, 18)
    ]
    bins = [
        (channel, lead, low / 10, (low + 1) / 10, 0.1, 210)
        for channel in CHANNELS
        for lead in (1, 2)
        for low in range(10)
    ]
    models = [
        (channel, week, model, weight, 0.1 + week / 100, origins)
        for channel in CHANNELS
        for week in (1, 2)
        for model, weight in (("regression", 0.7), ("mean of 4 weeks", 0.3), ("blend", 1.0))
    ]
    days = [
        (channel, FIRST, 1 + d // 7, FIRST + timedelta(days=d), 1010.0, 1000.0, 900.0, 940.0,
         1000.0, 1060.0, 1100.0)
        for channel in CHANNELS
        for d in range(14)
    ]  # fmt: skip
    daily = [(c, FIRST - timedelta(days=d), 990.0) for c in CHANNELS for d in range(1, 29)]
    rows = (scores, hours, bins, models, days)
    tables = {
        table.name: pd.DataFrame(of if origins else [], columns=list(table.names))
        for table, of in zip(OURS, rows, strict=True)
    }
    return ForecastBacktest(
        plan="Harbour & Bank",
        channels=CHANNELS,
        interval_min=30,
        first_day=FIRST - timedelta(days=60),
        last_day=FIRST + timedelta(days=13),
        planned=planned,
        origins=origins,
        tables=tables,
        daily=pd.DataFrame(daily, columns=["channel", "day", "offered"]),
        notes=("voice: something was set aside",),
    )
