"""
Names of people in what commands say and write: nowhere but where they are declared to stand.

Every command of the command line runs on a plan whose people have unlikely names, well, with bad
input, and crashing with a name in the error. A command that is not listed here fails the test.
"""

from __future__ import annotations

import gzip
import io
import logging
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import pytest

from wfplan.cli.app import COMMANDS as SINGLE
from wfplan.cli.app import GROUPS
from wfplan.cli.app import run as run_app

WORD = b"qanary"
"""Part of every name and address that is looked for, in small letters."""
NAMES = {
    "A001,Ada Quinn,ada.quinn": 'A001,"Zoë ""Qanaryquote"" O\'Neil",qanary.one',
    "A002,Ben Okoro,ben.okoro": "A002,Qanarymono,qanary.two",  # one word
    "A003,Carla Díaz,carla.diaz": "A003,李Qanaryhan 小龙,qanary.three",
    "A004,Dev Rao,dev.rao": "A004,قانري Qanaryrtl,qanary.four",
    "A005,Eve Novak,eve.novak": "A005,Voice,qanary.five",  # the name of a channel
    "A006,Finn Bauer,finn.bauer": 'A006,"Qanarycomma, Finn <b>",qanary.six',
    "A007,Gia Russo,gia.russo": "A007,=Qanaryformula(),qanary.seven",
    "A008,Hal Lund,hal.lund": "A008,Will,qanary.eight",  # a word of any text
}
MAY_NAME = (
    "plan*/agents.csv", "hr/*.csv",  # what the user gave
    "*wfplan.db", "copy.db",  # HR's rows in the store, and copies of it
    "*/schedule.csv", "*/kept.csv", "*/report.html",  # a run: the names of its table and page
    "export-*",  # exports that were not asked to be pseudonymous
)  # fmt: skip
"""Files that names may stand in, by their path below the folder of the test."""
SAYS_NAMES = ("hr show",)
"""Commands whose result on stdout may name people: to look them up is what they are for."""
RUN, PLAN = "plan/runs/tiny-bank/2026-03-02", "plan"
COMMANDS: dict[str, Sequence[str]] = {
    "init": ("init demo", "init plan"),
    "check": ("check plan", "check bad", "check shifted", "check swapped"),
    "build": ("build plan --passes 1", "build bad"),
    "export": (
        f"export {RUN} --to csv --out export-csv",
        f"export {RUN} --to ics --out export-ics",
        f"export {RUN} --to nothing",
        f"export {RUN} --to xlsx --out export-xlsx",
        f"export {RUN} --to teams-xlsx --out export-teams-xlsx",
        f"export {RUN} --to google-calendar --out export-google",
        f"export {RUN} --to teams --write-missing missing.csv",
        f"export {RUN} --to genesys --ids hr/agents.csv",
        f"export {RUN} --to deputy --since export-csv --settings plan/agents.csv",
        f"export {RUN} --to csv --pseudonymise --out hidden-csv",
        f"export {RUN} --to xlsx --pseudonymise --out hidden-xlsx",
        f"export {RUN} --to teams --pseudonymise --out hidden-teams",
        f"export {RUN} --to ics --pseudonymise --out hidden-ics",
    ),
    "report": (f"report {RUN}", "report bad", f"report {RUN} --pseudonymise --out hidden.html"),
    "compare": (f"compare {RUN} {RUN}", "compare plan bad"),
    "explain": ("explain plan infeasible", f"explain {RUN} person:A002", "explain bad x:y"),
    "forecast": ("forecast plan --out forecast", "forecast bad"),
    "override": (
        "override plan --from 2026-03-02 --change +9% --author planner --reason ad",
        "override plan --list", "override plan --undo L9",
    ),
    "judge": ("judge plan", "judge bad"),
    "staff": (f"staff {RUN} --dry-run", "staff bad"),
    "shifts": ("shifts bad",),
    "schedule": ("schedule forecast --passes 1", "schedule bad"),
    "simulate": (f"simulate {RUN} --scenario absent=Qanary", "simulate bad"),
    "import-schedule": (
        f"import-schedule {RUN}/schedule.csv --plan plan --out imported",
        "import-schedule hr/agents.csv --plan plan",
        "import-schedule hr/swapped.csv --plan plan --layout shifts",
        "import-schedule export-csv --plan bad",
    ),
    "refine": ("refine bad",),
    "audit": (f"audit {RUN}", "audit bad"),
    "offers": (f"offers {RUN}", "offers bad"),
    "publish": (
        f"publish {RUN} --override test --reason Qanarymono",
        f"publish {RUN} --override test",
    ),
    "published": ("published plan", "published bad"),
    "diff": (f"diff plan 2026-03-02 {RUN}", "diff plan 2026-03-02 2026-03-02:7"),
    "rollback": ("rollback plan 2026-03-02", "rollback plan 2026-03-02 --to 7"),
    "quarter": ("quarter bad --weeks 1",),
    "schema": ("schema contacts", "schema nothing"),
    "doctor": ("doctor plan --verify", "doctor bad --verify"),
    "hr import": (
        "hr import hr/agents.csv --plan plan",
        "hr import hr/swapped.csv --plan plan",
        "hr import hr/shifted.csv --plan plan",
    ),
    "hr check": ("hr check hr/agents.csv --plan plan", "hr check hr/swapped.csv"),
    "hr show": ("hr show --plan plan", "hr show A002 --plan plan"),
    "hr calibrate": ("hr calibrate hr/agents.csv --plan plan",),
    "hr forget": ("hr forget A003 --plan plan", "hr forget Qanary --plan plan"),
    "rules list": ("rules list",),
    "rules show": ("rules show eu --explain", "rules show nothing"),
    "rules of": ("rules of plan A002", "rules of plan nobody"),
    "store backup": ("store backup copy.db --plan plan",),
    "store restore": (
        "store restore copy.db --store other-wfplan.db",
        "store restore plan/plan.toml",
    ),
    "store log": ("store log --plan plan",),
    "store expire": ("store expire --plan plan --dry-run", "store expire --plan bad"),
}  # fmt: skip
ORDER = [
    *(one for one in COMMANDS if one not in ("hr forget", "store restore", "doctor")),
    "store restore", "hr forget", "doctor",
]  # fmt: skip


