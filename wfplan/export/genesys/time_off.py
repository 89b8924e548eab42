"""
Time off for Genesys: markers of whole days, and shifts of time off for parts of days.

A marker stands on a date "interpreted in the business unit's time zone" [1]_ and says what the
day is worth: the hours of the contract over its work days. More days of a week than those are
not paid, weekends first. Part of a day is an activity, which needs a shift to be in.

References
----------
.. [1] PureCloudPlatformClientV2 269.0: BuFullDayTimeOffMarker.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from wfplan.domain.cells import instant_cell
from wfplan.domain.people import Agent
from wfplan.domain.schedule import Shift
from wfplan.export.genesys.parts import Codes, Stretch, instant_text, tag_of
from wfplan.export.order import Note, Order
from wfplan.horizon import day_bounds

TIME_OFF_CODE = "TIME_OFF"
_WEEK = 7
_FRIDAY = 5
_WORK_DAYS = 5


@dataclass(frozen=True)
class Absence:
    """A person's time off on one date: all of it, or from an instant to another."""

    day: date
    start: datetime
    end: datetime
    is_whole: bool
    is_paid: bool
    key: str


def absences(order: Order, agent: Agent, stretch: Stretch) -> list[Absence]:
    """Approved time off of a person by her dates; a date that is off as a whole is so once."""
    found: dict[tuple[date, datetime], Absence] = {}
    for time_off in order.time_off(agent):
        key = f"{agent.agent_id}-off-{instant_cell(time_off.start)}"
        for day in stretch.dates:
            begin, end = day_bounds(day, agent.timezone)
            start, stop = max(begin, time_off.start), min(end, time_off.end)
            if start < stop:
                is_whole = (start, stop) == (begin, end)
                one = Absence(day, start, stop, is_whole, time_off.is_paid, key)
                found.setdefault((day, start), one)
    whole = {one.day for one in found.values() if one.is_whole}
    return [one for one in found.values() if one.is_whole or one.day not in whole]


def markers(
    order: Order, agent: Agent, off: Iterable[Absence], stretch: Stretch, codes: Codes
) -> list[dict[str, Any]]:
    """The days that a person is off as a whole, by date."""
    whole = sorted((one for one in off if one.is_whole), key=lambda one: one.day)
    worth_min = _day_min(order, agent)
    paid = set(_paid_days(order, agent, whole, stretch))
    return [
        {
            "businessUnitDate": one.day.isoformat(),
            "lengthMinutes": worth_min,
            "description": tag_of(one.key),
            "activityCodeId": codes.of(TIME_OFF_CODE),
            "paid": one.day in paid,
            "payableMinutes": worth_min if one.day in paid else 0,
        }
        for one in whole
    ]


def part_days(
    off: Iterable[Absence], shifts: Iterable[Shift], codes: Codes
) -> tuple[list[dict[str, Any]], list[Absence]]:
    """Shifts of time off for parts of days; and those parts that lie on others, left out."""
    taken, found, left = [(shift.start, shift.end) for shift in shifts], [], []
    for one in off:
        if one.is_whole:
            continue
        if any(start < one.end and one.start < end for start, end in taken):
            left.append(one)
            continue
        taken.append((one.start, one.end))
        minutes = int((one.end - one.start) / timedelta(minutes=1))
        activity = {
            "startDate": instant_text(one.start),
            "lengthMinutes": minutes,
            "description": tag_of(one.key),
            "activityCodeId": codes.of(TIME_OFF_CODE),
            "paid": one.is_paid,
        }
        found.append(
            {
                "startDate": instant_text(one.start),
                "lengthMinutes": minutes,
                "manuallyEdited": True,
                "activities": [activity],
            }
        )
    return found, left


def notes_of(order: Order, left: Mapping[str, list[Absence]]) -> Iterator[Note]:
    """Of time off that Genesys has otherwise than the plan."""
    here = {agent.agent_id for agent in order.agents.values() if _is_elsewhere(order, agent)}
    away = tuple(sorted(one for one in here if order.time_off(order.agents[one])))
    if away:
        yield Note(
            f"days off are dates in the business unit's zone ({order.schedule.timezone}) there; "
            "of people in other zones they are the dates of their own zone",
            agent_ids=away,
        )
    on_shifts = tuple(agent_id for agent_id, parts in sorted(left.items()) if parts)
    if on_shifts:
        yield Note(
            "time off for part of a day lies on a shift, and Genesys takes one of the two: it gets "
            "the shift",
            agent_ids=on_shifts,
        )


def _is_elsewhere(order: Order, agent: Agent) -> bool:
    """Whether a person's day begins at another instant than the business unit's."""
    day = order.schedule.first_day
    return day_bounds(day, agent.timezone) != day_bounds(day, order.schedule.timezone)


def _day_min(order: Order, agent: Agent) -> int:
    """What a day off is worth: the minutes of the contract over its work days."""
    return round(agent.contract_hours_week * 60 / _work_days(order, agent))


def _work_days(order: Order, agent: Agent) -> int:
    contract = order.problem.contracts.get(agent.contract_type)
    return contract.work_days_max if contract else _WORK_DAYS


def _paid_days(
    order: Order, agent: Agent, whole: Iterable[Absence], stretch: Stretch
) -> Iterator[date]:
    """The dates that are paid: of every week no more than there are work days."""
    weeks: dict[int, list[date]] = {}
    for one in whole:
        if one.is_paid:
            weeks.setdefault((one.day - stretch.first_day).days // _WEEK, []).append(one.day)
    for days in weeks.values():
        ranked = sorted(days, key=lambda day: (day.isoweekday() > _FRIDAY, day))
        yield from ranked[: _work_days(order, agent)]
