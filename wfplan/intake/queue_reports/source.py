"""``[contacts]`` of a plan: the layout, the channel of each queue, zone and units."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from wfplan.domain.contacts_source import LEFT_OUT, ContactsSource
from wfplan.errors import did_you_mean
from wfplan.intake.book import FaultBook, shown
from wfplan.intake.models import model_of, note
from wfplan.intake.queue_reports.layouts import note_unit
from wfplan.intake.queue_reports.units import unit_of
from wfplan.intake.reading import Folder
from wfplan.intake.toml_text import TomlText
from wfplan.intake.values import is_zone, zone_hint

_SECTION = "contacts"


def read_source(toml: TomlText, channels: Collection[str], book: FaultBook) -> ContactsSource:
    """The section; faults go into the book, and what has one is as if it were not there."""
    data = toml.content.get(_SECTION)
    if data is None:
        return ContactsSource()
    source = model_of(ContactsSource, data, toml, (_SECTION,), book)
    if source is None:
        return ContactsSource()
    if not source.layout:
        _note_idle(data, toml, book)
    queues = {
        queue: channel
        for queue, channel in source.queues.items()
        if _is_channel(queue, channel, channels, toml, book)
    }
    if source.timezone and not is_zone(source.timezone):
        reason = f"'{shown(source.timezone)}' is not an IANA time zone"
        path = (_SECTION, "timezone")
        note(toml, path, reason, book, hint=zone_hint(source.timezone), code="HR109")
        source = source.model_copy(update={"timezone": ""})
    for caption, unit in source.units.items():
        if not unit_of(unit):
            note_unit(unit, toml, (_SECTION, "units", caption), book)
    units = {caption: unit_of(unit) for caption, unit in source.units.items() if unit_of(unit)}
    return source.model_copy(update={"queues": queues, "units": units})


def read_files(
    toml: TomlText, source: ContactsSource, folder: Folder, book: FaultBook
) -> tuple[str, ...]:
    """
    The files of the contacts where they have a layout, or are several; else none.

    ``contacts/*.csv`` stands for all that fit, in order of their names.
    """
    inputs = toml.content.get("inputs")
    given = inputs.get(_SECTION) if isinstance(inputs, dict) else None
    path = ("inputs", _SECTION)
    if isinstance(given, str):
        if not given.strip() or (not source.layout and not _is_pattern(given)):
            return ()
        given = [given]
    if not isinstance(given, list):
        return ()
    if not given or not all(isinstance(one, str) and one.strip() for one in given):
        hint = 'write ["january.csv", "february.csv"], or "contacts/*.csv"'
        note(toml, path, "is no list of files", book, hint=hint)
        return ()
    files: list[str] = []
    for one in given:
        found = _matching(one, folder) if _is_pattern(one) else [one]
        if not found:
            note(toml, path, f"no file is like '{shown(one)}'", book, value=one,
                 hint="check the folder, and the part of the name that they share")  # fmt: skip
        files += found
    for file in sorted({file for file in files if files.count(file) > 1}):
        note(toml, path, f"'{shown(file)}' is named twice", book, value=file, hint="name it once")
    return tuple(dict.fromkeys(files))


def _is_pattern(name: str) -> bool:
    """Whether a name stands for several files."""
    return "*" in name or "?" in name


def _matching(pattern: str, folder: Folder) -> list[str]:
    """Files of the plan folder that fit a pattern, by name."""
    try:
        return sorted(path.relative_to(folder.root).as_posix() for path in folder.root.glob(pattern)
                      if path.is_file())  # fmt: skip
    except (ValueError, NotImplementedError, OSError):  # pathlib's word for one that is absolute
        return []


def _note_idle(data: Mapping[str, Any], toml: TomlText, book: FaultBook) -> None:
    """Keys that say something and have no meaning without a layout are a fault."""
    idle = [key for key, value in data.items() if key != "layout" and value]
    if idle:
        reason = f"{', '.join(idle)} cannot be used without a layout"
        hint = 'add layout = "amazon-connect", say; wfplan\'s own columns need none'
        note(toml, (_SECTION, idle[0]), reason, book, hint=hint)


def _is_channel(
    queue: str, channel: str, channels: Collection[str], toml: TomlText, book: FaultBook
) -> bool:
    """Whether a queue is given to a channel of the plan, or to none; else it is a fault."""
    if channel in channels or channel == LEFT_OUT:
        return True
    near = did_you_mean(channel, channels) or f"the channels are {', '.join(channels)}"
    reason = f"'{shown(channel)}' is not a channel of the plan"
    hint = f'{near}; "{LEFT_OUT}" leaves the queue out'
    note(toml, (_SECTION, "queues", queue), reason, book, value=channel, hint=hint, code="HR111")
    return False
