"""Progress on stderr: a moving line on a terminal, plain lines anywhere else.

Plain means a log, a pipe, ``TERM=dumb`` or ``NO_COLOR``: one line when a stage
begins, and its figures now and then. The search and its bound run at once and
are told as the one stage that a planner waits for.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from time import monotonic
from typing import Any

from wfplan.cli.streams import tell

_PLAIN_EVERY_S = 5.0
_STAGES = {
    "forecast": "forecasting",
    "backtest": "forecasting from past weeks",
    "staff": "valuing staff",
    "staffing": "valuing staff",
    "schedule": "scheduling",
    "search": "scheduling",
    "pass": "scheduling",
    "bound": "scheduling",
    "simulate": "simulating",
    "refine": "planning again with what the simulation showed",
    "audit": "auditing",
    "calibrate": "comparing people with themselves",
}


class Progress:
    """What a command is doing; silent when quiet."""

    def __init__(self, *, is_quiet: bool) -> None:
        self._is_quiet = is_quiet
        self._is_moving = not is_quiet and is_for_people()
        self._live: Any = None
        self._task: Any = None
        self._stage = ""
        self._figures: dict[str, float] = {}
        self._began_at = monotonic()
        self._said_at = 0.0

    def show(self, stage: str, figures: Mapping[str, float]) -> None:
        """Say that a stage goes on, with its latest figures."""
        if self._is_quiet:
            return
        stage = _STAGES.get(stage, stage)
        is_new = stage != self._stage
        self._stage = stage
        kept = {} if is_new else dict(self._figures)
        if "pass" in figures:
            kept.pop("share", None)  # of a pass that is over
        self._figures = {**kept, **figures}
        said = figures_text(self._figures)
        text = f"{stage}{': ' if said else ''}{said}"
        now = monotonic()
        if self._is_moving:
            self._move(text)
        elif is_new or now - self._said_at >= _PLAIN_EVERY_S:
            self._said_at = now
            tell(f"{now - self._began_at:4.0f} s  {text}")

    def say(self, text: str) -> None:
        """Print a line that stays."""
        if self._live is not None:
            self._live.console.print(text, markup=False, highlight=False)
        else:
            tell(text)

    def close(self) -> None:
        """Take the moving line away."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _move(self, text: str) -> None:
        """Show the text on the moving line."""
        if self._live is None:
            self._live = _moving_line()
            self._task = self._live.add_task(text)
            self._live.start()
        self._live.update(self._task, description=text)


def is_for_people() -> bool:
    """Whether stderr is a terminal that may move and colour."""
    is_plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
    return sys.stderr.isatty() and not is_plain


def figures_text(figures: Mapping[str, float]) -> str:
    """
    ``pass 14 (40 %), harm 812.4, bound 790.1, gap 2.7 %``; ``done 3 of 4``.

    A bound that is not above 0 proves nothing and is left out. With the stage
    before it and the time after it the line fits 80 columns.
    """
    words = [
        f"{name} {figures[name]:,.0f}"
        for name in ("pass", "done", "replications")
        if name in figures
    ]
    if "pass" in figures and "share" in figures:
        words[0] += f" ({figures['share']:.0%})".replace("%", " %")
    if words and "of" in figures:
        words[-1] += f" of {figures['of']:,.0f}"
    best, bound = figures.get("best"), figures.get("bound", 0.0)
    if best is not None:
        words.append(f"harm {_points(best)}")
    if bound > 0:
        words.append(f"bound {_points(bound)}")
    if best and bound > 0:
        words.append(f"gap {max(1 - bound / best, 0.0):.1%}".replace("%", " %"))
    return ", ".join(words)


def _points(harm: float) -> str:
    """Points of harm; tenths where they are few."""
    return f"{harm:,.1f}" if abs(harm) < 10_000 else f"{harm:,.0f}"


def _moving_line() -> Any:
    """A spinner, the text and the time gone by."""
    from rich.console import Console
    from rich.progress import Progress as RichProgress
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    return RichProgress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
