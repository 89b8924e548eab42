"""The smallest conflict of one person: which of her demands are in the way."""

from __future__ import annotations

from wfplan.scheduling.conflict.demands import SHAPES, Demand
from wfplan.scheduling.conflict.smallest import filtered, smallest
from wfplan.scheduling.conflict.trial import Trial


def core_of(trial: Trial) -> tuple[Demand, ...]:
    """
    An irreducible set of demands that leave no week; empty where there is one.

    What shifts look like is kept until all else is known: without it there are
    many more weeks to look through.
    """
    if trial.has_week(trial.demands):
        return ()
    shapes = tuple(one for one in trial.demands if one.rule.name in SHAPES)
    others = tuple(one for one in trial.demands if one.rule.name not in SHAPES)
    core = smallest(others, lambda some: trial.has_week([*some, *shapes]))
    return filtered((*core, *shapes), trial.has_week)
