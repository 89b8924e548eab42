"""Tests for wfplan.domain.atomic."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import stat
from contextlib import contextmanager

import pytest

from wfplan.domain import atomic
from wfplan.domain.atomic import check_replaceable, recover, replacing_folder
from wfplan.errors import OutputError

SCHEMA = "wfplan-run/1"
FILES = ("a.csv", "deep/b.csv", "manifest.json")


def write(target, text):
    """A folder whose files all say the same."""
    with replacing_folder(target, schema=SCHEMA) as folder:
        (folder / "deep").mkdir()
        for name in FILES[:2]:
            (folder / name).write_text(text)
        (folder / "manifest.json").write_text(json.dumps({"schema": SCHEMA, "text": text}))


def said(target):
    """What a folder's files say, provided that it is whole and they agree."""
    texts = {(target / name).read_text() for name in FILES[:2]}
    texts.add(json.loads((target / "manifest.json").read_text())["text"])
    assert len(texts) == 1
    return texts.pop()


def beside(target):
    """Whatever hidden folders lie beside the target."""
    return [path.name for path in target.parent.iterdir() if path.name.startswith(".")]


@pytest.fixture(params=["exchange", "two renames"])
def way(request, monkeypatch):
    """Both ways of replacing a folder that stands there."""
    if request.param == "two renames":
        monkeypatch.setattr(atomic, "_exchange", lambda first, second: False)
    return request.param


def test_a_folder_appears_with_its_parents(tmp_path):
    write(tmp_path / "runs" / "week", "one")
    assert said(tmp_path / "runs" / "week") == "one"
    assert beside(tmp_path / "runs" / "week") == []


def test_a_folder_is_replaced_and_nothing_is_left_beside_it(tmp_path, way):
    write(tmp_path / "week", "one")
    write(tmp_path / "week", "two")
    assert said(tmp_path / "week") == "two"
    assert beside(tmp_path / "week") == []


def test_others_may_read_what_the_umask_lets_them(tmp_path):
    (tmp_path / "plain").mkdir()
    write(tmp_path / "week", "one")
    assert stat.S_IMODE((tmp_path / "week").stat().st_mode) == stat.S_IMODE(
        (tmp_path / "plain").stat().st_mode
    )


def test_an_empty_folder_is_taken_over(tmp_path, way):
    (tmp_path / "week").mkdir()
    write(tmp_path / "week", "one")
    assert said(tmp_path / "week") == "one"


@pytest.mark.parametrize("name", ["we*k", "w[e]ek", "wéek", "week.partial-x"])
def test_odd_names_are_names(tmp_path, name, way):
    write(tmp_path / name, "one")
    write(tmp_path / name, "two")
    assert said(tmp_path / name) == "two"
    assert beside(tmp_path / name) == []


@pytest.mark.parametrize(
    "manifest", [None, "not json", "[]", '{"schema": "wfplan-export/1"}', "[" * 100_000]
)
def test_a_folder_of_anything_else_is_refused(tmp_path, manifest):
    target = tmp_path / "week"
    target.mkdir()
    (target / "thesis.txt").write_text("years of work")
    if manifest is not None:
        (target / "manifest.json").write_text(manifest)
    with pytest.raises(OutputError, match=r"week holds files that are not a wfplan-run folder"):
        write(target, "one")
    assert (target / "thesis.txt").read_text() == "years of work"


def test_a_file_is_refused(tmp_path):
    (tmp_path / "week").write_text("precious")
    with pytest.raises(OutputError, match=r"week is a file: give a folder"):
        write(tmp_path / "week", "one")
    assert (tmp_path / "week").read_text() == "precious"


def test_a_symbolic_link_is_refused(tmp_path):
    write(tmp_path / "real", "one")
    (tmp_path / "week").symlink_to(tmp_path / "real")
    with pytest.raises(OutputError, match=r"week is a symbolic link: give the folder"):
        check_replaceable(tmp_path / "week", schema=SCHEMA)


class Killed(BaseException):
    """Stands for what no code can foresee."""


@pytest.mark.parametrize("error", [Killed, KeyboardInterrupt, RuntimeError])
def test_a_block_that_ends_badly_changes_nothing(tmp_path, error):
    def write_half():
        with replacing_folder(tmp_path / "week", schema=SCHEMA) as folder:
            (folder / "a.csv").write_text("half")
            raise error

    write(tmp_path / "week", "one")
    with pytest.raises(error):
        write_half()
    assert said(tmp_path / "week") == "one"
    assert beside(tmp_path / "week") == []


@contextmanager
def failing(monkeypatch, function, at, code):
    """Let the call number ``at`` of a function of ``os`` fail; yield how often it was called."""
    calls = []
    real = getattr(os, function)

    def call(*args, **kwargs):
        calls.append(args)
        if len(calls) == at:
            raise OSError(code, os.strerror(code))
        return real(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(os, function, call)
        yield calls


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES])
@pytest.mark.parametrize("function", ["fsync", "rename", "mkdir", "open"])
def test_whatever_step_the_disk_refuses_the_old_or_the_new_is_there_whole(
    tmp_path, monkeypatch, way, function, code
):
    target = tmp_path / "week"
    write(target, "one")
    with failing(monkeypatch, function, 0, code) as calls:
        write(target, "one")
    assert calls or (function == "rename" and way == "exchange")
    for at in range(1, len(calls) + 1):
        before = said(target)
        after = f"attempt {at}"
        message = ""
        try:
            with failing(monkeypatch, function, at, code):
                write(target, after)
        except OutputError as error:
            message = str(error)
        is_new = not message or "is complete, but the disk did not confirm it" in message
        assert said(target) == (after if is_new else before)
        assert not message or str(target) in message
    write(target, "last")
    assert said(target) == "last"
    assert beside(target) == []


