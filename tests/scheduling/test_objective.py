"""Tests for wfplan.scheduling.service.objective."""

import csv
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.domain.problem import Objective
from wfplan.horizon import Horizon
from wfplan.scheduling.service.objective import CostCurves

HALVES = {"tail": 0.5, "balance": 0.5}


def curves_of(bench, seed=0, *, beyond=3, **more):
    horizon = Horizon("UTC", bench.MONDAY, 1, interval_min=60)
    rng = np.random.default_rng(seed)
    asked = bench.need(horizon, ("voice", "chat"), rng=rng, floor=4.0, staff_min=1.0)
    return CostCurves.of(asked, Objective(**more), beyond=beyond, top_speed=np.array([1.0, 1.2]))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 1000), eta=st.floats(0, 20), balance=st.floats(0, 1))
def test_costs_are_convex_and_falling_at_every_tail_level(bench, seed, eta, balance):
    curves = curves_of(bench, seed, balance=balance)
    costs = curves.at_level(eta)
    assert bench.gaps(costs).min() >= -1e-9
    assert np.diff(costs, axis=2).max() <= 1e-9
    assert costs.flags.c_contiguous


def test_at_level_zero_all_harm_is_tail(bench):
    curves = curves_of(bench, tail=0.9, balance=0.3)
    costs = curves.at_level(0.0)[:, :24]
    expected = (0.7 + 0.3 / 0.1) * curves.harm[:, :24] + curves.floors[:, :24]
    assert costs == pytest.approx(expected)


def test_hours_after_the_horizon_carry_no_tail(bench):
    curves = curves_of(bench)
    plain = (curves.harm + curves.floors)[:, 24:]
    assert curves.at_level(0.5)[:, 24:] == pytest.approx(plain)
    assert curves.at_weights(np.full((2, 27), 7.0))[:, 24:] == pytest.approx(plain)
    assert curves.harm[:, 24:] == pytest.approx(curves.harm[:, :3])
    assert curves.tail_constant(2.0) == pytest.approx(0.5 * 2.0 * curves.volume[:, :24].sum())


def test_floors_price_missing_staff_and_missing_heads_by_the_hour(bench):
    horizon = Horizon("UTC", bench.MONDAY, 1, interval_min=30)
    asked = bench.need(horizon, presence=0.8, staff_min=2.0)
    asked.staff_required.setflags(write=True)
    asked.staff_required[:] = 2.5
    goals = Objective(shortfall_per_h=20, presence_per_h=400)
    curves = CostCurves.of(asked, goals, beyond=0, top_speed=np.array([1.25]))
    # two heads present are at most 2 x 0.8 x 1.25 = 2 effective staff
    assert curves.floors[0, 0, :4] == pytest.approx(
        [0.5 * (20 * 2.5 + 400 * 2), 0.5 * (20 * 1.5 + 400), 0.5 * 20 * 0.5, 0]
    )


def test_the_tail_of_four_cells_by_hand(bench):
    """Harm per contact 1, 2, 3, 4 with 4, 3, 2, 1 contacts; the worst half are 1, 2 and 2 of 3."""
    curves = curves_of(bench, **HALVES)
    harm, volume = np.array([[4.0, 6.0, 6.0, 4.0]]), np.array([[4.0, 3.0, 2.0, 1.0]])
    assert curves.tail_level(harm, volume) == 2.0
    assert curves.tail_weights(harm, volume) == pytest.approx(np.array([[0, 4 / 3, 2, 2]]))
    assert curves.tail(harm, volume) == pytest.approx((2 * 2 + 2 * 3 + 1 * 4) / 5)


def test_no_contacts_have_no_tail(bench):
    curves = curves_of(bench)
    nothing = np.zeros((2, 3))
    assert curves.tail_level(nothing, nothing) == 0.0
    assert curves.tail(nothing, nothing) == 0.0
    assert not curves.tail_weights(nothing, nothing).any()


cells = st.lists(
    st.tuples(st.floats(0, 100), st.floats(0, 50), st.floats(0, 1)), min_size=1, max_size=12
)


