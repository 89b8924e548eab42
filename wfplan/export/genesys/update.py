"""
What changes in a schedule that is in Genesys (``UpdateScheduleUploadSchema``).

An update names people and shifts: a shift with an ``id`` of Genesys takes the place of the one
that has it, one without is new, one with ``delete`` goes, and whatever is not named stays as it
is [1]_. So a cancelled shift is deleted by its id there. Schedule and people have a version each,
which the update must name, so that no edit made there meanwhile is lost. Ids and versions are in
Genesys' answers (:mod:`wfplan.export.genesys.held`): shifts are found by the id of ours in their
description, those that lost it by when they began.

References
----------
.. [1] PureCloudPlatformClientV2 269.0: BuUpdateAgentScheduleUploadSchema (metadata: "Required if
       updating or deleting an existing agent schedule, otherwise should be omitted"),
       BuUpdateAgentScheduleShift (delete: "Set to true to delete the shift from the agent's
       schedule").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from wfplan.domain.schedule_rows import DatedShift
from wfplan.export.genesys.held import Held, HeldAgent, HeldShift
from wfplan.export.genesys.parts import Codes, shift_of
from wfplan.export.order import Change, Note, Order, fit_id

_WEEK = 7


@dataclass
class _Missed:
    """Shifts that Genesys does not hold any more."""

    changed: list[DatedShift] = field(default_factory=list)
    cancelled: list[DatedShift] = field(default_factory=list)


def update_of(
    order: Order, held: Held, codes: Codes, description: str
) -> tuple[dict[str, Any], tuple[Note, ...]]:
    """The update, and what must be said of it."""
    missed, agents = _Missed(), []
    by_agent: dict[str, list[DatedShift]] = {}
    for dated in order.shifts:
        by_agent.setdefault(dated.shift.agent_id, []).append(dated)
    for agent_id, shifts in by_agent.items():
        user = codes.user(agent_id)
        there = held.agents.get(user)
        entries = [
            entry for dated in shifts for entry in _entry(order, dated, there, codes, missed)
        ]
        if entries:
            version = {"metadata": {"version": there.version}} if there else {}
            agents.append({"userId": user, "shifts": entries, **version})
    document = {
        "description": description,
        **({"published": True} if order.is_publishing else {}),
        "metadata": {"version": held.version},
        "agentSchedules": agents,
    }
    return document, tuple(_notes(missed))


def unknown(order: Order) -> str:
    """That nobody says what Genesys holds, and how to say it."""
    there = f".../weeks/{order.schedule.first_day}/schedules/{{scheduleId}}"
    return (
        "what Genesys holds is not known, so that the whole schedule is written anew, without what "
        "is cancelled: it takes the place of the one there when it is published. To change single "
        f"shifts there instead, save its answers to GET {there} and to POST "
        f"{there}/agentschedules/query (one for every management unit), and name the files in "
        'export.toml: [genesys] current = ["schedule.json", "agents.json"]'
    )


def refusals_of(order: Order, held: Held) -> Iterator[str]:
    """Why the schedule in Genesys cannot be updated."""
    first, last = held.first_day, held.first_day + timedelta(days=_WEEK * held.weeks)
    day, end = order.schedule.first_day, order.schedule.first_day + timedelta(order.schedule.days)
    if not first <= day or not end <= last:
        yield (
            f"the schedule in Genesys covers {first} to {last - timedelta(1)}, this plan {day} to "
            f"{end - timedelta(1)}: name the answers of the schedule of that week in [genesys] "
            "current."
        )
    if held.is_published and not order.is_publishing:
        yield (
            "the schedule in Genesys is published, so that people see an update at once: give "
            "--publish, too, or leave out --since to import a draft beside it."
        )


def _entry(
    order: Order, dated: DatedShift, there: HeldAgent | None, codes: Codes, missed: _Missed
) -> Iterator[dict[str, Any]]:
    """What an update says of a shift."""
    change = order.change_of(dated)
    found = _found(order, dated, there)
    if dated.is_cancelled:
        if found:
            yield {"id": found.id, "delete": True}
        else:
            missed.cancelled.append(dated)
        return
    if change is Change.CHANGED and found is None:
        missed.changed.append(dated)
    yield {**({"id": found.id} if found else {}), **shift_of(dated.shift, codes)}


def _found(order: Order, dated: DatedShift, there: HeldAgent | None) -> HeldShift | None:
    """The shift in Genesys that one of ours is: by its id, else by when it was told to begin."""
    if there is None:
        return None
    shift_id = fit_id(dated.shift.shift_id)
    for one in there.shifts:
        if one.shift_id == shift_id:
            return one
    before = order.before.get(dated.shift.shift_id)
    if before is None or before.is_cancelled:
        return None
    untold = (one for one in there.shifts if not one.shift_id)
    return next((one for one in untold if one.start == before.shift.start), None)


def _notes(missed: _Missed) -> Iterator[Note]:
    """Of shifts that somebody took out of Genesys."""
    for shifts, words in (
        (missed.changed, "is not in Genesys any more, and is added there again"),
        (missed.cancelled, "is not in Genesys any more, so that there is nothing to delete"),
    ):
        if shifts:
            yield Note(
                f"a {'changed' if shifts is missed.changed else 'cancelled'} shift {words}",
                tuple(sorted({one.shift.agent_id for one in shifts})),
                tuple(one.shift.shift_id for one in shifts),
            )
