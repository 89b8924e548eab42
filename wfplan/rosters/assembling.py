"""Given shifts as shifts of a plan: whole minutes, tiled, one at a time for each person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from wfplan.domain.contracts import Break, Contract
from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.schedule import Activity, ActivityCategory, Shift
from wfplan.intake.book import FaultBook, shown
from wfplan.intake.naming import same_word
from wfplan.rosters.given import GivenShift, Part, Spot

REST_MAX_MIN = 20
"""A break of no known kind that is no longer than this is a paid rest, a longer one an unpaid
meal."""
SHIFT_MAX = timedelta(hours=24)
USUAL_CODES = {
    ActivityCategory.WORK: "ON_QUEUE",
    ActivityCategory.BREAK: "REST",
    **{kind: kind.name for kind in ActivityCategory if kind.name not in ("WORK", "BREAK")},
}
"""The code of an activity of which only the category is known."""


def assembled(
    given: Sequence[GivenShift], problem: PlanningProblem, book: FaultBook
) -> tuple[Shift, ...]:
    """
    The shifts, by agent and start; those with a fault are left out, and the book has it.

    A shift without an id gets one of its person, date and place on that date.
    """
    agents = {agent.agent_id: agent for agent in problem.agents}
    site = same_word(problem.site or problem.name).replace("_", "-") or "plan"
    taken: dict[str, Spot] = {}
    on_date: Counter[tuple[str, date]] = Counter()
    shifts: list[Shift] = []
    ordered = sorted(given, key=lambda one: (one.agent_id, one.start, one.end))
    _check_apart(ordered, book)
    for one in ordered:
        if _is_sound(one, book) and not _is_twice(one, taken, book):
            agent = agents[one.agent_id]
            day = one.start.astimezone(ZoneInfo(agent.timezone)).date()
            on_date[agent.agent_id, day] += 1
            made = f"{site}-{agent.agent_id}-{day:%Y%m%d}-{on_date[agent.agent_id, day]}"
            shifts.append(_shift(one, agent, problem, day, one.shift_id or made))
    return tuple(shifts)


def _shift(
    one: GivenShift, agent: Agent, problem: PlanningProblem, day: date, shift_id: str
) -> Shift:
    """A sound shift."""
    contract = problem.contract_of(agent)
    return Shift(
        shift_id=shift_id,
        agent_id=agent.agent_id,
        shift_date=day,
        activities=tuple(_activity(part, contract) for part in tiled(one)),
        is_locked=one.is_locked,
    )


def tiled(one: GivenShift) -> list[Part]:
    """Its parts as they are where they tile it; else on queue wherever nothing else lies."""
    parts = sorted(one.parts, key=lambda part: (part.start, part.end))
    if _tile(parts, one.start, one.end):
        return parts
    works = [part for part in parts if part.is_work]
    found: list[Part] = []
    at = one.start
    for part in parts:
        if not part.is_work:
            found += _work(at, part.start, works)
            found.append(part)
            at = part.end
    return [*found, *_work(at, one.end, works)]


def break_of(contract: Contract, minutes: int) -> tuple[ActivityCategory, bool]:
    """Kind and pay of a break by its length: as the contract has it, else by what is usual."""
    for known in _breaks(contract):
        if known.length_min == minutes:
            return _kind(known), known.is_paid
    is_rest = minutes <= REST_MAX_MIN
    return (ActivityCategory.BREAK if is_rest else ActivityCategory.MEAL), is_rest


def _work(start: datetime, end: datetime, works: Sequence[Part]) -> list[Part]:
    """The work between two instants: as it is given, and on queue where nothing is."""
    queue = Part(ActivityCategory.WORK, start, end)
    pieces: list[Part] = []
    at = start
    for work in works:
        first, last = max(work.start, at), min(work.end, end)
        if first < last:
            if at < first:
                pieces.append(replace(queue, start=at, end=first))
            pieces.append(replace(work, start=first, end=last))
            at = last
    if at < end:
        pieces.append(replace(queue, start=at))
    return merged(pieces)


def merged(parts: Sequence[Part]) -> list[Part]:
    """Parts of which those that touch and say the same are one."""
    found: list[Part] = []
    for part in parts:
        if found and replace(found[-1], start=part.start, end=part.end) == part:
            found[-1] = replace(found[-1], end=max(found[-1].end, part.end))
        else:
            found.append(part)
    return found


def _tile(parts: Sequence[Part], start: datetime, end: datetime) -> bool:
    """Whether parts in order fill the time from start to end, once."""
    edges = [start, *(edge for part in parts for edge in (part.start, part.end)), end]
    return bool(parts) and all(a == b for a, b in zip(edges[::2], edges[1::2], strict=True))


def _is_twice(one: GivenShift, taken: dict[str, Spot], book: FaultBook) -> bool:
    """Whether the id of a shift is another's already; a fault if so."""
    if not one.shift_id:
        return False
    before = taken.setdefault(one.shift_id, one.spot)
    if before is one.spot:
        return False
    reason = f"the shift id '{shown(one.shift_id)}' is given twice ({_place(before)})"
    blame(book, one.spot, reason, "an id belongs to one shift: keep one of them", "HR110")
    return True


