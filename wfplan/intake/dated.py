"""Calendar, locks and past shifts: rows that are about dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from wfplan.domain.calendar import CalendarDay, DayKind
from wfplan.domain.people import Agent, TimeOffStatus
from wfplan.domain.schedule import LockedShift, PastShift
from wfplan.errors import did_you_mean
from wfplan.horizon import DAY_MIN
from wfplan.intake.book import BadValueError, FaultBook, shown
from wfplan.intake.people import known_agent, note_invalid
from wfplan.intake.reading import Sheet
from wfplan.intake.wall import at_minute, instant

HOLIDAYS_AHEAD = timedelta(days=60)
FUTURE = timedelta(weeks=8)  # history beyond this after the last contact is a wrong year
SHIFT_MAX = timedelta(hours=24)

Row = dict[str, Any]


def read_calendar(
    sheet: Sheet | None, channels: Collection[str], book: FaultBook
) -> list[CalendarDay]:
    """The rows of the calendar; no two of one kind for a date and channel."""
    days: list[CalendarDay] = []
    seen: dict[tuple[date, str, str], int] = {}
    for line, row in sheet.rows() if sheet else ():
        assert sheet is not None
        channel = row["channel"] or ""
        if channel and channel not in channels:
            book.error(
                f"'{shown(channel)}' is not a channel of the plan",
                file=sheet.file,
                line=line,
                column="channel",
                value=channel,
                hint=did_you_mean(channel, channels) or "leave it empty for all channels",
                code="HR111",
            )
        key = (row["date"], row["kind"], channel)
        if key in seen:
            book.error(
                f"{row['date']} is already there as {row['kind']}, in line {seen[key]}",
                file=sheet.file,
                line=line,
                column="date",
                value=row["date"],
                hint="keep one of the rows",
                code="HR110",
            )
        seen.setdefault(key, line)
        if row["kind"] == "closed" and row["open"]:
            book.error(
                f"{row['date']} is closed, yet has opening hours",
                file=sheet.file,
                line=line,
                column="open",
                hint="leave open empty, or call the day an event",
                code="HR109",
            )
        days.append(
            CalendarDay(
                day=row["date"],
                kind=DayKind(row["kind"]),
                name=row["name"] or "",
                channel=channel,
                factor=row["factor"],
                open=row["open"],
            )
        )
    return days


def public_holidays(
    country: str, subdivision: str | None, first: date, last: date, spoken_of: Collection[date]
) -> Iterator[CalendarDay]:
    """
    Public holidays from ``first`` to 60 days after ``last``, but for dates the calendar has.

    Raises
    ------
    BadValueError
        When the country or its subdivision is not known.
    """
    import holidays

    countries = holidays.list_supported_countries()
    if country not in countries:
        code = country.upper()
        hint = f"did you mean '{code}'?" if code in countries else "write its code, like IE or GB"
        raise BadValueError(f"'{shown(country)}' is not a country whose holidays are known", hint)
    parts = countries[country]
    if subdivision and subdivision not in parts:
        hint = did_you_mean(subdivision, parts) or f"it has {', '.join(parts) or 'none'}"
        raise BadValueError(f"'{shown(subdivision)}' is not a subdivision of {country}", hint)
    until = last + HOLIDAYS_AHEAD
    years = range(first.year, until.year + 1)
    found = holidays.country_holidays(country, subdiv=subdivision, years=years)
    for day in sorted(found):
        if first <= day <= until and day not in spoken_of:
            yield CalendarDay(day=day, kind=DayKind.HOLIDAY, name=found[day])


def has_subdivisions(country: str) -> bool:
    """Whether a country's holidays differ from place to place."""
    import holidays

    return bool(holidays.list_supported_countries().get(country))


def read_history(
    sheet: Sheet | None,
    agents: Collection[str],
    zone_of: Callable[[str], str],
    last_day: date | None,
    book: FaultBook,
) -> list[PastShift]:
    """Past shifts of the people of the plan, as instants; those of leavers are left out."""
    found: dict[str, list[tuple[int, PastShift]]] = defaultdict(list)
    gone: dict[str, int] = {}
    for line, row in sheet.rows() if sheet else ():
        assert sheet is not None
        agent_id = row["agent_id"]
        if agents and agent_id not in agents:
            gone.setdefault(agent_id, line)
            continue
        shift = _past_shift(row, zone_of(agent_id), sheet.file, line, book)
        if shift is not None:
            found[agent_id].append((line, shift))
            _check_past(shift, last_day, sheet.file, line, book)
    for agent_id, line in gone.items():
        assert sheet is not None
        book.warn(
            f"'{agent_id}' is not in the agents table: the shifts were left out",
            file=sheet.file,
            line=line,
            column="agent_id",
            value=agent_id,
            hint=did_you_mean(agent_id, agents),
            code="HR111",
        )
    for agent_id, shifts in found.items():
        assert sheet is not None
        shifts.sort(key=lambda item: (item[1].start, item[0]))
        for (before, first), (line, second) in pairwise(shifts):
            if second.start < first.end:
                book.error(
                    f"{agent_id} works two shifts at once (see line {before})",
                    file=sheet.file,
                    line=line,
                    column="start",
                    value=second.start.isoformat(),
                    hint="keep one of the rows",
                    code="HR110",
                )
    return [shift for shifts in found.values() for _, shift in shifts]


