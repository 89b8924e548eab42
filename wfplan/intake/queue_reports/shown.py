"""Layouts as people and programs are shown them: what is read, and in which unit."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from wfplan.intake.book import FaultBook
from wfplan.intake.naming import same_word
from wfplan.intake.queue_reports.layouts import DURATIONS, FIELDS, Layout, layout_of, shipped
from wfplan.intake.reading import Folder
from wfplan.intake.toml_text import TomlText

MEANINGS = {
    "queue": "the queue; without one, the name of the file",
    "media": "its medium, for QUEUE / MEDIA",
    "split": "parts of a queue, added up",
    "date": "the date, where start is a time of day",
    "start": "when the interval begins",
    "end": "when it ends",
    "length": "how long it is: 15, 15mins",
    "complete": "whether it was over",
    "offered": "contacts that asked for service",
    "answered": "contacts answered by a person",
    "handled": "contacts that the handle time is the mean of",
    "abandoned": "contacts that left before an answer",
    "in_target": "contacts answered within {s} seconds",
    "answered_share": "share of the offered that was answered",
    "abandoned_share": "share of the offered that left",
    "in_target_share": "share of the offered answered in time",
    "aht": "mean handle time: talk + hold + wrap-up",
    "handle_total": "all handle time",
    "talk": "mean talk time of the handled",
    "hold": "mean hold time of the handled",
    "wrap": "mean wrap-up time of the handled",
    "talk_total": "all talk time",
    "hold_total": "all hold time",
    "wrap_total": "all wrap-up time",
    "wait": "mean wait of the offered",
    "wait_total": "all waiting",
    "answer_wait": "mean wait of the answered",
    "abandon_wait": "mean wait of those who left",
}


def named_layout(name: str) -> Layout:
    """
    The layout of an id, or of a TOML file.

    Raises
    ------
    InputFaultsError
        When there is none of that id, or with every fault of the file.
    """
    book = FaultBook()
    toml = TomlText("--layout", {}, {})
    layout = layout_of(name, Folder(Path(), book), toml, book, ())
    book.raise_if_any()
    assert layout is not None  # otherwise there was a fault
    return layout


def layout_dict(layout: Layout) -> dict[str, Any]:
    """A layout as ``wfplan schema contacts --layout NAME --json`` gives it."""
    fields = [
        {
            "field": name,
            "meaning": MEANINGS[name],
            "captions": list(layout.captions[name]),
            "units": {one: _unit(layout, one) for one in layout.captions[name]}
            if name in DURATIONS
            else {},
        }
        for name in FIELDS
        if name in layout.captions
    ]
    return {
        "id": layout.id,
        "meaning": layout.meaning,
        "timezone": layout.timezone,
        "fields": fields,
        "refused": dict(layout.refused),
    }


def _unit(layout: Layout, caption: str) -> str:
    """The unit of plain numbers of a caption; empty: the file or the plan has to say it."""
    return layout.units.get(same_word(caption)) or layout.unit


def layout_text(layout: Layout, width: int = 100) -> str:
    """A layout as ``wfplan schema contacts --layout NAME`` prints it."""
    zone = layout.timezone or "the plan's"
    lines = [
        f"{layout.id} (a layout of contacts: [contacts] layout)",
        *_wrapped(layout.meaning, 2, width),
        *_wrapped(f"Zone of times without an offset: {zone}. hh:mm:ss is read everywhere; "
                  "units in brackets are those of plain numbers.", 2, width),
    ]  # fmt: skip
    for name in FIELDS:
        captions = layout.captions.get(name, ())
        if not captions:
            continue
        lines.append(f"  {name}: {MEANINGS[name]}")
        lines += _wrapped(" | ".join(_with_unit(name, one, layout) for one in captions), 6, width)
    others = ", ".join(one for one in shipped() if one != layout.id)
    return "\n".join([*lines, *_wrapped(f"Other layouts: {others}, or a .toml file.", 2, width)])


def _with_unit(name: str, caption: str, layout: Layout) -> str:
    """A caption, with what its plain numbers are where it holds durations."""
    if name not in DURATIONS:
        return caption
    return f"{caption} [{_unit(layout, caption) or 'unit?'}]"


def _wrapped(text: str, indent: int, width: int) -> list[str]:
    """A paragraph, indented."""
    space = " " * indent
    return textwrap.wrap(text, width, initial_indent=space, subsequent_indent=space)
