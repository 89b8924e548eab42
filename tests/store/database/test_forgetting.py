"""A person forgotten everywhere: in runs, exports, store and plan, to the last byte."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import create_engine, text

from wfplan import forgetting
from wfplan.errors import OutputError, UsageError
from wfplan.evaluation import both_sides
from wfplan.export import TARGETS, Order, exported, key_of, pseudonym_of, write
from wfplan.forgetting import Place, forget
from wfplan.publications import Signature
from wfplan.store import read_parts, write_run
from wfplan.store.database import (
    HrRow,
    PersonWeek,
    WeekToPublish,
    cells_of_people,
    faults,
    file_of,
    import_rows,
    opened,
    publish,
    reading,
    writing,
)
from wfplan.store.database.addresses import url_of
from wfplan.store.erasing import Traces, with_stand_ins

HER = "A002"
NAME = "Canary Quillfeather"
EMAIL = "canary.quillfeather@example.com"
SIGNATURE = Signature("hr", datetime(2026, 10, 1, 12, tzinfo=UTC))
PLAN = 'name = "Harbour Bank"\n[inputs]\nagents = "agents.csv"\nhistory = "history.csv"\n'
AGENTS = (
    "agent_id;name;email\r\nA001;Ada Quinn;a@example.com\r\n"
    f'{HER};"{NAME}";{EMAIL}\r\nA003;"Carla\r\nDíaz";\r\n'
)


def bytes_under(folder: Path) -> bytes:
    """All bytes of a folder and the names of its files, whatever is packed unpacked."""
    found = []
    for path in sorted(folder.rglob("*")):
        found.append(str(path.relative_to(folder)).encode())
        if path.is_file():
            raw = path.read_bytes()
            found.append(raw)
            if raw.startswith(b"\x1f\x8b"):
                found.append(gzip.decompress(raw))
            if raw.startswith(b"PK"):
                with zipfile.ZipFile(io.BytesIO(raw)) as archive:
                    found += [archive.read(name).replace(b"\0", b"") for name in archive.namelist()]
    return b"\n".join(found)


def bytes_of_store(address: str) -> bytes:
    """All bytes of a store: its file, or the files of its tables on the server."""
    file = file_of(address)
    if file is not None:
        return b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    server = create_engine(url_of(address), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("CHECKPOINT"))
        root = connection.execute(text("SHOW data_directory")).scalar_one()
        paths = connection.execute(
            text("SELECT pg_relation_filepath(oid) FROM pg_class WHERE relkind IN ('r','i','t')")
        ).scalars()
        files = [Path(root, path) for path in paths if path]
    server.dispose()
    if not Path(root).is_dir():
        pytest.skip("the server's files are not here to be scanned")
    return b"".join(path.read_bytes() for path in files if path.exists())


def plan_of(plan: Path, synthetic) -> None:
    """A plan with a run and its exports."""
    plan.mkdir()
    (plan / "plan.toml").write_text(PLAN)
    (plan / "agents.csv").write_text(AGENTS, newline="")
    (plan / "history.csv").write_text(f"agent_id,start,end\n{HER},2026-10-12T08:00,x\nA001,x,y\n")
    run = synthetic.run(plan / "plan.toml")
    report = f"<a href='#p-{HER}'>{HER}</a> {NAME} wfplan <i>A0021</i>"
    folder = write_run(run, plan / "runs" / "w", report=report)
    (folder / "mine.txt").write_text("nobody")
    (folder / "search.npz").write_bytes(b"state")
    for name in TARGETS:
        synthetic.export(name, plan / "runs" / f"w-{name}", problem=run.problem)


def fill(address: str, schedule) -> None:
    """A published week and rows of HR."""
    people = [PersonWeek(HER, schedule.by_agent()[HER]), PersonWeek("A001")]
    cells = {"agent_id": HER, "name": NAME, "email": EMAIL}
    rows = [HrRow(HER, cells, "agents.csv", 2, HER)]
    limit = {"constraint_id": "C1", "scope": "agent", "scope_value": HER, "rule": "min_rest"}
    with opened(address, is_made=True) as engine, writing(engine) as connection:
        week = WeekToPublish("harbour-bank", schedule, people)
        publish(connection, week, actor="planner", at=SIGNATURE.at)
        tables = {"agents": rows, "constraints": [HrRow("C1", limit, "c.csv", 2)]}
        import_rows(connection, tables, [], is_whole=True, actor="hr", at=SIGNATURE.at)


@pytest.fixture(scope="module")
def template(tmp_path_factory, synthetic) -> Path:
    """The plan with its store beside it, made once."""
    folder = tmp_path_factory.mktemp("forgetting") / "plan"
    plan_of(folder, synthetic)
    fill(str(folder / "wfplan.db"), synthetic.schedule())
    return folder


@pytest.fixture
def place(tmp_path, template) -> Place:
    """A copy of the plan."""
    plan = Path(shutil.copytree(template, tmp_path / "plan"))
    return Place(plan, str(plan / "wfplan.db"))


@pytest.fixture
def place_on(tmp_path, template, address, synthetic) -> Place:
    """A copy of the plan, its store on each database."""
    plan = Path(shutil.copytree(template, tmp_path / "plan"))
    (plan / "wfplan.db").unlink()
    fill(address, synthetic.schedule())
    return Place(plan, address)


def test_no_byte_names_a_forgotten_person(place_on: Place) -> None:
    place = place_on
    words = [HER.encode(), NAME.encode(), EMAIL.encode(), b"Quillfeather", b"quillf"]
    before = bytes_under(place.plan) + bytes_of_store(place.address)
    assert all(word in before for word in words[:3])

    done = forget(HER, place, SIGNATURE, with_tables=True)

    after = bytes_under(place.plan).replace(b"A0021", b"") + bytes_of_store(place.address)
    assert [word for word in words if word in after] == []
    assert b"A0021" in (place.plan / "runs/w/report.html").read_bytes()  # somebody else's
    assert (done.in_store.weeks, done.in_store.rows, done.still) == (1, 2, [])
    with opened(place.address) as engine, reading(engine) as connection:
        assert faults(connection) == []
        assert cells_of_people(connection) == []


def test_a_run_without_her_reads_and_keeps_its_totals(place: Place, synthetic) -> None:
    folder, problem = place.plan / "runs" / "w", synthetic.problem()
    before = both_sides(read_parts(folder, problem).whole(folder))
    forget(HER, place, SIGNATURE)

    others = tuple(agent for agent in problem.agents if agent.agent_id != HER)
    without = with_stand_ins(problem.model_copy(update={"agents": others}), folder)
    run = read_parts(folder, without).whole(folder)
    (gone,) = {agent.agent_id for agent in without.agents} - {a.agent_id for a in others}
    assert gone.startswith("gone-")
    assert both_sides(run).as_dict()["customers"] == before.as_dict()["customers"]
    assert sum(s.paid_min for s in run.solution.schedule.shifts) == sum(
        s.paid_min for s in synthetic.schedule().shifts
    )
    assert set(run.ledger["agent_id"]) == {"A001", gone}
    assert set(run.solution.channel_share) == {"A001", gone}
    again = write_run(run, folder, report="<p></p>")  # a report made again keeps the stand-in
    assert with_stand_ins(problem, again).agents[-1].agent_id == gone


def test_what_is_the_users_own_is_named_and_left_alone(place: Place) -> None:
    own = place.plan / "runs" / "w" / "notes.txt"
    own.write_text(f"ask {NAME.upper()} about Friday")
    before = (place.plan / "agents.csv").read_bytes()
    done = forget(HER, place, SIGNATURE)
    assert done.still == [place.plan / "agents.csv", place.plan / "history.csv", own]
    assert (place.plan / "agents.csv").read_bytes() == before
    assert own.exists()


def test_tables_lose_her_rows_and_no_other_byte(place: Place) -> None:
    done = forget(HER, place, SIGNATURE, with_tables=True)
    assert done.tables == {place.plan / "agents.csv": 1, place.plan / "history.csv": 1}
    expected = AGENTS.replace(f'{HER};"{NAME}";{EMAIL}\r\n', "")
    assert (place.plan / "agents.csv").read_bytes() == expected.encode()


def test_a_dry_run_changes_nothing_and_says_the_same(place: Place) -> None:
    before = bytes_under(place.plan)
    told = forget(HER, place, SIGNATURE, with_tables=True, is_dry=True)
    assert bytes_under(place.plan) == before
    done = forget(HER, place, SIGNATURE, with_tables=True)
    assert [(f.folder, f.changed, f.removed) for f in told.folders] == [
        (f.folder, f.changed, f.removed) for f in done.folders
    ]
    assert (told.in_store, told.tables, told.still) == (done.in_store, done.tables, done.still)


@pytest.mark.parametrize("step", [0, 2, 4])
def test_interrupted_work_can_be_run_again(place: Place, step: int) -> None:
    """Killed after any step, the same command finishes, although less is known of her by then."""
    steps = iter(range(step))

    def tell(_: str) -> None:
        if next(steps, None) is None:
            raise KeyboardInterrupt

    try:
        forget(HER, place, SIGNATURE, with_tables=True, tell=tell)
    except KeyboardInterrupt:
        forget(HER, place, SIGNATURE, with_tables=True)
    after = bytes_under(place.plan).replace(b"A0021", b"") + bytes_of_store(place.address)
    assert [word for word in (HER.encode(), NAME.encode(), EMAIL.encode()) if word in after] == []
    assert forget(HER, place, SIGNATURE).is_nothing


def test_a_folder_is_the_old_one_when_the_disk_refuses(place: Place, monkeypatch) -> None:
    folder = place.plan / "runs" / "w"
    before = bytes_under(folder)

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("wfplan.domain.atomic._flush_tree", refuse)
    with pytest.raises(OutputError, match=r"No space left on device\. What stood there before"):
        forget(HER, place, SIGNATURE)
    assert bytes_under(folder) == before


def test_a_file_edited_by_hand_still_counts_as_edited(place: Place) -> None:
    from wfplan.store import edited_files

    folder = place.plan / "runs" / "w"
    path = folder / "schedule.csv"
    path.write_bytes(path.read_bytes().replace(b"draft", b"confirmed", 1))
    forget(HER, place, SIGNATURE)
    assert edited_files(folder) == ("schedule.csv",)


def test_an_id_that_is_a_mere_number_leaves_numbers_alone(tmp_path: Path, synthetic) -> None:
    """The report goes, since nobody can tell which of its numbers are ids."""
    run = synthetic.run(tmp_path / "plan.toml")
    folder = write_run(run, tmp_path / "runs" / "w", report="<p>A001, 12 h of rest</p>")
    for name in ("schedule.csv", "ledger.csv", "audit.json"):
        raw = (folder / name).read_bytes().replace(b"A002", b"12")
        (folder / name).write_bytes(raw)
    outcome = (folder / "outcome.csv").read_bytes()
    done = forget("12", Place(None, str(tmp_path / "none.db"), [tmp_path]), SIGNATURE)
    assert done.folders[0].removed == ("report.html",)
    assert (folder / "outcome.csv").read_bytes() == outcome
    schedule = (folder / "schedule.csv").read_text(encoding="utf-8-sig")
    assert ",12," not in schedule
    assert "-12-" not in schedule
    assert all(
        b["agent_id"] != "12" for b in json.loads((folder / "audit.json").read_text())["breaches"]
    )


def test_a_name_that_others_have_is_hers_in_her_rows_only(place: Place) -> None:
    agents = place.plan / "agents.csv"
    agents.write_text(AGENTS + f"A004;{NAME};\r\n", newline="")
    done = forget(HER, place, SIGNATURE)
    assert "report.html" in done.folders[0].removed
    assert NAME not in (place.plan / "runs/w/schedule.csv").read_text(encoding="utf-8-sig")


def test_a_name_instead_of_an_id_is_refused_without_being_repeated(place: Place) -> None:
    with pytest.raises(UsageError, match="this is no agent_id") as refused:
        forget(NAME, place, SIGNATURE)
    assert NAME not in str(refused.value)


def test_nobody_is_forgotten_where_nobody_is_known(place: Place) -> None:
    assert forget("X999", place, SIGNATURE).is_nothing


def test_old_copies_of_the_store_go(place: Place) -> None:
    file = file_of(place.address)
    for name, content in (("0002", f"x{HER}x {NAME}"), ("0003", "nobody")):
        file.with_name(f"{file.name}.before-{name}").write_text(content)
    done = forget(HER, place, SIGNATURE)
    assert [path.name for path in done.backups] == [f"{file.name}.before-0002"]
    assert not done.backups[0].exists()


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("A002", True), ("dublin-A002-20261024-1", True), ("A0021", False), ("BA002", False),
        ("Zoë O&#39;Neil", True),
        ("O'Neil &amp; x", False), ("Zoë O&#x27;Neil", True), ("zoë o'neil", True),
        (r"Zo\u00eb O'Neil", True), ("Zoë O'Neilson", False),
    ],
)  # fmt: skip
def test_a_name_is_found_in_any_spelling(text: str, is_named: bool) -> None:
    traces = Traces("A002", frozenset({"Zoë O'Neil"}), frozenset({"A0021"}))
    assert traces.is_named_in(text) is is_named
    assert not traces.is_named_in(traces.without_her(text, "gone-1"))


def test_a_name_of_one_plain_word_is_hers_in_her_own_rows_only(place: Place) -> None:
    """Somebody called Voice: the channel keeps its name."""
    agents, folder = place.plan / "agents.csv", place.plan / "runs" / "w"
    agents.write_text(AGENTS.replace(NAME, "Voice"), newline="")
    schedule = folder / "schedule.csv"
    schedule.write_bytes(schedule.read_bytes().replace(NAME.encode(), b"Voice"))
    (folder / "report.html").write_text("wfplan voice Voice")
    export = place.plan / "runs" / "w-json"
    shutil.rmtree(export, ignore_errors=True)
    before = (folder / "requirement.csv").read_bytes()
    done = forget(HER, place, SIGNATURE, with_tables=True)
    assert b"voice" in before
    assert (folder / "requirement.csv").read_bytes() == before
    assert "report.html" in done.folders[0].removed
    assert b"Voice" not in schedule.read_bytes()


def test_a_quarter_and_exports_under_pseudonyms_forget_her_too(place: Place, synthetic) -> None:
    quarter, schedule = place.plan / "quarter", synthetic.schedule()
    quarter.mkdir()
    (quarter / "quarter.json").write_text('{"schema": "wfplan-quarter/1", "asked": {}}')
    rows = f"memory,week,agent_id,asked\nwith,2026-10-19,A001,2\nwith,2026-10-19,{HER},1\n"
    (quarter / "people.csv").write_text(rows)
    key = key_of(place.plan / "pseudonyms.key")
    hers, of_others = pseudonym_of(HER, key), pseudonym_of("A001", key)
    for name in (name for name, target in TARGETS.items() if target.has_people):
        files, _ = exported(name, Order(synthetic.problem(), schedule), key=key)
        write(place.plan / f"hidden-{name}", files)
    part = Path(place.address).with_name(".wfplan.db.before-0002.partial")
    part.write_text(HER)
    assert hers.encode() in bytes_under(place.plan)
    forget(HER, place, SIGNATURE, with_tables=True)
    after = bytes_under(place.plan)
    assert [word for word in (hers.encode(), HER.encode(), NAME.encode())
            if word in after.replace(b"A0021", b"")] == []  # fmt: skip
    assert of_others.encode() in after
    assert (quarter / "people.csv").read_text().count("gone-") == 1


def test_an_export_for_another_system_goes_where_she_is_in_it(place: Place, synthetic) -> None:
    """It has her by her id there, which the external-id map tells."""
    rows = "kind,id,system,external_id\nagent,A001,genesys,u-101\nagent,A002,genesys,u-102\n"
    rows += "shift,dublin-A001-20261019-1,deputy,71\nshift,dublin-A002-20261019-1,deputy,72\n"
    (place.plan / "external_ids.csv").write_text(rows, newline="")
    for name, whose in (("hers", "u-102"), ("of-others", "u-101")):
        folder = place.plan / "runs" / name
        folder.mkdir()
        (folder / "week.json.gz").write_bytes(gzip.compress(f'["{whose}"]'.encode()))
        files = [{"path": "week.json.gz"}]
        manifest = {"schema": "wfplan-export/1", "export": "genesys", "files": files}
        (folder / "manifest.json").write_text(json.dumps(manifest))
    forget(HER, place, SIGNATURE, with_tables=True)
    assert not (place.plan / "runs" / "hers").exists()
    assert (place.plan / "runs" / "of-others" / "week.json.gz").exists()
    kept = [row for row in rows.splitlines(keepends=True) if "A002" not in row]
    assert (place.plan / "external_ids.csv").read_text() == "".join(kept)


def test_arrays_of_text_are_looked_into(tmp_path: Path) -> None:
    path = tmp_path / "x.npz"
    np.savez_compressed(path, share_agents=np.array(["A001", "A002"]), n=np.arange(3))
    assert Traces("A002").are_in(path)
    assert not Traces("A003").are_in(path)
    assert Traces("7").are_in(path) is False


def test_the_plan_may_have_faults(place: Place) -> None:
    (place.plan / "plan.toml").write_text("name = ")
    assert forgetting.tables_of(place) == {}
    assert forget(HER, place, SIGNATURE).in_store.was_known
