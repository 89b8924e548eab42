"""The least change of a kept plan: people answer where a change of their week pays.

The search begins with everybody's kept week. Who has none that is legal any more answers
first, then everybody in turn, with the price of a change in what each week costs: with all
others in their places, a week is changed where that saves more than it costs and not else. A
pass that does not make the plan cheaper, people's overload and fairness counted as they are and
not as they are priced, is taken back, and it was the last one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wfplan.scheduling.team.oracle import is_allowed

if TYPE_CHECKING:
    from wfplan.domain.progress import Stop, Watch
    from wfplan.scheduling.search.search import Found, Search

_PASSES = 6  # at most
_SLIGHT = 0.002  # of the plan's cost: a pass that saves less is the last


def least_change(search: Search, stop: Stop, watch: Watch) -> Found:
    """The plan with the changes that pay, from the weeks that a search has been begun with."""
    displaced = [i for i in range(len(search.weeks)) if not _is_legal(search, i)]
    search.answer(displaced, stop, watch)
    search.reprice_people()
    best = search.begun()
    for _ in range(min(_PASSES, stop.passes)):
        if search.is_due(stop):
            break
        search.respond_all(stop)
        state = search.after_pass(best)
        saved = best.best_cost - state.best_cost
        best = state
        watch("search", {"pass": search.passes, "best": best.best_cost})
        if saved <= _SLIGHT * abs(best.best_cost):
            break
    search.put_back(best)
    search.is_settled = not search.is_due(stop)
    return search.found(stop)


def _is_legal(search: Search, i: int) -> bool:
    """Whether a person's week breaks no hard rule."""
    return is_allowed(search.team.members[i], [option for option, _ in search.weeks[i].shifts])
