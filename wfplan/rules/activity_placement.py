"""Placement: activities that somebody asked for are in the schedule as they were asked for.

Source: the activities table. Hard or soft as each of them says, with its own weight.

Everybody who is asked has the minutes, inside the window and its hours, in
one piece or in pieces that are long enough. People who are together share a
session from start to end, of no more than the group may have; a facilitator is in
each session and in no other one; a room holds one session at a time. Sessions are
stretches of a shift, which no break and no other stretch overlaps. All is counted
in person-hours. The planner's face are the requests themselves
(:func:`wfplan.rules.requests_of`), which are placed inside shifts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from wfplan.domain.results import Breach
from wfplan.rules.wording import say_minutes, say_moment

if TYPE_CHECKING:
    from wfplan.domain.activities import ActivityRequest, Span
    from wfplan.rules.team_roster import TeamRoster

SOURCE = "activities table"
UNIT = "staff_h"
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Session:
    """Some people in an activity from one instant to another."""

    request: ActivityRequest
    span: Span
    agent_ids: tuple[str, ...]

    @property
    def person_hours(self) -> float:
        """Hours times people."""
        return (self.span[1] - self.span[0]) / HOUR * len(self.agent_ids)


Own = dict[str, list["Span"]]
"""When each person is in an activity, in order; stretches that touch are one."""


@dataclass(frozen=True)
class ActivityPlacement:
    """Every activity is given as it was asked for."""

    name: ClassVar[str] = "activity_placement"

    def team_breaches(
        self, roster: TeamRoster, requests: Iterable[ActivityRequest]
    ) -> list[Breach]:
        """What is missing of each activity, and what is not as it was asked for."""
        asked = {one.activity_id: one for one in requests}
        given = _given(roster, asked)
        rooms: dict[str, list[Session]] = defaultdict(list)
        found: list[Breach] = []
        for name, one in asked.items():
            sessions = _sessions(one, given[name])
            found += self._of_people(roster, one, given[name])
            found += self._of_strangers(roster, one, given[name])
            found += self._of_those_apart(roster, one, sessions)
            found += self._of_facilitators(roster, one, given[name], sessions)
            if one.room:
                rooms[one.room] += sessions
        for room, sessions in rooms.items():
            found += self._of_room(roster, room, sessions)
        return found

    def _of_people(self, roster: TeamRoster, one: ActivityRequest, own: Own) -> list[Breach]:
        """Minutes that people lack, have too much of, or have at another time."""
        found, zone = [], roster.horizon.timezone
        allowed = one.spans(zone)
        piece = one.piece_min or one.minutes
        for agent_id in one.agent_ids:
            spans = own.get(agent_id, [])
            inside = [s for s in spans if any(b <= s[0] and s[1] <= e for b, e in allowed)]
            wrong = sum(map(_minutes, spans)) - sum(map(_minutes, inside))
            if wrong:
                why = f"{say_minutes(wrong)} of {agent_id} lie outside the window"
                found.append(self._told(roster, one, spans[0][0], wrong / 60, why, agent_id))
            minutes = sum(n for n in map(_minutes, inside) if n >= min(piece, one.minutes))
            if minutes < one.minutes:
                why = f"{agent_id} has {say_minutes(minutes)} of {say_minutes(one.minutes)}"
                lost = sum(map(_minutes, inside)) - minutes
                why += f", and {say_minutes(lost)} in pieces that are too short" if lost else ""
                missing = (one.minutes - minutes) / 60
                found.append(self._told(roster, one, one.earliest, missing, why, agent_id))
            elif minutes > one.minutes:
                why = f"{agent_id} has {say_minutes(minutes)} where {say_minutes(one.minutes)} do"
                more = (minutes - one.minutes) / 60
                found.append(self._told(roster, one, inside[0][0], more, why, agent_id))
        return found

    def _of_strangers(self, roster: TeamRoster, one: ActivityRequest, own: Own) -> list[Breach]:
        """Who is in the activity though nobody asked."""
        return [
            self._told(
                roster, one, spans[0][0], sum(map(_minutes, spans)) / 60,
                f"{agent_id} is in it and was not asked", agent_id,
            )
            for agent_id, spans in own.items()
            if agent_id not in (*one.agent_ids, *one.facilitators)
        ]  # fmt: skip

    def _of_those_apart(
        self, roster: TeamRoster, one: ActivityRequest, sessions: Sequence[Session]
    ) -> list[Breach]:
        """Of people who are to be together all at once, those who are not with most of them."""
        if not one.is_together or one.group_max or not sessions:
            return []
        largest = max(sessions, key=lambda s: len(s.agent_ids))
        when = say_moment(largest.span[0], roster.horizon.timezone)
        return [
            self._told(
                roster, one, session.span[0], session.person_hours,
                f"{', '.join(session.agent_ids)} are not with the others, who meet from {when}",
            )
            for session in sessions
            if session is not largest
        ]  # fmt: skip

    def _of_facilitators(
        self,
        roster: TeamRoster,
        one: ActivityRequest,
        own: Own,
        sessions: Sequence[Session],
    ) -> list[Breach]:
        """Sessions without a facilitator, one of whom leads one session at a time."""
        if not one.facilitators:
            return []
        found = []
        free_from: dict[str, datetime] = {}
        for session in sorted(sessions, key=lambda s: s.span):
            begin, end = session.span
            leads = [
                (last, name)
                for name in one.facilitators
                for first, last in own.get(name, ())
                if max(first, free_from.get(name, first)) <= begin and end <= last
            ]
            if leads:
                free_from[min(leads)[1]] = end
                continue
            why = f"none of {', '.join(one.facilitators)} is in the session of "
            why += ", ".join(session.agent_ids)
            found.append(self._told(roster, one, begin, session.person_hours, why))
        return found

    def _of_room(self, roster: TeamRoster, room: str, sessions: Sequence[Session]) -> list[Breach]:
        """Sessions that begin while another one is still in the room."""
        found = []
        in_order = sorted(sessions, key=lambda s: s.span)
        last = in_order[0] if in_order else None
        for session in in_order[1:]:
            assert last is not None
            both = min(last.span[1], session.span[1]) - session.span[0]
            if both > timedelta():
                why = f"the room {room} is still taken by '{last.request.activity_id}'"
                amount = both / HOUR * len(session.agent_ids)
                found.append(self._told(roster, session.request, session.span[0], amount, why))
            last = max(last, session, key=lambda s: s.span[1])
        return found

    def _told(
        self,
        roster: TeamRoster,
        one: ActivityRequest,
        at: datetime,
        amount: float,
        why: str,
        agent_id: str = "",
    ) -> Breach:
        """A breach of one activity."""
        when = say_moment(at, roster.horizon.timezone)
        text = f"{self.name}: {one.code} '{one.activity_id}' from {when}: {why} ({SOURCE})."
        return Breach(self.name, one.hardness, agent_id, at, float(amount), UNIT, text)


def _given(roster: TeamRoster, asked: Mapping[str, ActivityRequest]) -> dict[str, Own]:
    """When everybody is in each activity; a stretch of another category is none of it."""
    given: dict[str, dict[str, list[Span]]] = {name: defaultdict(list) for name in asked}
    for agent_id, shifts in roster.shifts.items():
        for shift in shifts:
            for part in shift.activities:
                one = asked.get(part.activity_id)
                if one is not None and part.category is one.category:
                    given[one.activity_id][agent_id].append((part.start, part.end))
    return {
        name: {agent_id: _joined(spans) for agent_id, spans in own.items()}
        for name, own in given.items()
    }


def _sessions(one: ActivityRequest, own: Own) -> list[Session]:
    """Who is in the activity at the same times: alone, or in groups no larger than they may be."""
    by_span: dict[Span, list[str]] = defaultdict(list)
    for agent_id in one.agent_ids:
        for span in own.get(agent_id, ()):
            by_span[span].append(agent_id)
    most = one.session_max
    return [
        Session(one, span, tuple(names[first : first + most]))
        for span, names in by_span.items()
        for first in range(0, len(names), most)
    ]


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, joined where they touch."""
    joined: list[Span] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined


def _minutes(span: Span) -> int:
    """Elapsed minutes."""
    return int((span[1] - span[0]).total_seconds()) // 60
