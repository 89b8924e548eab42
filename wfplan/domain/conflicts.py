"""Why there is no plan: sets of demands that leave no week, and the changes that would help.

A *conflict* is infeasible by itself and feasible without any one of its members
(an irreducible infeasible set). A *relaxation* is a set of changes of the
plan's own rows and values with which everybody it is about has a week.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class ConflictMember:
    """
    One demand of a conflict: one lock, one absence, one value of a rule.

    ``label`` is the rule with a suffix that says where it comes from, such as
    ``daily_rest_from_history``; ``reason`` that suffix alone. ``value`` is
    what the rule asks for, in ``unit``, where it is a number.
    """

    rule: str
    label: str
    reason: str
    text: str
    source: str
    agent_id: str = ""
    days: tuple[date, ...] = ()  # of the horizon, where it speaks of some only
    value: float | None = None
    unit: str = ""


@dataclass(frozen=True)
class Change:
    """
    One row or value to be changed: where, from what, to what, and what it costs.

    ``cost`` is in the points of :data:`wfplan.scheduling.conflict.asking.PRICES`:
    what is asked of whom, an hour of a person's own contract being 1.
    """

    rule: str
    text: str
    where: str
    field: str
    before: str
    after: str
    cost: float
    agent_id: str = ""


ANOTHER_CHANGE = 5.0
"""Points of every change beyond the first: one telephone call is better than two."""


@dataclass(frozen=True)
class Relaxation:
    """Changes that together give everybody concerned a week; each of them is needed."""

    changes: tuple[Change, ...]
    is_verified: bool = True  # the week was solved with the changes, and there is one

    @property
    def cost(self) -> float:
        """Points of all changes."""
        more = ANOTHER_CHANGE * max(len(self.changes) - 1, 0)
        return sum(change.cost for change in self.changes) + more

    @property
    def text(self) -> str:
        """The changes in words."""
        return " and ".join(change.text for change in self.changes)


@dataclass(frozen=True)
class Conflict:
    """
    Demands that leave no week together, whom they stop, and what would help, cheapest first.

    ``is_irreducible`` is what was proven: infeasible together, feasible without
    any one member; otherwise ``note`` says what was not.
    """

    agent_ids: tuple[str, ...]
    members: tuple[ConflictMember, ...]
    relaxations: tuple[Relaxation, ...]
    is_irreducible: bool = True
    solves: int = 0  # how many weeks were looked for to prove it
    note: str = ""
    is_of_team: bool = False  # rules that couple people are among the members

    def as_dict(self) -> dict[str, Any]:
        """The conflict as ``--json`` gives it."""
        return {
            "agent_ids": list(self.agent_ids),
            "members": [
                asdict(one) | {"days": [day.isoformat() for day in one.days]}
                for one in self.members
            ],
            "relaxations": [
                {"text": one.text, "cost": one.cost, "is_verified": one.is_verified,
                 "changes": [asdict(change) for change in one.changes]}
                for one in self.relaxations
            ],
            "is_irreducible": self.is_irreducible,
            "solves": self.solves,
            "note": self.note,
            "is_of_team": self.is_of_team,
        }  # fmt: skip
