"""What planned weeks do to people, measured for the audit, and whether both ledgers agree.

R26: the ledger that the planner planned with is computed anew here from the
finished schedule, by the code of :mod:`wfplan.engagement`, at the occupancy that
the plan itself expects. Where a person's week, or the highest of one of her memories,
differs by more than one part in a hundred or five minutes, one of the two is wrong: a
fault of the program, told as a breach that no plan can hide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pandas as pd

from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import Audit, Breach, Load, Outcome, Solution, StaffNeed
from wfplan.engagement import ledger_measures, overload_ledger, planned_occupancy
from wfplan.engagement.hot import hottest_minutes, measure_name
from wfplan.rules.hot_work_max import hot_windows

AGREEMENT = "ledger_agreement"
"""What the comparison of both ledgers is called among the checks of an audit."""

OFF_SHARE, OFF_MIN = 0.01, 5.0
_NOTHING_MIN = 0.01
_NOTHING = Load(0.0, 0.0, 0.0)
_SAID = {
    "overload_min": "overload of the plan",
    "acute_min": "acute overload",
    "chronic_min": "chronic overload",
}

Measures = Mapping[str, Mapping[str, Mapping[date, float]]]


def exposure(
    problem: PlanningProblem, solution: Solution, outcome: Outcome | None, ledger: pd.DataFrame
) -> Measures:
    """Minutes that rules about load look at: those of the ledger, and of hot work where asked."""
    found = {who: dict(own) for who, own in ledger_measures(ledger).items()}
    packs = [rule for pack in problem.packs.values() for rule in pack.rules]
    windows = hot_windows((*packs, *problem.plan_rules))
    if outcome is None or not windows:
        return found
    channels = tuple(channel.name for channel in problem.channels)
    occupancy = outcome.by_interval("weighted_occupancy", channels)
    for window in sorted(windows):
        hottest = hottest_minutes(
            problem, outcome.horizon, solution.schedule, solution.channel_share, occupancy,
            window_min=window,
        )  # fmt: skip
        for who, of_dates in hottest.items():
            found.setdefault(who, {})[measure_name(window)] = of_dates
    return found


def ledger_off(problem: PlanningProblem, need: StaffNeed, solution: Solution) -> dict[str, Load]:
    """Minutes by which overload, acute and chronic memory of people differ in both ledgers."""
    planned = planned_occupancy(problem, need, solution.staff)
    ledger = overload_ledger(
        problem, need.horizon, solution.schedule, solution.channel_share, planned
    )
    found = ledger.groupby("agent_id").agg(
        overload_min=("overload_min", "sum"),
        acute_min=("acute_min", "max"),
        chronic_min=("chronic_min", "max"),
    )
    anew = {str(row[0]): Load(*row[1:]) for row in found.itertuples()}
    return {
        who: Load(*(abs(a - b) for a, b in zip(own, anew.get(who, _NOTHING), strict=True)))
        for who, own in solution.load.items()
    }


def with_agreement(
    audit: Audit, problem: PlanningProblem, need: StaffNeed | None, solution: Solution
) -> Audit:
    """The audit with the comparison of both ledgers; as it is where the planner's is not known."""
    if need is None or not solution.load:
        return audit
    weeks = need.horizon.days / 7
    off = ledger_off(problem, need, solution)
    found = tuple(
        Breach(
            rule=AGREEMENT,
            hardness="hard",
            agent_id=who,
            at=need.horizon.start,
            amount=minutes,
            unit="min",
            why=f"{AGREEMENT}: the {_SAID[name]} that the planner counts for agent {who} differs "
            f"by {minutes:.1f} minutes from that of the finished schedule. This is a fault of the "
            "program, not of the plan: please report it.",
        )
        for who, own in off.items()
        for name, minutes in own._asdict().items()
        if minutes > most_off(getattr(solution.load[who], name), name, weeks)
    )
    return replace(audit, checked=(*audit.checked, AGREEMENT), breaches=(*found, *audit.breaches))


def most_off(planned: float, name: str, weeks: float) -> float:
    """
    Minutes by which both ledgers may differ: one part in a hundred, and five a person and week.

    Memories are minutes a day. Less than a hundredth of a minute is nothing.
    """
    least = OFF_MIN * weeks if name == "overload_min" else OFF_MIN / 7
    return max(min(OFF_SHARE * planned, least), _NOTHING_MIN)
