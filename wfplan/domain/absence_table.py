"""The table of absences that ``wfplan hr calibrate`` reads: dates, and never a reason."""

from __future__ import annotations

from wfplan.domain.columns import AGENT, Column, Table
from wfplan.domain.columns import ColumnType as Type

ABSENCES = Table(
    "absences",
    "given",
    "absences.csv",
    "Dates on which people did not come, for 'wfplan hr calibrate'. Dates only: a reason is "
    "refused unread. Nothing of it is kept.",
    (
        AGENT,
        Column("date", Type.DATE, "The local date.", "2026-10-19", is_required=True),
        Column(
            "unplanned",
            Type.TRUTH,
            "Whether it was not known when the week was planned; false: leave and the like.",
            "true",
            default="true",
        ),
    ),
)
