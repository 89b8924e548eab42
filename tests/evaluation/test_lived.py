"""Tests for wfplan.evaluation.lived: what a week costs as it was lived."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests import synthetic
from wfplan.domain.results import Outcome
from wfplan.evaluation import lived_cost

TERMS = {"harm": 1e6, "floors": 7.0, "empowered": 2.0, "wishes": 1.0}


@pytest.fixture
def lived_of(tmp_path):
    """The cost of a week in which some intervals of the first channel had harm, others none."""
    run = synthetic.run(tmp_path / "plan.toml")
    volume = np.zeros(run.need.volume.shape)
    volume[0, :10] = 20.0
    need = replace(run.need, volume=volume)
    reading = replace(run.solution, terms=TERMS)
    starts = pd.DatetimeIndex(run.horizon.interval_starts).tz_localize("UTC")

    def lived(harm):
        rows = [
            {"measure": "harm", "channel": need.channels[0], "interval_start": starts[t],
             "value": points}
            for t, points in harm.items()
        ]  # fmt: skip
        return lived_cost(run.problem, need, reading, Outcome(run.horizon, pd.DataFrame(rows), 9))

    return lived


def test_with_no_harm_only_the_plan_s_own_terms_are_left(lived_of):
    assert lived_of({0: 0.0}) == pytest.approx(10.0)


def test_harm_in_one_of_ten_intervals_counts_half_as_harm_and_half_as_tail(lived_of):
    """30 points on a tenth of the contacts: the tail is 1.5 a contact, on all 200 of them."""
    assert lived_of({3: 30.0}) == pytest.approx(0.5 * 30 + 0.5 * 1.5 * 200 + 10)


def test_the_same_harm_spread_evenly_costs_less(lived_of):
    even = lived_of(dict.fromkeys(range(10), 3.0))
    assert even == pytest.approx(0.5 * 30 + 0.5 * 0.15 * 200 + 10)
    assert even < lived_of({3: 30.0})
