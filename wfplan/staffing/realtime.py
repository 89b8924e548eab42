"""Harm curves and floors of one channel that must be answered now."""

from __future__ import annotations

from math import ceil, sqrt

import numpy as np

from wfplan.domain.channels import Channel
from wfplan.domain.results import DemandForecast, FloatArray
from wfplan.queueing import required
from wfplan.queueing.chat import level_rates
from wfplan.staffing.carried import WorkInHand, in_hand_s, work_in_hand
from wfplan.staffing.channel_need import ChannelNeed, trimmed
from wfplan.staffing.curves import convex_minorant
from wfplan.staffing.tables import abandoned_curves
from wfplan.staffing.uncertainty import presence_matrix, rate_nodes, rate_quantile

PATIENCE_MOST_S = 86_400.0  # in harm, nobody waits longer than a day for an answer now
CHANCE_LEAST = 1e-9  # of a rate: what it adds is beyond the digits that matter


def realtime_need(
    channel: Channel, demand: DemandForecast, c: int, presence_share: FloatArray
) -> ChannelNeed:
    """
    Curves and floors of channel ``c``, in people who serve.

    The promise, the longest wait and the occupancy cap hold at the quantile
    ``promise`` of the rate, at its mean where no promise is made; the
    abandonment cap holds on average over rate and presence. Each interval is
    in the steady state that goes with the work in hand
    (:mod:`wfplan.staffing.carried`).

    Parameters
    ----------
    presence_share
        Share of people who are there, shape (interval,).
    """
    interval_s = demand.horizon.interval_min * 60
    offered = np.where(demand.is_open[c], demand.offered_mean[c], 0.0)
    aht, cv = demand.aht_s[c], demand.rate_cv[c]
    patience = min(float(demand.patience_s[c]), PATIENCE_MOST_S)
    load = offered * aht / interval_s
    work = work_in_hand(load, in_hand_s(aht, channel.concurrency_rates), interval_s, cv)
    per_h = work.mean / aht * 3600
    floors = quantile_floors(channel, per_h, aht, cv, float(demand.patience_s[c]))
    lost, gap = abandoned_load(work, aht, cv, patience, channel.concurrency_rates, presence_share)
    lost *= (interval_s / aht)[:, None]
    harm = lost * (channel.wait_weight * patience / 60 + channel.abandon_weight)
    abandonment = _crossing(lost, channel.abandon_share_max)
    largest = max(float(floor.max(initial=0.0)) for floor in (*floors.values(), abandonment))
    return ChannelNeed(
        harm=trimmed(harm, largest),
        volume=offered,
        load_erlangs=load,
        **floors,
        abandonment=abandonment,
        due=np.zeros(len(load)),
        convexity_gap=gap,
    )


def abandoned_load(
    work: WorkInHand,
    aht_s: FloatArray,
    rate_cv: FloatArray,
    patience_s: float,
    concurrency_rates: tuple[float, ...],
    presence_share: FloatArray,
) -> tuple[FloatArray, float]:
    """
    Expected load that hangs up, shape (interval, staff), convex and falling in staff.

    Averaged over the interval (two moments), the rate (Gauss quadrature) and
    presence. Equal intervals are computed once. Also the gap that the convex
    minorant closed.
    """
    rates = level_rates(concurrency_rates)
    distinct, place = np.unique(
        np.column_stack([work.moments, work.weights, aht_s, rate_cv, presence_share]),
        axis=0,
        return_inverse=True,
    )
    moments, weights, aht, cv, present = np.split(distinct, [2, 4, 5, 6], axis=1)
    factors, chances = rate_nodes(cv[:, 0], _points(moments.max(axis=1), cv[:, 0]))
    count = len(distinct)
    nodes = (moments[:, :, None] * factors[:, None]).reshape(count, -1)
    chances = np.where(chances > CHANCE_LEAST, chances, 0.0)
    shares = (weights[:, :, None] * chances[:, None]).reshape(count, -1)
    most = float(nodes.max(initial=0.0)) / rates[-1]
    staff_max = ceil(most + 8 * sqrt(most)) + 10
    reach = presence_matrix(staff_max, float(present.min(initial=1.0))).shape[1] - 1
    rows = abandoned_curves(nodes, shares, patience_s / aht[:, 0], rates, reach)
    averaged = averaged_over_presence(rows, present[:, 0], staff_max)
    gap = convex_minorant(averaged)
    return averaged[place.reshape(-1)], gap


def averaged_over_presence(
    rows: FloatArray, presence_share: FloatArray, staff_max: int
) -> FloatArray:
    """Curves over people present, as curves over the people expected: 0 to ``staff_max``."""
    averaged = np.zeros((len(rows), staff_max + 1))
    for share in np.unique(presence_share):
        same = presence_share == share
        chances = presence_matrix(staff_max, float(share))
        averaged[same] = (chances @ rows[same, : chances.shape[1]].T).T
    return averaged


def _points(load: FloatArray, rate_cv: FloatArray) -> int:
    """Nodes of the rate: more where its spread is wide against the randomness of the queue."""
    spread = float((rate_cv * np.sqrt(load)).max(initial=0.0))
    return int(np.clip(5 + 2 * ceil(2 * spread), 7, 25))


def quantile_floors(
    channel: Channel, per_h: FloatArray, aht: FloatArray, cv: FloatArray, patience: float
) -> dict[str, FloatArray]:
    """
    Staff for the promise, for the occupancy cap and for the longest wait, (interval,).

    ``per_h`` are contacts per hour, ``aht`` and ``patience`` seconds, ``cv`` that of the rate.
    """
    factor = 1.0 if channel.promise is None else rate_quantile(cv, channel.promise)
    queue = (per_h * factor, aht, patience)
    rates = channel.concurrency_rates
    floors = {
        "promise": required.for_service_level(
            channel.answer_share,
            *queue,
            answer_within_s=channel.answer_within_s,
            concurrency_rates=rates,
        ),
        "occupancy": np.zeros(len(per_h)),
        "tail": np.zeros(len(per_h)),
    }
    if channel.occupancy_max is not None:
        floors["occupancy"] = required.for_occupancy(
            channel.occupancy_max, *queue, concurrency_rates=rates
        )
    if channel.answer_most_s is not None:
        floors["tail"] = required.for_longest_wait(
            channel.answer_most_share,
            *queue,
            answer_most_s=channel.answer_most_s,
            concurrency_rates=rates,
        )
    return floors


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
