"""Progress on stderr: a moving line on a terminal, plain lines anywhere else.

Plain means a log, a pipe, ``TERM=dumb`` or ``NO_COLOR``: one line when a stage
begins, and its figures now and then.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from time import monotonic
from typing import Any

_PLAIN_EVERY_S = 5.0
_SHARES = ("gap",)


class Progress:
    """What a command is doing; silent when quiet."""

    def __init__(self, *, is_quiet: bool) -> None:
        self._is_quiet = is_quiet
        self._is_moving = not is_quiet and is_for_people()
        self._live: Any = None
        self._task: Any = None
        self._stage = ""
        self._said_at = 0.0

    def show(self, stage: str, figures: Mapping[str, float]) -> None:
        """Say that a stage goes on, with its latest figures."""
        if self._is_quiet:
            return
        text = f"{stage}{': ' if figures else ''}{figures_text(figures)}"
        if self._is_moving:
            self._move(text)
        elif stage != self._stage or (figures and monotonic() - self._said_at >= _PLAIN_EVERY_S):
            self._said_at = monotonic()
            print(text, file=sys.stderr, flush=True)
        self._stage = stage

    def say(self, text: str) -> None:
        """Print a line that stays."""
        if self._live is not None:
            self._live.console.print(text, markup=False, highlight=False)
        else:
            print(text, file=sys.stderr, flush=True)

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
    """``best 812.4, bound 790.1, gap 2.7 %``; ``done 3 of 4``."""
    words = (
        f"{name} {value:.1%}".replace("%", " %") if name in _SHARES else f"{name} {value:,.6g}"
        for name, value in figures.items()
    )
    return ", ".join(words).replace(", of ", " of ")


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
