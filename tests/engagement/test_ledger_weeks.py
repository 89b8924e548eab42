"""Tests for wfplan.engagement.ledger over several weeks: nights between them, and memories."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import exp
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests.engagement.test_ledger import ledger, plan, shift
from wfplan.domain.people import PastLoad
from wfplan.domain.schedule import Activity, ActivityCategory, PastShift, Schedule, Shift
from wfplan.domain.strain import OURS, StrainTable
from wfplan.engagement.ledger import MEASURES, carried_in, other_tables, overload_ledger
from wfplan.store.database import (
    PersonWeek,
    WeekToPublish,
    opened,
    past_of,
    publish,
    reading,
    writing,
)

MONDAY = date(2026, 11, 2)
FLAT = StrainTable(version="flat-1", day_weights=(1.0,))
DAY_MIN = 1440


def as_past(one: Shift, *, is_weighed: bool = False) -> PastShift:
    away = [(p.start, p.end) for p in one.activities if p.category is not ActivityCategory.WORK]
    return PastShift(
        agent_id=one.agent_id, start=one.start, end=one.end, away=tuple(away), is_weighed=is_weighed
    )


def by_week(problem, weeks, monday):
    """The ledgers of two weeks, one after the other, and of both at once."""
    first, second = problem.horizon(monday), problem.horizon(monday + timedelta(days=7))
    both = problem.horizon(monday, 14)
    begin = second.first_day
    own = [[s for s in weeks if (s.shift_date >= begin) is later] for later in (False, True)]
    past = tuple(as_past(one) for one in own[0])
    after = problem.model_copy(update={"past_shifts": past})

    def of(horizon, shifts, of_problem):
        minutes = [
            horizon.local(horizon.interval_instant(t)) for t in range(horizon.interval_count)
        ]
        busy = np.array([[0.8 + 0.2 * abs(np.sin(m.hour + m.minute / 60)) for m in minutes]])
        schedule = Schedule(
            schedule_id="s", timezone=problem.timezone, first_day=horizon.first_day,
            days=horizon.days, shifts=tuple(shifts),
        )  # fmt: skip
        share = {a.agent_id: np.ones_like(busy) for a in problem.agents}
        return overload_ledger(of_problem, horizon, schedule, share, busy, carried={})

    return of(first, own[0], problem), of(second, own[1], after), of(both, weeks, problem)


@pytest.mark.parametrize("timezone", ["Europe/Dublin", "America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize(
    "monday",
    [date(2026, 11, 2), date(2026, 10, 19), date(2026, 3, 23)],  # two of them end in a clock change
)
def test_two_weeks_have_the_minutes_of_both_at_once(timezone, monday):
    """R24: no minute of a night between two weeks is lost or counted twice."""
    problem = plan(timezone=timezone)
    begin = problem.horizon(monday).start + timedelta(hours=22.25)
    nights = [
        shift_at(begin + timedelta(days=d), 465, timezone, pause=(200, 35)) for d in range(-1, 14)
    ]
    inside = [s for s in nights if monday <= s.shift_date < monday + timedelta(days=14)]
    one, two, both = by_week(problem, inside, monday)
    for name in ("overload_min", "high_intensity_min"):
        total = one[name].sum() + two[name].sum()
        assert total == pytest.approx(both[name].sum(), abs=1e-6)
    assert one["overload_min"].sum() > 0 < two["overload_min"].sum()


def shift_at(start, minutes, timezone, *, pause):
    """A shift by an instant, with one pause."""
    cuts = (0, pause[0], pause[0] + pause[1], minutes)
    kinds = (ActivityCategory.WORK, ActivityCategory.BREAK, ActivityCategory.WORK)
    return Shift(
        shift_id=f"s-{start:%Y%m%d%H}",
        agent_id="A1",
        shift_date=start.astimezone(ZoneInfo(timezone)).date(),
        activities=tuple(
            Activity(code=str(kind), category=kind, is_paid=True,
                     start=start + timedelta(minutes=a), end=start + timedelta(minutes=b))
            for kind, (a, b) in zip(kinds, pairwise(cuts), strict=True)
        ),
    )  # fmt: skip


def test_what_runs_into_the_week_stands_on_its_first_date_at_the_weight_of_its_own_day():
    sunday, saturday = (MONDAY - timedelta(days=n) for n in (1, 2))
    past = [as_past(shift(day, 22 * 60, 480, pause=(240, 60))) for day in (saturday, sunday)]
    table = ledger([], problem=plan(past=past))
    rest_of_night = 0.5 * 1.28 * (360 - 60)  # from midnight to six, but for the break from two
    assert table["overload_min"][0] == pytest.approx(1.02 * rest_of_night)
    assert not table["overload_min"][1:].any()
    assert table["acute_min"][0] == pytest.approx((1 - exp(-1 / 7)) * 1.02 * rest_of_night)


def test_what_a_longer_plan_has_booked_is_not_booked_again():
    sunday = shift(MONDAY - timedelta(days=1), 22 * 60, 480)
    known = plan(past=[as_past(sunday, is_weighed=True)])
    assert not ledger([], problem=known)["overload_min"].any()
    assert ledger([], problem=plan(past=[as_past(sunday)]))["overload_min"].any()


def test_a_shift_that_ends_with_the_week_leaves_nothing_to_the_next():
    past = [as_past(shift(MONDAY - timedelta(days=1), 16 * 60, 480))]
    assert not ledger([], problem=plan(past=past))["overload_min"].any()


def five_on(monday: date) -> list[Shift]:
    """Five days of four hours: at 0.9 they are 120 minutes of overload each."""
    return [shift(monday + timedelta(days=d), 540, 240) for d in range(5)]


def test_five_on_two_off_through_the_store_ends_where_the_closed_form_says(tmp_path):
    """SCIENCE 4.3: n weeks from nothing end at trough x (1 - kept^7n), week by week."""
    problem = plan().model_copy(update={"strain": FLAT, "name": "bank"})
    at = datetime(2026, 10, 1, 12, tzinfo=UTC)
    found = {}
    with opened(str(tmp_path / "x.db"), is_made=True) as engine:
        for n in range(6):
            monday = MONDAY + timedelta(weeks=n)
            with reading(engine) as connection:
                past = past_of(connection, "bank", monday, 182)
            known = problem.model_copy(
                update={"past_loads": past.loads, "past_shifts": past.shifts}
            )
            shifts = five_on(monday)
            horizon = known.horizon(monday)
            table = ledger(shifts, problem=known, horizon=horizon)
            assert other_tables(known, horizon) == {}
            for k, row in enumerate(table.itertuples(index=False), start=1):
                found[7 * n + k] = row.acute_min, row.chronic_min
            publish_week(engine, table, shifts, monday, at, FLAT.name)
    for day, (acute, chronic) in {
        5: (61.2550, 13.4681), 7: (46.0317, 12.8418), 42: (72.6406, 52.8770),
    }.items():  # fmt: skip
        assert found[day] == pytest.approx((acute, chronic), abs=5e-5)
    for kept, which in ((exp(-1 / 7), 0), (exp(-1 / 42), 1)):
        trough = 120 * (1 - kept**5) * kept**2 / (1 - kept**7)
        for n in range(1, 7):
            expected = trough * (1 - kept ** (7 * n))
            assert found[7 * n][which] == pytest.approx(expected, abs=1e-6)


def publish_week(engine, table, shifts, monday, at, name):
    loads = tuple(
        PastLoad(agent_id="A1", day=row.date, overload_min=row.overload_min,
                 acute_min=row.acute_min, chronic_min=row.chronic_min)
        for row in table.itertuples(index=False)
    )  # fmt: skip
    schedule = Schedule(
        schedule_id="s", timezone="Europe/Dublin", first_day=monday, days=7, shifts=tuple(shifts)
    )
    week = WeekToPublish(
        "bank", schedule, [PersonWeek("A1", tuple(shifts), loads)], {"strain_table": name}
    )
    with writing(engine) as connection:
        publish(connection, week, actor="ana", at=at)


def test_the_store_tells_the_table_of_an_entry_and_the_breaks_of_the_last_night(tmp_path):
    night = shift(MONDAY + timedelta(days=6), 22 * 60, 480, pause=(240, 60))
    table = ledger([night])
    with opened(str(tmp_path / "x.db"), is_made=True) as engine:
        publish_week(engine, table, [night], MONDAY, datetime(2026, 10, 1, tzinfo=UTC), "house-1+1")
        with reading(engine) as connection:
            past = past_of(connection, "bank", MONDAY + timedelta(days=7), 182)
            inside = past_of(connection, "bank", MONDAY + timedelta(days=6), 182)
    assert {load.table for load in past.loads} == {"house-1+1"}
    (known,) = past.shifts
    pause = night.activities[1]
    assert (known.away, known.is_weighed) == (((pause.start, pause.end),), False)
    assert inside.shifts == ()
    problem = plan().model_copy(update={"past_loads": past.loads})
    assert other_tables(problem, problem.horizon(MONDAY + timedelta(days=7))) == {"house-1+1": 1}


def test_a_table_of_another_content_has_another_name():
    ours = StrainTable()
    one = StrainTable(version="house", night_weight=1.5)
    other = StrainTable(version="house", night_weight=1.6)
    assert ours.name == OURS
    assert one.name.startswith("house+")
    assert one.name != other.name
    assert one.name == StrainTable(version="house", night_weight=1.5).name


def test_a_changed_table_leaves_what_was_carried_as_it_was_weighed():
    eve = MONDAY - timedelta(days=1)
    old = PastLoad(agent_id="A1", day=eve, acute_min=70, chronic_min=40, table=OURS)
    problem = plan().model_copy(update={"past_loads": (old,), "strain": FLAT})
    horizon = problem.horizon(MONDAY)
    assert carried_in(problem, horizon) == {"A1": (70.0, 40.0)}
    assert other_tables(problem, horizon) == {OURS: 1}
    assert set(ledger([], problem=problem)["strain_table"]) == {FLAT.name}


def test_minutes_add_up_the_same_over_people_groups_and_days():
    """R24."""
    people = ("A1", "A2", "A3", "A4")
    problem = plan(people=people)
    shifts = [shift(MONDAY + timedelta(days=d), 420 + 60 * i, 300 + 15 * d, agent=who)
              for i, who in enumerate(people) for d in range(i, 7)]  # fmt: skip
    table = ledger(shifts, occupancy=np.linspace(0.7, 1.0, 672), problem=problem)
    group = table["agent_id"].map({"A1": "x", "A2": "x", "A3": "y", "A4": "y"})
    for name in MEASURES:
        total = table[name].sum()
        assert table.groupby("agent_id")[name].sum().sum() == pytest.approx(total, abs=1e-9)
        assert table.groupby("date")[name].sum().sum() == pytest.approx(total, abs=1e-9)
        assert table.groupby(group)[name].sum().sum() == pytest.approx(total, abs=1e-9)


def test_a_busier_or_a_longer_week_is_never_lighter():
    shifts = [shift(MONDAY + timedelta(days=d), 540, 300) for d in range(4)]
    calm = ledger(shifts, occupancy=0.86)
    busy, longer = ledger(shifts, occupancy=0.9), ledger([*shifts, shift(MONDAY, 900, 60)])
    for name in ("overload_min", "acute_min", "chronic_min"):
        assert (busy[name] >= calm[name] - 1e-9).all()
        assert (longer[name] >= busy[name] - 1e-9).all()
    assert busy["overload_min"].sum() > calm["overload_min"].sum()
