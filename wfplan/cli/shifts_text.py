"""A shift design in words: the tables that ``wfplan shifts`` prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wfplan.domain.problem import PlanningProblem
    from wfplan.horizon import Horizon
    from wfplan.scheduling.shifts import ShiftDesign
    from wfplan.scheduling.shifts.answer import CoverRow, OfferedShift

_BINDING, _ROWS = 8, 5


def figures(problem: PlanningProblem, design: ShiftDesign) -> dict[str, Any]:
    """The design as plain values."""
    question = design.question
    return {
        "question": dict(question.__dict__),
        "least": question.least,
        "unit": _unit(problem, design),
        "objective": round(design.objective, 4),
        "lower_bound": round(design.bound, 4),
        "gap": round(design.gap, 6),
        "lower_bound_all_templates": round(design.bound_all, 4),
        "gap_all_templates": round(design.gap_all, 6),
        "templates_offered": design.shapes,
        "templates_tried": design.templates_tried,
        "paid_hours": round(design.paid_h, 4),
        "people": design.people,
        "required_hours": round(design.required_h, 4),
        "rounding_hours": round(design.rounding_h, 4),
        "short_hours": round(design.short_h, 4),
        "days": list(design.days),
        "shifts": [one.as_dict() for one in design.shifts],
        "crews": [one.as_dict() for one in design.crews],
        "cover": [one.as_dict() for one in design.rows],
        "binding": [one.as_dict() for one in design.binding],
        "program": {"variables": design.variables, "constraints": design.constraints},
    }


def text(problem: PlanningProblem, horizon: Horizon, design: ShiftDesign) -> str:
    """The design as a planner reads it."""
    sections = (
        _head(problem, horizon, design),
        _templates(design),
        _crews(design),
        _cover(horizon, design.rows),
        _binding(problem, design),
        _quality(problem, design),
    )
    return "\n\n".join("\n".join(lines) for lines in sections)


def cover_csv(design: ShiftDesign) -> str:
    """The cover of every slot that wants people."""
    rows = [one.as_dict() for one in design.rows]
    lines = [",".join(rows[0]), *(",".join(str(value) for value in row.values()) for row in rows)]
    return "\n".join(lines) + "\n"


def _unit(problem: PlanningProblem, design: ShiftDesign) -> str:
    units = {"hours": "paid hours", "people": "people", "money": problem.currency}
    return units[design.question.least]


def _head(problem: PlanningProblem, horizon: Horizon, design: ShiftDesign) -> Iterator[str]:
    first = horizon.first_day.isoformat()
    yield (
        f"{problem.name}, {horizon.days} days from {first}: {design.shapes} templates cover "
        f"{design.required_h:,.0f} hours on queue with {design.paid_h:,.0f} paid hours of "
        f"{design.people} people."
    )
    yield (
        f"The requirement is fractional; whole people in every interval add "
        f"{design.rounding_h:,.0f} hours."
    )
    if design.short_h:
        yield f"With the people there are, {design.short_h:,.0f} hours on queue stay uncovered."


def _templates(design: ShiftDesign) -> Iterator[str]:
    """One line for a template and a crew; breaks at all their places together."""
    table: dict[tuple[str, str], list[int]] = {}
    names: dict[tuple[str, str], OfferedShift] = {}
    for one in design.shifts:
        key = one.shift.name, one.crew
        counts = table.setdefault(key, [0] * len(design.days))
        table[key] = [a + b for a, b in zip(counts, one.people, strict=True)]
        names.setdefault(key, one)
    wide = [max(map(len, column)) for column in zip(*(key for key in table), strict=True)]
    head = "  ".join(f"{day:>{max(len(day), 4)}}" for day in design.days)
    yield f"{'template':<{wide[0]}}  {'who':<{wide[1]}}  {head}  paid h a shift"
    for (template, crew), counts in sorted(table.items(), key=lambda one: _order(names[one[0]])):
        cells = "  ".join(
            f"{count or '-':>{max(len(day), 4)}}"
            for count, day in zip(counts, design.days, strict=True)
        )
        paid = names[template, crew].shift.paid_min / 60
        yield f"{template:<{wide[0]}}  {crew:<{wide[1]}}  {cells}  {paid:g}"
    yield "Breaks have several places in their windows; --json has each with its people."


def _order(one: OfferedShift) -> tuple[int, int, str]:
    return one.shift.start_min, one.shift.length_min, one.crew


def _crews(design: ShiftDesign) -> Iterator[str]:
    wide = max(len("people of"), *(len(one.crew) for one in design.crews))
    yield f"{'people of':<{wide}}  needed  there  spare  shifts  paid h"
    for one in design.crews:
        yield (
            f"{one.crew:<{wide}}  {one.people:>6}  {one.have:>5}  {one.have - one.people:>5}  "
            f"{one.shifts:>6}  {one.paid_h:>6,.0f}"
        )


def _cover(horizon: Horizon, rows: Sequence[CoverRow]) -> Iterator[str]:
    under = [row for row in rows if row.scheduled < row.whole]
    over = sorted(rows, key=lambda row: (row.whole - row.scheduled, row.start))
    tight = sum(row.scheduled == row.whole for row in rows)
    yield f"Cover: {len(rows)} rows; {tight} exactly met, {len(under)} under."
    shown = sorted(under, key=lambda row: (row.scheduled - row.whole, row.start))[:_ROWS]
    for row in (*shown, *over[:_ROWS]):
        if row.scheduled != row.whole:
            word = "under" if row.scheduled < row.whole else "over"
            yield (
                f"  {row.channels}, {horizon.local(row.start):%a %H:%M}: required "
                f"{row.required:.1f} ({row.whole}), scheduled {row.scheduled}, "
                f"{abs(row.scheduled - row.whole)} {word}"
            )


def _binding(problem: PlanningProblem, design: ShiftDesign) -> Iterator[str]:
    rows = [one for one in design.binding if one.name.startswith("cover(")]
    yield f"What binds: {len(rows)} rows of the cover have a price in the linear relaxation."
    for one in rows[:_BINDING]:
        unit = _unit(problem, design)
        yield f"  {one.name}: one more person wanted then costs {one.price:.2f} {unit}"


def _quality(problem: PlanningProblem, design: ShiftDesign) -> Iterator[str]:
    unit = _unit(problem, design)
    yield (
        f"Cost {design.objective:,.2f} {unit}; with these templates none is below "
        f"{design.bound:,.2f} (gap {design.gap:.2%})."
    )
    yield (
        f"With any number of the {design.templates_tried} templates that the contracts allow none "
        f"is below {design.bound_all:,.2f} (gap {design.gap_all:.2%})."
    )
    yield f"Program: {design.variables} variables, {design.constraints} constraints."
