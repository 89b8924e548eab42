"""How the commands of ``wfplan store`` find the store and say what they did."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wfplan.cli.talk import Talk
from wfplan.errors import InputError, UsageError

if TYPE_CHECKING:
    from wfplan.store.database import Entry


def backup(talk: Talk, file: Path, plan: Path, asked: str | None, *, is_forced: bool) -> None:
    """Copy the store into a file."""
    from wfplan import addresses
    from wfplan.store import database

    address = addresses.address_of(plan, asked)
    own = database.file_of(address)
    if own is not None and own.absolute() == file.absolute():
        raise UsageError(f"{file} is the store itself: name another file for the copy.")
    if file.exists() and not is_forced:
        raise UsageError(f"{file} is there already: name another file, or replace it with --force.")
    with database.opened(address) as engine:
        database.backup(engine, file)
    entries, _ = _verified(str(file))
    text = f"Copied {database.shown(address)} to {file}: {_in_log(entries)}, verified."
    talk.finish({"file": str(file), "entries": entries}, text)


def restore(talk: Talk, file: Path, plan: Path, asked: str | None) -> None:
    """Put a copy into an empty store; nothing changes where it stands there already."""
    from wfplan import addresses
    from wfplan.store import database

    address = addresses.address_of(plan, asked)
    known = _verified(str(file))
    is_there = addresses.is_there(address) and known[0] > 0 and _verified(address) == known
    if not is_there:
        _put_into(file, address)
        _verified(address)
    where = database.shown(address)
    word = f"{where} holds {file} already" if is_there else f"Put {file} into {where}"
    text = f"{word}: {_in_log(known[0])}, verified."
    talk.finish({"store": where, "entries": known[0]}, text)


def show_log(talk: Talk, plan: Path, asked: str | None, last: int | None) -> None:
    """Show the log."""
    from wfplan import addresses
    from wfplan.cli.summary import table
    from wfplan.store import database

    address = addresses.address_of(plan, asked)
    with database.opened(address) as engine, database.reading(engine) as connection:
        entries = list(database.entries(connection))
    shown = entries[-last:] if last else entries
    rows = [["entry", "when", "who", "what", "about", "hash"]]
    rows += [
        [str(one.seq), one.at, one.actor, one.action, _in_words(one), one.hash[:12]]
        for one in shown
    ]
    text = "\n".join(table(rows, range(1))) if shown else "The log is empty: nothing was done yet."
    talk.finish({"entries": [asdict(one) | {"about": _about(one)} for one in shown]}, text)


def _put_into(file: Path, address: str) -> None:
    """Put a copy into a store: a new file in one step, whatever is there already as rows."""
    from wfplan.store import database

    own = database.file_of(address)
    with database.opened(str(file)) as source:
        if own is not None and not own.exists():
            database.backup(source, own)
            return
        with database.opened(address, is_made=True) as target:
            database.copied(source, target)


def _verified(address: str) -> tuple[int, str]:
    """How many entries the log of a store has, all of which verifies, and the last one's hash."""
    from wfplan.store import database

    with database.opened(address) as engine, database.reading(engine) as connection:
        found = database.faults(connection)
        if found:
            raise InputError(
                f"{database.shown(address)} does not verify: {found[0]} ({len(found)} faults). "
                "'wfplan doctor --verify' shows all of them."
            )
        known = list(database.entries(connection))
        return len(known), known[-1].hash if known else ""


def _in_log(count: int) -> str:
    """``1 entry in its log``."""
    return f"{count} {'entry' if count == 1 else 'entries'} in its log"


def _about(entry: Entry) -> Any:
    """What an entry is about, as plain values."""
    try:
        return json.loads(entry.about)
    except ValueError:
        return entry.about


def _in_words(entry: Entry) -> str:
    """What an entry is about, in a few words."""
    about = _about(entry)
    if not isinstance(about, dict):
        return "damaged"
    if "number" in about:
        parts = [f"{about.get('plan')} {about.get('first_day')} revision {about['number']}"]
        parts += [f"brings back {about['of']}"] if about.get("of") else []
        parts += [f"override: {about['override']}"] if about.get("override") else []
        parts += [str(about["reason"])] if about.get("reason") else []
        return "; ".join(parts)
    if "verdict" in about:
        verdict = str(about["verdict"]).replace("_", " ")
        days = f"{about.get('first_day')} to {about.get('last_day')}"
        return f"{about.get('plan')}: {verdict} in absences from {days}"
    if "tables" in about:
        return "; ".join(
            f"{kind} +{one['added']} ~{one['changed']} -{one['removed']}"
            for kind, one in about["tables"].items()
        )
    return ", ".join(
        f"{name} {len(value) if isinstance(value, list) else value}"
        for name, value in about.items()
        if value is not None
    )
