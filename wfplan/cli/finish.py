"""How commands end: their result in words and as an object, and their exit code."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wfplan.cli import line
from wfplan.cli.talk import Talk
from wfplan.errors import ExitCode

if TYPE_CHECKING:
    from wfplan.domain.results import Run, Solution
    from wfplan.store import RunParts

_FIGURES = ("plan", "week", "status", "seed", "objective", "lower_bound", "gap", "objective_terms",
            "objective_stages", "misses", "stages")  # fmt: skip


def stage(talk: Talk, folder: Path, file: str, after: str) -> None:
    """A stage has written its table."""
    text = [f"Wrote {folder / file}"]
    if after:
        text.append(f"Next: wfplan {after} {folder}")
    talk.finish(figures(talk, folder), "\n".join(text))


def forecast(talk: Talk, parts: RunParts, folder: Path) -> None:
    """Demand has been forecast: totals, peaks, assumptions, and how good that was in tests."""
    from wfplan.cli import failures_text, forecast_text
    from wfplan.cli.judging import demand_dict, demand_lines
    from wfplan.evaluation import channel_outlooks

    assert parts.demand is not None
    outlooks = channel_outlooks(parts.demand, parts.problem.week_start)
    fresh = failures_text.fresh_of(parts)
    text = [forecast_text.forecast_text(parts.demand, outlooks), *demand_lines(parts.demand)]
    text += failures_text.lines(parts, fresh)
    text += [f"Wrote {folder / 'forecast.csv'}", f"Next: wfplan staff {folder}"]
    result = figures(talk, folder) | forecast_text.figures(parts.demand, outlooks)
    result |= failures_text.figures(parts, fresh)
    talk.finish(result | demand_dict(parts.demand), "\n".join(text))


def searched(talk: Talk, parts: RunParts, folder: Path, *, exit_code: ExitCode) -> None:
    """A week has been looked for: how the search ended and what the week costs."""
    from wfplan.report.week import bound_in_words, search_in_words

    assert parts.solution is not None
    text = [
        f"Search: {search_in_words(parts.solution)}.",
        bound_in_words(parts.solution).replace("\u202f", " "),
        f"Wrote {folder / 'schedule.csv'}",
        f"Next: wfplan simulate {folder}",
    ]
    talk.finish(figures(talk, folder), "\n".join(text), exit_code=exit_code)


def plan(talk: Talk, run: Run, folder: Path, *, is_strict: bool, seconds: float | None) -> None:
    """A week has been planned: both sides of it, and where the report is."""
    from wfplan.cli.summary import run_figures, run_text

    talk.warn(run.problem.warnings)
    result = figures(talk, folder) | run_figures(run)
    code = code_of(run.solution, seconds)
    if not code and is_strict and result["missed"]:
        code = ExitCode.TARGETS_MISSED
    talk.finish(result, run_text(run, folder), exit_code=code)


def refined(talk: Talk, parts: RunParts, folder: Path, *, exit_code: ExitCode) -> None:
    """A week has been planned again, some times over."""
    lines = [f"Wrote {folder / 'schedule.csv'}", "Harm points, as planned and as lived:"]
    for i, look in enumerate(parts.rounds):
        kept = "  <- kept" if look.is_kept else ""
        name = f"round {i}" if i else "before"
        lines.append(f"  {name:8} {look.planned:10,.1f} {look.lived:10,.1f}{kept}")
    lines.append(f"Next: wfplan audit {folder}")
    rounds = [dataclasses.asdict(look) for look in parts.rounds]
    talk.finish(figures(talk, folder) | {"rounds": rounds}, "\n".join(lines), exit_code=exit_code)


def audit(talk: Talk, parts: RunParts, folder: Path, *, is_strict: bool) -> None:
    """A schedule has been audited."""
    assert parts.audit is not None
    breaches = [breach.as_dict() for breach in parts.audit.breaches]
    lines = [f"Checked {len(parts.audit.checked)} rules: {len(breaches)} breaches"]
    lines += [f"  {breach.hardness}: {breach.why}" for breach in parts.audit.breaches]
    broken = is_strict and bool(parts.audit.hard_breaches)
    talk.finish(
        figures(talk, folder) | {"checked": list(parts.audit.checked), "breaches": breaches},
        "\n".join(lines),
        exit_code=ExitCode.TARGETS_MISSED if broken else ExitCode.OK,
    )


def dry_run(talk: Talk, files: Sequence[str]) -> None:
    """Nothing has been written."""
    text = "\n".join(f"Would write {name}" for name in files)
    talk.finish({"files": list(files), "dry_run": True}, text)


def figures(talk: Talk, folder: Path) -> dict[str, Any]:
    """Note the run that a command is about; what its manifest says of it."""
    manifest: Mapping[str, Any] = line.manifest(folder)
    talk.run_id = f"{manifest['plan']} {manifest['week']}"
    talk.inputs = manifest["inputs"]
    files = sorted([*manifest["outputs"], "manifest.json"])
    return {"folder": str(folder), "files": files, **{name: manifest[name] for name in _FIGURES}}


def code_of(solution: Solution | None, seconds: float | None) -> ExitCode:
    """
    The exit code of a search.

    A search that ended at its own budget of passes has done what it was asked;
    one that the clock or the planner cut short says so.
    """
    status = str(solution.status) if solution else ""
    if status == "partial":
        return ExitCode.INTERRUPTED
    if status == "stopped" and seconds is not None:
        return ExitCode.LIMIT_WITH_PLAN
    return ExitCode.OK
