"""Tests for wfplan.queueing.repeats."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.errors import InputError
from wfplan.queueing import erlang_a, repeats
from wfplan.queueing.repeats import fresh_demand, with_repeats

REDIAL = np.array([[0.5, 0.2], [0.1, 0.4]])  # voice, chat
RECONTACT = np.array([[0.1, 0.05], [0.3, 0.1]])


def by_plain_iteration(fresh, staff, aht, patience, redial, recontact) -> np.ndarray:
    """The smallest fixed point, undamped and slow, from the fresh contacts upwards."""
    total = np.asarray(fresh, dtype=float)
    for _ in range(20_000):
        lost = total * erlang_a.steady_state(staff, total, aht, patience).p_abandon
        after = fresh + lost @ redial + (total - lost) @ recontact
        if np.allclose(after, total, rtol=1e-14, atol=0):
            break
        total = after
    return total


def test_every_row_of_the_exact_table_is_reproduced(shared):
    rows = pd.read_csv(shared / "truth" / "redial.csv")
    for row in rows.itertuples():
        found = with_repeats(
            row.fresh_per_hour, row.staff, row.aht_s, row.mean_patience_s,
            row.redial_prob_after_abandon, row.recontact_prob_after_service,
        )  # fmt: skip
        for value, column in (
            (found.total_per_h, "total_per_hour"),
            (found.amplification, "amplification"),
            (found.queue.p_abandon, "p_abandon"),
            (found.queue.p_wait, "p_wait"),
            (found.queue.sl_offered, "sl_offered"),
            (found.queue.occupancy, "occupancy"),
            (found.lost_customers_per_fresh_call, "lost_customers_per_fresh_call"),
        ):
            assert value == pytest.approx(getattr(row, column), rel=1e-10), (column, row)


def test_without_repeats_the_total_is_the_fresh_contacts():
    found = with_repeats([[200.0, 50.0]], 12, 180, 120, np.zeros((2, 2)), np.zeros((2, 2)))
    assert found.total_per_h.tolist() == [[200, 50]]
    assert found.amplification.tolist() == [1]


def test_enough_staff_leave_only_the_recontacts_a_geometric_series():
    found = with_repeats(100.0, 500, 180, 120, 0.9, 0.25)
    assert found.total_per_h == pytest.approx(100 / 0.75)


def test_nobody_on_duty_leaves_only_the_redials_a_geometric_series():
    found = with_repeats(100.0, 0, 180, 120, 0.5, 0.9)
    assert found.total_per_h == pytest.approx(200)
    assert found.lost_per_h == pytest.approx(100)


@settings(max_examples=40)
@given(
    fresh=st.tuples(st.floats(0, 600), st.floats(0, 600)),
    staff=st.tuples(st.floats(0, 40), st.floats(0, 40)),
    redial=st.lists(st.floats(0, 0.45), min_size=4, max_size=4),
    recontact=st.lists(st.floats(0, 0.45), min_size=4, max_size=4),
)
def test_the_lengthened_steps_reach_the_fixed_point_of_the_plain_ones(
    fresh, staff, redial, recontact
):
    again, unsettled = np.reshape(redial, (2, 2)), np.reshape(recontact, (2, 2))
    arguments = (np.array(fresh), np.array(staff), [180.0, 400.0], [60.0, 300.0])
    slow = by_plain_iteration(*arguments, again, unsettled)
    found = with_repeats(*arguments, again, unsettled)
    np.testing.assert_allclose(found.total_per_h, slow, rtol=1e-10, atol=1e-12)


@given(fresh=st.floats(0.1, 900), staff=st.floats(0, 40), patience=st.floats(1, 2000))
def test_what_comes_is_fresh_or_a_repeat_and_every_fresh_contact_ends(fresh, staff, patience):
    found = with_repeats(fresh, staff, 180, patience, 0.6, 0.2)
    parts = fresh + found.redials_per_h + found.recontacts_per_h
    assert found.total_per_h == pytest.approx(parts, rel=1e-10)
    settled = 0.8 * found.total_per_h * (1 - found.queue.p_abandon)
    assert found.lost_per_h + settled == pytest.approx(fresh, rel=1e-9)


@given(fresh=st.floats(1, 900), staff=st.floats(0.5, 40), more=st.floats(0.1, 5))
def test_more_staff_never_amplify_more_while_the_lost_come_back_more_than_the_served(
    fresh, staff, more
):
    few, many = with_repeats(fresh, [staff, staff + more], 180, 120, 0.7, 0.2).total_per_h
    assert many <= few * (1 + 1e-10)


def test_every_interval_is_solved_on_its_own():
    fresh = np.random.default_rng(1).uniform(0, 800, (30, 2))  # (interval, channel)
    staff = np.array([12.0, 30.0])
    all_at_once = with_repeats(fresh, staff, 180, [120.0, 600.0], REDIAL, RECONTACT)
    for row, total, growth in zip(
        fresh, all_at_once.total_per_h, all_at_once.amplification, strict=True
    ):
        alone = with_repeats(row, staff, 180, [120.0, 600.0], REDIAL, RECONTACT)
        np.testing.assert_allclose(alone.total_per_h, total, rtol=1e-11)
        assert alone.amplification == pytest.approx(growth)


def test_of_two_fixed_points_the_smallest_is_found():
    """A lost contact comes back 1.5 times: beyond a point of no return there is no end."""
    arguments = (200.0, 16.0, 180.0, 120.0, 1.5, 0.1)
    found = with_repeats(*arguments)
    slow = by_plain_iteration(np.array([200.0]), 16, 180, 120, [[1.5]], [[0.1]])
    assert found.total_per_h == pytest.approx(float(slow[0]), rel=1e-10)
    larger = np.linspace(float(found.total_per_h) * 1.01, 3000, 4000)
    p_abandon = erlang_a.steady_state(16, larger, 180, 120).p_abandon
    gap = 200 + larger * (1.5 * p_abandon + 0.1 * (1 - p_abandon)) - larger
    assert gap[0] < 0 < gap[-1]


def test_nobody_calling_makes_no_repeats():
    found = with_repeats([[0.0, 0.0]], 3, 180, 120, REDIAL, RECONTACT)
    assert found.total_per_h.tolist() == [[0, 0]]
    assert np.isnan(found.amplification).all()


def test_redials_without_end_are_refused_with_their_channel_and_interval():
    fresh = [[10.0, 10.0], [300.0, 10.0]]
    redial = [[1.2, 0.0], [0.0, 0.5]]
    message = (
        r"fresh_per_h\[1\] has no end of redials on channel 'voice': lost contacts come back "
        r"faster than the staff .* times the fresh contacts and still growing\. Add staff there"
        r".*\(1 of 2 intervals\)"
    )
    with pytest.raises(InputError, match=message):
        with_repeats(fresh, 8, 180, 120, redial, np.zeros((2, 2)), channels=("voice", "chat"))


def test_answers_that_bring_on_as_many_again_are_refused_with_their_channels():
    recontact = [[0.2, 0.0, 0.5], [0.0, 0.3, 0.0], [1.6, 0.0, 0.0]]  # voice and mail in a circle
    message = (
        r"recontact among channels 'voice', 'mail' multiplies by 1 per answer"  # r r = .2 r + .8
    )
    with pytest.raises(InputError, match=message):
        with_repeats(
            [100.0] * 3, 50, 180, 120, np.zeros((3, 3)), recontact,
            channels=("voice", "chat", "mail"),
        )  # fmt: skip


def test_what_has_not_settled_after_all_rounds_is_refused_and_not_returned(monkeypatch):
    monkeypatch.setattr(repeats, "_ROUNDS", 2)
    with pytest.raises(InputError, match=r"fresh_per_h\[0\] has no end of redials .* \(2 of 2"):
        with_repeats([200.0, 300.0], 10, 180, 120, 0.8, 0.2)


@given(fresh=st.floats(0, 900), staff=st.floats(0, 40))
def test_the_inverse_finds_the_fresh_contacts_again(fresh, staff):
    found = with_repeats([fresh, fresh / 2], staff, 180, 120, REDIAL, RECONTACT)
    back = fresh_demand(found.total_per_h, found.queue.p_abandon, REDIAL, RECONTACT)
    np.testing.assert_allclose(back, [fresh, fresh / 2], rtol=1e-9, atol=1e-9)


def test_the_inverse_of_one_channel_is_the_formula():
    """234.25 contacts an hour with 11.55 % lost were 200 fresh ones."""
    found = fresh_demand([234.248582553], [0.115515365983], 0.5, 0.1)
    assert found == pytest.approx([200.0], rel=1e-9)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: with_repeats(1, 1, 1, 1, -0.1, 0), r"redial\[0, 0\] = -0\.1 is not a number of"),
        (lambda: with_repeats(1, 1, 1, 1, 0, np.nan), r"recontact\[0, 0\] = nan is not a number"),
        (lambda: with_repeats([1, 2], 1, 1, 1, [[0.1, 0.2]], 0.1), r"\(1, 2\) is not a square"),
        (lambda: with_repeats([1, 2, 3], 1, 1, 1, REDIAL, 0), r"contacts of 3 channels do not go"),
        (
            lambda: with_repeats([1, 2], 1, 1, 1, REDIAL, 0, channels=("voice",)),
            r"channels = \['voice'\] are 1 names for redial and recontact of 2",
        ),
        (lambda: with_repeats(-1, 1, 1, 1, 0, 0), r"fresh_per_h = -1 is not a number >= 0"),
        (lambda: fresh_demand(10, 1.5, 0.1, 0.1), r"abandon_share\[0\] = 1\.5 is above 1"),
        (
            lambda: fresh_demand([100.0, 1.0], [0.0, 0.0], 0 * REDIAL, RECONTACT),
            r"total_per_h\[1\] = 1 is less than the redials and recontacts",
        ),
    ],
)
def test_a_bad_input_is_named(call, message):
    with pytest.raises(InputError, match=message):
        call()
