"""Writers that are killed, run into each other, or find the disk full or read-only (R15, R16)."""

from __future__ import annotations

import os
import random
import resource
import signal
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import Engine

from wfplan.domain.people import PastLoad
from wfplan.domain.schedule import Schedule
from wfplan.errors import OutputError, UsageError
from wfplan.store.database import opening
from wfplan.store.database.contents import PersonWeek
from wfplan.store.database.copying import backup
from wfplan.store.database.forgetting import scrub
from wfplan.store.database.limits import HrRow, import_rows, rows_of
from wfplan.store.database.opening import opened
from wfplan.store.database.transactions import reading, writing
from wfplan.store.database.verifying import faults
from wfplan.store.database.weeks import WeekToPublish, publications, publish, read_week

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks writers")

MONDAY = date(2026, 10, 19)
NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)
PEOPLE = tuple(f"A{number:03}" for number in range(60))


def week(word: str) -> WeekToPublish:
    """A week of sixty people that differs from others by a word."""
    people = [
        PersonWeek(one, (), (PastLoad(agent_id=one, day=MONDAY, acute_min=1, chronic_min=0),))
        for one in PEOPLE
    ]
    schedule = Schedule(schedule_id="s", timezone="Europe/Dublin", first_day=MONDAY, days=7,
                        revision=1, status="published", shifts=())  # fmt: skip
    return WeekToPublish("bank", schedule, people, {"asked": word})


def publish_in(store: Engine, word: str, over: int | None = None) -> int:
    with writing(store) as connection:
        return publish(connection, week(word), actor="a", at=NOON, over=over).number


def import_in(store: Engine, word: str) -> None:
    rows = [HrRow(one, {"agent_id": one, "team": word}, "a.csv", 2, one) for one in PEOPLE]
    with writing(store) as connection:
        import_rows(connection, {"agents": rows}, [], is_whole=True, actor="h", at=NOON)


def write_on(address: str, acknowledged: str) -> None:
    """Publish and import without end; what was kept is noted after it was kept."""
    number = 0
    with opened(address) as store, open(acknowledged, "a", buffering=1) as note:  # noqa: PTH123
        while True:
            number += 1
            word = f"{os.getpid()}-{number}"
            made = publish_in(store, word)
            note.write(f"{made} {word}\n")
            import_in(store, word)


def kill_writers(address: str, folder: Path, count: int, seed: int) -> None:
    """Kill writers at random moments: all that was acknowledged is there, and all verifies."""
    rng, note = random.Random(seed), folder / "acknowledged"
    with opened(address, is_made=True) as store:
        publish_in(store, "first")
    note.touch()
    for _ in range(count):
        child = os.fork()
        if child == 0:
            try:
                write_on(address, str(note))
            finally:
                os._exit(1)
        time.sleep(0.05 + rng.random() * 0.4)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    with opened(address) as store, reading(store) as connection:
        assert faults(connection) == []
        told = [line.split() for line in note.read_text().splitlines() if " " in line]
        for number, word in told[-20:]:
            assert read_week(connection, "bank", MONDAY, int(number)).about == {"asked": word}
        assert len(publications(connection, "bank")) >= len(told) + 1
        teams = {row.cells["team"] for row in rows_of(connection, "agents")}
        assert len(teams) <= 1


@pytest.mark.slow
def test_writers_killed_at_any_moment_lose_nothing_that_was_acknowledged(
    address: str, tmp_path: Path
) -> None:
    kill_writers(address, tmp_path, 4, seed=1)


@pytest.mark.nightly
def test_a_hundred_writers_killed_lose_nothing(address: str, tmp_path: Path) -> None:
    """R15."""
    kill_writers(address, tmp_path, 100, seed=2)


def _race(address: str, word: str, gate: object, said: object) -> None:
    """Publish as soon as the gate is open."""
    with opened(address) as store:
        gate.wait()  # type: ignore[attr-defined]
        try:
            said.put(publish_in(store, word, over=0))  # type: ignore[attr-defined]
        except UsageError as error:
            said.put(str(error))  # type: ignore[attr-defined]


