"""The week of 21 February 1999 at the Technion's "Anonymous Bank": Sunday to Saturday, by call."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from wfplan.domain.results import Run

pytestmark = [pytest.mark.real, pytest.mark.slow]

WEEK = date(1999, 2, 21)  # a Sunday
ZONE = "Asia/Jerusalem"
ANSWER_WITHIN_S = 20
ABSENT = ("1999-01-11", "1999-01-12")  # days that the source lacks


@pytest.fixture(scope="module")
def calls(real_data: Path) -> pd.DataFrame:
    """Calls that were served or queued; ``queued_at`` is when the voice menu was left."""
    table = pd.read_csv(
        real_data / "technion_1999_calls" / "calls_dev_1999_01_02.csv.gz", parse_dates=["arrival"]
    )
    is_offered = (table["outcome"] == "AGENT") | (table["joined_queue"] == 1)
    table = table[is_offered & (table["outcome"] != "PHANTOM")]
    menu = pd.to_timedelta(table["vru_s"].clip(lower=0), unit="s")
    is_short = table["flag"].fillna("").str.contains("short_service|zero_service|service_gt_1h")
    is_answered = table["outcome"] == "AGENT"
    return pd.DataFrame(
        {
            "queued_at": (table["arrival"] + menu).dt.tz_localize(ZONE),
            "wait_s": table["wait_s"].astype(float),
            "is_answered": is_answered,
            "is_in_target": is_answered & (table["wait_s"] <= ANSWER_WITHIN_S),
            "service_s": table["service_s"].where(is_answered & ~is_short).astype(float),
        }
    )


def per_interval(calls: pd.DataFrame, starts: pd.DatetimeIndex) -> pd.DataFrame:
    """The contacts table of those intervals of a quarter of an hour."""
    group = calls.groupby(calls["queued_at"].dt.tz_convert("UTC").dt.floor("15min"))
    table = pd.DataFrame(
        {
            "offered": group.size(),
            "answered": group["is_answered"].sum(),
            "answered_in_target": group["is_in_target"].sum(),
            "wait_s": group["wait_s"].mean(),
            "aht_s": group["service_s"].mean(),
        }
    ).reindex(starts)
    counts = ["offered", "answered", "answered_in_target", "wait_s"]
    table[counts] = table[counts].fillna(0.0)
    table["abandoned"] = table["offered"] - table["answered"]
    return table


def opening(first: str, last: str) -> pd.DatetimeIndex:
    """Quarter hours at which the centre is open, between two local dates, last one excluded."""
    wall = pd.date_range(first, last, freq="15min", inclusive="left")
    minute = wall.hour * 60 + wall.minute
    weekday = wall.day_of_week
    is_open = np.select(
        [weekday == 4, weekday == 5],
        [(minute >= 7 * 60) & (minute < 14 * 60), minute >= 20 * 60],
        minute >= 7 * 60,
    )
    is_known = ~np.isin(wall.strftime("%Y-%m-%d"), ABSENT)
    return wall[is_open.astype(bool) & is_known].tz_localize(ZONE).tz_convert("UTC")


def write_technion(folder: Path, calls: pd.DataFrame, centre: ModuleType) -> None:
    """The plan folder: calls up to the eve of the week, and a dozen and some people."""
    plan = Path(__file__).with_name("technion.toml").read_bytes()
    (folder / "plan.toml").write_bytes(plan)
    table = per_interval(calls, opening("1999-01-01", WEEK.isoformat()))
    table.insert(0, "interval_start", table.index.strftime("%Y-%m-%dT%H:%M:%SZ"))
    table.insert(0, "channel", "voice")
    table.to_csv(folder / "contacts.csv.gz", index=False)
    hires = (
        centre.Hires("day", 9, 40.0, 30.0, 42.0, empowered_every=3),
        centre.Hires("late", 6, 40.0, 30.0, 42.0, empowered_every=2),
        centre.Hires("part_time", 7, 22.5, 16.0, 25.0, empowered_every=2),
    )
    centre.write_people(folder, hires, "T")


@pytest.fixture(scope="module")
def run(calls: pd.DataFrame, centre: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The week as the main job plans it."""
    from wfplan import pipeline

    folder = tmp_path_factory.mktemp("technion")
    write_technion(folder, calls, centre)
    return pipeline.build(folder / "plan.toml", out=folder / "run", seed=0)[0]


def test_a_working_week_from_sunday_with_a_short_friday_and_saturday_is_planned(run):
    assert run.horizon.first_day == WEEK
    hours = [int(run.demand.is_open[0, run.horizon.interval_days == d].sum()) / 4 for d in range(7)]
    assert hours == [17, 17, 17, 17, 17, 7, 4]


def test_patience_is_total_waiting_over_abandons(run, calls):
    past = calls[calls["queued_at"] < pd.Timestamp(WEEK, tz=ZONE)]
    fitted = past["wait_s"].sum() / (~past["is_answered"]).sum()
    assert run.demand.patience_s[0] == pytest.approx(fitted, rel=0.10)
    assert 300 < run.demand.patience_s[0] < 450


def test_handle_times_are_those_of_served_calls_without_the_cut_off_ones(run, calls):
    """Some 190 s at work, longest in the late morning (Brown et al. 2005 report 201 s)."""
    aht_s = np.average(run.demand.aht_s[0], weights=run.demand.offered_mean[0])
    assert 175 < aht_s < 205


def test_the_forecast_meets_the_calls_that_came(run, calls):
    """
    At some 70 calls an hour and a rate that is known to 20 % (Brown et al. 2005: 16 to 25 %),
    the best there is misses hours by 19 % on average; a naive mean of two weeks by 25 %.
    """
    is_open = run.demand.is_open[0]
    starts = pd.DatetimeIndex(run.horizon.interval_starts[is_open], tz="UTC")
    actual = per_interval(calls, starts)["offered"].to_numpy()
    mean = run.demand.offered_mean[0, is_open]
    hours = np.arange(mean.size) // 4
    error = np.abs(np.bincount(hours, mean) - np.bincount(hours, actual)).sum() / actual.sum()
    within = (run.demand.offered_q10[0, is_open] <= actual) & (
        actual <= run.demand.offered_q90[0, is_open]
    )
    assert error < 0.22
    assert 0.65 < within.mean() < 0.95


def test_the_audit_finds_no_hard_breach(run):
    assert run.audit.hard_breaches == ()


def test_the_week_that_really_came_is_served(run, calls, centre, tell):
    from wfplan.simulation import simulate

    actual = np.full(run.demand.offered_mean.shape, np.nan)
    is_open = run.demand.is_open[0]
    starts = pd.DatetimeIndex(run.horizon.interval_starts[is_open], tz="UTC")
    actual[0, is_open] = per_interval(calls, starts)["offered"]
    lived = simulate(run.problem, run.demand, run.solution.schedule, seed=1, actual=actual)
    figures = centre.told(run, lived)
    tell(figures)
    assert figures["service_level"] >= 0.80
    assert figures["service_level_p10_interval"] >= 0.65
    assert figures["abandon_rate"] <= 0.05
    assert 0.45 <= figures["occupancy"] <= 0.85
