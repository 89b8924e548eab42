"""Tests for wfplan.intake.external: a forecast from elsewhere is read and checked."""

from __future__ import annotations

import pandas as pd
import pytest

from wfplan.errors import InputFaultsError
from wfplan.intake import load_plan

HEADER = "channel,interval_start,offered,low,high,made_at,source\n"


def plan_with(folder, rows, wish="", header=HEADER):
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    named = text.replace("[inputs]", '[inputs]\nexternal_forecast = "elsewhere.csv"', 1)
    (folder / "plan.toml").write_text(f"{named}\n{wish}\n", encoding="utf-8")
    (folder / "elsewhere.csv").write_text(header + rows, encoding="utf-8")
    return folder


def refused(folder, rows, wish="", header=HEADER):
    with pytest.raises(InputFaultsError) as caught:
        load_plan(plan_with(folder, rows, wish, header))
    return str(caught.value)


def test_rows_are_read_as_wall_time_of_the_site(plan_folder):
    rows = "voice,2026-03-30T10:00,7,5,9,2026-03-01T08:00Z,office\nvoice,2026-03-30T09:15Z,8,,,,\n"
    external = load_plan(plan_with(plan_folder(), rows)).external
    assert external["interval_start"].tolist() == [
        pd.Timestamp("2026-03-30T09:00Z"), pd.Timestamp("2026-03-30T09:15Z"),
    ]  # fmt: skip
    assert external["source"].tolist() == ["office", "external"]
    assert external["made_at"].isna().tolist() == [False, True]
    assert external["offered"].tolist() == [7, 8]


def test_only_the_needed_columns_must_be_there(plan_folder):
    rows = "voice,2026-03-02T10:00,7\n"
    header = "channel,interval_start,offered\n"
    problem = load_plan(plan_with(plan_folder(), rows, '[forecast]\nuse = "external"', header))
    assert problem.forecast.use == "external"
    assert len(problem.external) == 1


def test_all_faults_are_said_at_once(plan_folder):
    text = refused(
        plan_folder(),
        "voise,2026-03-02T10:00,7,,,,\n"
        "voice,2026-03-02T10:00,-7,,,,\n"
        "voice,2026-03-29T01:15,7,,,,\n"
        "voice,2026-03-02T10:15,7,8,9,,\n"
        "voice,2026-03-02T10:30,7,6,,,\n"
        "voice,2026-03-02T10:45,7,,,,\n"
        "voice,2026-03-02T10:45,9,,,,\n",
    )
    for part in (
        ":2: channel: 'voise' is not a channel of the plan (1 rows have it); did you mean 'voice'?",
        ":3: offered: -7 is below 0",
        ":4: interval_start: 2026-03-29 01:15 does not exist",
        ":5: low: 8, 7, 9 are not in order",
        ":6: high: is missing beside the other bound",
        ":8: interval_start: this interval stands in line 7 already",
    ):
        assert f"elsewhere.csv{part}" in text


def test_totals_of_days_cannot_be_planned_with(plan_folder):
    rows = "".join(f"voice,2026-03-{day:02}T00:00,300,,,,\n" for day in range(2, 7))
    assert "has a row every 1440 minutes, coarser than the plan's 15" in refused(
        plan_folder(), rows
    )


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        ('use = "extern"', "forecast.use"),
        ('use = "external"', "several sources: office, agency; say whose to use"),
        ('use = "external"\nsource = "ofice"', "did you mean 'office'?"),
    ],
)
def test_a_plan_says_whose_forecast_it_uses(plan_folder, wish, message):
    rows = "voice,2026-03-02T10:00,7,,,,office\nvoice,2026-03-02T10:15,7,,,,agency\n"
    assert message in refused(plan_folder(), rows, f"[forecast]\n{wish}")


def test_a_plan_cannot_use_what_it_does_not_have(plan_folder):
    folder = plan_folder()
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    (folder / "plan.toml").write_text(text + '\n[forecast]\nuse = "external"\n', encoding="utf-8")
    with pytest.raises(InputFaultsError, match="there is no forecast from elsewhere"):
        load_plan(folder)
