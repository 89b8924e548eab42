"""The least change of a kept plan: people answer where a change of their week pays.

The search begins with everybody's kept week. Who has none that is legal any more answers
first, then everybody in turn, with the price of a change in what each week costs: with all
others in their places, a week is changed where that saves more than it costs and not else.
Who has changed is looked at again: what others have done since may have made it needless. A
pass that does not make the plan cheaper, people's overload and fairness counted in full, is
taken back, and it was the last one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wfplan.scheduling.team.oracle import is_allowed

if TYPE_CHECKING:
    from wfplan.domain.progress import Stop, Watch
    from wfplan.scheduling.search.search import Found, Search

_PASSES = 4  # at most
_LOOKS = 2  # again, at those who have changed
_SLIGHT = 0.2  # of the plan's cost: a pass that saves less is the last


def least_change(search: Search, stop: Stop, watch: Watch) -> Found:
    """The plan with the changes that pay, from the weeks that a search has been begun with."""
    displaced = [i for i in range(len(search.weeks)) if not _is_legal(search, i)]
    search.answer(displaced, stop)
    if search.arrange is not None:
        search.arrange.place(search)
    best = search.stands()
    for _ in range(min(_PASSES, stop.passes)):
        if search.is_due(stop):
            break
        before = list(search.weeks)
        search.respond_all(stop)
        search.passes += 1
        for _ in range(_LOOKS):
            changed = [i for i, week in enumerate(before) if search.weeks[i] is not week]
            search.answer(changed, stop)
        state = search.stands(best)
        saved, best = best.best_cost - state.best_cost, state
        watch("search", {"pass": search.passes, "best": best.best_cost})
        if saved <= _SLIGHT * abs(best.best_cost):
            break
    search.put_back(best)
    search.is_settled = not search.is_due(stop)
    return search.found(stop)


def _is_legal(search: Search, i: int) -> bool:
    """Whether a person's week breaks no hard rule."""
    return is_allowed(search.team.members[i], [option for option, _ in search.weeks[i].shifts])
