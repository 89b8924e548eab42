"""How ``wfplan simulate`` ends: what was found, in words and as an object."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wfplan.cli import finish
from wfplan.cli.talk import Talk

if TYPE_CHECKING:
    from wfplan.domain.results import Run
    from wfplan.evaluation import ChannelConsistency, Difference
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

LONG_S = 600.0

SAID = {
    "service_level": "service level",
    "abandon_rate": "abandoned",
    "wait_mean_s": "mean wait",
    "occupancy": "occupancy",
    "harm": "harm points",
}


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


def differences(
    talk: Talk, changes: Sequence[str], run: RunParts, found: Sequence[Difference]
) -> None:
    """What changes would do has been looked at; nothing was written."""
    from wfplan.cli.summary import plain, table

    count = run.problem.simulation.replications
    rows: list[tuple[str, ...]] = [("", "as planned", "changed", "difference", "")]
    channel = None
    for one in found:
        if one.channel != channel:
            channel = one.channel
            rows.append((channel or "all channels", "", "", "", ""))
        rows.append(_difference_row(one))
    lines = [
        f"{', '.join(changes)}: the same schedule, {count} weeks with the same random numbers.",
        "",
        *table(rows),
        "",
        "Differences with the half-width of their 95 % interval; ~ may be chance. Nothing written.",
    ]
    result = {"scenario": list(changes), "replications": count,
              "differences": [one.as_dict() for one in found]}  # fmt: skip
    talk.finish(result, plain("\n".join(lines)))


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


def _difference_row(one: Difference) -> tuple[str, ...]:
    """A measure before and after; shares in percentage points, long waits in minutes."""
    from wfplan.report.numbers import decimal, signed

    scale, unit = {"share": (100.0, " %"), "s": (1.0, " s")}.get(one.unit, (1.0, ""))
    if one.unit == "s" and max(one.first, one.second) >= LONG_S:
        scale, unit = 1 / 60, " min"
    doubt = "" if one.is_sure else "~"
    return (
        f"  {SAID[one.measure]}",
        f"{decimal(scale * one.first)}{unit}",
        f"{decimal(scale * one.second)}{unit}",
        f"{signed(scale * one.difference)}",
        f"+- {decimal(scale * one.half_width)} {doubt}".rstrip(),
    )
