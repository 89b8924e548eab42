"""Tests for patterns: the options of a day against the auditor's reading."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from wfplan.domain.contracts import Break, BreakTier
from wfplan.domain.people import Availability, Skill, TimeOff
from wfplan.domain.schedule import Activity, ActivityCategory, LockedShift, PastShift, Shift
from wfplan.horizon import Horizon
from wfplan.rules import work_limits
from wfplan.scheduling.person.grid import Grid
from wfplan.scheduling.person.patterns import agent_space

MEAL = Break(kind="meal", length_min=30, is_paid=False, earliest_min=120, latest_min=240)
DAILY = (BreakTier(over_h=6, breaks=(MEAL,)),)


def shift_of(start, minutes, breaks=()):
    """A shift with each break as early as may be."""
    edges, at = [], 0
    for pause in breaks:
        edges += [(at, pause.earliest_min, "work", True)]
        at = pause.earliest_min + pause.length_min
        kind = "meal" if pause.kind == "meal" else "break"
        edges += [(pause.earliest_min, at, kind, pause.is_paid)]
    edges += [(at, minutes, "work", True)]
    return Shift(
        shift_id="s",
        agent_id="A1",
        shift_date=start.date(),
        activities=tuple(
            Activity(
                code=kind,
                category=ActivityCategory(kind),
                is_paid=is_paid,
                start=start + timedelta(minutes=a),
                end=start + timedelta(minutes=b),
            )
            for a, b, kind, is_paid in edges
            if b > a
        ),
    )


def offered(problem, horizon):
    """What the scheduler offers: start instant and minutes of every option."""
    grid = Grid.around(horizon)
    space = agent_space(work_limits(problem, problem.agents[0], horizon), grid)
    return {
        (grid.instant(int(start)), space.lengths.minutes[kind])
        for start, kind in zip(space.opt_start, space.opt_len, strict=True)
    }


def admitted(bench, problem, horizon, step=30, lengths=range(240, 661, 60)):
    """What the auditor lets pass as the only shift of the week, of all quarter-hour shifts."""
    work = problem.contract_of(problem.agents[0])
    zone = problem.agents[0].timezone
    first = bench.wall_instant(horizon.first_day, 0, zone)
    last = bench.wall_instant(horizon.first_day + timedelta(days=horizon.days), 0, zone)
    passed = set()
    start = first
    while start < last:
        for minutes in lengths:
            shift = shift_of(start, minutes, work.breaks_of(minutes))
            if not bench.breaches(problem, horizon, [shift]):
                passed.add((start, minutes))
        start += timedelta(minutes=step)
    return passed


NIGHTS = {"start_window": (1200, 1560), "start_step_min": 60, "longest_min": 600}
CASES = {
    "plain": {},
    "night cap": {"work": NIGHTS},
    "stop window": {"work": {"stop_latest": (780, 1140)}},
    "stop window past midnight": {"work": NIGHTS | {"stop_latest": (1500, 1800)}},
    "no long shift without a break": {"work": {"break_tiers": (), "longest_min": 600}},
    "unavailable": {
        "person": {
            "availability": (
                Availability(kind="unavailable", weekday=0, start_min=600, end_min=720),
                Availability(kind="available", weekday=1, start_min=480, end_min=1080),
            )
        }
    },
    "days off": {"person": {"skills": "late"}},
    "spring": {"monday": "SPRING", "work": NIGHTS},
    "autumn": {"monday": "AUTUMN", "work": NIGHTS},
    "spring stop": {"monday": "SPRING", "work": NIGHTS | {"stop_latest": (1470, 1545)}},
    "autumn stop": {"monday": "AUTUMN", "work": NIGHTS | {"stop_latest": (1545, 1900)}},
    "another zone": {"person": {"timezone": "Asia/Kolkata"}},
}


def small_plan(bench, case):
    chosen = CASES[case]
    person = dict(chosen.get("person", {}))
    monday = getattr(bench, chosen.get("monday", "MONDAY"))
    if person.get("skills") == "late":
        person["skills"] = (Skill(skill="voice", valid_from=monday + timedelta(days=1)),)
    off = TimeOff(
        start=bench.at(1, "09:00", monday=monday),
        end=bench.at(1, "10:00", monday=monday),
        is_all_day=False,
    )
    given = {"break_tiers": DAILY, "length_step_min": 60, "longest_min": 480}
    work = bench.contract(**given | chosen.get("work", {}))
    return monday, bench.plan(
        [bench.agent(time_off=(off,), **person)],
        contracts={"any": work},
        packs={"eu": bench.EU},
        site_packs=("eu",),
    )


@pytest.mark.slow
@pytest.mark.parametrize("case", sorted(CASES))
def test_the_options_are_exactly_the_shifts_that_the_audit_lets_pass(bench, case):
    """
    But for the spring and the autumn night.

    The second hour that autumn's clock shows twice is not offered, nor is a
    start that spring skips: whoever starts then does so by a lock.
    """
    monday, problem = small_plan(bench, case)
    first, days = (monday + timedelta(days=5), 2) if "monday" in CASES[case] else (monday, 2)
    horizon = problem.horizon(first, days)
    scheduler, auditor = offered(problem, horizon), admitted(bench, problem, horizon)
    assert scheduler <= auditor
    assert scheduler
    left_out = {start.isoformat()[:16] for start, _ in auditor - scheduler}
    doubled = {"2026-10-25T01:00", "2026-10-25T01:30"} if "autumn" in case else set()
    skipped = {"2026-03-29T01:00"} if "spring" in case else set()
    assert left_out <= doubled | skipped


def test_a_night_shift_is_capped_and_a_day_shift_of_that_length_is_not(bench):
    work = bench.contract(
        start_window=(480, 1380), start_step_min=60, longest_min=600, break_tiers=DAILY
    )
    problem = bench.plan(
        [bench.agent()], contracts={"any": work}, packs={"eu": bench.EU}, site_packs=("eu",)
    )
    options = offered(problem, problem.horizon(bench.MONDAY, 1))
    assert (bench.at(0, "08:00"), 600) in options
    assert (bench.at(0, "20:00"), 600) not in options
    assert (bench.at(0, "20:00"), 480) in options


def test_a_start_that_the_spring_change_skips_is_not_offered(bench):
    work = bench.contract(start_window=(0, 150), start_step_min=30)
    problem = bench.plan([bench.agent()], contracts={"any": work})
    starts = sorted({s for s, _ in offered(problem, problem.horizon(bench.SPRING, 7))})
    sunday = [s.isoformat()[11:16] for s in starts if s.date().day == 29]
    assert sunday == ["00:00", "00:30", "01:00", "01:30"]  # 00:00 and 00:30, then 02:00 and 02:30


def lock_of(bench, start, minutes, day=0):
    begin = bench.at(day, start)
    return LockedShift(
        agent_id="A1",
        day=bench.MONDAY + timedelta(days=day),
        start=begin,
        end=begin + timedelta(minutes=minutes),
    )


@pytest.mark.parametrize(
    ("lock", "count"),
    [
        (("03:15", 420), 1),  # neither a start nor a length of the contract
        (("03:20", 420), 0),  # between two slots
        (("03:15", 425), 0),  # ends between two slots
        (("18:00", 780), 0),  # a night of 12.5 paid hours, 8 allowed
        (("18:00", 480), 1),
    ],
)
def test_a_lock_is_the_only_option_of_its_day_where_rest_and_pay_allow_it(bench, lock, count):
    problem = bench.plan(
        [bench.agent()],
        contracts={"any": bench.contract(break_tiers=DAILY)},
        packs={"eu": bench.EU},
        site_packs=("eu",),
        locks=(lock_of(bench, *lock),),
    )
    options = offered(problem, problem.horizon(bench.MONDAY, 1))
    assert len(options) == count
    if count:
        assert options == {(bench.at(0, lock[0]), lock[1])}


def test_a_lock_on_a_day_without_a_skill_leaves_no_option(bench):
    late = Skill(skill="voice", valid_from=bench.MONDAY + timedelta(days=1))
    problem = bench.plan(
        [bench.agent(skills=(late,))], locks=(lock_of(bench, "08:00", 240),), interval_min=60
    )
    assert not offered(problem, problem.horizon(bench.MONDAY, 1))


def test_rest_that_began_days_before_the_week_counts_from_when_it_began(bench):
    """The last shift ended on Saturday at two: by Monday six there are forty hours of rest."""
    end = bench.at(-2, "14:00")
    problem = bench.plan(
        [bench.agent()],
        packs={"eu": bench.EU},
        site_packs=("eu",),
        past_shifts=(PastShift(agent_id="A1", start=end - timedelta(hours=6), end=end),),
    )
    horizon = problem.horizon(bench.MONDAY, 7)
    grid = Grid.around(horizon)
    space = agent_space(work_limits(problem, problem.agents[0], horizon), grid)
    assert grid.instant(space.legal.last_end) == end
    assert space.legal.last_end < 0


def test_rests_and_spans_off_the_slots_are_rounded_against_the_planner(bench):
    horizon = Horizon("UTC", bench.MONDAY, 2, interval_min=60, slot_min=60)
    problem = bench.plan([bench.agent(timezone="Asia/Kolkata")], timezone="UTC", slot_min=60)
    limits = work_limits(problem, problem.agents[0], horizon)
    half_past = bench.at(0, "03:30", timezone="UTC")
    limits = replace(
        limits,
        last_end=half_past,
        daily_rest_min=690,
        weekly_rest_min=120,
        weekly_rest_inside_min=120,
        weekly_rest_spans=((half_past, half_past + timedelta(hours=12)),),
    )
    space = agent_space(limits, Grid.around(horizon))
    assert space.legal.last_end - 24 == 4
    assert space.legal.daily_rest == 12
    assert (space.legal.spans - 24).tolist() == [[4, 15]]


def test_paid_time_is_counted_in_the_largest_unit_that_all_lengths_share(bench):
    work = bench.contract(shortest_min=240, longest_min=480, break_tiers=DAILY)
    problem = bench.plan([bench.agent(min_hours_week=10)], contracts={"any": work})
    horizon = problem.horizon(bench.MONDAY, 7)
    space = agent_space(work_limits(problem, problem.agents[0], horizon), Grid.around(horizon))
    assert space.lengths.paid_min == (240, 360, 450)
    assert space.unit_min == 30
    assert (space.paid_low, space.paid_high) == (20, 80)


def test_a_break_without_room_on_the_slots_drops_its_length(bench):
    tight = Break(kind="rest", length_min=15, is_paid=True, earliest_min=100, latest_min=100)
    work = bench.contract(break_tiers=(BreakTier(over_h=5, breaks=(tight,)),))
    problem = bench.plan([bench.agent()], contracts={"any": work})
    lengths = {minutes for _, minutes in offered(problem, problem.horizon(bench.MONDAY, 1))}
    assert lengths == {240}


@pytest.mark.parametrize("days", [1, 2, 3, 5, 7])
def test_the_grid_reaches_from_the_eve_to_the_day_after(bench, days):
    horizon = Horizon("Europe/Dublin", bench.AUTUMN, days, interval_min=30)
    grid = Grid.around(horizon)
    assert grid.instant(0) == horizon.start - timedelta(days=1)
    assert grid.instant(grid.slots) == horizon.end + timedelta(hours=36)
    assert grid.span(horizon.start, horizon.end) == slice(grid.lead, grid.lead + horizon.slot_count)
    assert np.all(grid.slot(horizon.start) == grid.slot_from(horizon.start))
    assert grid.slot_from(horizon.start + timedelta(minutes=1)) == grid.lead + 1
