"""Tests for forecasts.models.low_rank."""

from __future__ import annotations

import numpy as np

from forecasts.models.low_rank import low_rank_shapes

SLOTS = 24
MASK = np.zeros((7, SLOTS), dtype=bool)
MASK[:5, 8:20] = True


def bell(centre: float) -> np.ndarray:
    return np.exp(-0.5 * ((np.arange(SLOTS) - centre) / 3) ** 2)


def days_of(count: int, friday: float = 13.0) -> tuple[np.ndarray, np.ndarray]:
    weekdays = np.arange(count) % 5
    rates = np.array([bell(friday if weekday == 4 else 13.0) for weekday in weekdays])
    return 200 * rates * MASK[weekdays], weekdays


def test_a_shape_that_all_days_have_is_found_whatever_their_levels():
    counts, weekdays = days_of(40)
    levels = np.linspace(0.3, 3.0, 40)[:, None]
    found = low_rank_shapes(levels * counts, weekdays, np.ones(40), MASK)
    expected = bell(13)[8:20] / bell(13)[8:20].mean()
    np.testing.assert_allclose(found[2, 8:20], expected, rtol=1e-6)
    assert (found[:, :8] == 0).all()


def test_a_weekday_of_its_own_shape_keeps_it():
    counts, weekdays = days_of(60, friday=16.0)
    noisy = np.random.default_rng(0).poisson(counts).astype(float)
    found = low_rank_shapes(noisy, weekdays, np.ones(60), MASK)
    assert abs(int(found[4].argmax()) - 16) <= 1
    assert abs(int(found[1].argmax()) - 13) <= 1


def test_noise_is_left_to_the_vectors_that_are_dropped():
    counts, weekdays = days_of(60)
    noisy = np.random.default_rng(0).poisson(0.05 * counts).astype(float)
    truth = bell(13)[8:20] / bell(13)[8:20].mean()
    errors = [
        np.abs(low_rank_shapes(noisy, weekdays, np.ones(60), MASK, rank=r)[:5, 8:20] - truth).sum()
        for r in (1, 10)
    ]
    assert errors[0] < errors[1]


def test_few_days_or_a_weekday_without_any_have_no_shape():
    counts, weekdays = days_of(40)
    assert low_rank_shapes(counts[:5], weekdays[:5], np.ones(5), MASK) is None
    some = weekdays != 3
    assert low_rank_shapes(counts[some], weekdays[some], np.ones(some.sum()), MASK) is None


def test_cells_that_nobody_knows_do_no_harm():
    counts, weekdays = days_of(40)
    holes = counts.copy()
    holes[3, 10:14] = np.nan
    found = low_rank_shapes(holes, weekdays, np.ones(40), MASK)
    expected = low_rank_shapes(counts, weekdays, np.ones(40), MASK)
    np.testing.assert_allclose(found, expected, atol=1e-6)
