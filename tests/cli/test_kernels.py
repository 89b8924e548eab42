"""Tests for wfplan.cli.kernels."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from wfplan.cli import kernels


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv(kernels.VARIABLE, raising=False)


def test_kernels_are_kept_in_a_folder_named_after_their_sources():
    kernels.keep_kernels_by_source()
    kept = Path(os.environ[kernels.VARIABLE])
    assert kept == kernels.kernel_folder()
    assert kept.is_dir()


def test_any_change_of_a_source_begins_afresh(monkeypatch, tmp_path):
    package = tmp_path / "wfplan"
    for room in kernels.ROOMS:
        (package / room / "part").mkdir(parents=True)
    monkeypatch.setattr(kernels, "__file__", str(package / "cli" / "kernels.py"))
    before = kernels.kernel_folder()
    (package / "scheduling" / "part" / "spread.py").write_text("one = 1\n")
    changed = kernels.kernel_folder()
    (package / "scheduling" / "part" / "spread.py").write_text("one = 2\n")
    assert len({before, changed, kernels.kernel_folder()}) == 3


def test_a_folder_that_the_user_chose_is_left_alone(monkeypatch):
    monkeypatch.setenv(kernels.VARIABLE, "mine")
    kernels.keep_kernels_by_source()
    assert os.environ[kernels.VARIABLE] == "mine"


def test_where_nothing_can_be_made_numba_looks_for_itself(monkeypatch, tmp_path):
    (tmp_path / "cache").write_text("a file")
    kernels.keep_kernels_by_source()
    assert kernels.VARIABLE not in os.environ
