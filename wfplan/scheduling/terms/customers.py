"""What the people of a plan, as they are spread, leave customers to bear: harm, tail and floors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wfplan.scheduling.service.coverage import Coverage, at_staff
from wfplan.scheduling.team.team import Team

FloatArray = NDArray[np.float64]

_IMPROVES = 1e-6
_LEVEL_FACTOR = 1.5  # between tail levels that are tried, its root next
_LEVEL_FACTOR_LEAST = 1.05


def slot_harm(team: Team, coverage: Coverage) -> tuple[FloatArray, FloatArray]:
    """Harm and contacts of every channel and slot of the horizon, (channel, slot) each."""
    grid = team.grid
    horizon = grid.horizon
    staff = coverage.staff[grid.lead : grid.lead + horizon.slot_count].T
    interval = np.arange(horizon.slot_count) // horizon.slots_per_interval
    harm = at_staff(team.curves.harm, interval, staff) * coverage.slot_share
    return harm, team.curves.volume[:, interval] * coverage.slot_share


def losses(
    team: Team, harm: FloatArray, volume: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """
    What the harm of channels and slots is made of, (channel, slot) each.

    Contacts that hang up, contacts that are late, minutes of waiting.
    """
    grid, problem = team.grid, team.facts.problem
    interval = np.arange(grid.horizon.slot_count) // grid.horizon.slots_per_interval
    first = team.curves.harm[:, interval, 0] / grid.horizon.slots_per_interval
    lost_share = np.divide(harm, first, out=np.zeros_like(harm), where=first > 0)
    lost, late, waiting = np.zeros_like(harm), np.zeros_like(harm), np.zeros_like(harm)
    for c, channel in enumerate(problem.channels):
        if not channel.is_realtime:
            late[c] = harm[c] / channel.late_weight if channel.late_weight else 0.0
            continue
        gone = np.clip(lost_share[c], 0, 1) * volume[c]
        if channel.abandon_weight:
            gone = np.minimum(gone, harm[c] / channel.abandon_weight)
        lost[c] = gone
        if channel.wait_weight:
            rest = harm[c] - channel.abandon_weight * gone
            waiting[c] = np.maximum(rest, 0.0) / channel.wait_weight
    return lost, late, waiting


def tail_level(team: Team, coverage: Coverage) -> float:
    """The tail level of the plan as it stands."""
    return team.curves.tail_level(*slot_harm(team, coverage))


def customer_cost(team: Team, coverage: Coverage) -> float:
    """Harm, tail, floors and presence of the people as they are spread, in harm points."""
    curves = team.curves
    harm, volume = slot_harm(team, coverage)
    plain = curves.at_weights(np.zeros(curves.volume.shape))
    tail = curves.settings.balance * curves.tail(harm, volume) * float(volume.sum())
    return coverage.total_cost(plain) + tail


def settle_tail(team: Team, coverage: Coverage) -> float:
    """
    Spread everybody for the tail that this makes; returns the customers' cost.

    Spread and tail level depend on each other and may hold each other up, so
    levels around the settled one are tried as well. The answer depends only on
    who is on queue when.
    """
    best = (np.inf, 0.0)

    def spread_at(eta: float) -> bool:
        nonlocal best
        coverage.reprice(team.curves.at_level(eta))
        cost = customer_cost(team, coverage)
        is_better = cost < best[0] - _IMPROVES
        best = (cost, eta) if is_better else best
        return is_better

    eta = 0.0
    while spread_at(eta):
        eta = tail_level(team, coverage)
    factor = _LEVEL_FACTOR
    while factor > _LEVEL_FACTOR_LEAST and (team.speed > 0).sum(axis=1).max() > 1:
        if not (spread_at(best[1] * factor) or spread_at(best[1] / factor)):
            factor **= 0.5
    coverage.reprice(team.curves.at_level(best[1]))
    return customer_cost(team, coverage)
