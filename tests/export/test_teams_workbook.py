"""Tests for wfplan.export.teams.workbook, teams_template and workbooks."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook

from wfplan.domain.external_ids import ExternalIds, ExternalKey, IdKind
from wfplan.domain.offers import OfferKind, OpenShift
from wfplan.errors import ExportRefusedError, InputFaultsError
from wfplan.export import exported
from wfplan.export.teams.template import SHEETS
from wfplan.export.workbooks import CELL_MAX, cell_text, look_of, workbook_bytes, write_table

BOOK = "teams_shifts.xlsx"
HEADERS = {
    "Shifts": (
        "Member", "Work Email", "Group", "Start Date", "Start Time", "End Date", "End Time",
        "Theme Color", "Custom Label", "Unpaid Break (minutes)", "Notes", "Shared",
    ),
    "Time Off": (
        "Member", "Work Email", "Start Date", "Start Time", "End Date", "End Time",
        "Time Off Reason", "Theme Color", "Notes", "Shared",
    ),
    "Day Notes": ("Date", "Note"),
    "Members": ("Member", "Work Email"),
}  # fmt: skip
GERMAN = {
    "Schichten": ["Mitglied", "E-Mail", *(f"Spalte {n}" for n in range(3, 13))],
    "Abwesenheit": ["Mitglied", "E-Mail", *(f"Spalte {n}" for n in range(3, 11))],
    "Tagesnotizen": ["Datum", "Notiz"],
    "Mitglieder": ["Mitglied", "E-Mail"],
}
UTC_TIMES = re.compile(r"(\d+) minutes, (\S+ \S+) to (\S+ \S+) UTC")


def sheets_in(raw):
    """The rows of each sheet of a workbook, headers first, without the empty end of rows."""
    book = load_workbook(io.BytesIO(raw))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


@pytest.fixture
def book(files):
    """A function that exports and reads the sheets."""

    def export(*args, **more):
        return sheets_in(files("teams-xlsx", *args, **more)[BOOK])

    return export


def order_of(synthetic, **more):
    """An order with all ids."""
    order = synthetic.order(**more)
    return replace(order, ids=synthetic.ids(order, "teams-xlsx"))


def with_mails(synthetic, **more):
    """People who have e-mails in the plan."""
    agents = [one.model_copy(update={"email": f"{one.agent_id.lower()}@example.com"})
              for one in synthetic.problem().agents]  # fmt: skip
    return synthetic.problem(agents=agents, **more)


def rows_of(table):
    """The rows of a sheet by header."""
    return [dict(zip(table[0], row, strict=True)) for row in table[1:]]


def times_of(row, zone):
    """Start and end of a row, elapsed: what its wall times say, or its warning."""
    told = UTC_TIMES.search(row["Notes"] or "")
    if told:
        return tuple(datetime.fromisoformat(one).replace(tzinfo=UTC) for one in told.groups()[1:])
    return tuple(
        datetime.strptime(f"{row[f'{which} Date']} {row[f'{which} Time']}", "%m/%d/%Y %H:%M")
        .replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        for which in ("Start", "End")
    )  # fmt: skip


def test_the_sheets_and_columns_are_those_of_the_template(book):
    assert {name: rows[0] for name, rows in book().items()} == HEADERS
    assert dict(SHEETS) == HEADERS


def test_the_agreed_workbook_has_the_same_sheets_and_columns(shared):
    agreed = load_workbook(shared / "examples" / "schedules" / BOOK)
    assert {s.title: next(s.iter_rows(max_row=1, values_only=True)) for s in agreed} == HEADERS


def test_a_shift_is_a_row_of_texts_in_wall_time(book, synthetic):
    day, night = rows_of(book(problem=with_mails(synthetic))["Shifts"])
    assert day == {
        "Member": "Ada Quinn", "Work Email": "a001@example.com",
        "Group": day["Group"], "Start Date": "10/19/2026", "Start Time": "08:00",
        "End Date": "10/19/2026", "End Time": "16:00", "Theme Color": "2. Blue",
        "Custom Label": None, "Unpaid Break (minutes)": None,
        "Notes": "wfplan:dublin-A001-20261019-1", "Shared": "2. Not Shared",
    }  # fmt: skip
    assert (night["Start Date"], night["Start Time"]) == ("10/24/2026", "22:00")
    assert (night["End Date"], night["End Time"]) == ("10/25/2026", "06:00")
    assert night["Unpaid Break (minutes)"] == 30


def test_two_readers_of_workbooks_agree(files):
    raw = files("teams-xlsx")[BOOK]
    other = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    assert other.sheet_names == list(HEADERS)
    for name, rows in sheets_in(raw).items():
        read = other.get_sheet_by_name(name).to_python()
        assert [["" if cell is None else cell for cell in row] for row in rows] == read


def test_time_off_never_says_why(book, synthetic):
    (row,) = rows_of(book()["Time Off"])
    assert (row["Start Date"], row["Start Time"]) == ("10/22/2026", "00:00")
    assert (row["End Date"], row["End Time"]) == ("10/24/2026", "00:00")
    assert (row["Time Off Reason"], row["Notes"]) == ("Time off", None)
    (row,) = rows_of(book(settings={"time_off_reason": "Away"})["Time Off"])
    assert row["Time Off Reason"] == "Away"


def test_members_are_whoever_has_a_row(book):
    assert [row["Member"] for row in rows_of(book()["Members"])] == [
        "Ada Quinn", "Canary Quillfeather",
    ]  # fmt: skip


def test_publishing_shares_everything(book, synthetic):
    made = book(synthetic.schedule(status="published"), is_publishing=True)
    shared = {row["Shared"] for name in ("Shifts", "Time Off") for row in rows_of(made[name])}
    assert shared == {"1. Shared"}


CHANGES = (
    ("Europe/Dublin", date(2026, 10, 24), "back by 60"),
    ("Europe/Dublin", date(2026, 3, 28), "forward by 60"),
    ("Europe/Berlin", date(2026, 10, 24), "back by 60"),
    ("America/New_York", date(2026, 10, 31), "back by 60"),
    ("America/Los_Angeles", date(2026, 3, 7), "forward by 60"),
    ("America/St_Johns", date(2026, 10, 31), "back by 60"),
    ("America/Havana", date(2026, 3, 7), "forward by 60"),
    ("America/Santiago", date(2026, 4, 4), "back by 60"),
    ("Australia/Lord_Howe", date(2026, 10, 3), "forward by 30"),
    ("Australia/Lord_Howe", date(2026, 4, 4), "back by 30"),
    ("Australia/Sydney", date(2026, 10, 3), "forward by 60"),
    ("Africa/Casablanca", date(2026, 3, 21), "forward by 60"),
    ("Asia/Beirut", date(2026, 3, 28), "forward by 60"),
    ("Pacific/Auckland", date(2026, 4, 4), "back by 60"),
)
"""Zones, a night in which clocks change there, and how."""


@pytest.mark.parametrize(("zone", "day", "how"), CHANGES)
def test_the_night_of_a_clock_change_says_when_it_really_is(synthetic, zone, day, how):
    start = datetime(day.year, day.month, day.day, 20, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    night = synthetic.shift("A001", day, 0, (240, "ON_QUEUE"))
    shift = night.model_copy(update={"activities": (synthetic.activity(start, 600),)})
    monday = day - timedelta(days=day.weekday())
    schedule = synthetic.schedule(timezone=zone, first_day=monday, days=14, shifts=(shift,))
    agents = [synthetic.agent("A001", timezone=zone)]
    problem = synthetic.problem(timezone=zone, agents=agents, interval_min=30)
    made, notes = exported("teams-xlsx", order_of(synthetic, problem=problem, schedule=schedule))
    sheets = sheets_in(made[BOOK])
    (row,) = rows_of(sheets["Shifts"])
    assert "(clocks change: 600 minutes" in row["Notes"]
    assert times_of(row, zone) == (start, start + timedelta(hours=10))
    (told,) = (one for one in notes if "clocks change" in one.text)
    assert (told.agent_ids, told.shift_ids) == (("A001",), (shift.shift_id,))
    (noted,) = (row["Note"] for row in rows_of(sheets["Day Notes"]))
    assert noted == f"Clocks go {how} minutes on this day"


def test_a_start_in_the_repeated_hour_says_which_it_is(book, synthetic):
    for hour in (0, 1):
        start = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
        shift = synthetic.schedule().shifts[0]
        moved = shift.model_copy(update={"activities": (synthetic.activity(start, 300),)})
        (row,) = rows_of(book(synthetic.schedule(shifts=(moved,)))["Shifts"])
        assert row["Start Time"] == "01:30"
        assert times_of(row, "Europe/Dublin")[0] == start


def test_only_what_is_new_is_written_and_the_rest_is_to_be_done_by_hand(synthetic):
    before = synthetic.schedule()
    moved = synthetic.shift("A001", synthetic.WEEK, 540, (300, "ON_QUEUE"))
    new = synthetic.shift("A003", synthetic.WEEK, 540, (300, "ON_QUEUE"))
    told = synthetic.order(schedule=before, previous=before).told
    order = synthetic.order(
        problem=with_mails(synthetic),
        schedule=synthetic.schedule(shifts=(moved, new)), previous=before, since=told,
    )  # fmt: skip
    files, notes = exported("teams-xlsx", order)
    sheets = sheets_in(files[BOOK])
    assert [row["Notes"] for row in rows_of(sheets["Shifts"])] == ["wfplan:dublin-A003-20261019-1"]
    assert [len(sheets[name]) for name in ("Time Off", "Day Notes")] == [1, 1]
    by_hand = list(csv.DictReader(io.StringIO(files["by_hand.csv"].decode("utf-8-sig"))))
    assert [(row["what"], row["notes"], row["start"], row["new_start"]) for row in by_hand] == [
        ("change", "wfplan:dublin-A001-20261019-1", "2026-10-19 08:00", "2026-10-19 09:00"),
        ("delete", "wfplan:dublin-A002-20261024-1", "2026-10-24 22:00", ""),
    ]
    said = {note.text.partition(":")[0]: note.shift_ids for note in notes}
    assert said["the import deletes nothing"] == ("dublin-A002-20261024-1",)
    assert said["the import changes nothing"] == ("dublin-A001-20261019-1",)


def test_a_whole_export_warns_of_what_may_come_twice(synthetic):
    before = synthetic.schedule()
    _, notes = exported("teams-xlsx", order_of(synthetic, schedule=before, previous=before))
    (note,) = (one for one in notes if "second time" in one.text)
    assert len(note.shift_ids) == 2
    _, notes = exported("teams-xlsx", order_of(synthetic, schedule=before))
    assert not any("second time" in one.text for one in notes)


def test_breaks_other_zones_and_open_shifts_are_noted(synthetic):
    away = synthetic.shift("A003", synthetic.WEEK, 540, (300, "ON_QUEUE"))
    schedule = synthetic.schedule(shifts=(*synthetic.schedule().shifts, away))
    offer = OpenShift(OfferKind.OPEN_SHIFT, "", "voice", "full_time", away.start, away.end,
                      1.0, 5.0, None, "")  # fmt: skip
    _, notes = exported("teams-xlsx", order_of(synthetic, schedule=schedule, open_shifts=(offer,)))
    said = {note.text.partition(" ")[0]: note for note in notes}
    (breaks,) = (one for one in notes if "unpaid minutes only" in one.text)
    assert breaks.agent_ids == ("A001", "A002")
    assert said["times"].agent_ids == ("A003",)
    assert "Europe/Dublin" in said["times"].text
    assert "(1)" in said["open"].text


def test_all_e_mails_that_are_missing_are_told_together(synthetic):
    agents = [synthetic.agent("A001", email="ada@example.com"), synthetic.agent("A002"),
              synthetic.agent("A003")]  # fmt: skip
    shift = synthetic.shift("A003", synthetic.WEEK, 540, (300, "ON_QUEUE"))
    order = synthetic.order(
        problem=synthetic.problem(agents=agents),
        schedule=synthetic.schedule(shifts=(*synthetic.schedule().shifts, shift)),
    )
    with pytest.raises(ExportRefusedError) as refused:
        exported("teams-xlsx", order)
    text = str(refused.value)
    assert "2 agents have no id in teams-xlsx (the work e-mail, which agents.csv may have" in text
    assert "A002, A003" in text
    assert "A001" not in text


def test_the_map_may_have_e_mails_and_the_names_of_groups(synthetic):
    known = {
        ExternalKey("teams-xlsx", IdKind.AGENT, "A001"): "ada@example.com",
        ExternalKey("teams-xlsx", IdKind.GROUP, "Billing"): "Invoices",
    }
    problem = synthetic.problem(agents=[synthetic.agent("A001")])
    schedule = synthetic.schedule(shifts=synthetic.schedule().shifts[:1])
    order = synthetic.order(problem=problem, schedule=schedule, ids=ExternalIds(known))
    (row,) = rows_of(sheets_in(exported("teams-xlsx", order)[0][BOOK])["Shifts"])
    assert (row["Work Email"], row["Group"]) == ("ada@example.com", "Invoices")


def test_a_shift_of_more_than_a_day_is_refused(book, synthetic):
    shift = synthetic.shift("A001", synthetic.WEEK, 480, (1441, "ON_QUEUE"))
    with pytest.raises(ExportRefusedError, match=r"dublin-A001-20261019-1 lasts 24\.0167 h"):
        book(synthetic.schedule(shifts=(shift,)))


def test_more_rows_than_excel_takes_are_refused(book, monkeypatch):
    monkeypatch.setattr("wfplan.export.teams.workbook.ROWS_MAX", 2)
    with pytest.raises(ExportRefusedError, match="would have 2 rows, and Excel takes 1"):
        book()


def template(folder, sheets):
    """A template with these sheets, each with a row of samples."""
    made = Workbook()
    made.remove(made.active)
    for name, header in sheets.items():
        sheet = made.create_sheet(name)
        sheet.append(header)
        sheet.append(["sample"] * len(header))
    path = folder / "template.xlsx"
    made.save(path)
    return str(path)


def test_a_template_gives_names_and_headers_in_its_own_language(book, tmp_path):
    extra = {"Lies mich": ["Hinweis"], **GERMAN, "Offene Schichten": ["Gruppe"] * 11}
    made = book(settings={"template": template(tmp_path, extra)})
    assert {name: list(rows[0]) for name, rows in made.items()} == GERMAN
    assert len(made["Schichten"]) == 3


def test_sheets_of_a_template_are_found_by_their_english_names_first(book, tmp_path):
    turned = {name: list(HEADERS[name]) for name in reversed(HEADERS)}
    made = book(settings={"template": template(tmp_path, turned)})
    assert {name: rows[0] for name, rows in made.items()} == HEADERS


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (
            lambda s: s.pop("Schichten"),
            "no sheet for 'Shifts', which has 12 columns .*'Abwesenheit'",
        ),
        (lambda s: s["Abwesenheit"].pop(), "no sheet for 'Time Off', which has 10 columns"),
        (lambda s: s.pop("Mitglieder"), "no sheet for 'Members'"),
        (lambda s: s["Schichten"].insert(3, ""), "no sheet for 'Shifts'"),
        (lambda s: s["Mitglieder"].__setitem__(0, "Work Email"), "no sheet for 'Members'"),
    ],
)
def test_a_template_that_does_not_fit_is_refused(book, tmp_path, spoil, reason):
    sheets = {name: list(header) for name, header in GERMAN.items()}
    spoil(sheets)
    with pytest.raises(InputFaultsError, match=reason):
        book(settings={"template": template(tmp_path, sheets)})


def test_a_template_that_is_none_is_refused(book, tmp_path):
    (tmp_path / "text.xlsx").write_text("no workbook")
    for name, reason in (("text.xlsx", "no workbook of Excel"), ("none.xlsx", "No such file")):
        with pytest.raises(InputFaultsError, match=reason):
            book(settings={"template": str(tmp_path / name)})


PAYLOADS = (
    "=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "{=1}", "=HYPERLINK(1)",
    "http://evil.example", "mailto:eve@example.com", "internal:Sheet2!A1", "10/19/2026", "08:00",
    "1e5", "TRUE", "<b>", "]]>", "&amp;", "_x0041_", "\x1b[2J", "\x00", "\ufffe", "\u202eabc",
    "a\r\nb", "\u2028", "😀" * 3, "'quoted", '"', "ＳＵＭ", "＝1",
)  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_name_or_team_is_more_than_a_text(files, synthetic, payload):
    agents = [synthetic.agent("A001", name=payload, team=payload, email=payload)]
    order = synthetic.order(
        problem=synthetic.problem(agents=agents),
        schedule=synthetic.schedule(shifts=synthetic.schedule().shifts[:1]),
    )
    raw = exported("teams-xlsx", order)[0][BOOK]
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        text = b"".join(archive.read(name) for name in archive.namelist())
        assert not any("rels" in name and "sheet" in name for name in archive.namelist())
    assert b"<f>" not in text
    assert b"<hyperlink" not in text
    cells = [cell for sheet in load_workbook(io.BytesIO(raw)) for row in sheet for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    other = CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_name("Members")
    assert len(other.to_python()) == 2
    assert other.to_python()[1][0] == cell_text(payload).strip("\x00") or "\ufffe" in payload


@pytest.mark.slow
def test_libreoffice_shows_every_name_as_it_is(synthetic, in_libreoffice):
    names = [one for one in PAYLOADS if cell_text(one).strip() and "\ufffe" not in one]
    agents = [synthetic.agent(f"A{n:03}", name=one, email=f"{n}@example.com")
              for n, one in enumerate(names)]  # fmt: skip
    shifts = tuple(synthetic.shift(one.agent_id, synthetic.WEEK, 480, (240, "ON_QUEUE"))
                   for one in agents)  # fmt: skip
    order = synthetic.order(
        problem=synthetic.problem(agents=agents), schedule=synthetic.schedule(shifts=shifts)
    )
    sheets = in_libreoffice(exported("teams-xlsx", order)[0][BOOK])
    assert set(sheets) == set(HEADERS)
    rows = sheets["Shifts"][1:]
    assert [row[0] for row in rows] == [cell_text(one) for one in names]
    assert {tuple(row[3:7]) for row in rows} == {
        ("10/19/2026", "08:00", "10/19/2026", "12:00"),
    }  # fmt: skip


def test_cells_keep_as_texts_after_they_were_edited(files):
    raw = files("teams-xlsx")[BOOK]
    sheet = load_workbook(io.BytesIO(raw))["Shifts"]
    assert {cell.number_format for row in sheet for cell in row if cell.data_type == "s"} == {"@"}


def test_a_workbook_is_the_same_bytes_whenever_it_is_made(files, monkeypatch):
    first = files("teams-xlsx")[BOOK]
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    assert files("teams-xlsx")[BOOK] == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2026-10-16T19:00:00Z" in archive.read("docProps/core.xml")


def test_a_text_is_cut_where_excel_cuts_it():
    assert cell_text("x" * 40_000) == "x" * CELL_MAX
    assert len(cell_text("😀" * 40_000)) == CELL_MAX // 2
    assert cell_text("a\r\nb\x00") == "a b "


def test_numbers_and_truths_are_written_as_such():
    def write(made):
        rows = [("=1", 2.5, True, None, 3)]
        write_table(made.add_worksheet("T"), ["a", "b", "c", "d", "e"], rows, look_of(made))

    raw = workbook_bytes(write, made_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert sheets_in(raw)["T"][1] == ("=1", 2.5, True, None, 3)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_the_minutes_of_any_shift_come_back_from_the_workbook(data, strategies, synthetic):
    case = data.draw(strategies.schedules())
    order = synthetic.order(problem=case.problem, schedule=case.schedule)
    sheets = sheets_in(exported("teams-xlsx", order)[0][BOOK])
    found = {
        row["Notes"].partition(" ")[0]: (
            *times_of(row, case.schedule.timezone), row["Unpaid Break (minutes)"] or 0,
            row["Work Email"],
        )
        for row in rows_of(sheets["Shifts"])
    }  # fmt: skip
    assert found == {
        f"wfplan:{one.shift_id}": (
            one.start, one.end, int((one.end - one.start).total_seconds()) // 60 - one.paid_min,
            f"{one.agent_id.lower()}@example.com",
        )
        for one in case.schedule.shifts
    }  # fmt: skip
