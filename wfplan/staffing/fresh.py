"""First contacts of a week, and how many contacts they become once the rest come back.

Where the history says who hung up, the forecast is of first contacts
(:mod:`wfplan.staffing.fresh_history`) and the week is staffed for those and
for what comes back at the requirement. Where it does not, the forecast is of
contacts as history saw them, and curves and floors are for those.

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

from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import DemandForecast, FloatArray, StaffNeed
from wfplan.errors import InputError
from wfplan.queueing import repeats
from wfplan.staffing.demand import without_gaps
from wfplan.staffing.empowered import with_escalations
from wfplan.staffing.frames import forecast_frames
from wfplan.staffing.fresh_history import FreshHistory, come_back, comes_back, matrix, past_of
from wfplan.staffing.need import staff_need
from wfplan.staffing.presence import Presence
from wfplan.staffing.service import average, service_at

_COUNTS = ("offered_mean", "offered_q10", "offered_q50", "offered_q90")
_LOST_AT_FIRST = 0.05  # share that hangs up at a requirement that is not known yet
_ROUNDS = 200
_SETTLED = 1e-12  # of the largest total


@dataclass(frozen=True)
class Volume:
    """One channel's contacts of a week by why they came; ``abandoned`` is a share of all."""

    fresh: float
    redials: float
    recontacts: float
    abandoned: float

    @property
    def total(self) -> float:
        """All contacts."""
        return self.fresh + self.redials + self.recontacts

    @property
    def failure_share(self) -> float | None:
        """Share of all contacts that came back; None where nobody comes."""
        return (self.redials + self.recontacts) / self.total if self.total > 0 else None

    def as_dict(self) -> dict[str, float | None]:
        """The contacts as ``--json`` gives them."""
        return asdict(self) | {"total": self.total, "failure_share": self.failure_share}


@dataclass(frozen=True)
class Repeated:
    """
    One channel's week: at the service of the past, and at the requirement.

    The first contacts are the same; what they become is not.
    """

    channel: str
    before: Volume
    planned: Volume

    @property
    def amplification(self) -> float | None:
        """Contacts per first contact at the service of the past."""
        return self.before.total / self.before.fresh if self.before.fresh > 0 else None