@pytest.mark.slow
def test_of_two_planners_at_once_exactly_one_wins(address: str) -> None:
    with opened(address, is_made=True):
        pass
    fork = get_context("fork")
    gate, said = fork.Barrier(2), fork.Queue()
    racers = [fork.Process(target=_race, args=(address, word, gate, said)) for word in "ab"]
    for one in racers:
        one.start()
    answers = [said.get(timeout=120) for _ in racers]
    for one in racers:
        one.join()
    assert sorted(isinstance(answer, int) for answer in answers) == [False, True]
    assert any("after this plan was made over nothing" in str(answer) for answer in answers)
    with opened(address) as store, reading(store) as connection:
        assert len(publications(connection, "bank")) == 1
        assert faults(connection) == []


def in_child(work: Callable[[], None]) -> int:
    """Do something in a process of its own; 0 when it ended in an error of ours, as it should."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            work()
            code = 2  # it fitted
        except OutputError:
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_full_disk_at_any_point_of_a_publication_leaves_the_old_state(tmp_path: Path) -> None:
    """R16: files may not grow beyond a limit, which lies at twenty points of the writing."""
    path = tmp_path / "wfplan.db"
    with opened(str(path), is_made=True) as store:
        publish_in(store, "first")
    size, codes = path.stat().st_size, []
    for limit in range(512, size + 4096, max(size // 20, 1)):

        def publish_on_a_full_disk(limit: int = limit) -> None:
            with opened(str(path)) as store:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
                publish_in(store, f"{limit}", over=1)

        codes.append(in_child(publish_on_a_full_disk))
        with opened(str(path)) as store, reading(store) as connection:
            assert faults(connection) == []
            assert read_week(connection, "bank", MONDAY, 1).about == {"asked": "first"}
            assert len(publications(connection, "bank")) == (2 if codes[-1] == 2 else 1)
        if codes[-1] == 2:
            break
    assert codes.count(0) >= 8
    assert 1 not in codes


def test_a_backup_on_a_full_disk_leaves_the_old_copy(tmp_path: Path) -> None:
    path, copy = tmp_path / "wfplan.db", tmp_path / "copy.db"
    copy.write_text("old")
    with opened(str(path), is_made=True) as store:
        publish_in(store, "first")

    def back_up() -> None:
        with opened(str(path)) as store:
            resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
            backup(store, copy)

    assert in_child(back_up) == 0
    assert copy.read_text() == "old"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["copy.db", "wfplan.db"]


def test_a_store_that_may_only_be_read_is_read_and_refuses_to_be_written(tmp_path: Path) -> None:
    path = tmp_path / "wfplan.db"
    with opened(str(path), is_made=True) as store:
        publish_in(store, "first")
        with store.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
            with pytest.raises(Exception, match="readonly"):
                connection.exec_driver_sql("DELETE FROM week")
    if os.geteuid() == 0:
        return  # root may write everywhere
    path.chmod(0o400)
    tmp_path.chmod(0o500)
    try:
        with opened(str(path)) as store, pytest.raises(OutputError, match="nothing was changed"):
            publish_in(store, "second")
    finally:
        tmp_path.chmod(0o700)


def test_a_copy_is_made_while_another_writes_and_a_writer_waits_for_no_reader(
    tmp_path: Path,
) -> None:
    path = tmp_path / "wfplan.db"
    with opened(str(path), is_made=True) as store, opened(str(path)) as other:
        publish_in(store, "first")
        with writing(store) as connection:
            import_rows(connection, {"agents": [HrRow("A", {"agent_id": "A"}, "a.csv", 2, "A")]},
                        [], is_whole=True, actor="h", at=NOON)  # fmt: skip
            backup(other, tmp_path / "copy.db")  # what is not kept yet is not in it
        with reading(other) as connection:
            backup(store, tmp_path / "later.db")
            assert len(rows_of(connection, "agents")) == 1
    for name, rows in (("copy.db", 0), ("later.db", 1)):
        with opened(str(tmp_path / name)) as store, reading(store) as connection:
            assert faults(connection) == []
            assert len(rows_of(connection, "agents")) == rows


def test_a_file_is_not_rebuilt_under_a_reader_and_says_what_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "wfplan.db"
    monkeypatch.setattr(opening, "WAIT_S", 0.1)
    with opened(str(path), is_made=True) as store, opened(str(path)) as other:
        publish_in(store, "first")
        with reading(other) as connection:
            publications(connection, "bank")
            with pytest.raises(OutputError, match=r"gone from every table.*try again"):
                scrub(store)
        scrub(store)
        with reading(store) as connection:
            assert faults(connection) == []