def test_a_full_disk_is_said_with_the_way_out(tmp_path, monkeypatch):
    with (
        pytest.raises(OutputError, match=r"could not be written: No space left.*another --out"),
        failing(monkeypatch, "fsync", 1, errno.ENOSPC),
    ):
        write(tmp_path / "week", "one")
    assert not (tmp_path / "week").exists()


def test_a_disk_that_does_not_confirm_the_rename_is_not_called_unchanged(tmp_path, monkeypatch):
    with failing(monkeypatch, "fsync", 0, errno.EIO) as calls:
        write(tmp_path / "week", "one")
    with (
        pytest.raises(OutputError, match=r"is complete, but the disk did not confirm it"),
        failing(monkeypatch, "fsync", len(calls), errno.EIO),
    ):
        write(tmp_path / "week", "two")
    assert said(tmp_path / "week") == "two"


def test_a_system_without_exchange_swaps_by_renames(tmp_path, monkeypatch):
    monkeypatch.setattr(atomic.sys, "platform", "darwin")
    write(tmp_path / "week", "one")
    write(tmp_path / "week", "two")
    assert said(tmp_path / "week") == "two"


def test_what_a_killed_writer_left_is_removed(tmp_path):
    write(tmp_path / "week", "one")
    shutil.copytree(tmp_path / "week", tmp_path / ".week.partial-0123")
    shutil.copytree(tmp_path / "week", tmp_path / ".week2.partial-0123")
    write(tmp_path / "week", "two")
    assert beside(tmp_path / "week") == [".week2.partial-0123"]


def test_what_a_living_writer_is_writing_stays(tmp_path):
    living = tmp_path / ".week.partial-0123"
    living.mkdir()
    descriptor = os.open(living, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        write(tmp_path / "week", "one")
        assert living.is_dir()
    finally:
        os.close(descriptor)


def test_without_locks_only_what_is_a_day_old_counts_as_left(tmp_path, monkeypatch):
    monkeypatch.setattr(atomic, "_flock", lambda: (_ for _ in ()).throw(ImportError()))
    for name, age_s in (("young", 3600), ("old", 90_000)):
        folder = tmp_path / f".week.partial-{name}"
        folder.mkdir()
        os.utime(folder, (folder.stat().st_mtime - age_s,) * 2)
    write(tmp_path / "week", "one")
    assert beside(tmp_path / "week") == [".week.partial-young"]
    assert said(tmp_path / "week") == "one"


def test_a_kill_between_two_renames_is_undone(tmp_path):
    write(tmp_path / "week", "one")
    (tmp_path / "week").rename(tmp_path / ".week.old-0123")
    recover(tmp_path / "week")
    assert said(tmp_path / "week") == "one"


def test_a_kill_before_the_old_one_was_removed_is_finished(tmp_path):
    write(tmp_path / "week", "one")
    shutil.copytree(tmp_path / "week", tmp_path / ".week.old-0123")
    write(tmp_path / "week", "two")
    assert said(tmp_path / "week") == "two"
    assert beside(tmp_path / "week") == []


class System:
    """Stands for the C library: ``renameat2`` ends with an error code."""

    def __init__(self, code):
        self.code = code

    def renameat2(self, *_):
        atomic.ctypes.set_errno(self.code)
        return -1


@pytest.mark.parametrize(
    "system", [System(errno.EINVAL), System(errno.ENOSYS), object()], ids=["disk", "kernel", "libc"]
)
def test_where_the_exchange_is_not_known_the_swap_takes_two_renames(tmp_path, monkeypatch, system):
    write(tmp_path / "week", "one")
    monkeypatch.setattr(atomic.ctypes, "CDLL", lambda name, use_errno: system)
    write(tmp_path / "week", "two")
    assert said(tmp_path / "week") == "two"
    assert beside(tmp_path / "week") == []


def test_an_exchange_that_the_disk_refuses_changes_nothing(tmp_path, monkeypatch):
    write(tmp_path / "week", "one")
    monkeypatch.setattr(atomic.ctypes, "CDLL", lambda name, use_errno: System(errno.EIO))
    with pytest.raises(OutputError, match="could not be written: Input/output error"):
        write(tmp_path / "week", "two")
    assert said(tmp_path / "week") == "one"
    assert beside(tmp_path / "week") == []


def test_a_temporary_that_another_writer_took_for_stale_is_made_again(tmp_path, monkeypatch):
    real, taken = atomic._flock, []

    def flock():
        lock, flags = real()

        def locked(descriptor, flag):
            lock(descriptor, flag)
            if not taken:
                (path,) = tmp_path.glob(".week.partial-*")
                taken.append(path)
                path.rmdir()

        return locked, flags

    monkeypatch.setattr(atomic, "_flock", flock)
    write(tmp_path / "week", "one")
    assert said(tmp_path / "week") == "one"
    assert len(taken) == 1


@pytest.mark.parametrize("code", [errno.EINVAL, errno.ENOTSUP])
def test_disks_that_cannot_flush_folders_are_used_as_they_are(tmp_path, monkeypatch, code):
    real = os.fsync

    def fsync(descriptor):
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(code, os.strerror(code))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    write(tmp_path / "week", "one")
    assert said(tmp_path / "week") == "one"


def test_a_name_that_no_disk_takes_is_refused_before_any_work(tmp_path):
    with pytest.raises(
        OutputError, match=r"cannot be looked at: File name too long.*another --out"
    ):
        check_replaceable(tmp_path / ("x" * 300), schema="wfplan-run/1")
