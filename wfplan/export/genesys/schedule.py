"""``genesys``: schedules and forecasts for Genesys Cloud workforce management.

Without ``--since`` a new schedule of whole weeks is written (``genesys_import.json.gz``,
``ImportScheduleUploadSchema`` [1]_), and the forecast that it was made for
(``genesys_forecast.json.gz``, :mod:`wfplan.export.genesys.forecast`); cancelled shifts are not in
it, and it takes the place of the schedule before when it is published. With ``--since`` what
changes in the schedule that is there is written (``genesys_update.json.gz``,
:mod:`wfplan.export.genesys.update`), where Genesys' answers say what it holds; else all of it
anew. Beside each lies its plain text, to be looked at; ``genesys_calls.json`` has the requests
that bring them there, in their order: the forecast first, so that the schedule may name it. A
plan of more than six weeks is several imports.

Instants are UTC and lengths are elapsed minutes. Genesys makes ids of its own; that of our shift
stands in the description of its first activity, ``wfplan:SHIFT_ID``, and is how an update and
``import-schedule`` find it. Every activity says whether it is paid, so that one activity code
serves paid and unpaid uses. Without ``--publish`` a draft is imported.

References
----------
.. [1] Genesys Cloud Platform API, PureCloudPlatformClientV2 269.0 (models of that name).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator

from wfplan.domain.base import Model
from wfplan.domain.cells import single_line
from wfplan.domain.schedule_rows import DatedShift, local_date
from wfplan.export.genesys.forecast import forecast_of, headcount_of
from wfplan.export.genesys.held import held_in
from wfplan.export.genesys.parts import Codes, Stretch, packed, shift_of, stretches
from wfplan.export.genesys.time_off import absences, markers, notes_of, part_days
from wfplan.export.genesys.update import refusals_of, unknown, update_of
from wfplan.export.order import Exported, Note, Order
from wfplan.horizon import WEEKDAYS, day_bounds

_API = "/api/v2/workforcemanagement/businessunits"
_WEEK = 7


class GenesysSettings(Model):
    """The table ``[genesys]`` of ``export.toml``."""

    business_unit: str = Field(
        "{businessUnitId}",
        description="Id of the business unit, for the requests in genesys_calls.json.",
    )
    week_start: Literal["", "mon", "tue", "wed", "thu", "fri", "sat", "sun"] = Field(
        "",
        description="First day of the business unit's weeks (mon to sun), on which an import must "
        "begin. Default: not checked.",
    )
    has_forecast: bool = Field(True, description="Whether the forecast is exported, too.")
    has_headcount: bool = Field(
        True, description="Whether the requirement travels with the schedule."
    )
    forecast_id: str = Field(
        "",
        description="Id of the short-term forecast in Genesys that the schedule is to name. "
        "Default: none.",
    )
    current: tuple[Path, ...] = Field(
        (),
        description="For --since: files beside export.toml with Genesys' answers about the "
        "schedule that is there (GET .../schedules/{scheduleId}, POST .../agentschedules/query).",
    )

    @field_validator("current", mode="before")
    @classmethod
    def _one(cls, value: object) -> object:
        """A file alone is a list of one."""
        return (value,) if isinstance(value, str | Path) else value


@dataclass
class _Made:
    """What an export comes to so far."""

    files: dict[str, bytes] = field(default_factory=dict)
    calls: list[dict[str, Any]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def add(self, name: str, document: Mapping[str, Any], door: str) -> None:
        """A document, and the three requests that bring it through a door of Genesys."""
        self.files |= packed(name, document)
        file = f"{name}.json.gz"
        size = len(self.files[file])
        self.calls += [
            {"method": "POST", "path": f"{door}/uploadurl", "body": {"contentLengthBytes": size}},
            {"method": "PUT", "url": "{url}", "headers": "{headers}", "file": file},
            {"method": "POST", "path": door, "body": {"uploadKey": "{uploadKey}"}},
        ]


def to_genesys(order: Order) -> Exported:
    """Imports of schedule and forecast; with ``--since`` the update of a schedule that is known."""
    if order.is_delta and not order.settings.current:
        return _anew(order)
    refusals = tuple(_refusals(order))
    made = _Made()
    if order.is_delta:
        refusals += _update(order, made)
    elif not refusals:
        for stretch in stretches(order.schedule):
            _import(order, stretch, made)
        made.notes += _left_out(order)
    if made.calls:
        text = ",\n".join(json.dumps(call) for call in made.calls)
        made.files["genesys_calls.json"] = f"[\n{text}\n]\n".encode()
    return Exported(made.files, tuple(made.notes), refusals)


def _anew(order: Order) -> Exported:
    """All of a schedule of which only the changes were asked for: what is there is not known."""
    made = to_genesys(replace(order, since=None))
    people = tuple(sorted({dated.shift.agent_id for dated in order.shifts}))
    shifts = tuple(dated.shift.shift_id for dated in order.shifts)
    note = Note(unknown(order), agent_ids=people, shift_ids=shifts)
    return replace(made, notes=(note, *made.notes), is_whole=True)


def _refusals(order: Order) -> Iterator[str]:
    """Why Genesys would not take a schedule."""
    schedule, asked = order.schedule, order.settings.week_start
    begins = WEEKDAYS[schedule.first_day.weekday()]
    if not order.is_delta and schedule.days % _WEEK:
        yield (
            f"a schedule in Genesys covers whole weeks, and this plan has {schedule.days} days: "
            "plan whole weeks, or export what changes in a schedule that is there (--since)."
        )
    if not order.is_delta and asked and asked != begins:
        yield (
            f"the plan begins on {schedule.first_day} ({begins}), and weeks in Genesys on {asked}: "
            "plan weeks that begin there, or correct week_start in [genesys] of export.toml."
        )
    parts = 1 if order.is_delta else len(stretches(schedule))
    if order.settings.forecast_id and parts > 1:
        yield (
            f"a plan of {schedule.days // _WEEK} weeks is {parts} imports, and forecast_id in "
            "[genesys] of export.toml names the forecast of one: leave it out."
        )
    odd = [
        dated.shift.shift_id
        for dated in order.shifts
        if not dated.is_cancelled
        and any(one.start.second or one.end.second for one in dated.shift.activities)
    ]
    if odd:
        yield (
            f"Genesys counts whole minutes, and {len(odd)} shifts have seconds, such as {odd[0]}: "
            "let their activities begin and end on whole minutes."
        )


def _import(order: Order, stretch: Stretch, made: _Made) -> None:
    """The forecast and the schedule of some weeks."""
    settings: GenesysSettings = order.settings
    is_one = stretch.days == order.schedule.days
    end = "" if is_one else f"_{stretch.first_day}"
    week = f"{_API}/{settings.business_unit}/weeks/{stretch.first_day}"
    if settings.has_forecast and order.demand is not None:
        forecast = forecast_of(order, order.demand, stretch, _description(order))
        made.add(f"genesys_forecast{end}", forecast, f"{week}/shorttermforecasts/import")
        made.notes += _forecast_notes(order, stretch)
    document = _document(order, stretch, made)
    made.add(f"genesys_import{end}", document, f"{week}/schedules/import")


def _document(order: Order, stretch: Stretch, made: _Made) -> dict[str, Any]:
    """A new schedule of some weeks."""
    settings: GenesysSettings = order.settings
    found: dict[str, Any] = {
        "description": _description(order),
        "weekCount": stretch.weeks,
        "published": order.is_publishing,
    }
    if settings.forecast_id:
        week = stretch.first_day.isoformat()
        found["shortTermForecast"] = {"id": settings.forecast_id, "weekDate": week}
    if settings.has_headcount and order.need is not None:
        found["headcountForecast"] = headcount_of(order, order.need, stretch)
    codes, left, agents = Codes(order), {}, []
    for agent_id, shifts in _by_agent(order, stretch).items():
        agent = order.agents.get(agent_id)
        off = absences(order, agent, stretch) if agent else []
        parts, left[agent_id] = part_days(off, (dated.shift for dated in shifts), codes)
        entries = [shift_of(dated.shift, codes) for dated in shifts] + parts
        whole = markers(order, agent, off, stretch, codes) if agent else []
        if entries or whole:
            entries.sort(key=lambda entry: str(entry["startDate"]))
            user = codes.user(agent_id)
            agents.append({"userId": user, "shifts": entries, "fullDayTimeOffMarkers": whole})
    made.notes += notes_of(order, left)
    return {**found, "agentSchedules": agents}


def _by_agent(order: Order, stretch: Stretch) -> dict[str, list[DatedShift]]:
    """The shifts of some weeks that stand, of everybody who may be in them, by id."""
    zone = order.schedule.timezone
    last = order.schedule.first_day + timedelta(days=order.schedule.days - 1)
    found: dict[str, list[DatedShift]] = {agent_id: [] for agent_id in order.agents}
    for dated in order.all_shifts:
        day = min(max(local_date(dated.shift.start, zone), order.schedule.first_day), last)
        if not dated.is_cancelled and 0 <= (day - stretch.first_day).days < stretch.days:
            found.setdefault(dated.shift.agent_id, []).append(dated)
    return dict(sorted(found.items()))


def _update(order: Order, made: _Made) -> tuple[str, ...]:
    """What changes in the schedule that is in Genesys, or why it cannot be changed."""
    settings: GenesysSettings = order.settings
    held = held_in(settings.current)
    document, notes = update_of(order, held, Codes(order), _description(order))
    made.notes += notes
    if not document["agentSchedules"] and not order.is_publishing:
        made.notes.append(Note("nothing changes in Genesys, so that there is no update"))
        return tuple(refusals_of(order, held))
    door = f"{_API}/{settings.business_unit}/weeks/{held.first_day}/schedules/{held.schedule_id}"
    made.add("genesys_update", document, f"{door}/update")
    return tuple(refusals_of(order, held))


def _description(order: Order) -> str:
    """``wfplan dublin-2026w43 r3``."""
    return f"wfplan {single_line(order.schedule.schedule_id)} r{order.schedule.revision}"


def _forecast_notes(order: Order, stretch: Stretch) -> Iterator[Note]:
    """Of days whose quarters of an hour are not as many as those of others."""
    zone = order.schedule.timezone
    changes = [day for day in stretch.dates if _hours(day, zone) != 24]
    if changes:
        yield Note(
            f"clocks change on {', '.join(map(str, changes))}: the forecast counts elapsed "
            f"quarters of an hour from {stretch.first_day} 00:00 ({zone}) on, so that none is "
            "missing or doubled"
        )
    if stretch.dates[-1] == order.schedule.first_day + timedelta(days=order.schedule.days - 1):
        yield Note(
            f"Genesys wants a forecast of the day after the last week, too: {stretch.dates[-1]} is "
            f"followed by a copy of {stretch.dates[-_WEEK]}"
        )


def _hours(day: date, zone: str) -> float:
    """Elapsed hours of a date."""
    begin, end = day_bounds(day, zone)
    return (end - begin) / timedelta(hours=1)


def _left_out(order: Order) -> Iterator[Note]:
    """Of what an import does not carry."""
    cancelled = [dated for dated in order.all_shifts if dated.is_cancelled]
    if cancelled:
        yield _note("cancelled shifts are not in a new schedule; they go when it is published",
                    cancelled)  # fmt: skip
    zone, first = order.schedule.timezone, order.schedule.first_day
    early = [
        dated
        for dated in order.all_shifts
        if not dated.is_cancelled and local_date(dated.shift.start, zone) < first
    ]
    if early:
        yield _note("a shift begins before the week does in the business unit's zone: see whether "
                    "Genesys took it", early)  # fmt: skip
    if order.open_shifts:
        yield Note(f"{len(order.open_shifts)} open shifts stay here: an import has none")


def _note(text: str, shifts: Iterable[DatedShift]) -> Note:
    """A note with the people and shifts concerned."""
    those = [dated.shift for dated in shifts]
    people = tuple(sorted({shift.agent_id for shift in those}))
    return Note(text, people, tuple(shift.shift_id for shift in those))
