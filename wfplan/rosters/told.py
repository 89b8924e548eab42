"""What an exported file says that people were told, for ``wfplan export --since FILE``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from wfplan.domain.people import Agent
from wfplan.domain.schedule_rows import DatedShift
from wfplan.intake.book import BadValueError, FaultBook
from wfplan.intake.files import BadFileError
from wfplan.rosters import canonical, long_table
from wfplan.rosters.sources import Source, sources_of

_READERS = ((canonical.fits, canonical.told), (long_table.fits, long_table.told))


def read_told(path: Path, agents: Iterable[Agent], zone: str) -> tuple[DatedShift, ...]:
    """
    Shifts with revision and state, by agent and start, cancelled ones included.

    Parameters
    ----------
    path
        ``schedule.json``, ``schedule.csv`` (gzip or not), the sheet ``Schedule`` of a workbook,
        or a folder that holds one of them.
    agents
        The people of the plan; others keep their shifts, too.
    zone
        Time zone of people whom the plan does not know.

    Raises
    ------
    InputFaultsError
        With every fault; when the file is none of them.
    """
    book = FaultBook()
    people = list(agents)
    sources = sources_of([path], book)
    found: list[DatedShift] = []
    for source in sources:
        try:
            found += _told(source, people, zone, book)
        except BadFileError as bad:
            book.error(bad.reason, file=source.name, line=bad.line, hint=bad.hint)
        except BadValueError as bad:
            book.error(bad.reason, file=source.name, hint=bad.hint)
    if len(sources) > 1:
        book.error(f"holds {len(sources)} files", file=str(path),
                   hint="name schedule.json or schedule.csv in it")  # fmt: skip
    book.raise_if_any()
    return tuple(sorted(found, key=lambda d: (d.shift.agent_id, d.shift.start, d.shift.shift_id)))


def _told(source: Source, agents: list[Agent], zone: str, book: FaultBook) -> list[DatedShift]:
    """What one file says."""
    for fits, told in _READERS:
        if fits(source):
            return told(source, agents, zone, book)
    book.error("does not say what was told", file=source.name,
               hint="give schedule.json or schedule.csv of an earlier export")  # fmt: skip
    return []
