"""People who are the same to the oracle: what earns one of them most, earns all of them most.

Ten thousand people are some thousands of different ones. The bound asks once for
each, and counts what is sold by how many they are. Of so many a sample, each of
whom counts for more people still, teaches the prices that are then proven for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wfplan.scheduling.team.team import Member

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Alike:
    """One member for all who have the same legal days, kinds, wishes and price of paid time."""

    members: tuple[Member, ...]
    count: FloatArray  # (member,) people
    of: IntArray  # (person,) the member who stands for a person, -1 for none

    @classmethod
    def among(cls, people: Sequence[Member]) -> Alike:
        """Those among some people; who shares no legal days with anybody stands alone."""
        places: dict[tuple[object, ...], int] = {}
        of = [places.setdefault(_sameness(one), len(places)) for one in people]
        first = dict(zip(reversed(of), reversed(people), strict=True))
        return cls(
            members=tuple(first[k] for k in range(len(places))),
            count=np.bincount(of, minlength=len(places)).astype(np.float64),
            of=np.array(of, dtype=np.int64),
        )

    def sample(self, size: int) -> Alike:
        """
        So many of these people at most, evenly from each kind and contract.

        Each counts for an equal part of all people.
        """
        order = sorted(
            range(len(self.of)),
            key=lambda i: (*_place(self.members[self.of[i]]), int(self.of[i])),
        )
        picked = np.floor((np.arange(size) + 0.5) * len(order) / size).astype(np.int64)
        chosen, times = np.unique(self.of[np.array(order)[picked]], return_counts=True)
        place = np.full(len(self.members), -1, dtype=np.int64)
        place[chosen] = np.arange(len(chosen))
        return Alike(
            members=tuple(self.members[k] for k in chosen),
            count=np.asarray(times * (len(order) / size), dtype=np.float64),
            of=place[self.of],
        )


def _place(member: Member) -> tuple[tuple[int, ...], str]:
    """What people are mostly alike in."""
    return member.kinds, member.agent.contract_type


def _sameness(member: Member) -> tuple[object, ...]:
    """What the oracle looks at; days and wishes that are the same are shared, not equal."""
    return id(member.space), id(member.burden), member.kinds, member.paid_cost
