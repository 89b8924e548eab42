"""``teams``: shifts, open shifts and time off of Microsoft Teams, for Graph v1.0.

``teams_graph.json`` has Graph's objects, ``teams_requests.json`` the requests that bring them
there (:mod:`wfplan.export.teams.requests`). A shift has two copies in Teams: the draft, which
managers see, and the shared one, of which everybody is told; a request may set only one of them.
Without ``--publish`` that is the draft. Graph makes ids of its own, so that the notes
of a shift, ``wfplan:SHIFT_ID`` and nothing else, are how a later export finds it.

References
----------
.. [1] Microsoft Graph v1.0: shift, shiftItem, openShift, timeOff, schedule: share,
       changeTrackedEntity: stageForDeletion. https://learn.microsoft.com/graph/api/resources/shift
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from pydantic import Field

from wfplan.domain.base import Model
from wfplan.domain.cells import instant_cell, single_line
from wfplan.domain.external_ids import IdKind
from wfplan.domain.people import Agent, TimeOff
from wfplan.domain.schedule import Activity, ActivityCategory, Shift
from wfplan.domain.schedule_rows import DatedShift
from wfplan.export.order import Change, Exported, Note, Order, fit_id
from wfplan.export.teams.requests import NO_TEAM, Asked, requests_text, text_of
from wfplan.export.words import activity_words

SYSTEM = "teams"
TIME_OFF_CODE = "TIME_OFF"
THEMES: Mapping[ActivityCategory, str] = {
    ActivityCategory.WORK: "blue",
    ActivityCategory.BREAK: "gray",
    ActivityCategory.MEAL: "gray",
    ActivityCategory.TRAINING: "purple",
    ActivityCategory.MEETING: "green",
    ActivityCategory.OFF_QUEUE: "yellow",
    ActivityCategory.TIME_OFF: "white",
}
"""The colour of an activity in Teams by its category."""
TIME_OFF_THEME = "darkPink"
_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(hours=24)
_SHOWN_MAX = 20
_HOUR = timedelta(hours=1)


class TeamsSettings(Model):
    """The table ``[teams]`` of ``export.toml``."""

    team_id: str = Field(
        "",
        pattern=r"^[A-Za-z0-9-]*$",
        description="Id of the team in Teams, where external_ids.csv has none of the site.",
    )
    default_group_id: str = Field(
        "", description="Id of the scheduling group of people without a team. Default: none."
    )
    has_open_shifts: bool = Field(True, description="Whether open shifts are exported, too.")
    is_shared_at_once: bool = Field(
        False,
        description="With --publish: drafts, and one request that shares all drafts of the days, "
        "so that people are told once. Default: each shift is written as shared.",
    )


@dataclass(frozen=True)
class _Copy:
    """Which copy of shifts, open shifts and time off is written."""

    is_shared: bool

    def of(self, kind: str) -> str:
        """``draftShift`` or ``sharedShift``."""
        return f"{'shared' if self.is_shared else 'draft'}{kind}"

    def replacing(self, body: bytes, kind: str) -> bytes:
        """The same to replace what is there: no draft stays before a shared copy."""
        rest = {"isStagedForDeletion": False, **({f"draft{kind}": None} if self.is_shared else {})}
        return body[:-1] + b", " + text_of(rest)[1:]


def to_teams(order: Order) -> Exported:
    """``teams_graph.json`` and ``teams_requests.json``."""
    settings: TeamsSettings = order.settings
    copy = _Copy(order.is_publishing and not settings.is_shared_at_once)
    asked = Asked.of(order, is_shared=copy.is_shared)
    refusals: list[str] = []
    shifts = []
    for dated in order.shifts:
        team = _team_id(order, order.agents.get(dated.shift.agent_id))
        notes = notes_of(dated.shift.shift_id)
        if dated.is_cancelled:
            asked.remove(team, "shifts", notes)
            continue
        refusals += _groupless(order, dated)
        body = text_of(_shift(order, dated, copy))
        shifts.append(body)
        if order.change_of(dated) is Change.NEW:
            asked.post(team, "shifts", notes, body)
        else:
            asked.put(team, "shifts", notes, copy.replacing(body, "Shift"))
    content = {
        "shifts": shifts,
        "openShifts": _open_shifts(order, copy, asked),
        "timesOff": _times_off(order, copy, asked),
        "cancelled": [text_of(notes_of(one.shift.shift_id))
                      for one in order.shifts if one.is_cancelled],
    }  # fmt: skip
    files = {"teams_graph.json": _text(content), "teams_requests.json": requests_text(asked)}
    refusals += lengths_refused(order.shifts)
    told = (*_teamless(asked), *_told_again(order, copy))
    return Exported(files, told, tuple(first_of(refusals)))


def notes_of(shift_id: str) -> str:
    """``wfplan:dublin-A001-20261019-1``."""
    return f"wfplan:{fit_id(shift_id)}"


def label_of(shift: Shift) -> str:
    """What a shift without work on queue is called; else nothing, and Teams shows its hours."""
    if any(one.category is ActivityCategory.WORK for one in shift.activities):
        return ""
    return activity_words(max(shift.activities, key=lambda one: (one.is_paid, one.minutes)))


def _shift(order: Order, dated: DatedShift, copy: _Copy) -> dict[str, Any]:
    """A shift."""
    shift = dated.shift
    words = "the user in Teams"
    return {
        "userId": order.ids.of(SYSTEM, IdKind.AGENT, shift.agent_id, words),
        "schedulingGroupId": _group_id(order, order.agents.get(shift.agent_id)),
        copy.of("Shift"): _item(
            notes_of(shift.shift_id), shift.start, shift.end, shift.activities, label_of(shift)
        ),
    }


def _item(
    notes: str, start: datetime, end: datetime, activities: Iterable[Activity], label: str
) -> dict[str, Any]:
    """A copy of a shift, with its activities."""
    return {
        **({"displayName": label} if label else {}),
        "notes": notes,
        "startDateTime": instant_cell(start),
        "endDateTime": instant_cell(end),
        "theme": THEMES[ActivityCategory.WORK] if not label else THEMES[ActivityCategory.TRAINING],
        "activities": [
            {
                "isPaid": one.is_paid,
                "startDateTime": instant_cell(one.start),
                "endDateTime": instant_cell(one.end),
                "code": single_line(one.code),
                "displayName": activity_words(one),
                "theme": THEMES[one.category],
            }
            for one in activities
        ],
    }


def _group_id(order: Order, agent: Agent | None) -> str:
    """The scheduling group of a person's team."""
    settings: TeamsSettings = order.settings
    team = agent.team if agent else ""
    if not team:
        return settings.default_group_id
    return order.ids.of(SYSTEM, IdKind.GROUP, team, "the scheduling group of its shifts")


