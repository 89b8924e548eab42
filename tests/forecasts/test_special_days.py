"""Tests for forecasts.special_days: the calendar, labels, evidence and effects."""

from __future__ import annotations

from datetime import date
from math import exp, log

import numpy as np
import pandas as pd
import pytest

from forecasts.errors import ForecastError
from forecasts.history.series import ordinal
from forecasts.special_days.around import Surroundings
from forecasts.special_days.calendar import COLUMNS, read_calendar
from forecasts.special_days.effects import learn
from forecasts.special_days.evidence import Evidence, measured, usual
from forecasts.special_days.label import (
    AFTER_CLOSED,
    AFTER_LONG,
    AFTER_OPEN,
    AFTER_UNSERVED,
    BRIDGE,
    EVE,
    SECOND_AFTER,
    Label,
)
from forecasts.special_days.pool import Elsewhere, pool
from forecasts.special_days.study import shut_days

WORKDAYS = np.array([True] * 5 + [False] * 2)
UNKNOWN = float("nan")
NONE = frozenset()


def day(text: str) -> int:
    return ordinal(date.fromisoformat(text))


def entries(*rows, channel="voice"):
    """The calendar of a channel from rows of day, kind, name, channel, factor and more by name."""
    made = []
    for row in rows:
        *values, more = row if isinstance(row[-1], dict) else (*row, {})
        made.append(dict(zip(COLUMNS, values, strict=False)) | more)
    return read_calendar(pd.DataFrame(made, columns=list(COLUMNS)), [channel])[channel]


def holiday(text: str, factor: float = UNKNOWN, channel: str = "", name: str = "H"):
    return (date.fromisoformat(text), "holiday", name, channel, factor)


def labels(calendar, text, shut=NONE, served=WORKDAYS):
    return Surroundings(calendar, served, shut).labels(np.array([day(text)]))[0]


def test_the_days_around_a_closed_monday_are_named():
    calendar = entries(holiday("2025-05-05"))
    shut = frozenset({day("2025-05-05")})
    assert labels(calendar, "2025-05-05", shut) == (Label("holiday", "H"),)
    assert labels(calendar, "2025-05-06", shut) == (Label(AFTER_CLOSED, "H"),)
    assert labels(calendar, "2025-05-06") == (Label(AFTER_OPEN, "H"),)
    assert labels(calendar, "2025-05-07", shut) == (Label(SECOND_AFTER, "H"),)
    assert labels(calendar, "2025-05-07") == ()
    assert labels(calendar, "2025-05-08", shut) == ()


def test_a_monday_follows_a_closed_friday_across_the_weekend():
    calendar = entries(holiday("2025-04-18"))
    shut = frozenset({day("2025-04-18")})
    assert labels(calendar, "2025-04-21", shut) == (Label(AFTER_CLOSED, "H"),)
    assert labels(calendar, "2025-04-17") == (Label(EVE, "H"),)


def test_a_friday_between_a_holiday_and_the_weekend_is_a_bridge():
    calendar = entries(holiday("2025-05-29"))  # a Thursday
    assert Label(BRIDGE) in labels(calendar, "2025-05-30")
    assert Label(BRIDGE) in labels(calendar, "2025-05-30", served=np.ones(7, dtype=bool))
    assert Label(BRIDGE) not in labels(calendar, "2025-05-28")
    tuesday = entries(holiday("2025-06-10"))
    assert set(labels(tuesday, "2025-06-09")) == {Label(EVE, "H"), Label(BRIDGE)}


def test_the_first_day_after_two_closed_workdays_follows_a_long_closure():
    rows = [holiday("2025-12-25", name="Christmas"), holiday("2025-12-26", name="Stephen")]
    shut = frozenset({day("2025-12-25"), day("2025-12-26")})
    found = labels(entries(*rows), "2025-12-29", shut)
    assert set(found) == {Label(AFTER_CLOSED, "Stephen"), Label(AFTER_LONG)}
    assert Label(AFTER_LONG) not in labels(entries(rows[1]), "2025-12-29", shut)


def test_a_holiday_on_a_day_without_service_is_told_apart_from_one_that_cost_a_workday():
    calendar = entries(holiday("2025-05-04"))  # a Sunday
    shut = frozenset({day("2025-05-04")})
    assert labels(calendar, "2025-05-05", shut) == (Label(AFTER_UNSERVED, "H"),)
    assert labels(calendar, "2025-05-06", shut) == ()
    assert Label(AFTER_UNSERVED).is_soft


def test_a_row_for_one_channel_beats_one_for_all_and_other_channels_are_ignored():
    one = entries(holiday("2025-05-05", 0.5), holiday("2025-05-05", 0.2, "voice"))
    assert one.stated(day("2025-05-05")) == 0.2
    other = entries(holiday("2025-05-05", 0.2, "voice"), holiday("2025-05-05", 0.5))
    assert other.stated(day("2025-05-05")) == 0.2
    assert not entries(holiday("2025-05-05", 0.2, "chat")).is_off(day("2025-05-05"))


