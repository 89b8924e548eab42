"""Harm curves and floors of one channel whose contacts may wait until they are due."""

from __future__ import annotations

from math import ceil, sqrt

import numpy as np

from wfplan.domain.channels import Channel, HandleLaw
from wfplan.domain.results import DemandForecast, FloatArray
from wfplan.queueing import deferred
from wfplan.staffing.channel_need import ChannelNeed, trimmed
from wfplan.staffing.curves import convex_minorant
from wfplan.staffing.realtime import averaged_over_presence
from wfplan.staffing.uncertainty import expected_excess, presence_matrix, rate_quantile

ROUNDING = 1e-9  # of the busiest interval: what sums leave of no work at all


def deferred_need(
    channel: Channel, demand: DemandForecast, c: int, presence_share: FloatArray
) -> ChannelNeed:
    """
    Curves and floor of channel ``c``, in people who serve.

    The pace is the most even one that finishes all work when it is due, with
    due times in the channel's opening hours. Harm is ``late_weight`` per
    contact put off because the staff are below the pace, which is as uncertain
    as the work of one due window. The floor finishes ``due_share`` in time at
    the quantile ``promise`` of that work (at its mean without a promise).
    ``volume`` is what the pace handles, not what arrives.
    """
    interval_s = demand.horizon.interval_min * 60
    offered = demand.offered_mean[c]
    total = float(offered.sum())
    pace = even_pace(channel, demand, c)
    aht = float(offered @ demand.aht_s[c]) / total if total > 0 else 1.0
    cv = window_cv(channel, demand, c)
    most = float(pace.max(initial=0.0)) * (1 + 6 * cv)
    staff_max = ceil(most + 8 * sqrt(most)) + 3
    reach = presence_matrix(staff_max, float(presence_share.min(initial=1.0))).shape[1]
    level = np.arange(reach, dtype=np.float64)
    alone = expected_excess(pace[:, None], np.full((1, 1), cv), level)
    late = averaged_over_presence(alone, presence_share, staff_max)
    gap = convex_minorant(late)
    quantile = (
        1.0 if channel.promise is None else float(rate_quantile(np.array(cv), channel.promise))
    )
    due = pace * channel.due_share * quantile
    none = np.zeros(len(pace))
    return ChannelNeed(
        harm=trimmed(late * channel.late_weight * interval_s / aht, float(due.max(initial=0.0))),
        volume=pace * interval_s / aht,
        load_erlangs=pace,
        promise=none,
        occupancy=none,
        abandonment=none,
        tail=none,
        due=due,
        convexity_gap=gap,
    )


def even_pace(channel: Channel, demand: DemandForecast, c: int) -> FloatArray:
    """
    Erlangs of work in every interval that finish all work in time, as evenly as can be.

    The weeks before and after are taken to be like this one, so that work
    left from before the horizon is done in it and none is left at its end.
    """
    interval_min = demand.horizon.interval_min
    work_min = np.tile(demand.offered_mean[c] * demand.aht_s[c] / 60, 3)
    is_open = np.tile(demand.is_open[c], 3)
    last = deferred.last_intervals(is_open, channel.due_h, interval_min)
    done = deferred.flattest_work(work_min, last, is_open)
    pace = np.split(done, 3)[1] / interval_min
    return np.where(pace > ROUNDING * pace.max(initial=0.0), pace, 0.0)


def window_cv(channel: Channel, demand: DemandForecast, c: int) -> float:
    """
    Coefficient of variation of the work that falls due in one due window.

    What a day has in common stays; what is each interval's own averages out
    over the window, as do counts and handle times over its contacts.
    """
    offered, cv = demand.offered_mean[c], demand.rate_cv[c]
    total, opens = float(offered.sum()), int(demand.is_open[c].sum())
    if total == 0 or opens == 0:
        return 0.0
    window = max(1.0, channel.due_h * 60 / demand.horizon.interval_min)
    contacts = total * min(1.0, window / opens)
    rate_variance = float(offered @ cv**2) / total
    day = float(demand.day_share[c])
    own = (1 - day) * rate_variance / window
    return sqrt(day * rate_variance + own + (1 + _handle_cv(channel) ** 2) / contacts)


def _handle_cv(channel: Channel) -> float:
    """Coefficient of variation of single handle times."""
    if channel.handle_law is HandleLaw.FIXED:
        return 0.0
    return 1.0 if channel.handle_law is HandleLaw.EXPONENTIAL else channel.handle_cv
