"""Why a shift is where it is, in words: what it is worth, when, and to whom.

The worth of an interval to a person is what one more effective person saves
there (``Solution.prices``, harm points), weighed by the channels among which
her time is spread. It explains the plan at its margin; it is not a forecast of
what would happen without her.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.people import Agent, TimeOff, TimeOffStatus
from wfplan.domain.results import Binding, Run
from wfplan.domain.schedule import Shift
from wfplan.horizon import wall_instant
from wfplan.report.numbers import decimal, listed, percent, span

FloatArray = NDArray[np.float64]
WORTH_SAYING = 0.05  # harm points of a shift below which its hours are all alike

FLOORS = {
    Binding.PROMISE: "promise",
    Binding.OCCUPANCY: "occupancy cap",
    Binding.ABANDONMENT: "abandonment cap",
    Binding.DUE: "due time",
    Binding.STAFF_MIN: "least staff",
    Binding.EDITED: "set by hand",
}


def shift_intervals(run: Run, shift: Shift) -> slice:
    """The intervals of the horizon that a shift touches."""
    step = timedelta(minutes=run.horizon.interval_min)
    first = (shift.start - run.horizon.start) // step
    last = -((run.horizon.start - shift.end) // step)
    return slice(max(first, 0), min(max(last, 0), run.horizon.interval_count))


def serves(run: Run, shift: Shift) -> str:
    """Among which channels the shift's time is spread: ``voice 70 %, chat 30 %``."""
    share = run.solution.channel_share.get(shift.agent_id)
    if share is None:
        return ""
    time = share[:, shift_intervals(run, shift)].sum(axis=1)
    if time.sum() <= 0:
        return ""
    parts = sorted(zip(time / time.sum(), run.demand.channels, strict=True), reverse=True)
    if parts[0][0] > 0.995:
        return parts[0][1]
    return ", ".join(f"{name} {percent(part)}" for part, name in parts if part > 0.005)


def why_shift(run: Run, shift: Shift) -> str:
    """Where the shift is worth most, what asks for it there, and whether it was locked."""
    return " ".join(_reasons(run, shift))


def why_free(
    run: Run, agent: Agent, day: date, *, worked_days: int, paid_min: float, most_min: float
) -> str:
    """Why a person has no shift on a date, as far as her own limits say it."""
    if not agent.is_employed(day):
        return "Not employed on this date."
    locks = run.problem.locks_of.get(agent.agent_id, ())
    if any(lock.day == day and lock.is_day_off for lock in locks):
        return "Locked as a day off."
    away = _time_off(agent, day)
    if away is not None:
        is_approved = away.status is TimeOffStatus.APPROVED
        return "Time off." if is_approved else "Free, as asked for."
    contract = run.problem.contract_of(agent)
    if worked_days >= contract.work_days_max:
        return f"Has {worked_days} of at most {contract.work_days_max} working days."
    if paid_min + contract.paid_min(contract.shortest_min) > most_min:
        return "Hours are filled: another shift would pass the most she may work."
    return ""


def _reasons(run: Run, shift: Shift) -> Iterator[str]:
    if shift.is_locked:
        yield "Locked: kept as it was."
    agent = next((a for a in run.problem.agents if a.agent_id == shift.agent_id), None)
    if agent and any(off.start < shift.end and off.end > shift.start for off in agent.time_off):
        yield "Works although time off was asked for."
    best = _best_hour(run, shift)
    if best is None:
        return
    start, end, channel, points = best
    local = run.horizon.local
    when = span(
        local(run.horizon.interval_instant(start)), local(run.horizon.interval_instant(end))
    )
    floor = FLOORS.get(Binding(str(run.need.binding[channel, start])))
    name = run.demand.channels[channel]
    asks = f" ({floor})" if floor else ""
    yield f"Most needed {when} on {name}{asks}: saves {decimal(points)} points of harm there."


def _best_hour(run: Run, shift: Shift) -> tuple[int, int, int, float] | None:
    """Start, end, channel and worth of the hour in which the shift saves most harm."""
    share = run.solution.channel_share.get(shift.agent_id)
    within = shift_intervals(run, shift)
    if share is None or within.stop <= within.start:
        return None
    worth = share[:, within] * run.solution.prices[:, within]
    width = min(max(60 // run.horizon.interval_min, 1), worth.shape[1])
    total = np.concatenate(([0.0], worth.sum(axis=0).cumsum()))
    hours = total[width:] - total[:-width]
    best = int(hours.argmax())
    if hours[best] < WORTH_SAYING:
        return None
    start = within.start + best
    channel = int(worth[:, best : best + width].sum(axis=1).argmax())
    return start, start + width, channel, float(hours[best])


def _time_off(agent: Agent, day: date) -> TimeOff | None:
    """The time off, approved before requested, that covers the middle of the date."""
    noon = wall_instant(day, 12 * 60, agent.timezone)
    found = [off for off in agent.time_off if off.start <= noon < off.end]
    return min(found, key=lambda off: off.status, default=None)


def channels_of(agent: Agent) -> str:
    """The agent's skills in words, with how fast she is where that is not average."""
    texts = [
        s.skill + (f" (handle time ×{decimal(s.aht_factor, 2)})" if s.aht_factor != 1 else "")
        for s in agent.skills
    ]
    return listed(texts, most=12) or "no skill"
