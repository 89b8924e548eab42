"""HR's limits: a row of ``constraints``."""

from __future__ import annotations

from datetime import date

from pydantic import Field, model_validator

from wfplan.domain.base import Model
from wfplan.domain.limit_kinds import LIMIT_KINDS, LimitKind

TIGHTENING = ("wellbeing", "preference")
"""Sources whose rows can only tighten what the law asks."""


class Constraint(Model):
    """A row of ``constraints``, with the place where it stands; ``value`` is in its rule's unit."""

    constraint_id: str
    scope: str = Field(pattern="^(all|site|team|agent|contract_type|skill)$")
    scope_value: str = ""
    rule: str
    value: float
    unit: str
    strength: str = Field(pattern="^(hard|soft)$")
    weight: float = Field(default=1.0, ge=0, le=10)
    valid_from: date | None = None
    valid_to: date | None = None
    source: str
    note: str = ""
    file: str = ""
    line: int = 0

    @model_validator(mode="after")
    def _check(self) -> Constraint:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(f"valid_to {self.valid_to} lies before valid_from {self.valid_from}")
        if (self.scope == "all") == bool(self.scope_value):
            raise ValueError("scope_value is given for every scope but all")
        return self

    @property
    def kind(self) -> LimitKind:
        """What it is about."""
        return LIMIT_KINDS[self.rule]

    @property
    def is_hard(self) -> bool:
        """Whether a plan that breaks it is none."""
        return self.strength == "hard"

    @property
    def who(self) -> str:
        """Whom it is about, in words."""
        scope = "contract" if self.scope == "contract_type" else self.scope
        return "everybody" if self.scope == "all" else f"{scope} {self.scope_value}"

    @property
    def origin(self) -> str:
        """Where it comes from, as reports say it."""
        return f"{self.source.replace('_', ' ')}, constraint {self.constraint_id}"

    def holds(self, first: date, last: date) -> bool:
        """Whether it is in force on a date from first to last."""
        return (self.valid_from or first) <= last and first <= (self.valid_to or last)

    def meets(self, other: Constraint) -> bool:
        """Whether both are in force on some date."""
        begin = max(self.valid_from or date.min, other.valid_from or date.min)
        return begin <= min(self.valid_to or date.max, other.valid_to or date.max)

    def said(self) -> str:
        """``max_late_shifts_per_week = 2 count (soft)``."""
        return f"{self.rule} = {self.value:g} {self.unit} ({self.strength})"
