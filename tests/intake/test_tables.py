"""Tests for wfplan.domain.tables: one schema that people and programs can read."""

from __future__ import annotations

import json

import pytest

from wfplan.domain.tables import TABLES


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_a_table_is_told_in_full_to_people_and_programs(table):
    text, data = table.as_text(), json.loads(json.dumps(table.as_dict()))
    assert text.splitlines()[0].startswith(f"{table.name} ({table.file}")
    assert [column["name"] for column in data["columns"]] == list(table.names)
    assert {c["name"] for c in data["columns"] if c["required"]} == set(table.required)
    for column in table.columns:
        assert f"{column.name} " in text
        assert column.meaning
        assert column.example
    assert max(len(line) for line in text.splitlines()) <= 120


def test_numbers_of_time_carry_their_unit_in_name_and_schema():
    units = {"_s": "seconds", "_min": "minutes", "_erlangs": "erlangs"}
    for table in TABLES.values():
        for column in table.columns:
            for suffix, unit in units.items():
                if column.name.endswith(suffix) and column.type in ("number", "whole number"):
                    others = ("staff_min", "scale_min")  # least heads, least score
                    assert column.unit == unit or column.name in others, column.name


def test_the_tables_are_those_of_the_plan_folder_and_the_run_folder():
    inputs = {name for name, table in TABLES.items() if table.place == "input"}
    assert inputs == {
        "contacts",
        "calendar",
        "agents",
        "skills",
        "availability",
        "time_off",
        "history",
        "overload",
        "locks",
        "activities",
        "published",
        "overrides",
        "external_forecast",
        "constraints",
        "survey_groups",
    }
    assert {"forecast", "requirement", "schedule", "outcome", "ledger"} <= set(TABLES)
