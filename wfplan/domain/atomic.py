"""Folders that are there whole or not at all, whenever a process is killed.

A folder is written under a hidden temporary name beside its target, flushed
to the disk, and renamed. A target that already stands is exchanged with the
new one in a single step where the system can (Linux, ``renameat2`` with
``RENAME_EXCHANGE``). Elsewhere the old one is renamed away first: for the time
between two renames the name is missing while both folders are complete, and a
crash just there is undone by :func:`recover` on the next read or write.

Temporaries of live writers are locked (``flock``); those that are not locked
were left by a killed process and are removed by the next writer.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import secrets
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from wfplan.errors import OutputError

MANIFEST = "manifest.json"
CHECKPOINT = "search.npz"  # the state of a search: beside a run, or alone before it
_PARTIAL = ".partial-"
_OLD = ".old-"
_SHOWN = 200  # characters of a path in a message
_UNLOCKABLE_STALE_S = 86_400.0
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_CANNOT_FLUSH_FOLDERS = (errno.EINVAL, errno.ENOTSUP)
_CANNOT_EXCHANGE = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EPERM)


@contextmanager
def replacing_folder(target: Path, *, schema: str) -> Iterator[Path]:
    """
    A temporary folder that takes the place of ``target`` when the block ends well.

    Parameters
    ----------
    target
        The folder to make. Parents are made as needed.
    schema
        An existing target is replaced only when it is empty but for a
        checkpoint, or its ``manifest.json`` has this ``schema``.

    Raises
    ------
    OutputError
        When something else stands at the target, or the disk refuses. The
        target is then what it was before.
    """
    target = Path(os.path.abspath(target))  # noqa: PTH100  # resolve() would follow symlinks
    check_replaceable(target, schema=schema)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        recover(target)
        _remove_stale(target)
        with _own_temporary(target) as temporary:
            yield temporary
            _flush_tree(temporary)
            _take_place(temporary, target)
            _confirm(target)
    except OSError as error:
        raise OutputError(
            f"{target} could not be written: {error.strerror or error}. What stood there before "
            "is unchanged. Make room or ask for the right to write there, or give another --out."
        ) from error


@contextmanager
def replacing_file(path: Path, *, other: str = "give another --out") -> Iterator[Path]:
    """
    A temporary name that takes the place of ``path`` when the block ends well. Parents are made.

    Killed at any moment, the file is the old one or the new one.

    Raises
    ------
    OutputError
        When the disk refuses. The file is then what it was before.
    """
    temporary = path.with_name(f".{path.name}.partial")  # one name: the next writer clears it
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)
        yield temporary
        flush(temporary)
        temporary.replace(path)
        _confirm(path.absolute())
    except OSError as error:
        raise OutputError(
            f"{path} could not be written: {error.strerror or error}. Make room or ask for the "
            f"right to write there, or {other}."
        ) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_file(path: Path, content: bytes) -> None:
    """Write one file; see :func:`replacing_file`."""
    with replacing_file(path) as temporary:
        temporary.write_bytes(content)


def is_half_written(path: Path) -> bool:
    """Whether a file is what a killed :func:`replacing_file` left."""
    return path.name.startswith(".") and path.name.endswith(".partial")


def check_replaceable(target: Path, *, schema: str) -> None:
    """Raise an OutputError when ``target`` is anything that must not or cannot be replaced."""
    try:
        _check_replaceable(target, schema)
    except OSError as error:
        raise OutputError(
            f"{str(target)[:_SHOWN]} cannot be looked at: {error.strerror}. Give another --out."
        ) from error


def _check_replaceable(target: Path, schema: str) -> None:
    if target.is_symlink():
        raise OutputError(f"{target} is a symbolic link: give the folder that it points to.")
    if not target.exists():
        return
    if not target.is_dir():
        raise OutputError(f"{target} is a file: give a folder that can be made or replaced.")
    names = {path.name for path in target.iterdir() if not is_half_written(path)}
    if names - {CHECKPOINT} and read_schema(target) != schema:
        raise OutputError(
            f"{target} holds files that are not a {schema.partition('/')[0]} folder, so it is not "
            "replaced. Give another --out, or empty it yourself."
        )


def read_schema(folder: Path) -> str:
    """The ``schema`` in a folder's manifest, an empty text where there is none to read."""
    try:
        manifest: Any = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return ""
    return str(manifest.get("schema", "")) if isinstance(manifest, dict) else ""


