"""How even the service is: seven numbers per channel, and when it fails.

The numbers are those of :func:`wfplan.evaluation.consistency`; this module
says them in a planner's words, each with the ordinary number beside it, and
draws the week as a strip per day in which failing intervals are struck out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from wfplan.domain.results import Run
from wfplan.evaluation import ChannelConsistency
from wfplan.evaluation.consistency import ConsistencyNumber
from wfplan.report.charts_heat import HeatClass, WeekGrid, heat_class
from wfplan.report.numbers import NOT_KNOWN, clock, counted, percent, short_day, whole
from wfplan.report.sides import WRITERS
from wfplan.report.timeline import DayAxis, Tick, shown_window

LABELS = {
    "level_p10": "Service level of the worst tenth",
    "kept_volume": "Contacts in kept intervals",
    "abandon_cvar": "Abandoned in the worst tenth",
    "failing_run_min": "Longest rescue stretch",
    "worst_to_median": "Worst ÷ median interval",
    "weekday_spread": "Best less worst weekday",
    "bad_contact": "Customers with a bad contact",
}
"""Name of a number -> what the report calls it."""

PLACES = {"failing_run_min": "from ", "worst_to_median": "at ", "weekday_spread": "worst on "}
FAR_BELOW = 0.20  # of the service level, under its target
ROW_PX = 17


@dataclass(frozen=True)
class EvenRow:
    """One of the seven numbers as it is read; ``anchor`` is where it is defined."""

    name: str
    anchor: str
    value: str
    place: str
    beside: str


@dataclass(frozen=True)
class EvenPanel:
    """A channel: its numbers, and its week as a picture."""

    channel: str
    sentence: str
    rows: tuple[EvenRow, ...]
    columns: int
    days: tuple[DayAxis, ...]
    ticks: tuple[Tick, ...]
    classes: tuple[HeatClass, ...]

    @property
    def height(self) -> int:
        """Pixels of the picture without its axis."""
        return ROW_PX * len(self.days)


def even_panels(
    run: Run, days: Sequence[DayAxis], reports: Sequence[ChannelConsistency]
) -> tuple[EvenPanel, ...]:
    """A panel per channel that has contacts."""
    grid = WeekGrid(run.horizon, shown_window(run), tuple(days))
    return tuple(
        EvenPanel(
            channel=report.channel,
            sentence=sentence(report, run.horizon.interval_min),
            rows=tuple(_row(run, number) for number in report.numbers),
            columns=grid.columns,
            days=grid.days,
            ticks=tuple(tick for tick in grid.ticks() if tick.is_kept),
            classes=_classes(grid, report),
        )
        for report in reports
        if report.is_known.any()
    )


def even_definitions(reports: Sequence[ChannelConsistency]) -> list[tuple[str, str, str]]:
    """Anchor, name and meaning of each number; channels that differ say so one by one."""
    found: dict[str, list[str]] = {}
    for report in reports:
        for number in report.numbers:
            texts = found.setdefault(number.name, [])
            if number.definition not in texts:
                texts.append(number.definition)
    return [(_anchor(name), LABELS[name], "; ".join(texts)) for name, texts in found.items()]


def written(number: ConsistencyNumber) -> str:
    """A number with its unit; a dash where it is not known."""
    return WRITERS.get(number.unit, whole)(number.value)


def sentence(report: ChannelConsistency, interval_min: int) -> str:
    """How many intervals fail, and how many are good on average only."""
    total, fail = int(report.is_known.sum()), int(report.is_failing.sum())
    thin = int((report.is_known & ~report.is_failing & ~report.is_kept).sum())
    target = percent(report.target)
    text = f"{counted(fail, 'interval')} of {total:,} ({interval_min} min each) below {target}"
    if report.promise is not None and thin:
        odds = percent(report.promise)
        text += f"; {thin:,} reach it on average only, in less than {odds} of weeks"
    return f"{text[0].upper()}{text[1:]}."


def _anchor(name: str) -> str:
    return f"d-even-{name.replace('_', '-')}"


def _row(run: Run, number: ConsistencyNumber) -> EvenRow:
    beside = WRITERS.get(number.beside_unit, whole)(number.beside)
    value, place = written(number), _place(run, number.at)
    return EvenRow(
        name=LABELS[number.name],
        anchor=_anchor(number.name),
        value=value,
        place=f"{PLACES.get(number.name, '')}{place}" if place and value != NOT_KNOWN else "",
        beside=NOT_KNOWN if beside == NOT_KNOWN else f"{beside} {number.beside_said}",
    )


def _place(run: Run, at: str) -> str:
    """``Tue 10:00`` of an instant, ``Tue`` of a date; with the date where weekdays repeat."""
    if "T" not in at:
        return f"{date.fromisoformat(at):%a}" if at else ""
    moment = run.horizon.local(datetime.fromisoformat(at))
    day = short_day(moment.date()) if run.horizon.days > 7 else f"{moment:%a}"
    return f"{day} {clock(moment)}"


def _classes(grid: WeekGrid, report: ChannelConsistency) -> tuple[HeatClass, ...]:
    """Kept, good on average only, failing, failing far."""
    level = np.nan_to_num(report.level, nan=1.0)
    is_far = report.is_failing & (level < report.target - FAR_BELOW)
    is_thin = report.is_known & ~report.is_failing & ~report.is_kept
    is_good = report.is_known & ~report.is_failing & ~is_thin
    far = percent(max(report.target - FAR_BELOW, 0.0))
    rows = [("e0", "as promised", is_good, False)]
    if report.promise is not None:
        rows.append(("e1", "on average only", is_thin, False))
    rows += [
        ("e2", f"below {percent(report.target)}", report.is_failing & ~is_far, True),
        ("e3", f"below {far}", is_far, True),
    ]
    return tuple(
        heat_class(style, label, grid.cells(is_in), is_struck=is_struck)
        for style, label, is_in, is_struck in rows
    )
