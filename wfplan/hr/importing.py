"""
HR's files into the planning store: all of them or nothing.

What is written is what was checked: the checks run before the store is locked, and again when
somebody else has changed it meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from wfplan import memory
from wfplan.errors import Fault, InputError, InputFaultsError
from wfplan.hr.checking import advised, checked, problem_before
from wfplan.hr.merging import Tables, leavers, merged
from wfplan.intake.book import FaultBook
from wfplan.intake.hr import Asked, Piece, Reach, read_pieces
from wfplan.intake.hr.plans import PlanOutline, outline_of

if TYPE_CHECKING:
    from wfplan.domain.problem import PlanningProblem
    from wfplan.hr.standing import Broken
    from wfplan.store.database import HrRow, TableChange

LEAVERS_MAX = 0.2
"""Share of the people that one import takes away without being asked to."""
ROWS_MAX, ROWS_FREE = 0.5, 10
"""Share of the rows of another table that may go unasked, and how many may whatever the share."""
_IDS_SHOWN = 5


@dataclass(frozen=True)
class Imported:
    """
    What files say, what they change, and what they cannot (``overruled`` by the plan's own).

    ``problem`` is the plan as it is to be, where it is good; ``broken`` are weeks that were
    published and no longer keep all hard limits.
    """

    pieces: tuple[Piece, ...]
    tables: Tables
    changes: tuple[TableChange, ...]
    warnings: tuple[Fault, ...]
    overruled: tuple[str, ...]
    is_written: bool = False
    problem: PlanningProblem | None = None
    broken: tuple[Broken, ...] = ()


def check(asked: Asked, plan: Path | None, address: str) -> Imported:
    """
    The tables of files, beside those of the store and the plan; nothing is written.

    Raises
    ------
    InputFaultsError
        With every fault.
    """
    return _prepared(asked, plan, _held(address), is_part=False, is_check=True)


def take_over(
    asked: Asked,
    plan: Path | None,
    address: str,
    *,
    is_part: bool = False,
    is_sure: bool = False,
    is_dry: bool = False,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Imported:
    """
    Import files into the store, or say what that would change.

    Parameters
    ----------
    is_part
        Whether the files are only a part of their tables.
    is_sure
        Whether people or rows may go although more than a fifth or half of them would.

    Raises
    ------
    InputFaultsError
        With every fault.
    InputError
        When too many people or rows would go.
    OutputError
        When the store cannot be written.
    """
    from dataclasses import replace

    held = _held(address)
    prepared = _prepared(asked, plan, held, is_part=is_part)
    _require_rest(prepared, held, is_sure=is_sure)
    is_nothing = all(change.is_empty for change in prepared.changes)
    if not is_nothing and plan is not None and prepared.problem is not None:
        today = now().date()
        broken = _broken(prepared.problem, held, plan, address, today)
        prepared = replace(prepared, broken=broken)
    if is_dry or is_nothing:
        return prepared
    from wfplan.store import database

    with database.opened(address, is_made=True) as engine, database.writing(engine) as connection:
        seen = {kind: database.rows_of(connection, kind) for kind in database.kinds_of(connection)}
        if seen != held:
            prepared = _prepared(asked, plan, seen, is_part=is_part)
            _require_rest(prepared, seen, is_sure=is_sure)
        changes = database.import_rows(
            connection,
            prepared.tables,
            [_in_log(piece) for piece in prepared.pieces],
            is_whole=True,
            actor=database.actor(),
            at=now(),
        )
    return replace(prepared, changes=tuple(changes), is_written=True)


def _broken(
    problem: PlanningProblem, held: Tables, plan: Path, address: str, today: date
) -> tuple[Broken, ...]:
    """Published weeks that no longer keep all hard limits; none where nothing is published."""
    from wfplan.hr.standing import has_weeks, newly_broken

    if not has_weeks(address, problem.name, today):
        return ()
    before = problem_before(held, plan)
    return newly_broken(address, before, problem, today) if before is not None else ()


def _held(address: str) -> dict[str, list[HrRow]]:
    """The rows that the store holds, by table; none where there is no store."""
    if not memory.is_there(address):
        return {}
    from wfplan.store import database

    with database.opened(address) as engine, database.reading(engine) as connection:
        return {kind: database.rows_of(connection, kind) for kind in database.kinds_of(connection)}


def _prepared(
    asked: Asked, plan: Path | None, held: Tables, *, is_part: bool, is_check: bool = False
) -> Imported:
    """The tables as they are to hold, checked; what is held already was, unless that is asked."""
    book = FaultBook()
    outline = PlanOutline() if plan is None else outline_of(plan)
    pieces = read_pieces(asked, _zones(outline, held), date.today().replace(day=1), book)
    tables = merged(pieces, held, is_part=is_part)
    changes = _changes(tables, held)
    overruled = tuple(table for table in tables if table in outline.inputs)
    if not is_check and not book.faults and all(change.is_empty for change in changes):
        return Imported(tuple(pieces), tables, changes, book.sorted_warnings(), overruled)
    verdict = checked(tables, held, pieces, plan)
    faults = (*map(advised, book.sorted_faults()), *verdict.faults)
    if faults:
        unique = dict.fromkeys(faults)
        raise InputFaultsError(sorted(unique, key=lambda one: (one.file, one.line or 0)))
    warnings = (*book.sorted_warnings(), *verdict.warnings)
    return Imported(
        tuple(pieces),
        tables,
        changes,
        warnings,
        overruled,
        problem=verdict.problem,
    )


def _zones(outline: PlanOutline, held: Tables) -> Callable[[str], str]:
    """The zone of a person as the plan or the store has it, else the plan's."""
    known = {
        row.agent_id: row.cells["timezone"]
        for row in held.get("agents", ())
        if row.cells.get("timezone")
    }
    known |= outline.zones
    return lambda agent_id: known.get(agent_id, outline.timezone)


def _changes(tables: Tables, held: Tables) -> tuple[TableChange, ...]:
    """What the tables change of what is held."""
    from wfplan.store.database.limits import differences

    return tuple(
        differences(kind, held.get(kind, ()), rows, is_whole=True) for kind, rows in tables.items()
    )


def _require_rest(prepared: Imported, held: Tables, *, is_sure: bool) -> None:
    """Refuse to take away so much that a file is probably not its whole table."""
    if is_sure:
        return
    _require_people(prepared.tables, held)
    for change in prepared.changes:
        gone, before = len(change.removed), len(held.get(change.kind, ()))
        if change.kind != "agents" and gone > max(ROWS_FREE, ROWS_MAX * before):
            raise InputError(
                f"{gone} of {before} rows of {change.kind} would go, more than half: nothing was "
                "changed. Give --add where the file is only a part of the table, or --remove where "
                "they no longer hold."
            )


def _require_people(tables: Tables, held: Tables) -> None:
    """Refuse to take away so many people that the file is probably not the whole table."""
    gone, before = sorted(leavers(tables, held)), len(held.get("agents", ()))
    if len(gone) <= LEAVERS_MAX * before:
        return
    more = f" and {len(gone) - _IDS_SHOWN} more" if len(gone) > _IDS_SHOWN else ""
    raise InputError(
        f"{len(gone)} of {before} people would go ({', '.join(gone[:_IDS_SHOWN])}{more}), more "
        f"than a fifth: nothing was changed. Give --add where the file is only a part of the "
        "people, or --remove where they have left."
    )


def _in_log(piece: Piece) -> dict[str, str]:
    """A file as the log has it: names of personal files may tell whose they are."""
    is_personal = piece.reach is Reach.PEOPLE
    name = f"*{Path(piece.file).suffix}" if is_personal else piece.file
    return {"name": name, "table": piece.table, "sha256": piece.sha256}
