"""The house stands as it was drawn: layers, nothing on import, every command documented."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SOURCES = sorted([*(ROOT / "wfplan").rglob("*.py"), *(ROOT / "forecasts").rglob("*.py")])
MODULE_LINES = 400
FUNCTION_LINES = 40


def identified(path: Path) -> str:
    """A source file as tests name it."""
    return path.relative_to(ROOT).as_posix()


def test_the_top_level_is_what_the_design_says():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    if not listed:
        pytest.skip("not a git checkout")
    top = {name.split("/")[0] for name in listed if not name.startswith(".")}
    assert top == {
        "CHANGELOG.md", "LICENSE", "README.md", "configs", "forecasts", "pyproject.toml", "tests",
        "wfplan",
    }  # fmt: skip


@pytest.mark.parametrize("path", SOURCES, ids=identified)
def test_modules_and_functions_stay_small_enough_to_read(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MODULE_LINES
    long = [
        f"{node.name}: {length}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and (length := _body_lines(node)) > FUNCTION_LINES
    ]
    assert long == []


def _body_lines(function: ast.FunctionDef) -> int:
    """Lines of the body, its docstring not counted."""
    body = function.body
    has_docstring = ast.get_docstring(function) is not None
    first = body[1:] if has_docstring else body
    return (function.end_lineno or 0) - first[0].lineno + 1 if first else 0


@pytest.mark.parametrize("path", SOURCES, ids=identified)
def test_every_module_says_what_it_is(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not tree.body or ast.get_docstring(tree)


def test_both_packages_are_typed():
    assert (ROOT / "wfplan" / "py.typed").exists()
    assert (ROOT / "forecasts" / "py.typed").exists()


@pytest.mark.parametrize("package", ["wfplan", "wfplan.cli", "wfplan.errors", "wfplan.horizon"])
def test_importing_writes_nothing(package, tmp_path):
    code = f"import {package}"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []
