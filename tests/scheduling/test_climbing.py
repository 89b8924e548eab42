"""Tests for climbing: against L-BFGS-B, at bounds and in the open."""

import numpy as np
import pytest
from scipy.optimize import minimize

from wfplan.domain.progress import Stop
from wfplan.scheduling.bound.climbing import Climber


def hill(seed, size=30):
    """Minus a convex quadratic and a soft maximum, whose top lies partly beyond the bounds."""
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(size, size))
    curved, top = root @ root.T / size + 0.05 * np.eye(size), rng.normal(1.0, 2.0, size)
    tilts = rng.normal(size=(8, size))

    def function(x):
        off, reach = x - top, tilts @ x
        most = reach.max()
        part = np.exp(reach - most)
        value = -off @ curved @ off / 2 - most - np.log(part.sum())
        return float(value), -curved @ off - tilts.T @ part / part.sum()

    return function


@pytest.mark.parametrize("seed", range(6))
def test_the_top_between_the_bounds_is_found(seed):
    function, high = hill(seed), np.full(30, 2.5)
    high[::3] = np.inf

    def fall(x):
        value, slope = function(x)
        return -value, -slope

    known = minimize(
        fall, np.ones(30), jac=True, method="L-BFGS-B", bounds=[(0.0, one) for one in high]
    )
    found = Climber(0.0, high).climb(function, np.ones(30), 400, Stop())
    assert function(found)[0] == pytest.approx(-known.fun, rel=1e-5)
    assert (found >= 0).all()
    assert (found <= high).all()
    assert (found == 0).any()


def test_every_step_gains_and_none_is_taken_when_time_is_up():
    function, high = hill(1), np.full(30, np.inf)
    values = [
        function(Climber(0.0, high).climb(function, np.ones(30), steps, Stop()))[0]
        for steps in range(12)
    ]
    assert values == sorted(values)
    stop = Stop(seconds=0.0)
    assert (Climber(0.0, high).climb(function, np.ones(30), 50, stop) == 1.0).all()


def test_a_climb_that_goes_on_need_not_learn_the_bends_again():
    function, high = hill(3, size=200), np.full(200, np.inf)
    climber = Climber(0.0, high)
    half = climber.climb(function, np.ones(200), 20, Stop())
    on = function(climber.climb(function, half, 20, Stop()))[0]
    anew = function(Climber(0.0, high).climb(function, half, 20, Stop()))[0]
    assert on > anew
