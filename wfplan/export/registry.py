"""The targets of exports by name, and how what they make comes into a folder.

An exporter is a function from an :class:`Order` to files; it writes none itself. :func:`exported`
adds a manifest of counts and hashes, and :func:`write` puts all of it into a folder, whole or
not at all: where ids are missing or a target cannot carry the schedule, all of that is told
together and there is nothing to be written. To add one, write its function in a file of its own
and name it in :data:`TARGETS`; a system that takes plain records needs a mapping profile only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from wfplan.domain.atomic import MANIFEST, replacing_folder
from wfplan.domain.base import Model
from wfplan.domain.external_ids import ExternalIds
from wfplan.errors import ExportRefusedError, Fault, InputFaultsError, UsageError, did_you_mean
from wfplan.export.genesys.schedule import GenesysSettings, to_genesys
from wfplan.export.ical import IcsSettings, to_ics
from wfplan.export.long_csv import to_csv
from wfplan.export.oracle.requests import OracleSettings, to_oracle
from wfplan.export.order import Exported, Note, Order
from wfplan.export.planner.workbook import PlannerSettings, to_xlsx
from wfplan.export.profiles import exporting as profiles
from wfplan.export.pseudonyms import (
    pseudonymised_problem,
    pseudonymised_schedule,
    pseudonymised_told,
)
from wfplan.export.schedule_json import to_json
from wfplan.export.teams.graph import TeamsSettings, to_teams
from wfplan.export.teams.template import TeamsXlsxSettings
from wfplan.export.teams.workbook import to_teams_workbook

EXPORT_SCHEMA = "wfplan-export/1"
_PLURALS = {
    "agent": "agents", "group": "groups", "activity": "activities", "site": "sites",
    "channel": "channels", "shift": "shifts",
}  # fmt: skip

Exporter = Callable[[Order], Exported]
"""Makes files of a schedule; the same bytes for the same order."""


class NoSettings(Model):
    """A target without settings."""


@dataclass(frozen=True)
class Target:
    """A system that takes schedules: what it is in a line, its exporter, and its settings."""

    meaning: str
    exporter: Exporter
    settings: type[Model] = NoSettings
    wants_staffing: bool = False  # demand and need of the week, which take time to be read
    has_people: bool = True  # False: only ids of its own name people, so that pseudonyms have none
    has_time_off: bool = True  # False: only shifts can be sent
    profile: Path | None = None  # the file of a mapping profile


TARGETS: dict[str, Target] = {
    "csv": Target("the long table, one row per activity, with its Table Schema", to_csv),
    "json": Target("the canonical document wfplan-schedule/1", to_json),
    "ics": Target("a calendar for every person and one for every site", to_ics, IcsSettings),
    "xlsx": Target(
        "a workbook for planners: the week, staffing, changes, and the long table",
        to_xlsx,
        PlannerSettings,
        wants_staffing=True,
    ),
    "genesys": Target(
        "Genesys Cloud: week schedule and forecast for its import, or the update of a schedule",
        to_genesys,
        GenesysSettings,
        wants_staffing=True,
        has_people=False,
    ),
    "teams": Target(
        "Microsoft Teams Shifts by Graph: shifts, open shifts, time off, and their requests",
        to_teams,
        TeamsSettings,
        has_people=False,
    ),
    "oracle": Target(
        "ScheduleRequest.dat for Oracle Workforce Scheduling, in the zip that is loaded",
        to_oracle,
        OracleSettings,
        has_people=False,
        has_time_off=False,
    ),
    "teams-xlsx": Target(
        "the workbook that Microsoft Teams Shifts imports, which only adds",
        to_teams_workbook,
        TeamsXlsxSettings,
        has_people=False,
    ),
}


def target_names() -> tuple[str, ...]:
    """All targets by name, those with an exporter of their own first."""
    return (*TARGETS, *profiles.shipped())


def name_of(asked: str) -> str:
    """The name of a target, which may have been asked for as the file of a profile."""
    return Path(asked).stem if asked.endswith(".toml") else asked


def target_of(name: str) -> Target:
    """
    A target by its name, or by the path of a mapping profile.

    Raises
    ------
    UsageError
        When there is none of that name, or no such file.
    InputFaultsError
        With every fault of a profile.
    """
    if name in TARGETS:
        return TARGETS[name]
    if name_of(name) in TARGETS:
        raise UsageError(
            f"{name}: a profile is named after its file, and {name_of(name)} is an export of its "
            "own: give the file another name."
        )
    if name not in (known := target_names()) and not name.endswith(".toml"):
        hint = did_you_mean(name, known) or (
            f"the exports are {', '.join(known)}, or a .toml file of your own."
        )
        raise UsageError(f"There is no export '{name}': {hint}")
    profile = profiles.profile_of(name)
    return Target(
        profile.meaning,
        partial(profiles.export, profile),
        profile.settings,
        has_people=profile.has_people,
        has_time_off=False,
        profile=profile.path,
    )


def exported(
    name: str, order: Order, *, settings: Mapping[str, Any] | None = None, key: bytes | None = None
) -> tuple[dict[str, bytes], tuple[Note, ...]]:
    """
    The files of an export, its manifest last, and what must be said of them.

    Parameters
    ----------
    settings
        The target's own, as they were written.
    key
        With it, people are pseudonyms.

    Raises
    ------
    UsageError
        When there is no target of that name.
    InputFaultsError
        When a setting is not one of the target's.
    ExportRefusedError
        When the target cannot carry the schedule, or ids are missing.
    """
    target, name = target_of(name), name_of(name)
    order = replace(order, settings=_settings(name, target, settings or {}))
    if key is not None:
        order = _pseudonymised(name, target, order, key)
    made = target.exporter(order)
    _require_carried(name, made, order.ids)
    sent = replace(order, since=None) if made.is_whole else order
    notes = (*made.notes, *_unsent(target, sent))
    files = dict(sorted(made.files.items()))
    return files | {MANIFEST: _manifest(name, order, len(sent.shifts), files, notes)}, notes


def with_paths(name: str, given: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Settings of a target whose files are looked for in the folder that the settings lie in."""
    fields = TARGETS[name].settings.model_fields if name in TARGETS else {}
    names_file = {
        key for key, one in fields.items() if Path in (one.annotation, *get_args(one.annotation))
    }
    found = dict(given)
    for key in names_file & found.keys():
        value = found[key]
        if isinstance(value, str):
            found[key] = folder / value
        elif isinstance(value, list):
            found[key] = [folder / one if isinstance(one, str) else one for one in value]
    return found


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """
    Write an export; a folder of an earlier one is replaced.

    Raises
    ------
    OutputError
        When something else stands there, or the disk refuses; nothing was written then.
    """
    with replacing_folder(folder, schema=EXPORT_SCHEMA) as temporary:
        for file, raw in files.items():
            (temporary / file).write_bytes(raw)


