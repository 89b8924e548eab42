"""Tests for wfplan.export.planner.workbook, read with two libraries, and with LibreOffice."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, datetime, timedelta
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from wfplan.domain.run_tables import SCHEDULE
from wfplan.domain.schedule_rows import dated_shifts, rows_of, told_shifts
from wfplan.errors import ExportRefusedError, InputFaultsError
from wfplan.export import exported
from wfplan.export.planner import workbook as planner_workbook
from wfplan.export.planner.week import HEADER, HEADER_ROW, kind_of
from wfplan.rosters.told import read_told

FEW = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def book_of(raw, **options):
    """The workbook as openpyxl reads it."""
    return openpyxl.load_workbook(io.BytesIO(raw), **options)


def sheets_of(raw):
    """Rows by sheet, as calamine reads them."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def week_of(raw):
    """Cells of the sheet Week by person and column."""
    rows = sheets_of(raw)["Week"]
    header = [str(cell) for cell in rows[HEADER_ROW]]
    people = [row for row in rows[HEADER_ROW + 1 :] if row[2]]
    return {row[2]: dict(zip(header, row, strict=True)) for row in people}


@pytest.fixture
def raw(files):
    """The workbook of the made-up schedule."""
    return files("xlsx")["planner.xlsx"]


@pytest.fixture
def told(synthetic):
    """A schedule that was told, the same with a shift less and one longer, and one more."""
    before = synthetic.schedule(status="published")
    first, second = before.shifts
    longer = first.model_copy(
        update={"activities": (*first.activities, synthetic.activity(first.end, 60))}
    )
    third = synthetic.shift("A003", synthetic.WEEK, 600, (240, "ON_QUEUE"))
    return before, synthetic.schedule(shifts=(longer, third)), second


def with_staffing(synthetic, tmp_path, **more):
    """An order that knows what is required and what is scheduled."""
    run = synthetic.run(tmp_path / "plan.toml")
    return synthetic.order(need=run.need, staff=run.solution.staff, demand=run.demand, **more), run


def test_the_sheets_are_in_the_order_in_which_they_are_looked_at(synthetic, tmp_path, told):
    before, now, _ = told
    order, _ = with_staffing(synthetic, tmp_path, schedule=now, previous=before)
    raw = exported("xlsx", order)[0]["planner.xlsx"]
    assert book_of(raw).sheetnames == [
        "Week", "Day by day", "Staffing", "Changes", "Time off", "Schedule", "About",
    ]  # fmt: skip


def test_what_is_not_known_has_no_sheet_and_about_says_why(raw):
    sheets = sheets_of(raw)
    assert list(sheets) == ["Week", "Time off", "Schedule", "About"]
    about = dict(sheets["About"])
    assert "not both known" in about["Staffing"]
    assert (about["Plan"], about["Revision"], about["Status"]) == ("Harbour Bank", "1", "draft")
    assert about["Days"] == "2026-10-19 to 2026-10-25"
    assert "Europe/Dublin: clocks go back on Sun 25 Oct, which has 25 hours" in about["Clocks"]
    assert "America/Port_of_Spain" in about["Other time zones"]


def test_the_week_has_everybody_by_team_with_hours_against_the_contract(raw):
    week = week_of(raw)
    assert list(week) == ["A001", "A002", "A003"]  # Billing: Ada, Canary; Tech: Carla
    ada, night = week["A001"], week["A002"]
    assert ada["Mon 19 Oct"] == "08:00-16:00"
    assert night["Sat 24 Oct"] == "22:00-06:00 +1"
    assert (ada["Contract h"], ada["Planned h"], ada["+/- h"]) == (37.5, 8.0, -29.5)
    assert night["Planned h"] == 8.5  # nine hours elapsed less an unpaid meal
    assert (night["Thu 22 Oct"], night["Fri 23 Oct"]) == ("time off", "time off")
    assert week["A003"]["Time zone"] == "America/Port_of_Spain"


