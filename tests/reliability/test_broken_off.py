"""
Command lines killed, and refused the disk, at any step: what was kept stays, and nothing is half.

R15 and R16. A command that was killed, or that the disk refused, is repeated and finishes; what it
said to have done is done; the planning store and every run verify; published weeks are what
they were to the byte.
"""

from __future__ import annotations

import errno
import json
import random
import re
import shutil

import pytest

from wfplan.domain.atomic import MANIFEST
from wfplan.errors import ExitCode

ACTS = {
    "import": "hr import agents.csv time_off.csv --plan plan",
    "first import": "hr import plan/agents.csv time_off.csv --plan plan --store plan/first.db",
    "publish": "publish plan/runs/a --over 2 --override because",
    "first publish": "publish plan/runs/a --override because --store plan/first.db",
    "build": "build plan --passes 1 --seed 3 --force --out plan/runs/a --quiet",
    "rollback": "rollback plan 2026-03-02 --to 1",
    "backup": "store backup copy.db --plan plan --force",
    "restore": "store restore copy.db --store new.db",
    "export": "export plan/runs/a --to csv",
    "forget": "hr forget A008 --plan plan",
}
STEPWISE = ("forget",)  # folder by folder, then the store: repeated, it goes on where it stood
REFUSALS = {"full once": ("once", errno.ENOSPC), "full": ("from", errno.ENOSPC),
            "read-only": ("from", errno.EROFS), "no right": ("from", errno.EACCES)}  # fmt: skip
WAYS_ON = (
    r"[Mm]ake room|that it has room|[Cc]heck the disk|ask for the right|put back a backup|try again"
)


def kill(ground, act, points, seed=15):
    """Kill an act at so many points, half of them at writes, half at any moment."""
    _, _, whole = ground.of(ACTS[act])
    rng = random.Random(seed)
    dead = 0
    for count in range(points):
        if count % 2:
            how = {"act": "time", "at": rng.randrange(1, whole.us)}
        else:
            how = {"act": "kill", "at": rng.randint(1, len(whole.seen))}
        ended = ground.break_off(ACTS[act], **how)
        dead += ended.status < 0
        ground.assert_sound(ACTS[act], ended)
        ground.assert_goes_on(ACTS[act])
    assert dead
    return dead


@pytest.mark.nightly
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("tenth", range(10))
def test_killed_at_a_hundred_points_nothing_is_lost(ground, act, tenth, tell):
    dead = kill(ground, act, 10, seed=tenth)
    writes = len(ground.of(ACTS[act])[2].seen)
    tell({f"{act}: points": 10, "of which died": dead, "write points": writes})


@pytest.mark.slow
@pytest.mark.parametrize(("act", "points"), [("import", 2), ("publish", 2), ("build", 1)])
def test_killed_at_a_few_points_nothing_is_lost(ground, act, points):
    kill(ground, act, points)


def refuse(ground, act, refusal, points):
    """Refuse an act the disk at some of its write points; how many were refused."""
    how, code = REFUSALS[refusal]
    refused = 0
    for at in points:
        ended = ground.break_off(ACTS[act], act=how, at=at, code=code)
        refused += ended.hits > 0
        where = f"{act}, {refusal} at {at}: {ended}"
        assert ended.status in (ExitCode.OK, ExitCode.USAGE, ExitCode.BAD_INPUT), where
        assert "Traceback" not in ended.err, where
        if ended.status:
            assert re.search(WAYS_ON, ended.err), where
        ground.assert_sound(ACTS[act], ended, is_stepwise=act in STEPWISE)
        ground.assert_goes_on(ACTS[act])
    return refused


@pytest.mark.nightly
@pytest.mark.parametrize("refusal", REFUSALS)
@pytest.mark.parametrize("act", ACTS)
def test_refused_the_disk_at_any_point_the_old_state_stands(ground, act, refusal, tell):
    """Every write point once; what goes on to be refused begins at every fourth."""
    writes = len(ground.of(ACTS[act])[2].seen)
    points = range(1, writes + 1, 1 if refusal == "full once" else 4)
    refused = refuse(ground, act, refusal, points)
    tell({f"{act}, {refusal}: write points": len(points), "of which refused": refused})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("act", "refusal", "share"),
    [("import", "full once", 0.5), ("import", "read-only", 0.9), ("publish", "full", 0.2)],
)
def test_refused_the_disk_at_a_few_points_the_old_state_stands(ground, act, refusal, share):
    writes = len(ground.of(ACTS[act])[2].seen)
    assert refuse(ground, act, refusal, [int(writes * share)])


def other_answer(folder):
    """A second run of the same week, with another answer."""
    copy = shutil.copytree(folder, folder.with_name("b"))
    content = json.loads((copy / MANIFEST).read_text(encoding="utf-8"))
    content["asked"] = {"of": "a third answer"}
    (copy / MANIFEST).write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_of_two_that_publish_at_once_one_is_told_of_the_other(ground, kind, request):
    """Two processes, two weeks: one is published, the other refused; the same week is one."""
    folder = ground.fresh()
    other_answer(folder / "plan" / "runs" / "a")
    address = "plan/new.db" if kind == "sqlite" else request.getfixturevalue("postgres")
    how = f"--over 0 --override because --store {address}"
    lines = [f"publish plan/runs/{run} {how}" for run in "ab"]
    ended = ground.line.at_once(folder, *lines)
    assert sorted(one.status for one in ended) == [ExitCode.OK, ExitCode.USAGE], ended
    (told,) = [one.err for one in ended if one.status]
    assert "published revision 1 of the week from 2026-03-02" in told
    winner = lines[[one.status for one in ended].index(0)]
    again = ground.line.at_once(folder, winner, winner)
    assert [one.status for one in again] == [0, 0], again
    verify = ground.line(folder, "doctor", "plan", "--verify", "--store", address)
    assert "1 entry in its log" in verify.out
