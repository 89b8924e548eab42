"""
Layout ``connect``: tables of the Amazon Connect analytics data lake, as CSV or Parquet.

``staff_shifts`` has the shifts, ``staff_shift_activities`` what lies in them and
``shift_activities`` what those are; columns that are not needed, and such as come later, are not
read. Of the versions of a shift the highest counts. Moments are UTC. A person is the ARN of the
agent or the id at its end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from wfplan.domain.columns import Column
from wfplan.domain.columns import ColumnType as Type
from wfplan.domain.external_ids import IdKind
from wfplan.domain.schedule import ActivityCategory
from wfplan.intake.book import BadValueError, FaultBook
from wfplan.intake.naming import same_word
from wfplan.intake.values import read_instant
from wfplan.rosters.assembling import break_of
from wfplan.rosters.genesys import code_of
from wfplan.rosters.given import GivenShift, Part, Reading, Spot
from wfplan.rosters.known import Known
from wfplan.rosters.sources import Source

SYSTEM = "connect"
TABLES = {
    "staff_shifts": ("shift_id", "shift_version", "agent_arn", "shift_start_timestamp",
                     "shift_end_timestamp"),
    "staff_shift_activities": ("shift_id", "shift_version", "activity_id",
                               "activity_start_timestamp", "activity_end_timestamp",
                               "shift_activity_arn"),
    "shift_activities": ("shift_activity_arn", "shift_activity_version", "shift_activity_name",
                         "type", "is_paid"),
}  # fmt: skip
"""Name of a table -> the columns that are needed."""
_MOMENT = Column("moment", Type.INSTANT, "", "2026-10-19 07:00:00.000")
_TRUE = ("true", "1", "t")

Row = Mapping[str, str]


@dataclass
class _Lake:
    """The rows of the tables, with their places."""

    rows: dict[str, list[tuple[Spot, Row]]] = field(default_factory=lambda: defaultdict(list))


def fits(source: Source) -> bool:
    """Whether a table is one of the three."""
    return _table_of(source) is not None


def _table_of(source: Source) -> str | None:
    """Which table a file is."""
    return next((name for name, words in TABLES.items() if source.has_columns(words)), None)


def read(sources: Sequence[Source], known: Known, book: FaultBook) -> Reading:
    """The shifts of the tables; deleted ones, and those that are all time off, left out."""
    lake, reading = _Lake(), Reading()
    for source in sources:
        name = _table_of(source)
        if name is not None:
            lake.rows[name] += _rows(source, TABLES[name], book)
    if "staff_shifts" not in lake.rows:
        book.error(
            "the table staff_shifts is not there", file=sources[0].name,
            hint="give it beside this one: it says whose the shifts are",
        )  # fmt: skip
    elif "staff_shift_activities" not in lake.rows:
        hint = "give staff_shift_activities, too, to have breaks and training"
        book.warn("shifts have no activities: all of them is on queue", file=sources[0].name,
                  hint=hint)  # fmt: skip
    activities = _latest_activities(lake)
    for spot, row in _latest(lake.rows["staff_shifts"], "shift_version", "shift_id"):
        if _is_true(row.get("is_deleted", "")):
            reading.left["deleted shifts"] += 1
            continue
        one = _shift(spot, row, activities, known, book)
        if (
            one is not None
            and one.parts
            and all(part.category is ActivityCategory.TIME_OFF for part in one.parts)
        ):
            reading.left["shifts that are all time off"] += 1
        elif one is not None:
            reading.shifts.append(one)
    return reading


def _rows(source: Source, words: Sequence[str], book: FaultBook) -> Iterator[tuple[Spot, Row]]:
    """Place and texts of the rows of a table."""
    grid = source.grid("", words, book)
    columns = {
        same_word(name): [cells.texts[code] for code in cells.codes]
        for name, cells in zip(grid.header, grid.columns, strict=True)
    }
    for i, line in enumerate(grid.lines.tolist()):
        yield Spot(source.name, line), {name: texts[i] for name, texts in columns.items()}


def _latest(rows: Sequence[tuple[Spot, Row]], version: str, *key: str) -> list[tuple[Spot, Row]]:
    """Of rows with the same key those of the highest version, the last of equals."""
    found: dict[tuple[str, ...], tuple[Spot, Row]] = {}
    for spot, row in rows:
        name = (row.get("instance_id", ""), *(row[word] for word in key))
        if name not in found or _version(row, version) >= _version(found[name][1], version):
            found[name] = (spot, row)
    return list(found.values())


def _version(row: Row, name: str) -> float:
    """The number of a version, that of a text which is none being the lowest."""
    try:
        return float(row[name])
    except ValueError:
        return -1.0


def _latest_activities(lake: _Lake) -> dict[tuple[str, float], list[tuple[Spot, Row, Row | None]]]:
    """Shift and version -> its activities, each with what it is (None: work, or not known)."""
    kinds = {
        row["shift_activity_arn"]: row
        for _, row in _latest(lake.rows["shift_activities"], "shift_activity_version",
                              "shift_activity_arn")
    }  # fmt: skip
    found: dict[tuple[str, float], list[tuple[Spot, Row, Row | None]]] = defaultdict(list)
    for spot, row in lake.rows["staff_shift_activities"]:
        if not _is_true(row.get("is_deleted", "")):
            key = row["shift_id"], _version(row, "shift_version")
            found[key].append((spot, row, kinds.get(row["shift_activity_arn"])))
    return found


def _shift(
    spot: Spot,
    row: Row,
    activities: Mapping[tuple[str, float], list[tuple[Spot, Row, Row | None]]],
    known: Known,
    book: FaultBook,
) -> GivenShift | None:
    """A shift with its activities; None where it has a fault."""
    arn = row["agent_arn"]
    short = arn.rpartition("/")[2]
    is_short = (IdKind.AGENT, SYSTEM, short) in known.pairs
    agent_id = known.agent(short if is_short else arn, SYSTEM, spot)
    start = _moment(row, "shift_start_timestamp", spot, book)
    end = _moment(row, "shift_end_timestamp", spot, book)
    parts: list[Part] = []
    is_sound = start is not None and end is not None
    for at, given, kind in activities.get((row["shift_id"], _version(row, "shift_version")), ()):
        part = None if agent_id is None else _part(at, given, kind, agent_id, known, book)
        is_sound = is_sound and part is not None
        parts += [part] if part else []
    if agent_id is None or not is_sound:
        return None
    assert start is not None
    assert end is not None
    return GivenShift(agent_id, start, end, spot, tuple(parts), row["shift_id"])


def _part(
    spot: Spot, row: Row, kind: Row | None, agent_id: str, known: Known, book: FaultBook
) -> Part | None:
    """An activity; without an ARN it is work, and an inactive one lies in time off."""
    start = _moment(row, "activity_start_timestamp", spot, book)
    end = _moment(row, "activity_end_timestamp", spot, book)
    if start is None or end is None:
        return None
    if row.get("activity_status", "").upper() == "INACTIVE":
        return Part(ActivityCategory.TIME_OFF, start, end, is_paid=False)
    arn = row["shift_activity_arn"]
    if not arn:
        return Part(ActivityCategory.WORK, start, end)
    use = known.use(arn, SYSTEM) or known.use(arn.rpartition("/")[2], SYSTEM)
    is_paid = _is_true(kind["is_paid"]) if kind and kind["is_paid"] else None
    if use is not None:
        return Part(use[1], start, end, use[0], is_paid)
    if kind is None:
        known.no_activity(arn, SYSTEM, spot)
        return None
    contract = known.problem.contract_of(known.agents[agent_id])
    minutes = int((end - start).total_seconds()) // 60
    category = category_of(kind, is_paid, break_of(contract, minutes)[0])
    return Part(category, start, end, code_of(kind["shift_activity_name"], category), is_paid)


def category_of(kind: Row, is_paid: bool | None, as_long: ActivityCategory) -> ActivityCategory:
    """
    What an activity is by type, sub-type and name.

    A break or meal is what one ``as_long`` usually is, unless its name says it.
    """
    name = kind["shift_activity_name"].casefold()
    match kind["type"].upper(), kind.get("sub_type", "").upper():
        case "PRODUCTIVE", _:
            return ActivityCategory.WORK
        case "LEAVE", _:
            return ActivityCategory.TIME_OFF
        case _, "BREAK_OR_MEAL":
            if any(word in name for word in ("meal", "lunch", "dinner", "supper")):
                return ActivityCategory.MEAL
            return ActivityCategory.BREAK if is_paid or "break" in name else as_long
    if any(word in name for word in ("train", "coach", "learn", "course")):
        return ActivityCategory.TRAINING
    if any(word in name for word in ("meeting", "huddle", "1:1", "one to one")):
        return ActivityCategory.MEETING
    return ActivityCategory.OFF_QUEUE


def _moment(row: Row, name: str, spot: Spot, book: FaultBook) -> datetime | None:
    """An instant; one without an offset is UTC."""
    text = row[name].removesuffix(" UTC").strip()
    try:
        if not text:
            raise BadValueError("is missing", "export the table again", "HR102")
        moment = read_instant(text, _MOMENT)
    except BadValueError as bad:
        book.error(bad.reason, file=spot.file, line=spot.line, column=name, hint=bad.hint,
                   code=bad.code)  # fmt: skip
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _is_true(text: str) -> bool:
    return text.casefold() in _TRUE
