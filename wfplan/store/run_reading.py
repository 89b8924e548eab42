"""
A run read from its folder, stage by stage, to the last bit.

What a planner edited by hand is honoured: a changed ``staff_required`` becomes the requirement,
with the binding ``edited``, and ``schedule.csv`` is read as it stands. The files, and how they
are written, are in :mod:`wfplan.store.folder`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.atomic import MANIFEST, recover
from wfplan.domain.forecast_tables import FORECAST
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import (
    Audit,
    Binding,
    Breach,
    GapReading,
    GapReason,
    Load,
    Outcome,
    Round,
    Run,
    Solution,
    SolveStatus,
    StaffNeed,
    StageReached,
    Term,
)
from wfplan.domain.run_tables import LEDGER, OFFERS, OUTCOME, REQUIREMENT, SCHEDULE
from wfplan.errors import Fault, InputFaultsError
from wfplan.horizon import Horizon
from wfplan.store import frames
from wfplan.store.arrays import channel_shares, read_curves
from wfplan.store.demand_files import read_demand
from wfplan.store.folder import AUDIT, hand_edited, plan_path_of
from wfplan.store.manifest import horizon_in, read_manifest
from wfplan.store.parts import RunParts
from wfplan.store.schedule_table import read_schedule


def read_run(folder: Path, problem: PlanningProblem) -> Run:
    """
    The run in a folder, with hand edits.

    Raises
    ------
    InputFaultsError
        Naming file, line and column of whatever is missing or broken.
    """
    return read_parts(folder, problem).whole(folder)


def read_parts(folder: Path, problem: PlanningProblem) -> RunParts:
    """The stages that a folder holds; see :func:`read_run`."""
    return _read(folder, problem, _parts)


def read_planned(folder: Path, problem: PlanningProblem, *, has_staffing: bool) -> RunParts:
    """
    The schedule of a folder and its offers, and demand and need where they are wanted.

    See :func:`read_run`; what was simulated is not read.
    """
    how = _planned if has_staffing else _scheduled
    return _read(folder, problem, how)


def _read(
    folder: Path,
    problem: PlanningProblem,
    how: Callable[[Path, PlanningProblem, Mapping[str, Any]], RunParts],
) -> RunParts:
    """The parts of a folder; a manifest that lacks what belongs to it is told."""
    recover(folder.absolute())
    content = read_manifest(folder)
    try:
        return how(folder, problem, content)
    except (KeyError, TypeError, AttributeError) as error:
        reason = f"the manifest or the curves lack what belongs to them ({error})"
        hint = "do not edit them; build the run again"
        fault = Fault(reason, file=str(folder / MANIFEST), hint=hint)
        raise InputFaultsError([fault]) from None


def _parts(folder: Path, problem: PlanningProblem, content: Mapping[str, Any]) -> RunParts:
    """The parts of a folder whose manifest has been read."""
    parts, outputs = _planned(folder, problem, content), content["outputs"]
    if OUTCOME.file in outputs:
        measures = frames.read_frame(folder / OUTCOME.file, OUTCOME)
        outcome = Outcome(parts.horizon, measures, content["outcome"]["replications"])
        parts = replace(parts, outcome=outcome)
    if LEDGER.file in outputs:
        parts = replace(parts, ledger=frames.read_frame(folder / LEDGER.file, LEDGER))
    if AUDIT in outputs:
        parts = replace(parts, audit=_audit(folder / AUDIT))
    return parts


def _planned(folder: Path, problem: PlanningProblem, content: Mapping[str, Any]) -> RunParts:
    """What of them was planned: demand, need, schedule and offers."""
    parts, outputs = _scheduled(folder, problem, content), content["outputs"]
    if FORECAST.file in outputs:
        demand = read_demand(folder, parts.horizon, content["demand"], outputs)
        parts = replace(parts, demand=demand)
    if REQUIREMENT.file in outputs:
        arrays = read_curves(folder)
        need = _need(folder, problem, parts.horizon, arrays, content["presence_share"])
        parts = replace(parts, need=need)
    return parts


def _scheduled(folder: Path, problem: PlanningProblem, content: Mapping[str, Any]) -> RunParts:
    """The schedule and the offers of them."""
    horizon = horizon_in(content)
    outputs = content["outputs"]
    parts = RunParts(
        problem=problem,
        plan_path=plan_path_of(folder),
        horizon=horizon,
        seed=content["seed"],
        stages=content["stages"],
        rounds=tuple(Round(**look) for look in content.get("rounds", [])),
        edited=hand_edited(folder),
    )
    if SCHEDULE.file in outputs:
        arrays = read_curves(folder)
        parts = replace(parts, solution=_solution(folder, problem, arrays, content))
    if OFFERS.file in outputs and (folder / OFFERS.file).is_file():
        parts = replace(parts, offers=frames.read_frame(folder / OFFERS.file, OFFERS))
    return parts


def _need(
    folder: Path,
    problem: PlanningProblem,
    horizon: Horizon,
    arrays: Mapping[str, NDArray[Any]],
    presence_share: float,
) -> StaffNeed:
    """The requirement; what differs from the curves' copy was edited by hand."""
    channels = tuple(channel.name for channel in problem.channels)
    grid = frames.read_grid(folder / REQUIREMENT.file, frames.REQUIREMENT_READ, channels, horizon)
    is_edited = grid["staff_required"] != arrays["staff_required"]
    grid["binding"] = np.where(is_edited, str(Binding.EDITED), grid["binding"])
    return StaffNeed(
        horizon=horizon,
        channels=channels,
        harm=arrays["harm"],
        empowered_min=arrays["empowered_min"],
        presence_share=presence_share,
        **grid,
    )


