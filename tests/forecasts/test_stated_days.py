"""What a planner states of a day ahead, and what is not guessed on top of it."""

from __future__ import annotations

import pandas as pd
import pytest

from forecasts import Forecast, forecast

HOLIDAY, NEXT = "2025-03-31", "2025-04-01"  # Monday and Tuesday of the week ahead
UNKNOWN = float("nan")


def run(made, calendar: pd.DataFrame, future: pd.DataFrame | None = None) -> Forecast:
    ahead = made.future if future is None else future
    return forecast(made.history, ahead, timezone="Europe/Dublin", calendar=calendar)


def total(found: Forecast, day: str) -> float:
    on = found.intervals["interval_start"].dt.tz_convert("Europe/Dublin").dt.strftime("%Y-%m-%d")
    return float(found.intervals.loc[on == day, "offered_mean"].sum())


def around(found: Forecast) -> set[str]:
    table = found.special_days
    return set(table.loc[table["day"].astype(str) == NEXT, "kind"])


def test_a_holiday_ahead_that_opens_is_worked_and_one_that_does_not_is_closed(centre, calendar):
    made = centre()
    rows = calendar((HOLIDAY, "holiday", "H", 0.5))
    assert around(run(made, rows)) == {"after worked holiday"}
    shut = made.future.copy()
    local = shut["interval_start"].dt.tz_convert("Europe/Dublin")
    shut.loc[local.dt.strftime("%Y-%m-%d") == HOLIDAY, "is_open"] = False
    closed = run(made, rows, shut)
    assert around(closed) == {"after closed"}
    assert total(closed, NEXT) > total(run(made, rows), NEXT)


def test_nothing_is_guessed_on_top_of_what_is_stated_of_a_day(centre, calendar):
    made = centre()
    plain = total(run(made, calendar((HOLIDAY, "closed", "H", UNKNOWN))), NEXT)
    stated = (NEXT, "event", "Day after", 1.2)
    both = run(made, calendar((HOLIDAY, "closed", "H", UNKNOWN), stated))
    alone = run(made, calendar(stated))
    assert around(both) == {"event"}
    assert total(both, NEXT) == pytest.approx(total(alone, NEXT), rel=0.02)
    assert plain > total(alone, NEXT) / 1.2  # a closed day is guessed to keep contacts waiting
