"""What is to be placed inside the shifts of a horizon: what was asked for, and what rules ask for.

An activity is planned in each horizon that its window reaches into. Where the window
goes on after the horizon, it is only wished for in it: it can still be given later.
Who is away for all of it does not take part; without a facilitator it falls away.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from wfplan.rules.attendance import is_away
from wfplan.rules.base import HARD, SOFT, Rule
from wfplan.rules.person import Person
from wfplan.rules.registry import RULES, rules_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wfplan.domain.activities import ActivityRequest
    from wfplan.domain.people import Agent
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
    asked = asked_for(problem, horizon)
    if not any(_asks(setting.rule) for setting in _settings(problem)):
        return asked
    found = list(asked)
    asked_of: dict[str, list[ActivityRequest]] = {}
    for one in asked:
        for agent_id in one.agent_ids:
            asked_of.setdefault(agent_id, []).append(one)
    for agent in problem.agents:
        person = Person.of(problem, agent, horizon)
        rules = rules_of(problem, agent, horizon.dates)
        own = asked_of.get(agent.agent_id, [])
        for rule in sorted(rules, key=lambda one: (one.hardness != HARD, one.asks_last)):
            more = rule.requests(person, horizon, own)
            own = [*own, *more]
            found += more
    return tuple(found)


def asked_for(problem: PlanningProblem, horizon: Horizon) -> tuple[ActivityRequest, ...]:
    """The activities of the problem, as far as they can be given in a horizon."""
    team = {agent.agent_id: agent for agent in problem.agents}
    cut = filter(None, (_inside(one, horizon) for one in problem.activities))
    return tuple(filter(None, (_of_those_there(one, team, horizon.timezone) for one in cut)))


def _inside(one: ActivityRequest, horizon: Horizon) -> ActivityRequest | None:
    """The activity as far as it can be given in a horizon; None where it cannot."""
    begin, end = max(one.earliest, horizon.start), min(one.latest, horizon.end)
    if end - begin < timedelta(minutes=one.minutes):
        return None
    if (begin, end) == (one.earliest, one.latest):
        return one
    hardness = SOFT if one.latest > horizon.end else one.hardness
    return one.model_copy(update={"earliest": begin, "latest": end, "hardness": hardness})


def _of_those_there(
    one: ActivityRequest, team: Mapping[str, Agent], timezone: str
) -> ActivityRequest | None:
    """The activity without the people who are away; None where nobody is left, or to lead it."""

    def there(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(n for n in names if n in team and not is_away(team[n], one, timezone))

    people, leading = there(one.agent_ids), there(one.facilitators)
    if not people or (one.facilitators and not leading):
        return None
    return one.model_copy(update={"agent_ids": people, "facilitators": leading})


def _settings(problem: PlanningProblem) -> list[RuleSetting]:
    """All values that the plan and its packs, those of single people too, set."""
    return [*problem.plan_rules, *(one for pack in problem.packs.values() for one in pack.rules)]


def _asks(name: str) -> bool:
    """Whether a rule of that name wants activities placed."""
    return name in RULES and RULES[name].requests is not Rule.requests
