"""What a quarter says of people's load, in a planner's sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite, nan
from typing import Any

import pandas as pd

from wfplan.domain.quarters import BURDENS, WITH, WITHOUT, Quarter
from wfplan.report.numbers import NOT_KNOWN, counted, decimal, percent, whole

BURDEN_NAMES = {
    "nights": "Nights",
    "weekends": "Weekend shifts",
    "lates": "Late shifts",
    "hard_hours": "Hours on hard queues",
    "rescue_hours": "Hours of rescue work",
}
_LOAD_NAMES = {"acute_min": "acute overload", "chronic_min": "chronic overload"}


@dataclass(frozen=True)
class Ends:
    """What one quarter, with memory or without, comes to."""

    quarter: Quarter
    memory: str

    def spread(self, measure: str) -> pd.Series | None:
        """The spread of everybody after the last week; None where nobody has any."""
        rows = self.quarter.spreads
        rows = rows[(rows["memory"] == self.memory) & (rows["measure"] == measure)]
        rows = rows[rows["contract_type"] == ""]
        return None if rows.empty else rows.sort_values("week").iloc[-1]

    def has(self, burden: str) -> bool:
        """Whether anybody has any of it."""
        own = self.quarter.people
        return bool((own.loc[own["memory"] == self.memory, burden] > 0).any())

    def highest(self, measure: str) -> float:
        """The highest of the weeks' means of the most loaded tenth."""
        rows = self.quarter.spreads
        rows = rows[(rows["memory"] == self.memory) & (rows["measure"] == measure)]
        rows = rows[rows["contract_type"] == ""]
        return float(rows["top_tenth"].max()) if len(rows) else nan

    @property
    def wishes(self) -> tuple[int, int]:
        """Asked and granted."""
        own = self.quarter.people[self.quarter.people["memory"] == self.memory]
        return int(own["asked"].sum()), int(own["granted"].sum())

    def mean(self, measure: str, channel: str = "") -> float:
        """Mean of a measure of service over the weeks."""
        values = self._values(measure, channel)
        return float(values.mean()) if len(values) else nan

    def total(self, measure: str) -> float:
        """Sum of a measure over the weeks."""
        return float(self._values(measure, "").sum())

    def _values(self, measure: str, channel: str) -> pd.Series:
        rows = self.quarter.service
        rows = rows[(rows["memory"] == self.memory) & (rows["measure"] == measure)]
        return rows.loc[rows["channel"] == channel, "value"]


def ends_of(found: Quarter) -> list[Ends]:
    """With memory first."""
    return [Ends(found, memory) for memory in found.memories]


def is_whole(found: Quarter) -> bool:
    """Whether every week that was asked for is planned, the same ones with memory and without."""
    return all(len(found.done(memory)) >= len(found.weeks) for memory in found.memories)


def headline_of(found: Quarter) -> tuple[str, str]:
    """A word and a sentence on what memory does, or on how far the quarter is planned."""
    ends = ends_of(found)
    if not ends:
        return "Nothing is planned yet", "No week could be planned."
    if len(ends) == 1 or not is_whole(found):
        done = max(len(found.done(one.memory)) for one in ends)
        how = "each knowing the weeks before it" if ends[0].memory == WITH else "without memory"
        of = "" if done >= len(found.weeks) else f" of {len(found.weeks)}"
        return f"{done}{of} weeks planned", f"From {found.weeks[0]}, {how}."
    known, blind = ends
    kinds = [name for name in BURDENS if known.has(name) or blind.has(name)]
    gains = {name: _reach(blind, name) - _reach(known, name) for name in kinds}
    if not gains:
        return "No burdens to share", "Nobody works nights, weekends, lates or hard queues."
    better = sum(gain > 0 for gain in gains.values())
    word = (
        "Memory shares the load more evenly"
        if better == len(gains)
        else f"Memory makes {better} of {counted(len(gains), 'burden')} more even"
    )
    name = max(gains, key=lambda one: gains[one])
    return word, (
        f"After {len(found.weeks)} weeks nobody lies more than {decimal(_reach(known, name))} "
        f"{BURDEN_NAMES[name].lower()} above a fair share; without memory, "
        f"{decimal(_reach(blind, name))}."
    )


def sentences_of(found: Quarter) -> list[str]:
    """Burdens, overload, wishes, service and rules, with memory and without."""
    ends = ends_of(found)
    if not ends:
        return []
    return [*_burdens(ends), *_loads(ends), *_others(ends)]


def both(values: Sequence[str], ends: Sequence[Ends]) -> str:
    """``0.12 with memory, 0.20 without``."""
    said = {WITH: "with memory", WITHOUT: "without"}
    if len(ends) == 1:
        return values[0]
    return ", ".join(f"{value} {said[one.memory]}" for value, one in zip(values, ends, strict=True))


def _reach(one: Ends, burden: str) -> float:
    """How far above a fair share somebody lies."""
    row = one.spread(f"{burden}_beyond")
    return 0.0 if row is None else float(row["most"])


def _burdens(ends: Sequence[Ends]) -> Iterator[str]:
    for name in BURDENS:
        if not any(one.has(name) for one in ends):
            continue
        rows: list[Any] = [one.spread(name) for one in ends]
        ginis = [decimal(nan if row is None else float(row["gini"]), 2) for row in rows]
        most = [f"{decimal(_reach(one, name))}" for one in ends]
        yield (
            f"{BURDEN_NAMES[name]}: Gini {both(ginis, ends)}; least to most "
            f"{_extents(rows, ends)}; furthest above a fair share {both(most, ends)}."
        )


def _extents(rows: Sequence[Any], ends: Sequence[Ends]) -> str:
    """``0 to 13 with memory, 2 to 9 without``: what the people at both ends have."""
    said = [
        NOT_KNOWN
        if row is None
        else f"{decimal(float(row['least']), 0)} to {decimal(float(row['most']), 0)}"
        for row in rows
    ]
    return both(said, ends)


def _loads(ends: Sequence[Ends]) -> Iterator[str]:
    said = [
        f"{word} {both([f'{decimal(one.highest(name))} min a day' for one in ends], ends)}"
        for name, word in _LOAD_NAMES.items()
    ]
    yield f"The most loaded tenth in its heaviest week: {'; '.join(said)}."
    for name, word in _LOAD_NAMES.items():
        rows = [one.spread(name) for one in ends]
        ginis = [decimal(nan if row is None else float(row["gini"]), 2) for row in rows]
        yield (
            f"{word.capitalize()} in the last week, minutes a day: Gini {both(ginis, ends)}; least "
            f"to most {_extents(rows, ends)}."
        )


def _others(ends: Sequence[Ends]) -> Iterator[str]:
    asked = [one.wishes for one in ends]
    if all(many for many, _ in asked):
        shares = [percent(granted / many) for many, granted in asked]
        yield f"Wishes granted: {both(shares, ends)}."
    levels = [f"{decimal(100 * one.mean('service_level'))}\u202f%" for one in ends]
    harms = [f"{whole(one.mean('harm'))} points" for one in ends]
    if all(isfinite(one.mean("service_level")) for one in ends):
        yield f"Inside the promise, all channels: {both(levels, ends)}."
    yield f"Harm a week, as lived: {both(harms, ends)}."
    broken = [whole(one.total("hard_breaches")) for one in ends]
    yield f"Hard rules broken, weeks before known to the audit: {both(broken, ends)}."
