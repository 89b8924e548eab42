"""Tests for wfplan.export.long_csv."""

from __future__ import annotations

import csv
import hashlib
import io
import json

import pytest

from wfplan.domain.run_tables import SCHEDULE


def rows_of(raw):
    """Rows as a program reads them."""
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_the_columns_are_the_agreed_ones_and_then_ours(files, shared):
    agreed = (shared / "examples" / "schedules" / "schedule_long.csv").read_text("utf-8-sig")
    header = files("csv")["schedule.csv"].decode("utf-8-sig").splitlines()[0]
    assert header == agreed.splitlines()[0] + ",locked,activity_id"


def test_the_file_is_for_spreadsheets(files):
    raw = files("csv")["schedule.csv"]
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\n") == raw.count(b"\r\n") == 7


def test_the_description_names_every_column_with_its_type(files):
    made = files("csv")
    (resource,) = json.loads(made["datapackage.json"])["resources"]
    assert [field["name"] for field in resource["schema"]["fields"]] == list(SCHEDULE.names)
    assert resource["hash"] == "sha256:" + hashlib.sha256(made["schedule.csv"]).hexdigest()
    assert resource["bytes"] == len(made["schedule.csv"])
    types = {field["name"]: field["type"] for field in resource["schema"]["fields"]}
    assert (types["minutes"], types["paid"], types["shift_date"]) == ("integer", "boolean", "date")


def test_the_rows_keep_their_description(files, synthetic):
    before = synthetic.schedule()
    made = files("csv", synthetic.schedule(shifts=before.shifts[:1]), previous=before)
    schema = json.loads(made["datapackage.json"])["resources"][0]["schema"]
    rows = rows_of(made["schedule.csv"])
    for row in rows:
        for field in schema["fields"]:
            value, rules = row[field["name"]], field["constraints"]
            assert value or not rules["required"], field
            assert not value or value in rules.get("enum", [value])
            if value and field["type"] == "integer":
                assert int(value) >= rules["minimum"]
    keys = [tuple(row[name] for name in schema["primaryKey"]) for row in rows]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("field", ["name", "team", "site"])
@pytest.mark.parametrize("payload", ["=1+1", "@SUM(1)", " \t=1", "x\r\n=1", "+1", "-1", '",=1'])
def test_no_name_team_or_site_becomes_a_formula(files, synthetic, field, payload):
    agents = (synthetic.agent("A001", **{field: payload}),)
    for row in rows_of(files("csv", problem=synthetic.problem(agents=agents))["schedule.csv"]):
        for value in row.values():
            assert not value.lstrip().startswith(("=", "+", "-", "@"))
            assert len(value.splitlines()) <= 1


def test_since_then_there_are_rows_of_what_changed_and_one_for_what_is_gone(files, synthetic):
    before = synthetic.schedule(status="published")
    told = synthetic.order(previous=before).told
    first, second = before.shifts
    moved = first.model_copy(update={"activities": first.activities[:-1]})
    new = synthetic.shift("A003", synthetic.WEEK, 480, (240, "ON_QUEUE"))
    made = files("csv", synthetic.schedule(shifts=(moved, new)), told=told, since=told)
    rows = [(r["shift_id"], r["state"], r["revision"], r["minutes"]) for r in
            rows_of(made["schedule.csv"])]  # fmt: skip
    assert rows == [
        (first.shift_id, "draft", "2", "120"), (first.shift_id, "draft", "2", "15"),
        (second.shift_id, "cancelled", "2", "540"), (new.shift_id, "draft", "2", "240"),
    ]  # fmt: skip


def test_since_then_unchanged_shifts_are_not_told_again(files, synthetic):
    told = synthetic.order(previous=synthetic.schedule()).told
    made = files("csv", told=told, since=told)
    assert rows_of(made["schedule.csv"]) == []
    (resource,) = json.loads(made["datapackage.json"])["resources"]
    assert resource["bytes"] == len(made["schedule.csv"])