@dataclass
class Said:
    """What a command line said."""

    command: str
    line: str
    code: int
    out: str
    err: str


def words_in(path: Path) -> bool:
    """Whether a name stands in a file, packed or not."""
    raw = path.read_bytes()
    parts = [raw]
    if raw.startswith(b"\x1f\x8b"):
        parts.append(gzip.decompress(raw))
    if raw.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts += [archive.read(name).replace(b"\0", b"") for name in archive.namelist()]
    return any(WORD in part.lower() for part in (*parts, str(path).encode()))


def run_all(extra: Sequence[str] = ()) -> Iterator[Said]:
    """Every line of every command, said in this process."""
    for command in ORDER:
        for line in COMMANDS[command]:
            out, err = io.StringIO(), io.StringIO()
            with redirect_stdout(out), redirect_stderr(err):
                code = run_app([*line.split(), *extra])
            yield Said(command, line, code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def workplace(tmp_path_factory, tiny_plan) -> Path:
    """A plan with unlikely names, one that cannot be read, and HR's files, good and bad."""
    root = tmp_path_factory.mktemp("canaries")
    shutil.copytree(tiny_plan, root / "plan")
    path = root / "plan" / "agents.csv"
    text = path.read_text(encoding="utf-8")
    for old, new in NAMES.items():
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    (root / "hr").mkdir()
    (root / "hr" / "agents.csv").write_text(text, encoding="utf-8")
    shifted = text.replace("A002,", "", 1).replace("A007,", "", 1)
    swapped = text.replace(",Blue,", ",Qanarymono,").replace("A002", "Qanarymono")
    for name, content in (("shifted", shifted), ("swapped", swapped)):
        (root / "hr" / f"{name}.csv").write_text(content, encoding="utf-8")
        plan = shutil.copytree(root / "plan", root / f"plan-{name}")
        (plan / "agents.csv").write_text(content, encoding="utf-8")
        plan.rename(root / name)
    (root / "bad").mkdir()
    (root / "bad" / "plan.toml").write_text('name = "Bad"\n[inputs]\nagents = "agents.csv"\n')
    return root


@pytest.fixture
def inside(workplace, monkeypatch, tmp_path) -> Path:
    """The workplace as the current folder; temporary files go to a folder of their own."""
    monkeypatch.chdir(workplace)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return workplace


def unwanted(said: Said) -> list[str]:
    """The lines of a command that name somebody, but for what it is to show."""
    streams = [said.err] if said.command in SAYS_NAMES else [said.err, said.out]
    asked = said.line.casefold()  # what was typed may be repeated, were it an argument only
    return [
        f"{said.line}: {line}"
        for stream in streams
        for line in stream.casefold().splitlines()
        if WORD.decode() in line and not (WORD.decode() in asked and "'qanary'" in line)
    ]


def test_every_command_is_covered() -> None:
    groups = [f"{group} {name}" for group, names in GROUPS.items() for name in names]
    assert sorted(COMMANDS) == sorted([*SINGLE, *groups])
    assert sorted(ORDER) == sorted(COMMANDS)


@pytest.mark.slow
def test_no_command_names_anybody_where_it_may_not(inside, caplog, tmp_path) -> None:
    caplog.set_level(logging.DEBUG)
    said = list(run_all())
    assert [one.line for one in said if one.code == 1] == []
    assert [line for one in said for line in unwanted(one)] == []
    assert WORD.decode() not in caplog.text.casefold()
    assert [
        path for path in (tmp_path / "temporary").rglob("*") if path.is_file() and words_in(path)
    ] == []
    files = [path for path in inside.rglob("*") if path.is_file() and words_in(path)]
    named = [path.relative_to(inside).as_posix() for path in files]
    assert "plan/agents.csv" in named  # the scan finds what is there
    given = ("plan/", "hr/", "shifted/", "swapped/")
    assert [
        name
        for name in named
        if not any(fnmatch(name, one) for one in MAY_NAME)
        and not (name.startswith(given) and name.endswith("agents.csv"))
    ] == []


@pytest.mark.parametrize(
    "error",
    [
        KeyError,
        pytest.param(OSError, marks=pytest.mark.nightly),
        pytest.param(KeyboardInterrupt, marks=pytest.mark.nightly),
    ],
)
def test_no_crash_names_anybody(inside, monkeypatch, error: type[BaseException], caplog) -> None:
    """Every command that reads a plan stops there with a name in the error."""
    named = f"{WORD.decode().title()} Row"

    def crash(*_: object, **__: object) -> None:
        raise error(named)

    from wfplan import hr, intake, store

    for module, name in ((hr, "load_plan"), (intake, "load_plan"), (store, "read_manifest")):
        monkeypatch.setattr(module, name, crash)
    said = list(run_all(("--debug",)))
    assert sum(one.code != 0 for one in said) > len(said) / 2
    assert [line for one in said for line in unwanted(one)] == []
    assert WORD.decode() not in caplog.text.casefold()


def test_an_interrupted_search_leaves_no_name(inside, monkeypatch, capsys) -> None:
    from wfplan import scheduling

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(scheduling, "solve", stop)
    run_app(["build", "plan", "--out", "stopped"])
    said = capsys.readouterr()
    assert WORD.decode() not in (said.out + said.err).casefold()
    left = [path for path in inside.glob("*stopped*/**/*") if path.is_file()]
    assert [path for path in left if words_in(path)] == []
