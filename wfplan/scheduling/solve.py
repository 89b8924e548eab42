"""Solve the weekly problem, or read a schedule as the planner would."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.problem import PlanningProblem
from wfplan.domain.progress import Stop, Watch, no_watch
from wfplan.domain.results import Solution, SolveStatus, StaffNeed
from wfplan.domain.schedule import Schedule
from wfplan.scheduling.bound import LowerBound
from wfplan.scheduling.conflict import require_legal_weeks
from wfplan.scheduling.coverage import Coverage, at_staff
from wfplan.scheduling.decode import queue_slots, schedule_of
from wfplan.scheduling.encode import weeks_of
from wfplan.scheduling.misses import describe_misses
from wfplan.scheduling.oracle import rules_cost
from wfplan.scheduling.search import Search, settle_tail, slot_harm
from wfplan.scheduling.team import Team, assemble

FloatArray = NDArray[np.float64]

BOUND_ROUNDS = 50
BOUND_ROUNDS_AGAIN = 30  # where the search begins with an earlier plan, and is shorter too


def solve(
    problem: PlanningProblem,
    need: StaffNeed,
    *,
    stop: Stop | None = None,
    seed: int = 0,
    watch: Watch = no_watch,
    start: Schedule | None = None,
) -> Solution:
    """
    A legal week for every person, as good as the budget allows, with a bound.

    ``start`` is an earlier plan to begin with; shifts that are none of a
    person's options any more are planned anew.

    Raises
    ------
    InputError
        When an agent has a contract that the plan does not have.
    InfeasibleError
        When somebody has no legal week; the message says which rules are in
        the way.
    """
    stop, begun = stop or Stop(), monotonic()
    team = assemble(problem, need)
    require_legal_weeks(team)
    search = Search(team, seed)
    if start is not None:
        search.begin_with(weeks_of(team, start))
    rounds = BOUND_ROUNDS if start is None else BOUND_ROUNDS_AGAIN
    search.settle(stop, watch)
    bound = LowerBound(team, search.coverage)
    with ThreadPoolExecutor(1) as beside:
        bounded = beside.submit(bound.improve, search.objective(), rounds, stop, watch)
        found = search.refine(stop, watch)
        lower_bound = min(bounded.result(), found.objective)
    return _solution(
        team, schedule_of(problem, team, found.weeks), found.coverage, found.objective,
        personal=sum(week.cost for week in found.weeks), bound=lower_bound, status=found.status,
        passes=found.passes, seconds=monotonic() - begun,
    )  # fmt: skip


def evaluate(problem: PlanningProblem, need: StaffNeed, schedule: Schedule) -> Solution:
    """
    What a given schedule is worth to the planner, without any search.

    No bound is computed: ``lower_bound`` is minus infinity.
    """
    team = assemble(problem, need)
    coverage = team.coverage(0.0)
    members = {member.agent_id: member for member in team.members}
    personal = -sum(member.owed_cost for member in team.members)
    for shift in schedule.shifts:
        member = members.get(shift.agent_id)
        if member is None:
            continue
        for kind, slots in team.by_kind(member, queue_slots(team.grid, shift)):
            coverage.add(kind, slots)
        personal += float(member.burden[team.grid.span(shift.start, shift.end)].sum())
        personal += shift.paid_min / member.space.unit_min * member.paid_cost
    personal += _rules_cost(team, schedule)
    objective = settle_tail(team, coverage) + personal
    return _solution(
        team, schedule, coverage, objective, personal=personal, bound=-np.inf,
        status=SolveStatus.STOPPED, passes=0, seconds=0.0,
    )  # fmt: skip


def _rules_cost(team: Team, schedule: Schedule) -> float:
    """Harm points of everybody's rules, as far as her shifts are among her options."""
    known = weeks_of(team, schedule)
    at_work = {shift.agent_id for shift in schedule.shifts}
    total = 0.0
    for i, member in enumerate(team.members):
        if member.space.is_priced and (i in known or member.agent_id not in at_work):
            shifts = known[i].shifts if i in known else ()
            total += rules_cost(member, [option for option, _ in shifts])
    return total


def _solution(
    team: Team,
    schedule: Schedule,
    coverage: Coverage,
    objective: float,
    *,
    personal: float,
    bound: float,
    status: SolveStatus,
    passes: int,
    seconds: float,
) -> Solution:
    """A solution from the coverage of a schedule."""
    prices = coverage.prices()
    return Solution(
        schedule=schedule,
        status=status,
        objective=objective,
        lower_bound=bound,
        staff=team.by_interval(coverage.staff.T),
        heads=team.by_interval(coverage.heads[None])[0],
        empowered=team.by_interval(coverage.empowered[None])[0],
        channel_share=_channel_shares(team, coverage),
        prices=team.by_interval(prices) * team.grid.horizon.slots_per_interval,
        terms=_terms(team, coverage, objective, personal),
        passes=passes,
        seconds=seconds,
        misses=describe_misses(team, coverage),
    )


def _channel_shares(team: Team, coverage: Coverage) -> Mapping[str, FloatArray]:
    """Per agent the share of her time on queue that each channel gets, (channel, interval)."""
    by_group = []
    for group in range(len(team.speed)):
        spread = team.by_interval(coverage.spread[:, group].T)
        total = spread.sum(axis=0) + team.by_interval(coverage.idle[:, group][None])[0]
        by_group.append(np.divide(spread, total, out=np.zeros_like(spread), where=total > 0))
    shares = {}
    for member in team.members:
        groups = [team.kinds[kind].group if kind >= 0 else -1 for kind in member.kinds]
        if len(set(groups)) == 1 and groups[0] >= 0:
            shares[member.agent_id] = by_group[groups[0]]
            continue
        share = np.zeros((len(team.channels), team.grid.horizon.interval_count))
        for d, group in enumerate(groups):
            if group >= 0:
                day = team.grid.horizon.interval_days == d
                share[:, day] = by_group[group][:, day]
        shares[member.agent_id] = share
    return shares


def _terms(team: Team, coverage: Coverage, objective: float, personal: float) -> dict[str, float]:
    """The parts of the objective; harm and tail in harm points, the rest priced in them."""
    harm, volume = slot_harm(team, coverage)
    settings = team.curves.settings
    grid = team.grid
    slots = np.arange(grid.lead, grid.lead + grid.horizon.slot_count)
    interval = team.interval_of[slots]
    floors = at_staff(team.curves.floors, interval, coverage.staff[slots].T) * coverage.slot_share
    empowered = np.maximum(coverage.empowered_min[interval] - coverage.empowered[slots], 0.0)
    per_contact = team.curves.tail(harm, volume)
    terms = {
        "harm": float(harm.sum()),
        "tail_harm_per_contact": per_contact,
        "harm_weighted": (1 - settings.balance) * float(harm.sum()),
        "tail_weighted": settings.balance * per_contact * float(volume.sum()),
        "floors": float(floors.sum()),
        "empowered": float(empowered.sum()) * coverage.empowered_price * coverage.slot_share,
        "wishes_and_paid_time": personal,
    }
    priced = ("harm_weighted", "tail_weighted", "floors", "empowered", "wishes_and_paid_time")
    terms["next_week_first_hours"] = objective - sum(terms[name] for name in priced)
    return terms