def test_the_contract_counts_from_the_day_on_which_somebody_begins(files, synthetic):
    begins = synthetic.agent("A001", hire_date=synthetic.WEEK + timedelta(days=4))
    raw = files("xlsx", problem=synthetic.problem(agents=(begins,)))["planner.xlsx"]
    assert week_of(raw)["A001"]["Contract h"] == pytest.approx(37.5 * 3 / 7, abs=0.005)
    assert week_of(raw)["A002"]["Contract h"] == 0  # of the schedule, and not of the plan


def test_a_shift_that_time_off_took_back_is_said_with_it(files, synthetic):
    shift = synthetic.shift("A002", date(2026, 10, 22), 480, (240, "ON_QUEUE"))
    before = synthetic.schedule(shifts=(shift,))
    raw = files("xlsx", synthetic.schedule(shifts=()), previous=before)["planner.xlsx"]
    assert week_of(raw)["A002"]["Thu 22 Oct"] == "cancelled, time off"


def test_the_times_of_a_person_are_on_her_own_clock(files, synthetic):
    far = synthetic.agent("A001", timezone="America/Port_of_Spain")
    shift = synthetic.shift("A001", synthetic.WEEK, 60, (240, "ON_QUEUE"))
    early = shift.model_copy(update={"shift_date": synthetic.WEEK - timedelta(days=1)})
    raw = files("xlsx", synthetic.schedule(shifts=(early,)), synthetic.problem(agents=(far,)))
    week = week_of(raw["planner.xlsx"])["A001"]
    assert week["Sun 18 Oct"] == "20:00-00:00"  # the day before the week, and yet in sight


def test_the_colour_of_a_cell_is_the_kind_of_its_shift(raw, synthetic):
    sheet = book_of(raw)["Week"]
    colours = {row[2].value: {sheet.cell(HEADER_ROW + 1, cell.column).value: cell.fill.fgColor.rgb
                              for cell in row[len(HEADER):] if cell.value}
               for row in sheet.iter_rows(min_row=HEADER_ROW + 2) if row[2].value}  # fmt: skip
    shown = {sheet.cell(2, column).value.partition(":")[0]: sheet.cell(2, column).fill.fgColor.rgb
             for column in range(len(HEADER) + 1, len(HEADER) + 6)}  # fmt: skip
    assert len(set(shown.values())) == 5
    assert colours["A001"]["Mon 19 Oct"] == shown["day"]
    assert colours["A002"]["Sat 24 Oct"] == shown["night"]
    assert colours["A002"]["Thu 22 Oct"] == shown["time off"]


@pytest.mark.parametrize(
    ("start_min", "minutes", "kind"),
    [(390, 480, "early"), (420, 480, "day"), (720, 480, "day"), (721, 480, "late"),
     (1080, 480, "night"), (1080, 479, "late"), (1320, 480, "night"), (180, 180, "night"),
     (181, 300, "early")],
)  # fmt: skip
def test_the_kind_of_a_shift_is_what_fairness_counts(synthetic, start_min, minutes, kind):
    shift = synthetic.shift("A001", synthetic.WEEK, start_min, (minutes, "ON_QUEUE"))
    assert kind_of(shift, synthetic.agent("A001")) == kind


def test_sheets_are_ready_to_be_read_and_printed(synthetic, tmp_path, told):
    before, now, _ = told
    order, _ = with_staffing(synthetic, tmp_path, schedule=now, previous=before)
    raw = exported("xlsx", order, settings={"paper": "letter"})[0]["planner.xlsx"]
    for sheet in book_of(raw):
        assert sheet.page_setup.orientation == "landscape"
        assert int(sheet.page_setup.paperSize) == 1
        assert sheet.page_setup.fitToWidth in (None, 1)  # 1 is what it is unless said
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.oddFooter.center.text == "revision 1, draft"
        assert sheet.freeze_panes
        if sheet.title not in ("Day by day", "About"):
            assert sheet.auto_filter.ref
    assert book_of(raw)["Week"].freeze_panes == "C5"
    assert book_of(raw)["Schedule"].auto_filter.ref == "A1:T7"


