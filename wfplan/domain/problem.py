"""The planning problem: everything of a plan folder, checked and ready to plan with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import cycle
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field, field_validator, model_validator

from wfplan.domain.activities import ActivityRequest
from wfplan.domain.base import Model
from wfplan.domain.calendar import CalendarDay, DayKind
from wfplan.domain.channels import Channel, OpeningHours
from wfplan.domain.contacts_source import ContactsSource
from wfplan.domain.contracts import Contract
from wfplan.domain.limits import Constraint
from wfplan.domain.load_effects import LoadEffects
from wfplan.domain.overrides import Override
from wfplan.domain.people import Agent, PastLoad
from wfplan.domain.promises import PastPromise
from wfplan.domain.published import Published
from wfplan.domain.retention import Retention
from wfplan.domain.rule_values import RulePack as RulePack
from wfplan.domain.rule_values import RuleParameters as RuleParameters
from wfplan.domain.rule_values import RuleSetting as RuleSetting
from wfplan.domain.schedule import Activity, ActivityCategory, LockedShift, PastShift, Shift
from wfplan.domain.strain import STRAIN_TABLE, StrainTable
from wfplan.domain.surveys import Survey
from wfplan.errors import Fault
from wfplan.horizon import Horizon, Window, wall_instant

FloatArray = NDArray[np.float64]


class TermGroup(StrEnum):
    """What a stage of the objective can be about."""

    FLOORS = "floors"  # staff missing under floors, least heads and empowered people
    CUSTOMERS = "customers"  # harm and its tail
    OVERLOAD = "overload"  # strain, and the caps of the ledger
    FAIRNESS = "fairness"
    WISHES = "wishes"
    MONEY = "money"  # paid time and overtime
    CHANGES = "changes"  # of what was published
    RULES = "rules"  # soft rules


class Empowered(Model):
    """
    People with the tools, the authority and the expertise to resolve exceptions.

    They hold the skill named ``skill``. Per open interval at least
    ``staff_min`` of them are wanted, or, when ``share_of_contacts`` is above
    0, as many as answer that share of all contacts at once with a probability
    of ``answer_share`` (Erlang B), whichever is more.
    """

    skill: str = "empowered"
    share_of_contacts: float = Field(default=0.0, ge=0, le=1)
    handle_min: float = Field(default=20.0, gt=0, le=480)
    answer_share: float = Field(default=0.95, gt=0, lt=1)
    staff_min: int = Field(default=0, ge=0)


class ShrinkageKind(Model):
    """A share of on-queue time that is lost to one cause, always or inside windows of the week."""

    kind: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_ -]{0,31}$")
    share: float = Field(ge=0, lt=0.9)
    hours: OpeningHours | None = None  # None: always

    def applies(self, horizon: Horizon) -> NDArray[np.bool_]:
        """The intervals of a horizon in which it is lost, (interval,)."""
        always = np.ones(horizon.interval_count, dtype=np.bool_)
        return always if self.hours is None else horizon.open_intervals(self.hours)


class Shrinkage(Model):
    """
    Shares of scheduled on-queue time that are lost on the day.

    ``absence_share`` of people do not come; ``unplanned_share`` of the time of
    those who do is lost in short spells; ``kinds`` add causes with their own
    hours (coaching in the afternoon, say). ``late_share`` of people come late,
    by ``late_min`` minutes on average: drawn in simulation, too little to plan by.
    """

    absence_share: float = Field(default=0.05, ge=0, lt=0.9)
    unplanned_share: float = Field(default=0.03, ge=0, lt=0.9)
    kinds: tuple[ShrinkageKind, ...] = ()
    late_share: float = Field(default=0.03, ge=0, le=1)
    late_min: float = Field(default=8.0, gt=0, le=240)

    def off_queue_share(self, horizon: Horizon) -> FloatArray:
        """Share of the time of those who came that is lost, (interval,)."""
        stays = np.full(horizon.interval_count, 1 - self.unplanned_share)
        for kind in self.kinds:
            stays = stays * np.where(kind.applies(horizon), 1 - kind.share, 1.0)
        return 1 - stays

    def presence(self, horizon: Horizon) -> FloatArray:
        """Share of scheduled on-queue time that serves contacts, (interval,)."""
        return (1 - self.absence_share) * (1 - self.off_queue_share(horizon))

    @property
    def presence_share(self) -> float:
        """The same without the kinds that have hours of their own."""
        always = np.prod([1 - kind.share for kind in self.kinds if kind.hours is None])
        return float((1 - self.absence_share) * (1 - self.unplanned_share) * always)


class Stage(Model):
    """
    A stage of the objective: terms that come before all later ones.

    Later stages may worsen their sum by the share ``tolerance`` or by
    ``slack`` harm points, whichever is more.
    """

    terms: tuple[TermGroup, ...] = Field(min_length=1)
    tolerance: float = Field(default=0.01, ge=0, le=1)
    slack: float = Field(default=1.0, ge=0)

    @model_validator(mode="before")
    @classmethod
    def _named(cls, value: object) -> object:
        """A stage by the name of its only group; lists as the tuples that a model keeps."""
        data = {"terms": [value]} if isinstance(value, str) else value
        known = {str(group): group for group in TermGroup}
        if not isinstance(data, dict) or not isinstance(data.get("terms"), list):
            return data
        return data | {"terms": tuple(known.get(name, name) for name in data["terms"])}


class Objective(Model):
    """
    What the plan is worth, in harm points.

    ``balance`` weighs the tail (CVaR at level ``tail`` of harm per contact
    over channels and intervals, times all contacts) against total harm. The
    caps of the overload ledger hold for everybody for whom no rule
    ``overload_max`` says otherwise. With ``stages`` the plan is searched stage
    by stage, each kept within its tolerance from then on; without, the
    weights alone decide.
    """

    tail: float = Field(default=0.90, gt=0, lt=1)
    balance: float = Field(default=0.5, ge=0, le=1)
    shortfall_per_h: float = Field(default=20.0, ge=0)  # under a floor, per missing staff-hour
    presence_per_h: float = Field(default=400.0, ge=0)  # under staff_min or empowered minimum
    paid_hour: float = Field(default=0.5, ge=0)  # per paid hour that the contract leaves open
    money: float = Field(default=0.0, ge=0)  # per unit of currency; in place of paid_hour
    overtime_premium: float = Field(default=0.0, ge=0, le=10)  # share that overtime costs more
    preference_per_h: float = Field(default=1.0, ge=0)  # per hour against a wish of weight 1
    wish_credit: float = Field(default=0.25, ge=0, le=10)  # a wish counts so much more per one owed
    start_shift_per_h: float = Field(default=0.0, ge=0)  # beyond so many minutes from the usual:
    start_shift_free_min: int = Field(default=120, ge=0, le=720)
    strain_per_h: float = Field(default=0.0, ge=0)  # per hour of strain, whoever bears it
    overload_per_h: float = Field(default=20.0, ge=0)  # per hour above a cap of the ledger
    overload_day_min: float = Field(default=150.0, gt=0)  # minutes of overload on a date
    overload_acute_min: float = Field(default=90.0, gt=0)  # minutes a day over 7 days
    overload_chronic_min: float = Field(default=60.0, gt=0)  # minutes a day over 42 days
    overload_reason: str = Field(default="", max_length=300)  # why a cap is above its default
    fairness: float = Field(default=0.0, ge=0)  # of the first shift above a fair share
    fairness_weeks: float = Field(default=8.0, gt=0, le=104)  # memory of past burdens
    change_per_day: float = Field(default=5.0, ge=0)  # per changed person-day without notice
    change_notice_days: int = Field(default=14, ge=1, le=90)  # notice from which it is free
    change_least_share: float = Field(default=0.1, ge=0, le=1)  # of it at any notice, when kept
    change_breaks_share: float = Field(default=0.2, ge=0, le=1)  # of it where only breaks move
    stages: tuple[Stage, ...] = ()

    @field_validator("stages")
    @classmethod
    def _named_once(cls, value: tuple[Stage, ...]) -> tuple[Stage, ...]:
        names = [str(group) for stage in value for group in stage.terms]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"'{name}' is in two stages: leave it in the earlier one")
        return value


class ForecastSettings(Model):
    """
    How much history the forecast looks at, and whose forecast is planned with.

    ``use`` is ``own`` or ``external``: the table external_forecast, of ``source`` where it
    has several. At most ``snapshots`` past forecasts are kept to be judged later.
    """

    weeks: int = Field(default=8, ge=1, le=104)
    use: str = Field(default="own", pattern="^(own|external)$")
    source: str = ""
    snapshots: int = Field(default=200, ge=0, le=10_000)


class SimulationSettings(Model):
    """
    How the plan is simulated.

    ``rounds`` is how often the curves are corrected by what the simulation
    showed and the week is scheduled again. Unplanned time off queue comes in
    spells of ``spell_min`` minutes on average.
    """

    replications: int = Field(default=100, ge=2, le=100_000)
    rounds: int = Field(default=1, ge=0, le=5)
    spell_min: float = Field(default=5.0, gt=0, le=120)


class InputFile(Model):
    """An input that was read, with its hash."""

    path: str
    sha256: str


class PlanningProblem(Model):
    """
    A plan folder as objects; references between them have been checked.

    ``contacts`` has the columns channel, interval_start (UTC instants),
    offered, aht_s and, where known, answered, abandoned, wait_s,
    answered_in_target; absent intervals are absent rows.
    """

    name: str
    timezone: str
    site: str = ""
    country: str | None = None
    subdivision: str | None = None
    currency: str = Field(default="EUR", pattern="^[A-Z]{3}$")
    interval_min: int = 15
    slot_min: int = 0
    week_start: int = Field(default=0, ge=0, le=6)
    days: int = Field(default=7, ge=1)  # of the horizon
    channels: tuple[Channel, ...] = Field(min_length=1)
    agents: tuple[Agent, ...] = ()
    contracts: Mapping[str, Contract] = {}
    packs: Mapping[str, RulePack] = {}
    site_packs: tuple[str, ...] = ()
    plan_rules: tuple[RuleSetting, ...] = ()  # of the plan file, of HR's rows and of a policy
    constraints: tuple[Constraint, ...] = ()  # HR's rows, whatever became of them
    survey: Survey | None = None
    load_effects: LoadEffects | None = None  # of the calibration that the plan names
    empowered: Empowered = Empowered()
    strain: StrainTable = STRAIN_TABLE  # what work weighs in the overload ledger
    shrinkage: Shrinkage = Shrinkage()
    objective: Objective = Objective()
    forecast: ForecastSettings = ForecastSettings()
    simulation: SimulationSettings = SimulationSettings()
    retention: Retention = Retention()
    calendar: tuple[CalendarDay, ...] = ()
    locks: tuple[LockedShift, ...] = ()
    locks_added: tuple[LockedShift, ...] = ()  # of those, the ones that are not of the plan
    activities: tuple[ActivityRequest, ...] = ()  # to be placed inside shifts
    past_shifts: tuple[PastShift, ...] = ()
    past_loads: tuple[PastLoad, ...] = ()
    past_promises: tuple[PastPromise, ...] = ()  # of published weeks, from the store
    published: Published | None = None  # what people were told before, if anything
    told: date | None = None  # when people learn of the new plan, where the plan says so
    seen_revision: int | None = None  # of the week in the store when it was begun, 0: none yet
    contacts: pd.DataFrame = Field(default_factory=pd.DataFrame)
    contacts_source: ContactsSource = ContactsSource()  # how their files are written
    overrides: tuple[Override, ...] = ()  # layers on the forecast, the lowest first
    external: pd.DataFrame = Field(default_factory=pd.DataFrame)  # a forecast from elsewhere
    inputs: tuple[InputFile, ...] = ()
    scenario: tuple[str, ...] = ()  # what was changed to try it out, such as volume=+10%
    scenarios: Mapping[str, tuple[str, ...]] = {}  # changes that the plan has a name for
    warnings: tuple[Fault, ...] = ()

    @property
    def as_of(self) -> datetime | None:
        """What lies before has happened and stays; None where nothing has."""
        return self.published.as_of if self.published else None

    @cached_property
    def past_shifts_of(self) -> dict[str, list[PastShift]]:
        """Each agent's earlier shifts in order of start."""
        past: dict[str, list[PastShift]] = {shift.agent_id: [] for shift in self.past_shifts}
        for shift in sorted(self.past_shifts, key=lambda s: s.start):
            past[shift.agent_id].append(shift)
        return past

    @cached_property
    def past_loads_of(self) -> dict[str, list[PastLoad]]:
        """Each agent's entries of the overload ledger in order of date."""
        loads: dict[str, list[PastLoad]] = {}
        for load in sorted(self.past_loads, key=lambda one: one.day):
            loads.setdefault(load.agent_id, []).append(load)
        return loads

    @cached_property
    def locks_of(self) -> dict[str, list[LockedShift]]:
        """Each agent's locks by date."""
        locks: dict[str, list[LockedShift]] = {}
        for lock in sorted(self.locks, key=lambda s: s.day):
            locks.setdefault(lock.agent_id, []).append(lock)
        return locks

    def channel(self, name: str) -> Channel:
        """The channel of that name."""
        return next(channel for channel in self.channels if channel.name == name)

    def contract_of(self, agent: Agent) -> Contract:
        """The contract that an agent works under."""
        return self.contracts[agent.contract_type]

    def opening_by_date(self, channel: Channel) -> dict[date, tuple[Window, ...]]:
        """Windows that replace a channel's opening hours on dates of the calendar."""
        dated: dict[date, tuple[Window, ...]] = {}
        for day in self.calendar:
            if day.channel not in ("", channel.name):
                continue
            for one in day.dates:
                if day.is_closed:
                    dated[one] = ()
                elif day.open is not None and dated.get(one) != ():
                    dated[one] = day.open
        return dated

    def first_day_after(self, day: date) -> date:
        """The first start of a planning week after a date."""
        return day + timedelta(days=(self.week_start - day.weekday()) % 7 or 7)

    def week_of(self, day: date | None) -> date:
        """The first day of the planning week of a date; of the week after the history for none."""
        if day is not None:
            return day - timedelta(days=(day.weekday() - self.week_start) % 7)
        last = self.contacts["interval_start"].max().tz_convert(self.timezone)
        return self.first_day_after(last.date())

    def night_before(self, horizon: Horizon) -> tuple[Shift, ...]:
        """
        Shifts of the weeks before that run into a horizon, by each person's clock.

        Times away from the queue are known of published shifts only; where they are not,
        all of a shift is work.
        """
        found = []
        for agent in self.agents:
            begin = wall_instant(horizon.first_day, 0, agent.timezone)
            found += [
                _as_shift(past, agent)
                for past in self.past_shifts_of.get(agent.agent_id, ())
                if past.start < begin and past.end > horizon.start
            ]
        return tuple(found)

    def horizon(self, first_day: date, days: int | None = None) -> Horizon:
        """The planning horizon that begins on a local date of the site, as long as the plan's."""
        length = days or self.days
        return Horizon(self.timezone, first_day, length, self.interval_min, self.slot_min)

    @property
    def holidays(self) -> tuple[CalendarDay, ...]:
        """The public holidays of the calendar."""
        return tuple(day for day in self.calendar if day.kind is DayKind.HOLIDAY)


def _as_shift(past: PastShift, agent: Agent) -> Shift:
    """A past shift as one of a schedule: on queue but for the times away that are known."""
    cuts = [past.start, *(moment for span in past.away for moment in span), past.end]
    parts = [
        Activity(
            code="BREAK" if is_away else "ON_QUEUE",
            category=ActivityCategory.BREAK if is_away else ActivityCategory.WORK,
            is_paid=True,
            start=begin,
            end=end,
        )
        for begin, end, is_away in zip(cuts, cuts[1:], cycle((False, True)), strict=False)
        if begin < end
    ]
    return Shift(
        shift_id=f"past-{past.agent_id}",
        agent_id=past.agent_id,
        shift_date=past.start.astimezone(ZoneInfo(agent.timezone)).date(),
        activities=tuple(parts),
    )
