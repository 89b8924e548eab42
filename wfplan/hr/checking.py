"""HR's new rows beside all other tables of the store and the plan: every fault, with its place."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from wfplan import intake
from wfplan.errors import Fault, InputFaultsError, Severity
from wfplan.intake.book import FaultBook, shown
from wfplan.intake.hr import Piece, Told, check_alone, grid_of, hr_tables, told_of
from wfplan.intake.hr.plans import inputs_of

if TYPE_CHECKING:
    from wfplan.domain.problem import PlanningProblem
    from wfplan.hr.merging import Tables
    from wfplan.intake.grid import Grid
    from wfplan.store.database import HrRow

_WORDS = ("contract_type", "type", "status", "kind")  # whose words a layout translates
_HINTS = {
    "HR104": "write it anew", "HR105": "write a number", "HR106": "write one of them",
    "HR107": "correct the number", "HR108": "correct the date", "HR109": "correct the row",
    "HR110": "keep one of them", "HR111": "correct the name, or take the row out",
}  # fmt: skip
"""How to go on where a check has no better advice."""


@dataclass(frozen=True)
class Verdict:
    """Faults that stop an import, what is only said, and the plan as it is to be, if it is good."""

    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    problem: PlanningProblem | None = None


def checked(tables: Tables, held: Tables, pieces: Sequence[Piece], plan: Path | None) -> Verdict:
    """
    What is wrong with the tables as they are to hold.

    Faults that a plan has without the import do not stop it, and neither do those that it makes
    in what is the planner's (locks, activities, settings): they are warnings.
    """
    grids, tolds = grids_of({**held, **tables})
    warnings: Sequence[Fault] = ()
    problem = None
    faults: Sequence[Fault] = ()
    if plan is None:
        faults, warnings = _alone(grids)
    else:
        inputs = inputs_of(plan)
        counted = {name: grids[name] for name in grids if name in tables or name not in inputs}
        try:
            problem = intake.load_plan(plan, counted)
            warnings = problem.warnings
        except InputFaultsError as error:
            faults = error.faults
    tokens = {told.token for told in tolds}
    mine = [fault for fault in faults if fault.file in tokens]
    foreign = [fault for fault in faults if fault.file not in tokens]
    notes = [warning for warning in warnings if warning.file in tokens]
    if foreign and plan is not None:
        mine += _alone(grids)[0]
        before = _faults_before(held, plan)
        new = [fault for fault in foreign if fault not in before]
        own = {inputs_of(plan).get(name) for name in hr_tables()}
        mine += [fault for fault in new if fault.file in own]
        notes += [
            replace(fault, severity=Severity.WARNING) for fault in new if fault.file not in own
        ]
        notes += _about_plan(plan, len(foreign) - len(new))
    mine += _double(tables.get("agents", ()))
    lacking = {(piece.file, column) for piece in pieces for column in piece.missing}
    told = told_of(mine, tolds)
    return Verdict(
        tuple(one for one in map(advised, told) if not _follows(one, lacking)),
        told_of(notes, tolds),
        problem,
    )


def problem_before(held: Tables, plan: Path) -> PlanningProblem | None:
    """The plan with what is held; None where that is no good plan."""
    inputs = inputs_of(plan)
    grids, _ = grids_of({name: rows for name, rows in held.items() if name not in inputs})
    try:
        return intake.load_plan(plan, grids)
    except InputFaultsError:
        return None


def _double(rows: Sequence[HrRow]) -> list[Fault]:
    """People who are there twice, whatever else is wrong with their rows."""
    first: dict[str, HrRow] = {}
    found = []
    for row in rows:
        before = first.setdefault(row.agent_id, row) if row.agent_id else row
        if before is not row:
            where = "" if before.file == row.file else f" of {before.file}"
            found.append(
                Fault(
                    f"'{shown(row.agent_id)}' is already in line {before.line}{where}",
                    row.file,
                    row.line,
                    "agent_id",
                    shown(row.agent_id),
                    "an id belongs to one person: keep one of the rows",
                    "HR110",
                )
            )
    return found


def grids_of(tables: Tables) -> tuple[dict[str, Grid], list[Told]]:
    """Tables as grids, and where their lines came from."""
    made = {name: grid_of(name, rows) for name, rows in tables.items()}
    return {name: grid for name, (grid, _) in made.items()}, [told for _, told in made.values()]


def advised(fault: Fault) -> Fault:
    """A fault with what the options of an import can do about it."""
    if fault.code == "HR105" and "decimal comma" in fault.reason:
        hint = fault.hint.partition(", or separate")[0]
        return replace(fault, hint=f"{hint} or pass --decimal-comma")
    if fault.code == "HR108" and "are ambiguous)" in fault.reason:
        return replace(fault, hint="write year-month-day, or pass --date-format dmy or mdy")
    if fault.code in ("HR106", "HR111") and fault.column in _WORDS:
        words = "a --layout of your own may say what your words mean"
        return replace(fault, hint=f"{fault.hint}; {words}" if fault.hint else words)
    if not fault.hint and fault.code in _HINTS and ": say " not in fault.reason:
        fault = replace(fault, hint=_HINTS[fault.code])
    if fault.code == "HR101" and fault.value and "--map" not in fault.hint:
        hint = (
            f'{fault.hint}; --map "{shown(fault.value)}=COLUMN" says what it is, =- leaves it out'
        )
        return replace(fault, hint=hint)
    return fault


def _alone(grids: Mapping[str, Grid]) -> tuple[Sequence[Fault], Sequence[Fault]]:
    """What is wrong with the tables by themselves, and what is only said of them."""
    book = FaultBook()
    check_alone(grids, book)
    return book.sorted_faults(), book.sorted_warnings()


def _faults_before(held: Tables, plan: Path) -> Collection[Fault]:
    """What is wrong with the plan as it is."""
    inputs = inputs_of(plan)
    grids, _ = grids_of({name: rows for name, rows in held.items() if name not in inputs})
    try:
        intake.load_plan(plan, grids)
    except InputFaultsError as error:
        return set(error.faults)
    return ()


def _about_plan(plan: Path, count: int) -> list[Fault]:
    """A warning for a plan that has faults of its own."""
    if not count:
        return []
    reason = f"the plan has {count} faults beside HR's tables, so that not all could be checked"
    hint = f"run 'wfplan check {plan}'"
    return [Fault(reason, file=str(plan), hint=hint, severity=Severity.WARNING)]


def _follows(fault: Fault, lacking: Collection[tuple[str, str]]) -> bool:
    """Whether a fault only says once a row that a column is not there."""
    is_cell = fault.reason == "is missing" or "more rows have a fault" in fault.reason
    return is_cell and fault.code == "HR102" and (fault.file, fault.column) in lacking
