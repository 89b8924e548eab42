"""
A week handed to another system: from a run folder, with all that was told of it before.

What was told is what the planning store published of the week, revision by revision, or what a
planner names instead; so unchanged shifts keep their revision, and a shift that is gone stays a
cancellation in every later export.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from wfplan import export as exports
from wfplan import intake, memory, publications, runs
from wfplan.domain.atomic import MANIFEST, write_file
from wfplan.domain.cells import csv_text
from wfplan.domain.external_ids import EXTERNAL_IDS, ExternalIds
from wfplan.domain.offers import OfferKind, OpenShift
from wfplan.domain.schedule import Schedule
from wfplan.domain.schedule_rows import DatedShift, dated_shifts, told_shifts
from wfplan.errors import (
    ExportRefusedError,
    Fault,
    InputError,
    InputFaultsError,
    UsageError,
    did_you_mean,
)
from wfplan.export import Change, Note, Order
from wfplan.store import RunParts

SETTINGS_FILE = "export.toml"
PUBLISHED = "published"
_TELLING = ("schedule.csv", "schedule.json")  # exported files that say what was told
_BYTES_MAX = 2**20


@dataclass(frozen=True)
class Asked:
    """
    What a planner asks of an export.

    ``since`` is ``published``, ``published:N``, a run folder, or a file that was exported;
    ``is_whole`` writes everything all the same. ``missing`` is a file for the ids that are
    missing, ``key`` one that makes pseudonyms.
    """

    target: str
    since: str = ""
    is_whole: bool = False
    is_publishing: bool = False
    ids: Path | None = None
    settings: Path | None = None
    missing: Path | None = None
    key: Path | None = None
    store: str | None = None


@dataclass(frozen=True)
class Handed:
    """What an export wrote, or would write."""

    files: tuple[Path, ...]
    notes: tuple[Note, ...]
    counts: Mapping[Change, int]
    schedule: Schedule
    written: int  # shifts


@dataclass(frozen=True)
class _Told:
    """What people were told of a week: by revision, the oldest first, and when."""

    history: tuple[Schedule, ...] = ()
    at: Mapping[int, datetime] | None = None

    @property
    def last(self) -> int:
        """The number of the last revision."""
        return self.history[-1].revision if self.history else 0

    def until(self, number: int) -> tuple[DatedShift, ...]:
        """All that had been told with a revision."""
        return told_shifts(one for one in self.history if one.revision <= number)


def export(run: Path, folder: Path, asked: Asked, *, is_dry: bool = False) -> Handed:
    """
    The schedule of a run folder for another system; nothing is written where it is refused.

    Raises
    ------
    InputError
        When the run has no schedule, or ids, settings or what was told cannot be read.
    ExportRefusedError
        When the target cannot carry the schedule, ids are missing, or it is to be shown to
        people before it was published.
    """
    parts = runs.go_on(run)
    order = order_of(parts, asked)
    settings = settings_of(asked, parts.plan_path)
    key = None if asked.key is None else exports.key_of(asked.key)
    try:
        files, notes = exports.exported(asked.target, order, settings=settings, key=key)
        names = [folder / file for file in files]
        if not is_dry:
            exports.write(folder, files)
    except ExportRefusedError:
        if asked.missing is not None and order.ids.missing and not is_dry:
            _write_missing(asked.missing, order.ids)
        raise
    return Handed(tuple(names), notes, order.counts, order.schedule, len(order.shifts))


def order_of(parts: RunParts, asked: Asked) -> Order:
    """What an exporter is given of a run: the schedule as it stands beside what was told."""
    plan = parts.solution or parts.whole(parts.plan_path).solution
    told = _published(parts, asked)
    schedule, since = _as_told(plan.schedule, told), None
    known = told.until(told.last)
    if asked.since:
        known, since = _since(asked.since, parts, schedule, told)
    if asked.is_publishing and schedule.status != PUBLISHED:
        raise ExportRefusedError(
            "this schedule is not what was published of its week, so that nobody may be shown it: "
            "publish it first (wfplan publish RUN), or leave out --publish to send a draft."
        )
    risen = max((one.revision for one in dated_shifts(schedule, known)), default=0)
    highest = max(schedule.revision, risen)
    return Order(
        parts.problem,
        schedule.model_copy(update={"revision": highest}),
        told=known,
        since=None if asked.is_whole else since,
        told_at=told.at or {},
        ids=ids_of(asked, parts.plan_path),
        is_publishing=asked.is_publishing,
        demand=parts.demand,
        need=parts.need,
        open_shifts=_open_shifts(parts),
    )


def ids_of(asked: Asked, plan: Path) -> ExternalIds:
    """The external ids: of the file that is named, else of the one beside the plan, if any."""
    beside = _beside(plan, EXTERNAL_IDS.file)
    path = asked.ids or (beside if beside.exists() else None)
    return ExternalIds() if path is None else intake.read_external_ids(path)


def settings_of(asked: Asked, plan: Path) -> Mapping[str, Any]:
    """
    The settings of the target in the file that is named, else in ``export.toml`` by the plan.

    Raises
    ------
    InputError
        When it is no TOML, or has a table of no target.
    """
    beside = _beside(plan, SETTINGS_FILE)
    path = asked.settings or (beside if beside.exists() else None)
    if path is None:
        return {}
    try:
        raw = path.read_bytes()
        if len(raw) > _BYTES_MAX:
            raise InputError(f"{path}: is larger than settings are; check --settings.")
        content = tomllib.loads(raw.decode("utf-8-sig"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check --settings.") from None
    except ValueError as error:
        raise InputError(f"{path}: is not TOML in UTF-8 ({error}); correct it.") from None
    known = exports.target_names()
    name = exports.name_of(asked.target)
    faults = [
        Fault(
            "is no table of a target",
            file=str(path),
            column=key,
            hint=did_you_mean(key, known) or f"the targets are {', '.join(known)}",
        )
        for key, value in content.items()
        if key not in {*known, name} or not isinstance(value, dict)
    ]
    if faults:
        raise InputFaultsError(faults)
    found: Mapping[str, Any] = content.get(name, {})
    return found


def _beside(plan: Path, name: str) -> Path:
    """A file in the plan's folder."""
    return (plan if plan.is_dir() else plan.parent) / name