def _team_id(order: Order, agent: Agent | None) -> str:
    """The team in Teams of a person's site."""
    settings: TeamsSettings = order.settings
    known = order.ids.find(SYSTEM, IdKind.SITE, order.site_of(agent))
    return quote(known, safe="") or settings.team_id or NO_TEAM


def _teamless(asked: Asked) -> Iterator[Note]:
    """A note where addresses have no team."""
    if NO_TEAM in asked.kinds:
        yield Note(
            f"no team is named: put its id for {NO_TEAM} in teams_requests.json, or give it as "
            "the id of the site in teams, or as team_id in [teams] of export.toml"
        )


def _told_again(order: Order, copy: _Copy) -> Iterator[Note]:
    """A note of people whom Teams tells of shifts that did not change."""
    same = [one.shift for one in order.shifts
            if not one.is_cancelled and order.change_of(one) is Change.UNCHANGED]  # fmt: skip
    same = [] if order.is_delta or not copy.is_shared else same
    people = tuple(sorted({shift.agent_id for shift in same}))
    if people:
        yield Note(
            "shifts that did not change are shared again, and Teams may tell people of each: with "
            "--since only what changed is sent",
            people,
            tuple(shift.shift_id for shift in same),
        )


def lengths_refused(shifts: Iterable[DatedShift]) -> Iterator[str]:
    """Why Teams would not take the length of a shift."""
    for shift in (dated.shift for dated in shifts if not dated.is_cancelled):
        length = shift.end - shift.start
        if not _SHORTEST <= length <= _LONGEST:
            yield (
                f"shift {shift.shift_id} lasts {length / _HOUR:g} h, and Teams takes 1 minute to "
                "24 hours: let it end earlier, or make two shifts of it."
            )


