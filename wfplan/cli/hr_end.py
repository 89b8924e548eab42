"""How ``wfplan hr`` finds plan and store, and says what an import changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wfplan.cli.talk import Talk

if TYPE_CHECKING:
    from wfplan.hr import Imported, Shown
    from wfplan.intake.hr import Asked
    from wfplan.store.database import RowChange, TableChange

PLAN = "plan.toml"
_UNSAID = ("name", "email", "note", "cost_per_hour")
LINES_MAX = 20
"""Rows of a table that are told one by one."""


def asked(
    files: Sequence[str],
    maps: Sequence[str] | None,
    layout: str | None,
    full_time_hours: float | None,
    is_comma: bool,
    date_format: str | None,
    delimiter: str | None,
) -> Asked:
    """What the command line says of the files."""
    from wfplan.intake.hr import asked_of

    return asked_of(
        files,
        maps or (),
        layout=layout or "",
        full_time_hours=full_time_hours,
        is_comma=is_comma,
        date_order=date_format or "",
        delimiter=delimiter or "",
    )


def take_over(
    talk: Talk,
    asked: Asked,
    plan: Path | None,
    store: str | None,
    *,
    is_part: bool,
    is_sure: bool,
    is_dry: bool,
) -> None:
    """Import files, or say what that would change."""
    from wfplan import hr, memory

    plan = plan_of(plan)
    address = memory.address_of(plan or Path(), store)
    made = hr.take_over(asked, plan, address, is_part=is_part, is_sure=is_sure, is_dry=is_dry)
    _tell_reading(talk, made)
    verb = "Imported" if made.is_written else "Would change" if is_dry else "Nothing changes"
    is_nothing = all(change.is_empty for change in made.changes)
    text = [f"{'Nothing changes' if is_nothing else verb}: {_summary(made.changes)}."]
    for change in made.changes:
        text += _change_lines(change)
    for week in made.broken:
        talk.warn(week.told())
    broken = [week.as_dict() for week in made.broken]
    result = {
        **_as_dict(made),
        "published_broken": broken,
        "dry_run": is_dry,
        "store": _address(address),
    }
    talk.finish(result, "\n".join(text))


def look_at(talk: Talk, asked: Asked, plan: Path | None, store: str | None) -> None:
    """Check files."""
    from wfplan import hr, memory

    plan = plan_of(plan)
    made = hr.check(asked, plan, memory.address_of(plan or Path(), store))
    _tell_reading(talk, made)
    beside = f"beside the plan {plan}" if plan else "by themselves, as there is no plan here"
    rows = ", ".join(f"{len(rows)} {table}" for table, rows in made.tables.items())
    talk.finish(_as_dict(made), f"Good: {rows}, checked {beside}.")


def show(talk: Talk, what: str, plan: Path | None, store: str | None) -> None:
    """Show what the store holds."""
    from wfplan import hr, memory
    from wfplan.cli.summary import table

    address = memory.address_of(plan_of(plan) or Path(), store)
    rows = hr.show(address, what)
    if what:
        lines = [["table", "row", "from", "imported"]]
        lines += [[row.table, _cells(row), f"{row.file}:{row.line}", _import(row)] for row in rows]
    else:
        lines = [["table", "rows", "last import", "files"]]
        for name in dict.fromkeys(row.table for row in rows):
            mine = [row for row in rows if row.table == name]
            last = max(mine, key=lambda row: row.at)
            files = sorted({row.file for row in mine})
            more = f" and {len(files) - 3} more" if len(files) > 3 else ""
            lines.append([name, str(len(mine)), _import(last), ", ".join(files[:3]) + more])
    text = "\n".join(table(lines, range(1, 1))) if rows else "HR has imported nothing yet."
    talk.finish({"rows": [row.as_dict() for row in rows]}, text)


def plan_of(plan: Path | None) -> Path | None:
    """The plan that is named, or the one of this folder, if any."""
    if plan is not None:
        return plan
    return Path() if (Path() / PLAN).is_file() else None


def _tell_reading(talk: Talk, made: Imported) -> None:
    """Say how the files were read, and what is doubtful."""
    talk.inputs = [{"path": piece.file, "sha256": piece.sha256} for piece in made.pieces]
    for piece in made.pieces:
        count = len(piece.rows)
        talk.say(f"{piece.file}: {count:,} row{'' if count == 1 else 's'} of {piece.table}")
        for text in piece.said:
            talk.say(f"{piece.file}: {text}")
    talk.warn(made.warnings)
    for name in made.overruled:
        talk.say(
            f"warning: [inputs] of the plan names a file for {name}, which counts before the "
            f"store; take {name} out of [inputs] to plan with these rows"
        )


def _summary(changes: Sequence[TableChange]) -> str:
    """``agents 3 added, 1 changed; skills as before``."""
    return "; ".join(f"{change.kind} {_counts(change)}" for change in changes)


def _counts(change: TableChange) -> str:
    """How many rows of a table are added, changed and removed."""
    counts = {"added": change.added, "changed": change.changed, "removed": change.removed}
    words = [f"{len(rows)} {word}" for word, rows in counts.items() if rows]
    return ", ".join(words) if words else "as before"


def _change_lines(change: TableChange) -> list[str]:
    """The rows of a table that change, up to a number."""
    is_first = not change.changed and not change.removed and change.rows == len(change.added)
    if change.is_empty or (is_first and change.rows > LINES_MAX):
        return []
    rows: list[tuple[str, RowChange]] = [
        *(("added", row) for row in change.added),
        *(("changed", row) for row in change.changed),
        *(("removed", row) for row in change.removed),
    ]
    lines = [f"{change.kind}:"]
    for word, row in rows[:LINES_MAX]:
        columns = f" ({', '.join(_from_to(row))})" if word == "changed" else ""
        lines.append(f"  {word} {_row_name(row)}{columns}")
    if len(rows) > LINES_MAX:
        lines.append(f"  {len(rows) - LINES_MAX} more; --json gives all")
    return lines


def _from_to(row: RowChange) -> list[str]:
    """``team Blue to Gold``; of what tells who somebody is only that it changed."""
    was, now = row.before or {}, row.after or {}
    return [
        name
        if name in _UNSAID
        else f"{name} {was.get(name) or 'empty'} to {now.get(name) or 'empty'}"
        for name in row.columns
    ]


def _row_name(row: RowChange) -> str:
    """What tells a row from others: its id, skill, day or start."""
    return " ".join(part for part in row.key.split("|") if part)


def _as_dict(made: Imported) -> dict[str, Any]:
    """What was read and changes, as plain values; ids and columns, no values of people."""
    return {
        "files": [dict(piece.about) for piece in made.pieces],
        "overruled": list(made.overruled),
        "written": made.is_written,
        "tables": {
            change.kind: {
                "rows": change.rows,
                "added": [row.key for row in change.added],
                "changed": {row.key: list(row.columns) for row in change.changed},
                "removed": [row.key for row in change.removed],
            }
            for change in made.changes
        },
    }


def _address(address: str) -> str:
    """An address without a password."""
    if "://" not in address:
        return address
    from wfplan.store.database import shown

    return shown(address)


def _cells(row: Shown) -> str:
    """A row in one line."""
    return ", ".join(f"{name} {text}" for name, text in row.cells.items())


def _import(row: Shown) -> str:
    """When and by whom a row was imported."""
    return f"{row.at} {row.actor}".strip()
