"""Contacts of past weeks: a profile, weekdays, special days, and two levels of noise.

Counts are Poisson given a rate; the rate is the expected one times a factor
of the day (part of it common to all channels) and one of the interval. Waits
follow the pressure of that rate on a centre staffed for the expected one, and
callers hang up at the rate at which exponential patience runs out: abandons
per second waited are 1 / patience, as the estimator of patience assumes.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.channels import Channel, parse_window
from wfplan.horizon import Horizon, Window
from wfplan.intake.examples.kinds import DemandShape, Example
from wfplan.intake.examples.people import Row

FloatArray = NDArray[np.float64]

DAY_COMMON_CV = 0.05  # with the channel's own part, 0.08 a day
DAY_OWN_CV = 0.06
INTERVAL_CV = 0.06
LEVEL_STEP = 0.008  # standard deviation of the weekly step of the level
PRESSURE_POWER = 4.0  # waits grow with this power of demand over what was expected
HANDLE_CV = 1.05  # of single handle times


def draw_contacts(
    example: Example,
    channels: tuple[Channel, ...],
    horizon: Horizon,
    rng: np.random.Generator,
) -> list[Row]:
    """Contacts per channel and open interval of the history: rows of contacts.csv."""
    common_day = rng.gamma(1 / DAY_COMMON_CV**2, DAY_COMMON_CV**2, horizon.days)
    shapes = {shape.channel: shape for shape in example.shapes}
    return [
        row
        for channel in channels
        for row in _draw_channel(example, shapes[channel.name], channel, horizon, common_day, rng)
    ]


def _draw_channel(
    example: Example,
    shape: DemandShape,
    channel: Channel,
    horizon: Horizon,
    common_day: FloatArray,
    rng: np.random.Generator,
) -> list[Row]:
    """One channel's rows, open intervals only."""
    is_open = horizon.open_intervals(channel.open, _dated_opening(example, channel))
    day = horizon.interval_days[is_open]
    expected = (_usual_rate(shape, horizon, is_open) * _special(example, shape, horizon))[is_open]
    own_day = rng.gamma(1 / DAY_OWN_CV**2, DAY_OWN_CV**2, horizon.days)
    steps = rng.normal(0.0, LEVEL_STEP, horizon.days // 7 + 1).cumsum()
    noise = rng.gamma(1 / INTERVAL_CV**2, INTERVAL_CV**2, day.size)
    pressure = common_day[day] * own_day[day] * noise
    offered = rng.poisson(expected * np.exp(steps[day // 7]) * pressure)

    lived = _lived_through(shape, channel, offered, pressure, rng)
    minutes = horizon.interval_minutes[is_open]
    columns = {
        "interval_start": [f"{start}Z" for start in horizon.interval_starts[is_open]],
        "offered": offered.tolist(),
        **{name: values.tolist() for name, values in lived.items()},
        "aht_s": _handle_times(shape, minutes, lived["answered"], rng),
    }
    rows = zip(*columns.values(), strict=True)
    return [{"channel": channel.name, **dict(zip(columns, row, strict=True))} for row in rows]


def _dated_opening(example: Example, channel: Channel) -> dict[date, tuple[Window, ...]]:
    """Opening hours of the dates that have their own."""
    return {
        effect.day: (parse_window(effect.open),)
        for effect in example.effects
        if effect.open and effect.channel in ("", channel.name)
    }


def _usual_rate(shape: DemandShape, horizon: Horizon, is_open: NDArray[np.bool_]) -> FloatArray:
    """Contacts expected per interval of an ordinary week, shape (interval,)."""
    hour = horizon.interval_minutes / 60
    profile = np.full(hour.shape, shape.level)
    for hump in shape.humps:
        profile += hump.height * np.exp(-0.5 * ((hour - hump.hour) / hump.width_h) ** 2)
    profile[~is_open] = 0.0

    days = horizon.interval_days
    weights = np.array(shape.weekday_weights) / sum(shape.weekday_weights)
    weekday = (np.arange(horizon.days) + horizon.first_day.weekday()) % 7
    per_day = shape.contacts_per_week * weights[weekday]
    share = profile / np.maximum(np.bincount(days, profile, horizon.days), 1e-12)[days]
    burst = _first_hour(days, is_open, 60 // horizon.interval_min)
    share = (1 - shape.overnight_share) * share + shape.overnight_share * burst
    rate: FloatArray = per_day[days] * share
    return rate


def _first_hour(days: NDArray[np.int64], is_open: NDArray[np.bool_], length: int) -> FloatArray:
    """The first open hour of every day spread evenly over its intervals, sum 1 a day."""
    burst = np.zeros(days.size)
    for day in np.unique(days[is_open]):
        burst[np.flatnonzero(is_open & (days == day))[:length]] = 1 / length
    return burst


def _special(example: Example, shape: DemandShape, horizon: Horizon) -> FloatArray:
    """Factor of holidays, events and campaigns per interval."""
    factor = np.ones(horizon.days)
    for effect in example.effects:
        if effect.day in horizon.dates and effect.channel in ("", shape.channel):
            factor[horizon.dates.index(effect.day)] *= effect.factor
    return factor[horizon.interval_days]


def _lived_through(
    shape: DemandShape,
    channel: Channel,
    offered: NDArray[np.int64],
    pressure: FloatArray,
    rng: np.random.Generator,
) -> dict[str, NDArray[np.generic]]:
    """Answers, abandons and the mean wait of all offered, consistent with each other."""
    if not channel.is_realtime:
        due_s = channel.due_h * 3600
        wait_s = due_s * np.clip(rng.normal(0.3, 0.08, offered.size) * pressure, 0.05, 0.9)
        in_time = rng.binomial(offered, 0.965)
        return _columns(offered, np.zeros_like(offered), in_time, wait_s)

    wait_s = shape.wait_s * pressure**PRESSURE_POWER * rng.gamma(4.0, 0.25, offered.size)
    wait_s = np.minimum(wait_s, 0.6 * shape.patience_s)
    abandoned = rng.binomial(offered, wait_s / shape.patience_s)
    answered = offered - abandoned
    queued = np.minimum(0.95, wait_s / (2.0 * shape.wait_s + wait_s))
    late = queued * np.exp(-channel.answer_within_s * queued / np.maximum(wait_s, 1e-9))
    return _columns(offered, abandoned, rng.binomial(answered, 1 - late), wait_s)


def _columns(
    offered: NDArray[np.int64],
    abandoned: NDArray[np.int64],
    in_target: NDArray[np.int64],
    wait_s: FloatArray,
) -> dict[str, NDArray[np.generic]]:
    """The columns that say what became of the contacts; nobody waits where nobody came."""
    return {
        "answered": offered - abandoned,
        "abandoned": abandoned,
        "answered_in_target": in_target,
        "wait_s": np.where(offered > 0, np.round(wait_s, 1), 0.0),
    }


def _handle_times(
    shape: DemandShape,
    minutes: NDArray[np.int64],
    answered: NDArray[np.generic],
    rng: np.random.Generator,
) -> list[object]:
    """
    Mean handle time per interval, seconds; empty where nothing was answered.

    Single times are lognormal with a coefficient of variation of 1.05. The
    mean of many is drawn from the gamma law of the same mean and variance.
    """
    evening = -np.cos(2 * np.pi * (minutes / 1440 - 8.0 / 24))
    mean_s = shape.aht_s * (1 + shape.aht_swing * evening)
    count = np.maximum(answered.astype(np.float64), 1.0)
    drawn = mean_s * rng.gamma(count / HANDLE_CV**2, HANDLE_CV**2 / count)
    means = np.round(np.maximum(drawn, 20.0), 1).tolist()
    return [mean if some else "" for mean, some in zip(means, answered.tolist(), strict=True)]
