"""The exporters by name, and how what they make comes into a folder.

An exporter is a function from an :class:`Order` to files; it touches no disk.
:func:`export` writes the files with a manifest of counts and hashes, whole or
not at all. To add one, write its function in a file of its own and name it in
:data:`EXPORTERS`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from wfplan.domain.atomic import MANIFEST, replacing_folder
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.schedule import Schedule
from wfplan.errors import UsageError, did_you_mean
from wfplan.export.ical import to_ics
from wfplan.export.long_csv import to_csv
from wfplan.export.order import Order
from wfplan.export.pseudonyms import pseudonymised_problem, pseudonymised_schedule
from wfplan.export.schedule_json import to_json

EXPORT_SCHEMA = "wfplan-export/1"

Exporter = Callable[[Order], Mapping[str, bytes]]
"""Makes files (name to bytes) of a schedule; the same bytes for the same order."""

EXPORTERS: dict[str, Exporter] = {"csv": to_csv, "json": to_json, "ics": to_ics}


def exported(
    name: str,
    problem: PlanningProblem,
    schedule: Schedule,
    *,
    previous: Schedule | None = None,
    key: bytes | None = None,
) -> dict[str, bytes]:
    """
    The files of an export, its manifest last; with a key, people are pseudonyms.

    Raises
    ------
    UsageError
        When there is no exporter of that name.
    ExportRefusedError
        When the format cannot carry the schedule.
    """
    if name not in EXPORTERS:
        near = did_you_mean(name, EXPORTERS) or f"the exports are {', '.join(EXPORTERS)}."
        raise UsageError(f"There is no export '{name}': {near}")
    if key is not None:
        problem = pseudonymised_problem(problem, key)
        schedule = pseudonymised_schedule(schedule, key)
        previous = pseudonymised_schedule(previous, key) if previous else None
    files = dict(sorted(EXPORTERS[name](Order(problem, schedule, previous)).items()))
    return files | {MANIFEST: _manifest(name, schedule, files)}


def export(
    name: str,
    problem: PlanningProblem,
    schedule: Schedule,
    folder: Path,
    *,
    previous: Schedule | None = None,
    key: bytes | None = None,
) -> list[Path]:
    """
    Write a schedule for another system; a folder of an earlier export is replaced.

    Parameters
    ----------
    name
        A key of :data:`EXPORTERS`.
    previous
        What people were told before: unchanged shifts keep its revision, shifts
        that are gone are cancelled.

    Returns
    -------
    list of Path
        The files, in order of name, the manifest last.

    Raises
    ------
    UsageError, ExportRefusedError, OutputError
        Nothing was written then.
    """
    files = exported(name, problem, schedule, previous=previous, key=key)
    with replacing_folder(folder, schema=EXPORT_SCHEMA) as temporary:
        for file, raw in files.items():
            (temporary / file).write_bytes(raw)
    return [folder / file for file in files]


def _manifest(name: str, schedule: Schedule, files: Mapping[str, bytes]) -> bytes:
    """What was exported: counts, and the hash of every file."""
    content = {
        "schema": EXPORT_SCHEMA,
        "export": name,
        "schedule_id": schedule.schedule_id,
        "first_day": schedule.first_day.isoformat(),
        "days": schedule.days,
        "revision": schedule.revision,
        "status": schedule.status,
        "shifts": len(schedule.shifts),
        "files": [
            {"path": file, "bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest()}
            for file, raw in files.items()
        ],
    }
    return (json.dumps(content, indent=2) + "\n").encode()
