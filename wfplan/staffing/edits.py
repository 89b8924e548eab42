"""A planner's own requirement: raised or lowered by hand in requirement.csv."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from wfplan.domain.results import Binding, StaffNeed
from wfplan.errors import InputError, did_you_mean

ROUNDING = 1e-3  # effective staff: smaller differences are the rounding of the table


def with_edits(need: StaffNeed, requirement: pd.DataFrame) -> StaffNeed:
    """
    The need with ``staff_required`` of an edited table; changed rows bind as ``edited``.

    ``requirement`` has the columns channel, interval_start and staff_required
    (effective staff); rows that are left out stay as they were computed.

    Raises
    ------
    InputError
        When a row names no channel or interval of the plan, or its staff are
        negative or not a number.
    """
    rows = requirement.reset_index(drop=True)
    channel = _channels(need, rows)
    interval = _intervals(need, rows)
    wanted = pd.to_numeric(rows["staff_required"], errors="coerce").to_numpy(dtype=np.float64)
    _refuse(
        ~(np.isfinite(wanted) & (wanted >= 0)),
        rows["staff_required"],
        "staff_required",
        "is not a number of staff: write 0 or more, with a decimal point",
    )
    required, binding = need.staff_required.copy(), need.binding.copy()
    changed = np.abs(required[channel, interval] - wanted) > ROUNDING
    place = (channel[changed], interval[changed])
    required[place] = wanted[changed]
    binding[place] = str(Binding.EDITED)
    return replace(need, staff_required=required, binding=binding)


def _channels(need: StaffNeed, rows: pd.DataFrame) -> np.ndarray:
    """Index of every row's channel."""
    channel = pd.Index(need.channels).get_indexer(pd.Index(rows["channel"]))
    unknown = rows.loc[channel < 0, "channel"]
    hint = did_you_mean(str(unknown.iloc[0]), need.channels) if len(unknown) else ""
    _refuse(
        channel < 0,
        rows["channel"],
        "channel",
        f"is not a channel of the plan ({', '.join(need.channels)}) {hint}".strip(),
    )
    return channel


def _intervals(need: StaffNeed, rows: pd.DataFrame) -> np.ndarray:
    """Index of every row's interval."""
    starts = pd.to_datetime(rows["interval_start"], utc=True, errors="coerce")
    known = pd.DatetimeIndex(need.horizon.interval_starts).tz_localize("UTC")
    interval = known.get_indexer(pd.DatetimeIndex(starts))
    _refuse(
        interval < 0,
        rows["interval_start"],
        "interval_start",
        f"is not the start of an interval of the plan, which runs from {known[0]:%Y-%m-%dT%H:%MZ} "
        f"in steps of {need.horizon.interval_min} minutes (UTC)",
    )
    return interval


def _refuse(bad: np.ndarray, values: pd.Series, column: str, why: str) -> None:
    """Raise for the first bad row, saying its line (the header is line 1) and how many more."""
    if not bad.any():
        return
    first = int(np.argmax(bad))
    more = f" ({int(bad.sum())} of {len(bad)} rows)" if bad.sum() > 1 else ""
    raise InputError(f"requirement.csv:{first + 2}: {column}: '{values.iloc[first]}' {why}.{more}")
