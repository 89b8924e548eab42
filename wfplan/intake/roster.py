"""Rosters from elsewhere: a list of shifts as the schedule of the weeks of a plan.

A row is a shift, with one break in ``break_start`` and ``break_end`` where it
has one; or it is an ``activity`` of a shift (a meal, a training), and rows of
one person that touch or lie inside each other are one shift. Times are wall
time of the site, or have an offset. A list without breaks is taken as it is:
the audit says what is missing. Every fault of the file is reported at once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from wfplan.domain.contracts import Break, Contract
from wfplan.domain.input_tables import ROSTER
from wfplan.domain.people import Agent
from wfplan.domain.problem import InputFile, PlanningProblem
from wfplan.domain.schedule import Activity, ActivityCategory, Shift
from wfplan.errors import Fault, InputFaultsError
from wfplan.intake import files, workbook
from wfplan.intake.book import BadValueError, FaultBook
from wfplan.intake.columnar import is_parquet
from wfplan.intake.delimited import DELIMITERS
from wfplan.intake.naming import same_word
from wfplan.intake.people import known_agent
from wfplan.intake.reading import Folder, Sheet, read_table
from wfplan.intake.wall import at_minute, instant

REST_MAX_MIN = 20
"""A break of no known kind that is no longer than this is a paid rest, a longer one an unpaid
meal."""

SHIFT_MAX = timedelta(hours=24)
_LONG_TABLE = frozenset({"shift_id", "activity_category", "start_utc"})

Row = dict[str, Any]
Category = ActivityCategory


class _BadCellError(BadValueError):
    """A value that cannot be, and the column it stands in."""

    def __init__(self, column: str, reason: str, hint: str, code: str = "HR109") -> None:
        self.column = column
        super().__init__(reason, hint, code)


@dataclass(frozen=True)
class _Stretch:
    """What a row says of somebody's time; ``is_paid`` None is not said."""

    line: int
    category: ActivityCategory
    start: datetime
    end: datetime
    is_paid: bool | None = None

    @property
    def is_work(self) -> bool:
        return self.category is Category.WORK


def is_long_table(path: Path) -> bool:
    """Whether a file has the columns of ``schedule.csv``, one row per activity."""
    try:
        content = files.read_file(path).content
        if workbook.is_workbook(content) or is_parquet(content):
            return False
        first = files.decoded(content).text.lstrip("\r\n").partition("\n")[0]
    except BadValueError:
        return False  # the reader of shift lists says what is wrong
    delimiter = max(DELIMITERS, key=first.count)
    return {same_word(word.strip("\"' \r")) for word in first.split(delimiter)} >= _LONG_TABLE


def read_roster(
    path: Path, problem: PlanningProblem
) -> tuple[tuple[Shift, ...], tuple[Fault, ...]]:
    """
    The shifts of a list, by agent and start, and what had to be guessed.

    Raises
    ------
    InputFaultsError
        With every fault of the file, by line.
    MissingExtraError
        When it is a Parquet file and pyarrow is not installed.
    """
    book = FaultBook()
    sheet = read_table(Folder(Path(), book), str(path), ROSTER)
    shifts: list[Shift] = []
    if sheet is not None and sheet.has_required:
        if not len(sheet.lines):
            book.error("has no rows: nobody works", file=sheet.file, line=1)
        agents = {agent.agent_id: agent for agent in problem.agents}
        for agent_id, stretches in sorted(_stretches(sheet, agents, problem, book).items()):
            shifts += _shifts(sheet, agents[agent_id], stretches, problem, book)
    book.raise_if_any()
    return tuple(shifts), book.sorted_warnings()


def as_input(path: Path) -> InputFile:
    """A roster that has been read, as an input with its hash."""
    return InputFile(path=path.name, sha256=files.read_file(path).sha256)


def roster_days(problem: PlanningProblem) -> int:
    """Days that a roster is for: those of the plan, but a week at least."""
    return max(problem.days, 7)