@dataclass(frozen=True)
class FreshDemand:
    """
    First contacts of every channel; ``why_not`` says why they cannot be known.

    ``is_forecast`` says whether they are what was forecast; else they were
    worked out of a forecast of all contacts.
    """

    channels: tuple[Repeated, ...] = ()
    why_not: str = ""
    is_forecast: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The first contacts as ``--json`` gives them."""
        rows = [
            {
                "channel": row.channel,
                "amplification": row.amplification,
                "before": row.before.as_dict(),
                "planned": row.planned.as_dict(),
            }
            for row in self.channels
        ]
        return {"channels": rows, "why_not": self.why_not, "is_forecast": self.is_forecast}


def with_repeats(
    problem: PlanningProblem, demand: DemandForecast, fresh: FreshHistory
) -> DemandForecast:
    """
    The week that first contacts make: they, and who comes back at the requirement.

    Parameters
    ----------
    demand
        Forecast of ``fresh.history``.

    Notes
    -----
    How many hang up is read at the requirement of a week in which 5 % do;
    the requirement keeps its promises at any volume, so that this share
    hardly depends on the volume. Weeks before are taken to be like this one.
    """
    if fresh.scale is None:
        said = (f"{fresh.why_not}.",) if fresh.why_not else ()
        return replace(demand, notes=(*demand.notes, *said))
    first = demand.offered_mean * fresh.scale[:, None]
    lost = np.array([_LOST_AT_FIRST * channel.is_realtime for channel in problem.channels])
    rough = _week_of(problem, demand, first, np.broadcast_to(lost[:, None], first.shape))
    lost = _abandoned_at(problem, rough, staff_need(problem, rough))
    week = _week_of(problem, demand, first, lost)
    return replace(week, notes=(*demand.notes, *_said(problem, demand, week, fresh)))


def fresh_demand(
    problem: PlanningProblem, demand: DemandForecast, need: StaffNeed
) -> FreshDemand | None:
    """The first contacts behind a week; None where no channel has customers who come back."""
    if not comes_back(problem):
        return None
    redial, recontact = (matrix(problem, name) for name in ("redial", "recontact"))
    before = _abandoned_before(problem, demand)
    if np.isnan(before).any():
        name = demand.channels[int(np.isnan(before).argmax())]
        return FreshDemand(
            why_not=f"{name}: first contacts are not known, because the contact history does not "
            "say how many hung up. Add the column abandoned to the contacts."
        )
    total = demand.offered_mean.sum(axis=1)
    try:
        if demand.fresh_share is None:
            fresh = repeats.fresh_demand(total, before, redial, recontact)
        else:
            fresh = (demand.offered_mean * demand.fresh_share).sum(axis=1)
    except InputError as error:
        return FreshDemand(why_not=f"First contacts cannot be told from the forecast: {error}")
    now = _abandoned_now(problem, demand, need)
    volumes = [_volumes(fresh, lost, redial, recontact) for lost in (before, now)]
    rows = zip(demand.channels, *volumes, strict=True)
    return FreshDemand(
        tuple(Repeated(*row) for row in rows), is_forecast=demand.fresh_share is not None
    )


def first_contacts(
    problem: PlanningProblem, demand: DemandForecast, need: StaffNeed
) -> DemandForecast:
    """
    The forecast without customers who come back: what a simulation adds them to.

    Who comes back from the days before the horizon is there from the beginning:
    no contact of the week makes them. Where the forecast is of all contacts, as
    many are taken out as the history says; where that does not say how many
    hung up, as many are taken to have as would at the requirement.

    Raises
    ------
    InputError
        When customers come back so often that there is no end to it.
    """
    if not comes_back(problem):
        return demand
    if demand.fresh_share is not None:
        from_before = _from_before(problem, demand, _abandoned_at(problem, demand, need))
        return _scaled(demand, np.minimum(demand.fresh_share + from_before, 1.0))
    redial, recontact = (matrix(problem, name) for name in ("redial", "recontact"))
    before = _abandoned_before(problem, demand)
    if np.isnan(before).any():
        before = np.where(np.isnan(before), _abandoned_now(problem, demand, need), before)
    total = demand.offered_mean.sum(axis=1)
    fresh = repeats.fresh_demand(total, before, redial, recontact)
    part = np.divide(fresh, total, out=np.ones_like(total), where=total > 0)[:, None]
    return _scaled(demand, part)


def _from_before(problem: PlanningProblem, demand: DemandForecast, lost: FloatArray) -> FloatArray:
    """Share of contacts that follow some of the days before, which were like these."""
    total = demand.offered_mean
    takes = demand.is_open | (total > 0)
    parts = total * lost, total * (1 - lost)
    alike = come_back(problem, demand.horizon, takes, *parts)
    own = come_back(problem, demand.horizon, takes, *parts, before=0)
    return np.divide(alike - own, total, out=np.zeros(total.shape), where=total > 0)


def _scaled(demand: DemandForecast, part: FloatArray) -> DemandForecast:
    """A part of all contacts."""
    return replace(demand, **{name: getattr(demand, name) * part for name in _COUNTS})


def _week_of(
    problem: PlanningProblem, demand: DemandForecast, fresh: FloatArray, lost: FloatArray
) -> DemandForecast:
    """The week of first contacts in which a share of all hangs up, (channel, interval) both."""
    from scipy.stats import poisson  # heavy: only who needs it pays for it

    takes = demand.is_open | (fresh > 0)
    total = fresh
    for _ in range(_ROUNDS):
        back = come_back(problem, demand.horizon, takes, total * lost, total * (1 - lost))
        settled = np.abs(fresh + back - total).max(initial=0.0)
        total = fresh + back
        if settled <= _SETTLED * total.max(initial=0.0):
            break
    share = np.divide(fresh, total, out=np.ones(total.shape), where=total > 0)
    before = demand.offered_mean
    more = np.divide(total, before, out=np.zeros(total.shape), where=before > 0)
    counts = {name: getattr(demand, name) * more for name in _COUNTS}
    alone = (before <= 0) & (total > 0)
    for name, level in zip(_COUNTS[1:], (0.1, 0.5, 0.9), strict=True):
        counts[name] = np.where(alone, poisson.ppf(level, total), counts[name])
    counts["offered_mean"] = total
    return replace(demand, fresh_share=share, **counts)


def _volumes(
    fresh: FloatArray, lost: FloatArray, redial: FloatArray, recontact: FloatArray
) -> list[Volume]:
    """What first contacts become when such shares hang up, per channel."""
    again, unsettled = lost[:, None] * redial, (1 - lost)[:, None] * recontact
    total = np.linalg.solve(np.eye(len(again)) - (again + unsettled).T, fresh)
    rows = zip(fresh, total @ again, total @ unsettled, lost, strict=True)
    return [Volume(*(float(value) for value in row)) for row in rows]


def _said(
    problem: PlanningProblem, before: DemandForecast, week: DemandForecast, fresh: FreshHistory
) -> list[str]:
    """What the forecast says of channels on which people come back."""
    assert week.fresh_share is not None
    assert fresh.scale is not None
    first = (week.offered_mean * week.fresh_share).sum(axis=1)
    now = week.offered_mean.sum(axis=1)
    return [
        f"{name}: {1 - fresh.scale[c]:.1%} of the history's contacts had come back; the forecast "
        f"is of first contacts, and {1 - first[c] / now[c]:.1%} come back at the requirement."
        for c, name in enumerate(before.channels)
        if now[c] > 0 and fresh.scale[c] < 1
    ]


def _abandoned_before(problem: PlanningProblem, demand: DemandForecast) -> FloatArray:
    """Share of each channel's contacts that hung up before the horizon; NaN where not known."""
    history, _, _ = forecast_frames(problem, demand.horizon)
    comes = demand.offered_mean.any(axis=1)
    if history.empty:
        share = np.full(len(problem.channels), np.nan)
    else:
        past = past_of(problem, demand.horizon, history)
        share = np.where(past.offered.any(axis=1), past.lost_share, np.nan)
    silent = np.array([not channel.is_realtime for channel in problem.channels]) | ~comes
    return np.where(silent, 0.0, share)


def _abandoned_now(problem: PlanningProblem, demand: DemandForecast, need: StaffNeed) -> FloatArray:
    """Share of each channel's contacts that hangs up at the requirement."""
    lost = _abandoned_at(problem, demand, need)
    shares = [average(row, volume) for row, volume in zip(lost, demand.offered_mean, strict=True)]
    return np.nan_to_num(np.array(shares, dtype=np.float64))


def _abandoned_at(problem: PlanningProblem, demand: DemandForecast, need: StaffNeed) -> FloatArray:
    """The same per interval, (channel, interval); 0 where nobody comes."""
    presence = Presence.of(problem.shrinkage, demand)
    worked = with_escalations(without_gaps(demand), problem.empowered)
    shares = np.zeros(demand.offered_mean.shape)
    for c, channel in enumerate(problem.channels):
        if channel.is_realtime:
            there = need.staff_required[c] * presence.share / presence.mean
            found = service_at(channel, worked, c, there, presence.share)
            shares[c] = np.nan_to_num(found.abandoned)
    return shares
