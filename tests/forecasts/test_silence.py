"""Tests for forecasts.history.silence: channels of which nobody has come yet."""

from __future__ import annotations

import numpy as np
import pytest

from forecasts import forecast
from forecasts.history.series import Series
from forecasts.history.silence import silent_rate, with_silence

DUBLIN = "Europe/Dublin"


def series_of(counts: np.ndarray) -> Series:
    nothing = np.full(counts.shape, np.nan)
    return Series("v", 60, 20094 + np.arange(len(counts)), counts, np.zeros(counts.shape), nothing)


def test_the_rule_of_three():
    mask = np.ones((7, 24), dtype=bool)
    counts = np.zeros((10, 24))
    assert silent_rate(series_of(counts), mask) == pytest.approx(3 / 240, rel=0.01)
    counts[3, 3] = 1.0
    assert silent_rate(series_of(counts), mask) == 0.0


def test_upper_quantiles_of_open_rows_are_those_of_the_rate_that_showed_nothing():
    made = {"offered_q50": np.zeros(2), "offered_q90": np.zeros(2), "offered_q975": np.zeros(2)}
    raised = with_silence(made, 0.3, np.array([True, False]))
    assert raised["offered_q50"].tolist() == [0.0, 0.0]
    assert raised["offered_q90"].tolist() == [1.0, 0.0]
    assert raised["offered_q975"].tolist() == [2.0, 0.0]
    assert with_silence(made, 0.0, np.array([True, False])) is made


def test_a_channel_without_a_contact_is_forecast_with_what_is_still_possible(centre):
    made = centre(days=2)
    found = forecast(made.history.assign(offered=0.0), made.future, timezone=DUBLIN)
    assert (found.intervals["offered_mean"] == 0).all()
    open_ = made.future["is_open"].to_numpy()
    assert (found.intervals["offered_q975"][open_] == 1).all()
    assert (found.intervals["offered_q975"][~open_] == 0).all()
    assert any(
        "not one contact, so none are forecast; up to 8.99 in" in note for note in found.notes
    )
