"""How ``wfplan simulate`` ends: what was found, in words and as an object."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wfplan.cli import finish
from wfplan.cli.talk import Talk

if TYPE_CHECKING:
    from wfplan.domain.results import Run
    from wfplan.evaluation import ChannelConsistency
    from wfplan.store import RunParts

HEADINGS = {
    "level_p10": "SL P10",
    "kept_volume": "kept",
    "abandon_cvar": "lost, tail",
    "failing_run_min": "rescue",
    "worst_to_median": "worst/med",
    "weekday_spread": "days",
    "bad_contact": "bad once",
}
"""Name of a number of the consistency report -> the heading of its column."""


def simulated(talk: Talk, run: RunParts, folder: Path | None) -> None:
    """A schedule has been simulated again."""
    from wfplan.cli.summary import plain

    reports = _reports(run)
    lines = _even_lines(reports)
    if folder is not None:
        lines += ["", f"Wrote {folder / 'outcome.csv'}", f"Next: wfplan audit {folder}"]
    result = finish.figures(talk, folder) if folder is not None else {}
    talk.finish(result | _even_figures(reports), plain("\n".join(lines)))


def weighed(talk: Talk, run: Run, folder: Path | None) -> None:
    """A given schedule has been weighed: both sides, how even they are, and where the report is."""
    from wfplan.cli.summary import plain, run_figures, run_text
    from wfplan.evaluation import consistency

    talk.warn(run.problem.warnings)
    reports = consistency(run)
    words, _, last = run_text(run, folder or Path()).rpartition("\n")
    lines = [words, "", *_even_lines(reports), *([last] if folder is not None else [])]
    result = finish.figures(talk, folder) if folder is not None else {}
    talk.finish(result | run_figures(run) | _even_figures(reports), plain("\n".join(lines)))


def _reports(run: RunParts) -> tuple[ChannelConsistency, ...]:
    """The consistency report of a run that may not have been audited yet."""
    from wfplan.evaluation import consistency_of

    assert run.demand is not None
    assert run.outcome is not None
    return consistency_of(run.problem, run.demand, run.outcome)


def _even_lines(reports: Sequence[ChannelConsistency]) -> list[str]:
    """A line per channel that has contacts, a column per number."""
    from wfplan.cli.summary import table
    from wfplan.report.consistency import written

    rows = [("How even the service is", *HEADINGS.values())]
    rows += [
        (f"  {report.channel}", *(written(number) for number in report.numbers))
        for report in reports
        if report.is_known.any()
    ]
    return table(rows, numbers=range(1, len(HEADINGS) + 1)) if len(rows) > 1 else []


def _even_figures(reports: Sequence[ChannelConsistency]) -> dict[str, Any]:
    """The same as an object, with definitions."""
    return {"consistency": [report.as_dict() for report in reports]}
