"""The peers' model of contact weeks says what the instances' evaluator says."""

import gzip
import json
import sys
from math import inf

import numpy as np
import pytest

from tests.benchmarks.contact_weeks import ContactWeek
from tests.benchmarks.peers_cp_sat import cost_of
from tests.benchmarks.scheduling_peers import judged, ours, theirs

OPEN = (32, 80)


@pytest.fixture(scope="module")
def week(shared, tmp_path_factory):
    """Two days, two channels, three people of whom one serves both."""
    slots = [(day, at) for day in range(7) for at in range(96)]
    wanted = [
        [int(day < 2 and OPEN[0] <= at < OPEN[1]) * (1 + (c + at // 7) % 2) for day, at in slots]
        for c in (0, 1)
    ]
    x = {
        "days": 7,
        "slots_per_day": 96,
        "avail_means": "whole shift inside window",
        "channels": [{"name": f"c{c}", "required": row} for c, row in enumerate(wanted)],
        "employees": [
            {
                "id": i, "skills": skills, "contract_h": 10, "max_days": 2, "min_rest_h": 11,
                "avail": [list(OPEN)] * 2 + [None] * 5,
            }
            for i, skills in enumerate([[0], [1], [0, 1]])
        ],
        "rules": {
            "start_step": 8, "len_min": 16, "len_max": 24, "len_step": 8, "lens": None,
            "short_below": 24, "tolerance_h": 4,
        },
        "cost": {"under": [[0.1, 3], [0.2, 6], [None, 12]], "over": [[0.1, 1], [None, 2]]},
    }  # fmt: skip
    folder = tmp_path_factory.mktemp("shared") / "bench"
    (folder / "contact-weeks" / "instances").mkdir(parents=True)
    (folder / "tools").symlink_to(shared / "bench" / "tools")
    path = folder / "contact-weeks" / "instances" / "tiny.json.gz"
    path.write_bytes(gzip.compress(json.dumps(x).encode()))
    return ContactWeek("tiny", folder.parent)


def cp_sat(week, hint=()):
    task = {"instance": week.x, "seconds": 60.0, "workers": 2, "hint": list(hint)}
    return theirs(sys.executable, "cpsat", task)


@pytest.mark.slow
def test_cp_sat_proves_what_the_evaluator_says_and_we_find_it(week):
    said = cp_sat(week)
    cost, verdict = judged(week, said)
    assert (said["status"], verdict) == ("OPTIMAL", "legal")
    assert said["cost"] == pytest.approx(cost)
    mine, verdict = judged(week, ours(week, 0.5, seed=0))
    assert verdict == "legal"
    assert mine == pytest.approx(cost)
    assert cp_sat(week, said["rows"])["cost"] == pytest.approx(cost)


def test_a_channel_costs_what_the_evaluator_says(week):
    rng = np.random.default_rng(5)
    prices = week.x["cost"]
    for need, heads in rng.integers(0, 40, (50, 2)):
        cost, _ = week.judge.interval_cost([need], [heads], [[0]], prices["under"], prices["over"])
        assert cost_of(week.x, int(need), int(heads)) == pytest.approx(cost)


def test_a_model_that_says_less_than_the_evaluator_is_not_believed(week):
    assert judged(week, {"rows": [], "status": "UNKNOWN"}) == (inf, "no week (UNKNOWN)")
    rows = [[0, 0, 32, 16, 6, None, None]]
    cost, verdict = judged(week, {"rows": rows})
    assert verdict == "3 hard violations"  # too few hours for everybody
    with pytest.raises(AssertionError, match="a peer's model says"):
        judged(week, {"rows": rows, "cost": cost - 1})
