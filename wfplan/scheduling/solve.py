"""Solve the weekly problem, or read a schedule as the planner would."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.problem import PlanningProblem
from wfplan.domain.progress import Stop, Watch, no_watch
from wfplan.domain.results import Load, Proof, Solution, SolveStatus, StaffNeed, Term
from wfplan.domain.schedule import Schedule
from wfplan.errors import InputError
from wfplan.scheduling.activities.arranging import Activities
from wfplan.scheduling.bound.bound import LowerBound
from wfplan.scheduling.bound.certificate import Certificate
from wfplan.scheduling.bound.waiting import SoonAfter
from wfplan.scheduling.conflict.check import require_legal_weeks
from wfplan.scheduling.coupling.impossible import require_possible, turned_down
from wfplan.scheduling.coupling.repair import repair
from wfplan.scheduling.coupling.unkept import describe_unkept, require_kept
from wfplan.scheduling.search.annealing import RESPONSE_WORK
from wfplan.scheduling.search.checkpoint import Checkpoint
from wfplan.scheduling.search.least_change import least_change
from wfplan.scheduling.search.search import Search
from wfplan.scheduling.search.state import keep_nothing
from wfplan.scheduling.service.coverage import Coverage
from wfplan.scheduling.team.as_told import as_told, standing
from wfplan.scheduling.team.decode import queue_slots, schedule_of
from wfplan.scheduling.team.encode import known_of, weeks_of
from wfplan.scheduling.team.fingerprint import fingerprint_of
from wfplan.scheduling.team.sessions import read_with, sessions_of
from wfplan.scheduling.team.tally import Tally
from wfplan.scheduling.team.team import Team, assemble
from wfplan.scheduling.terms.activities import activity_terms, describe_missing
from wfplan.scheduling.terms.duties import duties_of
from wfplan.scheduling.terms.misses import describe_misses
from wfplan.scheduling.terms.over_caps import describe_over_caps
from wfplan.scheduling.terms.own_terms import own_terms
from wfplan.scheduling.terms.people import PeopleCosts
from wfplan.scheduling.terms.settled import settle
from wfplan.scheduling.terms.stages import solve_in_stages
from wfplan.scheduling.terms.strain import Strain, channel_shares
from wfplan.scheduling.terms.terms import terms_of

FloatArray = NDArray[np.float64]

PASSES_A_ROUND = 2  # of the search beside a round of the bound, so that neither waits for long
BOUND_ROUNDS = 40  # at most
BOUND_ROUNDS_AGAIN = 6  # at least, where a plan made anew has few passes: its bound is what is told
BOUND_ROUNDS_COUPLED = 3  # it leaves out what couples people and stays below the plan


def solve(
    problem: PlanningProblem,
    need: StaffNeed,
    *,
    stop: Stop | None = None,
    seed: int = 0,
    watch: Watch = no_watch,
    start: Schedule | None = None,
    keep_in: Path | None = None,
    is_resumed: bool = False,
    proof: Proof | None = None,
) -> Solution:
    """
    A legal week for every person, as good as the budget allows, with a bound.

    ``start`` is an earlier plan to begin with; shifts that are none of a
    person's options any more are planned anew. Where the objective has stages
    they are searched one after another (:mod:`wfplan.scheduling.terms.stages`); the
    bound is that of the weighted sum all the same. The state of a search without
    stages is kept in the folder ``keep_in`` now and then and at the end; one that
    ``is_resumed`` goes on from it and gets the plan that the first would have got.
    With the ``proof`` of an earlier plan of these people the bound begins there.

    Raises
    ------
    InputError
        When an agent has a contract that the plan does not have, or there is
        no state to go on from that fits the problem and the seed.
    InfeasibleError
        When somebody has no legal week, or no plan was found that keeps the
        hard rules that couple people; the message says which rules are in the way.
    NoPlanError
        When the search was stopped before it found such a plan.
    """
    stop = stop or Stop()
    if problem.published is not None and problem.published.is_kept:
        return _solve_kept(problem, need, stop, seed, watch, start)
    if not problem.objective.stages:
        return _solve_by_weights(
            problem, need, stop, seed, watch, start, keep_in, is_resumed, proof
        )
    if is_resumed:
        raise InputError(
            "A search whose objective has stages keeps no state to go on from. Leave --resume out."
        )
    return solve_in_stages(
        problem, need, stop, start,
        lambda asked, of_need, part, begin: _solve_by_weights(
            asked, of_need, part, seed, watch, begin
        ),
        lambda schedule: evaluate(problem, need, schedule),
        lambda plan: _bounded(problem, need, plan, stop, watch, proof),
    )  # fmt: skip


def _solve_by_weights(
    problem: PlanningProblem,
    need: StaffNeed,
    stop: Stop,
    seed: int,
    watch: Watch,
    start: Schedule | None,
    keep_in: Path | None = None,
    is_resumed: bool = False,
    proof: Proof | None = None,
) -> Solution:
    """The plan that the weights alone ask for."""
    begun = monotonic()
    team = assemble(problem, need)
    require_legal_weeks(team)
    require_possible(team)
    search = Search(team, seed, Activities())
    if start is not None:
        search.begin_with(*known_of(team, start))
    checkpoint = Checkpoint(keep_in, team) if keep_in else None
    known = checkpoint.read(seed) if checkpoint and is_resumed else None
    keep = checkpoint.keep if checkpoint else keep_nothing
    state = search.settle(stop, watch, known, keep)
    assert state.began is not None
    search.begin_at(state.began)
    linear, constant = search.people.bounded()
    bound, until = LowerBound(linear, search.coverage, search.weeks, proof), SoonAfter(stop)
    with ThreadPoolExecutor(1) as beside:
        cost, rounds = search.objective() - constant, _rounds(team, stop, proof)
        bounded = beside.submit(bound.improve, cost, rounds, until, watch)
        found = search.refine(stop, watch, state, keep)
        if checkpoint:
            checkpoint.close()
        is_proven = False
        if search.tally.broken and not stop.interrupt.is_set():
            found, is_proven = repair(search, stop, watch)
        require_kept(search.tally, is_stopped=search.is_due(stop), is_proven=is_proven)
        until.search_ended()
        certificate = bounded.result()
    plan = _solution(
        search.team, schedule_of(problem, search.team, found.weeks), found.coverage,
        found.customers, bound=certificate.value + constant, status=found.status,
        passes=found.passes, seconds=monotonic() - begun,
    )  # fmt: skip
    return replace(
        _explained(team, plan, certificate, constant), asked=fingerprint_of(problem, need)
    )


def _solve_kept(
    problem: PlanningProblem,
    need: StaffNeed,
    stop: Stop,
    seed: int,
    watch: Watch,
    start: Schedule | None,
) -> Solution:
    """A plan that changes what is kept as little as pays; none of it where nothing has changed."""
    begun = monotonic()
    team = assemble(problem, need)
    require_legal_weeks(team)
    require_possible(team)
    search = Search(team, seed, Activities())
    kept = start or standing(problem, need.horizon)
    weeks, sessions = known_of(team, kept)
    search.begin_with(weeks, sessions)
    asked = fingerprint_of(problem, need)
    published = problem.published
    assert published is not None
    is_whole = len(weeks) == len(kept.by_agent())
    if is_whole and asked == published.asked:
        found, schedule = search.found(stop), kept
    else:
        found = least_change(search, stop, watch)
        if search.tally.broken and not stop.interrupt.is_set():
            found, is_proven = repair(search, stop, watch)
            require_kept(search.tally, is_stopped=search.is_due(stop), is_proven=is_proven)
        schedule = as_told(problem, schedule_of(problem, search.team, found.weeks))
    plan = _solution(
        search.team, schedule, found.coverage, found.customers, bound=-np.inf, status=found.status,
        passes=found.passes, seconds=monotonic() - begun,
    )  # fmt: skip
    return replace(plan, asked=asked)


def _rounds(team: Team, stop: Stop, proof: Proof | None) -> int:
    """Rounds of the bound beside the passes that the search has time or work for."""
    worked = stop.work / RESPONSE_WORK / max(len(team.members), 1)
    most = BOUND_ROUNDS if team.couples.is_empty else BOUND_ROUNDS_COUPLED
    least = BOUND_ROUNDS_AGAIN if proof else 1
    return int(min(max(min(stop.passes, worked) // PASSES_A_ROUND + 1, least), most))


def _bounded(
    problem: PlanningProblem,
    need: StaffNeed,
    plan: Solution,
    stop: Stop,
    watch: Watch,
    proof: Proof | None,
) -> Solution:
    """A plan with the bound of the weighted sum, beginning at its own prices."""
    team = assemble(problem, need)
    search = Search(team, 0)
    search.begin_with(*known_of(team, plan.schedule))
    search.people.reprice(search.weeks, search.coverage)
    linear, constant = search.people.bounded()
    bound = LowerBound(linear, search.coverage, search.weeks, proof)
    cost, rounds = plan.objective - constant, _rounds(team, stop, proof)
    certificate = bound.improve(cost, rounds, stop, watch)
    value = min(certificate.value + constant, plan.objective)
    return _explained(team, replace(plan, lower_bound=value), certificate, constant)


def _explained(team: Team, plan: Solution, certificate: Certificate, constant: float) -> Solution:
    """A plan with its gap in hours, and with the bound's prices where they are settled."""
    left_out = sum(term.points or 0.0 for term in plan.parts if not term.is_bounded)
    gap = certificate.reading(team, plan.objective, constant, left_out)
    plan = replace(plan, proof=certificate.proof)
    if not certificate.is_settled:
        return replace(plan, gap_reading=gap)
    per_interval = team.grid.horizon.slots_per_interval
    prices = team.by_interval(certificate.prices) * per_interval
    return replace(plan, gap_reading=gap, prices=prices)


