"""Why a shift is where it is, in words: what it is worth, when, and to whom.

The worth of an interval to a person is what one more effective person saves
there (``Solution.prices``, harm points), weighed by the channels among which
her time is spread. It explains the plan at its margin; it is not a forecast of
what would happen without her.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.people import Agent, TimeOff, TimeOffStatus
from wfplan.domain.results import Binding, Run
from wfplan.domain.schedule import Shift
from wfplan.engagement import Wish
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
    wanted = _most_needed(run, shift, shift_intervals(run, shift))
    if wanted is not None:
        where, points = wanted
        yield f"Most needed {where}: saves {decimal(points)} points of harm there."


def why_against(run: Run, agent: Agent, wish: Wish) -> str:
    """Why a wish was not granted, in short: what wanted the person at the hours against it."""
    own = [s for s in run.solution.schedule.shifts if s.agent_id == agent.agent_id]
    against = [s for s in own if s.start < wish.end and wish.start < s.end]
    if not wish.is_free:
        zone = ZoneInfo(agent.timezone)
        against = [s for s in own if s.start.astimezone(zone).date() == wish.day]
    if any(shift.is_locked for shift in against):
        return "the shift was locked"
    found = []
    for shift in against:
        within = shift_intervals(run, shift)
        first, last = (_interval_of(run, moment) for moment in (wish.start, wish.end))
        spans = [slice(max(within.start, first), min(within.stop, last))]
        if not wish.is_free:
            spans = [
                slice(within.start, min(within.stop, first)),
                slice(max(within.start, last), within.stop),
            ]
        found += [_most_needed(run, shift, one) for one in spans if one.start < one.stop]
    wanted = max((one for one in found if one), key=lambda one: one[1], default=None)
    if wanted is None:
        return "no hour of it alone: the week as a whole costs less so"
    return f"most needed {wanted[0]}"


def _interval_of(run: Run, moment: datetime) -> int:
    """The interval of the horizon in which a moment lies, from 0 to their count."""
    at = (moment - run.horizon.start) // timedelta(minutes=run.horizon.interval_min)
    return min(max(at, 0), run.horizon.interval_count)


def _most_needed(run: Run, shift: Shift, within: slice) -> tuple[str, float] | None:
    """``17:00–18:00 on voice (promise)``: the hour of a shift that is worth most, and its worth."""
    best = _best_hour(run, shift, within)
    if best is None:
        return None
    start, end, channel, points = best
    local = run.horizon.local
    when = span(
        local(run.horizon.interval_instant(start)), local(run.horizon.interval_instant(end))
    )
    floor = FLOORS.get(Binding(str(run.need.binding[channel, start])))
    asks = f" ({floor})" if floor else ""
    return f"{when} on {run.demand.channels[channel]}{asks}", points


def _best_hour(run: Run, shift: Shift, within: slice) -> tuple[int, int, int, float] | None:
    """Start, end, channel and worth of the hour, of some intervals, in which it saves most harm."""
    share = run.solution.channel_share.get(shift.agent_id)
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
