"""What customers and staff live through at a given staffing, averaged over what is not known.

Each interval is in the steady state that goes with its work in hand
(:mod:`wfplan.staffing.carried`), at every node of the uncertain rate and of
who is there. Deferred work is read against its even pace.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

import numpy as np
from numba import njit
from numpy.typing import NDArray

from wfplan.domain.channels import Channel
from wfplan.domain.results import DemandForecast, FloatArray
from wfplan.queueing.chat import level_rates
from wfplan.queueing.kernels import chat_idle, idle_weight, queue_shares, waiting_sums
from wfplan.staffing.carried import WorkInHand, in_hand_s, work_in_hand
from wfplan.staffing.deferrable import even_pace, window_cv
from wfplan.staffing.realtime import PATIENCE_MOST_S
from wfplan.staffing.uncertainty import ROUNDING_VARIANCE, expected_excess, rate_nodes

RATE_NODES = 7
PRESENCE_NODES = (-np.sqrt(3), 0.0, np.sqrt(3))  # of a normal law: Gauss-Hermite, three points
PRESENCE_CHANCES = (1 / 6, 2 / 3, 1 / 6)


@dataclass(frozen=True)
class Service:
    """
    What one channel's customers and staff get in every interval, (interval,).

    Shares are of contacts; NaN where nobody comes. ``in_time`` is answered
    within the time / offered on realtime channels, done by the even pace on
    deferred ones; ``abandoned`` is 0 on the latter.
    """

    volume: FloatArray  # contacts
    in_time: FloatArray
    abandoned: FloatArray
    occupancy: FloatArray


def service_at(
    channel: Channel,
    demand: DemandForecast,
    c: int,
    staff: FloatArray,
    presence_share: FloatArray,
) -> Service:
    """
    The service of channel ``c`` at ``staff`` people expected to be there, (interval,).

    Handle times of ``demand`` include escalations.
    """
    return QueueAhead.of(channel, demand, c).at(staff, presence_share)


@dataclass(frozen=True)
class QueueAhead:
    """
    One channel's contacts, ready to be put before any staff, interval by interval.

    ``load``, ``weights`` and ``chances`` are those of :func:`served_shares`, (interval, node);
    of a deferred channel ``load`` is its even pace, (interval, 1).
    """

    channel: Channel
    offered: FloatArray
    patience_s: float
    aht_s: FloatArray
    load: FloatArray
    weights: FloatArray
    chances: FloatArray
    window_cv: float = 0.0

    @classmethod
    def of(cls, channel: Channel, demand: DemandForecast, c: int) -> QueueAhead:
        """The contacts of channel ``c``; handle times of ``demand`` include escalations."""
        interval_s = demand.horizon.interval_min * 60
        if not channel.is_realtime:
            pace = even_pace(channel, demand, c)
            weights = np.maximum(demand.offered_mean[c], 1e-12)
            aht = float(np.average(demand.aht_s[c], weights=weights))
            cv = window_cv(channel, demand, c)
            return cls(
                channel, pace * interval_s / aht, np.inf, np.full(len(pace), aht),
                pace[:, None], pace[:, None], pace[:, None], cv,
            )  # fmt: skip
        offered = np.where(demand.is_open[c], demand.offered_mean[c], 0.0)
        aht_s = demand.aht_s[c]
        work = work_in_hand(
            offered * aht_s / interval_s,
            in_hand_s(aht_s, channel.concurrency_rates),
            interval_s,
            demand.rate_cv[c],
        )
        patience = min(float(demand.patience_s[c]), PATIENCE_MOST_S)
        factors, chances = rate_nodes(demand.rate_cv[c], RATE_NODES)
        load, of_days = _nodes(work, factors, chances)
        contacts = of_days * np.tile(factors, 2)
        return cls(channel, offered, patience, aht_s, load, contacts, of_days)

    def at(
        self,
        staff: FloatArray,
        presence_share: FloatArray,
        rows: NDArray[np.int64] | slice = slice(None),
    ) -> Service:
        """The service of all intervals, or of some: ``staff`` and presence are theirs."""
        if not self.channel.is_realtime:
            return self._deferred(staff, rows)
        rates = level_rates(self.channel.concurrency_rates)
        read_between = ROUNDING_VARIANCE if len(rates) > 2 else 0.0
        spread = np.sqrt(np.maximum(staff * (1 - presence_share) - read_between, 0.0))
        shares = served_shares(
            np.maximum(staff[:, None] + np.multiply.outer(spread, PRESENCE_NODES), 0.0),
            np.array(PRESENCE_CHANCES),
            np.ascontiguousarray(self.load[rows]),
            np.ascontiguousarray(self.weights[rows]),
            np.ascontiguousarray(self.chances[rows]),
            np.ascontiguousarray(self.patience_s / self.aht_s[rows]),
            self.channel.answer_within_s / self.patience_s,
            rates,
        )
        offered = self.offered[rows]
        in_time, abandoned, occupancy = np.where(offered > 0, shares, np.nan)
        return Service(offered, in_time, abandoned, occupancy)

    def _deferred(self, staff: FloatArray, rows: NDArray[np.int64] | slice) -> Service:
        """Work is in time as far as the staff keep the even pace; idle where they exceed it."""
        pace = self.load[rows, 0]
        late = expected_excess(pace, np.full(1, self.window_cv), staff)
        known = np.where(pace > 0, pace, np.nan)
        with np.errstate(divide="ignore", invalid="ignore"):
            occupancy = np.where(staff > 0, (known - late) / staff, np.nan)
        return Service(self.offered[rows], 1 - late / known, 0 * known, occupancy)


def _nodes(
    work: WorkInHand, factors: FloatArray, chances: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Erlangs at every moment of an interval and node of its rate, and their chances."""
    load = np.concatenate([work.moments[:, [i]] * factors for i in range(2)], axis=1)
    lasts = work.weights * work.moments
    share = np.divide(
        lasts, lasts.sum(axis=1, keepdims=True), out=np.zeros(lasts.shape), where=lasts > 0
    )
    return load, np.concatenate([share[:, [i]] * chances for i in range(2)], axis=1)