def _solution(
    folder: Path,
    problem: PlanningProblem,
    arrays: Mapping[str, NDArray[Any]],
    content: Mapping[str, Any],
) -> Solution:
    """The plan, with the schedule as it stands in the table."""
    of_schedule = dict(content["schedule"])
    of_schedule["first_day"] = date.fromisoformat(of_schedule["first_day"])
    schedule = read_schedule(folder / SCHEDULE.file, problem.agents, **of_schedule)
    return Solution(
        schedule=schedule,
        status=SolveStatus(content["status"]),
        objective=content["objective"],
        lower_bound=float("-inf") if (low := content["lower_bound"]) is None else low,
        load={who: Load(*own) for who, own in (content.get("load") or {}).items()},
        staff=arrays["staff"],
        heads=arrays["heads"],
        empowered=arrays["empowered"],
        channel_share=channel_shares(arrays, arrays["staff"].shape),
        prices=arrays["prices"],
        terms=content["terms"],
        asked=content.get("asked") or {},
        passes=content["passes"],
        seconds=content["search_s"],
        misses=tuple(content["misses"]),
        parts=tuple(Term(**term) for term in content.get("objective_terms", [])),
        goals=tuple(
            StageReached(**goal | {"terms": tuple(goal["terms"])})
            for goal in content.get("objective_stages", [])
        ),
        gap_reading=_gap_reading(content.get("gap_reading")),
    )


def _gap_reading(content: Mapping[str, Any] | None) -> GapReading | None:
    """The gap in hours, where the run folder has it."""
    if content is None:
        return None
    return GapReading(**{**content, "reason": GapReason(content["reason"])})


def _audit(path: Path) -> Audit:
    """The audit."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        breaches = [
            Breach(**breach | {"at": datetime.fromisoformat(breach["at"])})
            for breach in content["breaches"]
        ]
        return Audit(tuple(content["checked"]), tuple(breaches))
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        hint = f"make it again: wfplan audit {path.parent}"
        fault = Fault(f"the audit cannot be read: {error}", file=str(path), hint=hint)
        raise InputFaultsError([fault]) from None
