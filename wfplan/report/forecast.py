"""The forecast part of the report: days with their ranges, and what they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

import pandas as pd

from wfplan.domain.forecast_tables import FORECAST_SET_ASIDE, FORECAST_SPECIAL_DAYS
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import DemandForecast, Run
from wfplan.evaluation import ChannelOutlook, channel_outlooks
from wfplan.report.charts_fan import BEFORE_DAYS, FAN_PX, FanChart, fan_chart
from wfplan.report.forecast_words import so_far_sentences, verdict_sentence
from wfplan.report.numbers import NOT_KNOWN, clock, decimal, percent, seconds, short_day, whole

SHOWN_MAX = 40  # rows of what was set aside
_UNKNOWN = float("nan")


@dataclass(frozen=True)
class OutlookRow:
    """A channel of the table: week, range, peak, handle time, and how much of it comes back."""

    channel: str
    week: str
    range80: str
    peak: str
    aht: str
    comes_back: str


@dataclass(frozen=True)
class ForecastPanel:
    """What the template shows of a forecast."""

    rows: tuple[OutlookRow, ...]
    has_repeats: bool
    fans: tuple[FanChart, ...]
    so_far: tuple[str, ...]
    verdicts: tuple[str, ...]
    special: tuple[tuple[str, ...], ...]
    layers: tuple[tuple[str, ...], ...]
    set_aside: tuple[tuple[str, ...], ...]
    more_set_aside: int
    has_notes: bool


def forecast_panel(run: Run) -> ForecastPanel:
    """The forecast of a run."""
    problem, demand = run.problem, run.demand
    outlooks = channel_outlooks(demand, problem.week_start)
    aside = list(_set_aside(demand))
    return ForecastPanel(
        tuple(_row(demand, c, one) for c, one in enumerate(outlooks)),
        demand.fresh_share is not None,
        _fans(problem, demand, outlooks),
        tuple(so_far_sentences(demand)),
        tuple(verdict_sentence(one.verdict) for one in outlooks if one.verdict),
        tuple(_special(demand)),
        tuple(_layers(demand)),
        tuple(aside[:SHOWN_MAX]),
        max(len(aside) - SHOWN_MAX, 0),
        bool(demand.notes),
    )


def forecast_context(run: Run) -> dict[str, Any]:
    """What the page's template is given."""
    return {"forecast": forecast_panel(run), "fan_px": FAN_PX}


def _row(demand: DemandForecast, c: int, one: ChannelOutlook) -> OutlookRow:
    """One channel of the table."""
    mean = sum(week.mean for week in one.weeks)
    single = one.weeks[0] if len(one.weeks) == 1 else None
    known = single is not None and isfinite(single.q10)
    range80 = f"{whole(single.q10)} to {whole(single.q90)}" if single and known else NOT_KNOWN
    peak = NOT_KNOWN
    if one.peak_at is not None:
        local = demand.horizon.local(one.peak_at)
        peak = f"{decimal(one.peak)} on {short_day(local.date())} {clock(local)}"
    back = _UNKNOWN
    if demand.fresh_share is not None and mean > 0:
        fresh = float((demand.fresh_share[c] * demand.offered_mean[c]).sum())
        back = 1.0 - fresh / mean
    return OutlookRow(
        one.channel, whole(mean), range80, peak, seconds(one.aht_s), percent(max(back, 0.0))
    )


def _fans(
    problem: PlanningProblem, demand: DemandForecast, outlooks: Sequence[ChannelOutlook]
) -> tuple[FanChart, ...]:
    """Day totals of every channel behind the last weeks of its history."""
    came = _daily(problem, demand)
    charts = []
    for one in outlooks:
        ahead = pd.DataFrame(
            [
                (day.first_day, day.mean, day.q025, day.q10, day.q50, day.q90, day.q975)
                for day in one.days
            ],
            columns=["day", "offered_mean", *(f"offered_q{q}" for q in _QUANTILES)],
        )
        if not (ahead["offered_mean"] > 0).any():
            continue
        past = came[came["channel"] == one.channel]
        chart = fan_chart(one.channel, one.channel, past, ahead, total=_total(one))
        charts += [chart] if chart else []
    return tuple(charts)


_QUANTILES = ("025", "10", "50", "90", "975")


def _daily(problem: PlanningProblem, demand: DemandForecast) -> pd.DataFrame:
    """Contacts of the days just before the horizon, by channel and local date."""
    if problem.contacts.empty:
        return pd.DataFrame(columns=["channel", "day", "offered"])
    starts = pd.to_datetime(problem.contacts["interval_start"], utc=True)
    end = pd.Timestamp(demand.horizon.start)
    inside = (starts < end) & (starts >= end - pd.Timedelta(days=BEFORE_DAYS + 1))
    rows = problem.contacts[inside]
    local: list[date] = list(starts[inside].dt.tz_convert(problem.timezone).dt.date)
    sums = rows.assign(day=local).groupby(["channel", "day"], sort=False)["offered"].sum()
    return sums.reset_index()


def _total(one: ChannelOutlook) -> str:
    """The week of a channel in a sentence."""
    week = one.weeks[0] if len(one.weeks) == 1 else None
    if week is None or not isfinite(week.q10):
        return ""
    return f"The week: {whole(week.mean)}, in 8 of 10 cases {whole(week.q10)} to {whole(week.q90)}."


def _special(demand: DemandForecast) -> list[tuple[str, ...]]:
    """Special days: date, channel, what, factor with its range, and how it is known."""
    table = demand.tables.get(FORECAST_SPECIAL_DAYS.name)
    if table is None:
        return []
    columns = [table[name].tolist() for name in FORECAST_SPECIAL_DAYS.names]
    return [
        (
            short_day(day),
            str(channel),
            str(label),
            f"× {decimal(factor, 2)}",
            f"{decimal(low, 2)} to {decimal(high, 2)}" if high > low else NOT_KNOWN,
            f"{how}, from {whole(seen)} days" if isfinite(seen) and seen > 0 else str(how),
        )
        for channel, day, label, _, factor, low, high, seen, how in zip(*columns, strict=True)
    ]


def _layers(demand: DemandForecast) -> list[tuple[str, ...]]:
    """What planners laid on the forecast, day by day."""
    return [
        (
            short_day(one.day),
            one.channel,
            one.layer,
            one.change,
            f"{whole(one.before)} → {whole(one.after)}",
            "; ".join(part for part in (one.author, one.reason) if part),
        )
        for one in demand.layers
    ]


def _set_aside(demand: DemandForecast) -> list[tuple[str, ...]]:
    """What of the history was not learned from."""
    table = demand.tables.get(FORECAST_SET_ASIDE.name)
    if table is None:
        return []
    columns = [table[name].tolist() for name in FORECAST_SET_ASIDE.names]
    rows: list[tuple[str, ...]] = []
    for channel, start, end, offered, expected, why in zip(*columns, strict=True):
        first, last = (demand.horizon.local(one.to_pydatetime()) for one in (start, end))
        when = f"{short_day(first.date())} {clock(first)} to {short_day(last.date())} {clock(last)}"
        rows.append((str(channel), when, whole(offered), whole(expected), str(why)))
    return rows
