"""Tests for forecasts.history.levels: steps and ramps, and none where there are none."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from forecasts import forecast
from forecasts.history.levels import RAMP, STEP, LevelChange, level_changes, said_of_levels
from forecasts.history.series import ordinal

DUBLIN = "Europe/Dublin"
WEEKDAYS = np.array([1.3, 1.1, 1.0, 0.95, 1.0, 0.5, 0.4])


def found(size: int, level=1.0, cv: float = 0.05, memory: float = 0.3, seed: int = 0):
    """Changes in a series of busy days whose noise remembers yesterday's."""
    rng = np.random.default_rng(seed)
    days = ordinal(date(2025, 1, 6)) + np.arange(size)
    noise, last = np.zeros(size), rng.normal()
    for day in range(size):
        last = memory * last + np.sqrt(1 - memory**2) * rng.normal()
        noise[day] = last
    rate = 800.0 * level * WEEKDAYS[(days + 3) % 7] * np.exp(cv * noise)
    return level_changes(days, rng.poisson(rate).astype(float), np.ones(size))


@pytest.mark.parametrize(
    ("size", "cv", "memory"), [(60, 0.05, 0.0), (120, 0.1, 0.5), (240, 0.15, 0.6)]
)
def test_a_series_without_a_shift_has_none(size, cv, memory):
    """Fewer than 2 false alarms in 100 series."""
    alarms = [bool(found(size, cv=cv, memory=memory, seed=seed)) for seed in range(100)]
    assert sum(alarms) < 2


@pytest.mark.parametrize(("at", "factor"), [(60, 1.31), (140, 0.8), (168, 1.4)])
def test_a_step_is_found_with_its_size_and_date(at, factor):
    hits = 0
    for seed in range(10):
        changes = found(182, np.where(np.arange(182) < at, 1.0, factor), seed=seed)
        assert [change.kind for change in changes] == [STEP]
        hits += abs(changes[0].day - ordinal(date(2025, 1, 6)) - at) <= 3
        assert changes[0].change == pytest.approx(factor - 1, abs=0.1)
    assert hits >= 9


def test_two_steps_are_both_found():
    day = np.arange(182)
    changes = found(182, np.where(day < 60, 1.0, np.where(day < 120, 1.4, 0.9)))
    assert [change.change for change in changes] == pytest.approx([0.4, 0.9 / 1.4 - 1], abs=0.05)


def test_steady_growth_is_a_ramp_and_not_a_stair():
    (change,) = found(182, 2.0 ** (np.arange(182) / 182))
    assert change.kind == RAMP
    assert change.change == pytest.approx(1.0, rel=0.15)


def test_what_is_too_short_or_too_quiet_says_nothing():
    assert found(40, np.where(np.arange(40) < 20, 1.0, 2.0)) == ()
    assert found(100, 0.001 * np.where(np.arange(100) < 50, 1.0, 3.0)) == ()
    empty = np.zeros(0)
    assert level_changes(np.zeros(0, dtype=np.int64), empty, empty) == ()


def test_changes_are_told_in_a_sentence():
    day = ordinal(date(2026, 3, 2))
    step, ramp = said_of_levels(
        [LevelChange(STEP, day, day, 0.312), LevelChange(RAMP, day, day + 61, -0.2)]
    )
    assert step == "level rose by 31 % around 2026-03-02; the forecast follows the new level"
    assert ramp.startswith(
        "level fell steadily from 2026-03-02 to 2026-05-02, by 20 % in all, -11% a month;"
    )


def test_a_forecast_names_the_step_of_its_history(centre):
    made = centre(level=lambda day: np.where(day >= 60, 1.4, 1.0), days=98)
    result = forecast(made.history, made.future, timezone=DUBLIN)
    assert any("level rose by 4" in note for note in result.notes)
    row = result.level_changes.iloc[0]
    assert row["kind"] == STEP
    assert abs((row["day"] - date(2025, 3, 7)).days) <= 3
    assert row["change"] == pytest.approx(0.4, abs=0.06)
