"""``teams-xlsx``: the workbook that the Shifts app of Microsoft Teams imports.

It only ever adds: what was uploaded before is neither changed nor taken away by it, which is
said, with a table of what is to be done by hand. It has no column for a zone: times are wall
times of the schedule's zone, which must be the zone of the schedule in Shifts, and a shift of a
night in which clocks change says in its notes when it really is. Breaks are minutes without a
time. Dates are texts, ``10/19/2026``; Shifts takes none that lie more than two years back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from wfplan.domain.cells import csv_text, single_line
from wfplan.domain.external_ids import IdKind
from wfplan.domain.people import Agent
from wfplan.domain.schedule import Shift
from wfplan.domain.schedule_rows import DatedShift
from wfplan.export.order import Change, Exported, Note, Order
from wfplan.export.teams.graph import first_of, label_of, lengths_refused, notes_of
from wfplan.export.teams.template import TeamsXlsxSettings
from wfplan.export.workbooks import ROWS_MAX, look_of, workbook_bytes, write_table
from wfplan.horizon import occurs_twice

if TYPE_CHECKING:
    from xlsxwriter import Workbook

SYSTEM = "teams-xlsx"
BOOK = "teams_shifts.xlsx"
BY_HAND = "by_hand.csv"
BY_HAND_COLUMNS = (
    "what", "member", "work_email", "notes", "start", "end", "new_start", "new_end",
)  # fmt: skip
"""``what`` is change or delete; times are wall times of the schedule's zone, as in Shifts."""
SHARED = {True: "1. Shared", False: "2. Not Shared"}
COLOUR, COLOUR_OFF_QUEUE, COLOUR_TIME_OFF = "2. Blue", "4. Purple", "11. DarkPink"
_MINUTE = timedelta(minutes=1)
Row = tuple[object, ...]


def to_teams_workbook(order: Order) -> Exported:
    """``teams_shifts.xlsx``, and ``by_hand.csv`` where something has to be done by hand."""
    settings: TeamsXlsxSettings = order.settings
    live = [one for one in order.shifts if not one.is_cancelled]
    added = [one for one in live if not order.is_delta or order.change_of(one) is Change.NEW]
    desk = _Desk(order)
    tables = [
        [desk.shift_row(dated.shift) for dated in added],
        list(desk.time_off_rows()),
        list(desk.day_notes()),
    ]
    tables.append(list(desk.members()))
    refusals = [*first_of(list(lengths_refused(added))), *_too_many(tables)]

    def sheets(book: Workbook) -> None:
        look = look_of(book)
        for (name, header), rows in zip(settings.sheets, tables, strict=True):
            write_table(book.add_worksheet(name), header, rows, look)

    by_hand = list(desk.by_hand())
    files = {}
    if not refusals and not order.ids.missing:
        files[BOOK] = workbook_bytes(sheets, made_at=order.made_at, title=order.problem.name)
    if by_hand:
        text = csv_text(BY_HAND_COLUMNS, by_hand, is_for_spreadsheets=True)
        files[BY_HAND] = text.encode()
    return Exported(files, tuple(_notes(order, desk, added)), tuple(refusals))


class _Desk:
    """Rows of the workbook; whoever is in one is a member."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.settings: TeamsXlsxSettings = order.settings
        self.zone = ZoneInfo(order.schedule.timezone)
        self.shared = SHARED[order.is_publishing]
        self._who: dict[str, tuple[str, str]] = {}

    def shift_row(self, shift: Shift) -> Row:
        """A shift: its breaks are minutes, and its notes how it is found."""
        agent = self.order.agents.get(shift.agent_id)
        unpaid = sum(one.minutes for one in shift.activities if not one.is_paid)
        label = label_of(shift)
        return (
            *self._person(shift.agent_id), self._group(agent),
            *self._times(shift.start, shift.end),
            COLOUR_OFF_QUEUE if label else COLOUR, label, unpaid or None,
            " ".join((notes_of(shift.shift_id), self.warning(shift))).strip(), self.shared,
        )  # fmt: skip

    def warning(self, shift: Shift) -> str:
        """When a shift really is, where wall times do not say it."""
        start, end = shift.start.astimezone(self.zone), shift.end.astimezone(self.zone)
        is_plain = start.utcoffset() == end.utcoffset()
        if is_plain and not occurs_twice(start) and not occurs_twice(end):
            return ""
        minutes = int((shift.end - shift.start) / _MINUTE)
        first, last = (f"{one.astimezone(UTC):%Y-%m-%d %H:%M}" for one in (start, end))
        return f"(clocks change: {minutes} minutes, {first} to {last} UTC)"

    def time_off_rows(self) -> Iterator[Row]:
        """Approved time off, all for one reason: never why."""
        for agent in self.order.agents.values():
            for time_off in self.order.time_off(agent):
                yield (
                    *self._person(agent.agent_id), *self._times(time_off.start, time_off.end),
                    self.settings.time_off_reason, COLOUR_TIME_OFF, None, self.shared,
                )  # fmt: skip

    def day_notes(self) -> Iterator[Row]:
        """The dates on which clocks change; with ``--since`` they were told before."""
        if self.order.is_delta:
            return
        schedule = self.order.schedule
        for day in self.order.problem.horizon(schedule.first_day, schedule.days).dates:
            midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone)
            before, after = midnight.utcoffset(), (midnight + timedelta(days=1)).utcoffset()
            if before is None or after is None or before == after:
                continue
            way = "forward" if after > before else "back"
            by = abs(after - before) // _MINUTE
            yield (_date(midnight), f"Clocks go {way} by {by} minutes on this day")

    def members(self) -> list[Row]:
        """Everybody with a row, by id."""
        return [self._who[agent_id] for agent_id in sorted(self._who)]

    def by_hand(self) -> Iterator[Row]:
        """What the workbook cannot do: shifts to be changed and to be deleted, in wall times."""
        before = {one.shift.shift_id: one.shift for one in self.order.since or self.order.told}
        for dated in self.order.shifts:
            change, old = self.order.change_of(dated), before.get(dated.shift.shift_id)
            if dated.is_cancelled:
                yield self._to_do("delete", old or dated.shift, None)
            elif self.order.is_delta and change is Change.CHANGED and old is not None:
                yield self._to_do("change", old, dated.shift)

    def _to_do(self, what: str, old: Shift, new: Shift | None) -> Row:
        shown = [self._clock(one) for one in (old.start, old.end)]
        shown += [self._clock(one) for one in (new.start, new.end)] if new else ["", ""]
        agent = self.order.agents.get(old.agent_id)
        name, email = (agent.name, agent.email) if agent else ("", "")
        email = email or self.order.ids.find(SYSTEM, IdKind.AGENT, old.agent_id)
        return (what, name or old.agent_id, email, notes_of(old.shift_id), *shown)

    def _clock(self, instant: datetime) -> str:
        return f"{instant.astimezone(self.zone):%Y-%m-%d %H:%M}"

    def _person(self, agent_id: str) -> tuple[str, str]:
        """Name and work e-mail; where the plan has none, that of the table of external ids."""
        if agent_id not in self._who:
            agent = self.order.agents.get(agent_id)
            words = "the work e-mail, which agents.csv may have, too"
            email = (agent.email if agent else "") or self.order.ids.of(
                SYSTEM, IdKind.AGENT, agent_id, words
            )
            self._who[agent_id] = (agent.name if agent else "") or agent_id, email
        return self._who[agent_id]

    def _group(self, agent: Agent | None) -> str:
        """The name of the group in Shifts: the team's, where it is not called otherwise there."""
        team = agent.team if agent else ""
        return self.order.ids.find(SYSTEM, IdKind.GROUP, team) or single_line(team)

    def _times(self, start: datetime, end: datetime) -> tuple[str, str, str, str]:
        first, last = start.astimezone(self.zone), end.astimezone(self.zone)
        return _date(first), f"{first:%H:%M}", _date(last), f"{last:%H:%M}"


