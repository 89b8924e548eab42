"""
The chance that somebody does not come, by the load she is planned to carry.

Zero is the rule: only effects that a named calibration found in the user's own data act, alike
for everybody, through nothing but planned load. The plan's ``absence_share`` holds at the load
that was usual in those data; odds move from there by ``exp(sum of beta (x - mean))``, to twice or
half of them at most, because nobody has measured what lies beyond.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from math import exp, log
from zoneinfo import ZoneInfo

from wfplan.domain.load_effects import LoadEffects
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.schedule import Schedule
from wfplan.engagement.calibration_days import QUICK_RETURN_MIN
from wfplan.engagement.ledger import FloatArray, carried_in, overload_ledger
from wfplan.horizon import Horizon

ODDS_MOST = 2.0
"""Odds of an absence become at most so many times those of the plan, and no fewer than 1 / so."""
UNIT_MIN = 30.0

Shares = dict[tuple[str, date], float]


def absence_shares(
    problem: PlanningProblem,
    horizon: Horizon,
    schedule: Schedule,
    channel_share: Mapping[str, FloatArray],
    occupancy: FloatArray,
) -> Shares:
    """
    The chance of not coming, by agent and date of the shift; empty where no effect is in use.

    Parameters
    ----------
    channel_share, occupancy
        As :func:`wfplan.engagement.overload_ledger` takes them. People of whom nothing is known
        bring the load that was usual in the calibration.
    """
    effects = problem.load_effects
    if effects is None or not effects.used:
        return {}
    usual = effects.mean_acute_min or 0.0, effects.mean_chronic_min or 0.0
    carried = {agent.agent_id: usual for agent in problem.agents} | carried_in(problem, horizon)
    ledger = overload_ledger(problem, horizon, schedule, channel_share, occupancy, carried=carried)
    columns = ledger[["agent_id", "date", "acute_min", "chronic_min"]]
    of_evening = {(one, day): (a, c) for one, day, a, c in columns.itertuples(index=False)}
    eve = horizon.first_day - timedelta(days=1)
    of_evening |= {(agent_id, eve): memory for agent_id, memory in carried.items()}
    quick = _quick_returns(problem, schedule)
    return {
        key: _share(problem.shrinkage.absence_share, _log_odds(effects, evening, key in quick))
        for key in {(shift.agent_id, shift.shift_date) for shift in schedule.shifts}
        if (evening := of_evening.get((key[0], key[1] - timedelta(days=1)))) is not None
    }


def _log_odds(effects: LoadEffects, evening: tuple[float, float], is_quick: bool) -> float:
    """How far the log odds of a day are from those of the usual load."""
    acute, chronic = evening
    away = {
        "acute": (acute - (effects.mean_acute_min or 0.0)) / UNIT_MIN,
        "chronic": (chronic - (effects.mean_chronic_min or 0.0)) / UNIT_MIN,
        "quick_return": is_quick - (effects.quick_return_share or 0.0),
    }
    return sum(log(one.odds_ratio or 1.0) * away[one.name] for one in effects.used)


def _share(usual: float, log_odds: float) -> float:
    """The usual share with its odds moved, within bounds."""
    most = log(ODDS_MOST)
    factor = exp(min(max(log_odds, -most), most))
    return usual * factor / (1 - usual + usual * factor)


def _quick_returns(problem: PlanningProblem, schedule: Schedule) -> set[tuple[str, date]]:
    """Agents and dates whose first shift begins too soon after the work of an earlier date."""
    zones = {agent.agent_id: ZoneInfo(agent.timezone) for agent in problem.agents}
    past = (one for one in problem.past_shifts if one.agent_id in zones)
    days = [
        (one.agent_id, one.start, one.end, one.start.astimezone(zones[one.agent_id]).date())
        for one in past
    ] + [(one.agent_id, one.start, one.end, one.shift_date) for one in schedule.shifts]
    found = set()
    for before, after in pairwise(sorted(days)):
        is_next = before[0] == after[0] and before[3] < after[3]
        if is_next and (after[1] - before[2]) / timedelta(minutes=1) < QUICK_RETURN_MIN:
            found.add((after[0], after[3]))
    return found
