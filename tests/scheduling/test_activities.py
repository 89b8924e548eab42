"""Activities placed inside shifts: where they cost least, together, alone, and not at all."""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations, pairwise, product
from pathlib import Path

import numpy as np
import pytest

from wfplan.domain.activities import ActivityRequest
from wfplan.domain.people import Availability
from wfplan.domain.progress import Stop
from wfplan.domain.schedule import ActivityCategory
from wfplan.errors import InfeasibleError
from wfplan.evaluation import audit
from wfplan.scheduling import evaluate, solve
from wfplan.scheduling.activities.arranging import Activities
from wfplan.scheduling.activities.pieces import cheapest_pieces
from wfplan.scheduling.activities.worths import WorthOracle
from wfplan.scheduling.search.search import Search
from wfplan.scheduling.team.encode import known_of
from wfplan.scheduling.team.oracle import Oracle
from wfplan.scheduling.team.sessions import appointed, sessions_of
from wfplan.scheduling.team.team import Away, assemble

TRAINING = ActivityCategory.TRAINING
pytestmark = pytest.mark.slow  # most of them solve, with CP-SAT in a process of its own


def asked(bench, *agent_ids, name="t1", first=(0, "06:00"), last=(2, "23:00"), **more):
    """Training of an hour at some time of the week."""
    given = {
        "activity_id": name, "code": "TRAINING", "category": TRAINING, "agent_ids": agent_ids,
        "minutes": 60, "earliest": bench.at(*first), "latest": bench.at(*last),
    }  # fmt: skip
    return ActivityRequest(**given | more)


def small(bench, people, *requests, seed=0, days=3, **more):
    """A plan of a few days with requests, and its need."""
    named = [f"A{n + 1}" for n in range(people)] if isinstance(people, int) else people
    agents = [bench.agent(one) if isinstance(one, str) else one for one in named]
    problem = bench.plan(agents, activities=requests, days=days, **more)
    horizon = problem.horizon(bench.MONDAY, days)
    return problem, bench.need(horizon, rng=np.random.default_rng(seed))


def daily(first, last):
    """Minutes of every day that cannot be."""
    row = {"kind": "unavailable", "start_min": first, "end_min": last}
    return tuple(Availability(weekday=d, **row) for d in range(7))


def given(schedule):
    """Who is in what, when: (activity, start, end) to the people in it."""
    found = {}
    for shift in schedule.shifts:
        for part in shift.activities:
            if part.activity_id:
                key = part.activity_id, part.start, part.end
                found.setdefault(key, []).append(shift.agent_id)
    return found


def told_by_the_audit(problem, need, schedule):
    """Breaches of activities that independent code finds."""
    found = audit(problem, need.horizon, schedule, need).breaches
    return [b.why for b in found if b.rule == "activity_placement"]


def test_everybody_meets_once_in_a_group_that_is_no_larger_than_it_may_be(bench):
    people = [f"A{n}" for n in range(1, 7)]
    request = asked(bench, *people[:5], is_together=True, group_max=2, facilitators=(people[5],),
                    room="R1")  # fmt: skip
    problem, need = small(bench, people, request)
    plan = solve(problem, need, stop=Stop(passes=5), seed=1)
    sessions = given(plan.schedule)
    attending = sorted(a for own in sessions.values() for a in own if a != "A6")
    assert attending == people[:5]
    assert all("A6" in own and len(own) <= 3 for own in sessions.values())
    spans = sorted((start, end) for _, start, end in sessions)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert told_by_the_audit(problem, need, plan.schedule) == []
    assert plan.terms["activities"] == 0


def test_a_session_lies_in_shifts_and_on_no_break_and_nobody_in_it_serves(bench):
    requests = (asked(bench, "A1", "A2", "A3", is_together=True), asked(bench, "A2", name="t2"))
    problem, need = small(bench, 4, *requests)
    plan = solve(problem, need, stop=Stop(passes=4), seed=2)
    for shift in plan.schedule.shifts:
        assert shift.start == min(part.start for part in shift.activities)
        breaks = [p for p in shift.activities if p.category in ("break", "meal")]
        assert len(breaks) in (0, 2)
    heads = evaluate(problem, need, plan.schedule).heads
    on_queue = sum(
        part.minutes
        for shift in plan.schedule.shifts
        for part in shift.activities
        if part.category is ActivityCategory.WORK
    )
    assert heads.sum() * 60 == pytest.approx(on_queue)
    assert told_by_the_audit(problem, need, plan.schedule) == []


def test_a_schedule_with_sessions_is_read_as_the_search_saw_it_and_comes_back_as_it_is(bench):
    requests = (
        asked(bench, "A1", "A2", is_together=True),
        asked(bench, "A3", name="dev", code="DEVELOPMENT", minutes=120, piece_min=60),
    )
    problem, need = small(bench, 4, *requests)
    plan = solve(problem, need, stop=Stop(passes=4), seed=3)
    assert evaluate(problem, need, plan.schedule).objective == pytest.approx(plan.objective)
    team = assemble(problem, need)
    weeks, sessions = known_of(team, plan.schedule)
    assert len(weeks) == len(team.members)
    assert sessions == tuple(sorted(sessions_of(team, plan.schedule)))
    search = Search(team, 0, Activities())
    search.begin_with(weeks, sessions)
    assert search.true_cost() == pytest.approx(plan.objective, rel=1e-6)


