"""Tests for wfplan.report.timeline."""

from __future__ import annotations

from wfplan.report.timeline import DEFAULT_WINDOW, day_axes, shown_window


def test_the_window_holds_every_opening_hour_and_every_shift(run):
    first, last = shown_window(run)
    minutes = run.horizon.interval_minutes
    is_open = run.demand.is_open.any(axis=0)
    assert first <= minutes[is_open].min()
    assert last >= minutes[is_open].max() + run.horizon.interval_min
    axes = day_axes(run)
    for shift in run.solution.schedule.shifts:
        axis = axes[(shift.shift_date - run.horizon.first_day).days]
        assert axis.start <= shift.start
        assert shift.end <= axis.end


def test_a_week_without_anything_still_has_axes(empty):
    closed = empty.demand.is_open.copy()
    closed[:] = False
    quiet = type(empty.demand)(**{**vars(empty.demand), "is_open": closed})
    nothing = type(empty)(**{**vars(empty), "demand": quiet})
    assert shown_window(nothing) == DEFAULT_WINDOW
    assert len(day_axes(nothing)) == 7


def test_a_spring_sunday_is_23_hours_long_and_skips_a_tick(spring):
    sunday = day_axes(spring)[6]
    assert sunday.hours == 23
    assert sunday.count == 23 * 4
    assert sunday.change is not None
    assert sunday.change.label == "clocks go forward at 01:00"
    assert sunday.change.at == round(100 * 1 / 23, 3)
    assert sunday.label == "Sun 29 Mar (23 hours)"
    assert "01:00" not in sunday.times


def test_an_autumn_sunday_is_25_hours_long_and_has_an_hour_twice(autumn):
    sunday = day_axes(autumn)[6]
    assert sunday.hours == 25
    assert sunday.count == 25 * 4
    assert sunday.change is not None
    assert sunday.change.label == "clocks go back at 02:00"
    assert sunday.change.at == round(100 * 2 / 25, 3)
    assert sunday.times.count("01:15") == 2


def test_ordinary_days_have_no_clock_change(run, spring):
    assert all(axis.change is None for axis in day_axes(run))
    assert all(axis.change is None for axis in day_axes(spring)[:6])


def test_ticks_stand_at_the_interval_that_begins_on_their_hour(run, autumn):
    for axis in (*day_axes(run), *day_axes(autumn)):
        for tick in axis.ticks:
            assert axis.times[round(tick.at / 100 * axis.count)] == tick.label
        assert any(tick.is_kept for tick in axis.ticks)


def test_elapsed_minutes_are_kept_inside_the_axis(run):
    axis = day_axes(run)[1]
    assert axis.minute_of(axis.start) == 0
    assert axis.minute_of(axis.end) == axis.minutes
    assert axis.minute_of(run.horizon.start) == 0
    assert axis.minute_of(run.horizon.end) == axis.minutes


def test_a_special_day_is_named(run):
    axes = day_axes(run)
    assert axes[0].title == "Monday 1 June 2026: June bank holiday"
    assert axes[1].title == "Tuesday 2 June 2026"
