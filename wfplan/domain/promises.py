"""What was promised to a person in a published week and what became of it, as counts by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from wfplan.domain.base import Model

WISHES, GRANTED = "wishes", "granted"
"""Wishes of availability that spoke of a date of the week, and those of them that were met."""

RESCUE_MIN = "rescue_min"
"""Minutes for which a person was the one to call for what others may not resolve."""

ONE_TO_ONE = "ONE_TO_ONE"
"""The code of time alone with whoever leads a person."""


def owed_name(code: str) -> str:
    """The count of minutes of protected time of a code that were owed in a week."""
    return f"{code.lower()}_owed_min"


def given_name(code: str) -> str:
    """The count of minutes of it that the published week gave."""
    return f"{code.lower()}_given_min"


class PastPromise(Model):
    """Counts of a person's published week, which begins on ``first_day``."""

    agent_id: str
    first_day: date
    counts: Mapping[str, float] = {}

    def count(self, name: str) -> float:
        """A count, nothing where it was not kept."""
        return float(self.counts.get(name, 0.0))


def by_agent(promises: Iterable[PastPromise]) -> dict[str, list[PastPromise]]:
    """Each person's published weeks, the oldest first."""
    found: dict[str, list[PastPromise]] = {}
    for promise in sorted(promises, key=lambda one: one.first_day):
        found.setdefault(promise.agent_id, []).append(promise)
    return found
