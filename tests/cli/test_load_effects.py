"""The effects of a calibration reach every simulation of a run."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from wfplan import pipeline, runs, simulation, staffing, what_if
from wfplan.domain.load_effects import LoadEffect, LoadEffects
from wfplan.domain.progress import Control
from wfplan.store import RunParts


class SeenError(Exception):
    """Ends a simulation that would begin; it has what was assumed."""


@pytest.fixture
def run(synthetic, tmp_path, monkeypatch):
    """A made-up run whose plan names a calibration; no simulation begins."""
    quick = LoadEffect(name="quick_return", odds_ratio=2, low95=1.5, high95=3, is_found=True)
    effects = LoadEffects(
        file="c.json", plan="harbour-bank", verdict="effect_found", spells=412,
        strain_table="2026.1", first_day=date(2026, 1, 5), last_day=date(2026, 9, 27),
        mean_acute_min=40, mean_chronic_min=38, quick_return_share=0.25,
        effects=(quick,),
    )  # fmt: skip
    made = RunParts.of(synthetic.run(tmp_path / "plan.toml"))
    monkeypatch.setattr(runs, "first_contacts", lambda run, plan: run.demand)
    monkeypatch.setattr(staffing, "planned_reserve", lambda need, staff: staff)

    def seen(*_, assumptions=None, **__):
        raise SeenError(
            json.dumps(sorted((assumptions or simulation.Assumptions()).absence.values()))
        )

    monkeypatch.setattr(simulation, "simulate", seen, raising=False)
    return replace(made, problem=made.problem.model_copy(update={"load_effects": effects}))


def as_seen(go):
    """The chances of not coming that a simulation was asked to take."""
    with pytest.raises(SeenError) as error:
        go()
    return json.loads(str(error.value))


def test_the_line_and_pairs_of_runs_simulate_absences_by_load(run):
    usual, odds = 0.05, 2**-0.25
    expected = usual * odds / (1 - usual + usual * odds)
    for go in (
        lambda: pipeline.simulate_week(run, Control()),
        lambda: what_if.paired([run, run], Control()),
    ):
        assert as_seen(go) == pytest.approx([expected, expected])


def test_without_a_calibration_nothing_is_assumed(run):
    bare = replace(run, problem=run.problem.model_copy(update={"load_effects": None}))
    assert as_seen(lambda: pipeline.simulate_week(bare, Control())) == []
