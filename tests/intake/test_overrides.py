"""Tests for wfplan.intake.overrides and override_edits: layers are checked, added, taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from wfplan.errors import InputFaultsError, UsageError
from wfplan.intake import add_override, load_plan, set_active

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
GOOD = {"channel": "voice", "from": "2026-03-02", "change": "+10%", "author": "ada",
        "reason": "mailing"}  # fmt: skip
HEADER = "id,channel,from,until,times,change,author,reason,made_at,active\n"


def faults_of(folder, **row):
    with pytest.raises(InputFaultsError) as caught:
        add_override(folder, GOOD | row, NOW)
    return [str(fault) for fault in caught.value.faults]


def with_table(folder, rows):
    plan = folder / "plan.toml"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace("[inputs]", '[inputs]\noverrides = "overrides.csv"', 1))
    (folder / "overrides.csv").write_text(HEADER + rows, encoding="utf-8")
    return folder


def test_a_layer_is_added_to_a_plan_that_had_none(plan_folder):
    folder = plan_folder()
    before = (folder / "plan.toml").read_text(encoding="utf-8")
    layer, _ = add_override(folder, GOOD | {"times": "10:00-14:00"}, NOW)
    assert (layer.override_id, layer.first, layer.last) == ("L001", *[date(2026, 3, 2)] * 2)
    after = (folder / "plan.toml").read_text(encoding="utf-8")
    assert after.replace('overrides = "overrides.csv"\n', "") == before
    (loaded,) = load_plan(folder).overrides
    assert loaded == layer
    assert loaded.made_at == NOW
    assert loaded.times == ((600, 840),)


def test_layers_keep_their_order_and_get_the_next_id(plan_folder):
    folder = plan_folder()
    for change in ("+10%", "=300/day", "copy 2026-W08 -5%"):
        add_override(folder, GOOD | {"change": change}, NOW)
    layers = load_plan(folder).overrides
    assert [one.override_id for one in layers] == ["L001", "L002", "L003"]
    assert [one.change.text for one in layers] == ["+10%", "=300/day", "copy 2026-W08 -5%"]


def test_a_layer_is_taken_back_and_put_back_without_losing_its_row(plan_folder):
    folder = plan_folder()
    add_override(folder, GOOD, NOW)
    text = (folder / "overrides.csv").read_bytes()
    assert not set_active(folder, "L001", is_active=False).is_active
    assert not load_plan(folder).overrides[0].is_active
    with pytest.raises(UsageError, match="taken back already"):
        set_active(folder, "L001", is_active=False)
    assert set_active(folder, "L001", is_active=True).is_active
    assert (folder / "overrides.csv").read_bytes() == text
    with pytest.raises(UsageError, match="no layer 'L002': did you mean 'L001'"):
        set_active(folder, "L002", is_active=False)


def test_all_that_is_wrong_with_a_layer_is_said_at_once_and_nothing_written(plan_folder):
    folder = plan_folder()
    text = "\n".join(faults_of(folder, channel="voise", until="2026-03-01", change="=5",
                               author=" ", reason=""))  # fmt: skip
    for part in ("--channel: 'voise'", "did you mean 'voice'?", "--until: 2026-03-01 is before",
                 "--change: '=5' does not say of what", "--author: is missing",
                 "--reason: is missing"):  # fmt: skip
        assert part in text
    assert not (folder / "overrides.csv").exists()


def test_a_week_to_copy_must_be_in_the_history(plan_folder):
    (fault,) = faults_of(plan_folder(), change="copy 2026-W20")
    assert "not in the contact history of 'voice', which runs from 2026-W07 to 2026-W09" in fault


def test_a_taken_back_layer_may_name_a_week_that_is_gone(plan_folder):
    row = "X,voice,2026-03-02,,,copy 2020-W20,ada,why,,false\n"
    assert load_plan(with_table(plan_folder(), row)).overrides[0].override_id == "X"


def test_faults_of_the_table_name_file_and_line(plan_folder):
    rows = (
        "A,voice,2026-03-02,,,+10%,ada,why,,\n"
        "A,voice,2026-03-02,2028-03-02,,=3/interval,ada,why,,\n"
        "B,,2026-03-02,2028-03-02,,+3%,ada,why,2026-03-29T01:30,\n"
        "C,,soon,,25:00-26:00,+3% +4%,,,,maybe\n"
    )
    with pytest.raises(InputFaultsError) as caught:
        load_plan(with_table(plan_folder(), rows))
    text = str(caught.value)
    assert "overrides.csv:3: id: 'A' is already in line 2" in text
    assert "overrides.csv:4: until: the layer is 732 days long" in text
    assert "overrides.csv:4: made_at: 2026-03-29 01:30 does not exist" in text
    for column in ("from", "times", "change", "author", "reason", "active"):
        assert f"overrides.csv:5: {column}:" in text


def test_a_layer_of_which_nothing_is_left_is_said(plan_folder):
    rows = (
        "A,voice,2026-03-02,,10:00-12:00,+10%,ada,why,,\n"
        "B,,2026-03-01,2026-03-05,,=3/interval,ada,why,,\n"
    )
    warnings = [str(one) for one in load_plan(with_table(plan_folder(), rows)).warnings]
    assert any("nothing is left of A: B (=3/interval) lies on top" in one for one in warnings)


def test_a_table_of_a_european_spreadsheet_keeps_its_delimiter(plan_folder):
    folder = with_table(plan_folder(), "")
    path = folder / "overrides.csv"
    path.write_text("\ufeff" + HEADER.replace(",", ";") + "A;voice;2026-03-02;;;+10%;ada;why;;\n")
    add_override(folder, GOOD, NOW)
    text = path.read_text(encoding="utf-8")
    assert text.startswith("\ufeffid;channel;")
    assert [one.override_id for one in load_plan(folder).overrides] == ["A", "L001"]
