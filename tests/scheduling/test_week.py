"""Tests for wfplan.scheduling.person.week and days: the oracle against brute force."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.domain.contracts import Break, BreakTier, Contract
from wfplan.domain.people import Agent
from wfplan.domain.schedule import PastShift
from wfplan.horizon import Horizon
from wfplan.rules import work_limits
from wfplan.rules.limits import LockedDay, WorkLimits
from wfplan.scheduling.person.grid import Grid
from wfplan.scheduling.person.patterns import agent_space
from wfplan.scheduling.person.worth import value_shifts
from wfplan.scheduling.team.decode import schedule_of
from wfplan.scheduling.team.oracle import Oracle, week_of
from wfplan.scheduling.team.team import Member, assemble

MONDAY = date(2026, 6, 1)
TIER = BreakTier(
    over_h=5.0,
    breaks=(
        Break(
            kind="meal",
            length_min=60,
            is_paid=False,
            earliest_min=120,
            latest_min=240,
            before_end_min=60,
        ),
    ),
)
CONTRACT = Contract(
    name="full_time",
    shortest_min=240,
    longest_min=480,
    length_step_min=240,
    start_window="06:00-18:00",
    start_step_min=360,
    break_tiers=(TIER,),
)
AGENT = Agent(
    agent_id="A1",
    timezone="UTC",
    contract_type="full_time",
    contract_hours_week=20,
    min_hours_week=0,
    max_hours_week=40,
)


def limits_of(days=4, **changes):
    return replace(
        WorkLimits(
            agent_id="A1",
            timezone="UTC",
            contract=CONTRACT,
            dates=tuple(MONDAY + timedelta(days=d) for d in range(days)),
            lengths_min=CONTRACT.lengths_min,
            start_windows=(CONTRACT.start_window,),
            start_step_min=CONTRACT.start_step_min,
            paid_week_max=40 * 60,
        ),
        **changes,
    )


def grid_of(days=4):
    return Grid.around(Horizon("UTC", MONDAY, days, interval_min=60, slot_min=60))


def member_of(limits, grid, paid_cost=0.0, burden=None):
    return Member(
        agent=AGENT,
        limits=limits,
        space=agent_space(limits, grid),
        kinds=(0,) * len(limits.dates),
        burden=np.zeros(grid.slots) if burden is None else burden,
        paid_cost=paid_cost,
    )


def brute_force(member, grid, gain):
    """The best value over all weeks, checking every rule on the finished week."""
    limits, slot = member.limits, timedelta(hours=1)
    per_day = []
    for day in limits.dates:
        midnight = datetime.combine(day, datetime.min.time(), UTC)
        options = [None]
        for hour, length in product((6, 12, 18), (4, 8)):
            start = midnight + timedelta(hours=hour)
            options.append((start, start + length * slot))
        per_day.append(options)
    best = -np.inf
    for week in product(*per_day):
        worth = _worth(member, grid, gain, [shift for shift in week if shift])
        if worth is not None and _is_legal(limits, week):
            best = max(best, worth)
    return best


def _worth(member, grid, gain, shifts):
    total, paid_h = 0.0, 0
    for start, end in shifts:
        first, last = grid.slot(start), grid.slot(end)
        worked = gain[first:last].sum()
        if last - first > 5:
            worked -= min(gain[first + at] for at in range(2, 5))
        total += worked - member.burden[first:last].sum()
        paid_h += (last - first) - (1 if last - first > 5 else 0)
    if not member.limits.paid_week_min <= paid_h * 60 <= member.limits.paid_week_max:
        return None
    return total - member.paid_cost * (paid_h - member.limits.paid_week_min / 60)


def _is_legal(limits, week):
    worked = [shift is not None for shift in week]
    if not limits.work_days_min <= sum(worked) <= limits.work_days_max:
        return False
    run = limits.run_days_before
    for is_on in worked:
        run = run + 1 if is_on else 0
        if run > limits.consecutive_days_max:
            return False
    shifts = [shift for shift in week if shift]
    edges = [(None, limits.last_end)] if limits.last_end else []
    edges += shifts
    rest = timedelta(minutes=limits.daily_rest_min)
    if any(b[0] - a[1] < rest for a, b in pairwise(edges)):
        return False
    return all(_has_rest(limits, span, edges) for span in limits.weekly_rest_spans)


def _has_rest(limits, span, edges):
    long_ago = datetime(2000, 1, 1, tzinfo=UTC)
    horizon_end = datetime.combine(limits.dates[-1], datetime.min.time(), UTC) + timedelta(days=1)
    ends = [edge[1] for edge in edges]
    starts = [*(edge[0] for edge in edges if edge[0]), horizon_end]
    if len(ends) < len(starts):
        ends = [long_ago, *ends]
    whole = timedelta(minutes=limits.weekly_rest_min)
    inside = timedelta(minutes=limits.weekly_rest_inside_min or limits.weekly_rest_min)
    return any(
        start - end >= whole and min(start, span[1]) - max(end, span[0]) >= inside
        for end, start in zip(ends, starts, strict=True)
    )


def at(day, hour):
    return datetime.combine(MONDAY, datetime.min.time(), UTC) + timedelta(days=day, hours=hour)


LIMITS = {
    "free": {},
    "rest": {"daily_rest_min": 11 * 60},
    "hours": {"paid_week_min": 15 * 60, "paid_week_max": 18 * 60},
    "days": {"work_days_min": 2, "work_days_max": 3, "consecutive_days_max": 2},
    "history": {
        "daily_rest_min": 11 * 60,
        "last_end": at(-1, 23),
        "run_days_before": 2,
        "consecutive_days_max": 3,
    },
    "weekly rest": {
        "weekly_rest_min": 35 * 60,
        "weekly_rest_inside_min": 24 * 60,
        "weekly_rest_spans": ((at(0, 0), at(3, 0)), (at(0, 0), at(4, 0))),
        "paid_week_min": 12 * 60,
    },
    "weekly rest after history": {
        "daily_rest_min": 11 * 60,
        "last_end": at(-1, 22),
        "weekly_rest_min": 30 * 60,
        "weekly_rest_spans": ((at(-1, 0), at(2, 0)), (at(1, 0), at(4, 0))),
    },
}


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), name=st.sampled_from(sorted(LIMITS)))
def test_the_oracle_finds_what_brute_force_finds(seed, name):
    rng = np.random.default_rng(seed)
    grid = grid_of()
    burden = rng.exponential(0.2, grid.slots)
    member = member_of(limits_of(**LIMITS[name]), grid, paid_cost=0.3, burden=burden)
    gain = rng.exponential(1.0, grid.slots) * (rng.random(grid.slots) < 0.7)
    expected = brute_force(member, grid, gain)
    value, week = Oracle().best(member, gain)
    assert value == pytest.approx(expected, abs=1e-5)
    worked = gain[week.on_queue].sum() - week.cost
    assert worked == pytest.approx(value, abs=1e-5)


def test_no_week_is_said_to_be_none():
    grid = grid_of()
    member = member_of(limits_of(paid_week_min=39 * 60), grid)
    assert Oracle().best(member, np.ones(grid.slots)) == (-np.inf, None)


def test_a_locked_shift_and_a_locked_day_off_are_kept():
    grid = grid_of()
    locked = (LockedDay(MONDAY, at(0, 12), at(0, 16)), LockedDay(MONDAY + timedelta(days=1)))
    member = member_of(limits_of(locked=locked), grid)
    _, week = Oracle().best(member, np.ones(grid.slots))
    starts = [int(member.space.opt_start[option]) for option, _ in week.shifts]
    assert starts[0] == grid.slot(at(0, 12))
    assert not any(grid.slot(at(1, 0)) <= s < grid.slot(at(2, 0)) for s in starts)
    _, idle = Oracle().best(member, np.full(grid.slots, -1.0))
    assert len(idle.shifts) == 1  # the locked shift stays even where nobody is wanted


def slow_value_shifts(gain, burden, opt_start, opt_len, lengths, rest=None):
    """The kernel's twin: every start of every break tried, slot by slot."""
    found = []
    for start, kind in zip(opt_start, opt_len, strict=True):
        slots = range(start, start + lengths.slots[kind])
        total, placed = sum(gain[s] - burden[s] for s in slots), []
        for b, (length, first, last) in enumerate(
            lengths.break_slots[kind][: lengths.break_count[kind]]
        ):
            toll = np.zeros_like(gain) if rest is None else rest[lengths.break_kind[kind, b]]
            lost = {
                at: sum(gain[start + at + k] + toll[start + at + k] for k in range(length))
                for at in range(first, last + 1)
            }
            least = min(lost.values())
            equal = [at for at, value in lost.items() if value <= least + 1e-9]
            placed.append(min(equal, key=lambda at: abs(2 * at - first - last)))
            total -= least
        found.append((total, placed))
    return found


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_shifts_are_valued_as_by_trying_every_break(bench, seed):
    """Whole gains make ties, which the middle of the window wins."""
    rng = np.random.default_rng(seed)
    problem = bench.plan([bench.agent()], interval_min=15)
    horizon = problem.horizon(bench.MONDAY, 1)
    grid = Grid.around(horizon)
    space = agent_space(work_limits(problem, problem.agents[0], horizon), grid)
    gain = rng.integers(0, 3, grid.slots).astype(float)
    burden = rng.exponential(0.1, grid.slots)
    rest = rng.integers(-1, 3, (2, grid.slots)).astype(float)
    value = np.empty(space.option_count)
    breaks = np.zeros((space.option_count, space.lengths.break_slots.shape[1]), dtype=np.int64)
    value_shifts(
        gain, burden, space.opt_start, space.opt_len, space.lengths.slots,
        space.lengths.break_count, space.lengths.break_slots, space.lengths.break_kind, rest,
        value, breaks,
    )  # fmt: skip
    slow = slow_value_shifts(gain, burden, space.opt_start, space.opt_len, space.lengths, rest)
    assert value == pytest.approx([total for total, _ in slow])
    for o, (_, placed) in enumerate(slow):
        chosen = breaks[o, : len(placed)]
        windows = space.lengths.break_slots[space.opt_len[o]][: len(placed)]
        far = [abs(2 * at - w[1] - w[2]) for at, w in zip(chosen, windows, strict=True)]
        near = [abs(2 * at - w[1] - w[2]) for at, w in zip(placed, windows, strict=True)]
        assert far == near


