"""``oracle``: a schedule for Oracle Workforce Scheduling, as HCM Data Loader takes it.

One request per staffing department and location, one event per person in it and one for all its
open shifts. ``FULL`` has Oracle delete every shift of the department and period before it takes
these, so that cancelled shifts need no line; ``UPDATE`` names the shifts that change by their
number, which is the shift's id.

References
----------
Oracle Fusion Cloud Human Resources, *HCM Data Loading Business Objects*: "Examples of Creating
Worker Workforce Schedules", "Examples of Updating Worker Workforce Schedules"; table
HTS_SCHED_SHIFT_EVENTS (numbers up to 120 characters, breaks in minutes).
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from wfplan.domain.base import Model
from wfplan.domain.cells import instant_cell
from wfplan.domain.external_ids import IdKind
from wfplan.domain.offers import OpenShift
from wfplan.domain.people import Agent
from wfplan.domain.schedule import Shift
from wfplan.domain.schedule_rows import DatedShift, local_date
from wfplan.export.oracle.hcm_data import data_file, merge_line, zipped
from wfplan.export.order import Change, Exported, Note, Order, fit_id

SYSTEM = "oracle"
DAT = "ScheduleRequest.dat"
ZIP = "ScheduleRequest.zip"
_ACTION = {Change.NEW: "CREATE", Change.CHANGED: "UPDATE", Change.CANCELLED: "DELETE"}

REQUEST = (
    "ScheduleRequestNumber", "RequestSource", "RequestTime", "DepartmentName", "LocationCode",
    "LocationSetCode", "StartDate", "EndDate", "ImportMode", "ValidationFlag",
)  # fmt: skip
EVENT = (
    "ImportMode", "ScheduleRequestNumber", "ScheduleEventNumber", "AssignmentNumber",
    "PersonNumber", "OpenShift",
)  # fmt: skip
SHIFT = (
    "ShiftNumber", "ShiftAction", "ShiftStartTime", "ShiftEndTime", "ScheduleEventNumber",
    "ScheduleRequestNumber", "ScheduleShiftEventNumber", "JobProfileType", "JobProfile",
    "JobSetCode", "OtherQualificationType", "OtherQualification", "BusinessUnitName",
    "ShiftTypeExtendedCode", "WorkforceShiftName", "ShiftDate", "UnpaidBreakDuration",
    "PaidBreakDuration", "WorkforceShiftCategory", "Comments", "PremiumShiftCode",
    "AllowOvertimeFlag", "ShiftIncentive",
)  # fmt: skip


class OracleSettings(Model):
    """The table ``[oracle]`` of ``export.toml``."""

    department: str = Field(
        default="", description="The staffing department of everybody. Default: one per site."
    )
    department_by: Literal["site", "team"] = Field(
        default="site",
        description="Whose name a department has where several are staffed; the external ids of "
        "sites or groups rename it.",
    )
    location: str = Field(default="", description="LocationCode of every department.")
    locations: dict[str, str] = Field(
        default_factory=dict, description="LocationCode by site or team, where they differ."
    )
    location_set: str = Field(default="COMMON", description="LocationSetCode of the locations.")
    request_source: str = Field(
        default="ORA_HWM_WFM",
        min_length=1,
        max_length=30,
        description="RequestSource, a code of the lookup ORA_HWM_SHIFT_ENTRY_OWNER.",
    )
    validation: bool = Field(default=True, description="ValidationFlag: Oracle checks the shifts.")
    shift_type: str = Field(default="REGULAR", description="ShiftTypeExtendedCode of every shift.")
    shift_category: str = Field(default="", description="WorkforceShiftCategory of every shift.")
    business_unit: str = Field(default="", description="BusinessUnitName of every shift.")
    job_profile_type: str = Field(default="", description="JobProfileType of every shift.")
    job_profile: str = Field(default="", description="JobProfile of every shift.")
    job_set: str = Field(default="", description="JobSetCode of every shift.")
    named_shifts: dict[str, str] = Field(
        default_factory=dict,
        description="Enterprise shifts by wall times: '07:00-15:30' = '7A-3P'. Their own breaks "
        "count; any other shift has its times.",
    )


@dataclass(frozen=True, order=True)
class _Department:
    """A staffing department at a location."""

    name: str
    location: str


@dataclass
class _Lines:
    """The lines of the three components."""

    requests: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    shifts: list[str] = field(default_factory=list)


def to_oracle(order: Order) -> Exported:
    """``ScheduleRequest.dat``, and ``ScheduleRequest.zip`` with it, which is what is uploaded."""
    staffed, homeless = _departments(order)
    lines, refusals = _Lines(), []
    if homeless:
        refusals.append(
            f"{_some(homeless)}: no {order.settings.department_by} says their department. Set "
            "'department' or 'department_by' under [oracle] of export.toml, or say it in the plan"
        )
    opened, unopened = _open_shifts(order, sorted(staffed))
    for at, department in enumerate(sorted(staffed), start=1):
        number = _request_number(order, at if len(staffed) > 1 else 0, staffed[department])
        _add(order, lines, department, number, staffed[department], opened[department])
    raw = data_file(
        (
            ("ScheduleRequest", REQUEST, lines.requests),
            ("ScheduleEvent", EVENT, lines.events),
            ("ScheduleShiftEvent", SHIFT, lines.shifts),
        )
    )
    notes = tuple(_notes(order, sorted(staffed), unopened))
    return Exported({DAT: raw, ZIP: zipped(DAT, raw)}, notes, tuple(refusals))


def _departments(order: Order) -> tuple[dict[_Department, list[DatedShift]], list[str]]:
    """The shifts by department, and the people whose department nothing says."""
    staffed: dict[_Department, list[DatedShift]] = defaultdict(list)
    homeless: dict[str, None] = {}
    for dated in order.shifts:
        agent = order.agents.get(dated.shift.agent_id)
        department = _department_of(order, _key_of(order, agent))
        if department is None:
            homeless[dated.shift.agent_id] = None
        else:
            staffed[department].append(dated)
    return staffed, list(homeless)


def _key_of(order: Order, agent: Agent | None) -> str:
    """The site or team of somebody."""
    if order.settings.department_by == "site":
        return order.site_of(agent)
    return agent.team if agent else ""


def _department_of(order: Order, key: str) -> _Department | None:
    """The department of a site or team."""
    settings: OracleSettings = order.settings
    kind = IdKind.SITE if order.settings.department_by == "site" else IdKind.GROUP
    name = settings.department or (order.ids.find(SYSTEM, kind, key) if key else "") or key
    return _Department(name, settings.locations.get(key) or settings.location) if name else None


def _request_number(order: Order, at: int, shifts: Sequence[DatedShift]) -> str:
    """The number of a request; another one for everything that differs."""
    said = "\n".join(
        f"{shift.shift_id} {order.change_of(dated)} {shift.agent_id} {instant_cell(shift.start)} "
        f"{instant_cell(shift.end)} {break_minutes(shift)}"
        for dated in shifts
        for shift in (dated.shift,)
    )
    part = f"-{at}" if at else ""
    since = "-since" if order.is_delta else ""
    digest = hashlib.sha256(said.encode()).hexdigest()[:8]
    return f"{fit_id(order.schedule.schedule_id)}-r{order.schedule.revision}{part}{since}-{digest}"


def _add(
    order: Order,
    lines: _Lines,
    department: _Department,
    number: str,
    shifts: Iterable[DatedShift],
    opened: Sequence[OpenShift],
) -> None:
    """Add the request of a department with its events and their shifts."""
    settings: OracleSettings = order.settings
    mode = "UPDATE" if order.is_delta else "FULL"
    first = order.schedule.first_day
    last = first + timedelta(days=order.schedule.days - 1)
    lines.requests.append(
        merge_line(
            "ScheduleRequest",
            number,
            settings.request_source,
            order.made_at.astimezone(UTC).isoformat(timespec="milliseconds"),
            department.name,
            department.location,
            settings.location_set if department.location else "",
            f"{first:%Y/%m/%d}",
            f"{last:%Y/%m/%d}",
            mode,
            "Y" if settings.validation else "N",
        )
    )
    people: dict[str, list[DatedShift]] = defaultdict(list)
    for dated in shifts:
        if order.is_delta or not dated.is_cancelled:
            people[dated.shift.agent_id].append(dated)
    at = 0
    for at, (agent_id, hers) in enumerate(people.items(), start=1):
        event = f"{number}_{at:03d}"
        person = order.ids.of(SYSTEM, IdKind.AGENT, agent_id)
        lines.events.append(merge_line("ScheduleEvent", mode, number, event, "", person, "N"))
        lines.shifts += [
            _shift_line(order, dated, number, event, n) for n, dated in enumerate(hers, start=1)
        ]
    if opened:
        event = f"{number}_{at + 1:03d}"
        lines.events.append(merge_line("ScheduleEvent", mode, number, event, "", "", "Y"))
        lines.shifts += _open_lines(order, opened, number, event)


def _shift_line(order: Order, dated: DatedShift, number: str, event: str, at: int) -> str:
    """A shift that is made, changed or deleted."""
    shift, agent = dated.shift, order.agents.get(dated.shift.agent_id)
    action = _ACTION[order.change_of(dated)] if order.is_delta else "CREATE"
    own = f"{event}_{at:03d}"
    if action == "DELETE":
        day = f"{shift.shift_date:%Y/%m/%d}"
        return merge_line(
            "ScheduleShiftEvent", fit_id(shift.shift_id), action, "", "", event, number, own,
            *[""] * 8, day, *[""] * 7,
        )  # fmt: skip
    zone = ZoneInfo(agent.timezone if agent else order.schedule.timezone)
    start, end = shift.start.astimezone(zone), shift.end.astimezone(zone)
    named = _enterprise_shift(order, start, end)
    unpaid, paid = break_minutes(shift)
    return merge_line(
        "ScheduleShiftEvent",
        fit_id(shift.shift_id),
        action,
        *(("", "") if named else (_time(start), _time(end))),
        *_tail(order, number, event, own, named, f"{shift.shift_date:%Y/%m/%d}"),
        *(("", "") if named else (str(unpaid), str(paid))),
        order.settings.shift_category,
        *[""] * 4,
    )


def _open_lines(
    order: Order, opened: Sequence[OpenShift], number: str, event: str
) -> Iterator[str]:
    """Shifts that nobody has; several of one kind are told apart by a count."""
    zone = ZoneInfo(order.schedule.timezone)
    seen: Counter[str] = Counter()
    for at, offer in enumerate(opened, start=1):
        key = f"open-{offer.group}-{offer.contract}-{offer.start:%Y%m%dT%H%M}-{offer.end:%H%M}"
        seen[key] += 1
        start, end = offer.start.astimezone(zone), offer.end.astimezone(zone)
        day = f"{local_date(offer.start, order.schedule.timezone):%Y/%m/%d}"
        yield merge_line(
            "ScheduleShiftEvent",
            fit_id(f"{key}-{seen[key]}"),
            "CREATE",
            _time(start),
            _time(end),
            *_tail(order, number, event, f"{event}_{at:03d}", "", day),
            "",
            "",
            order.settings.shift_category,
            *[""] * 4,
        )


def _tail(order: Order, number: str, event: str, own: str, named: str, day: str) -> tuple[str, ...]:
    """The attributes of a shift from its event's number to its date."""
    settings: OracleSettings = order.settings
    return (
        event,
        number,
        own,
        settings.job_profile_type,
        settings.job_profile,
        settings.job_set,
        "",
        "",
        settings.business_unit,
        settings.shift_type,
        named,
        day,
    )