def first_of(refusals: list[str]) -> list[str]:
    """The first refusals, and how many more there are."""
    more = len(refusals) - _SHOWN_MAX
    return refusals[:_SHOWN_MAX] + ([f"and {more} more shifts like these."] if more > 0 else [])


def _groupless(order: Order, dated: DatedShift) -> Iterator[str]:
    """Why Teams would not take a shift of somebody without a team."""
    settings: TeamsSettings = order.settings
    shift, agent = dated.shift, order.agents.get(dated.shift.agent_id)
    if not (agent and agent.team) and not settings.default_group_id:
        yield (
            f"{shift.agent_id} of shift {shift.shift_id} has no team, and Teams wants a "
            "scheduling group: give a team in agents.csv, or default_group_id in [teams] of "
            "export.toml."
        )


def _open_shifts(order: Order, copy: _Copy, asked: Asked) -> list[bytes]:
    """Open shifts: those of a group at the same time are slots of one."""
    settings: TeamsSettings = order.settings
    if not settings.has_open_shifts:
        return []
    words = "the scheduling group of open shifts; [teams] has_open_shifts = false leaves them out"
    slots = Counter((one.group, one.start, one.end) for one in order.open_shifts)
    offered = {(one.group, one.start, one.end): one for one in reversed(order.open_shifts)}
    team, found = _team_id(order, None), []
    asked.offer_in(team)
    for key, count in sorted(slots.items()):
        group, start, end = key
        times = "-".join(f"{moment:%Y%m%dT%H%MZ}" for moment in (start, end))
        notes = f"{asked.prefix_of_open}{fit_id(f'{group}-{times}')}"
        shift = offered[key].shift
        item = _item(notes, start, end, shift.activities if shift else (), "")
        content = {
            "schedulingGroupId": order.ids.of(SYSTEM, IdKind.GROUP, group, words),
            copy.of("OpenShift"): {**item, "openSlotCount": count},
        }
        body = text_of(content)
        found.append(body)
        asked.post(team, "openShifts", notes, body)
    return found


def _times_off(order: Order, copy: _Copy, asked: Asked) -> list[bytes]:
    """Approved time off of everybody, of one reason: never why."""
    found = []
    for agent in order.agents.values():
        for time_off in order.time_off(agent):
            body = text_of(_time_off(order, agent, time_off, copy))
            found.append(body)
            key = fit_id(f"{agent.agent_id}-off-{instant_cell(time_off.start)}")
            asked.post(_team_id(order, agent), "timesOff", f"wfplan:{key}", body)
    return found


def _time_off(order: Order, agent: Agent, time_off: TimeOff, copy: _Copy) -> dict[str, Any]:
    words = "the reason of all time off in Teams"
    return {
        "userId": order.ids.of(SYSTEM, IdKind.AGENT, agent.agent_id, "the user in Teams"),
        copy.of("TimeOff"): {
            "timeOffReasonId": order.ids.of(SYSTEM, IdKind.ACTIVITY, TIME_OFF_CODE, words),
            "startDateTime": instant_cell(time_off.start),
            "endDateTime": instant_cell(time_off.end),
            "theme": TIME_OFF_THEME,
        },
    }


def _text(content: Mapping[str, list[bytes]]) -> bytes:
    """The objects, one a line."""
    lists = (
        text_of(name) + b": [" + b",".join(b"\n" + one for one in objects) + b"\n]"
        for name, objects in content.items()
    )
    return b"{\n" + b",\n".join(lists) + b"\n}\n"
