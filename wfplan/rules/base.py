"""What every work rule has: a name, a hardness, a source and two faces.

The auditor's face, :meth:`Rule.breaches`, reads a finished week; the planner's
face, :meth:`Rule.tighten`, narrows what a week may be. They share no code.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from wfplan.domain.results import Breach
from wfplan.errors import InputError

if TYPE_CHECKING:
    from typing import Self

    from wfplan.domain.problem import RuleSetting
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek

HARD, SOFT = "hard", "soft"
_MINUTES = {"min": 1, "minute": 1, "minutes": 1, "h": 60, "hour": 60, "hours": 60}


@dataclass(frozen=True, kw_only=True)
class Rule(ABC):
    """A rule that concerns one person."""

    name: ClassVar[str]
    hardness: str = HARD
    source: str = "contract"

    @abstractmethod
    def breaches(self, week: AgentWeek) -> list[Breach]:
        """What a finished week breaks, by how much, and why."""

    @abstractmethod
    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """The limits with this rule among them; the stricter value holds."""

    def breach(
        self,
        week: AgentWeek,
        at: datetime,
        amount: float,
        unit: str,
        why: str,
        *,
        reason: str = "",
        hardness: str = "",
    ) -> Breach:
        """A breach of this rule; ``reason`` is the suffix that says where it comes from."""
        label = f"{self.name}_from_{reason}" if reason else self.name
        return Breach(
            rule=self.name,
            hardness=hardness or self.hardness,
            agent_id=week.agent.agent_id,
            at=at,
            amount=float(amount),
            unit=unit,
            why=f"{label}: agent {week.agent.agent_id} {why} ({self.source}).",
        )


@dataclass(frozen=True, kw_only=True)
class SettableRule(Rule):
    """A rule whose one value comes from a law pack or the plan file."""

    @classmethod
    @abstractmethod
    def from_setting(cls, setting: RuleSetting) -> Self:
        """The rule with the value, hardness and source of a setting."""

    @property
    @abstractmethod
    def strictness(self) -> float:
        """Larger is stricter, among values of the same rule."""


def minutes_of(setting: RuleSetting) -> int:
    """
    The minutes of a setting given in hours or minutes.

    Raises
    ------
    InputError
        When the unit is not one of time, or the value is not above 0.
    """
    factor = _MINUTES.get(setting.unit.strip().lower())
    if factor is None:
        raise InputError(
            f"rule {setting.rule}: unit = '{setting.unit}' is not a unit of time. "
            "Write 'hours' or 'minutes'."
        )
    return round(_positive(setting) * factor)


def days_of(setting: RuleSetting) -> int:
    """
    The days of a setting given in days.

    Raises
    ------
    InputError
        When the unit is not days, or the value is not a whole number above 0.
    """
    if setting.unit.strip().lower() not in ("day", "days", "count"):
        raise InputError(
            f"rule {setting.rule}: unit = '{setting.unit}' does not count days. Write 'days'."
        )
    if _positive(setting) != int(setting.value):
        raise InputError(f"rule {setting.rule}: value = {setting.value:g} is not a whole day.")
    return int(setting.value)


def _positive(setting: RuleSetting) -> float:
    """The value, which must be finite and above 0."""
    if not 0 < setting.value < float("inf"):
        raise InputError(f"rule {setting.rule}: value = {setting.value:g} is not above 0.")
    return setting.value
