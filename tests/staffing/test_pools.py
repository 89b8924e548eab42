"""Tests for wfplan.staffing.pools: what every set of channels needs of its people."""

from datetime import UTC, datetime, timedelta
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfplan.domain.channels import Channel
from wfplan.domain.people import Agent, Skill, TimeOff
from wfplan.domain.problem import Shrinkage
from wfplan.queueing import erlang_a
from wfplan.staffing import pools, staff_need


def pooled_abandonment(queue, staff):
    """Share of all contacts that hangs up if everybody serves everything: none lose fewer."""
    arrivals = (queue.arrivals_per_h, queue.aht_s, queue.patience_s)
    return erlang_a.steady_state(staff, *arrivals).p_abandon


def split_abandonment(arrivals_per_h, aht_s, patience_s, staff):
    """The same if people are divided among the channels: usually more, but no bound."""
    lost = erlang_a.steady_state(staff, arrivals_per_h, aht_s, patience_s).p_abandon
    return float(lost @ arrivals_per_h / arrivals_per_h.sum())


HOURS = ["mon-fri 08:00-18:00"]
PRESENT = Shrinkage(absence_share=0, unplanned_share=0)
VOICE = Channel(name="voice", open=HOURS)
SALES = Channel(name="sales", open=HOURS)
MAIL = Channel(name="mail", open=HOURS, kind="deferred")
CHAT = Channel(name="chat", open=HOURS, concurrency_rates=(1.0, 1.6))
NOON = 24


def people(count, *skills, hours=40.0, first=0, **more):
    return tuple(
        Agent(
            agent_id=f"P{first + i}", timezone="Europe/Dublin", contract_type="full_time",
            contract_hours_week=hours, min_hours_week=0, max_hours_week=hours,
            skills=tuple(Skill(skill=name) for name in skills), **more,
        )
        for i in range(count)
    )  # fmt: skip


def shortfalls(problem_of, demand_of, channels, agents, offered=60.0, **fields):
    problem = problem_of(*channels, agents=agents, shrinkage=PRESENT, **fields)
    demand = demand_of(problem, offered)
    return problem, pools.pool_shortfalls(problem, staff_need(problem, demand), demand)


def test_one_pool_loses_no_more_than_any_design_of_the_exact_table(shared):
    """Rates per minute; staff of the first group serve channel 1, those of the second both."""
    for row in pd.read_csv(shared / "truth" / "multiskill.csv").itertuples():
        per_h = 60.0 * np.array([row.lambda1, row.lambda2])
        aht, patience = np.full(2, 60 / row.mu), np.full(2, 60 / row.theta)
        queue = pools.merged_queue(per_h[:, None], aht[:, None], patience)
        staff = row.n1_class1_only + row.n2_both
        pooled = float(pooled_abandonment(queue, staff)[0])
        assert pooled == pytest.approx(row.pooled_lower_bound, rel=1e-10)
        assert pooled <= row.p_abandon_overall * (1 + 1e-10)
        split = np.array([row.n1_class1_only, row.n2_both])
        found = split_abandonment(per_h, aht, patience, split)
        assert found == pytest.approx(row.split_estimate, rel=1e-10)


def test_a_split_is_no_bound(shared):
    table = pd.read_csv(shared / "truth" / "multiskill.csv")
    assert (table["split_estimate"] < table["p_abandon_overall"]).any()


@given(
    rates=st.lists(st.floats(1, 200), min_size=2, max_size=4),
    staff=st.integers(2, 12),
)
def test_merging_queues_never_loses_more_than_dividing_the_people(rates, staff):
    per_h, count = np.array(rates), len(rates)
    aht, patience = np.full(count, 240.0), np.full(count, 100.0)
    queue = pools.merged_queue(per_h[:, None], aht[:, None], patience)
    pooled = float(pooled_abandonment(queue, float(staff * count))[0])
    shares = np.full(count, float(staff))
    assert pooled <= split_abandonment(per_h, aht, patience, shares) + 1e-12


def test_a_merged_queue_has_the_handle_time_of_the_mean_contact():
    queue = pools.merged_queue(
        np.array([[30.0, 0.0], [10.0, 0.0]]), np.array([[100.0, 100.0], [300.0, 300.0]]),
        np.array([60.0, 90.0]),
    )  # fmt: skip
    assert queue.arrivals_per_h.tolist() == [40, 0]
    assert queue.aht_s.tolist() == [150, 200]
    assert queue.patience_s == 90


def plain_pools(serves):
    """Twin: for every set of channels the people left without it; the largest set of each."""
    channels = range(serves.shape[1])
    largest = {}
    for size in range(1, serves.shape[1] + 1):
        for chosen in combinations(channels, size):
            out = tuple(~serves[:, list(chosen)].any(axis=1))
            largest.setdefault(out, []).append(set(chosen))
    return {frozenset().union(*sets) for sets in largest.values()}


@given(
    st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=1, max_size=6).map(np.array)
)
def test_the_sets_are_all_that_can_be_short(serves):
    found = set(pools.pools_of(serves))
    assert plain_pools(serves) <= found
    assert {frozenset((c,)) for c in range(4)} <= found


