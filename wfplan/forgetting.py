"""
A person forgotten: out of run folders and exports, out of the planning store, out of the plan.

Each folder is rewritten in one step and the store in one transaction; the order is such that
interrupted work can simply be run again: what names her is still known wherever it stands.
In runs a stand-in works her shifts, so that coverage and totals stay what they were. Files that
are the user's own are named, and changed on request only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from wfplan import hr, memory
from wfplan.domain.atomic import MANIFEST
from wfplan.domain.cells import unguarded
from wfplan.domain.external_ids import EXTERNAL_IDS
from wfplan.domain.people import AGENT_ID, Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.quarters import PEOPLE
from wfplan.errors import InputError, OutputError, UsageError
from wfplan.export import KEY_FILE, key_of, pseudonym_of
from wfplan.intake.hr.plans import inputs_of
from wfplan.publications import Signature
from wfplan.store import database, erasing, quarters_under
from wfplan.store.database import Forgotten
from wfplan.store.erasing import Rewritten, Traces

Tell = Callable[[str], None]
_NO_PEOPLE = ("contacts", "calendar", "external_forecast")
_FULL_TIME = "full_time"


@dataclass(frozen=True)
class Place:
    """Where a person may stand: a plan, its store, further folders with runs."""

    plan: Path | None
    address: str
    runs: Sequence[Path] = ()

    @property
    def root(self) -> Path | None:
        """The plan's folder."""
        if self.plan is None:
            return None
        return self.plan if self.plan.is_dir() else self.plan.parent

    @property
    def roots(self) -> list[Path]:
        """Every folder to look through, each once."""
        found: list[Path] = []
        for one in [*([self.root] if self.root else []), *self.runs]:
            if not any(one.resolve().is_relative_to(known.resolve()) for known in found):
                found.append(one)
        return found


@dataclass
class Erased:
    """What was done, or would be: in order, so that it says how far interrupted work came."""

    agent_id: str
    folders: list[Rewritten] = field(default_factory=list)
    pages: list[Path] = field(default_factory=list)
    in_store: Forgotten | None = None
    backups: list[Path] = field(default_factory=list)
    tables: dict[Path, int] = field(default_factory=dict)
    still: list[Path] = field(default_factory=list)

    @property
    def is_nothing(self) -> bool:
        """Whether she was found nowhere."""
        known = self.in_store is not None and self.in_store.was_known
        return not (self.folders or self.pages or known or self.backups or self.tables
                    or self.still)  # fmt: skip


def forget(
    agent_id: str,
    place: Place,
    signature: Signature,
    *,
    with_tables: bool = False,
    is_dry: bool = False,
    tell: Tell = lambda text: None,
) -> Erased:
    """
    Forget a person.

    Parameters
    ----------
    with_tables
        Take her rows out of the plan's own tables, too.
    tell
        Hears of every step that is done.

    Raises
    ------
    OutputError
        When the disk or the store refuses: what was done before stays done, and the same command
        goes on from there.
    """
    _require_id(agent_id)
    problem = _problem_of(place)
    agent = _agent_in(problem, agent_id)
    known = chain(_rows(place, agent, problem), _pseudonym(place, agent_id))
    traces = Traces.of(agent_id, known, _elsewhere(place, agent_id))
    done = Erased(agent_id)
    contract = next(iter(problem.contracts), _FULL_TIME) if problem else _FULL_TIME
    for root in place.roots:
        for folder in erasing.folders_of_ours(root):
            found = erasing.rewrite_folder(
                folder, traces, agent=agent, contract=contract, is_dry=is_dry
            )
            if not found.is_empty:
                done.folders.append(found)
                if not is_dry:
                    erasing.require_erased(folder, traces)
                    tell(f"{folder}: done")
        for folder in quarters_under(root):
            if erasing.rewrite_table(folder / PEOPLE.file, traces, is_dry=is_dry):
                done.folders.append(Rewritten(folder, (PEOPLE.file,)))
        done.pages += _pages(root, traces, is_dry=is_dry)
    _in_store(done, place.address, signature, traces, is_dry=is_dry, tell=tell)
    _in_tables(done, place, traces, is_asked=with_tables and not is_dry)
    _note_leftovers(done, place, traces, are_tables_done=with_tables, is_dry=is_dry)
    return done


def tables_of(place: Place) -> dict[str, Path]:
    """The plan's own tables that may name people, by name."""
    every = _inputs(place)
    named = {name: path for name, path in every.items() if name not in _NO_PEOPLE}
    beside = None if place.root is None else place.root / EXTERNAL_IDS.file
    return named if beside is None or not beside.is_file() else named | {EXTERNAL_IDS.name: beside}


def _inputs(place: Place, names: Sequence[str] = ()) -> dict[str, Path]:
    """The files of a plan's tables by name, of those that are asked for."""
    if place.plan is None or place.root is None:
        return {}
    return {
        name: place.root / path
        for name, path in inputs_of(place.plan).items()
        if isinstance(path, str) and (place.root / path).is_file() and (not names or name in names)
    }


def _require_id(agent_id: str) -> None:
    """Refuse what cannot be an id."""
    if not re.fullmatch(AGENT_ID, agent_id):
        raise UsageError(
            "this is no agent_id (letters, digits, '.', '_' and '-'): give the id of the person, "
            "as it stands in the table agents, and not her name."
        )


