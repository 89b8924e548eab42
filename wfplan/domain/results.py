"""What each room hands to the next: frozen results over (channel, interval) arrays.

Arrays are float64 and read-only; staff are effective heads (real numbers).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfplan.domain.overrides import LayerDay
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.schedule import Schedule
from wfplan.domain.snapshots import Sufficiency
from wfplan.horizon import Horizon

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class _Arrays:
    """Results whose arrays cannot be written to."""

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)


@dataclass(frozen=True)
class DemandForecast(_Arrays):
    """
    Demand of the horizon, per channel and interval, with its uncertainty.

    ``rate_cv`` is the coefficient of variation of the unknown arrival rate
    (the Poisson noise of the counts comes on top); ``day_share`` the part of
    its variance that all intervals of a day have in common. ``offered_q10``
    to ``offered_q90`` are quantiles of the counts. ``fresh_share`` is the part
    of the expected contacts that come of their own accord, where the forecast
    tells them from those who come back; whatever changes the volume keeps it.
    """

    horizon: Horizon
    channels: tuple[str, ...]
    is_open: NDArray[np.bool_]  # (channel, interval)
    offered_mean: FloatArray  # (channel, interval), contacts
    offered_q10: FloatArray
    offered_q50: FloatArray
    offered_q90: FloatArray
    aht_s: FloatArray  # (channel, interval), seconds
    rate_cv: FloatArray  # (channel, interval)
    day_share: FloatArray  # (channel,), 0 to 1
    patience_s: FloatArray  # (channel,), seconds; inf where nobody hangs up
    notes: tuple[str, ...] = ()  # what the forecast set aside, assumed or could not know
    fresh_share: FloatArray | None = None  # (channel, interval), 0 to 1
    offered_statistical: FloatArray | None = None  # (channel, interval), below all layers
    layers: tuple[LayerDay, ...] = ()  # what was laid on it, the lowest first
    offered_q025: FloatArray | None = None  # as the others; None where a run is older than these
    offered_q975: FloatArray | None = None
    aht_q10: FloatArray | None = None  # seconds, of an interval's mean handle time
    aht_q90: FloatArray | None = None
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)  # by name of the run's table
    as_of: datetime | None = None  # what lies before has come: there is no forecast of it
    sufficiency: tuple[Sufficiency, ...] = ()  # whether the history suffices, part by part


class Binding(StrEnum):
    """Which floor asks for the most staff."""

    NONE = "none"
    STAFF_MIN = "staff_min"
    PROMISE = "promise"
    OCCUPANCY = "occupancy"
    ABANDONMENT = "abandonment"
    ANSWER_TAIL = "answer_tail"
    DUE = "due"
    EDITED = "edited"  # a planner raised or lowered it by hand


@dataclass(frozen=True)
class StaffNeed(_Arrays):
    """
    What staff are worth, per channel and interval.

    ``harm[c, t, j]`` are the expected harm points of interval t with j
    effective staff, convex and falling in j, averaged over demand uncertainty
    and absence; between whole j the curve is linear, beyond the last flat.
    Floors are fractional effective staff, 0 where not asked for.

    Effective staff are heads times ``presence_share``, the mean of the week;
    where an interval loses more or less than that, its curve and its floors
    say so: they need more, or less, of the same staff.
    """

    horizon: Horizon
    channels: tuple[str, ...]
    harm: FloatArray  # (channel, interval, staff)
    volume: FloatArray  # (channel, interval), expected contacts
    load_erlangs: FloatArray  # (channel, interval)
    staff_promise: FloatArray
    staff_occupancy: FloatArray
    staff_abandonment: FloatArray
    staff_tail: FloatArray
    staff_due: FloatArray
    staff_required: FloatArray  # the largest of the floors, unless edited
    binding: NDArray[np.str_]  # (channel, interval), values of Binding
    staff_min: FloatArray  # (channel, interval), heads present at least
    empowered_min: FloatArray  # (interval,), empowered heads present at least
    presence_share: float  # effective staff per head on queue


class SolveStatus(StrEnum):
    """How the search ended."""

    SETTLED = "settled"  # every planned pass was made
    STOPPED = "stopped"  # a limit was reached
    PARTIAL = "partial"  # interrupted by the planner


@dataclass(frozen=True)
class Term:
    """
    A part of the objective in its own unit, and what it weighs.

    ``points`` are None where it is told beside the objective and weighs
    nothing of its own. ``is_bounded`` says whether the lower bound counts it;
    it counts the others, which are never below 0, as nothing.
    """

    name: str
    amount: float
    unit: str
    points: float | None = None
    is_bounded: bool = True

    def as_dict(self) -> dict[str, Any]:
        """The term as plain values."""
        return dict(self.__dict__)


@dataclass(frozen=True)
class StageReached:
    """What a stage of the objective came to, and what later ones had to keep, in harm points."""

    terms: tuple[str, ...]
    points: float
    limit: float
    final: float  # of the plan that all stages left

    def as_dict(self) -> dict[str, Any]:
        """The stage as plain values."""
        return {**self.__dict__, "terms": list(self.terms)}


class GapReason(StrEnum):
    """
    What keeps a bound from the plan, mostly.

    Nothing much, prices not settled yet, whole people and shifts, or what the
    plan costs that the bound leaves out (strain, caps of the ledger, rules of the team).
    """

    CLOSE = "close"
    PRICES = "prices"
    WHOLE = "whole"
    LEFT_OUT = "left_out"


@dataclass(frozen=True)
class GapReading:
    """
    The gap between a plan and its bound, in hours and money.

    An hour is one of an effective person at the mean price of those that are
    wanted at the bound's prices: ``hours`` is the gap over that price, and
    ``hours_share`` its part of all hours wanted. ``money`` is what so many hours
    are paid, None where nobody's hour has a price. ``whole_share`` is the part
    of the gap that no prices close: there people and shifts are whole, while the
    bound mixes weeks; small groups and rigid shifts make it large.
    ``left_out_share`` is the part that the plan pays for what the bound leaves out.
    """

    points: float
    hours: float
    hours_share: float
    hour_points: float  # harm points of an effective hour
    money: float | None
    whole_share: float
    reason: GapReason
    left_out_share: float = 0.0


@dataclass(frozen=True, eq=False)
class Proof(_Arrays):
    """
    What proved a bound: a search for the same people may begin its own there.

    Prices are harm points per head in the slots of the bound; the weeks that
    made them are a person's options with the starts of their breaks, one person
    for all who are like her. Nothing of it is kept in a run folder.
    """

    staff: FloatArray  # (channel, slot), effective heads
    empowered: FloatArray  # (slot,)
    weeks: Mapping[str, Sequence[tuple[tuple[int, tuple[int, ...]], ...]]]  # by agent


@dataclass(frozen=True)
class Solution(_Arrays):
    """
    A schedule with what the planner knows about it.

    ``staff`` and ``channel_share`` are the fluid reading of the plan: people
    of a skill group spread over the channels they serve. ``terms`` are the
    parts of the objective in harm points, ``parts`` the same in their own
    units, ``goals`` what its stages came to.
    """

    schedule: Schedule
    status: SolveStatus
    objective: float  # harm points
    lower_bound: float  # harm points; no legal schedule costs less
    staff: FloatArray  # (channel, interval), effective staff
    heads: FloatArray  # (interval,), people on queue
    empowered: FloatArray  # (interval,), empowered people on queue
    channel_share: Mapping[str, FloatArray]  # per agent (channel, interval): share of her time
    prices: FloatArray  # (channel, interval), harm points that one more effective person saves
    terms: Mapping[str, float]
    passes: int
    seconds: float
    misses: tuple[str, ...] = ()  # what the plan could not do, and why, in words
    parts: tuple[Term, ...] = ()
    goals: tuple[StageReached, ...] = ()
    gap_reading: GapReading | None = None
    asked: Mapping[str, str] = field(default_factory=dict)  # hashes of what it answers, by part
    load: Mapping[str, Load] = field(default_factory=dict)  # by agent, as it was planned with
    proof: Proof | None = field(default=None, repr=False, compare=False)

    @property
    def gap(self) -> float:
        """Share by which the objective may exceed the best there is."""
        if self.objective <= 0:
            return 0.0
        return (self.objective - self.lower_bound) / self.objective


class Load(NamedTuple):
    """A person's ledger in short, minutes: of the horizon in all, and highest memories a day."""

    overload_min: float
    acute_min: float
    chronic_min: float


