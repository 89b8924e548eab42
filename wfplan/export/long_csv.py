"""``csv``: one row per activity, with the Table Schema that any Frictionless tool validates."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from wfplan.domain.cells import csv_text
from wfplan.domain.columns import Column, ColumnType
from wfplan.domain.run_tables import SCHEDULE
from wfplan.domain.schedule_rows import rows_of
from wfplan.export.order import Exported, Order, fit_id

# Table Schema: https://specs.frictionlessdata.io/table-schema/
_TYPES: dict[ColumnType, dict[str, str]] = {
    ColumnType.NUMBER: {"type": "number"},
    ColumnType.COUNT: {"type": "integer"},
    ColumnType.DATE: {"type": "date"},
    ColumnType.TRUTH: {"type": "boolean"},
    ColumnType.INSTANT: {"type": "datetime", "format": "%Y-%m-%dT%H:%M:%S%z"},
}


def to_csv(order: Order) -> Exported:
    """``schedule.csv`` and ``datapackage.json``."""
    problem = order.problem
    rows = rows_of(order.shifts, order.schedule, problem.agents, problem.site)
    raw = csv_text(SCHEDULE.names, rows, is_for_spreadsheets=True).encode()
    return Exported({SCHEDULE.file: raw, "datapackage.json": _datapackage(order, raw)})


def _datapackage(order: Order, raw: bytes) -> bytes:
    """The description of the table."""
    resource = {
        "name": "schedule",
        "path": SCHEDULE.file,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "bytes": len(raw),
        "hash": f"sha256:{hashlib.sha256(raw).hexdigest()}",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "doubleQuote": True},
        "schema": {
            "fields": [_field(column) for column in SCHEDULE.columns],
            "missingValues": [""],
            "primaryKey": ["shift_id", "start_utc"],
        },
    }
    content = {
        "profile": "tabular-data-package",
        "name": fit_id(order.schedule.schedule_id.lower()),
        "title": SCHEDULE.meaning,
        "resources": [resource],
    }
    return (json.dumps(content, indent=2) + "\n").encode()


def _field(column: Column) -> dict[str, Any]:
    """The description of a column."""
    constraints: dict[str, Any] = {"required": column.is_required}
    if column.choices:
        constraints["enum"] = list(column.choices)
    if column.low is not None:
        constraints["minimum"] = int(column.low)
    return {
        "name": column.name,
        **_TYPES.get(column.type, {"type": "string"}),
        "description": column.meaning + (f" Unit: {column.unit}." if column.unit else ""),
        "constraints": constraints,
    }
