"""
The simulator against theory, R4 of the reliability goals: 24 cases on a grid.

Erlang C and A, queues with a limit, patience of other laws (M/M/n+G), chats,
two skills, customers who call again: each against a formula or an exact chain.
Every measure is within four standard errors, and the squares of one measure a
case add up to what chance makes of them (0.1 to 99.9 % of chi-square). Seeds
are fixed. How long is simulated follows from the noise of the queue: s^2 / SE^2
with s^2 of :mod:`wfplan.queueing.fluctuation` [1]_, so that the share that
waits is known to 0.001; in the small version, four cases to 0.01.

References
----------
.. [1] Whitt, W. (1992). Asymptotic formulas for Markov processes with
       applications to simulation. *Operations Research* 40(2): 279-291.
       https://doi.org/10.1287/opre.40.2.279
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from math import ceil, inf
from types import ModuleType
from typing import Any

import pytest
from scipy.stats import chi2

from wfplan.domain.channels import Channel
from wfplan.queueing import erlang_a, erlang_c, fluctuation, general_patience
from wfplan.queueing.patience_law import PatienceLaw

REPLICATIONS = 100  # standard errors are then known to 7 %
WARM_S, LEFT_S = 6 * 3600.0, 3 * 3600.0  # left out: begins empty; ends with contacts undecided
SE_NIGHT, SE_SMALL = 0.001, 0.01
DAYS_MOST = 28
MEASURES = ("p_wait", "p_abandon", "p_blocked", "mean_wait_all_s", "sl_offered", "amplification")
Theory = Mapping[str, float]


@dataclass(frozen=True)
class Case:
    """A centre that is always open, and what theory says of each of its channels."""

    per_h: tuple[float, ...]
    aht_s: float
    patience_s: tuple[float, ...]
    staff: tuple[int, ...]  # of one skill, or those of the first channel only and those of both
    theory: Callable[[ModuleType], tuple[Theory, ...]]
    of_channel: tuple[Mapping[str, Any], ...] = ({},)  # keys of the plan
    judged_by: str = "mean_wait_all_s"
    noisier: float = 1.0  # how much more so than the queue of the whole team

    def days(self, error: float) -> int:
        """Days a replication, so that all of them know the share that waits to ``error``."""
        noise = fluctuation.all_busy(
            sum(self.staff), sum(self.per_h), self.aht_s, min(self.patience_s)
        )
        wanted_h = float(noise.asymptotic_variance_s) * self.noisier / error**2 / 3600
        left_out_h = (WARM_S + LEFT_S) / 3600
        return min(max(ceil((wanted_h / REPLICATIONS + left_out_h) / 24), 1), DAYS_MOST)


def erlang(per_h: float, aht_s: float, staff: int, patience_s: float = inf, **more: Any) -> Case:
    """Erlang C, or A where customers hang up."""

    def theory(_: ModuleType) -> tuple[Theory, ...]:
        if patience_s == inf:
            return (vars(erlang_c.steady_state(staff, per_h, aht_s)),)
        return (vars(erlang_a.steady_state(staff, per_h, aht_s, patience_s)),)

    return Case((per_h,), aht_s, (patience_s,), (staff,), theory, **more)


def other_patience(
    per_h: float, aht_s: float, staff: int, law: PatienceLaw, mean_s: float, **keys: Any
) -> Case:
    """M/M/n+G."""

    def theory(_: ModuleType) -> tuple[Theory, ...]:
        return (vars(general_patience.steady_state(staff, per_h, aht_s, law)),)

    return Case((per_h,), aht_s, (mean_s,), (staff,), theory, (keys,), noisier=2.0)


def limited(per_h: float, aht_s: float, staff: int, room: int, patience_s: float) -> Case:
    """So many may wait, others find the line engaged."""

    def theory(chains: ModuleType) -> tuple[Theory, ...]:
        return (chains.limited(per_h / 3600, aht_s, patience_s, staff, room),)

    keys = ({"waiting_max": room},)
    return Case((per_h,), aht_s, (patience_s,), (staff,), theory, keys, "p_blocked")


def chat(
    per_h: float, aht_s: float, staff: int, rates: tuple[float, ...], patience_s: float
) -> Case:
    """Chats with concurrency; the noise is that of a team as fast."""

    def theory(chains: ModuleType) -> tuple[Theory, ...]:
        return (chains.chats(per_h / 3600, aht_s, patience_s, staff, rates),)

    keys = ({"concurrency_rates": rates},)
    return Case((per_h,), aht_s, (patience_s,), (staff,), theory, keys)


def two_skills(
    per_h: tuple[float, float],
    aht_s: float,
    patience_s: tuple[float, float],
    staff: tuple[int, int],
) -> Case:
    """The N-model."""

    def theory(chains: ModuleType) -> tuple[Theory, ...]:
        per_s = (per_h[0] / 3600, per_h[1] / 3600)
        return tuple(chains.n_model(per_s, aht_s, patience_s, staff))

    return Case(per_h, aht_s, patience_s, staff, theory, ({}, {"priority": -1}), noisier=2.0)


def calling_again(
    per_h: float,
    aht_s: float,
    staff: int,
    patience_s: float,
    again: tuple[float, float],
    after_s: float,
) -> Case:
    """Shares of the lost and of the served call again."""

    def theory(chains: ModuleType) -> tuple[Theory, ...]:
        return (chains.redials(per_h / 3600, aht_s, patience_s, staff, again, after_s),)

    keys: dict[str, Any] = {"redial": {"one": again[0]}, "redial_after_min": after_s / 60}
    if again[1]:
        keys |= {"recontact": {"one": again[1]}, "recontact_after_h": after_s / 3600}
    return Case(
        (per_h,), aht_s, (patience_s,), (staff,), theory, (keys,), "amplification", noisier=4.0
    )


LOGNORMAL = {"patience_law": "lognormal", "patience_cv": 1.5}
CASES = {
    "C: 200 an hour, 12 people": erlang(200, 180, 12),
    "C: 200 an hour, 14 people": erlang(200, 180, 14),
    "C: 1140 an hour, 100 people": erlang(1140, 300, 100),
    "C: a queue of two": erlang(6, 600, 2),
    "A: 200 an hour, 12 people": erlang(200, 180, 12, 120),
    "A: 200 an hour, 14 people": erlang(200, 180, 14, 120),
    "A: 2880 an hour, 50 people": erlang(2880, 60, 50, 120),
    "A: overload": erlang(200, 180, 6, 60),
    "A: impatient": erlang(60, 300, 5, 30),
    "A: 200 erlangs": erlang(4000, 180, 195, 60),
    "limit: room for 5": limited(200, 180, 12, 5, inf),
    "limit: no room, Erlang B": limited(60, 300, 5, 0, inf),
    "limit: room for 4, and hanging up": limited(300, 180, 12, 4, 120),
    "patience: log-normal": other_patience(
        200, 180, 11, PatienceLaw.lognormal(120, 1.5), 120, **LOGNORMAL
    ),
    "patience: all alike": other_patience(
        200, 180, 10, PatienceLaw.deterministic(60), 60, patience_law="fixed"
    ),
    "patience: one in ten balks": other_patience(
        200, 180, 11, PatienceLaw.exponential(120, balking=0.1), 120, balk_share=0.1
    ),
    "chat: two at once": chat(360, 60, 5, (1.0, 1.7), 120),
    "chat: three at once": chat(540, 60, 5, (1.0, 1.7, 2.1), 120),
    "chat: three people, patient": chat(60, 240, 3, (1.0, 1.6), 600),
    "skills: 3 and 6": two_skills((180, 240), 60, (120, 120), (3, 6)),
    "skills: 6 and 3": two_skills((240, 150), 60, (120, 60), (6, 3)),
    "skills: few of both": two_skills((60, 30), 240, (120, 300), (4, 3)),
    "again: half of the lost redial": calling_again(200, 180, 11, 120, (0.5, 0.0), 600),
    "again: lost and served": calling_again(60, 300, 6, 120, (0.6, 0.1), 1200),
}
SMALL = (
    "A: 200 an hour, 12 people",
    "limit: room for 4, and hanging up",
    "patience: log-normal",
    "again: half of the lost redial",
)


def simulated(case: Case, error: float, small: ModuleType, floors: ModuleType) -> list[Any]:
    """Estimates per channel."""
    names = ("one", "two")[: len(case.per_h)]
    channels = [
        Channel(name=name, open=small.ALWAYS, handle_law="exponential", **keys)
        for name, keys in zip(names, case.of_channel, strict=True)
    ]
    span = small.horizon(case.days(error))
    if len(case.staff) == 1:
        agents = small.team(case.staff[0], names)
    else:
        agents = small.team(case.staff[0], names[:1], "s") + small.team(case.staff[1], names, "g")
    expected = small.demand(
        span, channels, case.per_h, aht_s=case.aht_s, patience_s=case.patience_s
    )
    model = floors.model_of(
        small.problem(channels, agents), expected, small.always_on(span, agents)
    )
    end_s = span.days * 86_400 - LEFT_S
    hours = (end_s - WARM_S) / 3600
    weeks = floors.contacts(model, REPLICATIONS, 20260302)
    found = floors.tallied(weeks, len(names), WARM_S, end_s, 20.0)
    for per_h, estimates in zip(case.per_h, found, strict=True):
        offered = estimates.pop("offered")
        fresh = hours * per_h
        estimates["amplification"] = floors.Estimate(offered.value / fresh, offered.error / fresh)
    return found


@pytest.fixture(scope="module")
def deviations(small, floors, chains) -> Callable[[str, float], list[dict[str, float]]]:
    """Standard errors from theory per channel and measure; each case is simulated once."""

    @cache
    def compare(name: str, error: float) -> list[dict[str, float]]:
        case = CASES[name]
        truth = case.theory(chains)
        found = simulated(case, error, small, floors)
        return [
            {
                measure: estimates[measure].z(float(theory[measure]))
                for measure in MEASURES
                if measure in theory and (theory[measure] > 0 or estimates[measure].value > 0)
            }
            for theory, estimates in zip(truth, found, strict=True)
        ]

    return compare


def judge(found: list[dict[str, float]]) -> None:
    """Every measure is within four standard errors."""
    assert all(found)
    assert [{m: z for m, z in own.items() if not abs(z) <= 4} for own in found] == [{}] * len(found)


def squares(names: tuple[str, ...], deviations: Any, error: float) -> float:
    """One measure a case: cases are independent, measures of one case are not."""
    return sum(deviations(name, error)[0][CASES[name].judged_by] ** 2 for name in names)


def test_the_grid_has_24_cases():
    assert len(CASES) == 24


@pytest.mark.slow
@pytest.mark.parametrize("name", SMALL)
def test_four_cases_agree_with_theory(deviations, name):
    judge(deviations(name, SE_SMALL))


@pytest.mark.nightly
@pytest.mark.parametrize("name", CASES)
def test_every_case_agrees_with_theory(deviations, tell, name):
    found = deviations(name, SE_NIGHT)
    tell({f"z of {m}, channel {c}": z for c, own in enumerate(found) for m, z in own.items()})
    judge(found)


@pytest.mark.nightly
def test_all_deviations_together_are_as_large_as_chance_makes_them(deviations, tell):
    total = squares(tuple(CASES), deviations, SE_NIGHT)
    low, high = chi2.ppf([0.001, 0.999], len(CASES))
    tell({"sum of z squared": total, "0.1 %": low, "99.9 %": high})
    assert low < total < high


def test_the_grid_would_find_an_error_of_one_per_cent():
    """Handle times one per cent longer move the share that waits by far more than its error."""
    base, longer = erlang_a.steady_state(12, 200, [180, 181.8], 120).p_wait
    assert longer - base > 5 * SE_NIGHT
