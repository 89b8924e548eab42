"""Contacts that have come since a week began, from a file beside the plan's own table."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from wfplan.domain.input_tables import CONTACTS
from wfplan.domain.problem import PlanningProblem
from wfplan.intake.book import FaultBook
from wfplan.intake.contacts import ContactRows, read_contacts
from wfplan.intake.queue_reports import Site, has_own_columns, note_layout, read_reports
from wfplan.intake.reading import Folder, read_table


def with_so_far(problem: PlanningProblem, path: Path) -> PlanningProblem:
    """
    The problem with the contacts of a file, which stand in place of the plan's own where both are.

    The file is in the layout of the plan's contacts, or in wfplan's own columns. What had to be
    guessed is among the problem's warnings.

    Raises
    ------
    InputFaultsError
        With every fault of the file.
    """
    book = FaultBook()
    found = _rows(problem, str(path), Folder(Path(), book), book)
    book.raise_if_any()
    if found is None:
        return problem
    both = pd.concat([problem.contacts, found.frame], ignore_index=True)
    last = both.drop_duplicates(["channel", "interval_start"], keep="last")
    last = last.sort_values(["channel", "interval_start"], ignore_index=True)
    warnings = (*problem.warnings, *book.sorted_warnings())
    return problem.model_copy(update={"contacts": last, "warnings": warnings})


def _rows(
    problem: PlanningProblem, file: str, folder: Folder, book: FaultBook
) -> ContactRows | None:
    """The rows of a file; None where there are none, or there are faults."""
    names = tuple(channel.name for channel in problem.channels)
    source, zone = problem.contacts_source, ZoneInfo(problem.timezone)
    if source.layout and not has_own_columns(folder, file):
        return read_reports([file], source, Site(problem.channels, names, zone), folder, book)
    if note_layout(folder, file, book):
        return None
    sheet = read_table(folder, file, CONTACTS)
    return None if sheet is None else read_contacts(sheet, names, zone, book)
