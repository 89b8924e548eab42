"""
Days differ by chance alone, and by several times what counting contacts would explain.

200 calls an hour of 180 s, patience 120 s, 14 people: over days of ten hours the
service level has a standard deviation of 0.0174, where the binomial formula
says 0.0056: a variance 9.7 times larger (Roubos, Koole and Stolletz 2012,
https://doi.org/10.1287/msom.1120.0382, describe the problem).
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from wfplan.domain.channels import Channel
from wfplan.queueing import erlang_a, fluctuation

HOURS, WARM_H = 10, 4
TARGET_S = 20.0
CASES = {
    "200 an hour, 14 people": ((200, 180, 120, 14), 0.0174, 9.7),
    "200 an hour, 12 people": ((200, 180, 120, 12), 0.0286, 11.4),
    "2880 an hour, 50 people": ((2880, 60, 120, 50), 0.0093, 46.5),
}


def days(
    queue: tuple[float, float, float, int], count: int, small: ModuleType, floors: ModuleType
) -> NDArray[np.float64]:
    """Offered, answered in time and kept waiting, of ten hours each day, (day, 3)."""
    per_h, aht_s, patience_s, staff = queue
    channel = Channel(name="voice", open=small.ALWAYS, handle_law="exponential")
    span, agents = small.horizon(1), small.team(staff, ["voice"])
    hour = np.arange(span.interval_count) // 4
    rates = np.where(hour < WARM_H + HOURS + 1, per_h, 0.0)
    model = floors.model_of(
        small.problem([channel], agents),
        small.demand(span, [channel], rates, aht_s=aht_s, patience_s=patience_s),
        small.always_on(span, agents),
    )
    return np.array([_counts(contacts) for contacts in floors.contacts(model, count, 11)])


def _counts(contacts: Any) -> tuple[float, float, float]:
    """Of contacts that arrive in the ten hours."""
    own = contacts[np.abs(contacts["arrived"] / 3600 - WARM_H - HOURS / 2) < HOURS / 2]
    wait = np.where(own["person"] >= 0, own["reached"], np.inf) - own["arrived"]
    return len(own), (wait <= TARGET_S).sum(), (wait > 0).sum()


@pytest.mark.parametrize(
    ("case", "count"),
    [
        pytest.param("200 an hour, 14 people", 400, marks=pytest.mark.slow),
        *(pytest.param(case, 1500, marks=pytest.mark.nightly) for case in CASES),
    ],
)
def test_a_day_is_several_times_noisier_than_counting(small, floors, tell, case, count):
    """
    Within what so few days can show, and a tenth: the published ones are simulated too.

    The share that waits varies as the formula says; counted by arrivals instead
    of by time, which adds the noise of counting.
    """
    queue, sd, factor = CASES[case]
    offered, in_time, waited = days(queue, count, small, floors).T
    levels, level = in_time / offered, in_time.sum() / offered.sum()
    binomial = level * (1 - level) / offered.mean()
    share = waited.sum() / offered.sum()
    by_formula = float(fluctuation.all_busy(queue[3], *queue[:3]).sd_over(HOURS * 3600))
    counted = np.hypot(by_formula, np.sqrt(share * (1 - share) / offered.mean()))
    waits = (waited / offered).std()
    tell({"sd": levels.std(), "factor": levels.var() / binomial, "waits: sd": waits})
    tell({"waits: formula": by_formula, "waits: with counting": counted})
    near = 3 / np.sqrt(2 * count)
    assert levels.std() == pytest.approx(sd, rel=near + 0.1)
    assert levels.var() / binomial == pytest.approx(factor, rel=2 * near + 0.2)
    assert (1 - near) * by_formula < waits < (1 + near) * 1.05 * counted
    exact = float(erlang_a.steady_state(queue[3], *queue[:3]).sl_offered)
    assert level == pytest.approx(exact, abs=4 * sd / np.sqrt(count))
