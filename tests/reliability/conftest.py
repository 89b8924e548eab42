"""Command lines that are killed, or refused the disk, at any step; what is kept then."""

from __future__ import annotations

import ctypes
import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wfplan.domain.atomic import CHECKPOINT, MANIFEST
from wfplan.publishing import MARK
from wfplan.store import database
from wfplan.store.database.contents import packed
from wfplan.store.folder import REPORT

PLAN = "tiny-bank"
BREAKS = Path(__file__).with_name("breaks.py")
EMPTY = {"weeks": {}, "counts": {}, "rows": {}, "done": []}
_JOURNAL = "-journal"  # SQLite's: whoever opens the store next goes back by it
_STAND_IN = re.compile(rb"gone-[0-9a-f]{10}")  # for somebody forgotten, drawn anew each time
_OTHER_EACH_TIME = {MANIFEST, REPORT, CHECKPOINT, MARK}


@dataclass(frozen=True)
class Ended:
    """How a command line ended, and the steps that it took."""

    status: int
    out: str
    err: str
    seen: Sequence[str] = ()
    us: int = 0  # processor time
    hits: int = 0


@dataclass
class Line:
    """Runs command lines, each in a fork of one process that has paid for all imports."""

    process: subprocess.Popen[str]
    scratch: Path

    def __call__(
        self, folder: Path, *argv: object, act: str = "count", at: int = 0, code: int = 0
    ) -> Ended:
        """Run one command line in a folder, with what happens at a step."""
        order = {"argv": [str(one) for one in argv], "act": act, "at": at, "code": code}
        (ended,) = self._ended(folder, [order])
        return ended

    def at_once(self, folder: Path, *lines: str) -> list[Ended]:
        """Run command lines in a folder at the same time."""
        plain = {"act": "count", "at": 0, "code": 0}
        return self._ended(folder, [{"argv": one.split(), **plain} for one in lines])

    def _ended(self, folder: Path, orders: list[dict[str, Any]]) -> list[Ended]:
        """Run command lines at once, and say how each ended."""
        for number, order in enumerate(orders):
            told = self.scratch / f"told{number}"
            told.unlink(missing_ok=True)
            order |= {name: str(self.scratch / f"{name}{number}") for name in ("out", "err")}
            order |= {"cwd": str(folder), "root": str(folder), "told": str(told), "env": {}}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps(orders), file=self.process.stdin, flush=True)
        found = []
        for status, order in zip(json.loads(self.process.stdout.readline()), orders, strict=True):
            said = [Path(order[name]).read_text(encoding="utf-8") for name in ("out", "err")]
            told = Path(order["told"])
            steps = json.loads(told.read_text() or "{}") if told.exists() else {}
            numbers = (steps.get("us", 0), steps.get("hits", 0))
            found.append(Ended(status, *said, steps.get("seen", ()), *numbers))
        return found


