"""Tests for wfplan.queueing.transient."""

from math import sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.sparse import bmat, csr_array, lil_array
from scipy.sparse.linalg import expm_multiply
from scipy.stats import poisson

from wfplan.errors import InputError
from wfplan.queueing import erlang_a, transient

DAY_PER_H = np.array([20, 40, 60, 80, 80, 60, 40, 20, 10, 5]) * 4.0
STAFFINGS = {  # the truth rows of transient_day.csv and, between them, what they imply
    "follows load": [8, 14, 21, 28, 29, 24, 17, 10, 6, 4],
    "flat": [15] * 10,
    "short at peak": [8, 14, 20, 22, 22, 20, 15, 9, 6, 4],
}
DAY = {"aht_s": 300, "patience_s": 120, "interval_s": 900}
TRUTH_AVERAGES = 2e-8  # the quadrature of the published time averages; values at an end have 1e-10


@pytest.fixture(scope="module")
def day(shared):
    return pd.read_csv(shared / "truth" / "transient_day.csv")


@pytest.mark.parametrize("name", STAFFINGS)
def test_a_day_of_contacts_handed_back_is_the_published_one(day, name):
    rows = day[day["scenario"] == name]
    found = transient.evolve(DAY_PER_H, STAFFINGS[name], **DAY, end_of_shift="hand_back")
    for column, values, tolerance in (
        ("p_all_busy_time_avg", found.p_wait, TRUTH_AVERAGES),
        ("p_abandon", found.p_abandon, TRUTH_AVERAGES),
        ("mean_queue", found.mean_queue, TRUTH_AVERAGES),
        ("occupancy", found.occupancy, 1e-9),
        ("mean_in_system_at_end", found.end_in_system, 1e-10),
    ):
        np.testing.assert_allclose(
            values[rows["interval"]], rows[column], rtol=0, atol=tolerance, err_msg=column
        )


@pytest.mark.parametrize("name", STAFFINGS)
def test_a_day_of_contacts_finished_is_the_published_one(day, name):
    rows = day[day["scenario"] == name]
    found = transient.evolve(DAY_PER_H, STAFFINGS[name], **DAY)
    for column, values in (
        ("p_all_busy_finish_call", found.p_wait),
        ("p_abandon_finish_call", found.p_abandon),
    ):
        np.testing.assert_allclose(
            values[rows["interval"]], rows[column], rtol=0, atol=TRUTH_AVERAGES, err_msg=column
        )


@pytest.fixture(scope="module")
def sine(shared):
    return pd.read_csv(shared / "truth" / "transient_sine.csv")


def follow_the_sine(theta, step):
    """
    24 time units under 100 + 20 sin t, mu = 1, 105 agents; a unit is 100 s.

    A commutator-free Magnus step of fourth order: each half step has a constant
    rate, mixed from the rates at the two Gauss points of the whole step.
    """
    t, gauss = np.arange(0, 24, step), sqrt(3) / 6
    early, late = (100 + 20 * np.sin(t + step * (0.5 + side * gauss)) for side in (-1, 1))
    less, more = (3 - 2 * sqrt(3)) / 6, (3 + 2 * sqrt(3)) / 6
    rates = np.stack([more * early + less * late, less * early + more * late], axis=1).ravel()
    return transient.evolve(rates * 36, np.full(len(rates), 105), 100, 100 / theta, step * 50)


@pytest.mark.parametrize(("name", "theta"), [("mu", 1.0), ("mu/2", 0.5), ("2mu", 2.0)])
def test_a_sine_is_followed_as_published(sine, name, theta):
    rows = sine[sine["scenario"] == f"sine, n=105, theta={name}"]
    found = follow_the_sine(theta, 0.02)
    at = np.rint(rows["t"] / 0.01).astype(int) - 1
    busy = found.end_in_system[at] - found.end_queue[at]
    np.testing.assert_allclose(found.end_p_wait[at], rows["p_all_busy"], rtol=0, atol=1e-8)
    np.testing.assert_allclose(busy / 105, rows["occupancy"], rtol=0, atol=1e-8)
    np.testing.assert_allclose(found.end_queue[at], rows["mean_queue"], rtol=0, atol=1e-8)


