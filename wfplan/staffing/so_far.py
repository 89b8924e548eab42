"""The day under way: what has come, what that says of the rest, and demand that knows both.

Intervals that are over hold what came; nothing is forecast of them any more. A count that is not
known (no row) stays as it was forecast.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfplan.domain.forecast_tables import FORECAST_SO_FAR, FORECAST_TOTALS
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import DemandForecast, FloatArray
from wfplan.errors import InputError
from wfplan.horizon import Horizon
from wfplan.staffing.totals import totals_of

_REACH = 1.2815515655446004  # standard deviations from the middle to the ends of an 80 % range


@dataclass(frozen=True)
class SoFar:
    """
    What came before ``as_of``, which begins an interval: counts and handle times in seconds.

    Arrays are (channel, interval), NaN where nothing is known.
    """

    as_of: datetime
    arrived: FloatArray
    aht_s: FloatArray

    def frame(self, problem: PlanningProblem, horizon: Horizon) -> pd.DataFrame:
        """The rows as the forecast takes them: channel, interval_start, offered, aht_s."""
        c, t = np.nonzero(np.isfinite(self.arrived))
        names = np.array([channel.name for channel in problem.channels], dtype=object)
        starts = pd.DatetimeIndex(horizon.interval_starts).tz_localize("UTC")
        return pd.DataFrame(
            {
                "channel": names[c],
                "interval_start": starts[t],
                "offered": self.arrived[c, t],
                "aht_s": self.aht_s[c, t],
            }
        )


def contacts_so_far(problem: PlanningProblem, horizon: Horizon, as_of: datetime) -> SoFar:
    """
    The contacts of a week that came before a moment, up to the last interval that is over.

    Raises
    ------
    InputError
        When the moment lies outside the week, or not one row of it is there.
    """
    shown = f"--as-of {horizon.local(as_of):%Y-%m-%d %H:%M}"
    week = f"the {horizon.days} days from {horizon.first_day}"
    if not horizon.start < as_of < horizon.end:
        raise InputError(
            f"{shown} lies outside {week}: nothing of them has come yet, or nothing is left to "
            "come. Give a moment within them, or another --week."
        )
    step = timedelta(minutes=horizon.interval_min)
    count = (as_of - horizon.start) // step
    until = horizon.start + count * step
    contacts = problem.contacts
    starts = pd.to_datetime(contacts["interval_start"], utc=True)
    inside = (starts >= pd.Timestamp(horizon.start)) & (starts < pd.Timestamp(until))
    rows = contacts[inside]
    if rows.empty:
        raise InputError(
            f"the contacts have no row between {horizon.local(horizon.start):%Y-%m-%d %H:%M} and "
            f"{horizon.local(until):%Y-%m-%d %H:%M}, so there is nothing to go by. Add the rows of "
            "the day to the contacts, or give them with --so-far FILE."
        )
    elapsed = (starts[inside] - pd.Timestamp(horizon.start)) // pd.Timedelta(step)
    names = pd.Index([channel.name for channel in problem.channels])
    row = names.get_indexer(pd.Index(rows["channel"]))
    shape = (len(names), horizon.interval_count)
    offered = rows["offered"].to_numpy(np.float64)
    aht = rows["aht_s"].to_numpy(np.float64) if "aht_s" in rows else np.full(len(rows), np.nan)
    timed = np.isfinite(aht) & (offered > 0)
    place = row, elapsed.to_numpy(np.int64)
    sums = {name: np.zeros(shape) for name in ("rows", "offered", "timed", "work")}
    for name, values in (
        ("rows", np.ones(len(rows))),
        ("offered", offered),
        ("timed", np.where(timed, offered, 0.0)),
        ("work", np.where(timed, offered * np.nan_to_num(aht), 0.0)),
    ):
        np.add.at(sums[name], place, values)
    with np.errstate(invalid="ignore", divide="ignore"):
        arrived = np.where(sums["rows"] > 0, sums["offered"], np.nan)
        handle = np.where(sums["timed"] > 0, sums["work"] / sums["timed"], np.nan)
    return SoFar(until, arrived, handle)


def with_so_far(
    problem: PlanningProblem,
    demand: DemandForecast,
    before: DemandForecast,
    so_far: SoFar,
    rest: pd.DataFrame,
) -> DemandForecast:
    """
    Demand of which the past has come.

    Parameters
    ----------
    demand
        The forecast that knows what came, ``before`` the one that did not.
    rest
        What the forecast says of intervals that are not over: channel, interval_start, rate_cv,
        busyness, busyness_cv.
    """
    known = np.isfinite(so_far.arrived)
    names = (
        "offered_mean", "offered_q025", "offered_q10", "offered_q50", "offered_q90",
        "offered_q975",
    )  # fmt: skip
    counts: dict[str, Any] = {
        name: np.where(known, so_far.arrived, values)
        for name in names
        if (values := getattr(demand, name)) is not None
    }
    timed = known & np.isfinite(so_far.aht_s) & (so_far.arrived > 0)
    found = replace(
        demand,
        **counts,
        rate_cv=np.where(known, 0.0, demand.rate_cv),
        aht_s=np.where(timed, so_far.aht_s, demand.aht_s),
        as_of=so_far.as_of,
    )
    told = _told(problem, found, before, so_far, rest)
    totals = _totals_now(problem, found, before, told)
    return replace(
        found,
        tables={**found.tables, FORECAST_SO_FAR.name: told, FORECAST_TOTALS.name: totals},
    )


def _today(horizon: Horizon, as_of: datetime) -> tuple[int, NDArray[np.bool_], NDArray[np.bool_]]:
    """The day of a moment by its number, its intervals that are over, and those that are not."""
    at = (as_of - horizon.start) // timedelta(minutes=horizon.interval_min)
    day = int(horizon.interval_days[min(at, horizon.interval_count - 1)])
    of_day = horizon.interval_days == day
    over = np.arange(horizon.interval_count) < at
    return day, of_day & over, of_day & ~over


def _told(
    problem: PlanningProblem,
    demand: DemandForecast,
    before: DemandForecast,
    so_far: SoFar,
    rest: pd.DataFrame,
) -> pd.DataFrame:
    """So far and the rest of the day, channel by channel."""
    horizon = demand.horizon
    day, over, left = _today(horizon, so_far.as_of)
    starts = pd.DatetimeIndex(horizon.interval_starts).tz_localize("UTC")
    rows = []
    for c, name in enumerate(demand.channels):
        own = rest[(rest["channel"] == name) & rest["interval_start"].isin(starts[left])]
        known = over & np.isfinite(so_far.arrived[c])
        planned = float(before.offered_mean[c, left].sum())
        now = float(demand.offered_mean[c, left].sum())
        reach = _REACH * np.sqrt(_variance(demand, c, left, own))
        rows.append(
            (
                name,
                so_far.as_of,
                horizon.dates[day],
                float(np.nansum(so_far.arrived[c, over])),
                float(before.offered_mean[c, known].sum()),
                int((over & ~known & demand.is_open[c]).sum()),
                planned,
                now,
                max(now - reach, 0.0),
                now + reach,
                float(own["busyness"].iloc[0]) if len(own) else float("nan"),
            )
        )
    return pd.DataFrame(rows, columns=list(FORECAST_SO_FAR.names))


def _variance(demand: DemandForecast, c: int, left: NDArray[np.bool_], own: pd.DataFrame) -> float:
    """Variance of the contacts to come today: chance, the day's busyness, that of intervals."""
    mean, cv = demand.offered_mean[c, left], demand.rate_cv[c, left]
    shared = float(own["busyness_cv"].iloc[0]) ** 2 if len(own) else 0.0
    within = np.maximum(cv**2 - shared, 0.0)
    total = float(mean.sum())
    return total + shared * total**2 + float((within * mean**2).sum())


