"""
A week planned again with what its simulation showed, round by round.

Curves are of intervals alone and of people without breaks of their own; where the simulated week
says otherwise they are corrected, and the week is searched anew from where it stands. Rounds end
when both agree; of all weeks that were lived the best is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from wfplan import evaluation, scheduling, staffing
from wfplan.domain.progress import Control
from wfplan.domain.results import Round, SolveStatus, StaffNeed
from wfplan.store import RunParts, there

ROUND_SHARE = 1 / 3  # of the first search's budget is what every round gets
Stage = Callable[[RunParts, Control], RunParts]


def refined(run: RunParts, control: Control, simulate: Stage) -> RunParts:
    """
    The week planned again with what its simulation showed; the best lived plan is kept.

    ``simulate`` is the line's own stage, so that every round is lived as the first one was.
    """
    first_need, rounds = there(run.need, "staff"), run.problem.simulation.rounds
    plans, looks = [run], [_look(run, first_need)]
    for done in range(rounds):
        need, solution, outcome = run.planned()
        is_agreed = staffing.disagreement(need, solution.staff, outcome) <= staffing.AGREEMENT
        if is_agreed or control.stop.is_due:
            break
        need = staffing.corrected(run.problem, need, solution.staff, outcome)
        solution = scheduling.solve(
            run.problem,
            need,
            stop=control.stop.part(ROUND_SHARE, 1 / (rounds - done)),
            seed=run.seed + done + 1,
            watch=control.watch,
            start=solution.schedule,
            proof=solution.proof,
        )
        if control.stop.interrupt.is_set():
            break  # a first look at an unfinished week compares with nothing
        run = simulate(replace(run, need=need, solution=solution), control)
        plans.append(run)
        looks.append(_look(run, first_need))
    best = min(range(len(plans)), key=lambda i: looks[i].lived)
    looks[best] = replace(looks[best], is_kept=True)
    (_, first, _), (_, solution, _) = plans[0].planned(), plans[best].planned()
    status = SolveStatus.PARTIAL if control.stop.interrupt.is_set() else solution.status
    solution = replace(solution, asked=first.asked, status=status)
    return replace(plans[best], solution=solution, rounds=tuple(looks))


def _look(run: RunParts, first_need: StaffNeed) -> Round:
    """A simulated plan in harm points, as planned and as lived."""
    _, solution, outcome = run.planned()
    reading = scheduling.evaluate(run.problem, first_need, solution.schedule)
    lived = evaluation.lived_cost(run.problem, first_need, reading, outcome)
    return Round(planned=solution.objective, lived=lived)