@pytest.fixture(scope="session")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """The process that command lines are forked from."""
    import _sqlite3

    try:
        _ = ctypes.CDLL(_sqlite3.__file__).sqlite3_vfs_find
    except (AttributeError, OSError):
        pytest.skip("this Python's SQLite does not let its system calls be watched")
    command = [sys.executable, "-W", "ignore", str(BREAKS)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Line(process, tmp_path_factory.mktemp("said"))
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture(scope="session")
def base(line: Line, tiny_plan: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan with a run, HR's rows, two published revisions, an older copy of its store."""
    folder = tmp_path_factory.mktemp("base")
    plan = shutil.copytree(tiny_plan, folder / "plan")
    ran(line(folder, "build", "plan", "--passes", 1, "--out", "plan/runs/a", "--quiet"))
    ran(line(folder, "hr", "import", "plan/agents.csv", "plan/skills.csv", "--plan", "plan"))
    ran(line(folder, "publish", "plan/runs/a", "--override", "a test"))
    ran(line(folder, "store", "backup", "copy.db", "--plan", "plan"))
    with database.opened(str(plan / "wfplan.db")) as engine, database.writing(engine) as connection:
        (known,) = database.publications(connection, PLAN)
        week = database.read_week(connection, PLAN, known.first_day)
        other = replace(week, about={**week.about, "asked": {"of": "another answer"}})
        database.publish(connection, other, actor="bo", at=datetime(2026, 2, 1, tzinfo=UTC))
    agents = (plan / "agents.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "agents.csv").write_text(
        "".join(agents[:-1]).replace("Blue", "Green"), encoding="utf-8"
    )
    shutil.copy(plan / "time_off.csv", folder)
    return folder


def ran(ended: Ended) -> Ended:
    """One that must have gone well."""
    assert ended.status == 0, ended.err
    return ended


@dataclass
class Ground:
    """Where an act is disturbed, and what it leaves when nothing happens to it."""

    line: Line
    base: Path
    folder: Path
    known: dict[str, tuple[dict[str, Any], dict[str, Any], Ended]]

    def fresh(self) -> Path:
        """A fresh copy of the base, in place of the one before."""
        shutil.rmtree(self.folder, ignore_errors=True)
        return shutil.copytree(self.base, self.folder)

    def of(self, act: str) -> tuple[dict[str, Any], dict[str, Any], Ended]:
        """What is kept before and after an act that nothing disturbs, and its steps."""
        if act not in self.known:
            folder = self.fresh()
            before = kept_in(folder)
            ended = ran(self.line(folder, *act.split()))
            self.known[act] = (before, kept_in(folder), ended)
        return self.known[act]

    def break_off(self, what: str, **how: Any) -> Ended:
        """Disturb an act on a fresh copy."""
        self.of(what)
        return self.line(self.fresh(), *what.split(), **how)

    def assert_sound(self, act: str, ended: Ended, *, is_stepwise: bool = False) -> None:
        """All of it verifies, and is what it was or what it is to be; what was said is so."""
        before, after, _ = self.of(act)
        ran(self.line(self.folder, "doctor", "plan", "--verify"))
        now = kept_in(self.folder)
        for name in {*before, *after, *now}:
            states = [before.get(name), after.get(name)]
            states += [EMPTY] if name not in before and name.endswith(".db") else []
            assert now.get(name) in states, name
        if ended.status == 0 or ended.out.strip():
            assert now == after
        elif ended.status > 0 and not is_stepwise:
            assert {name: one for name, one in now.items() if one != EMPTY} == before

    def assert_goes_on(self, act: str) -> None:
        """The same command finishes, and leaves nothing else behind."""
        _, after, _ = self.of(act)
        ran(self.line(self.folder, *act.split()))
        assert kept_in(self.folder) == after
        assert leftovers(self.folder) == []


@pytest.fixture(scope="session")
def _known() -> dict[str, Any]:
    """What acts leave, found out once."""
    return {}


@pytest.fixture
def ground(line: Line, base: Path, tmp_path: Path, _known: dict[str, Any]) -> Iterator[Ground]:
    """The place where acts are disturbed."""
    made = Ground(line, base, tmp_path / "work", _known)
    yield made
    shutil.rmtree(made.folder, ignore_errors=True)


def in_store(path: Path) -> Any:
    """All that a store says, without what differs each time (instants, salts)."""
    if not path.exists():
        return None
    with database.opened(str(path)) as engine, database.reading(engine) as connection:
        assert database.faults(connection) == []
        weeks = {
            (str(one.first_day), one.number): database.read_week(
                connection, PLAN, one.first_day, one.number
            )
            for one in database.publications(connection, PLAN)
        }
        return {
            "weeks": {
                key: (sorted(map(packed, week.people)), week.about) for key, week in weeks.items()
            },
            "counts": {
                str(one.first_day): one.number
                for one in database.publications(connection, PLAN)
                if one.is_current
            },
            "rows": {
                kind: [(row.key, dict(row.cells)) for row in database.rows_of(connection, kind)]
                for kind in database.kinds_of(connection)
            },
            "done": [one.action for one in database.entries(connection)],
        }


def kept_in(folder: Path) -> dict[str, Any]:
    """What stands in a folder: stores by what they say, files by their content."""
    found: dict[str, Any] = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if hidden or path.is_dir() or name.endswith(_JOURNAL):
            continue
        if path.suffix == ".db":
            found[name] = in_store(path)
        elif path.name in _OTHER_EACH_TIME:
            found[name] = "there"
        else:
            found[name] = hashlib.sha256(_STAND_IN.sub(b"gone", _content(path))).hexdigest()
    return found


def _content(path: Path) -> bytes:
    """What stands in a file; of packed arrays, what was packed."""
    if path.suffix != ".npz":
        return path.read_bytes()
    with np.load(path) as arrays:
        return b"".join(
            f"{name} {one.dtype} {one.tolist()}".encode() for name, one in sorted(arrays.items())
        )


def leftovers(folder: Path) -> list[str]:
    """Names that only work in progress has."""
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.name.startswith(".") or path.name.endswith((_JOURNAL, ".partial"))
    ]
