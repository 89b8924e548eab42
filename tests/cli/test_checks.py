"""Tests for wfplan.cli.checks: what ``wfplan doctor`` says of machines that cannot plan."""

from __future__ import annotations

import os
import sys
from collections import namedtuple
from datetime import UTC, datetime
from importlib import metadata
from types import SimpleNamespace
from zoneinfo import ZoneInfoNotFoundError

import pytest

from wfplan.cli import checks
from wfplan.cli.checks import examine
from wfplan.errors import ExitCode


def check(name, folder):
    """The check of that name."""
    return next(found for found in examine(folder) if found.name == name)


@pytest.mark.parametrize("version", [(3, 10), (3, 14)])
def test_a_python_that_is_too_old_or_too_new_fails(monkeypatch, tmp_path, version):
    told = SimpleNamespace(**vars(sys) | {"version_info": (*version, 0)})
    monkeypatch.setattr(checks, "sys", told)
    found = check("python", tmp_path)
    assert (found.verdict, found.hint) == ("fail", "wfplan is made for Python 3.11 to 3.13")


def test_a_missing_library_comes_with_the_line_that_installs_it(monkeypatch, tmp_path):
    monkeypatch.setattr(
        checks.metadata, "requires", lambda name: ["notthere<3,>=2", "x; extra == 't'"]
    )
    found = check("notthere", tmp_path)
    assert (found.verdict, found.seen) == ("fail", "not installed")
    assert found.hint == "python -m pip install 'notthere<3,>=2'"
    assert all(one.name != "x" for one in examine(tmp_path))


def test_a_broken_library_is_told_from_a_missing_one(monkeypatch, tmp_path):
    def broken(name):
        raise ImportError("libgfortran")

    monkeypatch.setattr(checks, "import_module", broken)
    found = check("scipy", tmp_path)
    assert (found.verdict, found.seen) == ("fail", "cannot be imported (libgfortran)")


def test_highspy_beside_ortools_is_warned_of(monkeypatch, tmp_path):
    real = metadata.version
    clash = {"highspy": "1.15.0", "ortools": "9.15"}
    monkeypatch.setattr(checks.metadata, "version", lambda name: clash.get(name) or real(name))
    found = check("highspy clash", tmp_path)
    assert (found.verdict, found.seen) == ("warn", "highspy 1.15.0 beside ortools 9.15")


def test_a_machine_without_time_zones_fails(monkeypatch, tmp_path):
    def missing(name):
        raise ZoneInfoNotFoundError(name)

    monkeypatch.setattr(checks, "ZoneInfo", missing)
    assert check("time zones", tmp_path).hint == "python -m pip install --upgrade tzdata"


def test_a_machine_that_knows_no_clock_changes_fails(monkeypatch, tmp_path):
    from datetime import timedelta, timezone

    monkeypatch.setattr(checks, "ZoneInfo", lambda name: timezone(timedelta(hours=1)))
    assert check("time zones", tmp_path).seen == "clock changes are not known"


def test_folders_that_cannot_be_written_are_said(monkeypatch, tmp_path):
    def refuse(**_):
        raise PermissionError

    monkeypatch.setattr(checks.tempfile, "TemporaryFile", refuse)
    assert check("plan folder", tmp_path).verdict == "fail"
    assert check("numba cache", tmp_path).verdict == "warn"


def test_the_cache_of_compiled_code_may_be_elsewhere(monkeypatch, tmp_path):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "new"))
    assert check("numba cache", tmp_path).seen == str(tmp_path / "new")


def test_a_full_disk_and_little_memory_are_warned_of(monkeypatch, tmp_path):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda path: usage(1, 1, 1000))
    monkeypatch.setattr(os, "sysconf", lambda name: 1024)
    assert check("disk", tmp_path / "not" / "yet").verdict == "warn"
    assert check("memory", tmp_path).verdict == "warn"


def test_a_system_that_does_not_tell_its_memory_passes(monkeypatch, tmp_path):
    def unknown(name):
        raise ValueError

    monkeypatch.setattr(os, "sysconf", unknown)
    assert check("memory", tmp_path).seen == "not known on this system"


def test_a_clock_of_the_past_is_warned_of(monkeypatch, tmp_path):
    class Past(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(1970, 1, 1, tzinfo=UTC)

    monkeypatch.setattr(checks, "datetime", Past)
    assert check("clock", tmp_path).verdict == "warn"


def test_doctor_ends_with_its_own_code_when_something_is_missing(wfplan, monkeypatch, tmp_path):
    monkeypatch.setattr(checks.metadata, "requires", lambda name: ["notthere"])
    said = wfplan("doctor", tmp_path)
    assert said.code == ExitCode.MISSING_EXTRA
    assert "fail  notthere         not installed. python -m pip install 'notthere'" in said.out