def break_minutes(shift: Shift) -> tuple[int, int]:
    """Minutes of a shift's rests, meals and gaps: unpaid ones, paid ones."""
    unpaid = sum(pause.minutes for pause in shift.pauses if not pause.is_paid)
    return unpaid, sum(pause.minutes for pause in shift.pauses if pause.is_paid)


def _enterprise_shift(order: Order, start: datetime, end: datetime) -> str:
    """The name of the enterprise shift of these wall times, unless clocks change in it."""
    is_steady = start.utcoffset() == end.utcoffset()
    named: str = order.settings.named_shifts.get(f"{start:%H:%M}-{end:%H:%M}", "")
    return named if is_steady else ""


def _time(local: datetime) -> str:
    """``2026-10-19T08:00:00.000+01:00``."""
    return local.isoformat(timespec="milliseconds")


def _open_shifts(
    order: Order, departments: Sequence[_Department]
) -> tuple[dict[_Department, list[OpenShift]], list[OpenShift]]:
    """Open shifts by department, and those that no department here has."""
    opened: dict[_Department, list[OpenShift]] = defaultdict(list)
    left: list[OpenShift] = []
    for offer in order.open_shifts:
        key = order.problem.site if order.settings.department_by == "site" else offer.group
        department = _department_of(order, key)
        if order.is_delta or department not in departments or department is None:
            left.append(offer)
        else:
            opened[department].append(offer)
    return opened, left


