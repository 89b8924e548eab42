"""The customers' side: service, abandonment and waiting, the average beside the tail.

Shares of contacts are over the contacts offered; percentiles and the worst are
over intervals with contacts, each counted once; averages are contact-weighted.
"""

from __future__ import annotations

from datetime import timedelta
from math import isfinite, nan

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.channels import Channel
from wfplan.domain.definitions import DEFINITIONS
from wfplan.domain.results import Run
from wfplan.evaluation.consistency import (
    ChannelConsistency,
    consistency_of,
    offered_contacts,
    promised_level,
)
from wfplan.evaluation.figures import TAIL_SHARE, Figure
from wfplan.evaluation.series import Series
from wfplan.evaluation.tails import CONTACTS_PER_QUARTER, bad_contact_share

FloatArray = NDArray[np.float64]
_EPS = 1e-9

CAME_TO = {
    "blocked": "contacts",
    "called_back": "contacts",
    "redials": "contacts",
    "recontacts": "contacts",
    "chasers": "contacts",
    "failure_demand": "share",
    "lost_customers": "contacts",
    "escalations": "contacts",
    "escalation_wait_s": "s",
}
"""What else became of contacts, shown where there is any of it -> its unit."""


def customer_figures(run: Run, series: Series) -> tuple[Figure, ...]:
    """All figures of the customers' side: each channel, then all together."""
    figures: list[Figure] = []
    reports = consistency_of(run.problem, run.demand, run.outcome, series=series)
    for channel, report in zip(run.problem.channels, reports, strict=True):
        figures += _channel(run, series, channel, report)
    figures += _everybody(run, series)
    figures.append(_empowered(run))
    return tuple(figures)


def _channel(
    run: Run, series: Series, channel: Channel, report: ChannelConsistency
) -> list[Figure]:
    """One channel's figures."""
    name = channel.name
    offered = offered_contacts(series, run.demand, name)
    level, target = promised_level(series, channel)
    if channel.is_realtime:
        said = f"answered within {channel.answer_within_s:g} s / offered"
    else:
        said = f"done within {channel.due_h:g} h / offered"
    figures = [
        _over_intervals(
            run, "service_level", name, "share", series.week(level, name), report.level, said,
            target,
        ),
        *_even(report),
    ]  # fmt: skip
    figures += _came_to(series, name)
    figures += _longest_wait(series, channel)
    if channel.is_realtime:
        figures += _losses(run, series, channel, offered)
    else:
        backlog = series.grid("backlog", name)
        figures.append(
            _over_intervals(
                run, "backlog", name, "contacts", series.week("backlog", name), backlog,
                "deferred contacts not yet begun at the end of an interval", is_less_better=True,
            )
        )  # fmt: skip
    return figures


def _came_to(series: Series, channel: str) -> list[Figure]:
    """The service of single days, and what the plan's repeats, limits and escalations bring on."""
    days = Figure(
        name="service_level_day",
        scope=channel,
        unit="share",
        average=series.week("service_level_day", channel),
        tail=series.week("service_level_day", channel, "q10"),
        best=series.week("service_level_day", channel, "q90"),
        definition=f"{DEFINITIONS['service_level_day']}; worst tenth: q10",
    )
    more = [
        _plain(name, channel, unit, value, DEFINITIONS[name], is_less_better=True)
        for name, unit in CAME_TO.items()
        if (value := series.week(name, channel)) > 0
    ]
    return [days, *more] if isfinite(days.average) else more


def _longest_wait(series: Series, channel: Channel) -> list[Figure]:
    """How many patient customers wait longer than nearly nobody is to wait."""
    name = "served_late_share"
    value = series.week(name, channel.name)
    if channel.answer_most_s is None or not isfinite(value):
        return []
    target = 1 - channel.answer_most_share
    return [
        _plain(name, channel.name, "share", value, DEFINITIONS[name], target, is_less_better=True)
    ]


