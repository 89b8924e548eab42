"""Activities of a roster that give what the plan asks for, where the roster does not say so.

Other systems have training, coaching and meetings by their codes; the plan's activities table
asks for certain ones. So one of the same code, of a person who is to have it and inside its
window, is taken for it, until its minutes are reached.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from wfplan.domain.activities import ActivityRequest
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.schedule import Activity, Shift


def with_requests(
    shifts: Sequence[Shift], problem: PlanningProblem
) -> tuple[tuple[Shift, ...], int]:
    """The shifts with the ids of what was asked for, and of how many activities that is."""
    if any(one.activity_id for shift in shifts for one in shift.activities):
        return tuple(shifts), 0  # the roster says it itself
    given: Counter[tuple[str, str]] = Counter()
    count = 0
    found: list[Shift] = []
    for shift in sorted(shifts, key=lambda s: (s.agent_id, s.start)):
        activities: list[Activity] = []
        for one in shift.activities:
            asked = _asked(one, shift.agent_id, problem, given)
            if asked is not None:
                given[asked.activity_id, shift.agent_id] += one.minutes
                count += 1
                one = one.model_copy(update={"activity_id": asked.activity_id})
            activities.append(one)
        found.append(shift.model_copy(update={"activities": tuple(activities)}))
    return tuple(found), count


def _asked(
    one: Activity, agent_id: str, problem: PlanningProblem, given: Counter[tuple[str, str]]
) -> ActivityRequest | None:
    """What an activity gives: of several the one of its length, then the one that ends first."""
    fitting = [
        request
        for request in problem.activities
        if (request.code, request.category) == (one.code, one.category)
        and (
            agent_id in request.facilitators
            or (
                agent_id in request.agent_ids
                and given[request.activity_id, agent_id] + one.minutes <= request.minutes
            )
        )
        and any(
            begin <= one.start and one.end <= end for begin, end in request.spans(problem.timezone)
        )
    ]
    return min(
        fitting,
        key=lambda request: (abs(request.minutes - one.minutes), request.latest,
                             request.activity_id),
        default=None,
    )  # fmt: skip
