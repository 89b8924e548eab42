"""Locks: shifts and days off that stay as they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import gcd
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from wfplan.domain.input_tables import LOCKS
from wfplan.domain.people import Agent, TimeOffStatus
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.schedule import LockedShift
from wfplan.horizon import DAY_MIN
from wfplan.intake.book import BadValueError, FaultBook
from wfplan.intake.people import known_agent
from wfplan.intake.reading import Folder, Sheet, read_table
from wfplan.intake.wall import at_minute, instant

SHIFT_MAX = timedelta(hours=24)

Row = dict[str, Any]


def read_locks(
    sheet: Sheet | None,
    agents: Mapping[str, Agent],
    known: Collection[str],
    slot_min: int,
    book: FaultBook,
) -> list[LockedShift]:
    """
    Locked shifts and days off; each person and date once, and free to be worked.

    ``known`` are the ids of all people; ``agents`` those whose own row has no fault.
    """
    if sheet is None:
        return []
    locks: list[tuple[int, LockedShift]] = []
    seen: dict[tuple[str, date], int] = {}
    for line, row in sheet.rows():
        key = (row["agent_id"], row["date"])
        if not known_agent(sheet, line, key[0], known, book):
            continue
        if key in seen:
            sheet.blame(
                book,
                line,
                "date",
                f"{key[0]} already has a lock on {key[1]} in line {seen[key]}",
                value=key[1],
                hint="keep one of the rows",
                code="HR110",
            )
        elif key[0] in agents:
            try:
                locks.append((line, _lock(row, agents[key[0]], slot_min)))
            except BadValueError as bad:
                book.bad(bad, file=sheet.file, line=line, column="start")
        seen.setdefault(key, line)
    _check_overlaps(sheet, locks, book)
    return [lock for _, lock in locks]


def with_locks(problem: PlanningProblem, path: Path) -> PlanningProblem:
    """
    The problem with a further table of locks beside its own.

    Raises
    ------
    InputFaultsError
        With every fault of the table, and every lock that the plan has otherwise.
    """
    book = FaultBook()
    sheet = read_table(Folder(Path(), book), str(path), LOCKS)
    agents = {agent.agent_id: agent for agent in problem.agents}
    slot_min = problem.slot_min or gcd(problem.interval_min, 15)
    locks = read_locks(sheet, agents, agents, slot_min, book)
    of_plan = {(lock.agent_id, lock.day): lock for lock in problem.locks}
    for lock in locks:
        known = of_plan.get((lock.agent_id, lock.day))
        if known is not None and known != lock:
            book.error(
                f"{lock.agent_id} has another lock on {lock.day} in the plan",
                file=str(path),
                column="date",
                value=lock.day,
                hint="remove one of the two",
                code="HR110",
            )
    book.raise_if_any()
    return with_more_locks(problem, locks)


def with_more_locks(problem: PlanningProblem, locks: Sequence[LockedShift]) -> PlanningProblem:
    """The problem with locks beside its own; those that it has are not there twice."""
    more = tuple(lock for lock in locks if lock not in problem.locks)
    every = {"locks": (*problem.locks, *more), "locks_added": (*problem.locks_added, *more)}
    return problem.model_copy(update=every)


def _lock(row: Row, agent: Agent, slot_min: int) -> LockedShift:
    """The lock of a row, with its shift as instants."""
    agent_id, day = agent.agent_id, row["date"]
    start, end = shift_span(row, agent.timezone)
    if start is None or end is None:
        return LockedShift(agent_id=agent_id, day=day)
    if any(int(moment.timestamp()) % (slot_min * 60) for moment in (start, end)):
        raise BadValueError(
            f"start or end is not a multiple of {slot_min} minutes, the step of the plan",
            "move it to the step, or set slot_min = 5",
            "HR109",
        )
    _check_is_free(agent, day, start, end)
    return LockedShift(agent_id=agent_id, day=day, start=start, end=end)


def shift_span(row: Row, timezone: str) -> tuple[datetime, datetime] | tuple[None, None]:
    """
    Start and end of the shift of a row with a date, on which it starts; None for a day off.

    Raises
    ------
    BadValueError
        When only one of them is given, or they make no shift of that date.
    """
    day, zone = row["date"], ZoneInfo(timezone)
    if row["start"] is None and row["end"] is None:
        return None, None
    if row["start"] is None or row["end"] is None:
        raise BadValueError(
            "only one of start and end is given",
            "give both for a shift, neither for a day off",
            "HR102",
        )
    start, end = _moment(row["start"], day, zone), _moment(row["end"], day, zone)
    if end <= start and isinstance(row["end"], int):
        end = at_minute(day, row["end"] + DAY_MIN, zone)
    if start.astimezone(zone).date() != day:
        raise BadValueError(
            f"the shift starts on {start.astimezone(zone):%Y-%m-%d}, not on {day}",
            "a shift belongs to the date on which it starts",
            "HR109",
        )
    if not timedelta() < end - start <= SHIFT_MAX:
        raise BadValueError(
            "the shift ends before it starts, or lasts more than a day", "check its end", "HR109"
        )
    return start, end


def _moment(value: int | datetime, day: date, zone: ZoneInfo) -> datetime:
    """The instant of a time of day, or of a time stamp."""
    return at_minute(day, value, zone) if isinstance(value, int) else instant(value, zone)


def _check_is_free(agent: Agent, day: date, start: datetime, end: datetime) -> None:
    """Nobody is locked to a shift when they are off or not employed."""
    if not agent.is_employed(day):
        raise BadValueError(
            f"{agent.agent_id} does not work here on {day}", "remove the lock", "HR109"
        )
    for off in agent.time_off:
        if off.status is TimeOffStatus.APPROVED and off.start < end and start < off.end:
            raise BadValueError(
                f"{agent.agent_id} has approved time off then",
                "remove the lock, or the time off",
                "HR109",
            )


def _check_overlaps(
    sheet: Sheet, locks: Iterable[tuple[int, LockedShift]], book: FaultBook
) -> None:
    """Locked shifts of one person do not run into each other."""
    by_agent: dict[str, list[tuple[datetime, datetime, int]]] = defaultdict(list)
    for line, lock in locks:
        if lock.start is not None and lock.end is not None:
            by_agent[lock.agent_id].append((lock.start, lock.end, line))
    for agent_id, spans in by_agent.items():
        spans.sort()
        for (_, end, before), (start, _, line) in pairwise(spans):
            if start < end:
                sheet.blame(
                    book,
                    line,
                    "start",
                    f"{agent_id} is locked to two shifts at once (see line {before})",
                    hint="move one of them",
                    code="HR110",
                )