def _published(parts: RunParts, asked: Asked) -> _Told:
    """What the planning store published of the week, without revisions that were emptied."""
    address = memory.address_of(parts.plan_path, asked.store)
    if not memory.is_there(address):
        if asked.store:
            raise InputError(f"there is no planning store at {asked.store}: check --store.")
        return _Told()
    plan, first_day = publications.plan_of(parts.problem.name), parts.horizon.first_day
    history = publications.history(address, plan, first_day)
    at = {made.number: datetime.fromisoformat(made.at) for made, _ in history}
    return _Told(tuple(week.schedule for _, week in history), at)


def _as_told(schedule: Schedule, told: _Told) -> Schedule:
    """A run's schedule: the published one where it is just that, else a draft after it."""
    if told.history and _shifts(told.history[-1]) == _shifts(schedule):
        return told.history[-1]
    return schedule.model_copy(
        update={"status": "draft", "revision": max(schedule.revision, told.last + 1)}
    )


def _shifts(schedule: Schedule) -> list[tuple[Any, ...]]:
    """What a schedule says of everybody's work, in an order of its own."""
    return sorted((one.shift_id, one.agent_id, one.activities) for one in schedule.shifts)


def _since(
    since: str, parts: RunParts, schedule: Schedule, told: _Told
) -> tuple[tuple[DatedShift, ...], tuple[DatedShift, ...]]:
    """All that was told, and what the target has of it."""
    word, _, number = since.partition(":")
    if word == PUBLISHED:
        return told.until(told.last), told.until(_revision(number, schedule, told))
    path = Path(since)
    if path.is_dir() and _is_run(path):
        before = runs.go_on(path)
        solution = before.solution or before.whole(path).solution
        same = [one for one in told.history if _shifts(one) == _shifts(solution.schedule)]
        if same:
            return told.until(told.last), told.until(same[-1].revision)
        told_by_run = told_shifts([solution.schedule])
        return told_by_run, told_by_run
    if not path.exists():
        raise UsageError(
            f"--since {since}: there is no such run folder or file. Give 'published', "
            "'published:2' for its revision 2, a run folder, or an exported schedule.csv or "
            "schedule.json."
        )
    found = _in_file(path, parts)
    return found, found


def _revision(number: str, schedule: Schedule, told: _Told) -> int:
    """The revision that a target has: as it is said, else the one before this schedule."""
    numbers = [one.revision for one in told.history]
    if not number:
        if not numbers:
            raise UsageError(
                "--since published: nothing of this week is published. Leave it out to export "
                "everything, or name what was told (--since RUN)."
            )
        return told.last - 1 if schedule.status == PUBLISHED else told.last
    if not number.isdecimal() or int(number) not in numbers:
        has = ", ".join(map(str, numbers)) or "none"
        raise UsageError(
            f"--since published:{number}: there is no such revision of this week; it has {has}."
        )
    return int(number)


def _is_run(folder: Path) -> bool:
    """Whether a folder is a run, and no export."""
    try:
        content = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError, RecursionError):
        return not any((folder / name).exists() for name in _TELLING)
    return not isinstance(content, dict) or content.get("schema") != exports.EXPORT_SCHEMA


def _in_file(path: Path, parts: RunParts) -> tuple[DatedShift, ...]:
    """What an exported file, or the folder of an export, says was told."""
    if path.is_dir():
        held = [path / name for name in _TELLING if (path / name).exists()]
        if not held:
            raise UsageError(
                f"--since {path}: holds neither a run nor an exported schedule.csv or "
                "schedule.json. Give 'published', a run folder, or one of these files."
            )
        path = held[0]
    problem = parts.problem
    found: tuple[DatedShift, ...] = intake.read_told(path, problem.agents, problem.timezone)
    return found


def _open_shifts(parts: RunParts) -> tuple[OpenShift, ...]:
    """The shifts that a run offers to whoever wants them."""
    if parts.offers is None:
        return ()
    rows = parts.offers.to_dict("records")
    return tuple(
        OpenShift(
            OfferKind.OPEN_SHIFT, "", row["group"], row["contract"], row["start"].to_pydatetime(),
            row["end"].to_pydatetime(), row["saves_harm"], row["costs_hours"], None, row["why"],
        )
        for row in rows
        if row["kind"] == OfferKind.OPEN_SHIFT
    )  # fmt: skip


def _write_missing(path: Path, ids: ExternalIds) -> None:
    """Rows for the ids that are missing, to be filled in; a file that stands is not replaced."""
    if path.exists():
        raise UsageError(
            f"--write-missing {path}: the file exists, and what is filled in there would be lost. "
            "Give another name."
        )
    names = EXTERNAL_IDS.names
    write_file(path, csv_text(names, ids.rows_missing(), is_for_spreadsheets=True).encode())
