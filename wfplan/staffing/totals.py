"""Totals of days and weeks of a forecast as it stands, with their own ranges.

Ranges come from the forecast's joint distribution of days and weeks. Where its intervals were
changed afterwards (contacts that come back were added, by a scenario, by hand), the ranges of a
total are scaled with its mean.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import nan
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfplan.domain.forecast_tables import FORECAST_TOTALS
from wfplan.domain.results import DemandForecast

QUANTILES = ("offered_q025", "offered_q10", "offered_q50", "offered_q90", "offered_q975")


def current_totals(demand: DemandForecast, week_start: int) -> pd.DataFrame:
    """
    The table ``forecast_totals`` of the demand as it is; NaN where no range is known.

    ``week_start`` is the weekday on which weeks begin, 0 is Monday; a week that the horizon holds
    in part begins on its first day.
    """
    horizon = demand.horizon
    days = np.array(horizon.dates)[horizon.interval_days]
    back = (horizon.first_day.weekday() - week_start) % 7
    first = np.maximum((horizon.interval_days + back) // 7 * 7 - back, 0)
    labels = {"day": days, "week": np.array(horizon.dates)[first]}
    rows = [
        row
        for c in range(len(demand.channels))
        for span, of_span in labels.items()
        for row in _totals(demand, c, span, of_span)
    ]
    return pd.DataFrame(rows, columns=list(FORECAST_TOTALS.names))


def with_totals(demand: DemandForecast, week_start: int) -> DemandForecast:
    """The same with totals that say what its intervals say."""
    totals = {FORECAST_TOTALS.name: current_totals(demand, week_start)}
    return replace(demand, tables={**demand.tables, **totals})


def with_tails(demand: DemandForecast, before: DemandForecast) -> DemandForecast:
    """
    Demand whose outermost quantiles follow what was laid on its mean.

    ``before`` is the forecast as it was made; runs without these quantiles stay without.
    """
    if before.offered_q025 is None or before.offered_q975 is None:
        return demand
    ratio = np.divide(
        demand.offered_mean,
        before.offered_mean,
        out=np.ones(demand.offered_mean.shape),
        where=before.offered_mean > 0,
    )
    return replace(
        demand,
        offered_q025=np.minimum(before.offered_q025 * ratio, demand.offered_q10),
        offered_q975=np.maximum(before.offered_q975 * ratio, demand.offered_q90),
    )


def _totals(
    demand: DemandForecast, c: int, span: str, labels: NDArray[Any]
) -> list[tuple[object, ...]]:
    """Totals of one channel by the dates that label its intervals."""
    table = demand.tables.get(FORECAST_TOTALS.name, pd.DataFrame(columns=FORECAST_TOTALS.names))
    own = table[(table["channel"] == demand.channels[c]) & (table["span"] == span)]
    numbers = own[["offered_mean", *QUANTILES]].to_numpy(np.float64).tolist()
    kept = dict(zip(own["first_day"].tolist(), numbers, strict=True))
    found: list[tuple[object, ...]] = []
    for first in dict.fromkeys(labels.tolist()):
        mean = float(demand.offered_mean[c][labels == first].sum())
        told = [0.0 if mean == 0 else nan] * len(QUANTILES)
        row = kept.get(_label(list(kept), first, span))
        if row is not None and row[0] > 0:
            told = [value * mean / row[0] for value in row[1:]]
        found.append((demand.channels[c], span, first, mean, *told))
    return found


def _label(known: list[date], first: date, span: str) -> date:
    """The date under which the table has a week of which the horizon has only a part."""
    inside = [day for day in known if 0 <= (first - day).days < 7]
    return inside[-1] if span == "week" and inside else first
