"""A backtest as a folder: its tables, its page, and a manifest with the hash of every file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from wfplan.domain.atomic import MANIFEST, check_replaceable, replacing_folder
from wfplan.domain.backtests import TABLES, ForecastBacktest
from wfplan.domain.cells import csv_text
from wfplan.domain.definitions import DEFINITIONS

BACKTEST_SCHEMA = "wfplan-backtest/1"
BACKTEST_PAGE = "backtest.html"


def check_backtest_folder(folder: Path) -> None:
    """Raise an OutputError, before any work, when a backtest must not be written there."""
    check_replaceable(folder, schema=BACKTEST_SCHEMA)


def write_backtest(
    found: ForecastBacktest, folder: Path, *, about: Mapping[str, Any], page: str | None
) -> list[Path]:
    """
    Write the tables of a backtest, and its page; the folder is the old one or the new one.

    ``about`` goes into the manifest: inputs, settings, verdicts.
    """
    tables = [table for table in TABLES if table.name in found.tables]
    texts = {table.file: _csv(found.tables[table.name]) for table in tables}
    if page is not None:
        texts[BACKTEST_PAGE] = page
    files = {name: text.encode() for name, text in texts.items()}
    content = {
        "schema": BACKTEST_SCHEMA,
        "plan": found.plan,
        "planned": found.planned,
        "origins": found.origins,
        "is_partial": found.is_partial,
        **about,
        "notes": list(found.notes),
        "outputs": {
            name: {"bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest()}
            for name, raw in sorted(files.items())
        },
        "definitions": DEFINITIONS,
    }
    raw = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    with replacing_folder(folder, schema=BACKTEST_SCHEMA) as temporary:
        for name, one in files.items():
            (temporary / name).write_bytes(one)
        (temporary / MANIFEST).write_bytes(raw.encode())
    return [folder / name for name in (*files, MANIFEST)]


def _csv(frame: pd.DataFrame) -> str:
    """A frame as CSV, unknown values empty."""
    columns = [
        [None if gone else one for one, gone in zip(column.tolist(), column.isna(), strict=True)]
        for column in (frame[name] for name in frame)
    ]
    return csv_text([str(name) for name in frame], zip(*columns, strict=True))