@dataclass(frozen=True)
class Outcome:
    """
    What customers and staff live through in simulation.

    ``measures`` is tidy: measure, channel, interval_start, value, half_width,
    unit, q10, q90; an empty interval_start (NaT) is the week, an empty channel all.
    Half-widths are of 95 % intervals over replications (ratio of sums).
    ``contacts`` has one row per contact of the first replications, where asked
    for, with the columns of :data:`wfplan.domain.run_tables.SIMULATED_CONTACTS`.
    """

    horizon: Horizon
    measures: pd.DataFrame
    replications: int
    contacts: pd.DataFrame = field(default_factory=pd.DataFrame)

    def value(self, measure: str, channel: str = "") -> float:
        """The week's value of a measure, of one channel or of all."""
        table = self.measures
        row = table[
            (table["measure"] == measure)
            & (table["channel"] == channel)
            & table["interval_start"].isna()
        ]
        return float(row["value"].iloc[0])

    def by_interval(
        self, measure: str, channels: Sequence[str], column: str = "value"
    ) -> FloatArray:
        """Interval values of a measure, (channel, interval); NaN where there is none."""
        table = self.measures
        rows = table[(table["measure"] == measure) & table["interval_start"].notna()]
        elapsed_s = (rows["interval_start"] - pd.Timestamp(self.horizon.start)).dt.total_seconds()
        interval = (elapsed_s // (self.horizon.interval_min * 60)).to_numpy(dtype=np.int64)
        channel = pd.Index(channels).get_indexer(pd.Index(rows["channel"]))
        known = channel >= 0
        values = np.full((len(channels), self.horizon.interval_count), np.nan)
        values[channel[known], interval[known]] = rows[column].to_numpy()[known]
        return values


@dataclass(frozen=True)
class Breach:
    """What a finished schedule breaks, by how much, and why, in words."""

    rule: str
    hardness: str
    agent_id: str
    at: datetime
    amount: float
    unit: str
    why: str

    def as_dict(self) -> dict[str, Any]:
        """The breach as ``audit.json`` holds it."""
        return {**self.__dict__, "at": self.at.strftime("%Y-%m-%dT%H:%M:%SZ")}


@dataclass(frozen=True)
class Audit:
    """The rules that were checked and what was found."""

    checked: tuple[str, ...]
    breaches: tuple[Breach, ...]

    @property
    def hard_breaches(self) -> tuple[Breach, ...]:
        """Breaches of hard rules."""
        return tuple(breach for breach in self.breaches if breach.hardness == "hard")


@dataclass(frozen=True)
class Round:
    """
    One time that the week was planned and simulated, in harm points.

    ``planned`` is the objective that the curves of the round say, ``lived`` the
    same with the harm of the simulation; the plan kept is the one that costs
    least as lived.
    """

    planned: float
    lived: float
    is_kept: bool = False


@dataclass(frozen=True)
class Run:
    """
    Everything one build knows: what a run folder holds and a report shows.

    ``ledger`` has the columns agent_id, date, overload_min, acute_min,
    chronic_min. ``stages`` are the seconds that each stage took, ``edited`` the
    tables that a planner changed by hand on the way, ``rounds`` the plans that
    were simulated before one was kept; ``need`` has the curves of that one.
    """

    problem: PlanningProblem
    plan_path: Path
    horizon: Horizon
    seed: int
    demand: DemandForecast
    need: StaffNeed
    solution: Solution
    outcome: Outcome
    ledger: pd.DataFrame
    audit: Audit
    stages: Mapping[str, float]
    edited: tuple[str, ...] = ()
    rounds: tuple[Round, ...] = ()
    offers: pd.DataFrame | None = None  # what could be offered, where somebody asked
