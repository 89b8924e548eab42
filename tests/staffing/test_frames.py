"""Tests for wfplan.staffing.frames."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from wfplan.domain.calendar import CalendarDay, DayKind
from wfplan.domain.channels import Channel
from wfplan.staffing import forecast_frames, profile_frame

MONDAY = date(2026, 3, 2)
VOICE = Channel(name="voice", open=["mon-fri 08:00-18:00"])
EMAIL = Channel(name="email", open=["mon-fri 08:00-18:00"], kind="deferred")


def contacts(channel="voice", first="2026-02-02", last="2026-03-15", **columns):
    starts = pd.date_range(first, last, freq="30min", tz="UTC")
    return pd.DataFrame(
        {"channel": channel, "interval_start": starts, "offered": 4.0, "aht_s": 300.0, **columns}
    )


def test_the_future_stays_unseen(problem_of):
    problem = problem_of(VOICE, contacts=contacts())
    horizon = problem.horizon(MONDAY)
    history, _, _ = forecast_frames(problem, horizon)
    assert history["interval_start"].max() < pd.Timestamp(horizon.start)
    assert len(history) > 1000


def test_what_else_is_known_goes_along_and_foreign_channels_do_not(problem_of):
    table = pd.concat([contacts(abandoned=1.0, wait_s=9.0), contacts("fax")])
    history, _, _ = forecast_frames(
        problem_of(VOICE, contacts=table), problem_of(VOICE).horizon(MONDAY)
    )
    assert set(history["channel"]) == {"voice"}
    assert list(history.columns[:4]) == ["channel", "interval_start", "offered", "aht_s"]
    assert {"abandoned", "wait_s"} <= set(history.columns)


def test_every_interval_of_every_channel_is_asked_for(problem_of):
    problem = problem_of(VOICE, EMAIL, contacts=pd.concat([contacts(), contacts("email")]))
    _, future, _ = forecast_frames(problem, problem.horizon(MONDAY))
    assert len(future) == 2 * 336
    assert str(future["interval_start"].dt.tz) == "UTC"
    assert future["is_open"].dtype == bool
    assert future.query("channel == 'voice'")["is_open"].sum() == 5 * 20


def test_a_channel_that_never_had_a_contact_is_not_forecast(problem_of):
    problem = problem_of(VOICE, EMAIL, contacts=contacts())
    _, future, _ = forecast_frames(problem, problem.horizon(MONDAY))
    assert set(future["channel"]) == {"voice"}


def test_a_new_channel_of_which_something_is_stated_is_forecast(problem_of):
    chat = Channel(name="chat", open=["mon-fri 08:00-18:00"], like="voice", like_share=0.2)
    problem = problem_of(VOICE, EMAIL, chat, contacts=contacts())
    _, future, _ = forecast_frames(problem, problem.horizon(MONDAY))
    assert set(future["channel"]) == {"voice", "chat"}
    (row,) = profile_frame(problem).to_dict("records")
    assert (row["channel"], row["like"], row["share"]) == ("chat", "voice", 0.2)
    assert np.isnan(row["offered_week"])


def test_day_totals_do_not_open_the_night_of_a_deferred_channel(problem_of):
    table = contacts("email").query("interval_start.dt.hour == 0 and interval_start.dt.minute == 0")
    problem = problem_of(EMAIL, contacts=table)
    _, future, _ = forecast_frames(problem, problem.horizon(MONDAY))
    assert future["is_open"].sum() == 5 * 20


def test_a_channel_whose_contacts_all_lie_ahead_is_still_asked_for(problem_of):
    ahead = contacts("email", first="2026-03-09")
    problem = problem_of(VOICE, EMAIL, contacts=pd.concat([contacts(), ahead]))
    _, future, _ = forecast_frames(problem, problem.horizon(MONDAY))
    assert set(future["channel"]) == {"voice", "email"}


def test_a_clock_change_week_has_an_hour_less(problem_of):
    problem = problem_of(VOICE)
    _, future, _ = forecast_frames(problem, problem.horizon(date(2026, 3, 23)))
    assert len(future) == 334


def test_deferred_contacts_arrive_whenever_history_has_any(problem_of):
    night = contacts("email").loc[lambda t: t["interval_start"].dt.hour == 22]
    problem = problem_of(EMAIL, contacts=night)
    horizon = problem.horizon(MONDAY)
    _, future, _ = forecast_frames(problem, horizon)
    hours = future.loc[future["is_open"], "interval_start"].dt.hour
    assert set(hours) == {*range(8, 18), 22}


def test_the_calendar_goes_along_and_closes_days(problem_of):
    days = (
        CalendarDay(day=date(2026, 3, 3), kind=DayKind.CLOSED, name="Works"),
        CalendarDay(day=date(2026, 3, 4), kind=DayKind.CAMPAIGN, channel="voice", factor=1.2),
    )
    problem = problem_of(VOICE, calendar=days)
    _, future, calendar = forecast_frames(problem, problem.horizon(MONDAY))
    assert future["is_open"].sum() == 4 * 20
    assert calendar["kind"].tolist() == ["closed", "campaign"]
    assert np.isnan(calendar["factor"][0])
    assert calendar["factor"][1] == pytest.approx(1.2)


def test_no_contacts_and_no_calendar_are_empty_frames(problem_of):
    problem = problem_of(VOICE)
    history, _, calendar = forecast_frames(problem, problem.horizon(MONDAY))
    assert history.empty
    assert str(history["interval_start"].dt.tz) == "UTC"
    assert calendar.empty
