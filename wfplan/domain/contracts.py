"""Contracts (work plans): the shifts a person may get and the breaks inside them."""

from __future__ import annotations

from itertools import pairwise

from pydantic import Field, field_validator, model_validator

from wfplan.domain.base import Model
from wfplan.domain.channels import parse_window
from wfplan.horizon import Window

GAP = "gap"
"""The kind of the unpaid gap between the two pieces of a split shift."""

_PAUSE_MAX = 180  # minutes of a rest or a meal


class Break(Model):
    """
    A rest or a meal inside a shift, or the gap of a split shift.

    It begins between ``earliest_min`` and ``latest_min`` minutes of elapsed
    time after the shift starts, and ends at least ``before_end_min`` before
    the shift does.
    """

    kind: str = Field(pattern="^(rest|meal|gap)$")
    length_min: int = Field(gt=0, le=480)
    is_paid: bool
    earliest_min: int = Field(ge=0)
    latest_min: int = Field(ge=0)
    before_end_min: int = Field(default=30, ge=0)

    @model_validator(mode="after")
    def _check(self) -> Break:
        if self.latest_min < self.earliest_min:
            raise ValueError(
                f"latest_min {self.latest_min} lies before earliest_min {self.earliest_min}"
            )
        if self.kind != GAP and self.length_min > _PAUSE_MAX:
            raise ValueError(f"a {self.kind} of {self.length_min} min is longer than {_PAUSE_MAX}")
        if self.kind == GAP and self.is_paid:
            raise ValueError("the gap of a split shift is not paid: nobody is on duty in it")
        return self


class BreakTier(Model):
    """The breaks, in order, of shifts longer than ``over_h`` hours (the highest tier counts)."""

    over_h: float = Field(ge=0, le=24)
    breaks: tuple[Break, ...]

    @model_validator(mode="after")
    def _check(self) -> BreakTier:
        _check_apart(self.breaks)
        if any(part.kind == GAP for part in self.breaks):
            raise ValueError("a gap belongs to a split shift: write it under splits")
        return self


class SplitDay(Model):
    """
    A day of two pieces: a shift of ``length_min`` from start to end with one gap among its breaks.

    The gap is free time: unpaid, off the premises. What lies between it and the
    windows of the other breaks is the freedom of the pieces.
    """

    length_min: int = Field(gt=0, le=1080)
    breaks: tuple[Break, ...]

    @model_validator(mode="after")
    def _check(self) -> SplitDay:
        _check_apart(self.breaks)
        gaps = sum(part.kind == GAP for part in self.breaks)
        if gaps != 1:
            raise ValueError(f"a split shift has one gap, not {gaps}: write one of kind 'gap'")
        return self

    @property
    def gap_min(self) -> int:
        """Minutes between the two pieces."""
        return next(part.length_min for part in self.breaks if part.kind == GAP)


def _check_apart(breaks: tuple[Break, ...]) -> None:
    """Breaks have windows of their own, in order."""
    for first, second in pairwise(breaks):
        if first.latest_min + first.length_min >= second.earliest_min:
            raise ValueError(
                f"a {first.kind} that begins up to {first.latest_min} min after the start can "
                f"run into the {second.kind} from {second.earliest_min} min: keep the windows "
                "of a tier apart, so that each break can be placed on its own"
            )


KIND_NAMES = ("night", "late", "early", "day")
"""
The kinds of shift that are always there, in the order in which they are tried.

By the clock of the person: *night* has 3 hours or more between 23:00 and 06:00,
*late* ends after 21:00, *early* starts before 07:00, *day* is any other.
"""


class ShiftKind(Model):
    """
    A kind of shift that rules can speak of, by the clock of the person.

    ``starts`` and ``ends`` are windows of wall time, both ends included; an
    end past midnight is beyond 24:00. The length is that which the clock
    shows. A shift is of the first kind of its contract that fits, then of one
    of :data:`KIND_NAMES`.
    """

    name: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,31}$")
    starts: Window | None = None
    ends: Window | None = None
    shortest_min: int = Field(default=0, ge=0)
    longest_min: int = Field(default=1440, gt=0)

    @field_validator("starts", "ends", mode="before")
    @classmethod
    def _window(cls, value: object) -> object:
        return parse_window(value) if isinstance(value, str) else value

    @field_validator("name")
    @classmethod
    def _free_name(cls, value: str) -> str:
        if value in ("off", "work", "any"):
            raise ValueError(f"'{value}' means a day, not a kind of shift: use another name")
        return value


class Contract(Model):
    """
    The work plan of a contract type.

    Lengths are elapsed minutes from shift start to end; what is paid leaves
    out the unpaid breaks. ``start_window`` is wall time in the agent's zone.
    ``kinds`` name shifts for rules of sequences and counts.
    """

    name: str
    shortest_min: int = Field(gt=0, le=960)
    longest_min: int = Field(gt=0, le=960)
    length_step_min: int = Field(default=30, gt=0)
    start_window: Window
    start_step_min: int = Field(default=30, gt=0)
    stop_latest: Window | None = None
    work_days_max: int = Field(default=5, ge=1, le=7)
    work_days_min: int = Field(default=0, ge=0, le=7)
    consecutive_days_max: int = Field(default=6, ge=1, le=31)
    kinds: tuple[ShiftKind, ...] = ()
    break_tiers: tuple[BreakTier, ...] = ()
    splits: tuple[SplitDay, ...] = ()

    @field_validator("start_window", mode="before")
    @classmethod
    def _window(cls, value: object) -> object:
        return parse_window(value) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _check(self) -> Contract:
        if self.longest_min < self.shortest_min:
            raise ValueError(
                f"longest_min {self.longest_min} is below shortest_min {self.shortest_min} minutes"
            )
        if self.work_days_max < self.work_days_min:
            raise ValueError("work_days_max is below work_days_min")
        lengths = [*self.whole_lengths_min, *(one.length_min for one in self.splits)]
        twice = next((length for length in lengths if lengths.count(length) > 1), None)
        if twice is not None:
            raise ValueError(
                f"two kinds of shift of {twice} min, one of them split: their lengths from start "
                "to end must differ, by which they are told apart"
            )
        return self

    @property
    def whole_lengths_min(self) -> tuple[int, ...]:
        """Elapsed lengths that a shift of one piece may have, in minutes."""
        return tuple(range(self.shortest_min, self.longest_min + 1, self.length_step_min))

    @property
    def lengths_min(self) -> tuple[int, ...]:
        """Elapsed lengths that a shift may have, in minutes; split ones among them."""
        return tuple(sorted({*self.whole_lengths_min, *self.split_of}))

    @property
    def split_of(self) -> dict[int, SplitDay]:
        """The split shifts by their elapsed length."""
        return {one.length_min: one for one in self.splits}

    def breaks_of(self, length_min: int) -> tuple[Break, ...]:
        """The breaks that a shift of that elapsed length gets, in order."""
        for split in self.splits:
            if split.length_min == length_min:
                return split.breaks
        tiers = [tier for tier in self.break_tiers if length_min > tier.over_h * 60]
        return max(tiers, key=lambda tier: tier.over_h).breaks if tiers else ()

    def paid_min(self, length_min: int) -> int:
        """Paid minutes of a shift of that elapsed length."""
        return length_min - sum(b.length_min for b in self.breaks_of(length_min) if not b.is_paid)
