"""Contact histories from reports by queue and interval: all files, all faults, one history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from wfplan.domain.channels import Channel
from wfplan.domain.contacts_source import ContactsSource
from wfplan.domain.input_tables import CONTACTS
from wfplan.intake.book import FaultBook
from wfplan.intake.contacts import ContactRows
from wfplan.intake.queue_reports.captions import Header, read_header
from wfplan.intake.queue_reports.columns import Said
from wfplan.intake.queue_reports.intervals import Reading
from wfplan.intake.queue_reports.layouts import OWN, Layout, layout_of, shipped
from wfplan.intake.queue_reports.likeness import has_own_columns
from wfplan.intake.queue_reports.queues import (
    NO_CHANNEL,
    Lost,
    QueueMap,
    note_lost,
    warn_unused,
)
from wfplan.intake.queue_reports.rows import report_rows
from wfplan.intake.queue_reports.stamps import is_date, order_of
from wfplan.intake.queue_reports.totals import Files, channel_rows, check_grains, check_rows
from wfplan.intake.reading import Folder, read_grid
from wfplan.intake.toml_text import TomlText


@dataclass(frozen=True)
class Site:
    """What a plan says that its contacts are read with."""

    channels: tuple[Channel, ...]
    names: tuple[str, ...]  # of all channels, good or not
    zone: ZoneInfo
    toml: TomlText = field(default_factory=lambda: TomlText("", {}, {}))


def read_reports(
    files: Sequence[str], source: ContactsSource, site: Site, folder: Folder, book: FaultBook
) -> ContactRows | None:
    """
    The contact history of some files in the plan's layout; None, and faults, when there is none.

    Every queue without a channel is a fault, and so is every row that two files have.
    """
    layout = layout_of(source.layout or OWN, folder, site.toml, book)
    if layout is None:
        return None
    grids = [read_grid(folder, file, CONTACTS, layout.all_captions) for file in files]
    headers = [
        None if grid is None else read_header(grid, layout, source.units, FaultBook())
        for grid in grids
    ]
    captions = {
        name: found.caption
        for header in reversed(headers)
        if header is not None
        for name, found in header.fields.items()
    }
    said, others = Said(book), set(shipped()) - {OWN}
    if not source.dates and (order := _order(headers)):
        source = source.model_copy(update={"dates": order})
        said.say(f"dates are {order.replace('-', '/')}/year: read so", files[0])
    reading = Reading(layout, source, site.zone)
    parts = []
    for number, (file, grid) in enumerate(zip(files, grids, strict=True)):
        if grid is None or (source.layout in others and _is_ours(folder, file, layout, book)):
            continue
        rows = report_rows(grid, Path(file).name.split(".")[0], reading, said)
        if rows is not None:
            parts.append(rows.assign(file=number))
    if not parts:
        return None
    names = Files(tuple(files), _with_handle_time(captions), source.dates)
    frame = pd.concat(parts, ignore_index=True)
    rows = _of_channels(frame, QueueMap(source.queues, site.names), site, names, book)
    rows = check_rows(rows, names, book)
    check_grains(rows, site.names, names, book)
    if rows.empty or len(site.channels) < len(site.names):
        return None
    return channel_rows(rows, site.channels, site.zone, names)


def _is_ours(folder: Folder, file: str, layout: Layout, book: FaultBook) -> bool:
    """Whether a file that should be a report has wfplan's own columns; then it is a fault."""
    if not has_own_columns(folder, file):
        return False
    book.error(
        f"these are wfplan's own columns, not those of {layout.system}",
        file=file,
        line=1,
        hint="leave layout under [contacts] out, or name the report",
        code="HR101",
    )
    return True


def learnt(source: ContactsSource, root: Path, rows: ContactRows | None) -> ContactsSource:
    """
    The source for files that follow: its layout file is found from where the program runs, and
    the order of its dates is that of the history.
    """
    layout = source.layout
    dates = source.dates or (rows.dates if rows is not None else "")
    if layout.endswith(".toml"):
        layout = str(root / layout)
    return source.model_copy(update={"layout": layout, "dates": dates})


def _order(headers: Sequence[Header | None]) -> str:
    """The order of dates that all files together show, where there are any with slashes."""
    columns = [
        header.fields.get("date", header.fields["start"]).cells for header in headers if header
    ]
    return order_of(f"{text} 00:00" if is_date(text) else text
                    for cells in columns for text in cells.texts)  # fmt: skip


def _with_handle_time(captions: dict[str, str]) -> dict[str, str]:
    """The captions, with one for the handle time wherever it comes from."""
    sources = ("aht", "handle_total", "talk", "talk_total")
    found = next((captions[name] for name in sources if name in captions), "handle time")
    volume = next((captions[n] for n in ("offered", "answered", "handled") if n in captions), "")
    return {**captions, "aht": found, "offered": volume}


def _of_channels(
    frame: pd.DataFrame, queues: QueueMap, site: Site, files: Files, book: FaultBook
) -> pd.DataFrame:
    """The rows of the plan's channels, with the place of each; queues of none are faults."""
    offered = frame["offered"].to_numpy()
    queue, media = frame["queue"].to_numpy(), frame["media"].to_numpy()
    codes = pd.factorize(queue + "\x1f" + media)[0]
    places = np.full(len(frame), NO_CHANNEL, dtype=np.int64)
    lost = []
    for code in range(codes.max(initial=-1) + 1):
        rows = np.flatnonzero(codes == code)
        name, medium = str(queue[rows[0]]), str(media[rows[0]])
        places[rows] = place = queues.place(name, medium)
        if place == NO_CHANNEL:
            first = frame.iloc[int(rows[0])]
            where = files.names[first["file"]], int(first["line"]), files.caption("queue")
            lost.append(Lost(name, medium, *where, float(offered[rows].sum()), len(rows)))
    note_lost(lost, queues, book)
    toml, path = site.toml, ("contacts", "queues")
    warn_unused(queues, frame["queue"].unique(), toml.file, toml.line(path), book)
    return frame.assign(channel=places)[places >= 0]