def test_staffing_has_every_interval_with_over_and_under_marked(synthetic, tmp_path):
    order, run = with_staffing(synthetic, tmp_path)
    raw = exported("xlsx", order)[0]["planner.xlsx"]
    header, *rows = sheets_of(raw)["Staffing"]
    assert len(rows) == 2 * 169  # two channels, the week of the long night
    found = [dict(zip(header, row, strict=True)) for row in rows]
    net = (run.solution.staff - run.need.staff_required).T.ravel()
    for row, over in zip(found, net, strict=True):
        assert row["Over/under"] == pytest.approx(over, abs=0.006)
        assert row["Scheduled"] - row["Required"] == pytest.approx(over, abs=0.011)
        assert row["Mark"] == ("fits" if abs(over) < 0.25 else "over" if over > 0 else "under")
    sunday = [row["From"] for row in found if row["Channel"] == "voice"
              and row["Date"] == date(2026, 10, 25)]  # fmt: skip
    assert sunday[:4] == ["00:00", "01:00", "01:00", "02:00"]
    first = found[0]
    assert first["Contacts"] == pytest.approx(run.demand.offered_mean[0, 0], abs=0.06)
    assert first["Asked by"] == str(run.need.binding[0, 0])


def test_day_by_day_shows_the_worse_of_an_hour_that_occurs_twice(synthetic, tmp_path):
    order, run = with_staffing(synthetic, tmp_path)
    _, header, *rows = sheets_of(exported("xlsx", order)[0]["planner.xlsx"])["Day by day"]
    titles = [at for at, row in enumerate(rows) if row[0] in ("voice", "email")]
    net = run.solution.staff - run.need.staff_required
    sunday = header.index("Sun 25 Oct")
    for c, at in enumerate(titles):
        body = {row[0]: row for row in rows[at + 1 : at + 27]}
        assert body["01:00"][sunday] == pytest.approx(net[c, 145:147].min(), abs=0.06)
        assert body["09:00"][1] == pytest.approx(net[c, 9], abs=0.06)
        monday = net[c, :24]
        assert body["Under, h"][1] == pytest.approx(-monday[monday < 0].sum(), abs=0.06)
        assert body["Over, h"][1] == pytest.approx(monday[monday > 0].sum(), abs=0.06)
    assert len(titles) == 2


def test_an_interval_without_need_and_staff_is_left_out(synthetic, tmp_path):
    order, run = with_staffing(synthetic, tmp_path)
    none = run.need.staff_required.copy()
    none[:, :24] = 0
    staff = run.solution.staff.copy()
    staff[:, :24] = 0
    order = replace(order, need=replace(run.need, staff_required=none), staff=staff)
    _, *rows = sheets_of(exported("xlsx", order)[0]["planner.xlsx"])["Staffing"]
    assert min(row[0] for row in rows) == date(2026, 10, 20)


def test_changes_say_what_was_and_what_is(files, told):
    before, now, gone = told
    raw = files("xlsx", now, previous=before)["planner.xlsx"]
    header, *rows = sheets_of(raw)["Changes"]
    found = {row[2]: dict(zip(header, row, strict=True)) for row in rows}
    assert found["A001"] | {"Date": "", "Person": ""} == {
        "What": "changed", "Person": "", "Id": "A001", "Team": "Billing", "Date": "",
        "Was": "08:00-16:00, breaks 10:00, confirmed", "Is": "08:00-17:00, breaks 10:00, draft",
        "Revision": 2.0, "Shift": "dublin-A001-20261019-1",
    }  # fmt: skip
    assert (found["A002"]["What"], found["A002"]["Is"]) == ("cancelled", "")
    assert found["A002"]["Was"] == "22:00-06:00 +1, breaks 01:00, confirmed"
    assert found["A002"]["Date"] == gone.shift_date
    assert (found["A003"]["What"], found["A003"]["Was"]) == ("new", "")
    week = week_of(raw)
    assert week["A002"]["Sat 24 Oct"] == "cancelled"
    counts = dict(sheets_of(raw)["About"])["Since it was told"]
    assert counts == "1 new, 1 changed, 1 cancelled, 0 unchanged"


