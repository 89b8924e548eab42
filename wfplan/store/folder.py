"""Run folders: written whole or not at all, and what was edited in them.

How a run is read back is in :mod:`wfplan.store.run_reading`. :func:`edited_files` tells what a
planner changed by hand, so that whatever was made from the old numbers can be made again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from wfplan.domain.atomic import (
    MANIFEST,
    check_replaceable,
    is_half_written,
    recover,
    replacing_folder,
)
from wfplan.domain.forecast_tables import FORECAST, FORECAST_TABLES
from wfplan.domain.hand_tables import FORECAST_LAYERS, SUFFICIENCY
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import (
    Audit,
    Run,
)
from wfplan.domain.run_tables import (
    CHANGES,
    LEDGER,
    OFFERS,
    OUTCOME,
    REQUIREMENT,
    SCHEDULE,
)
from wfplan.domain.schedule import Schedule, Shift
from wfplan.domain.schedule_rows import schedule_csv
from wfplan.errors import OutputError
from wfplan.evaluation import changes_csv, kept_changes
from wfplan.staffing.habits import habit_staff
from wfplan.store import frames
from wfplan.store.arrays import CURVES, curves_bytes
from wfplan.store.demand_files import demand_files
from wfplan.store.manifest import RUN_SCHEMA, manifest, manifest_bytes, read_manifest
from wfplan.store.naming import slug_of
from wfplan.store.parts import EDITABLE, RunParts

AUDIT = "audit.json"
REPORT = "report.html"
RUN_FILES = (
    FORECAST.file,
    REQUIREMENT.file,
    SCHEDULE.file,
    OUTCOME.file,
    LEDGER.file,
    AUDIT,
    CURVES,
    REPORT,
    MANIFEST,
)
FORECAST_FILES = tuple(table.file for table in FORECAST_TABLES)
"""What a forecast says beside its intervals; older runs have none of it."""
KEPT = "kept.csv"
KEPT_FILES = (KEPT, CHANGES.file)
"""What is there beside, where a published plan was kept."""
_OWN_FILES = (
    *RUN_FILES, *FORECAST_FILES, *KEPT_FILES, OFFERS.file, FORECAST_LAYERS.file, SUFFICIENCY.file,
)  # fmt: skip


def run_folder(plan_path: Path, problem: PlanningProblem, first_day: date) -> Path:
    """Where a week is kept unless told otherwise: ``runs/<plan>/<week>`` beside the plan."""
    folder = plan_path if plan_path.is_dir() else plan_path.parent
    return folder / "runs" / slug_of(problem.name) / first_day.isoformat()


def check_run_folder(folder: Path, *, force: bool = False) -> None:
    """
    Raise an OutputError, before any work, when a run must not be written there.

    A run folder may be replaced, but not what somebody edited in it by hand:
    that takes ``force``.
    """
    check_replaceable(folder, schema=RUN_SCHEMA)
    is_run = (folder / MANIFEST).exists()
    edited = sorted({*edited_files(folder), *hand_edited(folder)}) if is_run else ()
    if edited and not force:
        raise OutputError(
            f"{folder} was edited by hand ({', '.join(edited)}), and a new plan would replace "
            "that. Go on from it with 'wfplan schedule', give another --out, or --force."
        )


def edited_files(folder: Path) -> tuple[str, ...]:
    """Files of a run folder that are not what wfplan wrote: changed or taken away."""
    outputs: Mapping[str, Any] = read_manifest(folder).get("outputs", {})
    return tuple(
        name
        for name, output in outputs.items()
        if name in (*RUN_FILES, *FORECAST_FILES, *KEPT_FILES)
        and _sha256(folder / name) != output.get("sha256")
    )


def hand_edited(folder: Path) -> tuple[str, ...]:
    """Tables edited since they were written, and those whose edits later stages have read."""
    known = {*read_manifest(folder).get("edited", ()), *edited_files(folder)}
    return tuple(file for file in EDITABLE if file in known)


def write_run(run: Run, folder: Path, *, report: str) -> Path:
    """
    Write a whole run; killed at any moment, the folder is the old one or the new one.

    Files in the folder that are not wfplan's are carried over.

    Raises
    ------
    OutputError
        When something else stands there or the disk refuses.
    """
    return write_parts(RunParts.of(run), folder, report=report)


def write_parts(parts: RunParts, folder: Path, *, report: str | None = None) -> Path:
    """Write the stages that have been run so far; files of the others are not kept."""
    files = _files(parts, report)
    content = manifest_bytes(manifest(parts, folder.absolute(), files))
    with replacing_folder(folder, schema=RUN_SCHEMA) as temporary:
        for name, raw in files.items():
            (temporary / name).write_bytes(raw)
        (temporary / MANIFEST).write_bytes(content)
        _carry_over(folder, temporary)
    return folder


def plan_path_of(folder: Path) -> Path:
    """The plan that a run folder was made from."""
    recover(folder.absolute())
    return Path(folder.absolute() / read_manifest(folder)["plan_path"]).resolve()


def week_of(folder: Path) -> date:
    """The first day that a run folder plans."""
    return date.fromisoformat(read_manifest(folder)["week"])


def scenario_of(folder: Path) -> tuple[str, ...]:
    """The changes to the plan that a run was made with, such as ``volume=+10%``."""
    return tuple(read_manifest(folder).get("scenario", ()))


def _sha256(path: Path) -> str:
    """Hash of a file, an empty text when it is gone."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _files(parts: RunParts, report: str | None) -> dict[str, bytes]:
    """Every file but the manifest."""
    texts: dict[str, str] = {}
    files: dict[str, bytes] = {}
    if parts.demand is not None:
        texts |= demand_files(parts.demand)
    if parts.need is not None:
        habit = habit_staff(parts.problem, parts.demand) if parts.demand is not None else None
        texts[REQUIREMENT.file] = frames.requirement_csv(parts.need, habit)
        files[CURVES] = curves_bytes(parts.need, parts.solution)
    if parts.solution is not None:
        schedule, problem = parts.solution.schedule, parts.problem
        texts[SCHEDULE.file] = schedule_csv(schedule, problem.agents, site=problem.site)
        texts |= _kept_files(problem, schedule)
    if parts.outcome is not None:
        texts[OUTCOME.file] = frames.outcome_csv(parts.outcome)
    if parts.ledger is not None:
        texts[LEDGER.file] = frames.ledger_csv(parts.ledger)
    if parts.offers is not None:
        texts[OFFERS.file] = frames.offers_csv(parts.offers)
    if parts.audit is not None:
        texts[AUDIT] = _audit_json(parts.audit)
    if report is not None:
        texts[REPORT] = report
    return files | {name: text.encode() for name, text in texts.items()}