def test_many_channels_and_skill_sets_stay_few_sets():
    rng = np.random.default_rng(5)
    assert len(pools.pools_of(rng.random((400, 20)) < 0.3)) <= pools.SETS_MOST + 20


def test_enough_people_are_not_warned_of(problem_of, demand_of):
    _, found = shortfalls(problem_of, demand_of, (VOICE, SALES), people(40, "voice", "sales"))
    assert found == ()


def test_a_channel_that_nobody_serves_is_short_alone(problem_of, demand_of):
    _, found = shortfalls(problem_of, demand_of, (VOICE, SALES), people(60, "voice"))
    short, of_the_week = found
    assert of_the_week.interval is None
    assert of_the_week.there == 0
    assert short.channels == ("sales",)
    assert short.there == 0
    assert short.intervals == 100  # every open half-hour of five days


def test_people_counted_in_every_skill_at_once_are_found_out(problem_of, demand_of):
    """Each channel alone has enough people; both together have not."""
    problem, found = shortfalls(
        problem_of, demand_of, (VOICE, SALES), people(15, "voice", "sales", hours=60.0)
    )
    short, _ = found
    assert short.channels == ("voice", "sales")
    alone = staff_need(problem, demand_of(problem, 60.0)).staff_required[:, short.interval]
    assert alone.max() < 15 < short.needed < alone.sum()
    words = short.in_words(problem.horizon(datetime(2026, 3, 2, tzinfo=UTC).date()))
    assert "voice and sales: 2" in words
    assert "even if each of them could serve all of it, and those here " in words
    assert "those here who can serve either do the work of 15.0" in words


def test_what_a_pool_needs_reaches_the_caps_and_less_does_not(problem_of, demand_of):
    problem = problem_of(VOICE, SALES, shrinkage=PRESENT)
    demand = demand_of(problem, 60.0)
    needed = pools.pool_requirement(problem, demand, staff_need(problem, demand), [0, 1])[NOON]
    lost = erlang_a.steady_state([needed, needed - 0.01], 240, 300, 120)
    occupancy = 240 * 300 / 3600 * 0.95 / needed
    assert lost.p_abandon[0] <= 0.05
    assert lost.p_abandon[1] > 0.05 or occupancy == pytest.approx(0.85)


def test_deferred_work_is_done_beside_calls_in_one_pool(problem_of, demand_of):
    problem = problem_of(VOICE, MAIL, shrinkage=PRESENT)
    demand = demand_of(problem, np.array([[60.0], [30.0]]))
    need = staff_need(problem, demand)
    needed = pools.pool_requirement(problem, demand, need, [0, 1])
    alone = need.staff_required.sum(axis=0)
    assert needed[NOON] < alone[NOON]  # mail is done while nobody calls
    assert needed[NOON] >= need.staff_due[1, NOON] + 0.95 * need.load_erlangs[0, NOON] - 1e-9


def test_chats_are_held_to_their_work_only(problem_of, demand_of):
    problem = problem_of(VOICE, CHAT, shrinkage=PRESENT)
    demand = demand_of(problem, 60.0)
    need = staff_need(problem, demand)
    needed = pools.pool_requirement(problem, demand, need, [0, 1])[NOON]
    assert needed == pytest.approx(0.95 * (10 + 10 / 1.6), rel=1e-6)


def test_hours_of_the_week_can_be_short_where_heads_are_not(problem_of, demand_of):
    _, found = shortfalls(
        problem_of, demand_of, (VOICE, SALES), people(40, "voice", "sales", hours=20.0)
    )
    (short,) = found
    assert short.interval is None
    assert short.there == pytest.approx(800)
    horizon = problem_of(VOICE).horizon(datetime(2026, 3, 2, tzinfo=UTC).date())
    assert "may work 800" in short.in_words(horizon)


def test_who_is_away_or_gone_is_not_counted(problem_of, demand_of):
    monday = datetime(2026, 3, 2, tzinfo=UTC)
    away = TimeOff(start=monday, end=monday + timedelta(days=1))
    crew = (
        *people(3, "voice"),
        *people(9, "voice", first=3, time_off=(away,)),
        *people(9, "voice", first=12, end_date=datetime(2026, 3, 2, tzinfo=UTC).date()),
    )
    _, found = shortfalls(problem_of, demand_of, (VOICE,), crew)
    (short,) = found
    assert short.there == 12  # three, and nine of whom either is away or gone
    assert short.intervals == 95  # all open ones but the first of a day: nobody is served yet


def test_slow_people_count_for_less_and_a_schedule_can_be_asked(problem_of, demand_of):
    slow = tuple(
        agent.model_copy(update={"skills": (Skill(skill="voice", aht_factor=2.0),)})
        for agent in people(20, "voice")
    )
    problem = problem_of(VOICE, agents=slow, shrinkage=PRESENT)
    demand = demand_of(problem, 60.0)
    need = staff_need(problem, demand)
    short = pools.pool_shortfalls(problem, need, demand)[0]
    assert short.there == 10
    nobody = pools.pool_shortfalls(problem, need, demand, heads=np.zeros((20, 336)))
    assert nobody[0].there == 0
