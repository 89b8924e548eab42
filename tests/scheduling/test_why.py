"""Tests for wfplan.scheduling.why: prices beside solves, what is free, what is forbidden."""

from datetime import timedelta

import numpy as np
import pytest

from wfplan.domain.progress import Stop, no_watch
from wfplan.domain.published import Published
from wfplan.domain.reasons import AlternativeKind
from wfplan.domain.results import DemandForecast
from wfplan.domain.schedule import LockedShift
from wfplan.errors import InputError
from wfplan.scheduling import Standing, evaluate, why_day, why_interval, why_person
from wfplan.scheduling.search.search import Search
from wfplan.scheduling.team.decode import schedule_of
from wfplan.scheduling.team.encode import weeks_of
from wfplan.scheduling.team.team import assemble
from wfplan.scheduling.why.choice import Choice
from wfplan.scheduling.why.prices import Question, as_it_is
from wfplan.scheduling.why.rules import PersonRules

PEOPLE = 5
SAME = 1e-6  # harm points


def demand_of(need):
    """The contacts that a made-up need speaks of, four minutes each."""
    shape = need.volume.shape
    return DemandForecast(
        horizon=need.horizon, channels=need.channels, is_open=need.volume > 0,
        offered_mean=need.volume.copy(), offered_q10=need.volume * 0.8,
        offered_q50=need.volume.copy(), offered_q90=need.volume * 1.2,
        aht_s=np.full(shape, 240.0), rate_cv=np.full(shape, 0.1),
        day_share=np.full(shape[0], 0.5), patience_s=np.full(shape[0], 120.0),
    )  # fmt: skip


def solved(problem, need, *, seed=0, passes=8, start=None):
    """What the search finds, read as the planner reads it; no bound beside it."""
    team = assemble(problem, need)
    search = Search(team, seed)
    if start is not None:
        search.begin_with(weeks_of(team, start))
    stop = Stop(passes=passes)
    found = search.refine(stop, no_watch, search.settle(stop, no_watch))
    return evaluate(problem, need, schedule_of(problem, team, found.weeks))


@pytest.fixture(scope="module")
def made(bench):
    """A function that plans a small centre and makes it ready to be asked."""

    def make(seed=0, *, channels=("voice",), monday=None, agents=None, passes=8, **more):
        rng = np.random.default_rng(seed)
        people = agents or [
            bench.agent(f"P{n}", *(channels if n % 2 else channels[:1])) for n in range(PEOPLE)
        ]
        problem = bench.plan(people, channels, packs={"eu": bench.EU}, site_packs=("eu",), **more)
        horizon = problem.horizon(monday or bench.MONDAY, 7)
        minute = horizon.interval_minutes
        is_open = ((minute >= 360) & (minute < 1320))[None]
        need = bench.need(horizon, channels, rng=rng, is_open=is_open, floor=2.0, staff=5)
        plan = solved(problem, need, seed=seed, passes=passes)
        return problem, need, plan, Standing(problem, need, demand_of(need), plan.schedule)

    return make


@pytest.fixture(scope="module")
def small(made):
    """One such plan."""
    return made()


def a_shift(plan, n=0):
    return plan.schedule.shifts[n]


def test_the_plan_as_it_stands_costs_what_it_was_solved_for(small):
    _, _, plan, standing = small
    assert standing.cost() == pytest.approx(plan.objective, abs=1e-6)


