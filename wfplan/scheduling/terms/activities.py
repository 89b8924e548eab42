"""What was asked for beside service and has no place: what that costs, and how it is told."""

from __future__ import annotations

from wfplan.scheduling.team.sessions import Sessions, missing_cost, missing_slots
from wfplan.scheduling.team.team import Team


def activity_terms(team: Team, sessions: Sessions) -> tuple[float, float]:
    """Person-hours that are not placed, and harm points of those that are wished for."""
    slots = sum(missing_slots(team, sessions).values())
    return slots * team.grid.horizon.slot_min / 60, missing_cost(team, sessions)


def describe_missing(team: Team, sessions: Sessions) -> tuple[str, ...]:
    """One line for each request that is not placed for everybody."""
    missing, lines = missing_slots(team, sessions), []
    for k, one in enumerate(team.asked):
        who = [i for i in one.people if (k, i) in missing]
        if not who:
            continue
        hours = sum(missing[k, i] for i in who) * team.grid.horizon.slot_min / 60
        names = ", ".join(team.members[i].agent_id for i in who[:5])
        more = f" and {len(who) - 5} more" if len(who) > 5 else ""
        lines.append(
            f"activity {one.request.activity_id} is not placed for {len(who)} of "
            f"{len(one.people)} people ({names}{more}), {hours:.1f} person-hours"
        )
    return tuple(lines)
