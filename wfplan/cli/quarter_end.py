"""What ``wfplan quarter`` calls, and how it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wfplan.cli import line
from wfplan.cli.talk import Talk
from wfplan.errors import Fault, UsageError, WfplanError

if TYPE_CHECKING:
    from wfplan.domain.quarters import Quarter
    from wfplan.quarter import Book, Planned


@dataclass(frozen=True)
class Ask:
    """What the planner asked of a quarter."""

    plan: Path
    weeks: int
    first: date | None
    out: Path | None
    store: str | None
    seed: int
    passes: int | None
    override: str
    is_resumed: bool
    is_forced: bool


def run(talk: Talk, ask: Ask, *, has_memory: bool, is_compared: bool) -> None:
    """Plan the weeks, and tell what they make of people's load."""
    _require_meaning(ask, has_memory=has_memory, is_compared=is_compared)
    from wfplan import quarter
    from wfplan.domain.progress import Control
    from wfplan.domain.quarters import WITH, WITHOUT

    kinds = (WITH, WITHOUT) if is_compared else (WITH,) if has_memory else (WITHOUT,)
    question = quarter.Question(
        ask.plan, ask.weeks, ask.first, ask.out, ask.store, ask.seed, kinds, ask.override,
        ask.passes,
    )  # fmt: skip
    book = quarter.Book(question, is_resumed=ask.is_resumed, is_forced=ask.is_forced)
    talk.say(_outlook(book))
    if not book.problem.objective.fairness:
        talk.warn([Fault(_UNPRICED, hint="say what it is worth: fairness = 4, say")])
    seconds: list[float] = []
    with line.stopping(line.stop_after(ask.passes, None), talk.say, _STOPPING) as stop:
        try:
            for planned in quarter.plan_weeks(book, Control(stop, talk.watch)):
                seconds.append(planned.seconds)
                talk.say(_week_line(planned, len(book.weeks)))
        except WfplanError:
            _show(book)
            talk.warn([Fault(_way_on(book, kinds), hint="the same command with --resume")])
            raise
    _finish(talk, book, seconds)


_UNPRICED = (
    "[objective] gives fairness no price: weeks know the weeks before, but nights, weekends, lates "
    "and hard hours are not evened out over them"
)
_STOPPING = "Stopping: the weeks before this one are kept. Ctrl-C again ends at once."


def _require_meaning(ask: Ask, *, has_memory: bool, is_compared: bool) -> None:
    """Refuse options that say nothing without, or beside, one another."""
    if is_compared and not has_memory:
        raise UsageError("--compare plans with memory and without: leave out --no-memory.")
    if ask.store and not has_memory:
        raise UsageError("--no-memory is a trial that nobody is told of: leave out --store.")
    if ask.override and not ask.store:
        raise UsageError("--override signs for what people are told: it goes with --store.")
    if ask.is_resumed and ask.is_forced:
        raise UsageError("--resume goes on and --force begins anew: leave out one of them.")


def _outlook(book: Book) -> str:
    """What is going to be done, and how far ahead forecasts look."""
    found = book.quarter
    text = f"{len(found.weeks)} weeks from {found.weeks[0]}, in {book.folder}"
    if not found.weeks_ahead:
        return text
    return (
        f"{text}; contacts are known until {found.known_until}, so the last week is forecast "
        f"{found.weeks_ahead} weeks ahead"
    )


def _week_line(planned: Planned, count: int) -> str:
    """``Week 3 of 13 from 2026-11-09: service 87 %, 0 hard breaches (21 s)``."""
    from wfplan.evaluation import quarter_service

    rows = quarter_service(planned.run, planned.audit, planned.memory)
    value = {
        name: one
        for name, channel, one in zip(rows["measure"], rows["channel"], rows["value"], strict=True)
        if not channel
    }
    kind = "" if planned.memory == "with" else " without memory"
    return (
        f"Week {planned.at} of {count} from {planned.run.horizon.first_day}{kind}: service "
        f"{100 * value['service_level']:.1f} %, harm {value['harm']:,.0f}, "
        f"{value['hard_breaches']:.0f} hard breaches ({planned.seconds:.0f} s)"
    )


def _way_on(book: Book, kinds: Sequence[str]) -> str:
    """How far it came, and where it did not go on."""
    done = sum(len(book.quarter.done(kind)) for kind in kinds)
    text = f"{done} of {len(kinds) * len(book.weeks)} weeks are planned and kept in {book.folder}"
    failed = next((day for kind in kinds for day in book.missing(kind)[:1]), None)
    return f"{text}; the week from {failed} is the next" if failed else text


def _show(book: Book) -> Path:
    """Write the tables and the page; the page, or the folder where nothing is planned."""
    from wfplan.report import render_quarter
    from wfplan.store import QUARTER_PAGE

    if not book.quarter.memories:
        return book.folder
    book.write(render_quarter(book.quarter))
    return book.folder / QUARTER_PAGE


def _finish(talk: Talk, book: Book, seconds: Sequence[float]) -> None:
    """Say what came out."""
    from wfplan import quarter
    from wfplan.report.quarter_words import headline_of, sentences_of

    shown, found = _show(book), book.quarter
    inputs = [file.model_dump() for file in book.problem.inputs]
    talk.run_id, talk.inputs = f"{found.plan} quarter {found.weeks[0]}", inputs
    word, sentence = headline_of(found)
    lines = [f"{word}. {sentence}", *sentences_of(found), f"Wrote {shown}"]
    result: Mapping[str, Any] = {
        **quarter.outline(book),
        "seconds": [round(one, 1) for one in seconds],
        "headline": f"{word}. {sentence}",
        "end": _ends(found),
        "page": str(shown),
    }
    talk.finish(result, "\n".join(lines))


def _ends(found: Quarter) -> list[Mapping[str, Any]]:
    """The spreads after the last week, unknown values as None."""
    if found.spreads.empty:
        return []
    rows = found.spreads
    last = rows.groupby("memory")["week"].transform("max")
    kept = rows[(rows["week"] == last) & (rows["contract_type"] == "")].drop(columns="week")
    return [
        {str(k): None if isinstance(v, float) and v != v else v for k, v in row.items()}
        for row in kept.to_dict("records")
    ]
