"""The consistency report: seven numbers per channel that an average hides.

SCIENCE 3.4. A planner who reads 84 % for the week does not see the two hours
on Tuesday that nobody answered; these numbers do. Intervals count where
contacts are offered; intervals with none have no service to judge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import inf, isfinite, nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.channels import Channel
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import DemandForecast, Outcome, Run
from wfplan.evaluation.figures import TAIL_SHARE
from wfplan.evaluation.series import Series
from wfplan.evaluation.tails import (
    CONTACTS_PER_QUARTER,
    bad_contact_share,
    failing,
    kept,
    longest_stretch,
    opening_breaks,
    tail_mean,
)

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
NAMES = (
    "level_p10",
    "kept_volume",
    "abandon_cvar",
    "failing_run_min",
    "worst_to_median",
    "weekday_spread",
    "bad_contact",
)
"""The seven numbers, in the order in which they are read."""


@dataclass(frozen=True, kw_only=True)
class ConsistencyNumber:
    """
    One number of the report, and beside it the ordinary one that it corrects.

    ``at`` is where it comes from: the UTC start of an interval, or a local
    date; empty where there is no single place.
    """

    name: str
    unit: str
    value: float
    beside: float
    beside_unit: str
    beside_said: str
    definition: str
    at: str = ""
    is_less_better: bool = True

    def as_dict(self) -> dict[str, Any]:
        """The number as plain values; ``None`` where it is not known or has no end."""
        plain = dict(vars(self))
        for key in ("value", "beside"):
            plain[key] = plain[key] if isfinite(plain[key]) else None
        return plain


@dataclass(frozen=True)
class ChannelConsistency:
    """
    How even the service of one channel is.

    Arrays are (interval,). ``level`` is the mean service level of the simulated
    weeks, NaN where nothing is offered; ``promise_kept`` the share of weeks in
    which the interval reaches ``target``.
    """

    channel: str
    numbers: tuple[ConsistencyNumber, ...]
    level: FloatArray
    promise_kept: FloatArray
    target: float
    promise: float | None  # share of weeks that are to reach the target; None: the mean is

    @property
    def is_known(self) -> BoolArray:
        """Intervals that can be judged."""
        return np.isfinite(self.level)

    @property
    def is_failing(self) -> BoolArray:
        """Intervals whose mean is below the target."""
        return failing(self.level, self.target)

    @property
    def is_kept(self) -> BoolArray:
        """Intervals that reach the target as often as promised."""
        return kept(self.level, self.promise_kept, self.target, self.promise)

    def number(self, name: str) -> ConsistencyNumber:
        """The number of that name."""
        return next(number for number in self.numbers if number.name == name)

    def as_dict(self) -> dict[str, Any]:
        """The seven numbers as plain values."""
        return {"channel": self.channel, "numbers": [n.as_dict() for n in self.numbers]}


def consistency(
    run: Run, *, contacts_per_quarter: float = CONTACTS_PER_QUARTER
) -> tuple[ChannelConsistency, ...]:
    """The consistency report of a run, a channel each (SCIENCE 3.4)."""
    return consistency_of(
        run.problem, run.demand, run.outcome, contacts_per_quarter=contacts_per_quarter
    )


def consistency_of(
    problem: PlanningProblem,
    demand: DemandForecast,
    outcome: Outcome,
    *,
    series: Series | None = None,
    contacts_per_quarter: float = CONTACTS_PER_QUARTER,
) -> tuple[ChannelConsistency, ...]:
    """
    The consistency report of a simulated week.

    Parameters
    ----------
    series
        The outcome as series, where that has been read already.
    contacts_per_quarter
        Contacts that a customer has in three months, on average (Poisson): the
        kappa of ``1 - exp(-kappa p)``.
    """
    found = series or Series(outcome)
    return tuple(
        _of_channel(channel, demand, found, contacts_per_quarter) for channel in problem.channels
    )


def _of_channel(
    channel: Channel, demand: DemandForecast, series: Series, contacts_per_quarter: float
) -> ChannelConsistency:
    """The report of one channel."""
    measure, target = promised_level(series, channel)
    offered = offered_contacts(series, demand, channel.name)
    level = np.where(offered > 0, series.grid(measure, channel.name), nan)
    promise = channel.promise if channel.is_realtime else None
    often = series.grid("promise_kept", channel.name)
    facts = _Facts(channel, demand, series, offered, level, target, promise, often)
    week = series.week(measure, channel.name)
    numbers = (
        _tenth(facts, week),
        _kept_volume(facts),
        _abandon_cvar(facts),
        _failing_run(facts),
        _worst_to_median(facts),
        _weekday_spread(facts, week),
        _bad_contact(week, contacts_per_quarter),
    )
    return ChannelConsistency(channel.name, numbers, level, often, target, promise)


@dataclass(frozen=True)
class _Facts:
    """What the numbers of one channel are made of; arrays are (interval,)."""

    channel: Channel
    demand: DemandForecast
    series: Series
    offered: FloatArray
    level: FloatArray
    target: float
    promise: float | None
    often: FloatArray

    @property
    def wanted(self) -> str:
        return f"a service level of {self.target:.0%}"

    def at(self, interval: int) -> str:
        """The UTC start of an interval."""
        return f"{self.demand.horizon.interval_instant(interval):%Y-%m-%dT%H:%M:%SZ}"

    def rate(self, measure: str) -> FloatArray:
        """A measure of the intervals with contacts, NaN elsewhere."""
        return np.where(self.offered > 0, self.series.grid(measure, self.channel.name), nan)


def promised_level(series: Series, channel: Channel) -> tuple[str, float]:
    """The measure that says how the promise of a channel is kept, and its target."""
    if channel.is_realtime:
        return "service_level", channel.answer_share
    has_due = isfinite(series.week("due_share", channel.name))
    return "due_share" if has_due else "service_level", channel.due_share


def offered_contacts(series: Series, demand: DemandForecast, channel: str) -> FloatArray:
    """Simulated contacts per interval; the forecast where the simulation does not say."""
    offered = series.grid("offered", channel)
    if np.isfinite(offered).any():
        return np.nan_to_num(offered)
    return np.asarray(demand.offered_mean[demand.channels.index(channel)])


def _tenth(facts: _Facts, week: float) -> ConsistencyNumber:
    known = facts.level[np.isfinite(facts.level)]
    return ConsistencyNumber(
        name="level_p10",
        unit="share",
        value=float(np.quantile(known, TAIL_SHARE)) if len(known) else nan,
        beside=week,
        beside_unit="share",
        beside_said="on average",
        is_less_better=False,
        definition="service level that nine in ten intervals with contacts reach or pass "
        "(10th percentile over intervals, each counted once)",
    )


def _kept_volume(facts: _Facts) -> ConsistencyNumber:
    is_known = np.isfinite(facts.level)
    volume = float(facts.offered[is_known].sum())

    def share(is_in: BoolArray) -> float:
        return float(facts.offered[is_known & is_in].sum()) / volume if volume > 0 else nan

    is_kept = kept(facts.level, facts.often, facts.target, facts.promise)
    has_odds = facts.promise is not None and np.isfinite(facts.often).any()
    odds = f"in {facts.promise:.0%} of simulated weeks or more" if has_odds else "on average"
    return ConsistencyNumber(
        name="kept_volume",
        unit="share",
        value=share(is_kept),
        beside=share(~failing(facts.level, facts.target)),
        beside_unit="share",
        beside_said="if the average counted",
        is_less_better=False,
        definition=f"share of contacts in intervals that reach {facts.wanted} {odds}",
    )


def _abandon_cvar(facts: _Facts) -> ConsistencyNumber:
    has_loss = facts.channel.is_realtime
    rate = facts.rate("abandon_rate") if has_loss else np.full_like(facts.level, nan)
    week = facts.series.week("abandon_rate", facts.channel.name)
    return ConsistencyNumber(
        name="abandon_cvar",
        unit="share",
        value=tail_mean(rate, facts.offered),
        beside=week if has_loss else nan,
        beside_unit="share",
        beside_said="on average",
        definition="abandonment (abandoned / offered) in the intervals that hold the worst tenth "
        "of contacts, contact-weighted (CVaR at 90 %)",
    )


def _failing_run(facts: _Facts) -> ConsistencyNumber:
    horizon = facts.demand.horizon
    is_failing = failing(facts.level, facts.target)
    is_open = facts.demand.is_open[facts.demand.channels.index(facts.channel.name)]
    length, first = longest_stretch(is_failing, opening_breaks(is_open, horizon))
    is_known = bool(np.isfinite(facts.level).any())
    return ConsistencyNumber(
        name="failing_run_min",
        unit="min",
        value=float(length * horizon.interval_min) if is_known else nan,
        beside=float(is_failing.sum() * horizon.interval_min) if is_known else nan,
        beside_unit="min",
        beside_said="in the week",
        at=facts.at(first) if length else "",
        definition=f"rescue stretch: longest unbroken time of one day's opening in which every "
        f"interval is on average below {facts.wanted}",
    )


def _worst_to_median(facts: _Facts) -> ConsistencyNumber:
    """Of the wait; of what is late where contacts may wait for hours in any case."""
    is_realtime = facts.channel.is_realtime
    rate = facts.rate("wait_mean_s") if is_realtime else 1 - facts.level
    said = "mean wait" if is_realtime else "share of contacts not done in time"
    none = "nobody waits" if is_realtime else "nothing is late"
    known = rate[np.isfinite(rate)]
    worst, middle = (float(known.max()), float(np.median(known))) if len(known) else (nan, nan)
    return ConsistencyNumber(
        name="worst_to_median",
        unit="ratio",
        value=_ratio(worst, middle),
        beside=worst,
        beside_unit="s" if is_realtime else "share",
        beside_said="wait in the worst" if is_realtime else "late in the worst",
        at=facts.at(int(np.nanargmax(rate))) if worst > 0 else "",
        definition=f"{said} of the worst interval over that of the median one; 1 where {none} in "
        "either, without end where only the median is 0",
    )


def _weekday_spread(facts: _Facts, week: float) -> ConsistencyNumber:
    days = _by_weekday(facts)
    worst, day = min(days.values(), default=(nan, date.min))
    spread = max((level for level, _ in days.values()), default=nan) - worst
    return ConsistencyNumber(
        name="weekday_spread",
        unit="share",
        value=spread,
        beside=week,
        beside_unit="share",
        beside_said="on average",
        at=day.isoformat() if spread > 0 else "",
        definition="service level of the best weekday less that of the worst, contact-weighted",
    )


def _bad_contact(week: float, contacts: float) -> ConsistencyNumber:
    return ConsistencyNumber(
        name="bad_contact",
        unit="share",
        value=bad_contact_share(1 - week, contacts),
        beside=1 - week,
        beside_unit="share",
        beside_said="of contacts",
        definition="customers with at least one contact out of the promise in a quarter: "
        f"1 - exp(-{contacts:g} p), p the share of such contacts, at {contacts:g} contacts a "
        "quarter on average (Poisson)",
    )


def _ratio(worst: float, middle: float) -> float:
    """Worst over median where that may be 0."""
    if middle > 0 or not isfinite(worst):
        return worst / middle
    return inf if worst > 0 else 1.0


def _by_weekday(facts: _Facts) -> Mapping[int, tuple[float, date]]:
    """Contact-weighted level of each weekday (0 is Monday), with its first date."""
    horizon = facts.demand.horizon
    known = np.isfinite(facts.level)
    dates = horizon.dates
    weekday = np.array([dates[d].weekday() for d in horizon.interval_days.tolist()])
    found: dict[int, tuple[float, date]] = {}
    for day in np.unique(weekday[known]).tolist():
        is_in = known & (weekday == day)
        level = float(np.average(facts.level[is_in], weights=facts.offered[is_in]))
        found[day] = level, dates[int(horizon.interval_days[is_in][0])]
    return found
