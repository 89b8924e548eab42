"""
What kills a command line, or refuses it the disk, at its k-th step; run in a process of its own.

A *step* is a moment of processor time, or a *write point*: whatever a process asks of the disk, by
Python's files, by ``os``, or by SQLite's own system calls (which its unix VFS lets a program put
its own in the place of, so that no compiler and no tracer is needed) and syncs. A write that is
hit is torn: half of it reaches the file.
"""

from __future__ import annotations

import builtins
import ctypes
import errno
import io
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_KEPT: list[Any] = []  # callbacks that C holds
_TAKES_ROOM = (  # what a full disk may refuse
    "open ", "os.open", "write", "mkdir", "symlink", "link", "sendfile", "rename", "replace",
    "sqlite open", "sqlite write", "sqlite pwrite",
)  # fmt: skip
_VFS_HEAD = 16  # bytes of sqlite3_vfs before its pointers
_X_OPEN, _X_SET = 3, 16  # places among its pointers
_IO_METHODS, _X_SYNC = 19, 5  # words of sqlite3_io_methods, and the place of xSync
_IOERR_FSYNC = 1034


class Steps:
    """Counts steps, and does what was asked for at one of them."""

    def __init__(self, root: str, act: str, at: int, code: int) -> None:
        self.root, self.act, self.at, self.code = root, act, at, code
        self.seen: list[str] = []
        self.hits = 0

    def is_ours(self, path: Any) -> bool:
        """Whether a path lies where the command is to be disturbed."""
        try:
            return str(Path(os.fsdecode(path)).absolute()).startswith(self.root)
        except TypeError:  # a file descriptor
            return False

    def hit(self, what: str, torn: Callable[[], object] | None = None) -> int:
        """Whether the disk refuses this step: an errno, or 0."""
        self.seen.append(what)
        number = len(self.seen)
        if self.act == "kill" and number == self.at:
            if torn is not None:
                torn()
            os.kill(os.getpid(), signal.SIGKILL)
        is_now = (self.act == "once" and number == self.at) or (
            self.act == "from" and number >= self.at
        )
        if not is_now:
            return 0
        code = self.code
        if code == errno.ENOSPC and (what.endswith("of old") or not what.startswith(_TAKES_ROOM)):
            code = errno.EIO if self.act == "once" else 0
        self.hits += code != 0
        if code and torn is not None and self.act == "once":
            torn()
        return code

    def may(self, what: str, path: Any) -> None:
        """Raise what the disk answers."""
        code = self.hit(f"{what} {Path(os.fsdecode(path)).name}")
        if code:
            raise OSError(code, os.strerror(code), os.fspath(path))


