"""Dates of absence, for the calibration: read, joined, and not kept."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from wfplan.domain.absence_table import ABSENCES
from wfplan.domain.problem import InputFile
from wfplan.errors import Fault
from wfplan.intake.book import FaultBook
from wfplan.intake.reading import Folder, Sheet, read_table


def read_absences(path: Path) -> tuple[pd.DataFrame, InputFile, tuple[Fault, ...]]:
    """
    Absences of a file: columns agent_id, day (ordinal of the date) and is_unplanned.

    The second is the file with its hash, the third what had to be guessed.

    Raises
    ------
    InputFaultsError
        With every fault of the file.
    MissingExtraError
        For a Parquet file without pyarrow.
    """
    book = FaultBook()
    folder = Folder(Path(), book)
    sheet = read_table(folder, str(path), ABSENCES)
    frame = _frame(sheet, book)
    book.raise_if_any()
    return frame, folder.inputs[str(path)], book.sorted_warnings()


def _frame(sheet: Sheet | None, book: FaultBook) -> pd.DataFrame:
    """The rows; a person and date that stand twice must say the same."""
    found: dict[tuple[str, int], tuple[int, bool]] = {}
    for line, row in sheet.rows() if sheet is not None else ():
        key = row["agent_id"], row["date"].toordinal()
        is_unplanned = row["unplanned"] is not False
        before, was = found.setdefault(key, (line, is_unplanned))
        if was != is_unplanned and sheet is not None:
            reason = f"this person and date are the contrary in line {before}"
            sheet.blame(book, line, "unplanned", reason, hint="keep one of the rows", code="HR110")
    if sheet is not None and sheet.has_required and not len(sheet.lines):
        book.error("has no rows: there is nothing to fit", file=sheet.file, line=1)
    return pd.DataFrame(
        [(agent_id, day, is_unplanned) for (agent_id, day), (_, is_unplanned) in found.items()],
        columns=["agent_id", "day", "is_unplanned"],
    )
