"""What is laid on a statistical forecast: one from elsewhere, the planner's overrides.

Layers change expected contacts; the coefficient of variation of the unknown rate stays, so
that quantiles move along: whoever states a value does not know more than the forecast did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfplan.domain.overrides import ChangeKind, LayerDay, Override
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import DemandForecast, FloatArray
from wfplan.horizon import DAY_MIN, Horizon

Quantiles = Callable[[FloatArray, FloatArray], tuple[FloatArray, FloatArray, FloatArray]]
"""Quantiles 0.1, 0.5 and 0.9 of counts, from their mean and the rate's relative variance."""

EXTERNAL, SCENARIO, HAND_EDIT = "external", "scenario", "hand edit"
_CV_UNKNOWN = 0.5  # where a channel has no uncertainty of its own to go by
_SAME = 1e-9  # contacts: less is no change


def with_overrides(
    problem: PlanningProblem, demand: DemandForecast, quantiles: Quantiles
) -> DemandForecast:
    """Demand with the plan's active override layers on top of each other, the first lowest."""
    mean, layers, notes = demand.offered_mean.copy(), list(demand.layers), list(demand.notes)
    for override in problem.overrides:
        if not override.is_active or not _meets(override, demand.horizon):
            continue
        after = _laid(problem, demand, override, mean)
        steps = tuple(layer_days(demand, mean, after, override))
        layers += steps
        if not steps:
            notes.append(_without_effect(override))
        mean = after
    changed = with_means(demand, mean, demand.rate_cv, quantiles)
    return replace(changed, layers=tuple(layers), notes=tuple(notes))


def with_means(
    demand: DemandForecast, mean: FloatArray, rate_cv: FloatArray, quantiles: Quantiles
) -> DemandForecast:
    """Demand with other means and variations (channel, interval); quantiles follow them."""
    is_new = (np.abs(mean - demand.offered_mean) > _SAME) | (rate_cv != demand.rate_cv)
    if not is_new.any():
        return demand
    usual = np.array([_usual_cv(*of) for of in zip(demand.offered_mean, rate_cv, strict=True)])
    cv = np.where((mean > 0) & (rate_cv <= 0), usual[:, None], rate_cv)
    made = quantiles(mean[is_new], cv[is_new] ** 2)
    found = {}
    for name, values in zip(("offered_q10", "offered_q50", "offered_q90"), made, strict=True):
        found[name] = getattr(demand, name).copy()
        found[name][is_new] = values
    return replace(demand, offered_mean=mean, rate_cv=np.where(mean > 0, cv, 0.0), **found)


def layer_days(
    demand: DemandForecast, before: FloatArray, after: FloatArray, layer: Override | str
) -> Iterator[LayerDay]:
    """What a layer changes, by channel and date; dates on which it changes nothing are left out."""
    name, change, author, reason = (
        (layer, "", "", "")
        if isinstance(layer, str)
        else (layer.override_id, layer.change.text, layer.author, layer.reason)
    )
    totals = [day_totals(values, demand.horizon) for values in (before, after)]
    moved = np.abs(day_totals(np.abs(after - before), demand.horizon)) > _SAME
    for c, d in np.argwhere(moved):
        yield LayerDay(
            demand.channels[c], demand.horizon.dates[d], name, change,
            float(totals[0][c, d]), float(totals[1][c, d]), author, reason,
        )  # fmt: skip


def day_totals(values: FloatArray, horizon: Horizon) -> FloatArray:
    """Sums of local dates, (channel, day), of values (channel, interval)."""
    of_day = (horizon.interval_days[:, None] == np.arange(horizon.days)).astype(np.float64)
    totals: FloatArray = values @ of_day
    return totals


def scenario_layer(before: DemandForecast, after: DemandForecast) -> DemandForecast:
    """Demand under a scenario, which is the topmost layer."""
    days = layer_days(before, before.offered_mean, after.offered_mean, SCENARIO)
    return replace(after, layers=(*before.layers, *days))