def recover(target: Path) -> None:
    """Put back a complete folder that a killed writer had renamed away from ``target``."""
    for old in sorted(target.parent.glob(_pattern(target, _OLD))):
        with _lock(old, wait=False) as is_held:
            if not is_held:
                continue
            if target.exists():
                shutil.rmtree(old, ignore_errors=True)
            else:
                old.rename(target)


def clear_stale(target: Path) -> None:
    """Recover a folder, and remove what killed writers of it left."""
    recover(target)
    _remove_stale(target)


def _pattern(target: Path, infix: str) -> str:
    """Glob pattern of the temporary names of one target."""
    name = "".join(f"[{c}]" if c in "*?[" else c for c in target.name)
    return f".{name}{infix}*"


@contextmanager
def _lock(folder: Path, *, wait: bool) -> Iterator[bool]:
    """
    Whether the folder's lock is held inside the block.

    Without ``flock`` (Windows, some network disks) a folder counts as
    abandoned once nobody has touched it for a day.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        flock, flags = _flock()
    except (ImportError, OSError):
        yield folder.is_dir() and time.time() - folder.stat().st_mtime > _UNLOCKABLE_STALE_S
        return
    try:
        try:
            flock(descriptor, flags[wait])
            is_held = True
        except OSError:
            is_held = False
        yield is_held
    finally:
        os.close(descriptor)


def _flock() -> tuple[Any, tuple[int, int]]:
    """The system's ``flock`` with its flags without and with waiting."""
    import fcntl

    return fcntl.flock, (fcntl.LOCK_EX | fcntl.LOCK_NB, fcntl.LOCK_EX)


def _remove_stale(target: Path) -> None:
    """Remove the temporaries that killed writers left."""
    for path in sorted(target.parent.glob(_pattern(target, _PARTIAL))):
        with _lock(path, wait=False) as is_held:
            if is_held:
                shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _own_temporary(target: Path) -> Iterator[Path]:
    """A locked temporary folder beside the target; whatever is left there goes at the end."""
    while True:
        temporary = target.with_name(f".{target.name}{_PARTIAL}{secrets.token_hex(8)}")
        temporary.mkdir()
        with _lock(temporary, wait=True):
            if not temporary.is_dir():  # another writer took it for stale before it was locked
                continue
            try:
                yield temporary
            finally:
                shutil.rmtree(temporary, ignore_errors=True)
            return


def _flush_tree(folder: Path) -> None:
    """Wait until every file and folder is on the disk."""
    for root, _, files in os.walk(folder, topdown=False):
        for name in files:
            flush(Path(root, name))
        flush(Path(root))


def flush(path: Path) -> None:
    """Wait until one file or folder is on the disk (folders: where the system offers it)."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if not path.is_dir() or error.errno not in _CANNOT_FLUSH_FOLDERS:
            raise
    finally:
        os.close(descriptor)


def _take_place(temporary: Path, target: Path) -> None:
    """Rename the temporary to the target; an old target ends up under a temporary name."""
    if not target.exists():
        temporary.rename(target)
    elif not _exchange(temporary, target):
        _rename_away(temporary, target)


def _exchange(first: Path, second: Path) -> bool:
    """Swap two names in one step; False where the system or the disk cannot."""
    if not sys.platform.startswith("linux"):
        return False
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    names = os.fsencode(first), os.fsencode(second)
    if renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _CANNOT_EXCHANGE:
        return False
    raise OSError(code, os.strerror(code), str(second))


def _rename_away(temporary: Path, target: Path) -> None:
    """Swap by two renames; the old folder is locked so that nobody recovers it meanwhile."""
    old = target.with_name(f".{target.name}{_OLD}{secrets.token_hex(8)}")
    with _lock(target, wait=True):
        target.rename(old)
        try:
            temporary.rename(target)
        except OSError:
            old.rename(target)
            raise
        shutil.rmtree(old, ignore_errors=True)


def _confirm(target: Path) -> None:
    """Flush the parent, so that the rename itself is on the disk."""
    try:
        flush(target.parent)
    except PermissionError:  # a parent that may be searched but not read
        return
    except OSError as error:
        raise OutputError(
            f"{target} is complete, but the disk did not confirm it ({error.strerror}): a power "
            "cut could still undo it. Check the disk, then run the command again."
        ) from error