def _losses(run: Run, series: Series, channel: Channel, offered: FloatArray) -> list[Figure]:
    """Abandonment and waiting of a realtime channel."""
    name = channel.name
    lost = np.where(offered > 0, series.grid("abandon_rate", name), nan)
    waits = np.where(offered > 0, series.grid("wait_mean_s", name), nan)
    long_waits = np.where(offered > 0, series.grid("wait_p95_s", name), nan)
    cap = channel.abandon_share_max
    return [
        _over_intervals(
            run, "abandon_rate", name, "share", series.week("abandon_rate", name), lost,
            "abandoned / offered", nan if cap is None else cap, is_less_better=True,
        ),
        _over_intervals(
            run, "wait_mean_s", name, "s", series.week("wait_mean_s", name), waits,
            "mean wait of all offered contacts", is_less_better=True,
        ),
        _over_intervals(
            run, "wait_p95_s", name, "s", series.week("wait_p95_s", name), long_waits,
            DEFINITIONS["wait_p95_s"], is_less_better=True,
        ),
    ]  # fmt: skip


def _even(report: ChannelConsistency) -> list[Figure]:
    """The consistency report as figures; its 10th percentile is the tail of the service level."""
    return [
        _plain(
            number.name, report.channel, number.unit, number.value, number.definition,
            is_less_better=number.is_less_better,
        )
        for number in report.numbers
        if number.name != "level_p10"
    ]  # fmt: skip


def _everybody(run: Run, series: Series) -> list[Figure]:
    """All channels together."""
    everything = series.grid("offered")
    level = np.where(everything > 0, series.grid("service_level"), nan)
    lost = np.where(everything > 0, series.grid("abandon_rate"), nan)
    overall = series.week("service_level")
    return [
        _over_intervals(
            run, "service_level", "", "share", overall, level, "inside the promise / offered"
        ),
        _over_intervals(
            run, "abandon_rate", "", "share", series.week("abandon_rate"), lost,
            "abandoned / offered", is_less_better=True,
        ),
        _plain("wait_mean_s", "", "s", series.week("wait_mean_s"), "mean wait of all offered",
               is_less_better=True),
        _plain("wait_p95_s", "", "s", series.week("wait_p95_s"),
               DEFINITIONS["wait_p95_s"], is_less_better=True),
        _plain(
            "bad_contact", "", "share", bad_contact_share(1 - overall),
            f"customers with a contact out of the promise, at {CONTACTS_PER_QUARTER:g} contacts a "
            "quarter (Poisson)", is_less_better=True,
        ),
        *_came_to(series, ""),
        _plain("harm", "", "points", series.week("harm"), "harm points of the week",
               is_less_better=True),
    ]  # fmt: skip


def _empowered(run: Run) -> Figure:
    """Open intervals with empowered people enough."""
    need, heads = run.need.empowered_min, run.solution.empowered
    is_asked = need > 0
    share = float((heads >= need - _EPS)[is_asked].mean()) if is_asked.any() else nan
    said = "intervals with empowered people enough / intervals that ask for them"
    return _plain("empowered_cover", "", "share", share, said, target=1.0)


def _over_intervals(
    run: Run,
    name: str,
    scope: str,
    unit: str,
    average: float,
    values: FloatArray,
    definition: str,
    target: float = nan,
    *,
    is_less_better: bool = False,
) -> Figure:
    """A figure over the intervals of the week, with when it is worst."""
    known = values[np.isfinite(values)]
    if not len(known):
        return _plain(name, scope, unit, average, definition, target, is_less_better=is_less_better)
    at = int(np.nanargmax(values) if is_less_better else np.nanargmin(values))
    moment = run.horizon.start + timedelta(minutes=at * run.horizon.interval_min)
    return Figure(
        name=name,
        scope=scope,
        unit=unit,
        average=average,
        median=float(np.median(known)),
        tail=float(np.quantile(known, 1 - TAIL_SHARE if is_less_better else TAIL_SHARE)),
        worst=float(values[at]),
        best=float(known.min() if is_less_better else known.max()),
        worst_at=moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        target=target,
        is_less_better=is_less_better,
        definition=definition,
    )


def _plain(
    name: str,
    scope: str,
    unit: str,
    value: float,
    definition: str,
    target: float = nan,
    *,
    is_less_better: bool = False,
) -> Figure:
    """A figure that is one number."""
    return Figure(
        name=name, scope=scope, unit=unit, average=value, target=target,
        is_less_better=is_less_better, definition=definition,
    )  # fmt: skip
