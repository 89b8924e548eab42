"""The centre that all replications share: channels, groups of people, customers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.channels import Channel
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import DemandForecast
from wfplan.errors import InputError
from wfplan.simulation.assumptions import Assumptions
from wfplan.simulation.chance import LAWS, shape
from wfplan.simulation.draws import ContactSource
from wfplan.simulation.frames import (
    CHANNEL,
    CUSTOMER,
    HELPS,
    Centre,
    Customers,
    FloatArray,
    IntArray,
    Records,
)

_WHOLE = 1e-6  # of a person: what sums of shares lack
_BEFORE_ALL = -1000  # priority of what is passed on; plans go down to -100


def build_centre(
    problem: PlanningProblem,
    demand: DemandForecast,
    channels: tuple[Channel, ...],
    sources: tuple[ContactSource, ...],
    groups: list[tuple[int, ...]],
    escalates: bool,
    assumptions: Assumptions,
    reserve: FloatArray | None,
) -> Centre:
    """Channels, groups of people with the same skills, and who is asked first."""
    horizon, lanes = demand.horizon, len(channels) + escalates
    able = np.array(groups, dtype=np.int8).reshape(len(groups), lanes)
    serves = able[:, : len(channels)] > 0
    records = _channel_records(channels, able, assumptions.priority)
    routes = np.full((lanes, max(len(groups), 1)), -1, np.int64)
    for c in range(lanes):
        who = np.flatnonzero(able[:, c])  # groups come with the fewest skills first
        routes[c, : len(who)] = who
    rates = np.ones((lanes, int(records["holds"].max(initial=1))))
    for row, channel in zip(rates, channels, strict=False):
        row[: len(channel.concurrency_rates)] = channel.concurrency_rates
    return Centre(
        end_s=(horizon.end - horizon.start).total_seconds(),
        interval_s=horizon.interval_min * 60.0,
        intervals=horizon.interval_count,
        channels=records,
        rates=rates,
        serves=serves,
        able=able,
        routes=routes,
        reserve=_reserve(channels, lanes, reserve, horizon.interval_count),
        rows=int(1 + (records["holds"] - 1).sum()),
        customers=_customers(demand, channels, sources, lanes, assumptions),
        escalated_share=problem.empowered.share_of_contacts if escalates else 0.0,
        escalated_s=problem.empowered.handle_min * 60,
    )


def _reserve(
    channels: tuple[Channel, ...], lanes: int, planned: FloatArray | None, intervals: int
) -> IntArray:
    """People who stay free for each real-time channel, (channel, interval); 0 for others."""
    reserve = np.zeros((lanes, intervals), np.int64)
    for c, channel in enumerate(channels):
        if not channel.is_realtime:
            continue
        if channel.reserve != "plan":
            reserve[c] = channel.reserve
        elif planned is not None:
            reserve[c] = np.floor(np.maximum(planned[c], 0.0) + _WHOLE)
    return reserve


def _channel_records(
    channels: tuple[Channel, ...], able: NDArray[np.int8], priority: Mapping[str, int]
) -> Records:
    """How contacts of each channel are handled; those passed on to empowered people last."""
    records = np.zeros(able.shape[1], CHANNEL)
    records["holds"] = 1
    records["places"] = -1
    records["priority"] = _BEFORE_ALL
    records["has_helpers"] = (able == HELPS).any(axis=0)
    for record, channel in zip(records, channels, strict=False):
        record["is_deferred"] = not channel.is_realtime
        record["holds"] = len(channel.concurrency_rates) if channel.is_realtime else 1
        record["priority"] = priority.get(channel.name, channel.priority)
        record["overflow_s"] = channel.overflow_after_s
        record["places"] = -1 if channel.waiting_max is None else channel.waiting_max
    holds = records["holds"]
    records["row"] = 1 + np.cumsum(holds - 1) - (holds - 1)
    return records


def _customers(
    demand: DemandForecast,
    channels: tuple[Channel, ...],
    sources: tuple[ContactSource, ...],
    lanes: int,
    assumptions: Assumptions,
) -> Customers:
    """What customers of each channel are like; passed-on contacts have nothing of it."""
    kinds = np.zeros(lanes, CUSTOMER)
    kinds["callback_after_s"] = kinds["patience_s"] = kinds["due_s"] = np.inf
    turns = np.zeros((lanes, 3, len(channels)))
    for c, channel in enumerate(channels):
        law = assumptions.handle_law or channel.handle_law
        cv = assumptions.handle_cv or channel.handle_cv
        kinds[c] = (
            LAWS.index(law),
            shape(law, cv),
            LAWS.index(channel.patience_law),
            shape(channel.patience_law, channel.patience_cv),
            demand.patience_s[c],
            channel.balk_share,
            np.inf if channel.callback_after_s is None else channel.callback_after_s,
            channel.callback_share,
            np.inf if channel.is_realtime else channel.due_h * 3600.0,
            channel.redial_after_min * 60,
            channel.recontact_after_h * 3600,
        )
        for cause, shares in enumerate(channel.repeats.values()):
            turns[c, cause] = np.cumsum([shares.get(name, 0.0) for name in demand.channels])
    open_s = np.array([source.open_s for source in sources])
    return Customers(kinds, _handle_times(demand, channels, turns), open_s, turns)


def _handle_times(
    demand: DemandForecast, channels: tuple[Channel, ...], turns: FloatArray
) -> FloatArray:
    """Mean handle times, (channel, interval), wherever a contact may arrive."""
    known = np.isfinite(demand.aht_s) & (demand.aht_s > 0)
    aht_s = np.where(known, demand.aht_s, 0.0)
    is_turned_to = np.asarray(np.diff(turns, axis=2, prepend=0.0).any(axis=(0, 1)))
    for c, channel in enumerate(channels):
        weight = known[c] * (1e-9 + demand.offered_mean[c])
        usual = (aht_s[c] * weight).sum() / weight.sum() if known[c].any() else channel.aht_s
        if usual is None and is_turned_to[c]:
            raise InputError(
                f"customers come back on channel '{channel.name}', whose handle times are not "
                "known: give it aht_s in the plan, or contacts in the history."
            )
        aht_s[c, ~known[c]] = usual or 0.0
    return aht_s
