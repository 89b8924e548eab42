"""The table of dated facts: days off, events, campaigns, pay days, terms."""

from __future__ import annotations

from wfplan.domain.calendar import DAYS_MOST, LAG_DAYS_MOST, DayKind
from wfplan.domain.columns import Column, Table, count
from wfplan.domain.columns import ColumnType as Type

CALENDAR = Table(
    "calendar",
    "input",
    "calendar.csv",
    "Dated facts about demand and opening hours. Public holidays of the plan's country are added "
    "for dates of which the table does not speak.",
    (
        Column(
            "date",
            Type.DATE,
            "The local date, or the first of several.",
            "2026-10-26",
            is_required=True,
        ),
        Column(
            "kind",
            Type.CHOICE,
            "What the date is: half_holiday is partly worked, payday pays people's wages, "
            "period a stretch of ordinary days that differ, such as school holidays.",
            "holiday",
            is_required=True,
            choices=tuple(kind.value for kind in DayKind),
        ),
        Column(
            "name",
            Type.TEXT,
            "What people call it; past dates of the same name are what its effect is learnt from.",
            "October bank holiday",
        ),
        Column("channel", Type.TEXT, "The channel it is about.", "voice", default="all channels"),
        Column(
            "factor",
            Type.NUMBER,
            "Stated effect on volume: 1.2 is a fifth more.",
            "1.2",
            "ratio",
            low=0.0,
            high=20.0,
            default="learnt from history",
        ),
        Column("open", Type.HOURS, "Opening hours of the date.", "10:00-16:00", default="as usual"),
        Column(
            "until",
            Type.DATE,
            "The last date, where the row holds for several alike.",
            "2026-10-30",
            default="the date",
        ),
        count(
            "days",
            "How many days the effect lasts, fading; learnt day by day where no factor is stated.",
            "3",
            "days",
            low=1.0,
            high=float(DAYS_MOST),
            default="1; days after an event or campaign are looked at",
        ),
        count(
            "lag_days",
            "Days from the date until the effect begins, such as the post's.",
            "1",
            "days",
            high=float(LAG_DAYS_MOST),
            default="0",
        ),
    ),
)
