"""A bank's week of 25 August 2003, planned from the calls before it, lived with the calls of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from wfplan.domain.results import Run

pytestmark = [pytest.mark.real, pytest.mark.slow]

WEEK = date(2003, 8, 25)
ZONE = "America/New_York"


@pytest.fixture(scope="module")
def calls(real_data: Path) -> pd.Series:
    """Calls per five minutes, by UTC instant."""
    table = pd.read_csv(
        real_data / "us_bank_2003_5min" / "calls_5min.csv.gz", parse_dates=["interval_start"]
    )
    instants = table["interval_start"].dt.tz_localize(ZONE).dt.tz_convert("UTC")
    return table["calls"].astype(float).set_axis(pd.DatetimeIndex(instants))


def write_bank(folder: Path, calls: pd.Series, interval_min: int, centre: ModuleType) -> None:
    """The plan folder: five-minute history up to the eve of the week, and some 300 people."""
    plan = Path(__file__).with_name("bank.toml").read_text(encoding="utf-8")
    plan = plan.replace("interval_min = 15", f"interval_min = {interval_min}")
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    past = calls[calls.index < pd.Timestamp(WEEK, tz=ZONE)]
    wall = past.index.tz_convert(ZONE).tz_localize(None)  # as the source has it
    table = pd.DataFrame({"channel": "voice", "interval_start": wall, "offered": past.to_numpy()})
    table.to_csv(folder / "contacts.csv.gz", index=False)
    hires = (
        centre.Hires("full_time", 196, 40.0, 32.0, 42.0),
        centre.Hires("evening", 66, 37.5, 30.0, 40.0, empowered_every=4),
        centre.Hires("part_time", 64, 22.5, 18.0, 27.5, empowered_every=8),
    )
    centre.write_people(folder, hires, "U")


def came(calls: pd.Series, run: Run) -> np.ndarray:
    """The calls that really came, per (channel, interval); NaN where none can come."""
    width = pd.Timedelta(minutes=run.horizon.interval_min)
    starts = pd.DatetimeIndex(run.horizon.interval_starts, tz="UTC")
    week = calls[(calls.index >= starts[0]) & (calls.index < starts[-1] + width)]
    summed = week.groupby(week.index.floor(width)).sum().reindex(starts)
    return summed.to_numpy()[np.newaxis, :]


@pytest.fixture(scope="module", params=[15, 30], ids=["15-minutes", "30-minutes"])
def run(
    request: pytest.FixtureRequest,
    calls: pd.Series,
    centre: ModuleType,
    tmp_path_factory: pytest.TempPathFactory,
) -> Run:
    """The week as the main job plans it."""
    from wfplan import pipeline

    folder = tmp_path_factory.mktemp("bank")
    write_bank(folder, calls, request.param, centre)
    return pipeline.build(folder / "plan.toml", out=folder / "run", seed=0)[0]


def test_the_week_that_is_planned_is_the_one_after_the_history(run):
    assert run.horizon.first_day == WEEK
    assert run.demand.is_open.sum() == {15: 5 * 57, 30: 5 * 29}[run.horizon.interval_min]


def test_the_forecast_meets_the_calls_that_came(run, calls):
    """A median of the last six same weekdays misses half-hours by 6.6 % on average weeks."""
    actual = came(calls, run)[0]
    is_open = run.demand.is_open[0]
    per_half_hour = 30 // run.horizon.interval_min
    mean, real = (np.nan_to_num(x[is_open]).copy() for x in (run.demand.offered_mean[0], actual))
    halves = np.arange(mean.size) // per_half_hour
    error = np.abs(np.bincount(halves, mean) - np.bincount(halves, real)).sum() / real.sum()
    within = (run.demand.offered_q10[0] <= actual) & (actual <= run.demand.offered_q90[0])
    assert error < 0.06
    assert 0.70 < within[is_open].mean() < 0.95
    assert real.sum() == pytest.approx(165_580, rel=0.01)


def test_the_audit_finds_no_hard_breach(run):
    assert run.audit.hard_breaches == ()


def test_the_bound_lies_below_the_plan(run):
    assert run.solution.lower_bound <= run.solution.objective + 1e-6


def test_the_week_that_really_came_is_served(run, calls, centre, tell):
    from wfplan.simulation import simulate

    lived = simulate(
        run.problem, run.demand, run.solution.schedule, seed=1, actual=came(calls, run)
    )
    figures = centre.told(run, lived)
    tell(figures)
    assert figures["service_level"] >= 0.95
    assert figures["service_level_worst_interval"] >= 0.80
    assert figures["abandon_rate_worst_interval"] <= 0.05
    assert 0.70 <= figures["occupancy"] <= 0.85
