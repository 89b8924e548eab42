"""The sheets ``Day by day`` and ``Staffing`` of the planner workbook: required beside scheduled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from wfplan.domain.results import FloatArray, StaffNeed
from wfplan.export.order import Order
from wfplan.export.planner.week import date_text
from wfplan.export.workbooks import cell_text

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

HEADER = (
    "Date", "From", "To", "Channel", "Required", "Scheduled", "Over/under", "Mark", "Asked by",
    "Contacts", "AHT s",
)  # fmt: skip
_WIDTHS = (13, 8, 8, 18, 10, 10, 11, 8, 14, 10, 8)
_DAYS_ROW = 1  # of the dates
_TOLERANCE = 0.25  # staff; below it an interval is neither over nor under
_LARGE = 2.0  # staff; from it the colour is full
_UNDER, _UNDER_LARGE, _OVER, _OVER_LARGE = "#FCE4D6", "#F4978E", "#DDEBF7", "#9BC2E6"


class Staffing(NamedTuple):
    """What is required and what is scheduled, effective staff by (channel, interval)."""

    need: StaffNeed
    staff: FloatArray

    @property
    def net(self) -> FloatArray:
        """What is over, below 0 under."""
        return self.staff - self.need.staff_required

    @property
    def is_shown(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Intervals in which somebody is asked for or there."""
        return (self.need.staff_required > 0) | (self.staff > 0)


def staffing_of(order: Order) -> Staffing | None:
    """The staffing of an order; None where it is not known."""
    if order.need is None or order.staff is None:
        return None
    return Staffing(order.need, order.staff)


def write_days(book: Workbook, sheet: Worksheet, staffing: Staffing) -> None:
    """A map of each channel below the other: times down, dates across, staff over and under."""
    horizon = staffing.need.horizon
    head = book.add_format({"bold": True, "num_format": "@", "align": "center",
                            "bg_color": "#1F3864", "font_color": "#FFFFFF"})  # fmt: skip
    title = book.add_format({"bold": True, "num_format": "@", "font_size": 12})
    text = book.add_format({"num_format": "@", "font_size": 9})
    sums = book.add_format({"num_format": "0.0", "font_size": 9, "align": "center", "top": 1})
    looks = _net_looks(book, {"font_size": 9, "align": "center"})
    sheet.write_string(0, 0, "Staff over (+, blue) and under (-, red) what is required", title)
    for d, day in enumerate(horizon.dates, start=1):
        sheet.write_string(_DAYS_ROW, d, date_text(day), head)
    sheet.write_string(_DAYS_ROW, 0, "From", head)
    at = _DAYS_ROW + 1
    for c, channel in enumerate(staffing.need.channels):
        sheet.write_string(at, 0, cell_text(channel), title)
        worst = _worst(staffing, c)
        for time in sorted({time for time, _ in worst}):
            at += 1
            sheet.write_string(at, 0, time, text)
            for d in range(horizon.days):
                if (net := worst.get((time, d))) is not None:
                    sheet.write_number(at, 1 + d, round(net, 1), looks[_mark(net)])
        for name, hours in _sums(staffing, c).items():
            at += 1
            sheet.write_string(at, 0, name, text)
            for d, total in enumerate(hours.tolist(), start=1):
                sheet.write_number(at, d, round(total, 1), sums)
        at += 2
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, horizon.days, 11)
    sheet.freeze_panes(_DAYS_ROW + 1, 1)
    sheet.repeat_rows(_DAYS_ROW)


