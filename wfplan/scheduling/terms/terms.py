"""The objective of a plan, term by term: in its own unit, and in the harm points that add up."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.problem import TermGroup
from wfplan.domain.results import Term
from wfplan.engagement import BURDENS, gini
from wfplan.engagement.ledger import MEASURES
from wfplan.scheduling.service.coverage import Coverage, at_staff
from wfplan.scheduling.team.team import Team
from wfplan.scheduling.terms.customers import losses, slot_harm
from wfplan.scheduling.terms.own_terms import OwnTerms
from wfplan.scheduling.terms.people import PeopleCost

FloatArray = NDArray[np.float64]

GROUPS = {
    TermGroup.FLOORS: ("floors", "empowered"),
    TermGroup.CUSTOMERS: ("harm_weighted", "tail_weighted", "next_week_first_hours"),
    TermGroup.OVERLOAD: ("strain", "overload"),
    TermGroup.FAIRNESS: tuple(f"fair_{name}" for name in BURDENS),
    TermGroup.WISHES: ("wishes",),
    TermGroup.MONEY: ("paid_time", "overtime"),
    TermGroup.CHANGES: ("changes",),
    TermGroup.RULES: ("rules", "team_rules", "activities"),
}
"""The terms of each group that a stage of the objective can be about; together all of them."""


def terms_of(
    team: Team,
    coverage: Coverage,
    customers: float,
    own: OwnTerms,
    people: PeopleCost,
    coupled: float = 0.0,
    unplaced: tuple[float, float] = (0.0, 0.0),
) -> tuple[Term, ...]:
    """
    The terms of a plan.

    ``customers`` are the harm points of coverage and tail in all, ``coupled`` those of
    soft rules that couple people, ``unplaced`` person-hours of activities without a place
    and their harm points; what no term
    of the horizon accounts for are the first hours after it.
    """
    of_customers = [*_customer_terms(team, coverage)]
    rest = customers - sum(points for *_, points, _ in of_customers)
    of_customers.append(("next_week_first_hours", rest, "points", rest, True))
    rows = [*of_customers, *_own_terms(own), *_people_terms(people)]
    rows.append(("team_rules", coupled, "points", coupled, False))
    rows.append(("activities", unplaced[0], "hours", unplaced[1], False))
    weighed = (
        Term(name, float(amount), unit, float(points), is_bounded)
        for name, amount, unit, points, is_bounded in rows
    )
    beside = [*_customers_beside(team, coverage), *_own_beside(team, own)]
    told = (
        Term(name, float(amount), unit)
        for name, amount, unit in (*beside, *_people_beside(team, people))
    )
    return (*weighed, *told)


def group_points(terms: tuple[Term, ...], groups: tuple[TermGroup, ...]) -> float:
    """Harm points of some groups of terms."""
    names = {name for group in groups for name in GROUPS[group]}
    return sum(term.points or 0.0 for term in terms if term.name in names)


Row = tuple[str, float, str, float, bool]
"""Name, amount, unit, harm points, whether the bound counts it."""


def _customer_terms(team: Team, coverage: Coverage) -> Iterator[Row]:
    harm, volume = slot_harm(team, coverage)
    settings, curves = team.curves.settings, team.curves
    slots, interval = _horizon(team)
    staff = coverage.staff[slots].T
    floors = at_staff(curves.floors, interval, staff) * coverage.slot_share
    hours = team.grid.horizon.interval_min / 60 * coverage.slot_share
    required = team.need.staff_required[:, interval]
    missing = np.maximum(required - staff, 0.0).sum() * hours
    empowered = np.maximum(coverage.empowered_min[interval] - coverage.empowered[slots], 0.0).sum()
    per_contact = curves.tail(harm, volume)
    b = settings.balance
    yield "harm_weighted", harm.sum(), "points", (1 - b) * harm.sum(), True
    yield "tail_weighted", per_contact, "points/contact", b * per_contact * volume.sum(), True
    yield "floors", missing, "hours", floors.sum(), True
    points = empowered * coverage.empowered_price * coverage.slot_share
    yield "empowered", empowered * hours, "hours", points, True


def _own_terms(own: OwnTerms) -> Iterator[Row]:
    yield "wishes", own.against_h, "hours", own.wishes, True
    yield "paid_time", own.open_h, "hours", own.paid_time, True
    yield "overtime", own.overtime_h, "hours", own.overtime, True
    yield "changes", own.changed - own.changed_freely, "person-days", own.changes, True
    yield "rules", own.rules, "points", own.rules, True


def _people_terms(people: PeopleCost) -> Iterator[Row]:
    over = float(people.over_min.sum())
    yield "strain", people.strain_min / 60, "hours", people.strain, False
    yield "overload", over, "min", people.overload, False
    for b, name in enumerate(BURDENS):
        unit = "hours" if name.endswith("_hours") else "shifts"
        is_bounded = unit == "shifts"
        yield f"fair_{name}", people.above[:, b].sum(), unit, people.fairness[b], is_bounded


def _customers_beside(team: Team, coverage: Coverage) -> Iterator[tuple[str, float, str]]:
    """What the harm is made of: contacts that are lost or late, and minutes of waiting."""
    lost, late, waiting = losses(team, *slot_harm(team, coverage))
    yield "lost_contacts", float(lost.sum()), "contacts"
    yield "late_contacts", float(late.sum()), "contacts"
    yield "waiting", float(waiting.sum()), "min"


def _own_beside(team: Team, own: OwnTerms) -> Iterator[tuple[str, float, str]]:
    yield "wishes_broken", own.broken, "wishes"
    yield "within_wishes", own.within_h, "hours"
    yield "paid", own.paid_h, "hours"
    yield "money", own.money, team.facts.problem.currency
    yield "changed_freely", own.changed_freely, "person-days"


def _people_beside(team: Team, people: PeopleCost) -> Iterator[tuple[str, float, str]]:
    for name, over in zip(MEASURES, people.over_min, strict=True):
        yield f"over_{name}", over, "min"
    yield "over_caps", float(people.people_over), "people"
    if team.facts.fairness:
        yield from _spreads(team, people)


def _spreads(team: Team, people: PeopleCost) -> Iterator[tuple[str, float, str]]:
    """
    How evenly each burden lies on those who can be given it, what was carried in counted.

    The Gini coefficient is of burdens per hour of exposure, so that half a
    contract with half the nights is even.
    """
    exposure = team.facts.book.exposure
    for b, name in enumerate(BURDENS):
        who = people.can[:, b] & (exposure > 0)
        if who.any():
            own = people.burdens[who, b]
            unit = "hours" if name.endswith("_hours") else "shifts"
            yield f"{name}_gini", gini(own / exposure[who]), "gini"
            yield f"{name}_min", float(own.min()), unit
            yield f"{name}_median", float(np.median(own)), unit
            yield f"{name}_max", float(own.max()), unit


def _horizon(team: Team) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The slots of the horizon, and their intervals."""
    grid = team.grid
    slots = np.arange(grid.lead, grid.lead + grid.horizon.slot_count)
    return slots, team.interval_of[slots]
