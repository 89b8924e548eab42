"""Tests for forecasts.history.sources and loans: channels that are new, and what is stated."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecasts import ForecastError, forecast
from forecasts.history.loans import Statement, read_statements

DUBLIN = "Europe/Dublin"


def stated(**columns) -> pd.DataFrame:
    return pd.DataFrame({name: [value] for name, value in {"channel": "chat", **columns}.items()})


def of_chat(made, history: pd.DataFrame, profiles: pd.DataFrame | None):
    future = made.future.assign(channel="chat")
    return forecast(history, future, timezone=DUBLIN, profiles=profiles)


def test_a_channel_without_history_is_like_a_sibling_at_the_stated_share(centre):
    made = centre()
    found = of_chat(made, made.history, stated(like="voice", share=0.2))
    table = found.intervals
    assert table["offered_mean"].sum() == pytest.approx(0.2 * made.rate.sum(), rel=0.05)
    error = np.abs(table["offered_mean"] - 0.2 * made.rate).sum() / (0.2 * made.rate.sum())
    assert error < 0.08
    assert table["rate_cv"].mean() > 0.3
    assert table["aht_s"].isna().all()
    assert "no history of its own and is taken to be like 'voice', at 16" in found.notes[0]
    assert found.channels["wape_backtest"].isna().all()
    assert not any("were set aside" in note for note in found.notes)


def test_an_ordinary_week_has_the_stated_contacts(centre):
    made = centre()
    found = of_chat(made, made.history, stated(like="voice", offered_week=900.0))
    assert found.intervals["offered_mean"].sum() == pytest.approx(900, rel=0.03)
    week = found.weeks().iloc[0]
    assert week["offered_q10"] < 720
    assert week["offered_q90"] > 1100


def test_doubt_about_a_stated_level_is_one_doubt_about_all_days(centre):
    made = centre()
    found = of_chat(made, made.history, stated(like="voice", offered_week=900.0))

    def reach(totals: pd.DataFrame) -> float:
        width = totals["offered_q90"] - totals["offered_q10"]
        return float((width / totals["offered_mean"]).median())

    days = found.days()
    busy = days[days["offered_mean"] > 100]
    assert reach(found.weeks()) > 0.88 * reach(busy)  # days that err apart would narrow the week


def test_a_stated_week_without_a_sibling_is_even_and_very_unsure(centre):
    made = centre()
    found = of_chat(made, made.history.iloc[:0], stated(offered_week=900.0))
    open_ = made.future["is_open"].to_numpy()
    assert found.intervals["offered_mean"].sum() == pytest.approx(900, rel=0.01)
    assert found.intervals["offered_mean"][open_].std() < 1e-6
    assert found.intervals["rate_cv"][open_].min() > 0.6
    assert "spread evenly over its opening hours, at 900 contacts" in found.notes[0]


def test_days_of_its_own_correct_what_was_stated(centre):
    made, chat = centre(), centre(seed=3, peak=10.0)
    truth = chat.rate.sum()
    levels = []
    for rows in (0, 56, 560):
        own = chat.history.tail(rows).assign(channel="chat")
        history = pd.concat([made.history, own])
        found = of_chat(made, history, stated(like="voice", offered_week=truth / 2))
        levels.append(float(found.intervals["offered_mean"].sum() / truth))
    assert levels[0] == pytest.approx(0.5, rel=0.05)
    assert levels[0] < levels[1] < levels[2]
    assert levels[2] == pytest.approx(1.0, abs=0.12)


def test_a_few_days_of_its_own_suffice_where_only_the_sibling_is_stated(centre):
    made, chat = centre(), centre(seed=3, peak=10.0)
    history = pd.concat([made.history, chat.history.tail(168).assign(channel="chat")])
    found = of_chat(made, history, stated(like="voice"))
    assert found.intervals["offered_mean"].sum() == pytest.approx(chat.rate.sum(), rel=0.15)
    assert "it has only 3 days of history and is taken to be like 'voice'" in found.notes[0]
    alone = of_chat(made, history, None).intervals["offered_mean"]
    error = np.abs(found.intervals["offered_mean"] - chat.rate).sum()
    assert error < np.abs(alone - chat.rate).sum()
    assert found.intervals["aht_s"].notna().all()


def test_three_weeks_of_its_own_need_no_statement(centre):
    made, chat = centre(), centre(seed=3, peak=10.0)
    history = pd.concat([made.history, chat.history.assign(channel="chat")])
    found = of_chat(made, history, stated(like="voice", offered_week=5.0))
    alone = of_chat(made, history, None)
    pd.testing.assert_frame_equal(found.intervals, alone.intervals)
    assert any("so what is stated of it is not used" in note for note in found.notes)


def test_a_sibling_that_never_opens_then_lends_nothing(centre):
    made = centre()
    night = made.future.assign(channel="chat")
    wall = night["interval_start"].dt.tz_convert(DUBLIN)
    night["is_open"] = wall.dt.hour < 4
    found = forecast(
        made.history, night, timezone=DUBLIN, profiles=stated(like="voice", offered_week=112.0)
    )
    assert found.intervals["offered_mean"][night["is_open"]].to_numpy() == pytest.approx(1.0)


def test_a_statement_of_nothing_gives_zeros(centre):
    made = centre()
    found = of_chat(made, made.history, stated(like="voice", share=0.0))
    assert (found.intervals["offered_mean"] == 0).all()
    assert (found.intervals["offered_q90"] == 0).all()


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"like": "voise", "share": 0.2}, "like 'voise', which has no history. Did you mean 'vo"),
        ({"like": "chat", "share": 0.2}, "'chat' cannot be like itself"),
        ({"like": "voice"}, "how much of it comes is not said: state share"),
        ({"like": "voice", "share": -1.0}, "share of 'chat' = -1.0 is no quantity"),
        ({"like": "voice", "share": "much"}, "share of 'chat' = much is no quantity"),
        ({"like": "voice", "share": 0.1, "offered_week": 3.0}, "state one of them"),
        ({"share": 0.1}, "has a share, but of whom"),
        ({"channel": "chatt", "offered_week": 9.0}, "'chatt' is not a channel of the horizon. Did"),
    ],
)
def test_a_statement_without_meaning_is_refused(columns, message):
    with pytest.raises(ForecastError, match=message):
        read_statements(stated(**columns), ["chat"], ["voice"])


def test_all_faults_of_the_statements_are_told_at_once():
    frame = pd.DataFrame({"channel": ["chat", "chat"], "like": ["voise", "chat"], "share": 0.5})
    with pytest.raises(ForecastError, match=r"3 faults:\n- .*voise.*\n- .*twice.*\n- .*itself"):
        read_statements(frame, ["chat"], ["voice"])


def test_a_statement_of_the_sibling_alone_lends():
    assert read_statements(stated(like="voice"), ["chat"], ["voice", "chat"]) == {
        "chat": Statement("voice")
    }
    assert read_statements(None, ["chat"], []) == {}


def test_every_channel_without_history_is_named_with_what_is_near(centre):
    made = centre(days=28)
    future = pd.concat([made.future.assign(channel=name) for name in ("Voice", "fax")])
    with pytest.raises(ForecastError, match=r"2 faults:(?s:.*)'Voice'.*mean 'voice'(?s:.*)'fax'"):
        forecast(made.history, future, timezone=DUBLIN)
