"""Tests for wfplan.queueing.patience."""

from math import inf

import numpy as np
import pytest
from scipy.stats import CensoredData, chi2, ecdf

from wfplan.errors import InputError
from wfplan.queueing import erlang_a, general_patience
from wfplan.queueing.patience import exponential_patience, kaplan_meier, mean_patience_s


def test_total_waiting_over_those_who_hung_up():
    assert mean_patience_s([100.0, 200.0], [1, 4]) == 60


def test_nobody_who_hangs_up_is_endless_patience():
    assert mean_patience_s([100.0], [0]) == inf


def test_censored_waits_do_not_bias_the_estimate():
    """Waits are cut short by an agent becoming free; the estimate still finds the patience."""
    rng = np.random.default_rng(4)
    patience, offered = rng.exponential(120, 200_000), rng.exponential(40, 200_000)
    waited = np.minimum(patience, offered)
    assert mean_patience_s(waited, patience < offered) == pytest.approx(120, rel=0.02)


@pytest.mark.parametrize(("waited", "lost"), [(-1.0, 3), (float("nan"), 3), (10.0, -1)])
def test_totals_that_cannot_be_are_refused(waited, lost):
    with pytest.raises(InputError, match="gives no patience: both must be known"):
        mean_patience_s(waited, lost)


def test_the_curve_of_five_callers_is_what_a_hand_computes():
    """Hung up after 10, 20 and 30 s, answered after 20 and 25 s: 4/5, x 3/4, x 0/1."""
    law = kaplan_meier([10.0, 20.0, 20.0, 25.0, 30.0], [1, 1, 0, 0, 1])
    assert law.times_s.tolist() == [0, 10, 20, 30]
    assert law.survival == pytest.approx([1, 0.8, 0.6, 0])


def test_contacts_answered_at_once_do_not_hide_those_who_balk():
    """Of four who found everybody busy one left at once; the hundred others never had to wait."""
    waits = [0.0] * 100 + [0.0, 30.0, 40.0, 50.0]
    law = kaplan_meier(waits, [0] * 100 + [1, 0, 0, 1])
    assert law.still_waiting(0.0) == pytest.approx(0.75)


def test_beyond_the_last_who_hung_up_the_exponential_estimate_goes_on():
    law = kaplan_meier([10.0, 60.0, 60.0, 70.0], [1, 0, 0, 0])
    assert law.still_waiting([10.0, 210.0]) == pytest.approx([0.75, 0.75 * np.exp(-1)])


def test_the_curve_is_that_of_scipy():
    rng = np.random.default_rng(9)
    patience, offered = rng.weibull(0.7, 500) * 90, rng.exponential(60, 500)
    waits, gone = np.round(np.minimum(patience, offered)) + 1, patience < offered
    curve = ecdf(CensoredData.right_censored(waits, ~gone)).sf
    np.testing.assert_allclose(
        kaplan_meier(waits, gone).still_waiting(np.unique(waits[gone])),
        curve.evaluate(np.unique(waits[gone])),
        rtol=1e-9,
    )


def test_a_known_law_with_balkers_is_recovered_through_the_censoring():
    rng = np.random.default_rng(6)
    size = 40_000
    patience = rng.weibull(0.6, size) * 80 * (rng.random(size) > 0.08)
    offered = rng.exponential(50, size) * (rng.random(size) > 0.3)
    law = kaplan_meier(np.minimum(patience, offered), patience < offered)
    t = np.array([0.0, 10.0, 30.0, 60.0, 120.0])
    np.testing.assert_allclose(law.still_waiting(t), 0.92 * np.exp(-((t / 80) ** 0.6)), atol=0.012)


def test_the_fitted_curve_predicts_the_queue_it_came_from():
    rng = np.random.default_rng(7)
    patience, offered = rng.exponential(120, 20_000), rng.exponential(60, 20_000)
    law = kaplan_meier(np.minimum(patience, offered), patience < offered).coarser(100)
    found = general_patience.steady_state(10, 200, 180, law)
    exact = erlang_a.steady_state(10, 200, 180, 120)
    assert found.p_abandon == pytest.approx(exact.p_abandon, rel=0.03)
    assert found.sl_offered == pytest.approx(exact.sl_offered, rel=0.01)


def test_when_nobody_hangs_up_patience_is_endless():
    law = kaplan_meier([10.0, 20.0], [0, 0])
    assert law.mean_s == inf
    assert law.still_waiting(1e6) == 1


def test_the_interval_of_the_exponential_mean_is_that_of_a_count():
    """10 hung up over 1200 s: chi-square quantiles with 20 and 22 degrees of freedom."""
    waits = np.full(40, 30.0)
    found = exponential_patience(waits, np.arange(40) < 10)
    assert (found.mean_s, found.hung_up) == (120, 10)
    assert found.standard_error_s == pytest.approx(120 / np.sqrt(10))
    assert found.low_s == pytest.approx(2 * 1200 / chi2.ppf(0.975, 22))
    assert found.high_s == pytest.approx(2 * 1200 / chi2.ppf(0.025, 20))


def test_nobody_who_hung_up_still_gives_a_least_patience():
    found = exponential_patience([100.0, 200.0], [False, False])
    assert (found.mean_s, found.high_s) == (inf, inf)
    assert found.low_s == pytest.approx(300 / -np.log(0.025))


def test_the_interval_covers_the_true_mean_as_often_as_it_says():
    rng = np.random.default_rng(10)
    covered = []
    for _ in range(400):
        patience, offered = rng.exponential(120, 60), rng.exponential(60, 60)
        found = exponential_patience(np.minimum(patience, offered), patience < offered)
        covered.append(found.low_s <= 120 <= found.high_s)
    assert 0.93 <= np.mean(covered) <= 0.995


@pytest.mark.parametrize("estimate", [kaplan_meier, exponential_patience])
@pytest.mark.parametrize(
    ("waits", "gone", "message"),
    [
        ([1.0, 2.0], [1], r"wait_s has 2 contacts and hung_up 1"),
        ([1.0, -2.0], [1, 0], r"wait_s\[1\] = -2 is not a wait .*\(1 of 2 intervals\)"),
        ([np.nan, 2.0], [1, 0], r"wait_s\[0\] = nan is not a wait"),
        ([1.0, 2.0], [1, 2], r"hung_up\[1\] = 2 is neither true nor false"),
    ],
)
def test_observations_that_cannot_be_are_refused(estimate, waits, gone, message):
    with pytest.raises(InputError, match=message):
        estimate(waits, gone)


def test_a_log_in_which_nobody_waited_says_nothing_about_patience():
    with pytest.raises(InputError, match="holds nobody who waited"):
        kaplan_meier([0.0, 0.0], [0, 0])


def test_a_confidence_of_one_is_refused():
    with pytest.raises(InputError, match=r"confidence = 1 is not in \(0, 1\)"):
        exponential_patience([1.0], [1], confidence=1)