def _problem_of(place: Place) -> PlanningProblem | None:
    """The plan, where it can be read: a person is forgotten whatever its faults."""
    if place.plan is None:
        return None
    try:
        return hr.load_plan(place.plan)
    except InputError:
        return None


def _agent_in(problem: PlanningProblem | None, agent_id: str) -> Agent | None:
    """What the plan says of her."""
    agents = problem.agents if problem else ()
    return next((agent for agent in agents if agent.agent_id == agent_id), None)


def _rows(
    place: Place, agent: Agent | None, problem: PlanningProblem | None
) -> Iterator[dict[str, str]]:
    """Everything that says who she is, and who others are."""
    for one in problem.agents if problem else ():
        yield {"agent_id": one.agent_id, "name": one.name, "email": one.email}
    for path in tables_of(place).values():
        yield from erasing.rows_that_name(path)
    for root in place.roots:
        for folder in erasing.folders_of_ours(root):
            yield from erasing.rows_in(folder)
    if memory.is_there(place.address):
        with database.opened(place.address) as engine, database.reading(engine) as connection:
            yield from database.cells_of_people(connection)


def _pseudonym(place: Place, agent_id: str) -> Iterator[dict[str, str]]:
    """What names her in exports under pseudonyms, while their key lies beside the plan."""
    path = None if place.root is None else place.root / KEY_FILE
    if path is not None and path.is_file():
        with suppress(InputError):
            yield {"agent_id": agent_id, "name": pseudonym_of(agent_id, key_of(path))}


def _elsewhere(place: Place, agent_id: str) -> Iterator[str]:
    """Her ids in other systems, which exports to them have in place of her own."""
    path = None if place.root is None else place.root / EXTERNAL_IDS.file
    if path is not None and path.is_file():
        for row in erasing.rows_that_name(path):
            if (row.get("kind"), row.get("id")) == ("agent", agent_id):
                yield unguarded(row.get("external_id") or agent_id)


def _pages(root: Path, traces: Traces, *, is_dry: bool) -> list[Path]:
    """Pages that we made outside run folders."""
    inside = set(erasing.folders_of_ours(root))
    pages = [path for path in sorted(root.rglob("*.html")) if path.parent not in inside]
    return [path for path in pages if erasing.rewrite_page(path, traces, is_dry=is_dry)]


def _in_store(
    done: Erased, address: str, signature: Signature, traces: Traces, *, is_dry: bool, tell: Tell
) -> None:
    """Forget her in the store, rebuild it, and take away old copies of it that name her."""
    if not memory.is_there(address):
        return
    with database.opened(address) as engine:
        with database.reading(engine) as connection:
            done.in_store = database.about(connection, traces.agent_id)
        if not is_dry:
            with database.writing(engine) as connection:
                done.in_store = database.forget(
                    connection, traces.agent_id, actor=signature.actor, at=signature.at
                )
            database.scrub(engine)  # again, where an earlier call was killed before it
            tell(f"{database.shown(address)}: done")
    for copy in old_copies(address):
        if traces.are_in(copy):
            if not is_dry:
                remove(copy)
            done.backups.append(copy)


def old_copies(address: str) -> list[Path]:
    """Copies beside a store from before it was brought up to date, and what killed ones left."""
    file = database.file_of(address)
    if file is None:
        return []
    patterns = (f"{file.name}.before-*", f".{file.name}*.partial")
    return sorted(path for pattern in patterns for path in file.parent.glob(pattern))


def remove(copy: Path) -> None:
    """
    Delete an old copy of the store.

    Raises
    ------
    OutputError
        When the disk refuses.
    """
    try:
        copy.unlink()
    except OSError as error:
        raise OutputError(
            f"{copy} holds what is to be forgotten and cannot be deleted: {error.strerror}. "
            "Everything before it is done; delete it, or ask for the right to, and run the "
            "command again."
        ) from error


def _in_tables(done: Erased, place: Place, traces: Traces, *, is_asked: bool) -> None:
    """Her rows in the plan's own tables: taken out on request."""
    if not is_asked:
        return
    for path in tables_of(place).values():
        if count := erasing.remove_rows(path, erasing.hers(traces)):
            done.tables[path] = count


def _note_leftovers(
    done: Erased, place: Place, traces: Traces, *, are_tables_done: bool, is_dry: bool
) -> None:
    """Files that are the user's own and name her all the same."""
    file = database.file_of(place.address)
    skipped = {path.resolve() for path in _inputs(place, _NO_PEOPLE).values()}
    if is_dry:
        skipped |= {file.resolve()} if file else set()
        if are_tables_done:
            counts = {
                path: erasing.rows_to_remove(path, erasing.hers(traces))
                for path in tables_of(place).values()
            }
            done.tables = {path: count for path, count in counts.items() if count}
        skipped |= {path.resolve() for path in (*done.pages, *done.backups, *done.tables)}
        for one in done.folders:
            names = (*one.changed, *one.removed, MANIFEST)
            skipped |= {(one.folder / name).resolve() for name in names}
    for root in place.roots:
        done.still += erasing.leftovers(root, traces, frozenset(skipped))
