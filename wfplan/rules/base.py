"""What every work rule has: a name, a hardness, a source and two faces.

The auditor's face, :meth:`Rule.breaches`, reads a finished week. The planner's
face is one of four: :meth:`Rule.tighten` narrows what a week may be,
:meth:`Rule.automaton` says which sequences of days are admitted and at what
price, :meth:`Rule.prices` what single shifts cost, :meth:`Rule.requests` which
activities are to be placed inside them. The faces share no code.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import inf
from typing import TYPE_CHECKING, Any, ClassVar

from wfplan.domain.results import Breach
from wfplan.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from wfplan.domain.activities import ActivityRequest
    from wfplan.domain.problem import RuleSetting
    from wfplan.horizon import Horizon, Window
    from wfplan.rules.automaton import DayAutomaton
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.prices import ShiftPrices
    from wfplan.rules.week import AgentWeek

HARD, SOFT = "hard", "soft"
MOST, LEAST = "most", "least"
_MINUTES = {"min": 1, "minute": 1, "minutes": 1, "h": 60, "hour": 60, "hours": 60}


@dataclass(frozen=True, kw_only=True)
class Rule(ABC):
    """
    A rule that concerns one person.

    ``weight`` is the price of a soft one, in harm points per hour of a breach
    in minutes and per piece of any other. It holds for horizons that have a
    date from ``valid_from`` to ``valid_to``.
    """

    name: ClassVar[str]
    hardness: str = HARD
    source: str = "contract"
    weight: float = 1.0
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def asks_last(self) -> bool:
        """Whether what other rules ask for is part of the activities that it asks for."""
        return False

    def holds(self, dates: tuple[date, ...]) -> bool:
        """Whether the rule is in force on a date of a horizon; then it holds for all of it."""
        first, last = self.valid_from or dates[0], self.valid_to or dates[-1]
        return first <= dates[-1] and dates[0] <= last

    def price(self, amount: float, unit: str) -> float:
        """Harm points of a breach of that amount."""
        return self.weight * (amount / 60 if unit == "min" else amount)

    @abstractmethod
    def breaches(self, week: AgentWeek) -> list[Breach]:
        """What a finished week breaks, by how much, and why."""

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """The limits with this hard rule among them; the stricter value holds."""
        return limits

    def soften(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """The limits with the prices of this soft rule, where it speaks of gaps between shifts."""
        return limits

    def automaton(self, person: Person) -> DayAutomaton | None:
        """Which sequences of days the rule admits; None where it says nothing of them."""
        return None

    def prices(self, person: Person) -> ShiftPrices | None:
        """What single shifts cost where the rule is soft; None where it says nothing of them."""
        return None

    def requests(
        self, person: Person, horizon: Horizon, asked: Sequence[ActivityRequest]
    ) -> tuple[ActivityRequest, ...]:
        """Activities that the rule wants placed beside those that somebody ``asked`` for."""
        return ()

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
        """Larger is stricter, among values of the same family."""

    @property
    def family(self) -> tuple[object, ...]:
        """Values of one family are about the same thing: of the hard ones the strictest holds."""
        return (self.name,)

    def toll(self, amount: float, unit: str = "") -> float:
        """Harm points of going against the rule: no price is enough for a hard one."""
        if amount <= 0:
            return 0.0
        return inf if self.hardness == HARD else self.price(amount, unit)


@dataclass(frozen=True, kw_only=True)
class MinutesRule(SettableRule):
    """A most, or a least, of ``minutes``."""

    minutes: int
    bound: str = MOST

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> Self:
        """The rule from a setting in hours or minutes."""
        return cls(minutes=minutes_of(setting), bound=setting.bound or MOST, **common(setting))

    @property
    def strictness(self) -> float:
        """A shorter most and a longer least are stricter."""
        return -self.minutes if self.bound == MOST else self.minutes

    @property
    def family(self) -> tuple[object, ...]:
        """Least and most are two rules."""
        return self.name, self.bound


@dataclass(frozen=True, kw_only=True)
class BreakMinutesRule(MinutesRule):
    """The same between breaks, of which parts shorter than ``part_min`` do not count."""

    part_min: int = 0

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> Self:
        """The rule from a setting in hours or minutes."""
        return replace(super().from_setting(setting), part_min=setting.part_min)

    @property
    def family(self) -> tuple[object, ...]:
        """One that sees other breaks is another rule."""
        return *super().family, self.part_min


def common(setting: RuleSetting) -> dict[str, Any]:
    """What every rule takes from a setting in the same way."""
    return {
        "hardness": setting.hardness,
        "source": setting.source or "plan",
        "weight": setting.weight,
        "valid_from": setting.valid_from,
        "valid_to": setting.valid_to,
    }


def count_of(setting: RuleSetting, *units: str) -> int:
    """
    The whole number of a setting that counts something; it may be 0.

    Raises
    ------
    InputError
        When the unit is not one of ``units`` or ``count``, or the value is not
        a whole number from 0 up.
    """
    known = (*units, *(unit.removesuffix("s") for unit in units), "count")
    if setting.unit.strip().lower() not in known:
        raise InputError(
            f"rule {setting.rule}: unit = '{setting.unit}' does not count {units[0]}. "
            f"Write '{units[0]}'."
        )
    if not 0 <= setting.value < 1000 or setting.value != int(setting.value):
        raise InputError(
            f"rule {setting.rule}: value = {setting.value:g} is not a whole number of {units[0]}."
        )
    return int(setting.value)


def share_of(setting: RuleSetting) -> float:
    """
    The share of a setting, 0 to 1.

    Raises
    ------
    InputError
        When the unit is not ``share`` or ``ratio``, or the value is not in [0, 1].
    """
    if setting.unit.strip().lower() not in ("share", "ratio"):
        raise InputError(
            f"rule {setting.rule}: unit = '{setting.unit}' is not a share. Write 'share'."
        )
    if not 0 <= setting.value <= 1:
        raise InputError(
            f"rule {setting.rule}: value = {setting.value:g} is not a share from 0 to 1."
        )
    return setting.value


def kinds_of(setting: RuleSetting, *, least: int = 1) -> tuple[str, ...]:
    """
    The kinds of shift that a setting names.

    Raises
    ------
    InputError
        When there are fewer than ``least``.
    """
    if len(setting.kinds) < least:
        raise InputError(
            f"rule {setting.rule}: kinds = {list(setting.kinds)} names too few kinds of shift. "
            f"Name {least} or more, such as 'night'."
        )
    return setting.kinds


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


def window_of(setting: RuleSetting) -> Window:
    """
    The window of wall time of a setting.

    Raises
    ------
    InputError
        When there is none.
    """
    if setting.window is None:
        raise InputError(
            f"rule {setting.rule}: window is not said. Write the wall times, such as "
            "window = '08:00-10:00'."
        )
    return setting.window


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
