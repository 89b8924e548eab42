"""How long work tells whoever waits for it, and how they tell it to stop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from time import monotonic

Watch = Callable[[str, Mapping[str, float]], None]
"""Called as ``watch("search", {"best": 812.4, "bound": 790.1, "gap": 0.027})`` now and then."""


def no_watch(stage: str, figures: Mapping[str, float]) -> None:
    """A watch that looks away."""


MANY_PASSES = 10**6  # and more are as many as the other limits allow
ENDLESS = 10**9  # passes of a search that another limit ends


@dataclass
class Stop:
    """
    When to stop searching.

    ``passes`` are planned: how fast the search cools down depends on them.
    ``work`` ends it before: a budget in small moves, of which a best response
    counts as many; where there is no number of passes, it is planned for instead.
    Both keep a run reproducible; ``seconds`` is a limit of wall time, to which the
    cooling is fitted, and does not. ``interrupt`` is set by Ctrl-C.
    """

    passes: int = 12
    seconds: float = float("inf")
    work: float = float("inf")
    interrupt: Event = field(default_factory=Event)
    started: float = field(default_factory=monotonic)

    @property
    def elapsed_s(self) -> float:
        """Seconds since the stop was made."""
        return monotonic() - self.started

    @property
    def is_due(self) -> bool:
        """Whether the time is up or the planner asked to stop."""
        return self.interrupt.is_set() or self.elapsed_s >= self.seconds

    def part(self, of_passes: float, of_seconds: float) -> Stop:
        """A share of passes, work and the seconds that are left, under the same interrupt."""
        passes = max(1, round(self.passes * of_passes))
        left = self.seconds - self.elapsed_s
        return replace(
            self,
            passes=passes,
            work=self.work * of_passes if of_passes else self.work,
            seconds=self.elapsed_s + left * of_seconds,
        )


@dataclass(frozen=True)
class Control:
    """When to stop, who is told how far it is, and where simulations run."""

    stop: Stop = field(default_factory=Stop)
    watch: Watch = no_watch
    workers: int | None = None  # at once; all cores by default
    cluster: str = "threads"  # or processes, or the address of a Dask scheduler
    keep_in: Path | None = None  # folder that keeps the state of the search
    is_resumed: bool = False  # goes on from the state that is kept there

    def part(self, of_seconds: float) -> Control:
        """The same with a share of the seconds that are left."""
        return replace(self, stop=self.stop.part(1.0, of_seconds))
