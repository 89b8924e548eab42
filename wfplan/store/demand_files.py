"""The forecast in a run folder: ``forecast.csv``, what was laid on it, and edits by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, replace
from datetime import datetime
from math import isclose
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from wfplan.domain.cells import csv_text
from wfplan.domain.columns import Table
from wfplan.domain.forecast_tables import FORECAST, FORECAST_TABLES
from wfplan.domain.hand_tables import FORECAST_LAYERS, SUFFICIENCY
from wfplan.domain.overrides import LayerDay
from wfplan.domain.results import DemandForecast
from wfplan.domain.snapshots import Sufficiency
from wfplan.horizon import Horizon
from wfplan.staffing import HAND_EDIT, day_totals
from wfplan.store import frames
from wfplan.store.reading import Faults, read_rows

Made = TypeVar("Made", LayerDay, Sufficiency)


def demand_files(demand: DemandForecast) -> dict[str, str]:
    """The tables of a forecast by file; ``forecast_layers.csv`` only where there is a layer."""
    files = {FORECAST.file: frames.forecast_csv(demand)}
    for table in FORECAST_TABLES:
        if (frame := demand.tables.get(table.name)) is not None:
            files[table.file] = frames.table_csv(frame, table)
    if demand.layers:
        layers = [astuple(one) for one in demand.layers]
        files[FORECAST_LAYERS.file] = csv_text(FORECAST_LAYERS.names, layers)
    if demand.sufficiency:
        rows = [astuple(one) for one in demand.sufficiency]
        files[SUFFICIENCY.file] = csv_text(SUFFICIENCY.names, rows)
    return files


def read_demand(
    folder: Path, horizon: Horizon, content: Mapping[str, Any], outputs: Mapping[str, Any]
) -> DemandForecast:
    """
    The forecast of a folder whose manifest says ``content`` of it; hand edits are a layer.

    ``outputs`` are the files that the run wrote.
    """
    channels = tuple(channel["channel"] for channel in content["channels"])
    patience = [channel["patience_s"] for channel in content["channels"]]
    grid: dict[str, Any] = _grid(folder / FORECAST.file, channels, horizon)
    unknown = np.full(1, np.nan)
    below = np.asarray(grid.pop("offered_statistical", unknown), dtype=np.float64)
    fresh = np.asarray(grid.pop("fresh_share", unknown), dtype=np.float64)
    demand = DemandForecast(
        horizon=horizon,
        channels=channels,
        day_share=np.array([channel["day_share"] for channel in content["channels"]], dtype=float),
        patience_s=np.array([np.inf if s is None else s for s in patience], dtype=float),
        notes=tuple(content["notes"]),
        as_of=datetime.fromisoformat(content["as_of"]) if content.get("as_of") else None,
        tables={
            table.name: frames.read_frame(folder / table.file, table)
            for table in FORECAST_TABLES
            if table.file in outputs and (folder / table.file).is_file()
        },
        fresh_share=np.minimum(fresh, 1.0) if np.isfinite(fresh).all() else None,
        offered_statistical=below if np.isfinite(below).all() else None,
        layers=_read(folder / FORECAST_LAYERS.file, FORECAST_LAYERS, LayerDay),
        sufficiency=_read(folder / SUFFICIENCY.file, SUFFICIENCY, Sufficiency),
        **grid,
    )
    return _with_hand_edit(demand, [channel.get("days") for channel in content["channels"]])


def _grid(path: Path, channels: Sequence[str], horizon: Horizon) -> frames.Arrays:
    """The arrays of ``forecast.csv``; of an older one without those that came later."""
    grid = frames.read_grid(path, FORECAST, channels, horizon)
    gone = [
        name for name in frames.FORECAST_OPTIONAL if name in grid and np.isnan(grid[name]).all()
    ]
    return {name: values for name, values in grid.items() if name not in gone}


def _read(path: Path, table: Table, kind: type[Made]) -> tuple[Made, ...]:
    """The rows of a table as what they were made of, none where the run folder has no such file."""
    if not path.is_file():
        return ()
    faults = Faults(str(path))
    rows = read_rows(path, table, faults)
    faults.raise_any()
    return tuple(kind(*(row.get(column, "") for column in table.names)) for row in rows)


def _with_hand_edit(demand: DemandForecast, written: list[list[float] | None]) -> DemandForecast:
    """Demand with the dates whose totals are not those that were written as a layer of its own."""
    totals = day_totals(demand.offered_mean, demand.horizon)
    edits = [
        LayerDay(demand.channels[c], demand.horizon.dates[d], HAND_EDIT, FORECAST.file, before,
                 float(totals[c, d]))
        for c, days in enumerate(written)
        for d, before in enumerate(days or ())
        if not isclose(before, totals[c, d], rel_tol=1e-9, abs_tol=1e-6)
    ]  # fmt: skip
    return replace(demand, layers=(*demand.layers, *edits)) if edits else demand
