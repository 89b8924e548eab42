"""The checks before a search: who has no week, which locks cannot stand."""

from __future__ import annotations

import numpy as np

from wfplan.errors import InfeasibleError
from wfplan.scheduling.conflict.message import short_text
from wfplan.scheduling.conflict.people import explained
from wfplan.scheduling.conflict.trial import Weeks
from wfplan.scheduling.team.oracle import Oracle
from wfplan.scheduling.team.team import Team


def require_legal_weeks(team: Team) -> None:
    """
    Check that everybody has a legal week.

    Raises
    ------
    InfeasibleError
        Naming who has none, the smallest sets of demands in the way, and the
        cheapest change that would help.
    """
    oracle, nothing = Oracle(), np.zeros(team.grid.slots)
    different = {id(member.space): member for member in team.members}
    lost = {one for one, m in different.items() if oracle.best(m, nothing)[1] is None}
    if not lost:
        return
    stuck = [member.agent for member in team.members if id(member.space) in lost]
    conflicts = explained(team.facts.problem, stuck, Weeks(team.grid), relaxations=1)
    raise InfeasibleError(short_text(conflicts), conflicts=[one.as_dict() for one in conflicts])
