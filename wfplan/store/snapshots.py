"""Snapshots of forecasts: what was said, and when, so that what comes can judge it.

A snapshot is one gzip file in the plan's folder ``snapshots``: a line of JSON, then a table. Its
name holds the first date and the hash of its content, so that the same forecast is kept once,
whenever it is made again; the file has the same bytes for the same content. Nothing is
overwritten; beyond the retention the oldest go. Whatever keeps plans later needs only
:func:`keep_snapshot` and :func:`read_snapshots`.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from wfplan.domain.atomic import write_file
from wfplan.domain.cells import instant_cell
from wfplan.domain.hand_tables import SNAPSHOT
from wfplan.domain.results import DemandForecast
from wfplan.domain.snapshots import Snapshot
from wfplan.errors import Fault, InputFaultsError

FOLDER = "snapshots"
SCHEMA = "wfplan-snapshot/1"
_HASH_LENGTH = 16
_DIGITS = 6


def keep_snapshot(
    plan_path: Path,
    demand: DemandForecast,
    origin: datetime,
    made_at: datetime,
    version: str,
    *,
    most: int,
) -> Path | None:
    """
    Keep what a forecast says; the file, or None where none is to be kept.

    Parameters
    ----------
    origin
        The instant up to which the forecast knew what came.
    most
        Snapshots that are kept at most, the oldest go; 0 keeps none.

    Raises
    ------
    OutputError
        When the disk refuses.
    """
    if most < 1:
        return None
    folder = folder_of(plan_path)
    head = {
        "schema": SCHEMA,
        "origin": instant_cell(origin),
        "week": demand.horizon.first_day.isoformat(),
        "interval_min": demand.horizon.interval_min,
        "timezone": demand.horizon.timezone,
        "layers": sorted({day.layer for day in demand.layers}),
        "version": version,
    }
    body = _table(demand)
    digest = hashlib.sha256(json.dumps(head).encode() + body).hexdigest()[:_HASH_LENGTH]
    path = folder / f"{demand.horizon.first_day.isoformat()}-{digest}.csv.gz"
    if path.exists():
        return path
    first = json.dumps(head | {"made_at": instant_cell(made_at)}) + "\n"
    write_file(path, gzip.compress(first.encode() + body, mtime=0))
    _forget_oldest(folder, most, path)
    return path


def read_snapshots(plan_path: Path) -> tuple[Snapshot, ...]:
    """
    All snapshots of a plan in order of when they were made.

    Raises
    ------
    InputFaultsError
        Naming every file that is no snapshot.
    """
    found, faults = [], []
    for path in sorted(folder_of(plan_path).glob("*.csv.gz")):
        try:
            found.append(_read(path))
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            hint = "it is not needed for planning: move it away"
            faults.append(Fault(f"is no snapshot ({error})", file=str(path), hint=hint))
    if faults:
        raise InputFaultsError(faults)
    return tuple(sorted(found, key=lambda one: (one.made_at, one.name)))


def folder_of(plan_path: Path) -> Path:
    """The folder of a plan's snapshots."""
    return (plan_path if plan_path.is_dir() else plan_path.parent) / FOLDER


def _table(demand: DemandForecast) -> bytes:
    """Channel, interval and what was said, of all intervals in which anything was."""
    below = demand.offered_statistical
    said = {
        "statistical": demand.offered_mean if below is None else below,
        "mean": demand.offered_mean,
        "q10": demand.offered_q10,
        "q50": demand.offered_q50,
        "q90": demand.offered_q90,
        "rate_cv": demand.rate_cv,
    }
    starts = [instant_cell(demand.horizon.interval_instant(t))
              for t in range(demand.horizon.interval_count)]  # fmt: skip
    some = (said["mean"] > 0) | (said["statistical"] > 0)
    channel, interval = np.nonzero(some)
    frame = pd.DataFrame(
        {
            "channel": np.array(demand.channels, dtype=object)[channel],
            "interval_start": np.array(starts, dtype=object)[interval],
            **{name: values[some] for name, values in said.items()},
        },
        columns=list(SNAPSHOT.names),
    )
    text: str = frame.to_csv(index=False, float_format=f"%.{_DIGITS}g", lineterminator="\n")
    return text.encode()


def _read(path: Path) -> Snapshot:
    """One snapshot."""
    raw = gzip.decompress(path.read_bytes())
    first, _, body = raw.partition(b"\n")
    head: dict[str, Any] = json.loads(first)
    if head.get("schema") != SCHEMA:
        raise ValueError("its first line is not that of a snapshot")
    frame = pd.read_csv(io.BytesIO(body), dtype={"channel": str}, keep_default_na=False,
                        na_values=[""])  # fmt: skip
    if list(frame.columns) != list(SNAPSHOT.names):
        raise ValueError("its columns are not those of a snapshot")
    frame["interval_start"] = pd.to_datetime(frame["interval_start"], utc=True)
    return Snapshot(
        name=path.name.removesuffix(".csv.gz"),
        made_at=datetime.fromisoformat(head["made_at"]),
        origin=datetime.fromisoformat(head["origin"]),
        week=head["week"],
        layers=tuple(head["layers"]),
        version=str(head["version"]),
        said=frame.astype(dict.fromkeys(SNAPSHOT.names[2:], float)),
    )


def _forget_oldest(folder: Path, most: int, kept: Path) -> None:
    """Remove the oldest snapshots beyond the retention, but never the one just made."""
    made = []
    for path in folder.glob("*.csv.gz"):
        try:
            with gzip.open(path, "rt", encoding="utf-8") as file:
                made.append((str(json.loads(file.readline())["made_at"]), path.name, path))
        except (OSError, EOFError, ValueError, KeyError, TypeError):
            continue  # no snapshot of ours: it is not ours to remove
    others = [path for _, _, path in sorted(made) if path != kept]
    for path in others[: max(len(made) - most, 0)]:
        with suppress(OSError):
            path.unlink()
