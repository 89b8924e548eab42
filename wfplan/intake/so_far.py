"""Contacts that have come since a week began, from a file beside the plan's own table."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from wfplan.domain.input_tables import CONTACTS
from wfplan.domain.problem import PlanningProblem
from wfplan.intake.book import FaultBook
from wfplan.intake.contacts import read_contacts
from wfplan.intake.reading import Folder, read_table


def with_so_far(problem: PlanningProblem, path: Path) -> PlanningProblem:
    """
    The problem with the contacts of a file, which stand in place of the plan's own where both are.

    Raises
    ------
    InputFaultsError
        With every fault of the file.
    """
    book = FaultBook()
    sheet = read_table(Folder(Path(), book), str(path), CONTACTS)
    zone = ZoneInfo(problem.timezone)
    names = tuple(channel.name for channel in problem.channels)
    found = None if sheet is None else read_contacts(sheet, names, zone, book)
    book.raise_if_any()
    if found is None:
        return problem
    both = pd.concat([problem.contacts, found.frame], ignore_index=True)
    last = both.drop_duplicates(["channel", "interval_start"], keep="last")
    last = last.sort_values(["channel", "interval_start"], ignore_index=True)
    return problem.model_copy(update={"contacts": last})
