"""What can be computed from the shown scores of groups whose people are known, overlaps and all.

A mean and its number of answers give a sum, and sums may be added and subtracted. With a row for
each shown group and a column for each sort of people (those of the very same groups), few people
are given away where the indicator of some sorts lies in the row space. In the reduced echelon
form such an indicator has a 0 or a 1 in each pivot column: it is a sum of rows, and as every
pivot stands for somebody, of fewer rows than answers may be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.surveys import SurveyGroup

Key = tuple[str, str]
Matrix = NDArray[np.float64]
LITTLE = 1e-7
ALL_ROWS = 14  # so many rows are summed in every way, more of them three at a time at most
FEW = 3


@dataclass(frozen=True)
class Leak:
    """Few people who can be computed: the groups that it takes, and how many answers are left."""

    groups: tuple[SurveyGroup, ...]
    left: int


def leak_of(
    groups: Sequence[SurveyGroup], members: Mapping[Key, frozenset[str]], least: int
) -> Leak | None:
    """Fewer people than may be looked at that some groups give away; None where there are none."""
    known = [group for group in groups if members.get(group.key)]
    if len(known) < 2:
        return None
    reduced, made_of, rank = _reduced(_sorts([members[group.key] for group in known]))
    answers = made_of @ np.array([group.respondents for group in known], dtype=np.float64)
    for some in _sums(rank, len(known), least):
        total = reduced[list(some)].sum(axis=0)
        left = abs(round(float(answers[list(some)].sum())))
        is_few = np.all(np.minimum(np.abs(total), np.abs(total - 1)) < LITTLE)
        if is_few and 0 < left < least:
            parts = np.abs(made_of[list(some)].sum(axis=0)) > LITTLE
            used = [group for group, is_part in zip(known, parts, strict=True) if is_part]
            return Leak(tuple(used), left)
    return None


def _sums(rank: int, count: int, least: int) -> Iterator[tuple[int, ...]]:
    """
    Rows to be added up; one without a pivot is a difference of groups that the plan has alike.

    What it leaves are answers of people who are in no other of them, or no longer here.
    """
    yield from ((row,) for row in range(rank, count))
    most = rank if rank <= ALL_ROWS else FEW
    for size in range(1, min(most, least - 1) + 1):
        yield from combinations(range(rank), size)


def _sorts(groups: Sequence[frozenset[str]]) -> Matrix:
    """Which sorts of people are in which group, (group, sort)."""
    people = sorted(frozenset().union(*groups))
    sorts = dict.fromkeys(tuple(one in group for group in groups) for one in people)
    return np.array(list(sorts), dtype=np.float64).T


def _reduced(matrix: Matrix) -> tuple[Matrix, Matrix, int]:
    """The reduced echelon form, of which rows each row is made, and the rank."""
    work, made_of = matrix.copy(), np.eye(len(matrix))
    row = 0
    for column in range(work.shape[1]):
        if row == len(work):
            break
        best = row + int(np.argmax(np.abs(work[row:, column])))
        if abs(work[best, column]) < LITTLE:
            continue
        for table in (work, made_of):
            table[[row, best]] = table[[best, row]]
        made_of[row] /= work[row, column]
        work[row] /= work[row, column]
        for other in range(len(work)):
            if other != row and abs(factor := work[other, column]) > LITTLE:
                work[other] -= factor * work[row]
                made_of[other] -= factor * made_of[row]
        row += 1
    return work, made_of, row
