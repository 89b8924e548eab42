"""What a change of what people were told costs the plan: less with notice, nothing with consent."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.published import Change


def change_price(
    problem: PlanningProblem, agent: Agent, day: date, change: Change = Change.MOVED
) -> float:
    """
    Harm points of a change of what an agent was told of a date.

    A date counts once, whatever changes of it; breaks that move alone are a share of it,
    where a plan is kept. It falls with the days of notice to nothing or, where a plan is
    kept, to a least share, so that nobody is moved for a trifle.
    """
    published, goals = problem.published, problem.objective
    if published is None or change is Change.NONE or day in published.consents_of(agent):
        return 0.0
    if change is Change.PAUSES and not published.is_kept:
        return 0.0
    notice = published.notice_days(day, ZoneInfo(agent.timezone))
    left = 1 - min(notice, goals.change_notice_days) / goals.change_notice_days
    least = goals.change_least_share if published.is_kept else 0.0
    share = goals.change_breaks_share if change is Change.PAUSES else 1.0
    return goals.change_per_day * max(left, least) * share
