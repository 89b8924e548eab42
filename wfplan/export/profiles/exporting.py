"""Mapping profiles: exports to systems that take plain records, said in a TOML file each.

Those that come with wfplan are in ``configs/export``; ``generic.toml`` there explains how to
write another one, which is exported to by its path.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from wfplan.domain.atomic import MANIFEST
from wfplan.domain.cells import BOM, cell, guarded, single_line
from wfplan.domain.configs import configs_folder
from wfplan.export.order import Exported, Order, file_names
from wfplan.export.profiles.notes import notes_of
from wfplan.export.profiles.reading import Profile, Sheet, read_profile
from wfplan.export.profiles.records import Made, Record, made_of


def shipped() -> tuple[str, ...]:
    """The names of the profiles that come with wfplan."""
    return tuple(sorted(path.stem for path in _folder().glob("*.toml")))


def profile_of(name: str) -> Profile:
    """
    A profile by its name, or by the path of a file of one's own.

    Raises
    ------
    UsageError
        When the file cannot be read.
    InputFaultsError
        With every fault of the file.
    """
    return read_profile(Path(name)) if name.endswith(".toml") else _shipped(name)


def export(profile: Profile, order: Order) -> Exported:
    """The files of an order by a profile."""
    rows = _Rows(profile)
    made = made_of(profile, order, rows.row if profile.format == "csv" else _entry)
    files: dict[str, bytes] = {}
    taken = {MANIFEST}
    for sheet, whose, records in _sheets(profile, order, made):
        for name, part in _parts(whose or sheet.file, records, profile.chunk):
            if name.casefold() in taken:
                refused = f"two tables of the profile write the file {name}: rename one of them"
                made.told.refusals[refused] = None
            taken.add(name.casefold())
            is_csv = profile.format == "csv"
            files[name] = rows.table(sheet, part) if is_csv else _array(profile, part)
    notes = tuple(notes_of(profile, order, made.told, rows.guards))
    return Exported(files, notes, tuple(made.told.refusals))


@cache
def _shipped(name: str) -> Profile:
    return read_profile(_folder() / f"{name}.toml")


def _folder() -> Path:
    return configs_folder() / "export"


def _sheets(
    profile: Profile, order: Order, made: Made
) -> Iterator[tuple[Sheet, str, Sequence[str]]]:
    """
    The sheets with their records, and the file's name where it is of one person.

    The main sheet is written without records, too.
    """
    for sheet in (profile.main, profile.changed, profile.cancelled, profile.open):
        if sheet is None:
            continue
        held = {whose: one for (file, whose), one in made.records.items() if file == sheet.file}
        if "{agent_id}" in sheet.file:
            prefix, _, suffix = sheet.file.partition("{agent_id}")
            names = file_names(prefix, held, suffix)
            for whose, records in held.items():
                yield sheet, names[whose], records
        elif held or sheet is profile.main:
            yield sheet, "", held.get("", ())


def _parts(file: str, records: Sequence[str], chunk: int) -> Iterator[tuple[str, Sequence[str]]]:
    """The records by files of at most so many; one file keeps its name."""
    if not chunk or len(records) <= chunk:
        yield file, records
        return
    stem, dot, suffix = file.rpartition(".")
    starts = range(0, len(records), chunk)
    width = len(str(len(starts)))
    for number, start in enumerate(starts, start=1):
        name = f"{stem or suffix}-{number:0{width}d}{dot}{suffix if stem else ''}"
        yield name, records[start : start + chunk]


def _entry(sheet: Sheet, record: Record) -> str:
    """A record as an entry of an array, in a line."""
    return json.dumps(record, ensure_ascii=False)


def _array(profile: Profile, entries: Sequence[str]) -> bytes:
    """An array, in an object of one key where the system wants that."""
    lines = ",\n".join(entries)
    text = f"[\n{lines}\n]" if entries else "[]"
    if profile.wrap:
        text = f"{{{json.dumps(profile.wrap, ensure_ascii=False)}: {text}}}"
    return f"{text}\n".encode()


class _Rows:
    """Rows of a CSV; ``guards`` counts the cells among them that begin like a formula."""

    def __init__(self, profile: Profile) -> None:
        self.profile, self.guards = profile, 0

    def row(self, sheet: Sheet, record: Record) -> str:
        """A record as a row."""
        texts = (one for one in record.values() if isinstance(one, str))
        self.guards += sum(guarded(one) != single_line(one) for one in texts)
        return self._line(cell(record.get(name)) for name, _ in sheet.fields)

    def table(self, sheet: Sheet, rows: Sequence[str]) -> bytes:
        """A file: its header and rows."""
        mark = BOM if self.profile.has_bom else ""
        header = self._line(guarded(name) for name, _ in sheet.fields)
        return (mark + header + "".join(rows)).encode()

    def _line(self, cells: Iterable[str]) -> str:
        """A line of cells."""
        buffer = io.StringIO()
        delimiter = self.profile.delimiter
        csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n").writerow(cells)
        return buffer.getvalue()
