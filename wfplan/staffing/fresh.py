"""First contacts behind a forecast, and how many contacts they become once the rest come back.

The forecast is of contacts as history saw them, redials and recontacts
included; curves and floors are for those. What history's own failures added is
told beside them, for the week as a whole: redials follow in minutes, but
recontacts in days, so that single intervals do not explain each other.

References
----------
.. [1] Ding, S., M. Remerova, R. van der Mei, and B. Zwart (2013). Fluid
       approximation of a call center model with redials and reconnects.
       https://arxiv.org/abs/1311.6248
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import DemandForecast, FloatArray, StaffNeed
from wfplan.errors import InputError
from wfplan.queueing import repeats
from wfplan.staffing.demand import without_gaps
from wfplan.staffing.empowered import with_escalations
from wfplan.staffing.presence import Presence
from wfplan.staffing.service import average, service_at


@dataclass(frozen=True)
class Repeated:
    """
    One channel's contacts of the week, and the first contacts behind them.

    ``forecast`` is what history implies, ``fresh`` first contacts only,
    ``expected`` what these become at the requirement, to first order: at the
    abandonment of the forecast's volume, which fewer contacts would lower.
    """

    channel: str
    forecast: float
    fresh: float
    expected: float
    abandoned_before: float  # share, of history
    abandoned_now: float  # share, at the requirement

    @property
    def amplification(self) -> float | None:
        """Contacts of the forecast per first contact."""
        return self.forecast / self.fresh if self.fresh > 0 else None


@dataclass(frozen=True)
class FreshDemand:
    """First contacts of every channel; ``why_not`` says why they cannot be known."""

    channels: tuple[Repeated, ...] = ()
    why_not: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The first contacts as ``--json`` gives them."""
        rows = [asdict(row) | {"amplification": row.amplification} for row in self.channels]
        return {"channels": rows, "why_not": self.why_not}


def fresh_demand(
    problem: PlanningProblem, demand: DemandForecast, need: StaffNeed
) -> FreshDemand | None:
    """The first contacts behind a week; None where no channel has customers who come back."""
    redial, recontact = (matrix(problem, name) for name in ("redial", "recontact"))
    if not (redial.any() or recontact.any()):
        return None
    before = np.array([_abandoned_before(problem, demand, c) for c in range(len(redial))])
    if np.isnan(before).any():
        name = problem.channels[int(np.isnan(before).argmax())].name
        return FreshDemand(
            why_not=f"{name}: first contacts are not known, because the contact history does not "
            "say how many hung up. Add the column abandoned to the contacts."
        )
    total = demand.offered_mean.sum(axis=1)
    try:
        fresh = repeats.fresh_demand(total, before, redial, recontact)
    except InputError as error:
        return FreshDemand(why_not=f"First contacts cannot be told from the forecast: {error}")
    now = _abandoned_now(problem, demand, need)
    follow = now[:, None] * redial + (1 - now)[:, None] * recontact
    expected = np.linalg.solve(np.eye(len(follow)) - follow.T, fresh)
    rows = zip(demand.channels, total, fresh, expected, before, now, strict=True)
    return FreshDemand(tuple(Repeated(name, *(float(v) for v in more)) for name, *more in rows))


def first_contacts(
    problem: PlanningProblem, demand: DemandForecast, need: StaffNeed
) -> DemandForecast:
    """
    The forecast without customers who come back: what a simulation adds them to.

    Where the history does not say how many hung up, as many are taken to have
    as would at the requirement.

    Raises
    ------
    InputError
        When customers come back so often that there is no end to it.
    """
    redial, recontact = (matrix(problem, name) for name in ("redial", "recontact"))
    if not (redial.any() or recontact.any()):
        return demand
    before = np.array([_abandoned_before(problem, demand, c) for c in range(len(redial))])
    if np.isnan(before).any():
        before = np.where(np.isnan(before), _abandoned_now(problem, demand, need), before)
    total = demand.offered_mean.sum(axis=1)
    fresh = repeats.fresh_demand(total, before, redial, recontact)
    part = np.divide(fresh, total, out=np.ones_like(total), where=total > 0)[:, None]
    return replace(
        demand,
        offered_mean=demand.offered_mean * part,
        offered_q10=demand.offered_q10 * part,
        offered_q50=demand.offered_q50 * part,
        offered_q90=demand.offered_q90 * part,
    )


def matrix(problem: PlanningProblem, name: str) -> FloatArray:
    """Shares of ``redial`` or ``recontact``, (channel, channel): from row to column."""
    names = [channel.name for channel in problem.channels]
    rows = [[channel.repeats[name].get(to, 0.0) for to in names] for channel in problem.channels]
    return np.array(rows, dtype=np.float64).reshape(len(names), len(names))


def _abandoned_before(problem: PlanningProblem, demand: DemandForecast, c: int) -> float:
    """Share of a channel's contacts that hung up before the horizon; NaN where not known."""
    channel = problem.channels[c]
    if not channel.is_realtime or not demand.offered_mean[c].any():
        return 0.0
    contacts = problem.contacts
    if not {"offered", "abandoned"} <= set(contacts.columns):
        return float("nan")
    starts = pd.to_datetime(contacts["interval_start"], utc=True)
    past = (starts < pd.Timestamp(demand.horizon.start)) & (contacts["channel"] == channel.name)
    rows = contacts.loc[past, ["offered", "abandoned"]].dropna()
    offered = float(rows["offered"].sum())
    return min(float(rows["abandoned"].sum()) / offered, 1.0) if offered > 0 else float("nan")


def _abandoned_now(problem: PlanningProblem, demand: DemandForecast, need: StaffNeed) -> FloatArray:
    """Share of each channel's contacts that hangs up at the requirement."""
    presence = Presence.of(problem.shrinkage, demand)
    worked = with_escalations(without_gaps(demand), problem.empowered)
    shares = []
    for c, channel in enumerate(problem.channels):
        there = need.staff_required[c] * presence.share / presence.mean
        found = service_at(channel, worked, c, there, presence.share)
        shares.append(average(found.abandoned, found.volume) if channel.is_realtime else 0.0)
    known: FloatArray = np.nan_to_num(np.array(shares, dtype=np.float64))
    return known