@pytest.mark.parametrize("seed", [1, 2])
def test_doing_nothing_costs_nothing_and_a_question_changes_nothing(made, seed):
    _, _, plan, standing = made(seed, channels=("voice", "chat"))
    shift = a_shift(plan)
    i = standing.place[shift.agent_id]
    day = standing.team.members[i].limits.dates.index(shift.shift_date)
    question = Question(standing, i, day)
    (same,) = question.price([((i, as_it_is(standing, i, day)),)])
    assert same.effect.points == pytest.approx(0, abs=1e-6)
    assert same.effect.lost_contacts == pytest.approx(0, abs=1e-9)
    assert same.moves == ()
    why_day(standing, shift.agent_id, shift.shift_date)
    assert standing.cost() == pytest.approx(plan.objective, abs=1e-6)
    weeks = schedule_of(standing.problem, standing.team, standing.weeks)
    assert weeks.shifts == plan.schedule.shifts


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_price_is_the_difference_of_two_solves(made, seed):
    """The other solve begins with the plan and has the alternative as a lock."""
    problem, need, plan, standing = made(seed, passes=20)
    seeds = (seed, seed + 50, seed + 100)
    tries = [solved(problem, need, seed=s, passes=20, start=plan.schedule) for s in seeds]
    base = min(one.objective for one in tries)
    shift = a_shift(plan, 2)
    for one in why_day(standing, shift.agent_id, shift.shift_date).alternatives:
        move = next((m for m in one.moves if m.day == one.day), None)
        if one.effect is None or move is None or one.kind is AlternativeKind.SWAP:
            continue
        after = move.after
        lock = LockedShift(
            agent_id=move.agent_id, day=move.day,
            start=after and after.start, end=after and after.end,
        )  # fmt: skip
        locked = problem.model_copy(update={"locks": (lock,)})
        found = [solved(locked, need, seed=s, passes=20, start=plan.schedule) for s in seeds]
        costs = [plan.objective for plan in found]
        own = max(costs) - min(costs)  # the search's own tolerance
        tolerance = own + 0.01 * plan.objective
        assert one.effect.points == pytest.approx(min(costs) - base, abs=tolerance)


@pytest.mark.parametrize("channels", [("voice",), ("voice", "chat")])
def test_an_effect_is_what_the_planner_would_read_of_the_changed_schedule(made, channels):
    problem, need, plan, standing = made(3, channels=channels)
    shift = a_shift(plan, 1)
    i = standing.place[shift.agent_id]
    day = standing.team.members[i].limits.dates.index(shift.shift_date)
    with standing.trial():
        assert standing.force(i, Choice(day, is_off=True))
        changed = schedule_of(problem, standing.team, standing.weeks)
        cost = standing.cost()
    read = evaluate(problem, need, changed)
    assert cost == pytest.approx(read.objective, rel=2e-3)
    assert all(s.shift_date != shift.shift_date for s in changed.by_agent()[shift.agent_id])


def test_the_parts_of_an_effect_add_up(small):
    _, _, plan, standing = small
    shift = a_shift(plan)
    told = [o.effect for o in why_day(standing, shift.agent_id, shift.shift_date).alternatives]
    effects = [effect for effect in told if effect is not None]
    assert effects
    for e in effects:
        parts = (e.customers, e.people, e.wishes, e.paid_time, e.overtime, e.changes, e.rules)
        assert sum(parts) == pytest.approx(e.points, abs=1e-6)


def test_one_more_person_never_costs_customers_and_one_fewer_never_helps(small):
    _, need, _, standing = small
    for t in (8, 13, 36):
        found = why_interval(standing, need.horizon.interval_instant(t))
        for change in found.changes:
            assert change.effect.customers * change.heads <= SAME
            assert change.effect.lost_contacts * change.heads <= SAME


def test_a_move_brings_her_there_by_a_legal_week(small):
    _, need, _, standing = small
    at = need.horizon.interval_instant(10)
    found = why_interval(standing, at)
    there = {who for who, _ in found.on_queue}
    assert len(found.moves) > 0
    points = [one.effect.points for one in found.moves]
    assert points == sorted(points)
    for one in found.moves:
        assert one.agent_id not in there
        mine = [m for m in one.moves if m.agent_id == one.agent_id and m.day == one.day]
        if mine:  # else a break moves
            assert mine[0].after.start <= at < mine[0].after.end


def test_who_is_not_there_is_counted_once_with_what_keeps_her(small):
    _, need, _, standing = small
    found = why_interval(standing, need.horizon.interval_instant(10))
    away = sum(keeper.people for keeper in found.keepers)
    assert away + len(found.on_queue) == PEOPLE