def _date(local: datetime) -> str:
    """``10/19/2026``."""
    return f"{local.month}/{local.day}/{local.year}"


def _too_many(tables: Iterable[Sequence[Row]]) -> Iterator[str]:
    """Why Excel could not take a sheet."""
    most = max(len(rows) for rows in tables)
    if most >= ROWS_MAX:
        yield (
            f"a sheet would have {most} rows, and Excel takes {ROWS_MAX - 1}: export fewer weeks "
            "or people."
        )


def _notes(order: Order, desk: _Desk, added: Sequence[DatedShift]) -> Iterator[Note]:
    """What the workbook cannot tell, and what is to be done about it."""
    shifts = [dated.shift for dated in added]
    yield from _undone(order)
    yield from _note(
        "clocks change in these shifts, and Shifts, which has no zones in its workbook, may show "
        "them an hour off: their notes say when they are; correct them there after the import",
        [shift for shift in shifts if desk.warning(shift)],
    )
    yield from _note(
        "the workbook has breaks as unpaid minutes only: their times, and training and "
        "meetings inside shifts, are left out (the export teams has them)",
        [shift for shift in shifts if len(shift.activities) > 1],
    )
    zone = order.schedule.timezone
    away = {one.agent_id for one in shifts}
    others = tuple(one.agent_id for one in order.agents.values()
                   if one.agent_id in away and one.timezone != zone)  # fmt: skip
    if others:
        text = f"times are those of {zone}, which must be the zone of the schedule in Shifts, also"
        yield Note(f"{text} for people of other zones", agent_ids=others)
    absent = tuple(one.agent_id for one in order.agents.values() if order.time_off(one))
    if absent:
        reason = desk.settings.time_off_reason
        yield Note(
            f"time off has the reason '{reason}', which Shifts must know: add it there, or name "
            "another in [teams-xlsx] time_off_reason of export.toml",
            agent_ids=absent,
        )
    if order.open_shifts:
        yield Note(
            f"open shifts are not in the workbook ({len(order.open_shifts)}): the export teams "
            "has them"
        )


def _undone(order: Order) -> Iterator[Note]:
    """Notes of what an import that only adds leaves as it was."""
    yield from _note(
        f"the import deletes nothing: delete these cancelled shifts in Shifts ({BY_HAND})",
        [one.shift for one in order.shifts if one.is_cancelled],
    )
    if order.is_delta:
        changed = [one.shift for one in order.shifts if order.change_of(one) is Change.CHANGED]
        yield from _note(
            f"the import changes nothing: change these shifts in Shifts by hand ({BY_HAND})",
            changed,
        )
    elif order.told:
        old = [one.shift for one in order.shifts
               if not one.is_cancelled and order.change_of(one) is not Change.NEW]  # fmt: skip
        yield from _note(
            "the import only adds: where these shifts were uploaded before, they come a second "
            "time. Give --since, or clear these days in Shifts first",
            old,
        )


def _note(text: str, shifts: Sequence[Shift]) -> Iterator[Note]:
    """A note of some shifts, if there are any."""
    if shifts:
        people = tuple(sorted({shift.agent_id for shift in shifts}))
        yield Note(text, people, tuple(shift.shift_id for shift in shifts))