def _totals_now(
    problem: PlanningProblem, demand: DemandForecast, before: DemandForecast, told: pd.DataFrame
) -> pd.DataFrame:
    """Totals of which a part has come: that part is sure, ranges are of the rest."""
    totals = demand.tables[FORECAST_TOTALS.name]
    members = {(total.level, total.name): list(total.members) for total in totals_of(problem)}
    kept = before.tables[FORECAST_TOTALS.name]
    numbers = kept[list(FORECAST_TOTALS.names[4:])].to_numpy(np.float64)
    keys = zip(kept["level"], kept["name"], kept["span"], kept["first_day"], strict=True)
    earlier = dict(zip(keys, numbers, strict=True))
    today = told["day"].iloc[0]
    reach = dict(zip(told["channel"], told["rest_q90"] - told["rest_q10"], strict=True))
    horizon = demand.horizon
    days = np.array(horizon.dates)[horizon.interval_days]
    rows = []
    for level, name, span, first, *_ in totals.itertuples(index=False):
        length = 1 if span == "day" else 7
        inside = np.array([0 <= (day - first).days < length for day in days], dtype=np.bool_)
        mean = demand.offered_mean[members[level, name]][:, inside]
        to_come = demand.rate_cv[members[level, name]][:, inside] > 0
        was = earlier[level, name, span, first]
        share = float(mean[to_come].sum()) / was[0] if was[0] > 0 else 0.0
        if level == "channel" and span == "day" and first == today and was[4] > was[2]:
            share = float(reach[name]) / float(was[4] - was[2])
        told_of = float(mean.sum()) + (was[1:] - was[0]) * share
        rows.append((level, name, span, first, float(mean.sum()), *np.maximum(told_of, 0.0)))
    return pd.DataFrame(rows, columns=list(FORECAST_TOTALS.names))