def test_a_lock_is_named_where_it_forbids_everything_else(bench, made):
    day = bench.MONDAY + timedelta(days=1)
    locks = (
        LockedShift(agent_id="P1", day=day, start=bench.at(1, "08:00"), end=bench.at(1, "14:00")),
    )
    *_, standing = made(locks=locks)
    reason = why_day(standing, "P1", day)
    assert reason.is_locked
    off = next(one for one in reason.alternatives if one.kind is AlternativeKind.DAY_OFF)
    assert off.effect is None
    assert [rule.rule for rule in off.forbidden] == ["locked"]
    assert "locked shift" in off.forbidden[0].why


def test_an_earlier_start_than_the_contract_knows_is_answered_with_its_window(bench, made):
    contract = bench.contract(start_window=(480, 480), shortest_min=360, longest_min=360)
    people = [bench.agent(f"P{n}", min_hours_week=24) for n in range(3)]
    _, _, plan, standing = made(agents=people, contracts={"any": contract})
    shift = a_shift(plan)
    reason = why_day(standing, shift.agent_id, shift.shift_date)
    earlier = [one for one in reason.alternatives if one.kind is AlternativeKind.EARLIER]
    assert {one.by_min for one in earlier} == {60, 120}
    for one in earlier:
        assert one.effect is None
        (rule,) = [r for r in one.forbidden if r.rule == "shift_start_window"]
        assert rule.amount == one.by_min


