"""The manifest of a run folder: what made the run, what came out, and the hash of every file.

Everything in it is the same for the same inputs and seed, but for the figures
of time (``stages`` and ``search_s``) and the versions of the libraries.
Numbers that do not exist are ``null``: the lower bound where none is known,
the patience of a channel on which nobody hangs up.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from importlib import metadata
from math import isfinite
from pathlib import Path
from typing import Any

from wfplan.domain.atomic import MANIFEST
from wfplan.domain.definitions import DEFINITIONS
from wfplan.domain.people import StandIn
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.published import Published
from wfplan.domain.results import DemandForecast, Outcome, Solution
from wfplan.errors import Fault, InputFaultsError
from wfplan.horizon import Horizon
from wfplan.staffing import day_totals
from wfplan.store.parts import RunParts

RUN_SCHEMA = "wfplan-run/1"
STAND_INS = "stand_ins"
_OF_PEOPLE = ("asked", "overload_min", "gap_reading")
_LIBRARIES = ("wfplan", "numpy", "scipy", "numba", "pandas", "pydantic", "holidays", "tzdata")


def manifest(parts: RunParts, folder: Path, outputs: Mapping[str, bytes]) -> dict[str, Any]:
    """The manifest of a run whose files are ``outputs`` and whose final place is ``folder``."""
    horizon = parts.horizon
    return {
        "schema": RUN_SCHEMA,
        "plan": parts.problem.name,
        "plan_path": _relative(parts.plan_path, folder),
        "week": horizon.first_day.isoformat(),
        "horizon": {
            "timezone": horizon.timezone,
            "first_day": horizon.first_day.isoformat(),
            "days": horizon.days,
            "interval_min": horizon.interval_min,
            "slot_min": horizon.slot_min,
        },
        "seed": parts.seed,
        "scenario": list(parts.problem.scenario),
        "edited": list(parts.edited),
        "kept": _kept(parts.problem.published),
        STAND_INS: _stand_ins(parts.problem),
        "published_revision": parts.problem.seen_revision,
        "locks": [lock.model_dump(mode="json") for lock in parts.problem.locks_added],
        **_of_solution(parts.solution),
        "rounds": [asdict(look) for look in parts.rounds],
        "stages": {name: round(seconds, 3) for name, seconds in parts.stages.items()},
        "inputs": [file.model_dump() for file in parts.problem.inputs],
        "demand": _of_demand(parts.demand),
        "presence_share": parts.need.presence_share if parts.need else None,
        "outcome": _of_outcome(parts.outcome),
        "outputs": {
            name: {"bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest()}
            for name, raw in sorted(outputs.items())
        },
        "versions": {"python": platform.python_version()} | _versions(),
        "definitions": DEFINITIONS,
    }


def manifest_bytes(content: Mapping[str, Any]) -> bytes:
    """The manifest as the file holds it."""
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    return (text + "\n").encode()


def without_people(content: Mapping[str, Any], files: Iterable[str]) -> dict[str, Any]:
    """A manifest as it was before its schedule, of the files that are kept; nobody is in it."""
    kept = {name: value for name, value in content.items() if name not in _OF_PEOPLE}
    stages = kept.get("stages", {})
    lists: dict[str, list[Any]] = {"locks": [], STAND_INS: [], "rounds": []}
    changes = [one for one in kept.get("scenario", ()) if not str(one).startswith("absent")]
    return {
        **kept,
        **_of_solution(None),
        **lists,
        "kept": None,
        "outcome": None,
        "scenario": changes,
        "edited": [name for name in kept.get("edited", ()) if name in set(files)],
        "stages": {name: stages[name] for name in ("forecast", "staff") if name in stages},
        "outputs": {name: kept["outputs"][name] for name in kept["outputs"] if name in set(files)},
    }


def read_manifest(folder: Path) -> dict[str, Any]:
    """
    The manifest of a run folder.

    Raises
    ------
    InputFaultsError
        When the folder is no run folder of this version.
    """
    path = folder / MANIFEST
    content: Any = None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        reason = "this is not the manifest of a run folder"
    except OSError as error:
        reason = f"the manifest cannot be read: {error.strerror}"
    except (ValueError, RecursionError):
        reason = "the manifest is not JSON any more"
    if not isinstance(content, dict) or content.get("schema") != RUN_SCHEMA:
        hint = "give the folder that 'wfplan build' wrote, such as runs/PLAN/WEEK"
        raise InputFaultsError([Fault(reason, file=str(path), hint=hint)])
    return content


def horizon_of(folder: Path) -> Horizon:
    """The days that a run plans."""
    return horizon_in(read_manifest(folder))


def horizon_in(content: Mapping[str, Any]) -> Horizon:
    """The horizon in a manifest."""
    of_horizon = dict(content["horizon"])
    return Horizon(**of_horizon | {"first_day": date.fromisoformat(of_horizon["first_day"])})


def seen_revision(folder: Path) -> int | None:
    """The published revision of its week that a run was begun on; 0: none yet, None: not known."""
    known: int | None = read_manifest(folder).get("published_revision")
    return known


def finite(value: float) -> float | None:
    """A number, or ``None`` where it is not finite."""
    return float(value) if isfinite(value) else None


def _relative(plan_path: Path, folder: Path) -> str:
    """The plan file as seen from the run folder, so that both can be moved together."""
    try:
        return Path(os.path.relpath(plan_path, folder)).as_posix()
    except ValueError:  # another drive (Windows)
        return plan_path.absolute().as_posix()


def _stand_ins(problem: PlanningProblem) -> list[dict[str, Any]]:
    """Who stands there for people who were forgotten."""
    return [one.model_dump(mode="json") for one in problem.agents if isinstance(one, StandIn)]


def _of_solution(solution: Solution | None) -> dict[str, Any]:
    """What the search says of itself."""
    if solution is None:
        empty = ("objective", "lower_bound", "gap", "schedule", "terms", "passes", "search_s")
        lists: dict[str, list[Any]] = {"objective_terms": [], "objective_stages": [], "misses": []}
        return {"status": "unscheduled", **dict.fromkeys(empty), **lists}
    schedule, bound = solution.schedule, finite(solution.lower_bound)
    return {
        "status": str(solution.status),
        "objective": finite(solution.objective),
        "lower_bound": bound,
        "gap": None if bound is None else finite(solution.gap),
        "gap_reading": None if solution.gap_reading is None else asdict(solution.gap_reading),
        "schedule": schedule.model_dump(mode="json", exclude={"shifts"}),
        "terms": {name: finite(value) for name, value in solution.terms.items()},
        "objective_terms": [term.as_dict() for term in solution.parts],
        "objective_stages": [goal.as_dict() for goal in solution.goals],
        "passes": solution.passes,
        "asked": dict(solution.asked),
        "load": {who: [round(one, 6) for one in own] for who, own in solution.load.items()},
        "search_s": round(solution.seconds, 3),
        "misses": list(solution.misses),
    }


def _kept(published: Published | None) -> dict[str, Any] | None:
    """What was kept of a published plan, but for its shifts."""
    if published is None or not published.is_kept:
        return None
    moments = {"told": published.told, "as_of": published.as_of}
    return {
        "source": published.source,
        **{name: None if at is None else at.isoformat() for name, at in moments.items()},
        "schedule": published.schedule.model_dump(mode="json", exclude={"shifts"}),
        "people": None if published.people is None else sorted(published.people),
        "asked": dict(published.asked),
    }


def _of_demand(demand: DemandForecast | None) -> dict[str, Any] | None:
    """What the forecast says of whole channels."""
    if demand is None:
        return None
    totals = day_totals(demand.offered_mean, demand.horizon).tolist()
    channels = [
        {
            "channel": name,
            "day_share": float(demand.day_share[c]),
            "patience_s": finite(demand.patience_s[c]),
            "days": totals[c],
        }
        for c, name in enumerate(demand.channels)
    ]
    as_of = None if demand.as_of is None else demand.as_of.isoformat()
    return {"channels": channels, "notes": list(demand.notes), "as_of": as_of}


def _of_outcome(outcome: Outcome | None) -> dict[str, Any] | None:
    """How much was simulated."""
    return None if outcome is None else {"replications": outcome.replications}


def _versions() -> dict[str, str]:
    """Versions of the libraries that numbers can depend on."""
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found
