"""Tests for forecasts.judging: what was said, judged by what came."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecasts import Backtest, beside, judge, value_added, with_yardsticks

MONDAY = pd.Timestamp("2026-03-02T00:00Z")
ZONE = "Europe/Dublin"


def hours(first, days, channel="voice", offered=10.0):
    starts = pd.date_range(first, periods=days * 24, freq="h", tz=None)
    return pd.DataFrame({"channel": channel, "interval_start": starts, "offered": offered})


def said(mean, method, rows, origin=MONDAY, width=3.0):
    table = rows[["channel", "interval_start"]].assign(origin=origin, method=method, mean=mean)
    return table.assign(q10=table["mean"] - width, q50=table["mean"], q90=table["mean"] + width)


def test_scores_are_those_of_the_definition():
    came = hours(MONDAY, 14)
    both = pd.concat([said(12.0, "ours", came), said(9.0, "theirs", came, width=0.5)])
    scores = judge(both, came).set_index(["lead", "method"])
    assert scores.loc[(0, "ours"), "wape"] == pytest.approx(0.2)
    assert scores.loc[(0, "ours"), "bias"] == pytest.approx(0.2)
    assert scores.loc[(0, "theirs"), "bias"] == pytest.approx(-0.1)
    assert scores.loc[(0, "ours"), "coverage80"] == 1
    assert scores.loc[(0, "theirs"), "coverage80"] == 0
    assert scores.loc[(1, "ours"), "cells"] == scores.loc[(2, "ours"), "cells"] == 7 * 24
    # |12 - 10| at 0.5, and (10 - 9) 0.1 at the lower, (15 - 10) 0.1 at the upper: twice the mean
    assert scores.loc[(0, "ours"), "pinball"] == pytest.approx(2 * (1 + 0.1 + 0.5) / 3 / 10)


def test_all_methods_are_judged_on_the_cells_that_all_have():
    came = hours(MONDAY, 7)
    both = pd.concat([said(12.0, "ours", came), said(9.0, "theirs", came.head(24))])
    scores = judge(both, came)
    assert set(scores["cells"]) == {24}


def test_what_has_not_come_yet_judges_nothing():
    came = hours(MONDAY, 7)
    ahead = said(12.0, "ours", hours(MONDAY + pd.Timedelta(days=7), 7))
    assert judge(ahead, came).empty
    assert value_added(ahead, came, ZONE, below="ours", above="theirs").empty


def test_yardsticks_know_only_what_came_before_the_origin():
    past = pd.concat(
        [hours(MONDAY - pd.Timedelta(weeks=back), 7, offered=float(back)) for back in range(1, 7)]
    )
    came = pd.concat([past, hours(MONDAY, 14, offered=50.0)])
    rows = hours(MONDAY, 14)
    table = with_yardsticks(said(12.0, "ours", rows), came, ZONE)
    last = table.loc[table["method"] == "same weekday last", "mean"]
    assert set(last) == {1.0}
    assert set(table.loc[table["method"] == "mean of 4 weeks", "mean"]) == {2.5}


def test_yardsticks_follow_the_clock_of_the_site_over_a_clock_change():
    local = pd.date_range("2026-03-23", periods=14 * 24, freq="h")
    stamps = local.tz_localize(ZONE, nonexistent="shift_forward", ambiguous=True)
    frame = pd.DataFrame({"channel": "voice", "interval_start": stamps.tz_convert("UTC")})
    came = frame.assign(offered=np.asarray(stamps.hour, dtype=float)).drop_duplicates()
    after = came[came["interval_start"] >= pd.Timestamp("2026-03-30", tz=ZONE)]
    origin = pd.Timestamp("2026-03-30", tz=ZONE).tz_convert("UTC")
    table = with_yardsticks(said(1.0, "ours", after, origin), came, ZONE)
    last = table[table["method"] == "same weekday last"].merge(after, on="interval_start")
    known = last.dropna(subset=["mean"])
    assert len(known) >= 7 * 24 - 2
    assert (known["mean"] == known["offered"]).all()


def test_a_hand_that_helps_is_told_from_chance():
    came = hours(MONDAY, 7).assign(offered=lambda f: 10.0 + np.arange(len(f)) // 24)
    both = pd.concat([said(13.0, "below", came), said(came["offered"], "above", came)])
    (row,) = value_added(both, came, ZONE, below="below", above="above").to_dict("records")
    assert row["with"] == pytest.approx(0)
    assert row["gain"] == pytest.approx(row["without"])
    assert row["gain"] > row["half_width"] > 0
    same = pd.concat([said(13.0, "below", came), said(13.0, "above", came)])
    (row,) = value_added(same, came, ZONE, below="below", above="above").to_dict("records")
    assert row["gain"] == row["half_width"] == 0


def test_a_forecast_from_elsewhere_stands_beside_a_backtest_as_known_at_its_origins():
    came = hours(MONDAY, 14)
    cells = came.rename(columns={"offered": "actual"}).assign(origin=MONDAY.date())
    ours = np.tile([[12.0], [6.0], [9.0], [12.0], [15.0], [18.0]], (1, len(cells)))
    none = pd.DataFrame()
    found = Backtest(cells, {"wfplan": ours}, {}, none, none, none, 60, 1, 1, (), ("wfplan",))
    early = said(9.0, "office", came.head(48), MONDAY - pd.Timedelta(days=1))
    newer = said(10.0, "office", came.head(24), MONDAY - pd.Timedelta(hours=1))
    late = said(10.0, "office", came, MONDAY + pd.Timedelta(days=1))
    scores = beside(found, pd.concat([early, newer, late]), "UTC").set_index("method")
    assert scores["cells"].to_dict() == {"wfplan": 48, "office": 48}
    assert scores.loc["wfplan", "wape"] == pytest.approx(0.2)
    assert scores.loc["office", "wape"] == pytest.approx(0.05)  # half of it was the newer one
    assert beside(found, late, "UTC").empty