def test_a_break_goes_to_the_middle_of_its_window_when_all_is_equal(bench):
    problem = bench.plan([bench.agent()], interval_min=15)
    horizon = problem.horizon(bench.MONDAY, 1)
    grid = Grid.around(horizon)
    space = agent_space(work_limits(problem, problem.agents[0], horizon), grid)
    member = Member(
        agent=problem.agents[0],
        limits=work_limits(problem, problem.agents[0], horizon),
        space=space,
        kinds=(0,),
        burden=np.zeros(grid.slots),
        paid_cost=0.0,
    )
    value, week = Oracle().best(member, np.ones(grid.slots))
    ((option, placed),) = week.shifts
    assert space.lengths.minutes[space.opt_len[option]] == 480
    assert placed == (6, 16)  # 60 to 120 and 180 to 300 minutes after the start
    assert value == 32 - 1 - 2


WEEKENDS = {
    "plain": ("MONDAY", 0, {}),
    "spring": ("SPRING", 4, {}),
    "autumn": ("AUTUMN", 4, {}),
    "another zone": ("AUTUMN", 4, {"timezone": "America/St_Johns"}),
}


def nights_plan(bench, name, has_history):
    """Three days of shifts that reach over midnight, rest rules and all."""
    monday, first, person = WEEKENDS[name]
    first_day = getattr(bench, monday) + timedelta(days=first)
    work = bench.contract(
        shortest_min=360,
        longest_min=540,
        length_step_min=180,
        start_window=(840, 1440),
        start_step_min=300,
        consecutive_days_max=3,
        break_tiers=(BreakTier(over_h=6, breaks=(bench.MEAL,)),),
    )
    past = [
        PastShift(
            agent_id="A1",
            start=bench.at(d, "19:00", monday=first_day),
            end=bench.at(d, "27:30", monday=first_day),
        )
        for d in (-5, -4, -2, -1)
    ]
    problem = bench.plan(
        [bench.agent(min_hours_week=14, contract_hours_week=30, **person)],
        contracts={"any": work},
        packs={"eu": bench.EU},
        site_packs=("eu",),
        past_shifts=tuple(past if has_history else ()),
    )
    return problem, problem.horizon(first_day, 3)


