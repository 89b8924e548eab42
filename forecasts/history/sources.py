"""
Where a channel's history comes from: its own rows, spread where long, or a sibling's on loan.

A channel that is new has no weeks to learn from. What a planner can state is of whom it will
behave alike and how much of it there will be; the sibling's whole history is then learned from,
and scaled. Own days, as far as there are any, correct the stated level by their contacts
(normal prior and likelihood on the log scale). A day's total says nothing of its hours; they
come from finer rows of the channel, else from a sibling, else they are even, which is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from forecasts.errors import ForecastError
from forecasts.history.censoring import demand_of
from forecasts.history.grains import Coarse, grains, merged, spread, utc_days
from forecasts.history.loans import Statement
from forecasts.history.series import (
    DAY_MIN,
    BoolArray,
    FloatArray,
    IntArray,
    LocalTime,
    Series,
    date_of,
    grid,
    handled_of,
)
from forecasts.history.shape import fit_shape

OWN_DAYS = 21  # with rows, from which on a channel needs nobody's profile
EVEN_MIN = 120  # rows up to this length are spread evenly where no finer ones are known
OWN_SHAPE_SD, EVEN_SHAPE_SD, LIKE_SHAPE_SD, FLAT_SHAPE_SD = 0.05, 0.10, 0.25, 0.60
STATED_SD = 0.30  # of the log of a level that somebody states
DAY_SD, DRIFT_SD = 0.15, 0.10  # of the log of a day's level, and of what follows on the first days
_FINE_DAYS = 5  # with finer rows, from which a profile can be had
_RECENT_DAYS = 182
_WEEKS = 8


@dataclass(frozen=True)
class Source:
    """
    A channel's history and what it adds to the doubt of a forecast.

    ``series`` is what models learn from, ``scale`` the factor on what they say;
    ``level_variance`` and ``shape_variance`` are variances of the log of the level of all days
    and of single intervals beyond what past errors show. ``own`` are the channel's own rows
    where ``series`` is a sibling's; ``is_spread`` are days that were spread from longer
    rows; ``columns`` go to the table of channels.
    """

    series: Series
    scale: float = 1.0
    level_variance: float = 0.0
    shape_variance: float = 0.0
    own: Series | None = None
    is_lent: bool = False
    is_spread: BoolArray | None = None
    notes: tuple[str, ...] = ()
    columns: Mapping[str, float] = field(default_factory=dict)


@dataclass
class Histories:
    """The histories of all channels, each made when it is asked for."""

    rows: pd.DataFrame
    local: LocalTime
    positions: Mapping[str, IntArray]
    stated: Mapping[str, Statement]
    interval_min: int
    last_day: int  # before the horizon
    _fine: dict[str, Series | None] = field(default_factory=dict)

    def source(self, channel: str, mask: BoolArray) -> Source:
        """
        Where the history of a channel comes from.

        ``mask`` are the slots that the horizon opens, (weekday, slot).

        Raises
        ------
        ForecastError
            When the channel has no rows and nothing is stated of it.
        """
        own = self._own(channel, mask)
        statement = self.stated.get(channel)
        days = int(own.series.has_rows.sum()) if own else 0
        if statement is None or not statement.lends:
            if own is None:
                raise ForecastError(f"channel '{channel}' has no contact history.")
            return own
        if own is not None and days >= OWN_DAYS:
            what = f"it has {days} days of its own, so what is stated of it is not used"
            return replace(own, notes=(*own.notes, what))
        return self._lent(channel, mask, statement, own)

    def _own(self, channel: str, mask: BoolArray) -> Source | None:
        """The channel's own rows on the grid, long ones spread; None without rows."""
        on = self.positions.get(channel, np.zeros(0, dtype=np.int64))
        if not on.size:
            return None
        local = LocalTime(self.local.day[on], self.local.minute[on], self.local.utc_min[on])
        demand = demand_of(self.rows.iloc[on], local.utc_min)
        rows = self.rows.iloc[on].assign(offered=demand.offered)
        if self.interval_min < DAY_MIN:
            local = utc_days(local)
        length = grains(local, self.interval_min)
        if length.any():
            found = self._spread(channel, mask, rows, local, length)
        else:
            found = Source(grid(rows, local, channel, self.interval_min))
        notes = (*found.notes, *demand.notes, *_said_of_parts(demand.offered))
        return replace(found, notes=notes, columns=demand.columns)

    def _fine_rows(self, channel: str) -> Series | None:
        """The rows of a channel that are no longer than the interval; None for few days."""
        if channel not in self._fine:
            on = self.positions.get(channel, np.zeros(0, dtype=np.int64))
            local = LocalTime(self.local.day[on], self.local.minute[on], self.local.utc_min[on])
            keep = grains(utc_days(local), self.interval_min) == 0
            self._fine[channel] = None
            if np.unique(local.day[keep]).size >= _FINE_DAYS:
                self._fine[channel] = grid(
                    self.rows.iloc[on[keep]], _some(local, keep), channel, self.interval_min
                )
        return self._fine[channel]

    def _spread(
        self,
        channel: str,
        mask: BoolArray,
        rows: pd.DataFrame,
        local: LocalTime,
        length: IntArray,
    ) -> Source:
        """Long rows spread by the best profile that can be had."""
        keep = length == 0
        fine = None
        if keep.any():
            fine = grid(rows[keep], _some(local, keep), channel, self.interval_min)
        profile, how, sd = self._profile(channel, mask, fine, int(length.max()))
        days = np.arange(int(local.day.min()), int(local.day.max()) + 1, dtype=np.int64)
        slots = DAY_MIN // self.interval_min
        found = tuple(np.full((days.size, slots), np.nan) for _ in range(3))
        found[2][:] = 0.0
        for grain in sorted(set(length[~keep].tolist())):
            coarse = _coarse(rows[length == grain], _some(local, length == grain), grain)
            made = spread(coarse, profile, slots, days)
            for old, new in zip(found, made, strict=True):
                old[:] = np.where(np.isfinite(made[0]), new, old)
        counts, handle, handled = found
        series = merged(fine, (counts, handle, handled), days, channel, self.interval_min)
        recent = local.day > int(local.day.max()) - 7 * _WEEKS
        is_recent = bool((~keep[recent]).mean() > 0.5)
        note = _said_of_spread(local, length, self.interval_min, how)
        is_spread = np.isin(days, local.day[~keep])
        variance = sd**2 if is_recent else 0.0
        return Source(series, shape_variance=variance, is_spread=is_spread, notes=(note,))

    def _profile(
        self, channel: str, mask: BoolArray, fine: Series | None, longest: int
    ) -> tuple[FloatArray, str, float]:
        """The profile of the day (weekday, slot), where it comes from, and its doubt."""
        wide = _wide(mask)
        if fine is not None and int(fine.has_rows.sum()) >= _FINE_DAYS:
            return _shape_of(fine, wide), "by the profile of its finer rows", OWN_SHAPE_SD
        if longest <= EVEN_MIN:
            return wide.astype(np.float64), "evenly, as no finer rows are known", EVEN_SHAPE_SD
        statement = self.stated.get(channel)
        like = statement.like if statement and statement.like else self._most_alike(channel, wide)
        lender = self._fine_rows(like) if like else None
        if lender is not None:
            return _shape_of(lender, wide), f"like those of '{like}'", LIKE_SHAPE_SD
        even = (
            "evenly over its opening hours, because no channel has finer rows: this forecast knows "
            "nothing of the time of day; give finer rows, if only of some weeks"
        )
        return wide.astype(np.float64), even, FLAT_SHAPE_SD

    def _most_alike(self, channel: str, mask: BoolArray) -> str:
        """The channel with finer rows whose hours are most like these; of equals the busiest."""
        best, chosen = (0.0, 0.0), ""
        for name in self.positions:
            fine = self._fine_rows(name) if name != channel else None
            if fine is None:
                continue
            own = (np.isfinite(fine.counts) & (fine.counts > 0)).any(axis=0)
            hours = mask.any(axis=0)
            overlap = float((own & hours).sum()) / max(1.0, float((own | hours).sum()))
            found = (round(overlap, 1), float(np.nansum(fine.counts[-_RECENT_DAYS:])))
            if overlap > 0 and found > best:
                best, chosen = found, name
        return chosen

    def _lent(
        self, channel: str, mask: BoolArray, statement: Statement, own: Source | None
    ) -> Source:
        """A sibling's history, scaled to what is stated and what has been seen."""
        like = self._own(statement.like, mask) if statement.like else None
        lender = like.series if like else None
        note = f"it has no history of its own and is taken to be like '{statement.like}'"
        sd = LIKE_SHAPE_SD
        if lender is None or not (np.isfinite(lender.counts) & mask[lender.weekdays]).any():
            if own is not None and statement.offered_week is None:
                return own
            lender = self._flat(channel, mask)
            note = "it has no history: its contacts are spread evenly over its opening hours"
            sd = FLAT_SHAPE_SD
        usual = week_of(lender, mask)
        stated = statement.share
        if statement.offered_week is not None:
            stated = statement.offered_week / max(float(usual.sum()), 1e-12)
        scale, variance, seen = _level(stated, usual, own)
        if seen:
            note = note.replace("no history of its own", f"only {seen} days of history")
        said = f"{note}, at {scale * float(usual.sum()):.0f} contacts in an ordinary week"
        return Source(
            replace(lender, channel=channel),
            scale,
            variance,
            sd**2,
            own.series if own else None,
            True,
            is_spread=like.is_spread if like and lender is like.series else None,
            notes=(said,),
        )

    def _flat(self, channel: str, mask: BoolArray) -> Series:
        """Two weeks of one contact in every open interval, before the horizon."""
        days = np.arange(self.last_day - 13, self.last_day + 1, dtype=np.int64)
        wide = mask if mask.any() else np.ones_like(mask)
        counts = np.where(wide[(days + 3) % 7], 1.0, np.nan)
        nothing = np.full(counts.shape, np.nan)
        return Series(channel, self.interval_min, days, counts, np.zeros(counts.shape), nothing)