def test_the_same_seed_gives_the_same_sessions(bench):
    request = asked(bench, "A1", "A2", "A3", "A4", is_together=True, group_max=2)
    problem, need = small(bench, 4, request)
    plans = [solve(problem, need, stop=Stop(passes=4), seed=5) for _ in range(2)]
    assert plans[0].schedule == plans[1].schedule


def test_a_search_that_is_resumed_ends_with_the_same_sessions(bench, tmp_path: Path):
    request = asked(bench, "A1", "A2", "A3", "A4", is_together=True, group_max=2)
    problem, need = small(bench, 4, request)
    whole = solve(problem, need, stop=Stop(passes=6), seed=5)
    solve(problem, need, stop=Stop(passes=4), seed=5, keep_in=tmp_path)
    again = solve(problem, need, stop=Stop(passes=6), seed=5, keep_in=tmp_path, is_resumed=True)
    assert given(again.schedule).keys() == given(again.schedule).keys()
    assert told_by_the_audit(problem, need, again.schedule) == []
    assert len(given(whole.schedule)) == len(given(again.schedule))


def test_the_bound_stays_below_the_plan(bench):
    request = asked(bench, "A1", "A2", "A3", is_together=True)
    problem, need = small(bench, 4, request)
    plan = solve(problem, need, stop=Stop(passes=6), seed=1)
    assert plan.lower_bound <= plan.objective + 1e-6
    without = solve(problem.model_copy(update={"activities": ()}), need, stop=Stop(passes=12))
    assert plan.lower_bound <= without.objective + 1e-6


def test_a_fixed_session_is_where_it_was_asked_for(bench):
    request = asked(bench, "A1", "A2", is_together=True, first=(1, "13:00"), last=(1, "14:00"))
    problem, need = small(bench, 3, request)
    plan = solve(problem, need, stop=Stop(passes=3), seed=1)
    assert list(given(plan.schedule)) == [("t1", bench.at(1, "13:00"), bench.at(1, "14:00"))]


def test_what_is_only_wished_for_is_left_out_where_service_is_worth_more(bench):
    request = asked(bench, "A1", "A2", is_together=True, hardness="soft", weight=0.001)
    problem, need = small(bench, 2, request)
    plan = solve(problem, need, stop=Stop(passes=3), seed=1)
    dear = problem.model_copy(
        update={"activities": (request.model_copy(update={"weight": 10_000.0}),)}
    )
    placed = solve(dear, need, stop=Stop(passes=3), seed=1)
    assert len(given(placed.schedule)) == 1
    assert placed.terms["activities"] == 0
    if not given(plan.schedule):
        assert plan.terms["activities"] == pytest.approx(2 * 0.001)
        assert any("t1" in miss for miss in plan.misses)


def test_people_who_cannot_meet_are_named_with_what_stands_in_the_way(bench):
    early = bench.agent("A1", availability=daily(720, 1440))
    late = bench.agent("A2", availability=daily(0, 720))
    request = asked(bench, "A1", "A2", is_together=True)
    problem, need = small(bench, [early, late, "A3"], request)
    with pytest.raises(InfeasibleError, match=r"'t1' for A1, A2: .*no moment at which all can"):
        solve(problem, need, stop=Stop(passes=2))


def test_a_person_without_a_shift_in_the_window_is_named(bench):
    request = asked(bench, "A1", "A2", is_together=True)
    problem, need = small(bench, [bench.agent("A1", availability=daily(0, 1440)), "A2"], request)
    with pytest.raises(InfeasibleError, match=r"no legal shift of A1 holds it"):
        solve(problem, need, stop=Stop(passes=2))


def test_a_room_that_is_too_small_for_two_at_once_is_named(bench):
    fixed = {"first": (0, "12:00"), "last": (0, "13:00"), "is_together": True, "room": "R1"}
    requests = (asked(bench, "A1", **fixed), asked(bench, "A2", name="t2", **fixed))
    problem, need = small(bench, 2, *requests)
    with pytest.raises(InfeasibleError, match=r"the room R1 is taken"):
        solve(problem, need, stop=Stop(passes=2))


def test_two_sessions_of_one_person_are_never_at_once(bench):
    window = {"first": (0, "10:00"), "last": (0, "13:00"), "is_together": True}
    requests = [asked(bench, "A1", f"A{n}", name=f"t{n}", **window) for n in (2, 3)]
    problem, need = small(bench, 3, *requests)
    plan = solve(problem, need, stop=Stop(passes=3), seed=1)
    spans = sorted((start, end) for _, start, end in given(plan.schedule))
    assert len(spans) == 2
    assert spans[0][1] <= spans[1][0]


