"""Tests for forecasts.uncertainty.dependence."""

from __future__ import annotations

import numpy as np
import pytest

from forecasts.backtests.origins import Errors
from forecasts.uncertainty.day_law import SURE, DayLaw
from forecasts.uncertainty.dependence import (
    DayErrors,
    Dependence,
    between_channels,
    learn_dependence,
)
from forecasts.uncertainty.distribution import Uncertainty

SLOTS = 20


def errors_of(
    next_day: float, fade: float, *, slots: float = 0.0, origins: int = 60, seed: int = 0
):
    """Busy days with correlations that are known, from many origins."""
    rng = np.random.default_rng(seed)
    root = np.linalg.cholesky(Dependence(next_day, fade).between_days(np.arange(14)))
    busy = 1 + 0.1 * (rng.standard_normal((origins, 14)) @ root.T)
    inside = rng.standard_normal((origins, 14, SLOTS))
    for slot in range(1, SLOTS):
        inside[..., slot] = (
            slots * inside[..., slot - 1] + np.sqrt(1 - slots**2) * inside[..., slot]
        )
    rate = 200 * busy[..., None] * (1 + 0.1 * inside)
    origin, day, slot = (a.ravel() for a in np.indices(rate.shape))
    return Errors(
        rng.poisson(rate.clip(1)).ravel().astype(float),
        np.full(rate.size, 200.0),
        origin * 100 + day,
        slot,
        np.full(rate.size, 0.01),
        origins,
        lead=day + 1,
        origin=origin,
        date=origin * 7 + day,
    )


UNSURE = Uncertainty(DayLaw(freedom=SURE), np.full(SLOTS, 0.01))


@pytest.mark.parametrize(("next_day", "fade"), [(0.8, 0.98), (0.4, 0.9)])
def test_the_correlation_of_days_is_recovered(next_day, fade):
    found, _ = learn_dependence(errors_of(next_day, fade), UNSURE)
    days = np.array([0, 2, 9])
    expected = Dependence(next_day, fade).between_days(days)
    np.testing.assert_allclose(found.between_days(days), expected, atol=0.15)


@pytest.mark.parametrize("slots", [0.2, 0.7])
def test_the_correlation_of_neighbouring_intervals_is_recovered(slots):
    found, _ = learn_dependence(errors_of(0.5, 0.9, slots=slots), UNSURE)
    assert found.slots == pytest.approx(slots, abs=0.12)


def test_without_errors_what_is_usual_is_said():
    nothing, none = np.zeros(0), np.zeros(0, dtype=np.int64)
    found, days = learn_dependence(Errors(nothing, nothing, none, none, nothing, 0), UNSURE)
    assert found == Dependence()
    assert days is None


def day_errors(values: np.ndarray) -> DayErrors:
    number = np.arange(values.size)
    return DayErrors(number // 14, number, values, np.ones(values.size))


def test_channels_that_err_together_are_found_and_strangers_are_not():
    rng = np.random.default_rng(2)
    common, a, b, c = rng.standard_normal((4, 800))
    both = [day_errors(np.sqrt(0.7) * common + np.sqrt(0.3) * own) for own in (a, b)]
    found = between_channels([*both, day_errors(c), None])
    assert found[0, 1] == pytest.approx(0.66, abs=0.12)
    assert abs(found[0, 2]) < 0.12
    assert found[0, 3] == 0.0
    assert np.linalg.eigvalsh(found).min() > 0


def test_few_common_days_say_little():
    values = np.random.default_rng(0).standard_normal(10)
    found = between_channels([day_errors(values), day_errors(values)])
    assert found[0, 1] < 0.4
