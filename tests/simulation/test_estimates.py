"""Tests for wfplan.simulation.estimates: ratios, half-widths and quantiles beside plain ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from wfplan.simulation.estimates import (
    WAIT_EDGES_S,
    Moments,
    bin_quantile,
    merged,
    moments,
    proportion,
    quantiles,
    ratio,
)

ONE = np.ones(1)


def in_blocks(top: np.ndarray, bottom: np.ndarray, size: int) -> Moments:
    """Moments of all replications, added up block by block."""
    blocks = [slice(i, i + size) for i in range(0, len(top), size)]
    added = moments(top[blocks[0]], bottom[blocks[0]])
    for block in blocks[1:]:
        added = merged(added, moments(top[block], bottom[block]))
    return added


def test_the_half_width_of_a_mean_is_that_of_student():
    values = np.array([3.0, 5.0, 4.0, 8.0])
    value, half_width = ratio(moments(values[:, None], np.ones(1)), 0.0)
    low, high = stats.t.interval(0.95, 3, values.mean(), stats.sem(values))
    assert value[0] == 5.0
    assert half_width[0] == pytest.approx((high - low) / 2)


@given(seed=st.integers(0, 10**6), n=st.integers(2, 40), size=st.integers(1, 12))
def test_blocks_add_up_to_the_plain_delta_method(seed, n, size):
    rng = np.random.default_rng(seed)
    bottom = rng.poisson(20, (n, 3)).astype(float)
    top = rng.binomial(bottom.astype(int), 0.7).astype(float)
    value, half_width = ratio(in_blocks(top, bottom, size), 1.0)
    plain = top.sum(axis=0) / bottom.sum(axis=0)
    spread = np.sqrt(((top - plain * bottom) ** 2).sum(axis=0) * n / (n - 1))
    assert value == pytest.approx(plain)
    assert half_width == pytest.approx(
        stats.t.ppf(0.975, n - 1) * spread / bottom.sum(axis=0), abs=1e-9
    )


@pytest.mark.parametrize("share", [1.0, 0.3])
def test_what_never_varies_has_no_half_width(share):
    """Not even by rounding, of a large number in many blocks."""
    bottom = np.random.default_rng(3).uniform(1e6, 2e6, (100, 1))
    _, half_width = ratio(in_blocks(share * bottom, bottom, 7), 0.0)
    assert half_width[0] == 0.0
    _, half_width = ratio(in_blocks(np.full((100, 1), 0.1), np.ones((100, 1)), 7), 0.0)
    assert half_width[0] == 0.0


def test_the_interval_of_a_ratio_holds_the_truth_in_95_of_100_cases():
    rng = np.random.default_rng(1)
    bottom = rng.poisson(50 * rng.gamma(20, 1 / 20, (40, 4000))).astype(float)
    top = rng.binomial(bottom.astype(int), 0.8).astype(float)
    value, half_width = ratio(in_blocks(top, bottom, 6), 0.0)
    assert 0.94 <= (abs(value - 0.8) <= half_width).mean() <= 0.96


def test_one_replication_has_no_half_width():
    _, half_width = ratio(moments(np.ones((1, 1)), np.ones(1)), 0.0)
    assert np.isnan(half_width).all()


@pytest.mark.parametrize(
    ("held", "n", "low", "high"), [(9, 10, 0.574, 1.004), (100, 100, 0.955, 1.007)]
)
def test_the_interval_of_a_share_of_weeks_is_that_of_agresti_and_coull(held, n, low, high):
    """Its centre moves towards a half, so that "always" is not certain."""
    value, half_width = proportion(moments(np.repeat([1.0, 0.0], [held, n - held])[:, None], ONE))
    middle = (held + 1.96**2 / 2) / (n + 1.96**2)
    assert value[0] == held / n
    assert (middle - half_width[0], middle + half_width[0]) == pytest.approx((low, high), abs=2e-3)


def test_what_nothing_was_counted_of_is_as_agreed():
    value, half_width = ratio(moments(np.zeros((5, 1)), np.zeros((5, 1))), 1.0)
    assert (value[0], half_width[0]) == (1.0, 0.0)


def test_quantiles_are_values_that_occurred():
    values = np.array([[5.0, 1.0, 4.0, 2.0, 3.0, 0.0, 9.0, 8.0, 7.0, 6.0, 10.0]])
    low, high = quantiles(values, (0.1, 0.9))
    assert (low[0], high[0]) == (1.0, 9.0)


def test_the_quantile_of_a_histogram_is_linear_inside_a_bin():
    bins = np.zeros(len(WAIT_EDGES_S), np.int32)
    bins[0], bins[4] = 90, 10
    low, high = WAIT_EDGES_S[3:5]
    assert bin_quantile(bins, 0.95) == pytest.approx((low + high) / 2)
    assert bin_quantile(bins, 0.90) == 0.0


def test_the_quantile_of_many_exponential_waits_is_within_a_percent():
    waits = np.random.default_rng(2).exponential(60, 200_000)
    bins = np.zeros(len(WAIT_EDGES_S), np.int32)
    np.add.at(bins, np.searchsorted(WAIT_EDGES_S, waits), 1)
    assert bin_quantile(bins, 0.95) == pytest.approx(np.quantile(waits, 0.95), rel=0.01)
