"""Tests for wfplan.engagement.absence and what of a calibration a plan may use."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from math import exp, log
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from wfplan.domain.load_effects import LoadEffect, LoadEffects
from wfplan.domain.people import PastLoad
from wfplan.domain.schedule import PastShift
from wfplan.engagement import absence_shares
from wfplan.engagement.ledger import ACUTE_KEPT

USUAL = 0.05  # the plan's share
ZONE = ZoneInfo("Europe/Dublin")


def effects(*found, verdict="effect_found", means=(30.0, 20.0, 0.1), **more):
    """A calibration with some effects: (name, odds ratio)."""
    acute, chronic, quick = means
    return LoadEffects(
        file="calibration.json", plan="harbour-bank", verdict=verdict, spells=400,
        first_day=date(2026, 1, 5), last_day=date(2026, 9, 27), strain_table="2026.1",
        mean_acute_min=acute, mean_chronic_min=chronic, quick_return_share=quick,
        effects=[
            LoadEffect(name=n, odds_ratio=r, low95=r * 0.9, high95=r * 1.1, is_found=True)
            for n, r in found
        ],
        **more,
    )  # fmt: skip


@pytest.fixture
def week(synthetic):
    """A function: shares of a week in which A001 and A003 work from Monday to Wednesday."""
    days = [synthetic.WEEK + timedelta(days=d) for d in range(3)]

    def shares(load_effects, occupancy=0.0, parts=((480, (480, "ON_QUEUE")),), **more):
        shifts = tuple(
            synthetic.shift(agent_id, day, start, part)
            for agent_id in ("A001", "A003")
            for day in days
            for start, part in parts
        )
        problem = synthetic.problem(load_effects=load_effects, **more)
        horizon = problem.horizon(synthetic.WEEK)
        shape = 2, horizon.interval_count
        whole = np.zeros(shape)
        whole[0] = 1.0
        return absence_shares(
            problem, horizon, synthetic.schedule(shifts=shifts),
            {"A001": whole, "A003": whole}, np.full(shape, occupancy),
        )  # fmt: skip

    return shares


def odds(share):
    return share / (1 - share)


def eve(agent_id, acute, chronic):
    return PastLoad(agent_id=agent_id, day=date(2026, 10, 18), acute_min=acute, chronic_min=chronic)


@pytest.mark.parametrize(
    "named",
    [
        None,
        effects(),
        effects(("acute", 1.5), verdict="no_effect_found"),
        effects(("acute", 1.5), verdict="doubtful"),
        effects(("acute", 1.5), verdict="not_enough_data"),
        effects(("acute", 1.5), is_fitting=False),
        effects(("acute", 0.6)),
    ],
    ids=["none", "empty", "no effect", "doubtful", "too few", "other strain", "protective"],
)
def test_every_effect_is_zero_unless_a_sound_calibration_found_a_harmful_one(week, named):
    assert week(named, past_loads=(eve("A001", 90, 60),)) == {}


def test_odds_move_by_the_load_of_the_evening_before_from_what_was_usual(week, synthetic):
    found = week(effects(("acute", 1.4), ("chronic", 1.2)), past_loads=(eve("A001", 60, 50),))
    monday, tuesday = synthetic.WEEK, synthetic.WEEK + timedelta(days=1)
    assert odds(found["A001", monday]) == pytest.approx(odds(USUAL) * 1.4 * 1.2)
    faded = (60 * ACUTE_KEPT - 30) / 30, (50 * exp(-1 / 42) - 20) / 30
    assert odds(found["A001", tuesday]) == pytest.approx(
        odds(USUAL) * exp(log(1.4) * faded[0] + log(1.2) * faded[1])
    )


def test_a_busier_week_has_more_absences_later_in_it_and_none_more_on_its_first_day(
    week, synthetic
):
    calm, busy = (week(effects(("acute", 1.5)), occupancy) for occupancy in (0.7, 0.9))
    monday, wednesday = synthetic.WEEK, synthetic.WEEK + timedelta(days=2)
    assert calm["A001", monday] == busy["A001", monday] == pytest.approx(USUAL)
    assert calm["A001", wednesday] < USUAL < busy["A001", wednesday]


def test_the_same_load_gives_everybody_the_same_chance(week):
    found = week(effects(("acute", 1.5)), 0.9, past_loads=(eve("A001", 70, 9), eve("A003", 70, 9)))
    days = {day for _, day in found}
    assert len(days) == 3
    assert all(found["A001", day] == found["A003", day] for day in days)


@pytest.mark.parametrize(("acute", "factor"), [(500.0, 2.0), (0.0, 0.5)])
def test_odds_are_never_more_than_doubled_or_halved(week, synthetic, acute, factor):
    named = effects(("acute", 5.0), means=(60.0, 0.0, 0.0))
    found = week(named, past_loads=(eve("A001", acute, 0),))
    assert odds(found["A001", synthetic.WEEK]) == pytest.approx(odds(USUAL) * factor)


@pytest.mark.parametrize(("end_hour", "is_quick"), [(22, True), (21, False)])
def test_a_quick_return_from_the_week_before_counts(week, synthetic, end_hour, is_quick):
    end = datetime(2026, 10, 18, end_hour, tzinfo=ZONE)
    past = PastShift(agent_id="A001", start=end - timedelta(hours=8), end=end)
    found = week(effects(("quick_return", 1.8)), past_shifts=(past,))
    moved = odds(found["A001", synthetic.WEEK]) / odds(USUAL)
    assert moved == pytest.approx(1.8 ** (is_quick - 0.1))
    assert odds(found["A003", synthetic.WEEK]) / odds(USUAL) == pytest.approx(1.8**-0.1)


def test_parts_of_a_split_shift_are_no_quick_return(week, synthetic):
    """Both begin on one date: what lies between them is no rest of a night."""
    named = effects(("quick_return", 1.8))
    whole = week(named)
    split = week(named, parts=((480, (180, "ON_QUEUE")), (780, (180, "ON_QUEUE"))))
    assert split == pytest.approx(whole)
    assert set(split) == set(whole)
