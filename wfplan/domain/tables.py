"""All tables, input and output, by name: what ``wfplan schema`` prints."""

from __future__ import annotations

from wfplan.domain import backtests, input_tables, quarters, run_tables
from wfplan.domain.absence_table import ABSENCES
from wfplan.domain.columns import Table
from wfplan.domain.external_ids import EXTERNAL_IDS

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        *input_tables.ALL,
        input_tables.ROSTER,
        ABSENCES,
        EXTERNAL_IDS,
        *run_tables.ALL,
        *backtests.TABLES,
        *quarters.TABLES,
    )
}
