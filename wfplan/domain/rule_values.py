"""Values of work rules: what a law pack, the plan file or a row of HR sets a rule to."""

from __future__ import annotations

from datetime import date

from pydantic import Field, field_validator

from wfplan.domain.base import Model
from wfplan.domain.channels import parse_window
from wfplan.horizon import Window

LAW = "law"


class RuleParameters(Model):
    """
    What a value of a rule may be told beside it; a rule leaves what it does not know.

    ``kinds`` are kinds of shift, in order where the rule speaks of a sequence;
    ``of`` are channels, activity codes or agents. ``weeks`` 0 is the rule's
    own period, ``bound`` ``""`` its usual side.
    """

    bound: str = Field(default="", pattern="^(least|most)?$")
    kinds: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    weeks: int = Field(default=0, ge=0, le=52)
    over_h: float = Field(default=0.0, ge=0, le=24)  # speaks of shifts longer than this
    part_min: int = Field(default=0, ge=0, le=240)  # minutes: shorter parts do not count
    window: Window | None = None  # wall time; an end past midnight is beyond 24:00
    weight: float = Field(default=1.0, ge=0)  # harm points per hour or piece, where soft
    scope: str = Field(default="all", pattern="^(all|site|team|contract|skill|agent)$")
    scope_value: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    @field_validator("window", mode="before")
    @classmethod
    def _window(cls, value: object) -> object:
        return parse_window(value) if isinstance(value, str) else value


class RuleSetting(RuleParameters):
    """One value of a law pack or of the plan: a rule of WORK-RULES and its parameters."""

    rule: str
    value: float
    unit: str
    hardness: str = Field(default="hard", pattern="^(hard|soft)$")
    source: str = ""  # law with article, works agreement, plan file
    note: str = ""  # how a pack reads its value
    constraint: str = ""  # HR's row that it comes from, if any ...
    given_by: str = ""  # ... and who says so: law, contract, wellbeing ...


class RulePack(Model):
    """
    A dated, versioned set of rule values.

    ``changes`` are dates on which one version of it follows another; then its values are dated.
    """

    id: str
    version: str
    jurisdiction: str = ""
    advice: str = ""
    valid_from: date | None = None
    valid_to: date | None = None  # last date, where another version followed
    changes: tuple[date, ...] = ()
    rules: tuple[RuleSetting, ...] = ()
