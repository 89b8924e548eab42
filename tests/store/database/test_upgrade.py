"""Stores of every released version are migrated and verify; one that fails harms none (R34)."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import inspect

from wfplan.store.database import log, versions
from wfplan.store.database.limits import rows_of
from wfplan.store.database.opening import opened
from wfplan.store.database.transactions import reading, writing
from wfplan.store.database.verifying import faults
from wfplan.store.database.versions import version_of
from wfplan.store.database.weeks import publications, read_week

RELEASED = sorted(Path(__file__).with_name("released").glob("*.sql"))
ROOT = Path(__file__).parents[3]
MONDAY = date(2026, 10, 19)
BROKEN = """
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "0002", "0001", None, None
def upgrade():
    op.create_table("half", sa.Column("half", sa.Integer, primary_key=True))
    op.execute("DROP TRIGGER log_no_update")
    op.execute("UPDATE log SET actor = 'eve'")
    op.execute("DELETE FROM nowhere")
"""


def put(dump: Path, path: Path) -> Path:
    """A store as a released wfplan left it."""
    with sqlite3.connect(path) as connection:
        connection.executescript(dump.read_text(encoding="utf-8"))
    connection.close()
    return path


def test_every_version_has_a_store_to_be_upgraded():
    names = {path.name[1:5] for path in versions._MIGRATIONS.glob("versions/s*.py")}
    assert names == {path.stem for path in RELEASED}


@pytest.mark.parametrize("dump", RELEASED, ids=lambda path: path.stem)
def test_a_store_of_a_released_version_opens_and_verifies(dump, tmp_path):
    path = put(dump, tmp_path / "wfplan.db")
    with opened(str(path)) as engine, reading(engine) as connection:
        assert faults(connection) == []
        assert [one.number for one in publications(connection, "bank")] == [1, 2, 3]
        assert [one.agent_id for one in read_week(connection, "bank", MONDAY).people] == [
            "A1",
            "C3",
        ]
        assert [one.cells["team"] for one in rows_of(connection, "agents")] == ["y"]


def test_a_migration_that_fails_leaves_the_store_as_it_was(tmp_path, monkeypatch):
    path = put(RELEASED[-1], tmp_path / "wfplan.db")
    with sqlite3.connect(path) as connection:
        before = list(connection.iterdump())
    connection.close()
    migrations = shutil.copytree(versions._MIGRATIONS, tmp_path / "migrations")
    (migrations / "versions" / "s0002_broken.py").write_text(BROKEN)
    monkeypatch.setattr(versions, "_MIGRATIONS", migrations)
    with pytest.raises(Exception, match="nowhere"), opened(str(path)):
        pass
    monkeypatch.undo()
    for one in (path, tmp_path / "wfplan.db.before-0002"):
        with sqlite3.connect(one) as connection:
            assert list(connection.iterdump()) == before
        connection.close()
        with opened(str(one)) as engine, reading(engine) as connection:
            assert faults(connection) == []


def test_a_migration_that_fails_leaves_a_server_as_it_was(postgres, tmp_path, monkeypatch):
    with opened(postgres) as engine, writing(engine) as connection:
        log.note(connection, "test", {}, actor="ana", at=datetime(2026, 10, 1, tzinfo=UTC))
    migrations = shutil.copytree(versions._MIGRATIONS, tmp_path / "migrations")
    broken = BROKEN.replace("log_no_update", "log_only_added ON log")
    (migrations / "versions" / "s0002_broken.py").write_text(broken)
    monkeypatch.setattr(versions, "_MIGRATIONS", migrations)
    with pytest.raises(Exception, match="nowhere"), opened(postgres):
        pass
    monkeypatch.undo()
    with opened(postgres) as engine, reading(engine) as connection:
        assert version_of(connection) == RELEASED[-1].stem
        assert faults(connection) == []
        assert [one.actor for one in log.entries(connection)] == ["ana"]
        assert "half" not in inspect(connection).get_table_names()


def test_two_that_open_a_new_store_at_once_make_it_once(address):
    with (
        opened(address, is_made=True) as first,
        opened(address, is_made=True) as second,
        writing(second) as connection,
    ):
        versions.migrate(connection)
        assert version_of(connection) == RELEASED[-1].stem
    with opened(address) as first, reading(first) as connection:
        assert faults(connection) == []


@pytest.mark.slow
def test_the_newest_file_is_the_head_of_the_migrations():
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(versions._config())
    assert versions.versions() == [one.revision for one in reversed([*script.walk_revisions()])]


def test_the_wheel_has_the_migrations(tmp_path):
    """A store is made by the package as it is installed, without the sources beside it."""
    if not (ROOT / "pyproject.toml").exists():
        pytest.skip("no sources to build a wheel of")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with ZipFile(wheel) as packed:
        packed.extractall(tmp_path / "site")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r})\n"
        "from wfplan.store.database.opening import opened\n"
        "from wfplan.store.database import versions\n"
        "print(versions.__file__)\n"
        f"with opened({str(tmp_path / 'made.db')!r}, is_made=True): pass\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True,
                          cwd=tmp_path, env={"PATH": "/usr/bin:/bin"})  # fmt: skip
    assert str(tmp_path / "site") in done.stdout
    with opened(str(tmp_path / "made.db")) as engine, reading(engine) as connection:
        assert faults(connection) == []
