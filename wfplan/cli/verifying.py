"""What ``wfplan doctor --verify`` looks at: a plan's store and its run folders."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from wfplan.cli.checks import Check
from wfplan.domain.atomic import MANIFEST, read_schema
from wfplan.errors import InputError, WfplanError

_FOR_STORE = "put back a backup of it (wfplan store backup makes one), and find out who did this"
_FOR_NETWORK = "its locks may fail there: let one machine write, or use a server (postgresql://...)"
_FOR_RUN = "if nobody edited it by hand, build the run again"
_SHOWN_MAX = 20


def verified(folder: Path, asked: str | None) -> list[Check]:
    """
    The checks of a plan's store and run folders.

    Raises
    ------
    InputError
        When there is neither.
    """
    from wfplan import addresses

    folder = folder if folder.is_dir() else folder.parent
    address = addresses.address_of(folder, asked)
    runs = _run_folders(folder)
    if not addresses.is_there(address) and (asked or not runs):
        raise InputError(
            f"there is no planning store at {address} and no run in {folder.absolute()}: give the "
            "plan's folder, or --store."
        )
    checks = list(_of_store(address)) if addresses.is_there(address) else []
    for run in runs:
        checks += _of_run(run)
    return checks


def _of_store(address: str) -> Iterator[Check]:
    """The store: what is in it, or what is wrong with it."""
    from wfplan.store import database

    where = database.shown(address)
    try:
        with database.opened(address) as engine, database.reading(engine) as connection:
            found = database.faults(connection)
            seen = "" if found else _contents(database.entries(connection))
    except WfplanError as error:
        yield Check("store", "fail", str(error))
        return
    if not found:
        yield Check("store", "ok", f"{where}: {seen}")
    file = database.file_of(address)
    disk = database.network_disk_of(file) if file else ""
    if disk:
        yield Check("store", "warn", f"{where} lies on a network disk ({disk})", _FOR_NETWORK)
    for one in found[:_SHOWN_MAX]:
        yield Check("store", "fail", f"{where}: {one}", _FOR_STORE)
    if len(found) > _SHOWN_MAX:
        yield Check("store", "fail", f"{where}: {len(found) - _SHOWN_MAX} faults more")


def _contents(entries: Iterator[object]) -> str:
    """How long the log is, and its last hash: whoever notes it can tell a log that was cut."""
    known = list(entries)
    last = str(getattr(known[-1], "hash", ""))[:16] if known else "none"
    many = "entry" if len(known) == 1 else "entries"
    return f"{len(known)} {many} in its log, the last is {last}"


def _run_folders(folder: Path) -> list[Path]:
    """The run folders of a plan, or the folder itself where it is one."""
    from wfplan.store import RUN_SCHEMA

    found = {path.parent for path in [*folder.glob(MANIFEST), *folder.glob(f"runs/**/{MANIFEST}")]}
    return sorted(one for one in found if read_schema(one) in (RUN_SCHEMA, ""))


def _of_run(folder: Path) -> Iterator[Check]:
    """A run folder: every file against its hash in the manifest."""
    from wfplan import store
    from wfplan.store.parts import EDITABLE

    try:
        outputs = store.read_manifest(folder)["outputs"]
        wrong = [name for name in sorted(outputs) if not _is_whole(folder / name, outputs[name])]
    except (WfplanError, KeyError, TypeError, AttributeError) as error:
        why = error if isinstance(error, WfplanError) else type(error).__name__  # never its text
        yield Check("run", "fail", f"{folder}: its manifest cannot be read ({why})", _FOR_RUN)
        return
    if not wrong:
        yield Check("run", "ok", f"{folder}: {len(outputs)} files as written")
        return
    is_editable = set(wrong) <= set(EDITABLE)
    seen = f"{folder}: {', '.join(wrong)} {'is' if len(wrong) == 1 else 'are'} not as written"
    hint = "edited by hand? The next command on the run takes it over" if is_editable else _FOR_RUN
    yield Check("run", "warn" if is_editable else "fail", seen, hint)


def _is_whole(path: Path, output: dict[str, object]) -> bool:
    """Whether a file is what the manifest says."""
    import hashlib

    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == output["sha256"]
    except OSError:
        return False
