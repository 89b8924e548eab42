"""``wfplan explain PLAN infeasible``: which hard rules leave no week, and what would help."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wfplan.cli.explain import Asked
    from wfplan.cli.talk import Talk


def answer(talk: Talk, asked: Asked) -> None:
    """Say who has no legal week under the hard rules, and why."""
    from wfplan.cli import line

    problem, horizon = line.planned_problem(asked.folder, asked.week, asked.scenario)
    from wfplan.scheduling import find_conflicts, long_text

    conflicts = find_conflicts(problem, horizon)
    text = long_text(conflicts) if conflicts else "Everybody has a legal week: no conflict."
    result = {
        "is_feasible": not conflicts,
        "week": horizon.first_day.isoformat(),
        "conflicts": [one.as_dict() for one in conflicts],
    }
    talk.finish(result, text)
