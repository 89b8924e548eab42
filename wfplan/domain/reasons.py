"""Reasons: why a plan is as it is, and what something else would cost.

Effects are of an alternative less the plan: above 0 is more of it. Shares are
0 to 1, points harm points, instants UTC. What is told is the plan's own reading
(curves and steady states), not a simulation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

UNITS = {
    "points": "harm points",
    "customers": "harm points",
    "people": "harm points",
    "wishes": "harm points",
    "paid_time": "harm points",
    "overtime": "harm points",
    "changes": "harm points",
    "rules": "harm points",
    "lost_contacts": "contacts",
    "late_contacts": "contacts",
    "service_level": "share",
    "worst_hour": "share",
    "hardest_change": "share",
    "against_wishes_h": "h",
    "broken_wishes": "wishes",
    "paid_h": "h",
    "overtime_h": "h",
    "changed_days": "person-days",
}


class AlternativeKind(StrEnum):
    """What is asked for instead of the plan."""

    PLAN = "plan"  # as it is
    DAY_OFF = "day_off"
    WORK = "work"  # a shift on a free date, wherever it is best
    EARLIER = "earlier"
    LATER = "later"
    SHORTER = "shorter"
    LONGER = "longer"
    LENGTH = "length"  # another length, wherever it is best
    SWAP = "swap"  # shifts of a date exchanged with a colleague
    WISH = "wish"  # what she asked for on the date
    THERE = "there"  # on queue in an interval


@dataclass(frozen=True)
class Effect:
    """
    What an alternative would change in the week, in its own units; ``points`` is the price.

    ``points`` are those of customers (harm, tail, floors), of what people share
    (strain, caps, fairness), of wishes, paid time, overtime, changes of what was
    published, and of soft rules. ``service_level`` is contact-weighted over all channels,
    ``worst_hour`` the worst clock hour of any channel, ``hardest`` the hour whose
    service changes most for the worse, (channel, instant).
    """

    points: float = 0.0
    customers: float = 0.0
    people: float = 0.0
    wishes: float = 0.0
    paid_time: float = 0.0
    overtime: float = 0.0
    changes: float = 0.0
    rules: float = 0.0
    lost_contacts: float = 0.0
    late_contacts: float = 0.0
    service_level: float = 0.0
    worst_hour: float = 0.0
    hardest_change: float = 0.0
    against_wishes_h: float = 0.0
    broken_wishes: float = 0.0
    paid_h: float = 0.0
    overtime_h: float = 0.0
    changed_days: float = 0.0
    hardest: tuple[str, datetime] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Every number with its unit, for ``--json``."""
        told: dict[str, Any] = {
            name: {"value": round(getattr(self, name), 6), "unit": unit}
            for name, unit in UNITS.items()
        }
        told["hardest"] = None
        if self.hardest is not None:
            channel, at = self.hardest
            told["hardest"] = {"channel": channel, "interval_start": instant(at)}
        return told


@dataclass(frozen=True)
class Span:
    """A shift from start to end."""

    start: datetime
    end: datetime

    def as_dict(self) -> dict[str, str]:
        """Both ends as text."""
        return {"start": instant(self.start), "end": instant(self.end)}


@dataclass(frozen=True)
class Move:
    """What somebody has on a date in the plan, and what she would have; None: a day off."""

    agent_id: str
    day: date
    before: Span | None
    after: Span | None

    def as_dict(self) -> dict[str, Any]:
        """The move as plain values."""
        return {
            "agent_id": self.agent_id,
            "date": self.day.isoformat(),
            "before": self.before.as_dict() if self.before else None,
            "after": self.after.as_dict() if self.after else None,
        }


