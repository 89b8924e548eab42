"""A workbench for the scheduler: made-up needs, small plans, and slow readings of both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise, product

import numpy as np
from scipy.optimize import linprog

from wfplan.domain.channels import Channel
from wfplan.domain.contracts import Break, BreakTier, Contract
from wfplan.domain.people import Agent, Availability, Skill, TimeOff
from wfplan.domain.problem import Empowered, Objective, PlanningProblem, RulePack, RuleSetting
from wfplan.domain.results import StaffNeed
from wfplan.domain.schedule import LockedShift, PastShift
from wfplan.horizon import Horizon, wall_instant
from wfplan.rules import AgentWeek, rules_of
from wfplan.scheduling.team.decode import schedule_of  # noqa: F401

MONDAY = date(2026, 11, 2)
SPRING = date(2026, 3, 23)  # in Europe, its Sunday has 23 hours
AUTUMN = date(2026, 10, 19)  # in Europe, its Sunday has 25 hours
EU = RulePack(
    id="eu",
    version="1",
    rules=tuple(
        RuleSetting(rule=name, value=hours, unit="hours")
        for name, hours in (
            ("daily_rest", 11),
            ("weekly_rest", 35),
            ("paid_time_period", 48),
            ("break_required", 6),
            ("night_work", 8),
        )
    ),
)
REST = Break(kind="rest", length_min=15, is_paid=True, earliest_min=60, latest_min=120)
MEAL = Break(kind="meal", length_min=30, is_paid=False, earliest_min=180, latest_min=300)


def contract(name: str = "any", **more: object) -> Contract:
    """Shifts of four to eight hours that start from six to two."""
    given: dict[str, object] = {
        "name": name,
        "shortest_min": 240,
        "longest_min": 480,
        "length_step_min": 120,
        "start_window": (360, 840),
        "start_step_min": 60,
        "work_days_max": 5,
        "break_tiers": (BreakTier(over_h=5, breaks=(REST, MEAL)),),
    }
    return Contract(**given | more)


def agent(agent_id: str = "A1", *skills: str, **more: object) -> Agent:
    """A person with wide hours; with no skill named she serves voice."""
    given: dict[str, object] = {
        "timezone": "Europe/Dublin",
        "contract_type": "any",
        "contract_hours_week": 30,
        "min_hours_week": 0,
        "max_hours_week": 40,
        "skills": tuple(Skill(skill=name) for name in skills or ("voice",)),
    }
    return Agent(agent_id=agent_id, **given | more)


def plan(people: Sequence[Agent], channels: Sequence[str] = ("voice",), **more: object):
    """A plan of people and channels, with one contract unless more are given."""
    given: dict[str, object] = {
        "name": "Small Centre",
        "timezone": "Europe/Dublin",
        "interval_min": 60,
        "channels": tuple(Channel(name=name, open=["daily 00:00-24:00"]) for name in channels),
        "agents": tuple(people),
        "contracts": {"any": contract()},
    }
    return PlanningProblem(**given | more)


def need(
    horizon: Horizon,
    channels: Sequence[str] = ("voice",),
    *,
    rng: np.random.Generator | None = None,
    staff: int = 6,
    presence: float = 0.9,
    volume: float | None = None,
    floor: float = 0.0,
    empowered: float = 0.0,
    staff_min: float = 0.0,
    is_open: object = None,
) -> StaffNeed:
    """A need with random convex falling harm; ``volume`` of None is random too."""
    rng = rng or np.random.default_rng(0)
    shape = (len(channels), horizon.interval_count)
    opened = np.ones(shape, bool) if is_open is None else np.broadcast_to(is_open, shape)
    steps = np.sort(rng.exponential(3.0, (*shape, staff)), axis=2)[:, :, ::-1]
    down = np.concatenate([np.zeros((*shape, 1)), np.cumsum(steps, axis=2)], axis=2)
    harm = (down[:, :, -1:] - down + rng.random(shape)[:, :, None]) * opened[:, :, None]
    many = rng.uniform(1, 20, shape) if volume is None else np.full(shape, volume)
    asked = np.where(opened, floor * rng.random(shape), 0.0)
    nothing = np.zeros(shape)
    return StaffNeed(
        horizon=horizon,
        channels=tuple(channels),
        harm=harm,
        volume=many * opened,
        load_erlangs=nothing.copy(),
        staff_promise=asked.copy(),
        staff_occupancy=nothing.copy(),
        staff_abandonment=nothing.copy(),
        staff_tail=nothing.copy(),
        staff_due=nothing.copy(),
        staff_required=asked,
        binding=np.where(asked > 0, "promise", "none"),
        staff_min=np.where(opened, staff_min, 0.0),
        empowered_min=np.where(opened.any(axis=0), empowered, 0.0),
        presence_share=presence,
    )


def breaches(problem: PlanningProblem, horizon: Horizon, shifts: Iterable[object], i: int = 0):
    """Hard breaches of one person's shifts, by the auditor's face of every rule."""
    person = problem.agents[i]
    week = AgentWeek.of(problem, person, horizon, list(shifts))
    found = [b for rule in rules_of(problem, person) for b in rule.breaches(week)]
    return [b for b in found if b.hardness == "hard"]


def at(day: int, clock: str, *, monday: date = MONDAY, timezone: str = "Europe/Dublin") -> datetime:
    """The instant of ``"22:00"`` on a day of the week; ``"26:00"`` is past midnight."""
    hour, minute = map(int, clock.split(":"))
    return wall_instant(monday + timedelta(days=day), hour * 60 + minute, timezone)


def true_objective(problem: PlanningProblem, asked: StaffNeed, team, weeks) -> float:
    """
    The least objective of fixed weeks over all spreads of people, by a linear program.

    Written from the definitions: total harm, CVaR of harm per contact over
    channels and slots (Rockafellar and Uryasev), floors, empowered heads, wishes
    and paid time. One variable per group, channel and slot; no hours beyond the
    horizon.
    """
    horizon, goals = asked.horizon, problem.objective
    share, lead = 1 / horizon.slots_per_interval, team.grid.lead
    slots, channels, groups = horizon.slot_count, len(asked.channels), len(team.speed)
    present = np.zeros((groups, slots))
    empowered = np.zeros(slots)
    parts = [
        (kind, run)
        for member, week in zip(team.members, weeks, strict=True)
        for kind, run in team.by_kind(member, week.on_queue)
    ] + list(team.carried)
    for kind, run in parts:
        for s in run - lead:
            if 0 <= s < slots:
                present[team.kinds[kind].group, s] += team.kinds[kind].mass
                empowered[s] += team.kinds[kind].is_empowered
    hours = horizon.interval_min / 60
    interval = np.arange(slots) // horizon.slots_per_interval
    short = np.maximum(asked.empowered_min[interval] - empowered, 0)
    fixed = float(short.sum()) * goals.presence_per_h * hours * share
    fixed += sum(week.cost for week in weeks)
    total = asked.volume.sum()
    # columns: spread (g, c, s), harm (c, s), floors (c, s), excess (c, s), eta
    cells = channels * slots
    n = groups * cells + 3 * cells + 1
    rows, right = [], []
    cost = np.zeros(n)
    harm_at, floor_at, excess_at = (groups * cells + k * cells for k in range(3))
    top = team.speed.max(axis=0)
    for c, s in product(range(channels), range(slots)):
        t, cell = interval[s], c * slots + s
        cost[harm_at + cell] = (1 - goals.balance) * share
        cost[floor_at + cell] = share
        cost[excess_at + cell] = goals.balance / (1 - goals.tail)
        levels = np.arange(asked.harm.shape[2])
        floors = hours * (
            goals.shortfall_per_h * np.maximum(asked.staff_required[c, t] - levels, 0)
            + goals.presence_per_h
            * np.maximum(asked.staff_min[c, t] * asked.presence_share * top[c] - levels, 0)
        )
        for curve, column in ((asked.harm[c, t], harm_at), (floors, floor_at)):
            for j in range(len(curve) - 1):
                slope = curve[j + 1] - curve[j]
                row = np.zeros(n)
                row[[g * cells + cell for g in range(groups)]] = slope * team.speed[:, c]
                row[column + cell] = -1
                rows.append(row)
                right.append(slope * j - curve[j])
            row = np.zeros(n)
            row[column + cell] = -1
            rows.append(row)
            right.append(-curve[-1])
        row = np.zeros(n)
        row[harm_at + cell], row[excess_at + cell] = share, -1
        row[-1] = -asked.volume[c, t] * share
        rows.append(row)
        right.append(0.0)
    for g, s in product(range(groups), range(slots)):
        row = np.zeros(n)
        row[[g * cells + c * slots + s for c in range(channels) if team.speed[g, c] > 0]] = 1
        rows.append(row)
        right.append(present[g, s])
    cost[-1] = goals.balance * total
    bounds = [
        (0, None if team.speed[g, c] > 0 else 0)
        for g, c, _ in product(range(groups), range(channels), range(slots))
    ] + [(0, None)] * (3 * cells + 1)
    found = linprog(cost, A_ub=np.array(rows), b_ub=right, bounds=bounds)
    assert found.status == 0
    return float(found.fun) + fixed


def random_plan(rng: np.random.Generator, monday: date | None = None, days: int = 7):
    """A random small centre that a planner could have, and its horizon."""
    if monday is None:
        monday = [MONDAY, SPRING, AUTUMN][int(rng.integers(3))]
    channels = ("voice", "chat", "email")[: int(rng.integers(1, 4))]
    contracts = {name: _random_contract(rng, name) for name in ("full", "part", "night")}
    people = [
        _random_agent(rng, f"P{i}", channels, contracts, monday)
        for i in range(int(rng.integers(2, 9)))
    ]
    history = [past for one in people for past in _random_history(rng, one, contracts, monday)]
    problem = plan(
        people,
        channels,
        contracts=contracts,
        interval_min=int(rng.choice([30, 60])),
        past_shifts=tuple(history),
        locks=tuple(
            lock for one in people for lock in _random_locks(rng, one, contracts, monday, days)
        ),
        packs={"eu": EU},
        site_packs=("eu",),
        plan_rules=(RuleSetting(rule="daily_rest", value=12, unit="hours"),)
        if rng.random() < 0.3
        else (),
        empowered=Empowered(staff_min=1),
        objective=Objective(tail=float(rng.choice([0.8, 0.9])), balance=float(rng.random())),
    )
    return problem, problem.horizon(monday, days)


def random_need(rng: np.random.Generator, problem: PlanningProblem, horizon: Horizon) -> StaffNeed:
    """A need that is open for some hours of each day, or round the clock."""
    minute = horizon.interval_minutes
    opened = (minute >= 7 * 60) & (minute < 21 * 60) if rng.random() < 0.7 else minute >= 0
    return need(
        horizon,
        tuple(channel.name for channel in problem.channels),
        rng=rng,
        floor=3.0,
        empowered=float(rng.integers(0, 2)),
        staff_min=float(rng.integers(0, 2)),
        is_open=opened[None],
    )


def _random_contract(rng: np.random.Generator, name: str) -> Contract:
    spans = {"full": (360, 540, (360, 840)), "part": (180, 300, (420, 1020))}
    shortest, longest, starts = spans.get(name, (360, 600, (1200, 1530)))
    return contract(
        name,
        shortest_min=shortest,
        longest_min=longest,
        length_step_min=int(rng.choice([30, 60])),
        start_window=starts,
        start_step_min=int(rng.choice([30, 45, 60])),
        work_days_min=int(rng.integers(0, 3)),
        work_days_max=int(rng.integers(4, 6)),
        consecutive_days_max=int(rng.integers(3, 7)),
        stop_latest=(600, 1290) if name == "part" and rng.random() < 0.5 else None,
    )


def _random_agent(rng, agent_id, channels, contracts, monday) -> Agent:
    kind = str(rng.choice(list(contracts), p=[0.5, 0.3, 0.2]))
    hours = {"full": 30, "part": 14, "night": 24}[kind]
    last = monday + timedelta(days=int(rng.integers(2, 7)))
    held = [c for c in channels if rng.random() < 0.7] or [str(rng.choice(channels))]
    skills = [
        Skill(
            skill=name,
            aht_factor=float(rng.choice([0.9, 1.0, 1.2])),
            valid_to=last if rng.random() < 0.1 else None,
        )
        for name in held
    ] + [Skill(skill="empowered")] * int(rng.random() < 0.3)
    zone = str(rng.choice(["Europe/Dublin", "Europe/Athens", "Atlantic/Azores", "Asia/Kolkata"]))
    rows = []
    for weekday in range(7):
        roll = rng.random()
        if roll < 0.1 and kind != "night":
            rows.append(
                Availability(kind="available", weekday=weekday, start_min=360, end_min=1290)
            )
        elif roll < 0.2:
            rows.append(Availability(kind="unavailable", weekday=weekday, start_min=0, end_min=600))
        elif roll < 0.4:
            wish = str(rng.choice(["prefer", "avoid"]))
            rows.append(Availability(kind=wish, weekday=weekday, start_min=540, end_min=900))
    off = []
    if rng.random() < 0.3:
        first = int(rng.integers(0, 6))
        off.append(
            TimeOff(
                start=wall_instant(monday + timedelta(days=first), 0, zone),
                end=wall_instant(monday + timedelta(days=first + 1), 0, zone),
                status="approved" if rng.random() < 0.7 else "requested",
                is_paid=bool(rng.random() < 0.5),
            )
        )
    return agent(
        agent_id,
        timezone=zone,
        contract_type=kind,
        contract_hours_week=hours,
        min_hours_week=hours * 0.4 * float(rng.random() < 0.7),
        max_hours_week=hours * 1.3,
        skills=tuple(skills),
        availability=tuple(rows),
        time_off=tuple(off),
    )


def _random_history(rng, person, contracts, monday) -> list[PastShift]:
    """Two weeks of five shifts each, the last ones close to the horizon."""
    if rng.random() < 0.3:
        return []
    work = contracts[person.contract_type]
    free = {int(d) for d in rng.choice(7, 3, replace=False)}
    past = []
    for day in range(-14, 0):
        if day % 7 in free:
            continue
        start = wall_instant(
            monday + timedelta(days=day), work.start_window[0] + 60, person.timezone
        )
        past.append(
            PastShift(
                agent_id=person.agent_id,
                start=start,
                end=start + timedelta(minutes=work.shortest_min),
                paid_min=work.paid_min(work.shortest_min),
            )
        )
    return past


def _random_locks(rng, person, contracts, monday, days) -> list[LockedShift]:
    """At most one lock that her contract, availability and time off allow."""
    day = monday + timedelta(days=int(rng.integers(0, days)))
    if rng.random() < 0.6:
        return []
    if rng.random() < 0.4:
        return [LockedShift(agent_id=person.agent_id, day=day)]
    work = contracts[person.contract_type]
    start = wall_instant(day, min(work.start_window[0] + 180, 1320), person.timezone)
    end = start + timedelta(minutes=work.shortest_min)
    is_wanted = any(skill.is_valid(day) for skill in person.skills) and not any(
        off.start < end and start < off.end for off in person.time_off
    )
    if not is_wanted or any(
        row.kind in ("available", "unavailable") for row in person.availability
    ):
        return []
    return [LockedShift(agent_id=person.agent_id, day=day, start=start, end=end)]


def gaps(values: np.ndarray) -> np.ndarray:
    """Second differences along the last axis: none is negative where a curve is convex."""
    return np.diff(values, n=2, axis=-1)


def tiles(activities: Sequence[object]) -> bool:
    """Whether each activity begins where the one before ends."""
    return all(a.end == b.start for a, b in pairwise(activities))


def after_cost(asked: StaffNeed, team, coverage) -> float:
    """What the slots after the horizon cost as they are staffed."""
    curves, total = team.curves, 0.0
    for s, t in enumerate(team.interval_of):
        if t < curves.horizon_intervals:
            continue
        short = max(0.0, coverage.empowered_min[t] - coverage.empowered[s])
        total += coverage.empowered_price * short
        for c in range(len(asked.channels)):
            curve = curves.harm[c, t] + curves.floors[c, t]
            total += float(np.interp(coverage.staff[s, c], np.arange(len(curve)), curve))
    return total * coverage.slot_share