def test_since_then_the_schedule_has_what_changed_and_the_week_has_all(files, synthetic, told):
    before, _, _ = told
    known = told_shifts([before])
    now = before.model_copy(update={"shifts": before.shifts[:1]})
    sheets = sheets_of(files("xlsx", now, told=known, since=known)["planner.xlsx"])
    assert [row[2] for row in sheets["Schedule"][1:]] == ["A002"]
    assert sheets["Schedule"][1][8] == "cancelled"
    assert "Time off" not in sheets
    assert "only what is new" in dict(sheets["About"])["Extent"]
    assert any("08:00-16:00" in row for row in sheets["Week"])


def test_time_off_is_dates_and_no_reason(raw):
    header, row = sheets_of(raw)["Time off"]
    assert header == list(planner_workbook.TIME_OFF)
    assert row[1:] == ["A002", "Billing", date(2026, 10, 22), date(2026, 10, 23), "yes"]


def test_the_schedule_is_the_long_table_cell_by_cell(files, raw):
    text = files("csv")["schedule.csv"].decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    shown, *cells = sheets_of(raw)["Schedule"]
    assert shown == header == list(SCHEDULE.names)
    written = {True: "true", False: "false"}
    for row, line in zip(cells, rows, strict=True):
        said = [written[c] if isinstance(c, bool) else str(int(c)) if isinstance(c, float) else c
                for c in row]  # fmt: skip
        assert said == line


@pytest.mark.slow
@FEW
@given(data=st.data())
def test_any_schedule_is_read_back_as_it_was(data, strategies, files, tmp_path):
    case = data.draw(strategies.schedules(is_revised=True))
    made = files("xlsx", case.schedule, case.problem, previous=case.previous)["planner.xlsx"]
    path = tmp_path / "planner.xlsx"
    path.write_bytes(made)
    found = read_told(path, case.problem.agents, case.problem.timezone)
    standing = tuple(one.shift for one in found if not one.is_cancelled)
    assert standing == case.schedule.shifts
    versions = [(one.shift.shift_id, one.revision, one.state) for one in found]
    told = dated_shifts(case.schedule, told_shifts([case.previous]))
    assert versions == [(one.shift.shift_id, one.revision, one.state) for one in told]


def test_nothing_in_it_runs_and_its_bytes_are_those_of_the_schedule(files, raw):
    assert raw == files("xlsx")["planner.xlsx"]
    with ZipFile(io.BytesIO(raw)) as parts:
        names = parts.namelist()
        assert not [name for name in names if "vba" in name or "externalLink" in name]
        assert all(info.date_time == (1980, 1, 1, 0, 0, 0) for info in parts.infolist())
        for name in names:
            assert b"<f>" not in parts.read(name)
            assert b"hyperlink" not in parts.read(name)


def test_a_schedule_longer_than_a_sheet_is_refused(files, monkeypatch):
    monkeypatch.setattr(planner_workbook, "ROWS_MAX", 6)
    with pytest.raises(ExportRefusedError, match="6 rows, and a workbook takes 6: export csv"):
        files("xlsx")


def test_a_paper_that_is_none_is_told(files):
    with pytest.raises(InputFaultsError, match=r"xlsx\.paper"):
        files("xlsx", settings={"paper": "papyrus"})


@pytest.mark.slow
def test_libreoffice_opens_it_with_every_sheet_and_cell(synthetic, tmp_path, told, in_libreoffice):
    before, now, _ = told
    order, _ = with_staffing(synthetic, tmp_path, schedule=now, previous=before)
    raw = exported("xlsx", order)[0]["planner.xlsx"]
    sheets = in_libreoffice(raw)
    assert set(sheets) == set(book_of(raw).sheetnames)
    found = sheets["Schedule"]
    assert found[0] == list(SCHEDULE.names)
    expected = list(rows_of(order.shifts, order.schedule, order.problem.agents, "Dublin"))
    assert [row[6] for row in found[1:]] == [row[6] for row in expected]
    assert any("cancelled" in cell for row in sheets["Week"] for cell in row)


def test_dates_are_dates_to_the_spreadsheet(raw):
    cell = book_of(raw)["Time off"].cell(2, 4)
    assert isinstance(cell.value, datetime)
    assert cell.is_date
