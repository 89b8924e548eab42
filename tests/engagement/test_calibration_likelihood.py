"""Tests for wfplan.engagement.calibration_likelihood."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.engagement.calibration_likelihood import Strata, fitted
from wfplan.engagement.calibration_profile import interval, likelihood_ratio


def by_hand(x, is_event, stratum, beta):
    """The conditional likelihood by its definition: a sum over all choices of days."""
    total, score = 0.0, np.zeros(len(beta))
    information = np.zeros((len(beta), len(beta)))
    for name in np.unique(stratum):
        own, happened = x[stratum == name], is_event[stratum == name]
        if not 0 < happened.sum() < len(own):
            continue
        sums = np.array(
            [own[list(c)].sum(0) for c in combinations(range(len(own)), happened.sum())]
        )
        weight = np.exp(sums @ beta)
        mean = weight @ sums / weight.sum()
        total += own[happened].sum(0) @ beta - np.log(weight.sum())
        score += own[happened].sum(0) - mean
        information += (weight[:, None] * sums).T @ sums / weight.sum() - np.outer(mean, mean)
    return total, score, information


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), columns=st.integers(1, 3))
def test_the_recursion_is_the_sum_over_all_choices_of_days(seed, columns):
    rng = np.random.default_rng(seed)
    days = rng.integers(1, 9, size=rng.integers(1, 6))
    stratum = rng.permutation(np.repeat(np.arange(len(days)), days))
    x = rng.normal(size=(days.sum(), columns)) * 2
    is_event = rng.random(days.sum()) < 0.4
    beta = rng.normal(size=columns)
    found = Strata(x, is_event, stratum).at(beta)
    total, score, information = by_hand(x, is_event, stratum, beta)
    assert found.log_likelihood == pytest.approx(total, abs=1e-9)
    assert found.scores.sum(axis=0) == pytest.approx(score, abs=1e-8)
    assert found.information == pytest.approx(information, abs=1e-8)


def test_one_event_a_stratum_is_the_softmax_of_its_days():
    x = np.array([[0.0], [1.0], [2.0]])
    strata = Strata(x, np.array([False, False, True]), np.zeros(3, dtype=np.int64))
    chances = np.exp(0.7 * x[:, 0]) / np.exp(0.7 * x[:, 0]).sum()
    assert strata.at(np.array([0.7])).log_likelihood == pytest.approx(np.log(chances[2]))


def test_matched_pairs_give_the_ratio_of_discordant_pairs():
    """Breslow and Day 1980, chapter 7: 30 pairs with the exposed day ill against 10 others."""
    x = np.tile([[1.0], [0.0]], (40, 1))
    is_event = np.concatenate([np.tile([True, False], 30), np.tile([False, True], 10)])
    fit = fitted(Strata(x, is_event, np.repeat(np.arange(40), 2)))
    assert np.exp(fit.beta[0]) == pytest.approx(3.0)
    error = np.sqrt(1 / fit.at.information[0, 0])
    assert error == pytest.approx(np.sqrt(1 / 30 + 1 / 10))


def test_people_without_an_event_or_with_nothing_else_change_nothing():
    rng = np.random.default_rng(4)
    x, is_event = rng.normal(size=(60, 2)), rng.random(60) < 0.2
    stratum = np.repeat(np.arange(3), 20)
    more = np.concatenate([x, rng.normal(size=(30, 2))])
    both = np.concatenate([is_event, np.zeros(20, dtype=bool), np.ones(10, dtype=bool)])
    names = np.concatenate([stratum, np.full(20, 7), np.full(10, 8)])
    alone, beside = Strata(x, is_event, stratum), Strata(more, both, names)
    assert beside.events == alone.events == is_event.sum()
    assert beside.at(np.ones(2)).log_likelihood == pytest.approx(
        alone.at(np.ones(2)).log_likelihood
    )


def test_what_a_person_is_by_nature_drops_out():
    rng = np.random.default_rng(5)
    x, is_event = rng.normal(size=(80, 1)), rng.random(80) < 0.2
    stratum = np.repeat(np.arange(4), 20)
    shifted = x + np.array([0.0, 50.0, -80.0, 3.0])[stratum][:, None]
    fits = [fitted(Strata(one, is_event, stratum)) for one in (x, shifted)]
    assert fits[0].beta == pytest.approx(fits[1].beta, abs=1e-6)


def test_many_events_of_one_person_neither_overflow_nor_underflow():
    rng = np.random.default_rng(6)
    x, is_event = rng.normal(size=(2000, 1)) * 5, np.arange(2000) % 3 == 0
    found = Strata(x, is_event, np.zeros(2000, dtype=np.int64)).at(np.array([1.0]))
    assert np.isfinite(found.log_likelihood)
    assert found.information[0, 0] > 0


def test_the_profile_interval_ends_where_the_test_rejects():
    rng = np.random.default_rng(7)
    stratum = np.repeat(np.arange(40), 30)
    x = rng.normal(size=(1200, 2))
    strata = Strata(x, rng.random(1200) < 1 / (1 + np.exp(3 - 0.5 * x[:, 0])), stratum)
    best = fitted(strata)
    for end in interval(strata, best, 0):
        assert likelihood_ratio(strata, best, 0, end) == pytest.approx(0.05, abs=5e-4)
    error = np.sqrt(np.linalg.inv(best.at.information)[0, 0])
    low, high = interval(strata, best, 0)
    assert (low, high) == pytest.approx(
        (best.beta[0] - 1.96 * error, best.beta[0] + 1.96 * error), abs=0.25 * error
    )


def test_events_that_are_separated_leave_the_interval_open():
    rng = np.random.default_rng(8)
    stratum = np.repeat(np.arange(30), 20)
    x = (rng.random((600, 1)) < 0.3).astype(float)
    is_event = np.zeros(600, dtype=bool)
    for person in range(30):
        is_event[rng.choice(np.flatnonzero((stratum == person) & (x[:, 0] == 1)))] = True
    strata = Strata(x, is_event, stratum)
    best = fitted(strata)
    low, high = interval(strata, best, 0)
    assert not best.is_finite
    assert high == np.inf
    assert 0 < low < np.inf
