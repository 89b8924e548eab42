"""Layouts of queue reports: which caption means what, and in which unit its numbers are.

Those that come with wfplan are TOML files under ``configs/contacts``; a customer writes another
one and names its path.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from wfplan.domain.configs import configs_folder
from wfplan.errors import did_you_mean
from wfplan.intake.book import FaultBook, shown
from wfplan.intake.models import note
from wfplan.intake.naming import same_word
from wfplan.intake.queue_reports.units import NAMES, UNITS, unit_of
from wfplan.intake.reading import Folder
from wfplan.intake.toml_text import KeyPath, TomlText, read_toml
from wfplan.intake.values import is_zone, zone_hint

OWN = "wfplan"
"""The layout of wfplan's own columns, for several files of them."""

COUNTS = ("offered", "answered", "handled", "abandoned", "in_target")
SHARES = ("answered_share", "abandoned_share", "in_target_share")
AVERAGES = ("aht", "talk", "hold", "wrap")
TOTALS = ("handle_total", "talk_total", "hold_total", "wrap_total")
WAITS = ("wait", "wait_total", "answer_wait", "abandon_wait")
DURATIONS = (*AVERAGES, *TOTALS, *WAITS)
PLACES = ("queue", "media", "split", "date", "start", "end", "length", "complete")
FIELDS = (*PLACES, *COUNTS, *SHARES, *DURATIONS)
TARGET = "{s}"
"""Stands in a caption for the seconds within which a contact was answered."""

_KEYS = (
    "id", "version", "meaning", "system", "timezone", "unit", "columns", "units", "refused",
)  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """
    A layout; ``captions`` are in order of preference, as written.

    ``units`` are of captions in one word, ``unit`` of all other columns of durations; both say
    what plain numbers are. ``refused`` says why a report with such a column is the wrong one.
    """

    id: str
    system: str
    meaning: str
    file: str
    timezone: str
    unit: str
    captions: Mapping[str, tuple[str, ...]]
    units: Mapping[str, str]
    refused: Mapping[str, str]

    def words(self, field: str) -> tuple[str, ...]:
        """The captions of a field in one word each, in order of preference."""
        return tuple(same_word(caption) for caption in self.captions.get(field, ()))

    @property
    def all_captions(self) -> tuple[str, ...]:
        """Every caption that the layout knows."""
        return tuple(caption for captions in self.captions.values() for caption in captions)


def layouts_folder() -> Path:
    """Where the layouts that come with wfplan are."""
    return configs_folder() / "contacts"


@cache
def shipped() -> tuple[str, ...]:
    """Ids of the layouts that come with wfplan."""
    return tuple(sorted(path.stem for path in layouts_folder().glob("*.toml")))


@cache
def shipped_layout(name: str) -> Layout:
    """A layout that comes with wfplan."""
    path = layouts_folder() / f"{name}.toml"
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return _layout(TomlText(path.name, content, {}), name)


def layout_of(
    name: str,
    folder: Folder,
    toml: TomlText,
    book: FaultBook,
    path: KeyPath = ("contacts", "layout"),
) -> Layout | None:
    """
    The layout of an id, or of a TOML file of the plan folder; None with its faults in the book.

    ``toml`` and ``path`` are where the plan names it.
    """
    if name in shipped():
        return shipped_layout(name)
    if not name.endswith(".toml"):
        hint = did_you_mean(name, shipped())
        hint = hint or f"there are {', '.join(shipped())}, or name a .toml file of your own"
        note(toml, path, f"'{shown(name)}' is no layout", book, value=name, hint=hint)
        return None
    text = read_toml(folder, name, book)
    if text is None:
        return None
    before = len(book.faults)
    _check(text, book)
    return _layout(text, Path(name).stem) if len(book.faults) == before else None


def _layout(toml: TomlText, stem: str) -> Layout:
    """The layout of a file without faults."""
    content = toml.content
    name = str(content.get("id", stem))
    units = content.get("units", {})
    return Layout(
        id=name,
        system=str(content.get("system", content.get("meaning", name))),
        meaning=str(content.get("meaning", name)),
        file=toml.file,
        timezone=str(content.get("timezone", "")),
        unit=unit_of(str(content.get("unit", ""))),
        captions={field: tuple(words) for field, words in content.get("columns", {}).items()},
        units={same_word(caption): unit_of(unit) for caption, unit in units.items()},
        refused={same_word(word): str(why) for word, why in content.get("refused", {}).items()},
    )


def _check(toml: TomlText, book: FaultBook) -> None:
    """Every fault of a customer's layout."""
    for key, value in toml.content.items():
        if key not in _KEYS:
            hint = did_you_mean(key, _KEYS) or f"the keys are {', '.join(_KEYS)}"
            note(toml, (key,), "is no key of a layout", book, hint=hint)
        elif key in ("columns", "units", "refused"):
            if not isinstance(value, dict):
                note(toml, (key,), "is not a table", book, hint=f"write it as [{key}]")
        elif not isinstance(value, str):
            note(toml, (key,), "is not a text", book, hint="put it into quotes")
    zone = toml.content.get("timezone", "")
    if isinstance(zone, str) and zone and not is_zone(zone):
        reason = f"'{shown(zone)}' is not an IANA time zone"
        note(toml, ("timezone",), reason, book, hint=zone_hint(zone))
    unit = toml.content.get("unit", "")
    if isinstance(unit, str) and unit and not unit_of(unit):
        note_unit(unit, toml, ("unit",), book)
    _check_columns(_table(toml, "columns"), toml, book)
    for caption, unit in _table(toml, "units").items():
        if not isinstance(unit, str) or not unit_of(unit):
            note_unit(unit, toml, ("units", caption), book)


def _table(toml: TomlText, key: str) -> dict[str, Any]:
    """A table of the file; empty where it is none."""
    found = toml.content.get(key, {})
    return found if isinstance(found, dict) else {}


def _check_columns(columns: Mapping[str, Any], toml: TomlText, book: FaultBook) -> None:
    """Fields are known, their captions are texts, and what no report can lack is there."""
    for field, captions in columns.items():
        path: KeyPath = ("columns", field)
        if field not in FIELDS:
            hint = did_you_mean(field, FIELDS) or f"they are {', '.join(FIELDS)}"
            note(toml, path, "is no field of a queue report", book, hint=hint)
        elif not isinstance(captions, list) or not all(
            isinstance(one, str) and one.strip() for one in captions
        ):
            note(toml, path, "is no list of captions", book, hint='write ["Queue", "Queue name"]')
    if "start" not in columns:
        note(
            toml, ("columns", "start"), "the field is missing", book,
            hint='add start = ["..."], the caption of the start of the interval',
        )  # fmt: skip
    if not {"offered", "answered", "handled"} & set(columns):
        note(
            toml, ("columns", "offered"), "the field is missing", book,
            hint='add offered = ["..."], the caption of the contacts that came',
        )  # fmt: skip


def note_unit(unit: object, toml: TomlText, path: KeyPath, book: FaultBook) -> None:
    """A fault for a text that is no unit."""
    known = ", ".join(f"{one} ({NAMES[one]})" for one in UNITS)
    note(toml, path, f"'{shown(unit)}' is no unit of time", book, value=unit, hint=f"write {known}")
