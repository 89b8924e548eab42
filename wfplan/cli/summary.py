"""Plans and runs in words: what is printed when a command ends well."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wfplan.domain.problem import PlanningProblem
    from wfplan.domain.results import Run


def plan_figures(problem: PlanningProblem) -> dict[str, Any]:
    """What a plan folder holds."""
    return {
        "plan": problem.name,
        "timezone": problem.timezone,
        "interval_min": problem.interval_min,
        "people": len(problem.agents),
        "channels": [channel.name for channel in problem.channels],
        "contact_rows": len(problem.contacts),
        "next_week": problem.week_of(None).isoformat(),
    }


def plan_text(problem: PlanningProblem) -> str:
    """What a plan folder holds, in two lines."""
    figures = plan_figures(problem)
    return (
        f"{figures['plan']}: {figures['people']} people, {', '.join(figures['channels'])}, "
        f"{figures['contact_rows']:,} rows of contact history.\n"
        f"No faults. The week to plan next begins on {figures['next_week']}."
    )


def run_figures(run: Run) -> dict[str, Any]:
    return {"missed": []}


def run_text(run: Run, folder: Path) -> str:
    return ""


def compared(first: Run, second: Run) -> list[dict[str, Any]]:
    return []


def compared_text(rows: list[dict[str, Any]], first: str, second: str) -> str:
    return ""
