"""The handle time of each row: an average, a total, or talk + hold + wrap-up; and its unit judged.

AHT = talk + hold + wrap-up of the answered. A unit that nobody stated for this file is believed
only where half of the handle times are what contacts take.
"""

from __future__ import annotations

import json

import numpy as np
from numpy.typing import NDArray

from wfplan.intake.book import FaultBook, shown
from wfplan.intake.demand_checks import SHORT_AHT_S
from wfplan.intake.queue_reports.captions import BY_NAME, BY_PLAN
from wfplan.intake.queue_reports.columns import Columns, Said, clock, say_unit
from wfplan.intake.queue_reports.units import CLOCK, NAMES, SECONDS

LONG_AHT_S = 7_200.0
"""Half of the handle times above: the unit is doubted."""

DAY_S = 86_400.0
_LIKELY_S = (30.0, 3_600.0)
_AGREE = (0.67, 1.5)  # total over average times contacts
_SOURCES = (
    ("aht",),
    ("handle_total",),
    ("talk", "hold", "wrap"),
    ("talk_total", "hold_total", "wrap_total"),
)

FloatArray = NDArray[np.float64]


def handle_times(columns: Columns, handled: FloatArray, said: Said) -> FloatArray:
    """
    Mean handle time of every row in seconds, NaN where it is not known.

    ``handled`` are the contacts whose handling it is the mean of. What was read is said, and a
    unit that cannot be right is a fault.
    """
    source = next((names for names in _SOURCES if _is_there(names, columns)), ())
    if not source:
        return np.full(columns.grid.row_count, np.nan)
    aht_s = _mean(source, columns, handled)
    _say_parts(source, columns, said)
    median_s = _median(aht_s)
    for name in source:
        if name in columns.durations:
            what = "half of the handle times" if len(source) == 1 else "half of its times"
            own = median_s if len(source) == 1 else _median(columns.numbers[name])
            say_unit(name, columns, own, what, said)
    is_doubted = _judge(source, columns, median_s, said.book)
    if not is_doubted and source == ("aht",):
        _compare(columns, handled, said.book)
    return aht_s


def _is_there(names: tuple[str, ...], columns: Columns) -> bool:
    """Whether the first column of a source is there and has a value."""
    found = columns.numbers.get(names[0])
    return found is not None and bool(np.isfinite(found).any())


def _mean(source: tuple[str, ...], columns: Columns, handled: FloatArray) -> FloatArray:
    """The mean handle time that a source gives; 0 is one that is not known."""
    first = columns.numbers[source[0]]
    parts = [np.nan_to_num(columns.numbers[name]) for name in source[1:] if name in columns.numbers]
    whole = first + sum(parts, np.zeros(len(first)))
    if source[0].endswith("_total"):
        whole = np.divide(whole, handled, out=np.full(len(whole), np.nan), where=handled > 0)
    mean: FloatArray = np.where(whole > 0, whole, np.nan)
    return mean


def _say_parts(source: tuple[str, ...], columns: Columns, said: Said) -> None:
    """Say that the handle time is a sum, and which part of it is not there."""
    if len(source) == 1:
        return
    header = columns.header
    there = [header.caption(name) for name in source if name in columns.numbers]
    absent = [name.split("_")[0] for name in source if name not in columns.numbers]
    names = {"hold": "hold time", "wrap": "wrap-up"}
    less = f"; it has no {' and no '.join(names[one] for one in absent)}" if absent else ""
    said.say(
        f"the handle time is {' + '.join(repr(shown(one)) for one in there)}{less}",
        columns.grid.file,
        header.caption(source[0]),
        hint="export the average handle time" if absent else "",
    )


def _median(values: FloatArray) -> float:
    """The median of what is known and above 0."""
    known = values[np.isfinite(values) & (values > 0)]
    return float(np.median(known)) if len(known) else float("nan")


