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
    from wfplan.scheduling import why_no_week

    text = why_no_week(problem, horizon)
    talk.finish(
        {"is_feasible": not text, "message": text},
        text or "Everybody has a legal week under the hard rules.",
    )
