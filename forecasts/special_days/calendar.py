"""
Days that are not ordinary: holidays, closed days, the days around them, events.

An effect is a factor on the volume that the day would have had otherwise. It
is, in this order: stated in the calendar; learned from past days of the same
name and kind, against the same weekdays of the four weeks around them; learned
from past days of the same kind; or an analogue, which is said in a note and
widens the uncertainty. Learned effects are shrunk towards what is known before
any is seen (normal prior, normal likelihood on the log scale), because two
Easter Mondays are few.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import exp, isfinite, log

import numpy as np
import pandas as pd

from forecasts.errors import ForecastError
from forecasts.history.series import BoolArray, FloatArray, IntArray, date_of, ordinal, weekday_of

KINDS = ("holiday", "closed", "event", "campaign")
AFTER_CLOSED = ("after", "closed")  # the first open day after one that was closed
SECOND_AFTER = ("after", "closed, second day")  # the open day that follows it
AFTER_OPEN = ("after", "open")  # the first day after a holiday that was worked
EVE = ("eve", "")  # the day before a holiday or a closed day
Label = tuple[str, str]  # (kind, name)

_AROUND_DAYS = 28
_BACK_DAYS = 5  # two days come after a closed one across a weekend, not across a week
_ONE_DAY_SD = 0.10  # of the log of one day against the median of its neighbours
_PRIORS: dict[Label, tuple[float, float]] = {  # (mean, standard deviation) of the log factor
    # what a closed day keeps waiting: +15 % (8 to 21) on the next and +10 % on the second day in
    # a bank and two public offices, less where calls are lost instead of postponed
    AFTER_CLOSED: (0.10, 0.10),
    SECOND_AFTER: (0.05, 0.06),
    AFTER_OPEN: (0.0, 0.05),
    EVE: (0.0, 0.10),
}
_SAME_KIND_SD = 0.25  # between days of one kind but other names
_UNKNOWN_EVENT_SD = 0.25
_UNKNOWN_HOLIDAY_SD = 0.40
_SHUT_SHARE = 0.02  # a holiday with less than this share of the usual volume was closed


@dataclass(frozen=True)
class Entry:
    """One row of the calendar; ``factor`` is NaN where it is to be learned."""

    day: int
    kind: str
    name: str
    factor: float

    @property
    def label(self) -> Label:
        """Kind and name, under which its effect is learned."""
        return self.kind, self.name


@dataclass(frozen=True)
class Effect:
    """What a day's labels do to its volume: factor, variance of its log, how it was found."""

    factor: float = 1.0
    variance: float = 0.0
    how: str = ""


@dataclass(frozen=True)
class Calendar:
    """The entries of one channel by day."""

    entries: dict[int, tuple[Entry, ...]] = field(default_factory=dict)

    def is_off(self, day: int) -> bool:
        """Whether a day is a holiday or closed."""
        return any(entry.kind in ("holiday", "closed") for entry in self.entries.get(day, ()))

    def is_closed(self, day: int) -> bool:
        """Whether the calendar says that nothing is open."""
        return any(entry.kind == "closed" for entry in self.entries.get(day, ()))

    def stated(self, day: int) -> float:
        """Product of the factors that the calendar states for a day."""
        factors = [e.factor for e in self.entries.get(day, ()) if isfinite(e.factor)]
        return float(np.prod(factors)) if factors else 1.0

    def labels(
        self, days: IntArray, served: BoolArray, shut: frozenset[int]
    ) -> list[tuple[Label, ...]]:
        """What is to be learned about days; ``served`` weekdays, ``shut`` days without work."""
        near = {day + after for day in self.entries for after in range(-1, _BACK_DAYS + 1)}
        return [self._labels(day, served, shut) if day in near else () for day in map(int, days)]

    def _labels(self, day: int, served: BoolArray, shut: frozenset[int]) -> tuple[Label, ...]:
        """What is to be learned about one day."""
        own = self.entries.get(day, ())
        known = {e.kind for e in own if isfinite(e.factor)} | {"closed"}
        by_kind = {e.kind: e.label for e in reversed(own) if e.kind not in known}
        labels = list(by_kind.values())
        if self.is_off(day) or not served[(day + 3) % 7]:
            return tuple(labels)
        if self.is_off(day + 1) and served[(day + 4) % 7]:
            labels.append(EVE)
        before = [day - back for back in range(1, _BACK_DAYS + 1) if served[(day - back + 3) % 7]]
        if before and self.is_off(before[0]):
            labels.append(AFTER_CLOSED if before[0] in shut else AFTER_OPEN)
        elif len(before) > 1 and before[1] in shut and self.is_off(before[1]):
            labels.append(SECOND_AFTER)
        return tuple(labels)


def read_calendar(frame: pd.DataFrame, channels: Iterable[str]) -> dict[str, Calendar]:
    """
    The calendar of every channel.

    Raises
    ------
    ForecastError
        When a kind is unknown, or a factor negative or not finite.
    """
    found: dict[str, dict[int, dict[Label, Entry]]] = {channel: {} for channel in channels}
    columns = [frame[name] for name in ("day", "kind", "name", "channel", "factor")]
    for day, kind, name, channel, factor in zip(*columns, strict=True):
        if str(kind) not in KINDS:
            raise ForecastError(
                f"calendar: '{kind}' on {day} is not a kind of day: use {', '.join(KINDS)}."
            )
        value = float("nan") if pd.isna(factor) else float(factor)
        if value < 0 or value in (float("inf"), float("-inf")):
            raise ForecastError(
                f"calendar: the factor {factor} of {day} is not a factor on volume: "
                "use 1.2 for a fifth more, 0 for none, or leave it empty to have it learned."
            )
        when = ordinal(pd.Timestamp(day).date())
        text = "" if pd.isna(name) else str(name)
        entry = Entry(when, str(kind), text, value)
        for known, days in found.items():
            own = days.setdefault(when, {})
            if channel == known:  # a row for one channel beats one for all
                own[entry.label] = entry
            elif pd.isna(channel) or channel == "":
                own.setdefault(entry.label, entry)
    return {
        channel: Calendar({day: tuple(own.values()) for day, own in days.items() if own})
        for channel, days in found.items()
    }


