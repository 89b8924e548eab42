"""Tests for wfplan.queueing.blending."""

from collections import deque
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.errors import InputError
from wfplan.queueing import blending, blending_chain, erlang_a
from wfplan.queueing.blending import Blended, back_capacity, least_reserve, steady_state
from wfplan.queueing.measures import QueueMeasures

TEXTBOOK = (14, 200.0, 180.0, 120.0)
BACK = {"back_aht_s": 300.0}

State = tuple[int, int, int]  # on contacts, on back-office work, waiting


def plain_moves(state: State, n: int, b: int, rates: dict[str, float]) -> list[tuple[State, float]]:
    """What can happen next, told as it happens on the floor."""

    def settled(i: int, k: int, q: int) -> State:
        if q and i + k < n:  # who becomes free takes who waits longest
            i, q = i + 1, q - 1
        while n - i - k > b:  # more idle than the reserve: back-office work is started
            k += 1
        return i, k, q

    i, k, q = state
    free = i + k < n
    moves = [(settled(i + 1, k, q) if free else (i, k, q + 1), rates["arrive"])]
    if i:
        moves.append((settled(i - 1, k, q), i * rates["serve"]))
    if k:
        moves.append((settled(i, k - 1, q), k * rates["finish"]))
    if q:
        moves.append(((i, k, q - 1), q * rates["hang_up"]))
    return moves


def brute_force(n: int, b: int, rates: dict[str, float], longest: int) -> dict[str, float]:
    """States found by walking, and one dense system of linear equations."""
    start = (0, max(n - b, 0), 0)
    states, todo = {start: 0}, deque([start])
    links = []
    while todo:
        state = todo.popleft()
        for after, rate in plain_moves(state, n, b, rates):
            if after[2] > longest:
                continue
            if after not in states:
                states[after] = len(states)
                todo.append(after)
            links.append((states[state], states[after], rate))
    generator = np.zeros((len(states), len(states)))
    for source, target, rate in links:
        generator[source, target] += rate
        generator[source, source] -= rate
    generator[:, 0] = 1.0
    law = np.linalg.solve(generator.T, np.eye(len(states))[0])
    i, k, q = np.array(list(states)).T
    return {
        "p_wait": law[i + k == n].sum(),
        "mean_queue": law @ q,
        "p_abandon": rates["hang_up"] * (law @ q) / rates["arrive"],
        "occupancy": law @ (i + k) / n,
        "back": rates["finish"] * 3600 * (law @ k),
        "contacts": law @ i,
    }


@pytest.mark.parametrize("reserve", [0, 1, 3, 6])
@pytest.mark.parametrize("load", [1.5, 5.0, 9.0])
def test_small_teams_match_a_chain_walked_state_by_state(reserve, load):
    rates = {"arrive": load / 180, "serve": 1 / 180, "finish": 1 / 420, "hang_up": 1 / 100}
    slow = brute_force(6, reserve, rates, longest=40)
    found = steady_state(6, load * 20, 180, 100, reserve=reserve, back_aht_s=420)
    for name in ("p_wait", "mean_queue", "p_abandon", "occupancy"):
        assert getattr(found.inbound, name) == pytest.approx(slow[name], rel=1e-9), name
    assert found.back_per_h == pytest.approx(slow["back"], rel=1e-9, abs=1e-9)
    assert found.inbound_staff == pytest.approx(slow["contacts"], rel=1e-9)


QUEUES = [TEXTBOOK, (8, 200, 180, 120), (50, 2880, 60, 120), (9, 170, 180, np.inf)]


def assert_is_erlang_a(found: Blended, queue: tuple[float, ...]) -> None:
    exact = erlang_a.steady_state(*queue)
    for field in fields(QueueMeasures):
        value = getattr(found.inbound, field.name)
        assert value == pytest.approx(float(getattr(exact, field.name)), rel=1e-9), field.name
    assert found.back_per_h == pytest.approx(0, abs=1e-9)
    assert found.inbound_staff == pytest.approx(queue[1] / 3600 * queue[2] * (1 - exact.p_abandon))


@pytest.mark.parametrize("queue", QUEUES)
def test_the_chain_with_the_whole_team_in_reserve_is_erlang_a(queue):
    team, within = blending._team(
        queue[0], queue[0], arrivals_per_h=queue[1], aht_s=queue[2], patience_s=queue[3],
        answer_within_s=20.0, **BACK,
    )  # fmt: skip
    law = blending_chain.stationary(team)
    assert_is_erlang_a(blending._blended(team, within, *law), queue)


@pytest.mark.parametrize("queue", [*QUEUES, (3000, 50_000, 200, 60)])
@pytest.mark.parametrize("more", [0, 5])
def test_a_reserve_of_the_whole_team_leaves_the_back_office_undone(queue, more):
    assert_is_erlang_a(steady_state(*queue, reserve=queue[0] + more, **BACK), queue)


