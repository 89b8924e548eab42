"""Run folders, whole or not there at all; the planning store is in :mod:`wfplan.store.database`."""

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
    read_parts,
    read_run,
    run_folder,
    scenario_of,
    slug_of,
    week_of,
    write_parts,
    write_run,
)
from wfplan.store.frames import offers_frame
from wfplan.store.manifest import RUN_SCHEMA, horizon_of, read_manifest, seen_revision
from wfplan.store.parts import RunParts, there
from wfplan.store.quarter_folder import (
    QUARTER_PAGE,
    open_quarter,
    quarters_under,
    write_quarter,
)
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
