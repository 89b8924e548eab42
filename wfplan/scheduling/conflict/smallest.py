"""Smallest sets of demands that are infeasible together.

QuickXplain [1]_ finds one by halving, in an order of preference; dropping every
member once more [2]_ proves it.

References
----------
.. [1] Junker, U. (2004). QuickXplain: preferred explanations and relaxations
       for over-constrained problems. *AAAI 2004*: 167-172.
.. [2] Chinneck, J. W. and E. W. Dravnieks (1991). Locating minimal infeasible
       constraint sets in linear programs. *ORSA Journal on Computing*, 3(2):
       157-168. https://doi.org/10.1287/ijoc.3.2.157
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Part = TypeVar("Part")
IsFeasible = Callable[[Sequence[Part]], bool]


def smallest(
    parts: Sequence[Part], is_feasible: IsFeasible[Part], *, given: Sequence[Part] = ()
) -> tuple[Part, ...]:
    """
    An irreducible infeasible subset of ``parts``, beside those that are ``given``.

    Parts that come first are kept before those that come last. All of them must
    be infeasible together with the given; where the given already are, the
    subset is empty.
    """
    if not is_feasible(given):
        return ()
    return tuple(_halved(tuple(given), (), tuple(parts), is_feasible))


def is_irreducible(parts: Sequence[Part], is_feasible: IsFeasible[Part]) -> bool:
    """Whether parts are infeasible together and feasible without any one of them."""
    return not is_feasible(parts) and all(
        is_feasible([*parts[:i], *parts[i + 1 :]]) for i in range(len(parts))
    )


def filtered(parts: Sequence[Part], is_feasible: IsFeasible[Part]) -> tuple[Part, ...]:
    """An irreducible subset of few infeasible parts by leaving out one after the other."""
    kept = list(parts)
    for part in reversed(parts):
        trial = [one for one in kept if one is not part]
        if not is_feasible(trial):
            kept = trial
    return tuple(kept)


def _halved(
    behind: tuple[Part, ...],
    added: tuple[Part, ...],
    parts: tuple[Part, ...],
    is_feasible: IsFeasible[Part],
) -> list[Part]:
    """The parts that are needed beside those behind, of which some were just added."""
    if added and not is_feasible(behind):
        return []
    if len(parts) == 1:
        return list(parts)
    half = (len(parts) + 1) // 2
    first, second = parts[:half], parts[half:]
    of_second = _halved((*behind, *first), first, second, is_feasible)
    kept = tuple(of_second)
    of_first = _halved((*behind, *kept), kept, first, is_feasible)
    return [*of_first, *of_second]
