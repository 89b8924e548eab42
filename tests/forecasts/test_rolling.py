"""Tests for forecasts.rolling and forecasts.backtests.scores."""

import numpy as np
import pandas as pd
import pytest

import forecasts
from forecasts import ForecastError
from forecasts.backtests.scores import OURS
from forecasts.models.recent_weeks import YARDSTICKS

PLACE = {"timezone": "Europe/Dublin", "interval_min": 60}


_MADE = {}


@pytest.fixture
def made(centre):
    """A centre of seven weeks, hourly, and its backtest from three origins; made once."""
    if not _MADE:
        one = centre(days=49, interval_min=60, window=(8 * 60, 18 * 60))
        _MADE["centre"], _MADE["found"] = one, forecasts.backtest(one.history, **PLACE, origins=3)
    return _MADE["centre"], _MADE["found"]


def test_every_method_is_scored_on_the_same_cells(made):
    _, found = made
    scores = found.scores()
    assert set(scores["method"]) == {OURS, *YARDSTICKS}
    for _, rows in scores.groupby(["channel", "lead", "grain"]):
        assert rows["cells"].nunique() == 1
        assert rows["contacts"].nunique() == 1


def test_weeks_are_scored_at_their_lead_and_only_once_they_have_come(made):
    _, found = made
    lead = (pd.to_datetime(found.cells["day"]) - pd.to_datetime(found.cells["origin"])).dt.days // 7
    assert (lead + 1 == found.cells["lead"]).all()
    origins = found.scores().set_index(["lead", "grain", "method"])["origins"]
    assert origins[(1, "interval", OURS)] == 3
    assert origins[(2, "interval", OURS)] == 2
    assert (4, "interval", OURS) not in origins.index


def test_what_comes_after_an_origin_does_not_change_what_was_said_there(made):
    centre, found = made
    first = found.cells["origin"].min()
    later = centre.history["interval_start"] >= pd.Timestamp(first, tz="Europe/Dublin")
    changed = centre.history.copy()
    changed.loc[later, "offered"] += 7
    again = forecasts.backtest(changed, **PLACE, origins=3)
    on = (found.cells["origin"] == first).to_numpy()
    same = (again.cells["origin"] == first).to_numpy()
    for method in (OURS, *YARDSTICKS):
        np.testing.assert_array_equal(found.said[method][:, on], again.said[method][:, same])


def test_the_last_value_is_the_week_before_the_origin(made):
    centre, found = made
    on = (found.cells["lead"] == 1).to_numpy()
    counts = centre.history.set_index("interval_start")["offered"]
    before = found.cells["interval_start"][on] - pd.Timedelta(days=7)
    np.testing.assert_allclose(
        found.said["same weekday last"][0][on], counts.reindex(before).to_numpy()
    )


def test_scores_can_be_added_up_by_hand(made):
    _, found = made
    on = (found.cells["lead"] == 1).to_numpy()
    actual, said = found.cells["actual"].to_numpy()[on], found.said[OURS][:, on]
    row = found.scores().query("lead == 1 and grain == 'interval' and method == 'wfplan'").iloc[0]
    assert row["wape"] == pytest.approx(np.abs(actual - said[0]).sum() / actual.sum())
    assert row["bias"] == pytest.approx(said[0].sum() / actual.sum() - 1)
    assert row["coverage80"] == pytest.approx(((actual >= said[2]) & (actual <= said[4])).mean())
    day = found.scores().query("lead == 1 and grain == 'day' and method == 'wfplan'").iloc[0]
    assert day["contacts"] == pytest.approx(row["contacts"])
    assert day["wape"] < row["wape"]


def test_errors_by_hour_hold_all_contacts_of_the_weeks(made):
    _, found = made
    hours = found.by_hour().query("lead == 1")
    total = found.cells.query("lead == 1")["actual"].sum()
    assert hours["contacts"].sum() * 3 == pytest.approx(total)
    assert set(hours["weekday"]) == set(range(6))
    assert hours["hour"].between(8, 17).all()


def test_who_stops_keeps_what_is_scored(made):
    centre, _ = made
    found = forecasts.backtest(
        centre.history, **PLACE, origins=3, watch=lambda done, of: (done, of) == (0, 3)
    )
    assert (found.origins, found.planned) == (1, 3)
    assert found.cells["origin"].nunique() == 1


def test_a_stop_before_the_first_origin_leaves_empty_tables(made):
    centre, _ = made
    found = forecasts.backtest(centre.history, **PLACE, origins=1, watch=lambda *_: False)
    assert found.origins == 0
    assert found.scores().empty
    assert found.by_hour().empty
    assert found.calibration().empty
    assert found.gains().empty


def test_faults_of_the_source_are_not_scored(made):
    centre, _ = made
    history = centre.history.copy()
    history.loc[history.index[-20], "offered"] = 1e9
    found = forecasts.backtest(history, **PLACE, origins=1)
    assert found.cells["actual"].max() < 1e6
    assert "intervals not scored, for faults of their source: 1" in found.notes[0]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"leads": (0,)}, r"leads = \(0,\): give weeks ahead from 1 to 52"),
        ({"leads": ()}, r"leads = \(\): give weeks ahead"),
        ({"origins": 0}, r"origins = 0: a backtest has 1 origin or more"),
    ],
)
def test_settings_without_meaning_are_refused(made, more, message):
    with pytest.raises(ForecastError, match=message):
        forecasts.backtest(made[0].history, **PLACE, **more)


def test_a_short_history_says_what_is_missing(centre):
    short = centre(days=20, interval_min=60).history
    with pytest.raises(ForecastError, match="too short for a backtest: it takes 21 days"):
        forecasts.backtest(short, **PLACE)


def test_days_as_intervals_begin_at_local_midnight_on_both_sides_of_a_clock_change(centre):
    daily = centre(start="2025-02-17", days=56, interval_min=60).history
    local = daily["interval_start"].dt.tz_convert("Europe/Dublin").dt.normalize()
    daily = daily.assign(interval_start=local.dt.tz_convert("UTC"))
    totals = daily.groupby(["channel", "interval_start"], as_index=False)["offered"].sum()
    found = forecasts.backtest(
        totals.assign(aht_s=np.nan), timezone="Europe/Dublin", interval_min=1440, origins=2
    )
    assert found.notes == ()
    assert found.origins == 2
    assert (found.cells["minute"] == 0).all()
