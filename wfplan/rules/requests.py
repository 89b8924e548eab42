"""What is to be placed inside the shifts of a horizon: what was asked for, and what rules ask for.

An activity is planned in each horizon that its window reaches into. Where the window
goes on after the horizon, it is only wished for in it: it can still be given later.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from wfplan.rules.base import HARD, SOFT, Rule
from wfplan.rules.person import Person
from wfplan.rules.registry import RULES, rules_of

if TYPE_CHECKING:
    from wfplan.domain.activities import ActivityRequest
    from wfplan.domain.problem import PlanningProblem, RuleSetting
    from wfplan.horizon import Horizon


def requests_of(problem: PlanningProblem, horizon: Horizon) -> tuple[ActivityRequest, ...]:
    """
    The activities of a horizon: those of the problem, then those that rules ask for, by person.

    Raises
    ------
    InputError
        As :func:`wfplan.rules.rules_of`.
    """
    asked = tuple(own for one in problem.activities if (own := _inside(one, horizon)) is not None)
    if not any(_asks(setting.rule) for setting in _settings(problem)):
        return asked
    found = list(asked)
    for agent in problem.agents:
        person = Person.of(problem, agent, horizon)
        rules = rules_of(problem, agent, horizon.dates)
        for rule in sorted(rules, key=lambda one: one.hardness != HARD):
            found += rule.requests(person, horizon, found)
    return tuple(found)


def _inside(one: ActivityRequest, horizon: Horizon) -> ActivityRequest | None:
    """The activity as far as it can be given in a horizon; None where it cannot."""
    begin, end = max(one.earliest, horizon.start), min(one.latest, horizon.end)
    if end - begin < timedelta(minutes=one.minutes):
        return None
    if (begin, end) == (one.earliest, one.latest):
        return one
    hardness = SOFT if one.latest > horizon.end else one.hardness
    return one.model_copy(update={"earliest": begin, "latest": end, "hardness": hardness})


def _settings(problem: PlanningProblem) -> list[RuleSetting]:
    """All values that the plan and its packs, those of single people too, set."""
    return [*problem.plan_rules, *(one for pack in problem.packs.values() for one in pack.rules)]


def _asks(name: str) -> bool:
    """Whether a rule of that name wants activities placed."""
    return name in RULES and RULES[name].requests is not Rule.requests
