"""The cheapest changes of a plan with which a person has a week.

Best first over sets of changes: a set that leaves no week yet has a smallest
conflict of its own, and one of that conflict's members has to give way too (a
tree of hitting sets; Reiter, 1987, doi:10.1016/0004-3702(87)90062-2). How far a
value must give way is found by bisection on its own grid.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, pairwise

from wfplan.domain.conflicts import ANOTHER_CHANGE, Change, Relaxation
from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.rules.clock import Span, local, minutes_between
from wfplan.rules.daily_rest import DailyRest
from wfplan.scheduling.conflict import words
from wfplan.scheduling.conflict.core import core_of
from wfplan.scheduling.conflict.demands import SHAPES, Demand
from wfplan.scheduling.conflict.edits import Edit, Step, Way, agent_of
from wfplan.scheduling.conflict.trial import Trial
from wfplan.scheduling.conflict.ways import ways_of, ways_of_past

_TRIES = 150  # sets of changes that are looked into


@dataclass(order=True)
class _Set:
    """Changes that may be enough: the last of them still open by how much where ``is_open``."""

    cost: float
    turn: int
    problem: PlanningProblem = field(compare=False)  # with all but an open last one
    steps: tuple[tuple[Way, Step], ...] = field(compare=False, default=())
    way: Way | None = field(compare=False, default=None)  # still open
    core: tuple[Demand, ...] = field(compare=False, default=())  # what it is to resolve


@dataclass(frozen=True)
class WayOut:
    """A relaxation, and the edits that make it."""

    relaxation: Relaxation
    edits: tuple[Edit, ...]

    def of(self, problem: PlanningProblem) -> PlanningProblem:
        """A plan with the changes."""
        for edit in self.edits:
            problem = edit(problem)
        return problem


class Relaxer:
    """Looks for the cheapest relaxations of one person's conflict."""

    def __init__(self, trial: Trial, core: Sequence[Demand]) -> None:
        self._weeks, self._who = trial.weeks, trial.agent.agent_id
        self._first, self._problem = tuple(core), trial.problem
        self._turn = count()

    def cheapest(self, wanted: int) -> tuple[WayOut, ...]:
        """Up to so many ways out, the cheapest first; none where none was found."""
        heap: list[_Set] = []
        self._branch(heap, _Set(0.0, next(self._turn), self._problem), self._first)
        found: dict[frozenset[tuple[object, ...]], WayOut] = {}
        for _ in range(_TRIES):
            if not heap or (len(found) >= wanted and heap[0].cost >= _least_cost(found)):
                break
            one = heapq.heappop(heap)
            if one.way is not None:
                self._settle(heap, one)
            elif any(names < {way.name for way, _ in one.steps} for names in found):
                continue  # more than enough
            elif (week := self._weeks.in_plan(one.problem, self._agent(one.problem))) is not None:
                found[frozenset(way.name for way, _ in one.steps)] = self._tightened(one, week)
            else:
                trial = Trial(one.problem, self._agent(one.problem), self._weeks)
                core = core_of(trial)
                self._branch(heap, one, core)
        ranked = sorted(found.values(), key=lambda way_out: way_out.relaxation.cost)
        return tuple(ranked[:wanted])

    def _agent(self, problem: PlanningProblem) -> Agent:
        return agent_of(problem, self._who)

    def _branch(self, heap: list[_Set], one: _Set, core: tuple[Demand, ...]) -> None:
        """A set more for each thing that can give way in a conflict."""
        agent = self._agent(one.problem)
        used = {way.name for way, _ in one.steps}
        for demand in core:
            ways = ways_of(one.problem, agent, demand)
            if demand.person.past:
                ways += ways_of_past(one.problem, agent, demand)
            for way in ways:
                if way.count > 0:
                    is_more = bool(one.steps) and way.name not in used
                    cost = one.cost + way.at_least + (ANOTHER_CHANGE if is_more else 0)
                    heapq.heappush(
                        heap, _Set(cost, next(self._turn), one.problem, one.steps, way, core)
                    )

    def _settle(self, heap: list[_Set], one: _Set) -> None:
        """By how much the open change must give way to resolve its conflict, if it can."""
        way = one.way
        assert way is not None
        names = {demand.key for demand in one.core}

        def resolves(k: int) -> bool:
            problem = way.at(k).edit(one.problem)
            trial = Trial(problem, self._agent(problem), self._weeks)
            asked = [d for d in trial.demands if d.key in names or d.rule.name in SHAPES]
            return trial.has_week(asked)

        is_again = any(way.name == used.name for used, _ in one.steps)
        k = least(way.count, resolves) if not is_again else way.count * resolves(way.count)
        if not k:
            return
        step = way.at(k)
        # what gives way again gives way whole: how little of it is enough is found at the end
        more = 0.0 if is_again else step.change.cost - way.at_least
        heapq.heappush(
            heap,
            _Set(
                one.cost + more, next(self._turn), step.edit(one.problem),
                (*one.steps, (way, step)),
            ),
        )  # fmt: skip

    def _tightened(self, one: _Set, week: tuple[Span, ...]) -> WayOut:
        """The way out of a set: each change as small as the others let it be, none spare."""
        ways: dict[tuple[object, ...], Way] = {}
        for way, _ in one.steps:  # one that gave way twice does so once, further
            ways.setdefault(way.name, way)
        twice = [name for name in ways if sum(way.name == name for way, _ in one.steps) > 1]
        chosen = {name: way.at(way.count) for name, way in ways.items() if name in twice}
        chosen |= {way.name: step for way, step in one.steps if way.name not in twice}
        for name in (*twice, *(name for name in ways if name not in twice)):
            others = [step for other, step in chosen.items() if other != name]
            if len(chosen) > 1 and self._week_with(others) is not None:
                del chosen[name]
                continue
            way = ways[name]
            k = least(way.count, lambda k, way=way, others=others: (  # type: ignore[misc]
                self._week_with([*others, way.at(k)]) is not None
            ))  # fmt: skip
            chosen[name] = way.at(k) if k is not None else chosen[name]
        needed = sorted(chosen.values(), key=lambda step: step.change.text)
        week = self._week_with(needed) or week
        changes = tuple(self._placed(step.change, week) for step in needed)
        return WayOut(Relaxation(changes), tuple(step.edit for step in needed))

    def _week_with(self, steps: Sequence[Step]) -> tuple[Span, ...] | None:
        """The shifts of a week under some changes."""
        problem = self._problem
        for step in steps:
            problem = step.edit(problem)
        return self._weeks.in_plan(problem, self._agent(problem))

    def _placed(self, change: Change, week: tuple[Span, ...]) -> Change:
        """A change of a rest, with the days before which a week makes use of it."""
        rest = next((one.rule for one in self._first if one.rule.name == "daily_rest"), None)
        if change.rule != "daily_rest" or not change.after or not isinstance(rest, DailyRest):
            return change
        zone = self._agent(self._problem).timezone
        past = [(one.start, one.end) for one in self._problem.past_shifts[-1:]]
        short = [
            words.day(local(after[0], zone).date())
            for before, after in pairwise([*past, *week])
            if minutes_between(before[1], after[0]) < rest.rest_min
        ]
        if not short:
            return change
        text = change.text.replace(" be ", f" before {words.listed(short)} be ", 1)
        return replace(change, text=text)


def _least_cost(found: Mapping[frozenset[tuple[object, ...]], WayOut]) -> float:
    """What the cheapest way out costs."""
    return min(way_out.relaxation.cost for way_out in found.values())


def least(most: int, is_enough: Callable[[int], bool]) -> int | None:
    """The least step from 1 to ``most`` that is enough; None where not even the most is."""
    if not is_enough(most):
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high
