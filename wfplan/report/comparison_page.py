"""Runs side by side as a page: what changes for whom, coverage against need, every figure.

In the style of the report, and like it one file that loads nothing; it needs no
script at all. Names of people stand beside their ids, as in the report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup

from wfplan.domain.results import FloatArray, Run
from wfplan.evaluation import ComparedRow, Comparison, PeopleCompared
from wfplan.report import numbers
from wfplan.report.charts_gantt import STYLES
from wfplan.report.comparison import (
    SIDES,
    Cell,
    cell_of,
    change_lines,
    counts_of,
    difference_of,
    hours_of,
    label_of,
    mark_of,
)
from wfplan.report.page import asset, template
from wfplan.report.people import STRIP_DAY, week_strip
from wfplan.report.svg import Scale, area_path, nice_top, step_path
from wfplan.report.timeline import DayAxis, day_axes

DAY_PX = 84


@dataclass(frozen=True)
class DayPicture:
    """Need and staff of one channel on one day: one path per run."""

    axis: DayAxis
    need: str
    needs: tuple[str, ...]  # of the others where they differ
    staff: tuple[str, ...]
    said: str


@dataclass(frozen=True)
class ChannelPicture:
    """One channel, day by day; ``top`` is what the height of the pictures stands for."""

    name: str
    top: str
    days: tuple[DayPicture, ...]


@dataclass(frozen=True)
class ChangedPerson:
    """One person's week before and after."""

    agent_id: str
    name: str
    before: tuple[tuple[str, str], ...]
    after: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    hours: str


@dataclass(frozen=True)
class OtherRun:
    """What one run changes against the first."""

    name: str
    counts: str
    people: tuple[ChangedPerson, ...]


@dataclass(frozen=True)
class TableRow:
    """A figure of all runs."""

    label: str
    cells: tuple[Cell, ...]
    differences: tuple[tuple[str, str, str], ...]  # text, mark, and whether better or worse


def render_comparison(runs: Sequence[Run], found: Comparison, names: Sequence[str]) -> str:
    """The page of some runs, the first of which the others are compared with."""
    days = day_axes(runs[0])
    return template("compare.html.j2").render(
        n=numbers,
        runs=runs,
        names=names,
        notes=found.notes,
        days=days,
        strip_day=STRIP_DAY,
        day_px=DAY_PX,
        legend=[STYLES[category] for category in STYLES],
        others=[
            _other(runs[0], run, people, name, days)
            for run, people, name in zip(runs[1:], found.people, names[1:], strict=True)
        ],
        pictures=_pictures(runs, days),
        tables=_tables(runs, found),
        style=Markup(asset("report.css")),
    )


def _other(
    first: Run, run: Run, people: PeopleCompared, name: str, days: Sequence[DayAxis]
) -> OtherRun:
    """Counts, and everybody whose week changes."""
    agents = {agent.agent_id: agent for agent in first.problem.agents}
    before, after = (one.solution.schedule.by_agent() for one in (first, run))
    changed = tuple(
        ChangedPerson(
            who,
            agents[who].name,
            week_strip(days, before.get(who, [])),
            week_strip(days, after.get(who, [])),
            tuple(change_lines(one, agents[who].timezone)),
            hours_of(one),
        )
        for one in people.changed
        for who in [one.agent_id]
    )
    return OtherRun(name, counts_of(people), changed)


def _pictures(runs: Sequence[Run], days: Sequence[DayAxis]) -> tuple[ChannelPicture, ...]:
    """Coverage against need of every channel that the runs of the same dates have in common."""
    first = runs[0]
    alike = [run for run in runs if run.horizon == first.horizon]
    if len(alike) < len(runs):
        return ()
    names = [name for name in first.need.channels if all(name in r.need.channels for r in runs)]
    return tuple(_picture(runs, days, name) for name in names)


def _picture(runs: Sequence[Run], days: Sequence[DayAxis], name: str) -> ChannelPicture:
    rows = [run.need.channels.index(name) for run in runs]
    staff = [run.solution.staff[c] for run, c in zip(runs, rows, strict=True)]
    need = [run.need.staff_required[c] for run, c in zip(runs, rows, strict=True)]
    top = nice_top(max(float(np.max(values, initial=0.0)) for values in (*staff, *need)))
    scale = Scale(top, DAY_PX)
    others = [one for one in need[1:] if not np.allclose(one, need[0])]
    pictures = tuple(
        DayPicture(
            axis,
            area_path(need[0][axis.shown], scale),
            tuple(step_path(one[axis.shown], scale) for one in others),
            tuple(step_path(one[axis.shown], scale) for one in staff),
            _said(axis, need[0], staff),
        )
        for axis in days
    )
    return ChannelPicture(name, numbers.whole(top), pictures)


def _said(axis: DayAxis, need: FloatArray, staff: Sequence[FloatArray]) -> str:
    """The day for who does not see it: staff hours missing under the need."""
    hour = axis.interval_min / 60
    missing = [float(np.maximum(need - one, 0)[axis.shown].sum()) * hour for one in staff]
    told = " and ".join(f"{numbers.decimal(value)} h" for value in missing)
    return f"{axis.label}: below the need of the first by {told}"


def _tables(runs: Sequence[Run], found: Comparison) -> list[tuple[str, list[TableRow]]]:
    """Every figure, side by side, in the order of the report."""
    return [
        (title, [_table_row(runs, row) for row in found.rows if row.side == side])
        for side, title in SIDES.items()
    ]


def _table_row(runs: Sequence[Run], row: ComparedRow) -> TableRow:
    return TableRow(
        label_of(runs, row),
        tuple(cell_of(row, one) for one in row.readings),
        tuple(_difference(row, i) for i in range(1, len(runs))),
    )


def _difference(row: ComparedRow, run: int) -> tuple[str, str, str]:
    """A difference, its mark, and whether it is surely better or worse."""
    value: Any = row.difference(run)
    is_told = row.is_sure(run) is not False and abs(value) > 1e-9
    is_worse = (value > 0) == row.is_less_better
    style = ("worse" if is_worse else "better") if is_told else ""
    return difference_of(row, run), mark_of(row, run), style
