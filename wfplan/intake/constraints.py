"""HR's limits: rows of ``constraints``, checked alone, against the plan and each other.

A note is never repeated, and one that looks like health information is refused. Rows of one
rule, scope and time are a fault; so is one of wellbeing or preference that asks for less than the
law does, for it would have no effect.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from wfplan.domain.limit_kinds import LIMIT_KINDS, LimitKind
from wfplan.domain.limits import TIGHTENING, Constraint
from wfplan.errors import did_you_mean
from wfplan.intake.book import FaultBook, shown
from wfplan.intake.constraint_people import Crowd, check_known, whom
from wfplan.intake.privacy import tells_health
from wfplan.intake.reading import BAD, Sheet
from wfplan.rules.hr_limits import OF_CHANNELS, setting_of
from wfplan.rules.registry import SETTABLE

Row = dict[str, Any]

_UNITS = {
    "h": "hours", "hour": "hours", "min": "minutes", "minute": "minutes", "share": "ratio",
    "day": "days", "counts": "count",
}  # fmt: skip
_SOME = 6
_ANYBODY = "*"  # stands for the one person of a row, whoever it is


def read_constraints(
    sheet: Sheet | None, crowd: Crowd, reference_weeks: int, book: FaultBook
) -> tuple[Constraint, ...]:
    """
    The rows of a table; those with a fault are left out, and the fault is in the book.

    Parameters
    ----------
    crowd
        The people of the plan and the law packs that hold for them.
    reference_weeks
        Weeks of ``max_average_hours_per_week``.
    """
    if sheet is None:
        return ()
    _check_notes(sheet, book)
    rows: dict[str, Constraint] = {}
    for line, row in sheet.damaged():
        _check_damaged(sheet, line, row, crowd, book)
    for line, row in sheet.rows():
        name = row["constraint_id"]
        if name in rows:
            reason = f"'{name}' is already in line {rows[name].line}"
            hint = "give each row an id of its own"
            sheet.blame(book, line, "constraint_id", reason, value=name, hint=hint, code="HR110")
            continue
        made = _constraint(sheet, line, row, crowd, book)
        if made is not None:
            rows[name] = made
    found = tuple(rows.values())
    _check_twice(sheet, found, book)
    _check_law(sheet, found, crowd, reference_weeks, book)
    _say_channels(sheet, found, book)
    return found


def _check_notes(sheet: Sheet, book: FaultBook) -> None:
    """Refuse notes that look like health information; none is repeated."""
    notes = sheet.columns.get("note")
    if notes is None:
        return
    is_health = [
        isinstance(text, str) and text is not BAD and tells_health(text) for text in notes.values
    ]
    for row, code in enumerate(notes.codes.tolist()):
        if is_health[code]:
            reason = "note looks like health information: say what the person needs, not why"
            book.error(reason, file=sheet.file, line=int(sheet.lines[row]), code="HR109")


def _constraint(
    sheet: Sheet, line: int, row: Row, crowd: Crowd, book: FaultBook
) -> Constraint | None:
    """The constraint of a row that has no fault by itself."""
    before = len(book.faults)
    kind = _kind(sheet, line, row["rule"], book)
    if kind is not None:
        _check_value(sheet, line, row, kind, book)
    _check_row(sheet, line, row, book)
    check_known(sheet, line, row, crowd, book)
    if kind is None or len(book.faults) > before or tells_health(row["note"] or ""):
        return None
    given = {key: value for key, value in row.items() if value is not None}
    given |= {"rule": kind.name, "unit": kind.unit}
    return Constraint(**given, file=sheet.file, line=line)


def _kind(sheet: Sheet, line: int, rule: str, book: FaultBook) -> LimitKind | None:
    """The rule of the list that a row names; a fault where there is none."""
    kind = LIMIT_KINDS.get(rule.strip().lower())
    if kind is None:
        hint = did_you_mean(rule, LIMIT_KINDS) or (
            "'wfplan rules list' prints the rules that there are"
        )
        reason = f"'{shown(rule)}' is not a rule of the list"
        sheet.blame(book, line, "rule", reason, value=rule, hint=hint, code="HR106")
    return kind


def _check_damaged(sheet: Sheet, line: int, row: Row, crowd: Crowd, book: FaultBook) -> None:
    """What the good cells of a row with a fault say all the same."""
    kind = _kind(sheet, line, row["rule"], book) if row.get("rule") else None
    if kind is not None and row.get("value") is not None and row.get("unit"):
        _check_value(sheet, line, row, kind, book)
    _check_row(sheet, line, row, book)
    if "scope_value" in row and row.get("scope"):
        check_known(sheet, line, row, crowd, book)


def _check_value(sheet: Sheet, line: int, row: Row, kind: LimitKind, book: FaultBook) -> None:
    """The value of a rule: in its unit, inside its range, whole where it counts."""
    value, unit = row["value"], row["unit"].strip().lower()
    if kind.refused:
        hint = (
            "say it with max_consecutive_nights, min_rest_between_shifts and max_hours_per_day, "
            "and take this row out"
        )
        reason = f"{kind.name} cannot be kept: {kind.refused}"
        sheet.blame(book, line, "rule", reason, value=kind.name, hint=hint, code="HR109")
        return
    if _UNITS.get(unit, unit) != kind.unit:
        reason = f"{kind.name} is in {kind.unit}, not in '{shown(row['unit'])}'"
        hint = _in_unit(value, unit, kind)
        sheet.blame(book, line, "unit", reason, value=row["unit"], hint=hint, code="HR106")
        return
    if not kind.low <= value <= kind.high:
        reason = f"{kind.name} = {value:g} is outside {kind.low:g}..{kind.high:g} {kind.unit}"
        hint = _guess(value, kind)
        book.error(reason, file=sheet.file, line=line, value=value, hint=hint, code="HR109")
    elif kind.is_whole and value != int(value):
        reason = f"{kind.name} = {value:g} is not a whole number"
        hint = f"write {round(value)}"
        book.error(reason, file=sheet.file, line=line, value=value, hint=hint, code="HR109")


def _guess(value: float, kind: LimitKind) -> str:
    """What a value out of range may have been meant as."""

    def fits(number: float) -> bool:
        return kind.low <= number <= kind.high

    if kind.unit == "ratio" and 1 < value <= 100:
        share = value / 100
        return f"did you mean {share:g}?" if fits(share) else f"{value:g} is a percent"
    if kind.unit == "hours" and fits(value / 60):
        return f"did you give minutes ({value / 60:g} hours)?"
    if kind.unit == "minutes" and 0 < value < kind.low and fits(value * 60):
        return f"did you give hours ({value * 60:g} minutes)?"
    return ""


def _in_unit(value: float, unit: str, kind: LimitKind) -> str:
    """How to write a value that has another unit."""
    known = _UNITS.get(unit, unit)
    if (known, kind.unit) == ("minutes", "hours"):
        return f"write {value / 60:g} hours"
    if (known, kind.unit) == ("hours", "minutes"):
        return f"write {value * 60:g} minutes"
    if unit in ("%", "percent") and kind.unit == "ratio":
        return f"write {value / 100:g} ratio"
    return f"write {kind.unit}"


def _check_row(sheet: Sheet, line: int, row: Row, book: FaultBook) -> None:
    """What a row must be whatever its rule."""
    first, last = row.get("valid_from"), row.get("valid_to")
    if first and last and last < first:
        reason = f"valid_to {last} lies before valid_from {first}"
        sheet.blame(book, line, "valid_to", reason, hint="swap the two dates", code="HR109")
    if row.get("weight") is not None and row.get("strength") == "hard":
        hint = "leave it empty, or make the row soft"
        sheet.blame(book, line, "weight", "a hard row has no weight", hint=hint, code="HR109")


def _check_twice(sheet: Sheet, rows: Sequence[Constraint], book: FaultBook) -> None:
    """No two rows give the same rule for the same scope and time."""
    known: Mapping[tuple[str, str, str], list[Constraint]] = defaultdict(list)
    for row in rows:
        same = known[row.rule, row.scope, row.scope_value]
        earlier = next((one for one in same if one.meets(row)), None)
        if earlier is not None:
            reason = (
                f"{row.constraint_id} gives {row.rule} for {row.who} at the same time as "
                f"{earlier.constraint_id} (line {earlier.line})"
            )
            hint = "keep one of them, or let the first end before the second begins"
            sheet.blame(book, row.line, "rule", reason, value=row.rule, hint=hint, code="HR112")
        same.append(row)


def _check_law(
    sheet: Sheet,
    rows: Sequence[Constraint],
    crowd: Crowd,
    reference_weeks: int,
    book: FaultBook,
) -> None:
    """A row of wellbeing or preference asks for at least what the law does."""
    law: Mapping[tuple[str, str], list[Constraint]] = defaultdict(list)
    for one in rows:
        if one.source == "law":
            law[one.rule, _person(one)].append(one)
            if one.scope == "agent":
                law[one.rule, _ANYBODY].append(one)
    for row in rows:
        if row.source not in TIGHTENING:
            continue
        near = law[row.rule, ""] + law[row.rule, _person(row) or _ANYBODY]
        said = next(_laws_over(row, near, crowd), "") or _pack_over(row, crowd, reference_weeks)
        if said:
            reason = (
                f"{row.constraint_id} ({row.source}) asks for {row.value:g} {row.unit} of "
                f"{row.rule}, less than {said}"
            )
            hint = "it can only tighten the law: ask for more, or take the row out"
            sheet.blame(book, row.line, "value", reason, value=row.value, hint=hint, code="HR113")


def _laws_over(row: Constraint, law: Sequence[Constraint], crowd: Crowd) -> Iterator[str]:
    """The rows of law on the same rule that ask for more of the same people at the same time."""
    for one in law:
        if (
            row.meets(one)
            and row.kind.is_weaker(row.value, one.value)
            and _share_people(row, one, crowd)
        ):
            yield f"the {one.value:g} of {one.constraint_id} (line {one.line}, law)"


def _person(row: Constraint) -> str:
    """The one person whom a row is about, if it is."""
    return row.scope_value if row.scope == "agent" else ""


def _share_people(row: Constraint, other: Constraint, crowd: Crowd) -> bool:
    """Whether two rows are about somebody both."""
    if "all" in (row.scope, other.scope) or row.who == other.who:
        return True
    return bool(whom(row, crowd) & whom(other, crowd))


def _pack_over(row: Constraint, crowd: Crowd, reference_weeks: int) -> str:
    """The law pack whose hard value asks for more."""
    setting = setting_of(row, reference_weeks)
    if setting is None:
        return ""
    own = SETTABLE[setting.rule].from_setting(setting)
    for value in crowd.laws_of(row):
        if value.rule != setting.rule or value.hardness != "hard":
            continue
        law = SETTABLE[value.rule].from_setting(value)
        if law.family == own.family and own.strictness < law.strictness:
            return f"the {value.value:g} {value.unit} of {value.source}"
    return ""


def _say_channels(sheet: Sheet, rows: Collection[Constraint], book: FaultBook) -> None:
    """Hard caps of occupancy are floors of staff, which no plan can promise: said once."""
    hard = [row for row in rows if row.rule == OF_CHANNELS and row.is_hard]
    if hard:
        ids = ", ".join(row.constraint_id for row in hard[:_SOME])
        book.warn(
            f"{ids}: occupancy is of a channel and of chance, so that a hard cap of it is planned "
            "for as dearly as any floor of staff, and a week above it is not published without "
            "an override",
            file=sheet.file,
            line=hard[0].line,
        )
