"""Which shifts to offer for a demand, as a planner asks it and as she reads the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import StaffNeed
from wfplan.errors import InfeasibleError, InputError, NoPlanError
from wfplan.horizon import Horizon
from wfplan.scheduling.person.grid import Grid
from wfplan.scheduling.shifts.answer import ShiftDesign, ShiftQuestion, answer_of
from wfplan.scheduling.shifts.cover import Aim, Cover, choose, cover_of, relaxed
from wfplan.scheduling.shifts.crews import Crew, Wanted, crews_of, people_wanted
from wfplan.scheduling.shifts.program import Program, program_of
from wfplan.scheduling.shifts.rounding import rounded
from wfplan.scheduling.shifts.solver import LIMIT, Reading, solve
from wfplan.scheduling.shifts.templates import ShiftTemplate, day_rules, templates_of

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_SHOWN = 8
_EXACT_MAX = 100_000  # coefficients of the cover up to which whole numbers are solved for
_SMALL = 200  # columns up to which all of them are tried
_NEAR = 0.15  # of a shift's cost that it may be dearer than the relaxation's prices


def design_shifts(
    problem: PlanningProblem, need: StaffNeed, question: ShiftQuestion
) -> ShiftDesign:
    """
    The shift templates to offer for a demand, and the people who work them.

    Raises
    ------
    InputError
        When costs are asked for and not known, or nobody serves anything.
    InfeasibleError
        When an interval wants people and no template covers it, or so few
        templates cannot cover everything.
    NoPlanError
        When the time was over before there was any answer.
    """
    crews = crews_of(problem, need, by_group=False)
    _require_costs(crews, question)
    wanted = people_wanted(need, crews, by_group=False)
    if not wanted[0].heads.any():
        raise InputError(
            "No interval of the week wants any staff: there is nothing to cover. See "
            "staff_required in requirement.csv."
        )
    cover = _cover(problem, need, crews, wanted, question)
    _require_covered(cover, need.horizon)
    aim = Aim(question.least, question.is_as_is, question.is_together)
    chosen = choose(cover, aim, question.templates_max)
    if question.by_group:
        chosen = _by_group(problem, need, question, chosen)
        aim = replace(aim, has_least=False)
    most = question.templates_max
    is_free = len(np.unique(chosen.shape)) <= most
    program = program_of(chosen, need.horizon, aim, templates_max=None if is_free else most)
    reading, duals = _answer(chosen, aim, program, question)
    best = relaxed(cover, replace(aim, is_loose=question.by_group)).value
    return answer_of(need.horizon, question, cover, chosen, program, reading, duals, best)


def _by_group(
    problem: PlanningProblem, need: StaffNeed, question: ShiftQuestion, chosen: Cover
) -> Cover:
    """The cover by skill groups, with the templates chosen for all of them together."""
    crews = crews_of(problem, need, by_group=True)
    wanted = people_wanted(need, crews, by_group=True)
    cover = _cover(problem, need, crews, wanted, question)
    _require_covered(cover, need.horizon)
    offered = {chosen.templates[t].shape for t in chosen.template.tolist()}
    shapes = np.array([cover.templates[t].shape in offered for t in cover.template.tolist()])
    some = cover.taken(shapes)
    while len(missing := some.uncovered()):
        able = cover.rows[missing]
        most = np.argmax(np.bincount(cover.shape, np.asarray(able.sum(axis=0)).ravel()))
        shapes |= cover.shape == most
        some = cover.taken(shapes)
    return some


def _answer(
    cover: Cover, aim: Aim, program: Program, question: ShiftQuestion
) -> tuple[Reading, Mapping[str, float]]:
    """
    Whole people for a program, and its duals.

    The linear relaxation is rounded, and where it is not too large the program is
    solved: small ones as they are, others on the shifts that are worth something
    at the relaxation's prices. The better of both stands; its variables have it.
    """
    loose = solve(program.problem, is_relaxed=True)
    answers: list[tuple[Reading, list[float]]] = []
    if loose.has_solution and not program.offer:
        parts = np.array([one.varValue or 0.0 for one in program.work])
        whole = rounded(cover, aim, parts).tolist()
        answers += _within(program, [(people, people) for people in whole], question.seconds)
    is_small = len(program.work) <= _SMALL or bool(program.offer) or aim.is_as_is
    if cover.rows.nnz <= _EXACT_MAX:
        most = _NEAR * float(np.median(aim.column_cost(cover)))
        tops = [None if is_small or (v.dj or 0.0) <= most else 0 for v in program.work]
        answers += _within(program, [(0, top) for top in tops], question.seconds)
        is_small = is_small or 0 not in tops
    reading, values = min(answers, key=lambda one: one[0].objective)
    for variable, value in zip(program.problem.variables(), values, strict=True):
        variable.varValue = value
    _require_answer(reading, question)
    bound = max([loose.bound, *(one.bound for one, _ in answers[1:] if is_small)])
    return replace(reading, bound=min(bound, reading.objective)), loose.duals


def _within(
    program: Program, bounds: Sequence[tuple[int, int | None]], seconds: float
) -> list[tuple[Reading, list[float]]]:
    """The program solved with its work inside bounds, and the values of its variables."""
    for variable, (low, high) in zip(program.work, bounds, strict=True):
        variable.bounds(low, high)
    reading = solve(program.problem, seconds=seconds)
    for variable in program.work:
        variable.bounds(0, None)
    values = [one.varValue or 0.0 for one in program.problem.variables()]
    return [(reading, values)]


def _require_costs(crews: Sequence[Crew], question: ShiftQuestion) -> None:
    if question.least == "money" and any(crew.cost_per_h is None for crew in crews):
        raise InputError(
            "Costs are not known of everybody, so the cheapest shifts cannot be found: fill in "
            "cost_per_hour in agents.csv, or ask for --least hours."
        )


def _cover(
    problem: PlanningProblem,
    need: StaffNeed,
    crews: Sequence[Crew],
    wanted: Sequence[Wanted],
    question: ShiftQuestion,
) -> Cover:
    """All that the contracts of the crews allow on a day."""
    horizon = need.horizon
    grid = Grid.around(horizon)
    known: dict[Any, list[tuple[ShiftTemplate, int, IntArray]]] = {}
    options = []
    for crew in crews:
        limits = day_rules(problem, horizon, crew.agents)
        if limits not in known:
            known[limits] = templates_of(
                limits, grid, timezone=problem.timezone, break_plans=question.breaks,
                start_every_min=question.start_every_min,
            )  # fmt: skip
        options.append(known[limits])
    return cover_of(
        crews, wanted, options, days=horizon.days, slots=horizon.slot_count,
        slot_h=horizon.slot_min / 60,
    )  # fmt: skip


def _require_covered(cover: Cover, horizon: Horizon) -> None:
    """Name the intervals that want people and that no template covers."""
    missing = cover.uncovered()
    if not len(missing):
        return
    lines = []
    for n, wanted in enumerate(cover.wanted):
        slots = [int(cover.row_slot[r]) for r in missing if cover.row_set[r] == n]
        if slots:
            heads = [int(wanted.heads[s]) for s in slots]
            times = ", ".join(
                f"{horizon.local(horizon.instant_at(s)):%a %d %b %H:%M}" for s in slots[:_SHOWN]
            )
            more = f" and {len(slots) - _SHOWN} more" if len(slots) > _SHOWN else ""
            lines.append(f"{wanted.name}: {times}{more} want up to {max(heads)} people")
    contracts = sorted({crew.contract for crew in cover.crews})
    raise InfeasibleError(
        "No shift that a contract allows is on queue then:\n" + "\n".join(lines)
        + f"\nWiden start_window, lengths or break windows of a contract ({', '.join(contracts)}), "
        "or the hours in which the channels are open. With --start-every 15 more starts are tried."
    )  # fmt: skip


def _require_answer(reading: Reading, question: ShiftQuestion) -> None:
    if reading.has_solution:
        return
    if reading.status == LIMIT:
        raise NoPlanError(
            f"No cover was found within {question.seconds:g} seconds. Give more --seconds, ask "
            "for fewer --breaks, or leave --by-group out."
        )
    raise InfeasibleError(
        f"{question.templates_max} templates cannot cover every interval that wants people. "
        "Offer more --templates, or allow longer shifts in the contracts."
    )
