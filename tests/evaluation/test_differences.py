"""Tests for wfplan.evaluation.differences: paired differences of simulated weeks."""

from __future__ import annotations

from datetime import date
from math import isnan, sqrt
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from wfplan import simulation
from wfplan.domain.results import Outcome
from wfplan.evaluation.differences import MEASURES, differences, in_pieces
from wfplan.horizon import Horizon

HORIZON = Horizon("Europe/Dublin", date(2026, 11, 2), 7, 60)


def outcome(level, harm=1.0):
    """A week of one channel, and one interval that must not count."""
    rows = [
        ("service_level", "voice", pd.NaT, level, "share"),
        ("service_level", "", pd.NaT, level, "share"),
        ("harm", "voice", pd.NaT, harm, "points"),
        ("answered", "voice", pd.NaT, 99.0, "contacts"),
        ("service_level", "voice", pd.Timestamp(HORIZON.start), 0.0, "share"),
    ]
    columns = ["measure", "channel", "interval_start", "value", "unit"]
    return Outcome(HORIZON, pd.DataFrame(rows, columns=columns), 10)


def test_the_half_width_is_that_of_the_paired_interval():
    first, second = [0.80, 0.82, 0.78], [0.75, 0.79, 0.74]
    found = differences([*map(outcome, first)], [*map(outcome, second)], ["voice"])
    level = found[0]
    each = np.subtract(second, first)
    assert (level.measure, level.channel, level.unit) == ("service_level", "voice", "share")
    assert level.first == pytest.approx(0.80)
    assert level.difference == pytest.approx(each.mean())
    low, high = stats.t.interval(0.95, 2, each.mean(), each.std(ddof=1) / sqrt(3))
    assert level.half_width == pytest.approx((high - low) / 2)
    assert level.is_sure


def test_luck_that_both_weeks_share_cancels():
    rng = np.random.default_rng(5)
    luck = rng.normal(0, 0.1, 10)
    found = differences(
        [outcome(0.8 + x) for x in luck], [outcome(0.79 + x) for x in luck], ["voice"]
    )
    assert found[0].half_width < 1e-12
    assert found[0].is_sure


def test_what_may_be_chance_is_not_sure():
    found = differences([outcome(0.8), outcome(0.7)], [outcome(0.7), outcome(0.81)], ["voice"])
    assert not found[0].is_sure
    assert found[0].as_dict()["is_sure"] is False


def test_one_piece_knows_no_half_width():
    (level, harm, everybody) = differences([outcome(0.8)], [outcome(0.7, 3.0)], ["voice"])
    assert isnan(level.half_width)
    assert level.as_dict()["half_width"] is None
    assert (harm.measure, harm.difference) == ("harm", 2.0)
    assert everybody.channel == ""


def test_only_measures_that_both_have_are_compared():
    found = differences([outcome(0.8)], [outcome(0.8)], ["voice", "chat"])
    assert [(d.measure, d.channel) for d in found] == [
        ("service_level", "voice"),
        ("harm", "voice"),
        ("service_level", ""),
    ]
    assert {d.measure for d in found} <= set(MEASURES)


def test_pieces_share_the_replications_and_have_seeds_of_their_own(monkeypatch):
    asked, told = [], []

    def simulate(problem, demand, schedule, *, replications, seed, **_):
        asked.append((replications, seed))
        return outcome(0.8)

    monkeypatch.setattr(simulation, "simulate", simulate, raising=False)
    plan = SimpleNamespace(simulation=SimpleNamespace(replications=23))
    found = in_pieces(plan, None, None, seed=7, watch=lambda stage, figures: told.append(figures))
    assert len(found) == len({seed for _, seed in asked}) == 10
    assert sum(count for count, _ in asked) == 23
    assert told[-1] == {"replications": 23, "of": 23}
    first = list(asked)
    asked.clear()
    in_pieces(plan, None, None, seed=7)
    assert asked == first
