"""From a schedule back to the search's weeks, so that a search can begin where another ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from wfplan.domain.schedule import Activity, Schedule, Shift
from wfplan.scheduling.person.grid import Grid
from wfplan.scheduling.team.decode import CATEGORIES
from wfplan.scheduling.team.oracle import Week, week_of
from wfplan.scheduling.team.sessions import (
    Sessions,
    fits,
    is_proper,
    sessions_of,
    with_sessions,
)
from wfplan.scheduling.team.team import Member, Team


def known_of(team: Team, schedule: Schedule) -> tuple[Mapping[int, Week], Sessions]:
    """
    Members' weeks with their sessions, as far as they can be kept.

    A session is dropped where it is not what was asked for, or somebody in it has
    no week in which it fits; the others stay as they are.
    """
    sessions = tuple(one for one in sessions_of(team, schedule) if is_proper(team, one))
    while True:
        placed = with_sessions(team, sessions)
        weeks = weeks_of(placed, schedule)
        bad = {i for i, member in enumerate(placed.members)
               if member.away and not (i in weeks and fits(member, weeks[i].shifts))}  # fmt: skip
        if not bad:
            return weeks, sessions
        sessions = tuple(one for one in sessions if bad.isdisjoint(i for i, _ in one.people))


def weeks_of(team: Team, schedule: Schedule) -> Mapping[int, Week]:
    """
    Members' weeks by their place in the team.

    A member is left out when one of her shifts is none of her options: another
    length or start than her contract knows, or breaks that it does not place so.
    """
    by_agent: dict[str, list[Shift]] = {}
    for shift in schedule.shifts:
        by_agent.setdefault(shift.agent_id, []).append(shift)
    weeks = {}
    for i, member in enumerate(team.members):
        placed = [_option(member, shift, team.grid) for shift in by_agent.get(member.agent_id, [])]
        known = [option for option in placed if option is not None]
        if known and len(known) == len(placed):
            weeks[i] = week_of(member, sorted(known))
    return weeks


def _option(member: Member, shift: Shift, grid: Grid) -> tuple[int, tuple[int, ...]] | None:
    """The member's option that is this shift, with the starts of its breaks; None if none is."""
    if not all(grid.is_on_slot(activity.start) for activity in shift.activities):
        return None
    space, first = member.space, grid.slot(shift.start)
    length = grid.slot_from(shift.end) - first
    pauses = list(_pauses(shift))
    starts = tuple(grid.slot(pause.start) - first for pause in pauses)
    slots = tuple(grid.slot_from(pause.end) - grid.slot(pause.start) for pause in pauses)
    for option in np.flatnonzero(space.opt_start == first):
        kind = int(space.opt_len[option])
        if space.lengths.slots[kind] == length and _fits(member, kind, starts, slots):
            return int(option), starts
    return None


def _pauses(shift: Shift) -> Iterable[Activity]:
    """The breaks, meals and gaps of a shift, in order."""
    off = set(CATEGORIES.values())
    return (activity for activity in shift.activities if activity.category in off)


def _fits(member: Member, kind: int, starts: tuple[int, ...], slots: tuple[int, ...]) -> bool:
    """Whether breaks of these lengths at these starts are those of a shift length."""
    lengths = member.space.lengths
    if lengths.break_count[kind] != len(starts):
        return False
    asked = lengths.break_slots[kind, : len(starts)]
    return all(
        slot == length and earliest <= start <= latest
        for start, slot, (length, earliest, latest) in zip(starts, slots, asked, strict=True)
    )