def write_staffing(book: Workbook, sheet: Worksheet, order: Order, staffing: Staffing) -> None:
    """A row per interval and channel in which somebody is asked for or there."""
    head = book.add_format({"bold": True, "num_format": "@", "text_wrap": True,
                            "bg_color": "#1F3864", "font_color": "#FFFFFF"})  # fmt: skip
    for column, (name, width) in enumerate(zip(HEADER, _WIDTHS, strict=True)):
        sheet.write_string(0, column, name, head)
        sheet.set_column(column, column, width)
    text = book.add_format({"num_format": "@"})
    date = book.add_format({"num_format": "ddd d mmm yy", "align": "left"})
    number, count = (book.add_format({"num_format": f}) for f in ("0.0", "0"))
    looks = _net_looks(book, {})
    at = 0
    for at, row in enumerate(_rows(order, staffing), start=1):
        day, start, end, channel, required, scheduled, net, binding, contacts, aht_s = row
        sheet.write_datetime(at, 0, day, date)
        for column, value in enumerate((start, end, channel), start=1):
            sheet.write_string(at, column, value, text)
        sheet.write_number(at, 4, round(required, 2), number)
        sheet.write_number(at, 5, round(scheduled, 2), number)
        sheet.write_number(at, 6, round(net, 2), looks[_mark(net)])
        sheet.write_string(at, 7, _mark(net).rpartition(" ")[2], text)
        sheet.write_string(at, 8, binding, text)
        for column, value in ((9, contacts), (10, aht_s)):
            if value is not None:
                sheet.write_number(at, column, round(value, 1), count)
    sheet.autofilter(0, 0, max(at, 1), len(HEADER) - 1)
    sheet.freeze_panes(1, 4)
    sheet.repeat_rows(0)


def _worst(staffing: Staffing, channel: int) -> dict[tuple[str, int], float]:
    """Net staff by wall time and date; of a time that occurs twice, what is worse."""
    found: dict[tuple[str, int], float] = {}
    horizon = staffing.need.horizon
    minutes, days = horizon.interval_minutes.tolist(), horizon.interval_days.tolist()
    for t in np.flatnonzero(staffing.is_shown[channel]).tolist():
        at = f"{minutes[t] // 60:02d}:{minutes[t] % 60:02d}", days[t]
        net = float(staffing.net[channel, t])
        found[at] = min(found.get(at, net), net)
    return found


def _sums(staffing: Staffing, channel: int) -> dict[str, FloatArray]:
    """Staff hours under and over, by date."""
    horizon = staffing.need.horizon
    hours = staffing.net[channel] * horizon.interval_min / 60
    found: dict[str, FloatArray] = {}
    for name, some in (("Under, h", np.maximum(-hours, 0)), ("Over, h", np.maximum(hours, 0))):
        found[name] = np.zeros(horizon.days)
        np.add.at(found[name], horizon.interval_days, some)
    return found


def _rows(order: Order, staffing: Staffing) -> Iterator[tuple[Any, ...]]:
    """Intervals by time, their channels in the plan's order."""
    need, demand = staffing.need, order.demand
    horizon = need.horizon
    for t in range(horizon.interval_count):
        start = horizon.local(horizon.interval_instant(t))
        end = horizon.local(horizon.interval_instant(t + 1))
        for c, channel in enumerate(need.channels):
            if not staffing.is_shown[c, t]:
                continue
            contacts = aht_s = None
            if demand is not None and channel in demand.channels:
                k = demand.channels.index(channel)
                contacts = _known(demand.offered_mean[k, t])
                aht_s = _known(demand.aht_s[k, t])
            yield (
                start.replace(tzinfo=None, hour=0, minute=0), f"{start:%H:%M}", f"{end:%H:%M}",
                cell_text(channel), float(need.staff_required[c, t]),
                float(staffing.staff[c, t]), float(staffing.net[c, t]),
                str(need.binding[c, t]).replace("_", " "), contacts, aht_s,
            )  # fmt: skip


def _known(value: float) -> float | None:
    """A number, if it is one."""
    return float(value) if np.isfinite(value) else None


def _mark(net: float) -> str:
    """Whether an interval is over, under or fits, and whether by much."""
    if abs(net) < _TOLERANCE:
        return "fits"
    word = "over" if net > 0 else "under"
    return f"far {word}" if abs(net) >= _LARGE else word


def _net_looks(book: Workbook, more: dict[str, Any]) -> dict[str, Format]:
    """The formats of net staff by mark."""
    colours = {"fits": None, "under": _UNDER, "far under": _UNDER_LARGE, "over": _OVER,
               "far over": _OVER_LARGE}  # fmt: skip
    return {
        mark: book.add_format(
            {"num_format": "+0.0;-0.0;0.0", **more, **({"bg_color": colour} if colour else {})}
        )
        for mark, colour in colours.items()
    }
