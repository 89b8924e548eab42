"""Runs side by side in words: labels, cells, differences, and what changed for whom.

Shares have one place, so that small differences show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from zoneinfo import ZoneInfo

from wfplan.domain.results import Run
from wfplan.domain.schedule import Shift
from wfplan.evaluation import (
    ChangeKind,
    ComparedRow,
    Figure,
    PeopleCompared,
    PersonChange,
    Reading,
    ShiftChange,
)
from wfplan.report.fairness import MATTERS
from wfplan.report.numbers import (
    NOT_KNOWN,
    counted,
    decimal,
    hours,
    minutes,
    seconds,
    short_day,
    signed,
    span,
    whole,
)
from wfplan.report.sides import name_of

SIDES: Mapping[str, str] = {
    "customers": "Customers",
    "staff": "Staff",
    "fairness": "Fairness, the ends",
    "cost": "Cost, rules and objective",
}
COST_NAMES: Mapping[str, str] = {
    "paid_hours": "paid hours",
    "cost": "cost of paid hours",
    "people_working": "people working",
    "left_out": "people left with nothing they asked for",
    "too_much": "people with a night, weekend or late too many",
    "soft_breaches": "soft rules broken",
    "objective": "objective, harm points",
}
LONG_S = 600.0


@dataclass(frozen=True)
class Cell:
    """A reading as it is read."""

    average: str
    tail: str
    worst: str

    @property
    def text(self) -> str:
        """``94.4 % (92.3 %, worst 71.0 %)``."""
        beside = [self.tail, f"worst {self.worst}" if self.worst else ""]
        known = ", ".join(part for part in beside if part)
        return f"{self.average} ({known})" if known else self.average


def label_of(runs: Sequence[Run], row: ComparedRow) -> str:
    """What a row is called."""
    if row.side == "cost":
        return COST_NAMES[row.name]
    group = row.scope.replace("_", " ")
    if row.side == "fairness":
        matter, _, end = row.name.partition(":")
        name = MATTERS[matter][0]
        return f"{group}: {name[0].lower()}{name[1:]}, {end}"
    run = next(run for run, one in zip(runs, row.readings, strict=True) if one is not None)
    figure = Figure(name=row.name, scope=row.scope, unit=row.unit, average=0.0)
    return name_of(run.problem, figure)


def cell_of(row: ComparedRow, reading: Reading | None) -> Cell:
    """A reading of a row; dashes where a run has none."""
    if reading is None or not isfinite(reading.average):
        return Cell(NOT_KNOWN, "", "")
    write = _writer(row)
    tail, worst = (
        write(value) if isfinite(value) else "" for value in (reading.tail, reading.worst)
    )
    return Cell(write(reading.average), tail, worst)


def difference_of(row: ComparedRow, run: int) -> str:
    """``-2.1 ± 0.3``, ``+7.5``, an equals sign where there is none; empty where not known."""
    value, width = row.difference(run), row.half_width(run)
    if not isfinite(value):
        return ""
    scale = _scale(row)
    text = signed(scale * value)
    if not width or not isfinite(width):
        return "=" if abs(value) < 1e-9 else text
    return f"{text} ± {decimal(scale * width)}"


def mark_of(row: ComparedRow, run: int) -> str:
    """``~`` where a difference may be chance."""
    return "~" if row.is_sure(run) is False and row.half_width(run) > 0 else ""


def counts_of(people: PeopleCompared) -> str:
    """``34 people keep their week, 6 change: 3 shifts moved, 2 longer``."""
    if people.reason and not people.changes:
        return people.reason
    kept, changed = people.kept, len(people.changed)
    text = f"{counted(kept, 'person keeps', 'people keep')} their week"
    text = text.replace("no person keeps", "Nobody keeps")
    if people.other_breaks:
        text += f" ({people.other_breaks} with breaks at other times)"
    text += f", {whole(changed)} {'changes' if changed == 1 else 'change'}"
    kinds = [f"{people.kinds[str(kind)]} {_KINDS[kind]}"
             for kind in ChangeKind if str(kind) in people.kinds and kind in _KINDS]  # fmt: skip
    text += f": shifts {', '.join(kinds)}." if kinds else "."
    for who, where in ((people.only_first, "first"), (people.only_other, "second")):
        if who:
            text += f" Only in the {where}: {', '.join(who[:6])}"
            text += f" and {len(who) - 6} more." if len(who) > 6 else "."
    return f"{text} {people.reason}".strip()


_KINDS = {
    ChangeKind.ADDED: "added",
    ChangeKind.REMOVED: "removed",
    ChangeKind.OTHER_DAY: "to another day",
    ChangeKind.MOVED: "moved",
    ChangeKind.LONGER: "longer",
    ChangeKind.SHORTER: "shorter",
    ChangeKind.ACTIVITIES: "with other work inside",
}


def change_lines(person: PersonChange, timezone: str) -> list[str]:
    """What changed for one person, a line each, by her clock."""
    zone = ZoneInfo(timezone)
    return [_change(one, zone) for one in person.changes]


def hours_of(person: PersonChange) -> str:
    """``+1.5 h``; empty where her paid hours stay."""
    if not person.paid_min:
        return ""
    text = hours(person.paid_min)
    return f"+{text}" if person.paid_min > 0 else text


def _change(one: ShiftChange, zone: ZoneInfo) -> str:
    """``Tue 27 Oct: 08:00–16:00 → 10:00–18:00, moved``."""
    before, after = (_span(shift, zone) for shift in (one.before, one.after))
    if one.before is None or one.after is None:
        return f"{short_day(one.day)}: {before or after} {one.kind}"
    if one.kind is ChangeKind.OTHER_DAY:
        days = (short_day(shift.shift_date) for shift in (one.before, one.after))
        first, second = days
        return f"{first} {before} → {second} {after}"
    if one.kind in (ChangeKind.BREAKS, ChangeKind.ACTIVITIES):
        said = "other breaks" if one.kind is ChangeKind.BREAKS else "other work inside"
        return f"{short_day(one.day)}: {after}, {said}"
    return f"{short_day(one.day)}: {before} → {after}, {one.kind}"


def _span(shift: Shift | None, zone: ZoneInfo) -> str:
    return "" if shift is None else span(shift.start.astimezone(zone), shift.end.astimezone(zone))


def _scale(row: ComparedRow) -> float:
    """Shares in percentage points, long waits in minutes."""
    if row.unit == "s" and _is_long(row):
        return 1 / 60
    return 100.0 if row.unit == "share" else 1.0


def _is_long(row: ComparedRow) -> bool:
    return any(one is not None and one.average >= LONG_S for one in row.readings)


def _writer(row: ComparedRow) -> Callable[[float], str]:
    if row.unit == "share":
        return lambda value: f"{decimal(100 * value)}\u202f%"
    if row.unit == "min":
        return minutes
    if row.unit == "s":
        return (lambda value: f"{decimal(value / 60)}\u202fmin") if _is_long(row) else seconds
    if row.unit in ("people", "breaches", "shifts", "contacts") and row.side != "staff":
        return decimal if row.name.startswith("beyond") else whole
    return decimal
