"""What a plan expects of its week, from tables to demand: every part is really in the line."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from wfplan import foresight, runs
from wfplan.domain.progress import Control

REDIAL = 0.5


def expected(run, lost: np.ndarray, redial: float):
    """The demand of a run whose callers hung up so, and of whom that share calls again."""
    contacts = run.problem.contacts
    on_voice = (contacts["channel"] == "voice").to_numpy()
    abandoned = np.where(on_voice, np.floor(contacts["offered"] * lost), 0.0)
    voice = run.problem.channel("voice").model_copy(update={"redial": {"voice": redial}})
    channels = (voice, *(one for one in run.problem.channels if one.name != "voice"))
    changed = {"contacts": contacts.assign(abandoned=abandoned), "channels": channels}
    problem = run.problem.model_copy(update=changed)
    return foresight.demand(replace(run, problem=problem), Control())


@pytest.mark.slow
def test_the_week_is_forecast_of_first_contacts_and_planned_with_those_who_come_back(plan_folder):
    run = runs.begin(plan_folder())
    starts = run.problem.contacts["interval_start"]
    last_week = (starts >= starts.max() - pd.Timedelta(days=7)).to_numpy()
    lost = np.where(last_week, 0.6, 0.0)
    voice = run.problem.channels.index(run.problem.channel("voice"))
    as_seen = expected(run, lost, 0.0)
    told_apart = expected(run, lost, REDIAL)
    seen = as_seen.offered_mean[voice].sum()
    fresh = (told_apart.fresh_share * told_apart.offered_mean)[voice].sum()
    assert as_seen.fresh_share is None
    assert fresh < 0.97 * seen  # the bad week made calls that are no demand of its own
    is_open = told_apart.offered_mean[voice] > 0
    assert (told_apart.fresh_share[voice][is_open] < 1).any()  # some will call again, planned for
    assert told_apart.offered_mean[voice].sum() > fresh
