"""What a plan could not do, and why, in the words of a planner."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wfplan.scheduling.person.patterns import AgentSpace
from wfplan.scheduling.service.coverage import Coverage
from wfplan.scheduling.team.team import Member, Team

FloatArray = NDArray[np.float64]

_TOLERANCE = 0.05  # effective staff: less is rounding of whole people
_TRIFLE_H = 0.1  # staff-hours in all: less is not worth a planner's time


def describe_misses(team: Team, coverage: Coverage) -> tuple[str, ...]:
    """One line per channel and floor that some interval stays under."""
    need, presence = team.need, team.need.presence_share
    staff = team.by_interval(coverage.staff.T)
    serving = [[m for m in team.members if team.serves(m)[c]] for c in range(len(team.channels))]
    lines: list[str] = []
    for c, channel in enumerate(team.channels):
        kinds = sorted({str(b) for b in need.binding[c]} - {"none", "staff_min"})
        for kind in kinds:
            wanted = np.where(need.binding[c] == kind, need.staff_required[c], 0.0)
            lines += _line(team, wanted - staff[c], wanted, f"{channel}: {kind} floor", serving[c])
        least = need.staff_min[c]
        short = least - staff[c] / presence
        lines += _line(team, short, least, f"{channel}: least heads", serving[c])
    wanted = need.empowered_min
    short = wanted - team.by_interval(coverage.empowered[None])[0]
    trained = [
        m for m in team.members if any(team.kinds[k].is_empowered for k in m.kinds if k >= 0)
    ]
    lines += _line(team, short, wanted, "empowered people on duty", trained)
    return tuple(lines)


def _line(
    team: Team, short: FloatArray, wanted: FloatArray, what: str, able: Sequence[Member]
) -> list[str]:
    """Where a wanted number is missed by ``able`` people: how often, how much, where worst."""
    missed = np.flatnonzero(short > _TOLERANCE)
    horizon = team.grid.horizon
    hours = float(short[missed].sum()) * horizon.interval_min / 60
    if hours < _TRIFLE_H:
        return []
    asked = int((wanted > 0).sum())
    worst = int(missed[np.argmax(short[missed])])
    moment = horizon.local(horizon.interval_instant(worst))
    text = (
        f"{what} missed in {len(missed)} of {asked} intervals, {hours:.1f} staff-hours in all; "
        f"worst {moment:%a %d %b %H:%M}, {short[worst]:.1f} short of {wanted[worst]:.1f}"
        f" ({_why(team, worst, able)})"
    )
    return [text]


def _why(team: Team, interval: int, able: Sequence[Member]) -> str:
    """Whether anybody with the skill could have been there."""
    slot = team.grid.lead + interval * team.grid.horizon.slots_per_interval
    could = sum(_can_cover(member.space, slot) for member in able)
    if could == 0:
        return "nobody's contract, availability and skills allow that hour"
    who = "1 person" if could == 1 else f"{could} people"
    return f"{who} may work that hour; more there breaks rules or costs more elsewhere"


def _can_cover(space: AgentSpace, slot: int) -> bool:
    start, kind = space.opt_start, space.opt_len
    return bool(((start <= slot) & (start + space.lengths.slots[kind] > slot)).any())