def test_patience_like_handle_times_leaves_a_poisson_number_whatever_the_staff():
    """theta = mu: every contact leaves at rate mu, waiting or served."""
    rates = np.array([300.0, 900.0, 1500.0, 100.0, 0.0, 700.0])
    found = transient.evolve(rates, [20, 80, 60, 70, 3, 0], 300, 300, 900, end_of_shift="hand_back")
    load = 0.0
    for t, rate in enumerate(rates):
        load = rate / 12 + (load - rate / 12) * np.exp(-3.0)
        assert found.end_in_system[t] == pytest.approx(load, rel=1e-12)
    final = found.final[0]
    law = poisson.pmf(final.low + np.arange(len(final.law)), load)
    np.testing.assert_allclose(final.law, law, rtol=0, atol=1e-14)


def pair_chain(staff, rate, mu, theta, busiest, longest):
    """Generator of (busy, waiting), transposed: who is too many takes nobody."""
    number = np.arange((busiest + 1) * (longest + 1)).reshape(busiest + 1, longest + 1)
    moves = lil_array((number.size, number.size))

    def move(b, w, to_b, to_w, speed):
        if to_b <= busiest and to_w <= longest and speed > 0:
            moves[number[to_b, to_w], number[b, w]] += speed
            moves[number[b, w], number[b, w]] -= speed

    for b, w in np.ndindex(number.shape):
        if b < staff and w:
            continue  # an idle agent takes who waits
        move(b, w, b + (b < staff), w + (b >= staff), rate)
        takes = w > 0 and b <= staff
        move(b, w, b if takes else b - 1, w - 1 if takes else w, b * mu)
        move(b, w, b, w - 1, w * theta)
    return csr_array(moves)


def follow_the_pair(rates, staff, aht, patience, interval, busiest=14, longest=45):
    """Twin by matrix exponentials on (busy, waiting): P(all busy) and mean queue over time."""
    law, shares, queues = np.zeros((busiest + 1, longest + 1)), [], []
    law[0, 0] = 1.0
    for rate, n in zip(rates, staff, strict=True):
        moved = np.zeros_like(law)
        for b, w in np.ndindex(law.shape):
            taken = min(w, max(0, n - b))
            moved[b + taken, w - taken] += law[b, w]
        chain = pair_chain(n, rate / 3600, 1 / aht, 1 / patience, busiest, longest)
        size = law.size
        both = csr_array(bmat([[chain, None], [np.eye(size) / interval, None]], "csr"))
        both.resize((2 * size, 2 * size))
        flow = expm_multiply(both * interval, np.append(moved.ravel(), np.zeros(size)))
        law, mean = flow[:size].reshape(law.shape), flow[size:].reshape(law.shape)
        shares.append(mean[n:].sum())
        queues.append(mean.sum(axis=0) @ np.arange(longest + 1))
    return np.array(shares), np.array(queues)


def test_agents_who_finish_are_the_chain_of_busy_and_waiting():
    """Drops before the last have died out, a drop to nobody, and a rise in between."""
    rates, staff = [200.0, 150, 150, 90, 40, 20, 60], [12, 9, 5, 6, 2, 0, 3]
    found = transient.evolve(rates, staff, 300, 120, 300)
    shares, queues = follow_the_pair(rates, staff, 300, 120, 300)
    np.testing.assert_allclose(found.p_wait, shares, rtol=0, atol=1e-10)
    np.testing.assert_allclose(found.mean_queue, queues, rtol=0, atol=1e-9)


def measures_of(found):
    return [found.p_wait, found.mean_queue, found.end_in_system, found.finishing, found.occupancy]