def week_of(series: Series, mask: BoolArray) -> FloatArray:
    """Usual contacts of a week, (weekday, slot): means of recent weeks, single ones in reach."""
    last = int(series.days[series.has_rows][-1]) if series.has_rows.any() else 0
    recent = series.window(last + 1 - 7 * _WEEKS, last + 1)
    usual = np.zeros(mask.shape)
    known = np.zeros(mask.shape, dtype=np.bool_)
    for weekday in range(7):
        counts = recent.counts[recent.weekdays == weekday]
        seen = np.isfinite(counts)
        known[weekday] = seen.any(axis=0)
        if known[weekday].any():
            some = counts[:, known[weekday]]
            held = np.fmin(some, 4.0 * np.nanmedian(some, axis=0) + 10.0)
            usual[weekday, known[weekday]] = np.nanmean(held, axis=0)
    holes = mask & ~known
    if holes.any() and known.any():
        by_slot = usual.sum(axis=0) / np.maximum(known.sum(axis=0), 1)
        overall = float(usual[known].mean())
        usual = np.where(holes, np.where(known.any(axis=0), by_slot, overall), usual)
    week: FloatArray = np.where(mask, usual, 0.0)
    return week


def _level(stated: float | None, usual: FloatArray, own: Source | None) -> tuple[float, float, int]:
    """Factor on the lender's level, variance of its log, and own days that it rests on."""
    if own is None or not own.series.has_rows.any():
        return (stated or 0.0), STATED_SD**2, 0
    series = own.series
    known = np.isfinite(series.counts) & (usual[series.weekdays] > 0)
    days = int(known.any(axis=1).sum())
    expected = float(usual[series.weekdays][known].sum())
    arrived = float(series.counts[known].sum())
    if expected <= 0:
        return (stated or 0.0), STATED_SD**2, 0
    ratio = (arrived + 0.5) / (expected + 0.5 / max(stated or 1.0, 1e-9))
    variance = 1.0 / (arrived + 0.5) + DAY_SD**2 / days + DRIFT_SD**2
    if not stated:
        return ratio, variance, days
    weight = (1 / STATED_SD**2) / (1 / STATED_SD**2 + 1 / variance)
    log_scale = weight * np.log(stated) + (1 - weight) * np.log(ratio)
    return float(np.exp(log_scale)), float(1 / (1 / STATED_SD**2 + 1 / variance)), days


