"""A run as far as it has come: each stage adds its part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TypeVar

import pandas as pd

from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import Audit, DemandForecast, Outcome, Round, Run, Solution, StaffNeed
from wfplan.errors import Fault, InputError, InputFaultsError
from wfplan.horizon import Horizon

_COMMANDS = {
    "demand": ("forecast.csv", "forecast"),
    "need": ("requirement.csv", "staff"),
    "solution": ("schedule.csv", "schedule"),
    "outcome": ("outcome.csv", "simulate"),
    "ledger": ("ledger.csv", "simulate"),
    "audit": ("audit.json", "audit"),
}


_STAGES = {
    "forecast": ("demand",),
    "staff": ("need",),
    "schedule": ("solution",),
    "simulate": ("outcome", "ledger"),
    "refine": (),
    "audit": ("audit", "offers"),
}


EDITABLE = {
    "forecast.csv": "forecast",
    "requirement.csv": "staff",
    "schedule.csv": "schedule",
}
"""Table that later stages read back, edits included -> the stage that makes it anew."""


Part = TypeVar("Part")


@dataclass(frozen=True)
class RunParts:
    """
    The fields of :class:`wfplan.domain.results.Run`, ``None`` where a stage has not been run.

    A stage that is run again hands on ``None`` for every later part: what was
    made from the old numbers is not kept beside the new ones.
    """

    problem: PlanningProblem
    plan_path: Path
    horizon: Horizon
    seed: int
    demand: DemandForecast | None = None
    need: StaffNeed | None = None
    solution: Solution | None = None
    outcome: Outcome | None = None
    ledger: pd.DataFrame | None = None
    audit: Audit | None = None
    stages: Mapping[str, float] = field(default_factory=dict)
    edited: tuple[str, ...] = ()
    rounds: tuple[Round, ...] = ()
    offers: pd.DataFrame | None = None

    @classmethod
    def of(cls, run: Run) -> RunParts:
        """All the parts of a whole run."""
        return cls(**{field.name: getattr(run, field.name) for field in fields(cls)})

    def until(self, stage: str) -> RunParts:
        """The run as it was before a stage: its parts and those of later stages are dropped."""
        later = tuple(_STAGES)[tuple(_STAGES).index(stage) :]
        dropped = {part: None for name in later for part in _STAGES[name]}
        kept = {name: seconds for name, seconds in self.stages.items() if name not in later}
        edited = tuple(file for file in self.edited if EDITABLE[file] not in later)
        rounds = self.rounds if "refine" in kept else ()
        return replace(self, stages=kept, edited=edited, rounds=rounds, **dropped)  # type: ignore[arg-type]

    def planned(self) -> tuple[StaffNeed, Solution, Outcome]:
        """
        What the week was planned with, the plan, and what it gave in simulation.

        Raises
        ------
        InputError
            When one of these stages has not been run yet.
        """
        return (
            there(self.need, "staff"),
            there(self.solution, "schedule"),
            there(self.outcome, "simulate"),
        )

    def whole(self, folder: Path) -> Run:
        """
        The run, when every stage is there.

        Raises
        ------
        InputFaultsError
            Naming each missing file and the command that makes it.
        """
        faults = [
            Fault(
                "the file is missing",
                file=str(folder / file),
                hint=f"run 'wfplan {command} {folder}' first",
            )
            for name, (file, command) in _COMMANDS.items()
            if getattr(self, name) is None
        ]
        if faults:
            raise InputFaultsError(faults)
        return Run(**{field.name: getattr(self, field.name) for field in fields(self)})


def there(part: Part | None, stage: str) -> Part:
    """
    A part that an earlier stage has made.

    Raises
    ------
    InputError
        When that stage has not been run yet.
    """
    if part is None:
        raise InputError(f"the run has no {stage} yet: run 'wfplan {stage}' on its folder first.")
    return part
