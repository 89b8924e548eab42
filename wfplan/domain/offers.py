"""Offers to people where supply does not fit demand: nobody is told to take one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wfplan.domain.schedule import Shift


class OfferKind(StrEnum):
    """What is offered."""

    OPEN_SHIFT = "open_shift"  # a shift that nobody has
    OVERTIME = "overtime"  # to work more than planned
    VOLUNTARY_TIME_OFF = "voluntary_time_off"  # to work less, without pay


@dataclass(frozen=True)
class Offer:
    """
    An offer, and what it is worth if it is taken after those before it.

    ``start`` to ``end`` is the time that is added or taken away; ``group`` and
    ``contract`` say whom an open shift is for. ``saves_harm`` are harm points of
    customers, below 0 where they lose; hours and money are what it costs, below
    0 where it saves them, money None where nobody's hour has a price. ``shift`` is
    the shift as it would be, ``replaces`` the id of the one that it takes the place of.
    """

    kind: OfferKind
    agent_id: str
    group: str
    contract: str
    start: datetime
    end: datetime
    saves_harm: float
    costs_hours: float
    costs_money: float | None
    why: str
    shift: Shift | None = None
    replaces: str = ""


class OpenShift(Offer):
    """A shift of a skill group that nobody has."""


class ExtraTimeOffer(Offer):
    """To stay longer, to come earlier, or to work one more day."""


class TimeOffOffer(Offer):
    """To leave early, to come later, or to have a shift free, without pay."""
