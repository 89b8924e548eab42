"""
Layout ``wfplan``: the canonical document ``wfplan-schedule/1``.

It is held against its JSON Schema (``configs/export/wfplan-schedule-1.schema.json``) first; what
a schema cannot say (activities tile their shift, codes and people are known) comes then.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from wfplan.domain.configs import configs_folder
from wfplan.domain.people import Agent
from wfplan.domain.published import only_span
from wfplan.domain.schedule import Activity, ActivityCategory, Shift
from wfplan.domain.schedule_rows import DatedShift, ShiftState
from wfplan.intake.book import FaultBook, shown
from wfplan.rosters.documents import Node
from wfplan.rosters.given import GivenShift, Part, Reading
from wfplan.rosters.known import Known
from wfplan.rosters.schema import faults_of
from wfplan.rosters.sources import Source

SCHEMA = "wfplan-schedule/1"
FAULTS_MAX = 200
_OTHERS = {
    "coaching": ActivityCategory.TRAINING,
    "unavailable": ActivityCategory.OFF_QUEUE,
}
"""Categories of documents that are none of a plan."""

Codes = Mapping[str, tuple[str, ActivityCategory, bool]]
"""Code of the document -> code of the plan, category, whether it is paid."""


def fits(source: Source) -> bool:
    """Whether a document says that it is one, or has its parts."""
    document = source.document
    if not isinstance(document, dict):
        return False
    said = document.get("schema")
    if isinstance(said, str) and said.startswith("wfplan-schedule/"):
        return True
    return "activity_codes" in document and "shifts" in document


def read(sources: Sequence[Source], known: Known, book: FaultBook) -> Reading:
    """The shifts of documents, cancelled ones left out."""
    reading = Reading()
    for source in sources:
        root = _checked(source, book)
        if root is None:
            continue
        codes, zones = _codes(root), _zones(root)
        for node in root.nodes("shifts"):
            if node.value["state"] == ShiftState.CANCELLED:
                reading.left["cancelled shifts"] += 1
            elif (one := _given(node, codes, zones, known)) is not None:
                reading.shifts.append(one)
        reading.left["entries of time off"] += len(root.nodes("time_off"))
        reading.left["open shifts"] += len(root.nodes("open_shifts"))
    return reading


def told(source: Source, agents: Sequence[Agent], zone: str, book: FaultBook) -> list[DatedShift]:
    """
    What a document says was told: shifts with revision and state, cancelled ones included.

    Of a cancelled one nothing but its span is known; ``zone`` is of people whom nobody knows.
    """
    root = _checked(source, book)
    if root is None:
        return []
    codes = _codes(root)
    zones = {agent.agent_id: agent.timezone for agent in agents}
    found: list[DatedShift] = []
    for node in root.nodes("shifts"):
        state = ShiftState(node.value["state"])
        start, end = node.instant("start"), node.instant("end")
        if end <= start:
            node.blame("end", "lies before the start", "check both")
        activities: tuple[Activity, ...] = (only_span(start, end),)
        if state is not ShiftState.CANCELLED and node.value["activities"]:
            activities = _activities(node, codes)
        if node.is_sound and _is_tiled(node, activities):
            zone_of = ZoneInfo(zones.get(node.value["agent_id"], zone))
            shift = Shift(
                shift_id=node.value["shift_id"],
                agent_id=node.value["agent_id"],
                shift_date=start.astimezone(zone_of).date(),
                activities=activities,
                is_locked=bool(node.value.get("locked", False)),
            )
            found.append(DatedShift(shift, node.value["revision"], state))
    return found


def _checked(source: Source, book: FaultBook) -> Node | None:
    """The document where it keeps its schema; else the book has what is wrong."""
    root = Node(source.document, source.name, "", book)
    said = root.value.get("schema")
    if isinstance(said, str) and said.startswith("wfplan-schedule/") and said != SCHEMA:
        hint = f"this wfplan reads {SCHEMA}: export it again, or with a newer wfplan"
        root.blame("schema", f"is {shown(said)}", hint)
        return None
    schema = _schema()
    count = 0
    for path, reason, hint in faults_of(root.value, schema, schema):
        count += 1
        if count > FAULTS_MAX:
            root.blame("", f"has more than {FAULTS_MAX} faults", "export it again")
            return None
        Node(root.value, source.name, path, book).blame("", reason, hint)
    return root if not count else None


@cache
def _schema() -> dict[str, Any]:
    """The schema as it is shipped."""
    path = configs_folder() / "export" / "wfplan-schedule-1.schema.json"
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def _codes(root: Node) -> Codes:
    """
    The codes of the document, by what they are there.

    A code with paid and unpaid uses is two there, ``MEAL.meal.paid`` and
    ``MEAL.meal.unpaid``, and one here.
    """
    found: dict[str, tuple[str, ActivityCategory, bool]] = {}
    for node in root.nodes("activity_codes"):
        code, word, is_paid = (node.value[key] for key in ("code", "category", "paid"))
        if code in found:
            node.blame("code", f"'{shown(code)}' is there twice", "keep one of them", "HR110")
        end = f".{word}.{'paid' if is_paid else 'unpaid'}"
        category = _OTHERS.get(word) or ActivityCategory(word)
        found[code] = code.removesuffix(end) or code, category, is_paid
    return found


def _zones(root: Node) -> dict[str, str]:
    """The zones of the document's people."""
    return {node.value["agent_id"]: node.value["timezone"] for node in root.nodes("agents")}