@pytest.mark.parametrize("reserve", [0, 2, 7])
def test_work_of_equal_length_is_erlang_a_that_never_leaves_the_reserve(reserve):
    """Both kinds end at the same rate: only the number busy counts, and it stays above n - b."""
    n, rate, mu, theta = 10, 8 / 180, 1 / 180, 1 / 90
    busy = np.arange(n - reserve + 1, 300)
    deaths = np.minimum(busy, n) * mu + np.maximum(busy - n, 0) * theta
    law = np.concatenate(([1.0], np.cumprod(rate / deaths)))
    law /= law.sum()
    found = steady_state(n, rate * 3600, 180, 90, reserve=reserve, back_aht_s=180)
    assert found.inbound.p_wait == pytest.approx(law[reserve:].sum(), rel=1e-10)
    queue = np.arange(len(law) - reserve) @ law[reserve:]
    assert found.inbound.mean_queue == pytest.approx(queue, rel=1e-10)
    whole = erlang_a.steady_state(n, rate * 3600, 180, 90)
    share_late = (1 - whole.sl_offered - whole.p_abandon) / whole.p_wait  # given a wait
    late = 1 - found.inbound.sl_offered - found.inbound.p_abandon
    assert late / found.inbound.p_wait == pytest.approx(float(share_late), rel=1e-9)
    wait = whole.mean_wait_served_s * (1 - whole.p_abandon) / whole.p_wait
    found_wait = found.inbound.mean_wait_served_s * (1 - found.inbound.p_abandon)
    assert found_wait / found.inbound.p_wait == pytest.approx(float(wait), rel=1e-9)


def test_inbound_service_rises_and_back_office_work_falls_with_the_reserve():
    found = [steady_state(*TEXTBOOK, reserve=b, **BACK) for b in range(11)]
    assert (np.diff([f.inbound.sl_offered for f in found]) > 0).all()
    assert (np.diff([f.inbound.p_abandon for f in found]) < 0).all()
    assert (np.diff([f.back_per_h for f in found]) < 0).all()


@settings(max_examples=40)
@given(
    staff=st.integers(1, 25),
    load=st.floats(0.05, 40),
    patience=st.floats(5, 2000),
    reserve=st.integers(0, 30),
    back=st.floats(20, 3000),
    within=st.floats(0, 300),
)
def test_every_agent_and_every_contact_is_accounted_for(
    staff, load, patience, reserve, back, within
):
    found = steady_state(
        staff, load * 20, 180, patience,
        reserve=reserve, back_aht_s=back, answer_within_s=within,
    )  # fmt: skip
    m = found.inbound
    assert found.inbound_staff == pytest.approx(load * (1 - m.p_abandon), rel=1e-7, abs=1e-9)
    assert found.back_staff == pytest.approx(found.back_per_h * back / 3600, abs=1e-9)
    busy = found.inbound_staff + found.back_staff
    assert m.occupancy == pytest.approx(busy / staff, rel=1e-9)
    assert m.sl_offered + m.p_abandon <= 1 + 1e-9
    assert m.p_wait_beyond <= m.p_wait + 1e-12
    assert m.mean_queue == pytest.approx(load / 180 * m.mean_wait_all_s, rel=1e-9)


def test_the_time_of_the_service_level_runs_from_no_wait_to_all_who_are_served():
    at_once = steady_state(*TEXTBOOK, reserve=3, answer_within_s=0, **BACK).inbound
    ever = steady_state(*TEXTBOOK, reserve=3, answer_within_s=1e5, **BACK).inbound
    assert at_once.sl_offered == pytest.approx(1 - at_once.p_wait, rel=1e-12)
    assert at_once.p_wait_beyond == pytest.approx(at_once.p_wait, rel=1e-12)
    assert ever.sl_offered == pytest.approx(1 - ever.p_abandon, rel=1e-10)
    assert ever.p_wait_beyond == pytest.approx(0, abs=1e-15)


@pytest.mark.slow
def test_the_service_level_and_waits_agree_with_a_simulated_floor():
    """The walk of the brute-force chain, with every contact followed."""
    n, b, within = 5, 1, 30.0
    rates = {"arrive": 4 / 180, "serve": 1 / 180, "finish": 1 / 500, "hang_up": 1 / 100}
    rng = np.random.default_rng(3)
    i, k, now, line = 0, n - b, 0.0, deque()
    in_time, waits, offered = 0, [], 0
    while offered < 60_000:
        speeds = np.array(
            [rates["arrive"], i * rates["serve"], k * rates["finish"], len(line) * rates["hang_up"]]
        )
        now += rng.exponential(1 / speeds.sum())
        event = int(np.searchsorted(np.cumsum(speeds), rng.random() * speeds.sum()))
        if event == 0:
            offered += 1
            if i + k < n:
                i, in_time = i + 1, in_time + 1
                waits.append(0.0)
            else:
                line.append(now)
        elif event == 3:
            del line[int(rng.integers(len(line)))]
        else:
            i, k = (i - 1, k) if event == 1 else (i, k - 1)
            if line:
                wait = now - line.popleft()
                i, in_time = i + 1, in_time + (wait <= within)
                waits.append(wait)
            elif n - i - k > b:
                k += 1
    exact = steady_state(n, 80, 180, 100, reserve=b, back_aht_s=500, answer_within_s=within)
    assert in_time / offered == pytest.approx(float(exact.inbound.sl_offered), abs=0.01)
    assert np.mean(waits) == pytest.approx(float(exact.inbound.mean_wait_served_s), rel=0.04)


