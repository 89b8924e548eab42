"""``json``: the canonical document ``wfplan-schedule/1``.

Its JSON Schema is ``configs/export/wfplan-schedule-1.schema.json``. Whether
time is paid is a matter of the activity code there, so that a code with paid
and unpaid uses appears as two codes. Each entry of a list stands on a line of
its own: two exports can be compared line by line.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

from wfplan.domain.cells import instant_cell, single_line
from wfplan.domain.external_ids import ExternalIds, IdKind
from wfplan.domain.offers import OpenShift
from wfplan.domain.people import Agent
from wfplan.domain.schedule import Activity, ActivityCategory, Shift
from wfplan.domain.schedule_rows import DatedShift, local_date
from wfplan.export.order import Exported, Order, fit_id
from wfplan.export.words import use_in_words

SCHEDULE_SCHEMA = "wfplan-schedule/1"
TIME_OFF_CODE = "TIME_OFF"
_SECOND = timedelta(seconds=1)
_MINUTE = timedelta(minutes=1)
Use = tuple[str, str, bool]  # code, category, whether it is paid


def to_json(order: Order) -> Exported:
    """``schedule.json``."""
    return Exported({"schedule.json": _written(_parts(order))})


def _written(parts: Iterable[tuple[str, Any]]) -> bytes:
    """The document as a file; of a list no more than one entry is held as an object."""
    pieces = [f"{_text(key)}: {_value_text(value)}" for key, value in parts]
    return ("{\n " + ",\n ".join(pieces) + "\n}\n").encode()


def _value_text(value: Any) -> str:
    """A value in a line, of a list an entry."""
    if not isinstance(value, Iterator):
        return _text(value)
    lines = ",\n  ".join(map(_text, value))
    return f"[\n  {lines}\n ]" if lines else "[]"


_text = json.JSONEncoder(ensure_ascii=False).encode


def _parts(order: Order) -> Iterator[tuple[str, Any]]:
    """The parts of the document in order; lists are iterators of their entries."""
    schedule, codes, ids = order.schedule, _codes(order), order.ids
    teams = sorted({agent.team for agent in order.agents.values()} - {""})
    yield "schema", SCHEDULE_SCHEMA
    yield "schedule_id", fit_id(schedule.schedule_id)
    yield "revision", schedule.revision
    yield "status", schedule.status
    yield "site", single_line(order.problem.site)
    yield "timezone", schedule.timezone
    yield "week_start", schedule.first_day.isoformat()
    yield "weeks", max(1, -(-schedule.days // 7))
    yield "generated_at", instant_cell(order.made_at)
    yield "agents", (_agent(agent, ids) for agent in order.agents.values())
    yield (
        "groups",
        ({"group": single_line(team)} | _elsewhere(ids, IdKind.GROUP, team) for team in teams),
    )
    yield (
        "activity_codes",
        (
            {"code": codes[use], "name": use_in_words(*use[:2]), "category": use[1], "paid": use[2]}
            | _elsewhere(ids, IdKind.ACTIVITY, use[0])
            for use in sorted(codes)
        ),
    )
    yield "shifts", (_shift(dated, codes) for dated in order.shifts)
    yield (
        "time_off",
        (entry for agent in order.agents.values() for entry in _absent(order, agent, codes)),
    )
    yield "open_shifts", iter(_open_shifts(order, codes))


def _elsewhere(ids: ExternalIds, kind: IdKind, key: str) -> dict[str, dict[str, str]]:
    """The ids of something in other systems, where there are any."""
    known = ids.all_of(kind, key)
    return {"external_ids": known} if known else {}


def _codes(order: Order) -> dict[Use, str]:
    """The code in the document of every use of a code in the schedule."""
    uses: dict[str, set[Use]] = defaultdict(set)
    written = (dated.shift for dated in order.shifts if not dated.is_cancelled)
    open_shifts = (offer.shift for offer in order.open_shifts if offer.shift)
    for shift in chain(written, open_shifts):
        for activity in shift.activities:
            uses[activity.code].add(_use(activity))
    for agent in order.agents.values():
        for time_off in order.time_off(agent):
            use = TIME_OFF_CODE, str(ActivityCategory.TIME_OFF), time_off.is_paid
            uses[TIME_OFF_CODE].add(use)
    return {
        use: fit_id(code if len(same) == 1 else f"{code}.{use[1]}.{'paid' if use[2] else 'unpaid'}")
        for code, same in uses.items()
        for use in same
    }


def _use(activity: Activity) -> Use:
    """How an activity uses its code."""
    return activity.code, str(activity.category), activity.is_paid


def _agent(agent: Agent, ids: ExternalIds) -> dict[str, Any]:
    """A person; name and address only where they are known."""
    known = {"name": single_line(agent.name), "email": single_line(agent.email)}
    return {
        "agent_id": agent.agent_id,
        **{name: text for name, text in known.items() if text},
        "group": single_line(agent.team),
        "timezone": agent.timezone,
        **_elsewhere(ids, IdKind.AGENT, agent.agent_id),
    }


def _shift(dated: DatedShift, codes: dict[Use, str]) -> dict[str, Any]:
    """A shift; a cancelled one has no activities."""
    shift = dated.shift
    return {
        "shift_id": fit_id(shift.shift_id),
        "agent_id": fit_id(shift.agent_id),  # of somebody who has left it may be anything
        "date": shift.shift_date.isoformat(),
        "state": str(dated.state),
        "revision": dated.revision,
        "locked": shift.is_locked,
        "start": instant_cell(shift.start),
        "end": instant_cell(shift.end),
        "activities": [] if dated.is_cancelled else _activities(shift, codes),
    }


def _activities(shift: Shift, codes: dict[Use, str]) -> list[dict[str, str]]:
    """The activities of a shift, which tile it."""
    return [
        {
            "code": codes[_use(activity)],
            "start": instant_cell(activity.start),
            "end": instant_cell(activity.end),
            **({"activity_id": single_line(activity.activity_id)} if activity.activity_id else {}),
        }
        for activity in shift.activities
    ]


def _open_shifts(order: Order, codes: dict[Use, str]) -> list[dict[str, Any]]:
    """
    Shifts that nobody has, the same ones as slots of one entry, by start.

    Their group are the channels that they serve; activities only where they are planned.
    """
    same: dict[tuple[datetime, datetime, str, str], list[OpenShift]] = defaultdict(list)
    for offer in order.open_shifts:
        same[offer.start, offer.end, offer.group, offer.contract].append(offer)
    return [
        {
            "open_shift_id": _open_shift_id(offers[0]),
            "group": single_line(group),
            "label": single_line(contract),
            "slots": len(offers),
            "start": instant_cell(start),
            "end": instant_cell(end),
            "activities": _activities(offers[0].shift, codes) if offers[0].shift else [],
        }
        for (start, end, group, contract), offers in sorted(same.items())
    ]


def _open_shift_id(offer: OpenShift) -> str:
    """The same for the same hours of the same people, whenever they are offered."""
    minutes = int((offer.end - offer.start) / _MINUTE)
    begin = offer.start.astimezone(UTC)
    return fit_id(f"open-{offer.group}-{offer.contract}-{begin:%Y%m%dT%H%M}-{minutes}")


def _absent(order: Order, agent: Agent, codes: dict[Use, str]) -> Iterator[dict[str, Any]]:
    """Approved time off by dates, the last one included; never a reason."""
    for time_off in order.time_off(agent):
        first = local_date(time_off.start, agent.timezone)
        yield {
            "time_off_id": fit_id(f"{agent.agent_id}-off-{instant_cell(time_off.start)}"),
            "agent_id": agent.agent_id,
            "code": codes[TIME_OFF_CODE, str(ActivityCategory.TIME_OFF), time_off.is_paid],
            "start_date": first.isoformat(),
            "end_date": local_date(time_off.end - _SECOND, agent.timezone).isoformat(),
            "all_day": time_off.is_all_day,
            "revision": order.schedule.revision,
        }