def test_a_stated_holiday_is_not_learned_a_second_time_from_the_country():
    calendar = entries(holiday("2025-05-05", 0.4), holiday("2025-05-05", name="May Day"))
    assert labels(calendar, "2025-05-05") == ()
    assert calendar.stated(day("2025-05-05")) == 0.4


def test_of_two_holidays_on_one_day_one_is_learned_and_of_two_events_both():
    both = entries(holiday("2025-05-05"), holiday("2025-05-05", name="May Day"))
    assert labels(both, "2025-05-05") == (Label("holiday", "H"),)
    when = date(2025, 5, 6)
    events = entries((when, "event", "a", "", UNKNOWN), (when, "event", "b", "", UNKNOWN))
    assert labels(events, "2025-05-06") == (Label("event", "a"), Label("event", "b"))


def test_a_campaign_with_a_lag_begins_late_and_is_learned_by_day_since():
    row = (date(2025, 5, 5), "campaign", "Mail", "", UNKNOWN, {"lag_days": 1, "days": 2})
    calendar = entries(row)
    assert labels(calendar, "2025-05-05") == ()
    assert labels(calendar, "2025-05-06") == (Label("campaign", "Mail"),)
    assert labels(calendar, "2025-05-07") == (Label("campaign", "Mail", 1),)
    assert labels(calendar, "2025-05-08") == ()


def test_a_stated_effect_of_several_days_fades_in_equal_steps_of_its_logarithm():
    calendar = entries((date(2025, 5, 5), "campaign", "Mail", "", 1.44, {"days": 2}))
    assert calendar.stated(day("2025-05-05")) == pytest.approx(1.44)
    assert calendar.stated(day("2025-05-06")) == pytest.approx(1.2)
    assert calendar.stated(day("2025-05-07")) == 1.0


def test_an_event_that_says_nothing_of_its_length_is_followed_by_days_that_are_looked_at():
    calendar = entries((date(2025, 5, 5), "event", "Bills", "", UNKNOWN))
    after = labels(calendar, "2025-05-06")
    assert after == (Label("event", "Bills", -1),)
    assert after[0].is_soft
    stated = entries((date(2025, 5, 5), "event", "Bills", "", 1.2))
    assert labels(stated, "2025-05-06") == ()


def test_a_span_has_the_same_label_on_every_day_and_a_long_one_is_part_of_ordinary_life():
    school = (date(2025, 5, 5), "period", "Term", "", UNKNOWN, {"until": date(2025, 6, 6)})
    fair = (date(2025, 5, 5), "event", "Fair", "", UNKNOWN, {"until": date(2025, 5, 7)})
    assert labels(entries(school), "2025-06-06") == (Label("period", "Term"),)
    assert labels(entries(fair), "2025-05-07") == (Label("event", "Fair"),)
    assert not Label("event", "Fair").is_soft
    long = (*fair[:-1], {"until": date(2025, 6, 7)})
    assert labels(entries(long), "2025-06-05") == (Label("period", "Fair"),)


def test_a_closure_of_many_days_is_off_on_each():
    calendar = entries((date(2025, 8, 4), "closed", "", "", UNKNOWN, {"until": date(2025, 8, 8)}))
    assert all(calendar.is_closed(day(f"2025-08-0{n}")) for n in range(4, 9))
    assert not calendar.is_off(day("2025-08-09"))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"days": 0}, "days = 0 of 2025-05-05 is not a number of days"),
        ({"days": "x"}, "days = x of 2025-05-05 is not a number of days"),
        ({"lag_days": 1.5}, "lag_days = 1.5 of 2025-05-05 is not a number of days"),
        ({"until": date(2025, 5, 1)}, "from 2025-05-05 until 2025-05-01 is no span"),
        ({"until": "soon"}, "until = soon .*is not a date"),
        ({"until": date(2025, 5, 8), "days": 3}, "has both until and days"),
        ({"factor": "much"}, "the factor much of 2025-05-05 is not a factor"),
        ({"day": "someday"}, "day = someday .*is not a date"),
    ],
)
def test_a_row_that_means_nothing_is_named(more, message):
    with pytest.raises(ForecastError, match=message):
        entries((date(2025, 5, 5), "campaign", "Mail", "", UNKNOWN, more))


def shown(values: dict[str, float], *rows, served=WORKDAYS, weeks=10) -> Evidence:
    """Evidence of a history of weeks at 100 contacts a day, but for ``values``."""
    calendar = entries(*rows)
    days = day("2025-03-03") + np.arange(7 * weeks, dtype=np.int64)
    exposure = np.where(served[(days + 3) % 7], 1.0, 0.0)
    arrived = 100.0 * exposure
    for text, value in values.items():
        arrived[days == day(text)] = value
    found = Surroundings(calendar, served).labels(days)
    clear = (exposure > 0) & np.array([not one for one in found])
    usually = usual(days, arrived, exposure, clear, clear)
    return measured(found, days, arrived, exposure, usually)


def test_an_effect_is_the_log_ratio_to_the_same_weekdays_around():
    evidence = shown({"2025-04-14": 40.0}, holiday("2025-04-14"))
    at = evidence.labels.index((Label("holiday", "H"),))
    assert evidence.value[at] == pytest.approx(log(40.5 / 100.5))
    assert evidence.known_from[at] == day("2025-05-05") + 1


