"""Forecast, requirement, outcome and ledger as tables of a run folder, and back.

Numbers are written with as many digits as they have, so that what is read back
is the same to the last bit. Arrays are (channel, interval).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfplan.domain.cells import csv_text
from wfplan.domain.columns import ColumnType, Table
from wfplan.domain.forecast_tables import FORECAST
from wfplan.domain.offers import Offer
from wfplan.domain.results import DemandForecast, FloatArray, Outcome, StaffNeed
from wfplan.domain.run_tables import LEDGER, OFFERS, OUTCOME, REQUIREMENT
from wfplan.errors import did_you_mean
from wfplan.horizon import Horizon
from wfplan.store.reading import Faults, Row, read_rows

Arrays = dict[str, NDArray[Any]]
REQUIREMENT_READ = replace(
    REQUIREMENT, columns=tuple(c for c in REQUIREMENT.columns if c.name != "staff_habit")
)
"""What is read back of ``requirement.csv``: not what stands there for comparison only."""

_GRID_COLUMNS = 2
FORECAST_LATER = ("offered_q025", "offered_q975", "aht_q10", "aht_q90")
"""Columns of ``forecast.csv`` that older runs do not have."""
FORECAST_OPTIONAL = ("fresh_share", "offered_statistical", *FORECAST_LATER)
"""Columns of ``forecast.csv`` that may be empty."""


def forecast_csv(demand: DemandForecast) -> str:
    """``forecast.csv``."""
    unknown = np.full(demand.offered_mean.shape, None)
    beside = {name: unknown for name in FORECAST_OPTIONAL if getattr(demand, name) is None}
    return csv_text(FORECAST.names, _grid_rows(demand, demand.channels, FORECAST, beside))


def table_csv(frame: pd.DataFrame, table: Table) -> str:
    """A frame as the file of its table."""
    return _frame_csv(frame, table)


def requirement_csv(need: StaffNeed, staff_habit: FloatArray | None = None) -> str:
    """``requirement.csv``; ``staff_habit`` stands beside the requirement for whoever compares."""
    empty = np.full(need.staff_required.shape, None)
    beside = {"staff_habit": empty if staff_habit is None else staff_habit}
    return csv_text(REQUIREMENT.names, _grid_rows(need, need.channels, REQUIREMENT, beside))


def outcome_csv(outcome: Outcome) -> str:
    """``outcome.csv``."""
    return _frame_csv(outcome.measures, OUTCOME)


def ledger_csv(ledger: pd.DataFrame) -> str:
    """``ledger.csv``."""
    return _frame_csv(ledger, LEDGER)


def offers_csv(offers: pd.DataFrame) -> str:
    """``offers.csv``."""
    return _frame_csv(offers, OFFERS)


def read_grid(path: Path, table: Table, channels: Sequence[str], horizon: Horizon) -> Arrays:
    """
    The arrays of a table with one row per channel and interval.

    Raises
    ------
    InputFaultsError
        When a row is at fault, unknown, there twice or missing.
    """
    faults = Faults(str(path))
    rows = read_rows(path, table, faults)
    placed = _placed(rows, channels, horizon, faults)
    faults.raise_any()
    shape = len(channels), horizon.interval_count
    arrays: Arrays = {}
    for column in table.columns[_GRID_COLUMNS:]:
        values = [row.get(column.name, np.nan) for row in placed]
        arrays[column.name] = np.array(values).reshape(shape)
    return arrays


def read_frame(path: Path, table: Table) -> pd.DataFrame:
    """The frame of a table; instants are UTC, dates are ``datetime.date``."""
    faults = Faults(str(path))
    rows = read_rows(path, table, faults)
    faults.raise_any()
    frame = pd.DataFrame(
        {column.name: [row.get(column.name, np.nan) for row in rows] for column in table.columns},
        columns=list(table.names),
    )
    for column in table.columns:
        if column.type is ColumnType.INSTANT:
            frame[column.name] = pd.to_datetime(frame[column.name], utc=True)
        elif column.type is ColumnType.NUMBER:
            frame[column.name] = frame[column.name].astype(float)
    return frame


def _grid_rows(
    result: DemandForecast | StaffNeed,
    channels: Sequence[str],
    table: Table,
    beside: Mapping[str, NDArray[Any]] | None = None,
) -> Iterator[tuple[object, ...]]:
    """One row per channel and interval; ``beside`` are columns that the result does not have."""
    horizon = result.horizon
    starts = [horizon.interval_instant(t) for t in range(horizon.interval_count)]
    arrays = {**vars(result), **(beside or {})}
    columns = [arrays[name].tolist() for name in table.names[_GRID_COLUMNS:]]
    for c, channel in enumerate(channels):
        per_channel = [column[c] for column in columns]
        for start, *values in zip(starts, *per_channel, strict=True):
            yield (channel, start, *values)


def _frame_csv(frame: pd.DataFrame, table: Table) -> str:
    """A frame with the columns of its table first, absent ones empty, and its own after them."""
    header = (*table.names, *(str(name) for name in frame.columns if name not in table.names))
    missing = [None] * len(frame)
    columns = [_cells(frame[name]) if name in frame else missing for name in header]
    return csv_text(header, zip(*columns, strict=True))


def _cells(column: pd.Series[Any]) -> list[object]:
    """Values of a column, ``None`` for what is missing."""
    is_missing = column.isna()
    return [None if gone else v for v, gone in zip(column.tolist(), is_missing, strict=True)]


def _placed(
    rows: list[Row], channels: Sequence[str], horizon: Horizon, faults: Faults
) -> list[Row]:
    """The rows in the order of the grid; rows that do not fit it become faults."""
    index = {
        (channel, horizon.interval_instant(t)): c * horizon.interval_count + t
        for c, channel in enumerate(channels)
        for t in range(horizon.interval_count)
    }
    placed: dict[int, Row] = {}
    for row in rows:
        key = row["channel"], row["interval_start"]
        if row["channel"] not in channels:
            hint = did_you_mean(row["channel"], channels)
            faults.add("the plan has no such channel", line=row.line, column="channel", hint=hint)
        elif key not in index:
            reason = f"no interval of the week begins at {row['interval_start']:%Y-%m-%dT%H:%M:%SZ}"
            faults.add(reason, line=row.line, column="interval_start")
        elif (first := placed.setdefault(index[key], row)) is not row:
            faults.add(f"this interval stands in line {first.line} already", line=row.line)
    if not faults.found:
        absent = [key for key, place in index.items() if place not in placed]
        for channel, start in absent:
            faults.add(f"the row of {channel} at {start:%Y-%m-%dT%H:%M:%SZ} is missing")
    return [placed[place] for place in sorted(placed)]


def offers_frame(offers: Sequence[Offer]) -> pd.DataFrame:
    """Offers as the table of a run folder has them."""
    rows = [
        (str(one.kind), one.agent_id or np.nan, one.group, one.contract, one.start, one.end,
         one.saves_harm, one.costs_hours, one.costs_money, one.why)
        for one in offers
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(OFFERS.names))
    for name in ("start", "end"):
        frame[name] = pd.to_datetime(frame[name], utc=True)
    for name in ("saves_harm", "costs_hours", "costs_money"):
        frame[name] = frame[name].astype(float)
    return frame
