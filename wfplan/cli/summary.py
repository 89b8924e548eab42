"""Plans and runs in words: what is printed when a command ends well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wfplan.domain.problem import PlanningProblem
    from wfplan.domain.results import Run
    from wfplan.evaluation import BothSides, Figure
    from wfplan.report.sides import Row, Side

_SHOWN_MAX = 5
_PLAIN = str.maketrans(
    {"\u202f": " ", "\u2212": "-", "–": "-", "±": "+-", "→": "->", "≤": "<=", "≥": ">=", "÷": "/"}
)


def plan_figures(problem: PlanningProblem) -> dict[str, Any]:
    """What a plan folder holds."""
    return {
        "plan": problem.name,
        "timezone": problem.timezone,
        "interval_min": problem.interval_min,
        "people": len(problem.agents),
        "channels": [channel.name for channel in problem.channels],
        "contact_rows": len(problem.contacts),
        "activities": len(problem.activities),
        "constraints": len(problem.constraints),
        "survey": "" if problem.survey is None else problem.survey.said,
        "next_week": problem.week_of(None).isoformat(),
    }


def plan_text(problem: PlanningProblem) -> str:
    """What a plan folder holds, in two lines."""
    figures, count = plan_figures(problem), len(problem.activities)
    activities = f", {count} {'activity' if count == 1 else 'activities'}" if count else ""
    return (
        f"{figures['plan']}: {figures['people']} people, {', '.join(figures['channels'])}, "
        f"{figures['contact_rows']:,} rows of contact history{activities}.\n"
        f"{_limits(problem)}No faults. The week to plan next begins on {figures['next_week']}."
    )


def _limits(problem: PlanningProblem) -> str:
    """A line of what HR handed over, where it did."""
    count = len(problem.constraints)
    said = [f"{count} limits of HR ('wfplan rules of PLAN ID' shows whose)."] if count else []
    said += [problem.survey.said] if problem.survey else []
    return f"{' '.join(said)}\n" if said else ""


def run_figures(run: Run) -> dict[str, Any]:
    """Both sides of a week, and what was missed on each."""
    from wfplan.cli.judging import demand_dict
    from wfplan.evaluation import WeekOfPromises, both_sides, fairness
    from wfplan.report.sides import name_of

    promises = WeekOfPromises.of(run)
    sides = both_sides(run, promises)
    missed = [name_of(run.problem, f) for f in _all(sides) if str(f.verdict) == "missed"]
    return {
        "both_sides": sides.as_dict(),
        "fairness": [sharing.as_dict() for sharing in fairness(run, promises.facts)],
        "missed": missed,
        "breaches": len(run.audit.breaches),
        "hard_breaches": len(run.audit.hard_breaches),
        **demand_dict(run.demand),
        **_changes(run),
    }


def _changes(run: Run) -> dict[str, Any]:
    """What changes of a kept plan; nothing where none was kept."""
    from wfplan.evaluation import changes_dict, kept_changes

    if run.problem.published is None or not run.problem.published.is_kept:
        return {}
    return {"changes": changes_dict(kept_changes(run.problem, run.solution.schedule))}


def _changes_text(run: Run) -> list[str]:
    """Who changes, the first few; nothing where no plan was kept."""
    from wfplan.evaluation import kept_changes
    from wfplan.report import changes_in_words

    published = run.problem.published
    if published is None or not published.is_kept:
        return []
    rows = kept_changes(run.problem, run.solution.schedule)
    shown = [
        f"{row.agent_id} {row.day:%a %d %b}: {row.before or 'off'} -> {row.after or 'off'} "
        f"({row.what}, {row.because.replace('_', ' ')})"
        for row in rows
    ]
    return _some(changes_in_words(rows, published), shown, "changes.csv") or [
        changes_in_words(rows, published)
    ]


def _span(run: Run) -> str:
    """``week of``, ``28 days from``: how a horizon is spoken of before its first date."""
    days = run.horizon.days
    return "week of " if days == 7 else f"{days} days from "


def run_text(run: Run, folder: Path) -> str:
    """The first page of the report as text, what was not reached, and where to read on."""
    from wfplan.cli.overriding import layer_lines
    from wfplan.report import in_words

    words = in_words(run)
    tried = f", {', '.join(run.problem.scenario)}" if run.problem.scenario else ""
    lines = [
        f"{run.problem.name}, {_span(run)}{run.horizon.first_day}{tried} (seed {run.seed})",
        f"{words.headline.word}. {words.headline.sentence}",
        words.bound,
        f"Search: {words.status}.",
        "",
    ]
    for side in words.sides:
        lines += [*table(list(_side_rows(side))), ""]
    changed = _changes_text(run)
    lines += [*changed, ""] if changed else []
    laid = layer_lines(run.demand.layers)
    lines += [*laid, ""] if laid else []
    lines += _some("What the plan could not do:", run.solution.misses)
    lines += _some("How fairly it is shared:", words.fairness)
    lines += _some("What the forecast set aside or assumed:", run.demand.notes)
    hard = len(run.audit.hard_breaches)
    soft = len(run.audit.breaches) - hard
    lines.append(
        f"Audit: {len(run.audit.checked)} rules checked, {hard} hard, {soft} soft breaches."
    )
    lines.append(f"Report: {folder / 'report.html'}")
    return plain("\n".join(lines))


def table(rows: Sequence[Sequence[str]], numbers: range = range(1, 4)) -> list[str]:
    """Lines of a table: the columns of ``numbers`` to the right, the others to the left."""
    widths = [max(len(row[i]) for row in rows if i or any(row[1:])) for i in range(len(rows[0]))]
    return [
        "  ".join(
            cell.rjust(width) if i in numbers else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def plain(text: str) -> str:
    """Text in letters that every terminal has."""
    return text.translate(_PLAIN)


def _side_rows(side: Side) -> Iterator[tuple[str, ...]]:
    """The table of a side: a line per group, a line per measure under it."""
    yield side.title, "average", "worst tenth", "worst", "", "target", ""
    for group in side.groups:
        yield f"{group.name}{f' ({group.note})' if group.note else ''}", *[""] * 6
        for row in group.rows:
            yield _cells(row)


def _cells(row: Row) -> tuple[str, ...]:
    verdict = row.verdict.value if row.target else ""
    return (
        f"  {row.what}",
        row.average,
        row.tail,
        row.worst,
        row.worst_at,
        row.target,
        verdict,
    )


def _some(title: str, lines: Sequence[str], where: str = "the report") -> list[str]:
    """The first few lines under a title, and how many more; nothing of none."""
    if not lines:
        return []
    shown = [title, *(f"  {line}" for line in lines[:_SHOWN_MAX])]
    more = len(lines[_SHOWN_MAX:])
    return [*shown, f"  and {more} more, all of them in {where}"] if more else shown


def _all(sides: BothSides) -> tuple[Figure, ...]:
    return (*sides.customers, *sides.staff)
