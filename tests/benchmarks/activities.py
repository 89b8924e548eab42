"""Training groups among the people of a centre: what placing them takes and costs.

``formed`` leaves it to the optimiser who is with whom; ``given`` names the eight people of
each group, drawn among those who can meet. Each is planned without any activity, with
them, and by a peer: the finished plan without activities stays as it is, and CP-SAT
chooses the times inside its shifts that lose service least, hour by hour of everybody as
if she alone were away; breaks stay too. What has no place in finished shifts is told.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.centre_family import Centre
from tests.benchmarks.lines import Line
from wfplan.domain.activities import ActivityRequest
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.progress import Stop
from wfplan.domain.schedule import ActivityCategory
from wfplan.scheduling import solve
from wfplan.scheduling.activities.arranging import Activities
from wfplan.scheduling.activities.placing import Placer
from wfplan.scheduling.coupling.sat import Model, Row, choose
from wfplan.scheduling.search.search import Search
from wfplan.scheduling.team.encode import known_of
from wfplan.scheduling.team.team import Team, assemble

FloatArray = NDArray[np.float64]

PEOPLE, GROUPS, OF, MINUTES, ROOMS, LEADERS = 200, 20, 8, 90, 3, 6
SECONDS = 30.0
_BUDGET = 20.0


def lines(seconds: float | None = None, only: str | None = None) -> Iterator[Line]:
    """The table."""
    centre, budget = Centre(PEOPLE), seconds or SECONDS
    plain, need = centre.problem, centre.need
    solve(Centre(12).problem, Centre(12).need, stop=Stop(passes=3))  # compiled from here on
    before = solve(plain, need, stop=Stop(seconds=budget), seed=1)
    yield Line("no activities: objective", (before.objective,), "pts")
    for kind, make in (("formed", formed), ("given", given)):
        if only not in (None, kind):
            continue
        problem = plain.model_copy(update={"activities": make(plain, need)})
        yield Line(f"{kind}: placing, wall", (_placing_s(problem, need),), "s", "< 30")
        after = solve(problem, need, stop=Stop(seconds=budget), seed=1)
        yield Line("  objective", (after.objective,), "pts")
        yield Line("  price of the activities", (after.objective - before.objective,), "pts")
        rise, left = in_finished_shifts(problem, need, before.schedule)
        yield Line("  peer: CP-SAT in finished shifts", (rise,), "pts")
        yield Line("  peer: people without a place", (float(left),), "")


def formed(problem: PlanningProblem, need: object) -> tuple[ActivityRequest, ...]:
    """Three trainings whose groups are to be formed."""
    people = _drawn(problem)
    leaders = people[GROUPS * OF : GROUPS * OF + LEADERS]
    parts = np.array_split(np.array(people[: GROUPS * OF]), ROOMS)
    return tuple(
        _training(problem, need, f"T{n}", part.tolist(), leaders, n, group_max=OF)
        for n, part in enumerate(parts)
    )


def given(problem: PlanningProblem, need: object) -> tuple[ActivityRequest, ...]:
    """Twenty groups, each of people of the same contract as far as these go round."""
    people = _drawn(problem)
    contract = {agent.agent_id: agent.contract_type for agent in problem.agents}
    leaders = [p for p in people if contract[p] == "any_time"][:LEADERS]
    rest = [p for p in people if p not in leaders]
    groups = []
    for name in sorted(set(contract.values())):
        own = [p for p in rest if contract[p] == name]
        groups += [own[n : n + OF] for n in range(0, len(own) - OF + 1, OF)]
    return tuple(
        _training(problem, need, f"G{n:02d}", group, leaders, n % ROOMS)
        for n, group in enumerate(groups[:GROUPS])
    )


def _drawn(problem: PlanningProblem) -> list[str]:
    ids = [agent.agent_id for agent in problem.agents if not agent.time_off]
    away = [agent.agent_id for agent in problem.agents if agent.time_off]
    rng = np.random.default_rng(7)
    return [*rng.permutation(ids).tolist(), *rng.permutation(away).tolist()]


def _training(
    problem: PlanningProblem,
    need: object,
    name: str,
    people: Sequence[str],
    leaders: Sequence[str],
    room: int,
    group_max: int = 0,
) -> ActivityRequest:
    horizon = need.horizon  # type: ignore[attr-defined]
    return ActivityRequest(
        activity_id=name, code="TRAINING", category=ActivityCategory.TRAINING,
        agent_ids=tuple(people), minutes=MINUTES, earliest=horizon.start, latest=horizon.end,
        is_together=True, group_max=group_max, facilitators=tuple(leaders), room=f"R{room}",
    )  # fmt: skip


def _placing_s(problem: PlanningProblem, need: object) -> float:
    """Seconds of wall time from a plan of best responses to one with everything placed."""
    search = Search(assemble(problem, need), 1)  # type: ignore[arg-type]
    search.respond_all(Stop(passes=1))
    begun = time.monotonic()
    Activities().place(search)
    return time.monotonic() - begun


def in_finished_shifts(
    problem: PlanningProblem, need: object, schedule: object
) -> tuple[float, int]:
    """The rise of the cost where shifts and breaks stay, and how many people find no place."""
    team: Team = assemble(problem, need)  # type: ignore[arg-type]
    search = Search(team, 1)
    search.begin_with(*known_of(team, schedule))  # type: ignore[arg-type]
    search.coverage.reprice()
    before = search.true_cost()
    peer = _Peer(search)
    answer = choose(peer.model, budget=_BUDGET)
    chosen = frozenset[int]() if answer is None else answer.literals
    for i, first, size in peer.away(chosen):
        for kind, slots in team.by_kind(team.members[i], np.arange(first, first + size)):
            search.coverage.remove(kind, slots)
    search.coverage.reprice()
    wanted = sum(len(one.people) for one in team.asked)
    return search.true_cost() - before, wanted - peer.placed(chosen)


class _Peer:
    """The choice of times in finished shifts as a model for CP-SAT."""

    def __init__(self, search: Search) -> None:
        self.search, self.model = search, Model()
        self.given: list[tuple[int, int, int, int]] = []  # literal, place, first slot, size
        self.attending: set[int] = set()
        placer = Placer(search)
        on = [set(week.on_queue.tolist()) for week in search.weeks]
        gain = [search.gain(member) for member in search.team.members]
        spans: dict[object, list[tuple[int, int, int]]] = {}
        for one in placer.asked:
            starts = [int(t) for t in np.flatnonzero(one.is_start)[::2]]
            opened, of_person = {}, {i: [] for i in one.people}  # type: ignore[var-annotated]
            for t in starts:
                slots = range(t, t + one.size)
                can = {
                    i: float(gain[i][list(slots)].sum())
                    for i in (*one.people, *one.leaders)
                    if on[i].issuperset(slots)
                }
                people = [i for i in one.people if i in can]
                if not any(i in can for i in one.leaders):
                    continue
                if one.is_whole and len(people) < len(one.people):
                    continue
                opened[t] = self.model.literal()
                spans.setdefault(one.request.room, []).append((t, t + one.size, opened[t]))
                led = [self._take(i, t, one.size, can[i], spans) for i in one.leaders if i in can]
                self.model.sums.append((opened[t], *led))
                mine = []
                for i in people:
                    n = self._take(i, t, one.size, can[i], spans)
                    self.attending.add(n)
                    of_person[i].append(n)
                    mine.append(n)
                self.model.sums += [(n, opened[t]) for n in mine if one.is_whole]
                factors = (*(1 for _ in mine), -one.group)
                self.model.rows.append(Row((*mine, opened[t]), factors, 0, 10**9))
            for literals in of_person.values():
                self.model.groups.append((self.model.literal(10**6), *literals))
        for some in spans.values():
            for at in sorted({first for first, _, _ in some}):
                both = tuple(n for first, stop, n in some if first <= at < stop)
                if len(both) > 1:
                    self.model.rows.append(Row(both, (1,) * len(both), 1, 10**9))

    def _take(
        self,
        i: int,
        t: int,
        size: int,
        lost: float,
        spans: dict[object, list[tuple[int, int, int]]],
    ) -> int:
        n = self.model.literal(round(lost * 100))
        self.given.append((n, i, t, size))
        spans.setdefault(i, []).append((t, t + size, n))
        return n

    def away(self, chosen: frozenset[int]) -> list[tuple[int, int, int]]:
        """Who is away from which slot on, and for how many."""
        return [(i, t, size) for n, i, t, size in self.given if n in chosen]

    def placed(self, chosen: frozenset[int]) -> int:
        """People who have a place."""
        return len(self.attending & chosen)
