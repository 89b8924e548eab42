"""
A week handed to another system: from a run folder, with all that was told of it before.

What was told is what the planning store published of the week, revision by revision, or what a
planner names instead; so unchanged shifts keep their revision, and a shift that is gone stays a
cancellation in every later export.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from wfplan import addresses, hr, intake, publications, rosters, store
from wfplan import export as exports
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
from wfplan.store import RunParts, there

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
    """
    What people were told of some days, revision by revision in the order of publishing.

    Weeks that overlap are told one after another: what the later one says of a date counts.
    """

    first_day: date
    days: int
    history: tuple[Schedule, ...] = ()
    at: tuple[datetime, ...] = ()  # when each was published

    def until(self, count: int) -> tuple[tuple[DatedShift, ...], dict[int, datetime]]:
        """All that had been told with so many revisions, and when each revision was."""
        told: list[DatedShift] = []
        told_at: dict[int, datetime] = {}
        for week, at in zip(self.history[:count], self.at, strict=False):
            risen = max(week.revision, 1 + max((one.revision for one in told), default=0))
            spoken = {week.first_day + timedelta(days=day) for day in range(week.days)}
            others = [one for one in told if one.shift.shift_date not in spoken]
            before = [one for one in told if one.shift.shift_date in spoken]
            shifts = tuple(one for one in week.shifts if self._is_within(one.shift_date))
            now = week.model_copy(update={"shifts": shifts, "revision": risen})
            told, told_at[risen] = [*others, *dated_shifts(now, before)], at
        return tuple(told), told_at

    def numbers(self) -> dict[int, int]:
        """The place of each revision of just these days, by its number."""
        return {
            week.revision: place
            for place, week in enumerate(self.history)
            if week.first_day == self.first_day
        }

    def _is_within(self, day: date) -> bool:
        return 0 <= (day - self.first_day).days < self.days


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
    parts = read(run, has_staffing=exports.target_of(asked.target).wants_staffing)
    order = order_of(parts, asked)
    settings = settings_of(asked, parts.plan_path)
    key = None if asked.key is None else exports.key_of(asked.key)
    try:
        files, notes = exports.exported(asked.target, order, settings=settings, key=key)
        names = [folder / file for file in files]
        if not is_dry:
            exports.write(folder, files)
    except ExportRefusedError as refused:
        if asked.missing is None or not order.ids.missing or is_dry:
            raise
        _write_missing(asked.missing, order.ids)
        raise ExportRefusedError(
            f"{refused}\n{asked.missing} is the whole table, with a row for each of them: fill in "
            "its empty external_id, and give it as --ids."
        ) from None
    return Handed(tuple(names), notes, order.counts, order.schedule, len(order.shifts))


def read(run: Path, *, has_staffing: bool = False) -> RunParts:
    """A run as far as exports look at it: its people, schedule and offers, and its staffing."""
    problem = store.with_stand_ins(hr.load_plan(store.plan_path_of(run)), run)
    return store.read_planned(run, problem, has_staffing=has_staffing)


def order_of(parts: RunParts, asked: Asked) -> Order:
    """What an exporter is given of a run: the schedule as it stands beside what was told."""
    plan = there(parts.solution, "schedule")
    told = _published(parts, asked)
    known, told_at = told.until(len(told.history))
    schedule, since = _as_told(plan.schedule, told, known), None
    if asked.since:
        known, since = _since(asked.since, parts, schedule, told, known)
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
        told_at=told_at,
        ids=ids_beside(asked.ids, parts.plan_path),
        is_publishing=asked.is_publishing,
        demand=parts.demand,
        need=parts.need,
        staff=plan.staff,
        open_shifts=_open_shifts(parts),
    )


def ids_beside(named: Path | None, plan: Path) -> ExternalIds:
    """The external ids of a file, else of the one beside the plan, if any."""
    beside = _beside(plan, EXTERNAL_IDS.file)
    path = named or (beside if beside.exists() else None)
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
    return exports.with_paths(name, content.get(name, {}), path.parent)


def _beside(plan: Path, name: str) -> Path:
    """A file in the plan's folder."""
    return (plan if plan.is_dir() else plan.parent) / name