@dataclass(frozen=True)
class RuleReason:
    """
    A rule that stands in the way, in its own words.

    ``points`` are what her best week would gain without it (its shadow price), or
    what the alternative that it forbids would cost; None where that is not known.
    ``why`` is what the week without it would break, ``amount`` by how much.
    """

    rule: str
    hardness: str
    points: float | None
    why: str = ""
    amount: float | None = None
    unit: str = ""
    moves: tuple[Move, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The reason as plain values."""
        return {
            "rule": self.rule,
            "hardness": self.hardness,
            "points": None if self.points is None else round(self.points, 6),
            "why": self.why,
            "amount": self.amount,
            "unit": self.unit,
            "moves": [move.as_dict() for move in self.moves],
        }


@dataclass(frozen=True)
class Alternative:
    """
    Something else than the plan, for one person on one date, and what it would cost.

    ``effect`` is None where no legal week has it; ``forbidden`` then says why.
    ``moves`` are all changes, hers first. ``by_min`` is by how much it is earlier,
    later, shorter or longer, or the elapsed length that is asked for.
    """

    kind: AlternativeKind
    agent_id: str
    day: date
    by_min: int = 0
    partner: str = ""
    effect: Effect | None = None
    moves: tuple[Move, ...] = ()
    forbidden: tuple[RuleReason, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The alternative as plain values."""
        return {
            "kind": str(self.kind),
            "agent_id": self.agent_id,
            "date": self.day.isoformat(),
            "by_min": self.by_min,
            "partner": self.partner,
            "is_legal": self.effect is not None,
            "effect": self.effect.as_dict() if self.effect else None,
            "moves": [move.as_dict() for move in self.moves],
            "forbidden": [rule.as_dict() for rule in self.forbidden],
        }


@dataclass(frozen=True)
class HourWorth:
    """What a person saves customers in a stretch of a shift, and on which channels most."""

    span: Span
    points: float
    channels: tuple[tuple[str, float], ...]  # share of her time

    def as_dict(self) -> dict[str, Any]:
        """The worth as plain values."""
        return {
            **self.span.as_dict(),
            "points": round(self.points, 6),
            "channels": {name: round(share, 4) for name, share in self.channels},
        }


@dataclass(frozen=True)
class BreakReason:
    """
    A break with what it costs customers where it is, and earlier or later.

    ``others`` are (minutes by which it would begin later, harm points more).
    """

    code: str
    span: Span
    points: float
    others: tuple[tuple[int, float], ...]

    def as_dict(self) -> dict[str, Any]:
        """The break as plain values."""
        return {
            "code": self.code,
            **self.span.as_dict(),
            "points": round(self.points, 6),
            "others": [{"by_min": by, "points": round(more, 6)} for by, more in self.others],
        }


@dataclass(frozen=True)
class DayReason:
    """
    Why a person has her shift of a date, or a day off.

    ``worth`` is what the shift saves customers, ``cost`` what it costs by wishes and
    paid time; ``rules`` are those without which her date would be another one.
    """

    agent_id: str
    day: date
    shift_id: str
    shift: Span | None
    is_locked: bool
    worth: float
    hours: tuple[HourWorth, ...] = ()
    breaks: tuple[BreakReason, ...] = ()
    rules: tuple[RuleReason, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The reason as plain values."""
        return {
            "agent_id": self.agent_id,
            "date": self.day.isoformat(),
            "shift_id": self.shift_id,
            "shift": self.shift.as_dict() if self.shift else None,
            "is_locked": self.is_locked,
            "worth": {"value": round(self.worth, 6), "unit": "harm points"},
            "hours": [hour.as_dict() for hour in self.hours],
            "breaks": [one.as_dict() for one in self.breaks],
            "rules": [rule.as_dict() for rule in self.rules],
            "alternatives": [one.as_dict() for one in self.alternatives],
            "notes": list(self.notes),
        }


@dataclass(frozen=True)
class WeekReason:
    """Why a person's week is as it is: every date, and what rules hold it in all."""

    agent_id: str
    paid_h: float
    paid_h_least: float
    paid_h_most: float
    days: tuple[DayReason, ...]
    rules: tuple[RuleReason, ...]

    def as_dict(self) -> dict[str, Any]:
        """The reason as plain values."""
        return {
            "agent_id": self.agent_id,
            "paid_h": {"value": self.paid_h, "unit": "h"},
            "paid_h_least": {"value": self.paid_h_least, "unit": "h"},
            "paid_h_most": {"value": self.paid_h_most, "unit": "h"},
            "days": [day.as_dict() for day in self.days],
            "rules": [rule.as_dict() for rule in self.rules],
        }


@dataclass(frozen=True)
class ChannelNeedThere:
    """A channel in an interval: what is there, what was asked for, what customers get."""

    channel: str
    volume: float  # contacts
    staff: float  # effective
    required: float
    binding: str
    floors: tuple[tuple[str, float], ...]  # every floor that asks for anything
    service_level: float | None
    lost_contacts: float
    price: float  # harm points that a bit more effective staff saves, per head

    def as_dict(self) -> dict[str, Any]:
        """The numbers as plain values."""
        return {
            "channel": self.channel,
            "volume": {"value": round(self.volume, 6), "unit": "contacts"},
            "staff": {"value": round(self.staff, 6), "unit": "effective staff"},
            "required": {"value": round(self.required, 6), "unit": "effective staff"},
            "binding": self.binding,
            "floors": {name: round(staff, 6) for name, staff in self.floors},
            "service_level": {"value": _rounded(self.service_level), "unit": "share"},
            "lost_contacts": {"value": round(self.lost_contacts, 6), "unit": "contacts"},
            "price": {"value": round(self.price, 6), "unit": "harm points per head"},
        }


@dataclass(frozen=True)
class OneMore:
    """What one more person, or one fewer, would do in an interval alone."""

    heads: int  # 1 or -1
    channels: tuple[str, ...]  # that she serves
    effect: Effect

    def as_dict(self) -> dict[str, Any]:
        """The change as plain values."""
        return {
            "heads": self.heads,
            "channels": list(self.channels),
            "effect": self.effect.as_dict(),
        }


@dataclass(frozen=True)
class Keeper:
    """What keeps people who serve the channels away from an interval: how many, and who first."""

    reason: str
    rule: str
    people: int
    some: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The reason as plain values."""
        return {
            "reason": self.reason,
            "rule": self.rule,
            "people": self.people,
            "some": list(self.some),
        }


@dataclass(frozen=True)
class IntervalReason:
    """Why so many people are on queue in an interval, and what more or fewer would mean."""

    span: Span
    channel: str  # asked about; "" for all
    on_queue: tuple[tuple[str, tuple[tuple[str, float], ...]], ...]  # agent, share by channel
    on_break: tuple[str, ...]
    channels: tuple[ChannelNeedThere, ...]
    empowered: float
    empowered_min: float
    changes: tuple[OneMore, ...] = ()
    moves: tuple[Alternative, ...] = ()
    keepers: tuple[Keeper, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The reason as plain values."""
        return {
            "interval": self.span.as_dict(),
            "channel": self.channel,
            "on_queue": [
                {"agent_id": who, "channels": {name: round(part, 4) for name, part in shares}}
                for who, shares in self.on_queue
            ],
            "on_break": list(self.on_break),
            "channels": [one.as_dict() for one in self.channels],
            "empowered": {"value": self.empowered, "unit": "heads"},
            "empowered_min": {"value": self.empowered_min, "unit": "heads"},
            "changes": [one.as_dict() for one in self.changes],
            "moves": [one.as_dict() for one in self.moves],
            "keepers": [one.as_dict() for one in self.keepers],
        }


def instant(moment: datetime) -> str:
    """UTC ISO 8601 with ``Z``."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
