"""Channels, their opening hours and the standard of care promised on them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from wfplan.domain.base import Model
from wfplan.horizon import DAY_MIN, WEEKDAYS, Window

_HOURS = r"(?P<sh>\d{1,2}):(?P<sm>\d{2})\s*-\s*(?P<eh>\d{1,2}):(?P<em>\d{2})"
_WINDOW = re.compile(_HOURS)
_OPEN = re.compile(r"(?P<days>[a-z]{3}(?:\s*-\s*[a-z]{3})?|daily)\s+" + _HOURS)


class ChannelKind(StrEnum):
    """Whether a contact must be answered now, or may wait inside a promise."""

    REALTIME = "realtime"
    DEFERRED = "deferred"


def parse_window(hours: str) -> Window:
    """``"22:00-06:00"`` as minutes after midnight, (1320, 1800)."""
    if not _WINDOW.fullmatch(hours.strip()):
        raise ValueError(f"'{hours}' is not a time of day from and to: write it like '07:00-20:00'")
    return parse_opening(f"daily {hours.strip()}")[0]


def parse_opening(text: str) -> dict[int, Window]:
    """
    Windows per weekday (0 is Monday) of one line such as ``mon-fri 07:00-21:00``.

    An end at or before the start lies on the next date; 24:00 is allowed.
    """
    match = _OPEN.fullmatch(text.strip().lower())
    if not match:
        raise ValueError(
            f"'{text}' is not a line of opening hours: write it like "
            "'mon-fri 07:00-21:00', 'sat 09:00-17:00' or 'daily 00:00-24:00'"
        )
    start, end = (int(match[h]) * 60 + int(match[m]) for h, m in (("sh", "sm"), ("eh", "em")))
    if start >= DAY_MIN or end > DAY_MIN or int(match["sm"]) > 59 or int(match["em"]) > 59:
        raise ValueError(f"'{text.removeprefix('daily ')}' has a time of day beyond 24:00")
    if end <= start:
        end += DAY_MIN
    return dict.fromkeys(_weekdays(match["days"], text), (start, end))


def _weekdays(days: str, text: str) -> list[int]:
    """Weekday numbers of ``mon``, ``fri-mon`` or ``daily``."""
    if days == "daily":
        return list(range(7))
    names = [name.strip() for name in days.split("-")]
    for name in names:
        if name not in WEEKDAYS:
            raise ValueError(f"'{name}' in '{text}' is not one of {', '.join(WEEKDAYS)}")
    first, last = WEEKDAYS.index(names[0]), WEEKDAYS.index(names[-1])
    return [(first + i) % 7 for i in range((last - first) % 7 + 1)]


def _opening(value: Any) -> Any:
    """Lines of text, or weekday windows as they are."""
    if not isinstance(value, list) or not all(isinstance(line, str) for line in value):
        return value
    weekly: dict[int, tuple[Window, ...]] = {}
    for line in value:
        for weekday, window in parse_opening(line).items():
            weekly[weekday] = (*weekly.get(weekday, ()), window)
    return weekly


OpeningHours = Annotated[dict[int, tuple[Window, ...]], BeforeValidator(_opening)]
"""Windows of wall time per weekday (0 is Monday), given as lines of text."""


def _usual_strain(data: dict[str, Any]) -> float:
    """Overload weighs fully where contacts set the pace, half where the person does."""
    return 0.5 if data.get("kind") is ChannelKind.DEFERRED else 1.0


class HandleLaw(StrEnum):
    """How handle times vary around their mean."""

    LOGNORMAL = "lognormal"
    GAMMA = "gamma"
    EXPONENTIAL = "exponential"
    FIXED = "fixed"


class PatienceLaw(StrEnum):
    """How patience varies around its mean."""

    EXPONENTIAL = "exponential"
    LOGNORMAL = "lognormal"
    GAMMA = "gamma"
    FIXED = "fixed"


Shares = dict[str, Annotated[float, Field(ge=0, le=1)]]
"""Shares of customers by the channel that they turn to."""


class Channel(Model):
    """
    A channel and its standard of care.

    Service level is answered within ``answer_within_s`` / offered. Floors of
    ``None`` are not asked for. Harm is counted in points: ``wait_weight`` per
    customer-minute of waiting, ``abandon_weight`` per lost contact, and for
    deferred work ``late_weight`` per contact that misses its due time.
    ``strain_weight`` is the channel's weight in the overload ledger: 1 for
    real-time channels, 0.5 for deferred ones unless said otherwise.

    A channel with less than three weeks of contacts is forecast ``like`` another one of the
    plan, at ``like_share`` of its volume or ``offered_week`` contacts an ordinary week.

    Customers who gave up or were blocked come back as ``redial`` says, after
    ``redial_after_min`` minutes on average, those who were served as
    ``recontact`` says after ``recontact_after_h`` hours, and those whose
    deferred contact is late as ``chase`` says: shares by the channel that they
    turn to. People whose skill level is below ``preferred_level`` get a
    contact only once it has waited ``overflow_after_s``. Before somebody begins
    work of a deferred channel, ``reserve`` others who serve a real-time channel
    of hers stay free for it: a number, or as many as the ``plan`` has on that
    channel beyond its load.

    A ``group`` is what several channels (queues) are together, such as voice;
    totals of it stand in the forecast. It plans nothing.
    """

    name: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,31}$")
    group: str = Field(default="", pattern=r"^([A-Za-z][A-Za-z0-9_-]{0,31})?$")
    kind: ChannelKind = ChannelKind.REALTIME
    open: OpeningHours = Field(min_length=1)
    answer_within_s: float = Field(default=20.0, gt=0, le=86_400)
    answer_share: float = Field(default=0.80, gt=0, lt=1)
    promise: float | None = Field(default=0.80, gt=0, lt=1)
    abandon_share_max: float | None = Field(default=0.05, gt=0, lt=1)
    occupancy_max: float | None = Field(default=0.85, gt=0, lt=1)
    patience_s: float | Literal["fit"] = "fit"
    aht_s: float | None = Field(default=None, gt=0, le=86_400)  # None: from the contact history
    like: str = Field(default="", pattern=r"^([A-Za-z][A-Za-z0-9_-]{0,31})?$")
    like_share: float | None = Field(default=None, ge=0, le=1000)  # of the volume of ``like``
    offered_week: float | None = Field(default=None, ge=0, le=1e7)
    concurrency_rates: tuple[float, ...] = (1.0,)
    answer_most_s: float | None = Field(default=None, gt=0, le=86_400)
    answer_most_share: float = Field(default=0.95, gt=0, lt=1)
    handle_law: HandleLaw = HandleLaw.LOGNORMAL
    handle_cv: float = Field(default=1.2, gt=0, le=10)
    patience_law: PatienceLaw = PatienceLaw.EXPONENTIAL
    patience_cv: float = Field(default=1.0, gt=0, le=10)
    balk_share: float = Field(default=0.0, ge=0, lt=1)  # hang up at once where they must wait
    waiting_max: int | None = Field(default=None, ge=0)  # more are blocked
    priority: int = Field(default=0, ge=-100, le=100)  # smaller goes first
    preferred_level: int = Field(default=1, ge=1, le=5)
    overflow_after_s: float = Field(default=0.0, ge=0, le=86_400)
    callback_after_s: float | None = Field(default=None, ge=0, le=86_400)
    callback_share: float = Field(default=0.0, ge=0, le=1)  # of those who still wait then
    redial: Shares = Field(default_factory=dict)
    redial_after_min: float = Field(default=10.0, gt=0, le=14 * 1440)
    recontact: Shares = Field(default_factory=dict)
    recontact_after_h: float = Field(default=24.0, gt=0, le=14 * 24)
    chase: Shares = Field(default_factory=dict)
    reserve: Annotated[int, Field(ge=0, le=10_000)] | Literal["plan"] = "plan"
    due_h: float = Field(default=8.0, gt=0, le=24 * 14)
    due_share: float = Field(default=0.95, gt=0, le=1)
    staff_min: int = Field(default=0, ge=0)
    wait_weight: float = Field(default=1.0, ge=0)
    abandon_weight: float = Field(default=5.0, ge=0)
    late_weight: float = Field(default=3.0, ge=0)
    strain_weight: float = Field(default_factory=lambda data: _usual_strain(data), ge=0)

    @model_validator(mode="after")
    def _check(self) -> Channel:
        rates = self.concurrency_rates
        if not rates or rates[0] != 1.0:
            raise ValueError("concurrency_rates must begin with 1.0, the rate of one contact alone")
        steps = [b - a for a, b in pairwise((0.0, *rates))]
        if any(step <= 0 for step in steps) or any(b > a + 1e-9 for a, b in pairwise(steps)):
            raise ValueError(
                "concurrency_rates must rise, each step no larger than the one before: "
                "a further chat may slow the others, never speed them up"
            )
        if isinstance(self.patience_s, float) and not 0 < self.patience_s < float("inf"):
            raise ValueError("patience_s must be above 0 seconds, or 'fit'")
        for name, shares in (("redial", self.redial), ("recontact", self.recontact),
                             ("chase", self.chase)):  # fmt: skip
            if sum(shares.values()) > 1 + 1e-9:
                raise ValueError(
                    f"{name} sends {sum(shares.values()):.0%} of customers on: the shares of "
                    "all channels together are at most 1"
                )
        if self.like_share is not None and not self.like:
            raise ValueError("like_share needs like, the channel whose volume it is a share of")
        if self.like_share is not None and self.offered_week is not None:
            raise ValueError("like_share and offered_week both state the volume: keep one of them")
        if self.callback_share > 0 and self.callback_after_s is None:
            raise ValueError("callback_share needs callback_after_s, the wait before the offer")
        return self

    @property
    def repeats(self) -> Mapping[str, Mapping[str, float]]:
        """Where customers turn to, by what happened to them."""
        return {"redial": self.redial, "recontact": self.recontact, "chase": self.chase}

    @property
    def is_stated(self) -> bool:
        """Whether it can be forecast without a history of its own."""
        return bool(self.like) or self.offered_week is not None

    @property
    def is_realtime(self) -> bool:
        """Whether contacts wait for an answer now (voice, chat)."""
        return self.kind is ChannelKind.REALTIME
