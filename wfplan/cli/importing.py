"""What ``wfplan import-schedule`` calls, and how it ends."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wfplan.cli import finish as endings
from wfplan.cli.talk import Talk
from wfplan.domain.atomic import MANIFEST
from wfplan.domain.progress import Control, Watch
from wfplan.errors import UsageError

if TYPE_CHECKING:
    from wfplan.domain.schedule import Schedule
    from wfplan.rosters import Roster
    from wfplan.store import RunParts

_SHOWN_MAX = 5
_ONE = {
    "shifts": "shift", "rows": "row", "entries": "entry", "days": "day", "events": "event",
    "versions": "version", "people": "person", "that are": "that is", "that take": "that takes",
}  # fmt: skip


@dataclass(frozen=True)
class Import:
    """What the planner asked to be read, for which plan or run."""

    files: tuple[Path, ...]
    source: Path
    week: date | None = None
    layout: str = ""
    ids: Path | None = None
    person: str = ""
    out: Path | None = None
    is_forced: bool = False


@dataclass(frozen=True)
class Imported:
    """A schedule that was read: for which run, from what, and where the run folder is."""

    run: RunParts
    schedule: Schedule
    roster: Roster
    folder: Path


def source_of(plan: Path | None) -> Path:
    """
    The plan or run that is named, else the plan of the current folder.

    Raises
    ------
    UsageError
        When there is none.
    """
    if plan is None and not Path("plan.toml").is_file():
        raise UsageError(
            "Whose shifts are these? Give the plan (--plan PLAN) or a run of it (--plan RUN)."
        )
    return plan or Path()


def looked_at(ask: Import) -> tuple[Imported, list[Path]]:
    """What would be imported, and the files that would be written."""
    from wfplan import store

    found = _read(ask)
    names = (*store.FORECAST_FILES, "requirement.csv", "schedule.csv", MANIFEST)
    return found, [found.folder / name for name in names]


def imported(ask: Import, watch: Watch) -> Imported:
    """A roster in a run folder, with forecast and staffing of its week."""
    from wfplan import store, what_if

    found = _read(ask)
    run = what_if.scheduled(found.run, found.schedule, Control(watch=watch))
    return Imported(run, found.schedule, found.roster, store.write_parts(run, found.folder))


def _read(ask: Import) -> Imported:
    """The roster, and the run that it is for as far as that is known."""
    from wfplan import store, what_if
    from wfplan.rosters import Asked

    if ask.week is not None and (ask.source / MANIFEST).exists():
        raise UsageError("--week is for a plan; a run has its own.")
    if ask.out:
        store.check_run_folder(ask.out, force=ask.is_forced)
    asked = Asked(ask.week, ask.layout, _ids(ask), ask.person)
    run, schedule, roster = what_if.begin_with(ask.source, ask.files, asked)
    near = ask.source.absolute()
    if not (near / MANIFEST).exists():
        near = store.run_folder(ask.source, run.problem, run.horizon.first_day)
    stem = ask.files[0].absolute().name.partition(".")[0] or "roster"
    folder = ask.out or near.with_name(f"{near.name}-{stem}")
    store.check_run_folder(folder, force=ask.is_forced)
    return Imported(run, schedule, roster, folder)


def _ids(ask: Import) -> Any:
    """The external-id map."""
    from wfplan import store
    from wfplan.exporting import ids_beside

    is_run = (ask.source / MANIFEST).exists()
    return ids_beside(ask.ids, store.plan_path_of(ask.source) if is_run else ask.source)


def dry_run(talk: Talk, found: Imported, files: list[Path]) -> None:
    """What was read, and what would be written."""
    talk.warn(found.run.problem.warnings)
    names = [str(path) for path in files]
    text = [*_lines(found), *(f"Would write {name}" for name in names)]
    talk.finish({**_figures(found), "files": names, "dry_run": True}, "\n".join(text))


def finish(talk: Talk, found: Imported) -> None:
    """What was read, where it is, and how to go on."""
    talk.warn(found.run.problem.warnings)
    folder = found.folder
    text = [
        *_lines(found),
        f"Wrote {folder}",
        f"Next: wfplan simulate {folder}",
        f"      wfplan audit {folder}",
        f"      wfplan compare {folder} OTHER-RUN",
    ]
    talk.finish(endings.figures(talk, folder) | _figures(found), "\n".join(text))


def _figures(found: Imported) -> dict[str, Any]:
    """What was read, as an object."""
    shifts = found.schedule.shifts
    on_queue = [
        one.minutes for shift in shifts for one in shift.activities if one.category == "work"
    ]
    here = {shift.agent_id for shift in shifts}
    return {
        "layout": found.roster.layout,
        "week": found.schedule.first_day.isoformat(),
        "people": len(here),
        "shifts": len(shifts),
        "minutes": sum(int((s.end - s.start).total_seconds()) // 60 for s in shifts),
        "paid_minutes": sum(shift.paid_min for shift in shifts),
        "on_queue_minutes": sum(on_queue),
        "left_out": _left(found),
        "without_shift": [a.agent_id for a in found.run.problem.agents if a.agent_id not in here],
    }


def _left(found: Imported) -> Mapping[str, int]:
    """What was left out, by what it is."""
    more = len(found.roster.shifts) - len(found.schedule.shifts)
    return {**found.roster.left, **({"shifts of other weeks": more} if more else {})}


def _lines(found: Imported) -> list[str]:
    """What was read, in words."""
    from wfplan.rosters import LAYOUTS

    figures = _figures(found)
    shifts, people = (_many(figures[name], name) for name in ("shifts", "people"))
    minutes, paid, on_queue = (
        f"{figures[name]:,}" for name in ("minutes", "paid_minutes", "on_queue_minutes")
    )
    lines = [f"Read {LAYOUTS[found.roster.layout].meaning}."]
    lines.append(
        f"{shifts} of {people} in the week of {figures['week']}: {minutes} minutes, {paid} of them "
        f"paid, {on_queue} on queue."
    )
    if left := _left(found):
        lines.append("Left out: " + ", ".join(_many(n, what) for what, n in left.items()) + ".")
    if missing := figures["without_shift"]:
        more = len(missing) - _SHOWN_MAX
        shown = ", ".join(missing[:_SHOWN_MAX]) + (f" and {more} more" if more > 0 else "")
        lines.append(f"Without a shift: {shown}.")
    return lines


def _many(count: int, what: str) -> str:
    """``2 shifts of other weeks``, ``1 shift of other weeks``."""
    if count == 1:
        what = re.sub("|".join(_ONE), lambda found: _ONE[found[0]], what, count=2)
    return f"{count:,} {what}"
