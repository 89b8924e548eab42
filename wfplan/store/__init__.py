"""
Run folders, whole or not there at all; the planning store is in :mod:`wfplan.store.database`.

Names are loaded when they are first asked for: to look at a planning store needs no run folders.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wfplan.store.backtest_folder import (
        BACKTEST_PAGE,
        BACKTEST_SCHEMA,
        check_backtest_folder,
        write_backtest,
    )
    from wfplan.store.contacts_table import check_contacts_file, write_contacts
    from wfplan.store.erasing.stand_ins import with_stand_ins
    from wfplan.store.folder import (
        FORECAST_FILES,
        KEPT,
        KEPT_FILES,
        RUN_FILES,
        asked_beside,
        check_run_folder,
        edited_files,
        people_of,
        plan_path_of,
        run_folder,
        scenario_of,
        week_of,
        write_parts,
        write_run,
    )
    from wfplan.store.frames import offers_frame
    from wfplan.store.manifest import RUN_SCHEMA, horizon_of, read_manifest, seen_revision
    from wfplan.store.naming import slug_of
    from wfplan.store.parts import RunParts, there
    from wfplan.store.quarter_folder import (
        QUARTER_PAGE,
        open_quarter,
        quarters_under,
        write_quarter,
    )
    from wfplan.store.run_reading import read_parts, read_planned, read_run
    from wfplan.store.schedule_table import read_schedule, read_shifts
    from wfplan.store.snapshots import keep_snapshot, read_snapshots

__all__ = [
    "BACKTEST_PAGE",
    "BACKTEST_SCHEMA",
    "FORECAST_FILES",
    "KEPT",
    "KEPT_FILES",
    "QUARTER_PAGE",
    "RUN_FILES",
    "RUN_SCHEMA",
    "RunParts",
    "asked_beside",
    "check_backtest_folder",
    "check_contacts_file",
    "check_run_folder",
    "edited_files",
    "horizon_of",
    "keep_snapshot",
    "offers_frame",
    "open_quarter",
    "people_of",
    "plan_path_of",
    "quarters_under",
    "read_manifest",
    "read_parts",
    "read_planned",
    "read_run",
    "read_schedule",
    "read_shifts",
    "read_snapshots",
    "run_folder",
    "scenario_of",
    "seen_revision",
    "slug_of",
    "there",
    "week_of",
    "with_stand_ins",
    "write_backtest",
    "write_contacts",
    "write_parts",
    "write_quarter",
    "write_run",
]

_HOMES = {
    "BACKTEST_PAGE": "wfplan.store.backtest_folder",
    "BACKTEST_SCHEMA": "wfplan.store.backtest_folder",
    "check_backtest_folder": "wfplan.store.backtest_folder",
    "write_backtest": "wfplan.store.backtest_folder",
    "check_contacts_file": "wfplan.store.contacts_table",
    "write_contacts": "wfplan.store.contacts_table",
    "with_stand_ins": "wfplan.store.erasing.stand_ins",
    "FORECAST_FILES": "wfplan.store.folder",
    "KEPT": "wfplan.store.folder",
    "KEPT_FILES": "wfplan.store.folder",
    "RUN_FILES": "wfplan.store.folder",
    "asked_beside": "wfplan.store.folder",
    "check_run_folder": "wfplan.store.folder",
    "edited_files": "wfplan.store.folder",
    "people_of": "wfplan.store.folder",
    "plan_path_of": "wfplan.store.folder",
    "read_parts": "wfplan.store.run_reading",
    "read_planned": "wfplan.store.run_reading",
    "read_run": "wfplan.store.run_reading",
    "run_folder": "wfplan.store.folder",
    "scenario_of": "wfplan.store.folder",
    "slug_of": "wfplan.store.naming",
    "week_of": "wfplan.store.folder",
    "write_parts": "wfplan.store.folder",
    "write_run": "wfplan.store.folder",
    "offers_frame": "wfplan.store.frames",
    "RUN_SCHEMA": "wfplan.store.manifest",
    "horizon_of": "wfplan.store.manifest",
    "read_manifest": "wfplan.store.manifest",
    "seen_revision": "wfplan.store.manifest",
    "RunParts": "wfplan.store.parts",
    "there": "wfplan.store.parts",
    "QUARTER_PAGE": "wfplan.store.quarter_folder",
    "open_quarter": "wfplan.store.quarter_folder",
    "quarters_under": "wfplan.store.quarter_folder",
    "write_quarter": "wfplan.store.quarter_folder",
    "read_schedule": "wfplan.store.schedule_table",
    "read_shifts": "wfplan.store.schedule_table",
    "keep_snapshot": "wfplan.store.snapshots",
    "read_snapshots": "wfplan.store.snapshots",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