def _given(node: Node, codes: Codes, zones: Mapping[str, str], known: Known) -> GivenShift | None:
    """A shift that is not cancelled."""
    start, end = node.instant("start"), node.instant("end")
    if not node.value["activities"]:
        node.blame("activities", "has none", "give at least one that fills the shift")
    agent_id = known.agent(node.value["agent_id"], "", node.spot("agent_id"))
    zone = zones.get(node.value["agent_id"]) or known.problem.timezone
    _check_date(node, zone)
    parts = [
        Part(one.category, one.start, one.end, one.code, one.is_paid, one.activity_id)
        for one in _activities(node, codes)
    ]
    if agent_id is None or not node.is_sound:
        return None
    return GivenShift(
        agent_id, start, end, node.spot(), tuple(parts), node.value["shift_id"],
        bool(node.value.get("locked", False)), is_exact=True,
    )  # fmt: skip


def _check_date(node: Node, zone: str) -> None:
    """The date of a shift is that of its start on the clock of its person."""
    try:
        day = node.instant("start").astimezone(ZoneInfo(zone)).date()
    except (KeyError, ValueError, OSError):
        node.blame("agent_id", f"her time zone '{shown(zone)}' is not known", "correct agents")
        return
    if node.is_sound and node.day("date") != day:
        hint = "correct the date, or the start"
        node.blame("date", f"is {node.day('date')}, and the shift starts on {day} in {zone}", hint)


def _activities(node: Node, codes: Codes) -> tuple[Activity, ...]:
    """The activities of a shift, by what their codes are."""
    found: list[Activity] = []
    for part in node.nodes("activities"):
        use = codes.get(part.value["code"])
        if use is None:
            reason = f"'{shown(part.value['code'])}' is none of activity_codes"
            part.blame("code", reason, "add it there", "HR111")
            node.is_sound = False
            continue
        start, end = part.instant("start"), part.instant("end")
        node.is_sound = node.is_sound and part.is_sound
        asked = str(part.value.get("activity_id", ""))
        found.append(Activity(code=use[0], category=use[1], is_paid=use[2], start=start, end=end,
                              activity_id=asked))  # fmt: skip
    return tuple(found)


def _is_tiled(node: Node, activities: Sequence[Activity]) -> bool:
    """Whether activities fill their shift; a fault if not."""
    edges = [
        node.instant("start"),
        *(edge for one in activities for edge in (one.start, one.end)),
        node.instant("end"),
    ]
    is_filled = all(a == b for a, b in zip(edges[::2], edges[1::2], strict=True))
    if not is_filled or any(one.end <= one.start for one in activities):
        node.blame("activities", "do not tile the shift", "close the gap, or cut one short")
        return False
    return True
