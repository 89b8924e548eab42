"""Promises with memory: wishes granted and owed, and time that is never taken away twice.

SCIENCE 4.5: preference grants, development and time alone with a lead are goods
with floors. What published weeks granted and what they refused is remembered:

- *Wishes.* Of what the people of a contract type asked for over the weeks
  remembered, a share was granted. That share of her own wishes is what a person
  could fairly expect; what she got less is *owed* to her, faded as burdens are.
  The square of what is owed would be a plan's cost; its slope makes her wishes
  count more now: ``1 + wish_credit x owed``, at most ``WEIGHT_MOST`` times.
- *Protected time.* Development, and time alone with a lead, that was owed in a
  week and not given in full was cancelled. Whose was, in one of the three weeks
  before, has it as a hard rule now: no week cancels it twice in four.

Counts of planned weeks only: no reasons, nothing measured on a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from wfplan.domain.activities import DEVELOPMENT, ActivityRequest
from wfplan.domain.problem import PlanningProblem, RuleSetting
from wfplan.domain.promises import GRANTED, ONE_TO_ONE, WISHES, PastPromise, given_name, owed_name
from wfplan.engagement.fairness import faded

PROTECTED = (DEVELOPMENT, ONE_TO_ONE)
"""Codes of activities that are not cancelled twice in PROTECTED_WEEKS."""

PROTECTED_WEEKS = 4
WEIGHT_MOST = 3.0
_RULE = "development_min"
_HARD = "hard"
_LEAST_MIN = 1.0  # minutes: less than this was not taken away


@dataclass(frozen=True)
class WishBook:
    """Wishes of a person in published weeks, faded, and what of them is owed to her still."""

    asked: float = 0.0
    granted: float = 0.0
    fair: float = 0.0  # what her like would have been granted of what she asked

    @property
    def owed(self) -> float:
        """Wishes that she was granted less than her fair share; never below 0."""
        return max(self.fair - self.granted, 0.0)


def wish_books(problem: PlanningProblem, first_day: date) -> dict[str, WishBook]:
    """The wishes of everybody who stated any in the published weeks before a date."""
    weeks = problem.objective.fairness_weeks
    asked: dict[str, float] = {}
    granted: dict[str, float] = {}
    for past in problem.past_promises:
        age = (first_day - past.first_day).days
        if age > 0 and past.count(WISHES) > 0:
            left = faded(age, weeks)
            who = past.agent_id
            asked[who] = asked.get(who, 0.0) + left * past.count(WISHES)
            granted[who] = granted.get(who, 0.0) + left * past.count(GRANTED)
    types = {agent.agent_id: agent.contract_type for agent in problem.agents}
    here = [who for who in asked if who in types]
    books = {}
    for who in here:
        like = [one for one in here if types[one] == types[who]]
        like = like if len(like) > 1 else here  # nobody of her contract asks: all are her like
        share = sum(granted[one] for one in like) / sum(asked[one] for one in like)
        books[who] = WishBook(asked[who], granted[who], share * asked[who])
    return books


def credit_weights(problem: PlanningProblem, first_day: date) -> dict[str, float]:
    """How often the wishes of people count who are owed some; who is owed none is not in it."""
    if not problem.objective.wish_credit or not problem.past_promises:
        return {}
    books = wish_books(problem, first_day)
    return {who: credit_of(problem, book) for who, book in books.items() if book.owed > 0}


def credit_of(problem: PlanningProblem, book: WishBook) -> float:
    """How often a wish counts of somebody with such a book."""
    return min(1 + problem.objective.wish_credit * book.owed, WEIGHT_MOST)


def is_cancelled(past: PastPromise, code: str) -> bool:
    """Whether protected time of a code was owed in a week and not given in full."""
    return past.count(owed_name(code)) - past.count(given_name(code)) >= _LEAST_MIN


def cancelled_lately(problem: PlanningProblem, first_day: date, code: str) -> dict[str, date]:
    """People whose time of a code was cancelled in the weeks before that count, and when last."""
    since = first_day - timedelta(days=7 * (PROTECTED_WEEKS - 1))
    found: dict[str, date] = {}
    for past in problem.past_promises:
        if since <= past.first_day < first_day and is_cancelled(past, code):
            found[past.agent_id] = max(past.first_day, found.get(past.agent_id, past.first_day))
    return found


def protected(problem: PlanningProblem, first_day: date) -> PlanningProblem:
    """The problem in which time that was cancelled lately cannot be cancelled again."""
    rules = tuple(_hard_rules(problem, cancelled_lately(problem, first_day, DEVELOPMENT)))
    lately = {code: cancelled_lately(problem, first_day, code) for code in PROTECTED}
    activities = tuple(
        part for one in problem.activities for part in _hardened(one, lately.get(one.code, {}))
    )
    if not rules and activities == problem.activities:
        return problem
    return problem.model_copy(
        update={"plan_rules": (*problem.plan_rules, *rules), "activities": activities}
    )


def _hard_rules(problem: PlanningProblem, lately: Mapping[str, date]) -> Iterable[RuleSetting]:
    """What each soft rule of development asks, as a hard one of the people it was taken from."""
    packs = [problem.packs[name] for name in problem.site_packs if name in problem.packs]
    settings = [rule for pack in packs for rule in pack.rules] + [*problem.plan_rules]
    soft = [rule for rule in settings if rule.rule == _RULE and rule.hardness != _HARD]
    for agent in problem.agents:
        day = lately.get(agent.agent_id)
        for rule in soft if day else ():
            of_agent = {
                "site": agent.site,
                "team": agent.team,
                "contract": agent.contract_type,
                "agent": agent.agent_id,
            }
            has_skill = any(skill.skill == rule.scope_value for skill in agent.skills)
            if rule.scope == "all" or (
                has_skill if rule.scope == "skill" else of_agent.get(rule.scope) == rule.scope_value
            ):
                source = f"promise: it was cancelled in the week from {day}"
                yield rule.model_copy(
                    update={
                        "hardness": _HARD,
                        "scope": "agent",
                        "scope_value": agent.agent_id,
                        "source": source,
                    }
                )


def _hardened(one: ActivityRequest, lately: Mapping[str, date]) -> tuple[ActivityRequest, ...]:
    """A soft activity, hard where it was cancelled lately for one of its people."""
    if one.hardness == _HARD or not any(who in lately for who in one.agent_ids):
        return (one,)
    return (one.model_copy(update={"hardness": _HARD}),)
