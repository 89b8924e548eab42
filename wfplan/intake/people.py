"""Agents with their skills, availability and time off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from wfplan.domain.people import Agent, Availability, Skill, TimeOff
from wfplan.errors import did_you_mean
from wfplan.horizon import DAY_MIN, WEEKDAYS, day_bounds
from wfplan.intake.book import BadValueError, FaultBook, shown
from wfplan.intake.reading import Sheet
from wfplan.intake.wall import instant

ANCHOR = date(2024, 1, 1)
"""A Monday; weeks are counted from it where a row does not say from which."""
_AHEAD = timedelta(weeks=60)  # beyond the history, for which every second week is written out

Row = dict[str, Any]


@dataclass(frozen=True)
class PlanNames:
    """What the tables may refer to."""

    timezone: str
    site: str
    channels: Collection[str]
    skills: Collection[str]
    contracts: Collection[str]
    packs: Collection[str]
    last_day: date | None  # of the contact history


def agent_rows(sheet: Sheet, names: PlanNames, book: FaultBook) -> dict[str, tuple[int, Row]]:
    """Line and row of every agent by id; references checked, duplicates left out."""
    rows: dict[str, tuple[int, Row]] = {}
    _check_damaged_agents(sheet, names, book)
    for line, row in sheet.rows():
        agent_id = row["agent_id"]
        if agent_id in rows:
            book.error(
                f"'{agent_id}' is already in line {rows[agent_id][0]}",
                file=sheet.file,
                line=line,
                column="agent_id",
                value=agent_id,
                hint="an id belongs to one person: keep one of the rows",
                code="HR110",
            )
            continue
        rows[agent_id] = (line, row)
        _check_reference(sheet, line, row, "contract_type", names.contracts, "contract", book)
        if row["rule_pack"] is not None:
            _check_reference(sheet, line, row, "rule_pack", names.packs, "rule pack", book)
    return rows


def _check_damaged_agents(sheet: Sheet, names: PlanNames, book: FaultBook) -> None:
    """What the good cells of rows with a fault say all the same."""
    for line, row in sheet.damaged():
        if row.get("contract_type"):
            _check_reference(sheet, line, row, "contract_type", names.contracts, "contract", book)
        if row.get("rule_pack"):
            _check_reference(sheet, line, row, "rule_pack", names.packs, "rule pack", book)
        for low, high in (
            ("min_hours_week", "contract_hours_week"),
            ("contract_hours_week", "max_hours_week"),
            ("hire_date", "end_date"),
        ):
            first, last = row.get(low), row.get(high)
            if first is not None and last is not None and last < first:
                given = [f"{v:g}" if isinstance(v, float) else str(v) for v in (first, last)]
                reason = f"{high} {given[1]} is less than {low} {given[0]}"
                sheet.blame(book, line, high, reason, hint="correct the row", code="HR109")


def agent_ids(sheet: Sheet | None) -> frozenset[str]:
    """Every id of the agents table, also of rows that have a fault elsewhere."""
    if sheet is None or "agent_id" not in sheet.columns:
        return frozenset()
    return frozenset(v for v in sheet.columns["agent_id"].values if isinstance(v, str))


def build_agents(
    sheet: Sheet,
    rows: Mapping[str, tuple[int, Row]],
    names: PlanNames,
    parts: Mapping[str, Mapping[str, Iterable[Any]]],
    book: FaultBook,
) -> tuple[Agent, ...]:
    """
    The agents; ``parts`` holds skills, availability and time off by agent.

    A row that contradicts itself is a fault and gives no agent.
    """
    agents = []
    for agent_id, (line, row) in rows.items():
        hours = row["contract_hours_week"]
        given = {key: value for key, value in row.items() if value is not None}
        defaults = {
            "timezone": names.timezone,
            "site": names.site,
            "min_hours_week": hours,
            "max_hours_week": hours,
        }
        own = {key: tuple(part.get(agent_id, ())) for key, part in parts.items()}
        try:
            agents.append(Agent(**{**defaults, **given, **own}))
        except ValidationError as error:
            note_invalid(error, sheet.file, line, book)
    return tuple(agents)


def read_skills(
    sheet: Sheet | None, agents: Collection[str], names: PlanNames, book: FaultBook
) -> dict[str, list[Skill]]:
    """Skills by agent: known ones, never two of a name that hold on the same date."""
    if sheet is None:
        return {}
    lines: dict[tuple[str, str], list[tuple[int, Skill]]] = defaultdict(list)
    for line, row in sheet.damaged():
        _check_known(sheet, line, row, agents, book)
        if row.get("skill"):
            _check_reference(sheet, line, row, "skill", names.skills, "channel or skill", book)
        _check_span(sheet, line, row, book)
    for line, row in _rows_of_known(sheet, agents, book):
        _check_reference(sheet, line, row, "skill", names.skills, "channel or skill", book)
        skill = _made(Skill, row, sheet, line, book)
        if skill is not None:
            lines[row["agent_id"], skill.skill].append((line, skill))
    by_agent: dict[str, list[Skill]] = defaultdict(list)
    for (agent_id, name), found in lines.items():
        found.sort(key=lambda item: (item[1].valid_from or date.min, item[0]))
        for (before, first), (line, second) in pairwise(found):
            if (second.valid_from or date.min) <= (first.valid_to or date.max):
                book.error(
                    f"{agent_id} has the skill '{shown(name)}' twice at the same time "
                    f"(see line {before})",
                    file=sheet.file,
                    line=line,
                    column="skill",
                    value=name,
                    hint="keep one row, or end the first with valid_to",
                    code="HR110",
                )
        by_agent[agent_id] += [skill for _, skill in found]
    return by_agent


def read_availability(
    sheet: Sheet | None, agents: Collection[str], names: PlanNames, book: FaultBook
) -> dict[str, list[Availability]]:
    """Availability by agent; every second week becomes one row per date it falls on."""
    if sheet is None:
        return {}
    by_agent: dict[str, list[Availability]] = defaultdict(list)
    for line, row in sheet.damaged():
        _check_known(sheet, line, row, agents, book)
        _check_span(sheet, line, row, book)
        if "weekday" in row and "date" in row and (row["weekday"] is None) == (row["date"] is None):
            reason, hint = "give exactly one of weekday and date", "correct the row"
            sheet.blame(book, line, "weekday", reason, hint=hint, code="HR109")
    for line, row in _rows_of_known(sheet, agents, book):
        if not _check_span(sheet, line, row, book):
            continue
        if row["weekday"] and row["valid_from"] is None and (row["every_n_weeks"] or 1) > 1:
            row = _anchored(sheet, line, row, book)
        windows = _windows(row, names.last_day)
        made = [_made(Availability, window, sheet, line, book) for window in windows]
        by_agent[row["agent_id"]] += [window for window in made if window is not None]
    return by_agent


def read_time_off(
    sheet: Sheet | None,
    agents: Collection[str],
    zone_of: Callable[[str], str],
    book: FaultBook,
) -> dict[str, list[TimeOff]]:
    """Time off by agent, as instants; no two of one status at the same time."""
    if sheet is None:
        return {}
    found: dict[str, list[tuple[int, TimeOff]]] = defaultdict(list)
    for line, row in sheet.damaged():
        _check_known(sheet, line, row, agents, book)
    for line, row in _rows_of_known(sheet, agents, book):
        try:
            span = _span(row, zone_of(row["agent_id"]))
        except BadValueError as bad:
            book.bad(bad, file=sheet.file, line=line, column="start", value=row["start"])
            continue
        off = _made(TimeOff, span, sheet, line, book)
        if off is not None:
            found[row["agent_id"]].append((line, off))
    for agent_id, spans in found.items():
        spans.sort(key=lambda item: (item[1].status, item[1].start, item[0]))
        for (before, first), (line, second) in pairwise(spans):
            if first.status == second.status and second.start < first.end:
                book.error(
                    f"{agent_id} is off twice at the same time (see line {before})",
                    file=sheet.file,
                    line=line,
                    column="start",
                    hint="keep one of the rows, or cut one short",
                    code="HR110",
                )
    return {agent_id: [off for _, off in spans] for agent_id, spans in found.items()}


def note_invalid(error: ValidationError, file: str, line: int, book: FaultBook) -> None:
    """The faults of a row that a model refused."""
    for detail in error.errors(include_url=False, include_context=False):
        reason = detail["msg"].removeprefix("Value error, ")
        known = [str(part) for part in detail["loc"]]
        column = known[0] if known else reason.split(" ", 1)[0].strip("'")
        book.error(
            reason,
            file=file,
            line=line,
            column=column if "_" in column or known else "",
            hint="correct the row",
            code="HR109",
        )


def known_agent(
    sheet: Sheet, line: int, agent_id: str, agents: Collection[str], book: FaultBook
) -> bool:
    """Whether the agents table has the id (or could not be read); a fault when it has not."""
    if not agents or agent_id in agents:
        return True
    book.error(
        f"'{agent_id}' is not in the agents table",
        file=sheet.file,
        line=line,
        column="agent_id",
        value=agent_id,
        hint=(book.tells(sheet.file, "agent_id", "HR111") and did_you_mean(agent_id, agents))
        or "add the person, or remove the row",
        code="HR111",
    )
    return False


def _check_reference(
    sheet: Sheet,
    line: int,
    row: Row,
    column: str,
    known: Collection[str],
    what: str,
    book: FaultBook,
) -> None:
    """A fault when a row refers to what the plan does not have."""
    name = row[column]
    if name in known:
        return
    listed = ", ".join(sorted(known)) or "none"
    book.error(
        f"'{shown(name)}' is not a {what} of the plan",
        file=sheet.file,
        line=line,
        column=column,
        value=name,
        hint=did_you_mean(name, known) or f"the plan has {listed}",
        code="HR111",
    )


def _check_known(
    sheet: Sheet, line: int, row: Row, agents: Collection[str], book: FaultBook
) -> None:
    """A fault when a row with another fault is about nobody, too."""
    if row.get("agent_id"):
        known_agent(sheet, line, row["agent_id"], agents, book)


def _check_span(sheet: Sheet, line: int, row: Row, book: FaultBook) -> bool:
    """Whether the dates from which and to which a row holds are in order; a fault if not."""
    first, last = row.get("valid_from"), row.get("valid_to")
    if first is None or last is None or first <= last:
        return True
    reason = f"valid_to {last} lies before valid_from {first}"
    sheet.blame(book, line, "valid_to", reason, hint="correct the row", code="HR109")
    return False


def _rows_of_known(
    sheet: Sheet, agents: Collection[str], book: FaultBook
) -> Iterable[tuple[int, Row]]:
    """Rows whose agent exists; unknown agents are faults."""
    for line, row in sheet.rows():
        if known_agent(sheet, line, row["agent_id"], agents, book):
            yield line, row


def _made(model: type[Any], row: Row, sheet: Sheet, line: int, book: FaultBook) -> Any:
    """The object of a row, None when the model refuses it."""
    known = model.model_fields  # looked up once: it is a property of the class
    fields = {k: v for k, v in row.items() if v is not None and k in known}
    try:
        return model(**fields)
    except ValidationError as error:
        note_invalid(error, sheet.file, line, book)
        return None


def _anchored(sheet: Sheet, line: int, row: Row, book: FaultBook) -> Row:
    """A row of every so many weeks that does not say from which: counted from a fixed week."""
    book.warn(
        f"every {row['every_n_weeks']} weeks: counted from the week of {ANCHOR}, as valid_from is "
        "empty",
        file=sheet.file,
        line=line,
        column="every_n_weeks",
        hint="give valid_from to count from its week",
        code="HR102",
    )
    return {**row, "valid_from": ANCHOR}


def _windows(row: Row, last_day: date | None) -> Iterable[Row]:
    """A row of availability as fields of the model, once or once per date."""
    start, end = row["start_time"], row["end_time"]
    window = {
        **row,
        "day": row["date"],
        "weekday": None if row["weekday"] is None else WEEKDAYS.index(row["weekday"]),
        "start_min": start,
        "end_min": end if end > start else end + DAY_MIN,
    }
    every = row["every_n_weeks"] or 1
    if every == 1 or window["weekday"] is None:
        yield window
        return
    day = row["valid_from"] - timedelta(days=row["valid_from"].weekday() - window["weekday"])
    if day < row["valid_from"]:
        day += timedelta(weeks=every)
    until = min(row["valid_to"] or date.max, (last_day or day) + _AHEAD)
    while day <= until:
        yield {**window, "valid_from": day, "valid_to": day}
        day += timedelta(weeks=every)


def _span(row: Row, timezone: str) -> Row:
    """Start and end of time off as instants: whole days to the end of the last one."""
    start, end = row["start"], row["end"]
    are_dates = not isinstance(start, datetime) and not isinstance(end, datetime)
    is_all_day = are_dates if row["all_day"] is None else row["all_day"]
    common = {
        "is_all_day": is_all_day,
        "is_paid": True if row["paid"] is None else row["paid"],
        "status": row["status"] or "approved",
    }
    if is_all_day:
        first, last = (_whole_day(moment) for moment in (start, end))
        if last < first:
            raise BadValueError(f"ends on {last}, before it starts", "swap start and end", "HR109")
        return {
            **common,
            "start": day_bounds(first, timezone)[0],
            "end": day_bounds(last, timezone)[1],
        }
    if are_dates or not (isinstance(start, datetime) and isinstance(end, datetime)):
        raise BadValueError(
            "all_day is false, but start or end has no time of day",
            "write them like 2026-10-21T14:00, or set all_day to true",
            "HR108",
        )
    zone = ZoneInfo(timezone)
    return {**common, "start": instant(start, zone), "end": instant(end, zone)}


def _whole_day(moment: date | datetime) -> date:
    """The date of a moment that is a date, or midnight."""
    if not isinstance(moment, datetime):
        return moment
    if moment.hour or moment.minute:
        raise BadValueError(
            f"all_day is true, but {moment:%H:%M} is a time of day",
            "give dates, or set all_day to false",
            "HR108",
        )
    return moment.date()
