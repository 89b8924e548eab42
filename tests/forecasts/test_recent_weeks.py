"""Tests for forecasts.models.recent_weeks."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from forecasts.history.series import ordinal
from forecasts.models.recent_weeks import recent_weeks

FIRST = ordinal(date(2025, 1, 6))  # a Monday
DAYS = FIRST + 7 * np.arange(8)
COUNTS = np.array([[10.0], [20.0], [30.0], [40.0], [50.0], [60.0], [70.0], [900.0]])
AHEAD = np.array([FIRST + 56])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("same weekday last", 900.0),
        ("mean of 4 weeks", (50 + 60 + 70 + 900) / 4),
        ("median of 6 weeks", 55.0),
        ("mean of 8 weeks", 1180 / 8),
    ],
)
def test_each_yardstick_is_what_its_name_says(name, expected):
    assert recent_weeks(name, DAYS, COUNTS, AHEAD)[0, 0] == pytest.approx(expected)


def test_a_week_that_nobody_knows_is_passed_over():
    gone = COUNTS.copy()
    gone[7] = np.nan
    assert recent_weeks("same weekday last", DAYS, gone, AHEAD)[0, 0] == 70.0


def test_a_slot_looks_at_the_days_that_know_it():
    counts = np.hstack([COUNTS, COUNTS])
    counts[7, 1] = np.nan
    assert recent_weeks("mean of 4 weeks", DAYS, counts, AHEAD)[0, 1] == 60.0


def test_a_weekday_that_was_never_seen_stays_unknown():
    assert np.isnan(recent_weeks("mean of 4 weeks", DAYS, COUNTS, AHEAD + 1)).all()