def test_a_holiday_on_which_nothing_came_was_closed_and_teaches_nothing():
    evidence = shown({"2025-04-14": 0.0}, holiday("2025-04-14"))
    assert (Label("holiday", "H"),) not in evidence.labels


def seen(*pairs: tuple[Label, float], quiet: float = 0.0) -> Evidence:
    """Evidence of single labels with values whose noise is 5 %."""
    size = len(pairs)
    return Evidence(
        tuple((label,) for label, _ in pairs),
        np.arange(size),
        np.array([value for _, value in pairs]),
        np.full(size, 0.05**2),
        np.full(size, quiet),
        np.arange(size) + 1,
    )


def test_two_days_of_one_name_count_more_than_one_and_doubt_shrinks():
    eve = Label(EVE, "H")
    one = learn(seen((eve, 0.2))).of((eve,))
    two = learn(seen((eve, 0.2), (eve, 0.2))).of((eve,))
    none = learn(seen()).of((eve,))
    assert none.factor == 1.0
    assert 1.0 < one.factor < two.factor < exp(0.2)
    assert none.variance > one.variance > two.variance


def test_an_event_of_an_unknown_name_is_like_its_kind_and_says_so():
    a, b, c = (Label("event", name) for name in "abc")
    found = learn(seen((a, 0.5), (b, 0.5), (a, 0.5), (b, 0.5))).of((c,))
    assert 1.1 < found.factor < exp(0.5)
    assert found.parts[0].how == "like others"
    assert found.parts[0].others == 4


def test_a_first_event_changes_nothing_but_the_doubt():
    found = learn(seen()).of((Label("event", "new"),))
    assert found.factor == 1.0
    assert found.variance > 0.05
    assert found.parts[0].how == "guessed"


def test_a_worked_holiday_tends_to_the_quietest_weekday():
    """Learned on a Monday far above Sunday, applied to a Sunday, which loses nothing."""
    new_year = Label("holiday", "New Year")
    effects = learn(seen((new_year, -1.0), (new_year, -1.0), quiet=-1.0))
    assert effects.of((new_year,), -1.0).factor == pytest.approx(exp(-1.0), rel=0.06)
    assert effects.of((new_year,), 0.0).factor == pytest.approx(1.0, abs=0.15)
    assert learn(seen()).of((new_year,), -1.0).factor == pytest.approx(exp(-0.9))


def test_effects_of_labels_that_coincide_are_told_apart():
    bridge, after = Label(BRIDGE), Label(AFTER_OPEN, "H")
    evidence = Evidence(
        ((bridge, after), *[(after,)] * 6),
        np.arange(7),
        np.array([0.3, *[0.1] * 6]),
        np.full(7, 0.03**2),
        np.zeros(7),
        np.arange(7),
    )
    effects = learn(evidence)
    assert effects.of((after,)).factor == pytest.approx(exp(0.1), abs=0.04)
    assert effects.of((bridge, after)).factor == pytest.approx(exp(0.25), abs=0.08)


def test_what_another_channel_saw_moves_a_channel_that_saw_nothing():
    event = Label("event", "Storm")
    told = (Elsewhere(event, 0.4, 0.02, 3),)
    alone, both = learn(seen()).of((event,)), learn(seen(), told).of((event,))
    assert alone.factor < 1.2 < both.factor < exp(0.4)
    assert both.variance < alone.variance
    assert both.parts[0].how == "other channels"


def test_channels_learn_from_each_other_and_not_from_themselves_or_the_future():
    storm = Label("event", "Storm")
    known = pool({"voice": seen((storm, 0.4), (storm, 0.4)), "chat": seen()})
    (said,) = known["chat"].before(10)
    assert said.label == storm
    assert said.mean == pytest.approx(0.4)
    assert said.days == 2
    assert known["voice"].before(10) == ()
    assert known["chat"].before(0) == ()
    assert pool({"voice": seen((storm, 0.4))})["voice"].before(10) == ()


def test_channels_that_differ_teach_each_other_less():
    storm, flood = Label("event", "Storm"), Label("event", "Flood")
    alike = {"a": seen((storm, 0.4), (flood, 0.4)), "b": seen((storm, 0.4), (flood, 0.4))}
    apart = {"a": seen((storm, 0.9), (flood, -0.4)), "b": seen((storm, 0.0), (flood, 0.6))}
    (same, _), (other, _) = (pool(x | {"c": seen()})["c"].before(9) for x in (alike, apart))
    assert same.variance < other.variance


def test_days_that_hardly_anybody_called_on_were_shut():
    calendar = entries(holiday("2025-04-14"), holiday("2025-04-21"), holiday("2026-01-01"))
    days = day("2025-04-07") + np.arange(21, dtype=np.int64)
    arrived = np.full(21, 100.0)
    arrived[days == day("2025-04-14")] = 5.0
    shut = shut_days(calendar, days, arrived, np.ones(21), np.ones(21, dtype=bool))
    assert shut == {day("2025-04-14"), day("2026-01-01")}
