"""Tests for forecasts.sufficiency: what is missing, in plain words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecasts import sufficiency, verdicts

ZONE = "Europe/Dublin"
END = pd.Timestamp("2026-03-02", tz=ZONE)


def made(weeks, *, gap_weeks=0, opens=9, closes=17, **columns):
    """Half-hours of whole weeks, Monday to Friday, that end before END."""
    first = END - pd.Timedelta(weeks=weeks + gap_weeks)
    starts = pd.date_range(first, END - pd.Timedelta(weeks=gap_weeks), freq="30min",
                           inclusive="left")  # fmt: skip
    starts = starts[(starts.day_of_week < 5) & (starts.hour >= opens) & (starts.hour < closes)]
    frame = pd.DataFrame({"channel": "voice", "interval_start": starts.tz_convert("UTC")})
    return frame.assign(offered=6.0, aht_s=240.0, abandoned=1.0, **columns)


def ahead(channel="voice", opens=9, closes=17):
    starts = pd.date_range(END, periods=7 * 48, freq="30min")
    is_open = (starts.day_of_week < 5) & (starts.hour >= opens) & (starts.hour < closes)
    return pd.DataFrame(
        {"channel": channel, "interval_start": starts.tz_convert("UTC"), "is_open": is_open}
    )


def of(history, future=None, **more):
    table = sufficiency(history, ahead() if future is None else future, timezone=ZONE, **more)
    return table.set_index("what")


def test_two_years_of_everything_are_enough():
    table = of(made(105))
    assert set(table["verdict"]) == {"enough"}
    assert (table["help"] == "").all()
    (line,) = verdicts(table.reset_index()).to_dict("records")
    assert line == {"channel": "voice", "verdict": "enough", "help": ""}


@pytest.mark.parametrize(
    ("weeks", "verdict"), [(1, "not enough"), (2, "with care"), (9, "with care"), (10, "enough")]
)
def test_ten_weeks_allow_eight_test_forecasts(weeks, verdict):
    row = of(made(weeks)).loc["length of the history"]
    assert row["verdict"] == verdict
    assert row["need"] == "10 weeks"
    if verdict != "enough":
        assert row["help"].startswith(f"Add {10 - weeks} more week")


@pytest.mark.parametrize(
    ("what", "history", "future", "verdict"),
    [
        ("recent contacts", made(20, gap_weeks=5), ahead(), "with care"),
        ("recent contacts", made(20, gap_weeks=40), ahead(), "not enough"),
        ("opening hours seen", made(20), ahead(closes=18), "with care"),
        ("opening hours seen", made(20), ahead(opens=17, closes=23), "not enough"),
        ("contacts a week", made(20).assign(offered=0.01), ahead(), "with care"),
        ("contacts a week", made(20).assign(offered=0.0), ahead(), "not enough"),
        ("season of the year", made(60), ahead(), "with care"),
        ("handle times", made(20).assign(aht_s=np.nan), ahead(), "not enough"),
        ("abandonment", made(20).drop(columns="abandoned"), ahead(), "with care"),
    ],
)  # fmt: skip
def test_what_is_short_has_a_verdict_and_a_way_on(what, history, future, verdict):
    row = of(history, future).loc[what]
    assert row["verdict"] == verdict
    assert row["help"].endswith(".")


def test_missing_days_are_counted_against_the_usual_week():
    history = made(12)
    days = history["interval_start"].dt.tz_convert(ZONE).dt.date
    gone = sorted(set(days))[-6:-1]
    row = of(history[~days.isin(gone)]).loc["gaps of the last 8 weeks"]
    assert row["have"] == "5 of 40 days missing"
    assert row["verdict"] == "with care"


def test_a_holiday_ahead_must_have_been_seen_or_stated():
    days = ["2026-01-01", "2026-02-02", "2026-03-04"]
    calendar = pd.DataFrame({"day": pd.to_datetime(days).date, "kind": "holiday", "name": "",
                             "channel": "", "factor": np.nan})  # fmt: skip
    row = of(made(20), calendar=calendar).loc["holidays seen"]
    assert (row["have"], row["verdict"]) == ("2 times", "with care")
    stated = calendar.assign(factor=[np.nan, np.nan, 0.4])
    assert "holidays seen" not in of(made(20), calendar=stated).index


def test_a_channel_without_a_history_is_told_and_no_error():
    table = sufficiency(made(20), ahead("chat"), timezone=ZONE)
    assert table["verdict"].tolist() == ["not enough"]
    empty = made(20).head(0)
    assert sufficiency(empty, ahead(), timezone=ZONE)["verdict"].tolist() == ["not enough"]


def test_what_the_plan_states_need_not_be_learnt():
    history = made(20).drop(columns="abandoned").assign(aht_s=np.nan)
    table = of(history, stated_handle=["voice"], waiting=[])
    assert table.loc["handle times", "verdict"] == "enough"
    assert "abandonment" not in table.index


def test_a_verdict_names_the_two_things_that_would_help_most():
    table = of(made(3).assign(aht_s=np.nan)).reset_index()
    (line,) = verdicts(table).to_dict("records")
    assert line["verdict"] == "not enough"
    assert line["help"].startswith("Add aht_s (seconds)")
    assert line["help"].count(".") == 2
