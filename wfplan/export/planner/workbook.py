"""
``xlsx``: the workbook that planners open, and that ``wfplan import-schedule`` reads back.

Sheets: ``Week`` (people and dates), ``Day by day`` and ``Staffing`` (required beside scheduled,
where the run knows both), ``Changes`` (where something was told before), ``Time off``,
``Schedule`` (the long table, one row per activity) and ``About``. Nothing in it is computed by
the spreadsheet: no formulas, macros or links. Where only what changed is exported, ``Schedule``
and ``Changes`` hold that, and the others the whole week.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from wfplan.domain.base import Model
from wfplan.domain.cells import instant_cell
from wfplan.domain.run_tables import SCHEDULE
from wfplan.domain.schedule_rows import DatedShift, local_date, rows_of
from wfplan.export.order import Change, Exported, Order
from wfplan.export.planner.staffing import Staffing, staffing_of, write_days, write_staffing
from wfplan.export.planner.week import date_text, hours_text, write_week
from wfplan.export.workbook_rows import with_rows
from wfplan.export.workbooks import ROWS_MAX, cell_text, look_of, workbook_bytes, write_table
from wfplan.horizon import wall_instant

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

FILE = "planner.xlsx"
CHANGES = ("What", "Person", "Id", "Team", "Date", "Was", "Is", "Revision", "Shift")
TIME_OFF = ("Person", "Id", "Team", "First day", "Last day", "Whole days")
_PAPERS = {"a4": 9, "a3": 8, "letter": 1, "tabloid": 3}  # as ECMA-376, 18.3.1.63 numbers them
_SECOND = timedelta(seconds=1)


class PlannerSettings(Model):
    """How the workbook is printed."""

    paper: Literal["a4", "a3", "letter", "tabloid"] = Field(
        default="a4", description="The paper that sheets are printed on, turned to its long side."
    )


def to_xlsx(order: Order) -> Exported:
    """``planner.xlsx``."""
    count = sum(1 if dated.is_cancelled else len(dated.shift.activities) for dated in order.shifts)
    if count >= ROWS_MAX:
        many = (
            f"the sheet Schedule would have {count:,} rows, and a workbook takes {ROWS_MAX:,}: "
            "export csv, or a week at a time."
        )
        return Exported({}, refusals=(many,))
    titles: list[str] = []

    def write(book: Workbook) -> None:
        _write_sheets(book, order, titles, count)

    title = f"{order.problem.name} {order.schedule.first_day.isoformat()}"
    raw = workbook_bytes(write, made_at=order.made_at, title=title)
    rows = rows_of(order.shifts, order.schedule, order.problem.agents, order.problem.site)
    number = titles.index("Schedule") + 1
    return Exported({FILE: with_rows(raw, number, rows, count)})


def _write_sheets(book: Workbook, order: Order, titles: list[str], count: int) -> None:
    """Add all sheets and fill them, Schedule but for its rows; ``titles`` become their names."""
    staffing = staffing_of(order)

    def added(title: str) -> Worksheet:
        sheet = book.add_worksheet(title)
        titles.append(title)
        _print_ready(sheet, title, order)
        return sheet

    write_week(book, added("Week"), order)
    if staffing is not None:
        write_days(book, added("Day by day"), staffing)
        write_staffing(book, added("Staffing"), order, staffing)
    if order.told or order.is_delta:
        _write_changes(book, added("Changes"), order)
    if not order.is_delta:
        _write_time_off(book, added("Time off"), order)
    schedule = added("Schedule")
    write_table(schedule, SCHEDULE.names, (), look_of(book))
    schedule.set_column(0, len(SCHEDULE.names) - 1, 18)
    schedule.autofilter(0, 0, max(count, 1), len(SCHEDULE.names) - 1)
    schedule.repeat_rows(0)
    write_table(added("About"), ("About", ""), _about(order, staffing), look_of(book))


def _print_ready(sheet: Worksheet, title: str, order: Order) -> None:
    """Across the page, all columns on it, with a foot that says what it is."""
    sheet.set_landscape()
    sheet.set_paper(_PAPERS["a4" if order.settings is None else order.settings.paper])
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    revision = f"revision {order.schedule.revision}, {order.schedule.status}"
    sheet.set_footer(f"&L{title}&C{revision}&RPage &P of &N")


def _write_changes(book: Workbook, sheet: Worksheet, order: Order) -> None:
    """What is new, changed or cancelled, with what it was."""
    look = look_of(book)
    dated = book.add_format({"num_format": "ddd d mmm yyyy", "align": "left"})
    rows = list(_changes(order))
    write_table(sheet, CHANGES, [[*row[:4], None, *row[5:]] for row in rows], look)
    for at, row in enumerate(rows, start=1):
        sheet.write_datetime(at, 4, datetime.combine(row[4], time()), dated)
    sheet.set_column(4, 4, 16)
    sheet.autofilter(0, 0, max(len(rows), 1), len(CHANGES) - 1)
    sheet.repeat_rows(0)


def _changes(order: Order) -> Iterator[tuple[str, str, str, str, date, str, str, int, str]]:
    """Rows of changes, by person and date."""
    before = order.before
    for one in order.all_shifts:
        what = order.change_of(one)
        if what is Change.UNCHANGED:
            continue
        shift, old = one.shift, before.get(one.shift.shift_id)
        agent = order.agents.get(shift.agent_id)
        zone = agent.timezone if agent else order.schedule.timezone
        was = "" if old is None or old.is_cancelled else _said(old, zone)
        now = "" if one.is_cancelled else _said(one, zone)
        who = agent.name if agent else ""
        team = agent.team if agent else ""
        yield (str(what), who, shift.agent_id, team, shift.shift_date, was, now, one.revision,
               shift.shift_id)  # fmt: skip


def _said(dated: DatedShift, zone: str) -> str:
    """Hours of a shift, its date, breaks and state: ``08:00-16:30, breaks 10:00 12:00, draft``."""
    pauses = [f"{one.start.astimezone(ZoneInfo(zone)):%H:%M}" for one in dated.shift.pauses]
    parts = [hours_text(dated.shift, zone)]
    if pauses:
        parts.append(f"breaks {' '.join(pauses)}")
    return ", ".join([*parts, str(dated.state)])


def _write_time_off(book: Workbook, sheet: Worksheet, order: Order) -> None:
    """Approved time off by dates; never why."""
    rows = [
        (agent, local_date(one.start, agent.timezone),
         local_date(one.end - _SECOND, agent.timezone), one.is_all_day)
        for agent in order.agents.values()
        for one in order.time_off(agent)
    ]  # fmt: skip
    dated = book.add_format({"num_format": "ddd d mmm yyyy", "align": "left"})
    texts = [
        (agent.name, agent.agent_id, agent.team, None, None, "yes" if is_whole else "in part")
        for agent, _, _, is_whole in rows
    ]
    write_table(sheet, TIME_OFF, texts, look_of(book))
    for at, (_, first, last, _) in enumerate(rows, start=1):
        sheet.write_datetime(at, 3, datetime.combine(first, time()), dated)
        sheet.write_datetime(at, 4, datetime.combine(last, time()), dated)
    sheet.set_column(3, 4, 16)
    sheet.autofilter(0, 0, max(len(rows), 1), len(TIME_OFF) - 1)
    sheet.repeat_rows(0)


def _about(order: Order, staffing: Staffing | None) -> Iterator[tuple[str, str]]:
    """What the workbook is of, and what must be known of it."""
    schedule, of = order.schedule, order.counts
    last = schedule.first_day + timedelta(days=schedule.days - 1)
    yield "Plan", cell_text(order.problem.name)
    yield "Schedule", cell_text(schedule.schedule_id)
    yield "Days", f"{schedule.first_day.isoformat()} to {last.isoformat()}"
    yield "Time zone of the plan", schedule.timezone
    yield "Revision", str(schedule.revision)
    yield "Status", schedule.status
    yield "As of", instant_cell(order.made_at)
    yield "People", f"{len(order.agents):,}"
    yield "Shifts", f"{len(schedule.shifts):,}"
    if order.told or order.is_delta:
        kinds = (Change.NEW, Change.CHANGED, Change.CANCELLED, Change.UNCHANGED)
        yield "Since it was told", ", ".join(f"{of[kind]} {kind}" for kind in kinds)
    if order.is_delta:
        yield "Extent", "Schedule holds only what is new, changed or cancelled; Week holds all."
    yield from (("Clocks", text) for text in _clock_changes(order))
    zones = sorted({agent.timezone for agent in order.agents.values()} - {schedule.timezone})
    if zones:
        yield "Other time zones", f"{', '.join(zones)}: each person's times are of her own zone."
    yield "Hours", "Paid ones of shifts, without time off; the contract's of days in employment."
    if staffing is None:
        yield "Staffing", "is not in it: what is required and what is scheduled are not both known."
    else:
        yield (
            "Staffing",
            (
                "Required and scheduled are effective staff, absence taken off, on the plan's "
                "clock. "
                "Of an hour that occurs twice, Day by day shows what is worse."
            ),
        )
    yield "Reading back", "wfplan import-schedule reads the sheet Schedule; do not rename columns."


def _clock_changes(order: Order) -> Iterator[str]:
    """Changes of clocks in these days, in every zone that somebody lives in."""
    schedule = order.schedule
    days = [schedule.first_day + timedelta(days=d) for d in range(schedule.days + 1)]
    for name in sorted({schedule.timezone, *(a.timezone for a in order.agents.values())}):
        midnights = [wall_instant(day, 0, name) for day in days]
        for day, (begin, end) in zip(days, pairwise(midnights), strict=False):
            hours = (end - begin) / timedelta(hours=1)
            if hours != 24:
                way = "back" if hours > 24 else "forward"
                yield (
                    f"{name}: clocks go {way} on {date_text(day)}, which has {hours:g} hours; "
                    "minutes and paid hours are elapsed time."
                )