def evaluate(problem: PlanningProblem, need: StaffNeed, schedule: Schedule) -> Solution:
    """
    What a given schedule is worth to the planner, without any search.

    No bound is computed: ``lower_bound`` is minus infinity.
    """
    team = read_with(assemble(problem, need), schedule)
    coverage = team.coverage(0.0)
    members = {member.agent_id: member for member in team.members}
    for shift in schedule.shifts:
        member = members.get(shift.agent_id)
        if member is None:
            continue
        for kind, slots in team.by_kind(member, queue_slots(team.grid, shift)):
            coverage.add(kind, slots)
    customers = settle(PeopleCosts(team), coverage, duties_of(team, schedule))
    return _solution(
        team, schedule, coverage, customers, bound=-np.inf,
        status=SolveStatus.STOPPED, passes=0, seconds=0.0,
    )  # fmt: skip


def _solution(
    team: Team,
    schedule: Schedule,
    coverage: Coverage,
    customers: float,
    *,
    bound: float,
    status: SolveStatus,
    passes: int,
    seconds: float,
) -> Solution:
    """A solution from the coverage of a schedule and what that costs customers."""
    people = PeopleCosts(team).cost_of(duties_of(team, schedule), Strain.of(team, coverage))
    own = own_terms(team, schedule)
    tally, sessions = Tally(team), sessions_of(team, schedule)
    known = {} if team.couples.is_empty else weeks_of(team, schedule)
    for i, week in known.items():
        tally.put(i, week)
    parts = terms_of(
        team, coverage, customers, own, people, tally.soft_cost, activity_terms(team, sessions)
    )
    objective = sum(term.points for term in parts if term.points is not None)
    return Solution(
        schedule=schedule,
        status=status,
        objective=objective,
        lower_bound=min(bound, objective),
        staff=team.by_interval(coverage.staff.T),
        heads=team.by_interval(coverage.heads[None])[0],
        empowered=team.by_interval(coverage.empowered[None])[0],
        channel_share=_channel_shares(team, coverage),
        prices=team.by_interval(coverage.prices()) * team.grid.horizon.slots_per_interval,
        terms=_terms(parts),
        passes=passes,
        seconds=seconds,
        misses=(
            *describe_misses(team, coverage),
            *describe_unkept(tally),
            *describe_missing(team, sessions),
            *turned_down(team),
            *describe_over_caps(team, people),
        ),
        parts=parts,
        load={
            member.agent_id: Load(float(overload.sum()), float(acute.max()), float(chronic.max()))
            for member, overload, acute, chronic in zip(
                team.members, *people.measures[:3], strict=True
            )
        },
    )


def _channel_shares(team: Team, coverage: Coverage) -> Mapping[str, FloatArray]:
    """Per agent the share of her time on queue that each channel gets, (channel, interval)."""
    by_group = channel_shares(team, coverage)
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


def _terms(parts: tuple[Term, ...]) -> dict[str, float]:
    """The parts of the objective in harm points, and beside them total and tail of the harm."""
    terms = {term.name: term.points for term in parts if term.points is not None}
    amounts = {term.name: term.amount for term in parts}
    beside = {
        "harm": amounts["harm_weighted"],
        "tail_harm_per_contact": amounts["tail_weighted"],
    }
    return terms | beside
