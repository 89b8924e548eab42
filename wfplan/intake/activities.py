"""Activities that somebody asks for: who takes part, when they may be, who leads them.

A row is read as far as it can be; what is wrong with it is said all at once. People
who are named by a team, a skill, a contract or all of them take part if they can; who is
named by id must be able to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wfplan.domain.activities import ActivityRequest, Span
from wfplan.domain.contracts import Contract
from wfplan.domain.people import Agent
from wfplan.domain.schedule import ActivityCategory, LockedShift
from wfplan.errors import did_you_mean
from wfplan.horizon import DAY_MIN, wall_instant
from wfplan.intake.activity_checks import (
    ActivityRow,
    check_clashes,
    check_horizon,
    check_sessions,
)
from wfplan.intake.book import BadValueError, FaultBook, shown
from wfplan.intake.reading import Sheet
from wfplan.intake.wall import instant

EVERYBODY = "all"
SCOPES = ("team", "skill", "contract")


@dataclass(frozen=True)
class Staff:
    """Whom activities can name: ``agents`` are those whose own row has no fault."""

    agents: Mapping[str, Agent]
    known: Collection[str]  # ids of all people
    contracts: Mapping[str, Contract]
    locks: Sequence[LockedShift]

    def named(self, scope: str) -> set[str]:
        """The names that a scope can have."""
        people = self.agents.values()
        if scope == "team":
            return {agent.team for agent in people} - {""}
        if scope == "contract":
            return {agent.contract_type for agent in people}
        return {skill.skill for agent in people for skill in agent.skills}

    def of(self, scope: str, name: str, days: tuple[date, date]) -> list[str]:
        """Ids of the people of a scope who are employed between two dates."""

        def belongs(agent: Agent) -> bool:
            first, last = (agent.hire_date or date.min), (agent.end_date or date.max)
            if first > days[1] or last < days[0]:
                return False
            if scope == "skill":
                return any(
                    skill.skill == name and (skill.valid_from or date.min) <= days[1]
                    and (skill.valid_to or date.max) >= days[0]
                    for skill in agent.skills
                )  # fmt: skip
            return scope == EVERYBODY or name == (
                agent.team if scope == "team" else agent.contract_type
            )

        return [agent_id for agent_id, agent in self.agents.items() if belongs(agent)]


def read_activities(
    sheet: Sheet | None,
    staff: Staff,
    zone: ZoneInfo,
    slot_min: int,
    planned: Span | None,
    book: FaultBook,
) -> tuple[ActivityRequest, ...]:
    """
    The activities of a table; rows with a fault are left out.

    ``planned`` is the week that is planned where no other is asked for; activities
    that lie outside are pointed at.
    """
    if sheet is None:
        return ()
    rows: list[ActivityRow] = []
    seen: dict[str, int] = {}
    for line, row in sheet.rows():
        name = row["activity_id"]
        if name in seen:
            reason = f"'{name}' is already in line {seen[name]}"
            hint = "give each activity an id of its own, and name all its people in one row"
            sheet.blame(book, line, "activity_id", reason, value=name, hint=hint, code="HR110")
            continue
        seen[name] = line
        read = _read(ActivityRow(sheet, line, row, zone, slot_min, book), staff)
        if read is not None:
            rows.append(read)
    check_clashes(rows)
    for read in rows:
        check_horizon(read, planned)
    return tuple(read.request for read in rows if read.request and not read.has_fault)


def _read(row: ActivityRow, staff: Staff) -> ActivityRow | None:
    """A row with its activity; None where a fault leaves none."""
    span = _window(row)
    _check_shape(row)
    if span is None:
        return None
    first, last = (moment.astimezone(row.zone).date() for moment in span)
    days = (first, last)
    people, by_id = _people(row, "who", staff, days)
    leaders, leads_by_id = _people(row, "facilitators", staff, days)
    for agent_id in sorted(by_id & leads_by_id):
        row.blame(
            "facilitators",
            f"{agent_id} is asked to take part and to lead",
            "name them in one of the two columns",
            "HR109",
        )
    named = people
    people = [a for a in people if a not in leaders or a in by_id - leads_by_id]
    leaders = [a for a in leaders if a not in people]
    if named and not people and not row.has_fault:
        row.blame("who", "nobody is left beside those who lead it", "name others", "HR109")
    if row.has_fault or not people:
        return None
    row.request = _request(row, span, tuple(people), tuple(leaders))
    _keep_those_who_can(row, staff, by_id, leads_by_id)
    if not row.has_fault:
        check_sessions(row)
    return row


def _window(row: ActivityRow) -> Span | None:
    """From when to when it may be; None where that makes no sense."""
    start, earliest, latest = (row[name] for name in ("start", "earliest", "latest"))
    if start is not None and (earliest is not None or latest is not None):
        row.blame("start", "start is given, and a window as well", "keep one of them", "HR109")
        return None
    if start is None and earliest is None:
        hint = "give start where it is settled, else earliest and latest"
        row.blame("earliest", "it is not said when", hint, "HR102")
        return None
    if latest is None and isinstance(earliest, datetime):
        row.blame("latest", "is missing", "write by when it ends, or use start", "HR102")
        return None
    try:
        begin = _moment("start" if start is not None else "earliest", row, is_end=False)
        end = (
            begin + timedelta(minutes=row["minutes"])
            if start is not None
            else _moment("latest" if latest is not None else "earliest", row, is_end=True)
        )
    except BadValueError as bad:
        row.blame("start" if start is not None else "earliest", bad.reason, bad.hint, bad.code)
        return None
    row.check_step("start" if start is not None else "earliest", begin)
    if start is None:
        row.check_step("latest", end)
    if end <= begin:
        row.blame("latest", "the window ends before it begins", "swap the two", "HR109")
        return None
    return begin, end


def _moment(column: str, row: ActivityRow, *, is_end: bool) -> datetime:
    """The instant of a cell; a date begins, or ends, at midnight."""
    value = row[column]
    if isinstance(value, datetime):
        return instant(value, row.zone)
    return wall_instant(value, DAY_MIN if is_end else 0, row.zone.key)


def _check_shape(row: ActivityRow) -> None:
    """Minutes, pieces and groups that can be planned."""
    for column in ("minutes", "piece_min"):
        minutes = row[column]
        if minutes is not None and minutes % row.slot_min:
            row.blame(
                column,
                f"{minutes} is not a multiple of {row.slot_min} minutes, the step of the plan",
                "round it, or set slot_min = 5",
                "HR109",
            )
    if row["piece_min"] is not None and row.is_together:
        hint = "take piece_min out, or write each under attend"
        row.blame("piece_min", "people who attend together take no pieces", hint, "HR109")
    elif row["piece_min"] is not None and row["piece_min"] > row["minutes"]:
        reason = f"a piece of {row['piece_min']} minutes is longer than all {row['minutes']}"
        row.blame("piece_min", reason, "write a shorter piece", "HR109")
    if row["group_max"] is not None and not row.is_together:
        hint = "take group_max out, or write together under attend"
        row.blame("group_max", "who attends alone is in no group", hint, "HR109")


def _people(
    row: ActivityRow, column: str, staff: Staff, days: tuple[date, date]
) -> tuple[list[str], set[str]]:
    """Everybody whom a cell names, in order, and those whom it names by id."""
    found: dict[str, None] = {}
    by_id: set[str] = set()
    for part in row[column] or ():
        scope, colon, name = (text.strip() for text in part.partition(":"))
        if part.casefold() == EVERYBODY and part not in staff.known:
            found |= dict.fromkeys(staff.of(EVERYBODY, "", days))
        elif colon:
            found |= dict.fromkeys(_of_scope(row, column, scope.casefold(), name, staff, days))
        else:
            ids = [part] if part in staff.known else part.split()
            for agent_id in ids:
                _check_known(row, column, agent_id, staff)
            found |= dict.fromkeys(agent_id for agent_id in ids if agent_id in staff.agents)
            by_id |= set(ids)
    is_plain = found or row.has_fault or not staff.agents or by_id
    if row[column] and not is_plain:
        row.blame(column, "nobody of them works here then", "name other people", "HR109")
    return list(found), by_id


def _of_scope(
    row: ActivityRow, column: str, scope: str, name: str, staff: Staff, days: tuple[date, date]
) -> list[str]:
    """The people of a team, skill or contract."""
    if scope not in SCOPES:
        hint = did_you_mean(scope, SCOPES) or "write team:, skill: or contract: before the name"
        row.blame(column, f"'{shown(scope)}:' is no kind of group", hint, "HR111")
        return []
    names = staff.named(scope)
    if name not in names and staff.agents:
        some = ", ".join(sorted(names)[:12]) or "none"
        hint = did_you_mean(name, names) or f"there are {some}"
        row.blame(column, f"nobody has the {scope} '{shown(name)}'", hint, "HR111")
        return []
    return staff.of(scope, name, days)


def _check_known(row: ActivityRow, column: str, agent_id: str, staff: Staff) -> None:
    """Somebody of the agents table."""
    if staff.known and agent_id not in staff.known:
        hint = did_you_mean(agent_id, staff.known) or "add the person, or take the id out"
        reason = f"'{shown(agent_id)}' is not in the agents table"
        row.blame(column, reason, hint, "HR111")


def _request(
    row: ActivityRow, span: Span, people: tuple[str, ...], leaders: tuple[str, ...]
) -> ActivityRequest | None:
    """The activity of a row; None where its window has no room for it."""
    category = ActivityCategory(row["category"])
    given: dict[str, Any] = {
        "activity_id": row["activity_id"],
        "code": row["code"] or category.name,
        "category": category,
        "agent_ids": people,
        "minutes": row["minutes"],
        "earliest": span[0],
        "latest": span[1],
        "is_together": row.is_together,
        "group_max": row["group_max"] or 0,
        "piece_min": row["piece_min"] or 0,
        "hours": row["hours"] or (),
        "facilitators": leaders,
        "room": row["room"] or "",
        "hardness": row["hardness"] or "hard",
    }
    if row["weight"] is not None:
        given["weight"] = row["weight"]
    if span[1] - span[0] < timedelta(minutes=row["minutes"]):
        wide = (span[1] - span[0]) // timedelta(minutes=1)
        reason = f"the window of {wide} minutes is shorter than the activity of {row['minutes']}"
        row.blame("latest", reason, "widen it, or shorten the activity", "HR109")
        return None
    return ActivityRequest(**given)


def _keep_those_who_can(
    row: ActivityRow, staff: Staff, by_id: set[str], leads_by_id: set[str]
) -> None:
    """The activity without those named by a group who cannot take part, which is said."""
    from wfplan.rules.attendance import why_absent

    one = row.request
    if one is None or not row.check_room():
        return
    left: dict[str, str] = {}
    for column, ids, named in (
        ("who", one.agent_ids, by_id),
        ("facilitators", one.facilitators, leads_by_id),
    ):
        for agent_id in ids:
            agent = staff.agents[agent_id]
            contract = staff.contracts.get(agent.contract_type)
            own = [lock for lock in staff.locks if lock.agent_id == agent_id]
            why = why_absent(agent, contract, own, one, row.zone.key) if contract else ""
            if why and agent_id in named:
                row.blame(column, f"{agent_id} {why}", "move it, or leave them out", "HR109")
            elif why:
                left[agent_id] = why
    if left:
        some = "; ".join(f"{agent_id} {why}" for agent_id, why in list(left.items())[:3])
        some += f"; {len(left) - 3} more" if len(left) > 3 else ""
        row.warn("who", f"{len(left)} cannot take part and are left out: {some}")
    people = tuple(a for a in one.agent_ids if a not in left)
    leaders = tuple(a for a in one.facilitators if a not in left)
    for column, before, after in (
        ("who", one.agent_ids, people),
        ("facilitators", one.facilitators, leaders),
    ):
        if before and not after:
            row.blame(column, "none of them can take part", "move it, or name others", "HR109")
    row.request = one.model_copy(update={"agent_ids": people, "facilitators": leaders})
