"""``json``: the canonical document ``wfplan-schedule/1``.

Its JSON Schema is ``configs/export/wfplan-schedule-1.schema.json``. Whether
time is paid is a matter of the activity code there, so that a code with paid
and unpaid uses appears as two codes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from wfplan.domain.cells import instant_cell, single_line
from wfplan.domain.people import Agent
from wfplan.domain.schedule import ActivityCategory
from wfplan.domain.schedule_rows import DatedShift, ShiftState, local_date
from wfplan.export.order import Exported, Order, fit_id
from wfplan.export.words import use_in_words

SCHEDULE_SCHEMA = "wfplan-schedule/1"
TIME_OFF_CODE = "TIME_OFF"
_SECOND = timedelta(seconds=1)
Use = tuple[str, str, bool]  # code, category, whether it is paid


def to_json(order: Order) -> Exported:
    """``schedule.json``."""
    text = json.dumps(document(order), indent=1, ensure_ascii=False)
    return Exported({"schedule.json": f"{text}\n".encode()})


def document(order: Order) -> dict[str, Any]:
    """The document as an object."""
    schedule, codes = order.schedule, _codes(order)
    teams = sorted({agent.team for agent in order.agents.values()} - {""})
    return {
        "schema": SCHEDULE_SCHEMA,
        "schedule_id": fit_id(schedule.schedule_id),
        "revision": schedule.revision,
        "status": schedule.status,
        "site": order.problem.site,
        "timezone": schedule.timezone,
        "week_start": schedule.first_day.isoformat(),
        "weeks": max(1, -(-schedule.days // 7)),
        "generated_at": instant_cell(order.made_at),
        "agents": [_agent(agent) for agent in order.agents.values()],
        "groups": [{"group": single_line(team)} for team in teams],
        "activity_codes": [
            {"code": codes[use], "name": use_in_words(*use[:2]), "category": use[1], "paid": use[2]}
            for use in sorted(codes)
        ],
        "shifts": [_shift(dated, codes) for dated in order.shifts],
        "time_off": [
            entry for agent in order.agents.values() for entry in _absent(order, agent, codes)
        ],
    }


def _codes(order: Order) -> dict[Use, str]:
    """The code in the document of every use of a code in the schedule."""
    uses: dict[str, set[Use]] = defaultdict(set)
    for dated in order.shifts:
        if dated.state is not ShiftState.CANCELLED:
            for activity in dated.shift.activities:
                use = activity.code, str(activity.category), activity.is_paid
                uses[activity.code].add(use)
    for agent in order.agents.values():
        for time_off in order.time_off(agent):
            use = TIME_OFF_CODE, str(ActivityCategory.TIME_OFF), time_off.is_paid
            uses[TIME_OFF_CODE].add(use)
    return {
        use: fit_id(code if len(same) == 1 else f"{code}.{use[1]}.{'paid' if use[2] else 'unpaid'}")
        for code, same in uses.items()
        for use in same
    }


def _agent(agent: Agent) -> dict[str, Any]:
    """A person; name and address only where they are known."""
    known = {"name": single_line(agent.name), "email": single_line(agent.email)}
    return {
        "agent_id": agent.agent_id,
        **{name: text for name, text in known.items() if text},
        "group": single_line(agent.team),
        "timezone": agent.timezone,
    }


def _shift(dated: DatedShift, codes: dict[Use, str]) -> dict[str, Any]:
    """A shift; a cancelled one has no activities."""
    shift = dated.shift
    activities = () if dated.state is ShiftState.CANCELLED else shift.activities
    return {
        "shift_id": fit_id(shift.shift_id),
        "agent_id": shift.agent_id,
        "date": shift.shift_date.isoformat(),
        "state": str(dated.state),
        "revision": dated.revision,
        "locked": shift.is_locked,
        "start": instant_cell(shift.start),
        "end": instant_cell(shift.end),
        "activities": [
            {
                "code": codes[activity.code, str(activity.category), activity.is_paid],
                "start": instant_cell(activity.start),
                "end": instant_cell(activity.end),
            }
            for activity in activities
        ],
    }


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
