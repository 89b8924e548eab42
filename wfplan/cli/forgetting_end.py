"""What ``wfplan hr forget`` says of what it did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wfplan.cli.talk import Talk
from wfplan.errors import UsageError

if TYPE_CHECKING:
    from wfplan.forgetting import Erased

_SHOWN_MAX = 12


def forget(
    talk: Talk,
    agent_id: str,
    plan: Path | None,
    store: str | None,
    runs: Sequence[Path],
    *,
    with_tables: bool,
    is_dry: bool,
) -> None:
    """Forget a person and say what became of what."""
    from wfplan import forgetting, memory
    from wfplan.publications import Signature

    here = Path()
    if plan is None and (here / "plan.toml").exists():
        plan = here
    if plan is None and store is None and not runs:
        raise UsageError(
            "where should she be looked for? Give --plan PLAN, --store FILE, or --runs FOLDER."
        )
    place = forgetting.Place(plan, memory.address_of(plan or here, store), runs)
    done = forgetting.forget(
        agent_id, place, Signature.now(), with_tables=with_tables, is_dry=is_dry, tell=talk.say
    )
    talk.finish(_as_dict(done, is_dry=is_dry), "\n".join(_lines(done, is_dry=is_dry)))


def _as_dict(done: Erased, *, is_dry: bool) -> dict[str, Any]:
    """What was done as plain values."""
    return {
        "agent_id": done.agent_id,
        "dry_run": is_dry,
        "folders": [
            {"folder": str(one.folder), "changed": one.changed, "removed": one.removed}
            for one in done.folders
        ],
        "pages": [str(path) for path in done.pages],
        "store": asdict(done.in_store) if done.in_store else None,
        "backups_removed": [str(path) for path in done.backups],
        "tables": {str(path): count for path, count in done.tables.items()},
        "still_named_in": [str(path) for path in done.still],
    }


def _lines(done: Erased, *, is_dry: bool) -> Iterator[str]:
    """What was done, in words."""
    if done.is_nothing:
        yield "Nobody with this id is known here: nothing to forget."
        return
    would = "would be " if is_dry else ""
    if done.in_store is None:
        yield "There is no planning store here."
    elif done.in_store.was_known:
        yield (
            f"Store: {done.in_store.weeks} published weeks {would}emptied of her, "
            f"{done.in_store.rows} rows of HR {would}removed; the log says that somebody was "
            "forgotten, not who."
        )
    else:
        yield "Store: she is not known there."
    for one in done.folders:
        changed, removed = ", ".join(one.changed), ", ".join(one.removed)
        yield f"{one.folder}: a pseudonym {would}in {changed or 'no file'}" + (
            f"; {would}removed: {removed}" if removed else ""
        )
    yield from _of_reports(done)
    for path in done.pages:
        yield f"{path}: {would}rewritten"
    for path in done.backups:
        yield f"{path}: {would}removed, an old copy of the store"
    for path, count in done.tables.items():
        yield f"{path}: {count} rows {would}removed"
    yield from _of_leftovers(done, is_dry=is_dry)


def _of_reports(done: Erased) -> Iterator[str]:
    """How a report that went is made again."""
    for one in done.folders:
        if "report.html" in one.removed:
            yield f"Make its report again: wfplan report {one.folder}"


def _of_leftovers(done: Erased, *, is_dry: bool) -> Iterator[str]:
    """Files that are the user's own."""
    if done.still:
        yield ""
        yield "Files of your own that name her, and are not changed:"
        yield from (f"  {path}" for path in done.still[:_SHOWN_MAX])
        if len(done.still) > _SHOWN_MAX:
            yield f"  and {len(done.still) - _SHOWN_MAX} more; --json lists all"
        if not done.tables:
            yield "Rows of the plan's text tables are taken out with --tables; delete the others."
    elif not is_dry:
        yield "No file here names her any more."
    yield (
        "Backups, copies and exports elsewhere and, of PostgreSQL, its write-ahead log keep her "
        "until they are replaced. Where her name is one plain word, texts of your own are not "
        "searched for it."
    )