@pytest.mark.parametrize("rule", ["finish", "hand_back"])
@pytest.mark.parametrize("patience", [60.0, np.inf])
def test_half_the_step_gives_the_same_day(rule, patience):
    """R3: halving the step changes less than 1e-6, here nothing that can be told."""
    options = {"end_of_shift": rule, "answer_within_s": 20}
    staff = np.array([8.5, 14, 20.25, 22, 0, 20, 15.5, 9, 6, 4])
    whole = transient.evolve(DAY_PER_H, staff, 300, patience, 900, **options)
    halves = transient.evolve(
        np.repeat(DAY_PER_H, 2), np.repeat(staff, 2), 300, patience, 450, **options
    )
    for one, two in zip(measures_of(whole)[:4], measures_of(halves)[:4], strict=True):
        mean = two[1::2] if one is whole.end_in_system else two.reshape(-1, 2).mean(axis=1)
        np.testing.assert_allclose(mean, one, rtol=0, atol=1e-10)
    level = halves.service_level.reshape(-1, 2).mean(axis=1)
    np.testing.assert_allclose(level, whole.service_level, rtol=0, atol=1e-10)


@pytest.mark.parametrize("staff", [0, 3, 12])
@pytest.mark.parametrize("patience", [2.0, 120.0])
def test_a_long_constant_day_ends_in_the_steady_state(staff, patience):
    found = transient.evolve(np.full(8, 120.0), staff, 300, patience, 3600, answer_within_s=15)
    steady = erlang_a.steady_state(staff, 120, 300, patience, answer_within_s=15)
    for name, other in (("p_wait", "p_wait"), ("service_level", "sl_offered")):
        assert getattr(found, name)[-1] == pytest.approx(getattr(steady, other), abs=1e-10)
    assert found.p_abandon[-1] == pytest.approx(steady.p_abandon, abs=1e-10)
    assert found.mean_wait_all_s[-1] == pytest.approx(steady.mean_wait_all_s, rel=1e-9)
    np.testing.assert_allclose(found.occupancy[-1], steady.occupancy, rtol=1e-9)


def test_endless_patience_ends_in_erlang_c():
    found = transient.evolve(np.full(30, 120.0), 12, 300, np.inf, 3600, answer_within_s=20)
    steady = erlang_a.steady_state(12, 120, 300, np.inf)
    assert found.p_wait[-1] == pytest.approx(steady.p_wait, abs=1e-9)
    assert found.service_level[-1] == pytest.approx(steady.sl_offered, abs=1e-9)
    assert (found.abandoned == 0).all()


def test_a_queue_that_nobody_leaves_grows_by_what_is_not_served():
    found = transient.evolve(np.full(6, 480.0), 20, 300, np.inf, 3600)
    growth = np.diff(found.end_in_system)
    np.testing.assert_allclose(growth[1:], 480 - 240, rtol=1e-4)


@settings(max_examples=40)
@given(
    rates=st.lists(st.floats(0, 400), min_size=5, max_size=5),
    staff=st.lists(st.floats(0, 30), min_size=5, max_size=5),
    patience=st.floats(5, 2000),
    rule=st.sampled_from(["finish", "hand_back"]),
)
@example(rates=[27.0, 0, 0, 0, 0], staff=[0, 5e-324, 0, 0, 0], patience=1722.0, rule="finish")
def test_contacts_are_conserved(rates, staff, patience, rule):
    """What came is served, hung up, or still there; no probability is lost."""
    found = transient.evolve(rates, staff, 240, patience, 900, end_of_shift=rule)
    busy = np.where(np.isnan(found.occupancy), 0.0, found.occupancy) * (staff + found.finishing)
    came = np.array(rates) / 4
    gone = busy * 900 / 240 + found.abandoned
    there = np.diff(found.end_in_system, prepend=0.0)
    np.testing.assert_allclose(came - gone, there, rtol=0, atol=1e-8)
    final = found.final[0]
    assert final.law.sum() + final.overrun.sum() == pytest.approx(1, abs=1e-10)
    assert ((found.p_wait >= 0) & (found.p_wait <= 1 + 1e-12)).all()
    assert (found.finishing >= 0).all()
    assert rule == "finish" or (found.finishing == 0).all()


