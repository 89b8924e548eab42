"""Damaged HR files of every kind: refused in words and in time, or read; never anything else."""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path
from random import Random

import pytest

from wfplan import hr
from wfplan.errors import InputFaultsError
from wfplan.intake.hr import asked_of

_SPEC = importlib.util.spec_from_file_location("hr_fuzz", Path(__file__).with_name("hr_fuzz.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
made = importlib.util.module_from_spec(_SPEC)
sys.modules["hr_fuzz"] = made
_SPEC.loader.exec_module(made)

SECONDS_MAX = 10.0  # of processor time: a hang (R14), on the slowest machine, under a tracer too


def fed(folder: Path, kind: str, seeds: range) -> None:
    """Files of one kind are refused in words, or read."""
    (folder / "agents.csv").write_text(made.TABLES["agents"])
    for seed in seeds:
        name, content = made.KINDS[kind](Random(f"{kind} {seed}"))
        (folder / "given").mkdir(exist_ok=True)
        path = folder / "given" / name
        path.write_bytes(content)
        files = [str(path)] + ([] if name == "agents.csv" else [str(folder / "agents.csv")])
        began = time.process_time()
        try:
            hr.check(asked_of(files), None, str(folder / "none.db"))
        except InputFaultsError as error:
            for fault in error.faults:
                assert fault.file, (kind, seed, str(fault))
                assert fault.hint or "; " in str(fault) or ": say " in str(fault), (
                    kind,
                    seed,
                    str(fault),
                )
        took = time.process_time() - began
        assert took < SECONDS_MAX, (kind, seed, took)
        assert not (folder / "none.db").exists()


@pytest.mark.parametrize("kind", made.KINDS)
def test_a_damaged_file_is_refused_in_words_or_read(tmp_path, kind):
    fed(tmp_path, kind, range(30))


@pytest.mark.nightly
@pytest.mark.parametrize("kind", made.KINDS)
def test_thousands_of_damaged_files_are_refused_in_words_or_read(tmp_path, kind):
    fed(tmp_path, kind, range(30, 2_000))
