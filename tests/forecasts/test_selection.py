"""Tests for forecasts.backtests.selection."""

from __future__ import annotations

import numpy as np
import pytest

from forecasts.backtests import selection as module
from forecasts.backtests.selection import (
    GROUPS,
    Blend,
    Trials,
    choose,
    poisson_noise,
    table_of,
    week_of_lead,
)

ORIGINS, MEAN = 12, 1000.0


def trials_of(errors: dict[str, float]):
    """Models that err by a normal share of the mean, week by week."""
    rng = np.random.default_rng(0)
    origin = np.repeat(np.arange(ORIGINS), 4 * 20)
    group = np.tile(np.repeat(np.arange(4), 20), ORIGINS)
    actual = rng.poisson(MEAN, origin.size).astype(float)
    said = np.array([MEAN * (1 + sd * rng.standard_normal(actual.size)) for sd in errors.values()])
    return Trials(tuple(errors), said, actual, group, origin)


@pytest.mark.parametrize(
    ("mean", "share"), [(1, 73.58), (4, 39.07), (10, 25.02), (25, 15.90), (100, 7.97), (400, 3.99)]
)
def test_the_noise_floor_is_that_of_poisson_counts(mean, share):
    assert 100 * poisson_noise(np.array([float(mean)]))[0] / mean == pytest.approx(share, abs=0.01)


def test_a_model_that_errs_less_weighs_more():
    choice = choose(trials_of({"mixed model": 0.05, "regression": 0.15}))
    assert (choice.blend.weights[0] > 0.8).all()
    np.testing.assert_allclose(choice.blend.weights.sum(axis=0), 1.0)


def test_models_that_err_alike_share_the_weight():
    choice = choose(trials_of({"mixed model": 0.1, "regression": 0.1}))
    assert np.abs(choice.blend.weights[0] - 0.5).max() < 0.1


def test_the_blend_errs_less_than_its_independent_parts():
    choice = choose(trials_of({"mixed model": 0.1, "regression": 0.1, "smoothing": 0.1}))
    assert (choice.blend_wape < choice.wape.min(axis=0)).all()


def test_a_plain_average_that_is_better_by_more_than_noise_is_used():
    choice = choose(trials_of({"mixed model": 0.3, "regression": 0.3, "median of 6 weeks": 0.02}))
    assert (choice.blend.weights[2] > 0.99).all()


def test_a_blend_that_fails_all_the_same_is_guarded_by_the_plain_average(monkeypatch):
    monkeypatch.setattr(module, "SHARPNESS", 0.0)
    choice = choose(trials_of({"mixed model": 0.3, "median of 6 weeks": 0.02}))
    assert all(choice.blend.guarded)
    assert (choice.blend.weights[1] == 1.0).all()
    np.testing.assert_allclose(choice.blend_wape, choice.wape[1])


def test_the_guard_of_one_week_of_lead_leaves_the_other_weeks_alone(monkeypatch):
    monkeypatch.setattr(module, "SHARPNESS", 0.0)
    trials = trials_of({"mixed model": 0.02, "median of 6 weeks": 0.06})
    last = trials.group == 3
    said = trials.said.copy()
    said[0, last] = 1.3 * MEAN
    choice = choose(Trials(trials.models, said, trials.actual, trials.group, trials.origin))
    assert choice.blend.guarded == (False, False, False, True)
    assert choice.blend.weights[1, 3] == 1.0
    assert (choice.blend.weights[0, :3] > 0.9).all()
    np.testing.assert_array_equal(choice.mean[last], said[1, last])


def test_a_plain_average_that_is_no_better_is_not_used():
    choice = choose(trials_of({"mixed model": 0.05, "median of 6 weeks": 0.05}))
    assert not any(choice.blend.guarded)


def test_an_origin_is_weighed_by_the_others_only():
    one = trials_of({"mixed model": 0.1, "regression": 0.1})
    actual = one.actual.copy()
    actual[one.origin == 3] *= 3
    other = Trials(one.models, one.said, actual, one.group, one.origin)
    on = one.origin == 3
    np.testing.assert_allclose(choose(one).mean[on], choose(other).mean[on], rtol=1e-12)
    assert not np.allclose(choose(one).mean[~on], choose(other).mean[~on], rtol=1e-12)


def test_weeks_that_were_not_tested_borrow_from_those_that_were():
    one = trials_of({"mixed model": 0.05, "regression": 0.15})
    near = one.group < 2
    some = Trials(
        one.models, one.said[:, near], one.actual[near], one.group[near], one.origin[near]
    )
    choice = choose(some)
    assert (choice.blend.weights[0] > 0.8).all()
    assert np.isnan(choice.blend_wape[2:]).all()


def test_weights_of_a_model_that_says_nothing_go_to_the_others():
    blend = Blend(("a", "b"), np.tile([[0.25], [0.75]], (1, GROUPS)))
    found = blend.mean({"a": np.full((2, 3), 8.0)}, np.array([0, 3]))
    np.testing.assert_allclose(found, 8.0)


def test_days_fall_into_weeks_of_lead():
    np.testing.assert_array_equal(
        week_of_lead(np.array([1, 7, 8, 14, 15, 28, 99])), [0, 0, 1, 1, 2, 3, 3]
    )


def test_the_table_says_who_weighs_how_much_and_how_wrong_each_was():
    choice = choose(trials_of({"mixed model": 0.05, "regression": 0.15}))
    table = table_of("voice", choice, choice.blend)
    assert list(table.columns) == ["channel", "week", "model", "weight", "wape"]
    weights = table[table["model"] != "blend"].groupby("week")["weight"].sum()
    np.testing.assert_allclose(weights, 1.0)
    assert table["wape"].between(0, 0.3).all()
    untested = table_of("voice", None, Blend.before_errors(["mixed model"]))
    assert untested["wape"].isna().all()
