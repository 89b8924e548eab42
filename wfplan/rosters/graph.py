"""
Layout ``teams``: shifts of Microsoft Graph (``shift`` of the schedule resource).

A document with ``shifts`` or, as the API gives a page back, ``value``. What people see (shared)
counts before a draft; open shifts and time off are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from wfplan.intake.book import FaultBook
from wfplan.rosters.documents import Node
from wfplan.rosters.given import GivenShift, Part, Reading
from wfplan.rosters.known import Known
from wfplan.rosters.sources import Source

SYSTEM = "teams"
_NOTE = re.compile(r"\bwfplan:([A-Za-z0-9._-]{1,64})")
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_ITEMS = ("sharedShift", "draftShift")
_BESIDE = {"openShifts": "open shifts", "timesOff": "entries of time off"}


def fits(source: Source) -> bool:
    """Whether a document has shifts with an item."""
    return bool(_key_of(source.document))


def _key_of(document: Any) -> str:
    """Under which key the shifts are; empty where there are none."""
    if not isinstance(document, dict):
        return ""
    if isinstance(document.get("shifts"), list) and any(key in document for key in _BESIDE):
        return "shifts"
    for key in ("shifts", "value"):
        rows = document.get(key)
        if isinstance(rows, list) and any(
            isinstance(row, dict) and "userId" in row and any(item in row for item in _ITEMS)
            for row in rows
        ):
            return key
    return ""


def read(sources: Sequence[Source], known: Known, book: FaultBook) -> Reading:
    """The shifts of documents."""
    reading = Reading()
    for source in sources:
        root = Node(source.document, source.name, "", book)
        if not fits(source):
            root.blame("", "has no shifts with userId and sharedShift", "export shifts of Graph")
        for key, words in _BESIDE.items():
            reading.left[words] += len(root.nodes(key))
        for node in root.nodes(_key_of(source.document)):
            one = _shift(node, known, reading)
            reading.shifts += [one] if one else []
    return reading


def _shift(node: Node, known: Known, reading: Reading) -> GivenShift | None:
    """A shift; None where it has a fault, or is to be deleted."""
    name = next((name for name in _ITEMS if name in node), "")
    item = node.node(name) if name else None
    if node.value.get("isStagedForDeletion") is True or item is None:
        reading.left["shifts staged for deletion"] += 1
        return None
    external = node.text("userId")
    agent_id = known.agent(external, SYSTEM, node.spot("userId")) if external else None
    start, end = item.instant("startDateTime"), item.instant("endDateTime")
    parts = tuple(_parts(item, known))
    note = _NOTE.search(item.text("notes", is_required=False))
    own = node.text("id", is_required=False)
    shift_id = note[1] if note else own if _ID.fullmatch(own) else ""
    if agent_id is None or not (node.is_sound and item.is_sound):
        return None
    return GivenShift(agent_id, start, end, node.spot(), parts, shift_id)


def _parts(item: Node, known: Known) -> Iterator[Part]:
    """The activities of an item; a code is looked up, or else a name."""
    for node in item.nodes("activities"):
        name = node.text("code", is_required=False) or node.text("displayName", is_required=False)
        start, end = node.instant("startDateTime"), node.instant("endDateTime")
        is_paid = node.truth("isPaid")
        item.is_sound = item.is_sound and node.is_sound
        if not node.is_sound:
            continue
        use = known.use(name, SYSTEM) or known.own_use(name)
        if use is None:
            known.no_activity(name or "(no code)", SYSTEM, node.spot("code"))
            continue
        yield Part(use[1], start, end, use[0], is_paid)
