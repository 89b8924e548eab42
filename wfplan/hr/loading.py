"""A plan with those of its tables that HR keeps in the planning store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from wfplan import addresses, intake
from wfplan.domain.problem import InputFile, PlanningProblem
from wfplan.domain.tables import TABLES
from wfplan.errors import Fault, InputFaultsError, Severity
from wfplan.hr.checking import grids_of
from wfplan.intake.hr import told_of
from wfplan.intake.hr.plans import inputs_of

if TYPE_CHECKING:
    from wfplan.hr.merging import Tables
    from wfplan.store.database import HrRow


def load_plan(plan: Path, store: str | None = None) -> PlanningProblem:
    """
    The checked problem of a plan; tables that its ``[inputs]`` do not name come from the store.

    Faults of stored rows are told with the file and line that they were imported from.

    Raises
    ------
    InputFaultsError
        With every fault.
    """
    address = addresses.address_of(plan, store)
    if not addresses.is_there(address):
        return _without_store(plan, address)
    held = stored(address)
    if not held:
        return intake.load_plan(plan)
    inputs = inputs_of(plan)
    used = {name: rows for name, rows in held.items() if name not in inputs}
    grids, tolds = grids_of(used)
    try:
        problem = intake.load_plan(plan, grids)
    except InputFaultsError as error:
        raise InputFaultsError(told_of(error.faults, tolds)) from None
    said = [_overruled(name, inputs[name]) for name in held if name in inputs]
    warnings = (*told_of(problem.warnings, tolds), *said)
    files = (*problem.inputs, *(_as_input(name, rows) for name, rows in used.items()))
    return problem.model_copy(update={"warnings": warnings, "inputs": files})


def _without_store(plan: Path, address: str) -> PlanningProblem:
    """The problem of a plan without a store; that a store which is named is not there is said."""
    is_named = address != addresses.address_beside(plan)
    lacking = Fault(
        f"there is no planning store at {address}, so nothing of HR and of earlier weeks is known",
        hint="'wfplan hr import' and 'wfplan publish' make one; else correct WFPLAN_STORE, or "
        "store in the plan file",
        severity=Severity.WARNING,
    )
    try:
        problem = intake.load_plan(plan)
    except InputFaultsError as error:
        if not is_named:
            raise
        said = replace(lacking, severity=Severity.ERROR)
        raise InputFaultsError((*error.faults, said)) from None
    if not is_named:
        return problem
    return problem.model_copy(update={"warnings": (*problem.warnings, lacking)})


def stored(address: str) -> Tables:
    """The rows that a store holds of tables that this version knows."""
    from wfplan.store import database

    with database.opened(address) as engine, database.reading(engine) as connection:
        kinds = database.kinds_of(connection)
        return {kind: database.rows_of(connection, kind) for kind in kinds if kind in TABLES}


def _overruled(name: str, file: str) -> Fault:
    """What is said when a plan has a table of its own that the store has, too."""
    return Fault(
        f"{name} comes from {file}, as [inputs] says; the rows that HR imported do not count",
        file="plan.toml",
        column=f"inputs.{name}",
        hint=f"take {name} out of [inputs] to plan with HR's",
        severity=Severity.WARNING,
    )


def _as_input(name: str, rows: Sequence[HrRow]) -> InputFile:
    """Rows of the store as an input of a run, with a hash of what they say."""
    content = json.dumps([[row.key, dict(row.cells)] for row in rows], sort_keys=True)
    return InputFile(path=f"store:{name}", sha256=hashlib.sha256(content.encode()).hexdigest())
