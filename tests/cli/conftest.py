"""What the tests of the command line share."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from wfplan.cli.app import run as run_app
from wfplan.store import RunParts, write_run


@dataclass(frozen=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def object(self):
        """The one object on stdout."""
        (line,) = self.out.splitlines()
        return json.loads(line)


@pytest.fixture
def wfplan(capsys):
    """A function that runs a command line in this process."""

    def call(*argv):
        code = run_app([str(word) for word in argv])
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return call


@pytest.fixture
def made_run(tmp_path, synthetic, monkeypatch):
    """The folder of the made-up run; commands that read it need no plan folder."""
    from wfplan import exporting
    from wfplan.cli import line

    plan = tmp_path / "plan.toml"
    plan.write_text("")
    folder = write_run(synthetic.run(plan), tmp_path / "runs" / "w", report="<p>week</p>")
    monkeypatch.setattr(line, "read", lambda run, **more: RunParts.of(synthetic.run(plan)))
    monkeypatch.setattr(exporting, "read", lambda run, **more: RunParts.of(synthetic.run(plan)))
    return folder
