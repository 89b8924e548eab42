"""The sheet ``Week`` of the planner workbook: people by team, dates across, a shift per cell."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from wfplan.domain.people import Agent
from wfplan.domain.schedule import Shift
from wfplan.domain.schedule_rows import DatedShift, local_date
from wfplan.engagement import shift_burdens
from wfplan.export.order import Change, Order
from wfplan.export.workbooks import cell_text

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

HEADER = ("Team", "Person", "Id", "Time zone", "Contract h", "Planned h", "+/- h")
HEADER_ROW = 3
_WIDTHS = (16, 22, 10, 20, 10, 10, 8)
_DAY_WIDTH = 14
_EARLY_H = 7  # as shift templates name them
_FROZEN_COLUMNS = 2
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SECOND = timedelta(seconds=1)
_COLOURS = {
    "early": "#FFF2CC", "day": "#DDEBF7", "late": "#E4DFEC", "night": "#B4C6E7",
    "time off": "#D9D9D9", "cancelled": "#FFFFFF",
}  # fmt: skip
KINDS = {
    "early": "begins before 7:00",
    "day": "in between",
    "late": "ends after 20:00",
    "night": "3 h or more between 23:00 and 6:00",
    "time off": "approved, all or part of the day",
}
"""Kinds of days, and what they mean."""


@dataclass(frozen=True)
class _Day:
    """What a person does on a date: hours of shifts, what else is said, and a kind of day."""

    hours: tuple[str, ...]
    kind: str
    is_changed: bool = False
    said: str = ""

    @property
    def text(self) -> str:
        """What stands in the cell."""
        return "\n".join((*self.hours, self.said) if self.said else self.hours)


class _Looks:
    """The formats of the sheet, made when they are first wanted."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def of(self, **properties: object) -> Format:
        """A format by its properties; texts are texts."""
        given = {"num_format": "@", "valign": "vcenter", "font_size": 9, "top_color": "#A6A6A6",
                 "left_color": "#D9D9D9"} | properties  # fmt: skip
        key = tuple(sorted(given.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(given)
        return self._made[key]


def write_week(book: Workbook, sheet: Worksheet, order: Order) -> None:
    """Write the sheet: a title, what the colours mean, people with their days, and counts."""
    looks = _Looks(book)
    dates, days, planned = dates_of(order), _days_of(order), planned_hours(order)
    _title(sheet, looks, order)
    _header(sheet, looks, dates)
    at = HEADER_ROW
    present: Counter[date] = Counter()
    before = None
    for agent in people_of(order):
        at += 1
        is_first = agent.team != before
        before = agent.team
        mine = days[agent.agent_id]
        hours = contract_hours(agent, order), planned.get(agent.agent_id, 0.0)
        _person(sheet, looks, at, agent, hours, is_first=is_first)
        for column, day in enumerate(dates, start=len(HEADER)):
            one = mine.get(day)
            _day(sheet, looks, at, column, one, is_first=is_first)
            present[day] += one is not None and bool(one.hours)
    sheet.autofilter(HEADER_ROW, 0, max(at, HEADER_ROW + 1), len(HEADER) + len(dates) - 1)
    top = looks.of(bold=True, top=2)
    for column in range(len(HEADER)):
        sheet.write_string(at + 1, column, "People at work" if column == 1 else "", top)
    counts = looks.of(bold=True, top=2, num_format="0", align="center")
    for column, day in enumerate(dates, start=len(HEADER)):
        sheet.write_number(at + 1, column, present[day], counts)
    sheet.freeze_panes(HEADER_ROW + 1, _FROZEN_COLUMNS)
    sheet.repeat_rows(HEADER_ROW)
    sheet.repeat_columns(0, 1)


def dates_of(order: Order) -> list[date]:
    """The dates of the schedule, and those that its shifts have in zones ahead or behind."""
    schedule = order.schedule
    shown = [one.shift.shift_date for one in order.all_shifts if not one.is_cancelled]
    first = min([schedule.first_day, *shown])
    last = max([schedule.first_day + timedelta(days=schedule.days - 1), *shown])
    return [first + timedelta(days=d) for d in range((last - first).days + 1)]


def people_of(order: Order) -> list[Agent]:
    """The people of the plan, and those of its shifts who have left it, by team and name."""
    known = dict(order.agents)
    for dated in order.all_shifts:
        agent_id = dated.shift.agent_id
        if agent_id not in known and not (
            dated.is_cancelled and order.change_of(dated) is Change.UNCHANGED
        ):
            known[agent_id] = _unknown(agent_id, order.schedule.timezone)
    return sorted(known.values(), key=lambda a: (a.team, a.name, a.agent_id))


def _unknown(agent_id: str, timezone: str) -> Agent:
    """Somebody of whom nothing is known but shifts."""
    return Agent.model_construct(
        agent_id=agent_id, timezone=timezone, contract_type="", contract_hours_week=0.0,
        min_hours_week=0.0, max_hours_week=0.0,
    )  # fmt: skip


def contract_hours(agent: Agent, order: Order) -> float:
    """Hours of her contract over the schedule's days on which she is employed."""
    first = order.schedule.first_day
    days = (first + timedelta(days=d) for d in range(order.schedule.days))
    return agent.contract_hours_week * sum(map(agent.is_employed, days)) / 7


def planned_hours(order: Order) -> Mapping[str, float]:
    """Paid hours of everybody's shifts."""
    minutes: Counter[str] = Counter()
    for shift in order.schedule.shifts:
        minutes[shift.agent_id] += shift.paid_min
    return {agent_id: total / 60 for agent_id, total in minutes.items()}


def kind_of(shift: Shift, agent: Agent) -> str:
    """Early, day, late or night, by the clock of the person."""
    is_night, _, is_late = shift_burdens(agent, shift.start, shift.end)
    if is_night:
        return "night"
    if is_late:
        return "late"
    return "early" if shift.start.astimezone(ZoneInfo(agent.timezone)).hour < _EARLY_H else "day"


def hours_text(shift: Shift, timezone: str) -> str:
    """``22:00-06:00 +1`` on the clock of the person."""
    zone = ZoneInfo(timezone)
    start, end = shift.start.astimezone(zone), shift.end.astimezone(zone)
    later = (local_date(shift.end - _SECOND, timezone) - start.date()).days
    return f"{start:%H:%M}-{end:%H:%M}" + (f" +{later}" if later else "")


def date_text(day: date) -> str:
    """``Mon 19 Oct``, whatever the language of the machine."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def _days_of(order: Order) -> Mapping[str, dict[date, _Day]]:
    """Everybody's days on which there is something."""
    shifts: dict[tuple[str, date], list[DatedShift]] = defaultdict(list)
    days: dict[str, dict[date, _Day]] = defaultdict(dict)
    for dated in order.all_shifts:
        if not dated.is_cancelled:
            shifts[dated.shift.agent_id, dated.shift.shift_date].append(dated)
        elif order.change_of(dated) is Change.CANCELLED:
            gone = _Day((), "cancelled", is_changed=True, said="cancelled")
            days[dated.shift.agent_id][dated.shift.shift_date] = gone
    people = {agent.agent_id: agent for agent in people_of(order)}
    is_told = bool(order.told or order.since)
    for (agent_id, day), found in shifts.items():
        agent = people[agent_id]
        days[agent_id][day] = _Day(
            tuple(hours_text(dated.shift, agent.timezone) for dated in found),
            kind_of(found[0].shift, agent),
            is_told and any(order.change_of(one) is not Change.UNCHANGED for one in found),
        )
    whole = replace(order, since=None)
    for agent in order.agents.values():
        mine = days[agent.agent_id]
        for day in _days_off(whole, agent):
            old = mine.get(day, _Day((), "time off"))
            said = f"{old.said}, time off" if old.said else "time off"
            mine[day] = replace(old, said=said)
    return days


def _days_off(order: Order, agent: Agent) -> list[date]:
    """The dates of a person's approved time off."""
    found = set()
    for time_off in order.time_off(agent):
        day = local_date(time_off.start, agent.timezone)
        last = local_date(time_off.end - _SECOND, agent.timezone)
        found |= {day + timedelta(days=d) for d in range((last - day).days + 1)}
    return sorted(found)


def _title(sheet: Worksheet, looks: _Looks, order: Order) -> None:
    """What it is, and what the colours mean."""
    schedule = order.schedule
    last = schedule.first_day + timedelta(days=schedule.days - 1)
    days = f"{date_text(schedule.first_day)} to {date_text(last)} {last.year}"
    title = looks.of(bold=True, font_size=14)
    sheet.write_string(0, 0, cell_text(f"{order.problem.name}: {days}"), title)
    told = f"revision {schedule.revision}, {schedule.status}. Everybody's times are of her own zone"
    sheet.write_string(1, 0, f"{told} (column Time zone); +1 ends the day after.", looks.of())
    for column, (kind, meaning) in enumerate(KINDS.items(), start=len(HEADER)):
        look = looks.of(bg_color=_COLOURS[kind], border=1, text_wrap=True, font_size=8)
        sheet.write_string(1, column, f"{kind}: {meaning}", look)
    if order.told or order.since:
        look = looks.of(bold=True, font_color="#C00000", text_wrap=True, font_size=8, border=1)
        sheet.write_string(1, len(HEADER) + len(KINDS), "red: changed since it was told", look)
    sheet.set_row(1, 46)


def _header(sheet: Worksheet, looks: _Looks, dates: Iterable[date]) -> None:
    """Names of the columns; weekends are darker."""
    look = looks.of(bold=True, bg_color="#1F3864", font_color="#FFFFFF", text_wrap=True)
    for column, (name, width) in enumerate(zip(HEADER, _WIDTHS, strict=True)):
        sheet.write_string(HEADER_ROW, column, name, look)
        sheet.set_column(column, column, width)
    for column, day in enumerate(dates, start=len(HEADER)):
        colour = "#5B6B8C" if day.weekday() >= 5 else "#1F3864"
        dated = looks.of(bold=True, bg_color=colour, font_color="#FFFFFF", align="center")
        sheet.write_string(HEADER_ROW, column, date_text(day), dated)
        sheet.set_column(column, column, _DAY_WIDTH)


def _person(
    sheet: Worksheet, looks: _Looks, row: int, agent: Agent, hours: tuple[float, float],
    *, is_first: bool,
) -> None:  # fmt: skip
    """Who it is, and hours of the contract and of the plan."""
    top, (contract, planned) = (2 if is_first else 1), hours
    texts = (agent.team, agent.name or agent.agent_id, agent.agent_id, agent.timezone)
    for column, text in enumerate(texts):
        look = looks.of(top=top, bold=column == 0 and is_first)
        sheet.write_string(row, column, cell_text(text), look)
    for column, number in enumerate(hours, start=len(texts)):
        sheet.write_number(row, column, round(number, 2), looks.of(top=top, num_format="0.0#"))
    over = round(planned - contract, 2)
    colour = "#C00000" if over < -0.5 else "#1F4E9E" if over > 0.5 else "#000000"
    look = looks.of(top=top, num_format="+0.0#;-0.0#;0", font_color=colour)
    sheet.write_number(row, len(texts) + 2, over, look)


def _day(
    sheet: Worksheet, looks: _Looks, row: int, column: int, day: _Day | None, *, is_first: bool
) -> None:
    """A day of somebody, in the colour of its kind."""
    top = 2 if is_first else 1
    if day is None:
        sheet.write_blank(row, column, None, looks.of(top=top, left=1))
        return
    properties: dict[str, object] = {
        "bg_color": _COLOURS[day.kind],
        "align": "center",
        "top": top,
        "left": 1,
    }
    if day.is_changed:
        properties |= {"bold": True, "font_color": "#C00000"}
    if "\n" in day.text:
        properties["text_wrap"] = True
    sheet.write_string(row, column, day.text, looks.of(**properties))
