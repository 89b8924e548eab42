"""
Run folders, exports and quarters whose weeks are over their time.

A run becomes what it was before its schedule: what customers asked for and what that needed stay,
and can be read and judged; an export is about people alone, and goes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from wfplan.domain.atomic import MANIFEST, read_schema
from wfplan.domain.forecast_tables import FORECAST_TABLES
from wfplan.domain.hand_tables import FORECAST_LAYERS, SUFFICIENCY
from wfplan.domain.quarters import PEOPLE
from wfplan.domain.run_tables import REQUIREMENT
from wfplan.store.arrays import CURVES, without_plan
from wfplan.store.erasing.folders import Rewritten, own_files, remove_export, write_anew
from wfplan.store.erasing.loose import remove_rows, rows_to_remove
from wfplan.store.manifest import RUN_SCHEMA, manifest_bytes, without_people
from wfplan.store.quarter_folder import is_quarter

_OF_NOBODY = frozenset(
    (
        *(table.file for table in FORECAST_TABLES), FORECAST_LAYERS.file, SUFFICIENCY.file,
        "forecast.csv", REQUIREMENT.file, CURVES, MANIFEST,
    )
)  # fmt: skip


def expire_folder(folder: Path, before: date, *, is_dry: bool) -> Rewritten | None:
    """
    Take what is about people out of a run folder, or an export away, when its week ended by then.

    None where it is not dated, and somebody has to look.
    """
    content: Mapping[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    is_run = read_schema(folder) == RUN_SCHEMA
    end = _end(content.get("horizon", {}) if is_run else content)
    if end is None:
        return None
    if end > before:
        return Rewritten(folder)
    return (
        _cut_back(folder, content, is_dry=is_dry)
        if is_run
        else remove_export(folder, is_dry=is_dry)
    )


def expire_quarter(folder: Path, before: date, *, is_dry: bool) -> int:
    """Take the rows of weeks that ended by then out of a quarter's table of people; how many."""
    path = folder / PEOPLE.file
    if not is_quarter(folder) or not path.is_file():
        return 0
    how: Callable[..., int] = rows_to_remove if is_dry else remove_rows

    def is_over(row: Mapping[str, str]) -> bool:
        end = _end({"first_day": row.get("week"), "days": 7})
        return end is not None and end <= before

    return how(path, is_over)


def _end(content: Mapping[str, Any]) -> date | None:
    """The day after the last one that something speaks of."""
    try:
        return date.fromisoformat(content["first_day"]) + timedelta(days=int(content["days"]))
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _cut_back(folder: Path, content: Mapping[str, Any], *, is_dry: bool) -> Rewritten:
    """A run as it was before its schedule."""
    removed = set(own_files(folder)) - _OF_NOBODY
    kept = set(content.get("outputs", {})) - removed
    made = without_people(content, kept)
    changed = {}
    if CURVES in kept and (folder / CURVES).is_file():
        raw = (folder / CURVES).read_bytes()
        if (less := without_plan(raw)) != raw:
            changed[CURVES] = less
            digest = hashlib.sha256(less).hexdigest()
            made["outputs"][CURVES] = {"bytes": len(less), "sha256": digest}
    if not removed and not changed and made == content:
        return Rewritten(folder)
    if not is_dry:
        write_anew(folder, changed, removed, manifest_bytes(made))
    return Rewritten(folder, (MANIFEST, *changed), tuple(sorted(removed)))