def _some(local: LocalTime, keep: BoolArray) -> LocalTime:
    """The wall times of some rows."""
    return LocalTime(local.day[keep], local.minute[keep], local.utc_min[keep])


def _coarse(rows: pd.DataFrame, local: LocalTime, grain: int) -> Coarse:
    """Rows of one length."""
    offered = rows["offered"].to_numpy(np.float64)
    aht = rows["aht_s"].to_numpy(np.float64)
    handled = np.where(np.isfinite(aht) & (aht > 0), handled_of(rows, offered), 0.0)
    return Coarse(grain, local.day, local.minute, offered, aht, handled)


def _wide(mask: BoolArray) -> BoolArray:
    """Open slots of every weekday; those of the others where a weekday has none."""
    hours = mask.any(axis=0)
    if not hours.any():
        return np.ones_like(mask)
    return np.where(mask.any(axis=1, keepdims=True), mask, hours)


def _shape_of(series: Series, mask: BoolArray) -> FloatArray:
    """The profile of recent finer rows, (weekday, slot)."""
    last = int(series.days[series.has_rows][-1])
    recent = series.window(last + 1 - _RECENT_DAYS, last + 1)
    profile: FloatArray = fit_shape(recent, mask, recent.has_rows, np.ones(recent.days.size)).values
    return profile


def _said_of_parts(offered: FloatArray) -> list[str]:
    """What to say of counts that are no whole numbers."""
    parts = int((offered % 1 != 0).sum())
    what = "counts are no whole numbers; they are taken for estimates"
    return [f"{parts} {what}"] if parts else []


def _said_of_spread(local: LocalTime, length: IntArray, interval_min: int, how: str) -> str:
    """What was spread and how."""
    long = length > 0
    grain = int(length.max())
    what = "day totals" if grain == DAY_MIN else f"rows of {grain} minutes"
    if long.all():
        return f"the history has only {what}; they are spread over intervals {how}"
    first, last = date_of(local.day[long].min()), date_of(local.day[long].max())
    return (
        f"{what} from {first} to {last} are longer than intervals of {interval_min} minutes; "
        f"they are spread {how}"
    )
