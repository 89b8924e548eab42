"""The tables of a plan folder about earlier weeks: what was worked, and what it weighs."""

from __future__ import annotations

from wfplan.domain.columns import AGENT, Column, Table, count, number
from wfplan.domain.columns import ColumnType as Type

HISTORY = Table(
    "history",
    "input",
    "history.csv",
    "Worked or published shifts of the last 4 to 17 weeks. Without them rests, averages and runs "
    "of days start blind at the first day of the week.",
    (
        AGENT,
        Column(
            "start",
            Type.INSTANT,
            "When the shift began; wall time of the person without an offset.",
            "2026-10-12T08:00",
            is_required=True,
        ),
        Column("end", Type.INSTANT, "When it ended.", "2026-10-12T16:30", is_required=True),
        Column("published_at", Type.INSTANT, "When it was published.", "2026-09-28T12:00Z"),
        count("paid_min", "Paid minutes of it.", "480", "minutes", high=1_440.0, default="all"),
    ),
)

OVERLOAD = Table(
    "overload",
    "input",
    "overload.csv",
    "The overload ledger of earlier weeks, as ledger.csv of their run folders has it: what people "
    "carry into the week. The last date of each person counts, faded since.",
    (
        AGENT,
        Column("date", Type.DATE, "The local date.", "2026-10-18", is_required=True),
        number("overload_min", "Strain of that date.", "62.5", "minutes", high=1e4, default="0"),
        number(
            "acute_min",
            "Memory of 7 days at the end of the date, a day.",
            "48",
            "minutes",
            is_required=True,
            high=1e4,
        ),
        number(
            "chronic_min",
            "Memory of 42 days, a day.",
            "35",
            "minutes",
            is_required=True,
            high=1e4,
        ),
        number("high_intensity_min", "On hard queues.", "45", "minutes", high=1_440.0, default="0"),
        Column("strain_table", Type.TEXT, "The strain table that weighed it.", "2026.1"),
    ),
)
