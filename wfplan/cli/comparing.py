"""What ``wfplan compare`` calls, and how it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wfplan.cli.talk import Talk
from wfplan.domain.progress import Control, Watch
from wfplan.errors import UsageError

if TYPE_CHECKING:
    from wfplan.domain.results import Run
    from wfplan.evaluation import Comparison
    from wfplan.store import RunParts


@dataclass(frozen=True)
class Compared:
    """Runs, what they are called, and what was found."""

    folders: Sequence[Path]
    names: Sequence[str]
    runs: Sequence[Run]
    found: Comparison


def check(folders: Sequence[Path], html: Path | None) -> None:
    """
    Refuse what cannot be compared or written, before any work is done.

    Raises
    ------
    UsageError
        Naming what to give.
    """
    if len(folders) < 2:
        raise UsageError(f"{folders[0]} is one run: give another one to compare it with.")
    if html is not None and html.is_dir():
        raise UsageError(f"{html} is a folder: give --html the name of a file, such as both.html.")


def compared(folders: Sequence[Path], replications: int | None, watch: Watch) -> Compared:
    """Run folders read and put side by side; simulated again where asked for."""
    from wfplan import what_if
    from wfplan.cli import line
    from wfplan.evaluation import compare

    parts = [line.read(folder) for folder in folders]
    runs = [part.whole(folder) for part, folder in zip(parts, folders, strict=True)]
    paired = None
    if replications is not None:
        again = [_replicated(part, replications) for part in parts]
        watch("simulate", {})
        paired = what_if.paired(again, Control(watch=watch))
    return Compared(folders, names_of(folders), runs, compare(runs, paired))


def names_of(folders: Sequence[Path]) -> list[str]:
    """The folders' own names, with as much of the way to them as tells them apart."""
    ways = [folder.absolute().parts for folder in folders]
    for count in range(1, max(map(len, ways)) + 1):
        names = ["/".join(way[-count:]) for way in ways]
        if len(set(names)) == len(set(ways)):
            break
    return names


def finish(talk: Talk, one: Compared, html: Path | None) -> None:
    """Tell what was found, and write the page."""
    from wfplan.cli.compare_text import comparison_text

    text = comparison_text(one.runs, one.found, one.names)
    if html is not None:
        from wfplan.domain.atomic import write_file
        from wfplan.report import render_comparison

        write_file(html, render_comparison(one.runs, one.found, one.names).encode())
        text += f"\nWrote {html}"
    talk.finish(figures(one) | {"html": None if html is None else str(html)}, text)


def figures(one: Compared) -> dict[str, Any]:
    """The comparison as an object."""
    from wfplan.report.comparison import label_of

    rows = []
    for row in one.found.rows:
        plain = row.as_dict()
        ends = {"first": plain["readings"][0], "second": plain["readings"][1]}
        rows.append({**plain, **ends, "label": label_of(one.runs, row)})
    heads = zip(one.names, one.folders, one.runs, strict=True)
    return {
        "runs": [
            {
                "name": name,
                "folder": str(folder),
                "plan": run.problem.name,
                "week": run.horizon.first_day.isoformat(),
                "seed": run.seed,
                "scenario": list(run.problem.scenario),
                "status": str(run.solution.status),
            }
            for name, folder, run in heads
        ],
        "notes": list(one.found.notes),
        "rows": rows,
        "people": [people.as_dict() for people in one.found.people],
    }


def _replicated(parts: RunParts, count: int) -> RunParts:
    """A run that is simulated so often."""
    settings = parts.problem.simulation.model_copy(update={"replications": count})
    return replace(parts, problem=parts.problem.model_copy(update={"simulation": settings}))
