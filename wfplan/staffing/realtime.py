"""Harm curves and floors of one channel that must be answered now."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np

from wfplan.domain.channels import Channel
from wfplan.domain.results import DemandForecast, FloatArray
from wfplan.queueing import required
from wfplan.queueing.chat import level_rates
from wfplan.staffing.curves import abandoned_rows, convex_minorant
from wfplan.staffing.uncertainty import presence_matrix, rate_nodes, rate_quantile

PATIENCE_MOST_S = 86_400.0  # nobody waits longer than a day for an answer now
WORTHLESS = (
    1e-3  # harm points an interval that one more person may still save at the end of a curve
)


@dataclass(frozen=True)
class ChannelNeed:
    """One channel's part of :class:`wfplan.domain.results.StaffNeed`; arrays over (interval,)."""

    harm: FloatArray  # (interval, staff)
    volume: FloatArray
    load_erlangs: FloatArray
    promise: FloatArray
    occupancy: FloatArray
    abandonment: FloatArray
    due: FloatArray
    convexity_gap: float  # of the curves before they were made convex, share of their height


def realtime_need(
    channel: Channel, demand: DemandForecast, c: int, presence_share: float
) -> ChannelNeed:
    """
    Curves and floors of channel ``c``.

    The promise and the occupancy cap hold at the quantile ``promise`` of the
    rate, at its mean where no promise is made; the abandonment cap holds on
    average over rate and presence.
    """
    interval_s = demand.horizon.interval_min * 60
    offered = np.where(demand.is_open[c], demand.offered_mean[c], 0.0)
    aht, cv = demand.aht_s[c], demand.rate_cv[c]
    patience = min(float(demand.patience_s[c]), PATIENCE_MOST_S)
    load = offered * aht / interval_s
    promise, occupancy = _quantile_floors(channel, offered * 3600 / interval_s, aht, cv, patience)
    lost, gap = abandoned_contacts(
        load, aht, cv, patience, channel.concurrency_rates, presence_share
    )
    lost *= (interval_s / aht)[:, None]
    harm = lost * (channel.wait_weight * patience / 60 + channel.abandon_weight)
    abandonment = _crossing(lost, channel.abandon_share_max)
    floors = (promise, occupancy, abandonment)
    return ChannelNeed(
        harm=trimmed(harm, max(float(floor.max(initial=0.0)) for floor in floors)),
        volume=offered,
        load_erlangs=load,
        promise=promise,
        occupancy=occupancy,
        abandonment=abandonment,
        due=np.zeros(len(load)),
        convexity_gap=gap,
    )


def abandoned_contacts(
    load: FloatArray,
    aht_s: FloatArray,
    rate_cv: FloatArray,
    patience_s: float,
    concurrency_rates: tuple[float, ...],
    presence_share: float,
) -> tuple[FloatArray, float]:
    """
    Expected load that hangs up, shape (interval, staff), convex and falling in staff.

    Averaged over the rate (Gauss quadrature) and presence. Equal intervals
    are computed once. Also the gap that the convex minorant closed.
    """
    rates = level_rates(concurrency_rates)
    distinct, place = np.unique(
        np.column_stack([load, aht_s, rate_cv]), axis=0, return_inverse=True
    )
    factors, chances = rate_nodes(distinct[:, 2], _points(distinct))
    nodes = distinct[:, :1] * factors
    most = float(nodes.max(initial=0.0)) / rates[-1]
    present = presence_matrix(ceil(most + 8 * sqrt(most)) + 10, presence_share)
    rows = abandoned_rows(nodes, chances, patience_s / distinct[:, 1], rates, present.shape[1] - 1)
    averaged = np.ascontiguousarray((present @ rows.T).T)
    gap = convex_minorant(averaged)
    return averaged[place.reshape(-1)], gap


def trimmed(harm: FloatArray, largest_floor: float) -> FloatArray:
    """The curves up to where one more person is worth nothing, and past the floors."""
    useful = np.flatnonzero((harm[:, :-1] - harm[:, 1:]).max(axis=0, initial=0.0) > WORTHLESS)
    last = max(int(useful[-1]) + 2 if len(useful) else 1, ceil(largest_floor) + 2)
    if last < harm.shape[1]:
        return harm[:, : last + 1]
    return np.pad(harm, ((0, 0), (0, last + 1 - harm.shape[1])), mode="edge")


def _points(distinct: FloatArray) -> int:
    """Nodes of the rate: more where its spread is wide against the randomness of the queue."""
    spread = float((distinct[:, 2] * np.sqrt(distinct[:, 0])).max(initial=0.0))
    return int(np.clip(5 + 2 * ceil(2 * spread), 7, 25))


def _quantile_floors(
    channel: Channel, per_h: FloatArray, aht: FloatArray, cv: FloatArray, patience: float
) -> tuple[FloatArray, FloatArray]:
    """Staff for the promise and for the occupancy cap."""
    factor = 1.0 if channel.promise is None else rate_quantile(cv, channel.promise)
    promise = required.for_service_level(
        channel.answer_share,
        per_h * factor,
        aht,
        patience,
        answer_within_s=channel.answer_within_s,
        concurrency_rates=channel.concurrency_rates,
    )
    if channel.occupancy_max is None:
        return promise, np.zeros(len(per_h))
    occupancy = required.for_occupancy(
        channel.occupancy_max,
        per_h * factor,
        aht,
        patience,
        concurrency_rates=channel.concurrency_rates,
    )
    return promise, occupancy


def _crossing(lost: FloatArray, share_max: float | None) -> FloatArray:
    """Where each falling curve reaches ``share_max`` of its first value, read on straight lines."""
    if share_max is None:
        return np.zeros(len(lost))
    cap = share_max * lost[:, 0]
    after = np.argmax(lost <= cap[:, None], axis=1)
    rows = np.arange(len(lost))
    high, low = lost[rows, np.maximum(after - 1, 0)], lost[rows, after]
    drop = np.where(high > low, high - low, 1.0)
    return np.where(lost[:, 0] > 0, after - 1 + (high - cap) / drop, 0.0)
