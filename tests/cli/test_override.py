"""Tests for wfplan override and judge, from a layer to whether it helped."""

from __future__ import annotations

import csv
from datetime import date, timedelta

import pytest

LAYER = ("--channel", "voice", "--from", "2026-02-23", "--until", "2026-02-27",
         "--change", "+50%", "--author", "ada", "--reason", "mailing")  # fmt: skip


def test_a_layer_is_added_shown_taken_back_and_put_back(wfplan, plan_folder):
    plan = plan_folder()
    assert "no layers" in wfplan("override", plan).out
    said = wfplan("override", plan, *LAYER)
    assert (said.code, "--undo L001" in said.out) == (0, True)
    assert "taken back" in wfplan("override", plan, "--undo", "L001").out
    listed = wfplan("override", plan, "--list").out
    assert all(word in listed for word in ("L001", "+50%", "taken back", "ada", "mailing"))
    wfplan("override", plan, "--redo", "L001")
    (layer,) = wfplan("override", plan, "--json").object["result"]["layers"]
    assert layer == {
        "id": "L001", "channel": "voice", "from": "2026-02-23", "until": "2026-02-27",
        "times": None, "change": "+50%", "author": "ada", "reason": "mailing",
        "made_at": layer["made_at"], "active": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("argv", "code", "message"),
    [
        (("--undo", "L001", "--redo", "L002"), 2, "are several wishes"),
        (("--undo", "L001", "--change", "+1%"), 2, "are several wishes"),
        (("--undo", "L009"), 2, "no layer 'L009'"),
        (("--change", "+1%"), 3, "--from: is missing"),
        (("--from", "2026-02-23", "--change", "+1%"), 3, "--author: is missing"),
    ],
)
def test_a_wish_without_meaning_is_refused(wfplan, plan_folder, argv, code, message):
    plan = plan_folder()
    said = wfplan("override", plan, *argv)
    assert said.code == code
    assert message in said.err
    assert not (plan / "overrides.csv").exists()


@pytest.mark.slow
def test_a_forecast_is_kept_and_judged_with_and_without_the_hand(wfplan, plan_folder):
    plan = plan_folder(channels=1)
    wfplan("override", plan, *LAYER)
    made = wfplan("forecast", plan, "--week", "2026-02-23", "--json").object["result"]
    assert {one["layer"] for one in made["layers"]} == {"L001"}
    assert {one["verdict"] for one in made["sufficiency"]} == {"enough", "with care"}
    run = plan / "runs" / "tiny-bank" / "2026-02-23"
    assert (run / "forecast_layers.csv").exists()
    _edit_by_hand(run / "forecast.csv")
    staffed = wfplan("staff", run, "-q").out
    assert "hand edit" in staffed
    result = wfplan("judge", plan, "--json").object["result"]
    assert (result["snapshots"], result["judged"]) == (2, 1)  # the last of a week
    (added,) = result["added"]
    assert added["gain"] < -added["half_width"]
    methods = {one["method"] for one in result["all"]}
    assert {"as planned", "statistical forecast", "same weekday last"} <= methods
    said = wfplan("judge", plan).out
    assert "the planner's hand did not help" in said
    assert "Does the history suffice?" in said


@pytest.mark.slow
def test_a_forecast_from_elsewhere_is_judged_and_planned_with(wfplan, plan_folder):
    plan = plan_folder(channels=1)
    _add_external(plan)
    result = wfplan("judge", plan, "--json").object["result"]
    scores = {one["method"]: one for one in result["external"]}
    assert scores["head office"]["bias"] < -0.2
    assert scores["same weekday last"]["cells"] == scores["head office"]["cells"] == 200
    made = wfplan("forecast", plan, "--json").object["result"]
    assert {one["layer"] for one in made["layers"]} == {"external"}
    totals = {one["day"]: one["after"] for one in made["layers"]}
    assert totals["2026-03-02"] == pytest.approx(40 * 5)


def _edit_by_hand(path):
    """Ten contacts more in one interval."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    busy = next(row for row in rows if float(row["offered_mean"]) > 1)
    busy["offered_mean"] = str(float(busy["offered_mean"]) + 10)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _add_external(plan):
    """Five contacts a quarter of an hour, from head office, for three weeks and the next."""
    text = (plan / "plan.toml").read_text(encoding="utf-8")
    named = text.replace("[inputs]", '[inputs]\nexternal_forecast = "elsewhere.csv"', 1)
    (plan / "plan.toml").write_text(named + '\n[forecast]\nuse = "external"\n', encoding="utf-8")
    lines = ["channel,interval_start,offered,source"]
    for d in range(28):
        day = date(2026, 2, 9) + timedelta(days=d)
        if day.weekday() < 5:
            lines += [f"voice,{day}T{q // 4:02}:{q % 4 * 15:02},5,head office"
                      for q in range(32, 72)]  # fmt: skip
    (plan / "elsewhere.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
