"""Tests for forecasts.result."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecasts import forecast
from forecasts.result import QUANTILES

DUBLIN = "Europe/Dublin"


def run(centre, **options):
    one = centre(ahead=14, **options)
    return one, forecast(one.history, one.future, timezone=DUBLIN, interval_min=15)


def test_days_and_weeks_add_up_to_the_intervals(centre):
    _, found = run(centre)
    total = found.intervals["offered_mean"].sum()
    days, weeks = found.days(), found.weeks()
    assert days["offered_mean"].sum() == pytest.approx(total, abs=1e-6)
    assert weeks["offered_mean"].sum() == pytest.approx(total, abs=1e-6)
    assert len(days) == 14
    assert len(weeks) == 2
    for table in (days, weeks):
        assert (np.diff(table[list(QUANTILES)], axis=1) >= 0).all()
        assert np.isfinite(table[["offered_mean", *QUANTILES]]).all(axis=None)


def test_a_week_is_relatively_surer_than_a_day_and_a_day_than_an_interval(centre):
    _, found = run(centre)

    def width(table: pd.DataFrame) -> float:
        spread = table["offered_q90"] - table["offered_q10"]
        return float(spread.sum() / table["offered_mean"].sum())

    assert width(found.weeks()) < width(found.days()) < width(found.intervals)


def test_scenarios_agree_with_the_quantiles_of_days(centre):
    _, found = run(centre)
    counts = found.scenarios(400, np.random.default_rng(0))
    assert counts.shape == (400, len(found.intervals))
    days = found.days()
    local = found.intervals["interval_start"].dt.tz_convert(DUBLIN).dt.date
    held = [
        np.mean((total >= row.offered_q10) & (total <= row.offered_q90))
        for row in days.itertuples()
        if row.offered_mean > 0
        for total in [counts[:, (local == row.day).to_numpy()].sum(axis=1)]
    ]
    assert np.mean(held) == pytest.approx(0.8, abs=0.06)
    closed = (found.intervals["offered_mean"] == 0).to_numpy()
    assert (counts[:, closed] == 0).all()


def test_the_table_of_models_covers_every_week_of_lead(centre):
    _, found = run(centre)
    table = found.models
    assert set(table["week"]) == {1, 2, 3, 4}
    assert {"blend", "mixed model", "regression", "median of 6 weeks"} <= set(table["model"])