@pytest.mark.parametrize("monday", ["SPRING", "AUTUMN"])
def test_a_session_in_the_night_of_a_clock_change_lasts_as_long_as_it_should(bench, monday):
    first = getattr(bench, monday)
    contract = bench.contract(start_window=(1320, 1380), shortest_min=480)
    begin = bench.at(5, "22:00", monday=first)
    request = ActivityRequest(
        activity_id="n", code="TRAINING", category=TRAINING, agent_ids=("A1", "A2"), minutes=120,
        earliest=begin + timedelta(hours=1), latest=begin + timedelta(hours=7), is_together=True,
    )  # fmt: skip
    agents = [bench.agent("A1"), bench.agent("A2")]
    problem = bench.plan(agents, activities=(request,), contracts={"any": contract})
    need = bench.need(problem.horizon(first, 7), rng=np.random.default_rng(0))
    plan = solve(problem, need, stop=Stop(passes=3), seed=1)
    (_, start, end), who = next(iter(given(plan.schedule).items()))
    assert end - start == timedelta(hours=2)
    assert sorted(who) == ["A1", "A2"]
    assert told_by_the_audit(problem, need, plan.schedule) == []


@pytest.mark.parametrize("seed", range(4))
def test_a_worth_is_that_of_the_best_week_with_the_session_there(bench, seed):
    problem, need = small(bench, 1, asked(bench, "A1", minutes=120), seed=seed)
    team = assemble(problem, need)
    member, one = team.members[0], team.asked[0]
    rng = np.random.default_rng(seed)
    gain = rng.exponential(1.0, team.grid.slots)
    worths = WorthOracle().of(member, gain, None, one.is_start, one.size)
    oracle, days = Oracle(), len(team.day_edges) - 1
    for t in np.flatnonzero(one.is_start)[::5]:
        best = -np.inf
        for day in range(days):
            held = appointed(member, (Away(0, int(t), int(t) + one.size, day),))
            value, week = oracle.best(held, team.gain_of(held, lambda _: gain))
            best = max(best, value if week is not None else -np.inf)
        assert worths.value[t] <= best + 1e-6
        assert np.isfinite(worths.value[t]) == np.isfinite(best)


@pytest.mark.parametrize("seed", range(6))
def test_the_cheapest_pieces_are_the_cheapest_of_all(seed):
    rng = np.random.default_rng(seed)
    price, stretch = rng.exponential(1.0, 14), np.array([0] * 6 + [-1] * 2 + [1] * 6)
    size, piece = int(rng.integers(2, 6)), int(rng.integers(1, 4))
    piece = min(piece, size)
    cost, pieces = cheapest_pieces(price, stretch, size, piece)

    def is_legal(slots):
        runs = np.split(np.array(slots), np.flatnonzero(np.diff(slots) != 1) + 1)
        return all(len(run) >= piece for run in runs) and (stretch[list(slots)] >= 0).all()

    legal = [price[list(s)].sum() for s in combinations(range(14), size) if is_legal(s)]
    assert cost == pytest.approx(min(legal), abs=1e-5)
    assert sum(stop - first for first, stop in pieces) == size


def test_no_room_for_pieces_is_no_pieces():
    cost, pieces = cheapest_pieces(np.ones(4), np.array([0, 0, -1, 1]), 3, 3)
    assert (cost, pieces) == (np.inf, [])


@pytest.mark.parametrize("seed", range(3))
def test_times_and_groups_of_a_tiny_plan_are_the_best_there_are(bench, seed):
    """Brute force: shifts as they stand for every grouping and every pair of hours."""
    people = ("A1", "A2", "A3", "A4")
    one = bench.contract(shortest_min=480, start_window=(480, 480), work_days_max=1)
    request = asked(bench, *people, is_together=True, group_max=2, last=(0, "16:00"))
    agents = [bench.agent(p, min_hours_week=7) for p in people]
    problem = bench.plan(agents, activities=(request,), days=1, contracts={"any": one})
    need = bench.need(problem.horizon(bench.MONDAY, 1), rng=np.random.default_rng(seed), staff=4)
    plan = solve(problem, need, stop=Stop(passes=12), seed=1)
    team = assemble(problem, need)
    first = team.grid.slot(bench.at(0, "08:00"))
    best = np.inf
    for mate in people[1:]:
        for hours in product(range(32 - 3), repeat=2):
            times = dict.fromkeys((people[0], mate), hours[0])
            times |= {p: hours[1] for p in people if p not in times}
            best = min(best, _cost_with(bench, team, times, first))
    assert plan.objective <= best * 1.01 + 1e-6


def _cost_with(bench, team, times, first):
    """The plan's cost where everybody works from 8 and is away for an hour from a slot on."""
    size = team.asked[0].size
    members = tuple(
        appointed(m, (Away(0, first + times[m.agent_id], first + times[m.agent_id] + size, 0),))
        for m in team.members
    )
    own = replace(team, members=members)
    search = Search(own, 0)
    for i, member in enumerate(members):
        gain = search.gain(member)
        _, week = search.oracle.best(member, gain)
        if week is None:
            return np.inf
        search.put_in(i, week)
    return search.true_cost()
