"""A build that is killed or interrupted at any moment leaves whole runs only."""

from __future__ import annotations

import hashlib
import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from wfplan.domain.atomic import CHECKPOINT
from wfplan.errors import ExitCode
from wfplan.store import RUN_FILES

pytestmark = pytest.mark.slow

WFPLAN = str(Path(sys.executable).with_name("wfplan"))
STATE = {CHECKPOINT, f".{CHECKPOINT}.partial"}


def start(plan: Path, out: Path, *options: str) -> subprocess.Popen[str]:
    """A build of its own process."""
    return subprocess.Popen(
        [WFPLAN, "build", str(plan), "--out", str(out), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> None:
    """Wait for a build that must succeed."""
    with process:
        _, said = process.communicate()
    assert process.returncode == ExitCode.OK, said


def assert_whole_or_absent(out: Path) -> bool:
    """Whether there is a run; fails when there is half of one."""
    if not (out / "manifest.json").exists():
        assert not out.exists() or {path.name for path in out.iterdir()} <= STATE
        return False
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    for name, output in manifest["outputs"].items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == output["sha256"]
    written = {path.name for path in out.iterdir()} - STATE
    assert written == {*manifest["outputs"], "manifest.json"}
    assert written >= set(RUN_FILES)
    return True


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.nightly)])
def test_killing_a_build_at_any_moment_leaves_no_half_written_run(plan_folder, tmp_path, kills):
    """R15, with processes of their own; tests/reliability has more points, in forks."""
    plan, out = plan_folder(), tmp_path / "run"
    finish(start(plan, out, "--passes", "4"))  # kernels are compiled
    begun = time.monotonic()
    finish(start(plan, out, "--passes", "4"))
    duration = time.monotonic() - begun
    assert assert_whole_or_absent(out)
    before = (out / "schedule.csv").read_bytes()
    rng = random.Random(7)
    for kill in range(kills):
        with start(plan, out, "--passes", "4") as process:
            time.sleep(duration * (kill + rng.random()) / kills * 1.1)
            process.kill()
            process.communicate()
        assert assert_whole_or_absent(out)
        assert (out / "schedule.csv").read_bytes() == before
    finish(start(plan, out, "--passes", "4"))
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("share", [0.05, 0.5, 0.8])
def test_ctrl_c_keeps_the_best_plan_so_far_and_marks_it_partial(plan_folder, tmp_path, share):
    """R17."""
    plan, out = plan_folder(), tmp_path / "run"
    with start(plan, out, "--passes", "2000") as process:
        assert process.stderr is not None
        said = iter(process.stderr)
        assert any("scheduling: pass" in line for line in said)  # there is a first plan
        time.sleep(share)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == ExitCode.INTERRUPTED
    assert assert_whole_or_absent(out)
    assert json.loads((out / "manifest.json").read_text())["status"] == "partial"
    breaches = json.loads((out / "audit.json").read_text())["breaches"]
    assert [breach for breach in breaches if breach["hardness"] == "hard"] == []
