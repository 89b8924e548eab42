"""What has come so far, as a frame that is checked before a day is forecast anew."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecasts.errors import ForecastError
from forecasts.history.series import BoolArray

_COLUMNS = ("channel", "interval_start", "offered")
_SHOWN = 3  # faults that are told; of more it is said how many


def checked_instant(as_of: pd.Timestamp, starts: pd.Series, interval_min: int) -> pd.Timestamp:
    """
    ``as_of`` in UTC.

    Raises
    ------
    ForecastError
        When it has no time zone, or lies outside the horizon of ``starts``.
    """
    as_of = pd.Timestamp(as_of)
    if pd.isna(as_of) or as_of.tzinfo is None:
        raise ForecastError(
            f"as_of = {as_of} has no time zone: write an instant, such as 2026-10-19 11:30+01:00."
        )
    first, end = starts.min(), starts.max() + pd.Timedelta(minutes=interval_min)
    if not first <= as_of <= end:
        raise ForecastError(
            f"as_of = {as_of} lies outside the forecast's horizon of {first} to {end}: make a "
            "forecast that holds this instant."
        )
    return as_of.tz_convert("UTC")


def checked_so_far(
    so_far: pd.DataFrame, intervals: pd.DataFrame, as_of: pd.Timestamp
) -> pd.DataFrame:
    """
    Contacts and handle times by channel and interval_start; NaN where nothing is known.

    Parameters
    ----------
    so_far
        Columns channel, interval_start, offered, and aht_s where known.
    intervals
        Those of the forecast: rows before them and from ``as_of`` on are not looked at.

    Raises
    ------
    ForecastError
        When columns are missing, instants have no zone, a channel is not forecast, an interval
        stands there twice or is none of the forecast's, or a value is no count or time. All
        faults of the rows are told together.
    """
    for name in _COLUMNS:
        if name not in so_far:
            raise ForecastError(
                f"so_far has no column '{name}': it needs {', '.join(_COLUMNS)}, and aht_s where "
                "known."
            )
    if so_far.empty:
        empty = pd.MultiIndex.from_arrays([[], []], names=list(_COLUMNS[:2]))
        return pd.DataFrame({"offered": [], "aht_s": []}, index=empty, dtype=np.float64)
    if not isinstance(so_far["interval_start"].dtype, pd.DatetimeTZDtype):
        raise ForecastError(
            f"so_far: interval_start holds {so_far['interval_start'].dtype}, not instants: give "
            "timestamps with a time zone, such as UTC."
        )
    starts = so_far["interval_start"]
    inside = (starts >= intervals["interval_start"].min()) & (starts < as_of)
    rows = so_far[inside | starts.isna()]
    faults = _faults(rows, intervals)
    if faults:
        more = f" ({len(faults)} faults)" if len(faults) > _SHOWN else ""
        raise ForecastError("; ".join(faults[:_SHOWN]) + more + ".")
    found: pd.DataFrame = rows.assign(
        interval_start=rows["interval_start"].dt.tz_convert("UTC"),
        offered=rows["offered"].astype(np.float64),
        aht_s=rows["aht_s"].astype(np.float64) if "aht_s" in rows else np.nan,
    )
    known: pd.DataFrame = found.set_index(["channel", "interval_start"])[["offered", "aht_s"]]
    return known


def _faults(rows: pd.DataFrame, intervals: pd.DataFrame) -> list[str]:
    """One sentence for every row that cannot be read."""
    channels = list(dict.fromkeys(intervals["channel"]))
    known = pd.MultiIndex.from_frame(intervals[["channel", "interval_start"]])
    index = pd.MultiIndex.from_frame(rows[["channel", "interval_start"]])
    strange = ~rows["channel"].isin(channels).to_numpy()
    said = f"is not forecast: the channels are {', '.join(map(str, channels))}"
    faults = _each(rows, strange, "channel", said)
    off = ~index.isin(known) & ~strange
    faults += _each(rows, off, "interval_start", "begins no interval of the forecast")
    twice = np.asarray(index.duplicated(), dtype=np.bool_)
    faults += _each(rows, twice, "interval_start", "stands there twice: delete the copy")
    for name, what in (("offered", "a count of contacts"), ("aht_s", "a handle time in seconds")):
        if name in rows:
            number = pd.to_numeric(rows[name], errors="coerce").to_numpy(np.float64)
            empty = rows[name].isna().to_numpy()
            bad = ~empty & ~(np.isfinite(number) & (number >= 0))
            faults += _each(rows, bad, name, f"is not {what}: leave it empty if unknown")
    return faults


def _each(rows: pd.DataFrame, bad: BoolArray, column: str, what: str) -> list[str]:
    """What is wrong with a column, row by row."""
    return [
        f"so_far[{label}] {column} = '{value}' {what}"
        for label, value in zip(rows.index[bad], rows[column][bad], strict=True)
    ]
