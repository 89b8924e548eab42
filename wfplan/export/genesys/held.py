"""
What Genesys holds of a schedule, from its own answers, saved as they are.

Of the schedule: ``GET .../weeks/{weekId}/schedules/{scheduleId}`` (``BuScheduleMetadata``). Of its
people: ``POST .../schedules/{scheduleId}/agentschedules/query``, an answer for every management
unit (``BuAsyncAgentSchedulesQueryResponse``, or what its ``downloadUrl`` leads to).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from wfplan.errors import Fault, InputFaultsError
from wfplan.export.genesys.parts import tagged

_BYTES_MAX = 2**28


@dataclass(frozen=True)
class HeldShift:
    """A shift in Genesys; ``shift_id`` is ours, where its description says it."""

    id: str
    start: datetime
    shift_id: str


@dataclass(frozen=True)
class HeldAgent:
    """A person's shifts in Genesys, and the version that an update must name."""

    version: int
    shifts: tuple[HeldShift, ...]


@dataclass(frozen=True)
class Held:
    """A schedule in Genesys, and its people by user id."""

    schedule_id: str
    first_day: date
    weeks: int
    version: int
    is_published: bool
    agents: Mapping[str, HeldAgent]


class _Answer(BaseModel):
    """Part of an answer; what else it says is not looked at."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Version(_Answer):
    version: int


class _Schedule(_Answer):
    id: str
    weekDate: date  # noqa: N815 - the names are Genesys'
    weekCount: int  # noqa: N815
    published: bool = False
    metadata: _Version


class _Activity(_Answer):
    description: str | None = None


class _Shift(_Answer):
    id: str
    startDate: datetime  # noqa: N815
    activities: tuple[_Activity, ...] = ()


class _User(_Answer):
    id: str


class _AgentSchedule(_Answer):
    user: _User
    shifts: tuple[_Shift, ...] = ()
    metadata: _Version


def held_in(paths: Iterable[Path]) -> Held:
    """
    What saved answers say that Genesys holds.

    Raises
    ------
    InputFaultsError
        When a file is no such answer, or one of them is missing.
    """
    faults: list[Fault] = []
    schedules: list[_Schedule] = []
    people: list[_AgentSchedule] = []
    for path in paths:
        try:
            content = _content(path)
            if isinstance(content.get("agentSchedules"), list):
                people += [_AgentSchedule.model_validate(one) for one in content["agentSchedules"]]
            else:
                schedules.append(_Schedule.model_validate(content))
        except ValidationError as error:
            faults += [_fault(path, fault) for fault in error.errors()]
        except ValueError as error:
            faults.append(Fault(str(error), file=str(path), hint=_HINT))
    if not faults and len(schedules) != 1:
        reason = f"names {len(schedules)} answers of GET .../schedules/{{scheduleId}}, not one"
        faults.append(Fault(reason, column="genesys.current", hint=_HINT))
    if not faults and not people:
        reason = "names no answer of POST .../agentschedules/query with anybody in it"
        faults.append(Fault(reason, column="genesys.current", hint=_HINT))
    if faults:
        raise InputFaultsError(faults)
    return _held(schedules[0], people)


_HINT = "save the answers of Genesys as they are, and name their files in [genesys] current"


def _content(path: Path) -> dict[str, Any]:
    """An answer, or the result of one that came later."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ValueError(f"cannot be read ({error.strerror})") from None
    if len(raw) > _BYTES_MAX:
        raise ValueError("is larger than an answer of Genesys")
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        raise ValueError("is no JSON") from None
    if not isinstance(content, dict):
        raise ValueError("is no answer of Genesys")
    if content.get("downloadUrl") and not content.get("result"):
        raise ValueError("has a downloadUrl in place of the result: save what that leads to")
    result = content.get("result")
    return result if isinstance(result, dict) else content


def _fault(path: Path, fault: Any) -> Fault:
    """Where an answer is not what Genesys writes."""
    return Fault(fault["msg"], file=str(path), column=".".join(map(str, fault["loc"])), hint=_HINT)


def _held(schedule: _Schedule, people: Iterable[_AgentSchedule]) -> Held:
    """The answers as one."""
    return Held(
        schedule.id,
        schedule.weekDate,
        schedule.weekCount,
        schedule.metadata.version,
        schedule.published,
        {
            one.user.id: HeldAgent(
                one.metadata.version,
                tuple(
                    HeldShift(
                        shift.id,
                        shift.startDate,
                        tagged(activity.description or "" for activity in shift.activities),
                    )
                    for shift in one.shifts
                ),
            )
            for one in people
        },
    )
