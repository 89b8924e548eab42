"""Weeks planned one after another, with what the weeks before left behind and without: tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from wfplan.domain.columns import Column, Table, count, number
from wfplan.domain.columns import ColumnType as Type

WITH, WITHOUT = "with", "without"
"""Whether a week knew the weeks planned before it."""
BURDENS = ("nights", "weekends", "lates", "hard_hours", "rescue_hours")

_MEMORY = Column(
    "memory", Type.CHOICE, "Whether the week knew the weeks before it.", WITH, "", True,
    choices=(WITH, WITHOUT),
)  # fmt: skip
_WEEK = Column("week", Type.DATE, "First day of the planned week.", "2026-10-26", "", True)


def _shifts(name: str, meaning: str, example: str = "1") -> Column:
    return number(name, meaning, example, "shifts")


PEOPLE = Table(
    "quarter_people",
    "quarter",
    "people.csv",
    "What every week gives to each person and asks of her.",
    (
        _MEMORY,
        _WEEK,
        Column("agent_id", Type.ID, "The person.", "A017", "", True),
        Column("contract_type", Type.TEXT, "People of one type are compared.", "full_time", ""),
        _shifts("nights", "Three hours or more between 23:00 and 06:00."),
        _shifts("weekends", "Begun on a Saturday or Sunday."),
        _shifts("lates", "Ended after 20:00, no nights."),
        number("hard_hours", "On hard queues, by the ledger.", "6.5", "hours"),
        number("rescue_hours", "Of rescue work.", "1.5", "hours"),
        _shifts("nights_fair", "Her fair share of her like's nights of this week.", "0.8"),
        _shifts("weekends_fair", "Of their weekend shifts; empty: she could work none.", "0.8"),
        _shifts("lates_fair", "Of their late shifts.", "0.8"),
        number("hard_hours_fair", "Of their hours on hard queues.", "5.9", "hours"),
        number("rescue_hours_fair", "Of their rescue work.", "1.2", "hours"),
        number("overload_min", "Of the week, by the overload ledger.", "61", "minutes"),
        number("acute_min", "Most of the week, minutes a day.", "9.1", "minutes"),
        number("chronic_min", "At the end of the week, minutes a day.", "7.4", "minutes"),
        count("asked", "Wishes of availability that the week speaks of.", "2", ""),
        count("granted", "Of them.", "1", ""),
        number("paid_min", "Paid in the week.", "2250", "minutes"),
    ),
)

SERVICE = Table(
    "quarter_service",
    "quarter",
    "service.csv",
    "What every week means to customers, and the rules that it breaks.",
    (
        _MEMORY,
        _WEEK,
        Column("channel", Type.TEXT, "Empty: all of them.", "voice", ""),
        Column("measure", Type.TEXT, "As in outcome.csv, or breaches.", "service_level", "", True),
        Column("value", Type.NUMBER, "Its value.", "0.871", ""),
    ),
)

SPREADS = Table(
    "quarter_spreads",
    "quarter",
    "spreads.csv",
    "How evenly people carry what the weeks so far gave them.",
    (
        _MEMORY,
        _WEEK,
        Column(
            "measure",
            Type.TEXT,
            "Summed over the weeks so far; _beyond: above fair shares; _min: of the week.",
            "lates_beyond",
            "",
            True,
        ),
        Column("contract_type", Type.TEXT, "Empty: everybody.", "evening", ""),
        count("people", "Who could work such shifts.", "62", ""),
        number("gini", "0: all alike; of everybody: mean of the types.", "0.18", ""),
        *(
            Column(name, Type.NUMBER, meaning, "1.5", "")
            for name, meaning in (
                ("least", "The least that somebody has."),
                ("p10", "A tenth of them have at most."),
                ("median", "Half of them have at most."),
                ("p90", "A tenth of them have at least."),
                ("most", "The most that somebody has."),
                ("top_tenth", "Mean of the tenth that has most."),
            )
        ),
    ),
)

TABLES = (PEOPLE, SERVICE, SPREADS)


@dataclass(frozen=True)
class Quarter:
    """
    Planned weeks: rows of :data:`PEOPLE` and :data:`SERVICE`, and what was asked.

    ``weeks`` are the first days that were asked for; ``known_until`` is the last day of the
    contacts, from which every week was forecast.
    """

    plan: str
    weeks: Sequence[date]
    known_until: date | None
    people: pd.DataFrame
    service: pd.DataFrame
    spreads: pd.DataFrame

    def done(self, memory: str) -> list[date]:
        """The weeks that are planned, with memory or without."""
        own = self.people[self.people["memory"] == memory]
        return sorted(set(own["week"].tolist()))

    @property
    def weeks_ahead(self) -> int:
        """How many weeks ahead the last week is forecast; 0: from the contacts just before it."""
        last = self.known_until
        return 0 if last is None else max(((self.weeks[-1] - last).days + 6) // 7, 0)

    @property
    def memories(self) -> tuple[str, ...]:
        """With, without, or both."""
        return tuple(one for one in (WITH, WITHOUT) if self.done(one))
