"""Tests for wfplan.staffing.corrections: curves that agree with a simulated plan."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfplan.domain.channels import Channel
from wfplan.domain.results import Outcome, StaffNeed
from wfplan.staffing.corrections import (
    AGREEMENT,
    corrected,
    disagreement,
    harm_at,
)

OPEN = slice(8, 20)


def planned(problem_of):
    """A voice and an e-mail channel with curves of 12 open hours, planned at 6 and 3 staff."""
    problem = problem_of(
        Channel(name="voice", open=["daily 08:00-20:00"]),
        Channel(name="email", kind="deferred", open=["daily 08:00-20:00"]),
        interval_min=60,
    )
    horizon = problem.horizon(date(2026, 3, 2), 1)
    shape = (2, horizon.interval_count)
    is_open = np.zeros(shape, dtype=bool)
    is_open[:, OPEN] = True
    levels = np.arange(15)
    height = np.array([[200.0], [40.0]]) * (1 + 0.2 * np.sin(np.arange(shape[1]))) * is_open
    harm = height[:, :, None] * np.exp(-0.4 * levels)
    zero = np.zeros(shape)
    need = StaffNeed(
        horizon=horizon,
        channels=("voice", "email"),
        harm=harm,
        volume=np.where(is_open, 30.0, 0.0),
        load_erlangs=np.where(is_open, 4.0, 0.0),
        staff_promise=zero,
        staff_occupancy=zero,
        staff_abandonment=zero,
        staff_tail=zero,
        staff_due=zero,
        staff_required=zero,
        binding=np.full(shape, "none"),
        staff_min=zero,
        empowered_min=np.zeros(shape[1]),
        presence_share=0.9,
    )
    return problem, need, np.array([[6.0], [3.0]]) * is_open


@pytest.fixture(scope="session")
def case(problem_of):
    return planned(problem_of)


def outcome(need, harm, half_width=0.0):
    """An outcome that knows the harm of every channel and interval."""
    starts = pd.DatetimeIndex(need.horizon.interval_starts).tz_localize("UTC")
    rows = [
        {"measure": "harm", "channel": name, "interval_start": start, "value": harm[c, t],
         "half_width": half_width, "unit": "points", "q10": np.nan, "q90": np.nan}
        for c, name in enumerate(need.channels)
        for t, start in enumerate(starts)
    ]  # fmt: skip
    return Outcome(need.horizon, pd.DataFrame(rows), 100)


def test_a_curve_says_at_the_plan_what_was_lived(case):
    problem, need, staff = case
    lived = harm_at(need.harm, staff)
    lived[0] *= 1.5
    fixed = corrected(problem, need, staff, outcome(need, lived))
    open_voice = need.volume[0] > 0
    assert harm_at(fixed.harm, staff)[0][open_voice] == pytest.approx(lived[0][open_voice], rel=0.1)
    assert harm_at(fixed.harm, staff)[0].sum() == pytest.approx(lived[0].sum(), rel=0.03)


def test_what_may_be_noise_moves_nothing(case):
    problem, need, staff = case
    lived = harm_at(need.harm, staff) * 1.1
    wide = float(lived.max()) * 10
    fixed = corrected(problem, need, staff, outcome(need, lived, half_width=wide))
    before = harm_at(need.harm, staff)[0, OPEN]
    assert harm_at(fixed.harm, staff)[0, OPEN] == pytest.approx(before, rel=1e-6)


@given(st.lists(st.floats(0.0, 4.0), min_size=4, max_size=4))
def test_corrected_curves_stay_convex_and_falling(case, factors):
    problem, need, staff = case
    lived = harm_at(need.harm, staff) * np.resize(factors, staff.shape)
    fixed = corrected(problem, need, staff, outcome(need, lived))
    steps = np.diff(fixed.harm, axis=2)
    assert (steps <= 1e-9).all()
    assert (np.diff(steps, axis=2) >= -1e-6).all()
    assert fixed.staff_required is need.staff_required


def test_a_harm_far_above_the_curve_moves_it_by_a_bounded_step(case):
    problem, need, staff = case
    fixed = corrected(problem, need, staff, outcome(need, harm_at(need.harm, staff) * 1e6))
    step = 0.3 * staff[0] + 1
    levels = np.arange(need.harm.shape[2])
    t = int(np.flatnonzero(need.volume[0] > 0)[3])
    expected = np.interp(staff[0, t] - step[t], levels, need.harm[0, t])
    assert harm_at(fixed.harm, staff)[0, t] == pytest.approx(expected, rel=1e-6)


def test_deferred_work_is_scaled_as_a_whole_and_at_most_fivefold(case):
    problem, need, staff = case
    lived = harm_at(need.harm, staff)
    lived[1] *= 4.0
    fixed = corrected(problem, need, staff, outcome(need, lived))
    wide = need.harm.shape[2]
    assert fixed.harm[1, :, :wide] == pytest.approx(2.0 * need.harm[1])
    lived[1] = 0.0
    fixed = corrected(problem, need, staff, outcome(need, lived))
    assert fixed.harm[1, :, :wide] == pytest.approx(need.harm[1] / 5)


def test_curves_and_simulation_that_agree_need_no_correction(case):
    _, need, staff = case
    lived = harm_at(need.harm, staff)
    assert disagreement(need, staff, outcome(need, lived)) == pytest.approx(0)
    assert disagreement(need, staff, outcome(need, lived * 1.5)) > AGREEMENT


def test_curves_are_read_on_straight_lines_and_flat_beyond_their_ends():
    harm = np.array([[[8.0, 4.0, 2.0]]])
    for staff, says in ((0.0, 8.0), (0.5, 6.0), (1.0, 4.0), (1.75, 2.5), (2.0, 2.0), (9.0, 2.0)):
        assert harm_at(harm, np.array([[staff]])) == pytest.approx(says)
