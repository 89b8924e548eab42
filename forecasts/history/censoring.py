"""
Demand that was not seen: refused contacts, full lines, customers who hung up.

What is offered is what was let in. Where contacts were refused they are added; where counts pile
up at a ceiling, or many hang up, the true demand is another one, and that is said: how much
larger cannot be known from counts alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasts.history.series import DAY_MIN, FloatArray, IntArray

RECENT_DAYS = 56
ABANDONED_MOST = 0.20  # of the offered, beyond which redials and lost contacts shape the counts
_COUNTED_SHARE = 0.9  # of the blocked, that must be in the offered to be part of it
_CEILING_LEAST = 8.0  # contacts, below which the highest count is no ceiling
_CEILING_ROWS = 20
_CEILING_TIMES = 3.0  # rows at the ceiling / rows in the band of the same width below it
_CEILING_BAND = 0.03  # width of that band
_CEILING_SHARE = 0.5  # of all rows; beyond, counts are constant


@dataclass(frozen=True)
class Demand:
    """Contacts of rows with those that were refused, what to say, and the channel's columns."""

    offered: FloatArray
    notes: tuple[str, ...]
    columns: dict[str, float]


def demand_of(rows: pd.DataFrame, utc_min: IntArray) -> Demand:
    """
    Demand of one channel's rows.

    Columns are abandoned_share and blocked_share of the last eight weeks (NaN where unknown) and
    ceiling, the count at which rows pile up (NaN where none does).
    """
    offered = rows["offered"].to_numpy(np.float64)
    recent = utc_min > utc_min.max(initial=0) - RECENT_DAYS * DAY_MIN
    notes: list[str] = []
    blocked = _known(rows, "blocked")
    blocked_share = np.nan
    if blocked is not None and blocked.sum() > 0:
        if not _is_counted(rows, offered, blocked):
            offered = offered + blocked
            notes.append(
                f"{blocked.sum():.0f} contacts that were refused are added to the offered; if they "
                "are in there, leave out the column blocked"
            )
        blocked_share = _share(blocked[recent], offered[recent])
    abandoned = _known(rows, "abandoned")
    abandoned_share = (
        _share(abandoned[recent], offered[recent]) if abandoned is not None else np.nan
    )
    if abandoned_share > ABANDONED_MOST:
        notes.append(
            f"{abandoned_share:.0%} of the contacts of the last eight weeks hung up: some called "
            "again and were counted twice, some never came back; with other staff, others will come"
        )
    top = ceiling(offered)
    if np.isfinite(top):
        at = int((offered >= top * (1 - _CEILING_BAND)).sum())
        notes.append(
            f"counts pile up at {top:g} ({at} rows): lines that were full, or a cap, hid demand, "
            "so that the forecast of busy hours is too low"
        )
    return Demand(
        offered,
        tuple(notes),
        {"abandoned_share": abandoned_share, "blocked_share": blocked_share, "ceiling": top},
    )


def ceiling(offered: FloatArray) -> float:
    """
    The count at which rows pile up, NaN where they thin out as counts of free demand do.

    Rows within 3 % of the highest count are set against those in the band of that width below;
    the highest of all (a spike) may stand alone.
    """
    some = np.sort(offered[offered > 0])
    if some.size < 2 * _CEILING_ROWS:
        return float("nan")
    for top in np.unique(some[-3:])[::-1]:  # one or two faults may stand above
        width = max(1.0, _CEILING_BAND * top)
        at = int(((some > top - width) & (some <= top)).sum())
        below = int(((some > top - 2 * width) & (some <= top - width)).sum())
        piled = at >= max(_CEILING_ROWS, _CEILING_TIMES * below)
        if top >= _CEILING_LEAST and piled and at <= _CEILING_SHARE * offered.size:
            return float(top)
    return float("nan")


def _known(rows: pd.DataFrame, name: str) -> FloatArray | None:
    """A column with zeros where it is unknown; None where it is not there or nowhere known."""
    if name not in rows:
        return None
    values = rows[name].to_numpy(np.float64)
    return np.nan_to_num(values) if np.isfinite(values).any() else None


def _is_counted(rows: pd.DataFrame, offered: FloatArray, blocked: FloatArray) -> bool:
    """Whether the offered hold the blocked, by the sum of all that became of contacts."""
    answered, abandoned = _known(rows, "answered"), _known(rows, "abandoned")
    if answered is None or abandoned is None:
        return False
    rest = float(offered.sum() - answered.sum() - abandoned.sum())
    return rest >= _COUNTED_SHARE * float(blocked.sum())


def _share(part: FloatArray, whole: FloatArray) -> float:
    """Part / whole, NaN of nothing."""
    total = float(whole.sum())
    return float(part.sum()) / total if total > 0 else float("nan")
