"""The table of shifts that were planned elsewhere."""

from __future__ import annotations

from wfplan.domain.columns import AGENT, Column, Table
from wfplan.domain.columns import ColumnType as Type

ROSTER = Table(
    "roster",
    "given",
    "roster.csv",
    "Shifts planned elsewhere, for 'wfplan import-schedule' and 'wfplan simulate PLAN --schedule'. "
    "A row is a shift, or one activity of a shift: rows of a person that touch or lie inside each "
    "other are one shift. Other layouts (schedule.csv, wfplan-schedule/1, calendars, Genesys, "
    "Teams, Amazon Connect) are read as well.",
    (
        AGENT,
        Column("name", Type.TEXT, "Their name; not used.", "Ada Quinn"),
        Column("date", Type.DATE, "Local date, where start is a time of day.", "2026-10-19"),
        Column(
            "start",
            Type.TIME_OR_INSTANT,
            "When it begins; wall time of the site without an offset.",
            "2026-10-19T08:00",
            is_required=True,
        ),
        Column(
            "end",
            Type.TIME_OR_INSTANT,
            "When it ends; a time of day at or before the start is on the next date.",
            "2026-10-19T16:30",
            is_required=True,
        ),
        Column("break_start", Type.TIME_OR_INSTANT, "When its break begins.", "12:00"),
        Column("break_end", Type.TIME_OR_INSTANT, "When the break ends.", "12:30"),
        Column(
            "activity",
            Type.CHOICE,
            "What the row is; only work serves contacts.",
            "meal",
            choices=("work", "break", "meal", "training", "meeting", "off_queue", "time_off"),
            default="work",
        ),
        Column(
            "paid",
            Type.TRUTH,
            "Whether an activity is paid.",
            "false",
            default="as breaks of the contract; else all but meals are",
        ),
    ),
)
