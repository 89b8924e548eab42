"""Each feature of the engine against theory: laws, blocking, redials, overflow, priority, reserve.

Within four standard errors over replications, after a warm-up of six hours.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from wfplan.domain.channels import Channel
from wfplan.queueing import erlang_b, erlang_c
from wfplan.simulation.frames import FRESH
from wfplan.simulation.model import Assumptions, build_model
from wfplan.simulation.one_week import run_replication

ALWAYS = ["daily 00:00-24:00"]
WARM_S = 6 * 3600.0


def weeks(small, channels, agents, per_hour, *, days=2, runs=25, aht_s=180.0, patience_s=np.inf):
    """Contacts of some replications after the warm-up, everybody on queue throughout."""
    span = small.horizon(days)
    expected = small.demand(span, channels, per_hour, aht_s=aht_s, patience_s=patience_s)
    model = build_model(
        small.problem(channels, agents), expected, small.always_on(span, agents), None,
        Assumptions(),
    )  # fmt: skip
    found = [run_replication(model, r, 11).contacts for r in range(runs)]
    end = model.centre.end_s - WARM_S
    return [c[(c["arrived"] > WARM_S) & (c["arrived"] < end)] for c in found]


def agrees(each: list[float], truth: float) -> bool:
    values = np.array(each)
    error = values.std(ddof=1) / np.sqrt(len(values))
    return bool(abs(values.mean() - truth) <= 4 * error)


def waits(found) -> list[float]:
    return [(c["reached"] - c["arrived"])[c["person"] >= 0].mean() for c in found]


@pytest.mark.parametrize(("law", "cv"), [("fixed", 1.0), ("gamma", 0.5), ("gamma", 1.5),
                                         ("lognormal", 1.2), ("exponential", 1.0)])  # fmt: skip
def test_one_person_makes_customers_wait_as_pollaczek_and_khinchine_say(small, law, cv):
    """W = rho / (1 - rho) (1 + cv^2) / 2 handle times; a fixed handle time has cv 0."""
    voice = Channel(name="voice", open=ALWAYS, handle_law=law, handle_cv=cv)
    found = weeks(small, [voice], small.team(1, ["voice"]), 12.0, days=14)
    spread = 0.0 if law == "fixed" else cv
    assert agrees(waits(found), 180 * 0.6 / 0.4 * (1 + spread**2) / 2)


def test_with_no_place_to_wait_the_blocked_are_those_of_erlang_b_whatever_the_law(small):
    voice = Channel(name="voice", open=ALWAYS, waiting_max=0)
    found = weeks(small, [voice], small.team(10, ["voice"]), 180.0)
    assert agrees([c["is_blocked"].mean() for c in found], float(erlang_b.blocking(10, 9.0)))


def test_with_few_places_the_blocked_are_those_of_a_finite_queue(small):
    """M/M/n/K with 10 people and 5 places, by its balance equations."""
    voice = Channel(name="voice", open=ALWAYS, waiting_max=5, handle_law="exponential")
    found = weeks(small, [voice], small.team(10, ["voice"]), 200.0)
    weight = np.cumprod([1.0] + [10.0 / min(k, 10) for k in range(1, 16)])
    assert agrees([c["is_blocked"].mean() for c in found], weight[-1] / weight.sum())


@pytest.mark.slow
@pytest.mark.parametrize("row", range(6))
def test_redials_and_repeat_contacts_settle_at_the_fixed_point(small, shared, row):
    """Delays of hours make what comes back Poisson, as the fixed point assumes."""
    truth = pd.read_csv(shared / "truth" / "redial.csv").loc[row]
    back, again = truth["redial_prob_after_abandon"], truth["recontact_prob_after_service"]
    voice = Channel(
        name="voice", open=ALWAYS, handle_law="exponential", redial={"voice": back},
        redial_after_min=60, recontact={"voice": again}, recontact_after_h=1,
    )  # fmt: skip
    found = weeks(
        small, [voice], small.team(int(truth["staff"]), ["voice"]), truth["fresh_per_hour"],
        days=4, runs=12, patience_s=120.0,
    )  # fmt: skip
    late = [c[c["arrived"] > 36 * 3600.0] for c in found]
    fresh = [(c["cause"] == FRESH).sum() for c in late]
    assert agrees([len(c) / n for c, n in zip(late, fresh, strict=True)], truth["amplification"])
    assert agrees([(c["person"] < 0).mean() for c in late], truth["p_abandon"])


def test_helpers_without_delay_share_the_work_and_with_an_endless_one_do_nothing(small):
    agents = [small.agent(f"a{i}", ["voice"], {"voice": 3 - i % 2}) for i in range(24)]
    for delay_s, people in ((0.0, 24), (86_400.0, 12)):
        voice = Channel(name="voice", open=ALWAYS, handle_law="exponential", preferred_level=3,
                        overflow_after_s=delay_s)  # fmt: skip
        found = weeks(small, [voice], agents, 200.0)
        asked = erlang_c.steady_state(people, 200.0, 180.0).mean_wait_all_s
        assert agrees(waits(found), float(asked))


def test_who_goes_first_waits_as_cobham_says(small):
    """M/M/n of two priorities: the first waits C / (n mu - lambda_1)."""
    channels = [Channel(name=name, open=ALWAYS, handle_law="exponential", priority=p)
                for p, name in enumerate(("first", "second"))]  # fmt: skip
    found = weeks(small, channels, small.team(10, ["first", "second"]), [80.0, 100.0])
    chance = float(erlang_c.wait_probability(10, 9.0))
    one = chance * 180 / (10 - 4)
    both = one * 10 / (10 - 9)
    assert agrees(waits([c[c["channel"] == 0] for c in found]), one)
    assert agrees(waits([c[c["channel"] == 1] for c in found]), both)


def test_a_larger_reserve_lets_callers_wait_less_and_work_wait_more(small):
    found = []
    for reserve in (0, 2, 5):
        email = Channel(name="email", kind="deferred", open=ALWAYS, due_h=8)
        channels = [Channel(name="voice", open=ALWAYS, reserve=reserve), email]
        team = small.team(14, ["voice", "email"])
        found.append(weeks(small, channels, team, [140.0, 60.0], runs=6))
    calls = [np.mean(waits([c[c["channel"] == 0] for c in each])) for each in found]
    work = [np.mean(waits([c[c["channel"] == 1] for c in each])) for each in found]
    assert calls[0] > calls[1] > calls[2]
    assert work[0] < work[1] < work[2]