def _kept_files(problem: PlanningProblem, schedule: Schedule) -> dict[str, str]:
    """The plan that was kept and what changes of it; nothing where none was."""
    published = problem.published
    if published is None or not published.is_kept:
        return {}
    return {
        KEPT: schedule_csv(published.schedule, problem.agents, site=problem.site),
        CHANGES.file: changes_csv(kept_changes(problem, schedule)),
    }


def people_of(folder: Path, shifts: Iterable[Shift]) -> set[str]:
    """Who was planned for in a run folder: those of its ledger, and of some shifts."""
    found = {shift.agent_id for shift in shifts}
    if (folder / LEDGER.file).exists():
        found |= set(frames.read_frame(folder / LEDGER.file, LEDGER)["agent_id"])
    return found


def asked_beside(schedule: Path) -> Mapping[str, str]:
    """What a schedule in a run folder was an answer to; nothing of one that was edited."""
    folder = schedule.parent
    if schedule.name != SCHEDULE.file or not (folder / MANIFEST).exists():
        return {}
    is_edited = SCHEDULE.file in edited_files(folder)
    asked: Mapping[str, str] = read_manifest(folder).get("asked") or {}
    return {} if is_edited else asked


def _audit_json(audit: Audit) -> str:
    """``audit.json``."""
    breaches = [breach.as_dict() for breach in audit.breaches]
    content = {"checked": list(audit.checked), "breaches": breaches}
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _carry_over(folder: Path, temporary: Path) -> None:
    """Copy what somebody else put into the folder that is about to be replaced."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.name in _OWN_FILES or is_half_written(path):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.copytree(path, temporary / path.name, symlinks=True)
        else:
            shutil.copy2(path, temporary / path.name, follow_symlinks=False)
