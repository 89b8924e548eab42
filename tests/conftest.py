"""Fixtures that every room's tests share."""

from __future__ import annotations

import importlib.util
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent


def _beside(name: str) -> ModuleType:
    """A module of this folder; tests are no package, so it is loaded by its path."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tinyplan = _beside("tinyplan")
made_up = _beside("synthetic")
guard = _beside("canary_guard")


@pytest.fixture(scope="session", autouse=True)
def no_canary_is_named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Over the whole run, no name in errors, in talk, or in a temporary file."""
    folder = tmp_path_factory.mktemp("temporary")
    before = tempfile.tempdir, os.environ.get("TMPDIR")
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
    try:
        with guard.watched():
            yield
        assert guard.named_in(folder) == []
    finally:
        tempfile.tempdir = before[0]
        if before[1] is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = before[1]


def _outside(variable: str, default: Path, what: str) -> Path:
    """A folder outside the project; its absence fails under CI and skips elsewhere."""
    folder = Path(os.environ.get(variable, default))
    if folder.is_dir():
        return folder
    message = f"{what} is not at {folder}; set {variable} to the folder that holds it"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with exact numbers (``truth/``) and public benchmark instances."""
    return _outside("WFPLAN_SHARED", ROOT.parent / "shared", "the folder of exact numbers")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder with real demand series."""
    return _outside("WFPLAN_REAL_DATA", ROOT.parent / "shared" / "data", "real demand data")


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store: a file, and a database where a server is named."""
    if request.param == "sqlite":
        return str(tmp_path / "wfplan.db")
    return str(request.getfixturevalue("postgres"))


@pytest.fixture
def plan_folder(tmp_path: Path) -> Callable[..., Path]:
    """
    A function that writes a tiny valid plan folder and returns its path.

    ``plan_folder()`` writes ``tmp_path / "plan"``; ``plan_folder("other",
    channels=1)`` another one with voice only. The history runs from 2026-02-09
    to 2026-03-01, the week to plan begins on 2026-03-02 (fixture ``plan_week``).
    """

    def write(name: str = "plan", *, channels: int = 2) -> Path:
        folder: Path = tinyplan.write(tmp_path / name, channels=channels)
        return folder

    return write


@pytest.fixture
def plan_week() -> date:
    """The first day of the week that the tiny plan is about."""
    day: date = tinyplan.WEEK
    return day


@pytest.fixture(scope="session")
def synthetic() -> ModuleType:
    """The module that makes up a small run: two channels, three people, one clock change."""
    return made_up


@pytest.fixture(scope="session")
def strategies() -> ModuleType:
    """The module of schedules that hypothesis draws: ``data.draw(strategies.schedules())``."""
    return _beside("strategies")


@pytest.fixture(scope="session")
def schema_faults() -> Callable[..., list[str]]:
    """A function that tells the faults of a value by a JSON Schema."""
    found: Callable[..., list[str]] = _beside("json_schema").faults
    return found


@pytest.fixture(scope="session")
def tiny_plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny valid plan folder, written once and not to be changed."""
    folder: Path = tinyplan.write(tmp_path_factory.mktemp("tiny") / "plan")
    return folder


@pytest.fixture
def tell(
    request: pytest.FixtureRequest,
    record_property: Callable[[str, object], None],
    capsys: pytest.CaptureFixture[str],
) -> Callable[[Mapping[str, float]], None]:
    """Prints figures under the test's name, and records them with its result."""

    def say(figures: Mapping[str, float]) -> None:
        with capsys.disabled():
            print(f"\n{request.node.name}")
            for name, value in figures.items():
                print(f"  {name:<44} {value:12.5f}")
        for name, value in figures.items():
            record_property(name, value)

    return say


@pytest.fixture
def postgres() -> Iterator[str]:
    """The address of an empty database on the server that ``WFPLAN_TEST_POSTGRES`` names."""
    server_url = os.environ.get("WFPLAN_TEST_POSTGRES", "")
    if not server_url:
        pytest.skip("WFPLAN_TEST_POSTGRES names no server")
    from sqlalchemy import create_engine, text

    from wfplan.store.database.addresses import url_of

    name = f"wfplan_{secrets.token_hex(6)}"
    server = create_engine(url_of(server_url), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield url_of(server_url).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()