@settings(max_examples=100, deadline=None)
@given(cells=cells, tail=st.floats(0.05, 0.95))
def test_tail_weights_are_admissible_and_none_admissible_exceeds_the_tail(bench, cells, tail):
    harm, volume, other = (np.array([column]) for column in zip(*cells, strict=True))
    volume = np.where(volume < 1e-3, 0.0, volume)
    harm = np.where(volume > 0, harm, 0.0)  # nobody is harmed where nobody comes
    curves = curves_of(bench, tail=tail)
    weights = curves.tail_weights(harm, volume)
    cap = 1 / (1 - tail)
    assert weights.min() >= 0
    assert weights.max() <= cap + 1e-9
    total = volume.sum()
    if not total:
        return
    assert (weights * volume).sum() / total == pytest.approx(1)
    # any weights within the cap that average 1 over contacts
    drawn = other * cap
    mean = (drawn * volume).sum() / total
    raised = drawn + (cap - drawn) * (1 - mean) / (cap - min(mean, 1))
    drawn = drawn / mean if mean > 1 else raised
    assert (drawn * harm).sum() / total <= curves.tail(harm, volume) * (1 + 1e-9) + 1e-9


@settings(max_examples=60, deadline=None)
@given(cells=cells, tail=st.floats(0.05, 0.95), eta=st.floats(0, 60))
def test_the_tail_is_the_least_over_all_levels(bench, cells, tail, eta):
    """Rockafellar and Uryasev: eta + E(harm - eta)+ / (1 - tail), least at the tail level."""
    harm, volume, _ = (np.array([column]) for column in zip(*cells, strict=True))
    volume = np.where(volume < 1e-3, 0.0, volume)
    harm = np.where(volume > 0, harm, 0.0)
    curves, total = curves_of(bench, tail=tail), volume.sum()
    if not total:
        return

    def at(level):
        return level + np.maximum(harm - level * volume, 0).sum() / (1 - tail) / total

    value = curves.tail(harm, volume)
    assert value <= at(eta) * (1 + 1e-9) + 1e-9
    assert value == pytest.approx(at(curves.tail_level(harm, volume)), rel=1e-6, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 1000), eta=st.floats(0, 20))
def test_weights_never_cost_more_than_a_level_with_its_constant(bench, seed, eta):
    """For the same staff: the reason why the bound holds."""
    curves = curves_of(bench, seed, beyond=0)
    rng = np.random.default_rng(seed)
    staff = rng.integers(0, curves.harm.shape[2], curves.volume.shape)
    other = rng.integers(0, curves.harm.shape[2], curves.volume.shape)

    def pick(costs, levels):
        return np.take_along_axis(costs, levels[:, :, None], axis=2).sum()

    harm = np.take_along_axis(curves.harm, other[:, :, None], axis=2)[:, :, 0]
    weighted = pick(curves.at_weights(curves.tail_weights(harm, curves.volume)), staff)
    level = pick(curves.at_level(eta), staff) + curves.tail_constant(eta)
    assert weighted <= level * (1 + 1e-9)


def test_the_tail_is_the_mean_of_the_worst_intervals_of_the_allocation(bench, shared):
    """
    The rows of truth/allocation.csv: the worst three of ten intervals, equal weights.

    Only two figures of the ten are published, so the mean of the worst three
    is held between what they leave possible, and its interval-by-interval
    optimum is not computed here.
    """
    with (shared / "truth" / "allocation.csv").open() as file:
        rows = list(csv.DictReader(file))
    curves = curves_of(bench, tail=0.7)
    for row in rows:
        worst, three = float(row["worst_interval_abandon"]), float(row["mean_of_worst_three"])
        mean = float(row["mean_abandon"])
        rest = (3 * three - worst) / 2
        shares = np.array([[worst, rest, rest, *[(10 * mean - 3 * three) / 7] * 7]])
        assert curves.tail(shares, np.ones((1, 10))) == pytest.approx(three)
        assert mean <= three <= worst


def test_every_pair_of_levels_is_ordered_like_its_excess(bench):
    curves = curves_of(bench)
    for low, high in product((0.0, 0.5, 1.0), (1.0, 2.0)):
        assert (curves.at_level(low) >= curves.at_level(high) - 1e-12).all()
