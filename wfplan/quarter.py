"""
A quarter: weeks planned one after another, each kept in a store before the next begins.

With memory a week knows those before it: their shifts, their ledger, their burdens. Without, it
knows what the plan's own tables say, and nothing of the weeks planned meanwhile; it is audited all
the same by what they left behind. Every week is forecast from the contacts that began before it:
where these end before the quarter does, forecasts look further ahead from week to week.

One process plans all weeks: the plan is read and the engine compiled once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pandas as pd

from wfplan import (
    engagement,
    evaluation,
    hr,
    memory,
    pipeline,
    publications,
    publishing,
    runs,
    store,
)
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.progress import Control
from wfplan.domain.quarters import WITH, WITHOUT, Quarter
from wfplan.domain.results import Audit, Run
from wfplan.errors import InterruptedPlanError, OutputError, UsageError
from wfplan.publications import Signature
from wfplan.store import database

_NOBODY_TOLD = "planned ahead with others of its quarter; nobody is told"
_BEFORE = "published before the quarter begins"


@dataclass(frozen=True)
class Question:
    """
    Which weeks are planned, and how.

    ``store`` is where weeks planned with memory are published; by default a store of their own in
    ``folder``, that begins with what the plan's store knows. ``override`` signs for weeks with a
    side out of its limits; in stores of their own nobody is told, and none is asked for.
    """

    plan: Path
    weeks: int = 13
    first: date | None = None
    folder: Path | None = None
    store: str | None = None
    seed: int = 0
    memories: tuple[str, ...] = (WITH,)
    override: str = ""
    passes: int | None = None

    def asked(self, first: date) -> dict[str, Any]:
        """What must be the same when it is gone on with; more weeks may be asked for."""
        store = self.store and database.shown(self.store)
        return {"first": first.isoformat(), "seed": self.seed, "passes": self.passes,
                "store": store}  # fmt: skip


@dataclass(frozen=True)
class Planned:
    """A week that was planned just now."""

    memory: str
    at: int  # from 1
    run: Run
    audit: Audit
    seconds: float


class Book:
    """A quarter's folder: what is planned of it, and what is not."""

    def __init__(self, question: Question, *, is_resumed: bool, is_forced: bool) -> None:
        self.question = question
        self.problem: PlanningProblem = hr.load_plan(question.plan)
        days, first = self.problem.days, self.problem.week_of(question.first)
        count = -(-7 * question.weeks // days)
        self.weeks = [first + timedelta(days=days * k) for k in range(count)]
        usual = store.run_folder(question.plan, self.problem, first)
        self.folder = question.folder or usual.with_name(f"quarter-{first.isoformat()}")
        kept = store.open_quarter(
            self.folder, question.asked(first), is_resumed=is_resumed, is_forced=is_forced
        )
        self._people, self._service = kept

    @property
    def quarter(self) -> Quarter:
        """All weeks that are planned."""
        contacts = self.problem.contacts
        last = None if contacts.empty else contacts["interval_start"].max()
        return Quarter(
            self.problem.name,
            tuple(self.weeks),
            None if last is None else last.tz_convert(self.problem.timezone).date(),
            self._people,
            self._service,
            evaluation.quarter_spreads(self._people),
        )

    def week_folder(self, kind: str, day: date) -> Path:
        """Where a week's run is."""
        return self.folder / f"{kind}-memory" / day.isoformat()

    def address(self, kind: str) -> str:
        """Where weeks are published."""
        own = str(self.folder / f"{kind}-memory" / memory.FILE)
        return self.question.store or own if kind == WITH else own

    def is_own(self, kind: str) -> bool:
        """Whether the store is the quarter's own."""
        return kind != WITH or self.question.store is None

    def missing(self, kind: str) -> list[date]:
        """Weeks that are still to be planned, from the first that is not kept and published."""
        address = self.address(kind)
        name = publications.plan_of(self.problem.name)
        told = set()
        if memory.is_there(address):
            told = {one.first_day for one in publications.published(address, name)}
        done = {day for day in self.quarter.done(kind) if day in told}
        at = next((i for i, day in enumerate(self.weeks) if day not in done), len(self.weeks))
        rest = self.weeks[at:]
        others = sorted(told.intersection(rest) - set(self.quarter.done(kind)))
        if others and not self.is_own(kind):
            raise UsageError(
                f"the store holds the week from {others[0]} already, published by somebody: begin "
                "after the weeks that are (--from), or leave out --store and plan beside them."
            )
        return rest

    def keep(self, planned: Planned) -> None:
        """Keep the rows of a week."""
        new = evaluation.quarter_people(planned.run, planned.memory)
        served = evaluation.quarter_service(planned.run, planned.audit, planned.memory)
        self._people = _with_rows(self._people, new)
        self._service = _with_rows(self._service, served)
        self.write()

    def write(self, page: str | None = None) -> list[Path]:
        """Write the tables, and the page where there is one."""
        return store.write_quarter(self.quarter, self.folder, page=page)


def plan_weeks(
    book: Book, control: Control, tell: Callable[[Planned], None] = lambda _: None
) -> Iterator[Planned]:
    """
    Plan every week that is missing, the oldest first; each is published before it is handed on.

    Raises
    ------
    InterruptedPlanError
        When the planner asked to stop; what is planned is kept.
    WfplanError
        Any error of a week; the weeks before it are kept.
    """
    for kind in book.question.memories:
        missing = book.missing(kind)
        if missing:
            _begin_store(book, kind)
        for day in missing:
            yield _planned(book, kind, day, control)


def _planned(book: Book, kind: str, day: date, control: Control) -> Planned:
    """One week, planned, kept and published."""
    begun, question, address = monotonic(), book.question, book.address(kind)
    control = replace(control, stop=replace(control.stop, started=begun))
    if control.stop.interrupt.is_set():
        raise InterruptedPlanError(_stopped(day))
    parts = runs.follow(
        book.problem, question.plan, day, question.seed, address if kind == WITH else None
    )
    folder = book.week_folder(kind, day)
    store.check_run_folder(folder)
    run, folder = pipeline.plan_week(
        parts, folder, control, keeps_state=False, keeps_forecast=not book.is_own(kind)
    )
    if control.stop.interrupt.is_set():
        raise InterruptedPlanError(_stopped(day))
    if kind == WITHOUT:
        run = _known(book, run, address)
    planned = Planned(kind, book.weeks.index(day) + 1, run, run.audit, monotonic() - begun)
    book.keep(planned)
    publishing.publish_run(
        run,
        folder,
        address,
        Signature.now(),
        over=None if book.is_own(kind) else 0,
        override=_NOBODY_TOLD if book.is_own(kind) else question.override,
    )
    return replace(planned, seconds=monotonic() - begun)


def _known(book: Book, run: Run, address: str) -> Run:
    """
    A run with ledger and audit by somebody who knows the weeks before it.

    What people carry goes on from week to week, whether or not the planner knew of it.
    """
    knowing = runs.follow(book.problem, run.plan_path, run.horizon.first_day, run.seed, address)
    plan, problem = run.solution, knowing.problem
    occupancy = run.outcome.by_interval("weighted_occupancy", run.demand.channels)
    ledger = engagement.overload_ledger(
        problem, run.horizon, plan.schedule, plan.channel_share, occupancy
    )
    measures = engagement.ledger_measures(ledger)
    audit = evaluation.audit(problem, run.horizon, plan.schedule, run.need, measures)
    audit = evaluation.with_agreement(audit, run.problem, run.need, plan)  # as it was planned
    return replace(run, ledger=ledger, audit=audit)


def _begin_store(book: Book, kind: str) -> None:
    """A store of its own begins with what the plan's knows of the weeks before."""
    address, usual = book.address(kind), memory.address_of(book.question.plan)
    if not book.is_own(kind) or Path(address).exists():
        _make(address)
        return
    weeks = []
    if memory.is_there(usual):
        name, since = publications.plan_of(book.problem.name), book.weeks[0]
        days = {one.first_day for one in publications.published(usual, name)}
        back = memory.back_days(book.problem) + 7
        near = sorted(day for day in days if 0 < (since - day).days <= back)
        weeks = [publications.read(usual, name, day) for day in near]
    _make(address)
    signature = Signature.now(_BEFORE)
    with database.opened(address) as engine, database.writing(engine) as connection:
        for week in weeks:
            database.publish(
                connection, week, actor=signature.actor, at=signature.at, reason=signature.reason
            )


def _make(address: str) -> None:
    """A store where there is none."""
    file = database.file_of(address)
    if file is not None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"{file.parent} cannot be made: {error.strerror}.") from error
    with database.opened(address, is_made=True):
        pass


def _stopped(day: date) -> str:
    return f"Stopped before the week from {day} was planned; the weeks before it are kept."


def _with_rows(frame: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """A table in which the rows of a week stand for those that it had before."""
    key = (new["memory"].iloc[0], new["week"].iloc[0]) if len(new) else None
    is_old = [pair == key for pair in zip(frame["memory"], frame["week"], strict=True)]
    left = frame[[not old for old in is_old]]
    parts = [part for part in (left, new) if len(part)]
    joined = pd.concat(parts, ignore_index=True) if parts else new
    return joined.sort_values(["memory", "week"], kind="stable", ignore_index=True)


def outline(book: Book) -> Mapping[str, Any]:
    """What is planned of a quarter, as plain values."""
    found = book.quarter
    return {
        "plan": found.plan,
        "folder": str(book.folder),
        "weeks": [day.isoformat() for day in found.weeks],
        "planned": {kind: len(found.done(kind)) for kind in (WITH, WITHOUT)},
    }
