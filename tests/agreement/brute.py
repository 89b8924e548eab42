"""The optimum of a tiny problem by trying everything; the auditor alone says what is legal.

Nothing of the planner is used: shifts are built from the words of the contract,
weeks are judged by the rules' audit faces, and the objective is computed from
its definition (SCIENCE.md 3.3) for one channel and whole people on queue.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise, product
from zoneinfo import ZoneInfo

import numpy as np

from wfplan.domain.contracts import Contract
from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import StaffNeed
from wfplan.domain.schedule import Activity, ActivityCategory, Shift
from wfplan.horizon import wall_instant

CATEGORY = {
    "rest": ActivityCategory.BREAK,
    "meal": ActivityCategory.MEAL,
    "gap": ActivityCategory.TIME_OFF,
}


def shifts_of_day(problem: PlanningProblem, agent: Agent, need: StaffNeed, d: int) -> list[Shift]:
    """Every shift that the contract knows for a date, with every placement of its breaks."""
    contract, day = problem.contract_of(agent), need.horizon.dates[d]
    first, last = contract.start_window
    found = []
    window = range(first, last + 1, contract.start_step_min)
    for minute in sorted({minute % 1440 for minute in window}):
        start = wall_instant(day, minute, agent.timezone)
        shown = start.astimezone(ZoneInfo(agent.timezone)).replace(tzinfo=None)
        if shown != datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute):
            continue  # a time that no clock shows
        for length in contract.lengths_min:
            places = _placements(contract, length, need.horizon.slot_min)
            found += [_shift(agent, start, contract, length, at) for at in places]
    return found


def _placements(contract: Contract, length: int, step: int) -> Iterator[tuple[int, ...]]:
    """Starts of the breaks of a length, minutes after the shift's start."""
    return product(
        *(
            [
                at
                for at in range(0, length, step)
                if part.earliest_min <= at <= part.latest_min
                and at + part.length_min + part.before_end_min <= length
            ]
            for part in contract.breaks_of(length)
        )
    )


def _shift(
    agent: Agent, start: datetime, contract: Contract, length: int, places: tuple[int, ...]
) -> Shift:
    """The shift with breaks at these places."""
    parts, at = [], 0
    for begin, part in zip(places, contract.breaks_of(length), strict=True):
        parts.append((at, begin, ActivityCategory.WORK, True))
        at = begin + part.length_min
        parts.append((begin, at, CATEGORY[part.kind], part.is_paid))
    parts.append((at, length, ActivityCategory.WORK, True))
    activities = tuple(
        Activity(code=str(kind), category=kind, is_paid=is_paid,
                 start=start + timedelta(minutes=a), end=start + timedelta(minutes=b))
        for a, b, kind, is_paid in parts
        if a < b
    )  # fmt: skip
    day = start.astimezone(ZoneInfo(agent.timezone)).date()
    return Shift(shift_id=f"{agent.agent_id}-{start:%d%H%M}-{length}", agent_id=agent.agent_id,
                 shift_date=day, activities=activities)  # fmt: skip


def legal_weeks(
    problem: PlanningProblem, agent: Agent, need: StaffNeed, judged
) -> tuple[np.ndarray, np.ndarray]:
    """Slots on queue and soft cost of every week that the auditor lets pass, (week, slot)."""
    horizon = need.horizon
    days = [[None, *shifts_of_day(problem, agent, need, d)] for d in range(len(horizon.dates))]
    rows, costs = [], []
    for chosen in product(*days):
        shifts = [shift for shift in chosen if shift is not None]
        if any(a.end > b.start for a, b in pairwise(shifts)):
            continue
        hard, cost = judged(problem, agent, horizon, shifts)
        if not hard:
            rows.append(on_queue(need, shifts))
            costs.append(cost)
    return np.array(rows).reshape(len(rows), horizon.slot_count), np.array(costs)


def on_queue(need: StaffNeed, shifts: list[Shift]) -> np.ndarray:
    """Whether the shifts serve contacts, (slot,); time beyond the horizon counts for nothing."""
    horizon, row = need.horizon, np.zeros(need.horizon.slot_count, dtype=np.int64)
    for shift in shifts:
        for activity in shift.activities:
            if activity.category is ActivityCategory.WORK:
                first, last = horizon.slot_at(activity.start), horizon.slot_at(activity.end)
                row[max(first, 0) : max(last, 0)] = 1
    return row


def optimum(problem: PlanningProblem, need: StaffNeed, judged) -> float | None:
    """The least objective of all joint weeks, by adding one person after another; None for none."""
    staff, cost = on_queue(need, []).reshape(1, -1), np.zeros(1)
    for shift in problem.night_before(need.horizon):
        staff = staff + on_queue(need, [shift])
    for agent in problem.agents:
        rows, costs = legal_weeks(problem, agent, need, judged)
        if not len(rows):
            return None
        rows, costs = _cheapest(rows, costs)
        both = (staff[:, None] + rows[None]).reshape(-1, staff.shape[1])
        staff, cost = _cheapest(both, (cost[:, None] + costs[None]).ravel())
    return float((harm_of(problem, need, staff) + cost).min())


def _cheapest(rows: np.ndarray, costs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each different row once, at its least cost."""
    different, at = np.unique(rows, axis=0, return_inverse=True)
    least = np.full(len(different), np.inf)
    np.minimum.at(least, at.reshape(-1), costs)
    return different, least


def harm_of(problem: PlanningProblem, need: StaffNeed, staff: np.ndarray) -> np.ndarray:
    """Harm and its tail of each joint plan of one channel, (plan,); slots are intervals here."""
    goals, curve = problem.objective, need.harm[0]
    effective = np.minimum(staff * need.presence_share, curve.shape[1] - 1)
    low = np.minimum(effective.astype(np.int64), curve.shape[1] - 2)
    at = np.arange(curve.shape[0])
    harm = curve[at, low] + (effective - low) * (curve[at, low + 1] - curve[at, low])
    volume = need.volume[0]
    rate = np.divide(harm, volume, out=np.zeros_like(harm), where=volume > 0)
    order = np.argsort(-rate, axis=1)
    share = np.cumsum(volume[order], axis=1)
    budget = (1 - goals.tail) * volume.sum()
    taken = np.clip(budget - (share - volume[order]), 0, volume[order])
    tail = (np.take_along_axis(rate, order, axis=1) * taken).sum(axis=1) / max(budget, 1e-12)
    return (1 - goals.balance) * harm.sum(axis=1) + goals.balance * tail * volume.sum()
