"""People: who they are to the planner, what they can serve, when they can work.

Limits and preferences only, never reasons.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from wfplan.domain.base import Model

AGENT_ID = r"^[A-Za-z0-9._-]{1,64}$"


class Skill(Model):
    """
    What an agent may serve, from and to a date; ``aht_factor`` 1 is average speed.

    ``ready_from`` is the date from which she is trained and has acknowledged
    the standard of the work; None: it is not kept.
    """

    skill: str
    level: int = Field(default=3, ge=1, le=5)
    aht_factor: float = Field(default=1.0, ge=0.5, le=2.0)
    valid_from: date | None = None
    valid_to: date | None = None
    ready_from: date | None = None

    @model_validator(mode="after")
    def _check(self) -> Skill:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(f"valid_to {self.valid_to} lies before valid_from {self.valid_from}")
        return self

    def is_valid(self, day: date) -> bool:
        """Whether the skill holds on a date."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)


class AvailabilityKind(StrEnum):
    """Hard (available, unavailable) or a wish (prefer, avoid)."""

    AVAILABLE = "available"
    UNAVAILABLE = "unavailable"
    PREFER = "prefer"
    AVOID = "avoid"


class Availability(Model):
    """
    A window of an agent's week or of one date, in the agent's zone.

    Rows of a date replace the weekday's rows of the same kind. A day with any
    ``available`` row is available inside those only; ``unavailable`` removes.
    Minutes count from local midnight; an end beyond 1440 is past midnight.
    """

    kind: AvailabilityKind
    weekday: int | None = Field(default=None, ge=0, le=6)
    day: date | None = None
    start_min: int = Field(ge=0, lt=1440)
    end_min: int = Field(gt=0, le=2880)
    weight: float = Field(default=0.5, ge=0, le=1)
    valid_from: date | None = None
    valid_to: date | None = None

    @model_validator(mode="after")
    def _check(self) -> Availability:
        if (self.weekday is None) == (self.day is None):
            raise ValueError("give exactly one of weekday and date")
        if self.end_min <= self.start_min:
            raise ValueError("the window ends before it starts")
        return self

    def applies(self, day: date) -> bool:
        """Whether the row speaks of a date."""
        if self.day is not None:
            return self.day == day
        in_date = (self.valid_from or day) <= day <= (self.valid_to or day)
        return in_date and self.weekday == day.weekday()


class TimeOffStatus(StrEnum):
    """Approved time off is hard; requested time off is a wish."""

    APPROVED = "approved"
    REQUESTED = "requested"


class TimeOff(Model):
    """Absence agreed or asked for: UTC instants; paid time off counts as paid time."""

    start: datetime
    end: datetime
    is_all_day: bool = True
    is_paid: bool = True
    status: TimeOffStatus = TimeOffStatus.APPROVED

    @model_validator(mode="after")
    def _check(self) -> TimeOff:
        if self.end <= self.start:
            raise ValueError("the time off ends before it starts")
        return self


class Agent(Model):
    """A person who can be planned. Hours are paid hours a week."""

    agent_id: str = Field(pattern=AGENT_ID)
    name: str = ""
    email: str = ""
    site: str = ""
    team: str = ""
    timezone: str
    contract_type: str
    contract_hours_week: float = Field(gt=0, le=60)
    min_hours_week: float = Field(ge=0, le=60)
    max_hours_week: float = Field(gt=0, le=60)
    hire_date: date | None = None
    end_date: date | None = None
    rule_pack: str | None = None
    cost_per_hour: float | None = Field(default=None, ge=0)
    skills: tuple[Skill, ...] = ()
    availability: tuple[Availability, ...] = ()
    time_off: tuple[TimeOff, ...] = ()
    absent_on: tuple[date, ...] = ()  # dates on which she turned out not to come

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"'{value}' is not an IANA time zone") from None
        return value

    @model_validator(mode="after")
    def _check(self) -> Agent:
        if not self.min_hours_week <= self.contract_hours_week <= self.max_hours_week:
            raise ValueError(
                f"min_hours_week {self.min_hours_week:g} <= contract_hours_week "
                f"{self.contract_hours_week:g} <= max_hours_week {self.max_hours_week:g} "
                "does not hold"
            )
        if self.hire_date and self.end_date and self.end_date < self.hire_date:
            raise ValueError(f"end_date {self.end_date} lies before hire_date {self.hire_date}")
        return self

    def is_employed(self, day: date) -> bool:
        """Whether the agent works here on a date."""
        return (self.hire_date or day) <= day <= (self.end_date or day)

    def skill(self, name: str, day: date) -> Skill | None:
        """The agent's valid skill of that name on a date, if any."""
        return next((s for s in self.skills if s.skill == name and s.is_valid(day)), None)


class StandIn(Agent):
    """Who stands in a run for somebody who was forgotten: nobody's name, nobody's wishes."""


class PastLoad(Model):
    """An entry of the overload ledger: planned exposure of a date, and what is remembered of it."""

    agent_id: str
    day: date
    overload_min: float = Field(default=0.0, ge=0)
    acute_min: float = Field(ge=0)  # minutes a day at the end of the date
    chronic_min: float = Field(ge=0)
    hard_min: float = Field(default=0.0, ge=0)  # on hard queues
    table: str = ""  # name of the strain table that it was weighed by, where it is known
