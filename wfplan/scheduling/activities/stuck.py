"""Why something that must be placed has no place, in the words of a planner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wfplan.scheduling.activities.placing import Placer


def describe_stuck(placer: Placer, stuck: Mapping[tuple[int, int], int]) -> str:
    """The message of a plan without a place for what must be placed."""
    lines = []
    for k, one in enumerate(placer.asked):
        people = [placer.search.team.members[i].agent_id for r, i in stuck if r == k]
        if people:
            lines.append(f"{one.request.activity_id}: {', '.join(people)}")
    return "activities without a place:\n" + "\n".join(lines)
