"""Tests for wfplan.rules.wording."""

from datetime import UTC, date, datetime

import pytest

from wfplan.rules.wording import say_clock, say_count, say_day, say_minutes, say_moment


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0 min"), (45, "45 min"), (60, "1 h"), (570, "9 h 30 min"), (59.6, "1 h")],
)
def test_minutes_are_said_in_hours(minutes, text):
    assert say_minutes(minutes) == text


def test_days_times_and_counts_are_said_in_words():
    assert say_day(date(2026, 11, 2)) == "Monday 2026-11-02"
    assert say_moment(datetime(2026, 7, 1, 6, tzinfo=UTC), "Europe/Dublin") == (
        "Wednesday 2026-07-01 07:00"
    )
    assert say_clock(420) == "07:00"
    assert say_clock(1440) == "00:00"
    assert say_clock(1560) == "02:00 the day after"
    assert (say_count(1, "day"), say_count(2, "day")) == ("1 day", "2 days")
