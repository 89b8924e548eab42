"""How ``wfplan hr calibrate`` tells what it found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from wfplan.cli.talk import Talk

if TYPE_CHECKING:
    from wfplan.calibrating import Answer


@dataclass(frozen=True)
class Asked:
    """What the planner asked."""

    absences: Path
    plan: Path
    store: str | None
    first: date | None
    last: date | None


def calibrate(
    talk: Talk, asked: Asked, out: Path | None, html: Path | None, *, is_dry: bool
) -> None:
    """Fit, tell, and keep the answer."""
    from wfplan import calibrating
    from wfplan.domain.atomic import write_file

    talk.watch("calibrate", {})
    answer = calibrating.answer(
        asked.absences,
        asked.plan,
        asked.store,
        calibrating.Span(asked.first, asked.last),
        lambda share: talk.watch("calibrate", {"share": share}),
    )
    talk.inputs = [file.model_dump() for file in answer.inputs]
    talk.warn(answer.warnings)
    path = calibrating.keep(answer, asked.plan, out, date.today(), is_dry=is_dry)
    is_noted = not is_dry and calibrating.note_in_log(
        answer, asked.plan, asked.store, datetime.now(UTC)
    )
    files = [str(path)]
    if html is not None:
        from wfplan.report import render_calibration

        files.append(str(html))
        if not is_dry:
            write_file(html, render_calibration(answer.found, about=_about(answer)).encode())
    word = "Would write" if is_dry else "Wrote"
    logged = "; the log of the planning store knows it" if is_noted else ""
    text = "\n".join([*_lines(answer), "", f"{word} {' and '.join(files)}{logged}."])
    told = {"files": files, "is_in_log": is_noted, "dry_run": is_dry}
    talk.finish({**calibrating.as_dict(answer), **told}, text)


def _lines(answer: Answer) -> Iterator[str]:
    """The answer for people."""
    from wfplan.cli.summary import plain, table
    from wfplan.report import calibration_words as words

    found = answer.found
    yield " ".join(words.headline(found))
    yield ""
    rows = [["Effect on the odds of an absence", "ratio", "95 %", "p", "p, all", "found 8 in 10"]]
    rows += [[words.NAMES[one.name], *words.cells(one)] for one in found.effects]
    yield from (plain(line) for line in table(rows, range(1, len(rows[0]))))
    yield ""
    for effect in found.effects:
        yield from (plain(line) for line in words.lines_of(effect))
    yield from (plain(line) for line in words.checks(found))
    yield from (plain(line) for line in words.basis(found))
    yield from answer.notes
    yield _about(answer)
    yield words.CAVEAT
    yield words.use(found)


def _about(answer: Answer) -> str:
    """Which data it was."""
    first, last = answer.span
    return f"Days from {first} to {last}; {answer.source}. Data {answer.data_hash[:12]}."
