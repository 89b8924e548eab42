"""Tests for the page of a backtest, its pictures and its words."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wfplan.evaluation import ForecastVerdict, forecast_verdicts
from wfplan.report import render_backtest
from wfplan.report.charts_errors import calibration_chart, hour_maps
from wfplan.report.charts_fan import fan_chart
from wfplan.report.forecast_words import headline_of, verdict_sentence


def _made_up():
    path = Path(__file__).with_name("synthetic_backtest.py")
    spec = importlib.util.spec_from_file_location("synthetic_backtest", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


made_up = _made_up()
VERDICT = ForecastVerdict(
    "calls", 1, 12, wape=0.061, floor=0.024, last=0.088, best_name="mean of 4 weeks", best=0.07,
    gain=0.009, half_width=0.004, bias=0.01, coverage80=0.8, coverage95=0.95,
)  # fmt: skip


def test_the_verdict_is_said_as_planners_say_it():
    text = verdict_sentence(VERDICT).replace("\u202f", " ")
    assert text == (
        "calls: WAPE 6.1 % one week ahead; the floor at this volume is 2.4 %; last week's value "
        "would have given 8.8 %, the best plain average (mean of 4 weeks) 7.0 % (0.9 points less "
        "missed, more than chance)."
    )


@pytest.mark.parametrize(
    ("changes", "word", "part"),
    [
        ({}, "Better than plain averages", "by more than chance on calls"),
        ({"half_width": 0.02}, "Better than plain averages", "nowhere by more than chance"),
        ({"gain": -0.01}, "No better than plain averages", "it missed more, surely, on calls"),
    ],
)
def test_the_headline_tells_chance_apart(changes, word, part):
    found = headline_of([replace(VERDICT, **changes)])
    assert found[0] == word
    assert part in found[1]


def test_verdicts_come_in_the_order_of_the_plan_with_the_best_average():
    found = forecast_verdicts(made_up.synthetic_backtest())
    assert [(v.channel, v.lead) for v in found] == [
        (channel, lead) for channel in made_up.CHANNELS for lead in (1, 2)
    ]
    assert found[0].best_name == "same weekday last"
    assert found[0].gain == pytest.approx(0.02)
    assert found[0].is_sure
    assert found[0].as_dict()["week_wape"] is None


def test_the_page_is_whole_escaped_and_needs_no_script():
    text = render_backtest(made_up.synthetic_backtest())
    assert "<script" not in text
    assert "chat <b>" not in text
    assert "chat &lt;b&gt;" in text
    assert "nan" not in text.replace("finance", "")
    for part in ("verdict", "days", "where", "ranges", "models", "scores", "terms"):
        assert f'id="{part}"' in text
    # per channel: a fan, two maps of hours, a histogram, two bars of models
    assert text.count('role="img"') == 2 * (1 + 2 + 1 + 2)
    assert "regression 11.0" in text


def test_a_page_of_nothing_says_so():
    text = render_backtest(made_up.synthetic_backtest(origins=0, planned=3))
    assert "Nothing was scored" in text
    assert "0 of 3 forecasts were made" in text


def test_a_fan_has_a_dot_for_every_day_that_came_and_gaps_for_closed_ones():
    days = [day.date() for day in pd.date_range("2026-03-02", periods=7)]
    mean = np.array([100.0, 90, 80, 90, 100, 0, 0])
    ahead = pd.DataFrame({"day": days, "offered_mean": mean, "actual": [*mean[:3], *[np.nan] * 4]})
    for name, factor in (("025", 0.8), ("10", 0.9), ("50", 1), ("90", 1.1), ("975", 1.2)):
        ahead[f"offered_q{name}"] = mean * factor
    past = pd.DataFrame({"day": [pd.Timestamp("2026-03-01").date()], "offered": [70.0]})
    chart = fan_chart("voice", "voice", past, ahead)
    assert chart is not None
    assert chart.dots.count("M") == 3
    assert chart.count == 8
    assert chart.mean.endswith("H6")  # the weekend is a gap
    assert "100" in chart.summary.split("busiest is Mon 2 Mar with ")[1]
    assert [row.came for row in chart.rows] == ["100", "90", "80", "", ""]


def test_hours_are_sorted_into_classes_of_the_floor():
    hours = pd.DataFrame(
        {
            "weekday": [0, 0, 1],
            "hour": [9, 10, 9],
            "contacts": [10.0, 10, 10],
            "wape": [0.1, 0.4, 0.1],
            "bias": [0.0, -0.2, 0.2],
            "noise_floor": [0.1, 0.1, 0.1],
        }
    )
    found = hour_maps("voice", hours)
    assert found is not None
    ratio, bias = found.maps
    assert "largest on Mon 10:00, 4.0 times the floor" in ratio.summary
    assert ratio.classes[-1].path == "M1 0h1v1h-1z"
    assert "most too little on Mon 10:00" in bias.summary
    assert "most too much on Tue 09:00" in bias.summary
    assert hour_maps("voice", hours.assign(contacts=0.0)) is None


@pytest.mark.parametrize(
    ("shares", "part"),
    [
        ([0.1] * 10, "spread as the forecast says"),
        ([0.3, *[0.05] * 8, 0.3], "ranges are too narrow"),
        ([0.02, 0.06, 0.1, 0.15, 0.17, 0.17, 0.15, 0.1, 0.06, 0.02], "ranges are too wide"),
        ([0.08] * 5 + [0.12] * 5, "leans: more came"),
    ],
)
def test_calibration_is_read_aloud(shares, part):
    assert part in calibration_chart("voice", pd.DataFrame({"share": shares})).summary
