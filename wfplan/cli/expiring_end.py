"""What ``wfplan store expire`` says of what it did, and others of what it would do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wfplan.cli.talk import Talk

if TYPE_CHECKING:
    from wfplan.expiring import Done


def expire(
    talk: Talk,
    plan: Path,
    store: str | None,
    runs: Sequence[Path],
    months: int | None,
    *,
    is_dry: bool,
) -> None:
    """Take away what is over its time, and say what became of what."""
    from wfplan import expiring, memory
    from wfplan.forgetting import Place
    from wfplan.publications import Signature

    place = Place(plan, memory.address_of(plan, store), runs)
    done = expiring.expire(place, Signature.now(), months=months, is_dry=is_dry, tell=talk.say)
    talk.finish(_as_dict(done, is_dry=is_dry), "\n".join(_lines(done, is_dry=is_dry)))


def over_time(plan: Path, name: str, address: str) -> str:
    """Which published weeks are over their time, in a sentence; an empty text where none is."""
    from wfplan import expiring

    months, weeks = expiring.weeks_over(plan, name, address, datetime.now(UTC).date())
    if not weeks:
        return ""
    which = f"the week from {weeks[0]}" + (f" and {len(weeks) - 1} more" if weeks[1:] else "")
    return (
        f"Older than the {months} months of [retention]: {which}. 'wfplan store expire --plan "
        f"{plan}' takes out what is about people."
    )


def _as_dict(done: Done, *, is_dry: bool) -> dict[str, Any]:
    """What was done as plain values."""
    in_store = None
    if done.in_store is not None:
        weeks = [day.isoformat() for day in done.in_store.weeks]
        in_store = asdict(done.in_store) | {"weeks": weeks}
    return {
        "dry_run": is_dry,
        "plan": done.plan,
        "months": done.months,
        "before": None if done.before is None else done.before.isoformat(),
        "folders": [
            {"folder": str(one.folder), "changed": one.changed, "removed": one.removed}
            for one in done.folders
        ],
        "quarters": {str(path): count for path, count in done.quarters.items()},
        "store": in_store,
        "backups_removed": [str(path) for path in done.backups],
        "undated": [str(path) for path in done.undated],
        "own_rows": {str(path): count for path, count in done.own_rows.items()},
    }


def _lines(done: Done, *, is_dry: bool) -> Iterator[str]:
    """What was done, in words."""
    if done.before is None:
        yield f"The weeks of {done.plan} are kept for good: [retention] in plan.toml says so."
        return
    yield f"Weeks of {done.plan} that ended by {done.before} are over their {done.months} months."
    would = "would be " if is_dry else ""
    if done.is_nothing:
        yield "Nothing was kept of them." if not is_dry else "Nothing is kept of them."
    if done.in_store is not None and not done.in_store.is_empty:
        one = done.in_store
        yield (
            f"Store: {len(one.weeks)} weeks in {one.revisions} revisions {would}emptied, "
            f"{one.rows} rows of HR {would}removed, {one.people} people of whom nothing else is "
            f"left {would}forgotten; its log says so."
        )
    for folder in done.folders:
        kept = "; forecast and requirement stay" if folder.changed else ""
        yield f"{folder.folder}: {would}removed: {', '.join(folder.removed) or 'people'}{kept}"
    for path, count in done.quarters.items():
        yield f"{path}: {count} rows about people {would}removed"
    for path in done.backups:
        yield f"{path}: {would}removed, an old copy of the store"
    for path in done.undated:
        yield f"{path} does not say which week it is of: look yourself"
    yield from _of_own(done)


def _of_own(done: Done) -> Iterator[str]:
    """Files that are the user's own."""
    for path, count in done.own_rows.items():
        yield f"{path}: {count} rows are older, too; the file is yours, and is not changed"
    yield (
        "Backups, copies and pages elsewhere and, of PostgreSQL, its write-ahead log keep what "
        "they hold until they are replaced."
    )
