"""What the sections of the benchmark hand to the table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table; values of several runs in seconds, MiB or what ``unit`` says."""

    what: str
    values: tuple[float, ...]
    unit: str
    goal: str = ""
