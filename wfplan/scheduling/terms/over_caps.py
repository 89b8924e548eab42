"""Who is above a cap of the overload ledger in a plan, in words: what it could not keep."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from wfplan.engagement.ledger import MEASURES
from wfplan.rules import ledger_caps
from wfplan.scheduling.team.team import Team
from wfplan.scheduling.terms.people import PeopleCost

_SAID = {
    "overload_min": "minutes of overload on",
    "acute_min": "minutes a day over the last 7 days on",
    "chronic_min": "minutes a day over the last 42 days on",
    "high_intensity_min": "minutes on hard queues on",
}
_LEAST_MIN = 0.5
_NAMED_MAX = 5


def describe_over_caps(team: Team, people: PeopleCost) -> Iterator[str]:
    """
    A sentence for everybody above a cap of a hard rule, and one for those above other caps.

    What a plan lies above a cap by is priced, so that it is above one only where all that keep it
    cost more, or where none does.
    """
    others = []
    for i, member in enumerate(team.members):
        caps = ledger_caps(team.facts.problem.objective, member.limits)
        for m, name in enumerate(MEASURES):
            cap, minutes = caps.get(name), people.measures[m, i]
            if cap is None or minutes.max() <= cap.most_min + _LEAST_MIN:
                continue
            day = team.grid.horizon.dates[int(np.argmax(minutes))]
            said = (
                f"{member.agent_id}: {minutes.max():.0f} {_SAID[name]} {day:%a %d %b}, at most "
                f"{cap.most_min:.0f}"
            )
            if cap.per_h is None:
                yield f"{cap.rule} is not kept by {said}: whatever keeps it costs more"
            else:
                others.append(said)
    if others:
        more = len(others) - _NAMED_MAX
        rest = f"; and {more} more" if more > 0 else ""
        yield f"above caps of the overload ledger: {'; '.join(others[:_NAMED_MAX])}{rest}"
