"""Predicted against lived service, half-hour by half-hour: the Technion's bank in February 1999."""

from __future__ import annotations

from types import ModuleType
from typing import Any, NamedTuple
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

pytestmark = [pytest.mark.real, pytest.mark.slow]

WITH_PATIENCE = ("Erlang A", "M/M/n+G", "transient", "simulation")


class Lived(NamedTuple):
    """The half-hours, who was there, what January taught, what models say, and how wrong."""

    table: pd.DataFrame
    spells: pd.DataFrame
    habits: Any
    said: dict[str, pd.DataFrame]
    errors: pd.DataFrame


@pytest.fixture(scope="module")
def lived(technion: ModuleType, real_data) -> Lived:
    calls = technion.read_calls(real_data)
    spells, habits = technion.on_queue(calls), technion.learn(calls)
    table = technion.half_hours(calls, spells)
    said = technion.predictions(table, spells, habits)
    return Lived(table, spells, habits, said, technion.errors(table, said))


def test_the_half_hours_are_those_of_the_source(lived, technion):
    """Totals of January and February as the data's description has them."""
    calls = lived.table["calls"]
    answered = (1 - lived.table["abandoned"].fillna(0)) @ calls
    assert calls.sum() == 61_286
    assert answered == pytest.approx(54_222)
    assert lived.table["in_time"].fillna(0) @ calls / calls.sum() == pytest.approx(0.532, abs=5e-4)
    assert technion.judged(lived.table).sum() > 700


def test_january_teaches_what_is_known_of_the_centre(lived):
    """Brown et al. (2005): mean patience 446 s on censored data; service cv 248 / 201."""
    assert 350 < lived.habits.patience_s < 400
    assert 400 < lived.habits.law.mean_s < 550
    assert lived.habits.handle_cv == pytest.approx(248 / 201, rel=0.05)
    assert 2 <= lived.habits.pause_s <= 10


@pytest.mark.parametrize("measure", ["abandoned", "wait_s", "in_time"])
def test_models_with_patience_are_nearer_to_what_was_lived_than_erlang_c(lived, measure):
    errors = lived.errors["error"].xs(measure, level="measure")
    assert (errors[list(WITH_PATIENCE)] < 0.75 * errors["Erlang C"]).all(), errors.to_string()


@pytest.mark.parametrize("measure", ["abandoned", "in_time"])
def test_models_are_nearer_than_the_same_half_hour_of_last_month(lived, measure):
    errors = lived.errors["error"].xs(measure, level="measure")
    assert (errors[list(WITH_PATIENCE)] < 0.90 * errors["last month"]).all(), errors.to_string()


def test_what_models_with_patience_say_is_right_on_average(lived):
    """Within 2 points of abandonment, 10 s of wait and 5 points of service level."""
    bias = lived.errors["bias"].unstack("measure").loc[list(WITH_PATIENCE)]
    for measure, limit in {"abandoned": 0.02, "wait_s": 10.0, "in_time": 0.05}.items():
        assert (bias[measure].abs() <= limit).all(), bias.to_string()


def test_what_was_left_behind_makes_the_transient_queue_the_nearest_of_the_formulas(lived):
    errors = lived.errors["error"].unstack("measure")
    formulas = errors.loc[["Erlang C", "Erlang A", "M/M/n+G", "transient"]]
    assert (formulas.idxmin() == "transient").all(), formulas.to_string()


def test_luck_alone_explains_most_of_what_the_models_miss(lived, technion, tell):
    """A simulated February against the mean of many: the least error that is to be had."""
    luck = technion.luck(lived.table, lived.spells, lived.habits, lived.said)["error"]
    errors = lived.errors["error"].unstack("measure")
    least = luck.droplevel("predictor")
    tell({f"{p}: {m}": errors.loc[p, m] for p in errors.index for m in errors.columns})
    tell({f"luck alone: {m}": least[m] for m in least.index})
    for model in WITH_PATIENCE:
        ratio = errors.loc[model] / least
        assert (ratio > 0.9).all(), "nobody can be luckier than luck"
        assert (ratio < 1.6).all(), ratio.to_string()


def test_the_figure_shows_every_predictor_and_measure(lived, technion, technion_figure):
    at = technion.judged(lived.table)
    page = technion_figure.page(lived.table, lived.said, lived.errors, at)
    drawings = [part.split("</svg>")[0] for part in page.split("<svg")[1:]]
    panels = ElementTree.fromstring(f"<svg{drawings[0]}</svg>".replace("&#8201;", " "))
    assert len(panels.findall("g")) == 3 * len(lived.said)
    assert "http" not in page
    assert "<script" not in page
    for name in lived.said:
        assert page.count(name) >= 2


def test_the_bins_of_the_figure_hold_equal_calls_in_order(technion_figure):
    rng = np.random.default_rng(1)
    said, calls = rng.random(800), rng.integers(10, 60, 800).astype(float)
    bins = technion_figure.binned(said, said, calls)
    assert len(bins) == technion_figure.BINS
    assert [b[0] for b in bins] == pytest.approx([b[1] for b in bins])
    assert np.all(np.diff([b[0] for b in bins]) > 0)
