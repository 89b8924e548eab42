"""Files of a roster from elsewhere as shifts of a plan; the content decides what a file is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from wfplan.domain.external_ids import ExternalIds
from wfplan.domain.problem import InputFile, PlanningProblem
from wfplan.domain.schedule import Shift
from wfplan.errors import Fault, InputFaultsError, UsageError, did_you_mean
from wfplan.intake.book import BadValueError, FaultBook
from wfplan.intake.files import BadFileError
from wfplan.rosters import calendars, canonical, connect, genesys, graph, long_table, shift_list
from wfplan.rosters.assembling import assembled
from wfplan.rosters.given import Reading
from wfplan.rosters.known import Known
from wfplan.rosters.requests import with_requests
from wfplan.rosters.sources import Source, sources_of


@dataclass(frozen=True)
class Layout:
    """A layout: what it is in words, how it is known, how files of it are read together."""

    meaning: str
    fits: Callable[[Source], bool]
    read: Callable[[Sequence[Source], Known, FaultBook], Reading]


LAYOUTS: Mapping[str, Layout] = {
    "wfplan": Layout("the document wfplan-schedule/1 (JSON)", canonical.fits, canonical.read),
    "genesys": Layout("Genesys Cloud WFM week schedules (JSON)", genesys.fits, genesys.read),
    "teams": Layout("Microsoft Graph shifts (JSON)", graph.fits, graph.read),
    "ics": Layout("calendars (iCalendar)", calendars.fits, calendars.read),
    "table": Layout(
        "the columns of schedule.csv (CSV, Parquet, workbook)", long_table.fits, long_table.read
    ),
    "connect": Layout(
        "Amazon Connect's tables staff_shifts, staff_shift_activities and shift_activities "
        "(CSV, Parquet)",
        connect.fits,
        connect.read,
    ),
    "shifts": Layout(
        "a list of shifts: agent_id, start, end (CSV, Parquet, workbook; wfplan schema roster)",
        shift_list.fits,
        shift_list.read,
    ),
}
"""The layouts by name, in the order in which a file is held against them."""


@dataclass(frozen=True)
class Asked:
    """What the planner says beside the files: week, layout, ids of other systems, whose it is."""

    week: date | None = None
    layout: str = ""
    ids: ExternalIds = field(default_factory=ExternalIds)
    person: str = ""


@dataclass(frozen=True)
class Roster:
    """Shifts from elsewhere; ``left`` counts what was left out, ``notes`` what was guessed."""

    layout: str
    shifts: tuple[Shift, ...]
    inputs: tuple[InputFile, ...]
    left: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[Fault, ...] = ()


def read_roster(
    paths: Sequence[Path], problem: PlanningProblem, asked: Asked | None = None
) -> Roster:
    """
    The shifts of files and folders of one layout.

    Raises
    ------
    UsageError
        When there is no such layout, or no such person.
    InputFaultsError
        With every fault of all files.
    MissingExtraError
        When one is a Parquet file and pyarrow is not installed.
    """
    asked = asked or Asked()
    _check_asked(asked, problem)
    book = FaultBook()
    by_layout = _by_layout(sources_of(paths, book), asked.layout, book)
    if len(by_layout) > 1:
        names = {name: sources[0].name for name, sources in by_layout.items()}
        listed = ", ".join(f"{file} ({name})" for name, file in names.items())
        book.error(f"files are of {len(names)} layouts: {listed}", file=next(iter(names.values())),
                   hint="give those of one layout")  # fmt: skip
    book.raise_if_any()
    ((name, sources),) = by_layout.items()
    if asked.person and name != "ics":
        raise UsageError(
            f"--agent says whose a calendar is, and {sources[0].name} is none: leave it out."
        )
    known = Known(problem, asked.ids, asked.person, asked.week)
    reading = _read(LAYOUTS[name], sources, known, book)
    known.blame(book)
    known.say_shared(book, sources[0].name)
    shifts = assembled(reading.shifts, problem, book)
    book.raise_if_any()
    shifts, count = with_requests(shifts, problem)
    if count:
        book.warn(f"activities that were taken for those that the plan asks for: {count}",
                  file=sources[0].name)  # fmt: skip
    return Roster(
        name,
        shifts,
        tuple(source.as_input for source in sources),
        {what: count for what, count in reading.left.items() if count},
        book.sorted_warnings(),
    )


def _read(layout: Layout, sources: Sequence[Source], known: Known, book: FaultBook) -> Reading:
    """What files of a layout say; a file that cannot be read is a fault of the book."""
    try:
        return layout.read(sources, known, book)
    except InputFaultsError as error:
        book.faults += error.faults
    except BadFileError as bad:
        file = sources[0].name if len(sources) == 1 else ""
        book.error(bad.reason, file=file, line=bad.line, hint=bad.hint)
    except BadValueError as bad:
        book.error(bad.reason, file=sources[0].name, hint=bad.hint)
    return Reading()


def _by_layout(sources: Iterable[Source], asked: str, book: FaultBook) -> dict[str, list[Source]]:
    """Files by the layout that each has; one of none is a fault, or a note if only found."""
    found: dict[str, list[Source]] = defaultdict(list)
    others: list[Source] = []
    for source in sources:
        try:
            name = asked or next((n for n, one in LAYOUTS.items() if one.fits(source)), "")
        except BadFileError as bad:
            book.error(bad.reason, file=source.name, line=bad.line, hint=bad.hint)
        else:
            (found[name] if name else others).append(source)
    for source in others:
        if found and not source.is_named:
            if not source.is_beside_export:
                book.warn("is of no layout that is known: it was not read", file=source.name)
        else:
            listed = "; ".join(f"{known}: {one.meaning}" for known, one in LAYOUTS.items())
            book.error("is of no layout that is known", file=source.name,
                       hint=f"the layouts are {listed}")  # fmt: skip
    return found


def _check_asked(asked: Asked, problem: PlanningProblem) -> None:
    """Refuse a layout or a person that there is not."""
    if asked.layout and asked.layout not in LAYOUTS:
        near = did_you_mean(asked.layout, LAYOUTS) or f"the layouts are {', '.join(LAYOUTS)}."
        raise UsageError(f"There is no layout '{asked.layout}': {near}")
    people = {agent.agent_id for agent in problem.agents}
    if asked.person and asked.person not in people:
        near = did_you_mean(asked.person, people) or "give the id of somebody in the agents table."
        raise UsageError(f"--agent names nobody of the plan: {near}")
