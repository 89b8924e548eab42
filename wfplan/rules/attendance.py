"""Whether a person can take part in an activity at all, before anything is planned.

A session lies inside a shift. What a shift of a date can reach is read off the
contract, or off the lock of the date; approved time off and hours without
availability are taken out. What remains must hold the activity, or a piece of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from wfplan.domain.people import TimeOffStatus
from wfplan.rules.availability import blocked_spans
from wfplan.rules.clock import Span, common_spans, instant, local, without_spans

if TYPE_CHECKING:
    from wfplan.domain.activities import ActivityRequest
    from wfplan.domain.contracts import Contract
    from wfplan.domain.people import Agent
    from wfplan.domain.schedule import LockedShift

MINUTE = timedelta(minutes=1)
ONE_DAY = timedelta(days=1)


def is_away(agent: Agent, request: ActivityRequest, timezone: str) -> bool:
    """Whether absence that stands, or the end of employment, leaves no time for an activity."""
    return bool(_why_away(agent, request, request.spans(timezone)))


def why_absent(
    agent: Agent,
    contract: Contract,
    locks: Iterable[LockedShift],
    request: ActivityRequest,
    timezone: str,
) -> str:
    """
    Why a person cannot take part in an activity; empty where she can.

    ``timezone`` is that of the site, ``locks`` are the person's.
    """
    window = request.spans(timezone)
    away = _why_away(agent, request, window)
    if away:
        return away
    days = _days(agent, request)
    settled = {lock.day: lock for lock in locks if lock.day in days}
    free = without_spans(window, _absences(agent))
    spans = common_spans(free, _reaches(agent, contract, days, settled))
    if not _has_room(spans, request):
        by_contract = common_spans(free, [_reach(agent, contract, day) for day in days])
        if _has_room(by_contract, request):
            return "is locked to other hours, or to a day off"
        return f"has no shift that reaches it by the contract '{contract.name}'"
    if not _has_room(without_spans(spans, blocked_spans(agent, days)), request):
        return "is not available then"
    return ""


def _why_away(agent: Agent, request: ActivityRequest, spans: Sequence[Span]) -> str:
    """The same for employment, skills and approved time off alone."""
    days = _days(agent, request)
    if not any(agent.is_employed(day) for day in days[1:]):
        return "does not work here then"
    if not any(skill.is_valid(day) for day in days for skill in agent.skills):
        return "has no valid skill then"
    if not _has_room(without_spans(spans, _absences(agent)), request):
        return "has approved time off then"
    return ""


def _days(agent: Agent, request: ActivityRequest) -> tuple[date, ...]:
    """The dates on which a shift may begin that holds a session: the eve of the window first."""
    day = local(request.earliest, agent.timezone).date() - ONE_DAY
    last = local(request.latest - MINUTE, agent.timezone).date()
    return tuple(day + timedelta(days=n) for n in range((last - day).days + 1))


def _absences(agent: Agent) -> list[Span]:
    """Approved time off."""
    return [(t.start, t.end) for t in agent.time_off if t.status is TimeOffStatus.APPROVED]


def _reaches(
    agent: Agent, contract: Contract, days: Sequence[date], settled: dict[date, LockedShift]
) -> Iterator[Span]:
    """What the shift of each date can reach, those of locks as they are."""
    for day in days:
        lock = settled.get(day)
        if lock is None:
            yield _reach(agent, contract, day)
        elif lock.start is not None and lock.end is not None:
            yield lock.start, lock.end


def _reach(agent: Agent, contract: Contract, day: date) -> Span:
    """From the first start of a date to the last end of a shift."""
    first, last = (instant(day, minute, agent.timezone) for minute in contract.start_window)
    longest = max(contract.lengths_min, default=0)
    if not agent.is_employed(day):
        longest, last = 0, first
    return first, last + longest * MINUTE


def _has_room(spans: Sequence[Span], request: ActivityRequest) -> bool:
    """Whether spans hold an activity, in pieces where it may be cut."""
    lengths = [(end - begin) // MINUTE for begin, end in spans]
    if not request.piece_min:
        return max(lengths, default=0) >= request.minutes
    return sum(n for n in lengths if n >= request.piece_min) >= request.minutes
