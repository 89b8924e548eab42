"""What changes between two simulated weeks, with how sure one can be of it.

Both weeks are simulated in the same pieces with the same seeds (common random
numbers), so that what is luck in one is luck in the other and mostly cancels.
The half-width of a difference is that of the 95 % Student interval over the
pieces' own differences (Law, Simulation Modeling and Analysis, 5th edition,
2015, chapter 10.2: paired-t confidence interval).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite, nan, sqrt
from typing import Any

import numpy as np
from scipy.special import stdtrit

from wfplan import simulation
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.progress import Watch, no_watch
from wfplan.domain.results import DemandForecast, FloatArray, Outcome
from wfplan.domain.schedule import Schedule

PIECES = 10  # enough for a 95 % interval
MEASURES = ("service_level", "abandon_rate", "wait_mean_s", "occupancy", "harm")
"""What is compared, of every channel and of all together."""


@dataclass(frozen=True)
class Difference:
    """One measure of the week, before and after; an empty channel is all channels."""

    measure: str
    channel: str
    unit: str
    first: float
    second: float
    difference: float
    half_width: float  # of the difference; NaN of a single piece

    @property
    def is_sure(self) -> bool:
        """Whether the difference is more than chance."""
        return isfinite(self.half_width) and abs(self.difference) > self.half_width

    def as_dict(self) -> dict[str, Any]:
        """The difference as plain values, ``None`` for what is not known."""
        return {
            name: None if isinstance(value, float) and not isfinite(value) else value
            for name, value in vars(self).items()
        } | {"is_sure": self.is_sure}


def in_pieces(
    problem: PlanningProblem,
    demand: DemandForecast,
    schedule: Schedule,
    *,
    seed: int,
    reserve: FloatArray | None = None,
    assumptions: simulation.Assumptions | None = None,
    watch: Watch = no_watch,
    workers: int | None = None,
    cluster: str = "threads",
) -> list[Outcome]:
    """The replications of the plan in up to ten pieces, each with a seed of its own."""
    count = problem.simulation.replications
    sizes = [len(part) for part in np.array_split(np.arange(count), min(count, PIECES))]
    seeds = np.random.SeedSequence(seed).generate_state(len(sizes)).tolist()
    outcomes: list[Outcome] = []
    for size, piece_seed in zip(sizes, seeds, strict=True):
        outcome = simulation.simulate(
            problem, demand, schedule, replications=size, seed=piece_seed, reserve=reserve,
            assumptions=assumptions, workers=workers, cluster=cluster,
        )  # fmt: skip
        outcomes.append(outcome)
        watch("simulate", {"replications": sum(sizes[: len(outcomes)]), "of": count})
    return outcomes


def totals(outcome: Outcome) -> Outcome:
    """An outcome without its single intervals, where many are held at once."""
    table = outcome.measures
    return replace(outcome, measures=table[table["interval_start"].isna()])


def differences(
    firsts: Sequence[Outcome], seconds: Sequence[Outcome], channels: Sequence[str]
) -> tuple[Difference, ...]:
    """
    The week's measures of two plans, and how much they differ.

    Parameters
    ----------
    firsts, seconds
        Outcomes of the same pieces: the i-th of both has the same seed and the
        same number of replications.
    channels
        The channels in the order of the plan; all together follow.
    """
    first, second = ([_week(outcome) for outcome in outcomes] for outcomes in (firsts, seconds))
    units = _units(firsts[0])
    return tuple(
        _difference(
            measure,
            channel,
            units.get(measure, ""),
            np.array([week.get((measure, channel), nan) for week in first]),
            np.array([week.get((measure, channel), nan) for week in second]),
        )
        for channel in (*channels, "")
        for measure in MEASURES
        if (measure, channel) in first[0] and (measure, channel) in second[0]
    )


def _difference(
    measure: str, channel: str, unit: str, first: np.ndarray, second: np.ndarray
) -> Difference:
    """Means over pieces, and the paired interval of their difference."""
    each = second - first
    count = len(each)
    half_width = nan
    if count > 1:
        half_width = float(stdtrit(count - 1, 0.975)) * float(each.std(ddof=1)) / sqrt(count)
    return Difference(
        measure, channel, unit, float(first.mean()), float(second.mean()), float(each.mean()),
        half_width,
    )  # fmt: skip


def _week(outcome: Outcome) -> dict[tuple[str, str], float]:
    """The values of the week by measure and channel."""
    table = outcome.measures
    week = table[table["interval_start"].isna()]
    keys = zip(week["measure"], week["channel"], strict=True)
    return dict(zip(keys, week["value"].astype(float).tolist(), strict=True))


def _units(outcome: Outcome) -> dict[str, str]:
    """What the values of each measure count."""
    table = outcome.measures
    return dict(zip(table["measure"], table["unit"], strict=True))
