"""Tests for wfplan.intake.contacts: time stamps become instants, across both clock changes."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from wfplan.errors import InputFaultsError
from wfplan.intake import load_plan

QUARTER = timedelta(minutes=15)
HEADER = "channel,interval_start,offered,aht_s"


def always_open(folder: Path, zone: str) -> Path:
    """The one-channel plan, open round the clock in a zone."""
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    text = text.replace("mon-fri 08:00-18:00", "daily 00:00-24:00").replace("Europe/Dublin", zone)
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    agents = (folder / "agents.csv").read_text(encoding="utf-8").replace("Europe/Dublin", zone)
    (folder / "agents.csv").write_text(agents, encoding="utf-8")
    (folder / "history.csv").write_text("agent_id,start,end\n", encoding="utf-8")
    return folder


def wall_rows(zone: str, first: datetime, days: int) -> list[str]:
    """A row per quarter of an hour, stamped as the clock on the wall shows it."""
    start = first.replace(tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))
    end = (first + timedelta(days=days)).replace(tzinfo=ZoneInfo(zone))
    rows = []
    while start < end:
        wall = start.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        rows.append(f"voice,{wall.isoformat(timespec='minutes')},{len(rows) % 7},200")
        start += QUARTER
    return rows


def loaded(folder: Path, rows: list[str]) -> pd.DataFrame:
    (folder / "contacts.csv").write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return load_plan(folder).contacts


def warnings_of(folder: Path, rows: list[str], part: str) -> list[str]:
    """The warnings of a load that hold some words, with their hints."""
    loaded(folder, rows)
    return [str(one) for one in load_plan(folder).warnings if part in str(one)]


ZONES = ["Europe/Dublin", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]
AUTUMN = {
    "Europe/Dublin": datetime(2025, 10, 13),
    "Europe/Berlin": datetime(2025, 10, 13),
    "America/New_York": datetime(2025, 10, 20),
    "Australia/Lord_Howe": datetime(2025, 3, 24),
}


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("is_falling", [False, True])
def test_the_hour_that_comes_twice_is_told_apart_by_order(plan_folder, zone, is_falling):
    folder = always_open(plan_folder(channels=1), zone)
    rows = wall_rows(zone, AUTUMN[zone], 14)
    stamps = Counter(row.split(",")[1] for row in rows)
    assert max(stamps.values()) == 2
    contacts = loaded(folder, rows[::-1] if is_falling else rows)
    steps = contacts["interval_start"].diff().dropna().unique()
    assert list(steps) == [pd.Timedelta(QUARTER)]
    assert contacts["offered"].tolist() == [float(i % 7) for i in range(len(rows))]


@pytest.mark.parametrize("zone", ["Europe/Dublin", "Australia/Lord_Howe"])
def test_a_third_row_for_a_doubled_hour_is_a_duplicate(plan_folder, zone):
    folder = always_open(plan_folder(channels=1), zone)
    rows = wall_rows(zone, AUTUMN[zone], 14)
    doubled = next(s for s, n in Counter(r.split(",")[1] for r in rows).items() if n == 2)
    with pytest.raises(InputFaultsError, match="already has this interval"):
        loaded(folder, [*rows, f"voice,{doubled},1,200"])


def test_a_doubled_hour_that_stands_once_is_the_first_and_it_is_said(plan_folder):
    folder = always_open(plan_folder(channels=1), "Europe/Dublin")
    rows = wall_rows("Europe/Dublin", AUTUMN["Europe/Dublin"], 14)
    seen: set[str] = set()
    once = [row for row in rows if (s := row.split(",")[1]) not in seen and not seen.add(s)]
    contacts = loaded(folder, once)
    assert pd.Timestamp("2025-10-26T00:00", tz="UTC") in set(contacts["interval_start"])
    assert pd.Timestamp("2025-10-26T01:00", tz="UTC") not in set(contacts["interval_start"])
    told = [str(w) for w in load_plan(folder).warnings]
    assert any("4 rows of the hour that comes twice" in text for text in told)


def test_offsets_and_z_are_instants_whatever_the_zone(plan_folder):
    folder = always_open(plan_folder(channels=1), "Europe/Dublin")
    rows = wall_rows("Europe/Dublin", datetime(2025, 6, 2), 14)
    rows += [
        "voice,2025-06-16T00:00+01:00,5,200",
        "voice,2025-06-15T23:15Z,6,200",
        "voice,2025-06-16 01:30:00+02:00,7,200",
        "voice,2025-06-16T00:45,8,200",
    ]
    contacts = loaded(folder, rows)
    assert contacts["offered"].tolist()[-4:] == [5, 6, 7, 8]
    assert contacts["interval_start"].iloc[-1] == pd.Timestamp("2025-06-15T23:45", tz="UTC")


def test_a_handle_time_of_zero_is_not_known(plan_folder):
    folder = plan_folder(channels=1)
    rows = [f"voice,2026-02-{d:02}T08:00,{d % 2},{200 * (d % 2)}" for d in range(2, 28)]
    contacts = loaded(folder, rows)
    assert contacts["aht_s"].isna().sum() == 13


def test_finer_rows_are_welcome(plan_folder):
    folder = always_open(plan_folder(channels=1), "Europe/Dublin")
    rows = [
        f"voice,2026-02-{d:02}T{h:02}:{m:02},1,200"
        for d in range(1, 16)
        for h in range(24)
        for m in range(0, 60, 5)
    ]
    assert len(loaded(folder, rows)) == len(rows)


def test_longer_rows_are_read_with_what_would_be_better(plan_folder):
    folder = always_open(plan_folder(channels=1), "Europe/Dublin")
    rows = [f"voice,2026-02-{d:02}T{h:02}:00,1,200" for d in range(1, 16) for h in range(24)]
    (said,) = warnings_of(folder, rows, "every 60 minutes")
    assert "spread over their intervals" in said
    assert "set interval_min = 60" in said


def test_day_totals_are_read_and_not_called_contacts_of_the_night(plan_folder):
    folder = plan_folder(channels=1)
    days = [date(2025, 10, 1) + timedelta(days=n) for n in range(120)]
    (said,) = warnings_of(folder, [f"voice,{day}T00:00,90,200" for day in days], "one row a day")
    assert "one row a day, the plan's interval is" in said
    assert not warnings_of(folder, [f"voice,{day}T00:00,90,200" for day in days], "outside")


def test_longer_rows_that_do_not_fit_are_refused(plan_folder):
    folder = always_open(plan_folder(channels=1), "Europe/Dublin")
    rows = [
        f"voice,2026-02-{d:02}T{h:02}:{m},1,200"
        for d in range(1, 16) for h in range(24) for m in ("00", "20", "40")
    ]  # fmt: skip
    with pytest.raises(InputFaultsError, match=r"every 20 minutes.*export it by"):
        loaded(folder, rows)


def new_channel(folder: Path, *lines: str) -> Path:
    """The plan with lines for its second channel, of which there are no contacts."""
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    text = text.replace("[channels.email]\n", "\n".join(["[channels.email]", *lines, ""]))
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    return folder


VOICE_ROWS = [f"voice,2026-02-{d:02}T{h:02}:00,9,200" for d in range(2, 28) for h in range(9, 17)]


def test_a_channel_without_rows_is_said_to_be_planned_as_if_nobody_came(plan_folder):
    folder = new_channel(plan_folder(channels=2), "aht_s = 300")
    (said,) = warnings_of(folder, VOICE_ROWS, "email has no rows")
    assert 'write under [channels.email] like = "voice", say' in said


def test_a_new_channel_that_is_like_another_needs_no_rows(plan_folder):
    folder = new_channel(
        plan_folder(channels=2), "aht_s = 300", 'like = "voice"', "like_share = 0.2"
    )
    assert not warnings_of(folder, VOICE_ROWS, "email has no rows")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (['like = "voise"', "like_share = 0.2"], "'voise' is not a channel.*did you mean 'voice'"),
        (['like = "email"', "like_share = 0.2"], "email cannot be like itself"),
        (['like = "voice"'], "email has no contacts yet, and how many will come is not said"),
        (["like_share = 0.2"], "like_share needs like"),
        (['like = "voice"', "like_share = 0.2", "offered_week = 9"], "both state the volume"),
    ],
)
def test_a_statement_about_a_new_channel_must_have_a_meaning(plan_folder, lines, message):
    folder = new_channel(plan_folder(channels=2), "aht_s = 300", *lines)
    with pytest.raises(InputFaultsError, match=message):
        loaded(folder, VOICE_ROWS)


def test_a_few_rows_of_a_quiet_channel_are_not_taken_for_a_coarse_grain(plan_folder):
    folder = plan_folder(channels=1)
    rows = [f"voice,2026-02-{d:02}T1{d % 3}:00,1,200" for d in range(2, 28)]
    assert len(loaded(folder, rows)) == 26


def test_six_minutes_do_not_add_up_to_a_quarter_of_an_hour(plan_folder):
    folder = always_open(plan_folder(channels=1), "Europe/Dublin")
    rows = [
        f"voice,2026-02-{d:02}T{h:02}:{m:02},1,200"
        for d in range(1, 16)
        for h in range(24)
        for m in range(0, 60, 6)
    ]
    with pytest.raises(InputFaultsError, match="every 6 minutes of voice do not add up"):
        loaded(folder, rows)


def test_single_contacts_are_not_taken_for_intervals(plan_folder):
    folder = plan_folder(channels=1)
    rows = [f"voice,2026-02-{d:02}T08:{d:02}:{d + 13:02},1,200" for d in range(2, 28)]
    with pytest.raises(InputFaultsError, match="look like single contacts"):
        loaded(folder, rows)


def test_optional_counts_come_along_and_contradictions_are_said(plan_folder):
    folder = plan_folder(channels=1)
    text = "channel,interval_start,offered,aht_s,answered,abandoned,wait_s,answered_in_target\n"
    text += "".join(f"voice,2026-02-{d:02}T08:00,9,200,10,1,12.5,8\n" for d in range(2, 28))
    (folder / "contacts.csv").write_text(text, encoding="utf-8")
    problem = load_plan(folder)
    assert {"answered", "abandoned", "wait_s", "answered_in_target"} <= set(problem.contacts)
    assert any("more answered than offered in 26 rows" in str(w) for w in problem.warnings)