@dataclass(frozen=True)
class Effects:
    """Log factors that a channel's past days showed, by label."""

    seen: dict[Label, tuple[float, ...]]
    quiet: FloatArray  # per weekday, log rate of the quietest weekday against its own

    def of(self, labels: tuple[Label, ...], day: int) -> Effect:
        """The effect of a day's labels together."""
        parts = [self._one(label, day) for label in labels]
        return Effect(
            exp(sum(mean for mean, _, _ in parts)),
            sum(variance for _, variance, _ in parts),
            "; ".join(how for _, _, how in parts if how),
        )

    def _one(self, label: Label, day: int) -> tuple[float, float, str]:
        """Mean and variance of one label's log factor, and what to say about it."""
        kind, name = label
        values = np.array(self.seen.get(label, ()))
        called = f"{kind} '{name}'" if name else kind
        if label in _PRIORS:
            mean, sd = _PRIORS[label]
            return (*_shrunk(values, mean, sd), "")
        kin = np.array([v for (k, _), vs in self.seen.items() if k == kind for v in vs])
        if kin.size:
            mean, sd = float(np.median(kin)), max(_SAME_KIND_SD, float(kin.std()))
            how = "" if values.size else f"{called} is taken to be like {kin.size} past {kind} days"
        elif kind == "holiday":
            mean, sd = float(self.quiet[(day + 3) % 7]), _UNKNOWN_HOLIDAY_SD
            how = f"{called} has no past day to learn from: taken to be like the quietest weekday"
        else:
            mean, sd = 0.0, _UNKNOWN_EVENT_SD
            how = f"{called} has no past day to learn from: taken to change nothing"
        return (*_shrunk(values, mean, sd), how)


def learn_effects(
    calendar: Calendar,
    days: IntArray,
    arrived: FloatArray,
    exposure: FloatArray,
    labels: list[tuple[Label, ...]],
    ordinary: BoolArray,
) -> Effects:
    """
    Effects that labelled days of a history showed against the ordinary days around.

    ``arrived`` and ``exposure`` are contacts of the day and the intervals,
    weighted by the day's shape, in which they came; shape (day,).
    """
    rate = arrived / np.maximum(exposure, 1e-12)
    weekdays = weekday_of(days)
    seen: dict[Label, tuple[float, ...]] = {}
    for at, found in enumerate(labels):
        if len(found) != 1 or exposure[at] <= 0:
            continue
        near = ordinary & (weekdays == weekdays[at]) & (np.abs(days - days[at]) <= _AROUND_DAYS)
        if near.sum() < 2:
            continue
        usual = float(np.median(rate[near])) * exposure[at] * calendar.stated(int(days[at]))
        if usual <= 0 or (arrived[at] <= _SHUT_SHARE * usual and usual >= 5):
            continue
        value = log((arrived[at] + 0.5) / (usual + 0.5))
        seen[found[0]] = (*seen.get(found[0], ()), value)
    return Effects(seen, _quiet(rate, weekdays, ordinary))


def shut_days(
    calendar: Calendar,
    days: IntArray,
    arrived: FloatArray,
    exposure: FloatArray,
    ordinary: BoolArray,
) -> frozenset[int]:
    """Holidays and closed days of a history on which hardly anything came, or nothing is known."""
    off = {day for day in calendar.entries if calendar.is_off(day)}
    usual = float(np.median(arrived[ordinary])) if ordinary.any() else 0.0
    worked = days[(exposure > 0) & (arrived > 0.2 * usual)]
    return frozenset(off - set(worked.tolist()))


def said(day: int, effect: Effect) -> str:
    """A note about a day whose effect is not learned from its own kind."""
    return (
        f"{date_of(day).isoformat()}: {effect.how} (factor {effect.factor:.2f}); "
        "state a factor to change it"
    )


def _shrunk(values: FloatArray, mean: float, sd: float) -> tuple[float, float]:
    """Posterior mean and predictive variance of a log factor."""
    weight = values.size / _ONE_DAY_SD**2
    posterior = 1.0 / (weight + 1.0 / sd**2)
    centre = posterior * (float(values.sum()) / _ONE_DAY_SD**2 + mean / sd**2)
    return centre, posterior


def _quiet(rate: FloatArray, weekdays: IntArray, ordinary: BoolArray) -> FloatArray:
    """Log rate of the quietest weekday relative to each weekday, shape (weekday,)."""
    medians = np.full(7, np.nan)
    for weekday in np.unique(weekdays[ordinary]):
        medians[weekday] = np.median(rate[ordinary & (weekdays == weekday)])
    known = medians[np.isfinite(medians) & (medians > 0)]
    if not known.size:
        return np.zeros(7)
    own = np.where(np.isfinite(medians) & (medians > 0), medians, known.min())
    quiet: FloatArray = np.log(known.min() / own)
    return quiet