def _judge(source: tuple[str, ...], columns: Columns, median_s: float, book: FaultBook) -> bool:
    """Whether the unit of a source is not known or not believed; a fault says so."""
    if not np.isfinite(median_s):
        return False
    unsaid = [name for name in source if name in columns.durations and is_unsaid(name, columns)]
    for name in unsaid:
        found = columns.header.fields[name]
        own = median_s if len(source) == 1 else _median(columns.numbers[name])
        reason = f"nothing says in which unit its numbers are; handle times are about {own:,.4g}"
        _note_unit(name, reason, own if name == source[0] else float("nan"), columns, book)
    found, read = columns.header.fields[source[0]], columns.durations[source[0]]
    is_stated = found.whence in (BY_PLAN, BY_NAME)
    if unsaid or is_stated or SHORT_AHT_S <= median_s <= LONG_AHT_S:
        return bool(unsaid)
    side = "below" if median_s < SHORT_AHT_S else "above"
    unit = NAMES[found.unit] if read.has_numbers else NAMES[CLOCK]
    reason = f"read as {unit}, half of the handle times are {side} {clock(median_s)}"
    _note_unit(source[0], reason, median_s, columns, book)
    return True


def is_unsaid(name: str, columns: Columns) -> bool:
    """Whether a column of durations has plain numbers without a unit."""
    return columns.durations[name].has_numbers and not columns.header.fields[name].unit


def _note_unit(name: str, reason: str, median_s: float, columns: Columns, book: FaultBook) -> None:
    """A fault for the unit of a column, with what to write."""
    found, read = columns.header.fields[name], columns.durations[name]
    hint = _unit_hint(found.caption, found.unit, median_s, has_numbers=read.has_numbers)
    grid = columns.grid
    book.error(
        reason, file=grid.file, line=grid.header_line, column=found.caption, hint=hint, code="HR107"
    )


def _unit_hint(caption: str, unit: str, median_s: float, *, has_numbers: bool) -> str:
    """Which other unit is likely, and what to write for it."""
    key = json.dumps(shown(caption), ensure_ascii=False)
    if not has_numbers:
        return (
            "a spreadsheet may have taken minutes:seconds for hours:minutes: export it again; if "
            f'it is right, write units = {{ {key} = "hh:mm:ss" }} under [contacts]'
        )
    plain = median_s / SECONDS.get(unit, 1.0)
    likely = [
        one for one, factor in SECONDS.items()
        if one != unit and _LIKELY_S[0] <= plain * factor <= _LIKELY_S[1]
    ]  # fmt: skip
    said = "; ".join(
        f"if they are {NAMES[one]} ({clock(plain * SECONDS[one])}), write "
        f'units = {{ {key} = "{one}" }} under [contacts]'
        for one in likely
    )
    if not likely and _LIKELY_S[0] <= plain * DAY_S <= _LIKELY_S[1]:
        return "they look like parts of a day: format the column as [h]:mm:ss before it is saved"
    own = f'if {NAMES[unit]} are right, write units = {{ {key} = "{unit}" }}' if unit else ""
    fallback = f'write units = {{ {key} = "s" }} under [contacts], or "min", "ms", "h"'
    return "; ".join(one for one in (said, own) if one) or fallback


def _compare(columns: Columns, handled: FloatArray, book: FaultBook) -> None:
    """A fault where the average and the total of a report tell different handle times."""
    total = columns.numbers.get("handle_total")
    if total is None:
        return
    mean = columns.numbers["aht"]
    both = np.isfinite(total) & np.isfinite(mean) & (mean > 0) & (handled > 0)
    expected = float((mean * handled)[both].sum())
    if not expected:
        return
    ratio = float(total[both].sum()) / expected
    if _AGREE[0] <= ratio <= _AGREE[1]:
        return
    header = columns.header
    book.error(
        f"it is {ratio:,.3g} times '{shown(header.caption('aht'))}' times the contacts handled",
        file=columns.grid.file,
        line=columns.grid.header_line,
        column=header.caption("handle_total"),
        hint="they are of the same contacts: say the unit of each under [contacts] units, or "
        "export only one of them",
        code="HR107",
    )
