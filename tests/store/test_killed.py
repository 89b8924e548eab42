"""Writers of run folders that are killed with SIGKILL: nothing half written is ever seen."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from wfplan.store import edited_files, read_run, write_run

KILLS = 25
MOST_KILLS = 200  # where the disk is slow, until both runs have been seen
SEEDS = (7, 8)

# Forks a writer per line of input, so that imports (a first write's own among
# them) are paid for once; the writer overwrites one folder with two runs in
# turn until it is killed.
FORKER = """
import os, sys
sys.path.insert(0, sys.argv[1])
import synthetic
from pathlib import Path
from wfplan.store import write_run
target, plan = Path(sys.argv[2]), Path(sys.argv[3])
runs = [synthetic.run(plan, seed=seed) for seed in (7, 8)]
if sys.argv[4] == "renames":
    from wfplan.domain import atomic
    atomic._exchange = lambda first, second: False
write_run(runs[0], target.parent.parent / "first" / "w", report="")
for line in sys.stdin:
    runs.reverse()
    child = os.fork()
    if child == 0:
        while True:
            for run in runs:
                write_run(run, target, report="<p>week</p>")
    print(child, flush=True)
    os.waitpid(child, 0)
    print("dead", flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked processes")
@pytest.mark.parametrize("way", ["exchange", "renames"])
def test_a_writer_killed_at_any_moment_leaves_one_run_or_the_other_whole(tmp_path, synthetic, way):
    target, plan = tmp_path / "runs" / "w", tmp_path / "plan.toml"
    runs = {seed: synthetic.run(plan, seed=seed) for seed in SEEDS}
    write_run(runs[7], target, report="<p>week</p>")
    begin = time.perf_counter()
    write_run(runs[7], target, report="<p>week</p>")
    # A slow disk must not mean that no write ever ends before its writer does.
    patience = 6 * (time.perf_counter() - begin)
    tests = str(Path(synthetic.__file__).parent)
    chance = random.Random(2026)
    found = []
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", FORKER, tests, str(target), str(plan), way],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as forker:
        for kill in range(MOST_KILLS):
            if kill >= KILLS and set(found) == set(SEEDS):
                break
            print(file=forker.stdin, flush=True)
            child = int(forker.stdout.readline())
            time.sleep(chance.uniform(0, patience))
            os.kill(child, signal.SIGKILL)
            assert forker.stdout.readline() == "dead\n"
            run = read_run(target, runs[7].problem)
            assert edited_files(target) == ()
            assert (run.demand.offered_mean == runs[run.seed].demand.offered_mean).all()
            found.append(run.seed)
        forker.stdin.close()
    assert set(found) == set(SEEDS)
    write_run(runs[7], target, report="")
    assert [path.name for path in target.parent.iterdir()] == ["w"]