class _Raw(io.FileIO):
    """A file whose writes are steps."""

    steps: Steps

    def write(self, data: Any, /) -> Any:
        """Write, or half of it and the error."""
        half = bytes(data)[: len(data) // 2]
        write = super().write
        code = self.steps.hit(f"write {Path(str(self.name)).name}", lambda: write(half))
        if code:
            raise OSError(code, os.strerror(code))
        return write(data)

    def truncate(self, *args: Any) -> int:
        """Truncate."""
        self.steps.may("truncate", str(self.name))
        return super().truncate(*args)


def install(root: str, act: str, at: int, code: int) -> Steps:
    """
    Watch this process.

    ``act`` is count, kill (at a write point), once or from (refuse one write point, or all from
    there on, with an errno), or time (die of a timer after microseconds of processor time, in
    the midst of whatever runs: nobody handles the signal).
    """
    steps = Steps(root, act, at, code)
    _watch_files(steps)
    _watch_os(steps)
    _watch_sqlite(steps)
    if act == "time":
        signal.setitimer(signal.ITIMER_PROF, max(at, 1) / 1e6)
    return steps


def _watch_files(steps: Steps) -> None:
    """Files that Python opens for writing."""
    real = io.open
    _Raw.steps = steps

    def watched(file: Any, mode: str = "r", buffering: int = -1, *more: Any, **named: Any) -> Any:
        if not set(mode) & set("wax+") or not steps.is_ours(file):
            return real(file, mode, buffering, *more, **named)
        steps.may("open", file)
        raw = _Raw(file, mode.replace("b", "").replace("t", ""), opener=named.pop("opener", None))
        if buffering == 0:
            return raw
        made = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        named.pop("closefd", None)
        return made if "b" in mode else io.TextIOWrapper(made, *more, **named)

    io.open = builtins.open = watched  # type: ignore[assignment]


def _watch_os(steps: Steps) -> None:
    """Calls of ``os`` that change the disk."""
    paths: dict[int, str] = {}

    def on_path(name: str) -> None:
        real = getattr(os, name)

        def watched(path: Any, *args: Any, **named: Any) -> Any:
            if steps.is_ours(path) or named.get("dir_fd") is not None:
                steps.may(name, path)
            return real(path, *args, **named)

        setattr(os, name, watched)

    for name in ("rename", "replace", "unlink", "remove", "mkdir", "rmdir", "symlink", "link"):
        on_path(name)
    real_open, real_fsync, real_send = os.open, os.fsync, os.sendfile

    def opened(path: Any, flags: int, *args: Any, **named: Any) -> int:
        if flags & _WRITING and steps.is_ours(path):
            steps.may("os.open", path)
        descriptor = real_open(path, flags, *args, **named)
        paths[descriptor] = os.fsdecode(path) if steps.is_ours(path) else ""
        return descriptor

    def fsync(descriptor: int) -> None:
        if paths.get(descriptor, "?"):
            steps.may("fsync", paths.get(descriptor, "?"))
        real_fsync(descriptor)

    def sendfile(*args: Any, **named: Any) -> int:
        steps.may("sendfile", "?")
        return real_send(*args, **named)

    os.open, os.fsync, os.sendfile = opened, fsync, sendfile  # type: ignore[assignment]

    def heard(event: str, args: tuple[Any, ...]) -> None:
        if event == "ctypes.dlsym" and args[1] == "renameat2":
            steps.may("renameat2", "exchange")

    sys.addaudithook(heard)


def _watch_sqlite(steps: Steps) -> None:
    """System calls of SQLite's unix VFS, and its syncs."""
    import _sqlite3

    library = ctypes.CDLL(_sqlite3.__file__)
    library.sqlite3_vfs_find.restype = ctypes.c_void_p
    vfs = library.sqlite3_vfs_find(None)
    pointers = ctypes.cast(vfs + _VFS_HEAD, ctypes.POINTER(ctypes.c_void_p))
    own = ctypes.CDLL(None, use_errno=True)
    setter = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
    put = setter(pointers[_X_SET])
    name, number = ctypes.c_char_p, ctypes.c_int
    size, place, where = ctypes.c_size_t, ctypes.c_int64, ctypes.c_void_p

    def watch(call: str, result: Any, kinds: tuple[Any, ...], torn: Any = None) -> None:
        real = getattr(own, call)
        real.restype, real.argtypes = result, kinds

        def watched(*args: Any) -> Any:
            is_read = call == "open" and not args[1] & _WRITING
            is_old = call == "open" and not args[1] & os.O_CREAT
            half = None if torn is None else lambda: torn(real, args)
            code = 0 if is_read else steps.hit(f"sqlite {call}{' of old' * is_old}", half)
            answer = -1 if code else real(*args)
            ctypes.set_errno(code or ctypes.get_errno())
            return answer

        callback = ctypes.CFUNCTYPE(result, *kinds, use_errno=True)(watched)
        _KEPT.append(callback)
        done = put(vfs, call.encode(), ctypes.cast(callback, ctypes.c_void_p))
        assert done == 0, (call, done)

    def half(real: Any, args: tuple[Any, ...]) -> None:
        real(*args[:2], args[2] // 2, *args[3:])

    watch("open", number, (name, number, number))
    for call, more in (("write", ()), ("pwrite", (place,)), ("pwrite64", (place,))):
        watch(call, ctypes.c_ssize_t, (number, where, size, *more), half)
    watch("ftruncate", number, (number, place))
    watch("unlink", number, (name,))
    _watch_syncs(steps, pointers)


def _watch_syncs(steps: Steps, pointers: Any) -> None:
    """Syncs of files that SQLite opens: methods of each file are put in the place of its own."""
    opener = ctypes.CFUNCTYPE(
        ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int,
        ctypes.c_void_p,
    )  # fmt: skip
    syncer = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
    real_open = opener(pointers[_X_OPEN])
    tables: dict[int, Any] = {}

    def table_for(methods: int) -> Any:
        words = ctypes.cast(methods, ctypes.POINTER(ctypes.c_void_p))
        real = syncer(words[_X_SYNC])

        def sync(file: int, flags: int) -> int:
            return _IOERR_FSYNC if steps.hit("sqlite sync") else real(file, flags)

        mine = (ctypes.c_void_p * _IO_METHODS)(*words[:_IO_METHODS])
        mine[_X_SYNC] = ctypes.cast(callback := syncer(sync), ctypes.c_void_p)
        _KEPT.append((callback, real))
        return mine

    def opened(vfs: int, path: int, file: int, flags: int, out: int) -> int:
        answer = real_open(vfs, path, file, flags, out)
        methods = ctypes.cast(file, ctypes.POINTER(ctypes.c_void_p))
        if answer == 0 and methods[0]:
            tables.setdefault(methods[0], None)
            if tables[methods[0]] is None:
                tables[methods[0]] = table_for(methods[0])
            methods[0] = ctypes.addressof(tables[methods[0]])
        return answer

    callback = opener(opened)
    _KEPT.append((callback, tables))
    pointers[_X_OPEN] = ctypes.cast(callback, ctypes.c_void_p)


def serve() -> None:
    """Run command lines that stand on stdin, those of a line at once; say how each ended."""
    from wfplan import hr, pipeline, publishing, report, store  # noqa: F401
    from wfplan.cli import judging, line  # noqa: F401  # paid for once
    from wfplan.store import database  # noqa: F401

    for asked in sys.stdin:
        children = []
        for order in json.loads(asked):
            child = os.fork()
            if child == 0:
                _obey(order)
            children.append(child)
        ended = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        print(json.dumps(ended), flush=True)


def _obey(order: dict[str, Any]) -> None:
    """One command line, from its first call to its last flush."""
    from wfplan.cli.app import main

    os.chdir(order["cwd"])
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(order[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.environ.update(order["env"])
    tell = os.open(order["told"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    steps = install(order["root"], order["act"], order["at"], order["code"])
    code: Any = 99
    try:
        main(order["argv"])
    except SystemExit as error:
        code = error.code or 0
    except BaseException:
        traceback.print_exc()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        sys.stdout.flush()
        sys.stderr.flush()
        told = {"seen": steps.seen, "hits": steps.hits, "us": int(time.process_time() * 1e6)}
        os.write(tell, json.dumps(told).encode())
        os._exit(code)


if __name__ == "__main__":
    serve()
