"""Tests for wfplan.queueing.patience."""

from math import inf

import numpy as np
import pytest

from wfplan.errors import InputError
from wfplan.queueing.patience import mean_patience_s


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
