"""Patterns of days for the planner's face of the rules about sequences.

An element of a pattern is the name of a kind of shift, or ``off``, ``work``
(any shift) or ``any`` (any day).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wfplan.rules.days import OFF, Classes

if TYPE_CHECKING:
    from wfplan.rules.person import Person

WORDS = ("off", "work", "any")


@dataclass(frozen=True)
class Pattern:
    """A pattern, each element as the classes of days that fit it."""

    reading: Classes
    elements: tuple[frozenset[int], ...]

    @classmethod
    def of(cls, person: Person, names: tuple[str, ...]) -> Pattern:
        """The pattern of names, read with a class for each kind of shift in it."""
        kinds = tuple(dict.fromkeys(name for name in names if name not in WORDS))
        reading = Classes(person.contract.kinds, tuple(frozenset((kind,)) for kind in kinds))
        every = frozenset(range(reading.width))
        known = {"off": frozenset((OFF,)), "work": every - {OFF}, "any": every}
        known |= {kind: frozenset((k + 1,)) for k, kind in enumerate(kinds)}
        return cls(reading, tuple(known[name] for name in names))
