"""Reports by queue for tests: written into a folder and read without a plan around them."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from wfplan.domain.channels import Channel
from wfplan.domain.contacts_source import ContactsSource
from wfplan.errors import Fault
from wfplan.intake.book import FaultBook
from wfplan.intake.contacts import ContactRows
from wfplan.intake.queue_reports import Site, read_reports
from wfplan.intake.reading import Folder

QUARTER = timedelta(minutes=15)
MONDAY = datetime(2026, 2, 9, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Read:
    """What a reading gave."""

    rows: ContactRows | None
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]

    @property
    def frame(self) -> pd.DataFrame:
        """The history of a reading without faults."""
        assert self.faults == (), [str(fault) for fault in self.faults]
        assert self.rows is not None
        return self.rows.frame

    @property
    def told(self) -> str:
        """All faults, a line each."""
        return "\n".join(map(str, self.faults))

    @property
    def said(self) -> str:
        """All warnings, a line each."""
        return "\n".join(map(str, self.warnings))


def channel(name: str, answer_within_s: float = 20.0) -> Channel:
    """A channel that is always open."""
    return Channel.model_validate(
        {"name": name, "kind": "realtime", "open": ["daily 00:00-24:00"],
         "answer_within_s": answer_within_s}
    )  # fmt: skip


def read(
    files: str | Mapping[str, str | bytes],
    layout: str,
    queues: Mapping[str, str] | None = None,
    *,
    channels: Sequence[Channel] = (channel("voice"), channel("chat", 60.0)),
    zone: str = "Europe/Dublin",
    timezone: str = "",
    units: Mapping[str, str] | None = None,
    dates: str = "",
) -> Read:
    """Read reports; a text alone is one file, and a queue ``Sales`` is of the voice by default."""
    given = {"report.csv": files} if isinstance(files, str) else files
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, content in given.items():
            path = folder / file
            data = content.encode() if isinstance(content, str) else content
            path.write_bytes(data)
        book = FaultBook()
        source = ContactsSource(
            layout=layout,
            queues={"Sales": "voice"} if queues is None else queues,
            timezone=timezone,
            units=units or {},
            dates=dates,
        )
        site = Site(tuple(channels), tuple(one.name for one in channels), ZoneInfo(zone))
        names = [file for file in given if not file.endswith(".toml")]
        rows = read_reports(names, source, site, Folder(folder, book), book)
        return Read(rows, book.sorted_faults(), book.sorted_warnings())


def lines(header: str, rows: Sequence[Sequence[object]]) -> str:
    """The text of a CSV file."""
    return "\n".join([header, *(",".join(map(str, row)) for row in rows), ""])


def quarters(count: int, start: datetime = MONDAY) -> list[datetime]:
    """The starts of so many quarters of an hour."""
    return [start + QUARTER * n for n in range(count)]
