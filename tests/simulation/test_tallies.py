"""Tests for wfplan.simulation.tallies: every contact once, in the right cell."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfplan.simulation.estimates import WAIT_EDGES_S
from wfplan.simulation.tallies import _bin


@given(wait=st.floats(0, 1e7))
def test_a_wait_lies_between_the_edges_of_its_bin(wait):
    at = _bin(wait)
    assert at == len(WAIT_EDGES_S) - 1 or wait <= WAIT_EDGES_S[at]
    assert at == 0 or wait >= WAIT_EDGES_S[at - 1]


@pytest.mark.parametrize("edge", WAIT_EDGES_S[1:-1])
def test_bins_follow_one_another_without_a_gap(edge):
    assert _bin(edge) == _bin(np.nextafter(edge, 0)) + 1
