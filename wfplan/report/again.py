"""How the plan came to be what it is: planned again after simulation, and who stays free."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from wfplan.domain.channels import Channel
from wfplan.domain.results import Run
from wfplan.report.numbers import counted, decimal
from wfplan.staffing import planned_reserve

_WHOLE = 1e-6  # as the simulation counts them


@dataclass(frozen=True)
class RoundLine:
    """One plan of the week that was simulated; points of harm."""

    name: str
    planned: str
    lived: str
    is_kept: bool


@dataclass(frozen=True)
class Rounds:
    """The panel: what simulation changed, in words and as a line per plan."""

    words: str
    lines: tuple[RoundLine, ...]


def rounds_panel(run: Run) -> Rounds | None:
    """The plans that were simulated before one was kept; None where the week was not refined."""
    return Rounds(rounds_in_words(run), round_lines(run)) if run.rounds else None


def round_lines(run: Run) -> tuple[RoundLine, ...]:
    """The plans that were simulated before one was kept; none where the week was not refined."""
    return tuple(
        RoundLine(
            name="first plan" if i == 0 else f"planned again, {i}",
            planned=decimal(look.planned),
            lived=decimal(look.lived),
            is_kept=look.is_kept,
        )
        for i, look in enumerate(run.rounds)
    )


def rounds_in_words(run: Run) -> str:
    """What simulation changed in the plan."""
    looks = run.rounds
    if not looks:
        return ""
    if len(looks) == 1:
        return (
            "The plan was simulated and not planned again: what its curves say and what was "
            "simulated agree, the plan asks for no round, or the search was stopped before one."
        )
    kept = next((i for i, look in enumerate(looks) if look.is_kept), 0)
    which = "the first plan was the best of them" if kept == 0 else f"number {kept} was the best"
    saved = looks[0].lived - looks[kept].lived
    gain = f" and saves {decimal(saved)} points of harm as simulated" if saved > 0 else ""
    return (
        "A plan is made of curves of single intervals; simulation also sees customers carried over "
        "and people tied up elsewhere. So the curves were corrected by what it showed, and the "
        f"week was planned again {counted(len(looks) - 1, 'time')}: {which}{gain}, and is kept."
    )


def reserve_lines(run: Run) -> tuple[str, ...]:
    """Who stays free for contacts that must be answered now, while others do work that can wait."""
    planned = planned_reserve(run.need, run.solution.staff)
    lines = []
    for channel in _shared(run):
        c = run.demand.channels.index(channel.name)
        is_open = run.demand.is_open[c]
        if channel.reserve != "plan":
            lines.append(f"{channel.name}: {channel.reserve}, as the plan file says.")
        elif is_open.any():
            free = np.floor(planned[c, is_open] + _WHOLE)
            lines.append(
                f"{channel.name}: {free.min():.0f} to {free.max():.0f} people, "
                f"{decimal(float(free.mean()))} on average: what the plan has beyond the work."
            )
    return tuple(lines)


def _shared(run: Run) -> Iterator[Channel]:
    """Realtime channels with people who also serve a deferred one."""
    deferred = {channel.name for channel in run.problem.channels if not channel.is_realtime}
    skills = [{held.skill for held in agent.skills} for agent in run.problem.agents]
    mixed: set[str] = set().union(*(held for held in skills if held & deferred))
    for channel in run.problem.channels:
        if channel.is_realtime and channel.name in mixed:
            yield channel
