"""What ``wfplan forecast --backtest`` calls, and how it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wfplan.cli import line
from wfplan.cli.talk import Talk
from wfplan.domain.progress import Control
from wfplan.errors import ExitCode, InterruptedPlanError, UsageError

if TYPE_CHECKING:
    from wfplan.domain.backtests import ForecastBacktest
    from wfplan.evaluation import ForecastVerdict
    from wfplan.store import RunParts

FOLDER = "backtest"
_LEADS_MAX = 26


@dataclass(frozen=True)
class Question:
    """How many forecasts of the past are made, how far ahead, and whether pictures are drawn."""

    origins: int
    leads: Sequence[int]
    has_page: bool = True


def leads_of(text: str) -> tuple[int, ...]:
    """
    The weeks ahead of a text such as ``1,2,4``.

    Raises
    ------
    UsageError
        When it is none.
    """
    try:
        leads = tuple(sorted({int(part) for part in text.split(",")}))
    except ValueError:
        leads = ()
    if not leads or not all(1 <= lead <= _LEADS_MAX for lead in leads):
        raise UsageError(
            f"--leads '{text}' are no weeks ahead: write whole numbers from 1 to {_LEADS_MAX} with "
            "a comma between, such as 1,2,4."
        )
    return leads


def run(talk: Talk, ask: line.Ask, question: Question) -> None:
    """Forecast the past, week by week, and tell how good that was."""
    from wfplan import foresight, runs, store

    parts = runs.begin(ask.plan, week=ask.week)
    base = store.run_folder(ask.plan, parts.problem, parts.horizon.first_day)
    folder = ask.out or base.parent / FOLDER
    store.check_backtest_folder(folder)
    with line.stopping(line.stop_after(None, None), talk.say, _STOPPING) as stop:
        found = foresight.backtest(
            parts, Control(stop, talk.watch), origins=question.origins, leads=question.leads
        )
    if not found.origins and found.planned and stop.interrupt.is_set():
        raise InterruptedPlanError("Interrupted before a week was scored; nothing was written.")
    _finish(talk, parts, found, folder, question)


_STOPPING = "Stopping: what is scored so far is being written. Ctrl-C again ends at once."


def _finish(
    talk: Talk, parts: RunParts, found: ForecastBacktest, folder: Path, question: Question
) -> None:
    """Write the folder, and say what came out."""
    from wfplan import store
    from wfplan.cli.backtest_text import backtest_text
    from wfplan.cli.judging import external_lines, scores_dict
    from wfplan.domain.backtests import EXTERNAL
    from wfplan.evaluation import forecast_verdicts

    verdicts = forecast_verdicts(found)
    page = None
    if question.has_page:
        from wfplan.report import render_backtest

        page = render_backtest(found)
    told = figures(found, verdicts)
    inputs = [file.model_dump() for file in parts.problem.inputs]
    files = store.write_backtest(found, folder, about={"inputs": inputs, **told}, page=page)
    talk.run_id, talk.inputs = f"{found.plan} backtest", inputs
    theirs = found.tables.get(EXTERNAL.name)
    text = "\n".join([backtest_text(found, verdicts), *external_lines(theirs)])
    shown = folder / (store.BACKTEST_PAGE if page else "scores.csv")
    talk.finish(
        {
            "folder": str(folder),
            "files": sorted(path.name for path in files),
            **told,
            "external": scores_dict(theirs),
        },
        f"{text}\nWrote {shown}",
        exit_code=ExitCode.INTERRUPTED if found.is_partial and _is_cut(found) else ExitCode.OK,
    )


def _is_cut(found: ForecastBacktest) -> bool:
    """Whether origins are missing that could have been made."""
    skipped = sum("no forecast was possible" in note for note in found.notes)
    return found.origins + skipped < found.planned


def figures(found: ForecastBacktest, verdicts: Sequence[ForecastVerdict]) -> dict[str, Any]:
    """The backtest as an object."""
    from wfplan.report.forecast_words import headline_of, verdict_sentence

    word, sentence = headline_of(verdicts)
    return {
        "plan": found.plan,
        "origins": found.origins,
        "planned": found.planned,
        "leads": list(found.leads),
        "history": {"first": found.first_day.isoformat(), "last": found.last_day.isoformat()},
        "headline": f"{word}. {sentence}".replace("\u202f", " "),
        "verdicts": [
            {**one.as_dict(), "sentence": verdict_sentence(one).replace("\u202f", " ")}
            for one in verdicts
        ],
        "notes": list(found.notes),
    }
