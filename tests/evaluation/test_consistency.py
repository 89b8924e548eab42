"""Tests for wfplan.evaluation.consistency: the seven numbers, on a week worked by hand.

Four hours open each day; two hours fail on Tuesday and two on Friday.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import exp, inf, isnan, nan

import numpy as np
import pandas as pd
import pytest

from wfplan.domain.channels import Channel
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import DemandForecast, Outcome
from wfplan.evaluation.consistency import NAMES, consistency_of
from wfplan.horizon import Horizon

ZONE = "Europe/Dublin"
MONDAY = date(2026, 11, 2)
OPEN = (9, 10, 11, 12)


def week(hours="09:00-13:00", days=7, first_day=MONDAY):
    """A plan of one voice and one e-mail channel, and a forecast of ten contacts an hour."""
    opening = [f"mon-sun {hours}"]
    problem = PlanningProblem(
        name="plan",
        timezone=ZONE,
        interval_min=60,
        channels=(
            Channel(name="voice", open=opening),
            Channel(name="email", kind="deferred", open=opening, due_share=0.9),
        ),
    )
    horizon = problem.horizon(first_day, days)
    is_open = np.array([horizon.open_intervals(c.open) for c in problem.channels])
    offered = np.where(is_open, 10.0, 0.0)
    demand = DemandForecast(
        horizon=horizon, channels=("voice", "email"), is_open=is_open, offered_mean=offered,
        offered_q10=offered, offered_q50=offered, offered_q90=offered, aht_s=offered,
        rate_cv=offered, day_share=np.zeros(2), patience_s=np.ones(2),
    )  # fmt: skip
    return problem, demand


def outcome(horizon: Horizon, grids, **of_week):
    """A tidy table from ``grids[measure, channel]``, (interval,), NaN where there is no row."""
    rows = [(m, "voice", pd.NaT, v) for m, v in of_week.items()]
    for (measure, channel), grid in grids.items():
        rows += [
            (measure, channel, pd.Timestamp(horizon.interval_instant(t)), v)
            for t, v in enumerate(grid)
            if np.isfinite(v)
        ]
    table = pd.DataFrame(rows, columns=["measure", "channel", "interval_start", "value"])
    return Outcome(horizon=horizon, measures=table, replications=10)


def levels(horizon: Horizon):
    level = np.full((7, 4), 0.9)
    level[1, 1:3] = 0.6, 0.5
    level[4, :2] = 0.7
    grid = np.full((7, 24), nan)
    grid[:, list(OPEN)] = level
    return grid.ravel()


def report(problem=None, demand=None, **grids):
    """The report of voice; grids replace measures of the week worked by hand."""
    if problem is None:
        problem, demand = week()
    level = levels(demand.horizon)
    usual = {
        "service_level": level,
        "offered": np.where(np.isfinite(level), 100.0, nan),
        "abandon_rate": (1 - level) / 5,
        "wait_mean_s": 100 * (1 - level),
    }
    given = {(name, "voice"): grid for name, grid in (usual | grids).items()}
    found = outcome(demand.horizon, given, service_level=0.85, abandon_rate=0.03)
    return consistency_of(problem, demand, found)[0]


def test_the_seven_numbers_are_those_worked_by_hand():
    found = report()
    assert tuple(number.name for number in found.numbers) == NAMES
    level = levels(week()[1].horizon)
    assert found.number("level_p10").value == pytest.approx(
        np.quantile(level[np.isfinite(level)], 0.1)
    )
    assert found.number("kept_volume").value == pytest.approx(24 / 28)
    # the worst tenth of 28 equal hours: 2.8 hours of abandonment 0.1, 0.08 and 0.06
    assert found.number("abandon_cvar").value == pytest.approx((0.1 + 0.08 + 0.8 * 0.06) / 2.8)
    assert found.number("failing_run_min").value == 120
    assert found.number("worst_to_median").value == pytest.approx(5)  # 50 s against 10 s
    tuesday = (0.9 + 0.6 + 0.5 + 0.9) / 4
    assert found.number("weekday_spread").value == pytest.approx(0.9 - tuesday)
    assert found.number("bad_contact").value == pytest.approx(1 - exp(-3 * 0.15))


def test_the_ordinary_number_stands_beside():
    found = report()
    beside = {number.name: number.beside for number in found.numbers}
    assert beside["level_p10"] == beside["weekday_spread"] == 0.85
    assert beside["abandon_cvar"] == 0.03
    assert beside["failing_run_min"] == 240
    assert beside["worst_to_median"] == pytest.approx(50)
    assert beside["bad_contact"] == pytest.approx(0.15)
    assert all(number.definition and number.beside_said for number in found.numbers)


def test_a_number_says_where_it_comes_from():
    found = report()
    assert found.number("failing_run_min").at == "2026-11-03T10:00:00Z"
    assert found.number("worst_to_median").at == "2026-11-03T11:00:00Z"
    assert found.number("weekday_spread").at == "2026-11-03"


def test_a_promise_is_kept_where_enough_weeks_reach_the_target():
    often = np.where(np.isfinite(levels(week()[1].horizon)), 0.8, nan)
    often[9] = 0.79  # Monday 09:00: good on average, and not often enough
    found = report(promise_kept=often)
    assert found.number("kept_volume").value == pytest.approx(27 / 28)
    assert found.number("kept_volume").beside == pytest.approx(24 / 28)
    assert "80% of simulated weeks" in found.number("kept_volume").definition
    assert not found.is_kept[9]
    assert not found.is_failing[9]


def test_hours_without_contacts_do_not_count():
    offered = np.where(np.isfinite(levels(week()[1].horizon)), 100.0, nan)
    offered[24 + 11] = 0.0  # Tuesday's worst
    found = report(offered=offered)
    assert found.number("failing_run_min").value == 120  # Friday's
    assert found.number("failing_run_min").at == "2026-11-06T09:00:00Z"
    assert found.number("worst_to_median").at == "2026-11-03T10:00:00Z"


def test_a_rescue_stretch_ends_with_the_day_s_opening():
    """Failing from Monday's last hour to Tuesday's first is two stretches of an hour."""
    level = np.where(np.isfinite(levels(week()[1].horizon)), 0.9, nan)
    level[12] = level[24 + 9] = 0.1
    assert report(service_level=level).number("failing_run_min").value == 60


def test_a_rescue_stretch_of_a_night_passes_midnight():
    problem, demand = week("20:00-04:00")
    level = np.where(demand.is_open[0], 0.1, nan)
    offered = np.where(demand.is_open[0], 5.0, nan)
    found = report(problem, demand, service_level=level, offered=offered)
    assert found.number("failing_run_min").value == 8 * 60


def test_a_channel_that_never_closes_is_cut_at_midnight():
    problem, demand = week("00:00-24:00")
    level = np.full(demand.horizon.interval_count, 0.1)
    found = report(problem, demand, service_level=level, offered=np.full_like(level, 5.0))
    assert found.number("failing_run_min").value == 24 * 60
    assert found.number("failing_run_min").beside == 7 * 24 * 60


def test_the_longest_day_of_the_year_is_a_stretch_of_25_hours():
    problem, demand = week("00:00-24:00", first_day=date(2026, 10, 19))
    level = np.full(demand.horizon.interval_count, 0.1)
    found = report(problem, demand, service_level=level, offered=np.full_like(level, 5.0))
    assert found.number("failing_run_min").value == 25 * 60


@pytest.mark.parametrize(
    ("waits", "ratio"), [((0.0, 0.0, 0.0), 1.0), ((0.0, 0.0, 9.0), inf), ((2.0, 2.0, 9.0), 4.5)]
)
def test_the_worst_wait_over_the_median_where_that_may_be_nothing(waits, ratio):
    problem, demand = week("09:00-12:00", days=1)
    grid = np.full(24, nan)
    grid[9:12] = waits
    level = np.where(np.isfinite(grid), 0.9, nan)
    found = report(
        problem, demand, service_level=level, offered=level * 10, wait_mean_s=grid
    ).number("worst_to_median")
    assert found.value == ratio
    assert found.as_dict()["value"] == (None if ratio == inf else ratio)


def test_weekdays_of_several_weeks_are_pooled():
    problem, demand = week(days=14)
    level = np.tile(np.where(np.isfinite(levels(week()[1].horizon)), 0.9, nan), 2)
    level[24 * 8 + 9 : 24 * 8 + 13] = 0.7  # the second Tuesday
    found = report(problem, demand, service_level=level, offered=np.where(level > 0, 10.0, nan))
    assert found.number("weekday_spread").value == pytest.approx(0.1)


def test_days_that_are_all_alike_have_no_worst():
    level = np.where(np.isfinite(levels(week()[1].horizon)), 0.9, nan)
    spread = report(service_level=level).number("weekday_spread")
    assert (spread.value, spread.at) == (0.0, "")


def test_nobody_hangs_up_on_an_e_mail():
    problem, demand = week()
    level = np.where(demand.is_open[1], 0.95, nan)
    found = consistency_of(
        problem, demand, outcome(demand.horizon, {("service_level", "email"): level})
    )[1]
    assert isnan(found.number("abandon_cvar").value)
    assert found.number("kept_volume").value == 1.0
    assert found.target == 0.9
    ratio = found.number("worst_to_median")  # of what is late: hours of waiting are as promised
    assert (ratio.value, ratio.beside_unit) == (1.0, "share")
    assert ratio.beside == pytest.approx(0.05)
    assert found.promise is None


def test_a_week_without_contacts_has_no_numbers():
    problem, demand = week()
    none = replace(demand, offered_mean=np.zeros_like(demand.offered_mean))
    found = consistency_of(problem, none, outcome(none.horizon, {}, service_level=nan))[0]
    assert all(isnan(number.value) for number in found.numbers)
    assert all(number.as_dict()["value"] is None for number in found.numbers)