def in_its_period(
    shifts: Sequence[Shift], problem: PlanningProblem, week: date | None, path: Path
) -> tuple[date, tuple[Shift, ...], tuple[Fault, ...]]:
    """
    First day of the weeks that a roster is for, its shifts, and how many lie elsewhere.

    They are as many as the plan has, from ``week`` on or from the first one with a
    shift. A shift belongs to the week in which it begins, on the clock of the site.

    Raises
    ------
    InputFaultsError
        When no shift begins in them, or no week is asked for and there are more.
    """
    zone = ZoneInfo(problem.timezone)
    days = [shift.start.astimezone(zone).date() for shift in shifts]
    counts = Counter(problem.week_of(day) for day in days)
    listed = ", ".join(f"{day} ({counts[day]})" for day in sorted(counts)[:8])
    first_day = problem.week_of(week) if week else min(counts, default=date.min)
    inside = [0 <= (day - first_day).days < roster_days(problem) for day in days]
    if week is None and (not counts or not all(inside)):
        reason = f"has shifts in {len(counts)} weeks: {listed}" if counts else "has no shift"
        raise InputFaultsError([Fault(reason, file=str(path), hint="say which with --week")])
    if not any(inside):
        reason = f"has no shift in the week of {first_day}; its weeks (and shifts) are {listed}"
        raise InputFaultsError([Fault(reason, file=str(path), hint="say another --week")])
    kept = tuple(shift for shift, is_in in zip(shifts, inside, strict=True) if is_in)
    left = len(days) - len(kept)
    note = f"shifts that begin in other weeks than that of {first_day} were left out: {left}"
    return first_day, kept, (Fault(note, file=str(path)),) if left else ()


def _stretches(
    sheet: Sheet, agents: Mapping[str, Agent], problem: PlanningProblem, book: FaultBook
) -> dict[str, list[_Stretch]]:
    """What the rows say, by agent; rows with a fault are left out."""
    found: dict[str, list[_Stretch]] = defaultdict(list)
    zone = ZoneInfo(problem.timezone)
    for line, row in sheet.rows():
        if not known_agent(sheet, line, row["agent_id"], agents, book):
            continue
        contract = problem.contract_of(agents[row["agent_id"]])
        try:
            found[row["agent_id"]] += _of_row(line, row, zone, contract)
        except BadValueError as bad:
            column = bad.column if isinstance(bad, _BadCellError) else "start"
            book.bad(bad, file=sheet.file, line=line, column=column)
    return found


