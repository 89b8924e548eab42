"""Rules that couple people and are not kept, in the words of a planner."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from wfplan.errors import InfeasibleError, NoPlanError
from wfplan.rules import TeamRule
from wfplan.rules.base import HARD
from wfplan.scheduling.team.tally import Tally

_SHOWN = 20


def require_kept(tally: Tally, *, is_stopped: bool = False, is_proven: bool = False) -> None:
    """
    Check that the weeks as they stand keep every hard rule that couples people.

    Raises
    ------
    InfeasibleError
        Naming the rules that are in each other's way or in that of people's own
        rules, by how much the nearest plan misses them, and where.
    NoPlanError
        When the search was stopped before it found such weeks.
    """
    lines = list(_said(tally, is_hard=True))
    if not lines:
        return
    more = f"\n... and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
    text = "\n".join(lines[:_SHOWN]) + more
    if is_stopped and not is_proven:
        raise NoPlanError(
            "the search was stopped before it found a plan that keeps the hard rules of the team; "
            f"the nearest so far misses:\n{text}\nGive it more time or more passes."
        )
    found = "no plan keeps" if is_proven else "no plan was found that keeps"
    raise InfeasibleError(
        f"{found} the hard rules of the team beside everybody's own; the nearest misses:\n{text}\n"
        "Give way by as much as is said, or write hardness = 'soft' "
        "with a weight: then the plan keeps the rule where it can. "
        "The smallest set in the way: wfplan explain PLAN infeasible"
    )


def describe_unkept(tally: Tally) -> tuple[str, ...]:
    """One line per soft rule of the team that is broken somewhere."""
    return tuple(_said(tally, is_hard=False))


def _said(tally: Tally, *, is_hard: bool) -> Iterator[str]:
    """What is broken, by how much in all, and where most."""
    couples, horizon = tally.couples, tally.team.grid.horizon
    for k, (rule, one) in enumerate(couples.counts):
        over = tally.excess(k)
        if (rule.hardness == HARD) is is_hard and over.any():
            slot = int(np.argmax(over))
            moment = horizon.local(tally.team.grid.instant(slot))
            hours = float(over.sum()) * couples.hour_share
            asked = _asked(int(couples.limit[k, slot]), int(over[slot]))
            yield (
                f"{_named(rule)}: {one.what}: at worst {asked} "
                f"({moment:%a %d %b %H:%M}), {hours:.1f} hours in all"
            )
    for n, budget in enumerate(couples.budgets):
        spent = tally.overspent(n)
        if (budget.rule.hardness == HARD) is is_hard and spent.any():
            yield (
                f"{_named(budget.rule)}: {float(spent.max()):,.2f} above the budget of "
                f"{budget.most:,.2f} in the dearest week"
            )


def _named(rule: TeamRule) -> str:
    return f"{rule.name} ({rule.source})"


def _asked(limit: int, over: int) -> str:
    """How far a number of heads is from its limit."""
    if limit < 0:
        return f"{-limit - over} where {-limit} are wanted"
    return f"{limit + over} where {limit} may be"
