"""One report as rows of queue and instant: what each row counts, in seconds and contacts."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfplan.intake.book import FaultBook
from wfplan.intake.grid import Grid
from wfplan.intake.queue_reports.captions import Header, read_header, say_unread
from wfplan.intake.queue_reports.columns import Columns, Said, combined, read_columns
from wfplan.intake.queue_reports.handle_times import handle_times
from wfplan.intake.queue_reports.intervals import (
    Reading,
    instants_of,
    without_sums,
    without_totals,
)
from wfplan.intake.queue_reports.volumes import put_volumes, waited_s


def report_rows(grid: Grid, name: str, reading: Reading, said: Said) -> pd.DataFrame | None:
    """
    The rows of a report; None when a needed column is absent, and then there are faults.

    Columns: ``queue``, ``media``, ``part`` (what parts the rows of a queue), ``seconds`` (Unix),
    ``length_s``, ``offered``, ``answered``, ``abandoned``, ``handled``, ``aht_s``, ``waited_s``
    (all waiting of the offered), ``within_N`` (answered within N seconds), ``line``. Values that
    are not known are NaN.

    Parameters
    ----------
    name
        The queue of a report that has no column of queues: the stem of its file.
    """
    header = read_header(grid, reading.layout, reading.source.units, said.book)
    if header is None:
        return None
    if not grid.row_count:
        said.book.error("has no rows", file=grid.file, line=grid.header_line,
                        hint="export a period in which contacts came")  # fmt: skip
        return None
    if unread := say_unread(header):
        said.say(unread, grid.file)
    grid = without_totals(grid, header, said)
    header = read_header(grid, reading.layout, reading.source.units, FaultBook()) or header
    columns = read_columns(grid, header, said.book, said)
    seconds, length_s, good = instants_of(columns, reading, said)
    frame = pd.DataFrame({"queue": columns.texts("queue"), "media": columns.texts("media")})
    if "queue" not in header.fields:
        frame["queue"] = name
        said.say(f"has no column of queues: all of it is the queue '{name}'", grid.file)
    frame["part"] = _parts(header, grid)
    frame["seconds"], frame["length_s"], frame["line"] = seconds, length_s, grid.lines
    put_volumes(frame, columns, said)
    frame["aht_s"] = handle_times(columns, frame["handled"].to_numpy(), said)
    frame["waited_s"] = waited_s(frame, columns, said)
    for after, values in columns.in_target.items():
        frame[f"within_{after:g}"] = np.nan_to_num(values)
    good &= columns.is_good & _has_queue(frame, columns, said)
    return without_sums(frame[good], grid.file, said)


def _parts(header: Header, grid: Grid) -> NDArray[np.object_]:
    """The texts that part the rows of a queue, joined, shape (row,)."""
    cells = [found.cells for found in header.splits]
    codes = combined(cells, grid.row_count)
    first = np.unique(codes, return_index=True)[1]
    texts = ["\x1f".join(one.texts[one.codes[row]] for one in cells) for row in first.tolist()]
    return np.array([*texts, ""], dtype=object)[codes]


def _has_queue(frame: pd.DataFrame, columns: Columns, said: Said) -> NDArray[np.bool_]:
    """Which rows name a queue; others are faults."""
    is_named = (frame["queue"] != "").to_numpy(dtype=np.bool_)
    grid = columns.grid
    for line in grid.lines[~is_named].tolist():
        said.book.error(
            "is missing", file=grid.file, line=line, column=columns.header.caption("queue"),
            hint="name the queue of the row", code="HR102",
        )  # fmt: skip
    return is_named
