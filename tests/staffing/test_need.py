"""Tests for wfplan.staffing.need, realtime and deferrable: harm curves and floors."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.domain.channels import Channel
from wfplan.domain.problem import Empowered, Shrinkage
from wfplan.queueing import chat, erlang_a
from wfplan.staffing import staff_need
from wfplan.staffing.uncertainty import rate_quantile

HOURS = ["mon-fri 08:00-18:00"]
PRESENT = Shrinkage(absence_share=0, unplanned_share=0)
VOICE = Channel(name="voice", open=HOURS)
CHAT = Channel(name="chat", open=HOURS, concurrency_rates=(1.0, 1.6, 1.95))
EMAIL = Channel(name="email", open=HOURS, kind="deferred", due_h=8)
NOON = 24  # Monday 12:00
NIGHT = 2


def assert_falls_and_bends_up(harm):
    steps = np.diff(harm, axis=-1)
    scale = 1e-9 * (1 + harm[..., :1])
    assert (steps <= scale).all()
    assert (np.diff(steps, axis=-1) >= -scale).all()
    assert (harm >= 0).all()


def test_harm_is_waiting_and_hanging_up_of_erlang_a_where_nothing_is_uncertain(
    problem_of, demand_of
):
    problem = problem_of(VOICE, shrinkage=PRESENT)
    need = staff_need(problem, demand_of(problem, 60.0, rate_cv=0.0))
    j = np.arange(need.harm.shape[2])
    plain = erlang_a.steady_state(j, 120, 300, 120)
    expected = 60 * (1.0 * plain.mean_wait_all_s / 60 + 5.0 * plain.p_abandon)
    np.testing.assert_allclose(need.harm[0, NOON], expected, rtol=1e-6, atol=1e-8)


def test_harm_of_chats_is_that_of_their_chain(problem_of, demand_of):
    problem = problem_of(CHAT, shrinkage=PRESENT)
    need = staff_need(problem, demand_of(problem, 60.0, rate_cv=0.0))
    j = np.arange(need.harm.shape[2])
    plain = chat.steady_state(j, 120, 300, 120, concurrency_rates=CHAT.concurrency_rates).queue
    expected = 60 * (plain.mean_wait_all_s / 60 + 5.0 * plain.p_abandon)
    np.testing.assert_allclose(need.harm[0, NOON], expected, rtol=2e-3, atol=1e-4)


@settings(max_examples=25)
@given(
    offered=st.floats(0.01, 200),
    cv=st.floats(0, 0.5),
    absence=st.floats(0, 0.3),
    patience=st.floats(10, 2000),
)
def test_curves_fall_and_bend_up_whatever_the_demand(
    problem_of, demand_of, offered, cv, absence, patience
):
    problem = problem_of(
        VOICE, CHAT, EMAIL, shrinkage=Shrinkage(absence_share=absence, unplanned_share=0.02)
    )
    demand = demand_of(problem, offered, rate_cv=cv, patience_s=patience, days=1)
    need = staff_need(problem, demand)
    assert_falls_and_bends_up(need.harm)
    assert (need.harm[..., -2] - need.harm[..., -1] <= 1e-3).all()
    assert need.harm.shape[2] > need.staff_required.max()


def test_nothing_asked_is_nothing_harmed_and_nobody_required(problem_of, demand_of):
    problem = problem_of(VOICE, CHAT, EMAIL)
    need = staff_need(problem, demand_of(problem, 0.0))
    assert not need.harm.any()
    assert not need.staff_required.any()
    assert (need.binding == "none").all()


def test_a_closed_interval_harms_nobody(problem_of, demand_of):
    problem = problem_of(VOICE, EMAIL)
    need = staff_need(problem, demand_of(problem, 30.0))
    assert not need.harm[:, NIGHT].any()
    assert not need.staff_required[:, NIGHT].any()
    assert need.harm[:, NOON, 0].min() > 0


def test_nobody_on_duty_harms_every_contact_in_full(problem_of, demand_of):
    problem = problem_of(VOICE)
    need = staff_need(problem, demand_of(problem, 60.0))
    assert need.harm[0, NOON, 0] == pytest.approx(60 * (120 / 60 + 5))


def test_a_less_certain_rate_never_does_less_harm(problem_of, demand_of):
    problem = problem_of(VOICE)
    sure = staff_need(problem, demand_of(problem, 60.0, rate_cv=0.05)).harm[0, NOON]
    unsure = staff_need(problem, demand_of(problem, 60.0, rate_cv=0.25)).harm[0, NOON]
    assert (unsure[: len(sure)] >= sure - 1e-6 * sure[0]).all()


def test_absence_never_does_less_harm_at_equal_effective_staff(problem_of, demand_of):
    full = problem_of(VOICE, shrinkage=PRESENT)
    thin = problem_of(VOICE, shrinkage=Shrinkage(absence_share=0.2))
    one = staff_need(full, demand_of(full, 60.0)).harm[0, NOON]
    other = staff_need(thin, demand_of(thin, 60.0)).harm[0, NOON]
    assert (other[: len(one)] >= one - 1e-9 * one[0]).all()
    assert other[12] > 1.05 * one[12]


def test_an_interval_cut_in_two_keeps_its_harm(problem_of, demand_of):
    long, short = problem_of(VOICE), problem_of(VOICE, interval_min=15)
    whole = staff_need(long, demand_of(long, 60.0)).harm[0, NOON]
    half = staff_need(short, demand_of(short, 30.0)).harm[0, 2 * NOON]
    count = min(len(whole), len(half))
    np.testing.assert_allclose(2 * half[:count], whole[:count], rtol=1e-9, atol=1e-9)


def test_twice_the_demand_and_twice_the_staff_do_at_most_twice_the_harm(problem_of, demand_of):
    problem = problem_of(VOICE)
    one = staff_need(problem, demand_of(problem, 60.0)).harm[0, NOON]
    two = staff_need(problem, demand_of(problem, 120.0)).harm[0, NOON]
    half = two[::2]
    count = min(len(half), len(one))
    assert (half[:count] <= 2 * one[:count] + 1e-6 * one[0]).all()


def test_the_promise_holds_at_its_quantile_of_the_rate(problem_of, demand_of):
    problem = problem_of(VOICE)
    n = staff_need(problem, demand_of(problem, 60.0, rate_cv=0.2)).staff_promise[0, NOON]
    worst = 120 * float(rate_quantile(np.array(0.2), 0.80))
    reach, miss = erlang_a.steady_state([n, n - 1e-3], worst, 300, 120).sl_offered
    assert reach >= 0.80 > miss


def test_without_a_promise_the_service_level_holds_at_the_mean(problem_of, demand_of):
    problem = problem_of(VOICE.model_copy(update={"promise": None}))
    n = staff_need(problem, demand_of(problem, 60.0, rate_cv=0.2)).staff_promise[0, NOON]
    assert erlang_a.steady_state(n, 120, 300, 120).sl_offered == pytest.approx(0.80, abs=1e-9)


def test_the_occupancy_cap_holds_at_the_same_quantile(problem_of, demand_of):
    problem = problem_of(VOICE)
    n = staff_need(problem, demand_of(problem, 60.0, rate_cv=0.2)).staff_occupancy[0, NOON]
    worst = 120 * float(rate_quantile(np.array(0.2), 0.80))
    assert erlang_a.steady_state(n, worst, 300, 120).occupancy == pytest.approx(0.85, abs=1e-9)


def test_the_abandonment_cap_holds_on_average(problem_of, demand_of):
    problem = problem_of(VOICE, shrinkage=PRESENT)
    need = staff_need(problem, demand_of(problem, 60.0, rate_cv=0.2))
    n = need.staff_abandonment[0, NOON]
    lost = np.interp(n, np.arange(need.harm.shape[2]), need.harm[0, NOON]) / need.harm[0, NOON, 0]
    assert lost == pytest.approx(0.05, abs=1e-9)


@pytest.mark.parametrize("rates", [(1.0,), (1.0, 1.6, 1.95)])
def test_the_longest_wait_holds_at_the_quantile_of_the_rate(problem_of, demand_of, rates):
    slow = VOICE.model_copy(update={"answer_most_s": 60.0, "answer_most_share": 0.9,
                                    "concurrency_rates": rates})  # fmt: skip
    problem = problem_of(slow)
    n = staff_need(problem, demand_of(problem, 60.0, rate_cv=0.2)).staff_tail[0, NOON]
    worst = 120 * float(rate_quantile(np.array(0.2), 0.80))
    if rates == (1.0,):
        assert erlang_a.offered_wait_quantile_s(0.9, n, worst, 300, 120) == pytest.approx(60)
    else:
        around = [np.floor(n), np.ceil(n)]
        queue = chat.steady_state(
            around, worst, 300, 120, answer_within_s=60, concurrency_rates=rates
        ).queue
        patient = queue.p_wait_beyond * np.exp(60 / 120)
        assert np.interp(n, around, patient) == pytest.approx(0.1, rel=1e-6)


def test_the_interval_after_a_steep_fall_still_sees_the_work_in_hand(problem_of, demand_of):
    problem = problem_of(VOICE)
    calls = np.zeros(336)
    calls[16:26], calls[26:36] = 200.0, 20.0
    need = staff_need(problem, demand_of(problem, calls, aht_s=600))
    floors = need.staff_required[0]
    assert floors[16] < floors[20]  # opening: nobody is being served yet
    assert floors[26] > 1.5 * floors[30]
    assert floors[36] == 0
    assert need.harm[0, 26, 0] == pytest.approx(need.harm[0, 30, 0])  # nobody there: all are lost
    np.testing.assert_allclose(need.load_erlangs[0, 26], 20 * 600 / 1800)


def test_floors_of_none_are_not_asked_for(problem_of, demand_of):
    free = VOICE.model_copy(update={"occupancy_max": None, "abandon_share_max": None})
    need = staff_need(problem_of(free), demand_of(problem_of(free), 60.0))
    assert not need.staff_occupancy.any()
    assert not need.staff_abandonment.any()
    assert not need.staff_tail.any()
    assert need.binding[0, NOON] == "promise"


@pytest.mark.parametrize(
    ("changes", "binding"),
    [
        ({"occupancy_max": 0.5}, "occupancy"),
        ({"occupancy_max": 0.99, "answer_share": 0.98}, "promise"),
        ({"occupancy_max": 0.99, "answer_share": 0.1, "abandon_share_max": 0.001}, "abandonment"),
        (
            {"occupancy_max": 0.99, "answer_share": 0.1, "answer_most_s": 2.0},
            "answer_tail",
        ),
        ({"staff_min": 60}, "staff_min"),
    ],
)
def test_the_largest_floor_binds_and_is_named(problem_of, demand_of, changes, binding):
    problem = problem_of(VOICE.model_copy(update=changes))
    need = staff_need(problem, demand_of(problem, 60.0))
    assert need.binding[0, NOON] == binding
    floors = [need.staff_promise, need.staff_occupancy, need.staff_abandonment, need.staff_tail]
    heads = need.staff_min * need.presence_share
    np.testing.assert_allclose(need.staff_required, np.maximum(np.max(floors, axis=0), heads))


def test_minimum_staff_are_heads_in_open_intervals(problem_of, demand_of):
    problem = problem_of(VOICE.model_copy(update={"staff_min": 3}))
    need = staff_need(problem, demand_of(problem, 0.0))
    assert need.staff_min[0, NOON] == 3
    assert need.staff_min[0, NIGHT] == 0
    assert need.staff_required[0, NOON] == pytest.approx(3 * need.presence_share)


def test_deferred_work_of_night_and_weekend_is_done_in_opening_hours(problem_of, demand_of):
    problem = problem_of(EMAIL)
    demand = demand_of(problem, 10.0)
    need = staff_need(problem, demand)
    is_open = demand.is_open[0]
    assert need.volume.sum() == pytest.approx(demand.offered_mean.sum(), rel=1e-9)
    assert (need.volume[0][~is_open] == 0).all()
    assert (need.load_erlangs[0][is_open] > 10 * 300 / 1800).all()
    assert need.volume[0, 16:36].sum() > need.volume[0, 64:84].sum()  # Monday against Tuesday


@pytest.mark.parametrize("seed", range(5))
def test_what_sums_leave_of_no_work_is_no_work(problem_of, demand_of, seed):
    problem = problem_of(EMAIL.model_copy(update={"due_h": 1.0}))
    offered = np.random.default_rng(seed).gamma(0.1, 30.0, (1, 336))

    volume = staff_need(problem, demand_of(problem, offered)).volume
    assert (volume[volume > 0] > 1e-9 * volume.max()).all()
    assert volume.sum() == pytest.approx(offered.sum())


def test_the_due_floor_finishes_the_share_at_the_quantile_of_the_window(problem_of, demand_of):
    problem = problem_of(EMAIL)
    need = staff_need(problem, demand_of(problem, 10.0, rate_cv=0.3, day_share=1.0))
    ratio = need.staff_due[0, NOON] / need.load_erlangs[0, NOON]
    assert 0.95 * 1.1 < ratio < 0.95 * 1.4
    assert need.binding[0, NOON] == "due"
    certain = problem_of(EMAIL.model_copy(update={"promise": None}))
    plain = staff_need(certain, demand_of(certain, 10.0, rate_cv=0.3))
    assert plain.staff_due[0, NOON] == pytest.approx(0.95 * plain.load_erlangs[0, NOON])


def test_one_missing_person_puts_off_what_she_would_have_done(problem_of, demand_of):
    problem = problem_of(EMAIL, shrinkage=PRESENT)
    need = staff_need(problem, demand_of(problem, 30.0, rate_cv=0.0))
    first = need.harm[0, NOON, 0] - need.harm[0, NOON, 1]
    assert first == pytest.approx(3.0 * 1800 / 300, rel=1e-6)
    assert need.harm[0, NOON, 0] == pytest.approx(3.0 * need.volume[0, NOON], rel=1e-9)


def test_empowered_people_are_wanted_where_a_realtime_channel_is_open(problem_of, demand_of):
    """Six incidents an hour of 20 minutes, at most one in twenty finds all busy: five people."""
    empowered = Empowered(share_of_contacts=0.05, handle_min=20, answer_share=0.95, staff_min=1)
    problem = problem_of(VOICE, empowered=empowered)
    need = staff_need(problem, demand_of(problem, 60.0))
    assert need.empowered_min[NOON] == 5
    assert need.empowered_min[NIGHT] == 0
    quiet = staff_need(problem, demand_of(problem, 0.0))
    assert quiet.empowered_min[NOON] == 1


def test_a_plan_of_mail_only_wants_no_empowered_people(problem_of, demand_of):
    problem = problem_of(EMAIL, empowered=Empowered(staff_min=2))
    assert not staff_need(problem, demand_of(problem, 10.0)).empowered_min.any()


def test_a_realtime_channel_of_endless_patience_still_has_finite_harm(problem_of, demand_of):
    problem = problem_of(VOICE)
    need = staff_need(problem, demand_of(problem, 20.0, patience_s=np.inf, days=1))
    assert np.isfinite(need.harm).all()
    assert_falls_and_bends_up(need.harm)


def test_results_cannot_be_written_to(problem_of, demand_of):
    need = staff_need(problem_of(VOICE), demand_of(problem_of(VOICE), 20.0))
    with pytest.raises(ValueError, match="read-only"):
        need.harm[0, 0, 0] = 1


def test_whoever_watches_is_told_of_every_channel(problem_of, demand_of):
    problem, seen = problem_of(VOICE, EMAIL), []
    staff_need(problem, demand_of(problem, 20.0), watch=lambda stage, f: seen.append((stage, f)))
    assert [f["done"] for _, f in seen] == [1, 2]
    assert all(f["convexity_gap"] < 1e-3 for _, f in seen)


def test_order_of_channels_changes_nothing_but_the_order(problem_of, demand_of):
    one, other = problem_of(VOICE, EMAIL), problem_of(EMAIL, VOICE)
    a, b = staff_need(one, demand_of(one, 20.0)), staff_need(other, demand_of(other, 20.0))
    np.testing.assert_array_equal(a.harm, b.harm[::-1])
    np.testing.assert_array_equal(a.staff_required, b.staff_required[::-1])
