"""Totals of days and weeks of a forecast as it stands, with their own ranges.

Channels (queues), groups of them and the site. Means are sums of what the week is planned for,
so that whatever changes single intervals (contacts that come back, a scenario, a layer, an edited
table) changes every total with them. Ranges come from the forecast's joint distribution, which
knows how days and channels err together, and are scaled with the mean; where it says nothing of a
total (a forecast from elsewhere), days of a channel are taken to err together and channels apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import nan
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfplan.domain.forecast_tables import FORECAST_TOTALS
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import DemandForecast

QUANTILES = ("offered_q025", "offered_q10", "offered_q50", "offered_q90", "offered_q975")
_LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
_CERTAIN = 1e-6  # of the variance of counts: less of a rate's is none


@dataclass(frozen=True)
class Total:
    """What is added up: its level, its name, and its channels by number."""

    level: str
    name: str
    members: tuple[int, ...]


def totals_of(problem: PlanningProblem) -> tuple[Total, ...]:
    """Every total of a plan, from single channels to the site."""
    channels = problem.channels
    found = [Total("channel", channel.name, (c,)) for c, channel in enumerate(channels)]
    for group in dict.fromkeys(channel.group for channel in channels if channel.group):
        members = tuple(c for c, channel in enumerate(channels) if channel.group == group)
        found.append(Total("group", group, members))
    return (*found, Total("site", problem.site or problem.name, tuple(range(len(channels)))))


def channel_groups(problem: PlanningProblem) -> pd.DataFrame:
    """The hierarchy as a forecast takes it: channel, group (empty: none), site."""
    site = problem.site or problem.name
    rows = [(channel.name, channel.group, site) for channel in problem.channels]
    return pd.DataFrame(rows, columns=["channel", "group", "site"], dtype=object)


def current_totals(
    demand: DemandForecast, week_start: int, totals: Sequence[Total] | None = None
) -> pd.DataFrame:
    """
    The table ``forecast_totals`` of the demand as it is; NaN where no range is known.

    ``week_start`` is the weekday on which weeks begin, 0 is Monday; a week that the horizon holds
    in part begins on its first day. Without ``totals`` it is of single channels.
    """
    if totals is None:
        totals = [Total("channel", name, (c,)) for c, name in enumerate(demand.channels)]
    horizon = demand.horizon
    days = np.array(horizon.dates)[horizon.interval_days]
    back = (horizon.first_day.weekday() - week_start) % 7
    first = np.maximum((horizon.interval_days + back) // 7 * 7 - back, 0)
    labels = {"day": days, "week": np.array(horizon.dates)[first]}
    rows = [
        row
        for total in totals
        for span, of_span in labels.items()
        for row in _totals(demand, total, span, of_span)
    ]
    return pd.DataFrame(rows, columns=list(FORECAST_TOTALS.names))


def with_totals(problem: PlanningProblem, demand: DemandForecast) -> DemandForecast:
    """The same with totals that say what its intervals say."""
    found = current_totals(demand, problem.week_start, totals_of(problem))
    return replace(demand, tables={**demand.tables, FORECAST_TOTALS.name: found})


def without_ranges(demand: DemandForecast) -> DemandForecast:
    """Demand of whose totals the forecast says nothing."""
    none = pd.DataFrame(columns=FORECAST_TOTALS.names)
    return replace(demand, tables={**demand.tables, FORECAST_TOTALS.name: none})


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
    demand: DemandForecast, total: Total, span: str, labels: NDArray[Any]
) -> list[tuple[object, ...]]:
    """Totals by the dates that label the intervals."""
    table = demand.tables.get(FORECAST_TOTALS.name)
    kept: dict[date, list[float]] = {}
    if table is not None:
        own = table[(table["level"] == total.level) & (table["name"] == total.name)]
        own = own[own["span"] == span]
        numbers = own[["offered_mean", *QUANTILES]].to_numpy(np.float64).tolist()
        kept = dict(zip(own["first_day"].tolist(), numbers, strict=True))
    found: list[tuple[object, ...]] = []
    for first in dict.fromkeys(labels.tolist()):
        inside = labels == first
        mean = float(demand.offered_mean[list(total.members)][:, inside].sum())
        row = kept.get(_label(list(kept), first, span))
        told = [0.0 if mean == 0 else nan] * len(QUANTILES)
        if mean > 0 and row is not None and row[0] > 0:
            told = [value * mean / row[0] for value in row[1:]]
        elif mean > 0 and table is not None:
            told = _cautious(demand, total, inside, mean)
        found.append((total.level, total.name, span, first, mean, *told))
    return found


def _cautious(
    demand: DemandForecast, total: Total, inside: NDArray[np.bool_], mean: float
) -> list[float]:
    """Quantiles where days of a channel err together, and channels apart."""
    from scipy.stats import nbinom  # heavy: only who needs it pays for it

    variance = 0.0
    for c in total.members:
        spread, share = (demand.offered_mean[c] * demand.rate_cv[c])[inside], demand.day_share[c]
        variance += float(spread.sum() ** 2 * share + (spread**2).sum() * (1 - share))
    size = mean**2 / max(variance, _CERTAIN * mean)
    return [float(nbinom.ppf(level, size, size / (size + mean))) for level in _LEVELS]


def _label(known: list[date], first: date, span: str) -> date:
    """The date under which the table has a week of which the horizon has only a part."""
    inside = [day for day in known if 0 <= (first - day).days < 7]
    return inside[-1] if span == "week" and inside else first
