"""
Past weeks that are over their time, by a plan's ``[retention]``: out of its runs, out of its store.

Interrupted work can simply be run again. What the rules of the plan still look back on is never
over its time, whatever is asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from wfplan import forgetting, hr, memory
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.retention import months_before
from wfplan.errors import InputError
from wfplan.forgetting import Place, Tell
from wfplan.intake.hr.plans import retention_of
from wfplan.publications import Signature
from wfplan.store import database, erasing, quarters_under, slug_of
from wfplan.store.database import Expired
from wfplan.store.erasing import Rewritten

_DATED = {"history": "end", "overload": "date", "time_off": "end"}
_WEEK = 7
_YEAR_DAYS, _OF_YEAR = 366, 12


@dataclass
class Done:
    """What was taken away, or would be; ``before`` is None where weeks are kept for good."""

    plan: str
    months: int
    before: date | None
    folders: list[Rewritten] = field(default_factory=list)
    quarters: dict[Path, int] = field(default_factory=dict)
    undated: list[Path] = field(default_factory=list)
    in_store: Expired | None = None
    backups: list[Path] = field(default_factory=list)
    own_rows: dict[Path, int] = field(default_factory=dict)  # of the plan's own history

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was over its time."""
        is_kept = self.in_store is None or self.in_store.is_empty
        return is_kept and not (self.folders or self.quarters or self.backups)


def expire(
    place: Place,
    signature: Signature,
    *,
    months: int | None = None,
    is_dry: bool = False,
    tell: Tell = lambda text: None,
) -> Done:
    """
    Take away what is over its time.

    Parameters
    ----------
    months
        Months that weeks are kept, in place of the plan's.

    Raises
    ------
    InputError
        When that is less than the plan's rules look back on, or the plan cannot be read.
    OutputError
        When the disk or the store refuses: what was done before stays done.
    """
    if place.plan is None:
        raise InputError("which plan? Its [retention] says how long its weeks are kept.")
    problem = hr.load_plan(place.plan, place.address)
    asked = problem.retention.months if months is None else months
    before = _before(problem, asked, signature.at.date())
    done = Done(slug_of(problem.name), asked, before)
    if before is None:
        return done
    for root in place.roots:
        _in_folders(done, root, before, is_dry=is_dry, tell=tell)
    _in_store(done, place.address, before, signature, is_dry=is_dry, tell=tell)
    _count_own(done, place, before)
    return done


def weeks_over(plan: Path, name: str, address: str, today: date) -> tuple[int, tuple[date, ...]]:
    """The months that a plan's weeks are kept, and weeks in its store that are over their time."""
    kept = retention_of(plan)
    before = kept.before(today)
    if before is None or not memory.is_there(address):
        return kept.months, ()
    with database.opened(address) as engine, database.reading(engine) as connection:
        return kept.months, database.weeks_over(connection, name, before)


def _before(problem: PlanningProblem, months: int, today: date) -> date | None:
    """By when a week must have ended to be over its time; never what rules look back on."""
    if not months:
        return None
    needed = memory.back_days(problem)
    if months * _YEAR_DAYS < needed * _OF_YEAR:
        raise InputError(
            f"months = {months} is less than the {needed // _WEEK} weeks that the rules of "
            f"'{problem.name}' look back on: a next week could not be checked against its past. "
            'Give more months, or "never" ([retention] in plan.toml).'
        )
    return min(months_before(today, months), today - timedelta(days=needed))


def _in_folders(done: Done, root: Path, before: date, *, is_dry: bool, tell: Tell) -> None:
    """Runs, exports and quarters."""
    for folder in erasing.folders_of_ours(root):
        found = erasing.expire_folder(folder, before, is_dry=is_dry)
        if found is None:
            done.undated.append(folder)
        elif not found.is_empty:
            done.folders.append(found)
            if not is_dry:
                tell(f"{folder}: done")
    for folder in quarters_under(root):
        if count := erasing.expire_quarter(folder, before, is_dry=is_dry):
            done.quarters[folder] = count


def _in_store(
    done: Done, address: str, before: date, signature: Signature, *, is_dry: bool, tell: Tell
) -> None:
    """The store: emptied in one transaction, rebuilt, and rid of copies from before."""
    if not memory.is_there(address):
        return
    with database.opened(address) as engine:
        if is_dry:
            with database.reading(engine) as connection:
                done.in_store = database.due(connection, done.plan, before)
        else:
            with database.writing(engine) as connection:
                done.in_store = database.expire(
                    connection, done.plan, before, actor=signature.actor, at=signature.at
                )
            database.scrub(engine)  # again, where an earlier call was killed before it
            tell(f"{database.shown(address)}: done")
        with database.reading(engine) as connection:
            known = database.expiries(connection)
    since = signature.at if not done.in_store.is_empty else datetime.min.replace(tzinfo=UTC)
    since = max([since, *(datetime.fromisoformat(one.at) for one in known)])
    for copy in forgetting.old_copies(address):
        if datetime.fromtimestamp(copy.stat().st_mtime, UTC) < since:
            if not is_dry:
                forgetting.remove(copy)
            done.backups.append(copy)


def _count_own(done: Done, place: Place, before: date) -> None:
    """Rows of the plan's own tables, which are the planner's to take out."""
    day = before.isoformat()
    for name, path in forgetting.tables_of(place).items():
        column = _DATED.get(name, "")
        said = ((row.get(column) or "")[: len(day)] for row in erasing.rows_that_name(path))
        if count := sum("" < one < day for one in said):
            done.own_rows[path] = count