def test_work_of_days_that_swallows_the_team_keeps_its_digits():
    """All busy with contacts is next to impossible here, so it must not be the unit of the law."""
    found = steady_state(36, 38.33 / 630 * 3600, 630, 32.7, reserve=7, back_aht_s=304_762)
    answered = 38.33 * (1 - found.inbound.p_abandon)
    assert found.inbound_staff == pytest.approx(float(answered), rel=1e-8)
    assert found.inbound_staff < 32


@pytest.mark.parametrize("back", [0.05, 2.0])
def test_work_of_moments_is_hardly_felt_by_contacts(back):
    """Whoever waits for the end of a piece waits a moment: close to Erlang A."""
    found = steady_state(14, 200, 180, 120, reserve=0, back_aht_s=back, answer_within_s=20)
    exact = erlang_a.steady_state(14, 200, 180, 120)
    assert found.inbound.sl_offered == pytest.approx(float(exact.sl_offered), rel=0.002 * back)
    assert found.inbound.mean_wait_all_s == pytest.approx(float(exact.mean_wait_all_s), abs=back)


def test_several_hundred_agents_are_solved():
    found = steady_state(300, 5400, 180, 300, reserve=10, **BACK)
    assert found.inbound_staff == pytest.approx(270 * (1 - found.inbound.p_abandon), rel=1e-8)
    fluid = back_capacity(300, 5400, 180, found.inbound.p_abandon, reserve=10)
    assert found.back_staff == pytest.approx(float(fluid), rel=0.5)


@pytest.mark.parametrize("target", [0.6, 0.8, 0.9, 0.93])
def test_the_least_reserve_is_the_fewest_that_reach_the_target(target):
    least = least_reserve(target, *TEXTBOOK, **BACK)
    assert steady_state(*TEXTBOOK, reserve=least, **BACK).inbound.sl_offered >= target
    if least:
        assert steady_state(*TEXTBOOK, reserve=least - 1, **BACK).inbound.sl_offered < target


def test_a_target_that_holds_anyway_needs_no_reserve():
    assert least_reserve(0.3, *TEXTBOOK, **BACK) == 0


def test_the_fluid_view_leaves_what_contacts_and_reserve_do_not_need():
    assert back_capacity(14, 200, 180, [0.1, 0.0], reserve=3) == pytest.approx([2, 1])
    assert back_capacity([9, 12], 200, 180, 0.0, reserve=3).tolist() == [0, 0]


def test_nobody_calling_leaves_all_but_the_reserve_to_the_back_office():
    found = steady_state(10, 0, 180, 120, reserve=3, back_aht_s=600)
    assert (found.inbound.sl_offered, found.inbound.p_wait) == (1, 0)
    assert (found.back_staff, found.back_per_h, found.inbound_staff) == (7, 42, 0)


def test_nobody_on_duty_and_patient_callers_in_overload_follow_the_conventions():
    nobody = steady_state(0, 200, 180, 120, reserve=0, **BACK)
    assert (nobody.inbound.p_abandon, nobody.back_per_h) == (1, 0)
    stuck = steady_state(5, 200, 180, np.inf, reserve=2, **BACK)
    assert (stuck.inbound.sl_offered, stuck.inbound_staff, stuck.back_staff) == (0, 5, 0)


def test_no_patience_loses_whoever_finds_nobody_idle():
    m = steady_state(14, 200, 180, 0, reserve=3, **BACK).inbound
    assert m.p_abandon == pytest.approx(float(m.p_wait), rel=1e-6)


def test_a_chain_too_large_to_solve_is_refused_with_a_way_out(monkeypatch):
    monkeypatch.setattr(blending_chain, "_STATES", 100)
    with pytest.raises(InputError, match=r"staff = 14 .* more than can be solved .*back_capacity"):
        steady_state(*TEXTBOOK, reserve=3, **BACK)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: steady_state(2.5, 1, 1, 1, reserve=0, **BACK), r"staff = 2\.5 with reserve = 0"),
        (lambda: steady_state(2, 1, 1, 1, reserve=-1, **BACK), r"reserve = -1 is no blended team"),
        (lambda: steady_state(2, [1, 2], 1, 1, reserve=1, **BACK), r"one at a time"),
        (lambda: steady_state(2, -1, 1, 1, reserve=1, **BACK), r"arrivals_per_h = -1 is not"),
        (lambda: steady_state(2, 1, 1, 1, reserve=1, back_aht_s=0), r"back_aht_s = 0 is not"),
        (lambda: least_reserve(1.0, *TEXTBOOK, **BACK), r"answer_share = 1 is not in \(0, 1\)"),
        (lambda: least_reserve(0.99, *TEXTBOOK, **BACK), r"staff = 14 answer 93\.3% in time"),
        (lambda: back_capacity(2, 1, 1, 1.5, reserve=0), r"p_abandon = 1\.5 is above 1"),
    ],
)
def test_a_bad_input_is_named(call, message):
    with pytest.raises(InputError, match=message):
        call()
