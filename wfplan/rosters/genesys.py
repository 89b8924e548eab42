"""
Layout ``genesys``: week schedules of Genesys Cloud WFM.

Both what its import takes (``ImportScheduleUploadSchema``: ``userId`` of each agent schedule) and
what its API gives back (``BuAgentSchedulesQueryResponse`` and its kin: ``user.id``), plain or as
the ``result`` of an answer, gzip or not. A second file may be its list of activity codes
(``BusinessUnitActivityCodeListing``: ``entities`` with ``id``, ``name`` and ``category``), which
says what the codes are; without it the id map does. What wfplan exported says its shift ids in the
descriptions of activities.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from wfplan.domain.schedule import ActivityCategory
from wfplan.export.genesys.parts import requested, tagged
from wfplan.intake.book import FaultBook, shown
from wfplan.rosters.assembling import USUAL_CODES
from wfplan.rosters.documents import Node
from wfplan.rosters.given import GivenShift, Part, Reading
from wfplan.rosters.known import Known, Use
from wfplan.rosters.sources import Source

SYSTEM = "genesys"
CATEGORIES = {
    "OnQueueWork": ActivityCategory.WORK,
    "Break": ActivityCategory.BREAK,
    "Meal": ActivityCategory.MEAL,
    "Meeting": ActivityCategory.MEETING,
    "OffQueueWork": ActivityCategory.OFF_QUEUE,
    "TimeOff": ActivityCategory.TIME_OFF,
    "Training": ActivityCategory.TRAINING,
    "Unavailable": ActivityCategory.OFF_QUEUE,
}
_LENGTH_MAX = 48 * 60  # minutes; the longest that is looked at
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_NAMED = (ActivityCategory.MEETING, ActivityCategory.OFF_QUEUE, ActivityCategory.TRAINING)


@dataclass(frozen=True)
class _Code:
    """An activity code of the listing."""

    use: Use
    is_paid: bool | None


def fits(source: Source) -> bool:
    """Whether a document has agent schedules, or is a list of activity codes."""
    return bool(_schedules_of(source.document)) or _is_listing(source.document)


def read(sources: Sequence[Source], known: Known, book: FaultBook) -> Reading:
    """The shifts of week schedules; full days off are left out."""
    reading = Reading()
    codes: dict[str, _Code] = {}
    for source in sources:
        if _is_listing(source.document):
            codes |= _listing(source, book)
    for source in sources:
        if not fits(source):
            hint = "give an export of week schedules, or a list of activity codes"
            book.error("has no agentSchedules", file=source.name, hint=hint)
        for key, value in _schedules_of(source.document).items():
            root = Node(value, source.name, key, book)
            for node in root.nodes("agentSchedules"):
                _read_agent(node, known, codes, reading)
    return reading


def _schedules_of(document: Any) -> dict[str, dict[str, Any]]:
    """Path -> object with agent schedules: the document itself, or its result."""
    if not isinstance(document, dict):
        return {}
    places = {"": document, "result": document.get("result")}
    return {
        key: value
        for key, value in places.items()
        if isinstance(value, dict) and isinstance(value.get("agentSchedules"), list)
    }


def _is_listing(document: Any) -> bool:
    """Whether a document is a list of activity codes."""
    entities = document.get("entities") if isinstance(document, dict) else None
    return isinstance(entities, list) and any(
        isinstance(one, dict) and one.get("category") in CATEGORIES for one in entities
    )


def _listing(source: Source, book: FaultBook) -> dict[str, _Code]:
    """The codes of a listing by id."""
    found: dict[str, _Code] = {}
    for node in Node(source.document, source.name, "", book).nodes("entities"):
        category = CATEGORIES.get(node.text("category"))
        if category is None:
            known = ", ".join(CATEGORIES)
            reason = f"'{shown(node.text('category'))}' is no category that is known"
            node.blame("category", reason, f"they are {known}", "HR106")
        elif node.is_sound:
            code = code_of(node.text("name", is_required=False), category)
            found[node.text("id")] = _Code((code, category), node.truth("countsAsPaidTime"))
    return found


def code_of(name: str, category: ActivityCategory) -> str:
    """The code of an activity by its name elsewhere: ``COACHING``; the usual one of a break."""
    word = re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_")[:40]
    return word if word and category in _NAMED else USUAL_CODES[category]


def _read_agent(node: Node, known: Known, codes: Mapping[str, _Code], reading: Reading) -> None:
    """The shifts of one person."""
    user = node.node("user")
    external = node.text("userId") if user is None else user.text("id")
    reading.left["full days off"] += len(node.nodes("fullDayTimeOffMarkers"))
    shifts = node.nodes("shifts")
    if not external or not shifts:
        return
    agent_id = known.agent(external, SYSTEM, node.spot("userId" if user is None else "user.id"))
    for shift in shifts:
        if shift.value.get("delete") is True:
            reading.left["deleted shifts"] += 1
            continue
        start = shift.instant("startDate")
        end = start + timedelta(minutes=shift.count("lengthMinutes", _LENGTH_MAX))
        parts = tuple(_parts(shift, known, codes))
        if agent_id is None or not shift.is_sound:
            continue
        if parts and all(part.category is ActivityCategory.TIME_OFF for part in parts):
            reading.left["shifts that are all time off"] += 1
            continue
        shift_id = _shift_id(shift)
        reading.shifts.append(GivenShift(agent_id, start, end, shift.spot(), parts, shift_id))


def _shift_id(shift: Node) -> str:
    """Our id of a shift, which an export says in a description; else the one that it has there."""
    said = (node.text("description", is_required=False) for node in shift.nodes("activities"))
    given = shift.text("id", is_required=False)
    return tagged(said) or (given if _ID.fullmatch(given) else "")


def _parts(shift: Node, known: Known, codes: Mapping[str, _Code]) -> Iterator[Part]:
    """The activities of a shift; unknown codes are noted."""
    for node in shift.nodes("activities"):
        external = node.text("activityCodeId")
        start = node.instant("startDate")
        end = start + timedelta(minutes=node.count("lengthMinutes", _LENGTH_MAX))
        is_paid = node.truth("paid")
        listed = codes.get(external)
        use = known.use(external, SYSTEM) or (listed.use if listed else None)
        shift.is_sound = shift.is_sound and node.is_sound
        if not node.is_sound:
            continue
        if use is None:
            known.no_activity(external, SYSTEM, node.spot("activityCodeId"))
            continue
        if is_paid is None and listed is not None:
            is_paid = listed.is_paid
        asked = requested(node.text("description", is_required=False))
        yield Part(use[1], start, end, use[0], is_paid, asked)