def _published(parts: RunParts, asked: Asked) -> _Told:
    """What the planning store published of these days, without revisions that were emptied."""
    first_day, days = parts.horizon.first_day, parts.horizon.days
    address = addresses.address_of(parts.plan_path, asked.store)
    if not addresses.is_there(address):
        if asked.store:
            raise InputError(f"there is no planning store at {asked.store}: check --store.")
        return _Told(first_day, days)
    plan = publications.plan_of(parts.problem.name)
    found = publications.history(address, plan, first_day, days)
    at = tuple(datetime.fromisoformat(made.at) for made, _ in found)
    return _Told(first_day, days, tuple(week.schedule for _, week in found), at)


def _as_told(schedule: Schedule, told: _Told, known: Sequence[DatedShift]) -> Schedule:
    """A run's schedule: the published one where it is just that, else a draft after it."""
    last = told.history[-1] if told.history else None
    highest = max((one.revision for one in known), default=0)
    if last is not None and _is_same(last, schedule):
        return last.model_copy(update={"revision": max(last.revision, highest)})
    number = last.revision if last is not None else 0
    revision = max(schedule.revision, 1 + max(highest, number))
    return schedule.model_copy(
        update={"status": "draft", "revision": revision if told.history else schedule.revision}
    )


def _is_same(first: Schedule, second: Schedule) -> bool:
    """Whether two schedules say the same of everybody's work on the same days."""
    if (first.first_day, first.days) != (second.first_day, second.days):
        return False
    return _shifts(first) == _shifts(second)


def _shifts(schedule: Schedule) -> list[tuple[Any, ...]]:
    """What a schedule says of everybody's work, in an order of its own."""
    return sorted((one.shift_id, one.agent_id, one.activities) for one in schedule.shifts)


def _since(
    since: str, parts: RunParts, schedule: Schedule, told: _Told, known: tuple[DatedShift, ...]
) -> tuple[tuple[DatedShift, ...], tuple[DatedShift, ...]]:
    """All that was told, and what the target has of it."""
    word, _, number = since.partition(":")
    if word == PUBLISHED:
        return known, told.until(_count(number, schedule, told))[0]
    path = Path(since)
    if path.is_dir() and _is_run(path):
        of_run = there(read(path).solution, "schedule").schedule
        same = [n for n, one in enumerate(told.history, start=1) if _is_same(one, of_run)]
        found = told.until(same[-1])[0] if same else told_shifts([of_run])
        return (known, found) if same else (found, found)
    if not path.exists():
        raise UsageError(
            f"--since {since}: there is no such run folder or file. Give 'published', "
            "'published:2' for its revision 2, a run folder, or an exported schedule.csv or "
            "schedule.json."
        )
    found = _in_file(path, parts)
    return found, found


def _count(number: str, schedule: Schedule, told: _Told) -> int:
    """How many revisions a target has: up to the one that is said, else all before this one."""
    if not number:
        if not told.history:
            raise UsageError(
                "--since published: nothing of this week is published. Leave it out to export "
                "everything, or name what was told (--since RUN)."
            )
        return len(told.history) - (schedule.status == PUBLISHED)
    numbers = told.numbers()
    if not number.isdecimal() or int(number) not in numbers:
        has = ", ".join(map(str, numbers)) or "none"
        raise UsageError(
            f"--since published:{number}: there is no such revision of this week; it has {has}."
        )
    return numbers[int(number)] + 1


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
    return rosters.read_told(path, problem.agents, problem.timezone)


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
    """The table of ids with rows to be filled in; a file that stands is not replaced."""
    if path.exists():
        raise UsageError(
            f"--write-missing {path}: the file exists, and what is filled in there would be lost. "
            "Give another name."
        )
    names = EXTERNAL_IDS.names
    write_file(path, csv_text(names, ids.rows(), is_for_spreadsheets=True).encode())
