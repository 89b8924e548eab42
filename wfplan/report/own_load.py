"""What a person's own page says of her load across weeks: ledger, burdens, wishes; and teams'.

Of published weeks the ledger's ends are told week by week; burdens beside her
fair share; wishes granted now and owed from before. Teams are shown as groups,
those of fewer than TEAM_LEAST people not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from wfplan.domain.promises import GRANTED, WISHES
from wfplan.domain.results import Run
from wfplan.engagement import BURDENS, gini
from wfplan.evaluation import PeopleFacts, WeekOfPromises
from wfplan.report.numbers import decimal, signed, whole

TEAM_LEAST = 5
WEEKS_SHOWN = 6
SAID = {
    "nights": "nights",
    "weekends": "weekend shifts",
    "lates": "lates",
    "hard_hours": "hours on hard queues",
    "rescue_hours": "hours of rescue work",
}


@dataclass(frozen=True)
class TeamLoad:
    """A team of five or more: overload of the week, a person, and how evenly it lies."""

    team: str
    people: int
    mean_min: float
    least_min: float
    most_min: float
    gini: float
    breaches: int  # of rules, hard or soft, by its people


def own_lines(run: Run, facts: PeopleFacts) -> Mapping[str, tuple[str, ...]]:
    """Sentences for everybody's page, by id."""
    promises = WeekOfPromises(run)
    return {
        agent.agent_id: tuple(
            text
            for text in (
                _wishes(promises, agent.agent_id),
                _burdens(facts, i),
                _weeks(run, agent.agent_id),
            )
            if text
        )
        for i, agent in enumerate(facts.agents)
    }


def team_loads(run: Run) -> tuple[tuple[TeamLoad, ...], int]:
    """The teams that are shown, by name, and how many are too small to be."""
    minutes = PeopleFacts(run).ledger("overload_min", "sum")
    teams: dict[str, list[str]] = {}
    for agent in run.problem.agents:
        if agent.team:
            teams.setdefault(agent.team, []).append(agent.agent_id)
    shown = [_team(run, team, who, minutes) for team, who in sorted(teams.items())
             if len(who) >= TEAM_LEAST]  # fmt: skip
    return tuple(shown), len(teams) - len(shown)


def _team(run: Run, team: str, who: list[str], minutes: Mapping[str, float]) -> TeamLoad:
    own = np.array([minutes.get(one, 0.0) for one in who])
    found = sum(breach.agent_id in who for breach in run.audit.breaches)
    return TeamLoad(
        team, len(who), float(own.mean()), float(own.min()), float(own.max()), gini(own), found
    )


def _wishes(promises: WeekOfPromises, who: str) -> str:
    """``Wishes: owed 2.1 from published weeks, granted 2 of 3 in this week.``"""
    counts, book = promises.counts[who], promises.before.get(who)
    if book is None:
        return ""
    now = f"granted {counts[GRANTED]:.0f} of {counts[WISHES]:.0f} in this week"
    return f"Wishes: owed {decimal(book.owed)} from published weeks, {now}."


def _burdens(facts: PeopleFacts, i: int) -> str:
    """What she carries beyond her fair share, of what she could be given."""
    parts = [
        f"{SAID[name]} {signed(float(facts.beyond[i, b]))}"
        for b, name in enumerate(BURDENS)
        if facts.beyond[i, b] == facts.beyond[i, b] and abs(facts.beyond[i, b]) >= 0.05
    ]
    if not parts:
        return ""
    return f"Against her fair share, past weeks remembered: {', '.join(parts)}."


def _weeks(run: Run, who: str) -> str:
    """The ledger at its highest in each of the published weeks before, the latest first."""
    found = [
        f"week from {first:%d %b} acute {whole(acute)}, chronic {whole(chronic)}"
        for first, acute, chronic in _peaks(run, who)
    ]
    if not found:
        return ""
    return f"Overload before, at most, in minutes a day: {'; '.join(found)}."


def _peaks(run: Run, who: str) -> Iterator[tuple[date, float, float]]:
    """First day, acute and chronic peak of weeks of the ledger before the horizon."""
    loads = run.problem.past_loads_of.get(who, [])
    for back in range(1, WEEKS_SHOWN + 1):
        first = run.horizon.first_day - timedelta(days=7 * back)
        of_week = [load for load in loads if first <= load.day < first + timedelta(days=7)]
        if of_week:
            acute, chronic = (
                (load.acute_min for load in of_week),
                (load.chronic_min for load in of_week),
            )
            yield first, max(acute), max(chronic)