@given(
    staff=st.lists(st.integers(0, 20), min_size=4, max_size=4),
    at=st.integers(0, 3),
    rule=st.sampled_from(["finish", "hand_back"]),
)
def test_one_more_head_never_loses_more_contacts(staff, at, rule):
    rates = [150.0, 220.0, 60.0, 100.0]
    more = np.array(staff, dtype=float)
    more[at] += 1
    few, many = (
        transient.evolve(rates, n, 300, 120, 900, end_of_shift=rule).abandoned.sum()
        for n in (staff, more)
    )
    assert many <= few + 1e-9


@given(staff=st.integers(1, 15), down=st.floats(0, 6), part=st.floats(0, 1))
def test_a_part_of_an_agent_lies_between_none_and_one(staff, down, part):
    rates = [140.0, 120.0, 90.0]

    def lost(n):
        plan = [n, max(n - down, 0.0), n]
        return transient.evolve(rates, plan, 300, 120, 900).abandoned.sum()

    assert lost(staff + 1) - 1e-9 <= lost(staff + part) <= lost(staff) + 1e-9


@pytest.mark.parametrize("whole", [4, 5, 8])
def test_staff_a_hair_apart_give_results_a_hair_apart(whole):
    """Neither the staff after a drop nor those before it make a jump at whole numbers."""
    plans = [[8 + a, whole + b, whole + c] for a, b, c in np.eye(3) * 1e-7] + [[8, whole, whole]]
    plans += [[8 - a, whole - b, whole - c] for a, b, c in np.eye(3) * 1e-7]
    queues = [transient.evolve([120.0, 90, 60], n, 300, 120, 900).mean_queue for n in plans]
    np.testing.assert_allclose(queues, np.tile(queues[3], (7, 1)), rtol=0, atol=1e-6)


def test_a_horizon_goes_on_where_another_ended():
    staff = np.array(STAFFINGS["short at peak"])
    whole = transient.evolve(DAY_PER_H, staff, **DAY)
    early = transient.evolve(DAY_PER_H[:7], staff[:7], **DAY)
    late = transient.evolve(DAY_PER_H[7:], staff[7:], **DAY, start=early.final)
    for name in ("p_wait", "mean_queue", "end_in_system", "finishing"):
        joined = np.append(getattr(early, name), getattr(late, name))
        np.testing.assert_allclose(joined, getattr(whole, name), rtol=0, atol=1e-13)


def test_channels_are_queues_of_their_own():
    staff = np.array([STAFFINGS["flat"], STAFFINGS["short at peak"]])
    both = transient.evolve(DAY_PER_H, staff, [[300], [200]], 120, 900, answer_within_s=30)
    alone = transient.evolve(DAY_PER_H, staff[1], 200, 120, 900, answer_within_s=30)
    assert both.p_wait.shape == (2, 10)
    assert len(both.final) == 2
    for name in ("p_wait", "service_level", "end_queue", "abandoned"):
        np.testing.assert_array_equal(getattr(both, name)[1], getattr(alone, name))


def test_no_interval_is_no_queue():
    nothing = transient.evolve(np.zeros((2, 0)), np.zeros((2, 0)), 300, 120, 900)
    assert nothing.p_wait.shape == (2, 0)
    assert [state.law.tolist() for state in nothing.final] == [[1.0], [1.0]]


def test_nobody_calling_and_nobody_serving_have_their_conventions():
    found = transient.evolve([0, 60, 0], [3, 0, 0], 300, 120, 900, answer_within_s=20)
    assert found.service_level.tolist() == [1.0, 0.0, 1.0]
    assert found.p_abandon[0] == found.p_abandon[2] == 0
    assert found.occupancy[0] == 0
    assert np.isnan(found.occupancy[1])
    assert found.p_wait.tolist() == pytest.approx([0, 1, 1])
    assert found.abandoned.sum() + found.end_in_system[-1] == pytest.approx(15)