@pytest.mark.parametrize("has_history", [False, True])
@pytest.mark.parametrize("name", sorted(WEEKENDS))
def test_the_best_week_is_the_best_of_all_that_the_audit_lets_pass(bench, name, has_history):
    problem, horizon = nights_plan(bench, name, has_history)
    team = assemble(problem, bench.need(horizon))
    member, grid = team.members[0], team.grid
    space = member.space
    rng = np.random.default_rng(len(name))
    gains = [rng.exponential(1.0, grid.slots) for _ in range(3)]
    days = [
        [None, *range(space.day_ptr[d], space.day_ptr[d + 1])] for d in range(len(horizon.dates))
    ]
    best = [-np.inf] * len(gains)
    for chosen in product(*days):
        options = [o for o in chosen if o is not None]
        starts = space.opt_start[options]
        if (starts[1:] < (starts + space.lengths.slots[space.opt_len[options]])[:-1]).any():
            continue
        parts = [(o, space.lengths.break_slots[space.opt_len[o], :, 1]) for o in options]
        shifts = schedule_of(problem, team, [week_of(member, parts)]).shifts
        if bench.breaches(problem, horizon, shifts):
            continue
        for k, gain in enumerate(gains):
            worth = slow_value_shifts(
                gain, member.burden, space.opt_start[options], space.opt_len[options], space.lengths
            )
            paid = sum(shift.paid_min for shift in shifts) / space.unit_min - space.paid_low
            best[k] = max(best[k], sum(v for v, _ in worth) - member.paid_cost * paid)
    assert np.isfinite(best).all()
    for gain, expected in zip(gains, best, strict=True):
        value, _ = Oracle().best(member, gain)
        assert value == pytest.approx(expected)