def read_locks(
    sheet: Sheet | None,
    agents: Mapping[str, Agent],
    known: Collection[str],
    slot_min: int,
    book: FaultBook,
) -> list[LockedShift]:
    """Locked shifts and days off; each person and date once, and free to be worked."""
    locks: list[tuple[int, LockedShift]] = []
    seen: dict[tuple[str, date], int] = {}
    for line, row in sheet.rows() if sheet else ():
        assert sheet is not None
        agent_id, day = row["agent_id"], row["date"]
        if not known_agent(sheet, line, agent_id, known, book):
            continue
        if (agent_id, day) in seen:
            book.error(
                f"{agent_id} already has a lock on {day} in line {seen[agent_id, day]}",
                file=sheet.file,
                line=line,
                column="date",
                value=day,
                hint="keep one of the rows",
                code="HR110",
            )
            continue
        seen[agent_id, day] = line
        agent = agents.get(agent_id)
        if agent is None:
            continue  # her own row has a fault
        try:
            lock = _lock(row, agent, slot_min)
        except BadValueError as bad:
            book.rows(bad, file=sheet.file, lines=[line], column="start", value=row["start"])
            continue
        locks.append((line, lock))
    _check_lock_overlaps(locks, sheet, book)
    return [lock for _, lock in locks]


def _past_shift(row: Row, timezone: str, file: str, line: int, book: FaultBook) -> PastShift | None:
    """The past shift of a row."""
    zone = ZoneInfo(timezone)
    try:
        start, end = instant(row["start"], zone), instant(row["end"], zone)
        if end <= start and row["end"].tzinfo is None:
            # The second of two equal wall times: a night shift that ends in the repeated hour.
            end = row["end"].replace(tzinfo=zone, fold=1).astimezone(start.tzinfo)
        shift = PastShift(agent_id=row["agent_id"], start=start, end=end, paid_min=row["paid_min"])
    except BadValueError as bad:
        book.rows(bad, file=file, lines=[line], column="start", value=row["start"])
        return None
    except ValidationError as error:
        note_invalid(error, file, line, book)
        return None
    return shift


def _check_past(
    shift: PastShift, last_day: date | None, file: str, line: int, book: FaultBook
) -> None:
    """A past shift is no longer than a day, pays no more than it lasts, and is past."""
    minutes = int((shift.end - shift.start).total_seconds()) // 60
    problem = None
    if shift.end - shift.start > SHIFT_MAX:
        problem = ("end", f"the shift lasts {minutes / 60:.1f} hours", "check the dates")
    elif shift.paid_min is not None and shift.paid_min > minutes:
        problem = (
            "paid_min",
            f"{shift.paid_min} paid minutes are more than the shift's {minutes}",
            "check paid_min: it is in minutes",
        )
    elif last_day is not None and shift.start.date() > last_day + FUTURE:
        problem = (
            "start",
            f"{shift.start:%Y-%m-%d} is in the future: the contacts end on {last_day}",
            "check the year; a shift to come belongs into locks",
        )
    if problem:
        column, reason, hint = problem
        book.error(reason, file=file, line=line, column=column, hint=hint, code="HR109")


def _lock(row: Row, agent: Agent, slot_min: int) -> LockedShift:
    """The lock of a row, with its shift as instants."""
    agent_id, day = agent.agent_id, row["date"]
    if row["start"] is None and row["end"] is None:
        return LockedShift(agent_id=agent_id, day=day)
    if row["start"] is None or row["end"] is None:
        raise BadValueError(
            "only one of start and end is given",
            "give both for a shift, neither for a day off",
            "HR102",
        )
    zone = ZoneInfo(agent.timezone)
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
    if any(int(moment.timestamp()) % (slot_min * 60) for moment in (start, end)):
        raise BadValueError(
            f"start or end is not a multiple of {slot_min} minutes, the step of the plan",
            "move it to the step, or set slot_min = 5",
            "HR109",
        )
    _check_lock_is_free(agent, day, start, end)
    return LockedShift(agent_id=agent_id, day=day, start=start, end=end)


def _moment(value: int | datetime, day: date, zone: ZoneInfo) -> datetime:
    """The instant of a time of day, or of a time stamp."""
    return at_minute(day, value, zone) if isinstance(value, int) else instant(value, zone)


def _check_lock_is_free(agent: Agent, day: date, start: datetime, end: datetime) -> None:
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


def _check_lock_overlaps(
    locks: Iterable[tuple[int, LockedShift]], sheet: Sheet | None, book: FaultBook
) -> None:
    """Locked shifts of one person do not run into each other."""
    by_agent: dict[str, list[tuple[datetime, datetime, int]]] = defaultdict(list)
    for line, lock in locks:
        if lock.start is not None and lock.end is not None:
            by_agent[lock.agent_id].append((lock.start, lock.end, line))
    for agent_id, spans in by_agent.items():
        spans.sort()
        for (_, end, before), (start, _, line) in pairwise(spans):
            if start < end and sheet is not None:
                book.error(
                    f"{agent_id} is locked to two shifts at once (see line {before})",
                    file=sheet.file,
                    line=line,
                    column="start",
                    hint="move one of them",
                    code="HR110",
                )
