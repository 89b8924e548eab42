"""Whether a file that should have wfplan's own columns has another system's."""

from __future__ import annotations

import io
from itertools import islice

from wfplan.domain.input_tables import CONTACTS
from wfplan.intake import files, workbook
from wfplan.intake.book import FaultBook
from wfplan.intake.delimited import DELIMITERS, TITLES_MAX
from wfplan.intake.files import BadFileError
from wfplan.intake.naming import same_word
from wfplan.intake.queue_reports.layouts import OWN, Layout, shipped, shipped_layout
from wfplan.intake.reading import Folder, read_grid

_HEAD = 256 * 1024
_NEEDED = ("start", "offered")
_SYSTEMS_FIRST = "generic"  # is like many


def note_layout(folder: Folder, file: str, book: FaultBook) -> bool:
    """Whether contacts have the columns of a layout and not wfplan's own; then it is a fault."""
    rows = _first_rows(folder, file)
    if any({same_word(cell) for cell in row}.issuperset(CONTACTS.required) for row in rows):
        return False
    layout = next((one for one in _candidates() if any(_fits(row, one) for row in rows)), None)
    if layout is None:
        return False
    book.error(
        f"these look like the columns of {layout.system}, not wfplan's own",
        file=file,
        line=1,
        hint=f'set layout = "{layout.id}" under [contacts] of the plan, and queues = '
        '{ "a queue" = "its channel" }',
        code="HR101",
    )
    return True


def has_own_columns(folder: Folder, file: str) -> bool:
    """Whether one of the first rows is, letter by letter, of the columns that ours must have."""
    names = [{cell.strip("\"' \ufeff") for cell in row} for row in _first_rows(folder, file)]
    return any(row.issuperset(CONTACTS.required) for row in names)


def _candidates() -> list[Layout]:
    """The layouts of other systems, that of none in particular last."""
    names = sorted((name for name in shipped() if name != OWN), key=lambda n: n == _SYSTEMS_FIRST)
    return [shipped_layout(name) for name in names]


def _fits(row: list[str], layout: Layout) -> bool:
    """Whether a row names what every report of a layout needs, and a queue."""
    words = {same_word(cell.strip("\"' ")) for cell in row}
    return all(words & set(layout.words(name)) for name in (*_NEEDED, "queue"))


def _first_rows(folder: Folder, file: str) -> list[list[str]]:
    """The first rows of a file, cut by every usual delimiter; none where it cannot be read."""
    try:
        content = folder.file(file).content
        if workbook.is_workbook(content):
            grid = read_grid(Folder(folder.root, FaultBook()), file, CONTACTS)
            return [list(grid.header)] if grid else []
        text = files.decoded(content[:_HEAD]).text
    except BadFileError:
        return []
    first = list(islice((line for line in io.StringIO(text) if line.strip()), TITLES_MAX))
    return [line.strip().split(mark) for line in first for mark in DELIMITERS]