@njit(cache=True, nogil=True)
def served_shares(
    staff: FloatArray,
    staff_chances: FloatArray,
    load: FloatArray,
    weights: FloatArray,
    chances: FloatArray,
    patience_in_aht: FloatArray,
    horizon: float,
    rates: FloatArray,
) -> FloatArray:
    """
    Shares answered in time and abandoned, and the occupancy, for every interval.

    Parameters
    ----------
    staff
        People there at each node of presence, (interval, presence).
    load
        Erlangs at each node of the rate, (interval, node).
    weights, chances
        Of the nodes, for shares of contacts and for occupancy, (interval, node).
    patience_in_aht
        Mean patience over mean handle time, (interval,).
    horizon
        The time of the service level over the mean patience.
    rates
        Completions of an agent who holds 0, 1, 2, ... contacts, relative to one.

    Returns
    -------
    FloatArray
        Shape (3, interval). Chat agents are whole: between two whole numbers
        measures are read on the straight line.
    """
    found = np.zeros((3, len(load)))
    for t in range(load.shape[0]):
        for s in range(load.shape[1]):
            for p in range(staff.shape[1]):
                if load[t, s] <= 0.0 or chances[t, s] <= 0.0:
                    continue
                whole = float(floor(staff[t, p])) if len(rates) > 2 else staff[t, p]
                part = staff[t, p] - whole
                chance = staff_chances[p]
                for more in range(2 if part > 0.0 else 1):
                    beside = chance * (part if more else 1.0 - part)
                    in_time, lost, busy = _shares(
                        whole + more, load[t, s], patience_in_aht[t], horizon, rates
                    )
                    found[0, t] += beside * weights[t, s] * in_time
                    found[1, t] += beside * weights[t, s] * lost
                    found[2, t] += beside * chances[t, s] * busy
    return found


@njit(cache=True, nogil=True)
def _shares(
    staff: float, load: float, patience_in_aht: float, horizon: float, rates: FloatArray
) -> tuple[float, float, float]:
    """Answered in time, abandoned and occupancy of one queue; a team of nobody is all busy."""
    if staff <= 0.0:
        return 0.0, 1.0, 1.0
    chats = len(rates) - 1
    if chats > 1:
        top, idle, held = chat_idle(int(staff), load, rates)
    else:
        top, idle, held = 1.0, idle_weight(staff, load), 0.0
    capacity = staff * rates[-1]
    c, eta = capacity * patience_in_aht, load * patience_in_aht
    _, lost, late, _ = queue_shares(idle, top, c, eta, horizon)
    busy = load * (1.0 - lost) / capacity
    if chats > 1:
        total, _, base = waiting_sums(c, eta)
        full = top * total
        busy = (base * held / (staff * chats) + full) / (base * idle + full)
    return 1.0 - lost - late, lost, busy


def average(values: FloatArray, weight: FloatArray) -> float:
    """Mean of what is known, weighted; NaN where nothing is."""
    known = np.isfinite(values) & (weight > 0)
    return float(values[known] @ weight[known] / weight[known].sum()) if known.any() else np.nan


def worst(values: FloatArray, *, is_low_bad: bool, counts: NDArray[np.bool_]) -> int:
    """The interval with the worst value of those that count, the first of equals."""
    ranked = np.where(counts, values if is_low_bad else -values, np.inf)
    return int(ranked.argmin())
