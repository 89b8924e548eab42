"""Lexicographic stages: what comes first is settled first, and kept within a stated tolerance.

SCIENCE 3.3: slacks, then harm, then fairness, then preferences, each fixed
within a tolerance before the next; weights alone cannot be explained. A stage is
a search of its own in which its terms weigh as the plan says, those of earlier
stages several times as much, later ones next to nothing. Its plan is taken only
if every earlier stage is still within its tolerance and the stage itself is no
worse than before; else earlier stages get more weight and it is tried again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from wfplan.domain.problem import Objective, PlanningProblem, RuleSetting, Stage, TermGroup
from wfplan.domain.progress import Stop
from wfplan.domain.results import Solution, StaffNeed, StageReached
from wfplan.domain.schedule import Schedule
from wfplan.scheduling.terms.terms import group_points

_EARLIER = (4.0, 30.0)  # weights of earlier stages, try by try
_LATER = 0.02  # of later ones: they break ties
_TRIFLE = 1e-6

SolveOnce = Callable[[PlanningProblem, StaffNeed, Stop, Schedule | None], Solution]
Read = Callable[[Schedule], Solution]
Prove = Callable[[Solution], Solution]


@dataclass(frozen=True)
class _Kept:
    """A stage that is settled: what it came to, and what later ones may make of it."""

    stage: Stage
    points: float

    @property
    def limit(self) -> float:
        """The most harm points that its terms may have from now on."""
        return self.points + max(abs(self.points) * self.stage.tolerance, self.stage.slack)

    def holds(self, plan: Solution) -> bool:
        """Whether a plan keeps the stage."""
        return group_points(plan.parts, self.stage.terms) <= self.limit + _TRIFLE


def solve_in_stages(
    problem: PlanningProblem,
    need: StaffNeed,
    stop: Stop,
    start: Schedule | None,
    solve_once: SolveOnce,
    read: Read,
    prove: Prove,
) -> Solution:
    """
    The plan of a problem whose objective has stages.

    Parameters
    ----------
    solve_once
        Solves a problem by its weights alone, from a schedule if one is given.
    read
        What a schedule comes to by the plan's own weights.
    prove
        A plan with the bound of its weighted sum.
    """
    stages = _with_the_rest(problem.objective.stages)
    kept: list[_Kept] = []
    best: Solution | None = None
    status, passes = None, 0
    for k, stage in enumerate(stages):
        share = 1 / (len(stages) - k)
        for weight in _EARLIER if k else _EARLIER[:1]:
            part = stop.part(share / (len(_EARLIER) if k else 1), share)
            asked, of_need = _weighed(problem, need, _factors(stages, k, weight))
            begin = best.schedule if best is not None else start
            found = solve_once(asked, of_need, part, begin)
            plan = read(found.schedule)
            status, passes = found.status, passes + found.passes
            is_better = best is None or _points(plan, stage) <= _points(best, stage) + _TRIFLE
            if is_better and all(one.holds(plan) for one in kept):
                best = plan
                break
            if stop.is_due:
                break
        assert best is not None
        kept.append(_Kept(stage, _points(best, stage)))
    assert best is not None
    assert status is not None
    staged = replace(
        best, status=status, passes=passes, seconds=stop.elapsed_s, goals=_reached(kept, best)
    )
    return prove(staged)


def _with_the_rest(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    """The stages, and a last one of all terms that none of them names."""
    named = {group for stage in stages for group in stage.terms}
    rest = tuple(group for group in TermGroup if group not in named)
    return (*stages, Stage(terms=rest)) if rest else stages


def _points(plan: Solution, stage: Stage) -> float:
    return group_points(plan.parts, stage.terms)


def _factors(stages: tuple[Stage, ...], at: int, earlier: float) -> Mapping[TermGroup, float]:
    """What the terms of each stage weigh while one of them is searched."""
    return {
        group: earlier if k < at else 1.0 if k == at else _LATER
        for k, stage in reversed(list(enumerate(stages)))
        for group in stage.terms
    }


def _weighed(
    problem: PlanningProblem, need: StaffNeed, factors: Mapping[TermGroup, float]
) -> tuple[PlanningProblem, StaffNeed]:
    """The problem with its weights multiplied group by group, and no stages."""
    goals = _unstaged(problem)
    scaled = {
        name: getattr(goals, name) * factors[group]
        for group, names in _WEIGHTS.items()
        for name in names
    }
    packs = {
        name: pack.model_copy(update={"rules": _softly(pack.rules, factors[TermGroup.RULES])})
        for name, pack in problem.packs.items()
    }
    asked = problem.model_copy(
        update={
            "objective": goals.model_copy(update=scaled),
            "packs": packs,
            "plan_rules": _softly(problem.plan_rules, factors[TermGroup.RULES]),
        }
    )
    return asked, replace(need, harm=need.harm * factors[TermGroup.CUSTOMERS])


_WEIGHTS: Mapping[TermGroup, tuple[str, ...]] = {
    TermGroup.FLOORS: ("shortfall_per_h", "presence_per_h"),
    TermGroup.OVERLOAD: ("strain_per_h", "overload_per_h"),
    TermGroup.FAIRNESS: ("fairness",),
    TermGroup.WISHES: ("preference_per_h",),
    TermGroup.MONEY: ("paid_hour", "money"),
    TermGroup.CHANGES: ("change_per_day",),
}
"""Weights of the objective by group; customers weigh by their curves, soft rules by their own."""


def _unstaged(problem: PlanningProblem) -> Objective:
    return problem.objective.model_copy(update={"stages": ()})


def _softly(rules: tuple[RuleSetting, ...], factor: float) -> tuple[RuleSetting, ...]:
    """Rules with the weights of the soft ones multiplied."""
    weights = [rule.weight * (factor if rule.hardness == "soft" else 1.0) for rule in rules]
    return tuple(
        rule.model_copy(update={"weight": weight})
        for rule, weight in zip(rules, weights, strict=True)
    )


def _reached(kept: list[_Kept], plan: Solution) -> tuple[StageReached, ...]:
    """What the stages came to, and what is left of them."""
    return tuple(
        StageReached(
            terms=tuple(str(group) for group in one.stage.terms),
            points=one.points,
            limit=one.limit,
            final=_points(plan, one.stage),
        )
        for one in kept
    )
