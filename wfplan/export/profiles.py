"""Mapping profiles: exports to systems that take plain records, said in a TOML file each.

Those that come with wfplan are in ``configs/export``; ``generic.toml`` there explains how to
write another one, which is exported to by its path.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from wfplan.domain.cells import BOM, cell, guarded, single_line
from wfplan.domain.configs import configs_folder
from wfplan.export.order import Exported, Order, file_names
from wfplan.export.profile_notes import notes_of
from wfplan.export.profile_reading import Profile, Sheet, read_profile
from wfplan.export.profile_records import Made, Record, made_of


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
    made = made_of(profile, order)
    files: dict[str, bytes] = {}
    guards = 0
    for sheet, whose, records in _sheets(profile, order, made):
        for name, part in _parts(whose or sheet.file, records, profile.chunk):
            if profile.format == "csv":
                files[name], count = _csv(profile, sheet, part)
                guards += count
            else:
                files[name] = _json(profile, part)
    notes = tuple(notes_of(profile, order, made.told, guards))
    return Exported(files, notes, tuple(made.told.refusals))


@cache
def _shipped(name: str) -> Profile:
    return read_profile(_folder() / f"{name}.toml")


def _folder() -> Path:
    return configs_folder() / "export"


def _sheets(
    profile: Profile, order: Order, made: Made
) -> Iterator[tuple[Sheet, str, Sequence[Record]]]:
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


def _parts(
    file: str, records: Sequence[Record], chunk: int
) -> Iterator[tuple[str, Sequence[Record]]]:
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


def _json(profile: Profile, records: Sequence[Record]) -> bytes:
    """An array, in an object of one key where the system wants that."""
    content = {profile.wrap: records} if profile.wrap else records
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def _csv(profile: Profile, sheet: Sheet, records: Sequence[Record]) -> tuple[bytes, int]:
    """A table, and how many of its cells begin like a formula and are guarded."""
    buffer = io.StringIO()
    if profile.has_bom:
        buffer.write(BOM)
    writer = csv.writer(buffer, delimiter=profile.delimiter, lineterminator="\r\n")
    names = [name for name, _ in sheet.fields]
    writer.writerow(map(guarded, names))
    writer.writerows([cell(record.get(name)) for name in names] for record in records)
    texts = (one for record in records for one in record.values() if isinstance(one, str))
    count = sum(guarded(one) != single_line(one) for one in texts)
    return buffer.getvalue().encode(), count