def test_rest_after_a_late_shift_is_named_with_the_minutes_that_are_missing(bench, made):
    """She has to work late on the first day, and may start at six on the next but for the rest."""
    locks = (
        LockedShift(
            agent_id="P0", day=bench.MONDAY, start=bench.at(0, "14:00"), end=bench.at(0, "22:00")
        ),
    )
    *_, standing = made(locks=locks)
    six = standing.team.grid.slot(bench.at(1, "06:00"))
    choice = Choice(1, start=six, length=4 * 60 // standing.team.grid.horizon.slot_min)
    names = {r.rule: r for r in PersonRules(standing, 0).forbidding(choice, 240)}
    assert "daily_rest" in names
    assert names["daily_rest"].amount == 3 * 60
    assert "8 h after" in names["daily_rest"].why


def test_a_shadow_price_is_what_her_best_week_gains_without_the_rule(small):
    _, _, _, standing = small
    rules = PersonRules(standing, 0)
    for reason in rules.binding():
        free = rules.without({reason.rule})
        with standing.trial():
            standing.search.take_out(0)
            gain = standing.search.gain(rules.member)
            best = standing.search.oracle.best(rules.member, gain)[0]
            more = standing.search.oracle.best(free, gain)[0]
        owed = free.owed_cost - rules.member.owed_cost
        assert reason.points == pytest.approx(more - owed - best)
        assert reason.points > 0
        assert reason.why.startswith(reason.rule)


def test_a_free_date_is_explained_by_what_a_shift_there_would_cost(small):
    _, _, plan, standing = small
    worked = {(s.agent_id, s.shift_date) for s in plan.schedule.shifts}
    dates = standing.need.horizon.dates
    who, day = next(
        (f"P{n}", d) for n in range(PEOPLE) for d in dates if (f"P{n}", d) not in worked
    )
    reason = why_day(standing, who, day)
    assert reason.shift is None
    assert [one.kind for one in reason.alternatives] == [AlternativeKind.WORK]


def test_a_person_without_any_shift_has_a_week_all_the_same(bench, made):
    people = [bench.agent("P0", "voice"), bench.agent("P1", "other")]
    *_, standing = made(agents=people)
    week = why_person(standing, "P1")
    assert [day.shift for day in week.days] == [None] * 7
    assert week.paid_h == 0


@pytest.mark.parametrize("name", ["SPRING", "AUTUMN"])
def test_a_week_with_a_clock_change_is_explained_to_its_last_hour(bench, made, name):
    _, need, plan, standing = made(monday=getattr(bench, name))
    found = why_interval(standing, need.horizon.end - timedelta(minutes=1))
    assert found.span.end == need.horizon.end
    sunday = need.horizon.dates[-1]
    reason = why_day(standing, plan.schedule.shifts[0].agent_id, sunday)
    assert reason.day == sunday


def test_a_night_shift_is_worth_what_it_saves_on_both_dates(bench, made):
    contract = bench.contract(start_window=(1200, 1260), shortest_min=480, longest_min=480)
    people = [bench.agent(f"P{n}", min_hours_week=20) for n in range(3)]
    _, _, plan, standing = made(agents=people, contracts={"any": contract})
    shift = next(s for s in plan.schedule.shifts if s.start.date() != s.end.date())
    reason = why_day(standing, shift.agent_id, shift.shift_date)
    assert reason.hours[0].span.start == shift.start
    assert reason.hours[-1].span.end == shift.end
    assert sum(hour.points for hour in reason.hours) == pytest.approx(reason.worth)


def test_a_published_shift_has_its_change_told_apart(bench, made):
    problem, need, plan, _ = made()
    told = need.horizon.start - timedelta(days=1)
    published = Published(schedule=plan.schedule, told=told)
    kept = problem.model_copy(update={"published": published})
    standing = Standing(kept, need, demand_of(need), plan.schedule)
    shift = a_shift(plan)
    reason = why_day(standing, shift.agent_id, shift.shift_date)
    off = next(one for one in reason.alternatives if one.kind is AlternativeKind.DAY_OFF)
    assert off.effect.changed_days >= 1
    assert off.effect.changes > 0


def test_a_stray_shift_counts_where_it_is(small):
    problem, need, plan, _ = small
    shift = a_shift(plan)
    part = shift.activities[0]
    odd = shift.model_copy(
        update={"activities": (part.model_copy(update={"end": shift.end + timedelta(minutes=15)}),)}
    )
    shifts = tuple(odd if s is shift else s for s in plan.schedule.shifts)
    schedule = plan.schedule.model_copy(update={"shifts": shifts})
    standing = Standing(problem, need, demand_of(need), schedule)
    assert standing.strays == {standing.place[shift.agent_id]}
    reason = why_day(standing, shift.agent_id, shift.shift_date)
    assert "stray" in reason.notes
    assert reason.worth > 0


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda s: why_person(s, "p3x"), "agent 'p3x' is not planned here; did you mean 'P3'"),
        (lambda s: why_day(s, "P1", s.need.horizon.dates[0] - timedelta(days=1)), "not a date of"),
        (lambda s: why_interval(s, s.need.horizon.end), "is not in this plan, which runs from"),
        (lambda s: why_interval(s, s.need.horizon.start, "voic"), "did you mean 'voice'"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(small, ask, message):
    with pytest.raises(InputError, match=message):
        ask(small[3])


def test_a_swap_gives_both_the_other_ones_shift(made):
    _, _, plan, standing = made(4)
    swaps = [
        (shift, one)
        for shift in plan.schedule.shifts
        for one in why_day(standing, shift.agent_id, shift.shift_date).alternatives
        if one.kind is AlternativeKind.SWAP and one.effect is not None
    ]
    assert swaps
    spans = {(s.agent_id, s.shift_date): (s.start, s.end) for s in plan.schedule.shifts}
    for shift, one in swaps:
        theirs = spans[one.partner, shift.shift_date]
        mine = next(
            m for m in one.moves if m.agent_id == shift.agent_id and m.day == shift.shift_date
        )
        assert (mine.after.start, mine.after.end) == theirs


def test_plain_values_carry_their_units(small):
    _, _, plan, standing = small
    shift = a_shift(plan)
    told = why_day(standing, shift.agent_id, shift.shift_date).as_dict()
    effect = next(one["effect"] for one in told["alternatives"] if one["effect"])
    assert effect["points"]["unit"] == "harm points"
    assert effect["lost_contacts"]["unit"] == "contacts"
    assert told["worth"]["unit"] == "harm points"
