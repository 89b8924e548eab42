"""The plan as it is read: people spread over channels so that customers and they bear least.

How hard a minute is, hangs on how many serve a channel, so that who serves what
has to weigh customers against the people there. What staff spare people is priced by
multipliers of their caps, found by subgradient steps from nothing
(:mod:`wfplan.scheduling.terms.people`); the best spread on the way stays. It
depends only on who is on queue when, and not on a search.
"""

from __future__ import annotations

from wfplan.scheduling.service.coverage import Coverage
from wfplan.scheduling.terms.customers import customer_cost, settle_tail, tail_level
from wfplan.scheduling.terms.duties import Duties
from wfplan.scheduling.terms.people import PeopleCosts
from wfplan.scheduling.terms.strain import Strain

_ROUNDS = 6
_IMPROVES = 1e-6


def settle(people: PeopleCosts, coverage: Coverage, duties: Duties) -> float:
    """Spread everybody for the least of what the plan costs; returns the customers' part."""
    team = people.team
    customers = settle_tail(team, coverage)
    if people.is_silent:
        return customers
    known, curves, eta = people.no_multipliers(), team.curves, tail_level(team, coverage)
    best, spread = float("inf"), coverage.cost
    for done in range(_ROUNDS + 1):
        strain = Strain.of(team, coverage)
        cost = people.cost_of(duties, strain)
        total = customer_cost(team, coverage) + cost.points
        if total < best - _IMPROVES:
            best, spread = total, coverage.cost
        if done < _ROUNDS:
            known, curves = people.spare(known, duties, strain, cost)
            if curves is team.curves:
                break
            coverage.reprice(curves.at_level(eta))
            eta = tail_level(team, coverage)
    if coverage.cost is not spread:
        coverage.reprice(spread)
    return customer_cost(team, coverage)
