"""What a file of any layout says of people's time, before it is a schedule."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from wfplan.domain.schedule import ActivityCategory


@dataclass(frozen=True)
class Spot:
    """Where something stands: the file, and a line, a column or a JSON path (``shifts[3].end``)."""

    file: str
    line: int | None = None
    column: str = ""


@dataclass(frozen=True)
class Part:
    """
    A stretch of a shift, between instants (UTC).

    An empty ``code`` is the usual one of its category; ``is_paid`` None is not said.
    """

    category: ActivityCategory
    start: datetime
    end: datetime
    code: str = ""
    is_paid: bool | None = None
    activity_id: str = ""

    @property
    def is_work(self) -> bool:
        """Whether it serves contacts."""
        return self.category is ActivityCategory.WORK


@dataclass(frozen=True)
class GivenShift:
    """
    A shift as a file has it; without ``parts`` all of it is on queue.

    Parts of an ``is_exact`` one tile it, as in wfplan's own layouts; in others the time
    between parts is on queue, and a break lies on the work around it.
    """

    agent_id: str
    start: datetime
    end: datetime
    spot: Spot
    parts: tuple[Part, ...] = ()
    shift_id: str = ""
    is_locked: bool = False
    is_exact: bool = False


@dataclass
class Reading:
    """Shifts that were found; ``left`` counts what is no shift to be read, by what it is."""

    shifts: list[GivenShift] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