def _settings(name: str, target: Target, given: Mapping[str, Any]) -> Model:
    """The target's settings, every fault of them told together."""
    try:
        return target.settings.model_validate(dict(given), strict=False)
    except ValidationError as error:
        known = tuple(target.settings.model_fields)
        raise InputFaultsError(
            _setting_fault(name, known, ".".join(map(str, fault["loc"])), fault)
            for fault in error.errors()
        ) from None


def _setting_fault(name: str, known: Sequence[str], key: str, fault: Mapping[str, Any]) -> Fault:
    """A setting that is none, is missing, or has a value that it cannot have."""
    if fault["type"] == "missing":
        hint = f"add it to [{name}] of export.toml"
        return Fault("is needed, and has no default", column=f"{name}.{key}", hint=hint)
    is_known = key.partition(".")[0] in known
    hint = "" if is_known else did_you_mean(key, known)
    listed = f"the settings of {name} are {', '.join(known)}" if known else f"{name} has none"
    said = fault["msg"].removeprefix("Value error, ")
    return Fault(
        said if is_known else "is not a setting of this target",
        column=f"{name}.{key}",
        hint=hint or ("correct it, or leave it out" if is_known else listed),
    )


def _pseudonymised(name: str, target: Target, order: Order, key: bytes) -> Order:
    """The order of people who are pseudonyms."""
    if not target.has_people:
        raise ExportRefusedError(
            f"{name} takes people by their ids there, which pseudonyms have none of: leave out "
            "--pseudonymise, or export csv, json, ics or xlsx."
        )
    return replace(
        order,
        problem=pseudonymised_problem(order.problem, key),
        schedule=pseudonymised_schedule(order.schedule, key),
        told=pseudonymised_told(order.told, key),
        since=None if order.since is None else pseudonymised_told(order.since, key),
        ids=ExternalIds(),
    )


def _require_carried(name: str, made: Exported, ids: ExternalIds) -> None:
    """Refuse an export whose target cannot carry it, with all that is missing."""
    reasons = list(made.refusals)
    if ids.missing:
        reasons += _missing_in_words(ids)
        reasons.append(
            "Add them to the table of external ids (--ids FILE; its columns: wfplan schema "
            "external_ids). --write-missing FILE writes it with rows to be filled in."
        )
    if reasons:
        raise ExportRefusedError(f"{name} cannot take this schedule:\n" + "\n".join(reasons))


def _missing_in_words(ids: ExternalIds) -> list[str]:
    """Every id that is missing, those of a kind in a line."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for key, words in sorted(ids.missing.items()):
        groups.setdefault((key.system, str(key.kind), words), []).append(key.id)
    lines = []
    for (system, kind, words), found in groups.items():
        meaning = f" ({words})" if words else ""
        what = f"{kind} has" if len(found) == 1 else f"{_PLURALS[kind]} have"
        lines.append(f"{len(found)} {what} no id in {system}{meaning}: {', '.join(found)}")
    return lines


def _unsent(target: Target, order: Order) -> tuple[Note, ...]:
    """A note of time off that is not sent, and why."""
    whole = replace(order, since=None)
    people = tuple(one.agent_id for one in order.agents.values() if whole.time_off(one))
    if not people or (target.has_time_off and not order.is_delta):
        return ()
    text = (
        "time off is not in what changed: an export without --since has it"
        if target.has_time_off
        else "time off is not sent: only shifts are"
    )
    return (Note(text, agent_ids=people),)


def _manifest(
    name: str, order: Order, written: int, files: Mapping[str, bytes], notes: Sequence[Note]
) -> bytes:
    """What was exported: counts, what must be said of it, and the hash of every file."""
    schedule = order.schedule
    content = {
        "schema": EXPORT_SCHEMA,
        "export": name,
        "schedule_id": schedule.schedule_id,
        "first_day": schedule.first_day.isoformat(),
        "days": schedule.days,
        "revision": schedule.revision,
        "status": schedule.status,
        "is_publishing": order.is_publishing,
        "is_since": order.is_delta,
        "shifts": len(schedule.shifts),
        "written": written,
        "people": len({dated.shift.agent_id for dated in order.shifts}),
        **{str(change): count for change, count in order.counts.items()},
        "notes": [
            {"text": note.text, "agents": list(note.agent_ids), "shifts": list(note.shift_ids)}
            for note in notes
        ],
        "files": [
            {"path": file, "bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest()}
            for file, raw in files.items()
        ],
    }
    return (json.dumps(content, indent=2) + "\n").encode()
