"""What the sections of the benchmark hand to the table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table.

    Values of several runs are in seconds, MiB or what ``unit`` says; infinite where nothing was
    found.
    """

    what: str
    values: tuple[float, ...]
    unit: str
    goal: str = ""
