"""Whether an activity fits its window, its room and its facilitators, and the others beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from wfplan.domain.activities import ActivityRequest, Span
from wfplan.intake.book import FaultBook
from wfplan.intake.reading import Sheet

MINUTE = timedelta(minutes=1)


@dataclass
class ActivityRow:
    """A row of the table while it is read, and what becomes of it."""

    sheet: Sheet
    line: int
    values: dict[str, Any]
    zone: ZoneInfo
    slot_min: int
    book: FaultBook
    request: ActivityRequest | None = None
    has_fault: bool = False

    def __getitem__(self, column: str) -> Any:
        return self.values[column]

    @property
    def is_together(self) -> bool:
        """Whether its people attend at once."""
        said: str | None = self["attend"]
        return said == "together" if said else bool(self["category"] != "off_queue")

    def blame(self, column: str, reason: str, hint: str, code: str) -> None:
        """Note a fault of a cell."""
        self.has_fault = True
        value = self[column]
        value = "" if value is None or isinstance(value, tuple) else value
        self.sheet.blame(self.book, self.line, column, reason, value=value, hint=hint, code=code)

    def warn(self, column: str, reason: str, hint: str = "") -> None:
        """Note something that is only said."""
        self.book.warn(reason, file=self.sheet.file, line=self.line, column=column, hint=hint)

    def check_step(self, column: str, moment: datetime) -> None:
        """An instant at which a slot begins."""
        if int(moment.timestamp()) % (self.slot_min * 60):
            self.blame(
                column,
                f"it is no multiple of {self.slot_min} minutes, the step of the plan",
                "move it to the step, or set slot_min = 5",
                "HR109",
            )

    def check_room(self) -> bool:
        """Whether some hours of the window are long enough."""
        one = self.request
        assert one is not None
        lengths = [(end - begin) // MINUTE for begin, end in one.spans(self.zone.key)]
        if max(lengths, default=0) < (one.piece_min or one.minutes) or (
            sum(n for n in lengths if n >= (one.piece_min or one.minutes)) < one.minutes
        ):
            reason = f"the hours of the window hold no {one.minutes} minutes"
            self.blame("hours", reason, "widen them, or shorten the activity", "HR109")
            return False
        return True


def check_sessions(row: ActivityRow) -> None:
    """All sessions have a place: in the window, with a facilitator each, in their room."""
    one = row.request
    assert one is not None
    count = -(-len(one.agent_ids) // one.session_max)
    at_once = min(len(one.facilitators) or count, 1 if one.room else count)
    after = sum((end - begin) // (one.minutes * MINUTE) for begin, end in one.spans(row.zone.key))
    if one.piece_min or count <= at_once * after:
        return
    who = "the only room" if one.room else f"{len(one.facilitators)} to lead them"
    column = "room" if one.room else "facilitators"
    what = f"{count} sessions of {one.minutes} minutes with {who} take longer than the window"
    hint = "widen the window, or make the groups larger"
    row.blame(column, what, hint if not one.room else f"{hint}, or leave the room out", "HR109")


def check_clashes(rows: Sequence[ActivityRow]) -> None:
    """No person and no room is wanted by two settled sessions at once."""
    people: dict[str, list[tuple[Span, ActivityRow]]] = defaultdict(list)
    rooms: dict[str, list[tuple[Span, ActivityRow]]] = defaultdict(list)
    for row in rows:
        one = row.request
        if one is None or row.has_fault or not one.is_fixed or one.hardness != "hard":
            continue
        entry = ((one.earliest, one.latest), row)
        sole = one.facilitators if len(one.facilitators) == 1 else ()
        for agent_id in (*one.agent_ids, *sole):
            people[agent_id].append(entry)
        if one.room:
            rooms[one.room].append(entry)
    told: set[tuple[int, int, bool]] = set()
    for entries, is_room in ((people, False), (rooms, True)):
        for name, sessions in entries.items():
            sessions.sort(key=lambda s: (s[0], s[1].line))
            for (first, before), (second, row) in pairwise(sessions):
                key = (before.line, row.line, is_room)
                if second[0] >= first[1] or key in told:
                    continue
                told.add(key)
                what = f"the room '{name}'" if is_room else name
                row.blame(
                    "start",
                    f"{what} is wanted at the same time by '{before['activity_id']}' "
                    f"(see line {before.line})",
                    "move one of them",
                    "HR110",
                )


def check_horizon(row: ActivityRow, planned: Span | None) -> None:
    """Say which activities the week that is planned next does not hold, or holds in part."""
    one = row.request
    if one is None or row.has_fault or planned is None:
        return
    first = planned[0].astimezone(row.zone).date()
    column = "start" if row["start"] is not None else "latest"
    if one.latest <= planned[0]:
        row.warn(column, f"it is over before {first}, when the next week begins")
    elif one.earliest >= planned[1]:
        row.warn("earliest", f"it lies after the week of {first}: plan that week with --week")
    elif one.latest > planned[1]:
        row.warn(
            column,
            f"its window goes on after the week of {first}: it is placed there only if that "
            "does not hurt",
            "cut the window, or take the row out once it was given",
        )
    elif one.earliest < planned[0]:
        row.warn(
            "earliest",
            f"its window begins before the week of {first}: it is placed there",
            "take the row out if it was given before",
        )
