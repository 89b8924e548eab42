"""What a plan expects of its week, from tables to demand: every part is really in the line."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from wfplan import foresight, runs
from wfplan.domain.forecast_tables import FORECAST_TOTALS
from wfplan.domain.overrides import Override, read_change
from wfplan.domain.progress import Control

pytestmark = pytest.mark.slow
LOST, REDIAL = 0.6, 0.5


@pytest.fixture
def run(plan_folder):
    return runs.begin(plan_folder())


def changed(run, **parts):
    return replace(run, problem=run.problem.model_copy(update=parts))


def foreseen(run):
    return foresight.demand(run, Control())


def test_a_bad_week_is_no_demand_and_those_who_come_back_are_planned_for(run):
    contacts = run.problem.contacts
    starts = contacts["interval_start"]
    is_bad = (starts >= starts.max() - pd.Timedelta(days=7)) & (contacts["channel"] == "voice")
    offered = np.where(
        is_bad, np.round(contacts["offered"] / (1 - REDIAL * LOST)), contacts["offered"]
    )
    lost = np.where(is_bad, np.floor(LOST * offered), 0.0)
    voice = run.problem.channel("voice").model_copy(update={"redial": {"voice": REDIAL}})
    lived = changed(
        run,
        contacts=contacts.assign(offered=offered, abandoned=lost),
        channels=(voice, *run.problem.channels[1:]),
    )
    before, found = foreseen(run).offered_mean[0], foreseen(lived)
    first = found.fresh_share[0] * found.offered_mean[0]
    assert run.problem.channels[0].name == "voice"
    assert first.sum() == pytest.approx(before.sum(), rel=0.03)
    assert found.offered_mean[0].sum() > first.sum()


def test_what_is_laid_on_a_forecast_is_in_its_ranges_its_totals_and_its_story(run):
    raised = Override(
        override_id="L001",
        change=read_change("+50%"),
        first=run.horizon.first_day,
        last=run.horizon.first_day,
        author="ada",
        reason="mailing",
        channel="voice",
    )
    plain = foreseen(run)
    found = foreseen(changed(run, overrides=(raised,), scenario=("volume=+10%",)))
    assert [layer.layer for layer in found.layers] == [
        "L001",
        *["scenario"] * len(found.layers[1:]),
    ]
    assert len(found.layers) > 1
    monday = np.arange(found.offered_mean.shape[1]) < 24 * 60 // run.horizon.interval_min
    assert found.offered_mean[0, monday].sum() == pytest.approx(
        1.65 * plain.offered_mean[0, monday].sum()
    )
    busy = found.offered_mean > 1
    low, high = found.offered_q025, found.offered_q975
    assert (low[busy] <= found.offered_q10[busy]).all()
    assert (high[busy] >= found.offered_q90[busy]).all()
    assert high[0, monday].sum() > 1.5 * plain.offered_q975[0, monday].sum()
    totals = found.tables[FORECAST_TOTALS.name]
    week = totals[(totals["span"] == "week") & (totals["level"] == "site")]
    assert week["offered_mean"].sum() == pytest.approx(found.offered_mean.sum(), abs=1e-6)
