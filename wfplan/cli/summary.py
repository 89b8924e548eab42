"""Plans and runs in words: what is printed when a command ends well."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wfplan.domain.problem import PlanningProblem
    from wfplan.domain.results import Run, Solution
    from wfplan.evaluation import BothSides, Figure

_HEADLINES = ("service_level", "abandon_rate", "wait_mean_s", "occupancy", "acute_overload_min")
_MISSES_SHOWN = 5
_UNITS = {"share": "%", "s": "s", "min": "min", "h": "h"}


def plan_figures(problem: PlanningProblem) -> dict[str, Any]:
    """What a plan folder holds."""
    return {
        "plan": problem.name,
        "timezone": problem.timezone,
        "interval_min": problem.interval_min,
        "people": len(problem.agents),
        "channels": [channel.name for channel in problem.channels],
        "contact_rows": len(problem.contacts),
        "next_week": problem.week_of(None).isoformat(),
    }


def plan_text(problem: PlanningProblem) -> str:
    """What a plan folder holds, in two lines."""
    figures = plan_figures(problem)
    return (
        f"{figures['plan']}: {figures['people']} people, {', '.join(figures['channels'])}, "
        f"{figures['contact_rows']:,} rows of contact history.\n"
        f"No faults. The week to plan next begins on {figures['next_week']}."
    )


def run_figures(run: Run) -> dict[str, Any]:
    """Both sides of a week, and what was missed on each."""
    from wfplan.evaluation import both_sides

    sides = both_sides(run)
    return {
        "both_sides": sides.as_dict(),
        "missed": _missed(sides),
        "breaches": len(run.audit.breaches),
        "hard_breaches": len(run.audit.hard_breaches),
    }


def run_text(run: Run, folder: Path) -> str:
    """A short summary of both sides of the week, and where to read on."""
    from wfplan.evaluation import both_sides

    sides = both_sides(run)
    lines = [_title(run), ""]
    for name, figures in (("Customers", sides.customers), ("Staff", sides.staff)):
        rows = [_figure_row(run, figure) for figure in figures if _is_shown(figure)]
        lines += _table([(name, "average", "tail", "worst", "target", ""), *rows])
        lines.append("")
    missed = _missed(sides)
    lines.append(f"Missed: {', '.join(missed)}" if missed else "No target is missed on average.")
    lines += _misses(run.solution)
    hard = len(run.audit.hard_breaches)
    lines.append(f"Audit: {len(run.audit.checked)} rules checked, {hard} hard breaches.")
    lines.append(f"Report: {folder / 'report.html'}")
    return "\n".join(lines)


def compared(first: Run, second: Run) -> list[dict[str, Any]]:
    """Every figure of two runs: average and tail of each."""
    from wfplan.evaluation import both_sides

    of_second = {(f.name, f.scope): f for f in _all(both_sides(second))}
    rows = []
    for one in _all(both_sides(first)):
        other = of_second.get((one.name, one.scope))
        rows.append(
            {
                "name": one.name,
                "scope": one.scope,
                "unit": one.unit,
                "first": _plain(one),
                "second": _plain(other) if other else None,
            }
        )
    return rows


def compared_text(rows: Sequence[dict[str, Any]], first: str, second: str) -> str:
    """Two runs side by side, the average with the tail in brackets."""
    lines = [
        (
            _label(row["scope"], row["name"]),
            _side(row["first"], row["unit"]),
            _side(row["second"], row["unit"]),
        )
        for row in rows
    ]
    return "\n".join(_table([("average (tail)", first, second), *lines]))


def _title(run: Run) -> str:
    """Which week, how the search ended, and how good it can be at best."""
    solution = run.solution
    bound = (
        f"lower bound {solution.lower_bound:,.1f}, gap {_number(solution.gap, 'share')}"
        if isfinite(solution.lower_bound)
        else "without a lower bound"
    )
    tried = f", {', '.join(run.problem.scenario)}" if run.problem.scenario else ""
    return (
        f"{run.problem.name}, week of {run.horizon.first_day}{tried}: {solution.status}, "
        f"{solution.objective:,.1f} harm points, {bound} (seed {run.seed})"
    )


def _is_shown(figure: Figure) -> bool:
    """Figures with a target, and the headlines."""
    return isfinite(figure.average) and (isfinite(figure.target) or figure.name in _HEADLINES)


def _figure_row(run: Run, figure: Figure) -> tuple[str, ...]:
    """One line of a side's table."""
    sign = "<=" if figure.is_less_better else ">="
    worst = _number(figure.worst, figure.unit)
    where = _place(run, figure.worst_at) if worst else ""
    return (
        f"  {_label(figure.scope, figure.name)}",
        _number(figure.average, figure.unit),
        _number(figure.tail, figure.unit),
        f"{worst} {where}".strip(),
        f"{sign} {_number(figure.target, figure.unit)}" if isfinite(figure.target) else "",
        str(figure.verdict) if isfinite(figure.target) else "",
    )


def _label(scope: str, name: str) -> str:
    """``voice service level``."""
    return f"{scope} {name.replace('_', ' ')}".strip()


def _place(run: Run, worst_at: str) -> str:
    """An interval in local time, or the id of a person."""
    try:
        instant = datetime.fromisoformat(worst_at)
    except ValueError:
        return f"({worst_at})" if worst_at else ""
    return f"({run.horizon.local(instant):%a %H:%M})"


def _number(value: float | None, unit: str) -> str:
    """A number with its unit; nothing where it is not known."""
    if value is None or not isfinite(value):
        return ""
    if unit == "share":
        return f"{value:.1%}".replace("%", " %")
    return f"{value:,.1f} {_UNITS.get(unit, '')}".strip()


def _missed(sides: BothSides) -> list[str]:
    """Names of the figures that miss their target on average."""
    return [
        _label(figure.scope, figure.name)
        for figure in _all(sides)
        if str(figure.verdict) == "missed"
    ]


def _misses(solution: Solution) -> list[str]:
    """What the plan could not do, the first few, and how many more."""
    if not solution.misses:
        return []
    lines = ["What the plan could not do:"]
    lines += [f"  {miss}" for miss in solution.misses[:_MISSES_SHOWN]]
    more = len(solution.misses[_MISSES_SHOWN:])
    return [*lines, f"  and {more} more, all of them in the report"] if more else lines


def _all(sides: BothSides) -> tuple[Figure, ...]:
    return (*sides.customers, *sides.staff)


def _plain(figure: Figure) -> dict[str, Any]:
    """Average and tail as JSON knows them."""
    known = figure.as_dict()
    return {"average": known["average"], "tail": known["tail"]}


def _side(figures: dict[str, Any] | None, unit: str) -> str:
    """Average with the tail in brackets."""
    if figures is None:
        return ""
    tail = _number(figures["tail"], unit)
    return _number(figures["average"], unit) + (f" ({tail})" if tail else "")


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table: the first column to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(_padded(row, widths)).rstrip() for row in rows]


def _padded(row: Sequence[str], widths: Sequence[int]) -> Iterable[str]:
    """Cells of one line, as wide as their columns."""
    for i, (cell, width) in enumerate(zip(row, widths, strict=True)):
        yield cell.ljust(width) if i in (0, 5) else cell.rjust(width)