def _notes(
    order: Order, departments: Sequence[_Department], unopened: Sequence[OpenShift]
) -> Iterator[Note]:
    """What Oracle does with the file, and what the file cannot say."""
    first, days = order.schedule.first_day, order.schedule.days
    last = first + timedelta(days=days - 1)
    names = ", ".join(dict.fromkeys(department.name for department in departments))
    if not departments:
        yield Note("there is no shift in the file: do not load it")
        return
    if not order.is_delta:
        yield Note(
            f"ImportMode FULL: before it takes these shifts, Oracle deletes all shifts of {names} "
            f"from {first} to {last}, those made there by hand and of people who are not in this "
            "plan included; --since changes single shifts"
        )
    yield Note(f"load {ZIP} (Import and Load Data), then run the process Process Imported Shifts")
    if order.is_publishing:
        yield Note("the file cannot publish: publish the schedule in Workforce Scheduling")
    if unopened:
        yield Note(
            f"{len(unopened)} open shifts are left out: "
            + ("nobody knows which of them Oracle has; an export without --since has them"
               if order.is_delta else "no department of the file is theirs")
        )  # fmt: skip
    standing = [dated for dated in order.shifts if not dated.is_cancelled]
    yield from _of_shifts(
        "Oracle takes how long breaks and meals are, but not when, and no training, meeting or "
        "work off the queue",
        [dated for dated in standing if len(dated.shift.activities) > 1],
    )
    yield from _of_shifts(
        "these begin outside the period of the request by the clock of their person's zone: see "
        "whether Oracle took them",
        [dated for dated in standing if not first <= dated.shift.shift_date <= last],
    )


def _of_shifts(text: str, shifts: Sequence[DatedShift]) -> Iterator[Note]:
    """A note of some shifts and their people, where there are any."""
    if shifts:
        people = dict.fromkeys(dated.shift.agent_id for dated in shifts)
        yield Note(text, tuple(people), tuple(dated.shift.shift_id for dated in shifts))


def _some(ids: Sequence[str]) -> str:
    """The first ids of many."""
    shown = ", ".join(ids[:20])
    return shown + (f" and {len(ids) - 20} more" if len(ids) > 20 else "")