def _check_apart(ordered: Sequence[GivenShift], book: FaultBook) -> None:
    """Nobody has two shifts at once."""
    last: GivenShift | None = None  # of those of a person the one that ends last
    for one in ordered:
        if last is None or last.agent_id != one.agent_id:
            last = one
            continue
        if one.start < last.end:
            reason = f"{one.agent_id} has two shifts at once ({_place(last.spot)})"
            blame(book, one.spot, reason, "keep one of them, or correct their times", "HR110")
        last = max(last, one, key=lambda shift: shift.end)


def _is_sound(one: GivenShift, book: FaultBook) -> bool:
    """Whether a shift says one thing at a time; a fault for each thing that it does not."""
    faults = list(_faults(one))
    for reason, hint in faults:
        blame(book, one.spot, reason, hint, "HR109")
    return not faults


def _faults(one: GivenShift) -> Iterator[tuple[str, str]]:
    """Reasons and hints."""
    moments = [one.start, one.end, *(m for part in one.parts for m in (part.start, part.end))]
    if any(moment.second or moment.microsecond for moment in moments):
        yield "times are whole minutes", "leave the seconds away"
        return
    if one.end <= one.start:
        yield "the shift ends before it starts", "check its times"
        return
    if one.end - one.start > SHIFT_MAX:
        hours = (one.end - one.start).total_seconds() / 3600
        yield f"the shift lasts {hours:.1f} hours, the most are 24", "check its dates"
        return
    parts = sorted(one.parts, key=lambda part: (part.start, part.end))
    if any(part.end <= part.start for part in parts):
        yield "an activity ends before it starts", "check its times"
    elif parts and (parts[0].start < one.start or max(p.end for p in parts) > one.end):
        yield "an activity lies outside of its shift", "check the times of both"
    elif one.is_exact and parts and not _tile(parts, one.start, one.end):
        yield f"activities do not tile the shift: {_gap(parts, one)}", "close it, or cut one short"
    elif any(
        second.start < first.end
        for is_work in (True, False)
        for first, second in pairwise(part for part in parts if part.is_work is is_work)
    ):
        yield f"{one.agent_id} does two things at once", "keep one of the activities"


def _gap(parts: Sequence[Part], one: GivenShift) -> str:
    """Where parts in order leave a gap or lie on each other."""
    at = one.start
    for part in parts:
        if part.start != at:
            word = "lie on each other" if part.start < at else "leave a gap"
            return f"they {word} at {min(part.start, at):%Y-%m-%dT%H:%MZ}"
        at = part.end
    return f"they leave a gap at {at:%Y-%m-%dT%H:%MZ}"


def blame(book: FaultBook, spot: Spot, reason: str, hint: str, code: str) -> None:
    """Note a fault where something stands."""
    book.error(
        reason, file=spot.file, line=spot.line, column=spot.column, hint=hint, code=code
    )  # fmt: skip


def _place(spot: Spot) -> str:
    """``see line 4``, ``see shifts[2]``, ``see b.ics``."""
    return f"see {f'line {spot.line}' if spot.line else spot.column or spot.file}"


def _activity(part: Part, contract: Contract) -> Activity:
    """An activity, paid as it is said, or else as the contract does."""
    kind, is_paid = part.category, part.is_paid
    minutes = int((part.end - part.start).total_seconds()) // 60
    if is_paid is None and kind in (ActivityCategory.BREAK, ActivityCategory.MEAL):
        known = [b for b in _breaks(contract) if b.length_min == minutes and _kind(b) is kind]
        is_paid = known[0].is_paid if known else kind is ActivityCategory.BREAK
    return Activity(
        code=part.code or USUAL_CODES[kind],
        category=kind,
        is_paid=True if is_paid is None else is_paid,
        start=part.start,
        end=part.end,
        activity_id=part.activity_id,
    )


def _breaks(contract: Contract) -> list[Break]:
    return [known for tier in contract.break_tiers for known in tier.breaks]


def _kind(known: Break) -> ActivityCategory:
    return ActivityCategory.MEAL if known.kind == "meal" else ActivityCategory.BREAK
