"""Tests for wfplan.queueing.square_root."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr
from scipy.stats import norm

from wfplan.errors import InputError
from wfplan.queueing import erlang_a, square_root

betas = st.floats(min_value=-4, max_value=6)
patiences = st.floats(min_value=0.05, max_value=20)


def test_every_limit_of_the_exact_table_is_reproduced_and_undone(shared):
    pandas = pytest.importorskip("pandas")
    rows = pandas.read_csv(shared / "truth" / "qed.csv")
    patience = [np.inf if r == "C" else 1 / float(r) for r in rows["theta_over_mu_or_C"]]
    found = square_root.wait_probability(rows["beta"], patience)
    np.testing.assert_allclose(found, rows["limit_p_wait"], rtol=1e-11)
    np.testing.assert_allclose(
        square_root.beta_for(rows["limit_p_wait"], patience), rows["beta"], atol=1e-9
    )


@given(beta=st.floats(0.01, 8))
def test_endless_patience_is_the_formula_of_halfin_and_whitt(beta):
    expected = 1 / (1 + beta * norm.cdf(beta) / norm.pdf(beta))
    assert square_root.wait_probability(beta) == pytest.approx(expected, rel=1e-12)


@given(beta=betas, patience=patiences)
def test_finite_patience_is_the_formula_of_garnett_mandelbaum_and_reiman(beta, patience):
    root = np.sqrt(1 / patience)

    def hazard(x: float) -> float:
        return norm.pdf(x) / norm.sf(x)

    expected = 1 / (1 + root * hazard(beta / root) / hazard(-beta))
    assert square_root.wait_probability(beta, patience) == pytest.approx(expected, rel=1e-9)


@given(beta=betas)
def test_patience_as_long_as_the_handle_time_is_the_normal_law(beta):
    assert square_root.wait_probability(beta, 1.0) == pytest.approx(ndtr(-beta), rel=1e-12)


def test_without_spare_agents_and_with_endless_patience_everybody_waits():
    assert square_root.wait_probability([0.0, -0.1, -50.0]).tolist() == [1, 1, 1]


def test_far_out_on_either_side_the_answer_is_certain_and_no_warning_is_raised():
    far = np.array([-1e6, 1e6])[:, None]
    for patience in (1e-6, 1.0, 1e6, np.inf):
        low, high = square_root.wait_probability(far, patience)
        assert (low, high) == (pytest.approx(1), 0)


@given(target=st.floats(1e-6, 1 - 1e-6), patience=st.one_of(patiences, st.just(np.inf)))
def test_beta_for_is_the_inverse(target, patience):
    beta = square_root.beta_for(target, patience)
    assert square_root.wait_probability(beta, patience) == pytest.approx(target, rel=1e-9)


@given(load=st.floats(1e-3, 1e5), beta=st.floats(0, 5))
def test_staff_and_spare_roots_undo_each_other(load, beta):
    assert square_root.spare_roots(square_root.staff(load, beta), load) == pytest.approx(
        beta, abs=1e-8
    )


def test_staff_are_never_negative_and_no_load_leaves_any_team_idle():
    assert square_root.staff([4.0, 100.0], [-3.0, 1.0]).tolist() == [0, 110]
    assert np.isinf(square_root.spare_roots(5, 0))


def test_the_staff_of_the_rule_come_close_to_the_exact_probability():
    """1000 erlangs, patience 2 handle times, one in five may wait."""
    staff = square_root.staff(1000.0, square_root.beta_for(0.2, 2.0))
    exact = erlang_a.steady_state(staff, 12_000, 300, 600).p_wait
    assert exact == pytest.approx(0.2, abs=5e-3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: square_root.wait_probability(np.nan), r"beta = nan is not a number of square"),
        (lambda: square_root.wait_probability([1, 2], [1, 0]), r"patience_in_aht\[1\] = 0 is not"),
        (lambda: square_root.beta_for([0.2, 1.0]), r"wait_probability_max\[1\] = 1 is not in"),
        (lambda: square_root.beta_for(0.2, -1.0), r"patience_in_aht = -1 is not above 0"),
        (lambda: square_root.staff(-1.0, 1.0), r"load_erlangs = -1 is not a number >= 0"),
        (lambda: square_root.staff(1.0, np.inf), r"beta = inf is not a number of square"),
    ],
)
def test_a_bad_input_is_named(call, message):
    with pytest.raises(InputError, match=message):
        call()