def _meets(override: Override, horizon: Horizon) -> bool:
    """Whether a layer is about dates of a horizon."""
    return override.first <= horizon.dates[-1] and horizon.dates[0] <= override.last


def _laid(
    problem: PlanningProblem, demand: DemandForecast, override: Override, below: FloatArray
) -> FloatArray:
    """Means with one more layer, (channel, interval)."""
    above = below.copy()
    change, horizon = override.change, demand.horizon
    hours = [_hours(override, day, horizon) for day in override.days]
    for c, name in enumerate(demand.channels):
        if not override.is_about(name):
            continue
        can_come = demand.is_open[c] | (below[c] > 0)
        cells = np.any(hours, axis=0) & can_come
        if change.kind is ChangeKind.PERCENT:
            above[c, cells] *= 1 + change.amount / 100
        elif change.kind is ChangeKind.INTERVAL:
            above[c, cells] = change.amount
        elif change.kind is ChangeKind.DAY:
            for one in hours:
                above[c] = _with_total(above[c], one & can_come, change.amount)
        else:
            copied = _week(problem.contacts, name, override, horizon)
            known = cells & np.isfinite(copied)
            above[c, known] = copied[known] * (1 + change.amount / 100)
    return above


def _hours(override: Override, day: date, horizon: Horizon) -> NDArray[np.bool_]:
    """The intervals of one of a layer's dates, (interval,)."""
    return horizon.open_intervals({}, {day: override.times or ((0, DAY_MIN),)})


def _with_total(values: FloatArray, cells: NDArray[np.bool_], total: float) -> FloatArray:
    """Values whose cells add up to a total in their own shape; evenly where they have none."""
    found, below = values.copy(), float(values[cells].sum())
    if below > 0:
        found[cells] *= total / below
    elif cells.any():
        found[cells] = total / cells.sum()
    return found


def _week(contacts: pd.DataFrame, channel: str, override: Override, horizon: Horizon) -> FloatArray:
    """What came in a layer's week, by weekday and time of day, (interval,); NaN where unknown."""
    monday = override.change.monday
    assert monday is not None
    starts = pd.to_datetime(contacts["interval_start"], utc=True)
    local = starts.dt.tz_convert(horizon.timezone)
    days = local.dt.tz_localize(None).dt.normalize()
    first = pd.Timestamp(monday)
    of_week = (
        (contacts["channel"] == channel) & (starts < pd.Timestamp(horizon.start))
        & (days >= first) & (days < first + timedelta(days=7))
    )  # fmt: skip
    rows = pd.DataFrame(
        {
            "interval": starts[of_week].dt.floor(f"{horizon.interval_min}min"),
            "offered": contacts.loc[of_week, "offered"],
        }
    )
    sums = rows.groupby("interval")["offered"].sum(min_count=1)
    wall = pd.DatetimeIndex(sums.index).tz_convert(horizon.timezone)
    place = wall.day_of_week * DAY_MIN + wall.hour * 60 + wall.minute
    usual = sums.groupby(np.asarray(place)).mean()
    weekdays = np.array([day.weekday() for day in horizon.dates])[horizon.interval_days]
    return usual.reindex(weekdays * DAY_MIN + horizon.interval_minutes).to_numpy(np.float64)


def _usual_cv(mean: FloatArray, rate_cv: FloatArray) -> float:
    """The variation of a channel's rate as its contacts see it."""
    some = (mean > 0) & (rate_cv > 0)
    return float(np.average(rate_cv[some], weights=mean[some])) if some.any() else _CV_UNKNOWN


def _without_effect(override: Override) -> str:
    """A note on a layer of the week that changes nothing."""
    whom = override.channel or "all channels"
    return (
        f"{override.override_id} ({override.change.text} on {whom}) changes nothing in this week: "
        "its times are closed, or the forecast says the same."
    )


def active_in(overrides: Sequence[Override], horizon: Horizon) -> tuple[Override, ...]:
    """The layers that a forecast of a horizon is under."""
    return tuple(one for one in overrides if one.is_active and _meets(one, horizon))
