"""The customers' side: service, abandonment and waiting, the average beside the tail.

SCIENCE 3.4, the consistency report. Shares of contacts are over the contacts
offered; percentiles and the worst are over intervals with contacts, each
counted once; averages are contact-weighted.
"""

from __future__ import annotations

from datetime import timedelta
from math import exp, isfinite, nan

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from wfplan.domain.channels import Channel
from wfplan.domain.results import Run
from wfplan.evaluation.figures import TAIL_SHARE, Figure
from wfplan.evaluation.series import Series

FloatArray = NDArray[np.float64]
CONTACTS_PER_QUARTER = 3.0
_EPS = 1e-9
_Z_Q10 = float(-ndtri(0.10))


def customer_figures(run: Run, series: Series) -> tuple[Figure, ...]:
    """All figures of the customers' side: each channel, then all together."""
    figures: list[Figure] = []
    for channel in run.problem.channels:
        figures += _channel(run, series, channel)
    figures += _everybody(run, series)
    figures.append(_empowered(run))
    return tuple(figures)


def _channel(run: Run, series: Series, channel: Channel) -> list[Figure]:
    """One channel's figures."""
    name = channel.name
    offered = _offered(run, series, name)
    level, target = _level(series, channel)
    if channel.is_realtime:
        said = f"answered within {channel.answer_within_s:g} s / offered"
    else:
        said = f"done within {channel.due_h:g} h / offered"
    level_grid = np.where(offered > 0, series.grid(level, name), nan)
    figures = [
        _over_intervals(
            run, "service_level", name, "share", series.week(level, name), level_grid, said, target
        ),
        *_consistency(run, series, channel, level, offered, level_grid),
    ]
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


def _level(series: Series, channel: Channel) -> tuple[str, float]:
    """The measure that says how the promise of a channel is kept, and its target."""
    if channel.is_realtime:
        return "service_level", channel.answer_share
    has_due = isfinite(series.week("due_share", channel.name))
    return "due_share" if has_due else "service_level", channel.due_share


def _offered(run: Run, series: Series, channel: str) -> FloatArray:
    """Simulated contacts per interval; the forecast where the simulation does not say."""
    offered = series.grid("offered", channel)
    if np.isfinite(offered).any():
        return np.nan_to_num(offered)
    row = run.demand.channels.index(channel)
    return np.asarray(run.demand.offered_mean[row])


def _losses(run: Run, series: Series, channel: Channel, offered: FloatArray) -> list[Figure]:
    """Abandonment and waiting of a realtime channel."""
    name = channel.name
    lost = np.where(offered > 0, series.grid("abandon_rate", name), nan)
    waits = np.where(offered > 0, series.grid("wait_mean_s", name), nan)
    long_waits = np.where(offered > 0, series.grid("wait_p95_s", name), nan)
    cap = channel.abandon_share_max
    figures = [
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
            "wait that 95 of 100 contacts do not exceed", is_less_better=True,
        ),
    ]  # fmt: skip
    said = f"contact-weighted abandonment of the worst {TAIL_SHARE:.0%} of contacts' intervals"
    figures.append(_plain("abandon_cvar", name, "share", tail_mean(lost, offered), said))
    return figures


def _consistency(
    run: Run,
    series: Series,
    channel: Channel,
    level: str,
    offered: FloatArray,
    level_grid: FloatArray,
) -> list[Figure]:
    """The consistency report of one channel (SCIENCE 3.4)."""
    name = channel.name
    target = channel.answer_share if channel.is_realtime else channel.due_share
    promise = channel.promise if channel.is_realtime else None
    low = series.grid(level, name, "q10")
    known = np.isfinite(level_grid)
    kept = known & (promised(level_grid, low, promise) >= target - _EPS)
    failing = known & (level_grid < target - _EPS)
    volume = float(offered[known].sum())
    worst, middle = _extremes(level_grid)
    days = _by_day(run, level_grid, offered)
    share = float(offered[kept].sum()) / volume if volume > 0 else nan
    odds = "on average" if promise is None else f"in {promise:.0%} of weeks or more"
    wanted = f"a service level of {target:.0%}"
    return [
        _plain(
            "kept_volume", name, "share", share,
            f"share of contacts in intervals that reach {wanted} {odds}",
        ),
        _plain(
            "failing_run_min", name, "min", longest_run(failing) * run.horizon.interval_min,
            f"longest unbroken time below {wanted}", is_less_better=True,
        ),
        _plain(
            "worst_to_median", name, "ratio", worst / middle if middle > 0 else nan,
            "service level of the worst interval over that of the median one",
        ),
        _plain(
            "weekday_spread", name, "share", float(np.ptp(days)) if len(days) else nan,
            "service level of the best day less that of the worst", is_less_better=True,
        ),
        _plain(
            "bad_contact", name, "share", bad_contact_share(1 - series.week(level, name)),
            f"customers with a contact out of the promise, at {CONTACTS_PER_QUARTER:g} contacts a "
            "quarter (Poisson)", is_less_better=True,
        ),
    ]  # fmt: skip


def promised(level: FloatArray, q10: FloatArray, promise: float | None) -> FloatArray:
    """
    The level that an interval reaches with a probability of ``promise``.

    A normal law through the mean and the 10th percentile of the simulated
    weeks; the mean itself where no promise is asked or no percentile known.
    """
    if promise is None:
        return level
    spread = np.where(np.isfinite(q10), np.maximum(level - q10, 0.0) / _Z_Q10, 0.0)
    return np.asarray(level - float(ndtri(promise)) * spread)


def bad_contact_share(bad_share: float, contacts: float = CONTACTS_PER_QUARTER) -> float:
    """Share of customers with at least one bad contact a quarter: ``1 - exp(-kappa p)``."""
    return 1 - exp(-contacts * bad_share)


def longest_run(mask: NDArray[np.bool_]) -> int:
    """Length of the longest run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.astype(np.int8), [0]))))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def tail_mean(rate: FloatArray, weight: FloatArray, share: float = TAIL_SHARE) -> float:
    """Weighted mean of the largest rates that hold ``share`` of the weight (CVaR)."""
    known = np.isfinite(rate) & (weight > 0)
    if not known.any():
        return nan
    order = np.argsort(-rate[known], kind="stable")
    rates, weights = rate[known][order], weight[known][order]
    left = share * weights.sum() - (np.cumsum(weights) - weights)
    taken = np.clip(left, 0.0, weights)
    return float((rates * taken).sum() / taken.sum())


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
               "wait that 95 of 100 contacts do not exceed", is_less_better=True),
        _plain(
            "bad_contact", "", "share", bad_contact_share(1 - overall),
            f"customers with a contact out of the promise, at {CONTACTS_PER_QUARTER:g} contacts a "
            "quarter (Poisson)", is_less_better=True,
        ),
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


def _extremes(level: FloatArray) -> tuple[float, float]:
    """Worst and median over the intervals that are known."""
    known = level[np.isfinite(level)]
    return (float(known.min()), float(np.median(known))) if len(known) else (nan, nan)


def _by_day(run: Run, level: FloatArray, offered: FloatArray) -> FloatArray:
    """Contact-weighted level of every local date with contacts."""
    known = np.isfinite(level)
    days = run.horizon.interval_days
    weight = np.bincount(days[known], offered[known], minlength=run.horizon.days)
    total = np.bincount(days[known], (level * offered)[known], minlength=run.horizon.days)
    return np.asarray(total[weight > 0] / weight[weight > 0])
