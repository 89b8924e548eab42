"""Rules that look back read what the store knows, at the exact boundary, and count nothing twice.

Each case is a past, a week that it just allows, and one that it does not; it is told by the
history alone, by published weeks alone, by both, and by half and half: the answer is the same.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from wfplan.rules import AgentWeek, rules_of
from wfplan.rules.registry import work_limits

DAY = ("08:00", 480)
NIGHT = ("22:00", 480)
LATE, EARLY = ("14:00", 480), ("08:00", 480)  # 10 hours lie between them


def on(days, shift=DAY):
    return tuple((day, *shift) for day in days)


CASES = {
    "max_average_hours_per_week": (
        # 16 weeks of 48 hours: the planned one may have 48, too
        48, [spec for week in range(1, 17) for spec in on(range(-7 * week, 6 - 7 * week))],
        on(range(6)), (*on(range(5)), (5, "08:00", 495)),
    ),
    "max_consecutive_days": (6, on(range(-3, 0)), on(range(3)), on(range(4))),
    "max_consecutive_nights": (4, on(range(-3, 0), NIGHT), on([0], NIGHT), on([0, 1], NIGHT)),
    "min_rest_between_shifts": (11, [(-1, "15:00", 480)], [(0, "10:00", 480)], [(0, "09:45", 480)]),
    "min_weekly_rest": (
        # free from Sunday 16:00 at best; seven dates from Tuesday on have no 35 hours but there
        35, on(range(-6, 0)), [(1, "03:00", 480)], [(1, "02:45", 480)],
    ),
    "max_quick_returns_per_28_days": (
        # the return of 27 days ago counts on Monday, and no longer on Tuesday
        1, [(-28, *LATE), (-27, *EARLY), (-1, *LATE)], [(0, *LATE), (1, *EARLY)], [(0, *EARLY)],
    ),
    "min_full_weekends_off_per_4_weeks": (2, on([-9, -16]), on(range(5)), on([5])),
}  # fmt: skip
"""Value, the past, a week that is kept, and one that is not."""


def shifts_of(make, past, specs):
    return [
        make("A1", past.first_day + timedelta(days=day), clock, minutes / 60)
        for day, clock, minutes in specs
    ]


def publish(past, specs):
    by_week = {}
    for spec in specs:
        by_week.setdefault(-(spec[0] // 7), []).append(spec)
    for week, own in by_week.items():
        past.publish(week, shifts_of(past.told, past, own))


def known_by(past, specs, how):
    """The problem whose past is told in one of four ways."""
    history, published = list(specs), []
    if how == "published":
        history, published = [], list(specs)
    elif how == "both":
        published = list(specs)
    elif how == "half":
        middle = min(spec[0] for spec in specs) // 2 // 7 * 7
        history = [spec for spec in specs if spec[0] < middle]
        published = [spec for spec in specs if spec[0] >= middle]
    elif how == "worked otherwise":
        published = [(day, "05:00" if day == -1 else "12:00", 600) for day, _, _ in specs]
    publish(past, published)
    return past.known(shifts_of(past.worked, past, history))


def is_kept(bench, problem, horizon, row, specs):
    """What auditor and planner say of a week; they must say the same."""
    agent = problem.agents[0]
    shifts = [bench.make_shift(spec, monday=horizon.first_day) for spec in specs]
    rules = [one for one in rules_of(problem, agent, horizon.dates) if one.source == row.origin]
    (rule,) = rules
    found = rule.breaches(AgentWeek.of(problem, agent, horizon, shifts))
    admitted = bench.admits(work_limits(problem, agent, horizon), shifts)
    assert admitted is not bool(found), found
    assert all("from_history" in breach.why for breach in found)
    return admitted


@pytest.mark.parametrize("how", ["history", "published", "both", "half", "worked otherwise"])
@pytest.mark.parametrize("name", CASES)
def test_the_past_leaves_exactly_so_much(bench, past_of, row, name, how):
    value, before, kept, broken = CASES[name]
    one = row(name, value)
    problem, horizon = known_by(past := past_of(one), before, how)
    assert len(problem.past_shifts) == len(before), past
    assert is_kept(bench, problem, horizon, one, kept)
    assert not is_kept(bench, problem, horizon, one, broken)


@pytest.mark.parametrize(
    ("sunday", "kept", "broken"),
    [(date(2026, 3, 29), "10:00", "09:45"), (date(2026, 10, 25), "08:00", "07:45")],
)
@pytest.mark.parametrize("how", ["history", "published"])
def test_rest_after_a_published_shift_is_elapsed_time_in_both_nights_of_the_clock(
    bench, past_of, row, sunday, kept, broken, how
):
    one = row("min_rest_between_shifts", 11)
    past = past_of(one, first_day=sunday)
    problem, horizon = known_by(past, [(-1, "14:00", 480)], how)
    assert is_kept(bench, problem, horizon, one, [(0, kept, 480)])
    assert not is_kept(bench, problem, horizon, one, [(0, broken, 480)])


def test_a_published_shift_that_was_not_worked_is_not_counted(past_of, row):
    """The history tells her whole week: Wednesday was published, and she was ill."""
    past = past_of(row("max_consecutive_days", 6))
    publish(past, on([-7, -5, -4]))
    problem, _ = past.known(shifts_of(past.worked, past, on([-7, -4])))
    assert [one.start.day for one in problem.past_shifts] == [26, 29]


def test_where_the_history_ends_the_published_days_go_on(past_of, row):
    """An export of Tuesday night: of Wednesday on only the published week tells."""
    past = past_of(row("max_consecutive_days", 6))
    publish(past, on(range(-7, -2)))
    problem, _ = past.known(shifts_of(past.worked, past, on([-7, -6], ("09:00", 480))))
    hours = [(one.start.day, one.start.hour) for one in problem.past_shifts]
    assert hours == [(26, 9), (27, 9), (28, 8), (29, 8), (30, 8)]