def _of_row(line: int, row: Row, zone: ZoneInfo, contract: Contract) -> list[_Stretch]:
    """A row as one stretch, with its break as a second one."""
    start = _start(row, zone)
    end = _later("end", row, start, zone)
    category = Category(row["activity"] or Category.WORK)
    _check_span("end", start, end)
    stretches = [_Stretch(line, category, start, end, row["paid"])]
    given = [name for name in ("break_start", "break_end") if row[name] is not None]
    if not given:
        return stretches
    if len(given) == 1:
        raise _BadCellError(
            given[0], f"{given[0]} is given alone", "give start and end of a break, or neither",
            "HR102",
        )  # fmt: skip
    pause = _later("break_start", row, start, zone, may_touch=True)
    back = _later("break_end", row, pause, zone)
    _check_span("break_end", pause, back)
    if back > end:
        raise _BadCellError(
            "break_start", "the break lies outside of its shift", "check the times of both"
        )
    kind, is_paid = _break_of(contract, int((back - pause).total_seconds()) // 60)
    return [*stretches, _Stretch(line, kind, pause, back, is_paid)]


def _start(row: Row, zone: ZoneInfo) -> datetime:
    """The instant at which a row begins."""
    if not isinstance(row["start"], int):
        return instant(row["start"], zone)
    if row["date"] is None:
        raise _BadCellError(
            "date", "start is a time of day, and the row has no date",
            "give the date in a column, or write the start like 2026-10-19T08:00", "HR102",
        )  # fmt: skip
    return at_minute(row["date"], row["start"], zone)


def _later(
    column: str, row: Row, after: datetime, zone: ZoneInfo, *, may_touch: bool = False
) -> datetime:
    """The instant of a cell that lies after another; a time of day may be on the next date."""
    value: int | datetime = row[column]

    def is_after(moment: datetime) -> bool:
        return moment > after or (may_touch and moment == after)

    if isinstance(value, int):
        day = after.astimezone(zone).date()
        found = at_minute(day, value, zone)
        return found if is_after(found) else at_minute(day + timedelta(days=1), value, zone)
    found = instant(value, zone)
    if not is_after(found) and value.tzinfo is None:
        # The second of two equal wall times: a night shift that ends in the repeated hour.
        found = value.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if not is_after(found):
        before = "break_start" if column == "break_end" else "start"
        raise _BadCellError(column, f"{column} is not after {before}", "check times and dates")
    return found


def _check_span(column: str, start: datetime, end: datetime) -> None:
    """Whole minutes, and no more than a day of them."""
    if start.second or end.second:
        raise _BadCellError(column, "times are whole minutes", "leave the seconds away", "HR108")
    if end - start > SHIFT_MAX:
        hours = (end - start).total_seconds() / 3600
        raise _BadCellError(
            column, f"the row lasts {hours:.1f} hours, the most are 24", "check the dates"
        )


def _shifts(
    sheet: Sheet,
    agent: Agent,
    stretches: Sequence[_Stretch],
    problem: PlanningProblem,
    book: FaultBook,
) -> list[Shift]:
    """The shifts of a person: rows that touch or lie inside each other are one."""
    chains: list[list[_Stretch]] = []
    for stretch in sorted(stretches, key=lambda s: (s.start, not s.is_work, s.end)):
        if chains and stretch.start <= max(part.end for part in chains[-1]):
            chains[-1].append(stretch)
        else:
            chains.append([stretch])
    site = same_word(problem.site or problem.name).replace("_", "-") or "plan"
    shifts: list[Shift] = []
    on_date: Counter[date] = Counter()
    for chain in chains:
        if _is_sound(sheet, agent, chain, book):
            day = chain[0].start.astimezone(ZoneInfo(agent.timezone)).date()
            on_date[day] += 1
            shift_id = f"{site}-{agent.agent_id}-{day:%Y%m%d}-{on_date[day]}"
            activities = _activities(chain, problem.contract_of(agent))
            shifts.append(Shift(shift_id=shift_id, agent_id=agent.agent_id, shift_date=day,
                                activities=activities))  # fmt: skip
    return shifts


def _is_sound(sheet: Sheet, agent: Agent, chain: Sequence[_Stretch], book: FaultBook) -> bool:
    """Whether the rows of a shift say one thing at a time; time off alone is no shift."""
    if all(part.category is Category.TIME_OFF for part in chain):
        return False
    if all(part.category in (Category.BREAK, Category.MEAL) for part in chain):
        reason = f"no shift of {agent.agent_id} lies around this {chain[0].category}"
        sheet.blame(book, chain[0].line, "activity", reason, code="HR109",
                    hint="add the row of the shift, or remove this one")  # fmt: skip
        return False
    is_sound = True
    for is_work in (True, False):
        parts = [part for part in chain if part.is_work is is_work]
        for first, second in pairwise(parts):
            if second.start < first.end:
                reason = f"{agent.agent_id} does two things at once (see line {first.line})"
                sheet.blame(
                    book, second.line, "start", reason, hint="keep one of the rows", code="HR110"
                )
                is_sound = False
    return is_sound


def _activities(chain: Sequence[_Stretch], contract: Contract) -> tuple[Activity, ...]:
    """A shift tiled: on queue wherever no other activity lies."""
    activities: list[Activity] = []
    at = chain[0].start
    for part in chain:
        if part.is_work:
            continue
        activities += _on_queue(at, part.start)
        activities.append(_activity(part, contract))
        at = part.end
    return (*activities, *_on_queue(at, max(part.end for part in chain)))


def _on_queue(start: datetime, end: datetime) -> list[Activity]:
    if end <= start:
        return []
    return [Activity(code="ON_QUEUE", category=Category.WORK, is_paid=True, start=start, end=end)]


def _activity(part: _Stretch, contract: Contract) -> Activity:
    """An activity that is no work, paid as its row says, or else as the contract does."""
    minutes = int((part.end - part.start).total_seconds()) // 60
    kind, is_paid = part.category, part.is_paid
    if is_paid is None and kind in (Category.BREAK, Category.MEAL):
        known = [b for b in _breaks(contract) if b.length_min == minutes and _kind(b) is kind]
        is_paid = known[0].is_paid if known else kind is Category.BREAK
    return Activity(
        code="REST" if kind is Category.BREAK else kind.name,
        category=kind,
        is_paid=True if is_paid is None else is_paid,
        start=part.start,
        end=part.end,
    )


def _break_of(contract: Contract, minutes: int) -> tuple[ActivityCategory, bool]:
    """Kind and pay of a break by its length: as the contract has it, else by what is usual."""
    for known in _breaks(contract):
        if known.length_min == minutes:
            return _kind(known), known.is_paid
    is_rest = minutes <= REST_MAX_MIN
    return (Category.BREAK if is_rest else Category.MEAL), is_rest


def _breaks(contract: Contract) -> list[Break]:
    return [known for tier in contract.break_tiers for known in tier.breaks]


def _kind(known: Break) -> ActivityCategory:
    return Category.MEAL if known.kind == "meal" else Category.BREAK
