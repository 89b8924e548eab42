"""Which files are schedules in the columns of ``schedule.csv``, one row per activity."""

from __future__ import annotations

from pathlib import Path

from wfplan.intake import files, workbook
from wfplan.intake.book import BadValueError
from wfplan.intake.columnar import is_parquet
from wfplan.intake.delimited import DELIMITERS
from wfplan.intake.naming import same_word

LONG_TABLE = frozenset({"shift_id", "activity_category", "start_utc"})
"""Columns that no other table has together."""


def is_long_table(path: Path) -> bool:
    """Whether a text file has the columns of ``schedule.csv``."""
    try:
        content = files.read_file(path).content
        if workbook.is_workbook(content) or is_parquet(content):
            return False
        first = files.decoded(content).text.lstrip("\r\n").partition("\n")[0]
    except BadValueError:
        return False  # the reader of other tables says what is wrong
    return words_of(first) >= LONG_TABLE


def words_of(line: str) -> set[str]:
    """The names of columns in a line, whatever separates them."""
    delimiter = max(DELIMITERS, key=line.count)
    return {same_word(word.strip("\"' \r")) for word in line.split(delimiter)}