def test_without_a_time_there_is_no_service_level():
    assert np.isnan(transient.evolve([60.0], [6], 300, 120, 900).service_level).all()


@pytest.mark.parametrize("rule", ["finish", "hand_back"])
def test_the_change_by_one_more_head_is_the_difference_of_two_days(rule):
    staff = np.array(STAFFINGS["short at peak"], dtype=float)
    found = transient.carry_over(DAY_PER_H, staff, **DAY, reach=4, end_of_shift=rule)
    base = transient.evolve(DAY_PER_H, staff, **DAY, end_of_shift=rule)
    np.testing.assert_allclose(found.abandoned, base.abandoned, rtol=1e-12)
    np.testing.assert_allclose(found.waiting_s, base.waiting_s, rtol=1e-12)
    for u in (0, 3, 5, 9):
        more = staff + (np.arange(10) == u)
        change = transient.evolve(DAY_PER_H, more, **DAY, end_of_shift=rule)
        lost = np.append(change.abandoned - base.abandoned, np.zeros(4))[u : u + 4]
        waited = np.append(change.waiting_s - base.waiting_s, np.zeros(4))[u : u + 4]
        np.testing.assert_allclose(found.abandoned_change[u], lost, rtol=0, atol=1e-11)
        np.testing.assert_allclose(found.waiting_change_s[u], waited, rtol=0, atol=1e-9)


def test_a_tenth_of_a_head_changes_a_tenth():
    one = transient.carry_over([60.0, 90], [[4, 5], [6, 6]], 300, [[90], [60]], 900, head=1e-3)
    two = transient.carry_over([60.0, 90], [[4, 5], [6, 6]], 300, [[90], [60]], 900, head=1e-4)
    assert one.abandoned_change.shape == (2, 2, 3)
    np.testing.assert_allclose(one.abandoned_change, two.abandoned_change, rtol=1e-2, atol=1e-8)


def test_a_reach_beyond_the_horizon_changes_nothing_there():
    found = transient.carry_over([60.0, 90], [4, 5], 300, 90, 900, reach=5)
    assert (found.abandoned_change[0, 2:] == 0).all()
    assert (found.abandoned_change[1, 1:] == 0).all()
    assert (found.abandoned_change[:, 0] < 0).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"staff": [3, -1]}, r"staff\[1\] = -1 is not a number of agents"),
        ({"aht_s": 0}, r"aht_s\[0\] = 0 is not a mean handle time"),
        ({"patience_s": [60, 0]}, r"patience_s\[1\] = 0 is below a second: use 1"),
        ({"arrivals_per_h": [np.nan, 1]}, r"arrivals_per_h\[0\] = nan is not a number"),
        ({"interval_s": 0}, r"interval_s = 0 is not a length of time"),
        ({"end_of_shift": "drop"}, r"end_of_shift = 'drop' is no rule"),
        ({"start": []}, r"start has 0 states for 1 channels"),
        ({"arrivals_per_h": 5, "staff": 1}, r"have no interval: give a value per interval"),
    ],
)
def test_a_bad_input_is_named(change, message):
    good = {"arrivals_per_h": [5, 6], "staff": [1, 2], "aht_s": 300, "patience_s": 60}
    with pytest.raises(InputError, match=message):
        transient.evolve(**{**good, "interval_s": 900, **change})


@pytest.mark.parametrize("change", [{"reach": 0}, {"head": 0.0}])
def test_a_change_without_reach_or_head_is_refused(change):
    with pytest.raises(InputError, match=r"Use reach=3 and head=1"):
        transient.carry_over([5, 6], [1, 2], 300, 60, 900, **change)
