"""People who are the same to the oracle: what earns one of them most, earns all of them most.

Ten thousand people are some thousands of different ones. The bound asks once for
each, and counts what is sold by how many they are.
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
    of: IntArray  # (person,) the member who stands for a person

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


def _sameness(member: Member) -> tuple[object, ...]:
    """What the oracle looks at; days and wishes that are the same are shared, not equal."""
    return id(member.space), id(member.burden), member.kinds, member.paid_cost
