"""Tests for forecasts.special_days.calendar."""

from __future__ import annotations

from datetime import date
from math import log

import numpy as np
import pandas as pd
import pytest

from forecasts.history.series import ordinal
from forecasts.special_days.calendar import (
    AFTER_CLOSED,
    AFTER_OPEN,
    EVE,
    SECOND_AFTER,
    Effects,
    learn_effects,
    read_calendar,
    shut_days,
)

WORKDAYS = np.array([True] * 5 + [False] * 2)
UNKNOWN = float("nan")
NONE = frozenset()


def day(text: str) -> int:
    return ordinal(date.fromisoformat(text))


def entries(*rows, channel="voice"):
    names = ("day", "kind", "name", "channel", "factor")
    frame = pd.DataFrame([dict(zip(names, row, strict=True)) for row in rows], columns=names)
    return read_calendar(frame, [channel])[channel]


def holiday(text: str, factor: float = UNKNOWN, channel: str = ""):
    return (date.fromisoformat(text), "holiday", "H", channel, factor)


def labels(calendar, text, shut=NONE):
    return calendar.labels(np.array([day(text)]), WORKDAYS, shut)[0]


def test_the_days_around_a_closed_monday_are_named():
    calendar = entries(holiday("2025-05-05"))
    shut = frozenset({day("2025-05-05")})
    assert labels(calendar, "2025-05-05", shut) == (("holiday", "H"),)
    assert labels(calendar, "2025-05-06", shut) == (AFTER_CLOSED,)
    assert labels(calendar, "2025-05-06") == (AFTER_OPEN,)
    assert labels(calendar, "2025-05-07", shut) == (SECOND_AFTER,)
    assert labels(calendar, "2025-05-07") == ()
    assert labels(calendar, "2025-05-08", shut) == ()


def test_a_monday_follows_a_closed_friday_across_the_weekend():
    calendar = entries(holiday("2025-04-18"))
    assert labels(calendar, "2025-04-21", frozenset({day("2025-04-18")})) == (AFTER_CLOSED,)
    assert labels(calendar, "2025-04-17") == (EVE,)


def test_a_holiday_on_a_day_without_service_changes_nothing_around_it():
    calendar = entries(holiday("2025-05-04"))  # a Sunday
    assert labels(calendar, "2025-05-05", frozenset({day("2025-05-04")})) == ()


def test_a_row_for_one_channel_beats_one_for_all_and_other_channels_are_ignored():
    one = entries(holiday("2025-05-05", 0.5), holiday("2025-05-05", 0.2, "voice"))
    assert one.stated(day("2025-05-05")) == 0.2
    other = entries(holiday("2025-05-05", 0.2, "chat"))
    assert not other.is_off(day("2025-05-05"))


def test_a_stated_holiday_is_not_learned_a_second_time_from_the_country():
    calendar = entries(
        holiday("2025-05-05", 0.4), (date(2025, 5, 5), "holiday", "May Day", "", UNKNOWN)
    )
    assert labels(calendar, "2025-05-05") == ()
    assert calendar.stated(day("2025-05-05")) == 0.4


def learned(values: dict[str, float], *rows) -> Effects:
    """Effects of a history of ten weeks at 100 contacts a day, but for ``values``."""
    calendar = entries(*rows)
    days = day("2025-03-03") + np.arange(70, dtype=np.int64)
    arrived = np.where(WORKDAYS[(days + 3) % 7], 100.0, 0.0)
    for text, value in values.items():
        arrived[days == day(text)] = value
    exposure = np.where(WORKDAYS[(days + 3) % 7], 1.0, 0.0)
    found = calendar.labels(days, WORKDAYS, NONE)
    ordinary = (exposure > 0) & np.array([not label for label in found])
    return learn_effects(calendar, days, arrived, exposure, found, ordinary)


def test_an_effect_is_the_log_ratio_to_the_same_weekdays_around():
    effects = learned({"2025-04-14": 40.0}, holiday("2025-04-14"))
    assert effects.seen[("holiday", "H")][0] == pytest.approx(log(40.5 / 100.5))


def test_a_holiday_on_which_nothing_came_was_closed_and_teaches_nothing():
    assert ("holiday", "H") not in learned({"2025-04-14": 0.0}, holiday("2025-04-14")).seen


def test_two_days_of_one_name_count_more_than_one_and_doubt_shrinks():
    one = Effects({EVE: (0.2,)}, np.zeros(7)).of((EVE,), 0)
    two = Effects({EVE: (0.2, 0.2)}, np.zeros(7)).of((EVE,), 0)
    none = Effects({}, np.zeros(7)).of((EVE,), 0)
    assert none.factor == 1.0
    assert 1.0 < one.factor < two.factor < np.exp(0.2)
    assert none.variance > one.variance > two.variance


def test_an_event_of_an_unknown_name_is_like_its_kind_and_says_so():
    effects = Effects({("event", "a"): (0.5,), ("event", "b"): (0.7,)}, np.zeros(7))
    found = effects.of((("event", "c"),), 0)
    assert found.factor == pytest.approx(np.exp(0.6))
    assert found.how == "event 'c' is taken to be like 2 past event days"


def test_a_first_event_changes_nothing_but_the_doubt():
    found = Effects({}, np.zeros(7)).of((("event", "new"),), 0)
    assert found.factor == 1.0
    assert found.variance > 0.05
    assert "no past day" in found.how


def test_days_that_hardly_anybody_called_on_were_shut():
    calendar = entries(holiday("2025-04-14"), holiday("2025-04-21"), holiday("2026-01-01"))
    days = day("2025-04-07") + np.arange(21, dtype=np.int64)
    arrived = np.full(21, 100.0)
    arrived[days == day("2025-04-14")] = 5.0
    shut = shut_days(calendar, days, arrived, np.ones(21), np.ones(21, dtype=bool))
    assert shut == {day("2025-04-14"), day("2026-01-01")}
